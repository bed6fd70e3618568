/// Finds sentences in which the writer states a preference, an aversion, a rule or a decision of their own.
///
/// What counts is a first person in the present: questions, conditions, what others say, what used to be, polite phrases and
/// reports of a single event look alike and are none.
struct StatementFinder {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let tokens: [Token]
    private let sentences: [Range<Int>]

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ text: TokenizedText) {
        self.bytes = bytes
        tokens = text.tokens
        sentences = text.sentences
    }

    func statements() -> [Statement] { sentences.compactMap(statement) }

    private func statement(in sentence: Range<Int>) -> Statement? {
        guard sentence.count >= 3, sentence.count <= 80,
            sentence.contains(where: { StatementClause.Words.firstPerson.contains(tokens[$0].hash) })
                || tokens[sentence.lowerBound].hash == StatementClause.Words.nothingBeats[0]
        else { return nil }
        let clause = StatementClause(bytes: bytes, tokens: tokens, sentence: sentence)
        guard !clause.isExcluded, let match = clause.match() else { return nil }
        var end = sentence.upperBound
        while end > match.object + 1, tokens[end - 1].isMark(".") || tokens[end - 1].isMark("!") { end -= 1 }
        let start = min(match.object, end - 1)
        return Statement(
            kind: match.kind, object: Int(tokens[start].start)..<Int(tokens[end - 1].end),
            evidence: Int(tokens[sentence.lowerBound].start)..<Int(tokens[sentence.upperBound - 1].end), strength: match.strength)
    }
}
