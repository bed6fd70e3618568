/// One command of `twin`, declared once: the parser, the help, the completions and the man pages are all made from this.
struct Command: Sendable {
    /// What a person types: one lower-case word.
    let name: String
    /// One line without a final full stop, begun with a verb.
    let summary: String
    /// Paragraphs parted by an empty line. A line that begins with two spaces is printed as it stands.
    let discussion: String
    let examples: [Example]
    let arguments: [Argument]
    /// The command's own options; the global ones are added by the parser.
    let options: [Option]
    /// Exit codes besides 0, 1 and 2 that it can return.
    let exits: [ExitCode]
    /// A group such as `sources` has subcommands and no `run` of its own. Where a command has both, a first word that
    /// names a subcommand is one.
    let subcommands: [Command]
    /// Words that people try for it. They do not work; they only lead to the suggestion of the right name.
    let alsoCalled: [String]
    /// A hidden command works and is listed nowhere.
    let isHidden: Bool
    let run: (@Sendable (Invocation) throws -> ExitCode)?

    /// A command that does something.
    init(
        _ name: String, summary: String, discussion: String = "", examples: [Example] = [], arguments: [Argument] = [],
        options: [Option] = [], exits: [ExitCode] = [], alsoCalled: [String] = [], isHidden: Bool = false,
        subcommands: [Command] = [], run: @escaping @Sendable (Invocation) throws -> ExitCode
    ) {
        self.name = name
        self.summary = summary
        self.discussion = discussion
        self.examples = examples
        self.arguments = arguments
        self.options = options
        self.exits = exits
        self.subcommands = subcommands
        self.alsoCalled = alsoCalled
        self.isHidden = isHidden
        self.run = run
    }

    /// A noun whose verbs are `subcommands`.
    init(
        _ name: String, summary: String, discussion: String = "", examples: [Example] = [], alsoCalled: [String] = [],
        subcommands: [Command]
    ) {
        self.name = name
        self.summary = summary
        self.discussion = discussion
        self.examples = examples
        self.arguments = []
        self.options = []
        self.exits = []
        self.subcommands = subcommands
        self.alsoCalled = alsoCalled
        self.isHidden = false
        self.run = nil
    }

    func subcommand(named name: String) -> Command? { subcommands.first { $0.name == name } }
    var visibleSubcommands: [Command] { subcommands.filter { !$0.isHidden } }
}

/// A command line that runs as it stands, and what it does.
struct Example: Sendable {
    let line: String
    let effect: String

    init(_ line: String, _ effect: String) {
        self.line = line
        self.effect = effect
    }
}

/// An operand: a word of the command line that is neither an option nor an option's value.
struct Argument: Sendable {
    enum Arity: Sendable {
        case one, optional
        /// None or more; only the last argument of a command.
        case many
        /// One or more; only the last argument of a command.
        case oneOrMore
    }

    /// As the usage line shows it, in capitals.
    let name: String
    let arity: Arity
    let help: String
    let completion: CompletionKind

    init(_ name: String, _ arity: Arity = .one, help: String, completion: CompletionKind = .none) {
        self.name = name
        self.arity = arity
        self.help = help
        self.completion = completion
    }

    var usage: String {
        switch arity {
        case .one: name
        case .optional: "[\(name)]"
        case .many: "[\(name)]..."
        case .oneOrMore: "\(name)..."
        }
    }
}

/// What a shell offers when TAB is pressed at a value.
enum CompletionKind: Sendable, Equatable {
    case none, files, directories
    case choices([String])
    /// Asked of `twin __complete` at the moment TAB is pressed.
    case dynamic(Dynamic)

    /// Values that live in the database.
    enum Dynamic: String, Sendable, CaseIterable {
        case twins, sources, conversations, groups, keys, users, settings
        /// The path of a command, for `twin help`.
        case commands
    }
}
