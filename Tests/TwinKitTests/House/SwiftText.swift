/// A Swift file taken apart as far as the tests of the house need it: its code without comments and literals, and its string
/// literals.
struct SwiftText {
    struct Literal {
        /// With `placeholder` for each interpolation.
        var text: String
        /// The code on the literal's left: what it is an argument of.
        var before: String
    }

    /// Stands where a literal's interpolation stood.
    static let placeholder: UInt8 = 0x01

    private(set) var code: [UInt8] = []
    private(set) var literals: [Literal] = []

    init(_ source: String) {
        let bytes = Array(source.utf8)
        var index = 0
        readCode(bytes, &index, untilParenthesis: false)
    }

    /// Reads code up to its end, or to the parenthesis that closes an interpolation.
    private mutating func readCode(_ bytes: [UInt8], _ index: inout Int, untilParenthesis: Bool) {
        var depth = 0
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "/") where Self.at(bytes, index, "//"):
                while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
            case UInt8(ascii: "/") where Self.at(bytes, index, "/*"): Self.skipComment(bytes, &index)
            case UInt8(ascii: "\""), UInt8(ascii: "#"):
                var start = index
                while start < bytes.count, bytes[start] == UInt8(ascii: "#") { start += 1 }
                if start < bytes.count, bytes[start] == UInt8(ascii: "\"") {
                    readLiteral(bytes, &index, hashes: start - index)
                } else {
                    code.append(byte)
                    index += 1
                }
            default:
                if byte == UInt8(ascii: "(") { depth += 1 }
                if byte == UInt8(ascii: ")") {
                    if untilParenthesis, depth == 0 { return }
                    depth -= 1
                }
                code.append(byte)
                index += 1
            }
        }
    }

    private static func skipComment(_ bytes: [UInt8], _ index: inout Int) {
        var depth = 0
        repeat {
            if at(bytes, index, "/*") {
                depth += 1
                index += 2
            } else if at(bytes, index, "*/") {
                depth -= 1
                index += 2
            } else {
                index += 1
            }
        } while depth > 0 && index < bytes.count
    }

    private mutating func readLiteral(_ bytes: [UInt8], _ index: inout Int, hashes: Int) {
        let before = String(decoding: code.suffix(40), as: UTF8.self)
        let marks = String(repeating: "#", count: hashes)
        index += hashes
        let quote = Self.at(bytes, index, "\"\"\"") ? "\"\"\"" : "\""
        index += quote.utf8.count
        let (close, escape) = (quote + marks, "\\" + marks)
        var text: [UInt8] = []
        code.append(UInt8(ascii: "\""))
        while index < bytes.count, !Self.at(bytes, index, close) {
            guard Self.at(bytes, index, escape) else {
                text.append(bytes[index])
                index += 1
                continue
            }
            index += escape.utf8.count
            if index < bytes.count, bytes[index] == UInt8(ascii: "(") {
                index += 1
                text.append(Self.placeholder)
                readCode(bytes, &index, untilParenthesis: true)
            } else {
                text.append(UInt8(ascii: " "))
            }
            index += 1
        }
        index += close.utf8.count
        code.append(UInt8(ascii: "\""))
        literals.append(Literal(text: String(decoding: text, as: UTF8.self), before: before))
    }

    private static func at(_ bytes: [UInt8], _ index: Int, _ text: String) -> Bool {
        guard index + text.utf8.count <= bytes.count else { return false }
        return text.utf8.enumerated().allSatisfy { bytes[index + $0.offset] == $0.element }
    }
}

/// The words and braces of code, in their order.
struct SwiftTokens: Sequence, IteratorProtocol {
    enum Token: Equatable {
        case word(String, afterDot: Bool)
        case open, close
    }

    private let code: [UInt8]
    private var index = 0

    init(_ code: [UInt8]) { self.code = code }

    mutating func next() -> Token? {
        while index < code.count {
            let byte = code[index]
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}") {
                index += 1
                return byte == UInt8(ascii: "{") ? .open : .close
            }
            guard Self.isWord(byte) else {
                index += 1
                continue
            }
            let start = index
            while index < code.count, Self.isWord(code[index]) { index += 1 }
            return .word(
                String(decoding: code[start..<index], as: UTF8.self), afterDot: start > 0 && code[start - 1] == UInt8(ascii: "."))
        }
        return nil
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || byte >= 0x80 || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
            || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
    }
}
