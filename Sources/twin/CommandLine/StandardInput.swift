import TwinKit

#if canImport(Glibc)
    import Glibc
    import TwinSupport
#endif

/// What comes through a pipe.
enum StandardInput {
    /// All bytes of standard input. Throws `TwinError` when there are more than `limit`; `setting` is the one that raises it.
    static func bytes(limit: Int, setting: String? = nil) throws -> [UInt8] {
        try readToEnd(STDIN_FILENO, limit: limit, name: "standard input", setting: setting)
    }

    /// Standard input as text, without a line break at its end.
    static func text(limit: Int) throws -> String {
        guard let text = String(validating: try bytes(limit: limit), as: UTF8.self) else {
            throw TwinError(.invalid, "standard input is not UTF-8 text")
        }
        return text
    }

    /// The lines of a file, or of standard input for `-`; blank ones are left out.
    static func lines(of path: String) throws -> [String] {
        try file(path).split(whereSeparator: \.isNewline).map(String.init).filter { !$0.allSatisfy(\.isWhitespace) }
    }

    /// The text of a file, or of standard input for `-`. Throws `TwinError`.
    static func file(_ path: String) throws -> String {
        guard let text = String(validating: try bytes(of: path, limit: 64 << 20), as: UTF8.self) else {
            throw TwinError(.invalid, "\(path) is not UTF-8 text")
        }
        return text
    }

    /// The bytes of a file, or of standard input for `-`. Throws `TwinError`.
    static func bytes(of path: String, limit: Int) throws -> [UInt8] {
        if path == "-" { return try bytes(limit: limit) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw TwinError(
                errno == ENOENT ? .notFound : .notPermitted, "\(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        return try readToEnd(descriptor, limit: limit, name: path)
    }

    private static func readToEnd(
        _ descriptor: Int32, limit: Int, name: String, setting: String? = nil
    ) throws -> [UInt8] {
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR, !Interrupt.isRequested { continue }
            if Interrupt.isRequested { throw TwinError(.interrupted, "interrupted") }
            guard count >= 0 else { throw TwinError(.failed, "\(name) cannot be read: \(String(cString: strerror(errno)))") }
            if count == 0 { return result }
            result += buffer[..<count]
            guard result.count <= limit else {
                let advice = setting.map { "; raise the limit with 'twin config set \($0) N'" } ?? ""
                throw TwinError(.limitReached, "\(name) has more than \(Format.bytes(Int64(limit)))\(advice)")
            }
        }
    }
}
