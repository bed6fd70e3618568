import TwinHTTP
import TwinKit
import TwinSupport

extension Command {
    /// The command and all below it, for `twin help --json`.
    func json(path: [String]) -> JSON {
        var object: JSONObject = [
            "name": .string(name), "command": .string((["twin"] + path).joined(separator: " ")),
            "summary": .string(summary), "discussion": .string(discussion),
            "examples": .array(examples.map { ["command": .string($0.line), "effect": .string($0.effect)] }),
        ]
        if !subcommands.isEmpty {
            object["commands"] = .array(visibleSubcommands.map { $0.json(path: path + [$0.name]) })
        }
        if run != nil {
            object["arguments"] = .array(arguments.map(\.json))
            object["options"] = .array(options.map(\.json))
            object["exit_codes"] = .array(allExits.map(\.json))
        }
        return .object(object)
    }
}

extension Argument: JSONRepresentable {
    var json: JSON {
        [
            "name": .string(name), "required": .bool(arity == .one || arity == .oneOrMore),
            "repeats": .bool(arity == .many || arity == .oneOrMore), "help": .string(help),
        ]
    }
}

extension Option: JSONRepresentable {
    var json: JSON {
        var object: JSONObject = [
            "name": .string("--" + name), "short": .optional(short.map { "-\($0)" }), "type": .string(type),
            "placeholder": isFlag ? nil : .string(placeholder), "repeats": .bool(repeats && !isFlag),
            "default": .optional(defaultText), "help": .string(help),
        ]
        switch value {
        case .choice(let choices): object["choices"] = .strings(choices)
        case .int(let range):
            object["minimum"] = .number(range.lowerBound)
            object["maximum"] = range.upperBound == .max ? .null : .number(range.upperBound)
        case .double(let range):
            object["minimum"] = .double(range.lowerBound)
            object["maximum"] = .double(range.upperBound)
        case .flag(let negatable): object["negatable"] = .bool(negatable)
        case .string, .path, .keyValue: break
        }
        return .object(object)
    }

    private var type: String {
        switch value {
        case .flag: "flag"
        case .string: "string"
        case .int: "integer"
        case .double: "number"
        case .choice: "choice"
        case .path: "path"
        case .keyValue: "key=value"
        }
    }
}

extension ExitCode: JSONRepresentable {
    var json: JSON { ["code": .int(Int64(rawValue)), "name": .string(name), "meaning": .string(meaning)] }
}
