import TestSupport
import Testing

@testable import TwinKit
@testable import TwinSupport

@Suite struct StudioHealthTests {
    let fixture: TwinFixture
    var folder: TemporaryFolder { fixture.folder }
    var workspace: Workspace { fixture.workspace }

    init() throws { fixture = try TwinFixture() }

    @Test func `a sound file is healthy and tells how many chunks are indexed`() throws {
        try fixture.addDocument("oil.txt", "Gear oil is changed every year.")
        let report = StudioHealth(health: workspace.health).report()
        #expect(report["status"] == "healthy")
        #expect(report["services"]?["supabase"]?["status"] == "healthy")
        #expect((report["services"]?["supabase"]?["response_ms"]?.doubleValue ?? -1) >= 0)
        #expect(report["services"]?["pinecone"]?["vector_count"] == 1)
        #expect(report["services"]?["openai"]?["status"] == "unconfigured")
        #expect(Timestamp(report["timestamp"]?.stringValue ?? "") != nil)
        #expect(
            StudioHealth(health: workspace.health).summary() == [
                "status": "online", "services": ["pinecone": "connected", "openai": "unconfigured"],
            ])
        let foreign = StudioHealth(health: workspace.health).report(tenantID: "another")
        #expect(foreign["services"]?["pinecone"]?["vector_count"] == 0)
    }

    @Test func `an index that cannot be read is degraded, without a word about the file`() throws {
        try workspace.database.write { try $0.execute("DROP TABLE index_segments") }
        let report = StudioHealth(health: workspace.health).report()
        #expect(report["status"] == "degraded")
        #expect(report["services"]?["supabase"]?["status"] == "healthy")
        #expect(report["services"]?["pinecone"]?["status"] == "error")
        #expect(report["services"]?["pinecone"]?["error"]?.stringValue?.isEmpty == false)
        #expect(!report.text.contains(folder.path))
        #expect(!report.text.contains("index_segments"))
        #expect(StudioHealth(health: workspace.health).summary()["status"] == "degraded")
    }
}
