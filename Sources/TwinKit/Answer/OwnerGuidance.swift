import TwinDatabase
import TwinSupport

/// What the owner has to do with a question, as the chat sees it; `Owner/` says it.
protocol OwnerGuidance: Sendable {
    /// Looks whether the owner has answered this, or has to. `history` holds the asker's earlier questions, oldest first.
    /// Without a `meaning` questions are compared by their letters.
    func guidance(
        for question: String, history: [String], meaning: QuestionEmbedding?, twin: Twin, clearance: Clearance,
        on connection: Connection
    ) throws -> Guidance

    /// Whether a question's meaning by this model could be compared with what the owner has answered.
    func comparesMeanings(by model: String, twin: Twin, on connection: Connection) throws -> Bool

    /// What the owner holds that bears on a question, the most important first: for a model that words the answer.
    func views(on question: String, history: [String], twin: Twin, on connection: Connection) throws -> [OwnerMemory]

    /// Puts a question about the owner's own view to the owner. `message` is the id of the one that asks it.
    func clarify(
        _ question: String, _ personal: PersonalQuestion, twin: Twin, mode: ChatMode, conversation: Conversation,
        message: String?, on connection: Connection
    ) throws -> Clarification

    /// What `clarify` would ask, without asking it.
    func prompt(_ personal: PersonalQuestion) -> Clarification.Prompt

    /// Hands a question to the owner that nothing answers, or nothing well enough. `attempt` is the message that was said to it.
    func escalate(
        _ question: String, confidence: Double, attempt: String, twin: Twin, conversation: Conversation,
        on connection: Connection
    ) throws
}

/// What comes before the documents.
struct Guidance: Sendable {
    /// The owner's own words; the documents are not looked at then.
    var answer: AnswerDraft?
    /// Verified answers to questions much like this one.
    var suggestions: [SuggestedQuestion] = []
}
