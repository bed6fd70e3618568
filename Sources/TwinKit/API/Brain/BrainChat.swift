import TwinHTTP
import TwinSupport

/// Conversations and questions.
struct BrainChat: RouteCollection {
    let context: APIContext

    private static let message = FieldRule.text(1...ChatService.maximumQuestionBytes)
    private static let mode = FieldRule.oneOf(["chat"])
    private static let messageLimit = FieldRule.int(1...1_000)

    func add(to group: inout RouteGroup) throws {
        let path = "/api/twins/{twin_id}/conversations"
        var beginning = RouteOptions.brain(
            "Begin a conversation", .chat, body: JSONSchema.input(["mode": Self.mode.schema]), example: ["mode": "chat"],
            answer: JSONSchema.reference("BrainConversation"), status: .created)
        beginning.documentation.isRequestRequired = false
        try group.post(path, beginning, begin)
        try group.get(
            path,
            .brain(
                "List conversations, newest first", .userRead, description: "Owners see all of them, viewers their own.",
                parameters: BrainPage.parameters, answer: BrainSchemas.list("conversations", "BrainConversation")), list)
        try group.get(
            path + "/{conversation_id}",
            .brain(
                "Read a conversation with its newest messages", .userRead,
                parameters: [
                    .query("include_messages", .bool, "Whether to include the messages"),
                    .query("message_limit", Self.messageLimit, "The maximum number of messages"),
                ], answer: JSONSchema.reference("BrainConversation")), read)
        try group.post(
            "/api/twins/{twin_id}/chat",
            .brain(
                "Ask a twin", .chat,
                body: JSONSchema.input(
                    ["message": Self.message.schema, "conversation_id": JSONSchema.uuid], required: ["message"]),
                example: ["message": "What's our investment thesis?"], answer: JSONSchema.reference("BrainAnswer"),
                answersOnReplica: true, execution: .longRunning, bodyLimit: 131_072), ask)
    }

    private func begin(_ request: Request) throws -> Response {
        let twin = try context.activeTwin(request, .chat)
        if request.contentType != nil {
            var body = try request.bodyFields()
            _ = body.optional("mode", Self.mode)
            try body.validate()
        }
        let conversation = try context.workspace.ask.begin(twin, as: request.principal)
        return .json(Self.json(conversation, twin), status: .created)
    }

    private func list(_ request: Request) throws -> Response {
        let twin = try context.twin(request, .read)
        var query = request.queryFields()
        let page = BrainPage(&query)
        try query.validate()
        let userID = try context.authorizer.conversationsScope(of: twin, as: request.principal)
        let store = context.workspace.conversations
        let found = try store.list(twin: twin, userID: userID, limit: page.limit, offset: page.offset)
        return page.response("conversations", found, total: try store.count(twin: twin, userID: userID)) { overview in
            var object = Self.json(overview.conversation, twin).objectValue ?? JSONObject()
            object["message_count"] = .number(overview.messageCount)
            object["first_question"] = .optional(overview.firstQuestion)
            return .object(object)
        }
    }

    private func read(_ request: Request) throws -> Response {
        let twin = try context.twin(request, .read)
        var query = request.queryFields()
        let includes = query.optional("include_messages", .bool) ?? true
        let limit = query.optional("message_limit", Self.messageLimit) ?? 50
        let id = try request.parameters.require("conversation_id")
        let (conversation, owner, messages) = try context.workspace.ask.transcript(
            of: id, seenBy: request.principal, limit: limit)
        guard owner.key == twin.key else { throw OwnedTable<OwnedByTwin>.conversations.notFound }
        try query.validate()
        var object = Self.json(conversation, twin).objectValue ?? JSONObject()
        if includes {
            object["messages"] = .array(
                messages.map { message in
                    var told: JSONObject = [
                        "id": .string(message.id), "role": .string(message.role.rawValue), "content": .string(message.content),
                        "created_at": .string(message.createdAt.description),
                    ]
                    if message.role == .assistant {
                        told["metadata"] = [
                            "confidence": .optional(message.confidence),
                            "sources": .array(message.citations.map { Self.source($0) }),
                        ]
                    }
                    return .object(told)
                })
        }
        return .json(.object(object))
    }

    private func ask(_ request: Request) throws -> Response {
        let question = try context.reading(request, for: .chat) { () -> Ask.Question in
            var body = try request.bodyFields()
            let message = body.required("message", Self.message)
            let conversationID = body.optional("conversation_id", .uuid)
            try body.validate()
            return Ask.Question(message, of: try request.parameters.require("twin_id"), conversationID: conversationID)
        }
        let ask = context.workspace.ask
        let turn = try ask.take(question, as: request.reader)
        let answer = try ask.answer(turn)
        context.counters.answered(answer.status)
        let escalationID = try context.escalationID(of: answer, twin: turn.twin)
        var object: JSONObject = [
            "conversation_id": .optional(answer.metadata.conversationID), "message_id": .optional(answer.done.messageID),
            "response": .string(answer.clarification?.question ?? answer.text),
            "confidence": .double(answer.metadata.confidence),
            "sources": .array(answer.metadata.citations.map { Self.source($0) }),
            "escalated": .bool(answer.status == .escalated || escalationID != nil),
        ]
        object["escalation_id"] = escalationID.map(JSON.string)
        if let clarification = answer.clarification { object["clarification_id"] = .optional(clarification.id) }
        var response = Response.json(.object(object))
        response.headers += turn.limits.fields
        return response
    }

    private static func source(_ citation: Citation) -> JSON {
        [
            "type": "document", "title": .string(citation.sourceTitle), "chunk": .string(citation.quote),
            "source_id": .string(citation.sourceID),
        ]
    }

    static func json(_ conversation: Conversation, _ twin: Twin) -> JSON {
        [
            "id": .string(conversation.id), "twin_id": .string(twin.id), "mode": "chat",
            "created_at": .string(conversation.createdAt.description), "updated_at": .string(conversation.updatedAt.description),
        ]
    }
}
