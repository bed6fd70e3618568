import TwinSupport

/// Elements of OpenDocument that are read as a whole.
extension XMLReader {
    /// After `start`: the paragraphs inside of the element, without those inside of elements called `name`.
    mutating func paragraphs(skipping name: String) throws(ReadFailure) -> [String] {
        let outside = self.depth - 1
        var result: [String] = []
        var text: [UInt8] = []
        var open = 0
        while self.depth > outside, let event = try next() {
            switch (event, self.name) {
            case (.start, name): try skipElement()
            case (.start, "p"), (.start, "h"): open += 1
            case (.start, "s"), (.start, "tab"), (.start, "line-break"): text.append(0x20)
            case (.text, _): if open > 0 { appendText(to: &text) }
            case (.end, "p"), (.end, "h"):
                open = max(0, open - 1)
                if let line = text.string.split(whereSeparator: \.isWhitespace).joined(separator: " ").nonBlank {
                    result.append(line)
                }
                text = []
            default: break
            }
        }
        return result
    }

    mutating func annotation() throws(ReadFailure) -> (author: String, text: String) {
        let outside = self.depth - 1
        var author = ""
        var text: [UInt8] = []
        var open = 0
        while self.depth > outside, let event = try next() {
            switch (event, name) {
            case (.start, "creator"): author = try elementText()
            case (.start, "date"), (.start, "creator-initials"): try skipElement()
            case (.start, "p"): open += 1
            case (.text, _): if open > 0 { appendText(to: &text) }
            case (.end, "p"):
                open = max(0, open - 1)
                text.append(0x20)
            default: break
            }
        }
        return (author, text.string.trimmedText)
    }
}
