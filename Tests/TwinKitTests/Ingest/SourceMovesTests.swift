import FoundationEssentials
import TestSupport
import Testing

@testable import TwinKit

@Suite struct SourceMovesTests {
    let fixture: TwinFixture

    init() throws { fixture = try TwinFixture() }

    private func text(_ number: Int) -> String { TwinFixture.text(number) }

    @Test(arguments: ["docs/b.md", "docs/deep/down/a.md", "docs/a.txt", "docs/0.md"])
    func `a renamed file keeps its id, its grants, its log and its text`(target: String) throws {
        try fixture.write("docs/a.md", text(1))
        try fixture.write("docs/other.md", text(2))
        try fixture.ingest("docs")
        try fixture.restrict("docs/a.md")
        let before = try fixture.source("docs/a.md")
        let logs = try fixture.workspace.sources.logs(of: before).count
        try fixture.move("docs/a.md", to: target)
        let plan = try fixture.ingest("docs", isDryRun: true)
        #expect(plan.count(.moved) == 1)
        #expect(plan.count(.removed) == 0)
        #expect(try fixture.sources()["docs/a.md"] == before.id, "a dry run moves nothing")

        let summary = try fixture.ingest("docs")
        #expect(summary.count(.moved) == 1)
        #expect(summary.count(.unchanged) == 1)
        #expect(summary.count(.removed) + summary.count(.added) + summary.count(.failed) == 0)
        let after = try fixture.source(target)
        #expect(after.id == before.id)
        #expect(after.version == before.version, "what was quoted from it is a quotation still")
        #expect(after.name == String(target.split(separator: "/").last ?? ""))
        #expect(try fixture.readableByAll() == ["docs/other.md"])
        #expect(try fixture.workspace.sources.logs(of: after).count > logs)
        #expect(try fixture.found("hive number 1") > 0)
        #expect(try fixture.workspace.doctor.examine().findings.isEmpty)
        #expect(try fixture.ingest("docs").count(.unchanged) == 2, "a second run has nothing to do")
    }

    @Test func `a renamed folder keeps its sources, whichever path is named`() throws {
        for number in 1...4 { try fixture.write("docs/old/\(number).md", text(number)) }
        try fixture.ingest("docs/old")
        try fixture.restrict("docs/old/2.md")
        let ids = try Set(fixture.sources().values)
        try fixture.move("docs/old", to: "docs/new")
        let summary = try fixture.ingest("docs/new", prune: false)
        #expect(summary.count(.moved) == 4)
        #expect(try Set(fixture.sources().values) == ids)
        #expect(try !fixture.readableByAll().contains("docs/new/2.md"))
    }

    @Test func `a copy is a source of its own, and so is the next of several`() throws {
        try fixture.write("docs/a.md", text(1))
        try fixture.ingest("docs")
        let id = try #require(try fixture.sources()["docs/a.md"])
        try fixture.write("docs/b.md", text(1))
        #expect(try fixture.ingest("docs").count(.added) == 1)
        try fixture.remove("docs/a.md")
        try fixture.write("docs/c.md", text(1))
        try fixture.write("docs/d.md", text(1))
        let summary = try fixture.ingest("docs")
        #expect(summary.count(.moved) == 1)
        #expect(summary.count(.added) == 1)
        let sources = try fixture.sources()
        #expect([sources["docs/c.md"], sources["docs/d.md"]].contains(id))
        #expect(sources.count == 3)
    }

    @Test func `an edited file stays what it is, though its earlier text stands elsewhere`() throws {
        try fixture.write("docs/a.md", text(1))
        try fixture.ingest("docs")
        try fixture.restrict("docs/a.md")
        let id = try fixture.sources()["docs/a.md"]
        try fixture.write("docs/0-backup.md", text(1))
        try fixture.write("docs/a.md", text(2))
        try fixture.ingest("docs")
        #expect(try fixture.sources()["docs/a.md"] == id)
        #expect(try !fixture.readableByAll().contains("docs/a.md"))
    }

