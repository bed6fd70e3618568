import TwinSupport

/// A question that the owner has answered and that the asker may have meant.
package struct SuggestedQuestion: Sendable, Equatable {
    /// Of the verified answer.
    package var id: String
    package var question: String
    /// How alike it is, 0 to 1.
    package var similarity: Double
    package var match = QuestionMatch.fuzzy
}

/// In what two questions agree.
package enum QuestionMatch: String, Sendable {
    /// Case, accents and punctuation aside they are the same.
    case exact
    /// Their letters: the Ratcliff/Obershelp ratio.
    case fuzzy
    /// Their meaning: the cosine of their vectors.
    case semantic
}
