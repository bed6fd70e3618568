import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSupport

/// Tokens a day: what is admitted, what is set aside, when a day ends, and who may change it.
@Suite struct QuotaTests {
    let fixture: TwinFixture
    let quotas: Quotas
    let user: User
    let account: QuotaAccount
    /// A Wednesday, half past ten in the evening in UTC.
    let evening = Timestamp("2026-07-15T22:30:00Z") ?? Clock.now

    init() throws {
        fixture = try TwinFixture()
        quotas = Quotas(database: fixture.database)
        user = try fixture.user("ada@example.org")
        account = try #require(quotas.account(of: .user(user)))
    }

    private func set(_ change: Quotas.Change, at now: Timestamp? = nil) throws {
        _ = try quotas.set(user, change, by: .localOperator, now: now ?? evening)
    }

    private func used(at now: Timestamp? = nil) throws -> Int? { try quotas.find(user, now: now ?? evening)?.usedToday }

    /// Charges, and answers whether that was admitted.
    @discardableResult
    private func charge(_ amount: Int, at now: Timestamp? = nil) throws -> Bool {
        do {
            try fixture.database.write { try account.charge(amount, now: now ?? evening, on: $0) }
            return true
        } catch is RateLimit.Exceeded {
            return false
        }
    }

    @Test func `what fits exactly is admitted and nothing more, until midnight`() throws {
        try set(.init(dailyLimit: 100))
        #expect(try charge(60) && !charge(41) && charge(40) && !charge(1) && charge(0))
        let exceeded = try #require(
            throws: RateLimit.Exceeded.self,
            performing: { try fixture.database.read { try account.checkRoom(now: evening, on: $0) } })
        #expect(exceeded.status.resetsAt == Timestamp("2026-07-16T00:00:00Z"))
        #expect(exceeded.status.secondsLeft(at: evening) == 5_400 && exceeded.error.message.contains("quota of 100 tokens a day"))
        #expect(try charge(100, at: evening.adding(seconds: 5_400)))
        #expect(try used(at: evening.adding(seconds: 5_400)) == 100)
        #expect(try used(at: evening.adding(seconds: 200_000)) == 0)
    }

    @Test func `the day is that of the quota's zone`() throws {
        try set(.init(dailyLimit: 10, zone: DayZone("+02:00")))
        // Half past midnight there, so that this day has 23.5 hours left.
        #expect(try charge(10) && !charge(1))
        #expect(try quotas.find(user, now: evening)?.ends == Timestamp("2026-07-16T22:00:00Z"))
        #expect(try !charge(1, at: Timestamp("2026-07-16T21:59:59Z")) && charge(10, at: Timestamp("2026-07-16T22:00:00Z")))
        try set(.init(zone: DayZone("-10:00")), at: Timestamp("2026-07-16T22:00:00Z"))
        #expect(try used(at: Timestamp("2026-07-16T22:00:00Z")) == 10, "moving house gives no second day")
        // In Berlin the day on which the clocks go back has 25 hours.
        try set(.init(usedToday: 0, zone: DayZone("Europe/Berlin")), at: Timestamp("2026-10-25T12:00:00Z"))
        let quota = try #require(try quotas.find(user, now: Timestamp("2026-10-25T12:00:00Z") ?? evening))
        #expect(quota.began == Timestamp("2026-10-24T22:00:00Z") && quota.ends == Timestamp("2026-10-25T23:00:00Z"))
    }

    @Test func `what is set aside counts until it is settled, and ten minutes at the most`() throws {
        try set(.init(dailyLimit: 100))
        let hold = try #require(try fixture.database.write { try account.reserve(70, for: "q", now: evening, on: $0) })
        #expect(try used() == 70 && !charge(31) && charge(30))
        let found = try #require(try fixture.database.read { try account.hold(of: "q", now: evening, on: $0) })
        // Settled over the limit: what was used was used.
        try fixture.database.write { try QuotaAccount.settle(found, 90, on: $0) }
        #expect(try used() == 120 && !charge(1))
        // Once more by who held it first: nothing is set aside any more, and the answer is charged to whoever stores it.
        try set(.init(usedToday: 0))
        _ = try fixture.database.write { try account.reserve(100, now: evening, on: $0) }
        #expect(try !charge(1, at: evening.adding(seconds: 599)) && charge(1, at: evening.adding(seconds: 601)))
        try fixture.database.write { try QuotaAccount.purge(now: evening.adding(seconds: 601), on: $0) }
        #expect(try fixture.database.read { try $0.first("SELECT count(*) FROM quota_reservations") { $0.int(0) } } == 0)
        _ = hold
    }

    @Test func `an answer that is stored after midnight is charged to the day of its question`() throws {
        try set(.init(dailyLimit: 100))
        let hold = try #require(try fixture.database.write { try account.reserve(50, now: evening, on: $0) })
        let tomorrow = evening.adding(seconds: 5_500)
        #expect(try charge(100, at: tomorrow), "what yesterday set aside takes nothing from today")
        try fixture.database.write { try QuotaAccount.settle(hold, 80, on: $0) }
        #expect(try used(at: tomorrow) == 100)
    }

    @Test func `defaults hold where nothing was set, for users and for all keys and visitors of a tenant together`() throws {
        #expect(try quotas.find(user) == nil)
        let limited = Quotas(database: fixture.database, defaults: .init(user: 10, tenant: 5))
        #expect(try limited.find(user)?.dailyLimit == 10)
        func charge(_ principal: Principal, _ amount: Int) throws -> Bool {
            do {
                try fixture.database.write { try limited.account(of: principal)?.charge(amount, on: $0) }
                return true
            } catch is RateLimit.Exceeded {
                return false
            }
        }
        let keys = KeyStore(database: fixture.database)
        let (one, other) = (try keys.create("one", by: nil).key, try keys.create("other", by: nil).key)
        #expect(try charge(.apiKey(one), 3) && !charge(.apiKey(other), 3) && charge(.apiKey(other), 2))
        #expect(try charge(.user(user), 10) && !charge(.user(user), 1))
        #expect(try charge(.localOperator, 1_000_000))
        _ = try limited.set(tenantID: fixture.twin.tenantID, .init(dailyLimit: 6), by: .localOperator)
        #expect(try charge(.apiKey(one), 1) && !charge(.apiKey(one), 1))
        _ = try limited.set(user, .init(dailyLimit: .some(nil)), by: .localOperator)
        #expect(try limited.find(user)?.dailyLimit == 10)
    }

    @Test func `the operator and owners set quotas, nobody their own, and the log has it`() throws {
        let viewer = try fixture.user("vera@example.org", role: .viewer)
        let stranger = try fixture.user("eve@example.org", tenantID: fixture.tenant("other"))
        let cases: [(Principal, User, TwinError.Kind?)] = [
            (.user(user), viewer, nil), (.user(user), user, .notPermitted), (.user(viewer), user, .notPermitted),
            (.user(stranger), user, .notPermitted), (.localOperator, user, nil),
        ]
        for (caller, target, expected) in cases {
            let kind = failure { _ = try quotas.set(target, .init(dailyLimit: 7), by: caller) }
            #expect(kind == expected, "\(caller.actorID ?? "-") for \(target.email)")
        }
        #expect(
            failure { _ = try quotas.set(tenantID: fixture.twin.tenantID, .init(dailyLimit: 7), by: .user(user)) }
                == .notPermitted)
        let log = try AuditLog(database: fixture.database).list(userID: viewer.id)
        #expect(log.map(\.action) == ["QUOTA_SET"] && log.first?.actorID == user.id)
    }
}
