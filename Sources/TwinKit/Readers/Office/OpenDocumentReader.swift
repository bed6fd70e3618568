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
    private var hiddenStyles: Set<String> = []
    private var raisedStyles: Set<String> = []
    private var numberedLists: Set<String> = []
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
        if let styles = try package.part("styles.xml") {
            try styles.withView { (view) throws(ReadFailure) in try reader.readStyles(view) }
        }
        try content.withView { (view) throws(ReadFailure) in
            try reader.readStyles(view)
            try reader.body(view)
        }
        for folder in reader.charts.prefix(200) {
            guard let bytes = try package.part(folder + "/content.xml") else { continue }
            try bytes.withView { (view) throws(ReadFailure) in try reader.chart(view) }
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

    private mutating func readStyles(_ view: ByteView) throws(ReadFailure) {
        var xml = XMLReader(view, limits: limits)
        var (style, list) = ("", "")
        while let event = try xml.next() {
            guard event == .start else { continue }
            switch (xml.prefix, xml.name) {
            case ("office", "body"): return
            case ("style", "style"): style = xml.attribute("name") ?? ""
            case ("style", "table-properties"): if xml.attribute("display") == "false" { hiddenStyles.insert(style) }
            case ("style", "text-properties"):
                if xml.attribute("display") == "none" { hiddenStyles.insert(style) }
                if xml.attribute("text-position")?.hasPrefix("super") == true
                    || xml.attribute("text-position").map({ ($0.first?.isNumber ?? false) && $0 != "0% 100%" }) == true
                {
                    raisedStyles.insert(style)
                }
            case ("text", "list-style"): list = xml.attribute("name") ?? ""
            case ("text", "list-level-style-number"):
                if xml.attribute("num-format")?.isEmpty == false { numberedLists.insert(list) }
            default: break
            }
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
            if hiddenStyles.contains(xml.attribute("style-name") ?? "") { try skip(&xml) }
        case ("text", "p"):
            try flush()
            textDepth += 1
            if xml.attribute("style-name") == "Title" { level = 1 }
            if hiddenStyles.contains(xml.attribute("style-name") ?? "") { try skip(&xml) }
        case ("text", "span"):
            let style = xml.attribute("style-name") ?? ""
            if hiddenStyles.contains(style) {
                notice("hidden text was left out")
                try xml.skipElement()
            } else {
                raisedFrom.append(raisedStyles.contains(style) ? paragraph.count : nil)
            }
        case ("text", "s"):
            for _ in extent(0, min(xml.attribute("c").flatMap { Int($0) } ?? 1, 100)) { paragraph.append(0x20) }
        case ("text", "tab"): paragraph.append(0x20)
        case ("text", "line-break"): paragraph.append(0x0A)
        case ("text", "soft-page-break"): break
        case ("text", "note"):
            let kind = xml.attribute("note-class") == "endnote" ? "Endnote" : "Footnote"
            let text = try words(&xml, skipping: "note-citation").joined(separator: " ")
            if !text.isEmpty { beside.append("\(kind): \(text)") }
        case ("office", "annotation"):
            let (author, lines) = try annotation(&xml)
            if !lines.isEmpty { beside.append("Comment\(author.isEmpty ? "" : " by \(author)"): \(lines)") }
        case ("draw", "text-box"), ("draw", "custom-shape"):
            // In a text a box stands inside of a paragraph.
            guard isInText, slide == 0 else { break }
            beside += try words(&xml, skipping: "")
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
            let isNumbered = style.isEmpty ? lists.last?.isNumbered ?? false : numberedLists.contains(style)
            if lists.count < 64 { lists.append((isNumbered, 0)) }
        case ("text", "list-item"):
            try flush()
            if let last = lists.indices.last {
                lists[last].count += 1
                itemMark = lists[last].isNumbered ? Array("\(lists[last].count). ".utf8) : [UInt8(ascii: "-"), 0x20]
            }
        case ("table", "table"):
            try flush()
            if hiddenStyles.contains(xml.attribute("style-name") ?? "") {
                notice("the hidden sheet \(xml.attribute("name") ?? "") was left out")
                try xml.skipElement()
            } else if isSheets {
                builder.endParagraph()
                builder.mark(.part(xml.attribute("name") ?? "Sheet"))
                try sheet(&xml)
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
            let spoken = try words(&xml, skipping: "page-thumbnail").filter { !$0.allSatisfy(\.isNumber) && $0 != "<number>" }
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

    // MARK: What is read as a whole

    /// After `start`: the paragraphs inside of the element.
    private func words(_ xml: inout XMLReader, skipping name: String) throws(ReadFailure) -> [String] {
        let outside = xml.depth - 1
        var result: [String] = []
        var text: [UInt8] = []
        var depth = 0
        while xml.depth > outside, let event = try xml.next() {
            switch (event, xml.name) {
            case (.start, name): try xml.skipElement()
            case (.start, "p"), (.start, "h"): depth += 1
            case (.start, "s"), (.start, "tab"), (.start, "line-break"): text.append(0x20)
            case (.text, _): if depth > 0 { xml.appendText(to: &text) }
            case (.end, "p"), (.end, "h"):
                depth = max(0, depth - 1)
                if let line = text.string.split(whereSeparator: \.isWhitespace).joined(separator: " ").nonBlank {
                    result.append(line)
                }
                text = []
            default: break
            }
        }
        return result
    }

    private func annotation(_ xml: inout XMLReader) throws(ReadFailure) -> (author: String, text: String) {
        let outside = xml.depth - 1
        var author = ""
        var text: [UInt8] = []
        var depth = 0
        while xml.depth > outside, let event = try xml.next() {
            switch (event, xml.name) {
            case (.start, "creator"): author = try xml.elementText()
            case (.start, "date"), (.start, "creator-initials"): try xml.skipElement()
            case (.start, "p"): depth += 1
            case (.text, _): if depth > 0 { xml.appendText(to: &text) }
            case (.end, "p"):
                depth = max(0, depth - 1)
                text.append(0x20)
            default: break
            }
        }
        return (author, text.string.trimmedText)
    }

    // MARK: Sheets

    private static let maximumColumns = 16_384
    private static let maximumRepeats = 1_000

    /// After the start of a sheet: its rows as records.
    private mutating func sheet(_ xml: inout XMLReader) throws(ReadFailure) {
        let outside = xml.depth - 1
        var stream = TableStream(limits: limits)
        var row: [String] = []
        var comments: [String] = []
        /// Cells that stand over several rows or columns, by their column.
        var reaching: [Int: (text: String, rows: Int)] = [:]
        var own = 0
        var (columns, rows, repeats, rowRepeats) = (1, 1, 1, 1)
        var (type, value, text) = ("", "", [UInt8]())
        var isCovered = false
        var depth = 0
        var isGap = false
        var filled = 0
        while xml.depth > outside, let event = try xml.next(), !builder.isFull {
            switch (event, xml.name) {
            case (.start, "table-row"):
                row = []
                own = 0
                rowRepeats = xml.attribute("number-rows-repeated").flatMap { Int($0) } ?? 1
            case (.start, "table-cell"), (.start, "covered-table-cell"):
                isCovered = xml.name == "covered-table-cell"
                columns = xml.attribute("number-columns-spanned").flatMap { Int($0) } ?? 1
                rows = xml.attribute("number-rows-spanned").flatMap { Int($0) } ?? 1
                repeats = xml.attribute("number-columns-repeated").flatMap { Int($0) } ?? 1
                type = xml.attribute("value-type") ?? ""
                value = xml.attribute("date-value") ?? xml.attribute("value") ?? xml.attribute("string-value") ?? ""
                text = []
            case (.start, "annotation"):
                let (author, words) = try annotation(&xml)
                if !words.isEmpty {
                    comments.append(
                        "Comment on \(Self.name(row.count))\(stream.nextRow)\(author.isEmpty ? "" : " by \(author)"): \(words)")
                }
            case (.start, "object"):
                if let reference = xml.attribute("href") { charts.append(PackageReader.resolve(reference, from: "")) }
            case (.start, "title"), (.start, "desc"):
                if let words = PictureText.words(try xml.elementText()) { comments.append(PictureText.line(words)) }
            case (.start, "p"):
                depth += 1
                if !text.isEmpty { text.append(0x20) }
            case (.start, "s"): text.append(0x20)
            case (.text, _): if depth > 0 { xml.appendText(to: &text) }
            case (.end, "p"): depth = max(0, depth - 1)
            case (.end, "table-cell"), (.end, "covered-table-cell"):
                var shown = text.string.trimmedText
                if type == "date", !value.isEmpty {
                    shown = value.replacingT
                } else if shown.isEmpty {
                    shown = type == "string" || type == "float" ? value : ""
                }
                if isCovered {
                    for _ in extent(0, min(repeats, Self.maximumColumns - row.count)) {
                        row.append(reaching[row.count]?.text ?? "")
                    }
                    continue
                }
                if !shown.isEmpty { own += 1 }
                let count = max(1, min(repeats, shown.isEmpty ? Self.maximumColumns : Self.maximumRepeats))
                for _ in extent(0, count) where row.count < Self.maximumColumns {
                    if columns > 1 || rows > 1, !shown.isEmpty {
                        for column in extent(row.count, min(row.count + columns, Self.maximumColumns)) {
                            reaching[column] = (shown, rows)
                        }
                    }
                    row.append(shown)
                }
            case (.end, "table-row"):
                // A cell over all columns is a title.
                if own <= 1, let first = row.first(where: { !$0.isEmpty }), row.allSatisfy({ $0.isEmpty || $0 == first }),
                    row.count(where: { !$0.isEmpty }) > 1, reaching.values.allSatisfy({ $0.rows <= 1 })
                {
                    row = [first]
                }
                for (column, cell) in reaching { reaching[column] = cell.rows > 1 ? (cell.text, cell.rows - 1) : nil }
                while row.last?.isEmpty == true { row.removeLast() }
                if row.isEmpty {
                    isGap = true
                    continue
                }
                if isGap { try stream.gap(into: &builder) }
                isGap = false
                for _ in extent(0, max(1, min(rowRepeats, Self.maximumRepeats))) {
                    filled += row.count
                    guard filled <= 4_000_000 else { break }
                    try stream.add(row, into: &builder)
                }
            default: break
            }
        }
        try stream.finish(into: &builder)
        for comment in comments {
            builder.startLine()
            builder.append(text: comment, onOneLine: true)
        }
        builder.endParagraph()
    }

    private static func name(_ column: Int) -> String {
        var number = column
        var result = ""
        repeat {
            result = String(Unicode.Scalar(UInt8(65 + number % 26))) + result
            number = number / 26 - 1
        } while number >= 0
        return result
    }

    /// An embedded chart keeps its values in a table of its own.
    private mutating func chart(_ view: ByteView) throws(ReadFailure) {
        var inner = OpenDocumentReader(builder: DocumentBuilder(limits: limits), limits: limits)
        var isChart = false
        var xml = XMLReader(view, limits: limits)
        while let event = try xml.next() {
            guard event == .start else { continue }
            if xml.prefix == "chart", xml.name == "chart" { isChart = true }
            if isChart, xml.name == "title" {
                let text = try inner.words(&xml, skipping: "").joined(separator: " ")
                inner.builder.append(text: text.isEmpty ? "Chart" : "Chart: \(text)", onOneLine: true)
                inner.builder.startLine()
            } else if isChart, xml.prefix == "table", xml.name == "table" {
                try inner.sheet(&xml)
            }
        }
        guard isChart else { return }
        builder.append(try inner.builder.finish())
    }
}

extension String {
    /// `2024-01-05T10:00:00` as sheets of the other kind are read: a day, and a time of day when it says one.
    fileprivate var replacingT: String {
        guard let place = firstIndex(of: "T") else { return self }
        let time = self[index(after: place)...].prefix(5)
        return time == "00:00" ? String(self[..<place]) : "\(self[..<place]) \(time)"
    }
}
