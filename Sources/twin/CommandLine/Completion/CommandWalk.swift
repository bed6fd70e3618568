extension Command {
    /// A command with the words that name it, such as `["sources", "list"]`.
    struct Node: Sendable {
        let path: [String]
        let command: Command

        var name: String { path.joined(separator: " ") }
    }

    /// This command and everything visible below it, each before what is below it.
    func walk(path: [String] = []) -> [Node] {
        [Node(path: path, command: self)] + visibleSubcommands.flatMap { $0.walk(path: path + [$0.name]) }
    }
}

extension Option {
    /// Every spelling: `--name`, `--no-name`, `-n`.
    var spellings: [String] {
        ["--" + name] + (isNegatable ? ["--no-" + name] : []) + (short.map { ["-\($0)"] } ?? [])
    }
}

extension String {
    /// Between single quotes for bash and zsh.
    var shellQuoted: String { "'" + map { $0 == "'" ? "'\\''" : String($0) }.joined() + "'" }
}
