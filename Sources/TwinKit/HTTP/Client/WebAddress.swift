import TwinSupport

/// An absolute http or https address (RFC 3986), taken apart. What the client refuses to request cannot be one: another
/// scheme, a user name or password, a missing host, control characters.
package struct WebAddress: Sendable, Hashable, CustomStringConvertible {
    /// `http` or `https`.
    package var scheme: String
    /// In lower case; an IPv6 address stands in brackets.
    package var host: String
    /// The port when the address states one, even the scheme's own.
    package var port: UInt16?
    /// Begins with `/`. Percent-encoded where RFC 3986 asks for it.
    package var path: String
    /// What follows the `?`, percent-encoded.
    package var query: String?

    /// Whether a host, as an address has it, is this machine by its name: nobody listens between.
    package static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "[::1]" || (IPAddress(host)?.hasPrefix([127], length: 8) ?? false)
    }

    /// Longer addresses are refused; servers commonly allow 8,000 bytes (RFC 9110 section 4.1).
    package static let maximumLength = 8192

    /// Takes an address apart; a fragment is dropped, since it is not sent. Spaces and other letters than ASCII's in path
    /// and query are percent-encoded, as browsers do with what is pasted into them.
    package init(_ text: String) throws(HTTPClientError) {
        let bytes = Array(text.utf8)[...].trimmingSpaces()
        guard bytes.count <= Self.maximumLength else {
            throw .invalidAddress("it is longer than \(Self.maximumLength) bytes")
        }
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw .invalidAddress("it contains a control character")
        }
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else {
            throw .invalidAddress("it does not begin with http:// or https://")
        }
        scheme = String(decoding: bytes[..<colon], as: UTF8.self).lowercased()
        guard scheme == "http" || scheme == "https" else {
            throw .unsupportedScheme(String(scheme.prefix(20)))
        }
        var rest = bytes[(colon + 1)...]
        guard rest.starts(with: Array("//".utf8)) else { throw .invalidAddress("// is missing after \(scheme):") }
        rest = rest.dropFirst(2)
        if let fragment = rest.firstIndex(of: UInt8(ascii: "#")) { rest = rest[..<fragment] }
        // Some readers take a backslash for a slash, and so for the end of the host; nobody means one.
        let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
        let authority = rest[..<end]
        guard !authority.contains(UInt8(ascii: "@")) else { throw .credentialsInAddress }
        (host, port) = try Self.split(authority)
        let target = rest[end...]
        if let mark = target.firstIndex(of: UInt8(ascii: "?")) {
            path = Self.encode(target[..<mark])
            query = Self.encode(target[(mark + 1)...])
        } else {
            path = Self.encode(target)
            query = nil
        }
        if path.isEmpty { path = "/" }
    }

    private static func split(_ authority: ArraySlice<UInt8>) throws(HTTPClientError) -> (String, UInt16?) {
        var host = authority
        var digits: ArraySlice<UInt8>?
        if authority.first == UInt8(ascii: "["), let close = authority.firstIndex(of: UInt8(ascii: "]")) {
            host = authority[...close]
            let after = authority[(close + 1)...]
            guard after.isEmpty || after.first == UInt8(ascii: ":") else { throw .invalidAddress("its host is malformed") }
            if !after.isEmpty { digits = after.dropFirst() }
            let literal = String(decoding: host.dropFirst().dropLast(), as: UTF8.self)
            guard let address = IPAddress(literal), !address.isIPv4 else { throw .invalidAddress("its host is malformed") }
        } else {
            if let colon = authority.firstIndex(of: UInt8(ascii: ":")) {
                host = authority[..<colon]
                digits = authority[(colon + 1)...]
            }
            guard host.allSatisfy({ $0 >= 0x80 || hostBytes.contains($0) }) else {
                throw .invalidAddress("its host is malformed")
            }
        }
        guard !host.isEmpty, host.count <= 255 else { throw .invalidAddress("it names no host") }
        var port: UInt16?
        if let digits, !digits.isEmpty {
            guard digits.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = UInt16(String(decoding: digits, as: UTF8.self)), number > 0
            else { throw .invalidAddress("its port is not between 1 and 65535") }
            port = number
        }
        return (String(decoding: host, as: UTF8.self).lowercased(), port)
    }

    private static func encode(_ bytes: ArraySlice<UInt8>) -> String {
        var result: [UInt8] = []
        for byte in bytes {
            if byte > 0x20 && byte < 0x7F && !unsafeBytes.contains(byte) {
                result.append(byte)
            } else {
                result += "%".utf8
                result += Hex.encode([byte]).uppercased().utf8
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static let hostBytes = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_".utf8)
    private static let unsafeBytes = Set("\"<>\\^`{|}".utf8)

    /// The port that is connected to.
    package var effectivePort: UInt16 { port ?? (scheme == "https" ? 443 : 80) }

    /// The address as it is requested.
    package var description: String {
        "\(origin)\(path)\(query.map { "?" + $0 } ?? "")"
    }

    /// Scheme, host and port: what credentials are given to.
    package var origin: String { "\(scheme)://\(host)\(port.map { ":\($0)" } ?? "")" }

    /// Whether scheme, host and port are the same (RFC 6454 section 5), a port that is left out being the scheme's own.
    package func hasSameOrigin(as other: WebAddress) -> Bool {
        scheme == other.scheme && host == other.host && effectivePort == other.effectivePort
    }

    /// The parts of the path between slashes, percent-decoded; empty ones are left out.
    package var pathSegments: [String] { path.split(separator: "/").map { Self.decoded($0) } }

    /// The values of the query's parameter `name`, decoded as forms are (`+` is a space).
    package func queryValues(_ name: String) -> [String] {
        (query ?? "").split(separator: "&").compactMap { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let key = parts.first, Self.decoded(key, form: true) == name else { return nil }
            return parts.count > 1 ? Self.decoded(parts[1], form: true) : ""
        }
    }

    private static func decoded(_ text: some StringProtocol, form: Bool = false) -> String {
        var result: [UInt8] = []
        let bytes = Array(text.utf8)
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let value = Hex.decode(String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self))
            {
                result += value
                index += 3
            } else {
                result.append(form && bytes[index] == UInt8(ascii: "+") ? 0x20 : bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The text without percent-encoding; bytes that are not UTF-8 then become the replacement character.
    package static func percentDecoded(_ text: some StringProtocol) -> String { decoded(text) }

    /// `text` as a value in a query or a path segment: everything but RFC 3986's unreserved characters is
    /// percent-encoded.
    package static func percentEncoded(_ text: String) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                result.append(byte)
            default:
                result += "%".utf8
                result += Hex.encode([byte]).uppercased().utf8
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension ArraySlice<UInt8> {
    /// Without the spaces, tabs and line breaks at both ends.
    package func trimmingSpaces() -> ArraySlice<UInt8> {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        var slice = self
        while let first = slice.first, isSpace(first) { slice.removeFirst() }
        while let last = slice.last, isSpace(last) { slice.removeLast() }
        return slice
    }
}
