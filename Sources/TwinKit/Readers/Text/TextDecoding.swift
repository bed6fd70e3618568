import Glibc
import TwinSupport

/// Bytes in some character set become clean UTF-8: valid, lines that end with a line feed, without byte-order marks and
/// without control characters other than tab and form feed.
package enum TextDecoding {
    /// Bytes made UTF-8.
    package struct Decoded {
        package var bytes: [UInt8]
        /// What the source's log should say about the character set, if anything.
        var notice: String?
    }

    /// Decodes `bytes`. A byte-order mark decides; then the declared `charset`, unless the bytes are UTF-8 all the same; then UTF-8
    /// and UTF-16 by their looks; and what is neither is read as Windows-1252 (of which Latin-1's printable characters are a part).
    /// With `isStated` a person has said what the bytes are, and only a byte-order mark says better.
    package static func decode(_ bytes: [UInt8], charset label: String? = nil, isStated: Bool = false) -> Decoded {
        if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) {
            if let text = convert(bytes, from: "UTF-32") { return clean(text.bytes, notice: text.notice("UTF-32")) }
        }
        if bytes.starts(with: [0xFF, 0xFE]) { return utf16(bytes.dropFirst(2), bigEndian: false) }
        if bytes.starts(with: [0xFE, 0xFF]) { return utf16(bytes.dropFirst(2), bigEndian: true) }
        let charset = label.flatMap { CharacterSet($0) }
        if isStated, let charset, let decoded = decode(bytes, as: charset, isStated: true) { return decoded }
        let findings = bytes.withView(inspect)
        if findings.invalid == 0, findings.multibyte == 0, findings.hasEscapes {
            let stateful = charset.flatMap { $0.isStateful ? $0 : nil } ?? bytes.withView(japanese)
            if let stateful, let decoded = decode(bytes, as: stateful) { return decoded }
        }
        if findings.invalid == 0, findings.multibyte == 0, let charset, charset.isStateful,
            let decoded = decode(bytes, as: charset)
        {
            return decoded
        }
        if findings.invalid == 0, findings.hasControls == false, !bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            return Decoded(bytes: bytes, notice: nil)
        }
        if case .utf16(let bigEndian) = charset?.decoder, bytes.contains(0) { return utf16(bytes[...], bigEndian: bigEndian) }
        if let bigEndian = bytes.withView(utf16ByLooks) { return utf16(bytes[...], bigEndian: bigEndian) }
        if findings.invalid == 0 { return clean(bytes, notice: nil) }
        if let charset, case .iconv = charset.decoder, let decoded = decode(bytes, as: charset) { return decoded }
        var unknown = ""
        if let label = label?.nonBlank, charset == nil || charset?.decoder == .iconv(charset?.name ?? "") {
            unknown = "the character set '\(label.prefix(40))' is not known; "
        }
        if findings.invalid * 10 <= findings.multibyte {
            let text = Array(String(decoding: bytes, as: UTF8.self).utf8)
            return clean(text, notice: "\(unknown)\(findings.invalid) invalid UTF-8 sequences were replaced")
        }
        let lost = bytes.count { [0x81, 0x8D, 0x8F, 0x90, 0x9D].contains($0) }
        if charset?.decoder == .windows1252, lost == 0 { return clean(windows1252(bytes), notice: nil) }
        return clean(
            windows1252(bytes),
            notice: "\(unknown)the bytes are not UTF-8 and were read as Windows-1252 (Latin-1)"
                + (lost > 0 ? ", which \(lost) of them are not; say what they are with --encoding" : ""))
    }

    private static func decode(_ bytes: [UInt8], as charset: CharacterSet, isStated: Bool = false) -> Decoded? {
        switch charset.decoder {
        case .utf8:
            let invalid = bytes.withView(inspect).invalid
            return clean(
                Array(String(decoding: bytes, as: UTF8.self).utf8),
                notice: invalid > 0 ? "\(invalid) invalid UTF-8 sequences were replaced" : nil)
        case .windows1252: return clean(windows1252(bytes), notice: nil)
        case .utf16(let bigEndian): return utf16(bytes[...], bigEndian: bigEndian)
        case .iconv(let name):
            guard let text = convert(bytes, from: name), isStated || text.replaced * 4 <= bytes.count else { return nil }
            return clean(text.bytes, notice: text.notice(charset.name))
        }
    }

    /// Whether this machine can read the set of this name.
    package static func isKnown(_ label: String) -> Bool {
        guard let charset = CharacterSet(label) else { return false }
        guard case .iconv(let name) = charset.decoder else { return true }
        return convert([0x61], from: name) != nil
    }

    /// Mail in Japanese that does not say so: its escape sequences are those of no other set.
    private static func japanese(_ view: ByteView) -> CharacterSet? {
        var index = 0
        while let escape = view.first(0x1B, from: index) {
            if view[escape + 1] == UInt8(ascii: "$"),
                view[escape + 2] == UInt8(ascii: "B") || view[escape + 2] == UInt8(ascii: "@")
            {
                return CharacterSet("iso-2022-jp")
            }
            index = escape + 1
        }
        return nil
    }

    /// UTF-16 without a byte-order mark: every other byte of Latin text is zero. Whether the first of two is; none for other bytes.
    static func utf16ByLooks(_ view: ByteView) -> Bool? {
        let sample = view[0..<4096]
        guard view.count >= 4, view.count % 2 == 0 else { return nil }
        var zeros = [0, 0]
        var units = 0
        for (index, byte) in sample.contents.enumerated() where byte == 0 { zeros[index % 2] += 1 }
        units = sample.count / 2
        // Zeros at one side only, in a third of the units at least, and no unit that is zero itself.
        guard zeros[0] * 3 >= units || zeros[1] * 3 >= units, zeros[0] == 0 || zeros[1] == 0 else { return nil }
        // What stands beside the zeros are letters, not small numbers.
        let side = zeros[0] > 0 ? 1 : 0
        let controls = sample.contents.enumerated().count { $0 % 2 == side && $1 < 0x20 && !$1.isSpace }
        return controls * 20 <= units ? zeros[0] > 0 : nil
    }

    private struct Findings {
        var invalid = 0
        var multibyte = 0
        var hasControls = false
        var hasEscapes = false
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
                    if byte == 0x1B { findings.hasEscapes = true }
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

    private static func utf16(_ bytes: ArraySlice<UInt8>, bigEndian: Bool) -> Decoded {
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count / 2)
        var index = bytes.startIndex
        while index + 1 < bytes.endIndex {
            let first = UInt16(bytes[index])
            let second = UInt16(bytes[index + 1])
            units.append(bigEndian ? first << 8 | second : second << 8 | first)
            index += 2
        }
        var lost = index < bytes.endIndex ? 1 : 0
        let text = Array(String(decoding: units, as: UTF16.self).utf8)
        if String(validating: units, as: UTF16.self) == nil { lost += 1 }
        return clean(text, notice: lost > 0 ? "bytes that are not UTF-16 were replaced" : nil)
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

    private struct Converted {
        var bytes: [UInt8] = []
        var replaced = 0

        func notice(_ name: String) -> String? {
            replaced > 0 ? "\(replaced) bytes that are not \(name) were replaced" : nil
        }
    }

    /// Converts with the C library's `iconv`, which knows the sets that this file does not. A sequence that the set does
    /// not define becomes U+FFFD. None when the set is unknown.
    private static func convert(_ bytes: [UInt8], from charset: String) -> Converted? {
        guard let descriptor = iconv_open("UTF-8", charset), Int(bitPattern: descriptor) != -1 else { return nil }
        defer { iconv_close(descriptor) }
        var input = bytes
        var result = Converted()
        result.bytes.reserveCapacity(bytes.count + bytes.count / 2)
        input.withUnsafeMutableBytes { source in
            var from = source.baseAddress?.assumingMemoryBound(to: CChar.self)
            var left = source.count
            withUnsafeTemporaryAllocation(byteCount: 16384, alignment: 1) { chunk in
                while left > 0 {
                    var to = chunk.baseAddress?.assumingMemoryBound(to: CChar.self)
                    var room = chunk.count
                    let outcome = iconv(descriptor, &from, &left, &to, &room)
                    let failure = errno
                    result.bytes.append(contentsOf: chunk.prefix(chunk.count - room))
                    if outcome != -1 || (failure == E2BIG && room < chunk.count) { continue }
                    result.bytes.append(contentsOf: [0xEF, 0xBF, 0xBD])
                    result.replaced += 1
                    from = from.map { $0 + 1 }
                    left -= 1
                }
                // Sets that combine characters keep the last one back until they are told that there is no more.
                var to = chunk.baseAddress?.assumingMemoryBound(to: CChar.self)
                var room = chunk.count
                iconv(descriptor, nil, nil, &to, &room)
                result.bytes.append(contentsOf: chunk.prefix(chunk.count - room))
            }
        }
        guard String(validating: result.bytes, as: UTF8.self) != nil else { return nil }
        return result
    }
}
