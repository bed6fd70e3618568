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

    /// The mail server is not there: only a letter that is not sent succeeds.
    private func mailer() throws -> Mailer {
        let links = PageLinks(base: "http://127.0.0.1:8000")
        return Mailer(
            database: fixture.database,
            settings: MailSettings(server: try MailServer("smtp://127.0.0.1:9"), sender: Mailbox(address: "twin@example.org")),
            invitations: fixture.invitations, resets: PasswordResets(database: fixture.database, links: links),
            publicURL: links.base)
    }

    private func learn(_ twin: Twin, on day: String = "2026-11-25", origin: String = "owner") throws {
        try fixture.database.write {
            try $0.run(
                """
                INSERT INTO graph_nodes (id, tenant_id, twin_key, node_type, name, canonical_key, properties, origin, status,
                    created_at, updated_at)
                VALUES (?1, ?2, ?3, 'person', ?1, ?1, '{}', ?4, 'active', ?5, ?5)
                """, Identifier.make(), twin.tenantID, twin.key, origin, day + "T10:00:00.000Z")
        }
    }

    /// Between a letter's queuing and its going lie up to two days, in which people come and go.
    @Test func `who may read a letter and whether it is wanted is asked when it goes`() throws {
        let other = try fixture.user("second@example.org")
        try raise("What does it cost?")
        try learn(fixture.twin)
        try rounds(digestHour: 0).run(now: try #require(Timestamp("2026-11-26T12:00:00Z")))
        try rounds().run(now: later)
        let jobs = try JobQueue(database: fixture.database).list().filter {
            if case .mail(.unanswered(other.id, _, _)) = $0.task { return true }
            return if case .mail(.digest(other.id, _)) = $0.task { true } else { false }
        }
        #expect(jobs.count == 2)
        let mailer = try mailer()
        func goes(_ job: Job) throws -> Bool {
            guard case .mail(let letter) = job.task else { return false }
            do {
                return try mailer.deliver(letter, job) { false }["sent"] == true
            } catch is Standstill {
                return true
            }
        }
        let set = { (role: User.Role) in
            _ = try fixture.users.update(other.id, Users.Change(role: role), by: .localOperator)
        }
        #expect(try jobs.allSatisfy(goes))
        for role in [User.Role.viewer, .supporter] {
            try set(role)
            #expect(try !jobs.contains(where: goes), "\(role)")
        }
        try set(.owner)
        try mailUnanswered(false)
        #expect(try jobs.filter(goes).count == 1)
    }

    @Test func `a letter that has nothing to say any more is not sent`() throws {
        try raise("What does it cost?")
        try rounds().run(now: later)
        let job = try #require(try JobQueue(database: fixture.database).list().first)
        guard case .mail(let letter) = job.task else { throw TwinError(.failed, "no letter") }
        let mailer = try mailer()
        #expect(throws: Standstill.self) { try mailer.deliver(letter, job) { false } }
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
        try learn(fixture.twin)
        let rounds = try rounds(digestHour: 6)
        try rounds.run(now: day)
        #expect(try letters().isEmpty)
        try rounds.run(now: day.adding(seconds: 120))
        try rounds.run(now: day.adding(seconds: 3_600))
        #expect(try letters() == [.digest(userID: owner.id, date: "2026-11-25")])
        try rounds.run(now: day.adding(seconds: 86_400 + 120))
        #expect(try letters().count == 1, "nothing was learned on the next day")
    }

    @Test func `a twin whose digest cannot be made keeps no other twin from its own`() throws {
        let second = try fixture.workspace.twins.create(name: "Second", settings: TwinSettings(JSONObject()))
        try learn(fixture.twin, origin: "nobody knows")
        try learn(second)
        let rounds = try rounds(digestHour: 0)
        #expect(throws: (any Error).self) { try rounds.run(now: Timestamp("2026-11-26T12:00:00Z") ?? Clock.now) }
        #expect(try JobQueue(database: fixture.database).list().map(\.twinKey) == [second.key])
    }

    /// Two servers on one file look at the same time, and the first letter may be gone before the second looks.
    @Test func `a digest is told once however many look`() throws {
        for _ in 0..<300 { try learn(fixture.twin) }
        let day = try #require(Timestamp("2026-11-26T12:00:00Z"))
        let all = try (0..<4).map { _ in try rounds([.digest], digestHour: 0) }
        let database = fixture.database
        Parallel.run(5) { worker in
            for _ in 0..<30 {
                if worker < 4 {
                    try? all[worker].run(now: day)
                } else {
                    try? database.write { try $0.run("UPDATE jobs SET status = 'complete' WHERE status = 'queued'") }
                }
            }
        }
        #expect(try letters() == [.digest(userID: owner.id, date: "2026-11-25")])
    }

    /// Anybody who opens the page of a desk can ask for a person, as often as they like.
    @Test func `people who wait at a desk are told at most once in a while`() throws {
        let desk = try TenantFixture.desk()
        let queue = desk.workspace.jobs
        func ask(at time: Timestamp) throws {
            _ = try desk.workspace.handovers.request(
                try desk.session().id, of: desk.tenantID, reason: "please", now: time)
        }
        func told() throws -> [Letter] {
            try queue.list(limit: 100).reversed().compactMap { if case .mail(let letter) = $0.task { letter } else { nil } }
        }
        _ = try desk.supporter(isThere: false)
        let rounds = MailRounds(
            database: desk.workspace.database,
            settings: MailSettings(
                server: try MailServer("smtp://127.0.0.1:9"), sender: Mailbox(address: "twin@example.org"), patience: 1))
        let start = Clock.now
        for second in stride(from: 0.0, to: 1_800, by: 60) {
            try ask(at: start.adding(seconds: second))
            try rounds.run(now: start.adding(seconds: second + 30))
        }
        // The owner's address is proven by nobody; the supporter's is.
        let letters = try told()
        #expect(letters.count == 2, "\(letters)")
        guard case .handover(_, let after, let upTo) = letters[1], case .handover(_, _, let before) = letters[0] else {
            throw TwinError(.failed, "no letters about handovers")
        }
        #expect(after == before && upTo > after + 10, "the second tells of all who came since")
        try rounds.run(now: start.adding(seconds: 3_600))
        #expect(try told().count == 3)
        let supporter = try desk.supporter()
        try ask(at: start.adding(seconds: 7_200))
        _ = try desk.workspace.staff.ping(supporter, of: desk.tenantID, now: start.adding(seconds: 7_290))
        try rounds.run(now: start.adding(seconds: 7_300))
        #expect(try told().count == 3, "somebody is there")
    }

    @Test func `an owner sends so many letters with invitations, and so many to one address`() throws {
        let workspace = try WorkspaceFixture([
            "TWIN_MAIL_URL": "smtp://127.0.0.1:9", "TWIN_MAIL_FROM": "twin@example.org",
        ]).workspace
        let owner = try workspace.users.sync(id: "u", email: "owner@example.org", fullName: nil).user
        let tenant = try #require(owner.tenantID)
        func invite(_ email: String, by principal: Principal) -> Bool {
            do {
                _ = try workspace.invite(email: email, role: .viewer, tenantID: tenant, by: principal)
                return true
            } catch {
                #expect(error is RateLimit.Exceeded, "\(error)")
                return false
            }
        }
        let hour = Clock.now.milliseconds / 3_600_000
        let toOne = (0..<6).count { _ in invite("victim@example.org", by: .user(owner)) }
        let toAll = (0..<100).count { invite("friend\($0)@example.org", by: .user(owner)) }
        guard hour == Clock.now.milliseconds / 3_600_000 else { return }
        #expect(toOne == 4 && toAll == 96)
        #expect(try workspace.invitations.list(tenantID: tenant).count == 97, "who gets no letter is not invited")
        #expect(invite("victim@example.org", by: .localOperator))
    }
}
