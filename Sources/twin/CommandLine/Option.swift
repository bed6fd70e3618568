import TwinSupport

/// An option of a command: `--long`, perhaps `-s`, perhaps with a value.
struct Option: Sendable {
    enum Value: Sendable, Equatable {
        /// No value. A negatable flag also has `--no-NAME`.
        case flag(negatable: Bool)
        case string
        case int(ClosedRange<Int>)
        case double(ClosedRange<Double>)
        case choice([String])
        case path
        /// `KEY=VALUE` with a key that is not empty.
        case keyValue
    }

    /// Without the dashes.
    let name: String
    let short: Character?
    let value: Value
    /// What stands for the value in help, in capitals.
    let placeholder: String
    let repeats: Bool
    /// Shown in help; the command applies it itself (`call.int("limit") ?? 10`).
    let defaultText: String?
    let help: String
    let completion: CompletionKind

    var isFlag: Bool { if case .flag = value { true } else { false } }
    var isNegatable: Bool { value == .flag(negatable: true) }

    /// An option without a value. A negatable one is on or off, for a flag whose default is on.
    static func flag(
        _ name: String, short: Character? = nil, negatable: Bool = false, default defaultText: String? = nil, help: String
    ) -> Option {
        Option(
            name: name, short: short, value: .flag(negatable: negatable), placeholder: "", repeats: true,
            defaultText: defaultText, help: help, completion: .none)
    }

    static func string(
        _ name: String, _ placeholder: String, short: Character? = nil, repeats: Bool = false,
        default defaultText: String? = nil, completion: CompletionKind = .none, help: String
    ) -> Option {
        Option(
            name: name, short: short, value: .string, placeholder: placeholder, repeats: repeats,
            defaultText: defaultText, help: help, completion: completion)
    }

    /// A whole number within `range`; the parser refuses any other.
    static func int(
        _ name: String, _ placeholder: String = "N", short: Character? = nil, in range: ClosedRange<Int>,
        default defaultText: String? = nil, help: String
    ) -> Option {
        Option(
            name: name, short: short, value: .int(range), placeholder: placeholder, repeats: false,
            defaultText: defaultText, help: help, completion: .none)
    }

    /// A decimal number within `range`; the parser refuses any other.
    static func double(
        _ name: String, _ placeholder: String = "X", short: Character? = nil, in range: ClosedRange<Double>,
        default defaultText: String? = nil, help: String
    ) -> Option {
        Option(
            name: name, short: short, value: .double(range), placeholder: placeholder, repeats: false,
            defaultText: defaultText, help: help, completion: .none)
    }

    /// One of `choices`; the parser refuses any other and suggests the nearest.
    static func choice(
        _ name: String, _ placeholder: String, short: Character? = nil, of choices: [String], repeats: Bool = false,
        default defaultText: String? = nil, help: String
    ) -> Option {
        Option(
            name: name, short: short, value: .choice(choices), placeholder: placeholder, repeats: repeats,
            defaultText: defaultText, help: help, completion: .choices(choices))
    }

    static func path(
        _ name: String, _ placeholder: String = "FILE", short: Character? = nil, repeats: Bool = false,
        default defaultText: String? = nil, completion: CompletionKind = .files, help: String
    ) -> Option {
        Option(
            name: name, short: short, value: .path, placeholder: placeholder, repeats: repeats,
            defaultText: defaultText, help: help, completion: completion)
    }

    /// `KEY=VALUE`, as often as wanted.
    static func keyValue(
        _ name: String, _ placeholder: String = "KEY=VALUE", short: Character? = nil,
        completion: CompletionKind = .none, help: String
    ) -> Option {
        Option(
            name: name, short: short, value: .keyValue, placeholder: placeholder, repeats: true,
            defaultText: nil, help: help, completion: completion)
    }
}

/// The options that more than one command takes.
extension Option {
    /// On every command, before or after its name.
    static let global: [Option] = [
        .path("db", short: nil, default: "$TWIN_DB, else $XDG_DATA_HOME/twin/twin.db", help: "The database file to use"),
        .flag("json", help: "Print one JSON document; errors are JSON on standard error"),
        .flag("jsonl", help: "Print JSON Lines: one value per line, as soon as it is known"),
        .flag("quiet", short: "q", help: "Leave out notes and progress on standard error"),
        .flag("no-color", help: "Never colour the output (also: NO_COLOR in the environment)"),
        .flag("help", short: "h", help: "Show help: -h in short, --help with examples and exit codes"),
        .flag("version", help: "Show the version and exit"),
    ]

    static let twin = Option.string(
        "twin", "TWIN", short: "t", completion: .dynamic(.twins),
        help: "The twin, by slug or id; needed only when there are several")

    static let dryRun = Option.flag("dry-run", help: "Show what would be done, and do nothing")
    static let yes = Option.flag("yes", short: "y", help: "Do not ask for confirmation")
}
