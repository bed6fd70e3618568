import TestSupport
import Testing

@testable import TwinKit
@testable import TwinSearch

@Suite struct ProximityTests {
    /// The bonus of `text` for `question`, where every term has the inverse document frequency 1.
    private func bonus(_ question: String, _ text: String, pair: Double = 1, window: Double = 0) -> Double {
        var settings = RetrievalSettings()
        settings.pairWeight = pair
        settings.windowWeight = window
        var vocabulary = QueryPlan.vocabulary(for: question, language: .english)
        let plan = QueryPlan(question, vocabulary: &vocabulary)
        let proximity = Proximity(plan: plan, inverseFrequencies: plan.query.terms.map { _ in 1 }, settings: settings)
        return proximity.bonus(vocabulary.read(text), saturation: 1, lengthNorm: 1)
    }

    @Test func `a pair counts one over its distance, saturated like a frequency`() {
        // x = 1: 1 * 2 / (1 + 1); x = 1/3: (1/3) * 2 / (1/3 + 1).
        #expect(isClose(bonus("duke normandy", "duke normandy"), 1))
        #expect(isClose(bonus("duke normandy", "normandy duke"), 1))
        #expect(isClose(bonus("duke normandy", "duke of the normandy"), 0.5))
        #expect(isClose(bonus("duke normandy", "duke a b c d e f g normandy"), 2.0 / 8 / (1 + 1.0 / 8)))
        #expect(bonus("duke normandy", "duke a b c d e f g h normandy") == 0)
        #expect(bonus("duke normandy", "duke duke") == 0)
    }

    @Test func `each occurrence of the first word looks for the nearest second word`() {
        // Distances 2, 1 and 1.
        let nearness = 0.5 + 1 + 1
        #expect(
            isClose(
                bonus("duke normandy", "duke x normandy duke y z q w e r t u i o normandy duke"), nearness * 2 / (nearness + 1)))
    }

    @Test func `only neighbours in the question make pairs, and function words do not part them`() {
        #expect(isClose(bonus("duke of the normandy", "duke normandy"), 1))
        #expect(bonus("duke treaty normandy", "duke normandy") == 0)
    }

    @Test func `the best window counts each word once`() {
        #expect(isClose(bonus("duke treaty", "duke duke duke treaty", pair: 0, window: 1), 2))
        let apart = "duke " + String(repeating: "x ", count: 12) + "treaty"
        #expect(isClose(bonus("duke treaty", apart, pair: 0, window: 1), 1))
        let near = "duke " + String(repeating: "x ", count: 11) + "treaty"
        #expect(isClose(bonus("duke treaty", near, pair: 0, window: 1), 2))
    }

    @Test func `windows count less in a long question`() {
        let words = (0..<12).map { "term\($0)" }.joined(separator: " ")
        // Twelve terms in one window, at half the weight.
        #expect(isClose(bonus(words, words, pair: 0, window: 1), 12 * 0.5))
    }

    @Test func `the window equals the best over all stretches`() {
        var random = TestRandom()
        for _ in 0..<200 {
            let text = (0..<Int.random(in: 0...60, using: &random)).map { _ in
                ["alpha", "beta", "gamma", "x", "y", "z", "q"].randomElement(using: &random) ?? "x"
            }
            var best = 0
            for start in text.indices {
                let stretch = text[start..<min(text.count, start + 13)]
                best = max(best, Set(stretch).intersection(["alpha", "beta", "gamma"]).count)
            }
            let found = bonus("alpha beta gamma", text.joined(separator: " "), pair: 0, window: 1)
            #expect(isClose(found, Double(best)), "\(text)")
        }
    }
}
