import TwinHTTP
import TwinSupport

/// Questions of people who are signed in, and of scripts with a key.
struct StudioChat: RouteCollection {
    let context: APIContext

    static let question = FieldRule.text(1...ChatService.maximumQuestionBytes)

    func add(to group: inout RouteGroup) throws {
        try group.post(
            "/chat/{twin_id}",
            .contract(
                "Ask a twin", .chat,
                description: """
                    The answer is a stream of events: JSON Lines, or Server-Sent Events with `Accept: text/event-stream`; with \
                    `Accept: application/json` it is one document. `Last-Event-ID` (the last event's `id`, or `event_id`) with \
                    the `conversation_id` goes on where a connection broke: the rest of an answer that is finished, or the \
                    answer from its `metadata` on. An answer is finished and stored though its reader leaves. An event with \
                    `ping` is a sign of life; the first one has the ids before a model begins.
                    """,
                body: JSONSchema.input(
                    [
                        "query": Self.question.schema, "message": Self.question.schema,
                        "conversation_id": JSONSchema.uuid,
                        "group_id": JSONSchema.uuid, "mode": FieldRule.oneOf(["owner", "public"]).schema,
                        "metadata": JSONSchema.object,
                    ], anyOf: ["query", "message"]),
                example: ["query": "How often is the gear oil changed?"], answer: StudioEvents.schema,
                answerType: "application/x-ndjson", orElse: StudioEvents.otherForms, answersOnReplica: true,
                execution: .longRunning, bodyLimit: 131_072),
            ask)
    }

    private func ask(_ request: Request) throws -> Response {
        let (question, resumed) = try context.reading(request, for: .chat) { try Self.question(request) }
        let ask = context.workspace.ask
        if let (questionID, sent) = resumed {
            let events = StudioEvents(questionID: questionID)
            switch try ask.resume(questionID, question, as: request.reader) {
            case .stored(let answer): return ChatStream.replay(answer, from: sent, events: events, to: request)
            case .unanswered(let turn): return try response(to: request, turn)
            }
        }
        return try response(to: request, try ask.take(question, as: request.reader))
    }

    private func response(to request: Request, _ turn: ChatService.Turn) throws -> Response {
        try ChatStream(
            ask: context.workspace.ask, counters: context.counters, turn: turn,
            events: StudioEvents(questionID: turn.questionID)
        ).response(to: request)
    }

    /// What is asked, or which question of a conversation a returning client comes back to.
    private static func question(_ request: Request) throws -> (Ask.Question, resumed: (questionID: String, sent: Int)?) {
        var body = try request.bodyFields()
        let query = body.optional("query", Self.question) ?? body.optional("message", Self.question)
        let conversationID = body.optional("conversation_id", .uuid)
        let groupID = body.optional("group_id", .uuid)
        let mode = body.optional("mode", .oneOf(["owner", "public"])).flatMap(ChatMode.init)
        _ = body.optional("metadata", .object)
        let resumes = request.lastEventID != nil && conversationID != nil
        if query == nil, !resumes, body.issues.isEmpty { body.fail("query", type: "missing", "Field required") }
        try body.validate()
        var question = Ask.Question(
            query ?? "", of: try request.parameters.require("twin_id"), conversationID: conversationID)
        question.group = groupID
        question.mode = mode
        return (question, resumes ? position(request.lastEventID) : nil)
    }

    /// The question and the bytes of its answer that a returning client names.
    static func position(_ lastEventID: String?) -> (questionID: String, sent: Int)? {
        let parts = (lastEventID ?? "").split(separator: ".")
        guard parts.count == 2, Identifier.isValid(String(parts[0])), let sent = Int(parts[1]), sent >= 0 else { return nil }
        return (String(parts[0]), sent)
    }
}
