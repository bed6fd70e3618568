#if canImport(Glibc)
    import Glibc
#endif

/// Shell patterns for paths. Without a slash a pattern is for the name alone; with one it is for the whole path below the
/// folder, where `*` and `?` stay within a name and `**` stands for any number of folders.
enum GlobPattern {
    static func matches(_ pattern: String, path: String, name: String) -> Bool {
        guard pattern.contains("/") || pattern == "**" else { return fnmatch(pattern, name, 0) == 0 }
        let parts = pattern.split(separator: "/").map(String.init)
        return matches(parts[...], path.split(separator: "/").map(String.init)[...])
    }

    /// Whether a whole path fits a pattern that is for paths, with or without a slash.
    static func matches(path: String, _ pattern: String) -> Bool {
        matches(pattern.split(separator: "/").map(String.init)[...], path.split(separator: "/").map(String.init)[...])
    }

    /// A greedy match that goes back to the last `**` only: earlier ones need no second try, because the last one can
    /// take whatever they would have. That keeps it quadratic at worst.
    private static func matches(_ pattern: ArraySlice<String>, _ path: ArraySlice<String>) -> Bool {
        var pattern = pattern
        var path = path
        var retry: (pattern: ArraySlice<String>, path: ArraySlice<String>)?
        while !path.isEmpty || !pattern.isEmpty {
            if let first = pattern.first {
                if first == "**" {
                    pattern = pattern.dropFirst()
                    retry = path.isEmpty ? nil : (pattern, path.dropFirst())
                    continue
                }
                if let part = path.first, fnmatch(first, part, 0) == 0 {
                    pattern = pattern.dropFirst()
                    path = path.dropFirst()
                    continue
                }
            }
            guard let next = retry else { return false }
            (pattern, path) = next
            retry = path.isEmpty ? nil : (pattern, path.dropFirst())
        }
        return true
    }
}
