import TwinDatabase
import TwinSupport

/// What a group may ask: its limits, enforced with the question.
struct GroupLimits: Sendable {
    private let group: AccessGroup
    private let values: [GroupStore.LimitType: Int]

    init(_ group: AccessGroup, on connection: Connection) throws {
        self.group = group
        values = try GroupStore.limits(of: group, on: connection)
    }

    /// Requests an hour and a day.
    var requests: [RateLimit] {
        limit(.requestsPerHour, .hour) + limit(.requestsPerDay, .day)
    }

    /// Throws when the question alone is too long for the group, or the day's tokens are used up.
    func check(_ question: String, on connection: Connection) throws {
        if let maximum = values[.tokensPerRequest], Self.tokens(question) > maximum {
            throw TwinError(
                .limitReached, "the question has more than the \(maximum) tokens that your group may send; shorten it")
        }
        for limit in limit(.tokensPerDay, .day) {
            let status = try limit.status(on: connection)
            if status.remaining == 0 { throw RateLimit.Exceeded(status: status, window: limit.window) }
        }
    }

    /// Counts the tokens of a question and its answer.
    func use(_ tokens: Int, on connection: Connection) throws {
        for limit in limit(.tokensPerDay, .day) { try limit.add(tokens, on: connection) }
    }

    private func limit(_ type: GroupStore.LimitType, _ window: RateLimit.Window) -> [RateLimit] {
        guard let maximum = values[type] else { return [] }
        return [RateLimit("group:\(group.key):\(type.rawValue)", maximum, per: window)]
    }

    /// About how many tokens a text has: four bytes each, as models that write English count.
    static func tokens(_ text: String) -> Int { (text.utf8.count + 3) / 4 }
}
