import TwinHTTP
import TwinSupport

/// Questions from a widget on somebody's page, with an API key in the body.
struct StudioWidget: RouteCollection {
    let context: APIContext

    /// Questions of a session an hour.
    private static let hourly = 30

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
        let twin = try context.authorizer.activeTwin(request.parameters.require("twin_id"), .chat, as: principal)
        try body.validate()

        let visitor = try Visitor(context, twin: twin, origin: .key(key.id), sessionID: sessionID, request: request)
        var question = try visitor.question(query ?? "")
        question.limits = [RateLimit("widget:\(visitor.session.id)", Self.hourly, per: .hour)]
        let chat = context.workspace.chat
        let turn = try chat.begin(question, of: twin)
        return try ChatStream(
            chat: chat, counters: context.counters, turn: turn,
            events: StudioEvents(sessionID: visitor.session.id, questionID: turn.questionID)
        ).response(to: request)
    }
}

/// Somebody without an account, with a session and one conversation in it.
struct Visitor {
    let session: Session
    private let clearance: Clearance
    private let conversationID: String?

    init(
        _ context: APIContext, twin: Twin, origin: Sessions.Origin, sessionID: String?, request: Request
    ) throws {
        guard let group = try context.workspace.groups.group(forUser: nil, isVisitor: true, of: twin) else {
            throw TwinError(.notPermitted, "the twin has no access group for visitors")
        }
        let sessions = context.workspace.sessions
        session = try sessions.resume(
            id: sessionID, origin: origin, twin: twin, group: group, ipAddress: context.address(of: request),
            userAgent: request.headers["user-agent"]
        ).session
        clearance = .group(group)
        conversationID = try sessions.conversationID(of: session)
    }

    func question(_ text: String) throws -> ChatService.Request {
        ChatService.Request(
            question: text, clearance: clearance, conversationID: conversationID, mode: .public, sessionID: session.id)
    }
}
