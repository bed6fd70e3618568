import TwinDatabase
import TwinSupport

/// Whether the database and the search index answer, asked anew each time.
package struct Health: Sendable {
    private let file: Database
    /// Whether a language model is configured. It is not called: an examination should cost nothing.
    package let hasModel: Bool

    package init(database: Database, hasModel: Bool) {
        file = database
        self.hasModel = hasModel
    }

    /// What came of asking one service.
    package struct Probe: Sendable {
        /// How long the service took, also to fail.
        package var milliseconds: Double
        /// A number that the service answered.
        package var count: Int?
        /// Why it did not, in words without paths and names.
        package var error: String?

        package var isHealthy: Bool { error == nil }
    }

    private func probe(_ body: (Connection) throws -> Int) -> Probe {
        let started = Clock.monotonicNanoseconds
        var result = Probe(milliseconds: 0)
        do {
            result.count = try file.read(deadline: started + Self.patience) { try body($0) }
        } catch let error as DatabaseError {
            result.error = "SQLite answered with code \(error.code)"
        } catch {
            result.error = "it did not answer"
        }
        result.milliseconds = (Double(Clock.monotonicNanoseconds - started) / 1e4).rounded() / 100
        return result
    }

    /// How long a service may take, in nanoseconds.
    private static let patience: UInt64 = 2_000_000_000

    /// Reads a row of a table that every database of twin has.
    package func database() -> Probe {
        probe { try $0.first("SELECT count(*) FROM (SELECT 1 FROM tenants LIMIT 1)") { $0.int(0) } ?? 0 }
    }

    /// Reads the head of each segment and counts the chunks that are indexed: the tenant's, or the file's without one.
    package func index(tenantID: String?) -> Probe {
        probe { connection in
            try connection.first(
                """
                SELECT coalesce(sum(live_documents), 0) FROM index_segments
                WHERE ?1 IS NULL OR twin_key IN (SELECT key FROM twins WHERE tenant_id = ?1)
                """, tenantID
            ) { $0.int(0) } ?? 0
        }
    }
}
