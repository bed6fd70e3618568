import TwinKit

/// What the completion scripts call when TAB is pressed at a value that lives in the database.
enum CompleteCommand {
    static let command = Command(
        "__complete", summary: "Print completions for a value",
        arguments: [
            Argument("KIND", help: "What is completed: twins, sources, conversations, groups, keys, users, settings, commands"),
            Argument("PREFIX", .many, help: "The words before the cursor"),
        ],
        options: [.twin], isHidden: true, run: run)

    /// One value and what it is, such as a source's id and its title.
    struct Candidate: Sendable {
        let value: String
        let description: String
    }

    private static func run(_ call: Invocation) throws -> ExitCode {
        guard let kind = CompletionKind.Dynamic(rawValue: try call.required("KIND")) else { return .usage }
        let words = call.operands("PREFIX")
        let prefix = words.last ?? ""
        let found: [Candidate]
        if kind == .commands {
            found = commands(after: Array(words.dropLast()))
        } else {
            // A shell that is completing has no place for an error: without a database there is nothing to offer.
            found = (try? candidates(kind, prefix: prefix, call)) ?? []
        }
        for candidate in found where candidate.value.hasPrefix(prefix) {
            try call.output.line(
                SafeText.clean(candidate.value, singleLine: true) + "\t"
                    + SafeText.clean(candidate.description, singleLine: true))
        }
        return .done
    }

    /// The values of a kind that begin with `prefix`, best first, read from the database without waiting for locks.
    private static func candidates(
        _ kind: CompletionKind.Dynamic, prefix: String, _ call: Invocation
    ) throws -> [Candidate] {
        switch kind {
        case .twins:
            return try call.workspace().twins.list().map { Candidate(value: $0.slug, description: $0.name) }
        case .sources:
            let workspace = try call.workspace()
            return try workspace.sources.list(twin: try call.twin(in: workspace), limit: most).map {
                Candidate(value: $0.id, description: $0.displayTitle)
            }
        case .conversations:
            let workspace = try call.workspace()
            return try workspace.conversations.list(twin: try call.twin(in: workspace), limit: most).map {
                Candidate(value: $0.conversation.id, description: $0.firstQuestion ?? "")
            }
        case .groups:
            let workspace = try call.workspace()
            return try workspace.groups.list(of: try call.twin(in: workspace)).map {
                Candidate(value: $0.name, description: $0.description ?? "")
            }
        case .settings:
            return Configuration.definitions.map { Candidate(value: $0.name, description: $0.help) }
                + TwinSettings.definitions.map { Candidate(value: $0.name, description: $0.help) }
        case .keys:
            return try call.workspace().keys.list().filter(\.isActive).map { Candidate(value: $0.id, description: $0.name) }
        case .users:
            return try call.workspace().users.list().map {
                Candidate(value: $0.email, description: $0.fullName ?? $0.role.rawValue)
            }
        case .commands: return []
        }
    }

    /// More than this nobody looks through.
    private static let most = 200

    private static func commands(after words: [String]) -> [Candidate] {
        var command = CommandTable.root
        for word in words {
            guard let next = command.subcommand(named: word) else { return [] }
            command = next
        }
        let topics = words.isEmpty ? HelpTopic.all.map { Candidate(value: $0.name, description: $0.summary) } : []
        return command.visibleSubcommands.map { Candidate(value: $0.name, description: $0.summary) } + topics
    }
}
