import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSupport

@Suite struct DoctorTests {
    private let fixture: TwinFixture
    private var workspace: Workspace { fixture.workspace }
    private var twin: Twin { fixture.twin }

    init() throws {
        fixture = try TwinFixture(documents: [
            "rye.md": "# Rye\n\nSow rye in September.\n", "oats.md": "# Oats\n\nSow oats in April.\n",
        ])
    }

    /// Changes the file behind twin's back, as another program would.
    private func damage(_ sql: String) throws {
        try workspace.database.withWriter { try $0.execute("PRAGMA foreign_keys = OFF; \(sql); PRAGMA foreign_keys = ON") }
    }

    private func findings(isQuick: Bool = false) throws -> [String: String?] {
        let report = try workspace.doctor.examine(isQuick: isQuick)
        return Dictionary(report.findings.map { ($0.name, $0.remedy) }, uniquingKeysWith: { first, _ in first })
    }

    @Test func `a database in order has no findings`() throws {
        #expect(try findings().isEmpty)
        let report = try workspace.doctor.examine()
        let names = Set(report.checks.map(\.name))
        #expect(names.isSuperset(of: ["database", "references", "leftovers", "chunks", "sources", "index of ada"]))
        #expect(report.json["ok"] == true)
        #expect(!Set(try workspace.doctor.examine(isQuick: true).checks.map(\.name)).contains("index of ada"))
    }

    @Test func `rows without an owner are found, and what it says mends them`() throws {
        try damage("DELETE FROM sources WHERE name = 'rye.md'")
        let found = try findings(isQuick: true)
        #expect(found["references"] == "twin rebuild --leftovers")
        #expect(found["leftovers"] == "twin rebuild --leftovers")
        #expect(try workspace.rebuild.leftovers() > 0)
        let after = try findings(isQuick: true)
        #expect(after["references"] == nil && after["leftovers"] == nil)
        #expect(try workspace.sources.list(twin: twin).map(\.name) == ["oats.md"])
    }

    @Test(arguments: [
        "UPDATE chunks SET end = end + 1000", "UPDATE chunks SET start = end", "UPDATE sources SET chunk_count = chunk_count + 1",
        "DELETE FROM chunks WHERE key = (SELECT min(key) FROM chunks)",
    ])
    func `chunks that do not agree with their text are found`(sql: String) throws {
        try damage(sql)
        #expect(try findings(isQuick: true)["chunks"] == "twin rebuild --index")
    }

    @Test(arguments: [
        "DELETE FROM index_segments", "UPDATE index_segments SET live_length = live_length + 1",
        "UPDATE index_pages SET data = randomblob(length(data))",
    ])
    func `an index that is not what the texts make of it is found`(sql: String) throws {
        try damage(sql)
        #expect(try findings()["index of ada"] != nil)
        #expect(try findings(isQuick: true)["index of ada"] == nil)
    }

    @Test func `sources that could not be read are worth a remark and no finding`() throws {
        try damage("UPDATE sources SET status = 'needs_attention', health = 'needs_attention' WHERE name = 'oats.md'")
        let report = try workspace.doctor.examine(isQuick: true)
        let check = try #require(report.checks.first { $0.name == "sources" })
        #expect(check.result == .remark)
        #expect(check.message.hasPrefix("1 source could not be read"))
        #expect(report.findings.isEmpty)
    }
}
