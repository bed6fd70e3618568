import Glibc
import TwinHTTP
import TwinSupport

/// The passages of one search, analysed for one question, and the measures of each sentence that may be quoted.
struct EvidenceCandidates {
    struct Candidate {
        var passage: Int
        var unit: Int
        var features: SentenceFeatures
        var score = 0.0
    }

    let question: QuestionAnalysis
    let passages: [AnalyzedPassage]
    private(set) var candidates: [Candidate] = []
    /// For each passage: BM25 of the question in it, against what a text full of all terms would have; 0 to 1.
    let relevance: [Double]
    /// For each passage: names and numbers of the question that neither it nor its context has, as a share of all weight.
    let missingEntities: [Double]

    /// See `SourceStatistics.concentration`.
    let concentration: Double?

    private let totals: Totals
    /// Fewer words are no sentence, unless the unit is the passage's only one.
    private static let minimumWords = 3

    /// Sums over the question's terms that every sentence needs.
    private struct Totals {
        var entities = 0.0
        var words = 0.0
        var sequence = 0.0
        var numbers = 0

        init(_ question: QuestionAnalysis) {
            for term in question.terms {
                if term.isEntity { entities += term.weight } else { words += term.weight }
                if term.isNumber { numbers += 1 }
            }
            for (first, second) in zip(question.sequence, question.sequence.dropFirst()) {
                sequence += question.terms[first].weight + question.terms[second].weight
            }
        }
    }

    init(question: QuestionAnalysis, passages given: [Passage], lexicon: EvidenceLexicon, segmenter: SentenceSegmenter) {
        self.question = question
        totals = Totals(question)
        let passages = given.map {
            AnalyzedPassage($0, question: question, lexicon: lexicon, segmenter: segmenter)
        }
        self.passages = passages
        relevance = Self.relevance(question, passages)
        missingEntities = passages.map { passage in
            Self.share(question) { term, place in
                term.isEntity && passage.matches[place] == 0 && !passage.isInContext[place] ? 1 : 0
            }
        }
        let sources = SourceStatistics(given, passages, question)
        concentration = sources.concentration
        for index in passages.indices { measure(index, given, sources) }
    }

    mutating func rank(_ weights: [Double]) {
        for index in candidates.indices { candidates[index].score = candidates[index].features.score(weights) }
        // Equal scores stay in the order of the search and of the text.
        let order = candidates.indices.sorted {
            candidates[$0].score == candidates[$1].score ? $0 < $1 : candidates[$0].score > candidates[$1].score
        }
        candidates = order.map { candidates[$0] }
    }

    func unit(_ candidate: Candidate) -> AnalyzedPassage.Unit { passages[candidate.passage].units[candidate.unit] }

    /// Adds what a sentence has of the question, under its headings, to what is covered.
    func cover(_ covered: inout [Double], with candidate: Candidate) {
        let own = unit(candidate).matches
        let headings = passages[candidate.passage].headingMatches
        for term in covered.indices { covered[term] = max(covered[term], own[term], headings[term]) }
    }

    /// Orders further sentences: what those before them leave open of the question counts for them, and that they are of the
    /// same section.
    func sort(
        _ further: inout ArraySlice<Candidate>, besides covered: [Double], isOfSection: (Candidate) -> Bool
    ) {
        let merits = further.map { candidate in
            let own = unit(candidate).matches
            let headings = passages[candidate.passage].headingMatches
            let gain = Self.share(question) { max(0, max(own[$1], headings[$1]) - covered[$1]) }
            return candidate.score + gain * (question.compares ? Self.comparedGain : Self.furtherGain)
                + (isOfSection(candidate) ? Self.sectionGain : 0)
        }
        // Of equal ones the better stays first.
        let order = merits.indices.sorted { merits[$0] == merits[$1] ? $0 < $1 : merits[$0] > merits[$1] }
        let given = Array(further)
        for (place, index) in zip(further.indices, order) { further[place] = given[index] }
    }

    /// What all of the question counts against a sentence's score, when those before it have nothing of it, and the same where
    /// things are compared.
    private static let furtherGain = 2.0
    private static let comparedGain = 6.0
    /// What it counts that they go on with the section of the first.
    private static let sectionGain = 1.0

    /// The sum of `value` over the question's terms by their weight, against all weight.
    static func share(_ question: QuestionAnalysis, _ value: (QuestionAnalysis.Term, Int) -> Double) -> Double {
        var sum = 0.0
        for (place, term) in question.terms.enumerated() { sum += term.weight * value(term, place) }
        return sum / question.totalWeight
    }

