import TwinSupport

/// Reads the fields of one part of a request and remembers all that is wrong, so that a client hears of every mistake at
/// once.
///
///     var body = try request.bodyFields()
///     let name = body.required("name", .string(1...200))
///     let limit = body.optional("limit", .int(1...100)) ?? 20
///     try body.validate()
///
/// Until `validate` has passed, a value that was wrong is a placeholder.
package struct FieldDecoder: Sendable {
    private let location: [FieldIssue.Step]
    private let lookUp: @Sendable (String) -> JSON?
    package private(set) var issues: [FieldIssue] = []

    init(location: [FieldIssue.Step], lookUp: @escaping @Sendable (String) -> JSON?) {
        self.location = location
        self.lookUp = lookUp
    }

    /// The members of an object that stands at `location`, such as `body`.
    package init(_ object: JSONObject, at location: [FieldIssue.Step] = [.name("body")]) {
        self.init(location: location) { object[$0] }
    }

    /// A field that must be there. `null` is a value like any other and follows the rule.
    package mutating func required<Value>(_ name: String, _ rule: FieldRule<Value>) -> Value {
        guard let value = lookUp(name) else {
            issues.append(FieldIssue(location + [.name(name)], type: "missing", message: "Field required"))
            return rule.placeholder
        }
        return decode(name, value, rule) ?? rule.placeholder
    }

    /// A field that may be missing or `null`.
    package mutating func optional<Value>(_ name: String, _ rule: FieldRule<Value>) -> Value? {
        guard let value = lookUp(name), !value.isNull else { return nil }
        return decode(name, value, rule)
    }

    /// Whether the field was sent at all, even as `null`: for a PATCH that can clear it.
    package func has(_ name: String) -> Bool { lookUp(name) != nil }

    /// Adds a complaint that no rule can make, such as two fields that exclude each other.
    package mutating func fail(_ name: String, type: String = "value_error", _ message: String) {
        issues.append(FieldIssue(location + [.name(name)], type: type, message: message))
    }

    /// Takes over what another decoder found, so that path, query and body are reported together.
    package mutating func merge(_ other: FieldDecoder) { issues += other.issues }

    /// Throws `ValidationError` with all issues, if there are any.
    package func validate() throws {
        if !issues.isEmpty { throw ValidationError(issues) }
    }

    private mutating func decode<Value>(_ name: String, _ value: JSON, _ rule: FieldRule<Value>) -> Value? {
        do {
            return try rule.decode(value)
        } catch {
            issues += FieldRule<Value>.issue(error, at: location + [.name(name)])
            return nil
        }
    }
}

extension Request {
    /// The content as JSON. Throws 415 for another media type and `ValidationError` for what is not JSON; no content at
    /// all counts as a missing body.
    package func json() throws -> JSON {
        if let type = contentType, type != "application/json", !type.hasSuffix("+json") {
            throw HTTPError(.unsupportedMediaType, "The content type must be application/json")
        }
        // RFC 9110 section 8.4: nothing is unpacked here, so that a small request stays small.
        if let coding = headers["content-encoding"], coding.lowercased() != "identity" {
            throw HTTPError(.unsupportedMediaType, "The content must not be compressed")
        }
        let bytes = try body.collect()
        guard !bytes.isEmpty else {
            throw ValidationError([FieldIssue([.name("body")], type: "missing", message: "Field required")])
        }
        do {
            let json = try JSONParser.parse(bytes)
            // RFC 8259 section 4: what such an object means, two readers may see differently.
            if let name = json.repeatedName {
                throw ValidationError([
                    FieldIssue(
                        [.name("body")], type: "json_invalid",
                        message: "JSON decode error: the name '\(name.prefix(100))' comes twice")
                ])
            }
            return json
        } catch let error as JSONError {
            throw ValidationError([
                FieldIssue(
                    [.name("body"), .index(error.offset)], type: "json_invalid", message: "JSON decode error: \(error.reason)")
            ])
        }
    }

    /// The members of a JSON object in the content. Throws as `json` does, and `ValidationError` for another JSON value.
    package func bodyFields() throws -> FieldDecoder {
        guard let object = try json().objectValue else {
            throw ValidationError([
                FieldIssue([.name("body")], type: "model_attributes_type", message: "Input should be a valid object")
            ])
        }
        return FieldDecoder(object)
    }

    /// The fields of a form in the content (`application/x-www-form-urlencoded`). Throws 415 for another media type.
    package func formFields() throws -> FieldDecoder {
        guard contentType == "application/x-www-form-urlencoded" else {
            throw HTTPError(.unsupportedMediaType, "The content type must be application/x-www-form-urlencoded")
        }
        let form = QueryParameters(String(decoding: try body.collect(), as: UTF8.self))
        return FieldDecoder(location: [.name("body")]) { name in form[name].map(JSON.string) }
    }

    /// The content as one value, for what is no object: a list. Throws as `json` does, and `ValidationError`.
    package func bodyValue<Value>(_ rule: FieldRule<Value>) throws -> Value {
        let json = try json()
        do {
            return try rule.decode(json)
        } catch {
            throw ValidationError(FieldRule<Value>.issue(error, at: [.name("body")]))
        }
    }

    /// The query's fields, all of them strings, for which rules of numbers and flags take their text. Repeated names give the
    /// first value.
    package func queryFields() -> FieldDecoder {
        let query = query
        return FieldDecoder(location: [.name("query")]) { name in query[name].map(JSON.string) }
    }

    /// The values of the route's `{name}` segments, percent-decoded.
    package func pathFields() -> FieldDecoder {
        let parameters = parameters
        return FieldDecoder(location: [.name("path")]) { name in parameters[name].map(JSON.string) }
    }
}

extension JSON {
    /// A name that an object in it has more than once.
    fileprivate var repeatedName: String? {
        switch self {
        case .object(let object):
            var seen = Set<String>()
            for (key, value) in object.members {
                if !seen.insert(key).inserted { return key }
                if let name = value.repeatedName { return name }
            }
            return nil
        case .array(let items):
            for item in items { if let name = item.repeatedName { return name } }
            return nil
        default: return nil
        }
    }
}
