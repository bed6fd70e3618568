import TwinHTTP
import TwinSupport

/// What contacts ask, and what supporters say to them.
struct SupportChat: RouteCollection {
    let context: APIContext

    static let message = FieldRule.text(1...DeskChat.maximumMessageLength)
    private static let session = JSONSchema.reference("SupportSession")

    func add(to group: inout RouteGroup) throws {
        try group.post(
            "/api/{tenant_id:uuid}/chat",
            .support(
                "Ask at a desk", .chat,
                description:
                    "`user_id` is a contact of the tenant; members of the tenant may ask as themselves with their own id. Without a "
                    + "session, or with one that is not the contact's, a new one begins. While a person has the session, the reply "
                    + "is empty and its status `with_supporter`.",
                body: JSONSchema.input(
                    [
                        "message": Self.message.schema, "user_id": JSONSchema.uuid,
                        "session_id": FieldRule.string(0...200).schema,
                        "agent_name": FieldRule.string(1...200).schema, "metadata": JSONSchema.object,
                    ], required: ["message"]), example: ["message": "Where is my order?"],
                answer: JSONSchema.reference("SupportAnswer"), execution: .longRunning, bodyLimit: 131_072), ask)
        try group.get(
            "/api/{tenant_id:uuid}/supporter/sessions",
            .support(
                "List one's own sessions, newest first", .userRead,
                parameters: [.query("status", SupportSessions.status, "assigned without it")] + SupportPage.parameters,
                answer: JSONSchema.output([
                    "success": JSONSchema.boolean, "total_sessions": JSONSchema.integer, "active_sessions": JSONSchema.integer,
                    "sessions": JSONSchema.array(Self.session),
                ])), ownSessions)
        try group.post(
            "/api/{tenant_id:uuid}/supporter/message",
            .support(
                "Say something in a session that one was given", .userWrite,
                body: JSONSchema.input(
                    ["session_id": JSONSchema.uuid, "message": Self.message.schema, "metadata": JSONSchema.object],
                    required: ["session_id", "message"]), answer: JSONSchema.reference("SupportMessage"), bodyLimit: 131_072), say
        )
        try group.post(
            "/api/{tenant_id:uuid}/supporter/presence",
            .support(
                "Say that one is there", .userWrite,
                description: "To be called every 30 seconds; after 90 seconds of silence one counts as gone.",
                answer: JSONSchema.reference("SupportStaff"))
        ) { request in
            let caller = try context.caller(request, .attend)
            let user = try caller.principal.person()
            return .json(SupportStaffMember(try context.workspace.staff.ping(user, of: caller.tenantID)).json)
        }
    }

    // MARK: Asking

    private func ask(_ request: Request) throws -> Response {
        let caller = try context.caller(request)
        var body = try request.bodyFields()
        let message = body.required("message", Self.message)
        let contactID = body.optional("user_id", .uuid)
        let sessionID = body.optional("session_id", .string(0...200))
        let agent = body.optional("agent_name", .string(1...200))
        let metadata = body.optional("metadata", .object)
        try body.validate()
        var inquiry = DeskChat.Inquiry(message, from: try context.contact(contactID, for: caller), sessionID: sessionID)
        // A widget's token goes on with its own session and begins no other.
        if let pass = caller.pass, let own = pass.sessionID { inquiry.sessionID = own }
        inquiry.replacesUnknownSession = caller.pass?.sessionID == nil
        inquiry.agent = agent
        inquiry.metadata = metadata ?? JSONObject()
        inquiry.address = context.address(of: request)
        let reply = try context.workspace.deskChat.answer(inquiry, at: caller.tenantID, isCancelled: { request.isCancelled })
        return SupportAnswer(reply).response
    }

    // MARK: Supporters

    private func ownSessions(_ request: Request) throws -> Response {
        let caller = try context.caller(request, .attend)
        let user = try caller.principal.person()
        var query = request.queryFields()
        let status = query.optional("status", SupportSessions.status)
        let page = SupportPage(&query, default: 50)
        try query.validate()
        var filter = DeskSessions.Filter()
        filter.userID = user.id
        filter.status = Handover.Status(rawValue: status ?? "assigned")
        filter.limit = page.limit
        filter.offset = page.offset
        let sessions = context.workspace.deskSessions
        var all = DeskSessions.Filter()
        all.userID = user.id
        var active = all
        active.status = .assigned
        return .json([
            "success": true, "total_sessions": .number(try sessions.count(of: caller.tenantID, all)),
            "active_sessions": .number(try sessions.count(of: caller.tenantID, active)),
            "sessions": .array(try sessions.list(of: caller.tenantID, filter).map { SupportSession($0).json }),
        ])
    }

    private func say(_ request: Request) throws -> Response {
        let caller = try context.caller(request, .attend)
        let user = try caller.principal.person()
        var body = try request.bodyFields()
        let sessionID = body.required("session_id", .uuid)
        let text = body.required("message", Self.message)
        _ = body.optional("metadata", .object)
        try body.validate()
        let session = try context.workspace.deskSessions.find(sessionID, of: caller.tenantID)
        let message = try context.workspace.handovers.say(text, in: session.id, of: caller.tenantID, as: user)
        return .json(
            .object(
                (SupportMessage(message, in: session, name: user.fullName).json.objectValue ?? JSONObject()).merging([
                    "success": true
                ])))
    }
}
