import TwinDatabase

/// All limits on one question: those of the door it came through, and those of the asker's group.
struct ChatLimits: Sendable {
    private let requests: [RateLimit]
    private let ofGroup: GroupLimits?

    /// Throws `TwinError` for a question that is too long for the group, and `RateLimit.Exceeded` when the group's tokens of
    /// the day are used up.
    init(_ limits: [RateLimit], group: AccessGroup?, question: String, on connection: Connection) throws {
        guard let group else {
            requests = limits
            ofGroup = nil
            return
        }
        let groupLimits = try GroupLimits(group, on: connection)
        try groupLimits.check(question, on: connection)
        requests = limits + groupLimits.requests
        ofGroup = groupLimits
    }

    /// Throws `RateLimit.Exceeded` when there is no room for one more, without counting it: a look before the work, which
    /// `count` confirms afterwards. Answers how much is left of each.
    @discardableResult
    func checkRoom(on connection: Connection) throws -> [RateLimit.Status] {
        try requests.map { limit in
            let status = try limit.status(on: connection)
            if status.remaining < 1 { throw RateLimit.Exceeded(status: status, window: limit.window) }
            return status
        }
    }

    /// Counts the question. Throws `RateLimit.Exceeded`.
    func count(on connection: Connection) throws -> [RateLimit.Status] { try RateLimit.count(requests, on: connection) }

    /// Counts the tokens of the question and its answer, in the transaction that stores the answer.
    func use(_ tokens: Int, on connection: Connection) throws { try ofGroup?.use(tokens, on: connection) }
}
