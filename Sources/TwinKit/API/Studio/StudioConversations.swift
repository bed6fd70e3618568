import TwinHTTP

/// What was asked and answered.
struct StudioConversations: RouteCollection {
    let context: APIContext

    func add(to group: inout RouteGroup) throws {
        try group.get(
            "/conversations/{twin_id}",
            .contract(
                "List a twin's conversations, newest first", .userRead,
                description: "Owners see all of them, viewers their own.",
                answer: JSONSchema.array(JSONSchema.reference("Conversation"))),
            list)
        try group.get(
            "/conversations/{conversation_id}/messages",
            .contract(
                "Read a conversation, oldest message first", .userRead,
                answer: JSONSchema.array(JSONSchema.reference("ChatMessage"))),
            messages)
    }

    /// The contract has no paging; more than this nobody reads in one piece.
    private static let maximum = 10_000

    private func list(_ request: Request) throws -> Response {
        let twin = try context.activeTwin(request, .read)
        let userID = try context.authorizer.conversationsScope(of: twin, as: request.principal)
        return .list(
            try context.workspace.conversations.list(twin: twin, userID: userID, limit: Self.maximum).map(StudioConversation.init)
        )
    }

    private func messages(_ request: Request) throws -> Response {
        let id = try request.parameters.require("conversation_id")
        return .list(
            try context.workspace.ask.transcript(of: id, seenBy: request.principal, limit: Self.maximum).messages
                .map(StudioMessage.init))
    }
}
