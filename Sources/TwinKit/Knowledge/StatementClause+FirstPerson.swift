/// What follows a first person: "I …", "we …", "my …", "our …".
extension StatementClause {
    // MARK: I …, we …

    func matchSubject(_ subject: Int) -> Match? {
        var index = subject + 1
        var isConditional = Words.wouldSubjects.contains(hash(subject))
        var isPerfect = Words.haveSubjects.contains(hash(subject))
        var isBe = Words.beSubjects.contains(hash(subject))
        var isFuture = Words.willSubjects.contains(hash(subject))
        var isHabit = false
        var isNegative = false
        var emphasis = 0.0
        scan: while sentence.contains(index) {
            let word = hash(index)
            if Words.habits.contains(word) {
                isHabit = true
            } else if Words.never.contains(word) {
                isHabit = true
                isNegative = true
            } else if Words.emphasis.contains(word) {
                emphasis = 0.2
            } else if Words.would.contains(word) {
                isConditional = true
            } else if Words.will.contains(word) {
                isFuture = true
            } else if Words.dont.contains(word) {
                return matchNegated(index + 1)
            } else if Words.wont.contains(word) {
                return matchRefusal(index + 1)
            } else if Words.wouldnt.contains(word) {
                return isIn(Words.uncommitted, index + 1) ? nil : Match(kind: .avoidance, object: index + 1, strength: 0.8)
            } else if Words.cant.contains(word) {
                return matchIntolerance(index + 1)
            } else if word == Words.do_, isWord(index + 1, Words.not) {
                return matchNegated(index + 2)
            } else if word == Words.do_ || Words.auxiliaries.contains(word) {
                if Words.have.contains(word),
                    isIn(Words.articles, index + 1) || isWord(index + 1, Words.no) || isWord(index + 1, Words.zero)
                {
                    break scan
                }
                if Words.have.contains(word) { isPerfect = true }
                if Words.be.contains(word) { isBe = true }
            } else if word == Words.not {
                isNegative = true
            } else if Words.adverbs.contains(word) {
            } else {
                break scan
            }
            index += 1
        }
        guard sentence.contains(index) else { return nil }
        if isBe, let match = matchBeing(index, isNegative: isNegative) { return match }
        if isBe {
            if isNegative, isWord(index, Words.going), isWord(index + 1, NameRun.to) {
                return Match(kind: .avoidance, object: index + 2)
            }
            return isWord(index, Words.going) && isWord(index + 1, Words.with) && !isIn(Words.pronouns, index + 2)
                ? Match(kind: .decision, object: index + 2, strength: 0.9) : nil
        }
        let verb = hash(index)
        if isConditional, Words.rather.contains(verb) { return Match(kind: .preference, object: index + 1, strength: 0.8) }
        if let match = matchDecision(index, isNegative: isNegative, isFuture: isFuture) { return match }
        if isPerfect {
            guard Words.liked.contains(verb), contains(Words.perfectHabits, in: subject..<index) else { return nil }
            return Match(kind: Words.hated.contains(verb) || isNegative ? .avoidance : .preference, object: index + 1)
        }
        if Words.bestDoing.contains(verb), isIn(Words.best, index + 1) { return Match(kind: .preference, object: index + 1) }
        if isWord(index + 1, Words.my), isIn(Words.best, index + 2) { return Match(kind: .preference, object: index + 1) }
        if let match = matchVerb(index, isConditional: isConditional, isNegative: isNegative) {
            return Match(kind: match.kind, object: match.object, strength: min(1, match.strength + emphasis))
        }
        if isHabit || isConditional && isNegative || isIn(Words.only, index + 1), isHabitualVerb(index) {
            return Match(kind: isNegative ? .avoidance : .preference, object: index)
        }
        if isGivenTheChoice(before: subject) { return Match(kind: .preference, object: index) }
        return nil
    }

    func isGivenTheChoice(before subject: Int) -> Bool {
        contains(Words.choice, in: sentence.lowerBound..<subject) && contains(Words.given, in: sentence.lowerBound..<subject)
    }

