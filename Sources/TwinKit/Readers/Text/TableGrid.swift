import TwinSupport

/// A table of a document as the grid that a reader sees: a cell that stands over several columns or rows is in each of them.
struct TableGrid {
    private struct Row {
        var cells: [String] = []
        var isHeader = false
        /// All of it is one cell that stands over several columns.
        var isOneCell = false
        /// Two cells, a name and its value.
        var isPair = false
    }

    private var rows: [Row] = []
    private var row = Row()
    private var isRowOpen = false
    private var cellCount = 0
    /// Cells that reach into rows to come, by their column: the text, and the rows that are left.
    private var reaching: [Int: (text: String, rows: Int)] = [:]
    /// Cells that were only filled in; bounded, so that a few bytes of markup cannot become gigabytes.
    private var filled = 0

    private static let maximumSpan = 1000
    private static let maximumFilled = 100_000

    /// Whether the document named the columns of a row that has ended.
    var hasHeader: Bool { rows.contains { $0.isHeader && !$0.isOneCell } }

    /// The next cell is that of this column, counted from 0; those before it are empty.
    mutating func skip(columns: Int) {
        isRowOpen = true
        for _ in extent(0, min(columns, Self.maximumSpan)) { append("", isFilled: true) }
    }

    /// Adds a cell. `columns` and `rows` are how many of them it stands over; one that goes on from above repeats that.
    mutating func addCell(_ text: String, columns: Int = 1, rows: Int = 1, goesOn: Bool = false) {
        isRowOpen = true
        takeReaching()
        cellCount += 1
        let columns = max(1, min(columns, Self.maximumSpan))
        let column = row.cells.count
        let above =
            goesOn && text.isEmpty ? self.rows.last.flatMap { $0.cells.indices.contains(column) ? $0.cells[column] : nil } : nil
        for offset in extent(0, columns) {
            append(above ?? text, isFilled: offset > 0)
            // As many rows as there are, when it says 0 (HTML Living Standard, section 4.9.11).
            let left = (rows == 0 ? Self.maximumSpan : min(rows, Self.maximumSpan)) - 1
            if left > 0, row.cells.count == column + offset + 1 { reaching[column + offset] = (text, left) }
        }
    }

    /// Repeats the cell to the left, which stands over this column too.
    mutating func repeatCell() {
        takeReaching()
        append(row.cells.last ?? "", isFilled: true)
    }

    private mutating func append(_ text: String, isFilled: Bool) {
        if isFilled {
            filled += 1
            guard filled <= Self.maximumFilled else { return }
        }
        row.cells.append(text)
    }

    /// Fills the columns here that a cell from above reaches into.
    private mutating func takeReaching() {
        while let above = reaching[row.cells.count], filled < Self.maximumFilled {
            let column = row.cells.count
            reaching[column] = above.rows > 1 ? (above.text, above.rows - 1) : nil
            append(above.text, isFilled: true)
        }
    }

    /// Ends the row; `isHeader` when the document says that it names the columns.
    mutating func endRow(isHeader: Bool = false, isPair: Bool = false) {
        guard isRowOpen else { return }
        takeReaching()
        // Cells from above further to the right, behind columns that this row leaves out.
        if let last = reaching.keys.max(), last >= row.cells.count {
            while row.cells.count <= last, filled < Self.maximumFilled {
                if reaching[row.cells.count] == nil { append("", isFilled: true) } else { takeReaching() }
            }
        }
        row.isHeader = isHeader
        row.isPair = isPair && row.cells.count == 2
        row.isOneCell = cellCount == 1 && row.cells.count > 1 && Set(row.cells).count == 1
        if row.cells.contains(where: { !$0.isEmpty }) { rows.append(row) }
        row = Row()
        isRowOpen = false
        cellCount = 0
    }

    /// The texts of its cells, each once, and an empty table.
    mutating func takeTexts() -> [String] {
        endRow()
        defer { self = TableGrid() }
        return rows.flatMap(\.cells).filter { !$0.isEmpty }
    }

    /// Writes the rows as records. One column or one row only arranges text and becomes paragraphs. With `needsEvidence`, see
    /// `TableHeader`.
    consuming func write(into builder: inout DocumentBuilder, limits: ReaderLimits, needsEvidence: Bool = false)
        throws(ReadFailure)
    {
        endRow()
        builder.endParagraph()
        if rows.count <= 1 || rows.allSatisfy({ $0.cells.count <= 1 || $0.isOneCell }) {
            for row in rows {
                for cell in row.isOneCell ? Array(row.cells.prefix(1)) : row.cells where !cell.isEmpty {
                    builder.append(text: cell, onOneLine: true)
                    builder.endParagraph()
                }
            }
            return
        }
        if rows.contains(where: \.isPair), !hasHeader {
            var writer = RecordWriter(limits: limits)
            for row in rows {
                if row.isPair, !row.cells[0].isEmpty {
                    writer.addCell("\(row.cells[0]): \(row.cells[1])")
                } else {
                    for cell in row.isOneCell ? Array(row.cells.prefix(1)) : row.cells { writer.addCell(cell) }
                }
                try writer.endRow(into: &builder)
            }
            return writer.finish(into: &builder)
        }
        var stream = TableStream(limits: limits, needsEvidence: needsEvidence)
        for row in rows {
            try stream.add(
                row.isOneCell ? Array(row.cells.prefix(1)) : row.cells, isMarked: row.isHeader && !row.isOneCell, into: &builder)
        }
        try stream.finish(into: &builder)
    }
}
