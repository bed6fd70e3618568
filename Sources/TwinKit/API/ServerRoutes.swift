import TwinHTTP
import TwinSupport

/// What a server tells of itself: whether it is well, how it is used, and what it answers.
struct ServerRoutes: RouteCollection {
    let context: APIContext
    let description: OpenAPIDocument

    /// Where tokens of links stand in the server's own paths.
    static let secretPaths: [String] = []

    /// The description is the same for all; a client asks whether it still is.
    private static let forEverybody = HeaderField("cache-control", "public, no-cache")
    private static let health = JSONSchema.output([
        "status": JSONSchema.string, "service": JSONSchema.string, "version": JSONSchema.string,
    ])

    func add(to group: inout RouteGroup) throws {
        for path in ["/", "/health"] {
            try group.get(
                path,
                RouteOptions(
                    "Say that the server is there", execution: .eventLoop,
                    documentation: RouteDocumentation(answers: [.init(.ok, content: .init(Self.health))], security: []))
            ) { _ in
                .json(["status": "healthy", "service": "twin", "version": .string(TwinVersion.current)])
            }
        }
        // The rest asks for no name: a look at whether the server lives waits for no database.
        try group.group(use: [context.authentication]) { group in
            try group.get(
                "/metrics",
                RouteOptions(
                    "Read counters in Prometheus's text form",
                    documentation: RouteDocumentation(
                        answers: [
                            .init(.ok, content: .init(JSONSchema.string, type: "text/plain")),
                            .init(.unauthorized, content: .init(JSONSchema.reference("Error"))),
                            .init(.forbidden, content: .init(JSONSchema.reference("Error"))),
                        ]))
            ) { [context] request in
                try context.authorizer.requireMonitoring(request.principal)
                return .text(context.counters.render(), type: "text/plain; version=0.0.4; charset=utf-8")
            }
        }
        try group.get(
            "/openapi.json",
            RouteOptions("Read this description", documentation: RouteDocumentation(security: [], isHidden: true))
        ) { [description] request in
            Response.json(description.json, headers: [Self.forEverybody]).conditional(on: request)
        }
        try group.get(
            "/docs",
            RouteOptions("Read this description as a page", documentation: RouteDocumentation(security: [], isHidden: true))
        ) { [description] _ in
            OpenAPIPage.response(description.json)
        }
    }
}
