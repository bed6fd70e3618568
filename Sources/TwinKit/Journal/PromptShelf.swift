import TwinDatabase
import TwinSupport

/// Prompts that are kept to be used again: each user's own, and those of the server, which its operators change and everybody
/// who is signed in reads.
package struct PromptShelf: Sendable {
    let database: Database
    let authorizer: Authorizer

    package init(database: Database) {
        self.database = database
        authorizer = Authorizer(database: database)
    }

    /// Prompts that one user, or the server, keeps at the most.
    static let maximumCount = 10_000

    // MARK: Of users

    /// Keeps a prompt for a user. Throws `TwinError`: not found for a user that is not the caller's to act for, `limitReached`
    /// for more than `maximumCount`.
    package func add(_ text: String, for userID: String, as principal: Principal) throws -> StoredPrompt {
        try database.write { connection in
            let user = try authorizer.user(userID, as: principal, on: connection)
            try Self.checkRoom("journal_user_prompts WHERE user_key = ?", [user.key], on: connection)
            let (id, now) = (Identifier.make(), Clock.now)
            try connection.run(
                "INSERT INTO journal_user_prompts (id, user_key, prompt_text, created_at, updated_at) VALUES (?, ?, ?, ?, ?)",
                [id, user.key, text, now, now] as [any DatabaseConvertible])
            return try ofUser(id, on: connection)
        }
    }

    /// A user's prompts, oldest first.
    package func list(
        of userID: String, limit: Int, offset: Int = 0, as principal: Principal
    ) throws -> [StoredPrompt] {
        try database.read { connection in
            let user = try authorizer.user(userID, as: principal, on: connection)
            return try connection.rows(
                """
                SELECT p.id, u.id, p.prompt_text FROM journal_user_prompts p JOIN users u ON u.key = p.user_key
                WHERE p.user_key = ? ORDER BY p.key LIMIT ? OFFSET ?
                """, user.key, limit, offset, map: StoredPrompt.init)
        }
    }

    /// Gives a user's prompt another text. Throws `TwinError` (`notFound`), also for one of somebody else's.
    package func change(_ id: String, _ text: String, as principal: Principal) throws -> StoredPrompt {
        try database.write { connection in
            _ = try authorizer.user(owning: id, in: .journalUserPrompts, as: principal, on: connection)
            try connection.run(
                "UPDATE journal_user_prompts SET prompt_text = ?, updated_at = ? WHERE id = ?", text, Clock.now, id)
            return try ofUser(id, on: connection)
        }
    }

    /// Removes a user's prompt. Throws as `change`.
    package func delete(_ id: String, as principal: Principal) throws {
        try database.write { connection in
            _ = try authorizer.user(owning: id, in: .journalUserPrompts, as: principal, on: connection)
            try connection.run("DELETE FROM journal_user_prompts WHERE id = ?", id)
        }
    }

    private func ofUser(_ id: String, on connection: Connection) throws -> StoredPrompt {
        let found = try connection.first(
            """
            SELECT p.id, u.id, p.prompt_text FROM journal_user_prompts p JOIN users u ON u.key = p.user_key WHERE p.id = ?
            """, id, map: StoredPrompt.init)
        guard let found else { throw OwnedTable<OwnedByUser>.journalUserPrompts.notFound }
        return found
    }

    // MARK: Of the server

    /// Keeps a prompt for everybody. Throws `TwinError`: `notPermitted` for who is no operator, `limitReached` for more than
    /// `maximumCount`.
    package func addToServer(_ text: String, as principal: Principal) throws -> StoredPrompt {
        try Self.requireOperator(principal)
        return try database.write { connection in
            try Self.checkRoom("journal_system_prompts", [], on: connection)
            let (id, now) = (Identifier.make(), Clock.now)
            try connection.run(
                "INSERT INTO journal_system_prompts (id, prompt_text, created_at, updated_at) VALUES (?, ?, ?, ?)", id, text, now,
                now)
            return try ofServer(id, on: connection)
        }
    }

    /// The server's prompts, oldest first. Throws `TwinError` (`unauthenticated`) for nobody.
    package func listOfServer(limit: Int, offset: Int = 0, as principal: Principal) throws -> [StoredPrompt] {
        if principal == .nobody { throw Authorizer.unauthenticated }
        return try database.read { connection in
            try connection.rows(
                "SELECT id, NULL, prompt_text FROM journal_system_prompts ORDER BY key LIMIT ? OFFSET ?", limit, offset,
                map: StoredPrompt.init)
        }
    }

    /// Gives the server's prompt another text. Throws `TwinError`: `notPermitted` for who is no operator, or not found.
    package func changeOfServer(_ id: String, _ text: String, as principal: Principal) throws -> StoredPrompt {
        try Self.requireOperator(principal)
        return try database.write { connection in
            try connection.run(
                "UPDATE journal_system_prompts SET prompt_text = ?, updated_at = ? WHERE id = ?", text, Clock.now, id)
            return try ofServer(id, on: connection)
        }
    }

    /// Removes a prompt of the server's. Throws as `changeOfServer`.
    package func deleteOfServer(_ id: String, as principal: Principal) throws {
        try Self.requireOperator(principal)
        try database.write { connection in
            try connection.run("DELETE FROM journal_system_prompts WHERE id = ?", id)
            guard connection.changes > 0 else { throw Self.noPrompt }
        }
    }

    private func ofServer(_ id: String, on connection: Connection) throws -> StoredPrompt {
        let found = try connection.first(
            "SELECT id, NULL, prompt_text FROM journal_system_prompts WHERE id = ?", id, map: StoredPrompt.init)
        guard let found else { throw Self.noPrompt }
        return found
    }

    /// Throws `TwinError` for whoever may not change the server's prompts.
    package static func requireOperator(_ principal: Principal) throws {
        if principal == .nobody { throw Authorizer.unauthenticated }
        guard principal.isOperator else {
            throw TwinError(
                .notPermitted,
                "only an operator of the server changes its prompts; 'twin users set USER --operator yes' makes one")
        }
    }

    private static func checkRoom(
        _ rows: String, _ values: [any DatabaseConvertible], on connection: Connection
    ) throws {
        let count = try connection.first("SELECT count(*) FROM \(rows)", values) { $0.int(0) } ?? 0
        guard count < maximumCount else {
            throw TwinError(.limitReached, "there are already \(maximumCount) prompts; delete some first")
        }
    }

    private static let noPrompt = TwinError(.notFound, "there is no such prompt")
}
