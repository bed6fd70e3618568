import TwinSupport

/// reStructuredText (https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html): sections by their underlines, lists, tables,
/// code and the text of directives. Targets, comments and settings say nothing to readers.
struct RSTReader {
    private let text: ByteView
    private let lines: [ByteView]
    private var writer: MarkupWriter
    /// Underlining characters in the order of their first use, with whether a line stands above the title as well.
    private var styles: [[UInt8]] = []
    private var index = 0
    private var fields: [String: String] = [:]

    static func read(_ text: ByteView, limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        var reader = RSTReader(text, limits)
        try reader.run()
        let fields = reader.fields
        var document = try reader.writer.finish()
        document.author = fields["author"] ?? fields["authors"]
        document.publishedAt = fields["date"].flatMap(StatedDate.rfc3339)
        return document
    }

    private init(_ text: ByteView, _ limits: ReaderLimits) {
        self.text = text
        var lines: [ByteView] = []
        var index = 0
        while index < text.count {
            let end = text.lineEnd(from: index)
            var stop = end
            while stop > index, text[stop - 1].isSpace { stop -= 1 }
            lines.append(text.slice(index, stop))
            index = end + 1
        }
        self.lines = lines
        writer = MarkupWriter(limits: limits, capacity: text.count)
    }

    private func line(_ number: Int) -> ByteView { lines.indices.contains(number) ? lines[number] : text.slice(0, 0) }

    private mutating func run() throws(ReadFailure) {
        while index < lines.count, !writer.isFull {
            let whole = lines[index]
            let line = whole.trimmed
            if line.isEmpty {
                writer.flush()
                index += 1
            } else if let rule = Self.rule(whole), section(rule) {
                continue
            } else if !writer.hasParagraph, whole.count == line.count, Self.rule(whole) == nil,
                let rule = Self.rule(self.line(index + 1)),
                self.line(index + 1).count + 1 >= min(line.scalarCount, 5), self.line(index + 1).count + 2 >= line.scalarCount
            {
                heading([rule], line)
                index += 2
            } else if line.hasPrefix("+-") || line.hasPrefix("+="), try gridTable() {
                continue
            } else if whole[0] == UInt8(ascii: "="), Self.columns(whole) != nil, try simpleTable() {
                continue
            } else if Self.rule(whole) != nil, !writer.hasParagraph {
                index += 1
            } else if line.hasPrefix(".. ") || line.contents.elementsEqual("..".utf8) {
                explicit()
            } else if !writer.hasParagraph, whole.count == line.count, let (mark, place) = Self.item(line) {
                writer.item(mark, depth: 0, inline(line.slice(place, line.count)))
                index += 1
            } else if let (mark, place) = Self.item(line), whole.count > line.count || !writer.hasParagraph || isItemBefore {
                writer.item(mark, depth: (whole.count - line.count) / 2, inline(line.slice(place, line.count)))
                index += 1
            } else if line[0] == UInt8(ascii: ":"), !writer.hasParagraph,
                let close = line.first(UInt8(ascii: ":"), from: 1, to: 60), line[close + 1].isSpace
            {
                let name = line.slice(1, close).string
                let value = inline(line.slice(close + 1, line.count).trimmed)
                fields[name.lowercased()] = fields[name.lowercased()] ?? value.string
                writer.item(Array("\(name):".utf8), depth: 0, value)
                index += 1
            } else if line.hasPrefix(">>> ") {
                literal(indent: 0, from: index) { $0.isEmpty }
            } else {
                paragraphLine(whole, line)
            }
        }
    }

    private var isItemBefore: Bool { Self.item(line(index - 1).trimmed) != nil }

    private mutating func paragraphLine(_ whole: ByteView, _ line: ByteView) {
        index += 1
        guard line.count >= 2, line[line.count - 1] == UInt8(ascii: ":"), line[line.count - 2] == UInt8(ascii: ":") else {
            return writer.add(inline(line))
        }
        // A literal block follows.
        let before = line.slice(0, line.count - (line.count > 2 && !line[line.count - 3].isSpace ? 1 : 2)).trimmed
        if before.count > 1 || before.count == 1 && before[0] != UInt8(ascii: ":") { writer.add(inline(before)) }
        writer.flush()
        var start = index
        while start < lines.count, lines[start].isEmpty { start += 1 }
        let indent = Self.indent(self.line(start))
        if indent > Self.indent(whole) { literal(indent: indent, from: start) { !$0.isEmpty && Self.indent($0) < indent } }
    }

    private mutating func literal(indent: Int, from start: Int, isEnd: (ByteView) -> Bool) {
        var block: [ByteView] = []
        index = start
        while index < lines.count, !isEnd(lines[index]) {
            block.append(lines[index])
            index += 1
        }
        while block.last?.isEmpty == true { block.removeLast() }
        writer.code(block)
    }

