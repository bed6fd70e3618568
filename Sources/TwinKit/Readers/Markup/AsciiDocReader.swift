import TwinSupport

/// AsciiDoc (https://docs.asciidoctor.org/asciidoc/latest): sections, lists, tables, blocks and links. Attributes and comments say
/// nothing to readers.
struct AsciiDocReader {
    private let lines: [ByteView]
    private let empty: ByteView
    private var writer: MarkupWriter
    private var index = 0
    private var attributes: [String: String] = [:]

    static func read(_ text: ByteView, limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        var reader = AsciiDocReader(text, limits)
        try reader.run()
        let attributes = reader.attributes
        var document = try reader.writer.finish()
        document.author = attributes["author"]
        document.publishedAt = attributes["revdate"].flatMap(StatedDate.rfc3339)
        return document
    }

    private init(_ text: ByteView, _ limits: ReaderLimits) {
        lines = text.trimmedLines
        empty = text.slice(0, 0)
        writer = MarkupWriter(limits: limits, capacity: text.count)
    }

    private mutating func run() throws(ReadFailure) {
        var isHead = true
        var isHeader = false
        var style = ""
        while index < lines.count, !writer.isFull {
            let line = lines[index]
            let bare = line.trimmed
            index += 1
            if bare.isEmpty {
                writer.flush()
                isHeader = false
                continue
            }
            if let (level, place) = section(line), !writer.hasParagraph {
                writer.heading(level, inline(line.slice(place, line.count)))
                isHeader = isHead && level == 1
                isHead = false
                style = ""
                continue
            }
            if line[0] == UInt8(ascii: ":"), let close = line.first(UInt8(ascii: ":"), from: 1, to: 80),
                line[1] != UInt8(ascii: ":"), !writer.hasParagraph
            {
                attributes[line.slice(1, close).string.lowercased()] = line.slice(close + 1, line.count).string.trimmedText
                continue
            }
            // The lines below a document's title name its author and its revision.
            if isHeader {
                if bare[0].isLetter, attributes["author"] == nil {
                    attributes["author"] = bare.string.split(separator: "<").first.map { String($0).trimmedText }
                }
                writer.add(inline(bare))
                writer.flush()
                continue
            }
            isHead = false
            if line.hasPrefix("//"), !line.hasPrefix("////") { continue }
            if let mark = Self.delimiter(line) {
                try block(mark, line, style)
                style = ""
                continue
            }
            if line[0] == UInt8(ascii: "["), line[line.count - 1] == UInt8(ascii: "]"), !writer.hasParagraph {
                style = line.slice(1, line.count - 1).string.lowercased()
                continue
            }
            if line[0] == UInt8(ascii: "."), line[1].isAlphanumeric || line[1] >= 0x80, !writer.hasParagraph {
                writer.add(inline(line.slice(1, line.count)))
                writer.flush()
                continue
            }
            if bare.contents.elementsEqual("+".utf8) {
                writer.flush()
                continue
            }
            if line.hasPrefix("include::") {
                writer.notice("the file that it includes was not read: \(line.slice(9, min(line.count, 109)).string)")
                continue
            }
            if line.hasPrefix("'''") || line.hasPrefix("<<<") || line.hasPrefix("toc::") || line.hasPrefix("ifdef::")
                || line.hasPrefix("ifndef::") || line.hasPrefix("endif::")
            {
                writer.flush()
                continue
            }
            if let (mark, depth, place) = Self.item(bare) {
                writer.item(mark, depth: depth, inline(bare.slice(place, bare.count)))
            } else if let place = Self.term(bare) {
                writer.item(
                    inline(bare.slice(0, place)) + [UInt8(ascii: ":")], depth: 0,
                    inline(bare.slice(place + 2, bare.count).trimmed))
            } else {
                writer.add(inline(bare))
            }
        }
    }

    private func section(_ line: ByteView) -> (level: Int, place: Int)? {
        let mark = line[0]
        guard mark == UInt8(ascii: "=") || mark == UInt8(ascii: "#") else { return nil }
        var level = 0
        while line[level] == mark { level += 1 }
        return level <= 6 && line[level].isSpace ? (level, level + 1) : nil
    }

