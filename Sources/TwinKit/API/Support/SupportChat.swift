import TwinHTTP
import TwinSupport

/// Chats of contacts, their sessions, and the supporters who take them over.
struct SupportChat: RouteCollection {
    let context: APIContext

    static let message = FieldRule.text(1...DeskChat.maximumMessageLength)
    private static let reason = FieldRule.string(0...500)
    private static let email = FieldRule.line(3...254)
    private static let status = FieldRule.oneOf(["none", "pending", "assigned", "resolved"])
    private static let date = FieldRule.string(10...40)
    private static let session = JSONSchema.reference("SupportSession")
    private static let contact = JSONSchema.reference("SupportContact")

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
                        "message": Self.message.schema, "user_id": JSONSchema.uuid, "session_id": JSONSchema.string,
                        "agent_name": JSONSchema.string, "metadata": JSONSchema.object,
                    ], required: ["message"]), example: ["message": "Where is my order?"],
                answer: JSONSchema.reference("SupportAnswer"), execution: .longRunning, bodyLimit: 131_072), ask)
        try addSessions(to: &group)
        try addContacts(to: &group)
        try group.get(
            "/api/{tenant_id:uuid}/supporter/sessions",
            .support(
                "List one's own sessions, newest first", .userRead,
                parameters: [.query("status", Self.status, "assigned without it")] + SupportPage.parameters,
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

    private func addSessions(to group: inout RouteGroup) throws {
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
                answer: Self.session, status: .created), begin)
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
                "End a session", .userWrite, body: JSONSchema.input(["feedback": Self.reason.schema]), answer: Self.session), end)
        try group.post(
            path + "/{session_id:uuid}/escalate",
            .support(
                "Ask for a person", .publicWrite,
                description: "By the contact. Where nobody is there it says so and asks for an address.",
                body: JSONSchema.input(["reason": Self.reason.schema, "email": Self.email.schema]),
                answer: JSONSchema.reference("SupportEscalation")), askForPerson)
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

    private func addContacts(to group: inout RouteGroup) throws {
        let path = "/api/{tenant_id:uuid}/chat-users"
        try group.post(
            path,
            .support(
                "Make a contact", .userWrite,
                description: "One whose address staff vouch for; an address that there is already gives the same contact.",
                body: JSONSchema.input(
                    [
                        "email": Self.email.schema, "username": FieldRule.line(1...200).schema,
                        "department": FieldRule.line(1...200).schema,
                    ], required: ["email"]), example: ["email": "visitor@example.org", "username": "A visitor"],
                answer: Self.contact, status: .created)
        ) { request in
            let caller = try context.caller(request, .attend)
            var body = try request.bodyFields()
            let email = body.required("email", Self.email)
            let name = body.optional("username", .line(1...200))
            let department = body.optional("department", .line(1...200))
            try body.validate()
            let contact = try context.workspace.contacts.add(
                email: email, name: name ?? email, department: department, to: caller.tenantID)
            let token = try context.workspace.tokens.token(
                for: Tokens.Pass(.contact, contactID: contact.id, tenantID: caller.tenantID))
            return .json(SupportContact(contact, token: token).json, status: .created)
        }
        try group.get(
            path,
            .support(
                "List contacts, newest first", .userRead,
                parameters: [.query("email", .string(1...254), "Who state this address")] + SupportPage.parameters,
                answer: JSONSchema.output(["chat_users": JSONSchema.array(Self.contact)]))
        ) { request in
            let caller = try context.caller(request, .attend)
            var query = request.queryFields()
            let email = query.optional("email", .string(1...254))
            let page = SupportPage(&query)
            try query.validate()
            let contacts = try context.workspace.contacts.list(
                of: caller.tenantID, email: email, limit: page.limit, offset: page.offset)
            return .json(["chat_users": .array(contacts.map { SupportContact($0).json })])
        }
        try group.get(path + "/{user_id:uuid}", .support("Read a contact", .userRead, answer: Self.contact)) { request in
            .json(SupportContact(try contact(request, context.caller(request))).json)
        }
        try group.post(
            path + "/{user_id:uuid}/merge",
            .support(
                "Make a claimed contact and another one", .userWrite,
                description: "Its sessions become the other's, and its tokens are worth nothing any more.",
                body: JSONSchema.input(["into": JSONSchema.uuid], required: ["into"]), answer: Self.contact)
        ) { request in
            let caller = try context.caller(request, .attend)
            let id = try request.parameters.require("user_id")
            _ = try context.workspace.contacts.find(id, of: caller.tenantID)
            var body = try request.bodyFields()
            let into = body.required("into", .uuid)
            try body.validate()
            let contact = try context.workspace.contacts.merge(
                id, into: into, of: caller.tenantID, by: caller.principal.actorID)
            return .json(SupportContact(contact).json)
        }
        try group.get(
            path + "/{user_id:uuid}/sessions",
            .support(
                "List a contact's sessions, newest first", .userRead, parameters: SupportPage.parameters,
                answer: JSONSchema.array(Self.session))
        ) { request in
            let caller = try context.caller(request)
            let contact = try contact(request, caller)
            var query = request.queryFields()
            let page = SupportPage(&query, default: 50)
            try query.validate()
            return .json(try sessions(caller, contactID: contact.id, page: page))
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
        var inquiry = DeskChat.Inquiry(message, from: try contact(contactID, caller), sessionID: sessionID)
        // A widget's token goes on with its own session and begins no other.
        if let pass = caller.pass, let own = pass.sessionID { inquiry.sessionID = own }
        inquiry.replacesUnknownSession = caller.pass?.sessionID == nil
        inquiry.agent = agent
        inquiry.metadata = metadata ?? JSONObject()
        inquiry.address = context.address(of: request)
        let reply = try context.workspace.deskChat.answer(inquiry, at: caller.tenantID, isCancelled: { request.isCancelled })
        return SupportAnswer(reply).response
    }

    /// The contact that a caller asks as: the one that is named, else the caller's own.
    private func contact(_ id: String?, _ caller: SupportCaller) throws -> Contact {
        let contacts = context.workspace.contacts
        if let pass = caller.pass {
            guard id == nil || id == pass.contactID else { throw Contacts.notFound }
            return try contacts.find(pass.contactID, of: caller.tenantID)
        }
        if case .user(let user) = caller.principal, id == nil || id == user.id { return try contacts.contact(for: user) }
        guard let id else { throw TwinError(.invalid, "send a user_id: the contact who asks") }
        let contact = try contacts.find(id, of: caller.tenantID)
        guard caller.owns(contact) else { throw Contacts.notFound }
        return contact
    }

    private func contact(_ request: Request, _ caller: SupportCaller) throws -> Contact {
        let contact = try context.workspace.contacts.find(request.parameters.require("user_id"), of: caller.tenantID)
        guard caller.owns(contact) else { throw Contacts.notFound }
        return contact
    }

    private func session(_ request: Request, _ caller: SupportCaller) throws -> DeskSession {
        try context.session(request.parameters.require("session_id"), for: caller)
    }

    // MARK: Sessions

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
        let only = caller.isStaff ? contactID : try contact(contactID, caller).id
        if let contactID, caller.isStaff { _ = try context.workspace.contacts.find(contactID, of: caller.tenantID) }
        return .json(
            try sessions(caller, contactID: only, status: status, from: from, until: until, page: page))
    }

    private func sessions(
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
            for: contact(contactID, caller), topic: topic, metadata: metadata ?? JSONObject(),
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

    // MARK: Supporters

    private func ownSessions(_ request: Request) throws -> Response {
        let caller = try context.caller(request, .attend)
        let user = try caller.principal.person()
        var query = request.queryFields()
        let status = query.optional("status", Self.status)
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
