import TwinDatabase
import TwinSupport

/// At most so many a minute over time, with room for some at once: the generic cell rate algorithm (ITU-T I.371 annex A). No
/// minute, wherever it begins, sees more than `each + burst` of them. The state stands in the database, so that it holds for
/// every process on the file and after a restart.
package struct PacedLimit: Sendable, Equatable {
    static let schema = """
        -- When the pace of each would be reached again, in milliseconds since 1970: the theoretical arrival time.
        CREATE TABLE paced_limits (
            name TEXT PRIMARY KEY,
            arrival INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    package var name: String
    /// A minute.
    package var each: Int
    /// How many may come at once after a pause.
    package var burst: Int

    package init(_ name: String, each: Int, burst: Int) {
        self.name = name
        self.each = max(1, each)
        self.burst = max(1, burst)
    }

    /// Milliseconds between two that keep the pace.
    private var interval: Double { 60_000 / Double(each) }

    /// What is left once the pace stands at `arrival`.
    func status(arrival: Int64, now: Timestamp) -> RateLimit.Status {
        let ahead = max(0, Double(arrival - now.milliseconds))
        let room = Int(((Double(burst) * interval - ahead) / interval).rounded(.down))
        return RateLimit.Status(
            limit: each, remaining: min(each, max(0, room)), resetsAt: Timestamp(milliseconds: now.milliseconds + Int64(ahead)))
    }

    /// The pace after one more at `now`; none when that is too soon, with the instant from which it is not.
    func next(arrival: Int64, now: Timestamp) -> (arrival: Int64, isAllowed: Bool, from: Timestamp) {
        let base = max(Double(arrival), Double(now.milliseconds))
        let earliest = base + interval - Double(burst) * interval
        guard Double(now.milliseconds) >= earliest else {
            return (arrival, false, Timestamp(milliseconds: Int64(earliest.rounded(.up))))
        }
        return (Int64((base + interval).rounded(.up)), true, now)
    }

    /// Counts one. Throws `RateLimit.Exceeded`, whose end is when the next one is let through.
    @discardableResult
    func count(now: Timestamp = Clock.now, on connection: Connection) throws -> RateLimit.Status {
        let known = try connection.first("SELECT arrival FROM paced_limits WHERE name = ?", name) { $0.int64(0) } ?? 0
        // A pace far ahead is of a clock that was set back.
        let arrival = Double(known - now.milliseconds) > 2 * Double(burst) * interval ? 0 : known
        let step = next(arrival: arrival, now: now)
        guard step.isAllowed else {
            throw RateLimit.Exceeded(
                status: RateLimit.Status(limit: each, remaining: 0, resetsAt: step.from), window: .minute)
        }
        try connection.run(
            "INSERT INTO paced_limits (name, arrival) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET arrival = excluded.arrival", name,
            step.arrival)
        return status(arrival: step.arrival, now: now)
    }

    /// What is left, without counting.
    func status(now: Timestamp = Clock.now, on connection: Connection) throws -> RateLimit.Status {
        let arrival = try connection.first("SELECT arrival FROM paced_limits WHERE name = ?", name) { $0.int64(0) } ?? 0
        return status(arrival: arrival, now: now)
    }

    /// Removes what says nothing any more.
    static func purge(now: Timestamp = Clock.now, on connection: Connection) throws {
        try connection.run("DELETE FROM paced_limits WHERE arrival < ?", now.milliseconds)
    }
}
