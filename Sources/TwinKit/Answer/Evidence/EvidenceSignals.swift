import Glibc
import TwinSupport

/// What the judgement of one question's evidence is made of: for `twin explain` and for finding thresholds.
package struct EvidenceSignals: Sendable, Equatable {
    package var answerType = AnswerType.other
    /// The number of the question's content terms.
    package var termCount = 0
    /// The best sentence's ranking score.
    package var bestScore = 0.0
    /// The best sentence's part of all sentences' exp(score), 0 to 1.
    package var bestShare = 0.0
    /// The same of all sentences that are shown.
    package var shownShare = 0.0
    /// BM25 of the most relevant passage against its limit, 0 to 1.
    package var relevance = 0.0
    /// Names and numbers of the question that the best sentence's passage has not, as a share of all weight.
    package var missingEntities = 0.0
    /// The strongest source's part of all squared search scores, 0 to 1; 0.6, which is neutral, when sources are short.
    package var concentration = Self.neutralConcentration
    /// The part of the question's weight that the best sentence's passage and the headings above it lack, 0 to 1.
    package var missingShare = 0.0
    /// The weight of the rarest term that they lack, against the highest weight a term can have, 0 to 1.
    package var rarestMissing = 0.0
    /// The part of the question's weight that no text of the twin has, 0 to 1.
    package var unknownShare = 0.0
    /// How far the heading above the best sentence is the question, 0 to 1.
    package var headingFit = 0.0
    /// The part of the question's weight that the best sentence has, with its headings, 0 to 1.
    package var sentenceShare = 0.0
    /// Whether a number, a date or a name was asked for and what is shown has none.
    package var lacksKind = false
    /// What its absence counts, as a difference of log odds; see `AskedKind.weight`.
    var weightOfKind = 0.0
    /// Whether the question names something by letters and digits (`FY27`) that the passage has not.
    package var lacksCode = false
    /// How near the vector of the best sentence's passage is, 0 to 1; none when meaning was not searched. See `Passage.meaning`.
    package var meaning: Double?
    /// The comparison of question and best sentence.
    package var spanCheck = SpanCheck()
    /// Logit that the twin speaks of what the question is about.
    package var topicality = 0.0
    /// Logit that the best sentence meets the question's names, numbers, negation and comparatives.
    package var spanFit = 0.0

    /// What the concentration on one source is when it cannot be told.
    static let neutralConcentration = 0.6

    package init() {}
}

extension EvidenceSignals: JSONRepresentable {
    package var json: JSON {
        func round(_ value: Double) -> JSON { .double((value * 10000).rounded() / 10000) }
        return [
            "answer_type": .string(answerType.rawValue), "terms": .number(termCount), "best_score": round(bestScore),
            "best_share": round(bestShare), "shown_share": round(shownShare), "relevance": round(relevance),
            "missing_entities": round(missingEntities), "concentration": round(concentration),
            "lacks_kind": .bool(lacksKind), "lacks_code": .bool(lacksCode), "missing_share": round(missingShare),
            "rarest_missing": round(rarestMissing), "unknown_share": round(unknownShare),
            "meaning": .optional(meaning.map { ($0 * 10000).rounded() / 10000 }), "heading_fit": round(headingFit),
            "sentence_share": round(sentenceShare),
            "topicality": round(topicality), "span_fit": round(spanFit),
            "span_check": [
                "negated": .bool(spanCheck.isNegated), "lacks_negation": .bool(spanCheck.lacksNegation),
                "lacks_superlative": .bool(spanCheck.lacksSuperlative), "opposite": .bool(spanCheck.hasOpposite),
                "other_numbers": .bool(spanCheck.hasOtherNumbers), "all_terms": .bool(spanCheck.hasAllTerms),
                "rarest_missing": round(spanCheck.rarestMissing), "missing_entities": round(spanCheck.missingEntities),
                "foreign_entities": round(spanCheck.foreignEntities),
            ],
        ]
    }
}

extension EvidenceSignals {
    /// What the best sentence and the passage that it stands in lack of the question; `others` are what is shown of a comparison
    /// beside it.
    mutating func measure(
        _ question: QuestionAnalysis, unit: AnalyzedPassage.Unit, passage: AnalyzedPassage, others: [AnalyzedPassage]
    ) {
        let highest = max(question.maximumWeight, .leastNormalMagnitude)
        for (place, term) in question.terms.enumerated() {
            let inContext = max(passage.headingMatches[place], passage.isInContext[place] ? 1 : 0)
            let inPassage = others.reduce(max(passage.matches[place], inContext)) {
                max($0, $1.matches[place], $1.headingMatches[place])
            }
            let share = term.weight / question.totalWeight
            missingShare += share * (1 - inPassage)
            sentenceShare += share * max(unit.matches[place], inContext)
            if inPassage == 0, term.isCode { lacksCode = true }
            if inPassage == 0 { rarestMissing = max(rarestMissing, term.weight / highest) }
            if term.documentFrequency == 0, inPassage == 0 { unknownShare += share }
        }
        headingFit = passage.headingFit
    }
}
