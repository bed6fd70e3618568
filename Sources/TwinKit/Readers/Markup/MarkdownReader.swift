import TwinSupport

/// Markdown: CommonMark's blocks, tables and front matter. Paragraphs are joined to one line, since a line break inside of
/// one means a space; list items, table rows and code keep their lines.
struct MarkdownReader {
    typealias Line = MarkdownLine
    typealias Fence = MarkdownFence

    let text: ByteView
    let limits: ReaderLimits
    var builder: DocumentBuilder
    var inline = MarkdownInline()
    /// The lines of the paragraph that is being read, joined.
    var paragraph: [UInt8] = []
    var paragraphLines = 0
    var isHeadingCandidate = false
    var endsHard = false
    var sawBlank = true
    var isInList = false
    var lacksCommentEnd = false
    var lacksHiddenEnd = false
    /// The lines that follow belong to a remark and stand four columns further in.
    var isAdmonition = false
    var title: String?
    var titleLevel = 7

    static func read(_ text: ByteView, limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        let front = FrontMatter.parse(text)
        var reader = MarkdownReader(text: text, limits: limits)
        try reader.blocks(from: front?.end ?? 0)
        var document = try reader.builder.finish(title: reader.title)
        if let front { front.apply(to: &document) }
        return document
    }

    private init(text: ByteView, limits: ReaderLimits) {
        self.text = text
        self.limits = limits
        builder = DocumentBuilder(limits: limits, capacity: text.count)
    }

    mutating func blocks(from start: Int) throws(ReadFailure) {
        var index = start
        while index < text.count, !builder.isFull {
            var line = Line(text, at: index)
            index = line.next
            line.dropQuoteMarks(text)
            if line.isBlank {
                flush()
                sawBlank = true
                continue
            }
            let first = text[line.start]
            if isAdmonition {
                if line.indent >= 4 { line.indent -= 4 } else { isAdmonition = false }
            }
            if first == UInt8(ascii: "{") || first == UInt8(ascii: "^") || first == UInt8(ascii: "["), isAside(line, first) {
                flush()
                continue
            }
            if first == UInt8(ascii: ":") || first == UInt8(ascii: "!") || first == UInt8(ascii: "?"), admonition(line, first) {
                continue
            }
            if first == UInt8(ascii: "["), line.quoteDepth > 0, paragraph.isEmpty, callout(line) { continue }
            if first == UInt8(ascii: "%"), let end = hidden(line) {
                flush()
                index = end
                continue
            }
            if line.indent >= 4, sawBlank, !isInList, paragraph.isEmpty {
                index = indentedCode(from: line)
                continue
            }
            if first == UInt8(ascii: "`") || first == UInt8(ascii: "~"), let fence = Fence(text, line) {
                flush()
                index = fencedCode(fence, from: index)
                continue
            }
            if first == UInt8(ascii: "#"), heading(line) { continue }
            if first == UInt8(ascii: "=") || first == UInt8(ascii: "-"), underline(line, first) { continue }
            if line.isRule(text) {
                flush()
                sawBlank = true
                continue
            }
            if first == UInt8(ascii: "<"), line.indent < 4, let end = skipped(line) {
                flush()
                index = end
                continue
            }
            if first == UInt8(ascii: "<"), line.indent < 4, let end = try markup(line) {
                index = end
                continue
            }
            if let marker = line.listMarker(text), marker.length > 0 {
                listItem(line, marker)
                continue
            }
            if paragraph.isEmpty, first == UInt8(ascii: "["), let content = definition(line) {
                if content.isEmpty { continue }
                line.start = content.lowerBound
            }
            if text.first(UInt8(ascii: "|"), from: line.start, to: line.end) != nil, let columns = tableStart(line, next: index) {
                flush()
                index = try MarkdownTable.read(
                    text, header: line, columns: columns, limits: limits, inline: &inline, into: &builder)
                sawBlank = true
                continue
            }
            if line.indent == 0, sawBlank { isInList = false }
            append(line)
        }
        flush()
    }

    /// Adds a line to the paragraph.
    mutating func append(_ line: Line) {
        if !paragraph.isEmpty { paragraph.append(endsHard ? 0x0A : 0x20) }
        var end = line.end
        endsHard = line.hasHardBreak
        if text[end - 1] == UInt8(ascii: "\\"), text[end - 2] != UInt8(ascii: "\\"), end - 1 > line.start {
            end -= 1
            endsHard = true
        }
        if paragraph.isEmpty { isHeadingCandidate = line.indent < 4 }
        paragraph.append(text.slice(line.start, end))
        paragraphLines += 1
    }

    /// Writes the paragraph that has been collected.
    mutating func flush() {
        guard !paragraph.isEmpty else { return }
        inline.convertParagraph(paragraph)
        if !inline.output.allSatisfy(\.isSpace) {
            if sawBlank { builder.endParagraph() } else { builder.startLine() }
            writeInline()
            builder.endLine()
            sawBlank = false
        }
        paragraph.removeAll(keepingCapacity: true)
        paragraphLines = 0
        endsHard = false
    }

    mutating func writeInline() {
        inline.output.withView { output in
            var start = 0
            while let lineFeed = output.first(0x0A, from: start) {
                builder.append(any: output.slice(start, lineFeed))
                builder.startLine()
                start = lineFeed + 1
            }
            let rest = output.slice(start, output.count)
            if rest.first(0x09, from: 0) == nil { builder.append(rest) } else { builder.append(any: rest) }
        }
    }

