import TwinSupport

/// The sources of a twin by the names that a question file may give them: id, locator, the end of a locator, or file name.
struct ExpectedSources {
    private var identifiers: [String: [String]] = [:]

    /// The names that no source has, sorted.
    private(set) var unknown: [String] = []

    /// Finds the sources that the questions name.
    init(_ questions: [EvaluationQuestion], among sources: [Source]) {
        let names = Set(questions.flatMap(\.grades.keys))
        let paths = Dictionary(names.map { (FilePath.absolute($0), $0) }, uniquingKeysWith: { first, _ in first })
        for source in sources {
            var matching: Set<String> = []
            for candidate in [source.id, source.locator, source.name] where names.contains(candidate) {
                matching.insert(candidate)
            }
            if let name = paths[source.locator] { matching.insert(name) }
            // Every end of the path that begins after a slash.
            var rest = source.locator[...]
            while let slash = rest.firstIndex(of: "/") {
                rest = rest[rest.index(after: slash)...]
                if names.contains(String(rest)) { matching.insert(String(rest)) }
            }
            for name in matching { identifiers[name, default: []].append(source.id) }
        }
        unknown = names.filter { identifiers[$0] == nil }.sorted()
    }

    /// Which source stands for which of the question's documents.
    func keys(for question: EvaluationQuestion) -> SourceKeys {
        var keys = SourceKeys()
        for name in question.grades.keys.sorted() {
            for identifier in identifiers[name] ?? [] { keys.add(source: identifier, key: name) }
        }
        return keys
    }
}
