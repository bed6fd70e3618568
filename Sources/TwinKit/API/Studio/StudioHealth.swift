import TwinSupport

/// Health in the studio contract's words: there the database is called `supabase`, the search index `pinecone` and the language
/// model `openai`.
struct StudioHealth {
    let health: Health

    /// The body of `GET /metrics/health`, for owners. The number of indexed chunks is the tenant's, or the file's without one.
    func report(tenantID: String? = nil, now: Timestamp = Clock.now) -> JSON {
        let (store, index) = (health.database(), health.index(tenantID: tenantID))
        return [
            "status": store.isHealthy && index.isHealthy ? "healthy" : "degraded", "timestamp": .string(now.description),
            "services": [
                "supabase": Self.service(store, counts: false), "pinecone": Self.service(index, counts: true),
                "openai": [
                    "status": health.hasModel ? "configured" : "unconfigured",
                    "note": health.hasModel
                        ? "answers are worded by the model" : "answers are quotations; no model is needed",
                ],
            ],
        ]
    }

    private static func service(_ probe: Health.Probe, counts: Bool) -> JSON {
        var object: JSONObject = [
            "status": probe.isHealthy ? "healthy" : "error", "response_ms": .double(probe.milliseconds),
        ]
        if counts, let count = probe.count { object["vector_count"] = .number(count) }
        object["error"] = probe.error.map(JSON.string)
        return .object(object)
    }

    /// The body of `GET /observability/health`, for everybody: no numbers, and of a model only whether there is one.
    func summary() -> JSON {
        let index = health.index(tenantID: nil)
        return [
            "status": index.isHealthy ? "online" : "degraded",
            "services": [
                "pinecone": .string(index.error.map { "error: " + $0 } ?? "connected"),
                "openai": health.hasModel ? "connected" : "unconfigured",
            ],
        ]
    }
}