    // MARK: Headings

    /// `# Heading`, with or without marks at its end. False when the line is no heading.
    mutating func heading(_ line: Line) -> Bool {
        var level = 1
        while text[line.start + level] == UInt8(ascii: "#") { level += 1 }
        let place = line.start + level
        guard level <= 6, line.indent < 4, place == line.end || text[place].isSpace else { return false }
        var content = text.slice(place, line.end).trimmed
        var end = content.count
        while content[end - 1] == UInt8(ascii: "#") { end -= 1 }
        if end < content.count, end == 0 || content[end - 1].isSpace { content = content.slice(0, end).trimmed }
        flush()
        inline.convert(content)
        writeHeading(level: level)
        return true
    }

    /// A line of `=` or `-` under a line of text makes that a heading. False when the line is something else.
    mutating func underline(_ line: Line, _ character: UInt8) -> Bool {
        // More than a few lines are a paragraph above a rule to everybody but a parser.
        guard (1...4).contains(paragraphLines), isHeadingCandidate, line.indent < 4 else { return false }
        for index in extent(line.start, line.end) where text[index] != character { return false }
        inline.convertParagraph(paragraph)
        paragraph.removeAll(keepingCapacity: true)
        paragraphLines = 0
        writeHeading(level: character == UInt8(ascii: "=") ? 1 : 2)
        return true
    }

    mutating func writeHeading(level: Int) {
        sawBlank = true
        isInList = false
        inline.dropAnchor()
        guard !inline.output.allSatisfy(\.isSpace) else { return }
        builder.endParagraph()
        builder.mark(.heading(level: level))
        let start = builder.offset
        inline.output.withView { builder.append(any: $0, onOneLine: true) }
        if level < titleLevel, level <= 2 {
            title = Array(builder.bytes[start...]).string
            titleLevel = level
        }
        builder.endParagraph()
    }

    // MARK: Code

    mutating func fencedCode(_ fence: Fence, from start: Int) -> Int {
        builder.endParagraph()
        builder.mark(.code)
        var index = start
        while index < text.count, !builder.isFull {
            var line = Line(text, at: index)
            line.dropQuoteMarks(text, upTo: fence.quoteDepth)
            index = line.next
            if fence.isClosed(by: line, text) { break }
            appendCode(line, dropping: fence.indent)
        }
        builder.endParagraph()
        builder.mark(.prose)
        sawBlank = true
        return index
    }

    mutating func indentedCode(from first: Line) -> Int {
        builder.endParagraph()
        builder.mark(.code)
        appendCode(first, dropping: 4)
        var index = first.next
        var blank = 0
        while index < text.count, !builder.isFull {
            let line = Line(text, at: index)
            if line.isBlank {
                blank += 1
            } else if line.indent >= 4 {
                for _ in extent(0, min(blank, 2)) { builder.endCodeLine() }
                blank = 0
                appendCode(line, dropping: 4)
            } else {
                break
            }
            index = line.next
        }
        builder.endParagraph()
        builder.mark(.prose)
        sawBlank = true
        return index
    }

    mutating func appendCode(_ line: Line, dropping indent: Int) {
        for _ in extent(0, min(line.indent - indent, 200)) where !line.isBlank { builder.append(0x20) }
        builder.append(text.slice(line.start, line.end))
        builder.endCodeLine()
    }

    // MARK: Lists and tables

    mutating func listItem(_ line: Line, _ marker: Line.ListMarker) {
        flush()
        isInList = true
        if sawBlank { builder.endParagraph() } else { builder.startLine() }
        sawBlank = false
        for _ in extent(0, min(line.indent / 2, 8)) { paragraph.append(contentsOf: [0x20, 0x20]) }
        if marker.isOrdered {
            paragraph.append(text.slice(line.start, line.start + marker.length))
            paragraph.append(0x20)
        } else {
            paragraph.append(contentsOf: [UInt8(ascii: "-"), 0x20])
        }
        var content = line
        content.start = line.start + marker.length
        while content.start < content.end, text[content.start].isSpace { content.start += 1 }
        if content.start < content.end { paragraph.append(text.slice(content.start, content.end)) }
        endsHard = line.hasHardBreak
        isHeadingCandidate = false
        paragraphLines = 1
    }

    /// The number of columns when `line` is a table's header, which the line below it decides.
    func tableStart(_ line: Line, next: Int) -> Int? {
        guard next < text.count, paragraph.isEmpty else { return nil }
        var below = Line(text, at: next)
        below.dropQuoteMarks(text)
        guard !below.isBlank, text.first(UInt8(ascii: "-"), from: below.start, to: below.end) != nil else { return nil }
        for index in extent(below.start, below.end) {
            let byte = text[index]
            guard byte == UInt8(ascii: "|") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ":") || byte.isSpace else {
                return nil
            }
        }
        let columns = MarkdownTable.cells(text, below).count
        return columns == MarkdownTable.cells(text, line).count ? columns : nil
    }
}

extension MarkdownInline {
    fileprivate mutating func convertParagraph(_ paragraph: [UInt8]) { paragraph.withView { convert($0) } }

    /// Drops a heading's `{#anchor}` (an extension that many converters share).
    fileprivate mutating func dropAnchor() {
        guard output.last == UInt8(ascii: "}"), let open = output.lastIndex(of: UInt8(ascii: "{")),
            open > 0, output[open + 1] == UInt8(ascii: "#") || output[open + 1] == UInt8(ascii: ".")
        else { return }
        truncate(to: open)
    }
}
