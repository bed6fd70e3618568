import TwinSupport

/// Writes tables row by row as records. The first rows wait until it is clear which of them name the columns; after a gap of
/// blank rows the same table may go on or another begin.
struct TableStream {
    /// The rows after those that were waited for: while `isOpen`, cells may be given to it at once.
    private(set) var writer: RecordWriter
    /// Whether the header is known and rows are written as they come.
    private(set) var isOpen = false
    private let limits: ReaderLimits
    private var waiting: [(cells: [String], isMarked: Bool)] = []
    private var names: [String] = []
    /// For each column of the open table whether most of its cells hold digits, from those that were waited for.
    private var digits: [Bool] = []
    private var hasTable = false

    private let needsEvidence: Bool

    /// With `needsEvidence`, see `TableHeader`.
    init(limits: ReaderLimits, needsEvidence: Bool = false) {
        self.limits = limits
        self.needsEvidence = needsEvidence
        writer = RecordWriter(limits: limits)
    }

    /// Adds a row with its empty cells; `isMarked` when the document says that it names the columns.
    mutating func add(_ row: [String], isMarked: Bool = false, into builder: inout DocumentBuilder) throws(ReadFailure) {
        if isOpen { return try write(row, into: &builder) }
        waiting.append((row, isMarked))
        if waiting.count > TableHeader.lookahead { try decide(into: &builder) }
    }

    /// The number of the row that comes next, without the rows of names.
    var nextRow: Int { writer.rowCount + max(1, waiting.count) }

    /// Adds cells of a row to the open table; `endRow` ends it.
    mutating func addCell(_ view: ByteView) { writer.addCell(view) }
    mutating func move(toColumn column: Int) { writer.move(toColumn: column) }
    mutating func endRow(into builder: inout DocumentBuilder) throws(ReadFailure) { try writer.endRow(into: &builder) }

    /// Blank rows: what follows is looked at anew.
    mutating func gap(into builder: inout DocumentBuilder) throws(ReadFailure) {
        if !isOpen {
            // A title may stand alone above its table.
            guard waiting.contains(where: { $0.cells.count { !$0.isEmpty } > 1 }) else {
                if waiting.last?.cells.isEmpty == false { waiting.append((cells: [], isMarked: false)) }
                return
            }
            try decide(into: &builder)
        }
        isOpen = false
    }

    mutating func finish(into builder: inout DocumentBuilder) throws(ReadFailure) {
        if !isOpen { try decide(into: &builder) }
        if hasTable { writer.finish(into: &builder) }
    }

    private mutating func decide(into builder: inout DocumentBuilder) throws(ReadFailure) {
        defer { waiting = [] }
        isOpen = true
        let rows = waiting.map(\.cells)
        guard rows.contains(where: { $0.contains { !$0.isEmpty } }) else { return }
        // Only titles may stand above the rows that the document calls its header.
        let above = waiting.prefix { !$0.isMarked }
        let hasTitles = above.allSatisfy { $0.cells.count { !$0.isEmpty } <= 1 }
        let marked = hasTitles ? waiting.dropFirst(above.count).prefix { $0.isMarked }.count : 0
        let header = TableHeader(rows, marked: marked, needsEvidence: needsEvidence)
        let body = rows.dropFirst(header.titles + header.rows)
        guard !hasTable || begins(header, body) else {
            for row in rows { try write(row, into: &builder) }
            return
        }
        if hasTable { writer.finish(into: &builder) }
        writer = RecordWriter(limits: limits)
        for title in rows.prefix(header.titles) {
            builder.endParagraph()
            builder.append(text: title.first { !$0.isEmpty } ?? "", onOneLine: true)
            builder.endParagraph()
        }
        names = header.names
        if header.rows > 0 { writer.setHeaders(names) }
        digits = Self.digits(Array(body))
        hasTable = true
        if body.isEmpty, header.rows > 0 {
            // A table of nothing but its names still says what it is about.
            builder.append(text: header.names.filter { !$0.isEmpty }.joined(separator: "; "), onOneLine: true)
            builder.endParagraph()
        }
        for row in body { try write(row, into: &builder) }
    }

    /// Whether rows after a gap are another table: they have names of their own, and stand in other columns or hold words where
    /// the table before holds numbers.
    private func begins(_ header: TableHeader, _ body: ArraySlice<[String]>) -> Bool {
        guard header.rows > 0, !body.isEmpty else { return header.titles > 0 && !body.isEmpty }
        if header.titles > 0 || names.isEmpty { return true }
        func extentOf(_ names: [String]) -> Range<Int> {
            extent(names.firstIndex { !$0.isEmpty } ?? 0, (names.lastIndex { !$0.isEmpty } ?? -1) + 1)
        }
        if extentOf(header.names) != extentOf(names) { return true }
        for (column, name) in header.names.enumerated() where digits.indices.contains(column) && digits[column] {
            if !name.isEmpty, !name.utf8.contains(where: \.isDigit) { return true }
        }
        return false
    }

    private static func digits(_ rows: [[String]]) -> [Bool] {
        extent(0, rows.map(\.count).max() ?? 0).map { column in
            let cells = rows.compactMap { $0.indices.contains(column) && !$0[column].isEmpty ? $0[column] : nil }
            return !cells.isEmpty && cells.count { $0.utf8.contains(where: \.isDigit) } * 3 >= cells.count * 2
        }
    }

    private mutating func write(_ row: [String], into builder: inout DocumentBuilder) throws(ReadFailure) {
        for cell in row { writer.addCell(cell) }
        try writer.endRow(into: &builder)
    }
}
