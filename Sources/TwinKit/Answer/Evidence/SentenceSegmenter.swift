import TwinSupport

/// Cuts text into the units that an answer quotes: sentences of prose, and whole list items, table rows, records, lines of
/// code and headings.
///
/// Line breaks inside a paragraph are not ends, so that hard-wrapped text gives whole sentences; blank lines, list items,
/// rows and headings are. A full stop does not end a sentence behind an abbreviation or an initial, inside a number, or
/// before a small letter. The full stops of Chinese and Japanese end one without white space behind them.
package struct SentenceSegmenter: Sendable {
    package init() {}

    /// The units of `text` as ranges of its UTF-8, in order, without white space at their ends. Together they hold all that
    /// is not white space.
    package func sentences(in text: String) -> [Range<Int>] {
        text.withView { sentences(in: $0) }
    }

    func sentences(in text: ByteView) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var prose: Range<Int>?
        var isFenced = false
        func flush() {
            if let block = prose { Self.cutProse(text, block, into: &result) }
            prose = nil
        }
        var start = 0
        while start < text.count {
            let end = text.lineEnd(from: start)
            let line = Self.trim(text, start..<end)
            let isFence = text.hasPrefix("```", at: line.lowerBound) || text.hasPrefix("~~~", at: line.lowerBound)
            if line.isEmpty {
                flush()
            } else if isFence || isFenced {
                flush()
                result.append(line)
                if isFence { isFenced.toggle() }
            } else {
                switch TextLine.kind(of: text, line: line, indent: line.lowerBound - start, isAfterProse: prose != nil) {
                case .prose:
                    prose = (prose?.lowerBound ?? line.lowerBound)..<line.upperBound
                    if TextLine.isHeading(text, line: line, block: prose?.lowerBound, end: end) { flush() }
                case .item:
                    flush()
                    prose = line
                case .unit:
                    flush()
                    result.append(line)
                }
            }
            start = end + 1
        }
        flush()
        return result
    }

    static func trim(_ text: ByteView, _ range: Range<Int>) -> Range<Int> {
        var lower = range.lowerBound
        var upper = range.upperBound
        while lower < upper, text[lower].isSpace { lower += 1 }
        while upper > lower, text[upper - 1].isSpace { upper -= 1 }
        return lower..<upper
    }

    /// Cuts a paragraph, whose lines may be wrapped, between its sentences.
    private static func cutProse(_ text: ByteView, _ block: Range<Int>, into result: inout [Range<Int>]) {
        var start = block.lowerBound
        var index = start
        func emit(_ end: Int) {
            let unit = trim(text, start..<end)
            if !unit.isEmpty { result.append(unit) }
            start = end
        }
        while index < block.upperBound {
            let stop = Terminator(text, at: index)
            guard stop.length > 0 else {
                index += 1
                continue
            }
            let end = min(stop.end(in: text), block.upperBound)
            if SentenceEnd.isEnd(text, stop: index..<end, terminator: stop, sentence: start, block: block) { emit(end) }
            index = max(end, index + 1)
        }
        emit(block.upperBound)
    }
}

/// A run of characters that can end a sentence.
struct Terminator {
    /// Bytes of the first character; 0 when there is none.
    let length: Int
    let isFullStop: Bool
    /// Of Chinese or Japanese, where no white space follows.
    let isWide: Bool
    private let start: Int

    init(_ text: ByteView, at index: Int) {
        start = index
        switch text[index] {
        case UInt8(ascii: "."): (length, isFullStop, isWide) = (1, true, false)
        case UInt8(ascii: "!"), UInt8(ascii: "?"): (length, isFullStop, isWide) = (1, false, false)
        case 0xE2 where text[index + 1] == 0x80 && text[index + 2] == 0xA6:  // …
            (length, isFullStop, isWide) = (3, true, false)
        case 0xE3 where text[index + 1] == 0x80 && text[index + 2] == 0x82,  // 。
            0xEF where text[index + 1] == 0xBC && (text[index + 2] == 0x81 || text[index + 2] == 0x9F),  // ！？
            0xEF where text[index + 1] == 0xBD && text[index + 2] == 0xA1:  // ｡
            (length, isFullStop, isWide) = (3, false, true)
        default: (length, isFullStop, isWide) = (0, false, false)
        }
    }

    /// The place behind the run, its closing quotes and brackets, and marks of notes such as `[12]`.
    func end(in text: ByteView) -> Int {
        var place = start + length
        while place < text.count {
            switch text[place] {
            case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"), UInt8(ascii: "\""), UInt8(ascii: "'"),
                UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
                place += 1
            case UInt8(ascii: "["):
                guard let close = text.first(UInt8(ascii: "]"), from: place, to: place + 32) else { return place }
                place = close + 1
            case 0xE2 where text[place + 1] == 0x80 && [0x99, 0x9D, 0xA6].contains(text[place + 2]): place += 3  // ’ ” …
            case 0xC2 where text[place + 1] == 0xBB: place += 2  // »
            case 0xE3 where text[place + 1] == 0x80 && (0x8B...0x8F).contains(text[place + 2]): place += 3  // 」』
            default: return place
            }
        }
        return place
    }
}
