import TwinSupport

/// A server that takes mail (RFC 5321), as a URL says it: `smtps://` speaks TLS from the first byte (RFC 8314), `smtp://` asks
/// for it by STARTTLS and sends nothing without, except to this machine.
package struct MailServer: Sendable, Equatable {
    /// Whether the connection begins with TLS.
    package let isImplicitlySecure: Bool
    /// A name or an address; one of IPv6 in brackets.
    package let host: String
    package let port: UInt16
    /// Who signs in; none for a server that asks for nobody.
    package let user: String?

    /// Takes `smtps://USER@HOST:PORT` or `smtp://HOST` apart. Without a port it is 465 or 587. Throws `TwinError` (`invalid`) for
    /// anything else, a password in it included.
    package init(_ text: String) throws {
        let form = TwinError(.invalid, "write the mail server as smtps://USER@HOST, or smtp://HOST:PORT")
        let lower = text.lowercased()
        guard let scheme = ["smtps://", "smtp://"].first(where: lower.hasPrefix) else { throw form }
        var rest = text.dropFirst(scheme.count)
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        var user: String?
        // A user's name is often an address itself.
        if let sign = rest.lastIndex(of: "@") {
            let name = rest[..<sign]
            guard !name.contains(":") else {
                throw TwinError(.invalid, "the mail server's password does not belong in its URL; set mail.password_file")
            }
            guard !name.isEmpty, name.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { throw form }
            user = String(name)
            rest = rest[rest.index(after: sign)...]
        }
        guard !rest.contains("/"), !rest.contains("?"), !rest.contains("#"),
            let address = try? WebAddress("http://" + rest), address.path == "/"
        else { throw form }
        isImplicitlySecure = scheme == "smtps://"
        host = address.host
        port = address.port ?? (isImplicitlySecure ? 465 : 587)
        self.user = user
    }

    /// Whether it is on this machine, where nobody listens between.
    package var isLoopback: Bool { WebAddress.isLoopback(host) }

    /// Without the user, for messages.
    package var address: String { "\(isImplicitlySecure ? "smtps" : "smtp")://\(host):\(port)" }
}

/// Why a letter was not taken.
package enum MailFailure: Error, Equatable {
    /// This letter may be taken later: the server says so of it (a reply of 400 to 499), or was lost while it was handed over.
    case forNow(String)
    /// No letter is taken now: the server is away, or lets nobody in.
    case away(String)
    /// It will never be taken as it is: the server refuses the recipient or the text (500 to 599).
    case forGood(String)
    /// No letter can be sent before the operator changes a setting: who signs in, how the connection is secured, or whose letters
    /// they are.
    case setup(String)

    /// A sentence without a full stop.
    package var reason: String {
        switch self {
        case .forNow(let reason), .away(let reason), .forGood(let reason), .setup(let reason): reason
        }
    }
}
