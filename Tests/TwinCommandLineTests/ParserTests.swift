import Testing
import TwinKit
import TwinSupport

@testable import twin

@Suite struct ParserTests {
    private static let root = Command(
        "twin", summary: "A program",
        subcommands: [
            Command(
                "ingest", summary: "Read", arguments: [Argument("PATH", .many, help: "")],
                options: [
                    .twin, .int("jobs", short: "j", in: 1...64, help: ""), .string("include", "GLOB", repeats: true, help: ""),
                    .flag("recursive", short: "r", negatable: true, help: ""), .flag("verbose", short: "v", help: ""),
                    .choice("format", "F", of: ["text", "markdown"], help: ""), .keyValue("metadata", help: ""),
                    .string("title", "TEXT", help: ""), .double("weight", in: -1...1, help: ""),
                ], run: { _ in .done }),
            Command(
                "sources", summary: "Sources",
                subcommands: [
                    Command(
                        "rm", summary: "Remove", arguments: [Argument("SOURCE", .oneOrMore, help: "")],
                        options: [.twin], alsoCalled: ["delete"], run: { _ in .done }),
                    Command(
                        "move", summary: "Move", arguments: [Argument("FROM", help: ""), Argument("TO", .optional, help: "")],
                        run: { _ in .done }),
                ]),
        ])

    private func parse(_ line: String) throws -> Invocation {
        let words = line.split(separator: " ").map(String.init)
        let result = try Parser.parse(words, root: Self.root)
        return Invocation(
            command: result.command, path: result.path, values: result.values, operands: result.operands,
            environment: Environment([:]), output: Output(mode: .text, environment: Environment([:])))
    }

    private func refusal(_ line: String) -> String? {
        do {
            _ = try parse(line)
            return nil
        } catch { return (error as? UsageError)?.message }
    }

    @Test func `options stand before, between and after operands`() throws {
        let call = try parse("--db x.db ingest a -j 4 b --twin ada - c -v")
        #expect(call.path == ["ingest"])
        #expect(call.operands == ["a", "b", "-", "c"])
        #expect(call.int("jobs") == 4)
        #expect(call.string("twin") == "ada")
        #expect(call.flag("verbose"))
        #expect(call.string("db") == "x.db")
    }

    @Test func `two dashes end the options`() throws {
        let call = try parse("ingest -v -- --twin -j")
        #expect(call.operands == ["--twin", "-j"])
        #expect(call.string("twin") == nil)
    }

    @Test func `short options group and take an attached value`() throws {
        let call = try parse("ingest -vrj5 x")
        #expect(call.flag("verbose") && call.flag("recursive"))
        #expect(call.int("jobs") == 5)
        #expect(call.operands == ["x"])
    }

    @Test func `a long option takes its value after an equals sign, even one with a dash or none at all`() throws {
        #expect(try parse("ingest --title=-x=y").string("title") == "-x=y")
        #expect(try parse("ingest --title=").string("title") == "")
    }

    @Test func `a negative number is a value`() throws {
        #expect(try parse("ingest --weight -0.5").double("weight") == -0.5)
    }

    @Test func `repeated options keep their order, and of flags the last wins`() throws {
        let call = try parse("ingest --include a --no-recursive --include b --recursive --metadata k=v --metadata k=w=x")
        #expect(call.strings("include") == ["a", "b"])
        #expect(call.flag("recursive"))
        #expect(call.pairs("metadata").map { "\($0.key)/\($0.value)" } == ["k/v", "k/w=x"])
        #expect(!(try parse("ingest --no-recursive")).flag("recursive", default: true))
        #expect(try parse("ingest").flag("recursive", default: true))
    }

