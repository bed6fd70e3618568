import TwinDatabase

/// A question that something else than the twin's documents answers, on the asker's account all the same.
struct Admission: Sendable {
    fileprivate let limits: ChatLimits
    fileprivate let hold: QuotaAccount.Hold?

    /// Counts what was used, in the transaction that stores the answer. `counted` are the tokens that a model has counted;
    /// without them the texts are measured.
    func use(_ question: String, _ answer: String, counted: Int?, on connection: Connection) throws {
        let tokens = GroupLimits.tokens(question + answer)
        try limits.use(tokens, on: connection)
        if let hold { try QuotaAccount.settle(hold, counted ?? tokens, on: connection) }
    }
}

extension Ask {
    /// Counts a question whose answer comes from elsewhere, as `take` counts its own, in the transaction that stores it. Throws
    /// `TwinError`, and `RateLimit.Exceeded` when a limit or a quota is reached: the caller's transaction is to be undone then.
    func admit(
        _ question: String, _ questionID: String, to twin: Twin, as principal: Principal, on connection: Connection
    ) throws -> Admission {
        let clearance = try authorizer.chatClearance(
            of: twin, as: principal, group: nil, conversation: nil, on: connection)
        let limits = try ChatLimits(
            RateLimit.ofDoor(principal, twin: twin, address: nil), group: clearance.group, question: question, on: connection)
        _ = try limits.count(on: connection)
        let hold = try quotas.account(of: principal)?.reserve(answering: question, with: [], for: questionID, on: connection)
        return Admission(limits: limits, hold: hold)
    }

    /// Throws `RateLimit.Exceeded` where nothing is left of the quota: a look before the work, which `admit` and `take` confirm.
    func checkQuota(of principal: Principal, on connection: Connection) throws {
        try quotas.account(of: principal)?.checkRoom(on: connection)
    }

    /// Charges tokens that were spent before it was known who answers.
    func charge(_ tokens: Int, to principal: Principal, on connection: Connection) throws {
        guard tokens > 0, let hold = try quotas.account(of: principal)?.reserve(0, on: connection) else { return }
        try QuotaAccount.settle(hold, tokens, on: connection)
    }
}
