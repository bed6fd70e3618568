import TwinReaders
import TwinSupport

/// Where sentences end in plain text, well enough to cut a long paragraph: a full stop, exclamation or question mark, with
/// closing quotes and brackets behind it, before white space and what can begin a sentence.
enum SentenceBreaks {
    /// Calls `body` with each sentence of `range`, without the white space around it. Together they cover all text of the range.
    static func forEach(_ text: ByteView, in range: Range<Int>, _ body: (Range<Int>) -> Void) {
        var start = range.lowerBound
        var index = start
        var lines: LineBreaks?
        func emit(_ end: Int) {
            var upper = end
            while start < upper, text[start].isSpace { start += 1 }
            while upper > start, text[upper - 1].isSpace { upper -= 1 }
            if start < upper { body(extent(start, upper)) }
            start = end
        }
        while index < range.upperBound {
            let byte = text[index]
            switch byte {
            case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"):
                let end = skipClosing(text, from: index + 1, to: range.upperBound)
                if end >= range.upperBound || text[end].isSpace,
                    byte != UInt8(ascii: ".") || !isAbbreviation(text, stop: index, from: start),
                    canBegin(text, at: end, to: range.upperBound)
                {
                    emit(end)
                }
                index = max(end, index + 1)
            case 0xE3 where text[index + 1] == 0x80 && text[index + 2] == 0x82,  // 。
                0xEF where text[index + 1] == 0xBC && (text[index + 2] == 0x81 || text[index + 2] == 0x9F):  // ！ ？
                let end = skipClosing(text, from: min(index + 3, range.upperBound), to: range.upperBound)
                emit(end)
                index = max(end, index + 1)
            case 0x0A:
                // A list item begins something new, an entry like its neighbours too; a hard-wrapped line goes on.
                let found = lines ?? LineBreaks(text, in: range)
                lines = found
                if beginsItem(text, at: index + 1, to: range.upperBound) || found.isMeant(text, at: index, in: range) {
                    emit(index)
                }
                index += 1
            default: index += 1
            }
        }
        emit(range.upperBound)
    }

    private static func skipClosing(_ text: ByteView, from index: Int, to end: Int) -> Int {
        var place = index
        while place < end {
            switch text[place] {
            case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"), UInt8(ascii: "\""), UInt8(ascii: "'"),
                UInt8(ascii: ")"),
                UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: "*"), UInt8(ascii: "_"):
                place += 1
            case 0xE2 where text[place + 1] == 0x80 && (text[place + 2] == 0x99 || text[place + 2] == 0x9D):  // ’ ”
                place += 3
            case 0xC2 where text[place + 1] == 0xBB: place += 2  // »
            default: return min(place, end)
            }
        }
        return min(place, end)
    }

    /// A small letter goes on with the sentence; everything else may begin one.
    private static func canBegin(_ text: ByteView, at index: Int, to end: Int) -> Bool {
        var place = index
        while place < end, text[place].isSpace { place += 1 }
        return place >= end || !text[place].isLower
    }

    private static func beginsItem(_ text: ByteView, at index: Int, to end: Int) -> Bool {
        var place = index
        while place < end, text[place] == 0x20 || text[place] == 0x09 { place += 1 }
        let first = text[place]
        if first == UInt8(ascii: "-") || first == UInt8(ascii: "*") || first == UInt8(ascii: "+") {
            return text[place + 1].isSpace
        }
        // A bullet or a dash of typography.
        if first == 0xE2, text[place + 1] == 0x80, text[place + 2] == 0xA2 { return true }
        guard first.isDigit else { return false }
        let digits = place
        while text[place].isDigit, place - digits < 4 { place += 1 }
        return (text[place] == UInt8(ascii: ".") || text[place] == UInt8(ascii: ")")) && text[place + 1].isSpace
    }

    private static let abbreviations: Set<String> = [
        "mr", "mrs", "ms", "dr", "prof", "st", "sr", "jr", "vs", "etc", "fig", "figs", "eq", "eqs", "no", "nos", "vol", "pp",
        "ch", "sec",
        "ed", "eds", "al", "approx", "inc", "ltd", "co", "corp", "dept", "est", "jan", "feb", "mar", "apr", "jun", "jul", "aug",
        "sep",
        "sept", "oct", "nov", "dec", "gen", "col", "capt", "lt", "rev", "hon", "cf", "ca", "e.g", "i.e", "u.s", "u.k", "a.m",
        "p.m", "resp",
        "bzw", "usw", "z.b", "d.h", "nr", "abb", "art", "vgl",
    ]

    /// Whether the full stop at `stop` belongs to the word before it: an abbreviation, an initial, or a list's number.
    private static func isAbbreviation(_ text: ByteView, stop: Int, from start: Int) -> Bool {
        var begin = stop
        while begin > start, stop - begin < 8, text[begin - 1].isAlphanumeric || text[begin - 1] == UInt8(ascii: ".") {
            begin -= 1
        }
        let length = stop - begin
        guard length > 0, length < 8 else { return false }
        if length == 1, text[begin].isUpper { return true }
        if text[begin].isDigit { return begin == start && length <= 3 }
        return abbreviations.contains(text.slice(begin, stop).string.lowercased())
    }
}
