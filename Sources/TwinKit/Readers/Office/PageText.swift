import TwinSupport

/// Text that was laid out on pages becomes prose again: what repeats on every page goes, hyphens at line ends are taken
/// back, and the lines of a paragraph are joined, also across a page's end.
struct PageText {
    private let text: ByteView
    private var builder: DocumentBuilder
    /// Lines of running heads and feet, with their digits replaced, and on how many pages they stand.
    private var running: Set<[UInt8]> = []
    /// The length of a full line on the current page.
    private var fullLength = 60

    /// Reads text whose pages end with a form feed.
    static func document(_ text: ByteView, limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        var reader = PageText(text: text, builder: DocumentBuilder(limits: limits, capacity: text.count))
        reader.run()
        return try reader.builder.finish()
    }

    private init(text: ByteView, builder: DocumentBuilder) {
        self.text = text
        self.builder = builder
    }

    private mutating func run() {
        let pages = pages()
        findRunningLines(pages)
        for (number, page) in pages.enumerated() where !builder.isFull { write(page, number: number + 1) }
    }

    private func pages() -> [Range<Int>] {
        var result: [Range<Int>] = []
        var start = 0
        while start < text.count {
            let end = text.first(0x0C, from: start) ?? text.count
            result.append(extent(start, end))
            start = end + 1
        }
        return result
    }

