import TwinSupport

/// Plain text keeps its lines. A line that is underlined with `=`, `-` or `~` is a heading, as in reStructuredText and in
/// most README files; the nodes of Info files lose their navigation lines.
enum PlainTextReader {
    static func read(_ text: ByteView, limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        var builder = DocumentBuilder(limits: limits, capacity: text.count + text.count / 32)
        var title: String?
        var underlines = Underlines()
        var previous = 0..<0
        var previousStart = 0
        var isPreviousAlone = true
        let isLog = isLog(text)
        var index = 0
        while index < text.count, !builder.isFull {
            let end = text.lineEnd(from: index)
            var start = index
            index = end + 1
            if text[start] == 0x0C {
                start += 1
                builder.endParagraph()
            }
            var stop = end
            while stop > start, text[stop - 1].isSpace { stop -= 1 }
            if isLog, start < stop {
                // An entry is a record; what follows without a moment of its own goes on with it.
                if LineBreaks.moment(text, extent(start, stop)) > 0 {
                    builder.startLine()
                    builder.mark(.record)
                } else if !builder.isAtLineStart {
                    builder.append(0x20)
                }
                builder.append(any: text.slice(start, stop), onOneLine: true)
                continue
            }
            if start >= stop {
                builder.endLine()
                previous = 0..<0
                isPreviousAlone = true
                continue
            }
            if let level = underlines.level(text, extent(start, stop), below: previous), isPreviousAlone, !previous.isEmpty {
                builder.mark(.heading(level: level), at: previousStart)
                if title == nil, level == 1 { title = text[previous].string }
            }
            if text.hasPrefix("File: ", at: start), text.first(0x2C, from: start, to: stop) != nil,
                text.slice(start, stop).firstIgnoringCase(",  node: ", from: 0) != nil
            {
                builder.endParagraph()
                continue
            }
            isPreviousAlone = previous.isEmpty
            // A rule above a heading is not part of its paragraph.
            previous = isRule(text, extent(start, stop)) ? 0..<0 : extent(start, stop)
            previousStart = builder.offset
            if let feed = text.first(0x0C, from: start, to: stop) {
                builder.append(any: text.slice(start, feed))
                builder.endParagraph()
                builder.append(any: text.slice(feed + 1, stop))
            } else {
                builder.append(text.slice(start, stop))
            }
            builder.endLine()
        }
        return try builder.finish(title: title)
    }

    /// Whether the text is a log or a chat: most of its first lines begin with a moment.
    private static func isLog(_ text: ByteView) -> Bool {
        var (lines, moments) = (0, 0)
        var index = 0
        while index < text.count, lines < 60 {
            let end = text.lineEnd(from: index)
            let line = text.slice(index, end).trimmed
            if !line.isEmpty {
                lines += 1
                if line[0] == UInt8(ascii: "[") || line[0].isDigit || line[0] == 0xE2,
                    LineBreaks.moment(text.slice(index, end), extent(0, end - index)) > 0
                {
                    moments += 1
                }
                if lines == 8, moments == 0 { return false }
            }
            index = end + 1
        }
        return moments >= 2 && moments * 2 >= lines
    }

    private static func isRule(_ text: ByteView, _ line: Range<Int>) -> Bool {
        let character = text[line.lowerBound]
        guard line.count >= 3, character.isPunctuation else { return false }
        for index in line where text[index] != character { return false }
        return true
    }

    /// Gives each underlining character a level in the order of its first use (docutils does the same).
    private struct Underlines {
        private var characters: [UInt8] = []

        mutating func level(_ text: ByteView, _ line: Range<Int>, below heading: Range<Int>) -> Int? {
            let character = text[line.lowerBound]
            guard line.count >= 3,
                [UInt8(ascii: "="), UInt8(ascii: "-"), UInt8(ascii: "~"), UInt8(ascii: "*")].contains(character)
            else { return nil }
            // An underline is about as long as its heading; a longer rule separates.
            guard heading.count <= 100, abs(text[heading].scalarCount - line.count) <= 3 else { return nil }
            for index in line where text[index] != character { return nil }
            guard text[heading.lowerBound] != character || heading.count < 3 else { return nil }
            if let known = characters.firstIndex(of: character) { return known + 1 }
            characters.append(character)
            return characters.count
        }
    }
}
