import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSupport

@Suite struct PassageSearchTests {
    private let fixture: TwinFixture
    private var workspace: Workspace { fixture.workspace }
    private var twin: Twin { fixture.twin }

    init() throws {
        fixture = try TwinFixture(documents: [
            "rye.md": "# Rye\n\nSow rye in September, when the nights grow cold.\n",
            "oats.md": "# Oats\n\nSow oats in April. Oats like cold springs.\n",
        ])
    }

    private func names(_ words: String, _ clearance: Clearance = .everything, limit: Int = 10) throws -> [String] {
        try workspace.search.passages(for: words, twin: twin, clearance: clearance, limit: limit).map(\.passage.title)
    }

    @Test func `the passage that has the words comes first, as the bytes that are stored`() throws {
        let found = try workspace.search.passages(for: "when is rye sown", twin: twin)
        let best = try #require(found.first)
        #expect(best.passage.headings == ["Rye"] || best.passage.title == "Rye")
        let source = try workspace.sources.find(best.sourceID, twin: twin)
        #expect(try workspace.sources.text(of: source, range: best.passage.range) == best.passage.text)
        #expect(best.version == source.version)
        #expect(try names("cold", limit: 1).count == 1)
        #expect(try names("zeppelin").isEmpty)
    }

    @Test func `what a group was not granted is not found`() throws {
        let group = try workspace.groups.create("readers", of: twin, by: nil)
        #expect(try names("sow cold", .group(group)).isEmpty)
        let rye = try workspace.sources.find("rye.md", twin: twin)
        _ = try workspace.permissions.grant(.source, [rye.id], to: group, by: nil)
        let seen = try workspace.search.passages(for: "sow cold", twin: twin, clearance: .group(group))
        #expect(seen.map(\.sourceID) == [rye.id])
        _ = try workspace.permissions.revoke(.source, [rye.id], from: group, by: nil)
        #expect(try names("sow cold", .group(group)).isEmpty)
    }

    @Test func `another twin's group and another twin's words find nothing`() throws {
        let other = try workspace.twins.create(name: "Bob", by: nil)
        try fixture.addDocument("secret.md", "# Barley\n\nBarley is sown in secret.\n", into: other)
        #expect(try names("barley secret").isEmpty)
        let group = try workspace.groups.create("readers", of: other, by: nil)
        #expect(try names("sow cold", .group(group)).isEmpty)
    }

    @Test func `a deleted source is not found from the next question on`() throws {
        #expect(!(try names("oats").isEmpty))
        try workspace.sources.remove([try workspace.sources.find("oats.md", twin: twin)], by: nil)
        #expect(try names("oats").isEmpty)
    }

    @Test func `nothing to search for and nobody to ask are said`() throws {
        #expect(failure { _ = try names(" \n\t") } == .invalid)
        let archived = try workspace.twins.archive(twin, by: nil)
        #expect(failure { _ = try workspace.search.passages(for: "rye", twin: archived) } == .gone)
    }
}