    /// "don't" and its verb: habits and tastes; not what somebody does not know, have or see.
    func matchNegated(_ start: Int) -> Match? {
        var index = start
        while isIn(Words.adverbs, index) || isIn(Words.habits, index) || isIn(Words.emphasis, index) { index += 1 }
        guard sentence.contains(index), tokens[index].isWord, !isIn(Words.moments, index + 1),
            !isIn(Words.moments, sentence.upperBound - 2), !isIn(Words.moments, sentence.upperBound - 1)
        else { return nil }
        let verb = hash(index)
        if verb == Words.believe || verb == Words.care {
            return isIn(Words.inFor, index + 1) ? Match(kind: .avoidance, object: index + 2) : nil
        }
        if verb == Words.want {
            return isIn(Words.moments, sentence.upperBound - 2) ? nil : Match(kind: .avoidance, object: index + 1)
        }
        if Words.unknowing.contains(verb) { return nil }
        if Words.liking.contains(verb) { return Match(kind: .avoidance, object: index + 1, strength: 0.8) }
        return Match(kind: .avoidance, object: index)
    }

    func matchRefusal(_ index: Int) -> Match? {
        guard sentence.contains(index), !isIn(Words.uncommitted, index), !contains(Words.moments) else { return nil }
        return Match(kind: .avoidance, object: index, strength: 0.9)
    }

    func matchIntolerance(_ index: Int) -> Match? {
        guard isIn(Words.standing, index) else { return nil }
        if isIn(Words.standingParticles, index + 1) { return nil }
        return Match(kind: .avoidance, object: index + 1, strength: 0.9)
    }

    /// "am a fan of", "'m not keen on", "are against", "am a vegetarian".
    func matchBeing(_ start: Int, isNegative: Bool) -> Match? {
        var index = start
        var isNegative = isNegative
        if isWord(index, Words.not) {
            isNegative = true
            index += 1
        }
        while isIn(Words.degrees, index) || isIn(Words.emphasis, index) || isIn(Words.adverbs, index) { index += 1 }
        let positive: Statement.Kind = isNegative ? .avoidance : .preference
        let negative: Statement.Kind = isNegative ? .preference : .avoidance
        for (phrase, isAversion) in Words.attitudes where reads(phrase, at: index) {
            return Match(kind: isAversion ? negative : positive, object: index + phrase.count, strength: 0.8)
        }
        if isIn(Words.articles, index) || isWord(index, Words.more) {
            // "a morning person", "a vegetarian".
            if isIn(Words.diets, index + 1) || isIn(Words.persons, index + 2) || isIn(Words.persons, index + 3) {
                return Match(kind: .preference, object: index + 1)
            }
            var after = index + 1
            while isIn(Words.degrees, after) { after += 1 }
            if isIn(Words.fans, after), isIn(Words.ofIn, after + 1) {
                return Match(kind: positive, object: after + 2, strength: 0.8)
            }
        }
        if isIn(Words.diets, index) { return Match(kind: .preference, object: index) }
        return nil
    }

    func matchDecision(_ index: Int, isNegative: Bool, isFuture: Bool) -> Match? {
        let verb = hash(index)
        if !isNegative {
            if Words.deciding.contains(verb), !contains(Words.undecided) {
                return isIn(Words.decisionParticles, index + 1) && !isIn(Words.meetings, index + 2)
                    ? Match(kind: .decision, object: index + 2, strength: 0.9) : nil
            }
            if Words.choosing.contains(verb), !isWord(index + 1, NameRun.to), !isWord(index + 1, Words.up), !contains(Words.wrong)
            {
                return Match(kind: .decision, object: index + 1, strength: 0.8)
            }
        }
        if isFuture, Words.adopting.contains(verb) {
            return Match(kind: isNegative ? .avoidance : .decision, object: index, strength: 0.8)
        }
        return nil
    }

