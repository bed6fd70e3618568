/// Which evaluation document each source of a twin is, so that what a twin retrieved can be compared with what was expected.
package struct SourceKeys: Sendable, Equatable {
    private var keys: [String: String] = [:]

    package init() {}

    /// `source` (an identifier of the twin's) stands for the document `key`. Several sources may stand for one document.
    package mutating func add(source: String, key: String) { keys[source] = key }

    /// The documents in the order in which their first source comes. Sources that stand for no document keep their own
    /// identifier: they take a place in the ranking and are relevant to nothing.
    package func documents(for sources: some Sequence<String>) -> [String] {
        var seen: Set<String> = []
        return sources.compactMap { source in
            let key = keys[source] ?? source
            return seen.insert(key).inserted ? key : nil
        }
    }
}
