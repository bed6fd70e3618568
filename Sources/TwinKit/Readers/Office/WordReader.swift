import TwinSupport

/// A word-processing document (ECMA-376 part 1, chapter 17): paragraphs with headings by style, lists and tables.
struct WordReader {
    private var builder: DocumentBuilder
    private let limits: ReaderLimits
    private let styles: WordStyles
    private var title: String?

    private var paragraph: [UInt8] = []
    private var level: Int?
    private var isTitle = false
    private var isCode = false
    private var list: (id: String, depth: Int)?
    private var counters: [String: [Int]] = [:]
    private var lastWasItem = false
    /// The run is raised above the line, and where its text began.
    private var isRaised = false
    private var exponent: Int?
    /// Where the open parts of a formula began.
    private var operands: [Int] = []
    /// Open tables, the innermost last, with the text of their open cell.
    private var tables: [OpenTable] = []
    /// The run does not show (section 17.3.2.41).
    private var isHidden = false
    private var isInRun = false
    /// Paragraphs that are interrupted by a box, which has paragraphs of its own.
    private var outer: [Paragraph] = []
    /// What stands beside the open paragraph: boxes, notes, comments, pictures.
    private var beside: [Beside] = []
    private var hiddenCount = 0
    private var otherCount = 0

    private enum Beside {
        case text(String)
        case note(kind: String, id: String)
        case chart(String)
        case diagram(String)
    }

    private struct Paragraph {
        var bytes: [UInt8]
        var level: Int?
        var isTitle: Bool
        var isCode: Bool
        var list: (id: String, depth: Int)?
    }

    /// Notes and comments by their kind and number, and the names of charts and diagrams by their relationship.
    private var notes: [String: [String: String]] = [:]
    private var drawings: [String: [UInt8]] = [:]

    private struct OpenTable {
        var grid = TableGrid()
        var cell = ""
        var columns = 1
        var goesOn = false
        var isHeader = false
    }

    static func read(_ bytes: [UInt8], limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        var package = try PackageReader(bytes, limits: limits)
        let main = try package.relationships(of: "").values.first { $0.type == "officeDocument" }?.target ?? "word/document.xml"
        let body = try package.required(main)
        let folder = PackageReader.split(main).folder
        let styles = WordStyles(
            styles: try package.part(folder + "styles.xml") ?? [], numbering: try package.part(folder + "numbering.xml") ?? [],
            limits: limits)
        var reader = WordReader(builder: DocumentBuilder(limits: limits), limits: limits, styles: styles)
        let parts = try package.relationships(of: main).sorted { ($0.value.target, $0.key) < ($1.value.target, $1.key) }
        var edges: [String] = []
        for (id, part) in parts {
            switch part.type {
            case "footnotes", "endnotes", "comments":
                guard let bytes = try package.part(part.target) else { continue }
                reader.notes[part.type] = try bytes.withView { (view) throws(ReadFailure) in
                    try WordNotes.read(view, isComment: part.type == "comments", limits)
                }
            case "header", "footer":
                guard let bytes = try package.part(part.target) else { continue }
                let text = try bytes.withView { (view) throws(ReadFailure) in try DrawingText.texts(view, limits) }
                    .joined(separator: " ")
                // A number alone is the page's.
                guard text.contains(where: \.isLetter) else { continue }
                let line = "\(part.type == "header" ? "Page header" : "Page footer"): \(text)"
                if !edges.contains(line), edges.count < 20 { edges.append(line) }
            case "chart", "diagramData": if let bytes = try package.part(part.target) { reader.drawings[id] = bytes }
            default: break
            }
        }
        try body.withView { (view) throws(ReadFailure) in try reader.body(view) }
        for line in edges {
            reader.builder.endParagraph()
            reader.builder.append(text: line, onOneLine: true)
        }
        let title = reader.title
        let (hidden, others) = (reader.hiddenCount, reader.otherCount)
        var document = try reader.builder.finish(title: title)
        if hidden > 0 { document.notices.append("hidden text was left out (\(hidden) places)") }
        if others > 0 { document.notices.append("\(others) embedded parts in other formats were left out") }
        try package.applyProperties(to: &document)
        return document
    }

    private init(builder: DocumentBuilder, limits: ReaderLimits, styles: WordStyles) {
        self.builder = builder
        self.limits = limits
        self.styles = styles
    }

