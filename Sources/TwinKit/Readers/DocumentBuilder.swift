import TwinSupport

/// Collects a document's text in its normal form (see `ExtractedDocument.text`) with its marks.
///
/// A reader asks for breaks (`endLine`, `endParagraph`) and appends what stands between them; the builder trims line
/// ends, never leaves more than one blank line outside of code, and keeps marks inside the text.
struct DocumentBuilder {
    private(set) var bytes: [UInt8] = []
    private(set) var marks: [ExtractedDocument.Mark] = []
    /// Set once the text would be longer than allowed; what comes after is dropped and `finish` fails.
    private(set) var isFull = false
    private let limit: Int

    init(limits: ReaderLimits, capacity: Int = 0) {
        limit = limits.maximumTextBytes
        bytes.reserveCapacity(min(capacity, limit) + 16)
    }

    /// Where the next byte will stand.
    var offset: Int { bytes.count }
    var isEmpty: Bool { bytes.isEmpty }
    @inline(__always) var isAtLineStart: Bool { bytes.last == nil || bytes.last == 0x0A }

    /// Appends a run of clean UTF-8 without line breaks.
    @inline(__always) mutating func append(_ view: ByteView) {
        guard bytes.count &+ view.count <= limit else {
            isFull = true
            return
        }
        bytes.append(contentsOf: view.contents)
    }

    @inline(__always) mutating func append(_ byte: UInt8) {
        guard bytes.count < limit else {
            isFull = true
            return
        }
        bytes.append(byte)
    }

