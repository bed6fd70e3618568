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
        var isQuestion = false
        var isLeadIn = false
        var isCode = false
        /// Says only where a program puts something in.
        var isDirective = false
        /// Whether it says of one of the question's terms what it is.
        var defines = false
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
    /// For each of the question's terms: how well the headings above the passage have it, 0 to 1.
    var headingMatches: [Double]
    /// How far the nearest heading, taken as a question, is the question asked: the harmonic mean of the shares that each has
    /// of the other's words, 0 to 1.
    var headingFit = 0.0
    /// Whether the passage begins with its heading, so that it is the section's beginning.
    var beginsSection = false

    init(_ passage: Passage, question: QuestionAnalysis, lexicon: EvidenceLexicon, segmenter: SentenceSegmenter) {
        let size = question.terms.count
        matches = Array(repeating: 0, count: size)
        counts = Array(repeating: 0, count: size)
        positions = Array(repeating: [], count: size)
        isInContext = Array(repeating: false, count: size)
        headingMatches = Array(repeating: 0, count: size)
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
                let identity = lexicon.forms.canonical(stem, of: text[range])
                let term = question.index[identity]
                if let term {
                    units[current].matches[term] = 1
                    counts[term] += 1
                    positions[term].append(words)
                } else {
                    question.forEachRelated(to: ByteView(bytes), identity: identity) { place, strength in
                        units[current].matches[place] = max(units[current].matches[place], strength)
                    }
                }
                // A compound's parts follow as words of their own.
                if isCompound { return }
                var kind = lexicon.classes(
                    of: bytes, identity: stem, isCapitalized: EvidenceLexicon.isCapital(text, at: range.lowerBound))
                let isFirst = units[current].words.isEmpty
                if text.hasPrefix("ly", at: range.upperBound - 2) { kind.insert(.adverb) }
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
                units[place].isLeadIn = SectionText.endsWithColon(text[unit])
                units[place].isCode = TextLine.isCodeLike(text[unit])
                units[place].isDirective = TextLine.isDirective(text[unit])
                units[place].defines = Self.defines(units[place], in: text)
                units[place].isQuestion = SectionText.endsWithQuestionMark(text[unit])
                units[place].hasQuotation = Self.hasQuotation(text[unit])
                units[place].isHeading = TextLine.isTitle(
                    text, unit, title: passage.title, headings: passage.headings, isLast: place == units.count - 1)
            }
        }
        for unit in units {
            for term in 0..<size { matches[term] = max(matches[term], unit.matches[term]) }
        }
        self.units = units
        self.counts = counts
        self.positions = positions
        wordCount = words
        beginsSection = units.first?.isHeading == true
        passage.title.withView { text in
            lexicon.analyzer.forEachToken(in: text.contents) { bytes, range, _, _ in
                if let term = question.index[lexicon.forms.canonical(TermIdentity(bytes), of: text[range])] {
                    isInContext[term] = true
                }
            }
        }
        for (level, heading) in passage.headings.enumerated() {
            read(heading, isNearest: level == passage.headings.count - 1, question, lexicon)
        }
    }

    /// Compares a heading above the passage with the question.
    private mutating func read(
        _ heading: String, isNearest: Bool, _ question: QuestionAnalysis, _ lexicon: EvidenceLexicon
    ) {
        var own = [Double](repeating: 0, count: headingMatches.count)
        var content = 0
        var met = 0.0
        heading.withView { text in
            lexicon.analyzer.forEachToken(in: text.contents) { bytes, range, _, isCompound in
                let stem = TermIdentity(bytes)
                let identity = lexicon.forms.canonical(stem, of: text[range])
                if let term = question.index[identity] {
                    isInContext[term] = true
                    own[term] = 1
                    if !isCompound { met += 1 }
                } else {
                    var nearest = 0.0
                    question.forEachRelated(to: ByteView(bytes), identity: identity) { place, strength in
                        own[place] = max(own[place], strength)
                        nearest = max(nearest, strength)
                    }
                    if !isCompound { met += nearest }
                }
                if !isCompound, !lexicon.classes(of: bytes, identity: stem, isCapitalized: false).contains(.stopWord) {
                    content += 1
                }
            }
        }
        for term in own.indices { headingMatches[term] = max(headingMatches[term], own[term]) }
        guard isNearest, content > 0 else { return }
        var recall = 0.0
        for (term, strength) in zip(question.terms, own) { recall += term.weight * strength / question.totalWeight }
        let precision = min(1, met / Double(content))
        headingFit = recall + precision > 0 ? 2 * recall * precision / (recall + precision) : 0
    }

    /// `IDP is …`, `IDP: …`, `IDP (…)`, and `… (IDP)` for one of the terms that stand at the front.
    private static func defines(_ unit: Unit, in text: ByteView) -> Bool {
        unit.hits.contains { place in
            let word = unit.words[place]
            let (start, end) = (Int(word.start), Int(word.end))
            if text[start - 1] == UInt8(ascii: "("), text[end] == UInt8(ascii: ")") { return true }
            // "Patterns that always match are irrefutable."
            if place == unit.words.count - 1, unit.words.count > 3,
                unit.words.dropLast().last.map({ defining.contains($0.identity) }) == true
            {
                return true
            }
            guard place < frontWords else { return false }
            var next = end
            while text[next] == UInt8(ascii: "\"") || text[next] == UInt8(ascii: "'") { next += 1 }
            if text[next] == UInt8(ascii: ":") || (text[next] == 0x20 && text[next + 1] == UInt8(ascii: "(")) { return true }
            return unit.words[place...].dropFirst().prefix(2).contains { defining.contains($0.identity) }
        }
    }

    /// Words of a sentence among which what it speaks of stands.
    private static let frontWords = 6
    private static let defining = Set(
        ["is", "are", "mean", "means", "refer", "stand", "was", "call", "called"].map { TermIdentity($0) })

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
}
