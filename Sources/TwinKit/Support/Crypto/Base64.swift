/// Base 64 (RFC 4648). Reading is strict: no white space, no wrong padding, no bits set that no byte uses, so that a
/// value has one spelling only.
package enum Base64: Sendable {
    /// Section 4: `+`, `/` and padding.
    case standard
    /// Section 5: `-`, `_` and, as JWTs want it (RFC 7515 section 2), no padding.
    case url

    /// The text of `bytes`, without line breaks.
    package func encode(_ bytes: [UInt8]) -> String {
        let alphabet = self == .standard ? Self.standardAlphabet : Self.urlAlphabet
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let count = min(3, bytes.count - index)
            var group: UInt32 = 0
            for offset in 0..<3 { group = group << 8 | (offset < count ? UInt32(bytes[index + offset]) : 0) }
            for position in 0...count { text.append(alphabet[Int(group >> UInt32(18 - position * 6) & 63)]) }
            if self == .standard {
                for _ in 0..<(3 - count) { text.append(UInt8(ascii: "=")) }
            }
            index += 3
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes, or none when the text is not of this form.
    package func decode(_ text: some StringProtocol) -> [UInt8]? {
        var digits = Array(text.utf8)
        if self == .standard {
            guard digits.count % 4 == 0 else { return nil }
            if digits.last == UInt8(ascii: "=") { digits.removeLast() }
            if digits.last == UInt8(ascii: "="), digits.count % 4 == 3 { digits.removeLast() }
        }
        guard digits.count % 4 != 1 else { return nil }
        let values = self == .standard ? Self.standardValues : Self.urlValues
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 4 * 3 + 2)
        var group: UInt32 = 0
        var held = 0
        for digit in digits {
            let value = values[Int(digit)]
            guard value < 64 else { return nil }
            group = group << 6 | UInt32(value)
            held += 6
            if held >= 8 {
                held -= 8
                bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(held)))
                group &= (1 << UInt32(held)) - 1
            }
        }
        return group == 0 ? bytes : nil
    }

    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
    private static let standardAlphabet = letters + Array("+/".utf8)
    private static let urlAlphabet = letters + Array("-_".utf8)
    private static let standardValues = values(standardAlphabet)
    private static let urlValues = values(urlAlphabet)

    /// For each byte the value of its digit; 255 for a byte that is none.
    private static func values(_ alphabet: [UInt8]) -> [UInt8] {
        var table = [UInt8](repeating: 255, count: 256)
        for (value, digit) in alphabet.enumerated() { table[Int(digit)] = UInt8(value) }
        return table
    }
}
