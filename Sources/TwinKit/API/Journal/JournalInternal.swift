import TwinHTTP
import TwinSupport

/// What a front end of the operator's calls in the name of its users, with one key for all of them. Without a key that is set
/// (`journal.internal_key_file`) nobody gets in. Quotas hold here as everywhere.
struct JournalInternal: RouteCollection {
    let context: APIContext

    private static let account = FieldRule.string(1...200)
    private static let email = FieldRule.string(0...254)
    private static let name = FieldRule.string(0...200)

    func add(to group: inout RouteGroup) throws {
        let key = try context.workspace.configuration.journalInternalKey
        try group.group("/api/v1/internal", use: [InternalKey(key)]) { group in
            try addUsers(to: &group)
            try addSessions(to: &group)
            try addPrompts(to: &group)
        }
    }

    /// The front end is trusted with all users.
    private static let principal = Principal.frontEnd

    private func addUsers(to group: inout RouteGroup) throws {
        try group.get(
            "/users/by-clerk-id/{account_id}",
            .journal(
                "Find the user of an account that the front end keeps, or make one", .userRead,
                parameters: [
                    .query("clerk_email", Self.email, "The address of a user who is made"),
                    .query("clerk_name", Self.name, "The name of a user who is made"),
                ], answer: JSONSchema.reference("JournalUser"), isInternal: true)
        ) { request in
            var path = request.pathFields()
            let account = path.required("account_id", Self.account)
            var query = request.queryFields()
            let email = query.optional("clerk_email", Self.email)
            let name = query.optional("clerk_name", Self.name)
            path.merge(query)
            try path.validate()
            return .json(
                JournalUser(try context.workspace.users.ofFrontEnd(account: account, email: email, name: name)).json)
        }
        try group.get(
            "/users/{user_id}/quota",
            .journal("Read a user's quota for today", .userRead, answer: JournalAccount.quota, isInternal: true)
        ) { try context.quota(of: user($0)) }
        try group.put(
            "/users/{user_id}/quota",
            .journal(
                "Change a user's quota", .userWrite, body: JournalAccount.quotaChange, example: ["daily_limit": 20000],
                answer: JournalAccount.quota, isInternal: true)
        ) { request in
            let user = try user(request)
            return .json(
                JournalQuota(
                    try context.workspace.quotas.set(user, JournalAccount.quotaChange(request), by: Self.principal)
                ).json)
        }
    }

    private func addSessions(to group: inout RouteGroup) throws {
        let sessions = JournalSessions(context: context)
        try group.get(
            "/users/{user_id}/sessions",
            .journal(
                "List a user's sessions, newest first", .userRead, parameters: JournalPage.parameters,
                answer: JSONSchema.array(JournalSessions.session), isInternal: true)
        ) { try sessions.list($0, as: Self.principal, context) }
        try group.post(
            "/sessions",
            .journal(
                "Begin a session", .userWrite, body: JournalSessions.newSession, answer: JournalSessions.session,
                isInternal: true)
        ) { try sessions.begin($0, as: Self.principal, context, status: .ok) }
        try group.get(
            "/sessions/{session_id}",
            .journal("Read a session", .userRead, answer: JournalSessions.session, isInternal: true)
        ) {
            .json(JournalSessionJSON(try context.workspace.journal.session($0.identifier("session_id"), as: Self.principal)).json)
        }
        try group.put(
            "/sessions/{session_id}",
            .journal(
                "Rename a session", .userWrite,
                body: JSONSchema.input(["title": JournalSessions.title.schema], required: ["title"]),
                answer: JournalSessions.session, isInternal: true)
        ) { try sessions.rename($0, as: Self.principal, context) }
        try group.delete(
            "/sessions/{session_id}",
            .journal(
                "Delete a session with its prompts", .userWrite, answer: JournalSchemas.message, isInternal: true)
        ) { request in
            try context.workspace.journal.delete(session: request.identifier("session_id"), as: Self.principal)
            return JournalSchemas.message("Session deleted successfully")
        }
        try group.get(
            "/sessions/{session_id}/prompts",
            .journal(
                "List a session's prompts, oldest first", .userRead, parameters: JournalPage.parameters,
                answer: JSONSchema.array(JournalSessions.prompt), isInternal: true)
        ) { try sessions.prompts($0, as: Self.principal, context) }
        try group.post(
            "/prompts",
            .journal(
                "Add a prompt to a session", .userWrite, body: JournalSessions.newPrompt, answer: JournalSessions.prompt,
                execution: .longRunning, isInternal: true)
        ) { try sessions.add($0, as: Self.principal, context, status: .ok) }
    }

    private func addPrompts(to group: inout RouteGroup) throws {
        let prompts = JournalPrompts(context: context)
        try group.get(
            "/users/{user_id}/user-prompts",
            .journal(
                "List a user's own prompts, oldest first", .userRead, parameters: JournalPage.parameters,
                answer: JSONSchema.array(JournalPrompts.own), isInternal: true)
        ) { try prompts.listOwn($0, as: Self.principal) }
        try group.post(
            "/user-prompts",
            .journal(
                "Add a prompt of a user's own", .userWrite, body: JournalPrompts.newPrompt, answer: JournalPrompts.own,
                isInternal: true)
        ) { try prompts.add($0, as: Self.principal, status: .ok) }
        try group.delete(
            "/user-prompts/{prompt_id}",
            .journal("Delete a prompt of a user's own", .userWrite, answer: JournalSchemas.message, isInternal: true)
        ) { request in
            try context.workspace.promptShelf.delete(request.identifier("prompt_id"), as: Self.principal)
            return JournalSchemas.message("User prompt deleted successfully")
        }
        try group.get(
            "/system-prompts",
            .journal(
                "List the server's prompts, oldest first", .userRead, parameters: JournalPage.parameters,
                answer: JSONSchema.array(JournalPrompts.server), isInternal: true)
        ) { try prompts.list($0, as: Self.principal) }
    }

    private func user(_ request: Request) throws -> User {
        let id = try request.parameters.require("user_id")
        return try context.naming(id, at: [.name("path"), .name("user_id")]) {
            try context.authorizer.user(id, as: Self.principal)
        }
    }
}

/// Lets in whoever has the key of the front end.
private struct InternalKey: Middleware {
    private static let field = "X-Internal-API-Key"
    private let key: Secret?

    init(_ key: Secret?) { self.key = key }

    func respond(to request: Request, next: any Responder) throws -> Response {
        let sent = request.headers.all(Self.field)
        guard let key, sent.count == 1, let text = sent.first,
            // Of equal length, so that the time tells nothing.
            try Crypto.equal(SHA256.hash(text), SHA256.hash(key.reveal()))
        else {
            throw TwinError(.unauthenticated, "this is for the operator's own front end: it needs the right \(Self.field)")
        }
        return try next.respond(to: request)
    }
}
