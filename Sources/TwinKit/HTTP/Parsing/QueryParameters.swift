import TwinSupport

/// Names and values of a query string or of an `application/x-www-form-urlencoded` body, in order.
package struct QueryParameters: Sendable, Equatable {
    /// Parameters past this many are ignored, as no form has so many and each costs memory.
    static let maximumCount = 1000

    /// One name with its value, both percent-decoded and `+` read as a space.
    package struct Parameter: Sendable, Equatable {
        package var name: String
        package var value: String
    }

    package private(set) var parameters: [Parameter] = []

    package init() {}

    /// Reads form-encoded text (WHATWG URL section 5.1). No text is wrong; a name without `=` has an empty value.
    package init(_ text: String) {
        var text = text
        self = text.withUTF8 { QueryParameters(UnsafeRawBufferPointer($0)) }
    }

    init(_ bytes: UnsafeRawBufferPointer) {
        var start = 0
        while start < bytes.count, parameters.count < Self.maximumCount {
            let end = bytes.firstOffset(of: UInt8(ascii: "&"), from: start) ?? bytes.count
            let pair = bytes.part(start, end)
            start = end + 1
            if pair.isEmpty { continue }
            let split = pair.firstOffset(of: UInt8(ascii: "="), from: 0) ?? pair.count
            parameters.append(
                Parameter(
                    name: PercentCoding.decodeForm(pair.part(0, split)),
                    value: PercentCoding.decodeForm(pair.part(min(split + 1, pair.count), pair.count))))
        }
    }

    /// The first value with this name.
    package subscript(name: String) -> String? { parameters.first { $0.name == name }?.value }

    /// Every value with this name, in order; empty where there is none.
    package func all(_ name: String) -> [String] { parameters.filter { $0.name == name }.map(\.value) }

    /// Adds a parameter behind the others, also behind one of the same name.
    package mutating func append(_ name: String, _ value: String) {
        parameters.append(Parameter(name: name, value: value))
    }

    /// The form-encoded text, with a space as `%20`, which both forms of decoder read.
    package var text: String {
        parameters.map { PercentCoding.encode($0.name) + "=" + PercentCoding.encode($0.value) }.joined(separator: "&")
    }
}
