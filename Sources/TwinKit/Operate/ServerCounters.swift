/// The numbers that `twin serve` shows under `/metrics`.
public struct ServerCounters: Sendable {
    public let registry: Counters
    private let requests: Counters.Counter
    private let durations: Counters.Histogram
    private let answers: Counters.Counter

    /// From a cached verified answer to a slow model, in seconds.
    static let buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

    /// `openConnections` is asked when the numbers are shown, and so are the jobs in each state.
    public init(
        registry: Counters = Counters(), database: Database, openConnections: @escaping @Sendable () -> Int
    ) {
        self.registry = registry
        requests = registry.counter(
            "twin_http_requests_total", "Requests answered, by route, method and class of status.", labels: ["route", "method", "status"])
        durations = registry.histogram(
            "twin_http_request_seconds", "From a request's last byte to the end of its response, in seconds.", buckets: Self.buckets,
            labels: ["route"])
        answers = registry.counter("twin_answers_total", "Answers given, by their status.", labels: ["status"])
        registry.gauge("twin_http_connections", "Open connections.") { Double(openConnections()) }
        registry.gauge("twin_jobs", "Jobs by their state.", label: "status") {
            let rows = try? database.read { connection in
                try connection.rows("SELECT status, count(*) FROM jobs GROUP BY status ORDER BY status") { ($0.text(0), $0.double(1)) }
            }
            return (rows ?? []).map { (label: $0.0, value: $0.1) }
        }
        registry.addProcess()
    }

    /// Counts a request. `route` is the pattern that matched, such as `/chat/{twin_id}`, never the path itself.
    public func answered(route: String, method: String, status: Int, seconds: Double) {
        let known = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"].contains(method)
        requests.add(1, route, known ? method : "other", "\(status / 100)xx")
        durations.observe(seconds, route)
    }

    /// Counts an answer of a twin.
    public func answered(_ status: AnswerStatus) { answers.add(1, status.rawValue) }
}
