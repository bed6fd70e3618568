import Dispatch
import Synchronization
import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSupport

/// Who is given what: nobody more than they can hold, no session to two people.
@Suite struct HandoverTests {
    /// How often a race is run; `TWIN_DESK_RACES` makes it more.
    private static var tries: Int { Configuration.processEnvironment["TWIN_DESK_RACES"].flatMap { Int($0) } ?? 400 }

    @Test func `racing assignments never exceed a capacity and never give a session to two`() throws {
        let fixture = try TenantFixture.desk()
        let staff = try [2, 3, 1].map { try fixture.supporter($0) }
        // However long it takes.
        var presence = Staff.Presence()
        presence.status = .online
        for user in staff { _ = try fixture.workspace.staff.set(presence, of: user.id, in: fixture.tenantID) }
        let sessions = try (0..<12).map { _ in try fixture.session() }
        let handovers = fixture.workspace.handovers
        let violations = Mutex<[String]>([])
        let done = Mutex(0)
        let share = Self.tries / 8
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            for _ in 0..<share {
                let session = sessions[Int.random(in: 0..<sessions.count)]
                // Whatever the state forbids is refused; what is not refused has to be sound.
                switch Int.random(in: 0..<4) {
                case 0: _ = try? handovers.request(session.id, of: fixture.tenantID, reason: "race")
                case 1:
                    let user = staff[Int.random(in: 0..<staff.count)].id
                    _ = try? handovers.assign(session.id, of: fixture.tenantID, to: user, by: "race")
                case 2: _ = try? handovers.assign(session.id, of: fixture.tenantID, to: nil, by: "race")
                default: _ = try? handovers.resolve(session.id, of: fixture.tenantID, .init(), as: .localOperator)
                }
                if let violation = try? Self.violation(in: fixture) { violations.withLock { $0.append(violation) } }
                done.withLock { $0 += 1 }
            }
        }
        #expect(violations.withLock { $0 } == [])
        #expect(done.withLock { $0 } == share * 8)
        // Something has to have been given at all.
        let given = try fixture.workspace.database.read {
            try $0.first("SELECT count(*) FROM desk_handovers WHERE assigned_at IS NOT NULL") { $0.int(0) }
        }
        #expect(given ?? 0 > 0)
    }

    private static func violation(in fixture: TenantFixture) throws -> String? {
        try fixture.workspace.database.read { connection in
            let over = try connection.first(
                """
                SELECT p.user_key FROM desk_staff p WHERE p.maximum_sessions <
                    (SELECT count(*) FROM desk_handovers h WHERE h.user_key = p.user_key AND h.status = 'assigned')
                """
            ) { $0.int(0) }
            let twice = try connection.first(
                """
                SELECT session_key FROM desk_handovers WHERE status <> 'resolved' GROUP BY session_key HAVING count(*) > 1
                """
            ) { $0.int(0) }
            return over.map { "supporter \($0) has too many" } ?? twice.map { "session \($0) is open twice" }
        }
    }

    @Test func `the least loaded is given the next, and among equals who has waited longest`() throws {
        let fixture = try TenantFixture.desk()
        let (first, second) = (try fixture.supporter(), try fixture.supporter())
        func given() throws -> String? {
            let session = try fixture.session()
            return try fixture.workspace.handovers.request(session.id, of: fixture.tenantID, reason: "").handover?.userID
        }
        #expect(try (0..<4).map { _ in try given() } == [first.id, second.id, first.id, second.id])
    }

    @Test func `what waits is given when somebody comes, when a session ends, and to nobody beyond capacity`() throws {
        let fixture = try TenantFixture.desk()
        let handovers = fixture.workspace.handovers
        let waiting = try (0..<3).map { _ in
            try handovers.request(fixture.session().id, of: fixture.tenantID, reason: "").id
        }
        func states() throws -> [Handover.Status?] {
            try waiting.map { try fixture.workspace.deskSessions.find($0, of: fixture.tenantID).handover?.status }
        }
        #expect(try states() == [.pending, .pending, .pending])
        let user = try fixture.supporter(1)
        #expect(try states() == [.assigned, .pending, .pending])
        #expect(throws: TwinError.self) {
            try handovers.assign(waiting[1], of: fixture.tenantID, to: user.id, by: nil)
        }
        _ = try handovers.resolve(waiting[0], of: fixture.tenantID, .init(), as: .localOperator)
        #expect(try states() == [.resolved, .assigned, .pending])
        // Moving a session frees whoever had it, who is then given what waits.
        let other = try fixture.supporter(1, isThere: false)
        var presence = Staff.Presence()
        presence.status = .online
        _ = try fixture.workspace.staff.set(presence, of: other.id, in: fixture.tenantID)
        #expect(try states() == [.resolved, .assigned, .assigned])
        // A resolved session can be handed over again.
        #expect(try handovers.request(waiting[0], of: fixture.tenantID, reason: "again").handover?.status == .pending)
    }

    @Test func `a status set by hand wins over pings, and pings end`() throws {
        let fixture = try TenantFixture.desk()
        let user = try fixture.supporter()
        let staff = fixture.workspace.staff
        func status(after seconds: Double = 0) throws -> StaffMember.Status? {
            try staff.list(of: fixture.tenantID, now: Clock.now.adding(seconds: seconds)).first { $0.user.id == user.id }?.status
        }
        #expect(try status() == .online)
        #expect(try status(after: 91) == .offline)
        var presence = Staff.Presence()
        presence.status = .away
        _ = try staff.set(presence, of: user.id, in: fixture.tenantID)
        _ = try staff.ping(user, of: fixture.tenantID)
        #expect(try status() == .away)
        presence.isAutomatic = true
        _ = try staff.set(presence, of: user.id, in: fixture.tenantID)
        #expect(try status() == .online)
    }

    @Test func `events of a tenant are numbered without gaps, whoever stores what`() throws {
        let fixture = try TenantFixture.desk()
        let sessions = try (0..<4).map { _ in try fixture.session() }
        DispatchQueue.concurrentPerform(iterations: 8) { worker in
            for _ in 0..<10 {
                var inquiry = DeskChat.Inquiry("Where is the harbour?", from: nil, sessionID: nil)
                inquiry.contact = try? fixture.workspace.contacts.find(
                    sessions[worker % 4].contactID, of: fixture.tenantID)
                inquiry.sessionID = sessions[worker % 4].id
                _ = try? fixture.workspace.deskChat.answer(inquiry, at: fixture.tenantID)
                _ = try? fixture.workspace.handovers.request(sessions[worker % 4].id, of: fixture.tenantID, reason: "")
            }
        }
        let numbers = try fixture.workspace.deskEvents.list(of: fixture.tenantID, after: 0, limit: 10_000).map(\.sequence)
        #expect(numbers.count > 20)
        #expect(numbers == Array(1...Int64(numbers.count)))
    }
}
