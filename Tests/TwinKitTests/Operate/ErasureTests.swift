import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSupport

/// What is to be gone is gone: asked for in every column of every table, and in the bytes of a backup.
@Suite struct ErasureTests {
    let fixture: WorkspaceFixture
    var folder: TemporaryFolder { fixture.folder }
    var workspace: Workspace { fixture.workspace }
    let owner: User
    let twin: Twin

    private static let address = "zinnia.quastenflosser@heliotrope.example"
    private static let name = "Zinnia Quastenflosser"
    /// Words of the questions, which nothing else has.
    private static let words = "vermiculite"

    init() throws {
        fixture = try WorkspaceFixture()
        let workspace = fixture.workspace
        owner = try workspace.users.add(email: "owner@example.org", password: nil)
        twin = try workspace.twins.create(
            name: "Ada", settings: TwinSettings(["escalation": ["enabled": true]]), tenantID: owner.tenantID, by: owner.id)
    }

    /// The columns in which one of these texts stands, in any case.
    private func columns(with texts: String...) throws -> [String] {
        try workspace.database.read { connection in
            let all = try connection.rows(
                """
                SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'
                """
            ) { ($0.text(0), $0.text(1)) }
            return try all.filter { table, column in
                try texts.contains { text in
                    try connection.first(
                        "SELECT 1 FROM \"\(table)\" WHERE instr(lower(CAST(\"\(column)\" AS TEXT)), ?) > 0 LIMIT 1",
                        text.lowercased(), map: { _ in true }) ?? false
                }
            }.map { "\($0).\($1)" }
        }
    }

    /// Whether a backup made now has the text anywhere in its bytes.
    private func backupHolds(_ text: String) throws -> Bool {
        let path = folder.file("backup-\(Identifier.make()).db")
        try Backup.write(workspace.database, to: path)
        let bytes = try FileContents.read(path, maximumBytes: 1 << 28).bytes
        let wanted = Array(text.utf8)
        return bytes.indices.contains { bytes[$0] == wanted[0] && bytes[$0...].starts(with: wanted) }
    }

    private func sums() throws -> [String] {
        try workspace.database.read {
            try $0.rows(
                """
                SELECT day || ' ' || conversations || ' ' || user_messages || ' ' || assistant_messages || ' ' || refused
                FROM conversation_days WHERE visitor = '' ORDER BY day
                """
            ) { $0.text(0) }
        }
    }

    /// A member of the workspace who has left something everywhere.
    private func member() throws -> User {
        let tenant = try #require(owner.tenantID)
        let made = try workspace.users.add(
            email: Self.address, role: .viewer, password: Secret("correct horse battery"), tenantID: tenant, fullName: Self.name)
        let group = try #require(try workspace.groups.list(of: twin).first)
        try workspace.groups.add(made.id, to: group, by: owner.id)
        _ = try workspace.invitations.invite(email: "second.\(Self.address)", tenantID: tenant, by: .user(made))
        _ = try workspace.quotas.set(made, .init(dailyLimit: 1_000_000), by: .localOperator)
        _ = try? workspace.users.signIn(
            email: Self.address, password: Secret("wrong horse"), from: SignInOrigin(address: "192.0.2.1"))
        let session = try workspace.journal.begin("About \(Self.words)", for: made.id, twin: twin.id, as: .user(made))
        for text in ["What is \(Self.words)?", "Do you like \(Self.words)?"] {
            _ = try workspace.ask.answer(Ask.Question(text, of: twin.id), as: Ask.Reader(atFile: .user(made)))
            _ = try workspace.journal.add(.init(sessionID: session.id, userID: made.id, text: text), as: .user(made))
        }
        _ = try workspace.promptShelf.add("Say \(Self.words)", for: made.id, as: .user(made))
        _ = try workspace.audit.add(
            "NOTE", tenantID: tenant, by: made.id, about: made.id,
            details: ["who": .string(Self.name), "what": .string(Self.words)])
        _ = try workspace.audit.add("MAIL", tenantID: tenant, by: owner.id, about: nil, details: ["to": .string(Self.address)])
        return made
    }

