/// A JSON value (RFC 8259) that keeps the order of an object's members, so that what `twin` prints is the same to the
/// byte on every run and reads in the order its author meant.
package enum JSON: Sendable, Equatable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case string(String)
    case array([JSON])
    case object(JSONObject)
}

/// The members of a JSON object in order. Look-up by key is a scan: objects here are records, not maps of thousands.
package struct JSONObject: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    package private(set) var members: [(key: String, value: JSON)]

    package init() { members = [] }
    package init(_ members: [(key: String, value: JSON)]) { self.members = members }
    package init(dictionaryLiteral elements: (String, JSON)...) { members = elements.map { (key: $0.0, value: $0.1) } }

    package var isEmpty: Bool { members.isEmpty }
    package var count: Int { members.count }
    package var keys: [String] { members.map(\.key) }

    /// The value of the last member with this key, as RFC 8259 section 4 leaves open and most parsers do.
    package subscript(key: String) -> JSON? {
        get { members.last { $0.key == key }?.value }
        set {
            if let index = members.lastIndex(where: { $0.key == key }) {
                if let newValue { members[index].value = newValue } else { members.removeAll { $0.key == key } }
            } else if let newValue {
                members.append((key, newValue))
            }
        }
    }

    /// This object with the members of `other` added; a member that both have takes `other`'s value.
    package func merging(_ other: JSONObject) -> JSONObject {
        var result = self
        for member in other.members { result[member.key] = member.value }
        return result
    }

    /// Equal when both hold the same members, in any order (RFC 8259 section 1: an object is unordered).
    package static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.members.allSatisfy { right[$0.key] == $0.value }
    }

    mutating func append(_ key: String, _ value: JSON) { members.append((key, value)) }
}

extension JSON {
    /// The member; nil where there is none or this is no object. A member that is `null` is `.null`, not nil.
    package subscript(key: String) -> JSON? { objectValue?[key] }
    /// The item, from 0; nil past the end or where this is no array.
    package subscript(index: Int) -> JSON? {
        guard case .array(let items) = self, items.indices.contains(index) else { return nil }
        return items[index]
    }

    package var isNull: Bool { self == .null }
    package var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }
    package var stringValue: String? { if case .string(let value) = self { value } else { nil } }
    package var arrayValue: [JSON]? { if case .array(let value) = self { value } else { nil } }
    package var objectValue: JSONObject? { if case .object(let value) = self { value } else { nil } }
    /// The number, an integer too; nil for what is none, and text is never converted.
    package var doubleValue: Double? {
        switch self {
        case .double(let value): value
        case .int(let value): Double(value)
        default: nil
        }
    }
    /// The number as an integer; a fraction or a number out of range is none.
    package var intValue: Int? {
        switch self {
        case .int(let value): Int(exactly: value)
        case .double(let value): Int(exactly: value)
        default: nil
        }
    }

    /// A string or `null`: the common case of an optional field.
    package static func optional(_ value: String?) -> JSON { value.map(JSON.string) ?? .null }
    /// A number or `null`.
    package static func optional(_ value: Int?) -> JSON { value.map { .int(Int64($0)) } ?? .null }
    /// A number or `null`; what is not finite is written as `null` too.
    package static func optional(_ value: Double?) -> JSON { value.map(JSON.double) ?? .null }
    /// An integer.
    package static func number(_ value: Int) -> JSON { .int(Int64(value)) }
    /// An array of strings, in their order.
    package static func strings(_ values: some Sequence<String>) -> JSON { .array(values.map(JSON.string)) }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .int(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(floatLiteral value: Double) { self = .double(value) }
    package init(arrayLiteral elements: JSON...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(JSONObject(elements.map { (key: $0.0, value: $0.1) }))
    }
    package init(nilLiteral: ()) { self = .null }
}

/// What a record offers to every door that prints it: the one place its JSON fields are named.
package protocol JSONRepresentable {
    var json: JSON { get }
}

extension JSON: JSONRepresentable {
    package var json: JSON { self }
}
