import TwinSupport

/// Documents of LibreOffice and others (OpenDocument 1.3, part 3): texts, slides and sheets are told apart by what stands in them.
struct OpenDocumentReader {
    private var builder: DocumentBuilder
    private let limits: ReaderLimits
    private var paragraph: [UInt8] = []
    private var level: Int?
    private var lists: [(isNumbered: Bool, count: Int)] = []
    private var itemMark: [UInt8]?
    private var lastWasItem = false
    private var tables: [(grid: TableGrid, cell: String, columns: Int, rows: Int, isHeader: Bool)] = []
    private var isHeaderRows = 0
    private var title: String?
    /// What stands behind the open paragraph: notes, comments, boxes, pictures.
    private var beside: [String] = []
    private var styles = OpenDocumentStyles()
    private var notices: [String] = []
    /// Embedded charts, by the folder that they stand in.
    private var charts: [String] = []
    private var raisedFrom: [Int?] = []
    private var slide = 0
    private var slideTitles: Set<Int> = []

    static func read(_ bytes: [UInt8], limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        var package = try PackageReader(bytes, limits: limits)
        if let manifest = try package.part("META-INF/manifest.xml"),
            manifest.withView({ $0.firstIgnoringCase("encryption-data", from: 0) }) != nil
        {
            throw .unsupported("a document protected with a password; save it without one")
        }
        let content = try package.required("content.xml")
        var reader = OpenDocumentReader(builder: DocumentBuilder(limits: limits), limits: limits)
        if let bytes = try package.part("styles.xml") {
            try bytes.withView { (view) throws(ReadFailure) in try reader.styles.read(view, limits) }
        }
        try content.withView { (view) throws(ReadFailure) in
            try reader.styles.read(view, limits)
            try reader.body(view)
        }
        for folder in reader.charts.prefix(200) {
            guard let bytes = try package.part(folder + "/content.xml") else { continue }
            try bytes.withView { (view) throws(ReadFailure) in
                if let chart = try OpenDocumentSheet.chart(view, limits: limits) { reader.builder.append(chart) }
            }
        }
        let (title, notices) = (reader.title, reader.notices)
        var document = try reader.builder.finish(title: title)
        document.notices = notices + package.notices
        try Self.applyFacts(&package, to: &document, limits)
        return document
    }

    private init(builder: DocumentBuilder, limits: ReaderLimits) {
        self.builder = builder
        self.limits = limits
    }

    private static func applyFacts(
        _ package: inout PackageReader, to document: inout ExtractedDocument, _ limits: ReaderLimits
    ) throws(ReadFailure) {
        guard let bytes = try package.part("meta.xml") else { return }
        let values = try bytes.withView { (view) throws(ReadFailure) in
            var values: [String: String] = [:]
            var xml = XMLReader(view, limits: limits)
            while let event = try xml.next() {
                guard event == .start, xml.depth == 3 else { continue }
                let name = xml.name
                let text = try xml.elementText()
                if values[name] == nil { values[name] = text }
            }
            return values
        }
        document.title = values["title"]?.nonBlank ?? document.title
        document.author = (values["initial-creator"] ?? values["creator"])?.nonBlank
        document.publishedAt = (values["creation-date"] ?? values["date"]).flatMap(StatedDate.rfc3339)
        document.language = values["language"]?.nonBlank
        for name in ["subject", "description", "keyword"] {
            if let value = values[name]?.nonBlank { document.metadata[name == "keyword" ? "keywords" : name] = .string(value) }
        }
    }

    private mutating func body(_ view: ByteView) throws(ReadFailure) {
        var xml = XMLReader(view, limits: limits)
        var isBody = false
        while let event = try xml.next(), !builder.isFull {
            switch event {
            case .text: if isBody, isInText { append(xml) }
            case .start:
                if xml.prefix == "office", xml.name == "body" { isBody = true }
                if isBody { try start(&xml) }
            case .end: if isBody { try end(xml) }
            }
        }
        try flush()
    }

    private var textDepth = 0
    private var isInText: Bool { textDepth > 0 }

    /// White space collapses; what is more than one space stands in elements of its own.
    private mutating func append(_ xml: XMLReader) {
        var raw: [UInt8] = []
        xml.appendText(to: &raw)
        for byte in raw {
            if byte.isSpace {
                if let last = paragraph.last, !last.isSpace { paragraph.append(0x20) }
            } else {
                paragraph.append(byte)
            }
        }
    }

