import TwinDatabase
import TwinSupport

/// Taking a user out of the file: the row, what belongs to it, what they asked, and their name wherever twin wrote it down.
/// Documents and what an owner has made their own stay, whoever they speak of.
package struct Erasure: Sendable {
    /// Takes a user out of the tables of a room above, in the transaction of the erasure.
    package typealias Forgetting = @Sendable (_ user: User, _ connection: Connection) throws -> Void

    let database: Database
    let forgetting: [Forgetting]

    package init(database: Database, forgetting: [Forgetting] = []) {
        self.database = database
        self.forgetting = forgetting
    }

    /// Erases a user. A workspace keeps an owner; one that has nobody else goes with its user, once it has no twins. `principal`
    /// has been found to be allowed to. Throws `TwinError` (`conflict`).
    package func erase(_ user: User, by principal: Principal) throws {
        try database.overwriting { connection in
            guard let user = try Users.find(user.id, on: connection), let tenant = user.tenantID else { throw Users.notFound }
            let isAlone = try Self.checkWorkspace(of: user, on: connection)
            try Self.forgetConversations(of: user, on: connection)
            for forget in forgetting { try forget(user, connection) }
            try Users.forget(user, by: principal.actorID, on: connection)
            let pseudonym = try AuditLog.erase(
                .init(id: user.id, addresses: [user.email], names: [user.fullName ?? ""]), by: principal.actorID, on: connection)
            try Self.replace(user.id, with: pseudonym, on: connection)
            try Tenant.leave(tenant, user, isAlone: isAlone, on: connection)
            try AuditLog.append(
                .userRemoved, tenantID: tenant, actor: principal.userID == user.id ? pseudonym : principal.actorID,
                ["user_id": .string(pseudonym), "role": .string(user.role.rawValue), "erased": true], on: connection)
        }
    }

    /// Whether nobody else is in the workspace. Throws `TwinError` (`conflict`) where it would be left without an owner, or with
    /// twins that nobody looks after.
    private static func checkWorkspace(of user: User, on connection: Connection) throws -> Bool {
        let counts = try connection.first(
            """
            SELECT (SELECT count(*) FROM users WHERE tenant_id = ?1), (SELECT count(*) FROM twins WHERE tenant_id = ?1)
            """, user.tenantID
        ) { (users: $0.int(0), twins: $0.int(1)) }
        guard let counts else { return false }
        if counts.users > 1 {
            if user.role == .owner { try Users.checkOtherOwner(than: user, on: connection) }
            return false
        }
        guard counts.twins == 0 else {
            throw TwinError(
                .conflict,
                "the workspace of \(user.email) has \(counts.twins) twins and nobody else; delete them, or add another owner")
        }
        return true
    }

    private static func forgetConversations(of user: User, on connection: Connection) throws {
        let visits = "SELECT id FROM sessions WHERE origin = ?2 OR user_id = ?1"
        let origin = Sessions.Origin.journal(user.id).description
        let keys = try connection.rows(
            "SELECT key FROM conversations WHERE user_id = ?1 OR session_id IN (\(visits))", user.id, origin
        ) { $0.int64(0) }
        _ = try ConversationRemoval.remove(keys, on: connection)
        for id in try connection.rows(visits, user.id, origin, map: { $0.text(0) }) { try Sessions.forget(id, on: connection) }
    }

    /// Puts a pseudonym wherever a column says who did something. By the schema, so that a table which comes later is not
    /// forgotten.
    private static func replace(_ id: String, with pseudonym: String, on connection: Connection) throws {
        let documents: Set<String> = ["provenance", "payload", "details"]
        let persons: Set<String> = ["user_id", "author_id", "sender_id", "subject_id"]
        try connection.replace(
            id, with: pseudonym,
            where: { table, column in
                table != "audit_log" && (column.hasSuffix("_by") || persons.contains(column) || documents.contains(column))
            }, isDocument: documents.contains)
    }
}
