import TwinDatabase
import TwinSupport

/// Deleting conversations for good, with all that repeats their words: messages, what was learned from them, questions that wait
/// for the owner. The sums of each day stay, under nobody's name. What the owner has made their own, a verified answer or a
/// memory, is the owner's.
enum ConversationRemoval {
    /// Conversations of one transaction, so that others get their turn.
    static let batch = 500

    /// The sums of `conversation_days`, in its order behind the key.
    private static let sums =
        "conversations, user_messages, assistant_messages, confidence_sum, confidence_count, escalated, refused"

    /// Deletes these, in the caller's transaction, which is one of `overwriting`. Answers how many there were.
    static func remove(_ keys: [Int64], on connection: Connection) throws -> Int {
        guard !keys.isEmpty else { return 0 }
        let list = JSON.array(keys.map { .int($0) })
        let chosen = "SELECT value FROM json_each(?)"
        let ids = try connection.rows("SELECT id FROM conversations WHERE key IN (\(chosen))", list) { $0.text(0) }
        let days = try connection.rows(
            """
            SELECT twin_key, day, \(sums) FROM conversation_days WHERE visitor = '' AND (twin_key, day) IN (
                SELECT twin_key, substr(created_at, 1, 10) FROM conversations WHERE key IN (\(chosen)))
            """, list
        ) { row in [.int(row.int64(0)), .text(row.text(1))] + (2..<9).map { DatabaseValue.int(row.int64($0)) } }
        try Escalations.forget(conversations: ids, on: connection)
        try Clarifications.forget(conversations: ids, on: connection)
        try ConversationStore.remove(keys: list, on: connection)
        for day in days {
            try connection.run(
                "INSERT OR REPLACE INTO conversation_days (twin_key, visitor, day, \(sums)) VALUES (?, '', ?, ?, ?, ?, ?, ?, ?, ?)",
                day)
        }
        return ids.count
    }
}

extension Database {
    /// Runs `body` in a write transaction that overwrites what it deletes (https://www.sqlite.org/pragma.html#pragma_secure_delete),
    /// and takes the old pages out of the write-ahead log. Who reads at the moment may keep some of them until later.
    func overwriting<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        let value = try write { connection in
            try connection.execute("PRAGMA secure_delete = ON")
            defer { try? connection.execute("PRAGMA secure_delete = OFF") }
            return try body(connection)
        }
        try withWriter { try $0.execute("PRAGMA wal_checkpoint(TRUNCATE)") }
        return value
    }
}
