import TwinSupport

/// A question to the owner as the studio contract shows it.
package struct StudioClarification: JSONRepresentable {
    let thread: Clarification

    package init(_ thread: Clarification) { self.thread = thread }

    package var json: JSON {
        [
            "id": .string(thread.id), "tenant_id": .string(thread.tenantID), "twin_id": .string(thread.twinID),
            "source_message_id": .optional(thread.sourceMessageID), "created_by": .optional(thread.createdBy),
            "answered_by": .optional(thread.answeredBy), "conversation_id": .optional(thread.conversationID),
            "mode": .string(thread.requestedBy),
            "status": .string(thread.status.rawValue), "original_query": .string(thread.originalQuery),
            "question": .string(thread.question),
            "options": .array(thread.options.map(\.json)), "memory_write_proposal": thread.proposal,
            "times_asked": .number(thread.timesAsked),
            "owner_memory_id": .optional(thread.ownerMemoryID), "requested_by": .string(thread.requestedBy),
            "answer_text": .optional(thread.answerText), "answered_at": .optional(thread.answeredAt?.description),
            "created_at": .string(thread.createdAt.description), "updated_at": .string(thread.updatedAt.description),
        ]
    }
}
