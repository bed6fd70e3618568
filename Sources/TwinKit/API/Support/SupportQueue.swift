import TwinHTTP
import TwinSupport

/// The queue of sessions that wait for a person, and those who work it.
struct SupportQueue: RouteCollection {
    let context: APIContext

    private static let status = FieldRule.oneOf(["pending", "assigned", "resolved"])
    private static let presence = FieldRule.oneOf(StaffMember.Status.allCases.map(\.rawValue) + ["automatic"])
    private static let reason = FieldRule.string(0...500)
    private static let sessions = FieldRule.int(Staff.maximumSessions)
    private static let session = JSONSchema.reference("SupportSession")
    private static let staff = JSONSchema.reference("SupportStaff")

    func add(to group: inout RouteGroup) throws {
        let path = "/api/admin/escalation"
        let userID = FieldRule.string(1...200)
        try group.get(
            path + "/queue",
            .support(
                "List what was handed to people, the newest request first", .userRead,
                parameters: [SupportPage.tenant, .query("status", Self.status, "In this state")] + SupportPage.parameters,
                answer: JSONSchema.output([
                    "pending_count": JSONSchema.integer, "assigned_count": JSONSchema.integer,
                    "resolved_count": JSONSchema.integer, "escalations": JSONSchema.array(Self.session),
                ])), queue)
        try group.post(
            path + "/{session_id:uuid}/escalate",
            .support(
                "Hand a session to a person", .userWrite,
                description: "It is given at once to whoever has the fewest sessions and has waited longest.",
                body: JSONSchema.input(["reason": Self.reason.schema]), answer: Self.session, status: .created,
                isBodyRequired: false), escalate)
        try group.post(
            path + "/{session_id:uuid}/assign",
            .support(
                "Give a session to a supporter", .userWrite,
                description: "Without a supporter to whoever can take it best. One that somebody has is taken from them.",
                body: JSONSchema.input(["supporter_id": userID.schema, "user_id": userID.schema]), answer: Self.session,
                isBodyRequired: false), assign)
        try group.post(
            path + "/{session_id:uuid}/resolve",
            .support(
                "Resolve what was handed over", .userWrite,
                description:
                    "The agents answer again. With `verified_answer` the twin gives this answer to the next who asks the question.",
                body: JSONSchema.input([
                    "notes": FieldRule.string(0...4_000).schema, "resolution_notes": FieldRule.string(0...4_000).schema,
                    "verified_answer": JSONSchema.object([
                        "question": FieldRule.text(1...2_000).schema, "answer": FieldRule.text(1...16_000).schema,
                    ]),
                ]), answer: Self.session, isBodyRequired: false), resolve)
        try group.get(
            path + "/staff",
            .support(
                "List the supporters, whoever can take a session first", .userRead,
                parameters: [SupportPage.tenant, .query("available", .bool, "Only those who can take a session")],
                answer: JSONSchema.output(["staff": JSONSchema.array(Self.staff), "total": JSONSchema.integer]))
        ) { request in
            var query = request.queryFields()
            let tenant = try context.desk(request, .attend, query: &query)
            let onlyAvailable = query.optional("available", .bool) ?? false
            try query.validate()
            let staff = try context.workspace.staff.list(of: tenant).filter { !onlyAvailable || $0.isAvailable }
            return .json(["staff": .array(staff.map { SupportStaffMember($0).json }), "total": .number(staff.count)])
        }
        try group.post(
            path + "/staff",
            .support(
                "Make a supporter", .userWrite, parameters: [SupportPage.tenant],
                body: JSONSchema.input(
                    [
                        "email": FieldRule.line(3...254).schema, "password": FieldRule.string(8...1_024).schema,
                        "username": FieldRule.line(1...200).schema, "display_name": FieldRule.line(1...200).schema,
                        "max_concurrent_sessions": Self.sessions.schema,
                    ], required: ["email", "password"]),
                example: ["email": "sam@example.org", "password": "correct horse battery", "display_name": "Sam"],
                answer: Self.staff, status: .created), hire)
        try group.put(
            path + "/staff/{user_id}",
            .support(
                "Set somebody's presence", .userWrite,
                description: "Supporters set their own. `automatic` goes by their pings again; another status stays until then.",
                parameters: [SupportPage.tenant],
                body: JSONSchema.change(["status": Self.presence.schema, "max_concurrent_sessions": Self.sessions.schema]),
                answer: Self.staff), setPresence)
    }

    private func queue(_ request: Request) throws -> Response {
        var query = request.queryFields()
        let tenant = try context.desk(request, .attend, query: &query)
        let status = query.optional("status", Self.status).flatMap(Handover.Status.init)
        let page = SupportPage(&query)
        try query.validate()
        let queue = try context.workspace.handovers.queue(
            of: tenant, status: status, limit: page.limit, offset: page.offset)
        return .json([
            "pending_count": .number(queue.pending), "assigned_count": .number(queue.assigned),
            "resolved_count": .number(queue.resolved),
            "escalations": .array(queue.sessions.map { SupportSession($0).json }),
        ])
    }

