/// Why a text is not JSON, with the byte offset (from 0) at which that shows.
package struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
    package var reason: String
    package var offset: Int
    package var description: String { "\(reason) at byte \(offset)" }
}

/// A strict parser of RFC 8259 over UTF-8 bytes: no comments, no trailing commas, no text after the value. Depth is
/// limited, so that input cannot exhaust the stack.
package struct JSONParser {
    /// Nesting past this is refused (RFC 8259 section 9 allows a limit).
    package static let maximumDepth = 200

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var numbers = Numbers.values

    /// What becomes of numbers.
    package enum Numbers: Sendable {
        case values
        /// Those that are no whole number of 64 bits become strings with the digits as they stand, so that `19.90` keeps its zero;
        /// and so do `NaN` and `Infinity`, which RFC 8259 does not have and many programs write.
        case asWritten
    }

    private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// Parses one value that fills `text`, apart from white space. Throws `JSONError`.
    package static func parse(_ text: String) throws -> JSON {
        var copy = text
        return try copy.withUTF8 { try parse($0) }
    }

    /// Parses one value that fills `bytes`, apart from white space and a byte-order mark. Throws `JSONError`, also for
    /// bytes inside a string that are not UTF-8.
    package static func parse(_ bytes: [UInt8]) throws -> JSON {
        try bytes.withUnsafeBufferPointer { try parse($0) }
    }

    /// As `parse` with an array, of bytes that are borrowed for the call. Throws `JSONError`.
    package static func parse(_ bytes: UnsafeBufferPointer<UInt8>, numbers: Numbers = .values) throws -> JSON {
        var parser = JSONParser(bytes)
        parser.numbers = numbers
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { parser.position = 3 }
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.position == bytes.count else { throw parser.error("text after the JSON value") }
        return value
    }

    private func error(_ reason: String) -> JSONError { JSONError(reason: reason, offset: position) }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func value(depth: Int) throws -> JSON {
        guard depth <= Self.maximumDepth else { throw error("nested deeper than \(Self.maximumDepth)") }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return try number()
        case UInt8(ascii: "N") where numbers == .asWritten: return try word("NaN", .string("NaN"))
        case UInt8(ascii: "I") where numbers == .asWritten: return try word("Infinity", .string("Infinity"))
        case .none: throw error("the text ends where a value is expected")
        default: throw error("no JSON value starts here")
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSON) throws -> JSON {
        let length = word.utf8CodeUnitCount
        guard position + length <= bytes.count else { throw error("no JSON value starts here") }
        for index in extent(0, length) where bytes[position + index] != word.utf8Start[index] {
            throw error("no JSON value starts here")
        }
        position += length
        return value
    }

    private mutating func object(depth: Int) throws -> JSON {
        position += 1
        var result = JSONObject()
        skipSpace()
        if next == UInt8(ascii: "}") {
            position += 1
            return .object(result)
        }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw error("a member's name in quotes is expected") }
            let key = try string()
            skipSpace()
            guard next == UInt8(ascii: ":") else { throw error("a colon is expected") }
            position += 1
            result.append(key, try value(depth: depth + 1))
            skipSpace()
            if next == UInt8(ascii: ",") {
                position += 1
                continue
            }
            guard next == UInt8(ascii: "}") else { throw error("a comma or } is expected") }
            position += 1
            return .object(result)
        }
    }

    private mutating func array(depth: Int) throws -> JSON {
        position += 1
        var result: [JSON] = []
        skipSpace()
        if next == UInt8(ascii: "]") {
            position += 1
            return .array(result)
        }
        while true {
            result.append(try value(depth: depth + 1))
            skipSpace()
            if next == UInt8(ascii: ",") {
                position += 1
                continue
            }
            guard next == UInt8(ascii: "]") else { throw error("a comma or ] is expected") }
            position += 1
            return .array(result)
        }
    }

    private mutating func number() throws -> JSON {
        let start = position
        if next == UInt8(ascii: "-") { position += 1 }
        if numbers == .asWritten, next == UInt8(ascii: "I") { return try word("Infinity", .string("-Infinity")) }
        if next == UInt8(ascii: "0") { position += 1 } else { try digits() }
        var isInteger = true
        if next == UInt8(ascii: ".") {
            isInteger = false
            position += 1
            try digits()
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            isInteger = false
            position += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
        let text = String(decoding: bytes[extent(start, position)], as: UTF8.self)
        if isInteger, let value = Int64(text) { return .int(value) }
        if numbers == .asWritten { return .string(text) }
        guard let value = Double(text), value.isFinite else { throw error("a number out of range") }
        return .double(value)
    }

    private mutating func digits() throws {
        let start = position
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        guard position > start else { throw error("a digit is expected") }
    }

    private mutating func string() throws -> String {
        position += 1
        let start = position
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
        if next == UInt8(ascii: "\"") {
            defer { position += 1 }
            return try decode(bytes[extent(start, position)])
        }
        var unescaped = Array(bytes[extent(start, position)])
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return try unescaped.withUnsafeBufferPointer { try decode($0[...]) }
            case UInt8(ascii: "\\"):
                position += 1
                try escape(into: &unescaped)
            case 0..<0x20: throw error("a control character in a string must be escaped")
            default:
                unescaped.append(byte)
                position += 1
            }
        }
        throw error("the text ends inside a string")
    }

    private func decode(_ slice: Slice<UnsafeBufferPointer<UInt8>>) throws -> String {
        guard let text = String(validating: slice, as: UTF8.self) else { throw error("a string that is not UTF-8") }
        return text
    }

    private mutating func escape(into text: inout [UInt8]) throws {
        guard let byte = next else { throw error("the text ends inside an escape") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            let first = try hexadecimal()
            var scalar = Unicode.Scalar(UInt32(first))
            if UTF16.isLeadSurrogate(first), next == UInt8(ascii: "\\"), position + 1 < bytes.count,
                bytes[position + 1] == UInt8(ascii: "u")
            {
                let mark = position
                position += 2
                let second = try hexadecimal()
                if UTF16.isTrailSurrogate(second) {
                    scalar = Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
                } else {
                    position = mark
                }
            }
            // A surrogate without its half names no character; RFC 8259 section 8.2 calls the outcome unpredictable.
            text.append(contentsOf: Array(String(Character(scalar ?? "\u{FFFD}")).utf8))
        default: throw error("an unknown escape")
        }
    }

    private mutating func hexadecimal() throws -> UInt16 {
        guard position + 4 <= bytes.count else { throw error("four hexadecimal digits are expected") }
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue, bytes[position] < 0x80 else {
                throw error("four hexadecimal digits are expected")
            }
            value = value << 4 | UInt16(digit)
            position += 1
        }
        return value
    }
}
