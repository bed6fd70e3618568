/// What is measured of a sentence as an answer to a question. Shares are of the question's total term weight, 0 to 1, unless
/// said otherwise.
enum SentenceFeature: Int, CaseIterable, Sendable {
    /// Terms that the sentence has.
    case coverage
    /// Names and numbers that it has, as a share of their own weight; 0.6 when the question has none.
    case entityCoverage
    /// The other terms that it has, as a share of their own weight; 0.6 when the question has none.
    case wordCoverage
    /// Terms that it has a related word of.
    case relatedCoverage
    /// Names and numbers that only the sentence before it has.
    case previousEntities
    /// Other terms that only the sentence before it has.
    case previousWords
    /// Other terms that only the rest of the passage has.
    case passageWords
    /// Terms that the passage has.
    case passageCoverage
    /// Coverage by the passage's best sentence, related words included.
    case bestCoverage
    /// `wordCoverage` of the passage's best sentence.
    case bestWordCoverage
    /// The sum of the squared search scores of its source's passages, against the highest of all sources.
    case sourceStrength
    /// Terms it lacks, each by the part of its source's passages that have it: what the whole source is about.
    case sourceTerms
    /// The search score against the best one.
    case searchScore
    /// 1 / place among the passages.
    case searchRank
    /// Neighbouring terms of the question that follow each other within three words.
    case order
    /// Coverage, by how closely together its terms stand.
    case proximity
    /// Terms that the passage lacks and its title or headings have.
    case context
    /// Names and numbers that neither the passage nor its title and headings have.
    case missingEntities
    /// The number of terms it has against the number of terms.
    case termCount
    /// Numbers of the question that it lacks, against their number.
    case missingNumbers
    /// Whether it offers what the question asks for, by kind of question.
    case offersNumber, offersDate, offersPerson, offersPlace, offersReason, offersName, offersManner
    /// How near what it offers stands to the question's terms: 1 / (1 + words between / 4).
    case offerDistance
    /// Asked for a number, it has none.
    case lacksNumber
    /// ln(words / 20).
    case length
    /// ln(sentences in the passage).
    case passageLength
    /// Whether it is the passage's first.
    case isFirst
    case beginsWithPronoun
    /// Names and numbers that an earlier sentence has, when a pronoun here may stand for them.
    case pronounEntities
    /// Terms that it lacks and the headings above it have.
    case headingCoverage
    /// How far the nearest heading is the question; see `AnalyzedPassage.headingFit`.
    case headingFit
    /// The same for the sentences right under that heading, the first most.
    case headingStart
    /// Whether it is a question itself.
    case isQuestion
    /// Whether it announces what follows, where the question asks for a list or for steps.
    case announces
    /// Whether it is code, a command or a template rather than a sentence.
    case isCode
    /// Asked what something is or means, whether it says so.
    case defines
}

/// The measures of one sentence.
struct SentenceFeatures: Sendable {
    private var values = [Double](repeating: 0, count: SentenceFeature.allCases.count)

    subscript(feature: SentenceFeature) -> Double {
        get { values[feature.rawValue] }
        set { values[feature.rawValue] = newValue }
    }

    /// The weighted sum of all measures.
    func score(_ weights: [Double]) -> Double {
        var result = 0.0
        for (value, weight) in zip(values, weights) { result += value * weight }
        return result
    }
}
