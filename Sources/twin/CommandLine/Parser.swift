import TwinHTTP
import TwinSupport

/// Turns the words of a command line into a command, its values and its operands, after the rules of the POSIX utility
/// syntax guidelines with GNU long options:
///
/// - options stand before or after operands, global ones also before the command's name; `--` ends them;
/// - `-abc` is `-a -b -c`, `-n5` is `-n 5`, `--name=value` is `--name value`; names are never shortened;
/// - `-` is an operand;
/// - an option that takes a value is given once unless it repeats; of flags the last wins.
struct Parser {
    /// What a command line asks for.
    struct Result: Sendable {
        enum Request: Sendable, Equatable { case run, shortHelp, longHelp, version }
        var request = Request.run
        /// The root when the command line names no command.
        var command: Command
        /// The words after `twin` that name the command.
        var path: [String] = []
        var values: [String: [Invocation.Value]] = [:]
        var operands: [String] = []
    }

    private var result: Result
    private var words: ArraySlice<String>
    private var wantsLongHelp = false

    private init(root: Command, words: [String]) {
        result = Result(command: root)
        self.words = words[...]
    }

    /// Parses the words after the program's name. Throws `UsageError`.
    static func parse(_ words: [String], root: Command) throws -> Result {
        var parser = Parser(root: root, words: words)
        try parser.parse()
        return parser.result
    }

    private mutating func parse() throws {
        while let word = words.popFirst() {
            if word == "--" {
                while result.command.run == nil, let name = words.popFirst() { try descend(name) }
                result.operands += words
                break
            } else if word.hasPrefix("--") {
                try long(word.dropFirst(2))
            } else if word.hasPrefix("-"), word != "-" {
                try short(word)
            } else if result.command.run == nil || namesSubcommand(word) {
                try descend(word)
            } else {
                result.operands.append(word)
            }
        }
        // Help and version win over whatever else is missing or wrong with the operands.
        if has("help") {
            result.request = wantsLongHelp ? .longHelp : .shortHelp
            return
        }
        if has("version") {
            result.request = .version
            return
        }
        if result.command.run == nil {
            // `twin` alone is how people begin: it answers with the overview.
            if result.path.isEmpty, result.values.isEmpty {
                result.request = .shortHelp
                return
            }
            let names = result.command.visibleSubcommands.map(\.name)
            throw error(
                result.path.isEmpty
                    ? "a command is missing" : "'\(name)' needs a command: \(names.joined(separator: ", "))")
        }
        if has("json"), has("jsonl") { throw error("--json and --jsonl cannot be used together; give one of them") }
        try checkOperands()
    }

    private var name: String { (["twin"] + result.path).joined(separator: " ") }
    private func has(_ option: String) -> Bool { result.values[option] != nil }
    private func error(_ message: String) -> UsageError { UsageError(message, commandPath: result.path) }

    private func namesSubcommand(_ word: String) -> Bool {
        result.operands.isEmpty && result.command.subcommand(named: word) != nil
    }

    private mutating func descend(_ word: String) throws {
        if let next = result.command.subcommand(named: word) {
            result.command = next
            result.path.append(word)
            return
        }
        let known = result.command.visibleSubcommands
        let meant =
            known.first { $0.alsoCalled.contains(word) }?.name
            ?? Suggestion.nearest(to: word, among: known.map(\.name))
        let advice = meant.map { "; did you mean '\(name) \($0)'?" } ?? ""
        throw error("there is no command '\(name) \(word)'\(advice)")
    }

    // MARK: Options

    private func option(long name: some StringProtocol) -> Option? {
        result.command.options.first { $0.name == name } ?? Option.global.first { $0.name == name }
    }

    private func option(short name: Character) -> Option? {
        result.command.options.first { $0.short == name } ?? Option.global.first { $0.short == name }
    }

