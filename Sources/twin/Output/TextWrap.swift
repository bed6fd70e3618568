import TwinSupport

/// Breaks text into lines at spaces.
enum TextWrap {
    /// The lines of `text`, each at most `width` columns wide unless a single word is wider. Newlines are kept, and so is a
    /// line that begins with two spaces.
    static func lines(_ text: String, width: Int) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line -> [String] in
            if line.hasPrefix("  ") { return [String(line)] }
            var lines: [String] = []
            var current = ""
            var column = 0
            for word in line.split(separator: " ") {
                let length = DisplayWidth.of(String(word))
                if column > 0, column + 1 + length > width {
                    lines.append(current)
                    (current, column) = ("", 0)
                }
                current += column > 0 ? " " + word : String(word)
                column += length + (column > 0 ? 1 : 0)
            }
            return lines + [current]
        }
    }

    static func indented(_ text: String, by indent: Int, width: Int) -> String {
        let margin = String(repeating: " ", count: indent)
        return lines(text, width: width - indent).map { ($0.isEmpty ? "" : margin + $0) + "\n" }.joined()
    }
}
