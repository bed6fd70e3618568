import TwinSupport

/// Writes what the readers of plain-text markup find: headings, paragraphs whose lines are joined, items, code and tables.
struct MarkupWriter {
    private(set) var builder: DocumentBuilder
    private let limits: ReaderLimits
    private var paragraph: [UInt8] = []
    private var isItem = false
    private var lastWasItem = false
    /// Notes, which stand behind the paragraph that refers to them.
    private var notes: [String] = []
    var title: String?
    /// What the source's log should say, each once.
    private(set) var notices: [String] = []

    init(limits: ReaderLimits, capacity: Int) {
        self.limits = limits
        builder = DocumentBuilder(limits: limits, capacity: capacity)
    }

    var isFull: Bool { builder.isFull }
    var hasParagraph: Bool { !paragraph.isEmpty }

    mutating func notice(_ text: String) { if notices.count < 20, !notices.contains(text) { notices.append(text) } }

    mutating func note(_ text: String) { if let text = text.nonBlank, notes.count < 1000 { notes.append(text) } }

    mutating func heading(_ level: Int, _ text: [UInt8]) {
        flush()
        guard let words = text.string.nonBlank else { return }
        if title == nil, level == 1 { title = words }
        builder.endParagraph()
        builder.mark(.heading(level: max(1, min(level, 6))))
        builder.append(text: words, onOneLine: true)
        builder.endParagraph()
        lastWasItem = false
    }

    /// Adds a line to the paragraph, or to the item, that is open.
    mutating func add(_ line: [UInt8]) {
        guard line.contains(where: { !$0.isSpace }) else { return }
        if let last = paragraph.last, !last.isSpace { paragraph.append(0x20) }
        paragraph += line
    }

    mutating func item(_ mark: [UInt8], depth: Int, _ text: [UInt8]) {
        flush()
        isItem = true
        for _ in extent(0, max(0, min(depth, 8))) { paragraph += [0x20, 0x20] }
        paragraph += mark
        paragraph.append(0x20)
        paragraph += text
    }

    mutating func flush() {
        if paragraph.contains(where: { !$0.isSpace }) {
            if isItem, lastWasItem { builder.startLine() } else { builder.endParagraph() }
            paragraph.withView { builder.append(any: $0, onOneLine: false) }
            builder.startLine()
            lastWasItem = isItem
        }
        paragraph.removeAll(keepingCapacity: true)
        isItem = false
        for note in notes {
            builder.endParagraph()
            builder.append(text: "Footnote: \(note)", onOneLine: true)
            builder.startLine()
            lastWasItem = false
        }
        notes = []
    }

    mutating func code(_ lines: [ByteView]) {
        flush()
        var indent = Int.max
        for line in lines where !line.trimmed.isEmpty { indent = min(indent, line.contents.prefix { $0 == 0x20 }.count) }
        guard lines.contains(where: { !$0.trimmed.isEmpty }) else { return }
        builder.endParagraph()
        builder.mark(.code)
        for line in lines {
            builder.append(any: line.slice(min(indent, line.count), line.count))
            builder.endCodeLine()
        }
        builder.endParagraph()
        builder.mark(.prose)
        lastWasItem = false
    }

    mutating func table(_ grid: TableGrid) throws(ReadFailure) {
        flush()
        try grid.write(into: &builder, limits: limits)
        lastWasItem = false
    }

    /// Values with a delimiter between them, as a table.
    mutating func values(_ text: [UInt8], delimiter: UInt8) throws(ReadFailure) {
        flush()
        let limits = limits
        let document = try text.withView { (view) throws(ReadFailure) in
            try DelimitedReader.read(view, delimiter: delimiter, limits: limits)
        }
        builder.append(document)
        lastWasItem = false
    }

    consuming func finish() throws(ReadFailure) -> ExtractedDocument {
        flush()
        let (title, notices) = (title, notices)
        var document = try builder.finish(title: title)
        document.notices = notices
        return document
    }
}

/// Marks inside of a line.
enum InlineMarks {
    /// Bytes that a mark's end is looked for.
    private static let reach = 600

    /// Drops pairs of single or doubled marks around words, as in `*bold*`; what stands between `verbatim` ones stays as it is.
    static func dropped(_ line: [UInt8], marks: StaticString, verbatim: StaticString = "") -> [UInt8] {
        func isIn(_ set: StaticString, _ byte: UInt8) -> Bool {
            set.withUTF8Buffer { $0.contains(byte) }
        }
        var result: [UInt8] = []
        result.reserveCapacity(line.count)
        /// Where marks that have begun end, and how long they are.
        var ends: [Int: Int] = [:]
        var index = 0
        while index < line.count {
            let byte = line[index]
            if let length = ends.removeValue(forKey: index) {
                index += length
                continue
            }
            let isVerbatim = isIn(verbatim, byte)
            guard isVerbatim || isIn(marks, byte), let (length, end) = pair(line, at: index) else {
                result.append(byte)
                index += 1
                continue
            }
            if isVerbatim {
                result += line[extent(index + length, end)]
                index = end + length
            } else {
                ends[end] = length
                index += length
            }
        }
        return result
    }

    private static func pair(_ line: [UInt8], at index: Int) -> (length: Int, end: Int)? {
        let mark = line[index]
        var length = 1
        while length < 3, index + length < line.count, line[index + length] == mark { length += 1 }
        guard length <= 2, index == 0 || !isWord(line[index - 1]), index + length < line.count, !line[index + length].isSpace
        else {
            return nil
        }
        var place = index + length + 1
        while place + length <= line.count, place < index + reach {
            if line[place] == mark, !line[place - 1].isSpace, length == 1 || line[place + 1] == mark,
                place + length == line.count || !isWord(line[place + length]) && line[place + length] != mark
            {
                return (length, place)
            }
            place += 1
        }
        return nil
    }

    private static func isWord(_ byte: UInt8) -> Bool { byte.isAlphanumeric || byte >= 0x80 }
}