    private mutating func body(_ view: ByteView) throws(ReadFailure) {
        var xml = XMLReader(view, limits: limits)
        var isText = false
        while let event = try xml.next(), !builder.isFull {
            switch event {
            case .start:
                switch xml.name {
                case "t":
                    if isHidden {
                        hiddenCount += 1
                    } else {
                        isText = true
                        exponent = isRaised ? paragraph.count : nil
                    }
                case "r":
                    isRaised = false
                    isHidden = false
                    isInRun = true
                // Deleted text, what older programs show instead of a drawing that is also there in full, how to pronounce it.
                case "del", "moveFrom", "Fallback", "instrText", "rt": try xml.skipElement()
                // What a paragraph, a run, a table was before somebody changed its form.
                case "pPrChange", "rPrChange", "tblPrChange", "trPrChange", "tcPrChange", "sectPrChange", "tblGridChange",
                    "tblPrExChange", "numberingChange":
                    try xml.skipElement()
                default: try start(xml)
                }
            case .text: if isText { xml.appendText(to: &paragraph) }
            case .end:
                if isText { raise() }
                isText = false
                try end(xml.name)
            }
        }
        try flush()
    }

    private mutating func start(_ xml: XMLReader) throws(ReadFailure) {
        switch xml.name {
        case "vanish":
            if isInRun { isHidden = !["0", "false", "off"].contains(xml.attribute("val") ?? "") }
        case "footnoteReference": beside.append(.note(kind: "footnotes", id: xml.attribute("id") ?? ""))
        case "endnoteReference": beside.append(.note(kind: "endnotes", id: xml.attribute("id") ?? ""))
        case "commentReference": beside.append(.note(kind: "comments", id: xml.attribute("id") ?? ""))
        case "docPr":
            if let words = PictureText.words(xml.attribute("descr")) { beside.append(.text(PictureText.line(words))) }
        case "chart": if let id = xml.attribute("id", isPrefixed: true) { beside.append(.chart(id)) }
        case "relIds": if let id = xml.attribute("dm") { beside.append(.diagram(id)) }
        case "altChunk", "OLEObject": otherCount += 1
        case "txbxContent":
            outer.append(Paragraph(bytes: paragraph, level: level, isTitle: isTitle, isCode: isCode, list: list))
            clear()
        case "p": try flush()
        case "pStyle":
            let style = styles.style(xml.attribute("val") ?? "")
            level = style.level ?? level
            isTitle = style.isTitle
            isCode = style.isCode
            if list == nil, let numbering = style.numbering { list = (numbering, 0) }
        case "outlineLvl": if let value = xml.attribute("val").flatMap({ Int($0) }), (0...8).contains(value) { level = value + 1 }
        case "ilvl": list = (list?.id ?? "", xml.attribute("val").flatMap { Int($0) } ?? 0)
        case "numId":
            let id = xml.attribute("val") ?? "0"
            list = id == "0" ? nil : (id, list?.depth ?? 0)
        case "tab", "ptab": if !paragraph.isEmpty { paragraph.append(0x20) }
        case "br", "cr": paragraph.append(xml.attribute("type") == nil ? 0x0A : 0x20)
        case "vertAlign": isRaised = xml.attribute("val") == "superscript"
        // Formulas (part 1, section 22.1): what stands below and above.
        case "num", "den", "sup", "sub", "rad":
            guard xml.prefix == "m" else { break }
            paragraph += ["den": "/", "sup": "^", "sub": "_", "rad": "\u{221A}"][xml.name, default: ""].utf8
            operands.append(paragraph.count)
        case "noBreakHyphen": paragraph.append(UInt8(ascii: "-"))
        case "tbl":
            try flush()
            tables.append(OpenTable())
        case "gridBefore": if let last = tables.indices.last { tables[last].grid.skip(columns: number(xml)) }
        case "gridSpan": if let last = tables.indices.last { tables[last].columns = number(xml) }
        case "vMerge": if let last = tables.indices.last { tables[last].goesOn = xml.attribute("val") != "restart" }
        case "tblHeader": if !tables.isEmpty { tables[tables.count - 1].isHeader = true }
        default: break
        }
    }

    /// `10` and a raised `6` are `10^6`.
    private mutating func raise() {
        guard let start = exponent, start > 0, start < paragraph.count else { return }
        exponent = nil
        let before = paragraph[start - 1]
        guard Superscript.isExponent(paragraph[start...]), before.isAlphanumeric || before == UInt8(ascii: ")") || before >= 0x80
        else { return }
        paragraph.insert(UInt8(ascii: "^"), at: start)
    }

