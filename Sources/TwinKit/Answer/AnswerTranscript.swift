/// One answer as it is told: what has been said is what will be stored.
final class AnswerTranscript {
    private let emit: (ChatEvent) throws -> Void
    private let conversationID: String?
    private let twinID: String
    private(set) var text = ""
    private(set) var status = AnswerStatus.unanswerable
    private(set) var confidence = 0.0
    private(set) var citations: [Citation] = []
    private var suggestions: [SuggestedQuestion] = []
    private var verifiedAnswerID: String?
    private var match: QuestionMatch?
    private var memories: [OwnerMemory] = []
    private var understoodAs: String?
    var degraded: String?
    /// What the model says that it used.
    var tokens: Int?

    init(_ turn: ChatService.Turn, emit: @escaping (ChatEvent) throws -> Void) {
        conversationID = turn.conversationID
        twinID = turn.twin.id
        self.emit = emit
    }

    var metadata: ChatMetadata {
        ChatMetadata(
            conversationID: conversationID, twinID: twinID, status: status, confidence: confidence, citations: citations,
            suggestions: suggestions, verifiedAnswerID: verifiedAnswerID, match: match, memories: memories,
            understoodAs: understoodAs)
    }

    /// Tells a whole answer.
    func tell(_ draft: AnswerDraft) throws { try tell(draft.text, of: draft) }

    /// Tells a piece of an answer, after its metadata when it is the first.
    func tell(_ piece: String, of draft: AnswerDraft) throws {
        if text.isEmpty {
            status = draft.status
            confidence = draft.confidence
            citations = draft.citations
            suggestions = draft.suggestions
            verifiedAnswerID = draft.verifiedAnswerID
            match = draft.match
            memories = draft.memories
            understoodAs = draft.understoodAs
            try emit(.metadata(metadata))
        }
        text += piece
        try emit(.content(piece))
    }

    /// Keeps only what was cited of the evidence that was announced.
    func keepCitations(_ numbers: Set<Int>) { citations = citations.filter { numbers.contains($0.number) } }

    /// Says that the answer is whole.
    func end(_ done: ChatDone) throws { try emit(.done(done)) }
}
