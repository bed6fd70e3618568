import TwinSupport

/// A table in Markdown's pipe syntax (GitHub Flavored Markdown, section 4.10): each row becomes a record.
enum MarkdownTable {
    /// Reads the rows below `header` and its delimiter row; gives the place after the table.
    static func read(
        _ text: ByteView, header: MarkdownLine, columns: Int, limits: ReaderLimits, inline: inout MarkdownInline,
        into builder: inout DocumentBuilder
    ) throws(ReadFailure) -> Int {
        var rows = RecordWriter(limits: limits)
        rows.setHeaders(cells(text, header).map { plain(text, $0, &inline) })
        builder.endParagraph()
        var index = MarkdownLine(text, at: header.next).next
        while index < text.count, !builder.isFull {
            var line = MarkdownLine(text, at: index)
            line.dropQuoteMarks(text)
            guard !line.isBlank, text.first(UInt8(ascii: "|"), from: line.start, to: line.end) != nil else { break }
            index = line.next
            for cell in cells(text, line).prefix(columns) {
                inline.convert(text[cell])
                inline.output.withView { rows.addCell($0) }
            }
            try rows.endRow(into: &builder)
        }
        rows.finish(into: &builder)
        return index
    }

    /// The ranges of a row's cells without the white space around them. A `|` after a backslash or between ticks does not
    /// end one; the first and the last may be left open.
    static func cells(_ text: ByteView, _ line: MarkdownLine) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var start = line.start
        if text[start] == UInt8(ascii: "|") { start += 1 }
        var index = start
        while index < line.end {
            if text[index] == UInt8(ascii: "\\") {
                index += 1
            } else if text[index] == UInt8(ascii: "|") {
                result.append(trim(text, extent(start, index)))
                start = index + 1
            }
            index += 1
        }
        if start < line.end { result.append(trim(text, extent(start, line.end))) }
        return result
    }

    private static func trim(_ text: ByteView, _ range: Range<Int>) -> Range<Int> {
        var lower = range.lowerBound
        var upper = range.upperBound
        while lower < upper, text[lower].isSpace { lower += 1 }
        while upper > lower, text[upper - 1].isSpace { upper -= 1 }
        return extent(lower, upper)
    }

    private static func plain(_ text: ByteView, _ range: Range<Int>, _ inline: inout MarkdownInline) -> String {
        inline.convert(text[range])
        return inline.output.string
    }
}
