#if canImport(Glibc)
    import Glibc
    import TwinSupport
#endif

/// The character classes of RFC 9110 section 5.6 and RFC 9112, each as a 128-bit set in two words, so that a look-up is a
/// shift and a mask.
enum HTTPByte {
    /// `tchar`: what methods and field names are made of.
    @inline(__always)
    static func isToken(_ byte: UInt8) -> Bool {
        contains(low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_C7FF_FFFE, byte)
    }

    /// What a `Host` field may hold: registered names, IPv4, bracketed IPv6, a port (RFC 3986 section 3.2.2).
    @inline(__always)
    static func isHost(_ byte: UInt8) -> Bool {
        contains(low: 0x2FFF_7FF2_0000_0000, high: 0x47FF_FFFE_AFFF_FFFE, byte)
    }

    /// Visible US-ASCII: the request target (RFC 9112 section 3.2) holds nothing else, and no fragment.
    @inline(__always)
    static func isTarget(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "#") }

    /// What may stand inside a field value: visible characters, space, tab, and obs-text (RFC 9110 section 5.5).
    @inline(__always)
    static func isFieldContent(_ byte: UInt8) -> Bool { (byte >= 0x20 && byte != 0x7F) || byte == 0x09 }

    @inline(__always)
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    @inline(__always)
    static func lowercased(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    /// The value of a hexadecimal digit.
    @inline(__always)
    static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte &- 0x30
        case 0x41...0x46: byte &- 0x37
        case 0x61...0x66: byte &- 0x57
        default: nil
        }
    }

    @inline(__always)
    private static func contains(low: UInt64, high: UInt64, _ byte: UInt8) -> Bool {
        byte < 128 && (byte < 64 ? low : high) >> UInt64(byte & 63) & 1 == 1
    }
}

extension UnsafeRawBufferPointer {
    /// Whether these bytes are exactly the ASCII text.
    @inline(__always)
    func matches(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        guard let baseAddress else { return true }
        return memcmp(baseAddress, text.utf8Start, count) == 0
    }

    /// Whether these bytes are the ASCII text, whatever the case of either.
    @inline(__always)
    func matchesIgnoringCase(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        for index in 0..<self.count where HTTPByte.lowercased(self[index]) != HTTPByte.lowercased(text.utf8Start[index]) {
            return false
        }
        return true
    }

    /// Whether these bytes are the ASCII text, whatever the case of either.
    func matchesIgnoringCase(_ text: some Sequence<UInt8>) -> Bool {
        var index = 0
        for byte in text {
            guard index < count, HTTPByte.lowercased(self[index]) == HTTPByte.lowercased(byte) else { return false }
            index += 1
        }
        return index == count
    }

    /// The offset of the first `byte` at or after `start`.
    @inline(__always)
    func firstOffset(of byte: UInt8, from start: Int) -> Int? {
        guard start < count, let baseAddress,
            let found = memchr(baseAddress + start, Int32(byte), count - start)
        else { return nil }
        return UnsafeRawPointer(found) - baseAddress
    }

    /// These bytes between two offsets, counted from this buffer's own start, as far as they are there; none when `end` lies
    /// before `start`.
    @inline(__always)
    func part(_ start: Int, _ end: Int) -> UnsafeRawBufferPointer {
        let lower = Swift.min(Swift.max(start, 0), count)
        let upper = Swift.min(Swift.max(end, lower), count)
        return UnsafeRawBufferPointer(start: baseAddress.map { $0 + lower }, count: upper - lower)
    }

    @inline(__always)
    func part(_ range: Range<Int>) -> UnsafeRawBufferPointer { part(range.lowerBound, range.upperBound) }
}
