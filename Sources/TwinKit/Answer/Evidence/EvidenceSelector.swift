import Glibc
import TwinSearch
import TwinSupport

/// Chooses the sentences that answer a question from the passages that a search found, and says how far they do.
///
/// It is a pure function of its arguments: no clock, no randomness, no store.
package struct EvidenceSelector: Sendable {
    package let settings: EvidenceSettings
    private let lexicon: EvidenceLexicon
    private let segmenter = SentenceSegmenter()

    package init(settings: EvidenceSettings = EvidenceSettings(), analyzer: Analyzer) {
        self.settings = settings
        lexicon = EvidenceLexicon.of(analyzer)
    }

    /// The evidence in `passages`, which are the search's results in its order, for `question`.
    package func select(question: String, passages: [Passage], statistics: TermStatistics) -> EvidenceSelection {
        let analysis = QuestionAnalysis(question, lexicon: lexicon, statistics: statistics)
        let passages = Array(passages.prefix(settings.maximumPassages))
        var signals = EvidenceSignals()
        signals.answerType = analysis.answerType
        signals.termCount = analysis.terms.count
        var ranked = EvidenceCandidates(
            question: analysis, passages: passages, lexicon: lexicon, segmenter: segmenter)
        ranked.rank(EvidenceModel.rankingWeights)
        guard let best = ranked.candidates.first, !analysis.terms.isEmpty else {
            var selection = EvidenceSelection.none
            selection.signals = signals
            return selection
        }
        let shown = choose(from: ranked, passages)
        signals.bestScore = best.score
        let masses = ranked.candidates.map { exp($0.score - best.score) }
        let mass = masses.reduce(0, +)
        signals.bestShare = 1 / mass
        signals.shownShare = shown.reduce(0) { $0 + exp($1.score - best.score) } / mass
        signals.relevance = ranked.relevance.max() ?? 0
        signals.missingEntities = ranked.missingEntities[best.passage]
        signals.concentration = ranked.concentration ?? EvidenceSignals.neutralConcentration
        signals.spanCheck = SpanCheck(analysis, unit: ranked.unit(best), passage: ranked.passages[best.passage])
        EvidenceModel.judge(&signals)

        let sentences = shown.map { quotation(of: $0, in: ranked, passages) }
        return EvidenceSelection(
            sentences: Self.readingOrder(sentences), best: sentences.first,
            confidence: EvidenceModel.confidence(signals, unanswerableShare: settings.unanswerableShare),
            answerability: EvidenceModel.answerability(signals),
            signals: signals)
    }

    /// The best sentences without those that say the same as a better one.
    private func choose(from ranked: EvidenceCandidates, _ passages: [Passage]) -> [EvidenceCandidates.Candidate] {
        var shown: [EvidenceCandidates.Candidate] = []
        var words: [Set<TermIdentity>] = []
        let highest = ranked.candidates.first?.score ?? 0
        let mass = ranked.candidates.reduce(0) { $0 + exp($1.score - highest) }
        var shownMass = 0.0
        for candidate in ranked.candidates {
            if shown.count >= settings.maximumSentences || shownMass >= settings.enoughShare * mass { break }
            let unit = ranked.unit(candidate)
            let identities = Set(unit.words.map(\.identity))
            let isRepeated = zip(shown, words).contains { other, known in
                let range = Self.absolute(unit.range, in: passages[candidate.passage])
                let otherRange = Self.absolute(ranked.unit(other).range, in: passages[other.passage])
                return (passages[candidate.passage].source == passages[other.passage].source && range.overlaps(otherRange))
                    || Self.isNearlySame(identities, known)
            }
            if isRepeated { continue }
            shown.append(candidate)
            shownMass += exp(candidate.score - highest)
            words.append(identities)
        }
        return shown
    }

    private static func isNearlySame(_ one: Set<TermIdentity>, _ other: Set<TermIdentity>) -> Bool {
        let common = one.intersection(other).count
        return Double(common) >= 0.9 * Double(one.count + other.count - common)
    }

    /// A unit's range in its source's text.
    private static func absolute(_ range: Range<Int>, in passage: Passage) -> Range<Int> {
        let (lower, overflow) = passage.range.lowerBound.addingReportingOverflow(range.lowerBound)
        return overflow ? range : lower..<lower + range.count
    }

    private func quotation(
        of candidate: EvidenceCandidates.Candidate, in ranked: EvidenceCandidates, _ passages: [Passage]
    ) -> EvidenceSentence {
        let passage = passages[candidate.passage]
        let unit = ranked.unit(candidate)
        return passage.text.withView { text in
            let range = Quotation.range(
                of: unit, question: ranked.question, text: text, maximum: settings.maximumQuotation)
            return EvidenceSentence(
                passage: candidate.passage, source: passage.source, range: Self.absolute(range, in: passage),
                text: text[range].string, score: candidate.score)
        }
    }

    /// By source, in the order in which the sources were ranked, then by place in the source.
    private static func readingOrder(_ sentences: [EvidenceSentence]) -> [EvidenceSentence] {
        var order: [Int64: Int] = [:]
        for sentence in sentences where order[sentence.source] == nil { order[sentence.source] = order.count }
        return sentences.sorted {
            let left = order[$0.source] ?? 0
            let right = order[$1.source] ?? 0
            return left == right ? $0.range.lowerBound < $1.range.lowerBound : left < right
        }
    }
}
