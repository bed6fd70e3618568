import TwinDatabase

/// Counts the transactions that changed something, so that one who has seen a change can ask a replica for it, and a replica knows
/// how far it is.
package struct ChangeSequence: Sendable, Equatable {
    /// Of the last transaction that changed something.
    package var value: Int64
    /// Of the last one that took something away: content, a right, a credential. What is read from a file that has not come so far
    /// may have been withdrawn.
    package var withdrawn: Int64

    package init(value: Int64, withdrawn: Int64) {
        self.value = value
        self.withdrawn = withdrawn
    }

    /// Reads it. Throws `DatabaseError`.
    package static func read(on connection: Connection) throws -> ChangeSequence {
        try connection.first("SELECT value, withdrawn FROM change_sequence WHERE id = 1") {
            ChangeSequence(value: $0.int64(0), withdrawn: $0.int64(1))
        } ?? ChangeSequence(value: 0, withdrawn: 0)
    }

    /// Ends each transaction that changed something: see `Database.countCommits`.
    package static let count = "UPDATE change_sequence SET value = value + 1 WHERE id = 1"

    /// A change that says nothing, which shows that the file is followed. It writes the file's first page, with whose change a file
    /// that was just restored can be opened: see `Database.Configuration.isFollowed`.
    package static func beat(_ database: Database) throws {
        try database.write { connection in
            try connection.run("UPDATE change_sequence SET beats = beats + 1 WHERE id = 1")
            let version = try connection.first("PRAGMA user_version") { $0.int(0) } ?? 0
            try connection.execute("PRAGMA user_version = \(version)")
        }
    }

    /// What takes something away, by table; of updates the columns that can. The database itself notes it, so that it is the same
    /// for every door and process.
    private static let withdrawals: [(table: String, columns: String?)] = [
        ("tenants", nil), ("twins", "settings, archived_at"), ("sources", nil), ("source_permissions", nil),
        ("verified_answers", "answer, is_active"), ("verified_answer_permissions", nil), ("owner_memories", "status"),
        ("conversations", nil), ("access_groups", "settings, is_default, is_public"),
        ("group_memberships", "group_key, is_active"),
        ("api_keys", "allowed_domains, allowed_twin_ids, scopes, is_active, expires_at, group_id"),
        ("users", "tenant_id, email, role, is_operator, password, token_generation, tokens_valid_from"), ("user_accounts", nil),
        ("token_families", "ended_at"), ("sessions", nil), ("share_links", "token, is_enabled, expires_at"),
        ("signing_keys", "retires_at"), ("secrets", "value"),
    ]

    static var sql: String {
        let table = """
            CREATE TABLE change_sequence (
                id INTEGER PRIMARY KEY CHECK (id = 1),
                value INTEGER NOT NULL,
                -- Of the last change that took something away.
                withdrawn INTEGER NOT NULL,
                beats INTEGER NOT NULL
            ) STRICT;
            INSERT INTO change_sequence VALUES (1, 0, 0, 0);

            """
        // The transaction that it happens in gets the next number.
        let triggers = withdrawals.flatMap { table, columns in
            var events = [(name: "deleted", event: "DELETE")]
            if let columns { events.append((name: "changed", event: "UPDATE" + " OF " + columns)) }
            return events.map { name, event in
                """
                CREATE TRIGGER withdrawn_\(table)_\(name) AFTER \(event) ON \(table) BEGIN
                    UPDATE change_sequence SET withdrawn = value + 1 WHERE id = 1;
                END;

                """
            }
        }
        return table + triggers.joined()
    }
}
