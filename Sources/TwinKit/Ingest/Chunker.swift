import TwinHTTP
import TwinReaders
import TwinSupport

/// Cuts a document into the ranges that are indexed and found as one. It follows headings, then paragraphs, then
/// sentences: small neighbours under one heading are joined up to the target, a paragraph that is too long is cut between
/// sentences, and only then do chunks overlap, by whole sentences. A word or a character is never cut, except a word of
/// more than twice the target.
package struct Chunker: Sendable {
    /// Characters (Unicode scalars) that a chunk should have; at least 100.
    package var target: Int
    /// Characters that two pieces of one long paragraph may share at most.
    package var overlap: Int

    package init(target: Int = 1000, overlap: Int = 200) {
        self.target = max(target, 100)
        self.overlap = max(0, min(overlap, self.target / 2))
    }

    /// The chunks in the order of their ranges. Every byte that is not white space is in one of them, none crosses a part,
    /// and the ranges begin and end with text.
    package func chunks(of document: ExtractedDocument) -> [Chunk] {
        document.text.withView { text in
            var assembly = ChunkAssembly(text: text, marks: document.marks, target: target, overlap: overlap)
            assembly.run()
            return assembly.chunks
        }
    }
}

/// The work of one document.
private struct ChunkAssembly {
    let text: ByteView
    let target: Int
    let overlap: Int
    private let marks: [ExtractedDocument.Mark]
    private let pages: [(offset: Int, number: Int)]
    private let times: [(offset: Int, range: Range<Int>)]
    private(set) var chunks: [Chunk] = []

    /// The headings above the place that is being read, with their levels.
    private var headings: [(level: Int, text: String)] = []
    private var part: String?
    /// `headings` with the part in front, as chunks carry it.
    private var path: [String] = []

    /// The chunk that is open: it may hold headings only, until text follows.
    private var open = 0..<0
    private var openCharacters = 0
    private var isOpen = false
    private var holdsOnlyHeadings = false
    private var openPath: [String] = []

    /// The block that is being collected line by line.
    private var block = 0..<0
    private var blockKind = Block.prose
    private var hasBlock = false

    private enum Block { case prose, code, record }

    init(text: ByteView, marks: [ExtractedDocument.Mark], target: Int, overlap: Int) {
        self.text = text
        self.target = target
        self.overlap = overlap
        self.marks = marks
        pages = marks.compactMap { mark in if case .page(let number) = mark.kind { (mark.offset, number) } else { nil } }
        times = marks.compactMap { mark in
            if case .time(let start, let end) = mark.kind { (mark.offset, extent(start, end)) } else { nil }
        }
        chunks.reserveCapacity(text.count / 800 + 1)
    }

    mutating func run() {
        var index = 0
        var next = 0
        var kind = Block.prose
        while index < text.count {
            var headingLevel: Int?
            while next < marks.count, marks[next].offset <= index {
                switch marks[next].kind {
                case .heading(let level): headingLevel = level
                case .part(let name):
                    endBlock()
                    close()
                    part = name.nonBlank
                    headings = []
                    updatePath()
                    kind = .prose
                case .record:
                    endBlock()
                    kind = .record
                case .code:
                    endBlock()
                    kind = .code
                case .prose:
                    endBlock()
                    kind = .prose
                case .page, .time: break
                }
                next += 1
            }
            // A line ends at its line feed, or earlier where something new is marked.
            var end = text.lineEnd(from: index)
            var peek = next
            while peek < marks.count, marks[peek].offset < end {
                if marks[peek].kind.isStructural {
                    end = marks[peek].offset
                    break
                }
                peek += 1
            }
            add(extent(index, end), headingLevel, kind)
            if headingLevel != nil, kind == .record { kind = .prose }
            index = end < text.count && text[end] == 0x0A ? end + 1 : end
        }
        endBlock()
        close()
    }

    private mutating func add(_ line: Range<Int>, _ headingLevel: Int?, _ kind: Block) {
        var lower = line.lowerBound
        var upper = line.upperBound
        while lower < upper, text[lower].isSpace { lower += 1 }
        while upper > lower, text[upper - 1].isSpace { upper -= 1 }
        if lower == upper {
            // A blank line ends a paragraph; code and records go on to the next mark.
            if kind == .prose { endBlock() }
            return
        }
        if let headingLevel {
            endBlock()
            addHeading(extent(lower, upper), level: headingLevel)
            return
        }
        if hasBlock {
            block = extent(block.lowerBound, upper)
        } else {
            block = extent(lower, upper)
            blockKind = kind
            hasBlock = true
        }
    }

