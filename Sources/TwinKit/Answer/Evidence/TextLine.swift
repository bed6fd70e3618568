import TwinReaders
import TwinSupport

/// What a line of stored text is, as far as the line itself tells.
enum TextLine {
    enum Kind {
        /// A part of a paragraph, which may be hard-wrapped.
        case prose
        /// Begins a list item, whose further lines may follow.
        case item
        /// Stands alone: a table row, a record, code, a heading with its mark.
        case unit
    }

    static func kind(of text: ByteView, line: Range<Int>, indent: Int, isAfterProse: Bool) -> Kind {
        let first = text[line.lowerBound]
        if first == UInt8(ascii: "|") || isHeadingMark(text, line) { return .unit }
        if let content = itemContent(text, line) { return isRecord(text, content..<line.upperBound) ? .unit : .item }
        if isRecord(text, line) || line.count <= 1000 && LineBreaks.isMessage(text, line)
            || isCode(text, line, indent: indent, isAfterProse: isAfterProse)
        {
            return .unit
        }
        return .prose
    }

    /// `# Title`, with up to six marks.
    static func isHeadingMark(_ text: ByteView, _ line: Range<Int>) -> Bool {
        var place = line.lowerBound
        while place < line.upperBound, text[place] == UInt8(ascii: "#") { place += 1 }
        return place > line.lowerBound && place - line.lowerBound <= 6 && text[place] == 0x20
    }

