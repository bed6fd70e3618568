#if canImport(Glibc)
    import Glibc
#endif

/// Absolute paths as text, without asking the file system what they lead to.
package enum FilePath {
    /// `path` from the working directory, without `.`, `..` and doubled slashes.
    package static func absolute(_ path: String) -> String {
        var full = path
        if !path.hasPrefix("/"), let current = getcwd(nil, 0) {
            full = String(cString: current) + "/" + path
            free(current)
        }
        var parts: [Substring] = []
        for part in full.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// The last part of a path; the path itself where it has none.
    package static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    /// The folder that holds what stands at an absolute path.
    package static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }

    /// Whether two paths lead to one file, through links of either kind.
    package static func isSameFile(_ one: String, _ other: String) -> Bool {
        var (first, second) = (stat(), stat())
        guard stat(one, &first) == 0, stat(other, &second) == 0 else { return false }
        return first.st_dev == second.st_dev && first.st_ino == second.st_ino
    }
}