    @Test(arguments: [
        ("ingets", "there is no command 'twin ingets'; did you mean 'twin ingest'?"),
        ("sources delete x", "there is no command 'twin sources delete'; did you mean 'twin sources rm'?"),
        ("sources", "'twin sources' needs a command: rm, move"),
        ("ingest --jbos 3", "there is no option --jbos; did you mean --jobs?"),
        ("ingest --no-recursiv", "there is no option --no-recursiv; did you mean --no-recursive?"),
        ("ingest --zzzzzz", "'twin ingest' has no option --zzzzzz"),
        ("ingest -vx", "'twin ingest' has no option -x"),
        ("ingest -title x", "there is no option -title; did you mean --title?"),
        ("ingest --jobs 0", "--jobs takes a whole number from 1 to 64, not '0'"),
        ("ingest -j many", "-j takes a whole number from 1 to 64, not 'many'"),
        ("ingest --weight 2", "--weight takes a number from -1.0 to 1.0, not '2'"),
        ("ingest --weight nan", "--weight takes a number from -1.0 to 1.0, not 'nan'"),
        ("ingest --format markdwn", "--format takes one of text, markdown, not 'markdwn'; did you mean 'markdown'?"),
        ("ingest --metadata =v", "--metadata takes KEY=VALUE, not '=v'"),
        ("ingest --verbose=yes", "--verbose takes no value"),
        ("ingest --twin", "--twin needs a value: --twin TWIN"),
        ("ingest --twin --verbose", "--twin needs a value: --twin TWIN"),
        ("ingest --twin a -t b", "--twin is given twice; give it once"),
        ("ingest --json --jsonl", "--json and --jsonl cannot be used together; give one of them"),
        ("sources rm", "SOURCE is missing"),
        ("sources move", "FROM is missing"),
        ("sources move a b c", "there is one operand too many: 'c'"),
        ("--twin ada ingest", "--twin belongs after the command, as in 'twin COMMAND --twin'"),
        ("--quiet", "a command is missing"),
    ])
    func `a wrong command line is refused with one clear sentence`(line: String, message: String) {
        #expect(refusal(line) == message)
    }

    @Test func `help and version win over what is missing`() throws {
        let words = { (line: String) in try Parser.parse(line.split(separator: " ").map(String.init), root: Self.root) }
        #expect(try words("sources rm -h").request == .shortHelp)
        #expect(try words("sources rm --help").request == .longHelp)
        #expect(try words("sources --help").path == ["sources"])
        #expect(try words("ingest --version x").request == .version)
        #expect(try words("").request == .shortHelp)
        #expect(try words("ingest -- --help").request == .run)
    }

    @Test func `the program's own table is sound`() {
        func check(_ command: Command, _ path: [String]) {
            let name = path.joined(separator: " ")
            let options = command.options + Option.global
            #expect(Set(options.map(\.name)).count == options.count, "\(name) declares an option twice")
            let shorts = options.compactMap(\.short)
            #expect(Set(shorts).count == shorts.count, "\(name) declares a short option twice")
            #expect(!command.summary.isEmpty && !command.summary.hasSuffix("."), "summary of \(name)")
            let open = command.arguments.firstIndex { $0.arity == .many || $0.arity == .oneOrMore }
            #expect(open == nil || open == command.arguments.count - 1, "\(name): only the last argument may repeat")
            if let optional = command.arguments.firstIndex(where: { $0.arity == .optional }) {
                #expect(command.arguments[optional...].allSatisfy { $0.arity != .one }, "\(name): required after optional")
            }
            if !command.isHidden, command.name != "twin" {
                #expect(!command.examples.isEmpty, "\(name) has no example")
            }
            #expect(Set(command.subcommands.map(\.name)).count == command.subcommands.count, "\(name) has a command twice")
            for below in command.subcommands { check(below, path + [below.name]) }
        }
        check(CommandTable.root, ["twin"])
    }

    /// The command lines that help shows are command lines that the parser takes.
    @Test func `every example parses`() throws {
        func check(_ command: Command) throws {
            for example in command.examples {
                for words in ShellWords.commands(in: example.line) where words.first == "twin" {
                    #expect(throws: Never.self, "\(example.line)") {
                        _ = try Parser.parse(Array(words.dropFirst()), root: CommandTable.root)
                    }
                }
            }
            for below in command.subcommands { try check(below) }
        }
        try check(CommandTable.root)
    }
}

/// Just enough of a shell's grammar to take an example apart: quotes, pipes, `&&`, `||`, `$(…)`, redirections.
enum ShellWords {
    static func commands(in line: String) -> [[String]] {
        var commands: [[String]] = [[]]
        var word: String?
        var quote: Character?
        func end() {
            if let finished = word { commands[commands.count - 1].append(finished) }
            word = nil
        }
        var rest = Substring(line)
        while let character = rest.popFirst() {
            if let open = quote, character == open {
                quote = nil
            } else if quote == "'" {
                word = (word ?? "") + String(character)
            } else if character == "$", rest.first == "(" {
                rest.removeFirst()
                word = (word ?? "") + "substituted"
                // What is inside is a command line of its own, and the word goes on after it.
                let inside = rest.prefix { $0 != ")" }
                rest = rest.dropFirst(inside.count + 1)
                commands.insert(contentsOf: Self.commands(in: String(inside)), at: 0)
            } else if quote == nil, character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if quote == nil, "|&;<>()".contains(character) {
                end()
                commands.append([])
            } else if quote == nil, character == " " {
                end()
            } else {
                word = (word ?? "") + String(character)
            }
        }
        end()
        return commands
    }
}
