import TwinHTTP
import TwinSupport

/// A passage cut into units, with what its words have to do with one question.
struct AnalyzedPassage {
    /// A unit that may be quoted.
    struct Unit {
        /// Bytes of the passage's text.
        var range: Range<Int>
        var words: [Word] = []
        /// For each of the question's terms: 1 when the unit has it, less when it has a related word, else 0.
        var matches: [Double]
        /// The places in `words` of the question's terms.
        var hits: [Int] = []
        var classes: WordClass = []
        var hasQuotation = false
        /// `he`, `it`, `these` first: it speaks of what the unit before it names.
        var beginsWithPronoun = false
        /// A pronoun among the first eight words.
        var hasEarlyPronoun = false
        var isHeading = false
    }

    struct Word {
        var identity: TermIdentity
        var classes: WordClass
        /// The index of the question's term that it is, or -1.
        var term: Int32
        /// Whether the question has the word, stop words included.
        var isInQuestion: Bool
        /// Bytes of the passage's text.
        var start: Int32
        var end: Int32
    }

    var units: [Unit]
    /// For each of the question's terms: how well the best unit has it.
    var matches: [Double]
    /// For each of the question's terms: how often the passage has it.
    var counts: [Int]
    /// For each of the question's terms: the places where the passage has it, counted in words.
    var positions: [[Int]]
    var wordCount: Int
    /// For each of the question's terms: whether the title or a heading above the passage has it.
    var isInContext: [Bool]

    init(_ passage: Passage, question: QuestionAnalysis, lexicon: EvidenceLexicon, segmenter: SentenceSegmenter) {
        let size = question.terms.count
        matches = Array(repeating: 0, count: size)
        counts = Array(repeating: 0, count: size)
        positions = Array(repeating: [], count: size)
        isInContext = Array(repeating: false, count: size)
        var units: [Unit] = []
        var words = 0
        var counts = self.counts
        var positions = self.positions
        passage.text.withView { text in
            units = segmenter.sentences(in: text).map {
                Unit(range: $0, matches: Array(repeating: 0, count: size))
            }
            var current = 0
            var previous: WordClass = []
            lexicon.analyzer.forEachToken(in: text.contents) { bytes, range, _, isCompound in
                while current < units.count, units[current].range.upperBound <= range.lowerBound { current += 1 }
                guard current < units.count, units[current].range.lowerBound <= range.lowerBound else { return }
                let stem = TermIdentity(bytes)
                let identity = lexicon.forms.canonical(stem)
                let term = question.index[identity]
                if let term {
                    units[current].matches[term] = 1
                    counts[term] += 1
                    positions[term].append(words)
                } else {
                    question.forEachRelated(to: ByteView(bytes)) { place, strength in
                        units[current].matches[place] = max(units[current].matches[place], strength)
                    }
                }
                // A compound's parts follow as words of their own.
                if isCompound { return }
                var kind = lexicon.classes(
                    of: bytes, identity: stem, isCapitalized: EvidenceLexicon.isCapital(text, at: range.lowerBound))
                let isFirst = units[current].words.isEmpty
                if kind.contains(.capitalized), !isFirst, previous.contains(.preposition) { kind.insert(.place) }
                if let term, term < Int(Int32.max) { units[current].hits.append(units[current].words.count) }
                if kind.contains(.pronoun) {
                    if isFirst { units[current].beginsWithPronoun = true }
                    if units[current].words.count < 8 { units[current].hasEarlyPronoun = true }
                }
                units[current].classes.formUnion(kind)
                units[current].words.append(
                    Word(
                        identity: identity, classes: kind, term: Int32(term ?? -1),
                        isInQuestion: question.words.contains(identity), start: Int32(clamping: range.lowerBound),
                        end: Int32(clamping: range.upperBound)))
                previous = kind
                words += 1
            }
            for place in units.indices {
                let unit = units[place].range
                units[place].hasQuotation = Self.hasQuotation(text[unit])
                units[place].isHeading = Self.isHeading(text, unit, of: passage, isLast: place == units.count - 1)
            }
        }
        for unit in units {
            for term in 0..<size { matches[term] = max(matches[term], unit.matches[term]) }
        }
        self.units = units
        self.counts = counts
        self.positions = positions
        wordCount = words
        for text in [passage.title] + passage.headings {
            text.withView { text in
                lexicon.analyzer.forEachToken(in: text.contents) { bytes, _, _, _ in
                    if let term = question.index[lexicon.forms.canonical(TermIdentity(bytes))] { isInContext[term] = true }
                }
            }
        }
    }

    private static func hasQuotation(_ text: ByteView) -> Bool {
        if text.first(UInt8(ascii: "\""), from: 0) != nil { return true }
        var from = 0
        while let place = text.first(0xE2, from: from) {  // “
            if text[place + 1] == 0x80, text[place + 2] == 0x9C { return true }
            from = place + 1
        }
        from = 0
        while let place = text.first(0xC2, from: from) {  // «
            if text[place + 1] == 0xAB { return true }
            from = place + 1
        }
        return false
    }

    /// Whether the unit is only a title: marked as one, equal to one that is known, or a short line without a full stop that
    /// text follows.
    private static func isHeading(_ text: ByteView, _ unit: Range<Int>, of passage: Passage, isLast: Bool) -> Bool {
        guard unit.count <= 120 else { return false }
        if TextLine.isHeadingMark(text, unit) { return true }
        let line = text[unit].string
        if line == passage.title || passage.headings.contains(line) { return true }
        let last = text[unit.upperBound - 1]
        let isAlone = !isLast && (text[unit.upperBound] == 0x0A)
        return isAlone && unit.count <= 60 && text[unit.lowerBound].isUpper && last.isAlphanumeric
            && !TextLine.isRecord(text, unit) && text.first(UInt8(ascii: "\n"), from: unit.lowerBound, to: unit.upperBound) == nil
    }
}
