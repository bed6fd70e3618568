import TwinSupport

/// A workbook (ECMA-376 part 1, chapter 18): each sheet is a part, each row a record named by the sheet's header row.
struct WorkbookReader {
    private var builder: DocumentBuilder
    private let limits: ReaderLimits
    private var shared: [String] = []
    private var formats = CellFormats()
    /// Formulas without a result, and cells whose result is an error.
    private var uncomputed = 0
    private var errors = 0
    /// Who wrote threaded comments, by their number; read once.
    private var persons: [String: String]?

    static func read(_ bytes: [UInt8], limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        var package = try PackageReader(bytes, limits: limits)
        let main = try package.relationships(of: "").values.first { $0.type == "officeDocument" }?.target ?? "xl/workbook.xml"
        let workbook = try package.required(main)
        let targets = try package.relationships(of: main)
        var reader = WorkbookReader(builder: DocumentBuilder(limits: limits), limits: limits)
        let sheets = try reader.sheets(workbook)
        let folder = PackageReader.split(main).folder
        if let strings = try package.part(folder + "sharedStrings.xml") { try reader.readStrings(strings) }
        if let styles = try package.part(folder + "styles.xml") { try reader.formats.read(styles, limits: limits) }
        var notices: [String] = []
        for sheet in sheets {
            if sheet.isHidden {
                notices.append("the hidden sheet \(sheet.name) was left out")
                continue
            }
            guard let target = targets[sheet.id]?.target, let bytes = try package.part(target) else { continue }
            reader.builder.endParagraph()
            reader.builder.mark(.part(sheet.name))
            try bytes.withView { (view) throws(ReadFailure) in try reader.sheet(view) }
            try reader.attachments(of: target, in: &package)
        }
        let (uncomputed, errors) = (reader.uncomputed, reader.errors)
        var document = try reader.builder.finish()
        if uncomputed > 0 {
            notices.append(
                "\(uncomputed) formulas have no stored result and stand as formulas; opening and saving the workbook computes them"
            )
        }
        if errors > 0 { notices.append("\(errors) cells that hold an error such as #N/A were left out") }
        document.notices = notices
        try package.applyProperties(to: &document)
        return document
    }

    private init(builder: DocumentBuilder, limits: ReaderLimits) {
        self.builder = builder
        self.limits = limits
    }

    private mutating func sheets(_ workbook: [UInt8]) throws(ReadFailure) -> [(name: String, id: String, isHidden: Bool)] {
        let limits = limits
        var sheets: [(name: String, id: String, isHidden: Bool)] = []
        var uses1904 = false
        try workbook.withView { (view) throws(ReadFailure) in
            var xml = XMLReader(view, limits: limits)
            while let event = try xml.next() {
                guard event == .start else { continue }
                if xml.name == "workbookPr" { uses1904 = ["1", "true"].contains(xml.attribute("date1904") ?? "") }
                if xml.name == "sheet", let id = xml.attribute("id", isPrefixed: true) {
                    sheets.append(
                        (xml.attribute("name") ?? "Sheet", id, xml.attribute("state")?.lowercased().contains("hidden") ?? false))
                }
            }
        }
        formats.uses1904 = uses1904
        return sheets
    }

    private mutating func readStrings(_ bytes: [UInt8]) throws(ReadFailure) {
        let limits = limits
        shared = try bytes.withView { (view) throws(ReadFailure) in
            var strings: [String] = []
            var text: [UInt8] = []
            var isText = false
            var xml = XMLReader(view, limits: limits)
            while let event = try xml.next() {
                switch (event, xml.name) {
                case (.start, "si"): text.removeAll(keepingCapacity: true)
                case (.start, "rPh"): try xml.skipElement()  // how to pronounce it
                case (.start, "t"): isText = true
                case (.text, _): if isText { xml.appendText(to: &text) }
                case (.end, "t"): isText = false
                case (.end, "si"): strings.append(text.string)
                default: break
                }
            }
            return strings
        }
    }

    private mutating func sheet(_ view: ByteView) throws(ReadFailure) {
        var xml = XMLReader(view, limits: limits)
        var stream = TableStream(limits: limits)
        var merges = try MergedCells(view, limits: limits)
        var row: [(column: Int, text: String)] = []
        var number = 0
        var lastNumber = 0
        var column = 0
        var type = ""
        var style = 0
        var value: [UInt8] = []
        var isValue = false
        var formula: [UInt8] = []
        var (hasFormula, isFormula) = (false, false)
        while let event = try xml.next(), !builder.isFull {
            switch (event, xml.name) {
            case (.start, "row"):
                column = 0
                number = max(number + 1, min(xml.attribute("r").flatMap { Int($0) } ?? 0, Self.maximumRow))
            case (.start, "c"):
                column = xml.attribute("r").flatMap(Self.column) ?? column + 1
                type = xml.attribute("t") ?? "n"
                style = xml.attribute("s").flatMap { Int($0) } ?? 0
                value.removeAll(keepingCapacity: true)
                hasFormula = false
                formula.removeAll(keepingCapacity: true)
            case (.start, "v"), (.start, "t"): isValue = true
            case (.start, "f"):
                hasFormula = true
                isFormula = true
            case (.end, "f"): isFormula = false
            case (.start, "rPh"): try xml.skipElement()
            case (.text, _):
                if isValue { xml.appendText(to: &value) }
                if isFormula { xml.appendText(to: &formula) }
            case (.end, "v"), (.end, "t"): isValue = false
            case (.end, "c"):
                var text = cell(value.string, type, style)
                if type == "e" { errors += 1 }
                if value.isEmpty, hasFormula {
                    uncomputed += 1
                    if !formula.isEmpty { text = "=" + formula.string }
                }
                if !text.isEmpty, column <= Self.maximumColumn { row.append((column, text)) }
            case (.end, "row"):
                merges.fill(&row, number: number)
                if row.isEmpty { continue }
                if number > lastNumber + 1 { try stream.gap(into: &builder) }
                lastNumber = number
                try write(&row, &stream)
            default: break
            }
        }
        try stream.finish(into: &builder)
    }

