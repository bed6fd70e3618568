import TwinSupport

/// Keeps replies out of every cache (RFC 9111 section 5.2.2): what one caller was told is not another's. A handler whose reply
/// is for everybody says so itself, with `public` or with a lifetime, and keeps its word.
package struct PrivateReplies: Middleware {
    private static let field = "private, no-store"

    package init() {}

    /// Sets `Cache-Control` unless the reply has said `public` or a lifetime.
    package func respond(to request: Request, next: any Responder) throws -> Response {
        var response = try next.respond(to: request)
        // Few replies state it, and a search in a text costs more than all that is done for a short reply besides.
        if let stated = response.headers.first(where: { $0.name.equalsIgnoringCase("cache-control") })?.value,
            stated.contains("public") || stated.contains("max-age")
        {
            return response
        }
        response.headers.set("cache-control", Self.field)
        return response
    }
}
