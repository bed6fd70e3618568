import TwinSupport

/// The line that is being typed: characters, a cursor between them, and what was cut last. Every operation is total: at the
/// edges it does nothing.
struct LineBuffer: Sendable, Equatable {
    private(set) var characters: [Character] = []
    /// From 0 (before the first character) to the number of characters.
    private(set) var cursor = 0
    private var cut: [Character] = []

    var text: String { String(characters) }

    mutating func replace(with text: String) {
        characters = Array(text)
        cursor = characters.count
    }

    /// Inserts at the cursor. A mark that combines joins the character before it, so the line is divided anew.
    mutating func insert(_ text: String) {
        let before = Array(String(characters[..<cursor]) + text)
        let after = characters[cursor...]
        characters = Array(String(before) + String(after))
        cursor = min(before.count, characters.count)
    }

    mutating func moveLeft() { cursor = max(0, cursor - 1) }
    mutating func moveRight() { cursor = min(characters.count, cursor + 1) }
    mutating func moveHome() { cursor = 0 }
    mutating func moveEnd() { cursor = characters.count }
    mutating func moveWordLeft() { cursor = wordStart }
    mutating func moveWordRight() { cursor = wordEnd }

    mutating func deleteBackward() {
        guard cursor > 0 else { return }
        cursor -= 1
        characters.remove(at: cursor)
    }

    mutating func deleteForward() {
        guard cursor < characters.count else { return }
        characters.remove(at: cursor)
    }

    mutating func cutToEnd() { cut(cursor..<characters.count) }
    mutating func cutToStart() { cut(0..<cursor) }
    mutating func cutWordForward() { cut(cursor..<wordEnd) }

    /// Back to the white space before the word, as the terminal driver's own Ctrl-W does.
    mutating func cutWordBackward() {
        var start = cursor
        while start > 0, characters[start - 1].isWhitespace { start -= 1 }
        while start > 0, !characters[start - 1].isWhitespace { start -= 1 }
        cut(start..<cursor)
    }

    /// Inserts what was cut last.
    mutating func paste() { insert(String(cut)) }

    /// Swaps the two characters before the cursor at the end of the line, else those around it.
    mutating func transpose() {
        guard cursor > 0, characters.count > 1 else { return }
        let right = min(cursor, characters.count - 1)
        characters.swapAt(right - 1, right)
        cursor = right + 1
    }

    private mutating func cut(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        cut = Array(characters[range])
        characters.removeSubrange(range)
        cursor = range.lowerBound
    }

    private static func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }

    private var wordStart: Int {
        var index = cursor
        while index > 0, !Self.isWord(characters[index - 1]) { index -= 1 }
        while index > 0, Self.isWord(characters[index - 1]) { index -= 1 }
        return index
    }

    private var wordEnd: Int {
        var index = cursor
        while index < characters.count, !Self.isWord(characters[index]) { index += 1 }
        while index < characters.count, Self.isWord(characters[index]) { index += 1 }
        return index
    }
}

/// Lines that were entered before, and which of them is shown.
struct LineHistory: Sendable, Equatable {
    private(set) var lines: [String]
    /// Nil while the new line is shown.
    private var shown: Int?
    /// The new line, kept while an old one is shown.
    private var draft = ""

    init(_ lines: [String] = []) { self.lines = lines }

    /// Remembers a line, unless it is blank or the same as the one before.
    mutating func add(_ line: String) {
        shown = nil
        if line != lines.last, line.contains(where: { !$0.isWhitespace }) { lines.append(line) }
    }

    /// The line before the one that is shown; nil when there is none.
    mutating func older(than current: String) -> String? {
        if shown == nil { draft = current }
        guard let index = (shown ?? lines.count) > 0 ? (shown ?? lines.count) - 1 : nil else { return nil }
        shown = index
        return lines[index]
    }

    /// The line after the one that is shown, at last the new line itself; nil when that is shown already.
    mutating func newer() -> String? {
        guard let index = shown else { return nil }
        shown = index + 1 < lines.count ? index + 1 : nil
        return shown.map { lines[$0] } ?? draft
    }

    /// The newest line before `limit` (a number of lines) that contains `text`.
    func search(_ text: String, before limit: Int? = nil) -> Int? {
        guard !text.isEmpty else { return nil }
        return lines.prefix(limit ?? lines.count).lastIndex { $0.contains(text) }
    }
}
