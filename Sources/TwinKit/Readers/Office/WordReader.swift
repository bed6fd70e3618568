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
        try body.withView { (view) throws(ReadFailure) in try reader.body(view) }
        let title = reader.title
        var document = try reader.builder.finish(title: title)
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
                    isText = true
                    exponent = isRaised ? paragraph.count : nil
                case "r": isRaised = false
                // Deleted text, and what older programs show instead of a drawing that is also there in full.
                case "del", "moveFrom", "Fallback", "instrText": try xml.skipElement()
                default: start(xml)
                }
            case .text: if isText { xml.appendText(to: &paragraph) }
            case .end:
                if isText { raise() }
                isText = false
                try end(xml.name)
            }
        }
        flush()
    }

    private mutating func start(_ xml: XMLReader) {
        switch xml.name {
        case "p":
            // A text box stands inside of a paragraph and has its own.
            flush()
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
            flush()
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
        case "p": flush()
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
            if tables.isEmpty { try finished.grid.write(into: &builder, limits: limits) }
            lastWasItem = false
        default: break
        }
    }

    private mutating func flush() {
        defer {
            paragraph.removeAll(keepingCapacity: true)
            operands = []
            exponent = nil
            level = nil
            isTitle = false
            isCode = false
            list = nil
        }
        guard paragraph.contains(where: { !$0.isSpace }) else { return }
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

/// What the styles and the numbering of a document say of a paragraph.
struct WordStyles {
    struct Style {
        var level: Int?
        var isTitle = false
        var isCode = false
        var numbering: String?
        fileprivate var base: String?
    }

    private var styles: [String: Style] = [:]
    /// The abstract numbering of each list, and the levels of each abstract numbering that count.
    private var abstract: [String: String] = [:]
    private var numbered: [String: Set<Int>] = [:]

    /// Broken parts are as good as missing ones: the text is still there.
    init(styles: [UInt8], numbering: [UInt8], limits: ReaderLimits) {
        styles.withView { try? readStyles(XMLReader($0, limits: limits)) }
        numbering.withView { try? readNumbering(XMLReader($0, limits: limits)) }
    }

    private mutating func readStyles(_ reader: XMLReader) throws(ReadFailure) {
        var xml = reader
        var id = ""
        var style = Style()
        while let event = try xml.next() {
            if event == .end, xml.name == "style" { styles[id] = style }
            guard event == .start else { continue }
            switch xml.name {
            case "style":
                id = xml.attribute("styleId") ?? ""
                style = Style()
            case "name":
                let name = (xml.attribute("val") ?? "").lowercased()
                if name.hasPrefix("heading "), let level = Int(name.dropFirst(8)), (1...9).contains(level) { style.level = level }
                style.isTitle = name == "title"
                style.isCode = name.contains("code") || name.contains("preformatted") || name == "source text"
            case "basedOn": style.base = xml.attribute("val")
            case "outlineLvl":
                if let level = xml.attribute("val").flatMap({ Int($0) }), (0...8).contains(level) {
                    style.level = style.level ?? level + 1
                }
            case "numId": style.numbering = xml.attribute("val").flatMap { $0 == "0" ? nil : $0 }
            default: break
            }
        }
    }

    private mutating func readNumbering(_ reader: XMLReader) throws(ReadFailure) {
        var xml = reader
        var current = ""
        var level = 0
        var list = ""
        while let event = try xml.next() {
            guard event == .start else { continue }
            switch xml.name {
            case "abstractNum": current = xml.attribute("abstractNumId") ?? ""
            case "lvl": level = xml.attribute("ilvl").flatMap { Int($0) } ?? 0
            case "numFmt":
                if let format = xml.attribute("val"), format != "bullet", format != "none" {
                    numbered[current, default: []].insert(level)
                }
            case "num": list = xml.attribute("numId") ?? ""
            case "abstractNumId": abstract[list] = xml.attribute("val") ?? ""
            default: break
            }
        }
    }

    func isNumbered(_ list: String, _ depth: Int) -> Bool { abstract[list].flatMap { numbered[$0] }?.contains(depth) ?? false }

    /// The style with what it inherits; a chain of styles is followed for ten steps.
    func style(_ id: String) -> Style {
        var result = styles[id] ?? Style()
        // Documents without a styles part still use the names.
        if styles.isEmpty, id.hasPrefix("Heading"), let level = Int(id.dropFirst(7)), (1...9).contains(level) {
            result.level = level
        }
        if styles.isEmpty, id == "Title" { result.isTitle = true }
        var base = result.base
        for _ in 0..<10 {
            guard let id = base, let style = styles[id] else { break }
            result.level = result.level ?? style.level
            result.numbering = result.numbering ?? style.numbering
            result.isCode = result.isCode || style.isCode
            base = style.base
        }
        return result
    }
}