    // MARK: Sections

    /// The character of a line that is nothing but it, three times or more.
    private static func rule(_ line: ByteView) -> UInt8? {
        let character = line[0]
        guard line.count >= 3, character.isPunctuation, line.contents.allSatisfy({ $0 == character }) else { return nil }
        return character
    }

    /// A title with a line above and below it; false when this line is none above a title.
    private mutating func section(_ character: UInt8) -> Bool {
        guard !writer.hasParagraph, Self.rule(line(index + 2)) == character, !line(index + 1).trimmed.isEmpty,
            line(index + 1).scalarCount <= line(index).count
        else { return false }
        heading([character, character], line(index + 1).trimmed)
        index += 3
        return true
    }

    private mutating func heading(_ style: [UInt8], _ title: ByteView) {
        if !styles.contains(style) { styles.append(style) }
        writer.heading((styles.firstIndex(of: style) ?? 0) + 1, inline(title))
    }

    // MARK: Directives and other explicit markup

    private mutating func explicit() {
        let whole = lines[index]
        let indent = Self.indent(whole)
        let head = whole.trimmed.slice(2, whole.trimmed.count).trimmed
        index += 1
        var body: [ByteView] = []
        while index < lines.count, lines[index].isEmpty || Self.indent(lines[index]) > indent {
            body.append(lines[index])
            index += 1
        }
        while body.last?.isEmpty == true { body.removeLast() }
        // A note: `.. [1] text`.
        if head[0] == UInt8(ascii: "["), let close = head.first(UInt8(ascii: "]"), from: 0, to: 60) {
            writer.flush()
            writer.note(([head.slice(close + 1, head.count)] + body).map { inline($0.trimmed).string }.joined(separator: " "))
            return writer.flush()
        }
        guard head[0] != UInt8(ascii: "_"), let colons = Self.directive(head) else { return }
        var name = head.slice(0, colons).string.lowercased()
        // `.. |logo| image:: a.png` puts the directive's result where the name stands.
        if name.hasPrefix("|"), let space = name.lastIndex(of: " ") { name = String(name[name.index(after: space)...]) }
        let argument = head.slice(colons + 2, head.count).trimmed
        var options: [String: String] = [:]
        var content = body[...]
        while let first = content.first, first.trimmed[0] == UInt8(ascii: ":"),
            let close = first.trimmed.first(UInt8(ascii: ":"), from: 1, to: 60)
        {
            options[first.trimmed.slice(1, close).string.lowercased()] =
                first.trimmed.slice(close + 1, first.trimmed.count).string.trimmedText
            content = content.dropFirst()
        }
        while content.first?.isEmpty == true { content = content.dropFirst() }
        switch name {
        case "code", "code-block", "sourcecode", "literalinclude", "parsed-literal", "math", "productionlist", "highlight",
            "prompt", "doctest", "testcode":
            if name == "literalinclude" {
                writer.notice("the file that it includes was not read: \(argument.string.prefix(100))")
            }
            writer.code(name == "math" && !argument.isEmpty ? [argument] + content : Array(content))
        case "image", "figure":
            if let words = PictureText.words(options["alt"]) {
                writer.flush()
                writer.add(Array(PictureText.line(words).utf8))
            }
            nested(content, [])
        case "include": writer.notice("the file that it includes was not read: \(argument.string.prefix(100))")
        case "csv-table", "list-table", "table":
            if !argument.isEmpty {
                writer.flush()
                writer.add(inline(argument))
            }
            if name == "list-table" {
                listTable(content, headers: options["header-rows"].flatMap { Int($0) } ?? 0)
            } else {
                nested(content, [])
            }
        case "toctree", "contents", "index", "raw", "role", "default-role", "only", "meta", "tabularcolumns", "currentmodule",
            "module":
            if name == "only" { nested(content, []) }
        case "versionadded", "versionchanged", "deprecated":
            nested(
                content,
                Array(
                    "\(["versionadded": "New in version", "versionchanged": "Changed in version"][name] ?? "Deprecated since version") \(argument.string):"
                        .utf8))
        default:
            let label = Self.named(name)
            nested(content, label + (label.isEmpty || argument.isEmpty ? [] : [0x20]) + inline(argument))
        }
    }

    private static func named(_ name: String) -> [UInt8] {
        let admonitions: Set<String> = [
            "note", "warning", "tip", "hint", "important", "caution", "danger", "attention", "error", "seealso",
        ]
        return admonitions.contains(name) ? Array((name.prefix(1).uppercased() + name.dropFirst() + ":").utf8) : []
    }

