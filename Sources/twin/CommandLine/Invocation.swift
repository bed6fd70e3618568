import TwinKit
import TwinSupport

/// One parsed command line: its values checked against the table, and where the answer goes.
struct Invocation: Sendable {
    enum Value: Sendable, Equatable {
        case flag(Bool)
        case string(String)
        case int(Int)
        case double(Double)
        case pair(key: String, value: String)
    }

    let command: Command
    /// The words after `twin` that name the command, such as `["sources", "list"]`.
    let path: [String]
    /// In the order of the command line.
    let operands: [String]
    let environment: Environment
    let output: Output
    /// What is closed when the command has run.
    let openWorkspaces = OpenWorkspaces()
    private let values: [String: [Value]]

    init(
        command: Command, path: [String], values: [String: [Value]], operands: [String], environment: Environment,
        output: Output
    ) {
        self.command = command
        self.path = path
        self.values = values
        self.operands = operands
        self.environment = environment
        self.output = output
    }

    /// Whether the flag was given; for a negatable one the last of `--NAME` and `--no-NAME` wins.
    func flag(_ name: String, default standard: Bool = false) -> Bool {
        if case .flag(let isOn) = last(name) { isOn } else { standard }
    }

    /// The value of a string, choice or path option.
    func string(_ name: String) -> String? {
        if case .string(let text) = last(name) { text } else { nil }
    }

    /// All the values of an option that repeats, in order.
    func strings(_ name: String) -> [String] {
        all(name).compactMap { if case .string(let text) = $0 { text } else { nil } }
    }

    func int(_ name: String) -> Int? {
        if case .int(let number) = last(name) { number } else { nil }
    }

    func double(_ name: String) -> Double? {
        if case .double(let number) = last(name) { number } else { nil }
    }

    /// The values of a `KEY=VALUE` option, in order; a key may come twice.
    func pairs(_ name: String) -> [(key: String, value: String)] {
        all(name).compactMap { if case .pair(let key, let value) = $0 { (key, value) } else { nil } }
    }

    /// Whether the option stands on the command line at all.
    func has(_ name: String) -> Bool { !all(name).isEmpty }

    /// The operand of a declared argument; nil when an optional one was left out.
    func operand(_ name: String) -> String? {
        guard let index = command.arguments.firstIndex(where: { $0.name == name }), index < operands.count else {
            assert(command.arguments.contains { $0.name == name }, "no argument \(name) is declared")
            return nil
        }
        return operands[index]
    }

    /// The operand of an argument of arity one, which the parser has made sure of.
    func required(_ name: String) throws -> String {
        guard let value = operand(name) else { throw usage("\(name) is missing") }
        return value
    }

    /// The operands from the declared argument on: what a `many` or `oneOrMore` argument took.
    func operands(_ name: String) -> [String] {
        guard let index = command.arguments.firstIndex(where: { $0.name == name }) else { return [] }
        return Array(operands.dropFirst(index))
    }

    /// An error for a combination that the table cannot express; it ends with exit code 2.
    func usage(_ message: String) -> UsageError { UsageError(message, commandPath: path) }

    private func all(_ name: String) -> [Value] {
        assert(
            (command.options + Option.global).contains { $0.name == name },
            "twin \(path.joined(separator: " ")) declares no --\(name)")
        return values[name] ?? []
    }

    private func last(_ name: String) -> Value? { all(name).last }
}
