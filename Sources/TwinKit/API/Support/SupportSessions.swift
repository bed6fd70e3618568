import TwinHTTP
import TwinSupport

/// Sessions of contacts: what was said in them, what staff note, and the wish for a person.
struct SupportSessions: RouteCollection {
    let context: APIContext

    private static let reason = FieldRule.string(0...500)
    private static let email = FieldRule.line(3...254)
    static let status = FieldRule.oneOf(["none", "pending", "assigned", "resolved"])
    private static let date = FieldRule.string(10...40)
    private static let session = JSONSchema.reference("SupportSession")

    func add(to group: inout RouteGroup) throws {
        let path = "/api/{tenant_id:uuid}/session"
        try group.get(
            path,
            .support(
                "List sessions, newest first", .userRead,
                description: "Staff see those of all contacts, everybody else their own.",
                parameters: [
                    .query("user_id", .uuid, "Of this contact"), .query("status", Self.status, "In this state"),
                    .query("start_date", Self.date, "From this day or instant on"),
                    .query("end_date", Self.date, "Before this day or instant"),
                ] + SupportPage.parameters, answer: JSONSchema.array(Self.session)), list)
        try group.post(
            path,
            .support(
                "Begin a session", .userWrite,
                body: JSONSchema.input([
                    "user_id": JSONSchema.uuid, "topic": FieldRule.string(0...500).schema, "metadata": JSONSchema.object,
                ]),
                answer: Self.session, status: .created, isBodyRequired: false), begin)
        try group.get(path + "/{session_id:uuid}", .support("Read a session", .userRead, answer: Self.session)) { request in
            let caller = try context.caller(request)
            return .json(SupportSession(try session(request, caller)).json)
        }
        try group.get(
            path + "/{session_id:uuid}/messages",
            .support(
                "Read what was said, oldest first", .userRead,
                parameters: [.query("limit", FieldRule.int(1...1_000), "The newest so many")],
                answer: JSONSchema.output([
                    "session_id": JSONSchema.uuid, "messages": JSONSchema.array(JSONSchema.reference("SupportMessage")),
                ]))
        ) { request in
            let session = try session(request, context.caller(request))
            var query = request.queryFields()
            let limit = query.optional("limit", .int(1...1_000)) ?? 100
            try query.validate()
            let messages = try context.workspace.deskSessions.transcript(of: session, limit: limit)
            return .json([
                "session_id": .string(session.id),
                "messages": .array(messages.map { SupportMessage($0, in: session).json }),
            ])
        }
        try group.patch(
            path + "/{session_id:uuid}",
            .support(
                "End a session", .userWrite, body: JSONSchema.input(["feedback": Self.reason.schema]), answer: Self.session,
                isBodyRequired: false), end)
        try group.post(
            path + "/{session_id:uuid}/escalate",
            .support(
                "Ask for a person", .publicWrite,
                description: "By the contact. Where nobody is there it says so and asks for an address.",
                body: JSONSchema.input(["reason": Self.reason.schema, "email": Self.email.schema]),
                answer: JSONSchema.reference("SupportEscalation"), isBodyRequired: false), askForPerson)
        try group.get(
            path + "/{session_id:uuid}/notes",
            .support(
                "Read what staff noted", .userRead,
                answer: JSONSchema.output(["notes": JSONSchema.array(JSONSchema.reference("SupportNote"))]))
        ) { request in
            let session = try session(request, context.caller(request, .attend))
            return .json(["notes": .array(try context.workspace.deskSessions.notes(of: session).map { SupportNote($0).json })])
        }
        try group.post(
            path + "/{session_id:uuid}/notes",
            .support(
                "Note something for staff", .userWrite,
                body: JSONSchema.input(["content": FieldRule.text(1...4_000).schema], required: ["content"]),
                answer: JSONSchema.reference("SupportNote"), status: .created)
        ) { request in
            let caller = try context.caller(request, .attend)
            let session = try session(request, caller)
            var body = try request.bodyFields()
            let content = body.required("content", .text(1...4_000))
            try body.validate()
            return .json(
                SupportNote(
                    try context.workspace.deskSessions.addNote(content, to: session, by: caller.principal.actorID)
                ).json, status: .created)
        }
        try group.get(
            path + "/{session_id:uuid}/tool-calls",
            .support(
                "Read which tools were called", .userRead,
                answer: JSONSchema.output(["tool_calls": JSONSchema.array(JSONSchema.reference("SupportToolCall"))]))
        ) { request in
            let session = try session(request, context.caller(request, .attend))
            return .json([
                "tool_calls": .array(
                    try context.workspace.toolCalls(of: session).map { SupportToolCall($0).json })
            ])
        }
    }

