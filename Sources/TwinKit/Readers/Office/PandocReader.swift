import TwinSupport

/// Markup through `pandoc`, which runs macros and knows more commands than the readers here. Its document as JSON (pandoc-types 1.22 and
/// later) is written with the marks that every reader writes. It runs in its sandbox, so that a document cannot name other files.
struct PandocReader {
    private var writer: MarkupWriter
    private var lists: [Int?] = []

    /// Seconds that it may take.
    private static let seconds = 30

    private enum Unusable: Error { case shape }

    /// None where it is not installed, too old, or cannot read this: the reader here then does.
    static func read(_ text: ByteView, from format: String, limits: ReaderLimits) -> ExtractedDocument? {
        guard let path = Subprocess.find("pandoc"), let file = try? TemporaryFile(Array(text.contents)) else { return nil }
        defer { file.remove() }
        // Macros of macros can print without end: its runtime is given half a gigabyte, and little time, since there is another reader.
        let arguments = ["+RTS", "-M512m", "-RTS", "--sandbox", "-f", format, "-t", "json", file.path]
        guard
            let output = try? Converter(tool: "pandoc", limits: limits).run(
                path, arguments, seconds: min(limits.converterSeconds, seconds)), output.status == 0,
            let json = try? output.bytes.withUnsafeBufferPointer({ try JSONParser.parse($0) }),
            var document = try? document(json, limits: limits), !document.text.isEmpty
        else { return nil }
        for line in output.errors.split(separator: "\n").prefix(20) where line.contains("include file") {
            let name = line.split(separator: " ").drop { $0 != "file" }.dropFirst().first ?? ""
            // It looks for the name with this ending too.
            let given = name.hasSuffix(".tex") ? name.dropLast(4) : name
            let notice = "the file that it includes was not read: \(given.prefix(100))"
            if !document.notices.contains(notice) { document.notices.append(notice) }
        }
        return document
    }

    /// The text of pandoc's own form of a document. Throws for any other value.
    static func document(_ json: JSON, limits: ReaderLimits) throws -> ExtractedDocument {
        guard let blocks = json["blocks"]?.arrayValue, json["pandoc-api-version"] != nil else { throw Unusable.shape }
        var reader = PandocReader(writer: MarkupWriter(limits: limits, capacity: 0))
        let meta = json["meta"]
        let author = meta?["author"].map { reader.meta($0) }?.nonBlank
        if let title = meta?["title"].map({ reader.meta($0) })?.nonBlank {
            reader.writer.heading(1, Array(title.utf8))
            if let author {
                reader.writer.add(Array(author.utf8))
                reader.writer.flush()
            }
        }
        if let abstract = meta?["abstract"]?["c"]?.arrayValue { try reader.blocks(abstract) }
        let isBelowTitle = reader.writer.title != nil
        reader.shift = isBelowTitle ? 1 : 0
        try reader.blocks(blocks)
        let date = meta?["date"].map { reader.meta($0) }
        var document = try reader.writer.finish()
        document.author = author
        document.publishedAt = date.flatMap(StatedDate.rfc3339)
        return document
    }

    private var shift = 0

    private init(writer: MarkupWriter) { self.writer = writer }

    private mutating func meta(_ value: JSON) -> String {
        switch value["t"]?.stringValue {
        case "MetaInlines": words(value["c"]).string
        case "MetaString": value["c"]?.stringValue ?? ""
        case "MetaList": (value["c"]?.arrayValue ?? []).map { meta($0) }.filter { !$0.isEmpty }.joined(separator: ", ")
        case "MetaBlocks": (value["c"]?.arrayValue ?? []).map { words($0["c"]).string }.joined(separator: " ")
        default: ""
        }
    }

    // MARK: Blocks

    private mutating func blocks(_ blocks: [JSON]) throws {
        for block in blocks where !writer.isFull { try self.block(block) }
    }

    private mutating func block(_ block: JSON) throws {
        let content = block["c"]
        let parts = content?.arrayValue ?? []
        switch block["t"]?.stringValue {
        case "Para", "Plain":
            let text = words(content)
            writer.add(text)
            writer.flush()
        case "LineBlock":
            for line in parts {
                writer.add(words(line))
                writer.flush()
            }
        case "Header":
            guard parts.count == 3 else { throw Unusable.shape }
            writer.heading((parts[0].intValue ?? 1) + shift, words(parts[2]))
        case "CodeBlock": code(parts.last?.stringValue ?? "")
        case "BulletList":
            lists.append(nil)
            for item in parts { try self.item(item.arrayValue ?? []) }
            _ = lists.popLast()
        case "OrderedList":
            lists.append(parts.first?.arrayValue?.first?.intValue ?? 1)
            for item in parts.last?.arrayValue ?? [] { try self.item(item.arrayValue ?? []) }
            _ = lists.popLast()
        case "DefinitionList":
            for entry in parts {
                guard let pair = entry.arrayValue, pair.count == 2 else { throw Unusable.shape }
                let explained = (pair[1].arrayValue ?? []).flatMap { $0.arrayValue ?? [] }
                writer.item(words(pair[0]) + [UInt8(ascii: ":")], depth: lists.count, flat(explained))
                writer.flush()
            }
        case "BlockQuote": try blocks(parts)
        case "Div", "Figure": try blocks(parts.last?.arrayValue ?? [])
        case "Table": try table(parts)
        case "HorizontalRule", "Null", "RawBlock": break
        default: break
        }
    }