    /// BM25 with k1 = 1.2 and b = 0.5 (Robertson and Zaragoza, 2009), lengths against the mean of the passages given, divided
    /// by its limit: it does not depend on the index's own settings.
    private static func relevance(_ question: QuestionAnalysis, _ passages: [AnalyzedPassage]) -> [Double] {
        let mean = meanLength(passages)
        return passages.map { passage in
            // A related word counts as a part of one.
            share(question) { saturated(max(Double(passage.counts[$1]), passage.matches[$1]), in: passage, mean) }
        }
    }

    private static func meanLength(_ passages: [AnalyzedPassage]) -> Double {
        max(1, Double(passages.reduce(0) { $0 + $1.wordCount }) / Double(max(1, passages.count)))
    }

    private static func saturated(_ count: Double, in passage: AnalyzedPassage, _ mean: Double) -> Double {
        count == 0 ? 0 : count / (count + 1.2 * (0.5 + 0.5 * Double(passage.wordCount) / mean))
    }

    /// The same of several passages with the headings above them, taken as one: of things that are compared, each may stand
    /// in a place of its own.
    func jointRelevance(of places: [Int]) -> Double {
        let mean = Self.meanLength(passages)
        return Self.share(question) { _, term in
            places.reduce(0) { best, place in
                let passage = passages[place]
                let count = max(Double(passage.counts[term]), passage.matches[term], passage.headingMatches[term])
                return max(best, Self.saturated(count, in: passage, mean))
            }
        }
    }

    private mutating func measure(_ index: Int, _ given: [Passage], _ sources: SourceStatistics) {
        let passage = passages[index]
        let terms = question.terms
        func covered(_ matches: [Double]) -> Double { Self.share(question) { matches[$1] } }
        func coveredWords(_ matches: [Double]) -> Double {
            guard totals.words > 0 else { return 0.6 }
            return Self.share(question) { $0.isEntity ? 0 : matches[$1] } * question.totalWeight / totals.words
        }
        let quotable = passage.units.indices.filter {
            let unit = passage.units[$0]
            return !unit.isHeading && !unit.isDirective && (unit.words.count >= Self.minimumWords || passage.units.count == 1)
        }
        var shared = SentenceFeatures()
        shared[.passageCoverage] = covered(passage.matches)
        for place in quotable {
            shared[.bestCoverage] = max(shared[.bestCoverage], covered(passage.units[place].matches))
            shared[.bestWordCoverage] = max(shared[.bestWordCoverage], coveredWords(passage.units[place].matches))
        }
        shared[.sourceStrength] = sources.strength(of: index)
        shared[.searchScore] = sources.searchScore(of: index)
        shared[.searchRank] = 1 / Double(1 + index)
        shared[.context] = Self.share(question) { passage.matches[$1] == 0 && passage.isInContext[$1] ? 1 : 0 }
        shared[.missingEntities] = missingEntities[index]
        shared[.headingFit] = passage.headingFit
        shared[.passageLength] = log(Double(max(1, passage.units.count)))

        /// For each term: the best match of the units before the current one.
        var earlier = [Double](repeating: 0, count: terms.count)
        var read = 0
        for place in quotable {
            while read < place {
                for term in terms.indices { earlier[term] = max(earlier[term], passage.units[read].matches[term]) }
                read += 1
            }
            let unit = passage.units[place]
            let before = place > 0 ? passage.units[place - 1].matches : []
            func gained(_ other: [Double], _ includes: (QuestionAnalysis.Term) -> Bool) -> Double {
                other.isEmpty
                    ? 0 : Self.share(question) { includes($0) ? max(0, other[$1] - unit.matches[$1]) : 0 }
            }
            var features = shared
            features[.coverage] = Self.share(question) { unit.matches[$1] == 1 ? 1 : 0 }
            features[.relatedCoverage] = Self.share(question) { unit.matches[$1] < 1 ? unit.matches[$1] : 0 }
            features[.entityCoverage] =
                totals.entities > 0
                ? Self.share(question) { $0.isEntity ? unit.matches[$1] : 0 } * question.totalWeight / totals.entities : 0.6
            features[.wordCoverage] = coveredWords(unit.matches)
            features[.previousEntities] = gained(before, \.isEntity)
            features[.previousWords] = gained(before) { !$0.isEntity }
            features[.passageWords] = gained(passage.matches) { !$0.isEntity }
            features[.sourceTerms] = Self.share(question) {
                unit.matches[$1] == 0 ? sources.frequency(ofTerm: $1, inSourceOf: index) : 0
            }
            let matched = unit.matches.count { $0 == 1 }
            features[.termCount] = Double(matched) / Double(max(1, terms.count))
            if totals.numbers > 0 {
                let missing = terms.indices.count { terms[$0].isNumber && unit.matches[$0] < 1 }
                features[.missingNumbers] = Double(missing) / Double(totals.numbers)
            }
            measurePlaces(unit, matched: matched, &features)
            features.measureOffer(of: unit, for: question.answerType)
            features[.length] = log(Double(max(1, unit.words.count)) / 20)
            features[.isFirst] = place == 0 ? 1 : 0
            features[.headingCoverage] = gained(passage.headingMatches) { _ in true }
            if passage.beginsSection {
                features[.headingStart] = passage.headingFit / Double(max(1, place))
            }
            features[.isQuestion] = unit.isQuestion ? 1 : 0
            features[.announces] = unit.isLeadIn && question.asksForSeveral ? 1 : 0
            features[.isCode] = unit.isCode ? 1 : 0
            features[.defines] = question.asksForDefinition && unit.defines ? 1 : 0
            features[.beginsWithPronoun] = unit.beginsWithPronoun ? 1 : 0
            if unit.hasEarlyPronoun { features[.pronounEntities] = gained(earlier, \.isEntity) }
            candidates.append(Candidate(passage: index, unit: place, features: features))
        }
    }

