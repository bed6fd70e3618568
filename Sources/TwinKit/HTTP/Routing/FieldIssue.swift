/// One field of a request that is wrong.
public struct FieldIssue: Sendable, Equatable {
    /// A step on the way to the field: a name, or a place in a list counted from 0.
    public enum Step: Sendable, Equatable {
        case name(String)
        case index(Int)

        var json: JSON {
            switch self {
            case .name(let name): .string(name)
            case .index(let index): .int(Int64(index))
            }
        }
    }

    /// From the part of the request (`body`, `query`, `path`, `header`) to the field.
    public var location: [Step]
    /// A word for programs, such as `missing` or `string_too_short`.
    public var type: String
    /// A sentence for people.
    public var message: String

    public init(_ location: [Step], type: String, message: String) {
        self.location = location
        self.type = type
        self.message = message
    }

    /// For example `body.items[2].name`.
    public var path: String {
        var text = ""
        for step in location {
            switch step {
            case .name(let name): text += text.isEmpty ? name : "." + name
            case .index(let index): text += "[\(index)]"
            }
        }
        return text
    }

    /// The members FastAPI gives: `type`, `loc`, `msg`.
    public var json: JSON {
        ["type": .string(type), "loc": .array(location.map(\.json)), "msg": .string(message)]
    }
}

/// A request whose fields cannot be decoded: all that is wrong, not only the first.
public struct ValidationError: Error, Sendable, CustomStringConvertible {
    public var issues: [FieldIssue]

    public init(_ issues: [FieldIssue]) { self.issues = issues }

    public var description: String { issues.map { "\($0.path): \($0.message)" }.joined(separator: "; ") }
}
