/// A sentence that may state something, read from each place where a first person begins a clause.
struct StatementClause {
    let bytes: UnsafeBufferPointer<UInt8>
    let tokens: [Token]
    let sentence: Range<Int>

    struct Match {
        var kind: Statement.Kind
        /// The token where the object begins.
        var object: Int
        var strength = 0.7
    }

    func hash(_ index: Int) -> UInt64 { sentence.contains(index) ? tokens[index].hash : 0 }
    func isIn(_ words: Set<UInt64>, _ index: Int) -> Bool { words.contains(hash(index)) }
    func isWord(_ index: Int, _ word: UInt64) -> Bool { hash(index) == word }
    func contains(_ words: Set<UInt64>, in range: Range<Int>? = nil) -> Bool {
        (range ?? sentence).contains { words.contains(tokens[$0].hash) }
    }
    /// Whether these words stand one after the other from `index`.
    func reads(_ phrase: [UInt64], at index: Int) -> Bool {
        phrase.indices.allSatisfy { hash(index + $0) == phrase[$0] }
    }

    /// Whether nothing in this sentence is the writer's own word about the present.
    var isExcluded: Bool {
        if tokens[sentence.upperBound - 1].isMark("?") || sentence.contains(where: { tokens[$0].isMark("?") }) { return true }
        if sentence.contains(where: { tokens[$0].shape.contains(.quote) && !tokens[$0].isMark("'") }), isQuoted { return true }
        if endsWithSpeaker { return true }
        return Words.past.contains { phrase in sentence.contains { reads(phrase, at: $0) } }
    }

    /// Whether every first person stands inside quotation marks.
    var isQuoted: Bool {
        var open = false
        for index in sentence {
            if tokens[index].shape.contains(.quote) { open.toggle() }
            if !open, Words.firstPerson.contains(tokens[index].hash) { return false }
        }
        return true
    }

    /// ", she cried" and ", said Maria" at the end: somebody else's words.
    var endsWithSpeaker: Bool {
        var end = sentence.upperBound
        while end > sentence.lowerBound, !tokens[end - 1].isWord { end -= 1 }
        guard end - 3 > sentence.lowerBound, tokens[end - 3].isMark(",") || tokens[end - 3].shape.contains(.quote) else {
            return false
        }
        let (first, second) = (tokens[end - 2], tokens[end - 1])
        return first.classes.contains(.speech) && second.isCapital
            || Words.reporting.contains(first.hash) && !second.isCapital
                && first.classes.contains(.function)
    }

    func match() -> Match? {
        if let match = matchImpersonal() { return match }
        for index in sentence where isIn(Words.subjects, index) && beginsClause(index) {
            if let match = matchSubject(index) { return match }
        }
        for index in sentence where isIn(Words.possessives, index) && isIn(Words.is, index - 1) && !contains(Words.reporting) {
            // Green is my favourite colour; Helix is our editor of choice.
            if isIn(Words.favorites, index + 1)
                || (index..<min(index + 4, sentence.upperBound)).contains(where: { reads(Words.favoriteOf, at: $0) })
            {
                return Match(kind: .preference, object: sentence.lowerBound, strength: 0.9)
            }
        }
        for index in sentence where isIn(Words.possessives, index) && beginsClause(index) {
            if let match = matchPossessive(index) { return match }
        }
        return nil
    }

    /// Whether a clause of the writer's own begins with the word at `index`.
    func beginsClause(_ index: Int) -> Bool {
        guard index > sentence.lowerBound else { return true }
        let before = sentence.lowerBound..<index
        if contains(Words.reporting, in: before) { return false }
        let previous = tokens[index - 1]
        if previous.isWord {
            if isIn(Words.conjunctions, index - 1) { return !contains(Words.conditions, in: before) }
            if isIn(Words.prepositions, sentence.lowerBound), index - sentence.lowerBound < 6 { return true }
            return isIn(Words.openers, index - 1) && index - sentence.lowerBound < 5
        }
        // After a comma: "When hiring, I look for"; a condition of the other's is none: "If you prefer, we can".
        guard let first = before.first else { return true }
        return !(Words.conditions.contains(tokens[first].hash) && contains(Words.others, in: before))
    }

    // MARK: Nothing beats …, … works best for me

    func matchImpersonal() -> Match? {
        if reads(Words.nothingBeats, at: sentence.lowerBound) { return Match(kind: .preference, object: sentence.lowerBound + 2) }
        for index in sentence {
            if isIn(Words.toMe, index), isWord(index + 1, Words.me) {
                let before = sentence.lowerBound..<index
                if contains(Words.best, in: before), contains(Words.works, in: before) {
                    return Match(kind: .preference, object: sentence.lowerBound)
                }
                if contains(Words.important, in: before),
                    contains(Words.is, in: index..<sentence.upperBound) || contains(Words.is, in: before)
                {
                    return Match(kind: .preference, object: objectAfterIs(from: index) ?? sentence.lowerBound)
                }
                if index == sentence.lowerBound, contains(Words.evaluative) { return Match(kind: .preference, object: index + 2) }
            }
            // In my view, in my opinion.
            if isWord(index, Words.my), isIn(Words.views, index + 1), contains(Words.evaluative) {
                return Match(kind: .preference, object: min(index + 3, sentence.upperBound - 1))
            }
        }
        if reads(Words.pleaseNever, at: sentence.lowerBound) { return Match(kind: .avoidance, object: sentence.lowerBound + 2) }
        if contains(Words.evaluative), sentence.contains(where: { reads(Words.ifYouAskMe, at: $0) }) {
            return Match(kind: .preference, object: sentence.lowerBound)
        }
        if isIn(Words.what, sentence.lowerBound) || contains(Words.thing, in: sentence.prefix(6)),
            isIn(Words.subjects, sentence.lowerBound + 1), isIn(Words.valuing, sentence.lowerBound + 2),
            let object = objectAfterIs(from: sentence.lowerBound)
        {
            return Match(kind: .preference, object: object, strength: 0.8)
        }
        if let decision = sentence.prefix(4).first(where: { isIn(Words.decision, $0) }),
            isWord(decision + 1, Words.isWord) || tokens[min(decision + 1, sentence.upperBound - 1)].isMark(":"),
            isIn(Words.possessives, decision - 1) || isWord(decision - 1, NameRun.the)
        {
            return Match(kind: .decision, object: decision + 2, strength: 0.9)
        }
        if reads(Words.fromNowOn, at: sentence.lowerBound) || reads(Words.goingForward, at: sentence.lowerBound) {
            return Match(kind: .decision, object: sentence.lowerBound + 3, strength: 0.9)
        }
        return nil
    }

    func objectAfterIs(from index: Int) -> Int? {
        (index..<sentence.upperBound).last { Words.is.contains(tokens[$0].hash) }.map { min($0 + 1, sentence.upperBound - 1) }
    }
}
