import TwinDatabase
import TwinSupport

/// How a twin is used: the numbers of the dashboard. Sums come from `conversation_days` and cost the same for a thousand
/// messages as for a million; what lists single things reads a bounded number of the newest.
///
/// A window of N days is today (UTC) and the N days before it, and a message belongs to the day on which its conversation
/// began. So a dashboard's numbers are the sums of the daily rows of the same window.
package struct Metrics: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    // MARK: Dashboard

    /// The longest window, in days: ten years. A contract may offer less.
    package static let days = 1...3_660

    /// A twin's conversations in numbers.
    package struct Dashboard: Sendable, Equatable {
        /// The window's length: see `Metrics`.
        package var days: Int
        package var conversations = 0
        package var userMessages = 0
        package var assistantMessages = 0
        /// The mean over answers with a confidence above 0, from 0 to 1, four decimals; 0 without any.
        package var averageConfidence = 0.0
        /// Percent of the answers that were handed to the owner.
        package var escalationRate = 0.0
        /// Percent of the answers that said they do not know, handed to the owner or not.
        package var refusalRate = 0.0
        /// Percent of the questions that were answered: a refusal is none. 0 when nothing was asked.
        package var answeredRate = 0.0
        /// Replies of any kind for each hundred questions, at the most 100, and 100 when nothing was asked.
        package var responseRate = 100.0

        /// Answers that readers found good, and bad.
        package var ratedUp = 0
        package var ratedDown = 0

        package var messages: Int { userMessages + assistantMessages }
    }

    /// The sums of the last `days` days. Throws `TwinError`.
    package func dashboard(
        of twin: Twin, days: Int = 30, scope: MetricsScope = .everything, now: Timestamp = Clock.now
    ) throws -> Dashboard {
        try Self.check(days, Self.days, "days")
        var result = Dashboard(days: days)
        var refused = 0
        try database.read { connection in
            try connection.forEach(
                """
                SELECT coalesce(sum(conversations), 0), coalesce(sum(user_messages), 0), coalesce(sum(assistant_messages), 0),
                    coalesce(sum(confidence_sum), 0), coalesce(sum(confidence_count), 0), coalesce(sum(escalated), 0),
                    coalesce(sum(refused), 0)
                FROM conversation_days WHERE twin_key = ? AND visitor = ? AND day >= ? AND day <= ?
                """, [twin.key, scope.visitor, Self.day(now, minus: days), Self.day(now, minus: 0)]
            ) { row in
                result.conversations = row.int(0)
                result.userMessages = row.int(1)
                result.assistantMessages = row.int(2)
                result.averageConfidence = Self.share(row.double(3) / 1e6, row.int(4), decimals: 4)
                result.escalationRate = Self.share(row.double(5) * 100, row.int(2), decimals: 2)
                refused = row.int(6)
                result.refusalRate = Self.share(row.double(6) * 100, row.int(2), decimals: 2)
            }
            try connection.forEach(
                """
                SELECT count(*) FILTER (WHERE rating = 'up'), count(*) FILTER (WHERE rating = 'down') FROM message_feedback
                WHERE twin_key = ?1 AND (?2 IS NULL OR rater = ?2) AND created_at >= ?3
                """, [twin.key, scope.userID, Self.day(now, minus: days)]
            ) { row in
                result.ratedUp = row.int(0)
                result.ratedDown = row.int(1)
            }
        }
        // A reply may stand in the window without its question, when that began in another.
        result.answeredRate = Self.share(
            Double(max(0, result.assistantMessages - refused)) * 100, max(result.userMessages, result.assistantMessages),
            decimals: 2)
        if result.userMessages > 0 {
            result.responseRate = min(100, Self.share(Double(result.assistantMessages) * 100, result.userMessages, decimals: 2))
        }
        return result
    }

    // MARK: Daily

    /// What began on one day; a day without anything has zeros.
    package struct Day: Sendable, Equatable {
        /// `2026-11-21`, UTC.
        package let date: String
        package let conversations: Int
        package let messages: Int
    }

    /// A row for each of the last `days` days and for today, the oldest first, also for days without anything. Throws
    /// `TwinError`.
    package func daily(
        of twin: Twin, days: Int = 7, scope: MetricsScope = .everything, now: Timestamp = Clock.now
    ) throws -> [Day] {
        try Self.check(days, Self.days, "days")
        let found = try database.read { connection in
            try connection.rows(
                """
                SELECT day, conversations, user_messages + assistant_messages FROM conversation_days
                WHERE twin_key = ? AND visitor = ? AND day >= ? AND day <= ?
                """, twin.key, scope.visitor, Self.day(now, minus: days), Self.day(now, minus: 0)
            ) { Day(date: $0.text(0), conversations: $0.int(1), messages: $0.int(2)) }
        }
        let byDate = Dictionary(found.map { ($0.date, $0) }, uniquingKeysWith: { first, _ in first })
        return (0...days).reversed().map { age in
            let date = Self.day(now, minus: age)
            return byDate[date] ?? Day(date: date, conversations: 0, messages: 0)
        }
    }

    // MARK: Shared rules

    static func check(_ value: Int, _ range: ClosedRange<Int>, _ name: String) throws {
        guard range.contains(value) else {
            throw TwinError(.invalid, "\(name) is a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
    }

    /// The date of the day, in UTC, that many days before `time`.
    static func day(_ time: Timestamp, minus days: Int) -> String {
        String(Timestamp(milliseconds: (time.day - Int64(days)) * 86_400_000).description.prefix(10))
    }

    /// A sum divided by how many it is of, rounded; 0 of none.
    static func share(_ sum: Double, _ count: Int, decimals: Int) -> Double {
        guard count > 0 else { return 0 }
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        return (sum / Double(count) * scale).rounded() / scale
    }
}

/// Of whose conversations the numbers are, and which sources may be named with them.
package enum MetricsScope: Sendable, Equatable {
    /// Everybody's: for the command line and for owners.
    case everything
    /// A user's own conversations, and the sources that its group may read.
    case user(id: String, clearance: Clearance)

    /// The name under which `conversation_days` has the sums.
    var visitor: String {
        switch self {
        case .everything: ""
        case .user(let id, _): "user:" + id
        }
    }

    /// The user whose conversations are looked at; none for everybody's.
    var userID: String? { if case .user(let id, _) = self { id } else { nil } }

    /// What a principal that may read the twin sees of its use. Owners see everybody's, all others their own only.
    package init(of twin: Twin, as principal: Principal, authorizer: Authorizer) throws {
        let clearance = try authorizer.clearance(of: twin, as: principal)
        if clearance == .everything {
            self = .everything
        } else {
            self = .user(id: principal.actorID ?? "", clearance: clearance)
        }
    }
}
