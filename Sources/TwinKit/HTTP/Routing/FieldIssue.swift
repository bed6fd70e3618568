import TwinSupport

/// One field of a request that is wrong.
package struct FieldIssue: Sendable, Equatable {
    /// A step on the way to the field: a name, or a place in a list counted from 0.
    package enum Step: Sendable, Equatable {
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
    package var location: [Step]
    /// A word for programs, such as `missing` or `string_too_short`.
    package var type: String
    /// A sentence for people.
    package var message: String

    package init(_ location: [Step], type: String, message: String) {
        self.location = location
        self.type = type
        self.message = message
    }

    /// For example `body.items[2].name`.
    package var path: String {
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
    package var json: JSON {
        ["type": .string(type), "loc": .array(location.map(\.json)), "msg": .string(message)]
    }
}

/// A request whose fields cannot be decoded: all that is wrong, not only the first.
package struct ValidationError: Error, Sendable, CustomStringConvertible {
    package var issues: [FieldIssue]

    package init(_ issues: [FieldIssue]) { self.issues = issues }

    package var description: String { issues.map { "\($0.path): \($0.message)" }.joined(separator: "; ") }
}
