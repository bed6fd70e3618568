import TestSupport
import Testing
import TwinKit
import TwinSupport

@Suite struct ProgramTests {
    @Test func `version is one line, and an object in JSON`() throws {
        let plain = try TwinBinary.run("version")
        #expect(plain.code == 0)
        #expect(plain.lines.count == 1 && plain.output.hasPrefix("twin "))
        let json = try JSONParser.parse(try TwinBinary.run("--version", "--json").output)
        #expect(json["name"] == "twin")
        #expect("twin \(json["version"]?.stringValue ?? "")\n" == plain.output)
    }

    @Test func `twin alone shows the overview`() throws {
        let result = try TwinBinary.run()
        #expect(result.code == 0)
        #expect(result.output.contains("Usage: twin COMMAND"))
        #expect(!result.output.contains("__complete"))
    }

    @Test func `-h is short and --help begins with examples`() throws {
        let short = try TwinBinary.run("ingest", "-h").output
        let long = try TwinBinary.run("ingest", "--help").output
        #expect(!short.contains("Examples:"))
        let lines = long.split(separator: "\n")
        let examples = try #require(lines.firstIndex(of: "Examples:"))
        #expect(examples < (try #require(lines.firstIndex { $0.hasPrefix("Usage:") })))
        #expect(long.contains("Exit codes:"))
        #expect(try TwinBinary.run("help", "ingest").output == long)
    }

    @Test(arguments: ["exit-codes", "environment", "formats", "json"])
    func `each help topic is there`(topic: String) throws {
        let result = try TwinBinary.run("help", topic)
        #expect(result.code == 0)
        #expect(result.output.count > 200)
    }

    @Test func `an unknown topic suggests the right one`() throws {
        let result = try TwinBinary.run("help", "exit-code")
        #expect(result.code == 2)
        #expect(result.errors.contains("did you mean 'exit-codes'?"))
    }

    @Test func `help in JSON is the whole command table`() throws {
        let tree = try JSONParser.parse(try TwinBinary.run("help", "--json").output)
        let commands = tree["commands"]?.arrayValue ?? []
        let names = commands.compactMap { $0["name"]?.stringValue }
        for name in [
            "twins", "ingest", "sources", "search", "chat", "conversations", "doctor", "backup", "restore", "paths",
            "config", "completions", "help", "version",
        ] { #expect(names.contains(name)) }
        let sources = try #require(commands.first { $0["name"] == "sources" })
        let verbs = (sources["commands"]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
        #expect(verbs == ["list", "show", "logs", "text", "set", "open", "reextract", "rm"])
        #expect(tree["exit_codes"]?.arrayValue?.count == 14)
        #expect(tree["global_options"]?.arrayValue?.contains { $0["name"] == "--db" } == true)
    }

    @Test func `paths follow --db, TWIN_DB and the XDG folders, in this order`() throws {
        func database(_ words: String..., environment: [String: String?]) throws -> JSON? {
            let result = try ChildProcess.run(
                [TwinBinary.path, "paths", "--json"] + words, environment: TwinBinary.environment(environment))
            return try JSONParser.parse(result.output)["database"]
        }
        let all: [String: String?] = ["TWIN_DB": "/a/b.db", "XDG_DATA_HOME": "/data", "HOME": "/home/ada"]
        #expect(try database("--db", "x.db", environment: all)?["path"] == "x.db")
        #expect(try database(environment: all)?["path"] == "/a/b.db")
        #expect(try database(environment: all)?["from"] == "TWIN_DB")
        #expect(try database(environment: ["XDG_DATA_HOME": "/data"])?["path"] == "/data/twin/twin.db")
        #expect(try database(environment: ["HOME": "/home/ada"])?["path"] == "/home/ada/.local/share/twin/twin.db")
        // The XDG Base Directory Specification: a relative path is to be ignored.
        let relative = try database(environment: ["XDG_DATA_HOME": "data", "HOME": "/home/ada"])
        #expect(relative?["path"] == "/home/ada/.local/share/twin/twin.db")
    }
}
