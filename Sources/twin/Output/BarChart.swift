/// Bars of text for tables on a terminal: as wide as a value is beside the largest.
///
///     let bars = BarChart(days.map(\.messages))
///     table.add(StyledText(day.date), StyledText(bars.bar(day.messages), .cyan))
struct BarChart: Sendable {
    private let maximum: Double
    private let width: Int

    /// `width` is in columns, that of the largest value.
    init(_ values: [Int], width: Int = 24) {
        maximum = Double(values.max() ?? 0)
        self.width = max(1, width)
    }

    /// The blocks of the Unicode range U+2588 to U+258F, which fill eighths of a column from the left.
    private static let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

    /// The bar of a value. What is not zero has at least the thinnest one, and nothing is wider than the chart.
    func bar(_ value: Int) -> String {
        guard value > 0, maximum > 0 else { return "" }
        let share = min(1, Double(value) / maximum)
        let parts = max(1, Int((share * Double(width * 8)).rounded()))
        return String(repeating: "█", count: parts / 8) + Self.eighths[parts % 8]
    }

    /// A gauge for a share from 0 to 1: a bar with what is missing in dots.
    static func gauge(_ share: Double, width: Int = 20) -> String {
        let filled = share.isFinite ? min(width, max(0, Int((share * Double(width)).rounded()))) : 0
        return String(repeating: "█", count: filled) + String(repeating: "·", count: width - filled)
    }
}
