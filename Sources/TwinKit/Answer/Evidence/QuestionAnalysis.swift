import Glibc
import TwinSearch
import TwinSupport

/// What a question asks for and what evidence for it must hold. Made once, and shared by selection, span check and refusal.
package struct QuestionAnalysis: Sendable {
    /// A word that carries meaning, in the form in which evidence is compared with it.
    package struct Term: Sendable {
        /// Folded and stemmed; the base form of an irregular word.
        package var text: String
        /// Its inverse document frequency in the twin, ln(1 + (N - n + 0.5) / (n + 0.5)) (Robertson and Zaragoza, 2009,
        /// section 3.1), less for words that only frame a question.
        package var weight: Double
        /// The number of chunks that have it in one of its forms.
        package var documentFrequency: Int
        /// A name or a number: what a sentence about something else has differently.
        package var isEntity: Bool
        /// Letters with digits among them, such as `FY27`.
        var isCode: Bool
        package var isNumber: Bool
        let identity: TermIdentity
        let opposites: [TermIdentity]
    }

    package let answerType: AnswerType
    /// What an answer must have, where that can be told by its words.
    let askedKind: AskedKind?
    /// The content words, each once, in the order of their first place.
    package let terms: [Term]
    /// The content words in the question's order, as indexes into `terms`.
    package let sequence: [Int]
    /// Numbers of its language that are other words in English.
    let ownNumbers: Set<TermIdentity>
    /// Whether it asks what something is, means or stands for.
    let asksForDefinition: Bool
    /// Whether it asks for things or steps, of which there may be several.
    let asksForSeveral: Bool
    /// Whether the question has `not`, `never`, `without` and the like, which a text that answers it must meet. What askers say of
    /// themselves ("I have no key, how …") need not stand there.
    package let isNegated: Bool
    /// Whether it sets things beside each other: `versus`, `difference between`.
    let compares: Bool
    /// The sum of all weights; never 0.
    package let totalWeight: Double
    /// The highest weight that a term can have in this twin.
    package let maximumWeight: Double

    /// `first`, `only`, `largest` and other words that single one thing out.
    let superlatives: [TermIdentity]
    /// Every word, stop words too, in its base form.
    let words: Set<TermIdentity>
    /// The place of a content word in `terms`.
    let index: [TermIdentity: Int]
    /// The places of the terms that a word of another beginning may stand for.
    private let standIns: [TermIdentity: [Int]]
    /// The places of terms by their first byte, for comparing beginnings.
    let byFirstByte: [UInt8: [Int]]

    /// More content words than this are left out: nobody asks so much, and a text pasted as a question stays quick.
    package static let maximumTerms = 64
    /// The part of their weight that words have which only frame a question: `kind`, `name`, `happen`.
    private static let frameShare = 0.35
    /// The same where no text has the word, so that nobody needs to find it.
    private static let absentFrameShare = 0.02

    /// The same where endings are not taken off: most words stand there in another form.
    private static let inflectedShare = 0.12

    package init(_ question: String, analyzer: Analyzer, statistics: TermStatistics) {
        self.init(question, lexicon: EvidenceLexicon.of(analyzer), statistics: statistics)
    }

    init(_ question: String, lexicon: EvidenceLexicon, statistics: TermStatistics) {
        let asked = lexicon.analyzer.words(of: question).map(\.term)
        let foreign = QuestionLanguage.of(question, words: asked)
        answerType = foreign?.kind(of: asked).map { AnswerType($0) } ?? AnswerType(words: asked)
        ownNumbers = foreign == nil ? [] : Set(QuestionLanguage.numbersLikeEnglishWords.map { TermIdentity($0) })
        // In other languages "how long" and "how often" are not told apart.
        askedKind =
            foreign?.marksNamesAndNumbers == false ? nil : AskedKind(answerType, words: foreign == nil ? asked : [])
        let light = foreign.map { foreign in
            lexicon.analyzer.words(of: question).filter { foreign.functionWords.contains($0.term) }.map(\.range)
        }
        asksForDefinition = Self.asksForDefinition(asked)
        asksForSeveral = answerType == .manner || answerType == .thing || answerType == .other
        let asksForExtreme = foreign == nil && answerType == .number && AnswerType.asksForExtreme(asked)
        let count = Double(max(1, statistics.documentCount))
        func weight(_ frequency: Int) -> Double {
            let frequency = min(Double(frequency), count)
            return log(1 + (count - frequency + 0.5) / (frequency + 0.5))
        }
        var terms: [Term] = []
        var sequence: [Int] = []
        var superlatives: [TermIdentity] = []
        var words: Set<TermIdentity> = []
        var index: [TermIdentity: Int] = [:]
        var isNegated = false
        var place = 0
        question.withView { text in
            lexicon.analyzer.forEachToken(in: text.contents) { bytes, range, _, isCompound in
                let stem = TermIdentity(bytes)
                let identity = lexicon.forms.canonical(stem, of: text[range])
                let isCapital = EvidenceLexicon.isCapital(text, at: range.lowerBound)
                let kind = lexicon.classes(of: bytes, identity: stem, isCapitalized: isCapital)
                defer { if !isCompound { place += 1 } }
                words.insert(identity)
                if kind.contains(.negation) { isNegated = true }
                if kind.contains(.superlative) { superlatives.append(stem) }
                guard !kind.contains(.stopWord), light?.contains(range) != true else { return }
                if let known = index[identity] {
                    sequence.append(known)
                    return
                }
                guard terms.count < Self.maximumTerms else { return }
                let written = text[range]
                let text = String(decoding: bytes, as: UTF8.self)
                let forms = IrregularForms.isRegularPast(written) ? [text] : lexicon.forms.forms(of: text)
                let frequency = forms.reduce(0) { $0 + max(0, statistics.documentFrequency($1)) }
                // A pair of characters that is half of such a word, in scripts without spaces, is no word at all.
                if frequency == 0, light?.contains(where: { $0.overlaps(range) }) == true { return }
                let isNumber = kind.contains(.digits)
                // Where a number is asked for, "biggest" says which one and need not stand beside it.
                let isFrame = kind.contains(.frame) || asksForExtreme && kind.contains(.superlative)
                // `FY27` and `M70` name one thing among many, however they are written.
                let isCode = !isNumber && ByteView(bytes).contents.contains { $0.isDigit }
                index[identity] = terms.count
                sequence.append(terms.count)
                terms.append(
                    Term(
                        text: forms.first ?? text,
                        weight: weight(frequency) * (foreign != nil && frequency == 0 ? Self.inflectedShare : 1)
                            * (isFrame ? frequency > 0 ? Self.frameShare : Self.absentFrameShare : 1),
                        documentFrequency: min(frequency, statistics.documentCount),
                        isEntity: isNumber || isCode || (isCapital && place > 0), isCode: isCode, isNumber: isNumber,
                        identity: identity,
                        opposites: lexicon.classes.opposites(of: identity)))
            }
        }
        self.terms = terms
        self.sequence = sequence
        self.superlatives = superlatives
        self.words = words
        self.index = index
        self.isNegated = isNegated && Set(asked).isDisjoint(with: Self.firstPerson)
        compares = !Set(asked).isDisjoint(with: Self.comparing)
        totalWeight = max(terms.reduce(0) { $0 + $1.weight }, .leastNormalMagnitude)
        maximumWeight = weight(0)
        var standIns: [TermIdentity: [Int]] = [:]
        for (place, term) in terms.enumerated() {
            for word in lexicon.related[term.identity] where index[word] == nil { standIns[word, default: []].append(place) }
        }
        self.standIns = standIns
        var byFirstByte: [UInt8: [Int]] = [:]
        for (place, term) in terms.enumerated() where term.text.utf8.count >= Self.shortestBeginning {
            if let first = term.text.utf8.first { byFirstByte[first, default: []].append(place) }
        }
        self.byFirstByte = byFirstByte
    }

    private static func asksForDefinition(_ words: [String]) -> Bool {
        guard words.count <= longestDefinitionQuestion else { return false }
        let pairs = zip(words, words.dropFirst())
        if pairs.contains(where: { ($0 == "stand" || $0 == "stands") && $1 == "for" }) { return true }
        if words.contains(where: { ["meaning", "define", "definition", "mean", "means"].contains($0) }) { return true }
        guard let first = words.first else { return false }
        return ["what's", "whats"].contains(first)
            || (["what", "who"].contains(first) && ["is", "are", "was"].contains(words.dropFirst().first ?? ""))
    }

    private static let longestDefinitionQuestion = 7
    private static let firstPerson: Set<String> = [
        "i", "i'm", "i've", "i'd", "im", "ive", "me", "my", "mine", "we", "we're", "we've", "us", "our",
    ]
    private static let comparing: Set<String> = ["versus", "vs", "difference", "differences", "differ", "compared"]

    /// The terms whose document frequencies an analysis of `question` asks for, sorted, each once: the forms of irregular
    /// words are among them.
    package static func indexTerms(of question: String, analyzer: Analyzer) -> [String] {
        let forms = EvidenceLexicon.of(analyzer).forms
        return Set(analyzer.tokens(of: question).flatMap { forms.forms(of: $0.term) }).sorted()
    }

    /// Bytes that two words must begin with alike to count as related.
    static let shortestBeginning = 4
    /// The part of the longer word that the common beginning must have at least.
    private static let smallestShare = 0.6
    /// What a related word counts against the same word.
    private static let relatedShare = 0.7

    /// What a word counts that only says the same.
    private static let standInShare = 0.5

    /// Bytes that a word must have at least to count as a misspelling of another.
    private static let shortestMisspelling = 5

    /// The terms that `word` is related to, each with a strength below 1: by its beginning (`emigrat` and `emigr`), or, for a
    /// term that the twin's texts do not have at all, by a single differing letter (`celeron` and `celoron`).
    func forEachRelated(to word: ByteView, identity: TermIdentity, _ body: (_ term: Int, _ strength: Double) -> Void) {
        for place in standIns[identity] ?? [] { body(place, Self.standInShare) }
        guard word.count >= Self.shortestBeginning, let places = byFirstByte[word[0]] else { return }
        for place in places {
            let strength = terms[place].text.withView { term in
                let limit = min(term.count, word.count)
                let longer = max(term.count, word.count)
                var common = 0
                while common < limit, term[common] == word[common] { common += 1 }
                if common >= Self.shortestBeginning, common < longer, Double(common) >= Self.smallestShare * Double(longer) {
                    return Double(common) / Double(longer) * Self.relatedShare
                }
                let isUnknown = terms[place].documentFrequency == 0 && limit >= Self.shortestMisspelling
                return isUnknown && Self.differsInOneLetter(term, word, from: common) ? Self.relatedShare : 0
            }
            if strength > 0 { body(place, strength) }
        }
    }

    /// Whether one letter put in, left out, replaced or swapped with the next makes one word the other; they are alike up to
    /// `common`.
    private static func differsInOneLetter(_ one: ByteView, _ other: ByteView, from common: Int) -> Bool {
        func hasSameEnd(_ first: Int, _ second: Int) -> Bool {
            guard one.count - first == other.count - second else { return false }
            return one[first..<one.count].contents.elementsEqual(other[second..<other.count].contents)
        }
        let isSwap = one[common] == other[common + 1] && one[common + 1] == other[common]
        return hasSameEnd(common + 1, common + 1) || hasSameEnd(common + 1, common) || hasSameEnd(common, common + 1)
            || (isSwap && hasSameEnd(common + 2, common + 2))
    }
}
