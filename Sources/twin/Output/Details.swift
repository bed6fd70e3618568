import TwinSupport

/// One thing, a line for each of its properties. On a terminal the names are aligned and long values wrap beneath
/// themselves; elsewhere each line is `name`, a tab, the value.
///
///     try call.output.details(Details(["slug": "\(twin.slug, .bold)", "sources": "\(twin.sourceCount)"]))
struct Details: Sendable {
    private var rows: [(name: String, value: StyledText)]

    init(_ rows: KeyValuePairs<String, StyledText> = [:]) { self.rows = rows.map { (name: $0.key, value: $0.value) } }

    /// Adds a line. An absent value adds none.
    mutating func add(_ name: String, _ value: StyledText?) {
        if let value { rows.append((name, value)) }
    }

    func rendered(colour: Bool, width: Int?) -> String {
        guard let width else {
            return rows.map { "\($0.name)\t\($0.value.rendered(colour: colour, singleLine: true))\n" }.joined()
        }
        let longest = rows.map { DisplayWidth.of($0.name) }.max() ?? 0
        return rows.map { row in
            let name = row.name + String(repeating: " ", count: longest - DisplayWidth.of(row.name) + 2)
            let label = StyledText(name, .dim).rendered(colour: colour)
            // A value with styles is short and stays on its line.
            guard row.value.spans.count == 1, let span = row.value.spans.first, span.style == .plain else {
                return label + row.value.rendered(colour: colour) + "\n"
            }
            let indent = String(repeating: " ", count: longest + 2)
            let lines = TextWrap.lines(SafeText.clean(span.text), width: max(20, width - longest - 2))
            return label + lines.joined(separator: "\n" + indent) + "\n"
        }.joined()
    }
}
