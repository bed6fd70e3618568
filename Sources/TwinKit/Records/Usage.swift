import TwinDatabase
import TwinSupport

/// What is measured of a twin's answers, summed up a day.
enum Usage {
    enum Metric: String, Sendable, CaseIterable {
        case requests = "request_count"
        /// Milliseconds from the question to the answer, of the model or the search alone and of all of it.
        case agentLatency = "agent_latency_ms"
        case totalLatency = "total_latency_ms"
        case promptTokens = "tokens_prompt"
        case completionTokens = "tokens_completion"
        case totalTokens = "tokens_total"
        case errors = "error_count"
    }

    static func add(_ metric: Metric, _ value: Double, twin: Twin, at time: Timestamp = Clock.now, on connection: Connection)
        throws
    {
        try connection.run(
            """
            INSERT INTO usage_days (twin_key, day, metric_type, count, sum, minimum, maximum) VALUES (?1, ?2, ?3, 1, ?4, ?4, ?4)
            ON CONFLICT DO UPDATE SET count = count + 1, sum = sum + excluded.sum,
                minimum = min(minimum, excluded.minimum), maximum = max(maximum, excluded.maximum)
            """, twin.key, time.day, metric.rawValue, value)
    }
}
