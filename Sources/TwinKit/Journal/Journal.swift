import TwinDatabase
import TwinSupport

/// Sessions and prompts of users: kept as they are sent, or put to a twin, whose answer is the response.
///
/// A row is for its user, for owners of the user's workspace and for the operator; for everybody else it is not there. What a
/// prompt uses is charged to its user, whether a twin answers or not.
package struct Journal: Sendable {
    let database: Database
    let ask: Ask
    let quotas: Quotas
    let authorizer: Authorizer
    /// The twin that answers where a session names none: id or slug.
    let standardTwin: String?

    init(database: Database, ask: Ask, quotas: Quotas, standardTwin: String?) {
        self.database = database
        self.ask = ask
        self.quotas = quotas
        self.standardTwin = standardTwin
        authorizer = Authorizer(database: database)
    }

    /// Characters of a title.
    package static let titleLengths = 1...200
    /// Responses that one prompt brings along at the most, and bytes of all of them.
    package static let maximumResponses = 100
    package static let maximumResponseBytes = 1_048_576

    // MARK: Sessions

    /// Begins a session of a user. `twin` is the id or slug of one that the user may ask. Throws `TwinError`.
    package func begin(
        _ title: String, for userID: String, twin: String? = nil, as principal: Principal
    ) throws -> JournalSession {
        try database.write { connection in
            let user = try authorizer.user(userID, as: principal, on: connection)
            let twinID = try twin.map { try authorizer.answeringTwin($0, as: .user(user), on: connection).id }
            let id = Identifier.make()
            let now = Clock.now
            try connection.run(
                """
                INSERT INTO journal_sessions (id, user_key, title, twin_id, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)
                """, id, user.key, title, twinID, now, now)
            return try session(id, on: connection)
        }
    }

    /// The session with this id. Throws `TwinError`: unauthenticated, or not found, also for one of somebody else's.
    package func session(_ id: String, as principal: Principal) throws -> JournalSession {
        try database.read { try session(id, as: principal, on: $0).session }
    }

    /// A user's sessions, newest first.
    package func sessions(
        of userID: String, limit: Int, offset: Int = 0, as principal: Principal
    ) throws -> [JournalSession] {
        try database.read { connection in
            let user = try authorizer.user(userID, as: principal, on: connection)
            return try connection.rows(
                """
                SELECT \(JournalSession.columns) FROM \(JournalSession.tables) WHERE s.user_key = ?
                ORDER BY s.key DESC LIMIT ? OFFSET ?
                """, user.key, limit, offset, map: JournalSession.init)
        }
    }

    /// Gives a session another title; the caller has checked its length. Throws as `session`.
    package func rename(_ id: String, _ title: String, as principal: Principal) throws -> JournalSession {
        try database.write { connection in
            let found = try session(id, as: principal, on: connection).session
            try connection.run(
                "UPDATE journal_sessions SET title = ?, updated_at = ? WHERE key = ?", title, Clock.now, found.key)
            return try session(id, on: connection)
        }
    }

    /// Deletes a session with its prompts and with what a twin was asked in it.
    package func delete(session id: String, as principal: Principal) throws {
        try database.write { connection in
            let found = try session(id, as: principal, on: connection).session
            let questions = try connection.rows(
                "SELECT question_id FROM journal_prompts WHERE session_key = ? AND question_id IS NOT NULL", found.key
            ) { $0.text(0) }
            try connection.run("DELETE FROM journal_sessions WHERE key = ?", found.key)
            try ConversationStore.removeConversations(ofMessages: questions, on: connection)
            // How its user was let in to somebody else's twin.
            try Sessions.forget(found.id, on: connection)
        }
    }

    private func session(_ id: String, on connection: Connection) throws -> JournalSession {
        let found = try connection.first(
            "SELECT \(JournalSession.columns) FROM \(JournalSession.tables) WHERE s.id = ?", id, map: JournalSession.init)
        guard let found else { throw OwnedTable<OwnedByUser>.journalSessions.notFound }
        return found
    }

    private func session(
        _ id: String, as principal: Principal, on connection: Connection
    ) throws -> (session: JournalSession, user: User) {
        let user = try authorizer.user(owning: id, in: .journalSessions, as: principal, on: connection)
        return (try session(id, on: connection), user)
    }

    // MARK: Prompts

    /// A prompt as it is sent.
    package struct Draft: Sendable {
        package var sessionID: String
        package var userID: String
        package var text: String
        /// What was responded, where the caller knows; without any a twin is asked, if there is one.
        package var responses: [String]
        /// What the caller says that it used; it never counts less than its text.
        package var tokens: Int

        package init(sessionID: String, userID: String, text: String, responses: [String] = [], tokens: Int = 0) {
            self.sessionID = sessionID
            self.userID = userID
            self.text = text
            self.responses = responses
            self.tokens = tokens
        }
    }

    /// Adds a prompt to a session, and its response where a twin answers. Throws `TwinError`, and `RateLimit.Exceeded` when the
    /// user's quota is used up; nothing is stored then.
    package func add(
        _ draft: Draft, as principal: Principal, isCancelled: @escaping () -> Bool = { false }
    ) throws -> JournalPrompt {
        try Self.check(draft.responses)
        let (session, user) = try database.read { connection in
            let user = try authorizer.user(draft.userID, as: principal, on: connection)
            let found = try self.session(draft.sessionID, as: principal, on: connection)
            // A session of somebody else is none of this user's, whoever asks.
            guard found.user.id == user.id else { throw OwnedTable<OwnedByUser>.journalSessions.notFound }
            return (found.session, user)
        }
        if draft.responses.isEmpty, let asker = try asker(in: session, user) {
            return try answered(draft, session, user, asker, isCancelled)
        }
        return try database.write { connection in
            let tokens = try quotas.charge(
                draft.text + draft.responses.joined(), atLeast: draft.tokens, to: user, on: connection)
            return try store(draft, session, user, questionID: nil, tokens: tokens, on: connection)
        }
    }

    /// The prompt with this id and its responses, as far as the user may read them now. Throws as `session`.
    package func prompt(_ id: String, as principal: Principal) throws -> JournalPrompt {
        try database.read { connection in
            let user = try authorizer.user(owning: id, in: .journalPrompts, as: principal, on: connection)
            return try withResponses(try prompt(id, on: connection), of: user, on: connection)
        }
    }

    /// The prompts of a session, oldest first.
    package func prompts(
        ofSession id: String, limit: Int, offset: Int = 0, as principal: Principal
    ) throws -> [JournalPrompt] {
        try database.read { connection in
            let (session, user) = try self.session(id, as: principal, on: connection)
            return try connection.rows(
                """
                SELECT \(JournalPrompt.columns) FROM \(JournalPrompt.tables) WHERE p.session_key = ?
                ORDER BY p.key LIMIT ? OFFSET ?
                """, session.key, limit, offset, map: JournalPrompt.init
            ).map { try withResponses($0, of: user, on: connection) }
        }
    }

    /// Changes a prompt's text, and its responses where there are any to set. What a twin was asked stays asked. More text is
    /// charged like new text. Throws as `add` does.
    package func change(
        _ id: String, text: String?, responses: [String]?, as principal: Principal
    ) throws -> JournalPrompt {
        if let responses { try Self.check(responses) }
        return try database.write { connection in
            let user = try authorizer.user(owning: id, in: .journalPrompts, as: principal, on: connection)
            let old = try prompt(id, on: connection)
            let new = (text ?? old.text) + (responses ?? old.responses).joined()
            let growth = GroupLimits.tokens(new) - GroupLimits.tokens(old.text + old.responses.joined())
            if growth > 0 { try quotas.account(of: .user(user))?.charge(growth, on: connection) }
            if let text { try connection.run("UPDATE journal_prompts SET prompt_text = ? WHERE key = ?", text, old.key) }
            if let responses {
                try connection.run(
                    "UPDATE journal_prompts SET responses = ?, question_id = NULL WHERE key = ?", JSON.strings(responses), old.key
                )
                if let question = old.questionID { try ConversationStore.removeExchange(question, on: connection) }
            }
            try connection.run(
                "UPDATE journal_prompts SET tokens = tokens + ?, updated_at = ? WHERE key = ?", max(0, growth), Clock.now, old.key
            )
            return try withResponses(try prompt(id, on: connection), of: user, on: connection)
        }
    }

    /// Deletes a prompt with the question and the answer that it stands for.
    package func delete(prompt id: String, as principal: Principal) throws {
        try database.write { connection in
            _ = try authorizer.user(owning: id, in: .journalPrompts, as: principal, on: connection)
            let found = try prompt(id, on: connection)
            try connection.run("DELETE FROM journal_prompts WHERE key = ?", found.key)
            if let question = found.questionID { try ConversationStore.removeExchange(question, on: connection) }
        }
    }

    private func prompt(_ id: String, on connection: Connection) throws -> JournalPrompt {
        let found = try connection.first(
            "SELECT \(JournalPrompt.columns) FROM \(JournalPrompt.tables) WHERE p.id = ?", id, map: JournalPrompt.init)
        guard let found else { throw OwnedTable<OwnedByUser>.journalPrompts.notFound }
        return found
    }

    private static func check(_ responses: [String]) throws {
        guard responses.count <= maximumResponses, responses.reduce(0, { $0 + $1.utf8.count }) <= maximumResponseBytes else {
            throw TwinError(
                .invalid, "a prompt takes \(maximumResponses) responses of \(maximumResponseBytes) bytes in all; send fewer")
        }
    }

    private func store(
        _ draft: Draft, _ session: JournalSession, _ user: User, questionID: String?, tokens: Int, on connection: Connection
    ) throws -> JournalPrompt {
        let id = Identifier.make()
        let now = Clock.now
        try connection.run(
            """
            INSERT INTO journal_prompts (id, user_key, session_key, prompt_text, responses, question_id, tokens, created_at,
                updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                id, user.key, session.key, draft.text, JSON.strings(draft.responses), questionID, tokens, now, now,
            ] as [any DatabaseConvertible])
        try connection.run("UPDATE journal_sessions SET updated_at = ? WHERE key = ?", now, session.key)
        return try prompt(id, on: connection)
    }

    // MARK: Answers of a twin

    /// How a session's user asks its twin.
    private struct Asker {
        let twin: Twin
        let principal: Principal
        /// Set where the user asks somebody else's twin, as its visitors do.
        let payer: User?
    }

    /// As whom a twin is asked in a session; none where no twin answers. Throws `TwinError` when the twin is not to be asked.
    private func asker(in session: JournalSession, _ user: User) throws -> Asker? {
        guard session.twinID != nil || standardTwin != nil else { return nil }
        let found = try database.read { connection in
            // A session names a twin of the user's own workspace. Only the operator's choice opens one to others.
            try session.twinID.map { try TwinStore.find($0, tenantID: user.tenantID, on: connection) }
                ?? chosenTwin(on: connection)
        }
        guard let twin = found, twin.archivedAt == nil else {
            throw TwinError(.notFound, "the twin that answered here is gone; ask without one or name another")
        }
        if twin.tenantID == user.tenantID { return Asker(twin: twin, principal: .user(user), payer: nil) }
        return try database.write { connection in
            let group = try Authorizer.visitorGroup(of: twin, on: connection)
            let visit = try Sessions.ofJournal(session.id, user, twin, group, on: connection)
            return Asker(twin: twin, principal: .visitor(visit), payer: user)
        }
    }

    /// The twin of the setting. A slug is that of the file's first workspace: nobody else puts a twin in its place by giving one of
    /// their own the same.
    private func chosenTwin(on connection: Connection) throws -> Twin? {
        guard let name = standardTwin else { return nil }
        if Identifier.isValid(name) { return try TwinStore.find(name.lowercased(), on: connection) }
        guard let tenant = try TwinStore.existingTenant(on: connection) else { return nil }
        return try TwinStore.find(name, tenantID: tenant, on: connection)
    }

    private func answered(
        _ draft: Draft, _ session: JournalSession, _ user: User, _ asker: Asker, _ isCancelled: @escaping () -> Bool
    ) throws -> JournalPrompt {
        var question = Ask.Question(draft.text, of: asker.twin.id, conversationID: try conversation(of: session, asker))
        question.payer = asker.payer
        let turn = try ask.take(question, as: Ask.Reader(atFile: asker.principal))
        let stored = try database.write { connection in
            try connection.run(
                "UPDATE journal_sessions SET conversation_id = ? WHERE key = ?", turn.conversationID, session.key)
            return try store(
                draft, session, user, questionID: turn.questionID, tokens: GroupLimits.tokens(draft.text), on: connection)
        }
        try ask.answer(turn, isCancelled: isCancelled)
        return try database.read { try withResponses(stored, of: user, on: $0) }
    }

    /// The session's conversation, while it is with the same twin and holder: what was asked elsewhere is not gone on with.
    private func conversation(of session: JournalSession, _ asker: Asker) throws -> String? {
        guard let id = session.conversationID else { return nil }
        let found = try database.read { try ConversationStore.first(id, on: $0) }
        return found?.twinKey == asker.twin.key && found?.holder == asker.principal.conversationHolder ? id : nil
    }

    /// The prompt with the answer of its twin, as far as its user may read that now.
    private func withResponses(
        _ prompt: JournalPrompt, of user: User, on connection: Connection
    ) throws -> JournalPrompt {
        guard let question = prompt.questionID,
            let (answer, conversation) = try ConversationStore.answer(toQuestion: question, on: connection),
            let twin = try? TwinStore.load(conversation.twinKey, on: connection)
        else { return prompt }
        var prompt = prompt
        prompt.tokens = GroupLimits.tokens(prompt.text + answer.content)
        do {
            let clearance: Clearance =
                try conversation.userID == user.id
                ? authorizer.chatClearance(of: twin, as: .user(user), conversation: conversation, on: connection)
                : .group(Authorizer.visitorGroup(of: twin, on: connection))
            prompt.responses = try Transcript.readable([answer], of: twin, for: clearance, on: connection).map(\.content)
        } catch let error as TwinError where error.kind == .notPermitted {
            // The twin is not for this user any more.
            prompt.responses = [Transcript.withdrawn]
        }
        return prompt
    }

    // MARK: Ends

    /// Removes sessions, with their prompts, that nobody has touched since. Answers how many.
    static func purge(before instant: Timestamp, limit: Int, on connection: Connection) throws -> Int {
        try connection.run(
            """
            DELETE FROM journal_sessions WHERE key IN (SELECT key FROM journal_sessions WHERE updated_at < ? LIMIT ?)
            """, instant, limit)
        return connection.changes
    }
}
