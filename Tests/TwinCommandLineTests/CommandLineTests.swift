import Testing
import TwinDatabase
import TwinHTTP
import TwinKit
import TwinSupport

@testable import twin

@Suite struct SuggestionTests {
    @Test(arguments: [
        ("", "abc", 3), ("abc", "abc", 0), ("abc", "acb", 1), ("kitten", "sitting", 3), ("Ingest", "ingest", 0), ("ca", "abc", 3),
    ])
    func `the distance counts insertions, deletions, substitutions and swaps`(left: String, right: String, distance: Int) {
        #expect(Suggestion.distance(left, right) == distance)
        #expect(Suggestion.distance(right, left) == distance)
    }

    @Test func `only a near word is suggested`() {
        let words = ["ingest", "search", "sources"]
        #expect(Suggestion.nearest(to: "ingset", among: words) == "ingest")
        #expect(Suggestion.nearest(to: "sea", among: words) == "search")
        #expect(Suggestion.nearest(to: "xyzzy", among: words) == nil)
        #expect(Suggestion.nearest(to: "", among: words) == nil)
    }
}

@Suite struct FailureTests {
    @Test func `each kind of error has its exit code`() {
        let expected: [TwinError.Kind: ExitCode] = [
            .failed: .failed, .invalid: .usage, .notConfigured: .notConfigured, .unauthenticated: .notPermitted,
            .notPermitted: .notPermitted, .notFound: .notFound, .conflict: .failed, .gone: .notFound,
            .limitReached: .limitReached, .storageFull: .failed, .busy: .busy, .upstream: .upstream, .interrupted: .interrupted,
        ]
        for kind in TwinError.Kind.allCases { #expect(Failure(TwinError(kind, "x")).exitCode == expected[kind]) }
        #expect(Failure(CancellationError()).exitCode == .interrupted)
        #expect(Failure(OutputError.readerGone).exitCode == .brokenPipe)
        #expect(Failure(OutputError.failed("no space")).exitCode == .failed)
        #expect(Failure(UsageError("x")).exitCode == .usage)
    }

    @Test func `a database error becomes a sentence and a code`() {
        let busy = Failure(DatabaseError(extendedCode: 5, message: "database is locked"))
        #expect(busy.exitCode == .busy && busy.code == "busy" && !busy.message.isEmpty)
    }

    @Test func `an error in JSON has code, message and exit code`() {
        let json = Failure(TwinError(.notFound, "there is no twin 'ada'")).json
        #expect(json.text == #"{"error":{"code":"not_found","message":"there is no twin 'ada'","exit_code":5}}"#)
    }
}

@Suite struct HelpTests {
    @Test func `every help text keeps to its width, apart from what cannot be broken`() {
        for node in CommandTable.root.walk() {
            for width in [60, 80, 100] {
                let help = HelpText(command: node.command, path: node.path, width: width)
                // Lines that begin with two spaces stand as they are: examples, and displays in a discussion.
                for text in [help.short, help.long] {
                    for line in text.split(separator: "\n") where !line.hasPrefix("  ") && line.contains(" ") {
                        #expect(DisplayWidth.of(String(line)) <= width, "\(node.name): \(line)")
                    }
                }
            }
        }
    }

    @Test func `every option of a command is in its help, once`() {
        for node in CommandTable.root.walk() where node.command.run != nil {
            let long = HelpText(command: node.command, path: node.path, width: 80).long
            for option in node.command.options + Option.global {
                let lines = long.split(separator: "\n").filter {
                    $0.contains(option.spelling.drop { $0 == " " }) && $0.hasPrefix("  ")
                }
                #expect(!lines.isEmpty, "\(node.name) does not show --\(option.name)")
            }
        }
    }

    @Test func `the tree in JSON holds every visible command and no hidden one`() {
        let text = CommandTable.root.json(path: []).text
        for node in CommandTable.root.walk() {
            #expect(text.contains("\"command\":\"\((["twin"] + node.path).joined(separator: " "))\""))
        }
        #expect(!text.contains("__"))
    }
}

@Suite struct EnvironmentTests {
    @Test func `an empty variable counts as not set`() throws {
        let environment = Environment(["TWIN_DB": "", "HOME": "/home/ada", "XDG_DATA_HOME": "/data/"])
        #expect(environment["TWIN_DB"] == nil)
        let configuration = try Configuration(environment: ["TWIN_DB": "", "HOME": "/home/ada", "XDG_DATA_HOME": "/data/"])
        #expect(configuration.databasePath == "/data/twin/twin.db")
        #expect(configuration.path == "/home/ada/.config/twin/config.json")
    }
}
