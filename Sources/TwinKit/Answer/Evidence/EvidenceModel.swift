import Glibc

/// The coefficients of evidence: few, of normalised measures, and none of a particular collection.
///
/// They were fitted on the development articles of SQuAD 2.0 (Rajpurkar, Jia and Liang, 2018) with 306 paragraphs as chunks
/// and BM25's best 25 for each question, and judged by leaving one article out of the fit each time.
/// - `ranking`: a conditional logit (McFadden, 1974) over the sentences of all passages, on 1,299 answerable questions. The
///   sentence that holds the answer is first for 73.7 % of them and among three for 87.6 %.
/// - `topicality`: a logistic regression of questions that the chunks answer against questions about an article that is
///   not among them, with one article as the twin and with all but one. Area under the ROC curve 0.986 and 0.971.
/// - `spanFit`: a logistic regression of answerable against near-miss questions, 0.664.
/// - `holding`: a logistic regression of whether the shown sentences hold the answer.
///
/// Of real documentation SQuAD tells little: it has no headings, lists or code, and its questions were written from its text. So
/// the weights of `headingCoverage` and what follows it, and those of the search's score and of whole sources, are chosen by
/// questions as people ask them of handbooks and manuals, where they change nothing that counts on SQuAD; and topicality loses
/// what `judge` says for words that no text has and for what was asked and is not shown.
///
/// As fitted, as one number, answerability gives 0.984, 0.967 and 0.654 for the three kinds of questions; queries of Cranfield, CISI and
/// MEDLINE against those of the other two, none of which was used in the fit, give 0.987, 0.981 and 0.991. What confidence is
/// fitted to, `calibrated` says.
enum EvidenceModel {
    /// The ranking weights by the features' raw values.
    static let rankingWeights: [Double] = {
        var weights = [Double](repeating: 0, count: SentenceFeature.allCases.count)
        for (feature, weight) in ranking { weights[feature.rawValue] = weight }
        return weights
    }()

    private static let ranking: [(SentenceFeature, Double)] = [
        (.coverage, 3.57),
        (.entityCoverage, 0.68),
        (.wordCoverage, 2.82),
        (.relatedCoverage, 6.15),
        (.previousEntities, 3.08),
        (.previousWords, 2.88),
        (.passageWords, -0.38),
        (.passageCoverage, 0.57),
        (.bestCoverage, 1.79),
        (.bestWordCoverage, -0.80),
        (.sourceStrength, 0.50),
        (.sourceTerms, 2.50),
        (.searchScore, 5.50),
        (.searchRank, -0.11),
        (.order, 0.88),
        (.proximity, 1.36),
        (.context, 2.20),
        (.missingEntities, -6.44),
        (.termCount, 1.90),
        (.missingNumbers, -0.10),
        (.offersNumber, 1.21),
        (.offersDate, 1.99),
        (.offersPerson, 0.18),
        (.offersPlace, 0.58),
        (.offersReason, 0.62),
        (.offersName, 1.65),
        (.offersManner, 0.66),
        (.offerDistance, 1.04),
        (.lacksNumber, -1.21),
        (.length, -0.35),
        (.passageLength, -0.70),
        (.isFirst, 0.43),
        (.beginsWithPronoun, 0.34),
        (.pronounEntities, 1.14),
        (.headingCoverage, 2.0),
        (.headingFit, 3.0),
        (.headingStart, 2.0),
        (.isQuestion, -0.5),
        (.announces, 0.7),
        (.isCode, -1.5),
        (.defines, 1.5),
    ]

    /// Sets the two logits that refusal and confidence are made of.
    static func judge(_ signals: inout EvidenceSignals) {
        signals.topicality =
            -14.30 + 0.36 * signals.bestScore + 14.34 * signals.relevance
            - 3.48 * signals.missingEntities + 3.75 * signals.concentration
            + 2.36 * log(1 + Double(signals.termCount))
        // What is asked for must stand there, not only what it is asked of.
        signals.topicality -=
            5 * signals.unknownShare + 2.5 * max(0, signals.rarestMissing - 0.6)
            + (signals.lacksKind ? signals.weightOfKind : 0)
            + (signals.lacksCode ? 3 : 0)
        // Off topic, what has the words and what means the same are hardly ever one passage.
        if let meaning = signals.meaning { signals.topicality += 1.5 * (meaning - 0.6) }

        let check = signals.spanCheck
        func when(_ condition: Bool, _ weight: Double) -> Double { condition ? weight : 0 }
        let mismatches =
            when(check.isNegated, -0.85) + when(check.lacksNegation, -1.75) + when(check.lacksSuperlative, -0.40)
            + when(check.hasOpposite, -1.40) + when(check.hasOtherNumbers, -0.65) + when(check.hasAllTerms, 0.35)
        let shares =
            -0.72 * check.rarestMissing - 0.97 * check.missingEntities - 1.66 * check.foreignEntities
        // In a long text given as a question one point matters less, and common words meet such points by chance.
        let emphasis = min(1, longestPlainQuestion / Double(max(1, signals.termCount)))
        signals.spanFit = emphasis * (0.44 + mismatches + shares)
    }

    /// Content terms up to which the span check counts in full.
    private static let longestPlainQuestion = 8.0

    /// How far the question is met, 0 to 1. The span check counts half: it orders what is on topic and must not turn the
    /// judgement of what is not. What is on topic and hardly holds the answer, as `confidence` says, does not meet it either:
    /// such sentences are below the threshold.
    static func answerability(_ signals: EvidenceSignals, confidence: Double) -> Double {
        let met = logistic(signals.topicality) * logistic(signals.spanFit).squareRoot()
        guard confidence < leastConfidence else { return met }
        return min(met, confidence / leastConfidence * EvidenceSettings.standardThreshold)
    }

    /// The chance that sentences hold the answer below which they are not given for one: they more likely do not. On the development
    /// articles of SQuAD 2.0 that takes 1 of 1,126 right answers; of questions as people ask them of a handbook and a manual it
    /// takes one of 60, and three of 14 wrong ones.
    private static let leastConfidence = 0.5

    /// The chance that the shown sentences hold the answer: that they hold it if the question has one here, times the chance
    /// that it has, where `unanswerableShare` of all questions on topic are near misses.
    static func confidence(_ signals: EvidenceSignals, unanswerableShare: Double) -> Double {
        let share = min(0.999, max(0.001, signals.shownShare))
        let holding =
            1.71 + 0.71 * log(share / (1 - share)) + 0.49 * signals.topicality - 0.26 * signals.bestScore
        let unanswerable = min(0.99, max(0.01, unanswerableShare))
        // The fit saw 1,299 answerable and 1,513 near-miss questions; the difference of log odds moves it to the twin's share.
        let prior = log((1 - unanswerable) / unanswerable) - log(1299.0 / 1513)
        return calibrated(logistic(holding) * logistic(signals.spanFit + prior))
    }

    /// The chance as it turned out on questions that people put to documents of their own: a rising line over its log odds,
    /// fitted by a logistic regression (Platt, 1999) on 154 answers, half of them to `examples/eval.jsonl` and
    /// `Tests/sets/beekeeping.jsonl` and half to questions as people ask them of a handbook and a manual. The mean confidence of
    /// either half is within 0.09 of the part that is right, one below and one above.
    private static func calibrated(_ chance: Double) -> Double {
        let chance = min(0.999, max(0.001, chance))
        return logistic(0.88 + 0.70 * log(chance / (1 - chance)))
    }

    static func logistic(_ value: Double) -> Double { 1 / (1 + exp(-value)) }
}
