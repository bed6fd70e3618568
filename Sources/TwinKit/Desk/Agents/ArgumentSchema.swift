import TwinSupport

/// Checks a tool's arguments against its input schema: the part of JSON Schema (2020-12) that function calling uses. What a
/// schema does not declare is refused, so that nothing unlooked-for reaches a server.
enum ArgumentSchema {
    private static let types: Set<String> = ["string", "integer", "number", "boolean", "object", "array", "null"]
    private static let maximumDepth = 8
    private static let known: Set<String> = [
        "type", "properties", "required", "items", "enum", "const", "minLength", "maxLength", "minimum", "maximum", "minItems",
        "maxItems", "description", "title", "default", "examples", "additionalProperties", "$schema", "format",
    ]

    /// Throws `TwinError` (`invalid`) for a schema that is none, or that says more than is understood here: a rule that were
    /// passed over would be no rule.
    static func check(_ schema: JSONObject, at path: String = "input_schema", depth: Int = 0) throws {
        func wrong(_ why: String) -> TwinError { TwinError(.invalid, "\(path): \(why)") }
        guard depth <= maximumDepth else { throw wrong("it is nested too deep") }
        if let unknown = schema.keys.first(where: { !known.contains($0) }) {
            throw wrong("'\(unknown.shortened(to: 40))' is not understood here")
        }
        if depth == 0, schema["type"] != "object" { throw wrong("its type must be \"object\"") }
        if let type = schema["type"] {
            guard let name = type.stringValue, types.contains(name) else { throw wrong("its type is none of JSON's") }
        }
        if let values = schema["enum"], values.arrayValue?.isEmpty != false { throw wrong("enum must be a list") }
        for name in ["minLength", "maxLength", "minItems", "maxItems"] {
            if let value = schema[name], value.intValue.map({ $0 >= 0 }) != true {
                throw wrong("\(name) must be a number of 0 or more")
            }
        }
        for name in ["minimum", "maximum"] {
            if let value = schema[name], value.doubleValue == nil { throw wrong("\(name) must be a number") }
        }
        if let properties = schema["properties"] {
            guard let object = properties.objectValue else { throw wrong("properties must be an object") }
            for member in object.members {
                guard let inner = member.value.objectValue else { throw wrong("'\(member.key)' must be a schema") }
                try check(inner, at: "\(path).\(member.key)", depth: depth + 1)
            }
        }
        if let required = schema["required"] {
            guard let names = required.arrayValue, names.allSatisfy({ $0.stringValue != nil }) else {
                throw wrong("required must be a list of names")
            }
        }
        if let items = schema["items"] {
            guard let inner = items.objectValue else { throw wrong("items must be a schema") }
            try check(inner, at: "\(path)[]", depth: depth + 1)
        }
    }

    /// What is wrong with a value; none when it fits.
    static func problem(_ value: JSON, _ schema: JSONObject, at path: String = "arguments") -> String? {
        if let type = schema["type"]?.stringValue, !fits(value, type) { return "\(path) must be of type \(type)" }
        if let values = schema["enum"]?.arrayValue, !values.contains(value) { return "\(path) is none of the values allowed" }
        if let constant = schema["const"], constant != value { return "\(path) is not the value allowed" }
        switch value {
        case .string(let text):
            let count = text.unicodeScalars.count
            if let least = schema["minLength"]?.intValue, count < least { return "\(path) is shorter than \(least) characters" }
            if let most = schema["maxLength"]?.intValue, count > most { return "\(path) is longer than \(most) characters" }
        case .int, .double:
            guard let number = value.doubleValue else { return nil }
            if let least = schema["minimum"]?.doubleValue, number < least { return "\(path) is below the minimum" }
            if let most = schema["maximum"]?.doubleValue, number > most { return "\(path) is above the maximum" }
        case .array(let items):
            if let least = schema["minItems"]?.intValue, items.count < least { return "\(path) has fewer than \(least) items" }
            if let most = schema["maxItems"]?.intValue, items.count > most { return "\(path) has more than \(most) items" }
            guard let inner = schema["items"]?.objectValue else { return nil }
            for (index, item) in items.enumerated() {
                if let problem = problem(item, inner, at: "\(path)[\(index)]") { return problem }
            }
        case .object(let object):
            let properties = schema["properties"]?.objectValue ?? JSONObject()
            for name in schema["required"]?.arrayValue?.compactMap(\.stringValue) ?? [] where object[name] == nil {
                return "\(path).\(name) is missing"
            }
            for member in object.members {
                guard let inner = properties[member.key]?.objectValue else {
                    return "\(path) has '\(member.key.shortened(to: 40))', which is not declared"
                }
                if let problem = problem(member.value, inner, at: "\(path).\(member.key)") { return problem }
            }
        case .bool, .null: break
        }
        return nil
    }

    private static func fits(_ value: JSON, _ type: String) -> Bool {
        switch type {
        case "string": value.stringValue != nil
        case "integer": value.intValue != nil
        case "number": value.doubleValue != nil
        case "boolean": value.boolValue != nil
        case "object": value.objectValue != nil
        case "array": value.arrayValue != nil
        default: value.isNull
        }
    }
}