    /// The lines of a page that are not blank.
    private func lines(_ page: Range<Int>) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var index = page.lowerBound
        while index < page.upperBound {
            let end = min(text.lineEnd(from: index), page.upperBound)
            var lower = index
            var upper = end
            while lower < upper, text[lower].isSpace { lower += 1 }
            while upper > lower, text[upper - 1].isSpace { upper -= 1 }
            result.append(extent(lower, upper))
            index = end + 1
        }
        return result
    }

    // MARK: Running heads and feet

    /// A line as it looks on every page: digits become zeros.
    private func key(_ line: Range<Int>) -> [UInt8] {
        var result: [UInt8] = []
        for index in line.prefix(120) {
            if text[index].isDigit {
                if result.last != UInt8(ascii: "0") { result.append(UInt8(ascii: "0")) }
            } else {
                result.append(text[index])
            }
        }
        return result
    }

    /// The first and last lines of a page stand on most pages when they are a head or a foot.
    private mutating func findRunningLines(_ pages: [Range<Int>]) {
        guard pages.count >= 4 else { return }
        var counts: [[UInt8]: Int] = [:]
        for page in pages {
            let filled = lines(page).filter { !$0.isEmpty }
            for line in Set((filled.prefix(2) + filled.suffix(2)).map(key)) { counts[line, default: 0] += 1 }
        }
        // A head may change with each chapter, so a handful of pages is enough in a long document.
        running = Set(counts.filter { $0.value >= 3 && ($0.value >= 6 || $0.value * 4 >= pages.count) }.keys)
    }

    private func isRunning(_ line: Range<Int>) -> Bool {
        if running.contains(key(line)) { return true }
        // A number alone is the page's own; Roman ones stand on the first pages.
        return line.count <= 6 && line.allSatisfy { text[$0].isDigit || "ivxlc".utf8.contains(text[$0]) } && !running.isEmpty
    }

    // MARK: Paragraphs

    private mutating func write(_ page: Range<Int>, number: Int) {
        var lines = lines(page)
        let filled = lines.indices.filter { !lines[$0].isEmpty }
        for index in filled.prefix(2) + filled.suffix(2) where isRunning(lines[index]) { lines[index] = 0..<0 }
        let lengths = lines.filter { !$0.isEmpty }.map { text[$0].scalarCount }.sorted()
        guard !lengths.isEmpty else { return }
        fullLength = max(20, lengths[lengths.count * 4 / 5])
        var blocks = lines.split { $0.isEmpty }.map(Array.init)
        // A paragraph that began on the page before goes on.
        if let first = blocks.first, let line = first.first, continues(text[line]) {
            let bytes = builder.bytes
            if bytes.last == UInt8(ascii: "-"), bytes.count > 1, bytes[bytes.count - 2].isLetter {
                builder.removeLast()
            } else {
                builder.append(0x20)
            }
            builder.mark(.page(number))
            for (position, line) in first.enumerated() { add(line, after: position == 0 ? nil : first[position - 1]) }
            blocks.removeFirst()
            if blocks.isEmpty { return }
            builder.endParagraph()
        } else {
            builder.endParagraph()
            builder.mark(.page(number))
        }
        for block in blocks {
            builder.endParagraph()
            if block.count == 1, let level = headingLevel(text[block[0]]) { builder.mark(.heading(level: level)) }
            for (position, line) in block.enumerated() { add(line, after: position == 0 ? nil : block[position - 1]) }
        }
    }

    /// Whether a page's first line goes on with the paragraph that the page before left open.
    private func continues(_ line: ByteView) -> Bool {
        guard !builder.isEmpty, line[0].isLower, let last = builder.bytes.last(where: { !$0.isSpace }) else { return false }
        return last.isLetter || last == UInt8(ascii: ",") || last == UInt8(ascii: "-") || last >= 0x80
    }

    private mutating func add(_ line: Range<Int>, after previous: Range<Int>?) {
        if let previous { join(text[previous], text[line]) }
        builder.append(any: text[line])
    }

    private mutating func join(_ before: ByteView, _ next: ByteView) {
        let last = before[before.count - 1]
        if last == UInt8(ascii: "-"), before.count > 1, before[before.count - 2].isLetter, next[0].isLower {
            builder.removeLast()
            return
        }
        let isFull = before.scalarCount * 10 >= fullLength * 7
        let endsSentence =
            last == UInt8(ascii: ".") || last == UInt8(ascii: ":") || last == UInt8(ascii: "!") || last == UInt8(ascii: "?")
        if beginsItem(next) || !(isFull || (next[0].isLower && !endsSentence)) {
            builder.startLine()
        } else {
            builder.append(0x20)
        }
    }

    private func beginsItem(_ line: ByteView) -> Bool {
        if line[0] == UInt8(ascii: "-") || line[0] == UInt8(ascii: "*") { return line[1].isSpace }
        if line[0] == 0xE2, line[1] == 0x80, line[2] == 0xA2 { return true }
        var digits = 0
        while line[digits].isDigit, digits < 4 { digits += 1 }
        return digits > 0 && (line[digits] == UInt8(ascii: ".") || line[digits] == UInt8(ascii: ")")) && line[digits + 1].isSpace
    }

    /// `3.2 Heading` or `Chapter 4 …` alone between blank lines.
    private func headingLevel(_ line: ByteView) -> Int? {
        guard line.count >= 4, line.count <= 100, let last = line.contents.last,
            last.isLetter || last == UInt8(ascii: ")") || last >= 0x80 || last == UInt8(ascii: "?")
        else { return nil }
        if line.hasPrefix("Chapter ") || line.hasPrefix("Appendix ") { return 1 }
        var index = 0
        var level = 1
        if line[0].isUpper, line[1] == UInt8(ascii: "."), line[2].isDigit {
            index = 2
            level = 2
        }
        let start = index
        while line[index].isDigit || line[index] == UInt8(ascii: ".") {
            if line[index] == UInt8(ascii: "."), line[index + 1].isDigit { level += 1 }
            index += 1
        }
        guard index > start, index <= 12, line[index] == 0x20, line[index + 1].isUpper || line[index + 1] >= 0x80 else {
            return nil
        }
        // A dotted line of a table of contents, or a sentence that happens to begin with a number.
        guard line.firstIgnoringCase(" . .", from: 0) == nil, line.firstIgnoringCase("....", from: 0) == nil else { return nil }
        return min(level, 6)
    }
}
