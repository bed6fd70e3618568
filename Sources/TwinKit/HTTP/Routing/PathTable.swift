import TwinSupport

/// A value for each prefix of paths. Prefixes are patterns like those of routes, and the most particular one that a path
/// stands at or below counts, as with routes: `/api/auth/me` before `/api/auth` before `/api/{tenant_id:uuid}` before `/api`.
package struct PathTable<Value: Sendable>: Sendable {
    private var trie = RouteTrie()
    private var entries: [(prefix: String, value: Value)] = []

    package init() {}

    /// Adds a prefix; one that is there already keeps its value. Throws a `TwinError` for what is no pattern.
    package mutating func insert(_ prefix: String, _ value: Value) throws {
        let below = (prefix == "/" ? "" : prefix) + "/{everything below...}"
        guard trie.insert(try RoutePattern(prefix), .get, route: entries.count) else { return }
        _ = trie.insert(try RoutePattern(below), .get, route: entries.count)
        entries.append((prefix, value))
    }

    mutating func merge(_ other: PathTable) throws {
        for entry in other.entries { try insert(entry.prefix, entry.value) }
    }

    /// The value of the prefix that a percent-encoded path stands under; none when there is none.
    func value(of path: UnsafeRawBufferPointer) -> Value? { trie.find(path, .get).route.map { entries[$0].value } }

    /// The same for the path of a request.
    package func value(of head: RequestHead) -> Value? { head.withPathBytes { value(of: $0) } }

    /// The same for a path as text, percent-encoded.
    package subscript(path: String) -> Value? {
        var path = path
        return path.withUTF8 { value(of: UnsafeRawBufferPointer($0)) }
    }
}
