import Testing

@testable import TwinKit
@testable import TwinSearch

@Suite struct `Text similarity` {
    @Test func `the ratio is that of Ratcliff and Obershelp`() {
        // The reference values are Python's difflib.SequenceMatcher(None, a, b, autojunk=False).ratio().
        let cases: [(String, String, Double)] = [
            ("what is your return policy", "what's your return policy?", 0.923076923076923),
            ("how do refunds work", "what is your refund policy", 0.4888888888888889),
            ("abcd", "bcde", 0.75),
            ("", "", 1),
            ("", "a", 0),
            ("same", "same", 1),
            ("private thread currentthread", "private volatile thread currentthread", 0.8615384615384616),
            ("qabxcd", "abycdf", 0.6666666666666666),
            ("naïve café", "naive cafe", 0.8),
        ]
        for (one, other, expected) in cases {
            #expect(abs(TextSimilarity.ratio(one, other) - expected) < 1e-12, "\(one) | \(other)")
        }
    }

    @Test func `the ratio is 1 only for equal texts, within 0 and 1, whatever the letters`() {
        for seed in 0..<200 {
            var random = SeededGenerator(seed: UInt64(seed))
            func word() -> String {
                String((0..<Int.random(in: 0...12, using: &random)).map { _ in "abc d".randomElement(using: &random) ?? "a" })
            }
            let (one, other) = (word(), word())
            let ratio = TextSimilarity.ratio(one, other)
            #expect((0...1).contains(ratio) && (ratio == 1) == (one == other), "seed \(seed)")
            #expect(abs(ratio - Self.reference(Array(one), Array(other))) < 1e-12, "seed \(seed)")
        }
    }

    /// The definition, written as plainly as it can be.
    private static func reference(_ one: [Character], _ other: [Character]) -> Double {
        func matching(_ one: ArraySlice<Character>, _ other: ArraySlice<Character>) -> Int {
            var best = (0, 0, 0)
            for i in one.indices {
                for j in other.indices {
                    var length = 0
                    while i + length < one.endIndex, j + length < other.endIndex, one[i + length] == other[j + length] {
                        length += 1
                    }
                    if length > best.2 { best = (i, j, length) }
                }
            }
            guard best.2 > 0 else { return 0 }
            return best.2 + matching(one[..<best.0], other[..<best.1])
                + matching(one[(best.0 + best.2)...], other[(best.1 + best.2)...])
        }
        return one.isEmpty && other.isEmpty ? 1 : 2 * Double(matching(one[...], other[...])) / Double(one.count + other.count)
    }

    @Test func `a long text stays bounded`() {
        #expect(TextSimilarity.ratio(String(repeating: "a", count: 5000), String(repeating: "a", count: 5000)) == 1)
    }

    @Test func `overlap counts stems and leaves stop words out`() {
        let analyzer = Analyzer()
        #expect(TextSimilarity.overlap("What are the opening hours?", "hours of opening", analyzer: analyzer) == 1)
        let third = TextSimilarity.overlap("refund policies", "policy for shipping", analyzer: analyzer) ?? 0
        #expect(abs(third - 1.0 / 3) < 1e-12)
        #expect(TextSimilarity.overlap("what is it", "refunds", analyzer: analyzer) == nil)
    }
}
