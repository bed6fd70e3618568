import Testing

@testable import TwinKit
@testable import TwinSupport

@Suite struct StudioHealthTests {
    let folder: TemporaryFolder
    let workspace: Workspace

    init() throws {
        folder = try TemporaryFolder()
        workspace = try Workspace(
            path: folder.file("health.db"), configuration: Configuration(environment: ["HOME": folder.path]), create: true)
    }

    @Test func `a sound file is healthy and tells how many chunks are indexed`() throws {
        let twin = try workspace.twins.create(name: "Ada")
        _ = try workspace.ingestion().one(
            IngestRequest(inputs: [.bytes(Array("Gear oil is changed every year.".utf8), name: "oil.txt")]), into: twin)
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
