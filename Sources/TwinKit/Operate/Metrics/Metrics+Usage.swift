import TwinHTTP
import TwinSupport

/// What answering cost.
extension Metrics {
    /// What was measured of a twin's answers.
    package struct UsageSummary: Sendable, Equatable {
        /// All values of one type, in the unit that its name ends with.
        package struct Measure: Sendable, Equatable {
            /// What was measured, as the table calls it; the name ends with the unit.
            package let type: String
            package let count: Int
            package let sum: Double
            package let minimum: Double
            package let maximum: Double

            package var average: Double { Metrics.share(sum, count, decimals: 3) }
        }

        package var days: Int
        package var measures: [Measure] = []

        private func measure(_ metric: Usage.Metric) -> Measure? { measures.first { $0.type == metric.rawValue } }

        package var requests: Int { Int(measure(.requests)?.sum ?? 0) }
        package var tokens: Int { Int(measure(.totalTokens)?.sum ?? 0) }
        package var errors: Int { Int(measure(.errors)?.sum ?? 0) }
        /// From the question to the answer, in milliseconds.
        package var averageLatency: Double { measure(.totalLatency)?.average ?? 0 }
        /// Percent of the requests.
        package var errorRate: Double { Metrics.share(Double(errors) * 100, requests, decimals: 2) }
    }

    /// The measures of the last `days` days, 1 to 30. They are kept for the twin as a whole: of a user's own conversations
    /// only the number of requests is known. Throws `TwinError`.
    package func usage(
        of twin: Twin, days: Int = 7, scope: MetricsScope = .everything, now: Timestamp = Clock.now
    ) throws -> UsageSummary {
        try Self.check(days, Self.days, "days")
        if scope != .everything {
            let asked = try dashboard(of: twin, days: days, scope: scope, now: now).userMessages
            let requests = UsageSummary.Measure(
                type: Usage.Metric.requests.rawValue, count: asked, sum: Double(asked), minimum: 1, maximum: 1)
            return UsageSummary(days: days, measures: asked > 0 ? [requests] : [])
        }
        let measures = try database.read { connection in
            try connection.rows(
                """
                SELECT metric_type, sum(count), sum(sum), min(minimum), max(maximum) FROM usage_days
                WHERE twin_key = ? AND day BETWEEN ? AND ? GROUP BY metric_type ORDER BY metric_type
                """, twin.key, now.day - Int64(days), now.day
            ) { row in
                UsageSummary.Measure(
                    type: row.text(0), count: row.int(1), sum: row.double(2), minimum: row.double(3), maximum: row.double(4))
            }
        }
        return UsageSummary(days: days, measures: measures)
    }

    /// A number with at most three decimals, and without any when it is whole.
    static func number(_ value: Double) -> JSON {
        let rounded = (value * 1000).rounded() / 1000
        return Int64(exactly: rounded).map(JSON.int) ?? .double(rounded)
    }
}
