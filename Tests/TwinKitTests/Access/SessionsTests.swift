import TestSupport
import Testing

@testable import TwinKit
@testable import TwinSupport

@Suite struct SessionsTests {
    let fixture: TwinFixture
    let group: AccessGroup
    var sessions: Sessions { fixture.sessions }

    init() throws {
        fixture = try TwinFixture()
        group = try #require(try GroupStore(database: fixture.database).list(of: fixture.twin).first)
    }

    private func resume(
        _ id: String?, _ origin: Sessions.Origin = .key("k1"), twin: Twin? = nil, now: Timestamp = Clock.now
    ) throws -> (session: Session, isNew: Bool) {
        try sessions.resume(
            id: id, origin: origin, twin: twin ?? fixture.twin, group: group, ipAddress: "127.0.0.1", userAgent: "test", now: now)
    }

    @Test func `a visitor who comes back goes on with the session`() throws {
        let (first, isNew) = try resume(nil)
        #expect(isNew)
        #expect(first.groupKey == group.key)
        let (second, isNewAgain) = try resume(first.id)
        #expect(!isNewAgain)
        #expect(second.id == first.id)
    }

    @Test func `an unknown session is replaced without a word`() throws {
        for id in ["", "made-up", Identifier.make()] {
            let (session, isNew) = try resume(id)
            #expect(isNew)
            #expect(session.id != id)
        }
    }

    @Test func `a session of another key, share link or twin is not opened`() throws {
        let (session, _) = try resume(nil)
        let other = try TwinStore(database: fixture.database).create(name: "Other")
        #expect(try resume(session.id, .key("k2")).isNew)
        #expect(try resume(session.id, .share(fixture.twin.id)).isNew)
        #expect(try resume(session.id, twin: other).isNew)
        #expect(try !resume(session.id).isNew)
    }

    @Test func `a session ends a day after the last question, not after the first`() throws {
        let start = Clock.now
        let (session, _) = try resume(nil, now: start)
        #expect(session.expiresAt == start.adding(seconds: 86_400))
        let later = start.adding(seconds: 20 * 3600)
        #expect(try resume(session.id, now: later).session.expiresAt == later.adding(seconds: 86_400))
        #expect(try !resume(session.id, now: start.adding(seconds: 40 * 3600)).isNew)
        #expect(try resume(session.id, now: start.adding(seconds: 64 * 3600)).isNew)
    }

    @Test func `the conversation of a session is found again`() throws {
        let (session, _) = try resume(nil)
        #expect(try sessions.conversationID(of: session) == nil)
        let conversation = try fixture.database.write {
            try ConversationStore.create(
                twin: fixture.twin, holder: ConversationHolder(sessionID: session.id), groupKey: group.key, on: $0)
        }
        #expect(try sessions.conversationID(of: session) == conversation.id)
        #expect(try sessions.conversationID(of: resume(nil).session) == nil)
    }

    @Test func `old sessions that asked nothing are removed`() throws {
        let (idle, _) = try resume(nil)
        let (asked, _) = try resume(nil)
        _ = try fixture.database.write {
            try ConversationStore.create(
                twin: fixture.twin, holder: ConversationHolder(sessionID: asked.id), groupKey: nil, on: $0)
        }
        #expect(try sessions.purge() == 0)
        #expect(try sessions.purge(now: idle.expiresAt.adding(seconds: 31 * 86_400)) == 1)
        #expect(try !resume(asked.id).isNew)
        #expect(try resume(idle.id).isNew)
    }
}
