import TwinHTTP
import TwinSupport

/// Finds out who asks, from the fields that carry credentials, and leaves the `Principal` with the request.
///
/// A bad credential is refused even where none is needed: whoever sends one means to be somebody.
struct Authentication: Middleware {
    typealias Check = @Sendable (_ bearer: Secret?, _ apiKey: Secret?, _ origin: String?) throws -> Principal

    private let check: Check
    private let cookie: ConsoleCookie?

    /// With `cookie`, the session of the console counts where nothing else says who asks.
    init(cookie: ConsoleCookie? = nil, _ check: @escaping Check) {
        self.check = check
        self.cookie = cookie
    }

    /// The token that a request comes with: a bearer, or the console's session. None where it is not one, or none.
    func token(of request: Request) -> Secret? { (try? Self.bearer(request)) ?? cookie?.session(of: request) }

    func respond(to request: Request, next: any Responder) throws -> Response {
        let bearer = try Self.bearer(request)
        let apiKey = try Self.only("X-Twin-Api-Key", of: request).map { Secret($0) }
        // Without credentials whoever dispatched the request in this process may have named the principal.
        if bearer == nil, apiKey == nil, request[Principal.self] != nil { return try next.respond(to: request) }
        var request = request
        let origin = Self.origin(request)
        if bearer == nil, apiKey == nil, let session = cookie?.session(of: request) {
            // A browser sends it along whether anybody means it or not: one that has ended is nobody's.
            do {
                request[Principal.self] = try check(session, nil, origin)
                request[Reauthentication.self] = Reauthentication { [check] in try check(session, nil, origin) }
            } catch let error as TwinError where error.kind == .unauthenticated {
                request[Principal.self] = .nobody
            }
            return try next.respond(to: request)
        }
        request[Principal.self] = try check(bearer, apiKey, origin)
        request[Reauthentication.self] = Reauthentication { [check] in try check(bearer, apiKey, origin) }
        return try next.respond(to: request)
    }

    /// A field that may be there once: of two, a proxy may have looked at the other one (RFC 9110 section 5.3).
    private static func only(_ name: String, of request: Request) throws -> String? {
        let values = request.headers.all(name)
        guard values.count <= 1 else { throw HTTPError(.badRequest, "send one \(name) field, not \(values.count)") }
        return values.first
    }

    /// The token of `Authorization: Bearer` (RFC 6750 section 2.1).
    static func bearer(_ request: Request) throws -> Secret? {
        guard let field = try only("Authorization", of: request) else { return nil }
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, String(parts[0]).equalsIgnoringCase("bearer") else {
            throw TwinError(.unauthenticated, "the Authorization field must be 'Bearer' and a token")
        }
        return Secret(String(parts[1]).trimmingSpace())
    }

    /// The page that a browser asks for: its `Origin`, else its `Referer`.
    static func origin(_ request: Request) -> String? { request.headers["origin"] ?? request.headers["referer"] }
}

/// Checks a request's credentials once more.
private struct Reauthentication: Sendable {
    let check: @Sendable () throws -> Principal
}

extension Request {
    /// Who asks.
    var principal: Principal { self[Principal.self] ?? .nobody }

    /// Who asks, as somebody to whom an answer is told for as long as the connection and the credentials hold.
    var reader: Ask.Reader {
        Ask.Reader(
            principal, credentials: self[CallerCredentials.self],
            hasLeft: { [cancellation] in cancellation?.isCancelled ?? false }, lookAgain: reauthenticate)
    }

    /// A reader on this connection whom a door lets in by other means than the request's fields.
    func reader(_ principal: Principal, lookAgain: @escaping @Sendable () throws -> Principal) -> Ask.Reader {
        Ask.Reader(principal, hasLeft: { [cancellation] in cancellation?.isCancelled ?? false }, lookAgain: lookAgain)
    }

    /// Looks at the request's credentials anew, for what outlives the moment in which they were checked: a stream. Throws
    /// `TwinError` once they hold no more.
    var reauthenticate: @Sendable () throws -> Principal {
        if let again = self[Reauthentication.self] { return again.check }
        let principal = principal
        return { principal }
    }
}