    /// The session of the path, at the caller's desk; operators reach those of all.
    private func session(_ request: Request, _ action: Authorizer.Action) throws -> (tenant: String, id: String) {
        let principal = try context.deskPrincipal(request)
        let own = try context.authorizer.desk(nil, action, as: principal)
        let id = try request.parameters.require("session_id")
        let tenant =
            principal.isOperator
            ? try context.authorizer.tenant(owning: id, in: .deskSessions, .manage, as: .localOperator) : own
        return (tenant, try context.workspace.deskSessions.find(id, of: tenant).id)
    }

    private func body(_ request: Request) throws -> FieldDecoder {
        try request.body.collect().isEmpty ? FieldDecoder(JSONObject()) : request.bodyFields()
    }

    private func escalate(_ request: Request) throws -> Response {
        let (tenant, id) = try session(request, .attend)
        var body = try body(request)
        let reason = body.optional("reason", Self.reason)
        try body.validate()
        let session = try context.workspace.handovers.request(id, of: tenant, reason: reason ?? "Escalated by staff")
        return .json(SupportSession(session).json, status: .created)
    }

    private func assign(_ request: Request) throws -> Response {
        let (tenant, id) = try session(request, .attend)
        var body = try body(request)
        let user = body.optional("supporter_id", .string(1...200)) ?? body.optional("user_id", .string(1...200))
        try body.validate()
        // Supporters take what waits; moving what somebody has is an owner's to do.
        let principal = try context.deskPrincipal(request)
        if case .user(let caller) = principal, caller.role != .owner, !caller.isOperator {
            let holder = try context.workspace.deskSessions.find(id, of: tenant).handover?.userID
            guard holder == nil || holder == caller.id else {
                throw TwinError(.notPermitted, "somebody else has the session; an owner can move it")
            }
        }
        let session = try context.workspace.handovers.assign(id, of: tenant, to: user, by: principal.actorID)
        return .json(SupportSession(session).json)
    }

    private func resolve(_ request: Request) throws -> Response {
        let (tenant, id) = try session(request, .attend)
        var body = try body(request)
        var resolution = Handovers.Resolution()
        resolution.notes =
            body.optional("notes", .string(0...4_000)) ?? body.optional("resolution_notes", .string(0...4_000))
        resolution.verified = body.optional(
            "verified_answer",
            FieldRule<VerifiedAnswers.Entry>.fields(placeholder: VerifiedAnswers.Entry(question: "", answer: "")) { fields in
                VerifiedAnswers.Entry(
                    question: fields.required("question", .text(1...2_000)),
                    answer: fields.required("answer", .text(1...16_000)))
            })
        try body.validate()
        let session = try context.workspace.handovers.resolve(
            id, of: tenant, resolution, as: context.deskPrincipal(request))
        return .json(SupportSession(session).json)
    }

    private func hire(_ request: Request) throws -> Response {
        var query = request.queryFields()
        let tenant = try context.desk(request, .manage, query: &query)
        try query.validate()
        var body = try request.bodyFields()
        let email = body.required("email", .line(3...254))
        let password = Secret(body.required("password", .string(8...1_024)))
        let name = body.optional("display_name", .line(1...200)) ?? body.optional("username", .line(1...200))
        let maximum = body.optional("max_concurrent_sessions", Self.sessions)
        try body.validate()
        let member = try context.workspace.staff.add(
            email: email, name: name, password: password, maximumSessions: maximum, to: tenant,
            by: context.deskPrincipal(request))
        return .json(SupportStaffMember(member).json, status: .created)
    }

    private func setPresence(_ request: Request) throws -> Response {
        var query = request.queryFields()
        let tenant = try context.desk(request, .attend, query: &query)
        try query.validate()
        let id = try request.parameters.require("user_id")
        let principal = try context.deskPrincipal(request)
        let member = try context.workspace.staff.find(id, of: tenant)
        var body = try request.bodyFields()
        let status = body.optional("status", Self.presence)
        let maximum = body.optional("max_concurrent_sessions", Self.sessions)
        try body.validate()
        if case .user(let caller) = principal, caller.role != .owner, !caller.isOperator {
            guard caller.id == member.user.id, maximum == nil else {
                throw TwinError(.notPermitted, "supporters set their own status; the rest is an owner's to do")
            }
        }
        var presence = Staff.Presence()
        presence.status = status.flatMap(StaffMember.Status.init)
        presence.isAutomatic = status == "automatic"
        presence.maximumSessions = maximum
        return .json(SupportStaffMember(try context.workspace.staff.set(presence, of: id, in: tenant)).json)
    }
}
