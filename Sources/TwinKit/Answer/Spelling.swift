import Glibc
import TwinDatabase
import TwinKnowledge
import TwinSearch
import TwinSupport

/// Reads misspelt words as words that a twin's texts have, as far as the asker may see them.
struct Spelling {
    private let index: SearchIndex
    private let analyzer: Analyzer
    private let visible: VisibleSources
    private let clearance: Clearance
    private let connection: Connection

    init(twin: Twin, clearance: Clearance, connection: Connection) throws {
        index = SearchIndex(twin: twin.key)
        analyzer = Analyzer(language: twin.settings.language)
        visible = try Visibility.sources(of: twin, for: clearance, on: connection)
        self.clearance = clearance
        self.connection = connection
    }

    /// Letters that a word needs to be looked at: shorter ones are like too many others.
    private static let shortest = 4
    /// Letters that it needs to be one of the words of asking: "hwo".
    private static let shortestOfAsking = 3
    /// Letters from which on a word may have two mistakes.
    private static let longEnoughForTwo = 9
    /// Words of a question that are looked at, and terms of a segment that one is compared with, at the most.
    private static let maximumWords = 6
    private static let maximumTerms = 40_000
    /// Candidates that are compared, terms whose frequency is looked up for them, and chunks that are counted of one, at the most.
    private static let maximumCandidates = 32
    private static let maximumLooked = 128
    private static let maximumCounted = 100
    /// Chunks in which it is looked up how a term is written.
    private static let maximumRead = 4
    /// How much more frequent a term must be for each mistake more, as a difference of logarithms.
    private static let costOfMistake = 4.0
    /// What a mistake costs less that makes a word which English is known to have.
    private static let knownShare = 0.4
    /// Chunks that words of asking are taken to be in at the least: in few texts they may be in none.
    private static let leastOfAsking = 20

    /// What the twin's texts write for each of `words` (folded, not stemmed) that they do not have.
    func corrections(of words: [String], in question: String) throws -> [String: String] {
        let counts = try visibleCounts(of: words.map { analyzer.term(of: $0) })
        var result: [String: String] = [:]
        var looked = 0
        let foreign = QuestionLanguage.of(question, words: words)
        for (place, word) in words.enumerated() where counts[place] == 0 && result[word] == nil {
            guard looked < Self.maximumWords, foreign?.functionWords.contains(word) != true else { continue }
            if foreign != nil || WordForms.needsOwnForms(word) {
                looked += 1
                if let form = try form(of: word) {
                    result[word] = form
                    continue
                }
            }
            guard isCorrectable(word) else { continue }
            looked += 1
            // What is written with a capital is a name, and none of a language's own words.
            let mayBeName = place > 0 && !question.contains(word)
            let isEnglish = foreign == nil && analyzer.language == .english
            if let better = try reading(of: word, mayBeName: mayBeName, isEnglish: isEnglish) ?? distantReading(of: word) {
                result[word] = better
            }
        }
        return result
    }

    /// Whether the texts that the asker may see have this word (folded, not stemmed).
    func knows(_ word: String) throws -> Bool {
        try visibleCounts(of: [analyzer.term(of: word)]).contains { $0 > 0 }
    }

    /// Whether a word may be a misspelt one. The words with which one asks, and others that are surely meant as they stand, are
    /// none, however near to them a text has a word: of "how long", "does" and "Austria" nothing else may be made.
    private func isCorrectable(_ word: String) -> Bool {
        guard word.utf8.count >= Self.shortestOfAsking, word.utf8.count <= 24, word.utf8.allSatisfy(\.isLower) else {
            return false
        }
        return analyzer.language != .english
            || !(AskingWords.contains(word) || Self.functionWords.contains(word) || EnglishWords.isKnown(word))
    }

