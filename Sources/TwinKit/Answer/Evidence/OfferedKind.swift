import TwinSearch

extension AskedKind {
    /// Whether a sentence has such a thing besides the question's own words.
    func isOffered(by unit: AnalyzedPassage.Unit, ownNumbers: Set<TermIdentity> = []) -> Bool {
        let words = unit.words
        func isNumber(_ place: Int) -> Bool {
            let word = words[place]
            guard !word.isInQuestion else { return false }
            // The number of a list's item is none of its own.
            if place == 0, word.classes.contains(.digits), words.count > 1 { return false }
            return word.classes.contains(.number) || ownNumbers.contains(word.identity)
                || Self.amounts.contains(word.identity)
        }
        switch thing {
        case .number: return words.indices.contains { isNumber($0) && !Self.ordinals.contains(words[$0].identity) }
        case .date:
            return words.indices.contains { place in
                isNumber(place) || !words[place].isInQuestion && words[place].classes.contains(.date)
            }
        case .pastDate:
            // Six weeks are no date, unless they are ago; ten is none, unless it is ten in the morning.
            return words.indices.contains { place in
                guard !words[place].isInQuestion else { return false }
                if !words[place].classes.isDisjoint(with: [.date, .earlyYear]) { return true }
                return isNumber(place) && words[place...].dropFirst().prefix(2).contains { Self.moments.contains($0.identity) }
            }
        case .duration:
            if words.contains(where: { Self.endless.contains($0.identity) }) { return true }
            // "Until June", not "in June".
            return isTime(words, isNumber)
                || words.indices.contains { place in
                    !words[place].isInQuestion && words[place].classes.contains(.date)
                        && words[max(0, place - Self.beforeEnd)..<place].contains { Self.spans.contains($0.identity) }
                }
        case .age:
            return isTime(words, isNumber)
                || words.indices.contains { place in
                    let isYear =
                        words[place].classes.isSuperset(of: [.digits, .date]) || words[place].classes.contains(.earlyYear)
                    return !words[place].isInQuestion && isYear
                        || isNumber(place)
                            && words[max(0, place - Self.nearSpan)..<place].contains { Self.ages.contains($0.identity) }
                }
        case .frequency:
            return words.indices.contains { place in
                let word = words[place]
                guard !word.isInQuestion else { return false }
                if Self.frequencies.contains(word.identity) { return true }
                if word.classes.contains(.adverb), Self.regularities.contains(word.identity) { return true }
                // "Every six weeks" and "after each flight", not "each of them".
                guard Self.each.contains(word.identity) else { return false }
                return words[place...].dropFirst().prefix(Self.nearTime).contains {
                    Self.times.contains($0.identity) || !$0.classes.isDisjoint(with: [.date, .month])
                } || place > 0 && Self.before.contains(words[place - 1].identity)
            }
        case .person: return hasPerson(words)
        case .agent: return hasPerson(words) || words.contains { !$0.isInQuestion && Self.agents.contains($0.identity) }
        }
    }

    /// Whether a number of days, years or the like is told.
    private func isTime(_ words: [AnalyzedPassage.Word], _ isNumber: (Int) -> Bool) -> Bool {
        words.indices.contains { place in
            guard isNumber(place) || Self.articles.contains(words[place].identity) else { return false }
            return words[place...].dropFirst().prefix(Self.nearSpan).contains { Self.times.contains($0.identity) }
        }
    }

    /// Whether words with capitals stand together that are no office, body, place in time or part of the question.
    private func hasPerson(_ words: [AnalyzedPassage.Word]) -> Bool {
        var place = 0
        while place < words.count {
            guard words[place].classes.contains(.capitalized) else {
                place += 1
                continue
            }
            var end = place
            while end < words.count, words[end].classes.contains(.capitalized) { end += 1 }
            if isName(words[place..<end], at: place) { return true }
            // "Ada Byron, Director of Sales": what a mark parts from it says of the name what it is.
            let mark = (place..<end).dropFirst().first { words[$0].start > words[$0 - 1].end + 1 }
            if let mark, (2...3).contains(mark - place), isName(words[place..<mark], at: place) { return true }
            place = end
        }
        return false
    }

    private func isName(_ run: ArraySlice<AnalyzedPassage.Word>, at place: Int) -> Bool {
        // A sentence's first word has a capital anyway.
        !run.contains { Self.bodies.contains($0.identity) || $0.classes.contains(.date) }
            && run.contains { !$0.isInQuestion } && (place > 0 || run.count > 1)
    }

    private static let analyzer = Analyzer(language: .english)
    private static func terms(_ text: String) -> Set<TermIdentity> {
        Set(text.split(separator: " ").flatMap { [TermIdentity(analyzer.term(of: String($0))), TermIdentity(String($0))] })
    }
    private static let amounts = terms("few couple dozens hundreds thousands zero none unlimited single double triple")
    /// Numbers of order, which say of nothing how many it is.
    private static let ordinals = terms("first second")
    private static let articles = terms("a an each per several many few")
    private static let times = terms(
        "second minute hour day week month year decade century night weekend semester quarter working business")
    /// Words behind a number among which what it counts stands.
    private static let nearSpan = 3
    /// Words before a time among which stands that it is an end: "by the end of June".
    private static let beforeEnd = 4
    private static let spans = terms("until till from to through by since between before")
    private static let ages = terms("age aged")
    private static let endless = terms("forever indefinitely permanently unlimited")
    private static let frequencies = terms("once twice always never times")
    /// Of which the stem alone tells nothing: "weekly" has that of "weeks".
    private static let regularities = terms(
        """
        daily weekly biweekly monthly quarterly yearly annually hourly nightly continuously constantly regularly occasionally
        """)
    private static let each = terms("every each per")
    /// Words behind "every" among which a time makes it a frequency.
    private static let nearTime = 4
    private static let before = terms("after before with on at upon following")
    private static let moments = terms("ago am pm o'clock morning afternoon evening")
    private static let agents = bodies.union(
        terms(
            """
            mother father parents sister brother daughter son wife husband aunt uncle cousin grandmother grandfather friend neighbour \
            neighbor you anyone anybody everyone everybody nobody employee staff member people person visitor guest customer owner user \
            colleague boss governor mayor clerk doctor nurse teacher parent tenant landlord driver author developer engineer \
            designer partner vendor contractor applicant candidate official
            """))
    private static let bodies = terms(
        """
        deputy director manager president officer chief secretary minister head chair chairman chairwoman administrator executive \
        supervisor coordinator lead service system network center centre office council department agency university company team \
        group board committee division bureau institute college school association society corporation ministry commission \
        foundation program project act section chapter table figure listing internet
        """)
}
