import TwinDatabase
import TwinSupport

/// Tokens a day: who has how many, and how many are left. `QuotaAccount` holds questions to it.
package struct Quotas: Sendable {
    /// What holds where nothing was set for somebody, in tokens a day; none is no limit.
    package struct Defaults: Sendable, Equatable {
        /// `quota.default`: for each user.
        package var user: Int?
        /// `quota.tenant_daily`: for all keys and visitors of a tenant together.
        package var tenant: Int?

        package init(user: Int? = nil, tenant: Int? = nil) {
            self.user = user
            self.tenant = tenant
        }
    }

    /// Tokens a day that somebody gets who registered.
    package static let ofRegistered = 10_000
    /// The tokens a day that a quota may be set to.
    package static let limits = 0...1_000_000_000_000

    let database: Database
    let defaults: Defaults

    package init(database: Database, defaults: Defaults = Defaults()) {
        self.database = database
        self.defaults = defaults
    }

    /// A quota as it stands at one moment.
    package struct Quota: Sendable, Equatable {
        /// None for what keys and visitors of the tenant share.
        package let userID: String?
        /// Nil for a tenant's shared quota.
        package let email: String?
        package let tenantID: String
        /// None where nothing limits it.
        package let dailyLimit: Int?
        /// With what is set aside for questions that are being answered.
        package let usedToday: Int
        /// When the day began in the quota's zone, and when it ends.
        package let began: Timestamp
        /// From then on the whole quota is there again.
        package let ends: Timestamp
        /// In which a day begins at midnight.
        package let zone: DayZone
    }

    /// What is changed of a quota; what is `nil` stays.
    package struct Change: Sendable, Equatable {
        /// Tokens a day; `.some(nil)` takes the default again.
        package var dailyLimit: Int??
        /// Tokens that count as used today, from 0: for putting right what was counted wrongly.
        package var usedToday: Int?
        package var zone: DayZone?

        package init(dailyLimit: Int?? = nil, usedToday: Int? = nil, zone: DayZone? = nil) {
            self.dailyLimit = dailyLimit
            self.usedToday = usedToday
            self.zone = zone
        }
    }

    /// Who pays for what a principal asks; nobody for the person at the command line, and for whoever has no row.
    func account(of principal: Principal) -> QuotaAccount? {
        switch principal {
        case .user(let user):
            guard let key = user.key, let tenant = user.tenantID else { return nil }
            return QuotaAccount(holder: .user(key: key, tenantID: tenant), standard: defaults.user)
        case .apiKey(let key): return QuotaAccount(holder: .tenant(key.tenantID), standard: defaults.tenant)
        case .visitor(let session): return QuotaAccount(holder: .tenant(session.tenantID), standard: defaults.tenant)
        case .localOperator, .frontEnd, .nobody: return nil
        }
    }

    // MARK: Reading

    /// A user's quota; none where nothing limits them and nothing was set.
    package func find(_ user: User, now: Timestamp = Clock.now) throws -> Quota? {
        try database.read { try find(user, now, on: $0) }
    }

    private func find(_ user: User, _ now: Timestamp, on connection: Connection) throws -> Quota? {
        guard let account = account(of: .user(user)) else { return nil }
        let row = try account.row(making: false, on: connection)
        guard row != nil || account.standard != nil else { return nil }
        return try quota(account, row, userID: user.id, email: user.email, tenantID: user.tenantID ?? "", now, on: connection)
    }

    private func quota(
        _ account: QuotaAccount, _ row: QuotaAccount.Row?, userID: String?, email: String?, tenantID: String, _ now: Timestamp,
        on connection: Connection
    ) throws -> Quota {
        let zone = row?.zone ?? .utc
        return Quota(
            userID: userID, email: email, tenantID: tenantID, dailyLimit: row?.limit ?? account.standard,
            usedToday: try row.map { try account.used($0, now, on: connection) } ?? 0,
            began: zone.start(ofDay: zone.day(at: now)),
            ends: QuotaAccount.midnight(after: now, zone), zone: zone)
    }

    /// Every quota that was set or used: tenants first, then users by their addresses.
    package func list(now: Timestamp = Clock.now) throws -> [Quota] {
        try database.read { connection in
            let rows = try connection.rows(
                """
                SELECT q.key, q.daily_limit, q.used, q.day, q.zone, q.typical, q.tenant_id, u.key, u.id, u.email
                FROM quotas q LEFT JOIN users u ON u.key = q.user_key ORDER BY u.key IS NOT NULL, u.email, q.key
                """
            ) { row in
                (
                    row: QuotaAccount.Row(row), tenant: row.text(6), user: row.optionalInt(7).map(Int64.init),
                    id: row.optionalText(8), email: row.optionalText(9)
                )
            }
            return try rows.map { found in
                let account = QuotaAccount(
                    holder: found.user.map { .user(key: $0, tenantID: found.tenant) } ?? .tenant(found.tenant),
                    standard: found.user == nil ? defaults.tenant : defaults.user)
                return try quota(
                    account, found.row, userID: found.id, email: found.email, tenantID: found.tenant, now, on: connection)
            }
        }
    }

    // MARK: Changing

    /// Changes a user's quota. The operator may, and an owner for somebody else of their workspace; nobody for themselves.
    /// Throws `TwinError`.
    package func set(
        _ user: User, _ change: Change, by principal: Principal, now: Timestamp = Clock.now
    ) throws -> Quota {
        guard principal.userID != user.id else {
            throw TwinError(.notPermitted, "nobody sets their own quota; another owner or the operator can")
        }
        guard principal.speaksForUsers || user.tenantID.map({ principal.isOwner(of: $0) }) ?? false else {
            throw TwinError(.notPermitted, "only the operator and owners set quotas")
        }
        guard let key = user.key, let tenant = user.tenantID else { throw Users.notFound }
        return try set(
            QuotaAccount(holder: .user(key: key, tenantID: tenant), standard: defaults.user), change, of: user, tenant, principal,
            now)
    }

    /// Changes what keys and visitors of a tenant may use together. Throws `TwinError` (`notPermitted`) for all but the operator.
    package func set(
        tenantID: String, _ change: Change, by principal: Principal, now: Timestamp = Clock.now
    ) throws -> Quota {
        guard principal.isOperator else { throw TwinError(.notPermitted, "only the operator sets the quota of a workspace") }
        return try set(
            QuotaAccount(holder: .tenant(tenantID), standard: defaults.tenant), change, of: nil, tenantID, principal, now)
    }

    private func set(
        _ account: QuotaAccount, _ change: Change, of user: User?, _ tenantID: String, _ principal: Principal, _ now: Timestamp
    ) throws -> Quota {
        for amount in [change.dailyLimit ?? nil, change.usedToday].compactMap({ $0 }) where !Self.limits.contains(amount) {
            throw TwinError(.invalid, "a quota has 0 to \(Self.limits.upperBound) tokens a day")
        }
        return try database.write { connection in
            guard let row = try account.row(making: true, on: connection) else { throw Users.notFound }
            if let limit = change.dailyLimit {
                try connection.run("UPDATE quotas SET daily_limit = ? WHERE key = ?", limit, row.key)
            }
            if let zone = change.zone {
                // What was used today stays used, wherever today is.
                try connection.run(
                    "UPDATE quotas SET zone = ?2, used = CASE day WHEN ?3 THEN used ELSE 0 END, day = ?4 WHERE key = ?1",
                    row.key, zone.description, row.day(at: now), zone.day(at: now))
            }
            guard let zoned = try account.row(making: false, on: connection) else { throw Users.notFound }
            if let used = change.usedToday {
                try connection.run("UPDATE quotas SET used = ?, day = ? WHERE key = ?", used, zoned.day(at: now), row.key)
            }
            guard let changed = try account.row(making: false, on: connection) else { throw Users.notFound }
            var details: JSONObject = ["daily_limit": .optional(changed.limit)]
            if let user { details["user_id"] = .string(user.id) }
            if let used = change.usedToday { details["used_today"] = .number(used) }
            try AuditLog.append(
                .quotaSet, tenantID: tenantID, actor: principal.actorID, about: user?.id, details, on: connection)
            return try quota(
                account, changed, userID: user?.id, email: user?.email, tenantID: tenantID, now, on: connection)
        }
    }

    /// Gives somebody their first quota, in the transaction that makes them.
    static func begin(_ user: User, _ limit: Int, on connection: Connection) throws {
        try connection.run(
            "INSERT INTO quotas (tenant_id, user_key, daily_limit) VALUES (?, ?, ?)", user.tenantID, user.key, limit)
    }

    /// Charges a user for what was not asked of a twin, in the transaction that stores it. Throws `RateLimit.Exceeded`.
    func charge(_ text: String, atLeast tokens: Int = 0, to user: User, on connection: Connection) throws -> Int {
        let amount = max(tokens, GroupLimits.tokens(text))
        try account(of: .user(user))?.charge(amount, on: connection)
        return amount
    }
}
