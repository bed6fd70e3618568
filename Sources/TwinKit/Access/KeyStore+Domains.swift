import TwinHTTP
import TwinSupport

/// The sites that a key may be used from.
extension KeyStore.Key {
    /// Whether a request from this origin may use the key: the header `Origin`, else `Referer`. A key without domains may be
    /// used from everywhere; one with domains not without an origin.
    package func allows(origin: String?) -> Bool {
        guard !allowedDomains.isEmpty else { return true }
        guard let host = origin.flatMap(Self.host(of:)) else { return false }
        return allowedDomains.contains { Self.matches($0, host) }
    }

    /// `*` is every site; `*.example.org` is the domain and all below it; anything else is that host alone.
    private static func matches(_ domain: String, _ host: String) -> Bool {
        if domain == "*" { return true }
        if domain.hasPrefix("*.") {
            let apex = domain.dropFirst(2)
            return !apex.isEmpty && (host == apex || host.hasSuffix("." + apex))
        }
        return Self.host(of: domain) == host
    }

    /// The host of an address, in lower case, without scheme, user, port, path and the final dot of a full name.
    private static func host(of text: String) -> String? {
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
