import FoundationEssentials
import TestSupport
import Testing

@testable import TwinKit

@Suite struct PruningTests {
    let fixture: TwinFixture

    init() throws {
        fixture = try TwinFixture()
        for number in 1...3 { try fixture.write("docs/sub/\(number).md", TwinFixture.text(number)) }
        try fixture.write("docs/top.md", TwinFixture.text(9))
        try fixture.ingest("docs")
    }

    private func isRefused(_ summary: IngestSummary) -> Bool { summary.count(.failed) > 0 && summary.count(.removed) == 0 }

    @Test func `a folder that is gone loses nothing unless it is forced`() throws {
        try fixture.remove("docs")
        #expect(try isRefused(fixture.ingest("docs")))
        #expect(try isRefused(fixture.ingest("docs", isDryRun: true)))
        #expect(try fixture.sources().count == 4)
        #expect(try fixture.ingest("docs", force: true, isDryRun: true).count(.removed) == 4)
        #expect(try fixture.sources().count == 4)
        let forced = try fixture.ingest("docs", force: true)
        #expect(forced.count(.removed) == 4)
        #expect(forced.count(.failed) == 0)
        #expect(try fixture.sources().isEmpty)
    }

    @Test func `the folder above being gone is no different`() throws {
        try fixture.write("disk/a/1.md", TwinFixture.text(20))
        try fixture.ingest("disk/a")
        try fixture.remove("disk")
        #expect(try isRefused(fixture.ingest("disk/a")))
        #expect(try fixture.ingest("disk/a", force: true).count(.removed) == 1)
    }

    @Test func `a folder without a file loses nothing, also with folders in it or files that are not let through`() throws {
        let board = try fixture.source("docs/top.md").id
        try fixture.restrict("docs/top.md")
        try fixture.move("docs", to: "away")
        try FileManager.default.createDirectory(atPath: fixture.path("docs/sub"), withIntermediateDirectories: true)
        #expect(try isRefused(fixture.ingest("docs")))
        try fixture.write("docs/.hidden", "x")
        #expect(try isRefused(fixture.ingest("docs")))
        try fixture.write("docs/NOT-MOUNTED.log", "x")
        #expect(try isRefused(fixture.ingest("docs", include: ["*.md"])))
        #expect(try fixture.sources().count == 4)
        try fixture.remove("docs")
        try fixture.move("away", to: "docs")
        #expect(try fixture.ingest("docs").count(.unchanged) == 4)
        #expect(try fixture.source("docs/top.md").id == board)
        #expect(try !fixture.readableByAll().contains("docs/top.md"))
    }

    @Test func `a folder that is a file now, and a file that is a folder now, lose nothing`() throws {
        try fixture.write("single.md", TwinFixture.text(30))
        try fixture.ingest("single.md")
        try fixture.move("docs", to: "away")
        try fixture.write("docs", "Not a folder any more, but a text that is long enough to be read.\n")
        // The next run knows the file, and is no wiser about the folder.
        for _ in 0..<2 {
            let summary = try fixture.ingest("docs")
            #expect(summary.count(.removed) == 0)
            #expect(summary.count(.failed) == 1)
        }
        try fixture.remove("single.md")
        try FileManager.default.createDirectory(atPath: fixture.path("single.md"), withIntermediateDirectories: true)
        #expect(try isRefused(fixture.ingest("single.md")))
        try fixture.write("single.md/inner.md", TwinFixture.text(31))
        for _ in 0..<2 { #expect(try isRefused(fixture.ingest("single.md"))) }
        #expect(try fixture.sources()["single.md"] != nil)
        #expect(try fixture.ingest("single.md", force: true).count(.removed) == 1)
    }

    @Test func `a named file that is missing stays until it is forced`() throws {
        try fixture.remove("docs/top.md")
        #expect(try isRefused(fixture.ingest("docs/top.md")))
        #expect(try fixture.ingest("docs/top.md", force: true).count(.removed) == 1)
    }

    @Test func `one path that is refused does not keep another from being pruned`() throws {
        try fixture.write("more/a.md", TwinFixture.text(40))
        try fixture.write("more/b.md", TwinFixture.text(41))
        try fixture.ingest("more")
        try fixture.remove("docs")
        try fixture.remove("more/a.md")
        let summary = try fixture.ingest("docs", "more")
        #expect(summary.count(.removed) == 1)
        #expect(summary.count(.failed) == 1)
        #expect(try fixture.sources().count == 5)
    }

    @Test func `a file that became a folder is gone`() throws {
        try fixture.remove("docs/top.md")
        try fixture.write("docs/top.md/inner.txt", TwinFixture.text(50))
        let summary = try fixture.ingest("docs")
        #expect(summary.count(.removed) == 1)
        #expect(summary.count(.added) == 1)
        #expect(try fixture.sources()["docs/top.md"] == nil)
        #expect(try fixture.found("hive number 9 keeper") == fixture.found("hive number 50 keeper"))
    }

    @Test func `a folder below that is on another disk than before, and empty, keeps its sources`() throws {
        // The mark of a mount point: the files that were there were on another device than the folder is now.
        try fixture.workspace.database.write { connection in
            try connection.run(
                "UPDATE sources SET file_identity = '999999:1:2:3:4' WHERE locator LIKE ?", fixture.path("docs/sub/%"))
        }
        for number in 1...3 { try fixture.remove("docs/sub/\(number).md") }
        #expect(try isRefused(fixture.ingest("docs")))
        #expect(try fixture.sources().count == 4)
        #expect(try fixture.ingest("docs", force: true).count(.removed) == 3)
    }

    @Test func `what lies below a link that leads nowhere stays`() throws {
        try fixture.write("disk/linked.md", TwinFixture.text(60))
        try FileManager.default.createSymbolicLink(
            atPath: fixture.path("docs/link.md"), withDestinationPath: fixture.path("disk/linked.md"))
        try fixture.ingest("docs")
        #expect(try fixture.sources()["docs/link.md"] != nil)
        try fixture.move("disk", to: "elsewhere")
        #expect(try fixture.ingest("docs").count(.removed) == 0)
        #expect(try fixture.sources()["docs/link.md"] != nil)
    }

    @Test(arguments: ["", " \n\t\n"])
    func `an emptied file answers no longer and keeps its id and grants for when it is filled`(nothing: String) throws {
        try fixture.restrict("docs/top.md")
        let before = try fixture.source("docs/top.md")
        try fixture.write("docs/top.md", nothing)
        #expect(try fixture.ingest("docs", isDryRun: true).count(.failed) == 1)
        #expect(try fixture.source("docs/top.md").textBytes > 0)
        for _ in 0..<2 {
            #expect(try fixture.ingest("docs").count(.failed) == 1)
            let source = try fixture.source("docs/top.md")
            #expect(source.id == before.id)
            #expect(source.status == .error)
            #expect(source.textKey == nil)
            #expect(source.chunkCount == 0)
            let texts = try fixture.workspace.search.passages(for: "hive number 9 orchard", twin: fixture.twin)
            #expect(!texts.contains { $0.sourceID == before.id })
        }
        #expect(try fixture.workspace.doctor.examine().findings.isEmpty)
        try fixture.write("docs/top.md", TwinFixture.text(70))
        #expect(try fixture.ingest("docs").count(.updated) == 1)
        #expect(try fixture.source("docs/top.md").id == before.id)
        #expect(try !fixture.readableByAll().contains("docs/top.md"), "a revoked grant does not come back")
    }
}
