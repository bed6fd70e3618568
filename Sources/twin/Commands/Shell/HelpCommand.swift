import TwinHTTP
import TwinKit
import TwinSupport

enum HelpCommand {
    static let command = Command(
        "help", summary: "Show help about a command or a topic",
        discussion: "Topics: \(HelpTopic.all.map(\.name).joined(separator: ", ")).",
        examples: [
            Example("twin help ingest", "everything about a command"),
            Example("twin help sources rm", "everything about a subcommand"),
            Example("twin help exit-codes", "a topic"),
            Example("twin help --json | jq -r '.commands[].name'", "the whole command table, for a program"),
        ],
        arguments: [
            Argument("COMMAND|TOPIC", .many, help: "The words that name it", completion: .dynamic(.commands))
        ],
        run: run)

    private static func run(_ call: Invocation) throws -> ExitCode {
        let root = CommandTable.root
        guard let first = call.operands.first else {
            if call.output.mode == .text {
                try show(root, path: [], isLong: true, root: root, on: call.output)
            } else {
                try call.output.show(tree(root)) {}
            }
            return .done
        }
        if let topic = HelpTopic.named(first), call.operands.count == 1 {
            try call.output.show(["topic": .string(topic.name), "text": .string(topic.body())] as JSON) {
                try call.output.data(TextWrap.indented(topic.body(), by: 0, width: width(of: call.output)))
            }
            return .done
        }
        var command = root
        for (index, word) in call.operands.enumerated() {
            guard let next = command.subcommand(named: word) else {
                let known = command.visibleSubcommands.map(\.name) + (index == 0 ? HelpTopic.all.map(\.name) : [])
                let advice =
                    Suggestion.nearest(to: word, among: known)
                    .map { "; did you mean '\((call.operands.prefix(index) + [$0]).joined(separator: " "))'?" } ?? ""
                throw call.usage("there is no command or topic '\(call.operands.joined(separator: " "))'\(advice)")
            }
            command = next
        }
        try show(command, path: call.operands, isLong: true, root: root, on: call.output)
        return .done
    }

    /// Help about a command, the root included, as text or as JSON.
    static func show(_ command: Command, path: [String], isLong: Bool, root: Command, on output: Output) throws {
        try output.show(path.isEmpty ? tree(root) : command.json(path: path)) {
            let help = HelpText(command: command, path: path, width: width(of: output))
            try output.data(isLong ? help.long : help.short)
        }
    }

    private static func tree(_ root: Command) -> JSON {
        guard case .object(var object) = root.json(path: []) else { return .null }
        object["version"] = .string(Program.version)
        object["global_options"] = .array(Option.global.map(\.json))
        object["topics"] = .array(HelpTopic.all.map { ["name": .string($0.name), "summary": .string($0.summary)] })
        object["exit_codes"] = .array(ExitCode.allCases.map(\.json))
        return .object(object)
    }

    /// Lines longer than this are hard to read, however wide the terminal.
    private static func width(of output: Output) -> Int { output.isTerminal ? min(output.width, 100) : 80 }
}
