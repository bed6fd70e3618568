/// How evidence is chosen; a twin's settings may change it.
package struct EvidenceSettings: Sendable, Equatable {
    /// How many sentences an answer quotes at most, 1 to 4.
    package var maximumSentences: Int
    /// No further sentence is quoted once those chosen hold this part of all evidence, 0 to 1: of the sum of exp(score).
    package var enoughShare: Double
    /// The same under headings, where a sentence is quoted with its neighbours, so that less of the evidence is left out by chance.
    package var enoughStructuredShare = 0.7
    /// Words that the best sentence is filled up to with its neighbours, where headings tell what belongs together.
    package var stretchWords = 48
    /// Words of an answer in which further sentences have room, with headings, where the best sentence holds `clearShare` of all
    /// evidence, and where it does not: an answer that is less certain shows more.
    package var clearWords = 50
    package var unclearWords = 80
    package var clearShare = 0.45
    /// Words of an answer in which further sentences have room where there are no headings.
    package var maximumLooseWords = 150
    /// Words between two quotations of one section up to which they are quoted as one, with what stands between them.
    package var joinedWords = 40
    /// Bytes that one quotation has at most; a longer sentence is cut to the words around what was matched.
    package var maximumQuotation: Int
    /// Passages that are read at most, best first.
    package var maximumPassages: Int
    /// The part of the questions on the twin's topics that its texts have no answer to, 0 to 1. Confidence is calibrated
    /// for it.
    package var unanswerableShare: Double

    /// The answerability below which an answer is refused unless the twin says otherwise. Through the whole pipeline, on the
    /// development articles of SQuAD 2.0, it refuses 7.7 % of the questions that the texts answer, 20 % of the near misses and
    /// 89 % of the questions about an article that is not there; `twin eval` proposes one for a twin's own questions.
    package static let standardThreshold = 0.25

    package init(
        maximumSentences: Int = 3, enoughShare: Double = 0.99, maximumQuotation: Int = 480, maximumPassages: Int = 25,
        unanswerableShare: Double = 0.2
    ) {
        self.maximumSentences = min(4, max(1, maximumSentences))
        self.enoughShare = enoughShare
        self.maximumQuotation = max(80, maximumQuotation)
        self.maximumPassages = max(1, maximumPassages)
        self.unanswerableShare = unanswerableShare
    }
}