    // MARK: Headings

    private mutating func addHeading(_ range: Range<Int>, level: Int) {
        let characters = text[range].scalarCount
        if isOpen, !holdsOnlyHeadings || openCharacters + characters > target { close() }
        while let last = headings.last, last.level >= level { headings.removeLast() }
        if headings.count < 16 { headings.append((level, shortened(range))) }
        updatePath()
        if characters > 2 * target {
            close()
            cut(range, characters, .prose)
            return
        }
        extend(to: range, characters: characters)
        holdsOnlyHeadings = open == range || holdsOnlyHeadings
    }

    /// A heading as a path shows it: at most 200 bytes, whole characters.
    private func shortened(_ range: Range<Int>) -> String {
        var upper = min(range.upperBound, range.lowerBound + 200)
        while upper < range.upperBound, upper > range.lowerBound, text[upper] & 0xC0 == 0x80 { upper -= 1 }
        return text.slice(range.lowerBound, upper).string
    }

    private mutating func updatePath() {
        path = headings.map(\.text)
        if let part, path.first != part { path.insert(part, at: 0) }
    }

    // MARK: Blocks

    private mutating func endBlock() {
        guard hasBlock else { return }
        hasBlock = false
        let characters = text[block].scalarCount
        let limit = blockKind == .record ? 2 * target : target + target / 4
        if characters > limit {
            if isOpen, !holdsOnlyHeadings { close() }
            cut(block, characters, blockKind)
            return
        }
        if isOpen, !holdsOnlyHeadings, openCharacters + characters > target { close() }
        extend(to: block, characters: characters)
        holdsOnlyHeadings = false
    }

    private mutating func extend(to range: Range<Int>, characters: Int) {
        if isOpen {
            open = extent(open.lowerBound, range.upperBound)
            openCharacters += characters
        } else {
            open = range
            openCharacters = characters
            isOpen = true
            holdsOnlyHeadings = false
        }
        openPath = path
    }

    private mutating func close() {
        guard isOpen else { return }
        isOpen = false
        var chunk = Chunk(range: open, headings: openPath)
        chunk.page = page(at: open.lowerBound)
        chunk.time = time(of: open)
        chunk.turns = turns(in: open)
        chunks.append(chunk)
    }

    /// The pages and moments that begin inside of a chunk. The first moment stands there too, for the chunk's own time is that
    /// of all its words.
    private func turns(in range: Range<Int>) -> [Chunk.Turn] {
        var result: [Chunk.Turn] = []
        var index = pages.partitionPoint { $0.offset > range.lowerBound }
        while index < pages.count, pages[index].offset < range.upperBound {
            result.append(Chunk.Turn(offset: pages[index].offset, page: pages[index].number))
            index += 1
        }
        index = max(0, times.partitionPoint { $0.offset > range.lowerBound } - 1)
        let first = index
        while index < times.count, times[index].offset < range.upperBound { index += 1 }
        if index - first > 1 {
            for time in times[extent(first, index)] {
                result.append(Chunk.Turn(offset: max(time.offset, range.lowerBound), time: time.range))
            }
            result.sort { $0.offset < $1.offset }
        }
        return result
    }

    /// The last page that begins at or before the offset.
    private func page(at offset: Int) -> Int? {
        let after = pages.partitionPoint { $0.offset > offset }
        return after > 0 ? pages[after - 1].number : nil
    }

    private func time(of range: Range<Int>) -> Range<Int>? {
        guard !times.isEmpty else { return nil }
        var index = max(0, times.partitionPoint { $0.offset > range.lowerBound } - 1)
        guard times[index].offset < range.upperBound else { return nil }
        let start = times[index].range.lowerBound
        var end = times[index].range.upperBound
        while index < times.count, times[index].offset < range.upperBound {
            end = max(end, times[index].range.upperBound)
            index += 1
        }
        return extent(start, end)
    }

    // MARK: Cutting what is too long

    private struct Unit {
        var range: Range<Int>
        var characters: Int
        /// A whole sentence or line, which the next piece may repeat.
        var isWhole: Bool
    }

