import Glibc
import TwinSupport

/// Bytes in some character set become clean UTF-8: valid, lines that end with a line feed, without byte-order marks and
/// without control characters other than tab and form feed.
package enum TextDecoding {
    package struct Decoded {
        package var bytes: [UInt8]
        /// What the source's log should say about the character set, if anything.
        var notice: String?
    }

    /// Decodes `bytes`. A byte-order mark decides; then the declared `charset`, unless the bytes are UTF-8 all the same;
    /// then UTF-8; and what is not UTF-8 is read as Windows-1252 (of which Latin-1's printable characters are a part).
    package static func decode(_ bytes: [UInt8], charset: String? = nil) -> Decoded {
        if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) {
            if let text = convert(bytes, from: "UTF-32") { return clean(text, notice: nil) }
        }
        if bytes.starts(with: [0xFF, 0xFE]) { return clean(utf16(bytes.dropFirst(2), bigEndian: false), notice: nil) }
        if bytes.starts(with: [0xFE, 0xFF]) { return clean(utf16(bytes.dropFirst(2), bigEndian: true), notice: nil) }
        let findings = bytes.withView(inspect)
        if findings.invalid == 0, findings.hasControls == false, !bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            guard let charset, findings.multibyte == 0, isStateful(charset), let text = convert(bytes, from: charset) else {
                return Decoded(bytes: bytes, notice: nil)
            }
            return clean(text, notice: nil)
        }
        if let charset = charset?.lowercased(), charset.hasPrefix("utf-16") {
            return clean(utf16(bytes[...], bigEndian: charset.hasSuffix("be")), notice: nil)
        }
        if findings.invalid == 0 { return clean(bytes, notice: nil) }
        if let charset, !isUnhelpful(charset), let text = convert(bytes, from: charset) { return clean(text, notice: nil) }
        if findings.invalid * 10 <= findings.multibyte {
            let text = Array(String(decoding: bytes, as: UTF8.self).utf8)
            return clean(text, notice: "\(findings.invalid) invalid UTF-8 sequences were replaced")
        }
        return clean(windows1252(bytes), notice: "the bytes are not UTF-8 and were read as Windows-1252 (Latin-1)")
    }

    /// Sets in which ASCII bytes do not mean ASCII, so that bytes which look like plain ASCII may still need decoding.
    private static func isStateful(_ charset: String) -> Bool {
        let name = charset.lowercased()
        return name.hasPrefix("iso-2022") || name.hasPrefix("utf-7") || name == "hz-gb-2312"
    }

    /// Declarations that say no more than the bytes themselves: UTF-8 that is not, and Latin-1, which everybody means as
    /// Windows-1252 (WHATWG Encoding Standard, section 4.2).
    private static func isUnhelpful(_ charset: String) -> Bool {
        ["utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin1", "windows-1252", "unknown-8bit", "binary", ""]
            .contains(charset.lowercased())
    }

    private struct Findings {
        var invalid = 0
        var multibyte = 0
        var hasControls = false
    }

    /// The length of the well-formed sequence at `index`, whose first byte is not ASCII; 0 if there is none (Unicode 15,
    /// table 3-7).
    @inline(__always) static func sequenceLength(_ view: ByteView, _ index: Int) -> Int {
        let first = view[index]
        let second = view[index + 1]
        switch first {
        case 0xC2...0xDF: return second & 0xC0 == 0x80 ? 2 : 0
        case 0xE0...0xEF:
            let isAllowed =
                first == 0xE0
                ? second >= 0xA0 && second <= 0xBF
                : first == 0xED ? second >= 0x80 && second <= 0x9F : second & 0xC0 == 0x80
            return isAllowed && view[index + 2] & 0xC0 == 0x80 ? 3 : 0
        case 0xF0...0xF4:
            let isAllowed =
                first == 0xF0
                ? second >= 0x90 && second <= 0xBF
                : first == 0xF4 ? second >= 0x80 && second <= 0x8F : second & 0xC0 == 0x80
            return isAllowed && view[index + 2] & 0xC0 == 0x80 && view[index + 3] & 0xC0 == 0x80 ? 4 : 0
        default: return 0
        }
    }

    private static func inspect(_ view: ByteView) -> Findings {
        var findings = Findings()
        var index = 0
        while index < view.count {
            // Eight printable ASCII bytes at once: no high bit, none below a space, none the delete character.
            if let word = view.word(at: index) {
                let high: UInt64 = 0x8080_8080_8080_8080
                let low = (word &- 0x2020_2020_2020_2020) & ~word
                let delete = word ^ 0x7F7F_7F7F_7F7F_7F7F
                if (word | low | ((delete &- 0x0101_0101_0101_0101) & ~delete)) & high == 0 {
                    index += 8
                    continue
                }
            }
            let byte = view[index]
            if byte < 0x80 {
                if byte < 0x20 || byte == 0x7F, byte != 0x0A, byte != 0x09, byte != 0x0C {
                    findings.hasControls = true
                }
                index += 1
                continue
            }
            let length = sequenceLength(view, index)
            if length == 0 {
                findings.invalid += 1
                index += 1
            } else {
                findings.multibyte += 1
                // A byte-order mark inside the text, or one of the control characters U+0080 to U+009F.
                if byte == 0xEF, view[index + 1] == 0xBB, view[index + 2] == 0xBF { findings.hasControls = true }
                if byte == 0xC2, view[index + 1] < 0xA0 { findings.hasControls = true }
                index += length
            }
        }
        return findings
    }

    /// Drops control characters and byte-order marks; takes back what a backspace strikes over; skips terminal escape
    /// sequences (ECMA-48, section 5.4).
    private static func clean(_ bytes: [UInt8], notice: String?) -> Decoded {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        bytes.withView { view in
            var index = 0
            while index < view.count {
                let byte = view[index]
                switch byte {
                case 0x09, 0x0A, 0x0C, 0x20...0x7E: result.append(byte)
                case 0x0D: if view[index + 1] != 0x0A { result.append(0x0A) }
                case 0x08:
                    while let last = result.last, last & 0xC0 == 0x80 { result.removeLast() }
                    if let last = result.last, last != 0x0A { result.removeLast() }
                case 0x1B:
                    if view[index + 1] == UInt8(ascii: "[") {
                        index += 2
                        while index < view.count, view[index] >= 0x20, view[index] < 0x40 { index += 1 }
                    }
                case 0x00...0x1F, 0x7F: break
                case 0xC2 where view[index + 1] < 0xA0: index += 1
                case 0xEF where view[index + 1] == 0xBB && view[index + 2] == 0xBF: index += 2
                default: result.append(byte)
                }
                index += 1
            }
        }
        return Decoded(bytes: result, notice: notice)
    }

    private static func utf16(_ bytes: ArraySlice<UInt8>, bigEndian: Bool) -> [UInt8] {
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count / 2)
        var index = bytes.startIndex
        while index + 1 < bytes.endIndex {
            let first = UInt16(bytes[index])
            let second = UInt16(bytes[index + 1])
            units.append(bigEndian ? first << 8 | second : second << 8 | first)
            index += 2
        }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }

    /// Windows-1252's bytes 0x80 to 0x9F; the five that it leaves open become U+FFFD.
    private static let windows1252High: [UInt16] = [
        0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D,
        0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD,
        0x017E, 0x0178,
    ]

    /// The scalar that Windows-1252 gives a byte.
    static func windows1252Scalar(_ byte: UInt8) -> UInt32 {
        byte >= 0x80 && byte < 0xA0 ? UInt32(windows1252High[Int(byte) - 0x80]) : UInt32(byte)
    }

    private static func windows1252(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 8)
        for byte in bytes {
            if byte < 0x80 { result.append(byte) } else { append(windows1252Scalar(byte), to: &result) }
        }
        return result
    }

    /// Appends a scalar's UTF-8; what is no scalar becomes U+FFFD.
    static func append(_ value: UInt32, to bytes: inout [UInt8]) {
        let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
        bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    /// Converts with the C library's `iconv`, which knows the sets that this file does not. A sequence that the set does
    /// not define becomes U+FFFD. None when the set is unknown or the text is mostly not in it.
    private static func convert(_ bytes: [UInt8], from charset: String) -> [UInt8]? {
        guard !charset.isEmpty, charset.utf8.count < 40,
            charset.utf8.allSatisfy({ $0.isAlphanumeric || $0 == 0x2D || $0 == 0x5F || $0 == 0x3A || $0 == 0x2E })
        else { return nil }
        guard let descriptor = iconv_open("UTF-8", charset), Int(bitPattern: descriptor) != -1 else { return nil }
        defer { iconv_close(descriptor) }
        var input = bytes
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 2)
        var replaced = 0
        input.withUnsafeMutableBytes { source in
            var from = source.baseAddress?.assumingMemoryBound(to: CChar.self)
            var left = source.count
            withUnsafeTemporaryAllocation(byteCount: 16384, alignment: 1) { chunk in
                while left > 0 {
                    var to = chunk.baseAddress?.assumingMemoryBound(to: CChar.self)
                    var room = chunk.count
                    let outcome = iconv(descriptor, &from, &left, &to, &room)
                    let failure = errno
                    result.append(contentsOf: chunk.prefix(chunk.count - room))
                    if outcome != -1 || (failure == E2BIG && room < chunk.count) { continue }
                    result.append(contentsOf: [0xEF, 0xBF, 0xBD])
                    replaced += 1
                    from = from.map { $0 + 1 }
                    left -= 1
                }
            }
        }
        guard replaced * 4 <= bytes.count, String(validating: result, as: UTF8.self) != nil else { return nil }
        return result
    }
}
