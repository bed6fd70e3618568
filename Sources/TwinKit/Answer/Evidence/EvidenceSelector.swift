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

    /// The evidence in `passages` where no more than they have may be quoted.
    package func select(question: String, passages: [Passage], statistics: TermStatistics) -> EvidenceSelection {
        select(question: question, passages: passages, statistics: statistics) { _ in nil }
    }

    /// The evidence in `passages`, which are the search's results in its order, for `question`. `section` gives the section
    /// that a passage is of, where more of it may be quoted than the passage has.
    package func select(
        question: String, passages: [Passage], statistics: TermStatistics, section: (Int) throws -> SectionSpan?
    ) rethrows -> EvidenceSelection {
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
        let masses = ranked.candidates.map { exp($0.score - best.score) }
        let mass = masses.reduce(0, +)
        var sections: [Int: SectionText] = [:]
        let shown = try choose(from: ranked, passages, mass: mass, &sections, section: section)
        signals.bestScore = best.score
        signals.bestShare = 1 / mass
        let quoted = ReadingOrder.joined(
            ReadingOrder.of(shown.map(\.sentence)), words: settings.joinedWords,
            bytes: SectionText.Room(words: 0, bytes: settings.maximumQuotation).mostBytes
        ) { sections[$0] }
        let between = Self.mass(of: quoted, besides: shown, ranked, passages)
        signals.shownShare = min(1, (shown.reduce(between) { $0 + $1.mass }) / mass)
        signals.relevance = ranked.relevance.max() ?? 0
        if ranked.question.compares {
            signals.relevance = max(signals.relevance, ranked.jointRelevance(of: shown.map(\.sentence.passage)))
        }
        signals.missingEntities = ranked.missingEntities[best.passage]
        signals.concentration = ranked.concentration ?? EvidenceSignals.neutralConcentration
        signals.spanCheck = SpanCheck(analysis, unit: ranked.unit(best), passage: ranked.passages[best.passage])
        signals.lacksKind = Self.lacksKind(analysis, shown, ranked, passages)
        signals.weightOfKind = analysis.askedKind?.weight ?? 0
        let others = shown.dropFirst().map { ranked.passages[$0.sentence.passage] }
        signals.measure(
            analysis, unit: ranked.unit(best), passage: ranked.passages[best.passage], others: analysis.compares ? others : [])
        signals.meaning = passages[best.passage].meaning
        EvidenceModel.judge(&signals)
        let confidence = EvidenceModel.confidence(signals, unanswerableShare: settings.unanswerableShare)

        return EvidenceSelection(
            sentences: quoted, best: quotation(of: best, in: ranked, passages),
            confidence: confidence, answerability: EvidenceModel.answerability(signals, confidence: confidence),
            signals: signals)
    }

    /// A stretch that is quoted, and the sum of exp(score) of the sentences in it, the best one's being 1.
    private struct Shown {
        var sentence: EvidenceSentence
        var mass: Double
        var words: Set<TermIdentity>
        var count: Int
    }

    /// The sum of exp(score), as in `Shown`, of the sentences that are quoted only because they stand between others.
    private static func mass(
        of quoted: [EvidenceSentence], besides shown: [Shown], _ ranked: EvidenceCandidates, _ passages: [Passage]
    ) -> Double {
        guard quoted.count < shown.count, let best = ranked.candidates.first else { return 0 }
        var seen: [Int64: Set<Int>] = [:]
        return ranked.candidates.reduce(0) { sum, candidate in
            let passage = passages[candidate.passage]
            let range = absolute(ranked.unit(candidate).range, in: passage)
            let isQuoted = quoted.contains { $0.source == passage.source && $0.range.overlaps(range) }
            guard isQuoted, !holds(shown, candidate, ranked, passages),
                seen[passage.source, default: []].insert(range.lowerBound).inserted
            else { return sum }
            return sum + exp(candidate.score - best.score)
        }
    }

    /// The best sentence with what belongs to it, then others that say something else, while there is room.
    private func choose(
        from ranked: EvidenceCandidates, _ passages: [Passage], mass: Double, _ sections: inout [Int: SectionText],
        section: (Int) throws -> SectionSpan?
    ) rethrows -> [Shown] {
        var shown: [Shown] = []
        let highest = ranked.candidates.first?.score ?? 0
        var words = 0
        func add(_ candidate: EvidenceCandidates.Candidate, _ sentence: EvidenceSentence, count: Int) {
            let source = passages[candidate.passage].source
            // What several passages share counts once. A question that its reply stands for counts as shown.
            let own = Self.absolute(ranked.unit(candidate).range, in: passages[candidate.passage])
            var seen: Set<Int> = []
            var sum = own.overlaps(sentence.range) ? 0.0 : exp(candidate.score - highest)
            for other in ranked.candidates where passages[other.passage].source == source {
                let range = Self.absolute(ranked.unit(other).range, in: passages[other.passage])
                if range.overlaps(sentence.range), seen.insert(range.lowerBound).inserted { sum += exp(other.score - highest) }
            }
            shown.append(
                Shown(
                    sentence: sentence, mass: sum, words: Set(ranked.unit(candidate).words.map(\.identity)),
                    count: count))
            words += count
        }
        var order = ranked.candidates
        let isClear = 1 >= settings.clearShare * mass
        var next = 0
        var looksForKind = true
        /// For each of the question's terms: how well what is shown has it.
        var covered = [Double](repeating: 0, count: ranked.question.terms.count)
        while next < order.count {
            let candidate = order[next]
            next += 1
            if shown.count >= settings.maximumSentences { break }
            if !ranked.question.compares, let first = shown.first {
                let isStructured = !passages[first.sentence.passage].headings.isEmpty
                let enough = isStructured ? min(settings.enoughShare, settings.enoughStructuredShare) : settings.enoughShare
                if shown.reduce(0, { $0 + $1.mass }) >= enough * mass { break }
            }
            if Self.holds(shown, candidate, ranked, passages) { continue }
            if !shown.isEmpty, ranked.unit(candidate).isCode { continue }
            let identities = Set(ranked.unit(candidate).words.map(\.identity))
            if shown.contains(where: { Self.isNearlySame(identities, $0.words) }) { continue }
            let isFirst = shown.isEmpty
            let isStructured = !passages[candidate.passage].headings.isEmpty
            let room = SectionText.Room(
                words: isFirst && isStructured ? settings.stretchWords : 0, bytes: settings.maximumQuotation,
                takesLists: isStructured && ranked.question.asksForSeveral)
            if sections[candidate.passage] == nil {
                let passage = passages[candidate.passage]
                let span = try section(candidate.passage) ?? SectionSpan(range: passage.range, text: passage.text)
                sections[candidate.passage] = SectionText(
                    span, headings: passage.headings, title: passage.title, segmenter: segmenter)
            }
            guard let text = sections[candidate.passage] else { continue }
            var (sentence, count) = stretch(of: candidate, in: ranked, passages, text, room)
            // What was quoted already is not quoted again as what belongs to this one.
            let isShown = shown.contains { $0.sentence.source == sentence.source && $0.sentence.range.overlaps(sentence.range) }
            if isShown {
                sentence = quotation(of: candidate, in: ranked, passages)
                sentence.section = text.span.range.lowerBound
                count = ranked.unit(candidate).words.count
            }
            let most = isStructured ? isClear ? settings.clearWords : settings.unclearWords : settings.maximumLooseWords
            if !isFirst, words + count > most { continue }
            // An announcement without what it announces says nothing.
            if isShown, ranked.unit(candidate).isLeadIn { continue }
            add(candidate, sentence, count: count)
            for other in ranked.candidates where Self.holds(shown.suffix(1), other, ranked, passages) {
                ranked.cover(&covered, with: other)
            }
            if isFirst, looksForKind {
                looksForKind = false
                // What has the kind of thing that is asked for goes before what only speaks of the same.
                if let better = Self.bestOfKind(shown, ranked, passages) {
                    shown = []
                    words = 0
                    order = [better] + ranked.candidates
                    next = 0
                    covered = [Double](repeating: 0, count: ranked.question.terms.count)
                    continue
                }
            }
            let first = shown.first.map { passages[$0.sentence.passage] }
            ranked.sort(&order[next...], besides: covered) { candidate in
                first.map { !$0.headings.isEmpty && Self.isOneSection($0, passages[candidate.passage]) } ?? false
            }
        }
        return shown
    }

    /// What is quoted for a sentence.
    private func stretch(
        of candidate: EvidenceCandidates.Candidate, in ranked: EvidenceCandidates, _ passages: [Passage], _ section: SectionText,
        _ room: SectionText.Room
    ) -> (EvidenceSentence, words: Int) {
        let passage = passages[candidate.passage]
        let unit = ranked.unit(candidate)
        let range = Self.absolute(unit.range, in: passage)
        // A sentence that is too long is cut to its best part.
        guard unit.range.count <= settings.maximumQuotation, let place = section.unit(at: range) else {
            var sentence = quotation(of: candidate, in: ranked, passages)
            sentence.section = section.span.range.lowerBound
            return (sentence, unit.words.count)
        }
        let analyzed = ranked.passages[candidate.passage]
        let asked = EvidenceCandidates.share(ranked.question) { unit.matches[$1] }
        var stretch = section.stretch(around: place, isAsked: asked >= Self.askedShare, room: room)
        // Under a heading that asks the question, the section's beginning is the answer.
        if analyzed.headingFit >= Self.askedShare, section.span.isWhole, let opening = section.opening,
            opening < stretch.lowerBound
        {
            let whole = section.stretch(around: opening, isAsked: false, room: room)
            if whole.upperBound >= stretch.lowerBound { stretch = whole.lowerBound...max(whole.upperBound, place) }
        }
        let shown = section.range(stretch)
        return (
            EvidenceSentence(
                passage: candidate.passage, source: passage.source, section: section.span.range.lowerBound, range: shown,
                text: section.text(in: shown) ?? "", score: candidate.score),
            section.units[stretch].reduce(0) { $0 + $1.words }
        )
    }

    /// Whether the question asks for a number, a date or a person and nothing that is shown has one besides its own.
    private static func lacksKind(
        _ question: QuestionAnalysis, _ shown: [Shown], _ ranked: EvidenceCandidates, _ passages: [Passage]
    ) -> Bool {
        guard let kind = question.askedKind else { return false }
        return !ranked.candidates.contains { candidate in
            holds(shown, candidate, ranked, passages)
                && kind.isOffered(by: ranked.unit(candidate), ownNumbers: question.ownNumbers)
        }
    }

    private static func holds(
        _ shown: some Sequence<Shown>, _ candidate: EvidenceCandidates.Candidate, _ ranked: EvidenceCandidates,
        _ passages: [Passage]
    ) -> Bool {
        let passage = passages[candidate.passage]
        let range = absolute(ranked.unit(candidate).range, in: passage)
        return shown.contains { $0.sentence.source == passage.source && $0.sentence.range.overlaps(range) }
    }

    /// The best sentence that has the kind of thing asked for, where the best of all does not lead to one and this one is hardly
    /// worse, or stands in the same section.
    private static func bestOfKind(
        _ shown: [Shown], _ ranked: EvidenceCandidates, _ passages: [Passage]
    ) -> EvidenceCandidates.Candidate? {
        guard let kind = ranked.question.askedKind, let best = ranked.candidates.first,
            lacksKind(ranked.question, shown, ranked, passages)
        else { return nil }
        return ranked.candidates.first { candidate in
            let isNear = Self.isOneSection(passages[candidate.passage], passages[best.passage])
            return candidate.score >= best.score - (isNear ? nearMargin : farMargin)
                && kind.isOffered(by: ranked.unit(candidate), ownNumbers: ranked.question.ownNumbers)
        }
    }

    private static func isOneSection(_ one: Passage, _ other: Passage) -> Bool {
        one.source == other.source && one.headings == other.headings
    }

    private static let nearMargin = 6.0
    private static let farMargin = 2.0

    /// From this share on a heading or a question in the text is taken for the question that is asked.
    private static let askedShare = 0.75

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
}
