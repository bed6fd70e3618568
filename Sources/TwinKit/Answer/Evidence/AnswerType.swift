import TwinSearch

/// The kind of thing a question asks for, read off its question word. Sentences that offer such a thing are better answers.
package enum AnswerType: String, Sendable, CaseIterable {
    /// How many, how long, what percentage.
    case number
    /// When, which year.
    case date
    /// Who, whose.
    case person
    /// Where, which country.
    case place
    /// Why, what caused.
    case reason
    /// What is it called.
    case name
    /// How, in which manner.
    case manner
    /// What and which, of anything else.
    case thing
    /// No question word: a yes or no, or key words.
    case other

    /// The kind that the folded, unstemmed words of a question ask for.
    package init(words: [String]) {
        func hasPair(_ first: Set<String>, _ second: Set<String>) -> Bool {
            zip(words, words.dropFirst()).contains { first.contains($0) && second.contains($1) }
        }
        func hasTriple(_ first: Set<String>, _ second: Set<String>, _ third: Set<String>) -> Bool {
            zip(zip(words, words.dropFirst()), words.dropFirst(2)).contains {
                first.contains($0.0) && second.contains($0.1) && third.contains($1)
            }
        }
        func has(_ any: Set<String>) -> Bool { words.contains { any.contains($0) } }
        func asks(_ any: Set<String>) -> Bool {
            words.indices.contains { any.contains(words[$0]) && Self.isAsking(words, at: $0) }
        }

        let asksFor: Set<String> = ["what", "which"]
        let statesQuantity = words.indices.dropFirst(2).contains {
            Self.quantities.contains(words[$0]) && words[$0 - 1] == "the" && Self.copulas.contains(words[$0 - 2])
        }
        if hasPair(["how"], Self.degrees) || hasPair(asksFor, Self.quantities) || (has(["what"]) && statesQuantity)
            || (has(Self.bounds) || Self.asksForExtreme(words)) && !has(["how", "why", "who", "where", "when"])
        {
            self = .number
        } else if asks(["when"]) || hasPair(asksFor, Self.times) {
            self = .date
        } else if asks(["who", "whom", "whose", "who's"]) {
            self = .person
        } else if asks(["where"]) || hasPair(asksFor, Self.places) {
            self = .place
        } else if has(["why", "reason", "cause", "purpose"]) || hasPair(["what"], ["caused", "causes"])
            || hasTriple(["what"], ["is", "was", "are", "were"], ["because"])
        {
            self = .reason
        } else if has(Self.namings) {
            self = .name
        } else if has(["how"]) {
            self = .manner
        } else if has(asksFor) {
            self = .thing
        } else {
            self = .other
        }
    }

    /// Whether the question word at `place` asks, rather than joining a clause to what is asked: "when" does in "when do I
    /// leave", and not in "what do I need when I leave".
    private static func isAsking(_ words: [String], at place: Int) -> Bool {
        guard place > 0 else {
            // "When I leave, what do I need?"
            let isJoining = words.count > 2 && words[0] == "when" && !auxiliaries.contains(words[1])
            return !isJoining || !words.dropFirst().contains(where: questionWords.contains)
        }
        guard let first = words.first, place + 1 < words.count, !introductions.contains(words[place - 1]) else { return true }
        if words[place] == "when", auxiliaries.contains(words[place + 1]) { return true }
        if auxiliaries.contains(first) { return false }
        return !words[..<place].contains { questionWords.contains($0) && $0 != "when" }
    }

    private static let questionWords: Set<String> = [
        "how", "what", "which", "why", "who", "whom", "whose", "where", "when", "what's", "whats", "who's",
    ]
    private static let auxiliaries: Set<String> = [
        "is", "are", "was", "were", "am", "do", "does", "did", "will", "would", "can", "could", "should", "shall", "has", "have",
        "had", "must", "may", "might",
    ]
    /// "Since when", "to whom", "and where".
    private static let introductions: Set<String> = [
        "since", "until", "till", "from", "by", "to", "with", "for", "of", "and", "or",
    ]

    init(_ kind: QuestionLanguage.Kind) {
        self =
            switch kind {
            case .number: .number
            case .date: .date
            case .person: .person
            case .place: .place
            case .reason: .reason
            case .manner: .manner
            }
    }

    private static let copulas: Set<String> = ["is", "was", "are", "were"]
    private static let degrees: Set<String> = [
        "many", "much", "old", "long", "far", "tall", "large", "big", "high", "deep", "often", "fast", "wide", "heavy", "soon",
    ]
    private static let quantities: Set<String> = [
        "number", "percentage", "percent", "proportion", "amount", "population", "cost", "price", "total",
    ]
    private static let bounds: Set<String> = ["max", "maximum", "min", "minimum"]
    /// Whether the highest or lowest of some quantity is asked for: "the biggest number".
    static func asksForExtreme(_ words: [String]) -> Bool {
        zip(words, words.dropFirst()).contains { extremes.contains($0) && measures.contains($1) }
    }

    private static let extremes: Set<String> = ["biggest", "largest", "highest", "smallest", "lowest", "greatest", "longest"]
    private static let measures: Set<String> = ["number", "value", "size", "amount", "length", "count", "rate"]
    private static let times: Set<String> = [
        "year", "years", "date", "day", "month", "decade", "century", "time", "era",
    ]
    private static let places: Set<String> = [
        "city", "country", "place", "state", "town", "region", "location", "continent", "area", "province", "nation",
    ]
    private static let namings: Set<String> = ["called", "named", "known", "name", "term", "titled", "nickname"]
}
