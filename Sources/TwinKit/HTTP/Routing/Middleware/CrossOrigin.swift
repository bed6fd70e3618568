/// Cross-origin resource sharing (WHATWG Fetch section 3.2) for the origins of an allow list. Never with cookies: a page of
/// another origin shows a token.
package struct CrossOrigin: Middleware {
    private let origins: Set<String>
    private let allowsAny: Bool
    private let exposed: String
    private let maximumAge: Int

    /// - Parameters:
    ///   - origins: such as `https://app.example.com`; `*` allows every origin.
    ///   - exposing: response fields that scripts may read.
    ///   - maximumAge: seconds for which a browser may keep the answer to a preflight.
    package init(origins: [String], exposing: [String] = ["x-correlation-id"], maximumAge: Int = 600) {
        self.origins = Set(origins.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 })
        allowsAny = origins.contains("*")
        exposed = exposing.joined(separator: ", ")
        self.maximumAge = maximumAge
    }

    /// Whether pages of this origin may call.
    package func allows(_ origin: String) -> Bool { allowsAny || origins.contains(origin) }

    /// Answers preflights itself, with 204 (Fetch standard, "CORS protocol"), and tells browsers whether the page may read the
    /// reply. A request of an origin that is not allowed is answered as any other: it is the browser that keeps the reply from
    /// the page.
    package func respond(to request: Request, next: any Responder) throws -> Response {
        guard let origin = request.headers["origin"] else {
            var response = try next.respond(to: request)
            if !allowsAny { response.headers.addMember("vary", "Origin") }
            return response
        }
        let isAllowed = allows(origin)
        let wanted = request.headers["access-control-request-method"]
        let isPreflight = request.method == .options && wanted != nil
        var response = isPreflight ? Response(.noContent) : try next.respond(to: request)
        response.headers.addMember("vary", "Origin")
        guard isAllowed else { return response }
        response.headers.set("access-control-allow-origin", allowsAny ? "*" : origin)
        if isPreflight {
            response.headers.set("access-control-allow-methods", HTTPMethod.served.map(\.rawValue).joined(separator: ", "))
            if let fields = request.headers["access-control-request-headers"] {
                response.headers.set("access-control-allow-headers", fields)
                response.headers.addMember("vary", "Access-Control-Request-Headers")
            }
            response.headers.set("access-control-max-age", String(maximumAge))
        } else if !exposed.isEmpty {
            response.headers.set("access-control-expose-headers", exposed)
        }
        return response
    }
}
