import TwinSupport

/// What a field's value must be: how it is read from JSON, and what the API's description says about it.
package struct FieldRule<Value: Sendable>: Sendable {
    /// Why a value does not fit.
    package struct Problem: Error, Sendable {
        var type: String
        var message: String

        package init(_ type: String, _ message: String) {
            self.type = type
            self.message = message
        }
    }

    /// Throws `Problem` for a value that does not fit, and `ValidationError` where fields within it do not.
    package let decode: @Sendable (JSON) throws -> Value
    /// JSON Schema of the value.
    package let schema: JSON
    /// Stands in for a value that is missing or wrong, until all fields have been read.
    let placeholder: Value

    package init(schema: JSON, placeholder: Value, decode: @escaping @Sendable (JSON) throws -> Value) {
        self.schema = schema
        self.placeholder = placeholder
        self.decode = decode
    }
}

extension FieldRule {
    /// The issue of a value that `decode` refused.
    static func issue(_ error: any Error, at location: [FieldIssue.Step]) -> [FieldIssue] {
        switch error {
        case let problem as Problem: [FieldIssue(location, type: problem.type, message: problem.message)]
        case let validation as ValidationError:
            validation.issues.map { FieldIssue(location + $0.location, type: $0.type, message: $0.message) }
        default: [FieldIssue(location, type: "value_error", message: "Value is not valid")]
        }
    }
}

extension FieldRule where Value == String {
    package static var string: FieldRule<String> { string() }

    /// Text of so many characters.
    package static func string(_ length: ClosedRange<Int> = 0...1_000_000) -> FieldRule<String> {
        var schema: JSON = ["type": "string"]
        if length != 0...1_000_000 {
            schema = ["type": "string", "minLength": .number(length.lowerBound), "maxLength": .number(length.upperBound)]
        }
        return FieldRule(schema: schema, placeholder: "") { value in
            guard let text = value.stringValue else { throw Problem("string_type", "Input should be a valid string") }
            let count = text.unicodeScalars.count
            guard count >= length.lowerBound else {
                throw Problem(
                    "string_too_short",
                    "String should have at least \(length.lowerBound) character\(length.lowerBound == 1 ? "" : "s")")
            }
            guard count <= length.upperBound else {
                throw Problem("string_too_long", "String should have at most \(length.upperBound) characters")
            }
            return text
        }
    }

    /// Text of so many characters, of which one at least is no white space.
    package static func text(_ length: ClosedRange<Int>) -> FieldRule<String> {
        string(length).matching("\\S") { text in
            guard text.trimmed.isEmpty else { return }
            throw Problem("value_error", "Input should not be blank")
        }
    }

    /// The same on one line, as names are: without control characters.
    package static func line(_ length: ClosedRange<Int>) -> FieldRule<String> {
        text(length).matching("^[^\\x00-\\x1F\\x7F-\\x9F]*[^\\x00-\\x1F\\x7F-\\x9F\\s][^\\x00-\\x1F\\x7F-\\x9F]*$") { text in
            guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return }
            throw Problem("value_error", "Input should not hold control characters")
        }
    }

    /// Text that follows one more rule; `pattern` says the same as a regular expression (ECMA-262) to readers of the API's
    /// description.
    package func matching(_ pattern: String, _ check: @escaping @Sendable (String) throws -> Void) -> FieldRule<String> {
        var schema = schema.objectValue ?? JSONObject()
        schema["pattern"] = .string(pattern)
        return FieldRule(schema: .object(schema), placeholder: placeholder) { [decode] value in
            let text = try decode(value)
            try check(text)
            return text
        }
    }

    /// One of a few words.
    package static func oneOf(_ words: [String]) -> FieldRule<String> {
        FieldRule(schema: ["type": "string", "enum": .strings(words)], placeholder: words.first ?? "") { value in
            guard let text = value.stringValue, words.contains(text) else {
                let list = words.map { "'\($0)'" }.joined(separator: ", ")
                throw Problem("literal_error", "Input should be one of \(list)")
            }
            return text
        }
    }

    /// A UUID in its text form.
    package static var uuid: FieldRule<String> {
        FieldRule(schema: ["type": "string", "format": "uuid"], placeholder: "") { value in
            guard let text = value.stringValue, Identifier.isValid(text) else {
                throw Problem("uuid_parsing", "Input should be a valid UUID")
            }
            return text.lowercased()
        }
    }
}

extension FieldRule where Value == Int {
    package static var int: FieldRule<Int> { int(Int.min...Int.max) }

