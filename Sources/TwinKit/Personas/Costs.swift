import TwinDatabase
import TwinSupport

/// What was spent on personas. An entry is written in the transaction of what it paid for, so that there is none without the
/// other, and none twice.
package struct Costs: Sendable {
    let database: Database

    /// What money is spent on; the words are the contract's and the table's.
    package enum Operation: String, Sendable, CaseIterable {
        case face = "facial_generation"
        case dataset = "dataset_generation"
        case training = "lora_training"
        case biography = "bio_generation"
        case content = "content_generation"
    }

    /// One thing that was paid for.
    package struct Entry: Sendable, Equatable {
        package let operation: String
        package let provider: String
        package let amount: Money
        package let metadata: JSONObject
        package let createdAt: Timestamp
    }

    /// Sums by operation.
    package struct Breakdown: Sendable, Equatable {
        package private(set) var amounts: [Operation: Money] = [:]

        /// The sum; zero where nothing was spent on it.
        package subscript(operation: Operation) -> Money { amounts[operation] ?? .zero }
        package var total: Money { amounts.values.reduce(.zero, +) }

        mutating func add(_ amount: Money, to operation: String) {
            // What this version does not know was spent on content, as everything is that is made.
            let known = Operation(rawValue: operation) ?? .content
            amounts[known] = self[known] + amount
        }
    }

    /// Books what `subject` cost; nothing when it is booked already.
    static func book(
        _ amount: Money, for operation: Operation, by provider: String, of person: Person, avatar: Int64?, batch: String? = nil,
        subject: String, _ metadata: JSONObject = [:], on connection: Connection
    ) throws {
        try connection.run(
            """
            INSERT INTO cost_entries (tenant_id, user_id, avatar_key, batch_id, operation, provider, amount, subject, metadata,
                created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (subject) DO NOTHING
            """,
            [
                person.tenantID, person.userID, avatar, batch, operation.rawValue, provider, amount.micros, subject,
                JSON.object(metadata), Clock.now,
            ] as [any DatabaseConvertible])
    }

    /// The most entries that one answer lists.
    package static let maximumEntries = 1_000

    /// What one persona cost, with the newest entries first.
    package func of(_ avatar: Avatar) throws -> (breakdown: Breakdown, entries: [Entry]) {
        try database.read { connection in
            let breakdown = try Self.breakdown("avatar_key = ?", [avatar.key], on: connection)
            let entries = try connection.rows(
                """
                SELECT operation, provider, amount, metadata, created_at FROM cost_entries WHERE avatar_key = ?
                ORDER BY key DESC LIMIT ?
                """, avatar.key, Self.maximumEntries
            ) { row in
                try Entry(
                    operation: row.text(0), provider: row.text(1), amount: Money(micros: row.int64(2)),
                    metadata: row.object(3), createdAt: row.requiredTimestamp(4))
            }
            return (breakdown, entries)
        }
    }

    /// What a batch, a dataset or a training cost, by persona; nothing of a batch that the scope does not reach.
    package func of(batch: String, in scope: PersonScope) throws -> [(avatarID: String?, name: String?, amount: Money)] {
        try database.read { connection in
            try connection.rows(
                """
                SELECT a.id, a.name, sum(c.amount) FROM cost_entries c LEFT JOIN avatars a ON a.key = c.avatar_key
                WHERE c.batch_id = ?1 AND (?2 IS NULL OR c.tenant_id = ?2) AND (?3 IS NULL OR c.user_id = ?3)
                GROUP BY c.avatar_key ORDER BY c.avatar_key
                """, batch, scope.tenantID, scope.userID
            ) { ($0.optionalText(0), $0.optionalText(1), Money(micros: $0.int64(2))) }
        }
    }

    /// How many personas there are, and what they have cost together.
    package struct Summary: Sendable, Equatable {
        package let avatars: Int
        package let breakdown: Breakdown
    }

    /// What the personas cost that were made in the last `days` days, 1 to 3,650.
    package func summary(of scope: PersonScope, days: Int, now: Timestamp = Clock.now) throws -> Summary {
        let since = now.adding(seconds: -Double(days) * 86_400)
        return try database.read { connection in
            let place = "created_at >= ?1 AND (?2 IS NULL OR tenant_id = ?2) AND (?3 IS NULL OR user_id = ?3)"
            let count = try connection.first(
                "SELECT count(*) FROM avatars WHERE \(place)", since, scope.tenantID, scope.userID
            ) { $0.int(0) }
            return Summary(
                avatars: count ?? 0,
                breakdown: try Self.breakdown(
                    "avatar_key IN (SELECT key FROM avatars WHERE \(place))",
                    [since, scope.tenantID, scope.userID] as [any DatabaseConvertible], on: connection))
        }
    }

    private static func breakdown(
        _ condition: String, _ values: [any DatabaseConvertible], on connection: Connection
    ) throws -> Breakdown {
        var breakdown = Breakdown()
        try connection.forEach(
            "SELECT operation, sum(amount) FROM cost_entries WHERE \(condition) GROUP BY operation", values
        ) { breakdown.add(Money(micros: $0.int64(1)), to: $0.text(0)) }
        return breakdown
    }
}
