/// What a twin learned from its owner, asked before its documents.
public struct OwnerKnowledge: Sendable {
    public init() {}
}

extension OwnerKnowledge: OwnerGuidance {
    func guidance(
        for question: String, history: [String], twin: Twin, principal: Principal, on connection: Connection
    ) throws -> Guidance {
        let match = try VerifiedAnswerMatch.find(question, twin: twin, principal: principal, on: connection)
        var guidance = Guidance()
        guidance.suggestions = match.suggestions.map {
            SuggestedQuestion(id: $0.answer.id, question: $0.answer.question, similarity: $0.similarity)
        }
        if let found = match.automatic {
            guidance.answer = AnswerDraft(status: .verified, text: found.answer.answer, confidence: found.similarity)
            guidance.answer?.verifiedAnswerID = found.answer.id
        }
        return guidance
    }
}