    private mutating func start(_ xml: inout XMLReader) throws(ReadFailure) {
        switch (xml.prefix, xml.name) {
        case ("text", "tracked-changes"), ("text", "hidden-text"), ("office", "forms"), ("text", "sequence-decls"),
            ("text", "variable-decls"), ("table", "tracked-changes"), ("text", "ruby-text"):
            try xml.skipElement()
        case ("text", "hidden-paragraph"): try xml.skipElement()
        case ("text", "h"):
            try flush()
            textDepth += 1
            level = xml.attribute("outline-level").flatMap { Int($0) } ?? 1
            if styles.hidden.contains(xml.attribute("style-name") ?? "") { try skip(&xml) }
        case ("text", "p"):
            try flush()
            textDepth += 1
            if xml.attribute("style-name") == "Title" { level = 1 }
            if styles.hidden.contains(xml.attribute("style-name") ?? "") { try skip(&xml) }
        case ("text", "span"):
            let style = xml.attribute("style-name") ?? ""
            if styles.hidden.contains(style) {
                notice("hidden text was left out")
                try xml.skipElement()
            } else {
                raisedFrom.append(styles.raised.contains(style) ? paragraph.count : nil)
            }
        case ("text", "s"):
            for _ in extent(0, min(xml.attribute("c").flatMap { Int($0) } ?? 1, 100)) { paragraph.append(0x20) }
        case ("text", "tab"): paragraph.append(0x20)
        case ("text", "line-break"): paragraph.append(0x0A)
        case ("text", "soft-page-break"): break
        case ("text", "note"):
            let kind = xml.attribute("note-class") == "endnote" ? "Endnote" : "Footnote"
            let text = try xml.paragraphs(skipping: "note-citation").joined(separator: " ")
            if !text.isEmpty { beside.append("\(kind): \(text)") }
        case ("office", "annotation"):
            let (author, lines) = try xml.annotation()
            if !lines.isEmpty { beside.append("Comment\(author.isEmpty ? "" : " by \(author)"): \(lines)") }
        case ("draw", "text-box"), ("draw", "custom-shape"):
            // In a text a box stands inside of a paragraph.
            guard isInText, slide == 0 else { break }
            beside += try xml.paragraphs(skipping: "")
        case ("svg", "title"), ("svg", "desc"):
            if let text = PictureText.words(try xml.elementText()) { beside.append(PictureText.line(text)) }
        case ("draw", "object"):
            if let reference = xml.attribute("href") {
                let folder = PackageReader.resolve(reference, from: "")
                if !folder.isEmpty { charts.append(folder) }
            }
        case ("text", "list"):
            if lists.isEmpty { try flush() }
            let style = xml.attribute("style-name") ?? ""
            let isNumbered = style.isEmpty ? lists.last?.isNumbered ?? false : styles.numberedLists.contains(style)
            if lists.count < 64 { lists.append((isNumbered, 0)) }
        case ("text", "list-item"):
            try flush()
            if let last = lists.indices.last {
                lists[last].count += 1
                itemMark = lists[last].isNumbered ? Array("\(lists[last].count). ".utf8) : [UInt8(ascii: "-"), 0x20]
            }
        case ("table", "table"):
            try flush()
            if styles.hidden.contains(xml.attribute("style-name") ?? "") {
                notice("the hidden sheet \(xml.attribute("name") ?? "") was left out")
                try xml.skipElement()
            } else if isSheets {
                builder.endParagraph()
                builder.mark(.part(xml.attribute("name") ?? "Sheet"))
                try OpenDocumentSheet.read(&xml, into: &builder, charts: &charts, limits: limits)
            } else if tables.count < 32 {
                tables.append((TableGrid(), "", 1, 1, false))
            } else {
                try xml.skipElement()
            }
        case ("office", "spreadsheet"): isSheets = true
        case ("table", "table-header-rows"): isHeaderRows += 1
        case ("table", "table-cell"):
            guard let last = tables.indices.last else { break }
            tables[last].cell = ""
            tables[last].columns = xml.attribute("number-columns-spanned").flatMap { Int($0) } ?? 1
            tables[last].rows = xml.attribute("number-rows-spanned").flatMap { Int($0) } ?? 1
        case ("draw", "page"):
            try flush()
            if xml.attribute("visibility") == "hidden" {
                slide += 1
                notice("the hidden slide \(slide) was left out")
                try xml.skipElement()
                break
            }
            slide += 1
            builder.endParagraph()
            builder.mark(.part("Slide \(slide)"))
            builder.mark(.page(slide))
        case ("draw", "frame"):
            if xml.attribute("class") == "title", slide > 0 { isTitleFrame = true }
        case ("presentation", "notes"):
            try flush()
            let spoken = try xml.paragraphs(skipping: "page-thumbnail").filter { !$0.allSatisfy(\.isNumber) && $0 != "<number>" }
            if !spoken.isEmpty {
                builder.endParagraph()
                builder.append(text: "Notes: " + spoken.joined(separator: " "), onOneLine: true)
                builder.endParagraph()
            }
        default: break
        }
    }