    /// What a member leaves at the desk, as a contact and as somebody who works there.
    private func visitDesk(_ member: User) throws {
        let tenant = try #require(owner.tenantID)
        _ = try workspace.desks.initialize(tenant, twin: twin, by: .user(owner))
        let contact = try workspace.contacts.contact(for: member)
        let asked = try workspace.deskChat.answer(.init("Who sells \(Self.words)?", from: contact), at: tenant).session
        _ = try workspace.deskSessions.addNote("About \(Self.words)", to: asked, by: owner.id)
        _ = try workspace.handovers.request(asked.id, of: tenant, reason: "On \(Self.words)")
        _ = try workspace.contacts.claim(email: Self.address, name: "somebody else", department: nil, at: tenant)
        let other = try workspace.contacts.add(email: "other@example.org", name: "Other", department: nil, to: tenant)
        let kept = try workspace.deskChat.answer(.init("Who sells honey?", from: other), at: tenant).session
        _ = try workspace.deskSessions.addNote("Seen", to: kept, by: member.id)
    }

    @Test func `whoever is erased is in no table and no backup, the chain stands and the sums stay`() throws {
        let member = try member()
        _ = try workspace.personas().create(
            "Face of \(Self.words)", niche: Self.words, style: "plain", loraModelID: nil,
            weightsURL: "https://weights.example.org/a.safetensors", imageURL: nil, bio: Self.name,
            for: Person(tenantID: owner.tenantID ?? "", userID: member.id), by: member.id)
        _ = try workspace.personas().addLoRA(
            .init(name: Self.name, description: Self.words), at: "https://weights.example.org/b.safetensors",
            for: Person(tenantID: owner.tenantID ?? "", userID: member.id), by: member.id)
        try visitDesk(member)
        let found = try columns(with: member.id, Self.address, Self.name, Self.words)
        #expect(found.count > 15, "\(found)")
        let before = try sums()
        try workspace.erasure.erase(member, by: .user(owner))
        #expect(try columns(with: member.id, Self.address, Self.name, Self.words).isEmpty)
        for text in [member.id, Self.address, Self.name, Self.words] { #expect(try !backupHolds(text), "\(text)") }
        #expect(try sums() == before && !before.isEmpty)
        let log = try workspace.audit.verify()
        #expect(log.isValid && log.erased > 2)
        #expect(try workspace.audit.list(limit: 1).first?.action == "USER_REMOVED")
        #expect(try workspace.users.find(member.id) == nil && workspace.users.find(owner.id) != nil)
    }

    @Test func `a workspace keeps an owner, and goes with the last who was in it`() throws {
        let viewer = try workspace.users.add(
            email: "vera@example.org", role: .viewer, password: nil, tenantID: owner.tenantID)
        func kind(_ user: User) -> TwinError.Kind? {
            do {
                try workspace.erasure.erase(user, by: .localOperator)
                return nil
            } catch {
                return (error as? TwinError)?.kind
            }
        }
        #expect(kind(owner) == .conflict, "others would be left without an owner")
        #expect(kind(viewer) == nil)
        #expect(kind(owner) == .conflict, "twins would be left alone")
        try workspace.twins.delete(twin, by: owner.id)
        #expect(kind(owner) == nil)
        #expect(try workspace.database.read { try $0.first("SELECT count(*) FROM tenants") { $0.int(0) } } == 0)
        #expect(try workspace.audit.verify().isValid)
        #expect(try !columns(with: owner.id, owner.email).contains { !$0.isEmpty })
    }

    @Test func `what is older than it is kept goes from every table and backup, and the sums stay`() throws {
        let member = try member()
        let old = Timestamp("2026-01-02T10:00:00Z") ?? Clock.now
        _ = try workspace.database.write { connection in
            for table in ["conversations", "journal_sessions"] {
                try connection.run("UPDATE \(table) SET created_at = ?1, updated_at = ?1", old)
            }
        }
        let kept = try workspace.ask.answer(
            Ask.Question("What is a linden tree?", of: twin.id), as: Ask.Reader(atFile: .user(member)))
        let before = try sums()
        #expect(before.count == 2)
        let planned = try workspace.retention.purge(before: old.adding(seconds: 60), isDryRun: true, by: nil)
        #expect(planned.conversations == 3 && planned.sessions == 1)
        #expect(try columns(with: Self.words).count > 5)
        #expect(try workspace.retention.purge(before: old.adding(seconds: 60), by: nil) == planned)
        // What the user wrote down to use again, and into the log, is no conversation.
        #expect(try Set(columns(with: Self.words)) == ["journal_user_prompts.prompt_text", "audit_log.metadata"])
        #expect(try !backupHolds("Do you like \(Self.words)") && !backupHolds("What is \(Self.words)"))
        #expect(try sums() == before)
        #expect(try workspace.metrics.topQuestions(of: twin, limit: 10).map(\.question) == ["What is a linden tree?"])
        #expect(try workspace.conversations.list(twin: twin).map(\.conversation.id) == [kept.metadata.conversationID])
        #expect(try workspace.retention.purge(before: old.adding(seconds: 60), by: nil).isEmpty)
        #expect(try workspace.audit.list(limit: 1).first?.action == "CONVERSATIONS_PURGED" && workspace.audit.verify().isValid)
    }

    @Test func `a visitor leaves nothing behind, and another visitor everything`() throws {
        let key = try workspace.keys.create("site", tenantID: owner.tenantID, scopes: [.chat], by: owner.id).key
        func visit(_ text: String) throws -> Session {
            let session = try workspace.visitors.enter(
                twin.id, with: key, .init(address: "192.0.2.77", userAgent: "\(Self.words) browser"))
            _ = try workspace.ask.answer(Ask.Question(text, of: twin.id), as: Ask.Reader(atFile: .visitor(session)))
            return session
        }
        let session = try visit("Where does \(Self.words) come from?")
        _ = try workspace.database.write { try $0.run("UPDATE sessions SET user_agent = 'x' WHERE id <> ?", session.id) }
        let other = try visit("Where does honey come from?")
        _ = try workspace.database.write { try $0.run("UPDATE sessions SET user_agent = 'x' WHERE id = ?", other.id) }
        let before = try sums()
        #expect(try workspace.retention.purge(visitor: session.id, by: nil) == Retention.Removal(conversations: 1, visits: 1))
        #expect(try columns(with: Self.words, session.id).isEmpty)
        #expect(try !backupHolds(Self.words))
        #expect(try sums() == before)
        #expect(try workspace.metrics.topQuestions(of: twin, limit: 10).map(\.question) == ["Where does honey come from?"])
        #expect(throws: TwinError.self) { try workspace.retention.purge(visitor: session.id, by: nil) }
    }

    @Test func `a server deletes by itself what the setting says`() throws {
        let configuration = try Configuration(
            environment: ["HOME": folder.path, "TWIN_RETENTION_CONVERSATIONS_DAYS": "30"])
        _ = try workspace.ask.answer(Ask.Question("What is \(Self.words)?", of: twin.id), as: Ask.Reader(atFile: .user(owner)))
        let upkeep = Upkeep(database: workspace.database, conversationDays: configuration.conversationDays)
        upkeep.run(now: Clock.now.adding(seconds: 29 * 86_400))
        #expect(try workspace.conversations.count(twin: twin) == 1)
        upkeep.run(now: Clock.now.adding(seconds: 31 * 86_400))
        #expect(try workspace.conversations.count(twin: twin) == 0 && columns(with: Self.words).isEmpty)
    }
}
