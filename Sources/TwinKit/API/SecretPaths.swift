import TwinHTTP

/// Paths that hold secrets. Tokens of links stand in the path, and whoever reads the log could use them.
struct SecretPaths: Sendable {
    private let table: PathTable<String>

    /// Below these patterns a path is a secret. Throws a `TwinError` for what is no pattern.
    init(_ prefixes: [String]) throws {
        var table = PathTable<String>()
        for prefix in prefixes { try table.insert(prefix, prefix) }
        self.table = table
    }

    /// The entry with the route's pattern in the place of a path that holds a secret. Where no route answered, perhaps because
    /// a link was mistyped, nothing is left of the path but the prefix that says so.
    func withoutSecrets(_ entry: AccessLogEntry) -> AccessLogEntry {
        var entry = entry
        let prefix = table[entry.path]
        if let route = entry.route {
            if prefix != nil || route.contains("{token}") { entry.path = route }
        } else if let prefix, entry.path != prefix {
            entry.path = prefix + "/…"
        }
        return entry
    }
}
