#if canImport(Glibc)
    import Glibc
#endif

/// UUID version 7 (RFC 9562 section 5.7) as lower-case text: 48 bits of Unix milliseconds, 12 bits of the fraction of a millisecond
/// (section 6.2, method 3), then random bits, so that identifiers sort by the time they were made, also within a millisecond.
package enum Identifier {
    /// A new identifier. From any thread.
    package static func make() -> String {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let nanoseconds = Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
        return make(
            milliseconds: nanoseconds / 1_000_000, fraction: UInt64(bitPattern: nanoseconds % 1_000_000 * 4_096 / 1_000_000))
    }

    /// `fraction` is of a millisecond, in 4096ths.
    static func make(milliseconds: Int64, fraction: UInt64) -> String {
        var generator = SystemRandomNumberGenerator()
        let high = UInt64(bitPattern: milliseconds) << 16 | 0x7000 | fraction & 0x0FFF
        let low = generator.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for index in 0..<16 {
            if index == 4 || index == 6 || index == 8 || index == 10 { text.append(UInt8(ascii: "-")) }
            let word = index < 8 ? high : low
            let byte = UInt8(truncatingIfNeeded: word >> UInt64(56 - (index % 8) * 8))
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Whether `text` has the form of a UUID of any version, so that a name is never taken for an identifier.
    package static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 36 else { return false }
        return bytes.indices.allSatisfy { index in
            [8, 13, 18, 23].contains(index)
                ? bytes[index] == UInt8(ascii: "-") : Character(Unicode.Scalar(bytes[index])).isHexDigit
        }
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
