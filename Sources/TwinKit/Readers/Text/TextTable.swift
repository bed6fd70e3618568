import TwinSupport

/// A table whose cells are plain text, written as records once it is complete.
struct TextTable {
    private var rows: [[String]] = []
    private var row: [String] = []
    private var hasHeaderRow = false

    mutating func addCell(_ text: String) { row.append(text) }

    /// Ends the row; `isHeader` when the document says that it names the columns.
    mutating func endRow(isHeader: Bool = false) {
        if rows.isEmpty, isHeader { hasHeaderRow = true }
        if row.contains(where: { !$0.isEmpty }) { rows.append(row) }
        row = []
    }

    /// One column or one row arranges text; anything more is a table with a header row where that looks like one.
    func write(into builder: inout DocumentBuilder, limits: ReaderLimits) throws(ReadFailure) {
        builder.endParagraph()
        guard let first = rows.first else { return }
        if rows.count == 1 || rows.allSatisfy({ $0.count <= 1 }) {
            for cell in rows.joined() where !cell.isEmpty {
                builder.append(text: cell, onOneLine: true)
                builder.endParagraph()
            }
            return
        }
        var writer = RecordWriter(limits: limits)
        let isHeader = hasHeaderRow || (first.count > 1 && DelimitedReader.isHeader(first))
        if isHeader { writer.setHeaders(first) }
        for row in isHeader ? rows.dropFirst() : rows[...] {
            for cell in row { writer.addCell(cell) }
            try writer.endRow(into: &builder)
        }
        writer.finish(into: &builder)
    }
}
