import TwinSupport

/// LaTeX, as far as its text goes: sections, lists, tables, notes, and words without their commands. Formulas stay as they were written,
/// but for simple fractions; the file is not run, so what macros of its own would print is not there.
struct LaTeXReader {
    let text: ByteView
    let limits: ReaderLimits
    var writer: MarkupWriter
    var index = 0
    var words: [UInt8] = []
    var lists: [Int?] = []
    var tables: [OpenTable] = []

    /// A table with the text of its open cell, and over how many columns and rows that one stands.
    struct OpenTable {
        var grid = TableGrid()
        var cell: [UInt8] = []
        var columns = 1
        var rows = 1
        /// Rows that a cell above still stands over, by its column; there the file leaves a cell empty.
        var covered: [Int: Int] = [:]
        var column = 0
    }
    private var author: String?
    private var date: String?

    static func read(_ text: ByteView, limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        var reader = LaTeXReader(text, limits)
        try reader.run()
        let (author, date) = (reader.author, reader.date)
        var document = try reader.writer.finish()
        document.author = author
        document.publishedAt = date.flatMap(StatedDate.rfc3339)
        return document
    }

    init(_ text: ByteView, _ limits: ReaderLimits) {
        self.text = text
        self.limits = limits
        writer = MarkupWriter(limits: limits, capacity: text.count)
    }

    private mutating func run() throws(ReadFailure) {
        let begin = text.firstIgnoringCase("\\begin{document}", from: 0)
        if let begin {
            preamble(begin)
            index = begin + 16
        }
        while index < text.count, !writer.isFull {
            let byte = text[index]
            switch byte {
            case UInt8(ascii: "\\"): if try command() { return try finish() }
            case UInt8(ascii: "%"):
                index = text.lineEnd(from: index) + 1
                // The line's end goes with the comment, and so does what the next one is indented by.
                while text[index] == 0x20 || text[index] == 0x09 { index += 1 }
            case UInt8(ascii: "{"), UInt8(ascii: "}"): index += 1
            case UInt8(ascii: "$"): formula()
            case UInt8(ascii: "~"): append(0x20)
            case UInt8(ascii: "&") where !tables.isEmpty:
                cell()
                index += 1
            case UInt8(ascii: "`"), UInt8(ascii: "'"):
                let isDouble = text[index + 1] == byte
                if isDouble { words.append(UInt8(ascii: "\"")) } else { words.append(UInt8(ascii: "'")) }
                index += isDouble ? 2 : 1
            case UInt8(ascii: "-"):
                var count = 1
                while text[index + count] == byte, count < 3 { count += 1 }
                words += count == 1 ? [byte] : Array((count == 2 ? "\u{2013}" : "\u{2014}").utf8)
                index += count
            case 0x0A:
                let start = index
                var next = index + 1
                while text[next] == 0x20 || text[next] == 0x09 || text[next] == 0x0D { next += 1 }
                if text[next] == 0x0A, next < text.count { endParagraph() } else { append(0x20) }
                index = max(start + 1, next)
            default:
                if byte.isSpace {
                    append(0x20)
                } else {
                    words.append(byte)
                    index += 1
                }
            }
        }
        try finish()
    }

    private mutating func finish() throws(ReadFailure) {
        while let table = tables.popLast() { try close(table) }
        endParagraph()
    }

    private mutating func append(_ byte: UInt8) {
        if let last = words.last, !last.isSpace { words.append(byte) }
        index += 1
    }

    mutating func endParagraph() {
        if let last = tables.indices.last {
            tables[last].cell += words + [0x20]
        } else {
            writer.add(words)
            writer.flush()
        }
        words = []
    }

    private mutating func preamble(_ end: Int) {
        index = 0
        while index < end {
            guard let slash = text.first(UInt8(ascii: "\\"), from: index, to: end) else { break }
            index = slash + 1
            let name = commandName()
            guard ["title", "author", "date"].contains(name) else { continue }
            skipOptional()
            guard let argument = argument(), let value = plain(argument).string.nonBlank else { continue }
            switch name {
            case "title": writer.heading(1, Array(value.utf8))
            case "author": author = value
            default: date = value
            }
        }
        if let author { writer.add(Array(author.utf8)) }
        writer.flush()
    }

