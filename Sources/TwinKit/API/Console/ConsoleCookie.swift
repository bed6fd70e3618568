import TwinHTTP
import TwinSupport

/// The session of the console in a cookie that scripts cannot read. Browsers send it along with whatever a page calls, so it
/// counts only for calls of twin's own pages, and for changes only with a field that no other page can know.
struct ConsoleCookie: Sendable {
    /// Whether browsers reach twin over HTTPS; it is known once the server listens.
    let isSecure: @Sendable () -> Bool

    /// The field that a change comes with.
    static let field = "x-csrf-token"

    /// With the prefix no other host of the domain can set it (RFC 6265bis section 4.1.3.2).
    private var name: String { isSecure() ? "__Host-twin_session" : "twin_session" }

    /// The access token in the cookie, if the request may use it.
    func session(of request: Request) -> Secret? {
        guard let text = request.cookie(name), Self.isOfOwnPage(request) else { return nil }
        let token = Secret(text)
        let isRead = request.method == .get || request.method == .head
        let isProven = (request.headers[Self.field]).map { Self.isCode($0, of: token) } ?? false
        // Browsers say where a page is from only over connections they trust; the field says it as well.
        let isTold = request.headers["sec-fetch-site"] != nil || request.headers["origin"] != nil
        return isProven || isRead && isTold ? token : nil
    }

    /// Whether a page of twin's makes the request, as far as the browser says. Scripts elsewhere cannot write these fields.
    static func isOfOwnPage(_ request: Request) -> Bool {
        // Whatever a proxy makes of the host's name, the browser knows both.
        if let site = request.headers["sec-fetch-site"] { return site == "same-origin" }
        guard let origin = request.headers["origin"] else { return true }
        guard let scheme = origin.firstRange(of: "://") else { return false }
        // The cookie is the host's: whoever makes a browser call another host by this name has no cookie.
        return String(origin[scheme.upperBound...]) == request.headers["host"]
    }

    /// What a page sends with changes: nobody can work it out without the token, nor the token from it.
    static func code(of token: Secret) throws -> String {
        Base64.url.encode(try SHA256.hash("twin console: \(token.reveal())"))
    }

    private static func isCode(_ text: String, of token: Secret) -> Bool {
        guard let code = try? code(of: token) else { return false }
        return (try? Crypto.equal(Array(code.utf8), Array(text.utf8))) ?? false
    }

    /// RFC 6265 section 4.1: a token is base64url and dots, and needs no quoting.
    func setting(_ token: Secret, seconds: Int) -> HeaderField {
        HeaderField(
            "set-cookie",
            "\(name)=\(token.reveal()); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Strict" + (isSecure() ? "; Secure" : ""))
    }

    var removal: HeaderField { setting(Secret(""), seconds: 0) }
}