    mutating func append(_ text: StaticString) {
        guard bytes.count + text.utf8CodeUnitCount <= limit else {
            isFull = true
            return
        }
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// Appends text of any origin: control characters are dropped, line breaks are kept in their normal form or, with
    /// `onOneLine`, become spaces together with the white space around them.
    mutating func append(text: String, onOneLine: Bool = false) {
        text.withView { append(any: $0, onOneLine: onOneLine) }
    }

    /// The same for bytes that are UTF-8.
    mutating func append(any view: ByteView, onOneLine: Bool = false) {
        var index = 0
        var start = 0
        while index < view.count {
            let byte = view[index]
            if byte >= 0x20, byte != 0x7F, byte != 0xC2, byte != 0xEF, !(byte == 0x20 && onOneLine) {
                index += 1
                continue
            }
            var length = 1
            var isBreak = false
            var isSpace = false
            switch byte {
            case 0x0A, 0x0B, 0x0C: isBreak = true
            case 0x0D:
                isBreak = true
                if view[index + 1] == 0x0A { length = 2 }
            case 0x09, 0x20: isSpace = true
            case 0xC2:
                // U+00A0 becomes a space; U+0080 to U+009F are control characters.
                let next = view[index + 1]
                if next == 0xA0 {
                    isSpace = true
                } else if next > 0x9F {
                    index += 1
                    continue
                }
                length = 2
            case 0xEF:
                guard view[index + 1] == 0xBB, view[index + 2] == 0xBF else {
                    index += 1
                    continue
                }
                length = 3
            default: break
            }
            append(view.slice(start, index))
            if isBreak, !onOneLine { endLine() }
            if isSpace || (isBreak && onOneLine) {
                if !onOneLine { append(byte == 0x09 ? 0x09 : 0x20) } else if let last = bytes.last, !last.isSpace { append(0x20) }
            }
            index += length
            start = index
        }
        append(view.slice(start, view.count))
    }

    /// Ends the line without the white space at its end. A second call leaves one blank line, a third changes nothing.
    mutating func endLine() {
        trimLineEnd()
        let count = bytes.count
        if count == 0 || (bytes[count - 1] == 0x0A && (count == 1 || bytes[count - 2] == 0x0A)) { return }
        append(0x0A)
    }

    /// Ends the line if anything stands on it.
    mutating func startLine() {
        trimLineEnd()
        if !isAtLineStart { append(0x0A) }
    }

    /// Ends the line and leaves a blank one, so that what follows is a paragraph of its own.
    mutating func endParagraph() {
        startLine()
        endLine()
    }

    /// Ends a line of preformatted text: blank lines are kept as they are, but for those that a document would begin with.
    mutating func endCodeLine() {
        trimLineEnd()
        if !bytes.isEmpty { append(0x0A) }
    }

    private mutating func trimLineEnd() {
        var count = bytes.count
        while count > 0, bytes[count - 1] == 0x20 || bytes[count - 1] == 0x09 { count -= 1 }
        if count < bytes.count { cut(to: count) }
    }

    /// Takes back the last byte, an ASCII character.
    mutating func removeLast() {
        if let last = bytes.last, last < 0x80 { cut(to: bytes.count - 1) }
    }

    private mutating func cut(to count: Int) {
        bytes.removeLast(bytes.count - count)
        var index = marks.count - 1
        while index >= 0, marks[index].offset > count {
            marks[index].offset = count
            index -= 1
        }
    }

    /// Marks the place of the next byte. A mark that holds nothing, because another of its kind follows at once, goes.
    mutating func mark(_ kind: ExtractedDocument.Mark.Kind) {
        if let last = marks.last, last.offset == bytes.count, last.kind.isSame(as: kind) { marks.removeLast() }
        if !isFull { marks.append(.init(offset: bytes.count, kind: kind)) }
    }

    /// Marks a line that was already written; `offset` is not before the last mark.
    mutating func mark(_ kind: ExtractedDocument.Mark.Kind, at offset: Int) {
        guard offset <= bytes.count, offset >= marks.last?.offset ?? 0 else { return }
        marks.append(.init(offset: offset, kind: kind))
    }

    /// Appends another document's text as paragraphs of this one, its headings lower by `headingShift` levels.
    mutating func append(_ document: ExtractedDocument, headingShift: Int = 0) {
        endParagraph()
        let start = bytes.count
        document.text.withView { append($0) }
        guard !isFull else { return }
        for mark in document.marks {
            var kind = mark.kind
            if case .heading(let level) = kind { kind = .heading(level: min(level + headingShift, 6)) }
            marks.append(.init(offset: start + mark.offset, kind: kind))
        }
        endParagraph()
    }

    /// Keeps only the text of these ranges (ascending, not overlapping) with the marks in them.
    mutating func keep(_ ranges: [Range<Int>]) {
        var kept: [UInt8] = []
        var keptMarks: [ExtractedDocument.Mark] = []
        var next = 0
        for range in ranges where range.upperBound <= bytes.count && !range.isEmpty {
            var lower = range.lowerBound
            while lower < range.upperBound, bytes[lower] == 0x0A { lower += 1 }
            if !kept.isEmpty { kept.append(0x0A) }
            while next < marks.count, marks[next].offset < lower { next += 1 }
            let shift = kept.count - lower
            while next < marks.count, marks[next].offset < range.upperBound {
                keptMarks.append(.init(offset: marks[next].offset + shift, kind: marks[next].kind))
                next += 1
            }
            kept.append(contentsOf: bytes[extent(lower, range.upperBound)])
            while kept.last?.isSpace == true { kept.removeLast() }
            var last = keptMarks.count - 1
            while last >= 0, keptMarks[last].offset > kept.count {
                keptMarks[last].offset = kept.count
                last -= 1
            }
            if !kept.isEmpty { kept.append(0x0A) }
        }
        bytes = kept
        marks = keptMarks
    }

    /// The document. Throws `tooLarge` when the text was longer than the limit.
    consuming func finish(title: String? = nil) throws(ReadFailure) -> ExtractedDocument {
        if isFull { throw .tooLarge("its text is longer than \(ReaderLimits.size(limit)); split the document") }
        var count = bytes.count
        while count > 0, bytes[count - 1].isSpace { count -= 1 }
        cut(to: count)
        let end = count
        if end > 0 { bytes.append(0x0A) }
        marks.removeAll { $0.offset >= end }
        let text = bytes.withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) }
        guard let text else { throw .malformed("its text is not valid UTF-8 after decoding") }
        return ExtractedDocument(text: text, title: title?.nonBlank, marks: marks)
    }
}

extension ExtractedDocument.Mark.Kind {
    /// Whether both open the same sort of stretch; code and prose end each other.
    fileprivate func isSame(as other: Self) -> Bool {
        switch (self, other) {
        case (.page, .page), (.part, .part), (.time, .time), (.record, .record): true
        case (.code, .code), (.prose, .prose), (.code, .prose), (.prose, .code): true
        case (.heading, .heading): true
        default: false
        }
    }
}
