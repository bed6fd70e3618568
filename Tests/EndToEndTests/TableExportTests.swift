import TestSupport
import Testing
import TwinHTTP
import TwinKit
import TwinSupport

/// Tables that are opened in a spreadsheet do not compute what somebody wrote into them.
@Suite struct TableExportTests {
    private static let texts = [
        "=HYPERLINK(\"http://evil.example\",\"x\")", "+1+1", "-2+3", "@SUM(A1)", "'=1+1", "''=1", "'quoted'", "it's plain",
        "=1,\n=2",
    ]

    @Test func `a cell that a spreadsheet would compute is guarded, and nothing is lost on the way back`() throws {
        let scene = try Scene()
        try scene.twin("twins", "create", "ada")
        for (index, text) in Self.texts.enumerated() {
            let entry: JSON = ["question": .string("\(text) question \(index)"), "answer": .string(text)]
            let added = try scene.twin("qna", "import", "-", "--format", "jsonl", input: entry.text + "\n")
            #expect(added.code == 0, "\(added)")
        }
        let table = try scene.twin("qna", "export", "--format", "csv")
        for text in Self.texts where "=+-@".contains(text.prefix(1)) {
            #expect(
                !table.output.contains("\r\n" + text.prefix(2)) && !table.output.contains("\r\n\"" + text.prefix(2)), "\(text)")
            #expect(!table.output.contains("," + text.prefix(2)) && !table.output.contains(",\"" + text.prefix(2)), "\(text)")
        }
        #expect(table.output.contains("'+1+1") && table.output.contains("it's plain") && !table.output.contains("'it's"))
        try scene.write("answers.csv", table.output)
        let before = try scene.twin("qna", "export", "--format", "jsonl").output
        let again = try scene.twin("qna", "import", "answers.csv", "--json").json()
        #expect(again["unchanged"]?.intValue == Self.texts.count && again["added"] == 0 && again["changed"] == 0, "\(again)")
        try scene.twin("twins", "create", "bob")
        #expect(try scene.twin("qna", "import", "answers.csv", "--twin", "bob").code == 0)
        let copied = try scene.twin("qna", "export", "--format", "jsonl", "--twin", "bob").output
        #expect(Set(copied.split(separator: "\n")) == Set(before.split(separator: "\n")))
    }
}
