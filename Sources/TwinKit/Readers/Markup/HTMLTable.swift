import TwinSupport

/// The cells of a table of HTML while it is open.
struct HTMLTable {
    private struct Cell {
        var text: [UInt8] = []
        var isHeader = false
    }
    private var rows: [[Cell]] = []
    private var row: [Cell] = []
    private(set) var isInCell = false
    /// It only arranges the page; its text has gone to the page itself.
    private(set) var isLayout = false

    mutating func startCell(isHeader: Bool, span: Int) {
        guard !isLayout else { return }
        isInCell = true
        row.append(Cell(isHeader: isHeader))
        pendingSpan = max(1, min(span, 100)) - 1
    }

    private var pendingSpan = 0
    private var padding = 0

    mutating func endCell() {
        guard isInCell else { return }
        isInCell = false
        // Padding is bounded, so that a few bytes of markup cannot become gigabytes of cells.
        padding += pendingSpan
        if padding <= 10_000 { for _ in extent(0, pendingSpan) { row.append(Cell(isHeader: row.last?.isHeader ?? false)) } }
        pendingSpan = 0
    }

    mutating func endRow() {
        endCell()
        if !row.isEmpty { rows.append(row) }
        row = []
    }

    /// Adds a block of text to the open cell.
    mutating func append(_ text: [UInt8], prefix: [UInt8]) {
        guard isInCell, !row.isEmpty else { return }
        let last = row.count - 1
        if !row[last].text.isEmpty { row[last].text.append(0x20) }
        row[last].text += prefix.drop { $0 == 0x20 }
        row[last].text += text
    }

    /// Turns the table into layout and hands out what it holds.
    mutating func takeBlocks() -> [[UInt8]] {
        endRow()
        isLayout = true
        defer { rows = [] }
        return rows.flatMap { $0.map(\.text) }.filter { $0.contains { !$0.isSpace } }
    }

    /// Writes the rows as records, named by the header row if there is one. A table of one column or one row arranges text
    /// and becomes paragraphs.
    func write(into builder: inout DocumentBuilder, limits: ReaderLimits) throws(ReadFailure) {
        var copy = self
        copy.endRow()
        let rows = copy.rows.filter { $0.contains { !$0.text.isEmpty } }
        let columns = rows.map(\.count).max() ?? 0
        if columns <= 1 || rows.count <= 1 {
            for cell in rows.joined() where !cell.text.isEmpty {
                cell.text.withView { builder.append(any: $0.trimmed, onOneLine: true) }
                builder.endParagraph()
            }
            return
        }
        var writer = RecordWriter(limits: limits)
        var body = rows[...]
        if let first = rows.first, first.allSatisfy({ $0.isHeader || $0.text.isEmpty }) {
            writer.setHeaders(first.map(\.text.string))
            body = rows.dropFirst()
        }
        for row in body {
            // Two cells of which the first is a header are a name and its value.
            if !writer.hasHeaders, row.count == 2, let name = row.first, name.isHeader, let value = row.last, !name.text.isEmpty {
                writer.addCell(name.text.string.trimmedText + ": " + value.text.string.trimmedText)
            } else {
                for cell in row { cell.text.withView { writer.addCell($0) } }
            }
            try writer.endRow(into: &builder)
        }
        writer.finish(into: &builder)
    }
}
