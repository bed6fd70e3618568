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

        let asksFor: Set<String> = ["what", "which"]
        let statesQuantity = words.indices.dropFirst(2).contains {
            Self.quantities.contains(words[$0]) && words[$0 - 1] == "the" && Self.copulas.contains(words[$0 - 2])
        }
        if hasPair(["how"], Self.degrees) || hasPair(asksFor, Self.quantities) || (has(["what"]) && statesQuantity)
            || has(Self.bounds) && !has(["how", "why", "who", "where", "when"])
        {
            self = .number
        } else if has(["when"]) || hasPair(asksFor, Self.times) {
            self = .date
        } else if has(["who", "whom", "whose", "who's"]) {
            self = .person
        } else if has(["where"]) || hasPair(asksFor, Self.places) {
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
    private static let times: Set<String> = [
        "year", "years", "date", "day", "month", "decade", "century", "time", "era",
    ]
    private static let places: Set<String> = [
        "city", "country", "place", "state", "town", "region", "location", "continent", "area", "province", "nation",
    ]
    private static let namings: Set<String> = ["called", "named", "known", "name", "term", "titled", "nickname"]
}
