/// A sentence that answers a question, with what it cannot do without, or the part of a long one that does.
package struct EvidenceSentence: Sendable, Equatable {
    /// The index of its passage in the list that was given.
    package var passage: Int
    package var source: Int64
    /// Where the section that it is quoted from begins in the source's text.
    package var section = 0
    /// Bytes of the source's text; they are exactly `text`.
    package var range: Range<Int>
    package var text: String
    /// The ranking score: a difference of 1 between two sentences makes the better one e times as likely to hold the answer.
    package var score: Double

    package init(passage: Int, source: Int64, section: Int = 0, range: Range<Int>, text: String, score: Double) {
        self.passage = passage
        self.source = source
        self.section = section
        self.range = range
        self.text = text
        self.score = score
    }
}

/// The sentences that answer a question, and how far they can be trusted.
package struct EvidenceSelection: Sendable, Equatable {
    /// One to four stretches of sentences, those of the best one's section first, in reading order within a section. Empty when nothing was found.
    package var sentences: [EvidenceSentence]
    /// The sentence that answers best; the first of `sentences` that are of its section hold it.
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
