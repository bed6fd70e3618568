import TwinSupport

// A question that waits for the owner, in twin's own JSON: for the command line and for tools.

extension Escalation: JSONRepresentable {
    package var json: JSON {
        [
            "id": .string(id), "conversation_id": .optional(conversationID), "question": .string(question),
            "status": .string(status.rawValue), "confidence": .double(confidence), "times_asked": .number(timesAsked),
            "attempt": .optional(attempt),
            "answer": .optional(answer), "verified_answer_id": .optional(verifiedAnswerID),
            "created_at": .string(createdAt.description), "updated_at": .string(updatedAt.description),
            "resolved_at": .optional(resolvedAt?.description),
        ]
    }
}

extension APIContext {
    /// Under which id the question of an answer waits for the owner; none where it does not.
    func escalationID(of answer: ChatAnswer, twin: Twin) throws -> String? {
        let isUnsure = answer.status == .grounded && answer.metadata.confidence < twin.settings[TwinSettings.escalatesBelow]
        guard answer.status == .escalated || isUnsure else { return nil }
        return try workspace.escalations.openID(of: answer.question, twin: twin)
    }
}