    /// A directive's content, as paragraphs. What is nested deeper keeps its words.
    private mutating func nested(_ content: ArraySlice<ByteView>, _ head: [UInt8]) {
        writer.flush()
        writer.add(head)
        for line in content {
            let bare = line.trimmed
            if bare.isEmpty {
                writer.flush()
            } else if let (mark, place) = Self.item(bare) {
                writer.item(mark, depth: 0, inline(bare.slice(place, bare.count)))
            } else if !bare.hasPrefix(".. ") {
                writer.add(inline(bare))
            }
        }
        writer.flush()
    }

    /// A table as a list of lists (`* - cell`).
    private mutating func listTable(_ content: ArraySlice<ByteView>, headers: Int) {
        var grid = TableGrid()
        var cell: String?
        var rows = 0
        func closeCell() {
            if let text = cell { grid.addCell(text) }
            cell = nil
        }
        for line in content {
            var bare = line.trimmed
            if bare.hasPrefix("* - ") || bare.contents.elementsEqual("* -".utf8) {
                closeCell()
                if rows > 0 { grid.endRow(isHeader: rows <= headers) }
                rows += 1
                bare = bare.slice(2, bare.count)
            }
            if bare.hasPrefix("- ") || bare.contents.elementsEqual("-".utf8) {
                closeCell()
                cell = inline(bare.slice(2, bare.count)).string.trimmedText
            } else if let before = cell, !bare.isEmpty {
                cell = before + " " + inline(bare).string
            }
        }
        closeCell()
        if rows > 0 { grid.endRow(isHeader: rows <= headers) }
        do throws(ReadFailure) { try writer.table(grid) } catch { writer.notice(error.message) }
    }

    /// Where the two colons of `name:: argument` stand.
    private static func directive(_ head: ByteView) -> Int? {
        var place = 0
        while place + 1 < head.count, place < 100 {
            if head[place] == UInt8(ascii: ":"), head[place + 1] == UInt8(ascii: ":") { return place > 0 ? place : nil }
            place += 1
        }
        return nil
    }

    // MARK: Tables

    private mutating func gridTable() throws(ReadFailure) -> Bool {
        var block: [[UInt8]] = []
        var place = index
        let indent = Self.indent(line(index))
        while place < lines.count, let first = lines[place].trimmed.contents.first,
            first == UInt8(ascii: "+") || first == UInt8(ascii: "|")
        {
            block.append(Array(lines[place].slice(indent, lines[place].count).contents))
            place += 1
        }
        guard block.count >= 3, let first = block.first, first.last == UInt8(ascii: "+") else { return false }
        var borders: Set<Int> = []
        for line in block { for (column, byte) in line.enumerated() where byte == UInt8(ascii: "+") { borders.insert(column) } }
        let columns = borders.sorted()
        guard columns.count >= 2, columns.count <= 1000 else { return false }
        var grid = TableGrid()
        var cells: [(text: String, columns: Int)] = []
        var headerEnd: Int?
        var rows: [[(text: String, columns: Int)]] = []
        for line in block.dropFirst() {
            if line.first == UInt8(ascii: "+") {
                if !cells.isEmpty { rows.append(cells) }
                cells = []
                if line.contains(UInt8(ascii: "=")) { headerEnd = rows.count }
                continue
            }
            // Cells between the borders that this line has.
            var found: [(text: String, columns: Int)] = []
            var start = 0
            for (number, column) in columns.enumerated().dropFirst()
            where column < line.count && (line[column] == UInt8(ascii: "|") || line[column] == UInt8(ascii: "+")) {
                let piece = line[extent(columns[start] + 1, column)]
                found.append((Array(piece).withView { inline($0) }.string.trimmedText, number - start))
                start = number
            }
            if cells.isEmpty {
                cells = found
            } else {
                for (number, cell) in found.enumerated() where number < cells.count && !cell.text.isEmpty {
                    cells[number].text += (cells[number].text.isEmpty ? "" : " ") + cell.text
                }
            }
        }
        for (number, row) in rows.enumerated() {
            for cell in row { grid.addCell(cell.text, columns: cell.columns) }
            grid.endRow(isHeader: number < headerEnd ?? 0)
        }
        index = place
        try writer.table(grid)
        return true
    }

    /// The columns that a line of `=` and spaces rules.
    private static func columns(_ line: ByteView) -> [Range<Int>]? {
        guard line.contents.allSatisfy({ $0 == UInt8(ascii: "=") || $0 == 0x20 }), line.contents.contains(0x20) else {
            return nil
        }
        var result: [Range<Int>] = []
        var place = 0
        while place < line.count {
            while line[place] == 0x20 { place += 1 }
            let start = place
            while line[place] == UInt8(ascii: "=") { place += 1 }
            if place > start { result.append(extent(start, place)) }
        }
        return result.count >= 2 && result.count <= 1000 ? result : nil
    }

