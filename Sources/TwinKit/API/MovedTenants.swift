import TwinHTTP
import TwinSupport

/// Sends requests on that are for a tenant which has moved to another file: 307, with the same path at the address that the move
/// named. Only a request that found nobody or nothing here is looked at again, so others cost nothing.
///
/// It redirects where it could forward, so that nothing of the tenant passes through a server that it has left, and no caller's
/// credentials are sent anywhere by anybody but the caller.
struct MovedTenants: Middleware {
    let workspace: Workspace
    let authentication: Authentication

    /// Segments of a path that may name something.
    private static let maximumSegments = 16

    func respond(to request: Request, next: any Responder) throws -> Response {
        let response: Response
        do {
            response = try next.respond(to: request)
        } catch {
            guard Self.isLost(ErrorTranslation.report(error).status), let moved = redirection(of: request) else { throw error }
            return moved
        }
        guard Self.isLost(response.status), let moved = redirection(of: request) else { return response }
        return moved
    }

    /// Whether a request has found nobody or nothing, or what it was about went away while it was answered.
    private static func isLost(_ status: HTTPStatus) -> Bool {
        status == .unauthorized || status == .notFound || status == .internalServerError
    }

    private func redirection(of request: Request) -> Response? {
        guard let base = try? MovedNames.url(of: names(in: request), in: workspace.database) else { return nil }
        let query = request.head.rawQuery.map { "?" + $0 } ?? ""
        return .json(
            ["detail": "the workspace has moved; ask at the address in 'location'", "moved_to": .string(base)],
            status: .temporaryRedirect, headers: [HeaderField("location", base + request.head.rawPath + query)])
    }

    /// By what the request names somebody, and what its path names. A token is not checked here: it opens nothing, and whoever holds
    /// one learns no more than where to go with it.
    private func names(in request: Request) -> [String] {
        var names: [String] = []
        let key = request.headers["x-twin-api-key"].map { Secret($0) }
        for credential in [key, authentication.token(of: request)].compactMap({ $0 }) {
            if credential.reveal().hasPrefix(KeyStore.textPrefix) {
                names.append(KeyStore.prefix(of: credential))
            } else if let claims = try? JSONWebToken(parsing: credential).claims {
                names += ["sub", "tenant_id"].compactMap { claims[$0]?.stringValue }
            }
        }
        return names + request.path.split(separator: "/").prefix(Self.maximumSegments).map(String.init)
    }
}
