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

    /// A name of the file system as text: bytes that are not UTF-8 stand as `\xE9`.
    package static func text(_ name: UnsafePointer<CChar>) -> String {
        if let text = String(validatingCString: name) { return text }
        var result: [UInt8] = []
        let bytes = Array(UnsafeBufferPointer(start: name, count: strlen(name))).map { UInt8(bitPattern: $0) }
        var index = 0
        while index < bytes.count {
            // The longest beginning of what is left that is a character.
            var length = min(4, bytes.count - index)
            while length > 0, String(validating: bytes[extent(index, index + length)], as: UTF8.self)?.unicodeScalars.count != 1 {
                length -= 1
            }
            if length == 0 {
                result += "\\x\(hexadecimal(bytes[index]))".utf8
                index += 1
            } else {
                result += bytes[extent(index, index + length)]
                index += length
            }
        }
        return result.string
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let text = String(byte, radix: 16, uppercase: true)
        return text.utf8.count == 1 ? "0" + text : text
    }

    /// A path as the system takes it: what `text` wrote for bytes that are not UTF-8 becomes these bytes again, unless a file has the name
    /// as it stands.
    package static func system(_ path: String) -> [CChar] {
        let plain = Array(path.utf8CString)
        guard path.utf8.contains(UInt8(ascii: "\\")) else { return plain }
        var status = stat()
        if lstat(plain, &status) == 0 { return plain }
        return path.withView { view in
            var result: [CChar] = []
            var index = 0
            while index < view.count {
                if view[index] == UInt8(ascii: "\\"), view[index + 1] == UInt8(ascii: "x"), let high = view[index + 2].hexValue,
                    let low = view[index + 3].hexValue, high >= 8
                {
                    result.append(CChar(bitPattern: high << 4 | low))
                    index += 4
                } else {
                    result.append(CChar(bitPattern: view[index]))
                    index += 1
                }
            }
            return result + [0]
        }
    }

    /// Whether the system knows the path by other bytes than those of its text.
    package static func isEscaped(_ path: String) -> Bool { system(path) != Array(path.utf8CString) }

    /// The path with a number before the ending of its name: `notes-2.md` for `notes.md`.
    package static func numbered(_ path: String, _ number: Int) -> String {
        let name = name(path)
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return "\(path)-\(number)" }
        return "\(path.dropLast(name.count))\(name[..<dot])-\(number)\(name[dot...])"
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
