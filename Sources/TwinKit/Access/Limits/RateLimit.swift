import TwinDatabase
import TwinSupport

/// At most so often a minute, an hour or a day: a fixed window in the database, so that it holds for every process on the file
/// and after a restart.
package struct RateLimit: Sendable, Equatable {
    /// How long is counted, in seconds. Windows begin at multiples of their length since 1970 (UTC).
    package enum Window: Int, Sendable, Comparable {
        case minute = 60
        case hour = 3_600
        case day = 86_400

        /// Shorter ones first.
        package static func < (left: Window, right: Window) -> Bool { left.rawValue < right.rawValue }
    }

    /// Whose requests of which kind are counted, such as `widget:SESSION`.
    package var name: String
    /// In one window; 0 lets nothing through.
    package var maximum: Int
    package var window: Window

    /// At most `maximum` of what `name` counts in each window; 0 lets nothing through.
    package init(_ name: String, _ maximum: Int, per window: Window) {
        self.name = name
        self.maximum = maximum
        self.window = window
    }

    /// How much is left of a limit.
    package struct Status: Sendable, Equatable {
        /// What the window lets through in all; `remaining` is never below 0.
        package var limit: Int
        /// How much of it the window still lets through.
        package var remaining: Int
        /// When the next window begins.
        package var resetsAt: Timestamp

        /// Whole seconds until the window ends, at least 1.
        package func secondsLeft(at now: Timestamp = Clock.now) -> Int {
            max(1, Int((resetsAt.milliseconds - now.milliseconds + 999) / 1000))
        }
    }

    /// One more would be too many.
    package struct Exceeded: Error, Sendable, Equatable {
        package var status: Status
        package var window: Window
        /// What is counted, where that is not requests.
        package var unit: String?

        /// `limitReached`, with when to come back.
        package var error: TwinError {
            TwinError(
                .limitReached,
                "the \(unit == nil ? "limit" : "quota") of \(status.limit)\(unit.map { " " + $0 } ?? "") a \(window) is reached; try again in \(status.secondsLeft()) s"
            )
        }
    }

    /// Counts `amount` towards every limit, in the transaction of the work that it is for: either all of it happens or
    /// nothing. Throws `Exceeded` for the first limit that has no room. Answers how much is left of each.
    @discardableResult
    static func count(
        _ limits: [RateLimit], amount: Int = 1, now: Timestamp = Clock.now, on connection: Connection
    ) throws -> [Status] {
        try limits.map { limit in
            let status = try limit.status(now: now, on: connection)
            guard status.remaining >= amount else { throw Exceeded(status: status, window: limit.window) }
            return try limit.add(amount, now: now, on: connection)
        }
    }

    /// Counts what has been used already, even past the limit.
    @discardableResult
    func add(_ amount: Int, now: Timestamp = Clock.now, on connection: Connection) throws -> Status {
        try connection.run(
            """
            INSERT INTO rate_windows (name, seconds, began, count) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (name, seconds) DO UPDATE
                SET count = CASE WHEN began = excluded.began THEN count + excluded.count ELSE excluded.count END,
                    began = excluded.began
            """, name, window.rawValue, began(now), amount)
        return try status(now: now, on: connection)
    }

    func status(now: Timestamp = Clock.now, on connection: Connection) throws -> Status {
        let used =
            try connection.first(
                "SELECT count FROM rate_windows WHERE name = ? AND seconds = ? AND began = ?", name, window.rawValue, began(now)
            ) { $0.int(0) } ?? 0
        return Status(
            limit: maximum, remaining: max(0, maximum - used),
            resetsAt: Timestamp(milliseconds: (began(now) + Int64(window.rawValue)) * 1000))
    }

    /// Removes windows that ended two days ago or earlier.
    static func purge(now: Timestamp = Clock.now, on connection: Connection) throws {
        try connection.run("DELETE FROM rate_windows WHERE began < ?", now.milliseconds / 1000 - 2 * 86_400)
    }

    /// Removes windows whose names hold one of these words.
    static func forget(_ words: [String], on connection: Connection) throws {
        for word in words where !word.isEmpty {
            try connection.run("DELETE FROM rate_windows WHERE instr(name, ?) > 0", word)
        }
    }

    private func began(_ now: Timestamp) -> Int64 {
        let seconds = now.milliseconds.flooredQuotient(1000)
        return seconds.flooredQuotient(Int64(window.rawValue)) * Int64(window.rawValue)
    }
}
