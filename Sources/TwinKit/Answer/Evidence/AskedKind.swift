/// The kind of thing that an answer must have where a question asks for one that can be told by its words.
struct AskedKind: Sendable, Equatable {
    enum Thing: Sendable { case number, duration, frequency, date, person }

    let thing: Thing

    /// None when anything may be the answer. `words` are folded, and not stemmed.
    init?(_ type: AnswerType, words: [String]) {
        func follows(_ word: String, _ others: Set<String>) -> Bool {
            zip(words, words.dropFirst()).contains { $0 == word && others.contains($1) }
        }
        switch type {
        case .number where follows("how", ["often", "frequently"]): thing = .frequency
        case .number where follows("how", ["long"]) && Set(words).isDisjoint(with: Self.measured): thing = .duration
        case .number: thing = .number
        case .date: thing = .date
        case .person: thing = .person
        default: return nil
        }
    }

    /// Things whose length is no time.
    private static let measured: Set<String> = [
        "river", "road", "bridge", "wall", "cable", "rope", "password", "name", "line", "board", "beam", "track", "street",
        "tunnel",
        "coast", "border", "text", "title", "field", "string", "key", "token", "message", "file", "route", "trail", "wire",
    ]
}
