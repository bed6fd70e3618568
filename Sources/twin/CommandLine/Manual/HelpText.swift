/// Help for people, made from the table.
struct HelpText {
    let command: Command
    /// The words after `twin` that name the command.
    let path: [String]
    let width: Int

    private var name: String { (["twin"] + path).joined(separator: " ") }

    /// What `-h` prints: usage, what it takes, and where to read more.
    var short: String {
        var text = TextWrap.indented(command.summary + ".", by: 0, width: width) + "\nUsage: \(usage)\n"
        if path.isEmpty {
            text += groups
        } else if !command.subcommands.isEmpty {
            text += section("Commands", entries(command.visibleSubcommands.map { ($0.name, $0.summary) }))
        }
        text += section("Operands", entries(command.arguments.map { ($0.usage, $0.help) }))
        text += section("Options", entries(command.options.map(Self.entry)))
        if path.isEmpty { text += section("Options of every command", entries(Option.global.map(Self.entry))) }
        let more =
            command.subcommands.isEmpty
            ? "'\(name) --help' has examples, the options of every command, and exit codes."
            : "'\(name) COMMAND -h' tells about a command" + (path.isEmpty ? ", 'twin help' lists topics." : ".")
        return text + "\n" + TextWrap.indented(more, by: 0, width: width)
    }

    /// What `--help` prints: examples first, then everything.
    var long: String {
        var text = TextWrap.indented(command.summary + ".", by: 0, width: width)
        if !command.examples.isEmpty {
            text += "\nExamples:\n"
            text += command.examples.map { example in
                TextWrap.indented("# " + example.effect, by: 2, width: width) + "  \(example.line)\n"
            }.joined(separator: "\n")
        }
        text += "\nUsage: \(usage)\n"
        if !command.discussion.isEmpty { text += "\n" + TextWrap.indented(command.discussion, by: 0, width: width) }
        if path.isEmpty {
            text += groups
        } else if !command.subcommands.isEmpty {
            text += section("Commands", entries(command.visibleSubcommands.map { ($0.name, $0.summary) }))
        }
        text += section("Operands", entries(command.arguments.map { ($0.usage, $0.help) }))
        text += section("Options", entries(command.options.map(Self.entry)))
        text += section("Options of every command", entries(Option.global.map(Self.entry)))
        if path.isEmpty {
            text += section("Topics ('twin help TOPIC')", entries(HelpTopic.all.map { ($0.name, $0.summary) }))
        } else if command.run != nil {
            text += section("Exit codes", entries(command.allExits.map { (String($0.rawValue), $0.meaning) }))
        }
        return text
    }

    var usage: String {
        if command.run == nil, !command.subcommands.isEmpty { return "\(name) COMMAND [OPTIONS]" }
        return ([name] + (command.options.isEmpty ? [] : ["[OPTIONS]"]) + command.arguments.map(\.usage))
            .joined(separator: " ")
    }

    /// The overview: commands under the headings of `CommandTable.groups`.
    private var groups: String {
        CommandTable.groups.map { group in
            section(group.title, entries(group.commands.filter { !$0.isHidden }.map { ($0.name, $0.summary) }))
        }.joined()
    }

    private func section(_ title: String, _ body: String) -> String {
        body.isEmpty ? "" : "\n\(title):\n" + body
    }

    private static func entry(_ option: Option) -> (String, String) { (option.spelling, option.fullHelp) }

    /// Two columns: what to type, and what it does, wrapped beneath itself.
    private func entries(_ pairs: [(String, String)]) -> String {
        let widest = min(24, pairs.map { DisplayWidth.of($0.0) }.max() ?? 0)
        let margin = widest + 4
        return pairs.map { term, help in
            let lines = TextWrap.lines(help, width: max(30, width - margin))
            let first = "  " + term
            let gap = margin - DisplayWidth.of(first)
            let indent = String(repeating: " ", count: margin)
            // A term wider than the column has a line of its own.
            let start = gap >= 2 ? first + String(repeating: " ", count: gap) : first + "\n" + indent
            return start + lines.joined(separator: "\n" + indent) + "\n"
        }.joined()
    }
}

extension Option {
    /// `-n, --limit N`, `    --json`, `--[no-]recursive`.
    var spelling: String {
        let long = "--" + (isNegatable ? "[no-]" : "") + name + (isFlag ? "" : " \(placeholder)")
        return (short.map { "-\($0), " } ?? "    ") + long
    }

    /// The help with what the value may be and what it is otherwise.
    var fullHelp: String {
        var text = help
        if case .choice(let choices) = value { text += ": " + choices.joined(separator: ", ") }
        if repeats, !isFlag { text += "; may be given again" }
        if let defaultText { text += " [default: \(defaultText)]" }
        return text
    }
}

extension Command {
    /// Every exit code the command can end with.
    var allExits: [ExitCode] {
        ExitCode.allCases.filter { [.done, .failed, .usage].contains($0) || exits.contains($0) }
    }
}
