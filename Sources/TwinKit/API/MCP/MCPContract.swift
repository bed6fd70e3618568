import TwinHTTP
import TwinSupport

/// The Model Context Protocol over HTTP: `POST /mcp`, a message a request, a JSON reply, no session
/// (https://modelcontextprotocol.io/specification/2026-07-28/basic/transports).
package struct MCPContract: Contract {
    package let name = "mcp"
    package let prefixes = ["/mcp"]
    package let schemas: JSONObject = [:]

    package init() {}

    /// Errors of the transport have JSON-RPC's form too, without the id that nobody has read.
    package func response(to error: ErrorReport, _ request: Request) -> Response {
        let code: RPCError.Code = error.status.code >= 500 ? .internal : .invalidRequest
        return .json(RPCError(code, error.message).json(id: .null), status: error.status, headers: error.headers)
    }

    /// One route: which method is called stands in the message.
    package func routes(_ context: APIContext) -> [RouteArea] { [RouteArea("MCP", MCPRoute(context: context))] }
}

private struct MCPRoute: RouteCollection {
    let context: APIContext

    func add(to group: inout RouteGroup) throws {
        let message = RouteDocumentation.Content(["type": "object"])
        try group.post(
            "/mcp",
            RouteOptions(
                "Send a message of the Model Context Protocol", execution: .longRunning,
                bodyLimit: MCPServer.maximumMessageBytes,
                documentation: RouteDocumentation(
                    description: """
                        One JSON-RPC message a request; the reply is JSON. Nothing is kept between requests, so there is no \
                        session to begin or to end.
                        """,
                    request: message,
                    answers: [
                        .init(.ok, content: message), .init(.accepted, "A notification was accepted"),
                        .init(.badRequest, content: message), .init(.unauthorized, content: message),
                        .init(.forbidden, content: message), .init(.notFound, content: message),
                        .init(.contentTooLarge, content: message), .init(.unsupportedMediaType, content: message),
                        .init(.serviceUnavailable, content: message),
                    ])),
            post)
    }

    private func post(_ request: Request) throws -> Response {
        // A key or a token is needed from the start: whoever holds none would get errors from each tool one by one.
        guard request.principal != .nobody else { throw Authorizer.unauthenticated }
        try checkOrigin(request)
        let server = MCPServer(context.workspace, offersWriting: true) { [context] in context.log($0, request) }
        let reply = server.reply(to: try request.body.collect(), as: request.reader, headers: request.headers)
        guard let message = reply.message else { return Response(reply.status) }
        return .json(message, status: reply.status, headers: [HeaderField("cache-control", "private, no-store")])
    }

    /// A page that a browser shows may call this only where the operator allows its origin: DNS rebinding would otherwise let
    /// any page speak to a server on its reader's own machine.
    private func checkOrigin(_ request: Request) throws {
        guard let origin = request.headers["origin"], !context.pages.allows(origin) else { return }
        throw HTTPError(.forbidden, "this origin may not use the server; 'serve.origins' lists those that may")
    }
}
