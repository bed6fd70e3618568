import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

@Suite struct UploadTests {
    let fixture: TwinFixture
    var folder: TemporaryFolder { fixture.folder }
    var workspace: Workspace { fixture.workspace }
    var twin: Twin { fixture.twin }

    init() throws {
        fixture = try TwinFixture()
    }

    private let text =
        "A colony needs fifteen kilograms of honey to survive the winter. Weigh the hive in October, and feed syrup when it is too light.\n"

    private func upload(_ text: String, as name: String) throws -> IngestItem {
        try workspace.upload(try folder.write("received", text), filename: name, into: twin)
    }

    private func found(_ words: String) throws -> Int {
        try workspace.search.passages(for: words, twin: twin).count
    }

    @Test func `an upload is live under its name, granted to the default group, with log and health`() throws {
        let item = try upload(text, as: "winter.txt")
        #expect(item.outcome == .added)
        let source = try workspace.sources.find(try #require(item.sourceID))
        #expect(source.name == "winter.txt")
        #expect(source.kind == .stream)
        #expect(source.status == .live)
        #expect(source.health == .healthy)
        let group = try #require(try workspace.groups.list(of: twin).first { $0.isDefault })
        #expect(try workspace.sources.list(twin: twin, grantedTo: group.key).map(\.id) == [source.id])
        let health = StudioSourceHealth(source: source, log: try workspace.sources.logs(of: source, limit: 20)).json
        #expect(health["health_status"] == "healthy")
        #expect(health["logs"]?.arrayValue?.count == 3)
        #expect(health["checks"]?[0]?["check_type"] == "ingestion_log")
    }

    @Test func `the same name again replaces the source and the same bytes change nothing`() throws {
        let first = try upload(text, as: "winter.txt")
        #expect(try upload(text, as: "winter.txt").outcome == .unchanged)
        let second = try upload(
            "Drones are evicted from the hive in autumn, when the workers stop feeding them.\n", as: "winter.txt")
        #expect(second.outcome == .updated)
        #expect(second.sourceID == first.sourceID)
        #expect(try workspace.sources.list(twin: twin).count == 1)
        #expect(try found("syrup October") == 0)
        #expect(try found("drones autumn") == 1)
    }

    @Test func `an upload that cannot be read leaves a source that says why, and a good one mends it`() throws {
        let failed = try upload("{\"honey\": ", as: "a.json")
        #expect(failed.outcome == .failed)
        let source = try workspace.sources.find(try #require(failed.sourceID))
        #expect(source.status == .error)
        #expect(source.health == .failed)
        #expect(source.error != nil)
        #expect(try upload("{\"honey\": ", as: "a.json").reason?.contains("--retry-failed") == false, "it was read again")
        #expect(try upload("{\"honey\": \"\(text.trimmed)\"}", as: "a.json").outcome == .added)
        #expect(try workspace.sources.find(source.id).status == .live)
    }

    @Test func `health checks find short, doubled and good texts`() throws {
        _ = try upload(text, as: "one.txt")
        func health(_ text: String, _ name: String) throws -> Source {
            try workspace.sources.find(try #require(try upload(text, as: name).sourceID))
        }
        #expect(try health("Too short.\n", "short.txt").health == .failed)
        let double = try health(text, "two.txt")
        #expect(double.health == .failed)
        #expect(double.status == .live, "checks keep nothing from being asked")
        #expect(try workspace.sources.logs(of: double, levels: [.warning]).first?.metadata["duplicate"]?["status"] == "fail")
    }

    @Test(arguments: [("C:\\docs\\a.txt", "a.txt"), ("../../etc/a.txt", "a.txt"), (" ä b.txt ", "ä b.txt")])
    func `only the last part of a name counts`(given: String, name: String) throws {
        let item = try upload(text, as: given)
        #expect(item.locator == name)
    }

    @Test(arguments: ["", "/", "..", "a\u{0}b", "a\r\nb.txt", String(repeating: "x", count: 256)])
    func `a name that is none is refused`(name: String) throws {
        let error = #expect(throws: TwinError.self) { try upload(text, as: name) }
        #expect(error?.kind == .invalid)
        #expect(try workspace.sources.list(twin: twin).isEmpty)
    }

    @Test func `a source's JSON carries the row of the contract, its text only where one asks for it`() throws {
        let source = try workspace.sources.find(try #require(try upload(text, as: "winter.txt").sourceID))
        for field in [
            "id", "twin_id", "filename", "file_url", "content_text", "file_size", "status", "created_at", "content_hash",
            "publish_date", "author", "citation_url", "keep_synced", "sync_config", "health_status", "chunk_count",
            "extracted_text_length",
        ] { #expect(StudioSource(source).json[field] != nil, "\(field)") }
        #expect(StudioSource(source).json["content_text"]?.isNull == true)
        #expect(StudioSource(source, text: text).json["content_text"]?.stringValue == text)
        #expect(StudioSource(source).json["content_hash"]?.stringValue == Hex.encode(try SHA256.hash(text)))
        #expect(StudioSource(source).json["twin_id"]?.stringValue == twin.id)
    }

    @Test func `a group's list holds only what it was granted`() throws {
        let shown = try #require(try upload(text, as: "one.txt").sourceID)
        let hidden = try #require(try upload(text + "More of it.\n", as: "two.txt").sourceID)
        let group = try #require(try workspace.groups.list(of: twin).first { $0.isDefault })
        try workspace.permissions.revoke(.source, [hidden], from: group)
        #expect(try workspace.sources.list(twin: twin, grantedTo: group.key).map(\.id) == [shown])
        #expect(try workspace.sources.list(twin: twin).count == 2)
    }

    @Test func `a reservation is seen at once, and a source with a text goes on answering`() throws {
        let ingestion = workspace.ingestion()
        let source = try ingestion.reserve("https://youtu.be/dQw4w9WgXcQ?t=3", as: .youtube, into: twin)
        #expect(source.status == .processing)
        #expect(source.locator == "https://www.youtube.com/watch?v=dQw4w9WgXcQ")
        #expect(try ingestion.reserve("https://www.youtube.com/watch?v=dQw4w9WgXcQ", into: twin).id == source.id)
        for (address, kind) in [
            ("https://example.org/a", Source.Kind.youtube), ("https://example.org/a", .x), ("ftp://example.org/a", .url),
            ("https://x.com/ada/status/20", .podcast), ("https://user:secret@example.org/", .url),
        ] {
            let error = #expect(throws: TwinError.self) { try ingestion.reserve(address, as: kind, into: twin) }
            #expect(error?.kind == .invalid, "\(address)")
        }
        #expect(try workspace.sources.list(twin: twin).count == 1)
        #expect(throws: TwinError.self) { try ingestion.reserve("https://example.org/", into: workspace.twins.archive(twin)) }
    }

    @Test func `a queued ingestion is one source and one job, however often it is asked for`() throws {
        let first = try workspace.queueIngestion(of: "https://example.org/a", into: twin, createdBy: "somebody")
        let second = try workspace.queueIngestion(of: "https://example.org/a", into: twin)
        #expect(first.job.id == second.job.id)
        #expect(first.source.id == second.source.id)
        #expect(first.job.sourceID == first.source.id)
        #expect(first.job.createdBy == "somebody")
    }

    @Test func `a queued source that is a stream is indexed again from its text, and keeps what is known of it`() throws {
        let item = try workspace.upload(
            try folder.write("received", "# Winter\n\n" + text), filename: "winter.md", into: twin, title: "Before the frost",
            metadata: ["team": "bees"])
        let source = try workspace.sources.find(try #require(item.sourceID))
        let job = try workspace.queueReextraction(of: source)
        let runner = JobRunner(workspace)
        let ended = try runner.runOnce()
        #expect(ended?.id == job.id)
        #expect(ended?.status == .complete, "\(ended?.errorMessage ?? "")")
        #expect(try found("syrup October") == 1)
        let again = try workspace.sources.find(source.id)
        #expect(again.title == "Before the frost")
        #expect(again.format == "markdown")
        #expect(again.metadata["team"] == "bees")
        #expect(again.status == .live)
        #expect(try workspace.search.passages(for: "syrup October", twin: twin).first?.passage.headings == ["Winter"])
    }
}
