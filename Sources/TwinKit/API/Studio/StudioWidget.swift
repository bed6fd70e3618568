import TwinHTTP
import TwinSupport

/// Questions from a widget on somebody's page, with an API key in the body.
struct StudioWidget: RouteCollection {
    let context: APIContext

    func add(to group: inout RouteGroup) throws {
        try group.post(
            "/chat-widget/{twin_id}",
            .contract(
                "Ask from a widget", .publicWrite,
                description:
                    "The stream of `/chat/{twin_id}`; the session's id comes with `metadata` and goes with the next question.",
                body: JSONSchema.input(
                    [
                        "query": StudioChat.question.schema, "message": StudioChat.question.schema,
                        "session_id": FieldRule.string(0...200).schema, "api_key": FieldRule.string(1...200).schema,
                    ], required: ["api_key"], anyOf: ["query", "message"]),
                example: ["query": "How often is the gear oil changed?", "api_key": "tenant_…"],
                answer: StudioEvents.schema, answerType: "application/x-ndjson", orElse: StudioEvents.otherForms,
                execution: .longRunning, bodyLimit: 131_072),
            ask)
    }

    private func ask(_ request: Request) throws -> Response {
        var body = try request.bodyFields()
        let text = body.required("api_key", .string(1...200))
        let query = body.optional("query", StudioChat.question) ?? body.optional("message", StudioChat.question)
        let sessionID = body.optional("session_id", .string(0...200))
        if body.issues.isEmpty, query == nil { body.fail("query", type: "missing", "Field required") }
        let principal = try context.workspace.authenticator.principal(
            bearer: nil, apiKey: Secret(text), origin: Authentication.origin(request))
        guard case .apiKey(let key) = principal else { throw TwinError(.unauthenticated, "this API key is not valid") }
        let name = try request.parameters.require("twin_id")
        if !body.issues.isEmpty { _ = try context.authorizer.activeTwin(name, .chat, as: principal) }
        try body.validate()

        let session = try context.workspace.visitors.enter(name, with: key, context.visit(request, sessionID: sessionID))
        let ask = context.workspace.ask
        let turn = try ask.take(Ask.Question(query ?? "", of: name), as: .visitor(session))
        return try ChatStream(
            ask: ask, counters: context.counters, turn: turn,
            events: StudioEvents(sessionID: session.id, questionID: turn.questionID)
        ).response(to: request)
    }
}

extension APIContext {
    /// What the browser of a visitor says of itself.
    func visit(_ request: Request, sessionID: String?) -> Visitors.Visit {
        Visitors.Visit(
            sessionID: sessionID, address: request.clientAddress, userAgent: request.headers["user-agent"])
    }
}
