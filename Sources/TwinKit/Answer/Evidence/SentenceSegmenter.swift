import TwinReaders
import TwinSupport

/// Cuts text into the units that an answer quotes: sentences of prose, and whole list items, table rows, records, lines of
/// code and headings.
///
/// Line breaks inside a paragraph are not ends, so that hard-wrapped text gives whole sentences, unless its lines are entries
/// (`LineBreaks`); blank lines, list items, rows, messages of chats and headings are. A full stop does not end a sentence behind an abbreviation or an initial, inside a number, or
/// before a small letter. The full stops of Chinese and Japanese end one without white space behind them.
package struct SentenceSegmenter: Sendable {
    package init() {}

    /// The units of `text` as ranges of its UTF-8, in order, without white space at their ends. Together they hold all that
    /// is not white space.
    package func sentences(in text: String) -> [Range<Int>] {
        text.withView { sentences(in: $0) }
    }

    func sentences(in text: ByteView) -> [Range<Int>] { units(in: text).map(\.range) }

    /// A sentence, or what stands alone, with the block that it is of: a paragraph, a list item, a row.
    struct Unit: Equatable {
        enum Kind { case prose, item, line }

        var range: Range<Int>
        var kind: Kind
        /// The number of its block; units of one paragraph have the same.
        var block: Int
    }

    func units(in text: ByteView) -> [Unit] {
        var result: [Unit] = []
        var prose: Range<Int>?
        var isItem = false
        var isFenced = false
        var blocks = 0
        func flush() {
            if let block = prose {
                Self.cutProse(text, block) { result.append(Unit(range: $0, kind: isItem ? .item : .prose, block: blocks)) }
                blocks += 1
            }
            prose = nil
            isItem = false
        }
        func standAlone(_ line: Range<Int>, _ kind: Unit.Kind) {
            result.append(Unit(range: line, kind: kind, block: blocks))
            blocks += 1
        }
        var start = 0
        while start < text.count {
            let end = text.lineEnd(from: start)
            let line = TextLine.trim(text, start..<end)
            let isFence = text.hasPrefix("```", at: line.lowerBound) || text.hasPrefix("~~~", at: line.lowerBound)
            if line.isEmpty {
                flush()
            } else if isFence || isFenced {
                flush()
                standAlone(line, .line)
                if isFence { isFenced.toggle() }
            } else {
                switch TextLine.kind(of: text, line: line, indent: line.lowerBound - start, isAfterProse: prose != nil) {
                case .prose:
                    prose = (prose?.lowerBound ?? line.lowerBound)..<line.upperBound
                    if TextLine.isHeading(text, line: line, block: prose?.lowerBound, end: end) { flush() }
                case .item:
                    flush()
                    prose = line
                    isItem = true
                case .unit:
                    flush()
                    standAlone(line, TextLine.itemContent(text, line) == nil ? .line : .item)
                }
            }
            start = end + 1
        }
        flush()
        return result
    }

    /// Cuts a paragraph, whose lines may be wrapped, between its sentences.
    private static func cutProse(_ text: ByteView, _ block: Range<Int>, _ add: (Range<Int>) -> Void) {
        var start = block.lowerBound
        var index = start
        func emit(_ end: Int) {
            let unit = TextLine.trim(text, start..<end)
            if !unit.isEmpty { add(unit) }
            start = end
        }
        var lines: LineBreaks?
        while index < block.upperBound {
            if text[index] == 0x0A {
                let found = lines ?? LineBreaks(text, in: block)
                lines = found
                if found.isMeant(text, at: index, in: block) { emit(index) }
                index += 1
                continue
            }
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