    /// A verb of liking or disliking in the present.
    func matchVerb(_ index: Int, isConditional: Bool, isNegative: Bool) -> Match? {
        let verb = hash(index)
        let next = hash(index + 1)
        let positive: Statement.Kind = isNegative ? .avoidance : .preference
        if Words.preferring.contains(verb) {
            return next == Words.not && isConditional ? nil : Match(kind: positive, object: index + 1, strength: 0.8)
        }
        if Words.liking.contains(verb) {
            if isConditional, verb != Words.love || !(reads(Words.toSee, at: index + 1)) { return nil }
            if Words.addressed.contains(next) || contains(Words.addressees, in: index..<sentence.upperBound) { return nil }
            if next == NameRun.to, !isConditional, isIn(Words.politeness, index + 2) { return nil }
            return Match(kind: positive, object: index + 1)
        }
        if Words.disliking.contains(verb) {
            guard !isConditional, next != NameRun.to, !Words.addressed.contains(next) else { return nil }
            return Match(kind: .avoidance, object: index + 1, strength: 0.8)
        }
        if Words.avoiding.contains(verb), !isConditional { return Match(kind: .avoidance, object: index + 1) }
        if verb == Words.refuse, next == NameRun.to { return Match(kind: .avoidance, object: index + 2, strength: 0.9) }
        if Words.selecting.contains(verb), next != NameRun.to { return Match(kind: positive, object: index + 1) }
        for (phrase, isAversion) in Words.verbPhrases where reads(phrase, at: index) {
            let after = index + phrase.count
            if Words.addressed.contains(hash(after)) || isIn(Words.outings, after + 1)
                || isIn(Words.moments, sentence.upperBound - 2)
            {
                return nil
            }
            return Match(kind: isAversion ? .avoidance : positive, object: index + phrase.count)
        }
        if Words.judging.contains(verb) {
            let rest = index..<sentence.upperBound
            guard contains(Words.evaluative, in: rest) || endsWithJudgement, next != Words.you,
                !contains(Words.moments, in: rest),
                !Words.best.contains(next), !Words.best.contains(hash(index + 2))
            else { return nil }
            return Match(kind: .preference, object: index + 1)
        }
        if verb == Words.want, next == NameRun.to, isIn(Words.keeping, index + 2) {
            return Match(kind: .preference, object: index + 2)
        }
        if verb == Words.want {
            return Words.wanted.contains(next) && !contains(Words.backs) ? Match(kind: .preference, object: index + 1) : nil
        }
        if verb == Words.need {
            return reads(Words.atLeast, at: index + 1) || next == Words.every ? Match(kind: .preference, object: index + 1) : nil
        }
        if Words.have.contains(verb) {
            var after = index + 1
            while isIn(Words.articles, after) || isIn(Words.degrees, after) || isIn(Words.emphasis, after) { after += 1 }
            if isIn(Words.preferenceNouns, after) { return Match(kind: .preference, object: after + 2, strength: 0.8) }
            if reads(Words.softSpot, at: after) { return Match(kind: .preference, object: after + 3) }
            if next == Words.no || next == Words.zero || next == Words.little, isIn(Words.interest, index + 2) {
                return Match(kind: .avoidance, object: index + 4)
            }
        }
        return nil
    }

    /// "… is wrong."
    var endsWithJudgement: Bool {
        isIn(Words.wrong, sentence.upperBound - 2) && isIn(Words.is, sentence.upperBound - 3)
    }

    /// Whether the verb says what somebody does in general: present, and no state of mind.
    func isHabitualVerb(_ index: Int) -> Bool {
        guard sentence.contains(index), tokens[index].isWord, !tokens[index].isCapital else { return false }
        if isIn(Words.unknowing, index) || isIn(Words.pastVerbs, index) || isIn(Words.states, index) { return false }
        if isIn(Words.moments, sentence.upperBound - 2) || contains(Words.pastTimes) { return false }
        return !isPastForm(index)
    }

    /// Whether a verb has the regular form of the past: "arrived".
    func isPastForm(_ index: Int) -> Bool {
        let range = tokens[index].range
        return range.count > 4 && bytes[range.upperBound - 1] == 0x64 && bytes[range.upperBound - 2] == 0x65
            && bytes[range.upperBound - 3] != 0x65
    }

    // MARK: My …, our …

    func matchPossessive(_ index: Int) -> Match? {
        let noun = index + 1
        if isIn(Words.favorites, noun) {
            guard let object = firstIs(after: noun) else { return nil }
            return Match(kind: .preference, object: object, strength: 0.9)
        }
        var head = noun
        while isIn(Words.degrees, head) || isIn(Words.emphasis, head) || isIn(Words.generalAdjectives, head) { head += 1 }
        if isIn(Words.preferenceNouns, head) || isIn(Words.ruleNouns, head) {
            guard sentence.contains(head + 1) else { return nil }
            let next = tokens[head + 1]
            guard
                isIn(Words.is, head + 1) || isIn(Words.wouldBe, head + 1) || isIn(Words.nounParticles, head + 1)
                    || next.isMark(":")
            else { return nil }
            guard let object = firstIs(after: head) ?? (isIn(Words.wouldBe, head + 1) ? head + 2 : nil) else { return nil }
            return Match(kind: .preference, object: min(object, sentence.upperBound - 1), strength: 0.8)
        }
        if isIn(Words.limits, noun), let object = firstIs(after: noun) { return Match(kind: .preference, object: object) }
        return nil
    }

    func firstIs(after index: Int) -> Int? {
        guard
            let found = (index..<min(index + 8, sentence.upperBound)).first(where: {
                Words.is.contains(tokens[$0].hash) || tokens[$0].isMark(":")
            })
        else {
            return nil
        }
        return min(found + 1, sentence.upperBound - 1)
    }
}