    @Test func `a file moved over another takes its grants along, and the other is gone`() throws {
        try fixture.write("docs/secret.md", text(1))
        try fixture.write("docs/public.md", text(2))
        try fixture.ingest("docs")
        try fixture.restrict("docs/secret.md")
        let id = try fixture.sources()["docs/secret.md"]
        try fixture.move("docs/secret.md", to: "docs/public.md")
        let summary = try fixture.ingest("docs", prune: false)
        #expect(summary.count(.moved) == 1)
        #expect(summary.count(.removed) == 1)
        #expect(try fixture.sources() == ["docs/public.md": #require(id)])
        #expect(try fixture.readableByAll() == [])
    }

    @Test func `a deleted file's grants do not come back with other bytes under its name`() throws {
        try fixture.write("docs/a.md", text(1))
        try fixture.write("docs/keep.md", text(3))
        try fixture.ingest("docs")
        try fixture.restrict("docs/a.md")
        try fixture.remove("docs/a.md")
        #expect(try fixture.ingest("docs").count(.removed) == 1)
        try fixture.write("docs/a.md", text(2))
        #expect(try fixture.ingest("docs").count(.added) == 1)
    }

    @Test func `files that could not be read are recognized by their bytes, too`() throws {
        try fixture.write("docs/a.json", "{\"hive\": ")
        try fixture.ingest("docs")
        let id = try fixture.sources()["docs/a.json"]
        try fixture.move("docs/a.json", to: "docs/b.json")
        try fixture.ingest("docs")
        #expect(try fixture.sources()["docs/b.json"] == id)
    }

    /// Each of many workers commits by itself, so that a file's old place is taken while others still look for it.
    @Test func `a rotation of many files is followed by all workers`() throws {
        let names = (0..<96).map { "docs/\($0).md" }
        for (number, name) in names.enumerated() { try fixture.write(name, text(number)) }
        try fixture.ingest("docs", jobs: 16)
        let ids = try fixture.sources()
        for round in 1...4 {
            for number in names.indices { try fixture.write(names[(number + round) % names.count], text(number)) }
            let summary = try fixture.ingest("docs", jobs: 16)
            #expect(summary.count(.moved) == names.count)
            #expect(summary.count(.added) + summary.count(.updated) + summary.count(.removed) + summary.count(.failed) == 0)
        }
        let sources = try fixture.sources()
        for number in names.indices {
            #expect(sources[names[(number + 4) % names.count]] == ids[names[number]], "text \(number)")
        }
    }

    /// Ids and grants follow the bytes through any renaming, rotation and swap.
    @Test(arguments: 0..<12 as Range<UInt64>)
    func `any permutation of names leaves each text its source`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let names = (0..<8).map { "docs/\($0 % 3)/\($0).md" }
        for (number, name) in names.enumerated() { try fixture.write(name, text(number)) }
        try fixture.ingest("docs")
        let restricted = Set(names.indices.shuffled(using: &random).prefix(3))
        for number in restricted { try fixture.restrict(names[number]) }
        var ids: [Int: String] = [:]
        for (number, name) in names.enumerated() { ids[number] = try fixture.sources()[name] }

        var places = (names + ["docs/new/8.md", "docs/9.md"]).shuffled(using: &random)
        places.removeLast(2)
        for number in names.indices { try fixture.move(names[number], to: "aside/\(number)") }
        for (number, place) in places.enumerated() { try fixture.move("aside/\(number)", to: place) }
        let summary = try fixture.ingest("docs")
        #expect(summary.count(.added) + summary.count(.updated) + summary.count(.removed) + summary.count(.failed) == 0)
        let sources = try fixture.sources()
        #expect(sources.count == names.count)
        for (number, place) in places.enumerated() { #expect(sources[place] == ids[number], "text \(number) at \(place)") }
        let hidden = Set(restricted.map { places[$0] })
        #expect(try fixture.readableByAll() == Set(places).subtracting(hidden))
        #expect(try fixture.workspace.doctor.examine().findings.isEmpty)
    }
}
