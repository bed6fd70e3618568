import Synchronization

#if canImport(Glibc)
    import Glibc
    import TwinDatabase
#endif

/// The numbers that `twin serve` shows under `/metrics`.
package struct ServerCounters: Sendable {
    package let registry: Counters
    private let requests: Counters.Counter
    private let durations: Counters.Histogram
    private let answers: Counters.Counter
    private let tallies = Tallies()

    /// From a cached verified answer to a slow model, in seconds.
    static let buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

    /// `openConnections` is asked when the numbers are shown, and so are the jobs in each state.
    package init(
        registry: Counters = Counters(), database: Database, openConnections: @escaping @Sendable () -> Int
    ) {
        self.registry = registry
        requests = registry.counter(
            "twin_http_requests_total", "Requests answered, by route, method and class of status.",
            labels: ["route", "method", "status"])
        durations = registry.histogram(
            "twin_http_request_seconds", "From a request's last byte to the end of its response, in seconds.",
            buckets: Self.buckets,
            labels: ["route"])
        answers = registry.counter("twin_answers_total", "Answers given, by their status.", labels: ["status"])
        registry.gauge("twin_http_connections", "Open connections.") { Double(openConnections()) }
        registry.gauge("twin_jobs", "Jobs by their state.", label: "status") {
            let rows = try? database.read { connection in
                try connection.rows("SELECT status, count(*) FROM jobs GROUP BY status ORDER BY status") {
                    ($0.text(0), $0.double(1))
                }
            }
            return (rows ?? []).map { (label: $0.0, value: $0.1) }
        }
        registry.addProcess()
    }

    /// Counts a request. `route` is the pattern that matched, such as `/chat/{twin_id}`, never the path itself.
    package func answered(route: String, method: String, status: Int, seconds: Double) {
        let bucket = Self.buckets.firstIndex { seconds <= $0 } ?? Self.buckets.count
        let key = Tally.Key(route: route, method: method, statusClass: status / 100)
        tallies.mine.entries.withLock { entries in
            entries[key, default: Tally.Entry(buckets: Array(repeating: 0, count: Self.buckets.count + 1))].count(bucket, seconds)
        }
    }

    /// All numbers as text.
    package func render() -> String {
        for tally in tallies.all {
            let entries = tally.entries.withLock { entries in
                defer { entries = [:] }
                return entries
            }
            for (key, entry) in entries {
                let known = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"].contains(key.method)
                requests.add(Double(entry.buckets.reduce(0, +)), key.route, known ? key.method : "other", "\(key.statusClass)xx")
                durations.add(entry.buckets, sum: entry.seconds, key.route)
            }
        }
        return registry.render()
    }

    /// Counts an answer of a twin.
    package func answered(_ status: AnswerStatus) { answers.add(1, status.rawValue) }
}

/// Requests counted since the numbers were last shown. Each thread has one of a few, so that threads do not wait for each other
/// on every request.
private final class Tally: Sendable {
    struct Key: Hashable {
        var route: String
        var method: String
        var statusClass: Int
    }

    struct Entry {
        var buckets: [UInt64]
        var seconds = 0.0

        mutating func count(_ bucket: Int, _ seconds: Double) {
            buckets[bucket] += 1
            self.seconds += seconds
        }
    }

    let entries = Mutex<[Key: Entry]>([:])
}

private struct Tallies: Sendable {
    let all = (0..<16).map { _ in Tally() }

    /// The calling thread's. The lowest bits of a thread's address are always the same.
    var mine: Tally { all[Int(truncatingIfNeeded: (UInt(pthread_self()) >> 12) % 16)] }
}