    private mutating func item(_ content: [JSON]) throws {
        var mark: [UInt8] = [UInt8(ascii: "-")]
        if let last = lists.indices.last, let number = lists[last] {
            mark = Array("\(number).".utf8)
            lists[last] = number + 1
        }
        let first = content.first.flatMap { ["Para", "Plain"].contains($0["t"]?.stringValue ?? "") ? $0 : nil }
        writer.item(mark, depth: max(0, lists.count - 1), first.map { words($0["c"]) } ?? [])
        if first != nil { writer.flush() }
        try blocks(Array(content.dropFirst(first == nil ? 0 : 1)))
    }

    private mutating func code(_ text: String) {
        Array(text.utf8).withView { view in
            var lines: [ByteView] = []
            var index = 0
            while index < view.count {
                let end = view.lineEnd(from: index)
                lines.append(view.slice(index, end))
                index = end + 1
            }
            writer.code(lines)
        }
    }

    /// Attributes, caption, columns, head, bodies and foot.
    private mutating func table(_ parts: [JSON]) throws {
        guard parts.count == 6 else { throw Unusable.shape }
        if let caption = parts[1].arrayValue?.last?.arrayValue, !caption.isEmpty {
            writer.add(flat(caption))
            writer.flush()
        }
        var grid = TableGrid()
        func add(_ rows: JSON?, isHeader: Bool, _ reader: inout PandocReader) throws {
            for row in rows?.arrayValue ?? [] {
                guard let cells = row.arrayValue?.last?.arrayValue else { throw Unusable.shape }
                for cell in cells {
                    guard let cell = cell.arrayValue, cell.count == 5 else { throw Unusable.shape }
                    grid.addCell(
                        reader.flat(cell[4].arrayValue ?? []).string.trimmedText, columns: cell[3].intValue ?? 1,
                        rows: cell[2].intValue ?? 1)
                }
                grid.endRow(isHeader: isHeader)
            }
        }
        try add(parts[3].arrayValue?.last, isHeader: true, &self)
        for body in parts[4].arrayValue ?? [] {
            guard let body = body.arrayValue, body.count == 4 else { throw Unusable.shape }
            try add(body[2], isHeader: true, &self)
            try add(body[3], isHeader: false, &self)
        }
        try add(parts[5].arrayValue?.last, isHeader: false, &self)
        try writer.table(grid)
    }

    /// The words of blocks as one line.
    private mutating func flat(_ blocks: [JSON]) -> [UInt8] {
        var result: [UInt8] = []
        func add(_ text: [UInt8]) {
            guard !text.isEmpty else { return }
            if !result.isEmpty { result.append(0x20) }
            result += text
        }
        for block in blocks {
            let content = block["c"]
            switch block["t"]?.stringValue {
            case "Para", "Plain": add(words(content))
            case "CodeBlock": add(Array((content?.arrayValue?.last?.stringValue ?? "").utf8))
            case "BulletList": for item in content?.arrayValue ?? [] { add(flat(item.arrayValue ?? [])) }
            case "OrderedList": for item in content?.arrayValue?.last?.arrayValue ?? [] { add(flat(item.arrayValue ?? [])) }
            case "LineBlock": for line in content?.arrayValue ?? [] { add(words(line)) }
            case "BlockQuote": add(flat(content?.arrayValue ?? []))
            case "Div", "Figure": add(flat(content?.arrayValue?.last?.arrayValue ?? []))
            default: break
            }
        }
        return result
    }

    // MARK: Inlines

    private mutating func words(_ inlines: JSON?) -> [UInt8] {
        var result: [UInt8] = []
        for inline in inlines?.arrayValue ?? [] { append(inline, to: &result) }
        return result
    }

    private mutating func append(_ inline: JSON, to result: inout [UInt8]) {
        let content = inline["c"]
        let parts = content?.arrayValue ?? []
        switch inline["t"]?.stringValue {
        case "Str": result += (content?.stringValue ?? "").utf8
        case "Space", "SoftBreak": result.append(0x20)
        case "LineBreak": result.append(0x0A)
        case "Emph", "Strong", "Underline", "SmallCaps": result += words(content)
        case "Superscript":
            let raised = words(content)
            if Superscript.isExponent(raised), result.last?.isAlphanumeric == true || result.last == UInt8(ascii: ")") {
                result.append(UInt8(ascii: "^"))
            }
            result += raised
        case "Subscript": result += words(content)
        case "Quoted":
            let mark = parts.first?["t"]?.stringValue == "SingleQuote" ? UInt8(ascii: "'") : UInt8(ascii: "\"")
            result += [mark] + words(parts.last) + [mark]
        case "Cite":
            let keys = (parts.first?.arrayValue ?? []).compactMap { $0["citationId"]?.stringValue }
            result += "[\(keys.joined(separator: ", "))]".utf8
        case "Code": result += (parts.last?.stringValue ?? "").utf8
        case "Math": result += Array((parts.last?.stringValue ?? "").utf8).withView { LaTeXReader.formula($0) }
        case "Link", "Span": result += words(parts.count > 1 ? parts[1] : nil)
        case "Image":
            if let text = PictureText.words(words(parts.count > 1 ? parts[1] : nil).string) {
                result += PictureText.line(text).utf8
            }
        case "Note": writer.note(flat(parts).string)
        default: break
        }
    }
}
