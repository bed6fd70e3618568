import TwinSupport

/// reStructuredText (https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html): sections by their underlines, lists, tables,
/// code and the text of directives. Targets, comments and settings say nothing to readers.
struct RSTReader {
    private let text: ByteView
    let lines: [ByteView]
    var writer: MarkupWriter
    /// Underlining characters in the order of their first use, with whether a line stands above the title as well.
    private var styles: [[UInt8]] = []
    var index = 0
    /// Lines that may still be looked at as a table's: what only looks like one would be looked at anew from each of its lines.
    var tableLines = 1_000_000
    private var fields: [String: String] = [:]
    /// What stands for `|name|`, by the name in lower case.
    private(set) var substitutions: [String: [UInt8]] = [:]

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
        lines = text.trimmedLines
        writer = MarkupWriter(limits: limits, capacity: text.count)
        // They may be defined behind their use.
        for line in lines where line.trimmed.hasPrefix(".. |") {
            let head = line.trimmed.slice(4, line.trimmed.count)
            guard substitutions.count < 10_000, let bar = head.first(UInt8(ascii: "|"), from: 1, to: 200) else { continue }
            let rest = head.slice(bar + 1, head.count).trimmed
            guard rest.hasPrefix("replace::") else { continue }
            substitutions[head.slice(0, bar).string.lowercased()] = Array(rest.slice(9, rest.count).trimmed.contents)
        }
    }

    func line(_ number: Int) -> ByteView { lines.indices.contains(number) ? lines[number] : text.slice(0, 0) }

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
        // What is put in elsewhere says nothing here.
        if name == "replace", head[0] == UInt8(ascii: "|") { return }
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
            } else if name == "csv-table" {
                valueTable(content, header: options["header"], delimiter: options["delim"])
                if let file = options["file"] ?? options["url"] {
                    writer.notice("the file that it includes was not read: \(file.prefix(100))")
                }
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

    /// Where the two colons of `name:: argument` stand.
    private static func directive(_ head: ByteView) -> Int? {
        var place = 0
        while place + 1 < head.count, place < 100 {
            if head[place] == UInt8(ascii: ":"), head[place + 1] == UInt8(ascii: ":") { return place > 0 ? place : nil }
            place += 1
        }
        return nil
    }
}
