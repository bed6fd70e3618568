import TwinSearch
import TwinSupport

/// Which agent a question is for, by the questions that are given as its examples: without a model, and the same every time.
enum AgentChoice {
    /// As for verified answers: from here on two questions are alike in their letters.
    private static let leastRatio = VerifiedAnswerMatch.suggestionThreshold
    /// Of the words with weight, as a Jaccard index.
    private static let leastOverlap = 0.5

    /// The agent whose example comes nearest to a question; none when no example is near.
    static func byExamples(_ question: String, _ agents: [Agent], language: Language) -> (agent: Agent, similarity: Double)? {
        let analyzer = Analyzer(language: language)
        var best: (agent: Agent, similarity: Double)?
        for agent in agents {
            let folded = QuestionText.folded(withoutArguments(question, of: agent))
            guard !folded.isEmpty else { continue }
            let bounds = SimilarityBounds(folded)
            for example in agent.examples {
                var other = QuestionText.folded(example)
                var similarity = TextSimilarity.overlap(folded, other, analyzer: analyzer) ?? 0
                if similarity < leastOverlap { similarity = 0 }
                if other.withUTF8({ bounds.mayReach(leastRatio, UnsafeRawBufferPointer($0)) }) {
                    let ratio = TextSimilarity.ratio(folded, other)
                    if ratio >= leastRatio { similarity = max(similarity, ratio) }
                }
                if similarity > best?.similarity ?? 0 { best = (agent, similarity) }
            }
        }
        return best
    }

    /// What a tool of the agent takes as an argument is no part of what is asked.
    private static func withoutArguments(_ question: String, of agent: Agent) -> String {
        var text = question
        for (_, pattern) in agent.tools.flatMap(\.patterns) {
            if let found = pattern.find(in: text) { text = text.replacing(found, with: " ") }
        }
        return text
    }
}