    private var isSheets = false
    private var isTitleFrame = false

    private mutating func notice(_ text: String) { if notices.count < 20, !notices.contains(text) { notices.append(text) } }

    private mutating func skip(_ xml: inout XMLReader) throws(ReadFailure) {
        notice("hidden text was left out")
        try xml.skipElement()
        textDepth -= 1
        level = nil
    }

    private mutating func end(_ xml: XMLReader) throws(ReadFailure) {
        switch (xml.prefix, xml.name) {
        case ("text", "h"), ("text", "p"):
            textDepth = max(0, textDepth - 1)
            try flush()
        case ("text", "span"):
            if let start = raisedFrom.popLast() ?? nil, start > 0, start < paragraph.count,
                Superscript.isExponent(paragraph[extent(start, paragraph.count)]),
                paragraph[start - 1].isAlphanumeric || paragraph[start - 1] == UInt8(ascii: ")")
            {
                paragraph.insert(UInt8(ascii: "^"), at: start)
            }
        case ("text", "list"): _ = lists.popLast()
        case ("text", "list-item"): itemMark = nil
        case ("draw", "frame"): isTitleFrame = false
        case ("table", "table-header-rows"): isHeaderRows = max(0, isHeaderRows - 1)
        case ("table", "table-cell"):
            guard let last = tables.indices.last else { break }
            tables[last].grid.addCell(tables[last].cell, columns: tables[last].columns, rows: tables[last].rows)
        case ("table", "table-row"): if let last = tables.indices.last { tables[last].grid.endRow(isHeader: isHeaderRows > 0) }
        case ("table", "table"):
            guard let finished = tables.popLast() else { break }
            if let outer = tables.indices.last {
                var grid = finished.grid
                tables[outer].cell += (tables[outer].cell.isEmpty ? "" : " ") + grid.takeTexts().joined(separator: "; ")
            } else {
                try finished.grid.write(into: &builder, limits: limits)
                try writeBeside()
            }
            lastWasItem = false
        default: break
        }
    }

    private mutating func writeBeside() throws(ReadFailure) {
        guard tables.isEmpty, textDepth == 0 else { return }
        for text in beside {
            builder.endParagraph()
            builder.append(text: text)
            builder.startLine()
            lastWasItem = false
        }
        beside = []
    }

    private mutating func flush() throws(ReadFailure) {
        try write()
        paragraph.removeAll(keepingCapacity: true)
        raisedFrom = []
        level = nil
        try writeBeside()
    }

    private mutating func write() throws(ReadFailure) {
        guard paragraph.contains(where: { !$0.isSpace }) else { return }
        if let last = tables.indices.last {
            tables[last].cell += (tables[last].cell.isEmpty ? "" : " ") + paragraph.string.trimmedText
            return
        }
        if let level = isTitleFrame ? 1 : level {
            builder.endParagraph()
            builder.mark(.heading(level: max(1, min(level, 6))))
            if title == nil, level == 1 { title = paragraph.string.trimmedText }
            paragraph.withView { builder.append(any: $0.trimmed, onOneLine: true) }
            builder.endParagraph()
            lastWasItem = false
            return
        }
        let isItem = !lists.isEmpty
        if isItem && lastWasItem { builder.startLine() } else { builder.endParagraph() }
        lastWasItem = isItem
        if isItem {
            for _ in extent(0, min(lists.count - 1, 8)) { builder.append("  ") }
            for byte in itemMark ?? [] { builder.append(byte) }
            itemMark = nil
        }
        paragraph.withView { builder.append(any: $0.trimmed) }
        builder.startLine()
    }
}