    private mutating func cut(_ range: Range<Int>, _ characters: Int, _ kind: Block) {
        let units = units(of: range, kind)
        // Pieces of about the same length, so that no crumb is left at the end.
        let count = max(1, (characters + target - 1) / target)
        let goal = characters / count
        var first = 0
        while first < units.count {
            var last = first
            var length = units[first].characters
            while last + 1 < units.count, length < goal, length + units[last + 1].characters <= target + target / 10 {
                last += 1
                length += units[last].characters + 1
            }
            var from = first
            if first > 0, kind == .prose {
                var repeated = 0
                while from > 0, units[from - 1].isWhole, repeated + units[from - 1].characters + 1 <= overlap {
                    from -= 1
                    repeated += units[from].characters + 1
                }
                // A piece repeats the end of the one before it, never all of it.
                if let previous = chunks.last, units[from].range.lowerBound <= previous.range.lowerBound { from = first }
            }
            extend(to: extent(units[from].range.lowerBound, units[last].range.upperBound), characters: length)
            holdsOnlyHeadings = false
            first = last + 1
            if first < units.count { close() }
        }
    }

    private func units(of range: Range<Int>, _ kind: Block) -> [Unit] {
        var result: [Unit] = []
        func add(_ sentence: Range<Int>) {
            let characters = text[sentence].scalarCount
            if characters <= target {
                result.append(Unit(range: sentence, characters: characters, isWhole: true))
            } else {
                addFragments(of: sentence, to: &result)
            }
        }
        if kind == .code {
            var index = range.lowerBound
            while index < range.upperBound {
                let end = min(text.lineEnd(from: index), range.upperBound)
                var lower = index
                var upper = end
                while upper > lower, text[upper - 1].isSpace { upper -= 1 }
                while lower < upper, text[lower].isSpace { lower += 1 }
                if lower < upper { add(extent(lower, upper)) }
                index = end + 1
            }
        } else {
            SentenceBreaks.forEach(text, in: range, add)
        }
        return result
    }

    /// Cuts a sentence that is longer than the target at line ends, else after punctuation, else between words.
    private func addFragments(of sentence: Range<Int>, to result: inout [Unit]) {
        var start = sentence.lowerBound
        while start < sentence.upperBound {
            var index = start
            var characters = 0
            var lineEnd = 0
            var clauseEnd = 0
            var wordEnd = 0
            while index < sentence.upperBound {
                let byte = text[index]
                if byte & 0xC0 != 0x80 {
                    // The word that crosses the target is kept whole unless it reaches twice the target.
                    if characters >= target, wordEnd > start || characters >= 2 * target { break }
                    characters += 1
                }
                if byte.isSpace {
                    let before = text[index - 1]
                    wordEnd = index
                    if characters * 2 >= target {
                        if byte == 0x0A { lineEnd = index }
                        if before == UInt8(ascii: ",") || before == UInt8(ascii: ";") || before == UInt8(ascii: ":") {
                            clauseEnd = index
                        }
                    }
                }
                index += 1
            }
            var end = index
            if index < sentence.upperBound {
                if lineEnd > start {
                    end = lineEnd
                } else if clauseEnd > start {
                    end = clauseEnd
                } else if wordEnd > start {
                    end = wordEnd
                }
            }
            var upper = end
            while upper > start, text[upper - 1].isSpace { upper -= 1 }
            if upper > start {
                result.append(Unit(range: extent(start, upper), characters: text.slice(start, upper).scalarCount, isWhole: false))
            }
            start = end
            while start < sentence.upperBound, text[start].isSpace { start += 1 }
        }
    }
}

extension ExtractedDocument.Mark.Kind {
    /// Whether text on both sides of the mark must not be taken for one block.
    fileprivate var isStructural: Bool {
        switch self {
        case .page, .time: false
        default: true
        }
    }
}

extension Array {
    /// The first index for which `isAfter` holds, in an array where it holds for all that follow.
    fileprivate func partitionPoint(_ isAfter: (Element) -> Bool) -> Int {
        var lower = 0
        var upper = count
        while lower < upper {
            let middle = (lower + upper) / 2
            if isAfter(self[middle]) { upper = middle } else { lower = middle + 1 }
        }
        return lower
    }
}