    /// After a backslash: the command's letters, or its one sign.
    private mutating func commandName() -> String {
        let start = index
        while text[index].isLetter, index < text.count { index += 1 }
        if index == start, index < text.count { index += 1 }
        return text.slice(start, index).string
    }

    private mutating func skipSpace() { while text[index].isSpace, index < text.count { index += 1 } }

    mutating func skipOptional() {
        while text[index] == UInt8(ascii: "["), let close = text.first(UInt8(ascii: "]"), from: index, to: index + 1000) {
            index = close + 1
        }
        if text[index] == UInt8(ascii: "*") { index += 1 }
    }

    /// What stands in the braces that follow; the place is then behind them.
    mutating func argument() -> ByteView? {
        var place = index
        while text[place] == 0x20 { place += 1 }
        guard text[place] == UInt8(ascii: "{") else { return nil }
        let start = place + 1
        var depth = 0
        // Braces that do not close would be looked for again and again.
        while place < text.count, place < start + 5_000 {
            switch text[place] {
            case UInt8(ascii: "\\"): place += 1
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"):
                depth -= 1
                if depth == 0 {
                    index = place + 1
                    return text.slice(start, place)
                }
            default: break
            }
            place += 1
        }
        return nil
    }

    /// An argument's words; what is in it is read as all text is, to a depth of eight.
    private func plain(_ view: ByteView, depth: Int = 0) -> [UInt8] {
        guard depth < 8 else { return [] }
        var inner = LaTeXReader(view, limits)
        inner.depth = depth + 1
        do { try inner.run() } catch { return [] }
        return (try? inner.writer.finish().text).map { Array($0.split(separator: "\n").joined(separator: " ").utf8) } ?? []
    }
    private var depth = 0

    /// Reads the command at the backslash; true at the end of the document.
    private mutating func command() throws(ReadFailure) -> Bool {
        index += 1
        let name = commandName()
        if let level = LaTeXNames.sections[name] {
            endParagraph()
            skipOptional()
            if let title = argument() { writer.heading(level, plain(title, depth: depth)) }
            return false
        }
        if let count = LaTeXNames.silent[name] {
            skipOptional()
            for _ in extent(0, count) {
                _ = argument()
                skipOptional()
            }
            return false
        }
        if let accent = LaTeXNames.accents[name], name.utf8.count == 1, !text[index].isSpace || name.first?.isLetter == true,
            accented(accent)
        {
            return false
        }
        switch name {
        case "begin", "end": return try environment(isEnd: name == "end")
        case "item":
            endParagraph()
            var mark: [UInt8] = [UInt8(ascii: "-")]
            if let last = lists.indices.last, let number = lists[last] {
                mark = Array("\(number).".utf8)
                lists[last] = number + 1
            }
            if text[index] == UInt8(ascii: "["), let close = text.first(UInt8(ascii: "]"), from: index, to: index + 300) {
                mark = plain(text.slice(index + 1, close), depth: depth) + [UInt8(ascii: ":")]
                index = close + 1
            }
            writer.item(mark, depth: max(0, lists.count - 1), [])
            skipSpace()
        case "footnote", "footnotetext", "thanks", "marginpar":
            skipOptional()
            if let note = argument() { writer.note(plain(note, depth: depth).string) }
        case "caption":
            skipOptional()
            if let caption = argument() {
                let text = plain(caption, depth: depth)
                if tables.isEmpty {
                    endParagraph()
                    writer.add(text)
                    writer.flush()
                } else {
                    words += text
                }
            }
        case "href":
            _ = argument()
            if let shown = argument() { words += plain(shown, depth: depth) }
        case "cite", "citep", "citet", "parencite", "textcite", "ref", "eqref", "autoref", "cref", "pageref":
            skipOptional()
            if let key = argument() { words += Array("[".utf8) + Array(key[0..<100].contents) + Array("]".utf8) }
        case "input", "include":
            if let file = argument() { writer.notice("the file that it includes was not read: \(file[0..<100].string)") }
        case "frac", "dfrac", "tfrac", "nicefrac": fraction()
        case "multicolumn", "multirow":
            skipOptional()
            let count = argument().flatMap { Int($0.string.trimmedText) } ?? 1
            _ = argument()
            skipOptional()
            if let shown = argument() { words += plain(shown, depth: depth) }
            guard let last = tables.indices.last else { break }
            if name == "multicolumn" { tables[last].columns = count } else { tables[last].rows = abs(count) }
        case "hline", "toprule", "midrule", "bottomrule", "maketitle", "tableofcontents", "centering", "noindent", "newpage",
            "clearpage":
            break
        case "\\":
            skipOptional()
            if let last = tables.indices.last {
                cell()
                tables[last].endRow()
            } else {
                words.append(0x0A)
            }
        case "(", "[": delimitedFormula(name == "(" ? "\\)" : "\\]")
        case "verb":
            let quote = text[index]
            if let close = text.first(quote, from: index + 1, to: index + 500) {
                words.append(text.slice(index + 1, close))
                index = close + 1
            }
        case "par": endParagraph()
        default:
            if let sign = LaTeXNames.signs[name] {
                words += sign.utf8
                if name.first?.isLetter == true { skipOptionalSpace() }
            } else {
                // An unknown command's braces hold text more often than not.
                if name.first?.isLetter == true { skipOptionalSpace() }
                if text[index] == UInt8(ascii: "*") { index += 1 }
                if text[index] == UInt8(ascii: "["), let close = text.first(UInt8(ascii: "]"), from: index, to: index + 200) {
                    index = close + 1
                }
            }
        }
        return false
    }

