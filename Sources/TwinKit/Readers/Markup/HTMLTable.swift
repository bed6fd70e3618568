import TwinSupport

/// A table of HTML while it is open.
struct HTMLTable {
    private struct Cell {
        var text: [UInt8] = []
        var isHeader = false
        var columns = 1
        var rows = 1
    }

    private var grid = TableGrid()
    private var cell = Cell()
    /// Of the open row: its cells, and how many of them are headers.
    private var cells = 0
    private var headers = 0
    private var beginsWithHeader = false
    private(set) var isInCell = false
    /// It only arranges the page; its text has gone to the page itself.
    private(set) var isLayout = false

    /// It names its columns, so that what stands in a cell belongs there, a table too.
    var isData: Bool { isInCell && !isLayout && grid.hasHeader }

    mutating func startCell(isHeader: Bool, columns: Int, rows: Int) {
        guard !isLayout else { return }
        isInCell = true
        cell = Cell(isHeader: isHeader, columns: columns, rows: rows)
    }

    mutating func endCell() {
        guard isInCell else { return }
        isInCell = false
        if cells == 0 { beginsWithHeader = cell.isHeader }
        cells += 1
        // The corner over row names is often a plain cell.
        if cell.isHeader || (cell.text.isEmpty && cells == 1) { headers += 1 }
        grid.addCell(cell.text.string.trimmedText, columns: cell.columns, rows: cell.rows)
    }

    mutating func endRow() {
        endCell()
        grid.endRow(isHeader: cells > 0 && headers == cells, isPair: cells == 2 && beginsWithHeader && headers == 1)
        (cells, headers, beginsWithHeader) = (0, 0, false)
    }

    /// Adds a block of text to the open cell.
    mutating func append(_ text: [UInt8], prefix: [UInt8]) {
        guard isInCell else { return }
        if !cell.text.isEmpty { cell.text.append(0x20) }
        cell.text += prefix.drop { $0 == 0x20 }
        cell.text += text
    }

    /// Turns the table into layout and hands out what it holds.
    mutating func takeBlocks() -> [[UInt8]] {
        endRow()
        isLayout = true
        return takeTexts().map { Array($0.utf8) }
    }

    /// What its cells hold.
    mutating func takeTexts() -> [String] {
        endRow()
        return grid.takeTexts()
    }

    /// Writes the rows as records, named by the header row if there is one.
    func write(into builder: inout DocumentBuilder, limits: ReaderLimits) throws(ReadFailure) {
        var copy = self
        copy.endRow()
        try copy.grid.write(into: &builder, limits: limits, needsEvidence: true)
    }
}
