import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSupport

@Suite struct ArchivedTwinsTests {
    let fixture: TwinFixture
    private var workspace: Workspace { fixture.workspace }
    private var twin: Twin { fixture.twin }

    init() throws { fixture = try TwinFixture() }

    private func kind(_ body: () throws -> Void) -> TwinError.Kind? {
        do {
            try body()
            return nil
        } catch let error as DatabaseError {
            return TwinError(error).kind
        } catch { return (error as? TwinError)?.kind }
    }

    @Test func `an archived twin takes no change at any service, and all of them when it is brought back`() throws {
        try fixture.write("docs/a.md", TwinFixture.text(1))
        try fixture.ingest("docs")
        let source = try fixture.source("docs/a.md")
        let standard = try #require(try workspace.groups.list(of: twin).first { $0.isDefault })
        let board = try fixture.board
        let other = try workspace.groups.create("Other", of: twin)
        let answer = try workspace.verifiedAnswers.add(
            VerifiedAnswers.Entry(question: "How many hives?", answer: "Seven."), to: twin)
        let memory = try workspace.memories.add(
            OwnerMemories.Entry(topic: "hives", type: .belief, value: "They should be painted."), to: twin)
        let changes: [(String, () throws -> Void)] = [
            ("rename", { _ = try workspace.twins.update(twin) { _ in TwinStore.Change(name: "Grace") } }),
            (
                "settings",
                { _ = try workspace.twins.update(twin) { _ in TwinStore.Change(settings: TwinSettings(["tone": "dry"])) } }
            ),
            ("publish", { _ = try workspace.twins.update(twin) { _ in TwinStore.Change(isPublic: true) } }),
            ("share", { _ = try workspace.shareLinks.setEnabled(twin, true) }),
            ("ingest", { try fixture.ingest("docs") }),
            ("a new group", { _ = try workspace.groups.create("New", of: twin) }),
            ("a renamed group", { _ = try workspace.groups.update(board, name: "Directors") }),
            ("a limit", { try workspace.groups.setLimit(.requestsPerDay, 3, of: board) }),
            ("an override", { try workspace.groups.setOverride(.temperature, 0.5, of: board) }),
            ("a grant", { try workspace.permissions.grant(.source, [source.id], to: board) }),
            ("a revocation", { try workspace.permissions.revoke(.source, [source.id], from: standard) }),
            ("an edited answer", { _ = try workspace.verifiedAnswers.edit(answer.id, answer: "Eight.", reason: "counted") }),
            ("a removed answer", { try workspace.verifiedAnswers.remove(answer.id) }),
            ("a retracted memory", { try workspace.memories.retract(memory.id, of: twin) }),
            ("a removed group", { try workspace.groups.delete(other) }),
            ("a removed source", { try workspace.sources.remove([source]) }),
        ]
        _ = try workspace.twins.archive(twin)
        for (name, change) in changes { #expect(kind(change) == .gone, "\(name)") }
        #expect(try workspace.sources.list(twin: twin).count == 1)

        let back = try workspace.twins.unarchive(twin)
        #expect(back.archivedAt == nil)
        #expect(try fixture.found("hive orchard") > 0)
        for (name, change) in changes where name != "ingest" { #expect(kind(change) == nil, "\(name)") }
    }

    @Test func `an archived twin can be deleted with everything of it`() throws {
        try fixture.write("docs/a.md", TwinFixture.text(1))
        try fixture.ingest("docs")
        try fixture.restrict("docs/a.md")
        _ = try workspace.verifiedAnswers.add(VerifiedAnswers.Entry(question: "How many hives?", answer: "Seven."), to: twin)
        try workspace.groups.setLimit(.requestsPerDay, 3, of: fixture.board)
        _ = try workspace.twins.archive(twin)
        try workspace.twins.delete(twin)
        for table in [
            "twins", "sources", "chunks", "texts", "access_groups", "group_limits", "source_permissions", "verified_answers",
        ] {
            #expect(try workspace.database.read { try $0.first("SELECT count(*) FROM \(table)") { $0.int(0) } } == 0, "\(table)")
        }
    }

    @Test func `bringing back what is not archived changes and logs nothing`() throws {
        let entries = try workspace.audit.list().count
        #expect(try workspace.twins.unarchive(twin).archivedAt == nil)
        #expect(try workspace.audit.list().count == entries)
    }
}