    /// A whole number within a range; text of digits counts, since queries hold nothing else.
    package static func int(_ range: ClosedRange<Int>) -> FieldRule<Int> {
        var schema: JSONObject = ["type": "integer"]
        if range.lowerBound != .min { schema["minimum"] = .number(range.lowerBound) }
        if range.upperBound != .max { schema["maximum"] = .number(range.upperBound) }
        return FieldRule(schema: .object(schema), placeholder: 0) { value in
            guard let number = value.intValue ?? value.stringValue.flatMap({ Int($0) }) else {
                throw Problem("int_parsing", "Input should be a valid integer")
            }
            guard number >= range.lowerBound else {
                throw Problem("greater_than_equal", "Input should be greater than or equal to \(range.lowerBound)")
            }
            guard number <= range.upperBound else {
                throw Problem("less_than_equal", "Input should be less than or equal to \(range.upperBound)")
            }
            return number
        }
    }
}

extension FieldRule where Value == Double {
    /// A number within a range; text of a number counts.
    package static func double(_ range: ClosedRange<Double> = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude)
        -> FieldRule<Double>
    {
        FieldRule(schema: ["type": "number"], placeholder: 0) { value in
            guard let number = value.doubleValue ?? value.stringValue.flatMap({ Double($0) }), number.isFinite else {
                throw Problem("float_parsing", "Input should be a valid number")
            }
            guard number >= range.lowerBound else {
                throw Problem("greater_than_equal", "Input should be greater than or equal to \(range.lowerBound)")
            }
            guard number <= range.upperBound else {
                throw Problem("less_than_equal", "Input should be less than or equal to \(range.upperBound)")
            }
            return number
        }
    }
}

extension FieldRule where Value == Bool {
    /// `true` or `false`; the words a query may use for them count.
    package static var bool: FieldRule<Bool> {
        FieldRule(schema: ["type": "boolean"], placeholder: false) { value in
            if let flag = value.boolValue { return flag }
            switch value.stringValue?.lowercased() {
            case "true", "1", "yes", "on": return true
            case "false", "0", "no", "off": return false
            default: throw Problem("bool_parsing", "Input should be a valid boolean")
            }
        }
    }
}

extension FieldRule where Value == JSONObject {
    package static var object: FieldRule<JSONObject> {
        FieldRule(schema: ["type": "object"], placeholder: JSONObject()) { value in
            guard let object = value.objectValue else { throw Problem("dict_type", "Input should be a valid object") }
            return object
        }
    }
}

extension FieldRule where Value == JSON {
    /// Any JSON value.
    package static var any: FieldRule<JSON> { FieldRule(schema: [:], placeholder: .null) { $0 } }
}

extension FieldRule {
    /// A list of values that each follow `rule`.
    package static func list<Element: Sendable>(
        of rule: FieldRule<Element>, count: ClosedRange<Int> = 0...10_000
    ) -> FieldRule<[Element]> where Value == [Element] {
        var schema: JSONObject = ["type": "array", "items": rule.schema]
        if count.lowerBound > 0 { schema["minItems"] = .number(count.lowerBound) }
        schema["maxItems"] = .number(count.upperBound)
        return FieldRule<[Element]>(schema: .object(schema), placeholder: []) { value in
            guard let items = value.arrayValue else { throw Problem("list_type", "Input should be a valid list") }
            guard items.count >= count.lowerBound else {
                throw Problem(
                    "too_short", "List should have at least \(count.lowerBound) item\(count.lowerBound == 1 ? "" : "s")")
            }
            guard items.count <= count.upperBound else {
                throw Problem("too_long", "List should have at most \(count.upperBound) items")
            }
            return try items.enumerated().map { index, item in
                do {
                    return try rule.decode(item)
                } catch {
                    throw ValidationError(FieldRule<Element>.issue(error, at: [.index(index)]))
                }
            }
        }
    }
}

extension FieldRule {
    /// An object whose fields `read` takes; what is wrong inside is reported with the whole way to it.
    package static func fields(
        schema: JSON = ["type": "object"], placeholder: Value, _ read: @escaping @Sendable (inout FieldDecoder) throws -> Value
    ) -> FieldRule<Value> {
        FieldRule(schema: schema, placeholder: placeholder) { value in
            guard let object = value.objectValue else {
                throw Problem("model_attributes_type", "Input should be a valid object")
            }
            var decoder = FieldDecoder(object, at: [])
            let result = try read(&decoder)
            try decoder.validate()
            return result
        }
    }
}