    /// How the question's terms stand to each other in the sentence.
    private func measurePlaces(_ unit: AnalyzedPassage.Unit, matched: Int, _ features: inout SentenceFeatures) {
        var ordered = 0.0
        for (first, second) in zip(question.sequence, question.sequence.dropFirst()) where first != second {
            let follows = unit.hits.contains { place in
                Int(unit.words[place].term) == first
                    && unit.words[place...].dropFirst().prefix(3).contains { Int($0.term) == second }
            }
            if follows { ordered += question.terms[first].weight + question.terms[second].weight }
        }
        features[.order] = totals.sequence > 0 ? ordered / totals.sequence : 0

        // The shortest stretch that has all matched terms.
        let distinct = Set(unit.hits.map { unit.words[$0].term }).count
        guard distinct > 1 else { return }
        var counts: [Int32: Int] = [:]
        var shortest = Int.max
        var left = 0
        for (right, place) in unit.hits.enumerated() {
            counts[unit.words[place].term, default: 0] += 1
            while counts.count == distinct {
                let first = unit.hits[left]
                shortest = min(shortest, unit.hits[right] - first + 1)
                let term = unit.words[first].term
                counts[term, default: 0] -= 1
                if counts[term] == 0 { counts[term] = nil }
                left += 1
            }
        }
        features[.proximity] = features[.coverage] * Double(distinct) / Double(max(distinct, shortest))
    }
}

extension SentenceFeatures {
    /// Whether the sentence has, besides the question's own words, the kind of thing that is asked for.
    mutating func measureOffer(of unit: AnalyzedPassage.Unit, for type: AnswerType) {
        func nearest(_ kind: WordClass) -> (offers: Double, distance: Double) {
            var offers = false
            var distance = Int.max
            for (place, word) in unit.words.enumerated() where !word.isInQuestion && !word.classes.isDisjoint(with: kind) {
                offers = true
                for hit in unit.hits { distance = min(distance, abs(hit - place)) }
            }
            guard offers else { return (0, 0) }
            return (1, distance == .max ? 0 : 1 / (1 + Double(distance) / 4))
        }
        switch type {
        case .number:
            (self[.offersNumber], self[.offerDistance]) = nearest(.number)
            self[.lacksNumber] = 1 - self[.offersNumber]
        case .date: (self[.offersDate], self[.offerDistance]) = nearest(.date)
        case .person: (self[.offersPerson], self[.offerDistance]) = nearest(.capitalized)
        case .place: (self[.offersPlace], self[.offerDistance]) = nearest(.place)
        case .reason: self[.offersReason] = unit.classes.contains(.reason) ? 1 : 0
        case .name:
            let named = (unit.hasQuotation ? 1.0 : 0) + (unit.classes.contains(.naming) ? 1 : 0) + nearest(.capitalized).offers
            self[.offersName] = named / 3
        case .manner: self[.offersManner] = unit.classes.contains(.manner) ? 1 : 0
        case .thing, .other: break
        }
    }
}
