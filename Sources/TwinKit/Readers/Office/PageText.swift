import TwinSupport

/// Text that was laid out on pages becomes prose again: what repeats on every page goes, hyphens at line ends are taken
/// back, and the lines of a paragraph are joined, also across a page's end.
struct PageText {
    private let text: ByteView
    private var builder: DocumentBuilder
    /// Running heads and feet, and whether one was written: the first of each stays.
    private var running: [[UInt8]: Bool] = [:]
    /// What is added to a page's place in the document for the number that is printed on it, where pages are numbered.
    private var shift: Int?
    private var dropped = 0
    /// The length of a full line on the current page.
    private var fullLength = 60

    /// Reads text whose pages end with a form feed.
    static func document(_ text: ByteView, limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        var reader = PageText(text: text, builder: DocumentBuilder(limits: limits, capacity: text.count))
        reader.run()
        let (running, dropped) = (reader.running, reader.dropped)
        var document = try reader.builder.finish()
        if dropped > 0, let line = running.keys.sorted(by: { ($0.count, $0.string) < ($1.count, $1.string) }).last {
            document.notices.append(
                "\(dropped) repetitions of lines at the head or foot of pages were left out, such as '\(line.string.prefix(80))'")
        }
        return document
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

    /// Lines at the top and at the bottom of a page that may be its head or foot.
    private static let edge = 3

    /// Heads and feet stand, the same to the last digit, on many pages, and page numbers count up with the pages. A line whose digits
    /// say something else on each page, as those of invoices do, is neither.
    private mutating func findRunningLines(_ pages: [Range<Int>]) {
        guard pages.count >= 3 else { return }
        var counts: [[UInt8]: Int] = [:]
        var shifts: [Int: Int] = [:]
        for (index, page) in pages.enumerated() {
            let filled = lines(page).filter { !$0.isEmpty }
            for line in Set((filled.prefix(Self.edge) + filled.suffix(Self.edge)).map { Array(text[$0][0..<200].contents) }) {
                counts[line, default: 0] += 1
            }
            for shift in Set((filled.prefix(Self.edge) + filled.suffix(Self.edge)).compactMap(pageNumber).map { $0 - index }) {
                shifts[shift, default: 0] += 1
            }
        }
        if let best = shifts.max(by: { ($0.value, -$0.key) < ($1.value, -$1.key) }), best.value >= 3,
            best.value * 2 >= pages.count
        {
            shift = best.key
        }
        guard pages.count >= 4 else { return }
        // A head may change with each chapter, so a handful of pages is enough in a long document.
        for (line, count) in counts where count >= 3 && (count >= 6 || count * 4 >= pages.count) { running[line] = false }
    }

    /// The number of a line that holds nothing else: `12`, `- 12 -`, `xii`, `Page 12 of 30`, `12/30`.
    private func pageNumber(_ line: Range<Int>) -> Int? {
        guard line.count <= 30 else { return nil }
        let words = text[line].string.lowercased().split { !$0.isLetter && !$0.isNumber }
        let names: Set<Substring> = ["page", "p", "pg", "seite", "s", "pagina", "p\u{E1}gina", "sida", "side", "strona"]
        var rest = words[...]
        if let first = rest.first, names.contains(first) { rest = rest.dropFirst() }
        guard let first = rest.popFirst(), rest.count <= 2 else { return nil }
        // Of how many.
        if let last = rest.last {
            guard let total = Int(last), let number = Int(first), number <= total, number > 0,
                rest.count == 1 || ["of", "von", "de", "di", "av", "z"].contains(rest.first ?? "")
            else { return nil }
            return number
        }
        if let number = Int(first) { return (0...99_999).contains(number) ? number : nil }
        return Self.roman(first)
    }

    private static func roman(_ text: Substring) -> Int? {
        let values: [Character: Int] = ["i": 1, "v": 5, "x": 10, "l": 50, "c": 100]
        var total = 0
        var last = 0
        guard text.count <= 10 else { return nil }
        for character in text.reversed() {
            guard let value = values[character] else { return nil }
            total += value < last ? -value : value
            last = max(last, value)
        }
        return total > 0 ? total : nil
    }

    /// Takes what is a head, a foot or a page's number from the edges of a page, from outside to inside: what stands behind a line that
    /// is neither belongs to the page.
    private mutating func dropRunningLines(of lines: inout [Range<Int>], page: Int) {
        let filled = lines.indices.filter { !lines[$0].isEmpty }
        var kept: Set<Int> = []
        for edge in [Array(filled.prefix(Self.edge)), Array(filled.suffix(Self.edge).reversed())] {
            for index in edge where !lines[index].isEmpty && !kept.contains(index) {
                if let shift, let number = pageNumber(lines[index]), number == page + shift {
                    lines[index] = 0..<0
                    continue
                }
                let line = Array(text[lines[index]][0..<200].contents)
                guard let isWritten = running[line] else { break }
                if isWritten {
                    lines[index] = 0..<0
                    dropped += 1
                } else {
                    kept.insert(index)
                }
                running[line] = true
            }
        }
    }

    // MARK: Paragraphs

    private mutating func write(_ page: Range<Int>, number: Int) {
        var lines = lines(page)
        dropRunningLines(of: &lines, page: number - 1)
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
