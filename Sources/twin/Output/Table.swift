import TwinKit
import TwinSupport

/// Rows under headings. On a terminal the columns are aligned and the table is cut to the terminal's width; elsewhere each
/// row is one line with tabs between the values, whole and without headings, as `cut` and `awk` like it.
///
///     var table = Table(.text("NAME"), .number("SOURCES"), .text("DESCRIPTION", shrinks: true))
///     table.add("\(twin.slug, .bold)", "\(twin.sourceCount)", StyledText(twin.description))
///     try call.output.table(table)
struct Table: Sendable {
    struct Column: Sendable {
        let title: String
        let isRight: Bool
        /// Whether it gives up width when the terminal is too narrow. Several share what is left.
        let shrinks: Bool

        static func text(_ title: String, shrinks: Bool = false) -> Column {
            Column(title: title, isRight: false, shrinks: shrinks)
        }
        /// Aligned at the right, never cut.
        static func number(_ title: String) -> Column { Column(title: title, isRight: true, shrinks: false) }
    }

    private let columns: [Column]
    private var rows: [[StyledText]] = []

    init(_ columns: Column...) { self.columns = columns }

    /// Adds a row. Cells beyond the columns are left out, missing ones are empty.
    mutating func add(_ cells: StyledText...) {
        var row = Array(cells.prefix(columns.count))
        while row.count < columns.count { row.append("") }
        rows.append(row)
    }

    /// The text of the table; without a width the plain form with tabs.
    func rendered(colour: Bool, width: Int?) -> String {
        guard let width else {
            return rows.map { $0.map { $0.rendered(colour: colour, singleLine: true) }.joined(separator: "\t") + "\n" }
                .joined()
        }
        let clean = rows.map { $0.map(Self.cell) }
        let widths = fitted(clean, width: width)
        let heading = columns.map { StyledText($0.title, .dim) }
        return ([heading] + clean).map { line($0, widths, colour: colour) }.joined()
    }

    /// A cell without control characters, so that its width is what the terminal will show.
    private static func cell(_ text: StyledText) -> StyledText {
        var result = StyledText("")
        for span in text.spans { result = result + StyledText(SafeText.clean(span.text, singleLine: true), span.style) }
        return result
    }

    private static let gap = 2
    /// A column is not cut below this, however narrow the terminal.
    private static let leastWidth = 8

    private func fitted(_ rows: [[StyledText]], width: Int) -> [Int] {
        var widths = columns.map { DisplayWidth.of($0.title) }
        for row in rows {
            for (index, cell) in row.enumerated() { widths[index] = max(widths[index], DisplayWidth.of(cell.plain)) }
        }
        var excess = widths.reduce(0, +) + Self.gap * max(0, columns.count - 1) - width
        let shrinking = columns.indices.filter { columns[$0].shrinks }
        // The widest gives way first, column by column, until all fits.
        while excess > 0, let widest = shrinking.max(by: { widths[$0] < widths[$1] }), widths[widest] > Self.leastWidth {
            let next = shrinking.filter { $0 != widest }.map { widths[$0] }.max() ?? 0
            let cut = min(excess, max(1, widths[widest] - max(next, Self.leastWidth)), widths[widest] - Self.leastWidth)
            widths[widest] -= cut
            excess -= cut
        }
        return widths
    }

    private func line(_ cells: [StyledText], _ widths: [Int], colour: Bool) -> String {
        var line = ""
        for (index, cell) in cells.enumerated() {
            let cell = cell.truncated(to: widths[index])
            let padding = String(repeating: " ", count: max(0, widths[index] - DisplayWidth.of(cell.plain)))
            let text = cell.rendered(colour: colour, singleLine: true)
            let isLast = index == cells.count - 1
            line += columns[index].isRight ? padding + text : text + (isLast ? "" : padding)
            if !isLast { line += String(repeating: " ", count: Self.gap) }
        }
        return line + "\n"
    }
}

extension Table {
    /// The entries of a log: when, how grave, what.
    init(log entries: [(time: Timestamp, level: SourceLog.Level, message: String)]) {
        self.init(.text("TIME"), .text("LEVEL"), .text("MESSAGE", shrinks: true))
        for entry in entries {
            let style: StyledText.Style = entry.level == .error ? .red : entry.level == .warning ? .yellow : .plain
            add(StyledText(entry.time.description), StyledText(entry.level.rawValue, style), StyledText(entry.message))
        }
    }
}
