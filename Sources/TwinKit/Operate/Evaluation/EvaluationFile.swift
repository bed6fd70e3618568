#if canImport(Glibc)
    import Glibc
    import TwinSupport
#endif

/// The files that an evaluation reads: their bytes within a limit, their lines, and errors that name the place.
struct EvaluationFile {
    /// Bytes of one file at the most.
    static let maximumSize = 1 << 30
    /// Lines of one file at the most.
    static let maximumLines = 10_000_000

    let name: String
    let bytes: [UInt8]

    init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// Reads the file at `path`. Throws `TwinError`.
    init(path: String, limit: Int = EvaluationFile.maximumSize) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw errno == EACCES
                ? TwinError(.notPermitted, "\(path) may not be read") : TwinError(.notFound, "there is no file \(path)")
        }
        defer { close(descriptor) }
        guard Self.kind(descriptor) != S_IFDIR else { throw TwinError(.invalid, "\(path) is a folder, not a file") }
        var content: [UInt8] = []
        var isAtEnd = false
        while !isAtEnd {
            let start = content.count
            guard start <= limit else { throw TwinError(.limitReached, "\(path) has more than \(limit) bytes") }
            let step = max(1 << 16, min(start, 1 << 26))
            content.reserveCapacity(start + step)
            content.append(contentsOf: repeatElement(0, count: step))
            let got = content.withUnsafeMutableBytes { buffer in
                buffer.baseAddress.map { Glibc.read(descriptor, $0 + start, step) } ?? -1
            }
            content.removeLast(step - max(0, got))
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw TwinError(.failed, "\(path) cannot be read: \(String(cString: strerror(errno)))") }
            isAtEnd = got == 0
        }
        name = path
        bytes = content
    }

    private static func kind(_ descriptor: Int32) -> mode_t {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? status.st_mode & S_IFMT : 0
    }

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Calls `body` with each line that is not blank, without its end, and its number from 1.
    func forEachLine(_ body: (UnsafeBufferPointer<UInt8>, Int) throws -> Void) throws {
        try bytes.withUnsafeBufferPointer { buffer in
            var start = buffer.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
            var number = 0
            while start < buffer.count {
                number += 1
                guard number <= Self.maximumLines else {
                    throw TwinError(.limitReached, "\(name) has more than \(Self.maximumLines) lines")
                }
                var end = start
                while end < buffer.count, buffer[end] != 0x0A { end += 1 }
                let line = UnsafeBufferPointer(rebasing: buffer[start..<end])
                if line.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) { try body(line, number) }
                start = end + 1
            }
        }
    }

    /// Calls `body` with each line's JSON object and its number. Throws `TwinError`.
    func forEachObject(_ body: (JSON, Int) throws -> Void) throws {
        try forEachLine { line, number in
            let value: JSON
            do {
                value = try JSONParser.parse(line)
            } catch {
                throw invalid(number, "is not JSON: \(error)")
            }
            guard value.objectValue != nil else { throw invalid(number, "is not a JSON object") }
            try body(value, number)
        }
    }

    func invalid(_ line: Int, _ message: String) -> TwinError { TwinError(.invalid, "\(name) line \(line) \(message)") }
}
