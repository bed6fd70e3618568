/// The parameters of retrieval. The defaults were chosen once, on three collections and on questions about encyclopedia
/// articles, so that each collection also gains when it is left out of the choice; Tests/Benchmarks has the numbers.
package struct RetrievalSettings: Sendable, Hashable {
    /// Whether the best chunks extend the question by their terms (pseudo-relevance feedback).
    package var usesFeedback = true
    /// Chunks that feedback reads, 1...20.
    package var feedbackChunks = 8
    /// Terms that feedback adds, 1...50.
    package var feedbackTerms = 20
    /// The most that feedback may count against the question, 0...1; a short question is changed less.
    package var feedbackWeight = 0.6
    /// What neighbours in the question count that are near each other in a chunk too, 0 for nothing.
    package var pairWeight = 0.2
    /// What question words count that stand close together in a chunk, 0 for nothing.
    package var windowWeight = 0.4

    package init() {}

    /// Chunks of each stage whose texts are read to see how near the question's words are to each other.
    static let rescoredChunks = 20

    /// The same with every value in its range.
    var clamped: RetrievalSettings {
        var settings = self
        settings.feedbackChunks = min(max(feedbackChunks, 1), Self.rescoredChunks)
        settings.feedbackTerms = min(max(feedbackTerms, 1), Query.maximumTerms - QueryPlan.maximumTerms)
        settings.feedbackWeight = feedbackWeight.isFinite ? min(max(feedbackWeight, 0), 1) : 0
        settings.pairWeight = pairWeight.isFinite ? max(pairWeight, 0) : 0
        settings.windowWeight = windowWeight.isFinite ? max(windowWeight, 0) : 0
        return settings
    }
}
