import TwinDatabase
import TwinSupport

/// The tenants of a file, and those that have left it.
package struct TenantStore: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// A tenant in numbers.
    package struct Summary: Sendable, Equatable {
        package var id: String
        package var name: String
        package var createdAt: Timestamp?
        package var twins = 0
        package var users = 0
        package var sources = 0
        package var conversations = 0
        /// None for one that is here and stays.
        package var move: TenantMoveRecord?
    }

    /// Tenants of one list at the most.
    package static let limit = 10_000

    /// Those that are here, oldest first, and then those that have moved.
    package func list() throws -> [Summary] {
        try database.read { connection in
            let moves = try TenantMoveRecord.all(on: connection)
            let here = try connection.rows(
                """
                SELECT id, name, created_at, (SELECT count(*) FROM twins WHERE tenant_id = t.id),
                    (SELECT count(*) FROM users WHERE tenant_id = t.id),
                    (SELECT count(*) FROM sources WHERE twin_key IN (SELECT key FROM twins WHERE tenant_id = t.id)),
                    (SELECT count(*) FROM conversations WHERE twin_key IN (SELECT key FROM twins WHERE tenant_id = t.id))
                FROM tenants t ORDER BY created_at, id LIMIT ?
                """, Self.limit
            ) { row in
                Summary(
                    id: row.text(0), name: row.text(1), createdAt: try row.timestamp(2), twins: row.int(3), users: row.int(4),
                    sources: row.int(5), conversations: row.int(6), move: moves.first { $0.tenantID == row.text(0) })
            }
            let gone = moves.filter { $0.state == .moved }.map { Summary(id: $0.tenantID, name: $0.name, move: $0) }
            return here + gone
        }
    }

    /// The tenant that is called so, by id, by name, or as the only one. Throws `TwinError` (`notFound`, `conflict`).
    package func resolve(_ word: String?) throws -> String {
        try database.read { connection in
            let found = try connection.rows(
                "SELECT id FROM tenants WHERE ?1 IS NULL OR id = ?1 OR name = ?1 COLLATE NOCASE ORDER BY id = ?1 DESC LIMIT 2",
                word
            ) { $0.text(0) }
            if let word, found.first == word { return word }
            if let only = found.first, found.count == 1 { return only }
            if let word, let move = try TenantMoveRecord.find(word, on: connection) { return move.tenantID }
            let called = word.map { "called '\($0.shortened(to: 100))'" } ?? "in the database"
            guard found.isEmpty else {
                throw TwinError(.conflict, "several tenants are \(called); name one by its id, which 'twin tenants list' shows")
            }
            throw TwinError(.notFound, "there is no tenant \(called); 'twin tenants list' shows those that there are")
        }
    }
}
