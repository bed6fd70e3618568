/// What a question about the owner's own view is about.
struct PersonalQuestion: Sendable {
    var type: MemoryType
    var topic: String
    /// How well documents must meet the question to be given instead of asking the owner, as answerability; nothing suffices
    /// where the owner's own words contradict each other.
    var leastAnswerability: Double

    /// Whether documents that meet the question this well answer it instead of the owner.
    func isAnswered(by answerability: Double) -> Bool { answerability >= leastAnswerability }
}
