import Glibc

/// Bytes borrowed for the time of one call. Reading outside of them gives 0 and a range is clamped to them, so a
/// tokenizer may look ahead without a bounds check of its own and no input can make it read foreign memory.
struct ByteView {
    private let buffer: UnsafeBufferPointer<UInt8>

    init(_ buffer: UnsafeBufferPointer<UInt8>) { self.buffer = buffer }

    var count: Int { buffer.count }
    var isEmpty: Bool { buffer.isEmpty }
    var contents: UnsafeBufferPointer<UInt8> { buffer }

    @inline(__always) subscript(index: Int) -> UInt8 {
        UInt(bitPattern: index) < UInt(bitPattern: buffer.count) ? buffer[index] : 0
    }

    @inline(__always) subscript(range: Range<Int>) -> ByteView {
        let lower = min(max(range.lowerBound, 0), buffer.count)
        let upper = min(max(range.upperBound, lower), buffer.count)
        return ByteView(UnsafeBufferPointer(rebasing: buffer[lower..<upper]))
    }

    /// The first place of `byte` at or after `start` and before `end` (the end of the bytes by default).
    func first(_ byte: UInt8, from start: Int, to end: Int = .max) -> Int? {
        let stop = min(end, buffer.count)
        guard start >= 0, start < stop, let base = buffer.baseAddress,
            let found = memchr(base + start, Int32(byte), stop - start)
        else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    /// The end of the line that `start` stands in: the place of its `\n`, or the end of the bytes.
    @inline(__always) func lineEnd(from start: Int) -> Int { first(UInt8(ascii: "\n"), from: start) ?? buffer.count }

    /// Eight bytes from `index` as one little-endian number; the caller has made sure that they are there.
    @inline(__always) func word(at index: Int) -> UInt64? {
        guard index >= 0, index &+ 8 <= buffer.count else { return nil }
        return UnsafeRawBufferPointer(buffer).loadUnaligned(fromByteOffset: index, as: UInt64.self)
    }

    func hasPrefix(_ prefix: StaticString, at index: Int = 0) -> Bool {
        let length = prefix.utf8CodeUnitCount
        guard index >= 0, index + length <= buffer.count, let base = buffer.baseAddress else { return false }
        return memcmp(base + index, prefix.utf8Start, length) == 0
    }

    /// Whether `prefix`, which is lower case ASCII, stands at `index` in any case.
    func hasPrefixIgnoringCase(_ prefix: StaticString, at index: Int = 0) -> Bool {
        let length = prefix.utf8CodeUnitCount
        guard index >= 0, index + length <= buffer.count else { return false }
        for offset in 0..<length where buffer[index + offset].lowercased != prefix.utf8Start[offset] { return false }
        return true
    }

    /// The first place of `needle` (a few lower case ASCII bytes) in any case, at or after `start`.
    func firstIgnoringCase(_ needle: StaticString, from start: Int, to end: Int = .max) -> Int? {
        let stop = min(end, buffer.count) - needle.utf8CodeUnitCount
        var index = max(start, 0)
        while index <= stop {
            if hasPrefixIgnoringCase(needle, at: index) { return index }
            index += 1
        }
        return nil
    }

    /// Without white space (ASCII) at both ends.
    var trimmed: ByteView {
        var lower = 0
        var upper = buffer.count
        while lower < upper, self[lower].isSpace { lower += 1 }
        while upper > lower, self[upper - 1].isSpace { upper -= 1 }
        return self[lower..<upper]
    }

    var string: String { String(decoding: buffer, as: UTF8.self) }

    /// The number of Unicode scalars when the bytes are UTF-8.
    var scalarCount: Int {
        var result = 0
        for byte in buffer where byte & 0xC0 != 0x80 { result &+= 1 }
        return result
    }
}

extension UInt8 {
    /// ASCII white space: tab, line feed, vertical tab, form feed, carriage return, space.
    @inline(__always) var isSpace: Bool { self == 0x20 || (self >= 0x09 && self <= 0x0D) }
    @inline(__always) var isDigit: Bool { self &- 0x30 < 10 }
    @inline(__always) var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }
    @inline(__always) var isUpper: Bool { self &- 0x41 < 26 }
    @inline(__always) var isLower: Bool { self &- 0x61 < 26 }
    /// ASCII letter or digit.
    @inline(__always) var isAlphanumeric: Bool { isLetter || isDigit }
    @inline(__always) var lowercased: UInt8 { isUpper ? self | 0x20 : self }
    @inline(__always) var hexValue: UInt8? {
        if isDigit { return self - 0x30 }
        let letter = (self | 0x20) &- 0x61
        return letter < 6 ? letter + 10 : nil
    }
    /// ASCII that is neither letter, digit, space nor control.
    @inline(__always) var isPunctuation: Bool { self > 0x20 && self < 0x7F && !isAlphanumeric }
}

extension Array where Element == UInt8 {
    @inline(__always) mutating func append(_ view: ByteView) { append(contentsOf: view.contents) }

    /// Lends the bytes to `body`.
    func withView<Result, Failure: Error>(_ body: (ByteView) throws(Failure) -> Result) throws(Failure) -> Result {
        try withUnsafeBufferPointer { (buffer) throws(Failure) in try body(ByteView(buffer)) }
    }

    var string: String { String(decoding: self, as: UTF8.self) }
}

extension String {
    /// Lends the UTF-8 of the text to `body`.
    func withView<Result>(_ body: (ByteView) -> Result) -> Result {
        var copy = self
        return copy.withUTF8 { body(ByteView($0)) }
    }

    /// Without white space (ASCII) at both ends.
    var trimmedText: String { withView { $0.trimmed.string } }
    /// The text, or none when it is blank.
    var nonBlank: String? {
        let text = trimmedText
        return text.isEmpty ? nil : text
    }
}
