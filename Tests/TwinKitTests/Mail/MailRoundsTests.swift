import TestSupport
import Testing
import TwinDatabase
import TwinHTTP
import TwinSupport

@testable import TwinKit

/// What is queued to be told. That letters arrive is seen with a real mail server (Tests/mail).
@Suite struct MailRoundsTests {
    let fixture: TwinFixture
    let owner: User
    private let later = Clock.now.adding(seconds: 3_600)

    init() throws {
        fixture = try TwinFixture()
        owner = try fixture.user("owner@example.org")
    }

    private func rounds(_ kinds: Set<Letter.Kind> = Set(Letter.Kind.allCases), digestHour: Int = 23) throws -> MailRounds {
        MailRounds(
            database: fixture.database,
            settings: MailSettings(
                server: try MailServer("smtp://127.0.0.1:9"), sender: Mailbox(address: "twin@example.org"), kinds: kinds,
                digestHour: digestHour))
    }

    private func raise(_ question: String) throws {
        try fixture.database.write {
            try Escalations.raise(question, confidence: 0, attempt: nil, twin: fixture.twin, conversation: nil, on: $0)
        }
    }

    private func mailUnanswered(_ isOn: Bool) throws {
        _ = try TwinStore(database: fixture.database).update(fixture.twin, by: AuditLog.localActor) { twin in
            var settings = twin.settings
            try settings.set("mail.unanswered", .bool(isOn))
            return TwinStore.Change(settings: settings)
        }
    }

    private func letters() throws -> [Letter] {
        try JobQueue(database: fixture.database).list(limit: 100).reversed().compactMap {
            if case .mail(let letter) = $0.task { letter } else { nil }
        }
    }

    @Test func `each unanswered question is told once, to owners whose address is proven`() throws {
        try fixture.user("second@example.org")
        try fixture.user("viewer@example.org", role: .viewer)
        let elsewhere = try fixture.tenant("elsewhere")
        try fixture.user("stranger@example.org", tenantID: elsewhere)
        try fixture.database.write {
            _ = try Users.insert(
                id: "claims", tenantID: fixture.twin.tenantID, email: "claims@example.org", isProven: false, role: .owner,
                fullName: nil, on: $0)
        }
        try raise("What does it cost?")
        try rounds().run()
        #expect(try letters().isEmpty, "it is not collected yet")
        try raise("Who built it?")
        try rounds().run(now: later)
        try rounds().run(now: later)
        let told = try letters()
        #expect(told.count == 2)
        #expect(
            Set(
                told.map {
                    if case .unanswered(let user, 0, _) = $0 { user } else { "\($0)" }
                }
            ).count == 2)
        try raise("When?")
        try rounds().run(now: later)
        #expect(try letters().count == 4)
    }

    @Test func `what is switched off is not told later either`() throws {
        try raise("What does it cost?")
        try rounds([.digest]).run(now: later)
        #expect(try letters().isEmpty)
        try mailUnanswered(false)
        try rounds().run(now: later)
        try mailUnanswered(true)
        try rounds().run(now: later)
        #expect(try letters().isEmpty)
    }

    @Test func `a letter that has nothing to say any more is not sent`() throws {
        try raise("What does it cost?")
        try rounds().run(now: later)
        let job = try #require(try JobQueue(database: fixture.database).list().first)
        guard case .mail(let letter) = job.task else { throw TwinError(.failed, "no letter") }
        let links = PageLinks(base: "http://127.0.0.1:8000")
        // The mail server is not there: only a letter that is not sent succeeds.
        let mailer = Mailer(
            database: fixture.database,
            settings: MailSettings(server: try MailServer("smtp://127.0.0.1:9"), sender: Mailbox(address: "twin@example.org")),
            invitations: fixture.invitations, resets: PasswordResets(database: fixture.database, links: links),
            publicURL: links.base)
        #expect(failure { _ = try mailer.deliver(letter, job) { false } } == .upstream)
        let open = try #require(try Escalations(database: fixture.database).list(of: fixture.twin).first)
        _ = try Escalations(database: fixture.database).dismiss(open.id, of: fixture.twin, by: nil)
        #expect(try mailer.deliver(letter, job) { false }["sent"] == false)
        #expect(try mailer.deliver(.passwordReset(userID: nil), job) { false }["sent"] == false)
        #expect(try mailer.deliver(.invitation(id: "gone"), job) { false }["sent"] == false)
    }

    @Test func `a letter is the same after the file as before`() throws {
        let letters: [Letter] = [
            .invitation(id: "i"), .passwordReset(userID: nil), .passwordReset(userID: "u"),
            .unanswered(userID: "u", after: 3, upTo: 9), .digest(userID: "u", date: "2026-11-25"),
            .handover(userID: "u", after: 0, upTo: 1),
        ]
        for letter in letters { #expect(JobTask(JobTask.mail(letter).json) == .mail(letter)) }
        #expect(JobTask(["task": "mail", "letter": "birthday"]) == nil)
        #expect(JobTask(["task": "mail", "letter": "digest", "user_id": "u"]) == nil)
    }

    @Test func `the day before is told once its hour has come, and not twice`() throws {
        let day = try #require(Timestamp("2026-11-26T05:59:00Z"))
        try fixture.database.write {
            try $0.run(
                """
                INSERT INTO graph_nodes (id, tenant_id, twin_key, node_type, name, canonical_key, properties, origin, status,
                    created_at, updated_at)
                VALUES ('n', ?1, ?2, 'person', 'Ada', 'ada', '{}', 'owner', 'active', ?3, ?3)
                """, fixture.twin.tenantID, fixture.twin.key, "2026-11-25T10:00:00.000Z")
        }
        let rounds = try rounds(digestHour: 6)
        try rounds.run(now: day)
        #expect(try letters().isEmpty)
        try rounds.run(now: day.adding(seconds: 120))
        try rounds.run(now: day.adding(seconds: 3_600))
        #expect(try letters() == [.digest(userID: owner.id, date: "2026-11-25")])
        try rounds.run(now: day.adding(seconds: 86_400 + 120))
        #expect(try letters().count == 1, "nothing was learned on the next day")
    }
}