    /// Where the text of a list item begins; none when the line is no item.
    static func itemContent(_ text: ByteView, _ line: Range<Int>) -> Int? {
        var place = line.lowerBound
        switch text[place] {
        case UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "+"): place += 1
        case 0xE2 where text[place + 1] == 0x80 && (text[place + 2] == 0xA2 || text[place + 2] == 0x93): place += 3  // • –
        case let byte where byte.isDigit:
            while text[place].isDigit, place - line.lowerBound < 3 { place += 1 }
            guard text[place] == UInt8(ascii: ".") || text[place] == UInt8(ascii: ")") else { return nil }
            place += 1
        default: return nil
        }
        guard place < line.upperBound, text[place].isSpace else { return nil }
        while place < line.upperBound, text[place].isSpace { place += 1 }
        return place
    }

    /// A row in the form `Header: value; Header: value`, or columns between bars or tabs.
    static func isRecord(_ text: ByteView, _ line: Range<Int>) -> Bool {
        var pairs = 0
        var bars = 0
        var tabs = 0
        var hasColon = false
        var hasOpenPair = false
        for index in line {
            switch text[index] {
            case UInt8(ascii: ":") where text[index + 1] == 0x20 && !hasColon:
                hasColon = true
                hasOpenPair = true
            case UInt8(ascii: ";") where hasOpenPair && text[index + 1] == 0x20:
                pairs += 1
                hasColon = false
                hasOpenPair = false
            case UInt8(ascii: "|"): bars += 1
            case 0x09: tabs += 1
            default: break
            }
        }
        return (pairs >= 1 && hasOpenPair) || bars >= 2 || tabs >= 2
    }

    /// Indented by four or more after a blank line, or closing like a statement.
    private static func isCode(_ text: ByteView, _ line: Range<Int>, indent: Int, isAfterProse: Bool) -> Bool {
        let last = text[line.upperBound - 1]
        if last == UInt8(ascii: "{") || last == UInt8(ascii: "}") || last == UInt8(ascii: ";") {
            let text = text[line]
            return last != UInt8(ascii: ";") || text.first(UInt8(ascii: "="), from: 0) != nil
                || text.first(UInt8(ascii: "("), from: 0) != nil
        }
        return indent >= 4 && !isAfterProse
    }

    /// Whether `line` is all of its paragraph so far and looks like a title above the text on the next line: short, capitalised,
    /// without a full stop, and the next line is longer and begins a sentence.
    static func isHeading(_ text: ByteView, line: Range<Int>, block: Int?, end: Int) -> Bool {
        guard block == line.lowerBound, line.count <= 60, end < text.count else { return false }
        let first = text[line.lowerBound]
        let last = text[line.upperBound - 1]
        guard first.isUpper || first.isDigit, !last.isPunctuation || last == UInt8(ascii: ")") else { return false }
        let next = trim(text, end + 1..<text.lineEnd(from: end + 1))
        return next.count > line.count + 20 && text[next.lowerBound].isUpper
    }

    /// Whether a unit is nothing but the place where a program puts something in: `{{#include …}}`.
    static func isDirective(_ text: ByteView) -> Bool {
        text.hasPrefix("{{") && text.first(UInt8(ascii: "}"), from: 0) == text.count - 2
    }

    /// Whether a unit is code, a command line or a template: it has more signs than words, or begins and ends as those do.
    static func isCodeLike(_ text: ByteView) -> Bool {
        if text.hasPrefix("{{") || text.hasPrefix("$ ") || text.hasPrefix("<") || text.hasPrefix("#[") { return true }
        let last = text[text.count - 1]
        if last == UInt8(ascii: ";") || last == UInt8(ascii: "{") || last == UInt8(ascii: "}") { return true }
        var signs = 0
        var letters = 0
        for byte in text.contents {
            if byte.isLetter || byte >= 0x80 { letters += 1 }
            if codeSigns.contains(byte) { signs += 1 }
        }
        return signs * 8 > letters || isOutput(text)
    }

    /// Whether a unit is what a program has printed: a third of its words are paths, versions and names of programs' own, or it
    /// has lines that are set in and does not end as a sentence.
    private static func isOutput(_ text: ByteView) -> Bool {
        var words = 0
        var technical = 0
        var place = 0
        var isSetIn = false
        while place < text.count {
            if text[place] == 0x0A, text[place + 1] == 0x20, text[place + 2] == 0x20 { isSetIn = true }
            if text[place].isSpace {
                place += 1
                continue
            }
            let start = place
            while place < text.count, !text[place].isSpace { place += 1 }
            words += 1
            if isTechnical(text[start..<place]) { technical += 1 }
        }
        if technical >= 2, technical * 3 >= words { return true }
        let isItem = itemContent(text, 0..<text.count) != nil
        return isSetIn && technical > 0 && !isItem && !isClosing(text[text.count - 1])
    }

    private static func isClosing(_ byte: UInt8) -> Bool { ".?!:)\"".utf8.contains(byte) || byte >= 0x80 }

    /// `v0.1.0`, `src/main.rs`, `add_one`, `->`, `a::b`; not an address of the web or of mail, which stands in sentences.
    private static func isTechnical(_ word: ByteView) -> Bool {
        if word.hasPrefix("http") || word.first(UInt8(ascii: "@"), from: 0) != nil { return false }
        var hasLetter = false
        for place in 0..<word.count {
            switch word[place] {
            case UInt8(ascii: "_") where place > 0 && word[place + 1].isAlphanumeric: return true
            case UInt8(ascii: "/")
            where word[place + 1] == UInt8(ascii: "/")
                || hasLetter && word[place + 1].isLower && word[word.count - 3] == UInt8(ascii: "."):
                return true
            case UInt8(ascii: ":") where word[place + 1] == UInt8(ascii: ":"): return true
            case UInt8(ascii: ">") where place > 0 && word[place - 1] == UInt8(ascii: "-"): return true
            case UInt8(ascii: ".") where hasLetter && word[place - 1].isDigit && word[place + 1].isDigit: return true
            case let byte where byte.isLetter: hasLetter = true
            default: break
            }
        }
        return false
    }

    private static let codeSigns = Set("{}[]<>=;|&$_/\\#*+@".utf8)

    /// Whether `unit` is only a title: marked as one, equal to one that is known, or a short line without a full stop that
    /// text follows.
    static func isTitle(_ text: ByteView, _ unit: Range<Int>, title: String, headings: [String], isLast: Bool) -> Bool {
        guard unit.count <= 240 else { return false }
        if isHeadingMark(text, unit) { return true }
        let line = text[unit].string
        if line == title || headings.contains(line) { return true }
        guard unit.count <= 60 else { return false }
        let last = text[unit.upperBound - 1]
        let isAlone = !isLast && (text[unit.upperBound] == 0x0A)
        return isAlone && text[unit.lowerBound].isUpper && last.isAlphanumeric && !isRecord(text, unit)
            && text.first(UInt8(ascii: "\n"), from: unit.lowerBound, to: unit.upperBound) == nil
    }

    static func trim(_ text: ByteView, _ range: Range<Int>) -> Range<Int> {
        var lower = range.lowerBound
        var upper = range.upperBound
        while lower < upper, text[lower].isSpace { lower += 1 }
        while upper > lower, text[upper - 1].isSpace { upper -= 1 }
        return lower..<upper
    }
}
