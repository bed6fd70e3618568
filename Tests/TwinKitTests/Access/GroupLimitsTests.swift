import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSupport

@Suite struct GroupLimitsTests {
    let fixture: TwinFixture
    let group: AccessGroup
    private let groups: GroupStore

    init() throws {
        fixture = try TwinFixture()
        groups = GroupStore(database: fixture.database)
        group = try groups.create("readers", of: fixture.twin, by: nil)
    }

    private func set(_ type: GroupStore.LimitType, _ value: Int?) throws { try groups.setLimit(type, value, of: group, by: nil) }

    private func limits<Value>(_ body: (GroupLimits, Connection) throws -> Value) throws -> Value {
        try fixture.database.write { try body(GroupLimits(group, on: $0), $0) }
    }

    @Test func `a group without limits asks as much as it likes`() throws {
        try limits { limits, connection in
            #expect(limits.requests.isEmpty)
            try limits.use(1_000_000, on: connection)
            try limits.check(String(repeating: "why ", count: 10_000), on: connection)
        }
    }

    @Test func `a long question is refused whatever was asked before, and a short one is not`() throws {
        try set(.tokensPerRequest, 10)
        try limits { limits, connection in
            try limits.check(String(repeating: "x", count: 40), on: connection)
            #expect(failure { try limits.check(String(repeating: "x", count: 41), on: connection) } == .limitReached)
            try limits.check("", on: connection)
        }
    }

    @Test func `a day's tokens are used up by questions with their answers, to the last one`() throws {
        try set(.tokensPerDay, 100)
        try limits { limits, connection in
            try limits.check("one", on: connection)
            try limits.use(99, on: connection)
            try limits.check("two", on: connection)
            // An answer may go past the end; it was given already.
            try limits.use(50, on: connection)
            let error = #expect(throws: RateLimit.Exceeded.self) { try limits.check("three", on: connection) }
            #expect(error?.window == .day)
            #expect(error?.status.limit == 100)
        }
        // A refusal undoes nothing: the next transaction sees the same.
        #expect(throws: RateLimit.Exceeded.self) { try limits { try $0.check("four", on: $1) } }
    }

    @Test func `a limit of nothing lets nothing through, and one that is lifted everything`() throws {
        try set(.tokensPerRequest, 0)
        #expect(failure { try limits { try $0.check("x", on: $1) } } == .limitReached)
        try set(.tokensPerRequest, nil)
        try set(.tokensPerDay, 0)
        #expect(throws: RateLimit.Exceeded.self) { try limits { try $0.check("", on: $1) } }
        try set(.tokensPerDay, nil)
        try limits { try $0.check("x", on: $1) }
    }

    @Test func `requests are counted by the hour and by the day, and each group for itself`() throws {
        try set(.requestsPerHour, 2)
        try set(.requestsPerDay, 3)
        let other = try groups.create("others", of: fixture.twin, by: nil)
        try groups.setLimit(.requestsPerHour, 1, of: other, by: nil)
        let start = try #require(Timestamp("2026-01-01T10:00:00.000Z"))
        let later = Timestamp(milliseconds: start.milliseconds + 3_600_000)
        let nextDay = Timestamp(milliseconds: start.milliseconds + 86_400_000)
        try fixture.database.write { (connection) throws in
            let requests = try GroupLimits(group, on: connection).requests
            #expect(requests.map(\.window) == [.hour, .day])
            try RateLimit.count(requests, now: start, on: connection)
            try RateLimit.count(requests, now: start, on: connection)
            try RateLimit.count(GroupLimits(other, on: connection).requests, now: start, on: connection)
            #expect(throws: RateLimit.Exceeded.self) { try RateLimit.count(requests, now: start, on: connection) }
            try RateLimit.count(requests, now: later, on: connection)
            let error = #expect(throws: RateLimit.Exceeded.self) { try RateLimit.count(requests, now: later, on: connection) }
            #expect(error?.window == .day)
            try RateLimit.count(requests, now: nextDay, on: connection)
        }
    }

    @Test func `a question has a token for every four bytes begun`() {
        #expect(["", "a", "four", "fours", "äöü", "äöüx"].map(GroupLimits.tokens) == [0, 1, 1, 2, 2, 2])
    }
}
