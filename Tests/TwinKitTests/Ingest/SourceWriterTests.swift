import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSupport

/// What one source becomes in the database, from its first text to its end.
@Suite struct SourceWriterTests {
    private let fixture: TwinFixture
    private var folder: TemporaryFolder { fixture.folder }
    private var workspace: Workspace { fixture.workspace }
    private var twin: Twin { fixture.twin }

    init() throws {
        fixture = try TwinFixture()
    }

    @discardableResult
    private func ingest(_ name: String, _ text: String) throws -> IngestSummary {
        let path = try folder.write("notes/\(name)", text)
        return try workspace.ingestion().run(IngestRequest(inputs: [.path(path)], actor: nil), into: twin)
    }

    private func source(_ name: String) throws -> Source { try workspace.sources.find(name, twin: twin) }

    private func count(_ sql: String) throws -> Int {
        try workspace.database.read { try $0.first("SELECT count(*) FROM \(sql)") { $0.int(0) } ?? -1 }
    }

    @Test func `a new source is live, has its chunks and is the default group's`() throws {
        #expect(try ingest("rye.md", "# Rye\n\nSow rye in September.\n").count(.added) == 1)
        let rye = try source("rye.md")
        #expect(rye.status == .live && rye.version == 1)
        #expect(try workspace.sources.text(of: rye).contains("Sow rye in September."))
        #expect(try count("chunks WHERE source_key = \(rye.key)") == rye.chunkCount)
        #expect(
            try count(
                "source_permissions p JOIN access_groups g ON g.key = p.group_key WHERE g.is_default AND p.source_key = \(rye.key)"
            ) == 1)
    }

    @Test func `a changed source keeps its id and grants, and loses what it said`() throws {
        try ingest("rye.md", "# Rye\n\nSow rye in September.\n")
        let before = try source("rye.md")
        let group = try workspace.groups.create("readers", of: twin, by: nil)
        _ = try workspace.permissions.grant(.source, [before.id], to: group, by: nil)
        _ = try workspace.permissions.revokeAll(
            from: try #require(try workspace.groups.list(of: twin).first(where: \.isDefault)), by: nil)
        #expect(try ingest("rye.md", "# Rye\n\nSow it in October.\n").count(.updated) == 1)
        let after = try source("rye.md")
        #expect(after.id == before.id && after.key == before.key && after.version == 2)
        #expect(try workspace.search.passages(for: "September", twin: twin).isEmpty)
        #expect(try workspace.search.passages(for: "October", twin: twin).count == 1)
        #expect(try count("texts") == 1)
        #expect(try count("chunks WHERE source_key = \(after.key)") == after.chunkCount)
        // What was revoked stays revoked, what was granted granted.
        let granted = try workspace.database.read {
            try $0.rows("SELECT g.name FROM source_permissions p JOIN access_groups g ON g.key = p.group_key") { $0.text(0) }
        }
        #expect(granted == ["readers"])
    }

    @Test func `sources of the same words share one text, which goes with the last of them`() throws {
        try ingest("a.md", "The same words.\n")
        try ingest("b.md", "The same words.\n")
        #expect(try count("texts") == 1)
        #expect(try source("b.md").health != .healthy)
        try workspace.sources.remove([try source("a.md")], by: nil)
        #expect(try count("texts") == 1)
        #expect(try workspace.search.passages(for: "same words", twin: twin).count == 1)
        try workspace.sources.remove([try source("b.md")], by: nil)
        for table in ["texts", "chunks", "sources", "source_logs", "source_permissions"] {
            #expect(try count(table) == 0, "\(table)")
        }
        #expect(try workspace.search.passages(for: "same words", twin: twin).isEmpty)
    }

    @Test func `bytes that cannot be read leave the earlier text to answer`() throws {
        try ingest("rye.md", "# Rye\n\nSow rye in September.\n")
        let path = try folder.write(
            "notes/rye.md", Array("PK\u{3}\u{4}".utf8) + (0..<400).map { UInt8(truncatingIfNeeded: $0 &* 37) })
        _ = try workspace.ingestion().run(IngestRequest(inputs: [.path(path)], actor: nil), into: twin)
        let rye = try source("rye.md")
        #expect(rye.status == .needsAttention)
        #expect(rye.error != nil)
        #expect(try workspace.search.passages(for: "September", twin: twin).count == 1)
        try ingest("rye.md", "# Rye\n\nSow rye in September.\n")
        #expect(try source("rye.md").status == .live)
        #expect(try source("rye.md").error == nil)
    }

    @Test func `a source that turns out to be another gives its jobs to that one`() throws {
        let database = workspace.database
        let kept = try ingest("rye.md", "# Rye\n\nSow rye in September.\n")
        #expect(kept.count(.added) == 1)
        let rye = try source("rye.md")
        let placeholder = try database.write {
            try SourceReservation.make(
                RemoteIdentity(kind: .url, locator: "https://example.org/rye", name: "rye"), in: twin, for: .everything, on: $0)
        }
        let job = try workspace.jobs.enqueue(
            .ingest(url: "https://example.org/rye", allowPrivate: false), for: twin, sourceID: placeholder.id)
        try database.write { try JobQueue.follow(placeholder.id, to: rye.id, on: $0) }
        #expect(try workspace.jobs.find(job.id).sourceID == rye.id)
    }

    @Test func `a batch that fails leaves nothing of any of its sources`() throws {
        try ingest("rye.md", "# Rye\n\nSow rye in September.\n")
        try workspace.database.write {
            try $0.execute(
                "CREATE TRIGGER refuse BEFORE INSERT ON chunks WHEN NEW.end > 100 BEGIN SELECT RAISE(ABORT, 'no room'); END")
        }
        _ = try folder.write("batch/a.md", "Short.\n")
        _ = try folder.write("batch/b.md", String(repeating: "A long sentence about oats. ", count: 20))
        var request = IngestRequest(inputs: [.path(folder.file("batch"))], actor: nil)
        // Two workers have a batch each.
        request.jobs = 1
        #expect(throws: (any Error).self) { _ = try workspace.ingestion().run(request, into: twin) }
        #expect(try count("sources") == 1)
        #expect(try count("texts") == 1)
        #expect(try workspace.search.passages(for: "oats short", twin: twin).isEmpty)
        #expect(try workspace.search.passages(for: "rye", twin: twin).count == 1)
    }
}
