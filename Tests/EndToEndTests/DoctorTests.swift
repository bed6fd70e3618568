import Testing
import TwinHTTP
import TwinKit

@Suite struct DoctorTests {
    let scene: Scene

    init() throws {
        scene = try Scene()
        for number in 0..<30 {
            try scene.write(
                "docs/\(number).md",
                "# Note \(number)\n\nHive \(number) stands on the roof of house \(number * 7). Its queen was marked in \(1990 + number) with a drop of paint.\n"
            )
        }
        try scene.twin("ingest", "docs")
    }

    private func findings() throws -> [String] {
        let result = try scene.twin("doctor", "--json")
        let names = try result.json()["findings"]?.arrayValue?.compactMap { $0["check"]?.stringValue } ?? ["?"]
        #expect(result.code == (names.isEmpty ? 0 : 1))
        return names
    }

    private func sql(_ statement: String) throws { _ = try scene.shell("sqlite3 \"$TWIN_DB\" \"\(statement)\"") }

    private func search() throws -> String {
        try scene.shell("twin search 'queen marked roof' --limit 30 --json | jq -c '[.[] | [.locator, .start, .score, .text]]'")
            .output
    }

    @Test func `a sound database has no findings`() throws {
        #expect(try findings() == [])
        #expect(try scene.twin("doctor").output.contains("30 chunks agree with their text"))
    }

    @Test func `an index that disagrees with the text is found and rebuilt to what it was`() throws {
        let before = try search()
        #expect(before.contains("queen was marked"))
        try sql("UPDATE index_pages SET data = zeroblob(length(data)) WHERE rowid = (SELECT max(rowid) FROM index_pages)")
        #expect(try findings().contains { $0.hasPrefix("index of") })
        #expect(try scene.twin("rebuild", "--index").code == 0)
        #expect(try findings() == [])
        #expect(try search() == before, "the same chunks with the same scores")
    }

    @Test func `chunks that are missing from the index are found`() throws {
        try sql("DELETE FROM index_segments")
        #expect(try findings().contains { $0.hasPrefix("index of") })
        try scene.twin("rebuild")
        #expect(try findings() == [])
    }

    @Test func `rows without an owner and texts without a source are found and removed`() throws {
        try sql("PRAGMA foreign_keys = OFF; DELETE FROM sources WHERE name = '3.md'")
        let names = try findings()
        #expect(names.contains("references"))
        #expect(names.contains("leftovers"))
        #expect(try scene.twin("rebuild", "--leftovers", "--index").code == 0)
        #expect(try findings() == [])
        #expect(try scene.twin("sources", "list", "--json").json().arrayValue?.count == 29)
        #expect(try !scene.twin("search", "house 21", "--json").output.contains("/3.md\""))
    }

    @Test func `each finding names the command that mends it, and each remedy runs`() throws {
        try sql("DELETE FROM index_segments")
        let finding = try #require(try scene.twin("doctor", "--json").json()["findings"]?[0])
        let remedy = try #require(finding["remedy"]?.stringValue)
        #expect(remedy.hasPrefix("twin "))
        #expect(try scene.shell(remedy).code == 0)
        #expect(try findings() == [])
    }
}