    /// A part of a formula of several signs is one operand.
    private mutating func closeOperand(_ start: Int) {
        guard start < paragraph.count, paragraph[start...].contains(where: { "+-*/= ".utf8.contains($0) }) else { return }
        paragraph.insert(UInt8(ascii: "("), at: start)
        paragraph.append(UInt8(ascii: ")"))
    }

    private func number(_ xml: XMLReader) -> Int { xml.attribute("val").flatMap { Int($0) } ?? 1 }

    private mutating func end(_ name: String) throws(ReadFailure) {
        switch name {
        case "p": try flush()
        case "r": isInRun = false
        case "txbxContent":
            try flush()
            guard let before = outer.popLast() else { return }
            (paragraph, level, isTitle, isCode, list) = (before.bytes, before.level, before.isTitle, before.isCode, before.list)
        case "num", "den", "sup", "sub", "rad": if let start = operands.popLast() { closeOperand(start) }
        case "tc" where !tables.isEmpty:
            let last = tables.count - 1
            tables[last].grid.addCell(tables[last].cell, columns: tables[last].columns, goesOn: tables[last].goesOn)
            (tables[last].cell, tables[last].columns, tables[last].goesOn) = ("", 1, false)
        case "tr" where !tables.isEmpty:
            let last = tables.count - 1
            tables[last].grid.endRow(isHeader: tables[last].isHeader)
            tables[last].isHeader = false
        case "tbl":
            guard let finished = tables.popLast() else { return }
            if tables.isEmpty {
                try finished.grid.write(into: &builder, limits: limits)
                try writeBeside()
            }
            lastWasItem = false
        default: break
        }
    }

    private mutating func clear() {
        paragraph.removeAll(keepingCapacity: true)
        operands = []
        exponent = nil
        level = nil
        isTitle = false
        isCode = false
        list = nil
    }

    /// Writes what stands beside a paragraph behind it: inside of the sentence it would cut that in two.
    private mutating func writeBeside() throws(ReadFailure) {
        guard !beside.isEmpty, outer.isEmpty, tables.isEmpty else { return }
        let all = beside
        beside = []
        for one in all {
            switch one {
            case .text(let text):
                builder.endParagraph()
                builder.append(text: text)
                builder.startLine()
            case .note(let kind, let id):
                // A comment may be referred to several times.
                guard let text = notes[kind]?.removeValue(forKey: id) else { continue }
                builder.endParagraph()
                builder.append(text: text, onOneLine: true)
                builder.startLine()
            case .chart(let id):
                if let bytes = drawings[id] { try DrawingText.writeChart(bytes, limits: limits, into: &builder) }
            case .diagram(let id):
                if let bytes = drawings[id] {
                    try DrawingText.writeTexts(bytes, heading: "Diagram", limits: limits, into: &builder)
                }
            }
            lastWasItem = false
        }
    }

    private mutating func flush() throws(ReadFailure) {
        try write()
        clear()
        if outer.isEmpty { try writeBeside() }
    }

    private mutating func write() throws(ReadFailure) {
        guard paragraph.contains(where: { !$0.isSpace }) else { return }
        if !outer.isEmpty {
            beside.append(.text(paragraph.string.trimmedText))
            return
        }
        if !tables.isEmpty {
            // The text of tables inside of tables goes to the outermost cell.
            let separator = tables[0].cell.isEmpty ? "" : " "
            tables[0].cell += separator + paragraph.string.trimmedText
            return
        }
        let isItem = list != nil && level == nil
        if isItem && lastWasItem || isCode { builder.startLine() } else { builder.endParagraph() }
        lastWasItem = isItem
        if isTitle, title == nil { title = paragraph.string.trimmedText }
        if let level = isTitle ? 1 : level {
            builder.mark(.heading(level: min(level, 6)))
            paragraph.withView { builder.append(any: $0.trimmed, onOneLine: true) }
            builder.endParagraph()
            return
        }
        if let list {
            for _ in extent(0, min(list.depth, 8)) { builder.append("  ") }
            if styles.isNumbered(list.id, list.depth) {
                builder.append(text: "\(number(list)). ")
            } else {
                builder.append("- ")
            }
        }
        paragraph.withView { builder.append(any: isCode ? $0 : $0.trimmed) }
        builder.startLine()
    }

    private mutating func number(_ list: (id: String, depth: Int)) -> Int {
        let depth = max(0, min(list.depth, 8))
        var counts = counters[list.id] ?? []
        while counts.count <= depth { counts.append(0) }
        counts[depth] += 1
        counts.removeLast(counts.count - depth - 1)
        counters[list.id] = counts
        return counts[depth]
    }
}
