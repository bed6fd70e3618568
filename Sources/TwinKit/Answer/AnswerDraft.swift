/// An answer before it is told.
struct AnswerDraft: Sendable {
    var status: AnswerStatus
    var text: String
    var confidence: Double
    /// How far documents meet the question; 0 when they were not asked.
    var answerability = 0.0
    var citations: [Citation] = []
    /// The passages that a model may cite, those that the quotations come from first.
    var evidence: [Citation] = []
    var suggestions: [SuggestedQuestion] = []
    var verifiedAnswerID: String?
    /// How the question of the verified answer was recognized.
    var match: QuestionMatch?
    /// What the owner holds, when that is the answer, of which the first is told; or what a model was to keep to.
    var memories: [OwnerMemory] = []
    /// What the owner holds that bears on the question: for a model that words the answer.
    var views: [OwnerMemory] = []
    /// The question as it was searched for, where that is not as it was asked.
    var understoodAs: String?
    /// How a model is to word it; set where there is one.
    var style: AnswerStyle?
    /// Set when the owner has to say first.
    var personal: PersonalQuestion?
    /// Why it was made with less than is configured.
    var degraded: String?

    /// The quotations under the numbers of the passages that hold them.
    var renumbered: [Citation] {
        citations.map { quotation in
            var result = quotation
            let holder = evidence.first {
                $0.sourceID == quotation.sourceID && $0.range.lowerBound <= quotation.range.lowerBound
                    && quotation.range.upperBound <= $0.range.upperBound
            }
            result.number = holder?.number ?? quotation.number
            return result
        }
    }
}