    private mutating func long(_ word: Substring) throws {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts.first ?? "")
        let attached = parts.count > 1 ? String(parts[1]) : nil
        if let option = option(long: name) {
            if option.isFlag {
                guard attached == nil else { throw error("--\(name) takes no value") }
                set(option, .flag(true))
                if name == "help" { wantsLongHelp = true }
            } else {
                try set(option, from: attached, as: "--\(name)")
            }
        } else if name.hasPrefix("no-"), let option = option(long: name.dropFirst(3)), option.isNegatable {
            guard attached == nil else { throw error("--\(name) takes no value") }
            set(option, .flag(false))
        } else {
            throw unknown("--" + name)
        }
    }

    private mutating func short(_ word: String) throws {
        var rest = word.dropFirst()
        // A long name after a single dash is the commonest slip, and `-title x` would otherwise be `-t itle`.
        let name = rest.prefix { $0 != "=" }
        if name.count > 1, option(long: name) != nil {
            throw error("there is no option -\(name); did you mean --\(name)?")
        }
        while let letter = rest.popFirst() {
            guard let option = option(short: letter) else { throw unknown("-\(letter)") }
            if option.isFlag {
                set(option, .flag(true))
            } else {
                return try set(option, from: rest.isEmpty ? nil : String(rest), as: "-\(letter)")
            }
        }
    }

    private func unknown(_ spelling: String) -> UsageError {
        let own = result.command.options + Option.global
        if spelling.hasPrefix("--") {
            let names = own.flatMap { [$0.name] + ($0.isNegatable ? ["no-" + $0.name] : []) }
            if let nearest = Suggestion.nearest(to: String(spelling.dropFirst(2)), among: names) {
                return error("there is no option \(spelling); did you mean --\(nearest)?")
            }
        }
        if result.command.run == nil, result.command.subcommands.contains(where: { $0.declares(spelling) }) {
            return error("\(spelling) belongs after the command, as in '\(name) COMMAND \(spelling)'")
        }
        return error("'\(name)' has no option \(spelling)")
    }

    private mutating func set(_ option: Option, _ value: Invocation.Value) {
        result.values[option.name, default: []].append(value)
    }

    private mutating func set(_ option: Option, from attached: String?, as spelling: String) throws {
        let text: String
        if let attached {
            text = attached
        } else if let next = words.first, !isOption(next) {
            text = next
            words.removeFirst()
        } else {
            throw error("\(spelling) needs a value: \(spelling) \(option.placeholder)")
        }
        guard option.repeats || result.values[option.name] == nil else {
            throw error("--\(option.name) is given twice; give it once")
        }
        set(option, try convert(text, option, spelling))
    }

    /// Whether a word is an option of this command, so that it cannot be the value that the option before it lacks.
    private func isOption(_ word: String) -> Bool {
        if word == "--" { return true }
        if word.hasPrefix("--") {
            let name = word.dropFirst(2).prefix { $0 != "=" }
            return option(long: name) != nil
                || name.hasPrefix("no-") && option(long: name.dropFirst(3))?.isNegatable == true
        }
        guard word.hasPrefix("-"), let letter = word.dropFirst().first else { return false }
        return option(short: letter) != nil
    }

    private func convert(_ text: String, _ option: Option, _ spelling: String) throws -> Invocation.Value {
        switch option.value {
        case .flag: return .flag(true)
        case .string: return .string(text)
        case .path:
            guard !text.isEmpty else { throw error("\(spelling) needs a path, and it is empty") }
            return .string(text)
        case .int(let range):
            guard let number = Int(text), range.contains(number) else {
                throw error("\(spelling) takes a whole number \(Self.bounds(range)), not '\(text)'")
            }
            return .int(number)
        case .double(let range):
            guard let number = Double(text), range.contains(number) else {
                throw error("\(spelling) takes a number from \(range.lowerBound) to \(range.upperBound), not '\(text)'")
            }
            return .double(number)
        case .choice(let choices):
            guard choices.contains(text) else {
                let advice = Suggestion.nearest(to: text, among: choices).map { "; did you mean '\($0)'?" } ?? ""
                throw error("\(spelling) takes one of \(choices.joined(separator: ", ")), not '\(text)'\(advice)")
            }
            return .string(text)
        case .keyValue:
            guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
                throw error("\(spelling) takes KEY=VALUE, not '\(text)'")
            }
            return .pair(key: String(text[..<equals]), value: String(text[text.index(after: equals)...]))
        }
    }

    private static func bounds(_ range: ClosedRange<Int>) -> String {
        range.upperBound == .max ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
    }

    // MARK: Operands

    private func checkOperands() throws {
        let arguments = result.command.arguments
        // What a script passes on from a variable that was never set: as a path it would be the working directory.
        if !result.command.isHidden, let index = result.operands.firstIndex(of: "") {
            let name = (index < arguments.count ? arguments[index] : arguments.last)?.name
            throw error("\(name ?? "an operand") is empty; is a variable of your script not set?")
        }
        let least = arguments.count { $0.arity == .one || $0.arity == .oneOrMore }
        if result.operands.count < least {
            let missing = arguments.filter { $0.arity == .one || $0.arity == .oneOrMore }
                .dropFirst(result.operands.count).map(\.name)
            throw error("\(missing.joined(separator: " and ")) \(missing.count == 1 ? "is" : "are") missing")
        }
        let takesAll = arguments.contains { $0.arity == .many || $0.arity == .oneOrMore }
        if !takesAll, result.operands.count > arguments.count {
            let extra = result.operands[arguments.count]
            throw error(
                arguments.isEmpty
                    ? "'\(name)' takes no operand, and '\(extra)' is one" : "there is one operand too many: '\(extra)'")
        }
    }
}

extension Command {
    /// Whether the command or one below it has this option.
    fileprivate func declares(_ spelling: String) -> Bool {
        options.contains { "--" + $0.name == spelling || $0.short.map { "-\($0)" } == spelling }
            || subcommands.contains { $0.declares(spelling) }
    }
}