    private mutating func simpleTable() throws(ReadFailure) -> Bool {
        guard let columns = Self.columns(line(index)) else { return false }
        var rules: [Int] = []
        var place = index
        while place < lines.count, place < index + 10_000 {
            if Self.columns(lines[place])?.count == columns.count, lines[place][0] == UInt8(ascii: "=") {
                rules.append(place)
                // The last of three, or of two when nothing follows it directly.
                if rules.count == 3 || rules.count == 2 && line(place + 1).isEmpty { break }
            }
            place += 1
        }
        guard rules.count >= 2, let last = rules.last else { return false }
        var grid = TableGrid()
        var open: [String]?
        func close(_ number: Int) {
            guard let row = open else { return }
            for cell in row { grid.addCell(cell) }
            grid.endRow(isHeader: rules.count == 3 && number <= rules[1])
            open = nil
        }
        for number in extent(index + 1, last) {
            let line = lines[number]
            if line.isEmpty || line[0] == UInt8(ascii: "=") || line.contents.allSatisfy({ $0 == UInt8(ascii: "-") || $0 == 0x20 })
            {
                close(number)
                continue
            }
            let row = columns.enumerated().map { position, column in
                let end = position + 1 < columns.count ? columns[position + 1].lowerBound : line.count
                return inline(line.slice(column.lowerBound, max(column.lowerBound, min(end, line.count)))).string.trimmedText
            }
            if row.first?.isEmpty == true, let before = open {
                open = zip(before, row).map { $0.isEmpty ? $1 : $1.isEmpty ? $0 : "\($0) \($1)" }
            } else {
                close(number)
                open = row
            }
        }
        close(last)
        index = last + 1
        try writer.table(grid)
        return true
    }

    // MARK: Lines

    private static func indent(_ line: ByteView) -> Int { line.contents.prefix { $0 == 0x20 || $0 == 0x09 }.count }

    private static func item(_ line: ByteView) -> (mark: [UInt8], place: Int)? {
        if line[0] == UInt8(ascii: "-") || line[0] == UInt8(ascii: "*") || line[0] == UInt8(ascii: "+"), line[1].isSpace {
            return ([UInt8(ascii: "-")], 2)
        }
        if line.hasPrefix("#. ") { return ([UInt8(ascii: "-")], 3) }
        if line.hasPrefix("| ") { return ([], 2) }
        var digits = 0
        while line[digits].isDigit, digits < 4 { digits += 1 }
        guard digits > 0, line[digits] == UInt8(ascii: ".") || line[digits] == UInt8(ascii: ")"), line[digits + 1].isSpace else {
            return nil
        }
        return (Array(line.slice(0, digits).contents) + [UInt8(ascii: ".")], digits + 2)
    }

    /// Roles, references and substitutions become their words.
    private func inline(_ line: ByteView) -> [UInt8] {
        var result: [UInt8] = []
        var index = 0
        while index < line.count {
            let byte = line[index]
            if byte == UInt8(ascii: "\\") {
                if !line[index + 1].isSpace, index + 1 < line.count { result.append(line[index + 1]) }
                index += 2
            } else if byte == UInt8(ascii: "`") {
                let isLiteral = line[index + 1] == byte
                let start = index + (isLiteral ? 2 : 1)
                guard let close = line.first(byte, from: start), close > start, !isLiteral || line[close + 1] == byte else {
                    result.append(byte)
                    index += 1
                    continue
                }
                var inside = line.slice(start, close)
                index = close + (isLiteral ? 2 : 1)
                if !isLiteral {
                    // `words <target>`_ shows its words.
                    if inside[inside.count - 1] == UInt8(ascii: ">"), let open = inside.first(UInt8(ascii: "<"), from: 1) {
                        inside = inside.slice(0, open).trimmed
                    }
                    if inside[0] == UInt8(ascii: "~") { inside = inside.slice(1, inside.count) }
                    while line[index] == UInt8(ascii: "_") { index += 1 }
                }
                result.append(inside)
            } else if byte == UInt8(ascii: ":"), index == 0 || !line[index - 1].isAlphanumeric, line[index + 1].isLetter,
                let close = line.first(byte, from: index + 1, to: index + 40), line[close + 1] == UInt8(ascii: "`")
            {
                index = close + 1
            } else if byte == UInt8(ascii: "["), let close = line.first(UInt8(ascii: "]"), from: index, to: index + 40),
                line[close + 1] == UInt8(ascii: "_"),
                !line[close + 2].isAlphanumeric
            {
                // The number of a note.
                while result.last == 0x20 { result.removeLast() }
                index = close + 2
            } else if byte == UInt8(ascii: "_"), index > 0, line[index - 1].isAlphanumeric, !line[index + 1].isAlphanumeric,
                line[index + 1] != byte
            {
                index += 1
            } else {
                result.append(byte)
                index += 1
            }
        }
        return InlineMarks.dropped(result, marks: "*|")
    }
}
