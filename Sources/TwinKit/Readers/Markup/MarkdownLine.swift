import TwinSupport

/// One line of Markdown without its indentation and the white space at its end.
struct MarkdownLine {
    /// The first byte that is not white space, and the end of the text.
    var start: Int
    var end: Int
    /// Where the next line starts.
    var next: Int
    /// Columns of white space before the text, tabs counting to the next multiple of four.
    var indent = 0
    /// Two spaces or more at the end: a line break that is meant.
    var hasHardBreak: Bool
    /// Block quotes around it, once their marks are skipped.
    var quoteDepth = 0

    var isBlank: Bool { start >= end }

    init(_ text: ByteView, at index: Int) {
        let stop = text.lineEnd(from: index)
        next = stop + 1
        end = stop
        while end > index, text[end - 1].isSpace { end -= 1 }
        hasHardBreak = stop - end >= 2 && text[end] == 0x20 && text[end + 1] == 0x20
        start = index
        skipIndent(text)
    }

    private mutating func skipIndent(_ text: ByteView) {
        indent = 0
        while start < end {
            switch text[start] {
            case 0x20: indent += 1
            case 0x09: indent += 4 - indent % 4
            case 0x0B...0x0D: break
            default: return
            }
            start += 1
        }
    }

    /// Skips the `>` of block quotes and counts them.
    mutating func dropQuoteMarks(_ text: ByteView, upTo limit: Int = .max) {
        while start < end, quoteDepth < limit, text[start] == UInt8(ascii: ">"), indent < 4 {
            start += 1
            if text[start] == 0x20 { start += 1 }
            skipIndent(text)
            quoteDepth += 1
        }
    }

    /// A thematic break: three or more of `-`, `*` or `_` and nothing else.
    func isRule(_ text: ByteView) -> Bool {
        let character = text[start]
        guard indent < 4, character == UInt8(ascii: "-") || character == UInt8(ascii: "*") || character == UInt8(ascii: "_")
        else {
            return false
        }
        var count = 0
        for index in extent(start, end) {
            if text[index] == character { count += 1 } else if !text[index].isSpace { return false }
        }
        return count >= 3
    }

    struct ListMarker {
        /// Bytes of the marker without the space after it; 0 for none.
        var length: Int
        var isOrdered: Bool
    }

    func listMarker(_ text: ByteView) -> ListMarker? {
        let first = text[start]
        if first == UInt8(ascii: "-") || first == UInt8(ascii: "*") || first == UInt8(ascii: "+") {
            return start + 1 == end || text[start + 1].isSpace ? ListMarker(length: 1, isOrdered: false) : nil
        }
        guard first.isDigit else { return nil }
        var place = start
        while place < end, text[place].isDigit, place - start < 9 { place += 1 }
        guard text[place] == UInt8(ascii: ".") || text[place] == UInt8(ascii: ")"), place + 1 == end || text[place + 1].isSpace
        else { return nil }
        return ListMarker(length: place + 1 - start, isOrdered: true)
    }
}

/// The opening line of a fenced code block (CommonMark, section 4.5).
struct MarkdownFence {
    let character: UInt8
    let length: Int
    let indent: Int
    let quoteDepth: Int

    init?(_ text: ByteView, _ line: MarkdownLine) {
        character = text[line.start]
        var place = line.start
        while place < line.end, text[place] == character { place += 1 }
        length = place - line.start
        indent = line.indent
        quoteDepth = line.quoteDepth
        guard length >= 3 else { return nil }
        if character == UInt8(ascii: "`"), text.first(character, from: place, to: line.end) != nil { return nil }
    }

    func isClosed(by line: MarkdownLine, _ text: ByteView) -> Bool {
        guard line.end - line.start >= length else { return false }
        for index in extent(line.start, line.end) where text[index] != character { return false }
        return true
    }
}