    /// The form in which the texts have a word of a language whose endings are not taken off.
    private func form(of word: String) throws -> String? {
        let forms = WordForms(word)
        var likeness: [String: Double] = [:]
        for beginning in forms.beginnings {
            try index.forEachTerm(withPrefix: Array(beginning.utf8), limit: Self.maximumTerms, on: connection) { term in
                let text = term.string
                if let found = forms.likeness(to: text) { likeness[text] = max(likeness[text] ?? 0, found) }
            }
        }
        let ranked = likeness.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
        return try firstVisible(ranked.lazy.map(\.key))
    }

    /// The word that is one mistake away: of those that the texts have, and of those with which one asks.
    private func reading(of word: String, mayBeName: Bool, isEnglish: Bool) throws -> String? {
        let isShort = word.utf8.count < Self.shortest
        var nearest: [String: (word: String, cost: Double, isKnown: Bool, isOfAsking: Bool)] = [:]
        for (candidate, mistake) in TypingMistake(word).readings {
            let term = analyzer.term(of: candidate)
            let isOfAsking = isEnglish && !mayBeName && isWordOfAsking(candidate, term: term)
            // A name is none of them, and "such" has no other forms, so that "suched" is no word.
            guard isOfAsking || !isWordOfAsking(candidate, term: term) && !isWordOfAsking(term, term: term) else { continue }
            guard isShort ? isOfAsking && Self.shortAsking.contains(candidate) : true, Self.isLikely(candidate, for: word) else {
                continue
            }
            let isKnown = isEnglish && !mayBeName && (isOfAsking || EnglishWords.isKnown(candidate))
            // Hardly anybody mistypes the first letter.
            guard isKnown || candidate.utf8.first == word.utf8.first else { continue }
            let cost = isKnown ? mistake - Self.knownShare : mistake
            if let other = nearest[term], (other.cost, other.word) <= (cost, candidate) { continue }
            nearest[term] = (candidate, cost, isKnown, isOfAsking)
        }
        let terms = nearest.keys.sorted()
        let frequencies = try index.documentFrequencies(of: terms, on: connection)
        let likely = zip(terms, frequencies).compactMap { term, frequency in
            nearest[term].flatMap { frequency > 0 || $0.isOfAsking ? (term: term, reading: $0) : nil }
        }.sorted { ($0.reading.cost, $0.term) < ($1.reading.cost, $1.term) }.prefix(Self.maximumLooked)
        let counts = try visibleCounts(of: likely.map(\.term))
        var best: (term: String, score: Double)?
        for ((term, reading), visible) in zip(likely, counts) {
            let count = reading.isOfAsking ? max(visible, Self.leastOfAsking) : visible
            guard count > 0 else { continue }
            let score = log(Double(count) + 1) - Self.costOfMistake * reading.cost
            if score > best?.score ?? -.infinity { best = (term, score) }
        }
        guard let best, let reading = nearest[best.term] else { return nil }
        return try reading.isKnown ? reading.word : written(best.term, like: word)
    }

    private static let functionWords = FunctionWords(.english).all
    /// Words that one meant by three letters, rather than an abbreviation: "hwo", "wen".
    private static let shortAsking: Set<String> = ["how", "who", "why", "the", "and", "you", "can", "what", "when", "does"]

    /// Whether a word asks for something, whatever it is asked of: "what", "long", "happens".
    private func isWordOfAsking(_ word: String, term: String) -> Bool {
        guard analyzer.language == .english else { return false }
        if Self.functionWords.contains(word) || AskingWords.contains(word) { return true }
        return EvidenceLexicon.of(analyzer).classes[TermIdentity(term)].contains(.frame) && EnglishWords.isKnown(word)
    }

    /// A short word is like too many others, unless two of its letters are swapped, one is doubled, or an inner one left out.
    private static func isLikely(_ candidate: String, for word: String) -> Bool {
        guard word.utf8.count <= shortest else { return true }
        let (letters, other) = (Array(word.utf8), Array(candidate.utf8))
        return EditDistance.isSlip(letters, other) || EditDistance.lacksInnerLetter(letters, of: other)
    }