    /// The sign of a line that begins or ends a block: four of it or more, or the two that tables have.
    private static func delimiter(_ line: ByteView) -> UInt8? {
        if line.contents.elementsEqual("--".utf8) { return UInt8(ascii: "~") }
        if line.count >= 4, line[1] == UInt8(ascii: "="),
            line[0] == UInt8(ascii: "|") || line[0] == UInt8(ascii: ",") || line[0] == UInt8(ascii: ":"),
            line.slice(1, line.count).contents.allSatisfy({ $0 == UInt8(ascii: "=") })
        {
            return line[0]
        }
        let mark = line[0]
        if line.hasPrefix("```") { return UInt8(ascii: "`") }
        guard line.count >= 4, "-.=*_+/".utf8.contains(mark), line.contents.allSatisfy({ $0 == mark }) else { return nil }
        return mark
    }

    private mutating func block(_ mark: UInt8, _ first: ByteView, _ style: String) throws(ReadFailure) {
        switch mark {
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "`"), UInt8(ascii: "+"), UInt8(ascii: "/"):
            var content: [ByteView] = []
            while index < lines.count {
                let line = lines[index]
                index += 1
                if line.contents.elementsEqual(first.contents) || mark == UInt8(ascii: "`") && line.hasPrefix("```") { break }
                content.append(line)
            }
            if mark != UInt8(ascii: "/") { writer.code(content) }
        case UInt8(ascii: "|"), UInt8(ascii: ","), UInt8(ascii: ":"): try table(mark, first, style)
        default:
            // Examples, sidebars and quotations: their content is read as it is.
            writer.flush()
        }
    }

    private mutating func table(_ mark: UInt8, _ first: ByteView, _ style: String) throws(ReadFailure) {
        var rows: [[(text: String, columns: Int, rows: Int)]] = []
        var cells: [(text: String, columns: Int, rows: Int)] = []
        var isHeader = style.contains("header")
        var isFirstBlock = true
        var width = Self.columns(style)
        /// Cells that stand over rows to come: their columns, and the rows that are left.
        var reaching: [(columns: Int, rows: Int)] = []
        func add(_ cell: (text: String, columns: Int, rows: Int)) { cells.append(cell) }
        while index < lines.count {
            let line = lines[index]
            index += 1
            if line.contents.elementsEqual(first.contents) { break }
            if line.trimmed.isEmpty {
                if isFirstBlock, cells.count + (rows.first?.count ?? 0) > 0 {
                    isFirstBlock = false
                    // A blank line behind the first row says that it names the columns.
                    if rows.count + (cells.isEmpty ? 0 : 1) == 1, index < lines.count { isHeader = true }
                    if width == nil { width = cells.reduce(0) { $0 + $1.columns } }
                }
                continue
            }
            let separator = mark == UInt8(ascii: "|") ? mark : mark == UInt8(ascii: ",") ? UInt8(ascii: ",") : UInt8(ascii: ":")
            var pieces = line.contents.split(separator: separator, omittingEmptySubsequences: false).map { Array($0) }
            if mark == UInt8(ascii: "|") {
                // What stands before the first bar goes on with the cell before, or says how far this one reaches.
                let head = pieces.removeFirst()
                if pieces.isEmpty {
                    if let last = cells.indices.last {
                        cells[last].text += (cells[last].text.isEmpty ? "" : " ") + inline(head).string.trimmedText
                    }
                    continue
                }
                var span = Self.span(head)
                if let last = cells.indices.last, span == nil, let text = inline(head).string.nonBlank {
                    cells[last].text += " " + text
                }
                for (number, piece) in pieces.enumerated() {
                    var piece = piece
                    var next: (columns: Int, rows: Int)?
                    if number + 1 < pieces.count, let space = piece.lastIndex(of: 0x20),
                        let found = Self.span(Array(piece[extent(space + 1, piece.count)]))
                    {
                        next = found
                        piece.removeLast(piece.count - space)
                    }
                    add((inline(piece).string.trimmedText, span?.columns ?? 1, span?.rows ?? 1))
                    span = next
                }
            } else {
                for piece in pieces { add((inline(piece).string.trimmedText, 1, 1)) }
            }
            if width == nil, isFirstBlock {
                // Without a statement the first line has as many cells as there are columns.
                width = cells.reduce(0) { $0 + $1.columns }
            }
            while let count = width, count > 0 {
                var taken = 0
                var reach = reaching.reduce(0) { $0 + $1.columns }
                while taken < cells.count, reach < count {
                    reach += max(1, cells[taken].columns)
                    taken += 1
                }
                // One more than needed, so that a cell's further lines find it.
                guard reach >= count, taken < cells.count || index >= lines.count || Self.beginsCell(lines[index], mark) else {
                    break
                }
                let row = Array(cells.prefix(taken))
                rows.append(row)
                cells.removeFirst(taken)
                reaching = (reaching + row.map { ($0.columns, $0.rows) }).map { ($0.columns, $0.rows - 1) }.filter { $0.rows > 0 }
                if row.isEmpty { break }
            }
        }
        if !cells.isEmpty { rows.append(cells) }
        var grid = TableGrid()
        for (number, row) in rows.enumerated() {
            for cell in row { grid.addCell(cell.text, columns: cell.columns, rows: cell.rows) }
            grid.endRow(isHeader: isHeader && number == 0)
        }
        try writer.table(grid)
    }

    private static func beginsCell(_ line: ByteView, _ mark: UInt8) -> Bool {
        line.trimmed.isEmpty || mark != UInt8(ascii: "|") || line.trimmed.first(mark, from: 0, to: 8) != nil
    }

    /// `cols="1,2,1"` or `cols=3*`: how many columns a table has.
    private static func columns(_ style: String) -> Int? {
        guard let start = style.range(of: "cols=") else { return nil }
        let value = style[start...].drop { $0 == "\"" }.prefix { $0 != "\"" && $0 != "]" }
        if let star = value.firstIndex(of: "*"), let count = Int(value[..<star]) {
            return (1...1000).contains(count) ? count : nil
        }
        let count = value.split(separator: ",", omittingEmptySubsequences: false).count
        return (1...1000).contains(count) ? count : nil
    }

    /// `2+`, `.3+`, `2.3+` and letters of alignment before a cell's bar; none for text.
    private static func span(_ head: [UInt8]) -> (columns: Int, rows: Int)? {
        let text = head.string.trimmedText
        guard !text.isEmpty, text.utf8.count <= 12, text.utf8.allSatisfy({ $0.isDigit || ".+<>^*aehlmsdv".utf8.contains($0) })
        else { return nil }
        guard let plus = text.firstIndex(of: "+") else {
            return text.utf8.allSatisfy { "<>^.".utf8.contains($0) } || text == "a" || text == "h" ? (1, 1) : nil
        }
        let parts = text[..<plus].split(separator: ".", omittingEmptySubsequences: false)
        return (max(1, parts.first.flatMap { Int($0) } ?? 1), max(1, parts.count > 1 ? Int(parts[1]) ?? 1 : 1))
    }

    private static func item(_ line: ByteView) -> (mark: [UInt8], depth: Int, place: Int)? {
        let mark = line[0]
        if mark == UInt8(ascii: "*") || mark == UInt8(ascii: ".") || mark == UInt8(ascii: "-") {
            var depth = 0
            while line[depth] == mark, depth < 7 { depth += 1 }
            guard line[depth].isSpace, mark != UInt8(ascii: "-") || depth == 1 else { return nil }
            return ([UInt8(ascii: "-")], depth - 1, depth + 1)
        }
        var digits = 0
        while line[digits].isDigit, digits < 4 { digits += 1 }
        guard digits > 0, line[digits] == UInt8(ascii: "."), line[digits + 1].isSpace else { return nil }
        return (Array(line.slice(0, digits + 1).contents), 0, digits + 2)
    }

    /// Where the colons stand behind a term that is explained.
    private static func term(_ line: ByteView) -> Int? {
        var place = 1
        while place + 1 < line.count, place < 120 {
            if line[place] == UInt8(ascii: ":"), line[place + 1] == UInt8(ascii: ":"),
                place + 2 == line.count || line[place + 2].isSpace
            {
                return place
            }
            place += 1
        }
        return nil
    }

    private func inline(_ line: ByteView) -> [UInt8] { inline(Array(line.contents)) }

    /// Macros and links become their words.
    private func inline(_ line: [UInt8]) -> [UInt8] {
        let plain = line.withView { view -> [UInt8] in
            var result: [UInt8] = []
            var index = 0
            while index < view.count {
                if view.hasPrefix("<<", at: index), let close = view.first(UInt8(ascii: ">"), from: index, to: index + 200) {
                    let inside = view.slice(index + 2, close)
                    result.append(
                        inside.slice(inside.first(UInt8(ascii: ","), from: 0).map { $0 + 1 } ?? 0, inside.count).trimmed)
                    index = min(close + 2, view.count)
                } else if view[index] == UInt8(ascii: "["),
                    let close = view.first(UInt8(ascii: "]"), from: index, to: index + 600),
                    let start = Self.target(result)
                {
                    // `macro:target[words]`: the words, or the target without any.
                    let inside = view.slice(index + 1, close)
                    let target = Array(result[extent(start, result.count)])
                    result.removeLast(result.count - start)
                    let name = target.prefix { $0 != UInt8(ascii: ":") }
                    let words = Array(
                        inside.first(UInt8(ascii: ","), from: 0).map { inside.slice(0, $0) }?.contents ?? inside.contents)
                    if name.elementsEqual("footnote".utf8) {
                        result += [0x20, UInt8(ascii: "(")]
                        result.append(inside)
                        result.append(UInt8(ascii: ")"))
                    } else if name.elementsEqual("image".utf8) {
                        if let words = PictureText.words(words.string) { result += PictureText.line(words).utf8 }
                    } else if name.elementsEqual("icon".utf8) || name.elementsEqual("anchor".utf8)
                        || name.elementsEqual("indexterm".utf8)
                    {
                        // Nothing to read.
                    } else if name.elementsEqual("stem".utf8) || name.elementsEqual("kbd".utf8) || name.elementsEqual("btn".utf8)
                        || name.elementsEqual("pass".utf8)
                    {
                        result.append(inside)
                    } else {
                        let shown = words.string.nonBlank.map { Array($0.utf8) } ?? Array(target)
                        result += shown.last == UInt8(ascii: "^") ? shown.dropLast() : shown[...]
                    }
                    index = close + 1
                } else {
                    result.append(view[index])
                    index += 1
                }
            }
            return result
        }
        return InlineMarks.dropped(plain, marks: "*_#`", verbatim: "+")
    }

    /// Where the macro begins whose brackets follow what was written; none when these are no macro's.
    private static func target(_ written: [UInt8]) -> Int? {
        var start = written.count
        while start > 0, written.count - start < 400, !written[start - 1].isSpace, written[start - 1] != UInt8(ascii: "("),
            written[start - 1] != UInt8(ascii: "\"")
        { start -= 1 }
        let word = written[extent(start, written.count)]
        guard let colon = word.firstIndex(of: UInt8(ascii: ":")), colon > start else { return nil }
        let name = word[extent(start, colon)]
        let known = [
            "http", "https", "link", "mailto", "xref", "image", "footnote", "icon", "kbd", "btn", "menu", "anchor", "stem",
            "pass", "indexterm", "ftp", "irc",
        ]
        guard known.contains(where: { name.elementsEqual($0.utf8) }) else { return nil }
        return start
    }
}

extension String {
    /// Where the text behind a word begins.
    fileprivate func range(of word: String) -> String.Index? {
        var index = startIndex
        while index < endIndex {
            if self[index...].hasPrefix(word) { return self.index(index, offsetBy: word.count) }
            index = self.index(after: index)
        }
        return nil
    }
}