    private func session(_ request: Request, _ caller: SupportCaller) throws -> DeskSession {
        try context.session(request.parameters.require("session_id"), for: caller)
    }

    private func list(_ request: Request) throws -> Response {
        let caller = try context.caller(request)
        var query = request.queryFields()
        let contactID = query.optional("user_id", .uuid)
        let status = query.optional("status", Self.status)
        func time(_ name: String) -> Timestamp? {
            guard let text = query.optional(name, Self.date) else { return nil }
            guard let time = Timestamp(text) else {
                query.fail(name, "write a day as YYYY-MM-DD, or an instant as RFC 3339 has it")
                return nil
            }
            return time
        }
        let (from, until) = (time("start_date"), time("end_date"))
        let page = SupportPage(&query, default: 50)
        try query.validate()
        let only = caller.isStaff ? contactID : try context.contact(contactID, for: caller).id
        if let contactID, caller.isStaff { _ = try context.workspace.contacts.find(contactID, of: caller.tenantID) }
        return .json(
            try sessions(caller, contactID: only, status: status, from: from, until: until, page: page))
    }

    func sessions(
        _ caller: SupportCaller, contactID: String?, status: String? = nil, from: Timestamp? = nil, until: Timestamp? = nil,
        page: SupportPage
    ) throws -> JSON {
        var filter = DeskSessions.Filter()
        filter.contactID = contactID
        filter.status = status.flatMap(Handover.Status.init)
        filter.isUntouched = status == "none"
        filter.from = from
        filter.until = until
        filter.limit = page.limit
        filter.offset = page.offset
        return .array(
            try context.workspace.deskSessions.list(of: caller.tenantID, filter)
                .filter { caller.pass?.sessionID == nil || caller.pass?.sessionID == $0.session.id }
                .map { SupportSession($0).json })
    }

    private func begin(_ request: Request) throws -> Response {
        let caller = try context.caller(request)
        guard caller.pass?.sessionID == nil else {
            throw TwinError(.notPermitted, "the token is good for its own session only")
        }
        var body = try request.body.collect().isEmpty ? FieldDecoder(JSONObject()) : request.bodyFields()
        let contactID = body.optional("user_id", .uuid)
        let topic = body.optional("topic", .string(0...500))
        let metadata = body.optional("metadata", .object)
        try body.validate()
        let session = try context.workspace.deskSessions.begin(
            for: context.contact(contactID, for: caller), topic: topic, metadata: metadata ?? JSONObject(),
            address: context.address(of: request))
        return .json(SupportSession(session).json, status: .created)
    }

    private func end(_ request: Request) throws -> Response {
        let caller = try context.caller(request)
        let session = try session(request, caller)
        var body = try request.body.collect().isEmpty ? FieldDecoder(JSONObject()) : request.bodyFields()
        let feedback = body.optional("feedback", Self.reason)
        try body.validate()
        let ended = try context.workspace.deskSessions.end(
            session.id, of: caller.tenantID, feedback: feedback, by: caller.principal.actorID ?? session.contactID)
        return .json(SupportSession(ended).json)
    }

    private func askForPerson(_ request: Request) throws -> Response {
        let caller = try context.caller(request)
        let session = try session(request, caller)
        return try Self.escalate(session, request, context)
    }

    /// A contact's wish for a person, through whichever door.
    static func escalate(_ session: DeskSession, _ request: Request, _ context: APIContext) throws -> Response {
        var body = try request.body.collect().isEmpty ? FieldDecoder(JSONObject()) : request.bodyFields()
        let reason = body.optional("reason", reason)
        let email = body.optional("email", email)
        try body.validate()
        let result = try context.workspace.handovers.requestByContact(
            session.id, of: session.tenantID, reason: reason ?? "The visitor asked for a person", email: email)
        let isWaiting = result.session.handover?.status == .pending
        let asksForAddress = isWaiting && !result.isAnybodyThere && result.session.contactEmail == nil
        let words =
            !isWaiting
            ? "Somebody is with you."
            : result.isAnybodyThere
                ? "Everybody is busy just now. Somebody will be with you soon."
                : asksForAddress
                    ? "Nobody is there just now. Leave an e-mail address, and somebody will write to you."
                    : "Nobody is there just now. Somebody will write to you."
        return .json([
            "success": true, "session_id": .string(session.id),
            "escalation_status": .string(result.session.handover?.status.rawValue ?? "none"), "message": .string(words),
            "anybody_there": .bool(result.isAnybodyThere), "email_needed": .bool(asksForAddress),
        ])
    }
}
