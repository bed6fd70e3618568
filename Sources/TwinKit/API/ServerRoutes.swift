import TwinHTTP
import TwinSupport

/// What a server tells of itself: whether it is well, how it is used, and what it answers.
struct ServerRoutes: RouteCollection {
    let context: APIContext
    let description: OpenAPIDocument
    var replica: ReplicaLink?

    /// The description is the same for all; a client asks whether it still is.
    private static let forEverybody = HeaderField("cache-control", "public, no-cache")

    func add(to group: inout RouteGroup) throws {
        try ServerHealth(services: context.workspace.services, replica: replica).add(to: &group)
        try ServerPages(context: context).add(to: &group)
        try ServerStorage(context: context).add(to: &group)
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
            "/.well-known/jwks.json",
            RouteOptions(
                "Read the keys that check this server's RS256 tokens",
                documentation: RouteDocumentation(
                    answers: [
                        .init(
                            .ok,
                            content: .init(JSONSchema.output(["keys": JSONSchema.array(JSONSchema.object)])))
                    ], security: []))
        ) { [context] _ in
            .json(
                try context.workspace.tokens.keys.document(), headers: [HeaderField("cache-control", "public, max-age=300")])
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