    /// What belongs to a sheet and stands in parts of its own: comments, and what is drawn.
    private mutating func attachments(of sheet: String, in package: inout PackageReader) throws(ReadFailure) {
        let parts = try package.relationships(of: sheet).values.sorted { $0.target < $1.target }
        let isThreaded = parts.contains { $0.type == "threadedComment" }
        for part in parts {
            switch part.type {
            // Threaded comments stand once more as one of the older kind, with an explanation.
            case "comments" where !isThreaded, "threadedComment":
                guard let bytes = try package.part(part.target) else { continue }
                if part.type == "threadedComment", persons == nil { persons = try Self.persons(&package, limits) }
                try comments(bytes)
            case "drawing":
                guard let bytes = try package.part(part.target) else { continue }
                try DrawingText.writeTexts(bytes, heading: "", limits: limits, into: &builder)
                for inner in try package.relationships(of: part.target).values.sorted(by: { $0.target < $1.target }) {
                    guard inner.type == "chart" || inner.type == "diagramData", let bytes = try package.part(inner.target) else {
                        continue
                    }
                    if inner.type == "chart" {
                        try DrawingText.writeChart(bytes, limits: limits, into: &builder)
                    } else {
                        try DrawingText.writeTexts(bytes, heading: "", limits: limits, into: &builder)
                    }
                }
            default: break
            }
        }
    }

    private static func persons(_ package: inout PackageReader, _ limits: ReaderLimits) throws(ReadFailure) -> [String: String] {
        guard let bytes = try package.part("xl/persons/person.xml") else { return [:] }
        return try bytes.withView { (view) throws(ReadFailure) in
            var result: [String: String] = [:]
            var xml = XMLReader(view, limits: limits)
            while let event = try xml.next() {
                guard event == .start, xml.name == "person", let id = xml.attribute("id") else { continue }
                result[id] = xml.attribute("displayName") ?? ""
            }
            return result
        }
    }

    private mutating func comments(_ bytes: [UInt8]) throws(ReadFailure) {
        let (limits, persons) = (limits, persons ?? [:])
        let lines = try bytes.withView { (view) throws(ReadFailure) in
            var result: [String] = []
            var authors: [String] = []
            var (place, author) = ("", "")
            var text: [UInt8] = []
            var isText = false
            var xml = XMLReader(view, limits: limits)
            while let event = try xml.next() {
                switch (event, xml.name) {
                case (.start, "author"): authors.append(try xml.elementText())
                case (.start, "comment"), (.start, "threadedComment"):
                    place = xml.attribute("ref") ?? ""
                    let number = xml.attribute("authorId").flatMap { Int($0) } ?? -1
                    author =
                        authors.indices.contains(number)
                        ? authors[number] : xml.attribute("personId").flatMap { persons[$0] } ?? ""
                    text = []
                case (.start, "rPh"): try xml.skipElement()
                case (.start, "t"), (.start, "text"): isText = true
                case (.text, _): if isText { xml.appendText(to: &text) }
                case (.end, "t"), (.end, "text"): isText = false
                case (.end, "comment"), (.end, "threadedComment"):
                    guard var words = text.string.nonBlank else { continue }
                    // The program puts the name in front.
                    if !author.isEmpty, words.hasPrefix("\(author):") {
                        words = String(words.dropFirst(author.count + 1)).trimmedText
                    }
                    result.append("Comment on \(place)\(author.isEmpty ? "" : " by \(author)"): \(words)")
                default: break
                }
            }
            return result
        }
        for line in lines {
            builder.startLine()
            builder.append(text: line, onOneLine: true)
        }
        if !lines.isEmpty { builder.endParagraph() }
    }

    /// The most that a sheet has (ECMA-376 part 1, section 18.3.1).
    private static let maximumColumn = 16_384
    private static let maximumRow = 1_048_576

    private mutating func write(_ row: inout [(column: Int, text: String)], _ stream: inout TableStream) throws(ReadFailure) {
        defer { row.removeAll(keepingCapacity: true) }
        if stream.isOpen {
            for cell in row {
                stream.move(toColumn: cell.column - 1)
                cell.text.withView { stream.addCell($0) }
            }
            return try stream.endRow(into: &builder)
        }
        var cells = [String](repeating: "", count: row.map(\.column).max() ?? 0)
        for cell in row where cells.indices.contains(cell.column - 1) { cells[cell.column - 1] = cell.text }
        try stream.add(cells, into: &builder)
    }

    private func cell(_ value: String, _ type: String, _ style: Int) -> String {
        switch type {
        case "s":
            guard let index = Int(value), shared.indices.contains(index) else { return "" }
            return shared[index].trimmedText
        case "b": return value == "1" ? "yes" : value.isEmpty ? "" : "no"
        case "e": return ""
        case "n": return formats.text(value, style: style)
        default: return value.trimmedText
        }
    }

    /// The column of a reference such as `BC12`, counted from 1.
    static func column(_ reference: String) -> Int? {
        var result = 0
        for byte in reference.utf8 {
            guard byte.isLetter else { break }
            result = result * 26 + Int(byte.lowercased - UInt8(ascii: "a")) + 1
            guard result <= 16_384 else { return nil }
        }
        return result > 0 ? result : nil
    }
}
