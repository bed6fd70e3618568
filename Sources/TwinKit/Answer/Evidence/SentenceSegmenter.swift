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
            let line = TextLine.trim(text, start..<end)
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

    /// Cuts a paragraph, whose lines may be wrapped, between its sentences.
    private static func cutProse(_ text: ByteView, _ block: Range<Int>, into result: inout [Range<Int>]) {
        var start = block.lowerBound
        var index = start
        func emit(_ end: Int) {
            let unit = TextLine.trim(text, start..<end)
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
