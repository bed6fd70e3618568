import TwinHTTP
import TwinSupport

/// A chat as it happens. The command line, server-sent events and JSON replies are renderings of this one stream.
///
/// An answer is `metadata`, one or more `content`, `done`; a question for the owner is `clarify` alone. A failure after the start is `error`, and then nothing.
package enum ChatEvent: Sendable, Equatable {
    case metadata(ChatMetadata)
    /// A part of the answer's text; the parts put together are the whole.
    case content(String)
    case done(ChatDone)
    case error(TwinError)
    /// The owner has to say first; nothing follows.
    case clarify(Clarification, conversationID: String)
}

/// What is known of an answer before its text. The conversation is stored before this is sent.
package struct ChatMetadata: Sendable, Equatable {
    package var conversationID: String
    package var twinID: String
    package var status: AnswerStatus
    /// The chance that the answer is right, from 0 to 1.
    package var confidence: Double
    package var citations: [Citation]
    /// Questions that the owner has answered and that the asker may have meant, best first.
    package var suggestions: [SuggestedQuestion] = []
    /// The verified answer that was given.
    package var verifiedAnswerID: String?
    /// How its question was recognized.
    package var match: QuestionMatch?
    /// The owner's memories that the answer comes from or was worded by, best first.
    package var memories: [OwnerMemory] = []
}

/// What is known once the whole answer was sent.
package struct ChatDone: Sendable, Equatable {
    package var messageID: String
    package var status: AnswerStatus
    /// Whether a configured model failed, so that the answer is quoted instead of composed, and why.
    package var degraded: String?
    package var milliseconds: Double
}

extension ChatEvent: JSONRepresentable {
    package var json: JSON {
        switch self {
        case .metadata(let metadata):
            [
                "type": "metadata", "conversation_id": .string(metadata.conversationID), "twin_id": .string(metadata.twinID),
                "status": .string(metadata.status.rawValue), "confidence_score": .double(metadata.confidence),
                "citations": .array(metadata.citations.map(\.json)), "owner_memory_refs": .strings(metadata.memories.map(\.id)),
                "owner_memory_topics": .strings(metadata.memories.map(\.topic)),
                "suggestions": .array(metadata.suggestions.map(\.json)),
                "verified_answer_id": .optional(metadata.verifiedAnswerID),
                "match_type": .optional(metadata.match?.rawValue),
            ]
        case .content(let text): ["type": "content", "content": .string(text), "token": .string(text)]
        case .done(let done):
            [
                "type": "done", "message_id": .string(done.messageID), "status": .string(done.status.rawValue),
                "degraded": .bool(done.degraded != nil), "degraded_reason": .optional(done.degraded),
                "latency_ms": .double((done.milliseconds * 100).rounded() / 100),
            ]
        case .clarify(let thread, let conversationID):
            [
                "type": "clarify", "clarification_id": .string(thread.id), "question": .string(thread.question),
                "options": .array(thread.options.map(\.json)), "memory_write_proposal": thread.proposal,
                "status": .string(thread.status.rawValue), "conversation_id": .string(conversationID),
            ]
        case .error(let error):
            ["type": "error", "error": .string(error.message), "code": .string(error.kind.rawValue)]
        }
    }
}

/// A whole answer: what the events of one question add up to.
package struct ChatAnswer: Sendable, Equatable, JSONRepresentable {
    package var question: String
    package var text: String
    package var metadata: ChatMetadata
    package var done: ChatDone
    /// What the owner is asked, when the status is `clarify`.
    package var clarification: Clarification?

    /// What an asker may know of a clarification: not in whose conversation it was asked first, nor how often.
    private static func forAsker(_ thread: Clarification) -> JSON {
        [
            "id": .string(thread.id), "question": .string(thread.question), "options": .array(thread.options.map(\.json)),
            "status": .string(thread.status.rawValue),
        ]
    }

    package var status: AnswerStatus { metadata.status }

    package var json: JSON {
        [
            "conversation_id": .string(metadata.conversationID), "message_id": .string(done.messageID),
            "twin_id": .string(metadata.twinID), "question": .string(question), "answer": .string(text),
            "status": .string(metadata.status.rawValue), "confidence_score": .double(metadata.confidence),
            "citations": .array(metadata.citations.map(\.json)),
            "suggestions": .array(metadata.suggestions.map(\.json)), "verified_answer_id": .optional(metadata.verifiedAnswerID),
            "match_type": .optional(metadata.match?.rawValue), "owner_memory_refs": .strings(metadata.memories.map(\.id)),
            "owner_memory_topics": .strings(metadata.memories.map(\.topic)),
            "clarification": clarification.map(Self.forAsker) ?? .null,
            "degraded": .bool(done.degraded != nil),
            "degraded_reason": .optional(done.degraded),
            "latency_ms": .double((done.milliseconds * 100).rounded() / 100),
        ]
    }
}
