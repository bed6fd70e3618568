import TwinDatabase
import TwinSupport

/// Who pays for a question, in tokens a day: a user their own quota; keys and visitors one that their tenant has for all of
/// them; the person at the command line nothing. Every door asks through `Ask`, and so every door is held to it.
///
/// What is left counts what was used and what is set aside for questions that are being answered. Admission is one statement
/// of the one writer, so that a thousand requests at once get no more than there is.
struct QuotaAccount: Sendable {
    enum Holder: Sendable {
        case user(key: Int64, tenantID: String)
        case tenant(String)
    }

    let holder: Holder
    /// Tokens a day where the holder's row says nothing; none is no limit.
    let standard: Int?

    /// Tokens that were set aside, or the right to charge what was not.
    struct Hold: Sendable {
        let account: QuotaAccount
        /// None where nothing was set aside: no limit, or a reservation that is gone.
        fileprivate let reservation: Int64?
        /// The day in the quota's zone that pays, though the answer be stored after midnight.
        fileprivate let day: Int64
        /// Whether what was set aside was a guess, so that the truth is worth remembering.
        fileprivate var isEstimate = false
    }

    /// After so many seconds a reservation is nobody's: its process has ended.
    static let reservationSeconds = 600.0
    /// Tokens that a model's first answer is expected to have.
    private static let expectedAnswer = 256

    /// Sets aside what an answer will probably use that a model words, or that is not known yet: what the last one used, and
    /// never less than the question with its evidence. Throws as `reserve` does.
    func reserve(
        answering question: String, with evidence: [Citation], for questionID: String?, now: Timestamp = Clock.now,
        on connection: Connection
    ) throws -> Hold? {
        let known = GroupLimits.tokens(question) + evidence.reduce(0) { $0 + GroupLimits.tokens($1.quote) }
        let typical = try row(making: false, on: connection)?.typical
        var hold = try reserve(
            max(known, typical ?? known + Self.expectedAnswer), for: questionID, now: now, on: connection)
        hold?.isEstimate = true
        return hold
    }

    /// Sets `amount` tokens aside. None where there is nothing that limits or counts. Throws `RateLimit.Exceeded`, and then the
    /// caller's transaction is to be undone.
    func reserve(
        _ amount: Int, for questionID: String? = nil, now: Timestamp = Clock.now, on connection: Connection
    ) throws -> Hold? {
        guard let quota = try row(making: standard != nil, on: connection) else { return nil }
        let day = quota.day(at: now)
        guard let limit = quota.limit ?? standard else { return Hold(account: self, reservation: nil, day: day) }
        try connection.run(
            """
            INSERT INTO quota_reservations (quota_key, amount, day, question_id, expires_at)
            SELECT q.key, ?2, ?3, ?4, ?5 FROM quotas q
            WHERE q.key = ?1 AND ?6 >= ?2 + CASE q.day WHEN ?3 THEN q.used ELSE 0 END + (
                SELECT coalesce(sum(r.amount), 0) FROM quota_reservations r
                WHERE r.quota_key = q.key AND r.day = ?3 AND r.expires_at > ?7)
            """,
            [
                quota.key, amount, day, questionID, now.adding(seconds: Self.reservationSeconds), limit, now,
            ] as [any DatabaseConvertible])
        guard connection.changes == 1 else { throw try exceeded(quota, limit, now, on: connection) }
        return Hold(account: self, reservation: connection.lastInsertedKey, day: day)
    }

    /// Charges what is known already. Throws as `reserve` does.
    func charge(_ amount: Int, now: Timestamp = Clock.now, on connection: Connection) throws {
        guard let hold = try reserve(amount, now: now, on: connection) else { return }
        try Self.settle(hold, amount, on: connection)
    }

    /// Charges what was really used in the place of what was set aside, in the transaction that stores the answer.
    static func settle(_ hold: Hold, _ amount: Int, on connection: Connection) throws {
        if let reservation = hold.reservation {
            try connection.run("DELETE FROM quota_reservations WHERE key = ?", reservation)
        }
        guard let quota = try hold.account.row(making: false, on: connection) else { return }
        // A day that is over is not charged: another has begun to count.
        try connection.run(
            """
            UPDATE quotas SET used = CASE WHEN day = ?2 THEN used + ?3 ELSE ?3 END, day = ?2 WHERE key = ?1 AND day <= ?2
            """, quota.key, hold.day, max(0, amount))
        if hold.isEstimate { try connection.run("UPDATE quotas SET typical = ? WHERE key = ?", max(0, amount), quota.key) }
    }

