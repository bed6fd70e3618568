import TwinSupport

/// Slides (ECMA-376 part 1, chapter 19): each slide is a part and a page, with its title, its text and its notes.
struct SlidesReader {
    private var builder: DocumentBuilder
    private let limits: ReaderLimits

    static func read(_ bytes: [UInt8], limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        var package = try PackageReader(bytes, limits: limits)
        let main =
            try package.relationships(of: "").values.first { $0.type == "officeDocument" }?.target ?? "ppt/presentation.xml"
        let presentation = try package.required(main)
        let targets = try package.relationships(of: main)
        let ids = try presentation.withView { (view) throws(ReadFailure) in
            var ids: [String] = []
            var xml = XMLReader(view, limits: limits)
            while let event = try xml.next() {
                // The relationship is the `id` with a namespace; the slide has one of its own without.
                if event == .start, xml.name == "sldId", let id = xml.attribute("id", isPrefixed: true) { ids.append(id) }
            }
            return ids
        }
        var reader = SlidesReader(builder: DocumentBuilder(limits: limits), limits: limits)
        let authors = try Self.authors(&package, targets, limits)
        var hidden: [Int] = []
        for (index, id) in ids.enumerated() {
            guard let target = targets[id]?.target, let slide = try package.part(target) else { continue }
            if Self.isHidden(slide, limits) {
                hidden.append(index + 1)
                continue
            }
            let parts = try package.relationships(of: target)
            let notes = parts.values.first { $0.type == "notesSlide" }?.target
            reader.drawings = [:]
            for (id, part) in parts where part.type == "chart" || part.type == "diagramData" {
                reader.drawings[id] = try package.part(part.target)
            }
            try reader.slide(index + 1, slide, notes: try notes.flatMap { (name) throws(ReadFailure) in try package.part(name) })
            for part in parts.values.sorted(by: { $0.target < $1.target }) where part.type == "comments" {
                if let bytes = try package.part(part.target) { try reader.comments(bytes, authors) }
            }
        }
        var document = try reader.builder.finish()
        document.title = document.firstHeading
        if !hidden.isEmpty {
            document.notices.append(
                "hidden slides were left out: \(hidden.prefix(20).map(String.init).joined(separator: ", "))")
        }
        try package.applyProperties(to: &document)
        return document
    }

    /// The parts that a slide shows, by their relationship.
    private var drawings: [String: [UInt8]] = [:]

    private static func isHidden(_ slide: [UInt8], _ limits: ReaderLimits) -> Bool {
        slide.withView { view in
            var xml = XMLReader(view, limits: limits)
            while let event = try? xml.next() {
                if event == .start { return ["0", "false"].contains(xml.attribute("show") ?? "") }
            }
            return false
        }
    }

    /// The names of those who commented, by their number.
    private static func authors(
        _ package: inout PackageReader, _ targets: [String: PackageReader.Relationship], _ limits: ReaderLimits
    ) throws(ReadFailure) -> [String: String] {
        var result: [String: String] = [:]
        for part in targets.values where part.type == "commentAuthors" || part.type == "authors" {
            guard let bytes = try package.part(part.target) else { continue }
            try bytes.withView { (view) throws(ReadFailure) in
                var xml = XMLReader(view, limits: limits)
                while let event = try xml.next() {
                    guard event == .start, let id = xml.attribute("id"), let name = xml.attribute("name") else { continue }
                    result[id] = name
                }
            }
        }
        return result
    }

    /// Comments, of the older form (`cm` with `text`) and the newer one, whose words stand in paragraphs.
    private mutating func comments(_ bytes: [UInt8], _ authors: [String: String]) throws(ReadFailure) {
        let limits = limits
        let comments = try bytes.withView { (view) throws(ReadFailure) in
            var result: [String] = []
            var xml = XMLReader(view, limits: limits)
            var author = ""
            var text: [UInt8] = []
            var isText = false
            while let event = try xml.next() {
                switch (event, xml.name) {
                case (.start, "cm"), (.start, "reply"): author = xml.attribute("authorId").flatMap { authors[$0] } ?? ""
                case (.start, "text"), (.start, "t"): isText = true
                case (.text, _): if isText { xml.appendText(to: &text) }
                case (.end, "text"), (.end, "t"), (.end, "p"):
                    isText = false
                    text.append(0x20)
                    guard xml.name != "t", let words = text.string.nonBlank else { continue }
                    result.append(author.isEmpty ? "Comment: \(words)" : "Comment by \(author): \(words)")
                    text = []
                default: break
                }
            }
            return result
        }
        for comment in comments {
            builder.endParagraph()
            builder.append(text: comment, onOneLine: true)
        }
    }

    private struct Shape {
        var role = ""
        var alternative: String?
        var chart: String?
        var diagram: String?
        var paragraphs: [(text: String, depth: Int)] = []
        var table: TableGrid?
    }

