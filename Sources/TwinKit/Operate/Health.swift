import TwinDatabase
import TwinSupport

/// Whether the services behind the twins answer, in the studio contract's words: there the database is called `supabase`, the
/// search index `pinecone` and the language model `openai`.
package struct Health: Sendable {
    let database: Database
    /// Whether a language model is configured. It is not called: an examination should cost nothing.
    let hasModel: Bool

    package init(database: Database, hasModel: Bool) {
        self.database = database
        self.hasModel = hasModel
    }

    /// What came of asking one service.
    struct Probe: Sendable {
        var milliseconds: Double
        /// A number that the service answered.
        var count: Int?
        /// Why it did not, in words without paths and names.
        var error: String?

        var isHealthy: Bool { error == nil }
    }

    private func probe(_ body: (Connection) throws -> Int) -> Probe {
        let started = Clock.monotonicNanoseconds
        var result = Probe(milliseconds: 0)
        do {
            result.count = try database.read(deadline: started + Self.patience) { try body($0) }
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
    private func databaseProbe() -> Probe {
        probe { try $0.first("SELECT count(*) FROM (SELECT 1 FROM tenants LIMIT 1)") { $0.int(0) } ?? 0 }
    }

    /// Reads the head of each segment. The index of the studio contract is the whole file's, so is its number.
    private func indexProbe(tenantID: String?) -> Probe {
        probe { connection in
            try connection.first(
                """
                SELECT coalesce(sum(live_documents), 0) FROM index_segments
                WHERE ?1 IS NULL OR twin_key IN (SELECT key FROM twins WHERE tenant_id = ?1)
                """, tenantID
            ) { $0.int(0) } ?? 0
        }
    }

    /// The body of `GET /metrics/health`, for owners. The number of indexed chunks is the tenant's, or the file's without one.
    package func report(tenantID: String? = nil, now: Timestamp = Clock.now) -> JSON {
        let (store, index) = (databaseProbe(), indexProbe(tenantID: tenantID))
        return [
            "status": store.isHealthy && index.isHealthy ? "healthy" : "degraded", "timestamp": .string(now.description),
            "services": [
                "supabase": Self.service(store, counts: false), "pinecone": Self.service(index, counts: true),
                "openai": [
                    "status": hasModel ? "configured" : "unconfigured",
                    "note": hasModel ? "answers are worded by the model" : "answers are quotations; no model is needed",
                ],
            ],
        ]
    }

    private static func service(_ probe: Probe, counts: Bool) -> JSON {
        var object: JSONObject = [
            "status": probe.isHealthy ? "healthy" : "error", "response_ms": .double(probe.milliseconds),
        ]
        if counts, let count = probe.count { object["vector_count"] = .number(count) }
        object["error"] = probe.error.map(JSON.string)
        return .object(object)
    }

    /// The body of `GET /observability/health`, for everybody: no numbers, and of a model only whether there is one.
    package func summary() -> JSON {
        let index = indexProbe(tenantID: nil)
        return [
            "status": index.isHealthy ? "online" : "degraded",
            "services": [
                "pinecone": .string(index.error.map { "error: " + $0 } ?? "connected"),
                "openai": hasModel ? "connected" : "unconfigured",
            ],
        ]
    }

    /// The body of `GET /health` and `GET /`: the process is there.
    package static func liveness(version: String) -> JSON {
        ["status": "healthy", "service": "twin", "version": .string(version)]
    }
}
