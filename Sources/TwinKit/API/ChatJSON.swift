import TwinHTTP
import TwinSupport

// A chat in twin's own JSON: what the command line prints, and what contracts add their own words to.

extension ChatEvent: JSONRepresentable {
    package var json: JSON {
        switch self {
        case .metadata(let metadata):
            metadata.withReading([
                "type": "metadata", "conversation_id": .optional(metadata.conversationID), "twin_id": .string(metadata.twinID),
                "status": .string(metadata.status.rawValue), "confidence_score": .double(metadata.confidence),
                "citations": .array(metadata.citations.map(\.json)), "owner_memory_refs": .strings(metadata.memories.map(\.id)),
                "owner_memory_topics": .strings(metadata.memories.map(\.topic)),
                "suggestions": .array(metadata.suggestions.map(\.json)),
                "verified_answer_id": .optional(metadata.verifiedAnswerID),
                "match_type": .optional(metadata.match?.rawValue),
            ])
        case .content(let text): ["type": "content", "content": .string(text), "token": .string(text)]
        case .done(let done):
            [
                "type": "done", "message_id": .optional(done.messageID), "status": .string(done.status.rawValue),
                "degraded": .bool(done.degraded != nil), "degraded_reason": .optional(done.degraded),
                "latency_ms": .double((done.milliseconds * 100).rounded() / 100),
            ]
        case .clarify(let thread, let conversationID):
            [
                "type": "clarify", "clarification_id": .optional(thread.id), "question": .string(thread.question),
                "options": .array(thread.options.map(\.json)), "memory_write_proposal": thread.proposal,
                "status": .string(thread.status.rawValue), "conversation_id": .optional(conversationID),
            ]
        case .error(let error):
            ["type": "error", "error": .string(error.message), "code": .string(error.kind.rawValue)]
        }
    }
}

extension ChatAnswer: JSONRepresentable {
    package var json: JSON {
        metadata.withReading([
            "conversation_id": .optional(metadata.conversationID), "message_id": .optional(done.messageID),
            "twin_id": .string(metadata.twinID), "question": .string(question), "answer": .string(text),
            "status": .string(metadata.status.rawValue), "confidence_score": .double(metadata.confidence),
            "citations": .array(metadata.citations.map(\.json)),
            "suggestions": .array(metadata.suggestions.map(\.json)), "verified_answer_id": .optional(metadata.verifiedAnswerID),
            "match_type": .optional(metadata.match?.rawValue), "owner_memory_refs": .strings(metadata.memories.map(\.id)),
            "owner_memory_topics": .strings(metadata.memories.map(\.topic)),
            "clarification": clarification.map(\.json) ?? .null,
            "degraded": .bool(done.degraded != nil),
            "degraded_reason": .optional(done.degraded),
            "latency_ms": .double((done.milliseconds * 100).rounded() / 100),
        ])
    }
}

extension ChatMetadata {
    /// What is told of an answer, with the question as it was understood where that is not as it was asked.
    fileprivate func withReading(_ told: JSONObject) -> JSON {
        var told = told
        if let understoodAs { told["understood_as"] = .string(understoodAs) }
        return .object(told)
    }
}

extension Clarification.Prompt: JSONRepresentable {
    package var json: JSON {
        [
            "id": .optional(id), "question": .string(question), "options": .array(options.map(\.json)),
            "status": .string(status.rawValue),
        ]
    }
}

extension SuggestedQuestion: JSONRepresentable {
    package var json: JSON {
        [
            "id": .string(id), "question": .string(question), "similarity": .double((similarity * 1000).rounded() / 1000),
            "match_type": .string(match.rawValue),
        ]
    }
}

extension PastMessage {
    /// A message as callers send it; none for what has another role, no text, or more of it than a question may have.
    package init?(_ json: JSON) {
        guard let role = json["role"]?.stringValue.flatMap(Message.Role.init), let content = json["content"]?.stringValue,
            content.utf8.count <= ChatService.maximumQuestionBytes
        else { return nil }
        self.init(role, content)
    }
}