    /// The word that is like the stem of a term with more mistakes, or that is written as it sounds.
    private func distantReading(of word: String) throws -> String? {
        guard word.utf8.count >= Self.shortest else { return nil }
        let forms = forms(of: word)
        guard let initial = word.utf8.first else { return nil }
        let limit = word.utf8.count >= Self.longEnoughForTwo ? 2 : 1
        var costs: [[UInt8]: Int] = [:]
        try index.forEachTerm(withPrefix: [initial], limit: Self.maximumTerms, on: connection) { term in
            guard term.count >= Self.shortest - 1 else { return }
            for form in forms where abs(form.letters.count - term.count) <= limit - form.cost {
                guard let distance = EditDistance.between(form.letters, term, limit: limit - form.cost) else { continue }
                let cost = distance + form.cost
                let isLikely =
                    word.utf8.count > Self.shortest || EditDistance.isSlip(form.letters, term)
                    || EditDistance.lacksInnerLetter(form.letters, of: term)
                guard isLikely, !isWordOfAsking(term.string, term: term.string) else { continue }
                costs[term] = min(costs[term] ?? .max, form.isRestored(term, by: analyzer) ? cost : cost + 1)
            }
        }
        let near = costs.sorted { $0.value == $1.value ? $0.key.lexicographicallyPrecedes($1.key) : $0.value < $1.value }
            .prefix(Self.maximumLooked)
        let counts = try visibleCounts(of: near.map { $0.key.string })
        var ranked: [(term: String, score: Double)] = []
        for (candidate, count) in zip(near, counts) where count > 0 && ranked.count < Self.maximumCandidates {
            let score = log(Double(count) + 1) - Self.costOfMistake * Double(candidate.value)
            ranked.append((candidate.key.string, score))
        }
        ranked.sort { $0.score == $1.score ? $0.term < $1.term : $0.score > $1.score }
        return try ranked.first.map { try written($0.term, like: word) }
    }

    /// A term as the texts that the asker may see write it, in the form that is most like `word`: an index has "purchas", which,
    /// read in a question, would lose its end once more, and which nobody wants to read.
    private func written(_ term: String, like word: String) throws -> String {
        let letters = Array(word.utf8)
        let hits = try index.search(
            Query(terms: [Query.Term(term)]), visible: visible, limit: Self.maximumRead, on: connection)
        var best: (word: String, distance: Int)?
        for stored in try PassageStore.load(hits, for: clearance, on: connection) {
            for written in Set(analyzer.words(of: stored.passage.text).map(\.term)) where analyzer.term(of: written) == term {
                let distance = EditDistance.between(letters, Array(written.utf8), limit: word.utf8.count) ?? .max
                if let best, (best.distance, best.word) <= (distance, written) { continue }
                best = (written, distance)
            }
        }
        return best?.word ?? term
    }

    /// How many chunks that the asker may see have each term. A word that only hidden sources have is one of which there is none:
    /// neither that it is there nor how often may show in how a question is read.
    func visibleCounts(of terms: [String]) throws -> [Int] {
        let counts = try index.documentFrequencies(of: terms, on: connection)
        guard case .only = visible else { return counts }
        return try zip(terms, counts).map { term, count in
            guard count > 0 else { return 0 }
            return try index.search(
                Query(terms: [Query.Term(term)]), visible: visible, limit: Self.maximumCounted, on: connection
            ).count
        }
    }

    private func firstVisible(_ terms: some Sequence<String>) throws -> String? {
        for term in terms.prefix(Self.maximumLooked) where try visibleCounts(of: [term]).contains(where: { $0 > 0 }) {
            return term
        }
        return nil
    }

    private struct Form {
        var letters: [UInt8]
        /// Mistakes that it stands for already.
        var cost: Int
        /// What the word had behind them.
        var ending: [UInt8]

        /// Whether `term` with the word's ending is a word of which an index has that term: "integer" of "integ", not "intoer" of
        /// "into".
        func isRestored(_ term: [UInt8], by analyzer: Analyzer) -> Bool {
            ending.isEmpty || Array(analyzer.term(of: String(decoding: term + ending, as: UTF8.self)).utf8) == term
        }
    }

