/// The kind of thing that an answer must have where a question asks for one that can be told by its words.
struct AskedKind: Sendable, Equatable {
    enum Thing: Sendable { case number, duration, frequency, age, date, pastDate, person, agent }

    let thing: Thing

    /// What it counts against an answer that there is none of it, as a difference of log odds: less for what is also written in words
    /// that are not known, such as numbers and dates of other languages, and most for an age, whose question has nothing but what it is
    /// the age of.
    var weight: Double {
        switch thing {
        case .number, .date, .pastDate: 3.5
        case .duration, .frequency, .person, .agent: 5
        case .age: 8
        }
    }

    /// None when anything may be the answer. `words` are folded, and not stemmed.
    init?(_ type: AnswerType, words: [String]) {
        func follows(_ word: String, _ others: Set<String>) -> Bool {
            zip(words, words.dropFirst()).contains { $0 == word && others.contains($1) }
        }
        switch type {
        case .number where follows("how", ["often", "frequently"]): thing = .frequency
        case .number where follows("how", ["long"]) && Set(words).isDisjoint(with: Self.measured): thing = .duration
        case .number where follows("how", ["old"]): thing = .age
        case .number: thing = .number
        case .date where follows("when", ["did", "was", "were"]): thing = .pastDate
        case .date: thing = .date
        case .person where Self.asksForAgent(words): thing = .agent
        case .person: thing = .person
        default: return nil
        }
    }

    /// Whether it asks who does something as a rule, which an office or a body answers as well as a name: "who has to sign".
    private static func asksForAgent(_ words: [String]) -> Bool {
        zip(words, words.dropFirst()).contains { word, next in
            guard word == "who" || word == "whom" else { return false }
            return ruling.contains(next) || next.count > 3 && next.hasSuffix("s") && !leading.contains(next)
        }
    }

    private static let ruling: Set<String> = [
        "has", "have", "needs", "need", "must", "should", "shall", "can", "may", "do", "does", "will", "would", "gets", "pays",
    ]
    /// What a certain person does.
    private static let leading: Set<String> = ["leads", "heads", "runs", "owns", "chairs"]

    /// Things whose length is no time.
    private static let measured: Set<String> = [
        "river", "road", "bridge", "wall", "cable", "rope", "password", "name", "line", "board", "beam", "track", "street",
        "tunnel",
        "coast", "border", "text", "title", "field", "string", "key", "token", "message", "file", "route", "trail", "wire",
    ]
}