    private mutating func slide(_ number: Int, _ bytes: [UInt8], notes: [UInt8]?) throws(ReadFailure) {
        let shapes = try shapes(bytes)
        builder.endParagraph()
        builder.mark(.part("Slide \(number)"))
        builder.mark(.page(number))
        for shape in shapes where shape.role == "title" || shape.role == "ctrTitle" {
            let title = shape.paragraphs.map(\.text).joined(separator: " ")
            guard !title.isEmpty else { continue }
            builder.endParagraph()
            builder.mark(.heading(level: 1))
            builder.append(text: title, onOneLine: true)
            builder.endParagraph()
        }
        for shape in shapes where !["title", "ctrTitle", "sldNum", "dt", "ftr", "hdr"].contains(shape.role) {
            builder.endParagraph()
            for paragraph in shape.paragraphs {
                for _ in extent(0, paragraph.depth) { builder.append("  ") }
                if shape.paragraphs.count > 1, shape.role != "subTitle" { builder.append("- ") }
                builder.append(text: paragraph.text, onOneLine: true)
                builder.startLine()
            }
            if let table = shape.table { try table.write(into: &builder, limits: limits) }
            if let bytes = shape.chart.flatMap({ drawings[$0] }) {
                try DrawingText.writeChart(bytes, limits: limits, into: &builder)
            }
            if let bytes = shape.diagram.flatMap({ drawings[$0] }) {
                try DrawingText.writeTexts(bytes, heading: "", limits: limits, into: &builder)
            }
            if let words = shape.alternative {
                builder.endParagraph()
                builder.append(text: PictureText.line(words))
            }
        }
        guard let notes else { return }
        let spoken = try self.shapes(notes).filter { $0.role == "body" }.flatMap(\.paragraphs)
        guard !spoken.isEmpty else { return }
        builder.endParagraph()
        builder.append("Notes: ")
        for paragraph in spoken {
            builder.append(text: paragraph.text, onOneLine: true)
            builder.startLine()
        }
    }

    private func shapes(_ bytes: [UInt8]) throws(ReadFailure) -> [Shape] {
        let limits = limits
        return try bytes.withView { (view) throws(ReadFailure) in
            var result: [Shape] = []
            var shape = Shape()
            var paragraph: [UInt8] = []
            var depth = 0
            var cell = ""
            var isText = false
            var isCell = false
            var (isLeftOver, isBelowOver) = (false, false)
            var xml = XMLReader(view, limits: limits)
            while let event = try xml.next() {
                switch (event, xml.name) {
                case (.start, "Fallback"): try xml.skipElement()
                case (.start, "sp"), (.start, "graphicFrame"), (.start, "pic"), (.start, "cxnSp"): shape = Shape()
                case (.start, "cNvPr"): shape.alternative = PictureText.words(xml.attribute("descr")) ?? shape.alternative
                case (.start, "chart"): shape.chart = xml.attribute("id", isPrefixed: true)
                case (.start, "relIds"): shape.diagram = xml.attribute("dm")
                case (.start, "ph"): shape.role = xml.attribute("type") ?? "body"
                case (.start, "t"): isText = true
                case (.start, "br"): paragraph.append(0x20)
                case (.start, "pPr"): depth = max(0, min(xml.attribute("lvl").flatMap { Int($0) } ?? 0, 8))
                case (.start, "tbl"): shape.table = TableGrid()
                case (.start, "tc"):
                    isCell = true
                    cell = ""
                    // Cells that another stands over are there, and empty.
                    isLeftOver = ["1", "true"].contains(xml.attribute("hMerge") ?? "")
                    isBelowOver = ["1", "true"].contains(xml.attribute("vMerge") ?? "")
                case (.text, _): if isText { xml.appendText(to: &paragraph) }
                case (.end, "t"): isText = false
                case (.end, "p"):
                    let text = paragraph.string.trimmedText
                    paragraph.removeAll()
                    if isCell {
                        cell += cell.isEmpty ? text : " " + text
                    } else if !text.isEmpty {
                        shape.paragraphs.append((text, depth))
                    }
                    depth = 0
                case (.end, "tc"):
                    isCell = false
                    if isLeftOver { shape.table?.repeatCell() } else { shape.table?.addCell(cell, goesOn: isBelowOver) }
                case (.end, "tr"): shape.table?.endRow()
                case (.end, "sp"), (.end, "graphicFrame"), (.end, "pic"), (.end, "cxnSp"):
                    result.append(shape)
                    shape = Shape()
                default: break
                }
            }
            return result
        }
    }

    private init(builder: DocumentBuilder, limits: ReaderLimits) {
        self.builder = builder
        self.limits = limits
    }
}
