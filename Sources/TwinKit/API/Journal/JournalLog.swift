import TwinHTTP
import TwinSupport

/// The audit log, for those it is about: the one that every contract writes.
struct JournalLog: RouteCollection {
    let context: APIContext

    private static let action = FieldRule.line(AuditLog.actionLengths)
    private static let entry = JSONSchema.reference("JournalLogEntry")

    func add(to group: inout RouteGroup) throws {
        let path = "/api/v1/audit_logs"
        try group.post(
            path,
            .journal(
                "Put an entry into the log", .userWrite,
                description:
                    "It is marked as external, whoever sends it is its actor, and `user_id` whom it is about. The details take 16 KiB. It cannot be changed or taken back.",
                body: JSONSchema.input(
                    ["user_id": JSONSchema.uuid, "action": Self.action.schema, "details": JSONSchema.object],
                    required: ["user_id", "action"]), answer: Self.entry, status: .created), add)
        try group.get(
            path + "/user/{user_id}",
            .journal(
                "List what the log has about a user, newest first", .userRead, parameters: JournalPage.parameters,
                answer: JSONSchema.array(Self.entry))
        ) { request in
            let page = try JournalPage(request)
            let user = try context.user(request)
            return .list(
                try context.workspace.audit.list(userID: user.id, limit: page.limit, offset: page.offset)
                    .map(JournalLogEntry.init))
        }
        try group.get(path + "/{log_id}", .journal("Read an entry of the log", .userRead, answer: Self.entry)) { request in
            let id = try request.identifier("log_id")
            return .json(JournalLogEntry(try context.authorizer.logEntry(id, as: request.principal)).json)
        }
    }

    private func add(_ request: Request) throws -> Response {
        var body = try request.bodyFields()
        let userID = body.required("user_id", JournalSessions.userID)
        let action = body.required("action", Self.action)
        let details = body.optional("details", .object) ?? JSONObject()
        try body.validate()
        let user = try context.naming(userID, at: [.name("body"), .name("user_id")]) {
            try context.authorizer.user(userID, as: request.principal)
        }
        guard let tenant = user.tenantID else { throw Users.notFound }
        try context.count([.reporting(request.principal.actorID ?? "")])
        let entry: AuditLog.Entry
        do {
            entry = try context.workspace.audit.add(
                action, tenantID: tenant, by: request.principal.actorID, about: user.id, details: details)
        } catch let error as TwinError where error.kind == .limitReached {
            throw HTTPError(.contentTooLarge, error.message)
        }
        return .json(JournalLogEntry(entry).json, status: .created)
    }
}
