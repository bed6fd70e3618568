import Glibc

/// The offsets from `start` up to `end`; empty at `start` when `end` lies before it. Whoever computes offsets from input
/// writes this where `..<` would end the process.
@inlinable @inline(__always) package func extent<Bound: Comparable>(_ start: Bound, _ end: Bound) -> Range<Bound> {
    Range(uncheckedBounds: (start, max(start, end)))
}

/// Bytes borrowed for the time of one call. Reading outside of them gives 0 and a range is clamped to them, so a
/// tokenizer may look ahead without a bounds check of its own and no input can make it read foreign memory.
@usableFromInline package struct ByteView {
    @usableFromInline let buffer: UnsafeBufferPointer<UInt8>

    @inlinable package init(_ buffer: UnsafeBufferPointer<UInt8>) { self.buffer = buffer }

    @inlinable package var count: Int { buffer.count }
    @inlinable package var isEmpty: Bool { buffer.isEmpty }
    @inlinable package var contents: UnsafeBufferPointer<UInt8> { buffer }

    /// The byte; 0 outside of the view.
    @inlinable @inline(__always) package subscript(index: Int) -> UInt8 {
        UInt(bitPattern: index) < UInt(bitPattern: buffer.count) ? buffer[index] : 0
    }

    /// The part of the view that lies in `range`; its bounds are clamped.
    @inlinable @inline(__always) package subscript(range: Range<Int>) -> ByteView {
        let lower = min(max(range.lowerBound, 0), buffer.count)
        let upper = min(max(range.upperBound, lower), buffer.count)
        return ByteView(UnsafeBufferPointer(start: buffer.baseAddress.map { $0 + lower }, count: upper - lower))
    }

    /// The bytes from `start` up to `end`, as far as they are there; none when `end` lies before `start`. Places that were
    /// computed from input are sliced with this: forming `start..<end` ends the process when they are the wrong way round.
    @inlinable @inline(__always) package func slice(_ start: Int, _ end: Int) -> ByteView { self[extent(start, end)] }

    /// The first place of `byte` at or after `start` and before `end` (the end of the bytes by default).
    @inlinable package func first(_ byte: UInt8, from start: Int, to end: Int = .max) -> Int? {
        let stop = min(end, buffer.count)
        guard start >= 0, start < stop, let base = buffer.baseAddress,
            let found = memchr(base + start, Int32(byte), stop - start)
        else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    /// The end of the line that `start` stands in: the place of its `\n`, or the end of the bytes.
    @inlinable @inline(__always) package func lineEnd(from start: Int) -> Int {
        first(UInt8(ascii: "\n"), from: start) ?? buffer.count
    }

    /// Eight bytes from `index` as one little-endian number; the caller has made sure that they are there.
    @inlinable @inline(__always) package func word(at index: Int) -> UInt64? {
        guard index >= 0, index <= buffer.count - 8 else { return nil }
        return UnsafeRawBufferPointer(buffer).loadUnaligned(fromByteOffset: index, as: UInt64.self)
    }

    /// Whether these bytes stand at `index`; false where they would reach beyond the end. Case counts.
    @inlinable package func hasPrefix(_ prefix: StaticString, at index: Int = 0) -> Bool {
        let length = prefix.utf8CodeUnitCount
        guard index >= 0, index <= buffer.count - length, let base = buffer.baseAddress else { return false }
        return memcmp(base + index, prefix.utf8Start, length) == 0
    }

    /// Whether `prefix`, which is lower case ASCII, stands at `index` in any case.
    @inlinable package func hasPrefixIgnoringCase(_ prefix: StaticString, at index: Int = 0) -> Bool {
        let length = prefix.utf8CodeUnitCount
        guard index >= 0, index <= buffer.count - length else { return false }
        for offset in extent(0, length) where buffer[index + offset].lowercased != prefix.utf8Start[offset] { return false }
        return true
    }

    /// The first place of `needle` (a few lower case ASCII bytes) in any case, at or after `start`.
    @inlinable package func firstIgnoringCase(_ needle: StaticString, from start: Int, to end: Int = .max) -> Int? {
        let stop = min(end, buffer.count) - needle.utf8CodeUnitCount
        var index = max(start, 0)
        while index <= stop {
            if hasPrefixIgnoringCase(needle, at: index) { return index }
            index += 1
        }
        return nil
    }

    /// Without white space (ASCII) at both ends.
    @inlinable package var trimmed: ByteView {
        var lower = 0
        var upper = buffer.count
        while lower < upper, self[lower].isSpace { lower += 1 }
        while upper > lower, self[upper - 1].isSpace { upper -= 1 }
        return slice(lower, upper)
    }

    /// As UTF-8, with U+FFFD for what is none.
    @inlinable package var string: String { String(decoding: buffer, as: UTF8.self) }

    /// The number of Unicode scalars when the bytes are UTF-8.
    @inlinable package var scalarCount: Int {
        var result = 0
        for byte in buffer where byte & 0xC0 != 0x80 { result &+= 1 }
        return result
    }
}

extension UInt8 {
    /// ASCII white space: tab, line feed, vertical tab, form feed, carriage return, space.
    @inlinable @inline(__always) package var isSpace: Bool { self == 0x20 || (self >= 0x09 && self <= 0x0D) }
    @inlinable @inline(__always) package var isDigit: Bool { self &- 0x30 < 10 }
    @inlinable @inline(__always) package var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }
    @inlinable @inline(__always) package var isUpper: Bool { self &- 0x41 < 26 }
    @inlinable @inline(__always) package var isLower: Bool { self &- 0x61 < 26 }
    /// ASCII letter or digit.
    @inlinable @inline(__always) package var isAlphanumeric: Bool { isLetter || isDigit }
    @inlinable @inline(__always) package var lowercased: UInt8 { isUpper ? self | 0x20 : self }
    @inlinable @inline(__always) package var hexValue: UInt8? {
        if isDigit { return self - 0x30 }
        let letter = (self | 0x20) &- 0x61
        return letter < 6 ? letter + 10 : nil
    }
    /// ASCII that is neither letter, digit, space nor control.
    @inlinable @inline(__always) package var isPunctuation: Bool { self > 0x20 && self < 0x7F && !isAlphanumeric }
}

extension Array where Element == UInt8 {
    /// Copies the view's bytes to the end.
    @inlinable @inline(__always) package mutating func append(_ view: ByteView) { append(contentsOf: view.contents) }

    /// Lends the bytes to `body`.
    package func withView<Result, Failure: Error>(_ body: (ByteView) throws(Failure) -> Result) throws(Failure) -> Result {
        try withUnsafeBufferPointer { (buffer) throws(Failure) in try body(ByteView(buffer)) }
    }

    /// As UTF-8, with U+FFFD for what is none.
    package var string: String { String(decoding: self, as: UTF8.self) }
}

extension String {
    /// Lends the UTF-8 of the text to `body`.
    package func withView<Result>(_ body: (ByteView) -> Result) -> Result {
        var copy = self
        return copy.withUTF8 { body(ByteView($0)) }
    }

    /// Without white space (ASCII) at both ends.
    package var trimmedText: String { withView { $0.trimmed.string } }
    /// The text, or none when it is blank.
    package var nonBlank: String? {
        let text = trimmedText
        return text.isEmpty ? nil : text
    }
}
