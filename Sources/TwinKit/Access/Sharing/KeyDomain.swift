import TwinHTTP
import TwinSupport

/// A site that a key may be used from, as it is stored: `*` for every site, `*.example.org` for a domain and all below it, or
/// one host. International names are stored as browsers send them, in Punycode (RFC 3492).
struct KeyDomain: Sendable, Equatable, CustomStringConvertible {
    let description: String

    private static let example = "give a host such as example.org, or *.example.org for all below it"

    /// Reads what somebody wrote: also an address, of which the host counts. Throws `TwinError` (`invalid`) for what no
    /// browser's origin could ever match.
    init(_ text: String) throws {
        let text = text.trimmed
        func refused(_ why: String) -> TwinError {
            TwinError(.invalid, "the domain '\(text.shortened(to: 100))' \(why); \(Self.example)")
        }
        guard !text.isEmpty else { throw TwinError(.invalid, "a domain is empty; \(Self.example)") }
        if text == "*" {
            description = text
            return
        }
        let isWildcard = text.hasPrefix("*.")
        let rest = isWildcard ? String(text.dropFirst(2)) : text
        guard !rest.contains("*") else { throw refused("has a * that is not at the beginning, before a dot") }
        guard !rest.contains(where: { $0.isWhitespace || $0 == "," || $0 == ";" }) else {
            throw refused("is not one host")
        }
        guard !rest.contains("@"), !rest.contains("?"), !rest.contains("#"), !rest.contains("\\") else {
            throw refused("is not a host")
        }
        guard let host = Self.host(of: rest) else { throw refused("has no host") }
        if host.hasPrefix("[") {
            guard !isWildcard, let address = IPAddress(String(host.dropFirst().dropLast())), !address.isIPv4 else {
                throw refused("is not an IPv6 address")
            }
            description = "[\(address)]"
            return
        }
        guard let ascii = InternationalName.ascii(host) else { throw refused("cannot be the name of a host") }
        // What ends in a number browsers take for an IPv4 address (WHATWG URL, "ends in a number checker").
        if ascii.split(separator: ".").last?.allSatisfy(\.isNumber) == true {
            guard !isWildcard, IPAddress(ascii)?.isIPv4 == true else { throw refused("is neither a name nor an IPv4 address") }
        }
        description = isWildcard ? "*.\(ascii)" : ascii
    }

    /// Whether a host, as `host(of:)` gives it, is meant by a stored pattern.
    static func matches(_ pattern: String, _ host: String) -> Bool {
        if pattern == "*" { return true }
        if pattern.hasPrefix("*.") {
            let apex = pattern.dropFirst(2)
            return !apex.isEmpty && (host == apex || host.hasSuffix("." + apex))
        }
        return Self.host(of: pattern) == host
    }

    /// The host of an address, in lower case, without scheme, user, port, path and the final dot of a full name.
    static func host(of text: String) -> String? {
        var rest = text.trimmed.lowercased()[...]
        if let scheme = rest.firstRange(of: "://") { rest = rest[scheme.upperBound...] }
        rest = rest.prefix { !"/?#\\".contains($0) }
        if let at = rest.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
        if rest.first == "[" {
            guard let close = rest.firstIndex(of: "]") else { return nil }
            return String(rest[...close])
        }
        rest = rest.prefix { $0 != ":" }
        if rest.last == "." { rest = rest.dropLast() }
        return rest.isEmpty || rest == "null" ? nil : String(rest)
    }
}

extension KeyStore.Key {
    /// Whether a request from this origin may use the key: the header `Origin`, else `Referer`. A key without domains may be
    /// used from everywhere; one with domains not without an origin.
    package func allows(origin: String?) -> Bool {
        guard !allowedDomains.isEmpty else { return true }
        guard let host = origin.flatMap(KeyDomain.host(of:)) else { return false }
        let ascii = InternationalName.ascii(host) ?? host
        return allowedDomains.contains { KeyDomain.matches($0, ascii) }
    }

    /// What has to be said aloud when a key is made: that any page may use it.
    package var warning: String? {
        guard allowedDomains.isEmpty || allowedDomains.contains("*") else { return nil }
        return "the key works from every site; --domain, or allowed_domains, restricts it"
    }
}
