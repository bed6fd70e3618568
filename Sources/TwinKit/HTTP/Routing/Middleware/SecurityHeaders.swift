/// Fields that keep a browser from doing more with a response than it should. A handler that sets one itself, as a page
/// with scripts must, keeps its own.
package struct SecurityHeaders: Middleware {
    private let fields: [HeaderField]

    package init(_ fields: [HeaderField] = SecurityHeaders.standard) { self.fields = fields }

    /// For an API: nothing is guessed, framed, run or told to other sites.
    package static let standard = [
        HeaderField("x-content-type-options", "nosniff"),
        HeaderField("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
        HeaderField("referrer-policy", "no-referrer"),
        HeaderField("x-frame-options", "DENY"),
    ]

    /// Adds the fields that the reply does not have.
    package func respond(to request: Request, next: any Responder) throws -> Response {
        var response = try next.respond(to: request)
        response.headers.reserveCapacity(response.headers.count + fields.count + 2)
        // A page that says who may frame it has said all: the older field knows only nobody and oneself. Few replies have a policy,
        // and a search in a text, be it empty, costs as much as the rest of this.
        let policy = response.headers.first { $0.name.equalsIgnoringCase("content-security-policy") }?.value
        let isFramed = policy.map { $0.contains("frame-ancestors") && !$0.contains("frame-ancestors 'none'") } ?? false
        for field in fields where !(isFramed && field.name == "x-frame-options") {
            response.headers.setDefault(field.name, field.value)
        }
        return response
    }
}
