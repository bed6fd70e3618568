import TwinSupport

/// How a prompt and a line are set in the rows of a terminal.
struct LineLayout: Sendable, Equatable {
    /// Each row's text, without line ends.
    private(set) var rows: [String] = [""]
    private(set) var cursorRow = 0
    private(set) var cursorColumn = 0

    /// `promptWidth` columns of the first row are taken by the prompt, which the caller writes itself.
    init(promptWidth: Int, line: LineBuffer, width: Int) {
        let width = max(2, width)
        var column = min(promptWidth, width - 1)
        var row = ""
        func place() { (cursorRow, cursorColumn) = (rows.count - 1, column) }
        func wrap() {
            rows[rows.count - 1] = row
            rows.append("")
            (row, column) = ("", 0)
        }
        for (index, character) in line.characters.enumerated() {
            if character.isNewline {
                if index == line.cursor { place() }
                wrap()
                continue
            }
            let shown = SafeText.clean(String(character), singleLine: true)
            let columns = DisplayWidth.of(shown)
            if column + columns > width { wrap() }
            if index == line.cursor { place() }
            row += shown
            column += columns
        }
        // A cursor behind a full row stands at the beginning of the next.
        if column >= width { wrap() }
        if line.cursor >= line.characters.count { place() }
        rows[rows.count - 1] = row
    }
}
