import Testing

@testable import TwinKit

@Suite struct IdentityGateTests {
    @Test(arguments: [
        "How likely is it that we see rain?", "Where did you find the cornerstone?", "What are the values in table 3?",
        "Have you bought the oil?", "Who thought of the gearbox?", "What does the oil look like?",
        "When should the filter be changed?",
        "Which framework does the report use?", "What tone does the buzzer make?",
    ])
    func `a question of fact is not taken for one about the owner's view`(question: String) {
        #expect(IdentityGate.classify(question) == nil)
    }

    @Test(arguments: [
        ("What do you think about remote work?", MemoryType.stance), ("Should we invest in crypto startups?", .stance),
        ("What is your opinion on pricing?", .stance), ("Would you use it?", .stance),
        ("Do you prefer tea or coffee?", .preference), ("What would you like for lunch?", .preference),
        ("Which principles guide your work?", .lens), ("In which tone should you write?", .toneRule),
        ("What is your core belief about teaching?", .belief),
    ])
    func `a question about the owner's view has its kind`(question: String, type: MemoryType) {
        #expect(IdentityGate.classify(question) == type)
    }

    @Test func `the topic is what follows about, or should we, or what was asked before`() {
        #expect(IdentityGate.topic(of: "What do you think about remote work?") == "remote work")
        #expect(IdentityGate.topic(of: "Should we invest in crypto startups?") == "invest in crypto startups")
        #expect(IdentityGate.topic(of: "What is your opinion on pricing?") == "pricing")
        #expect(
            IdentityGate.topic(of: "Do you agree with that?", history: ["Is remote work allowed?", "And that?"])
                == "remote work allowed")
    }

    @Test(arguments: [
        ("I disagree", OwnerMemory.Stance.negative), ("I am not sure", .neutral), ("Yes, with care", .positive),
        ("I know nothing but good of it", nil), ("It depends", .neutral), ("I would never do it", .negative),
    ])
    func `a stance is read from whole words, refusals first`(text: String, stance: OwnerMemory.Stance?) {
        #expect(IdentityGate.stance(in: text) == stance)
    }

    @Test func `the bounds never turn away a text that is alike enough`() {
        var generator = SeededGenerator(seed: 7)
        let letters = Array("abcdeé ")
        func text() -> String {
            String((0..<Int.random(in: 1...24, using: &generator)).map { _ in letters.randomElement(using: &generator) ?? "a" })
        }
        for _ in 0..<5_000 {
            let one = text()
            var other = Array(one)
            for _ in 0..<Int.random(in: 0...4, using: &generator) {
                other.insert(
                    letters.randomElement(using: &generator) ?? "a", at: Int.random(in: 0...other.count, using: &generator))
            }
            let candidate = String(other)
            guard TextSimilarity.ratio(one, candidate) >= 0.8 else { continue }
            let bounds = SimilarityBounds(one)
            #expect((bounds.leastBytes(0.8)...bounds.mostBytes(0.8)).contains(candidate.utf8.count))
            #expect(Array(candidate.utf8).withUnsafeBytes { bounds.mayReach(0.8, $0) }, "\(one) / \(candidate), seed 7")
        }
    }
}
