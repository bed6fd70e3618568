import TwinHTTP
import TwinSupport

/// Questions from a widget on somebody's page, with an API key in the body, or the token that the widget's own page was given.
struct StudioWidget: RouteCollection {
    let context: APIContext

    static let doorFields: JSONObject = [
        "api_key": FieldRule.string(1...200).schema, "page_token": FieldRule.string(1...4_096).schema,
    ]

    /// A body that has one of the two.
    static func withDoor(_ body: JSON) -> JSON {
        [
            "allOf": [
                body,
                [
                    "anyOf": .array(
                        doorFields.members.map { name, schema in
                            ["required": [.string(name)], "properties": .object(JSONObject([(key: name, value: schema)]))]
                        })
                ],
            ]
        ]
    }

    /// What a widget shows to be let in.
    struct Door: Sendable {
        let apiKey: String?
        let pageToken: String?

        init(_ body: inout FieldDecoder) {
            apiKey = body.optional("api_key", .string(1...200))
            pageToken = body.optional("page_token", .string(1...4_096))
            if apiKey == nil, pageToken == nil, body.issues.isEmpty {
                body.fail("api_key", type: "missing", "Field required")
            }
        }

        /// The key that holds now. Throws `TwinError` when it is none, or may not be used from where the request comes.
        func key(_ context: APIContext, _ request: Request, twin: String) throws -> KeyStore.Key {
            if let pageToken { return try context.workspace.tokens.key(ofPage: Secret(pageToken), twin: twin) }
            let principal = try context.workspace.authenticator.principal(
                bearer: nil, apiKey: apiKey.map { Secret($0) }, origin: Authentication.origin(request))
            guard case .apiKey(let key) = principal else { throw TwinError(.unauthenticated, "this API key is not valid") }
            return key
        }
    }

    func add(to group: inout RouteGroup) throws {
        try group.post(
            "/chat-widget/{twin_id}",
            .contract(
                "Ask from a widget", .publicWrite,
                description:
                    """
                    The stream of `/chat/{twin_id}`; the session's id comes with `metadata` and goes with the next question, or \
                    with the `Last-Event-ID` of a question whose answer was not heard to its end. The page inside of a widget's \
                    frame has a `page_token` in the place of the key.
                    """,
                body: Self.withDoor(
                    JSONSchema.input(
                        Self.doorFields.merging([
                            "query": StudioChat.question.schema, "message": StudioChat.question.schema,
                            "session_id": FieldRule.string(0...200).schema,
                        ]), anyOf: ["query", "message"])),
                example: ["query": "How often is the gear oil changed?", "api_key": "tenant_…"],
                answer: StudioEvents.schema, answerType: "application/x-ndjson", orElse: StudioEvents.otherForms,
                execution: .longRunning, bodyLimit: 131_072),
            ask)
    }

    private func ask(_ request: Request) throws -> Response {
        var body = try request.bodyFields()
        let door = Door(&body)
        let query = body.optional("query", StudioChat.question) ?? body.optional("message", StudioChat.question)
        let sessionID = body.optional("session_id", .string(0...200))
        // A visitor comes back to an answer of the session, which needs no question.
        let resumed = sessionID == nil ? nil : StudioChat.position(request.lastEventID)
        if body.issues.isEmpty, query == nil, resumed == nil { body.fail("query", type: "missing", "Field required") }
        let name = try request.parameters.require("twin_id")
        let key: @Sendable () throws -> KeyStore.Key = { [context] in try door.key(context, request, twin: name) }
        if !body.issues.isEmpty { _ = try context.authorizer.activeTwin(name, .chat, as: .apiKey(key())) }
        try body.validate()

        let session = try context.workspace.visitors.enter(name, with: key(), context.visit(request, sessionID: sessionID))
        let visitor = Principal.visitor(session)
        let reader = request.reader(visitor) { [authorizer = context.authorizer] in
            // The door is the key's: it lets nobody through any more once it is revoked.
            _ = try authorizer.activeTwin(name, .chat, as: .apiKey(key()))
            return visitor
        }
        let ask = context.workspace.ask
        var question = Ask.Question(query ?? "", of: name)
        question.address = context.address(of: request)
        let turn: ChatService.Turn
        if let (questionID, sent) = resumed {
            let events = StudioEvents(sessionID: session.id, questionID: questionID)
            switch try ask.resume(questionID, question, as: reader) {
            case .stored(let answer): return ChatStream.replay(answer, from: sent, events: events, to: request)
            case .unanswered(let found): turn = found
            }
        } else {
            turn = try ask.take(question, as: reader)
        }
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