    /// White space behind a command's letters only ends its name.
    private mutating func skipOptionalSpace() {
        while text[index] == 0x20 || text[index] == 0x09 { index += 1 }
        if text[index] == UInt8(ascii: "{"), text[index + 1] == UInt8(ascii: "}") { index += 2 }
    }

    private mutating func accented(_ accent: Unicode.Scalar) -> Bool {
        var place = index
        let isBraced = text[place] == UInt8(ascii: "{")
        let needsBraces = text[index - 1].isLetter
        if isBraced { place += 1 }
        if needsBraces, !isBraced { return false }
        // `\'\i` is the accent over a dotless letter.
        if text[place] == UInt8(ascii: "\\"), text[place + 1] == UInt8(ascii: "i") || text[place + 1] == UInt8(ascii: "j") {
            place += 1
        }
        let letter = text[place]
        guard letter.isLetter, !isBraced || text[place + 1] == UInt8(ascii: "}") else { return false }
        var composed = String(Unicode.Scalar(letter))
        composed.unicodeScalars.append(accent)
        words += Precomposed.text(composed).utf8
        index = place + (isBraced ? 2 : 1)
        return true
    }

    private mutating func cell() {
        guard let last = tables.indices.last else { return }
        let text = (tables[last].cell + words).string.trimmedText
        tables[last].add(text)
        words = []
    }

    mutating func close(_ given: OpenTable) throws(ReadFailure) {
        var table = given
        let rest = (table.cell + words).string.trimmedText
        table.cell = []
        if !rest.isEmpty { table.add(rest) }
        words = []
        table.endRow()
        if tables.isEmpty { try writer.table(table.grid) }
    }
}

extension LaTeXReader.OpenTable {
    /// Ends the open cell with this text. What is empty below a cell of several rows is that cell again.
    mutating func add(_ text: String) {
        if let left = covered[column], text.isEmpty, columns == 1, rows == 1 {
            covered[column] = left > 1 ? left - 1 : nil
            // The grid knows what reaches into this row.
        } else {
            grid.addCell(text, columns: columns, rows: rows)
            if rows > 1 {
                for place in extent(column, column + max(1, min(columns, 1000))) { covered[place] = min(rows, 1000) - 1 }
            }
        }
        column += max(1, min(columns, 1000))
        (cell, columns, rows) = ([], 1, 1)
    }

    mutating func endRow() {
        grid.endRow()
        column = 0
    }
}
