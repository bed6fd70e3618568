import TwinSupport

/// A workbook (ECMA-376 part 1, chapter 18): each sheet is a part, each row a record named by the sheet's header row.
struct WorkbookReader {
    private var builder: DocumentBuilder
    private let limits: ReaderLimits
    private var shared: [String] = []
    private var formats = CellFormats()

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
        }
        var document = try reader.builder.finish()
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
            case (.start, "v"), (.start, "t"): isValue = true
            case (.start, "rPh"): try xml.skipElement()
            case (.text, _): if isValue { xml.appendText(to: &value) }
            case (.end, "v"), (.end, "t"): isValue = false
            case (.end, "c"):
                let text = cell(value.string, type, style)
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
