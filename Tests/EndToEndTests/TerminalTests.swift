import TestSupport
import Testing

/// What changes when a person looks at standard output.
@Suite struct TerminalTests {
    private func screen(_ words: String..., columns: Int = 80, environment: [String: String?] = [:]) throws -> String {
        let terminal = try Pseudoterminal(
            [TwinBinary.path] + words, columns: columns, environment: TwinBinary.environment(environment))
        #expect(try terminal.end() == 0)
        return terminal.screen
    }

    @Test func `JSON is indented at a terminal and on one line in a pipe`() throws {
        #expect(try screen("version", "--json").contains("{\r\n  \"name\": \"twin\""))
        #expect(try TwinBinary.run("version", "--json").lines.count == 1)
        #expect(try screen("version", "--jsonl").split(separator: "\r\n").count == 1)
    }

    @Test func `colour is for terminals, unless NO_COLOR, --no-color or a dumb terminal forbid it`() throws {
        #expect(try screen("paths").contains("\u{1B}["))
        #expect(!(try screen("paths", environment: ["NO_COLOR": "1"])).contains("\u{1B}["))
        #expect(!(try screen("paths", "--no-color")).contains("\u{1B}["))
        #expect(!(try screen("paths", environment: ["TERM": "dumb"])).contains("\u{1B}["))
        #expect(!(try TwinBinary.run("paths")).output.contains("\u{1B}["))
        #expect(try TwinBinary.run("nope", environment: ["CLICOLOR_FORCE": "1"]).errors.contains("\u{1B}[31m"))
    }

    @Test(arguments: [40, 80, 200])
    func `help fits the terminal`(columns: Int) throws {
        let lines = try screen("ingest", "-h", columns: columns).split(separator: "\r\n")
        // One column of a help text is never narrower than 30.
        #expect(lines.allSatisfy { $0.count <= max(columns, 64) })
        #expect(lines.allSatisfy { $0.count <= 100 })
    }

    @Test func `escape sequences in a word of the command line do not reach the terminal`() throws {
        let terminal = try Pseudoterminal(
            [TwinBinary.path, "\u{1B}]0;owned\u{7}"], environment: TwinBinary.environment(["NO_COLOR": "1"]))
        #expect(try terminal.end() == 2)
        #expect(!terminal.screen.contains("\u{1B}") && !terminal.screen.contains("\u{7}"))
        #expect(terminal.screen.contains("␛]0;owned␇"))
    }
}
