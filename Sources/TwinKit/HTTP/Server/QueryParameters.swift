/// Names and values of a query string or of an `application/x-www-form-urlencoded` body, in order.
public struct QueryParameters: Sendable, Equatable {
    /// Parameters past this many are ignored, as no form has so many and each costs memory.
    static let maximumCount = 1000

    public struct Parameter: Sendable, Equatable {
        public var name: String
        public var value: String
    }

    public private(set) var parameters: [Parameter] = []

    public init() {}

    /// Reads form-encoded text (WHATWG URL section 5.1). No text is wrong; a name without `=` has an empty value.
    public init(_ text: String) {
        var text = text
        self = text.withUTF8 { QueryParameters(UnsafeRawBufferPointer($0)) }
    }

    init(_ bytes: UnsafeRawBufferPointer) {
        var start = 0
        while start < bytes.count, parameters.count < Self.maximumCount {
            let end = bytes.firstOffset(of: UInt8(ascii: "&"), from: start) ?? bytes.count
            let pair = bytes.part(start..<end)
            start = end + 1
            if pair.isEmpty { continue }
            let split = pair.firstOffset(of: UInt8(ascii: "="), from: 0) ?? pair.count
            parameters.append(
                Parameter(
                    name: PercentCoding.decodeForm(pair.part(0..<split)),
                    value: PercentCoding.decodeForm(pair.part(min(split + 1, pair.count)..<pair.count))))
        }
    }

    /// The first value with this name.
    public subscript(name: String) -> String? { parameters.first { $0.name == name }?.value }

    public func all(_ name: String) -> [String] { parameters.filter { $0.name == name }.map(\.value) }

    public mutating func append(_ name: String, _ value: String) {
        parameters.append(Parameter(name: name, value: value))
    }

    /// The form-encoded text, with a space as `%20`, which both forms of decoder read.
    public var text: String {
        parameters.map { PercentCoding.encode($0.name) + "=" + PercentCoding.encode($0.value) }.joined(separator: "&")
    }
}