    /// The word as an index may have it: its stem, and what is left without an ending that a correct spelling would have lost.
    private func forms(of word: String) -> [Form] {
        var forms: [Form] = []
        func add(_ text: String, _ cost: Int) {
            var stems = [analyzer.term(of: text)]
            if analyzer.language == .english {
                for ending in Self.endings where text.hasSuffix(ending) && text.utf8.count - ending.utf8.count >= Self.shortest {
                    stems.append(String(text.dropLast(ending.count)))
                }
            }
            for stem in stems {
                let letters = Array(stem.utf8)
                if !forms.contains(where: { $0.letters == letters && $0.cost <= cost }) {
                    let ending = text.hasPrefix(stem) ? Array(text.utf8.dropFirst(letters.count)) : []
                    forms.append(Form(letters: letters, cost: cost, ending: ending))
                }
            }
        }
        add(word, 0)
        if analyzer.language == .english {
            // Written as it sounds: "orfan".
            for (sound, letters) in Self.sounds where word.contains(sound) {
                add(word.split(separator: sound, omittingEmptySubsequences: false).joined(separator: letters), 1)
            }
        }
        return forms
    }

    private static let endings = ["s", "es", "er", "ed", "ing", "ion", "al", "ly", "ment", "ance", "ence", "able", "e"]
    private static let sounds = [("f", "ph"), ("x", "cks"), ("k", "ch"), ("shun", "tion"), ("kw", "qu")]
}

/// How many letters must be put in, left out, replaced or swapped with the next to make one word of another (Damerau, 1964;
/// the restricted distance).
enum EditDistance {
    /// None when it is above `limit`.
    static func between(_ one: [UInt8], _ other: [UInt8], limit: Int) -> Int? {
        guard limit >= 0, abs(one.count - other.count) <= limit else { return nil }
        var start = 0
        while start < min(one.count, other.count), one[start] == other[start] { start += 1 }
        let first = one[start...]
        let second = other[start...]
        if first.isEmpty || second.isEmpty {
            return max(first.count, second.count) <= limit ? max(first.count, second.count) : nil
        }
        guard limit > 0 else { return nil }
        let a = Array(first)
        let b = Array(second)
        var before = [Int](repeating: 0, count: b.count + 1)
        var previous = Array(0...b.count)
        for (row, letter) in a.enumerated() {
            var current = [Int](repeating: row + 1, count: b.count + 1)
            var least = row + 1
            for (column, otherLetter) in b.enumerated() {
                var cost = min(
                    previous[column + 1] + 1, current[column] + 1, previous[column] + (letter == otherLetter ? 0 : 1))
                if row > 0, column > 0, letter == b[column - 1], a[row - 1] == otherLetter {
                    cost = min(cost, before[column - 1] + 1)
                }
                current[column + 1] = cost
                least = min(least, cost)
            }
            guard least <= limit else { return nil }
            (before, previous) = (previous, current)
        }
        let result = previous[b.count]
        return result <= limit ? result : nil
    }

    /// Whether a short word is another without one of the letters between its first and its last: "vist", "visit".
    static func lacksInnerLetter(_ word: [UInt8], of other: [UInt8]) -> Bool {
        guard other.count == word.count + 1, word.first == other.first, word.last == other.last else { return false }
        return between(word, other, limit: 1) == 1
    }

    /// Whether two short words differ by two letters swapped, or by a letter that is doubled in one: mistakes that make hardly
    /// any other word.
    static func isSlip(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        if one.count == other.count {
            let places = one.indices.filter { one[$0] != other[$0] }
            return places.count == 2 && places[1] == places[0] + 1 && one[places[0]] == other[places[1]]
                && one[places[1]] == other[places[0]]
        }
        let (longer, shorter) = one.count > other.count ? (one, other) : (other, one)
        guard longer.count == shorter.count + 1 else { return false }
        return longer.indices.dropFirst().contains { place in
            guard longer[place] == longer[place - 1] else { return false }
            return longer[..<place] + longer[(place + 1)...] == shorter[...]
        }
    }
}