    /// What was set aside for a question when it was taken, for whoever answers it in the place of a process that is gone.
    func hold(of questionID: String, now: Timestamp = Clock.now, on connection: Connection) throws -> Hold? {
        guard let quota = try row(making: false, on: connection) else { return nil }
        let found = try connection.first(
            "SELECT key, day FROM quota_reservations WHERE question_id = ? AND quota_key = ?", questionID, quota.key
        ) { ($0.int64(0), $0.int64(1)) }
        return Hold(account: self, reservation: found?.0, day: found?.1 ?? quota.day(at: now))
    }

    /// Throws `RateLimit.Exceeded` when nothing is left: a look before the work, which `reserve` confirms.
    func checkRoom(now: Timestamp = Clock.now, on connection: Connection) throws {
        guard let quota = try row(making: false, on: connection) else {
            if standard == 0 { throw Self.exceeded(limit: 0, remaining: 0, zone: .utc, now) }
            return
        }
        guard let limit = quota.limit ?? standard else { return }
        if try used(quota, now, on: connection) >= limit { throw try exceeded(quota, limit, now, on: connection) }
    }

    // MARK: Rows

    /// A quota as it is stored.
    struct Row {
        let key: Int64
        let limit: Int?
        let used: Int
        let usedDay: Int64
        let zone: DayZone
        let typical: Int?

        /// Days since 1970-01-01 in the quota's zone.
        func day(at now: Timestamp) -> Int64 { zone.day(at: now) }

        static let columns = "key, daily_limit, used, day, zone, typical"

        init(_ row: TwinDatabase.Row) {
            key = row.int64(0)
            limit = row.optionalInt(1)
            used = row.int(2)
            usedDay = row.int64(3)
            // A machine without that zone counts in UTC.
            zone = DayZone(row.text(4)) ?? .utc
            typical = row.optionalInt(5)
        }
    }

    func row(making: Bool, on connection: Connection) throws -> Row? {
        if let row = try find(on: connection) { return row }
        guard making else { return nil }
        switch holder {
        case .user(let key, let tenant):
            try connection.run("INSERT INTO quotas (tenant_id, user_key) VALUES (?, ?)", tenant, key)
        case .tenant(let tenant): try connection.run("INSERT INTO quotas (tenant_id) VALUES (?)", tenant)
        }
        return try find(on: connection)
    }

    private func find(on connection: Connection) throws -> Row? {
        switch holder {
        case .user(let key, _):
            try connection.first("SELECT \(Row.columns) FROM quotas WHERE user_key = ?", key, map: Row.init)
        case .tenant(let tenant):
            try connection.first(
                "SELECT \(Row.columns) FROM quotas WHERE tenant_id = ? AND user_key IS NULL", tenant, map: Row.init)
        }
    }

    /// What is used and set aside on the day of `now`.
    func used(_ quota: Row, _ now: Timestamp, on connection: Connection) throws -> Int {
        let day = quota.day(at: now)
        let reserved =
            try connection.first(
                """
                SELECT coalesce(sum(amount), 0) FROM quota_reservations WHERE quota_key = ? AND day = ? AND expires_at > ?
                """, quota.key, day, now
            ) { $0.int(0) } ?? 0
        return (quota.usedDay == day ? quota.used : 0) + reserved
    }

    private func exceeded(
        _ quota: Row, _ limit: Int, _ now: Timestamp, on connection: Connection
    ) throws -> RateLimit.Exceeded {
        Self.exceeded(
            limit: limit, remaining: max(0, limit - (try used(quota, now, on: connection))), zone: quota.zone, now)
    }

    private static func exceeded(limit: Int, remaining: Int, zone: DayZone, _ now: Timestamp) -> RateLimit.Exceeded {
        RateLimit.Exceeded(
            status: RateLimit.Status(limit: limit, remaining: remaining, resetsAt: midnight(after: now, zone)),
            window: .day,
            unit: "tokens")
    }

    /// When the day ends.
    static func midnight(after now: Timestamp, _ zone: DayZone) -> Timestamp { zone.start(ofDay: zone.day(at: now) + 1) }

    /// Removes reservations that nobody settled.
    static func purge(now: Timestamp = Clock.now, on connection: Connection) throws {
        try connection.run("DELETE FROM quota_reservations WHERE expires_at < ?", now)
    }
}
