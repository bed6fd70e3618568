/// A chunk that the search found, with what evidence selection needs to know of it.
public struct Passage: Sendable, Equatable {
    public var chunk: Int64
    public var source: Int64
    /// Bytes of the source's text that the chunk is.
    public var range: Range<Int>
    /// The text of that range.
    public var text: String
    /// The source's title.
    public var title: String
    /// The headings above the chunk, from the highest to the lowest.
    public var headings: [String]
    /// The search's score; only the scores of one search are compared with each other.
    public var score: Double

    public init(
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
public struct TermStatistics: Sendable {
    /// The number of chunks in the twin's index.
    public var documentCount: Int
    /// The number of chunks that have an analysed term.
    public var documentFrequency: @Sendable (_ term: String) -> Int

    public init(documentCount: Int, documentFrequency: @escaping @Sendable (_ term: String) -> Int) {
        self.documentCount = documentCount
        self.documentFrequency = documentFrequency
    }
}

/// A sentence that answers a question, or the part of a long one that does.
public struct EvidenceSentence: Sendable, Equatable {
    /// The index of its passage in the list that was given.
    public var passage: Int
    public var source: Int64
    /// Bytes of the source's text; they are exactly `text`.
    public var range: Range<Int>
    public var text: String
    /// The ranking score: a difference of 1 between two sentences makes the better one e times as likely to hold the answer.
    public var score: Double

    public init(passage: Int, source: Int64, range: Range<Int>, text: String, score: Double) {
        self.passage = passage
        self.source = source
        self.range = range
        self.text = text
        self.score = score
    }
}

/// The sentences that answer a question, and how far they can be trusted.
public struct EvidenceSelection: Sendable, Equatable {
    /// One to four sentences in reading order: by passage, the best one's first, then by place. Empty when nothing was found.
    public var sentences: [EvidenceSentence]
    /// The sentence that answers best; it is one of `sentences`.
    public var best: EvidenceSentence?
    /// The chance, from 0 to 1, that the sentences hold the answer.
    public var confidence: Double
    /// How far the passages meet the question, from 0 to 1, whatever their number and length. An answer is refused below
    /// the twin's threshold.
    public var answerability: Double
    /// What the judgement was made of.
    public var signals: EvidenceSignals

    /// What a question without any passage has.
    public static let none = EvidenceSelection(
        sentences: [], best: nil, confidence: 0, answerability: 0, signals: EvidenceSignals())

    public init(
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
public struct EvidenceSettings: Sendable, Equatable {
    /// How many sentences an answer quotes at most, 1 to 4.
    public var maximumSentences: Int
    /// No further sentence is quoted once those chosen hold this part of all evidence, 0 to 1: of the sum of exp(score).
    public var enoughShare: Double
    /// Bytes that one quotation has at most; a longer sentence is cut to the words around what was matched.
    public var maximumQuotation: Int
    /// Passages that are read at most, best first.
    public var maximumPassages: Int
    /// The part of the questions on the twin's topics that its texts have no answer to, 0 to 1. Confidence is calibrated
    /// for it.
    public var unanswerableShare: Double

    /// The answerability below which an answer is refused unless the twin says otherwise. Through the whole pipeline, on the
    /// development articles of SQuAD 2.0, it refuses 7.7 % of the questions that the texts answer, 20 % of the near misses and
    /// 89 % of the questions about an article that is not there; `twin eval` proposes one for a twin's own questions.
    public static let standardThreshold = 0.25

    public init(
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
