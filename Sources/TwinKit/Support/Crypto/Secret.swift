#if canImport(Glibc)
    import Glibc
#endif

/// A key or password. However it is printed, interpolated, dumped or reflected it reads `[redacted]`; only `reveal()`
/// gives the value, so that each place where one leaves the program is found by a search for that word.
package struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let value: String

    package init(_ value: String) { self.value = value }

    /// The value itself: to be sent or compared, never to be logged, stored or put into a message.
    package func reveal() -> String { value }

    package var description: String { "[redacted]" }
    package var debugDescription: String { "[redacted]" }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// `text` with this secret blotted out, for words that come from elsewhere (a server that repeats the key it
    /// refused).
    package func redact(_ text: String) -> String {
        // A very short value would blot out ordinary words and tell the reader where they were.
        guard value.utf8.count >= 4 else { return text }
        return text.replacing(value, with: description)
    }
}

/// Where a secret is kept. Never the command line, which other users of the machine can read.
package enum SecretSource: Sendable, Equatable {
    /// The file's text without white space around it.
    case file(String)
    /// The variable of this name.
    case environment(String)

    /// More than any key; a file above it is the wrong one.
    static let maximumFileSize = 65_536

    /// Reads the secret. Throws `TwinError` (`notConfigured`) that names the file or variable, never its content.
    package func read() throws -> Secret {
        switch self {
        case .file(let path):
            guard let bytes = Self.contents(of: path) else {
                throw TwinError(
                    .notConfigured, "the key file \(path) cannot be read; check that it exists and is yours to read")
            }
            guard bytes.count <= Self.maximumFileSize, let text = String(validating: bytes, as: UTF8.self) else {
                throw TwinError(.notConfigured, "the key file \(path) holds no key: it is too large or not text")
            }
            return try Self.secret(text, missing: "the key file \(path) holds no key, or one of more than a line")
        case .environment(let name):
            guard let value = getenv(name) else {
                throw TwinError(.notConfigured, "the environment variable \(name) is not set; set it to the key")
            }
            return try Self.secret(
                String(cString: value), missing: "the environment variable \(name) holds no key, or one of more than a line")
        }
    }

    /// The text without white space around it. A line break inside would let a key add header lines to a request.
    private static func secret(_ text: String, missing: String) throws -> Secret {
        let trimmed = text.unicodeScalars.drop { $0.properties.isWhitespace }.reversed().drop { $0.properties.isWhitespace }
        let scalars = Array(trimmed.reversed())
        guard !scalars.isEmpty, scalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
            throw TwinError(.notConfigured, missing)
        }
        var value = String.UnicodeScalarView()
        value.append(contentsOf: scalars)
        return Secret(String(value))
    }

    private static func contents(of path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: maximumFileSize + 1)
        var count = 0
        while count < bytes.count {
            let read = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress?.advanced(by: count), $0.count - count)
            }
            if read < 0 && errno == EINTR { continue }
            guard read >= 0 else { return nil }
            if read == 0 { break }
            count += read
        }
        return Array(bytes.prefix(count))
    }
}
