/// A chunk that the search found, with what evidence selection needs to know of it.
package struct Passage: Sendable, Equatable {
    package var chunk: Int64
    package var source: Int64
    /// Bytes of the source's text that the chunk is.
    package var range: Range<Int>
    /// The text of that range.
    package var text: String
    /// The source's title.
    package var title: String
    /// The headings above the chunk, from the highest to the lowest.
    package var headings: [String]
    /// The search's score; only the scores of one search are compared with each other.
    package var score: Double

    package init(
        chunk: Int64, source: Int64, range: Range<Int>, text: String, title: String = "", headings: [String] = [],
        score: Double
    ) {
        self.chunk = chunk
        self.source = source
        self.range = range
        self.text = text
        self.title = title
        self.headings = headings
        self.score = score
    }
}

/// What the twin's index knows of its terms.
package struct TermStatistics: Sendable {
    /// The number of chunks in the twin's index.
    package var documentCount: Int
    /// The number of chunks that have an analysed term.
    package var documentFrequency: @Sendable (_ term: String) -> Int

    package init(documentCount: Int, documentFrequency: @escaping @Sendable (_ term: String) -> Int) {
        self.documentCount = documentCount
        self.documentFrequency = documentFrequency
    }
}

/// A sentence that answers a question, or the part of a long one that does.
package struct EvidenceSentence: Sendable, Equatable {
    /// The index of its passage in the list that was given.
    package var passage: Int
    package var source: Int64
    /// Bytes of the source's text; they are exactly `text`.
    package var range: Range<Int>
    package var text: String
    /// The ranking score: a difference of 1 between two sentences makes the better one e times as likely to hold the answer.
    package var score: Double

    package init(passage: Int, source: Int64, range: Range<Int>, text: String, score: Double) {
        self.passage = passage
        self.source = source
        self.range = range
        self.text = text
        self.score = score
    }
}

/// The sentences that answer a question, and how far they can be trusted.
package struct EvidenceSelection: Sendable, Equatable {
    /// One to four sentences in reading order: by passage, the best one's first, then by place. Empty when nothing was found.
    package var sentences: [EvidenceSentence]
    /// The sentence that answers best; it is one of `sentences`.
    package var best: EvidenceSentence?
    /// The chance, from 0 to 1, that the sentences hold the answer.
    package var confidence: Double
    /// How far the passages meet the question, from 0 to 1, whatever their number and length. An answer is refused below
    /// the twin's threshold.
    package var answerability: Double
    /// What the judgement was made of.
    package var signals: EvidenceSignals

    /// What a question without any passage has.
    package static let none = EvidenceSelection(
        sentences: [], best: nil, confidence: 0, answerability: 0, signals: EvidenceSignals())

    package init(
        sentences: [EvidenceSentence], best: EvidenceSentence?, confidence: Double, answerability: Double,
        signals: EvidenceSignals
    ) {
        self.sentences = sentences
        self.best = best
        self.confidence = confidence
        self.answerability = answerability
        self.signals = signals
    }
}

/// How evidence is chosen; a twin's settings may change it.
package struct EvidenceSettings: Sendable, Equatable {
    /// How many sentences an answer quotes at most, 1 to 4.
    package var maximumSentences: Int
    /// No further sentence is quoted once those chosen hold this part of all evidence, 0 to 1: of the sum of exp(score).
    package var enoughShare: Double
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
