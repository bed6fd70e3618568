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
    case clarify(Clarification.Prompt, conversationID: String?)
}

extension Clarification {
    /// What somebody is told whose question waits for the owner: not in whose conversation it was asked first, nor how often.
    package struct Prompt: Sendable, Equatable {
        /// Of the clarification; none when the question is not kept and the owner does not hear of it.
        package var id: String?
        package var question: String
        package var options: [Option]
        package var proposal: JSON
        package var status: Status
    }
}

extension Clarification.Prompt {
    init(_ clarification: Clarification) {
        self.init(
            id: clarification.id, question: clarification.question, options: clarification.options,
            proposal: clarification.proposal, status: clarification.status)
    }
}

/// What is known of an answer before its text. The conversation is stored before this is sent.
package struct ChatMetadata: Sendable, Equatable {
    /// None when the question is not kept.
    package var conversationID: String?
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
    /// The question as it was searched for, where that is not as it was asked: misspelt words read as others, and the subject of
    /// what was asked before.
    package var understoodAs: String?
}

/// What is known once the whole answer was sent.
package struct ChatDone: Sendable, Equatable {
    /// Of the stored answer; none when it is not kept.
    package var messageID: String?
    package var status: AnswerStatus
    /// Whether a configured model failed, so that the answer is quoted instead of composed, and why.
    package var degraded: String?
    /// From the question to the end of the answer.
    package var milliseconds: Double
}

/// A whole answer: what the events of one question add up to.
package struct ChatAnswer: Sendable, Equatable {
    package var question: String
    package var text: String
    package var metadata: ChatMetadata
    package var done: ChatDone
    /// What the owner is asked, when the status is `clarify`.
    package var clarification: Clarification.Prompt?

    package var status: AnswerStatus { metadata.status }
}
