import Testing

@testable import TwinKit

@Suite struct `Bounds of the similarity of questions` {
    private func mayReach(_ threshold: Double, _ one: String, _ other: String) -> Bool {
        let bounds = SimilarityBounds(one)
        guard (bounds.leastBytes(threshold)...bounds.mostBytes(threshold)).contains(other.utf8.count) else { return false }
        return Array(other.utf8).withUnsafeBytes { bounds.mayReach(threshold, $0) }
    }

    @Test func `no text that reaches the threshold is left out`() {
        var random = SeededRandom(seed: 5)
        let alphabets = ["abc ", "abcdefghijklmnopqrstuvwxyz 0123456789", "aå b語 "].map(Array.init)
        for round in 0..<6000 {
            let alphabet = alphabets[round % alphabets.count]
            let length = Int.random(in: 0...(round % 10 == 0 ? 300 : 90), using: &random)
            let one = (0..<length).compactMap { _ in alphabet.randomElement(using: &random) }
            var other = one
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                guard !other.isEmpty else { break }
                let place = Int.random(in: other.indices, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: other.remove(at: place)
                case 1: other.insert(alphabet[0], at: place)
                default: other[place] = alphabet[alphabet.count - 1]
                }
            }
            let (first, second) = (String(one), String(other))
            for threshold in [0.8, 0.92] where TextSimilarity.ratio(first, second) >= threshold {
                #expect(mayReach(threshold, first, second), "\(first) | \(second)")
            }
        }
    }

    @Test func `texts with the same letters in another order are left out`() {
        #expect(!mayReach(0.8, "who oils the big gate", "the gate oils who big"))
        #expect(
            !mayReach(
                0.8, String(repeating: "ab", count: 60), String(repeating: "b", count: 60) + String(repeating: "a", count: 60)))
        #expect(mayReach(0.8, "what is your return policy", "whats your return policy"))
    }
}
