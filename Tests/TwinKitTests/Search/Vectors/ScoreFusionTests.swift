import TestSupport
import Testing

@testable import TwinKit
@testable import TwinSearch

@Suite struct ScoreFusionTests {
    private func hits(_ pairs: [(Int64, Double)]) -> [SearchHit] { pairs.map { SearchHit(chunk: $0.0, score: $0.1) } }

    @Test func `scores are brought to one scale and summed by weight`() {
        let fused = ScoreFusion(vectorWeight: 0.25).fuse(
            lexical: hits([(1, 8), (2, 4), (3, 2)]), vectors: hits([(3, 0.9), (4, 0.8), (1, 0.7)]), limit: 10)
        let expected: [(Int64, Double)] = [(1, 0.75), (3, 0.4375), (2, 0.375), (4, 0.125)]
        #expect(fused.map(\.chunk) == expected.map(\.0))
        #expect(zip(fused, expected).allSatisfy { abs($0.score - $1.1) < 1e-9 })
    }

    @Test func `the weight goes from words only to vectors only`() {
        let lexical = hits([(1, 3), (2, 2), (3, 1)])
        let vectors = hits([(3, 0.9), (2, 0.5), (9, 0.1)])
        #expect(ScoreFusion(vectorWeight: 0).fuse(lexical: lexical, vectors: vectors, limit: 9).map(\.chunk) == [1, 2, 3])
        #expect(ScoreFusion(vectorWeight: 1).fuse(lexical: lexical, vectors: vectors, limit: 2).map(\.chunk) == [3, 2])
        #expect(ScoreFusion(vectorWeight: -3) == ScoreFusion(vectorWeight: 0))
        #expect(ScoreFusion(vectorWeight: 3) == ScoreFusion(vectorWeight: 1))
    }

    @Test func `either side may be empty`() {
        let some = hits([(5, 2), (6, 1)])
        #expect(ScoreFusion(vectorWeight: 0.3).fuse(lexical: some, vectors: [], limit: 9).map(\.chunk) == [5, 6])
        #expect(ScoreFusion(vectorWeight: 0.3).fuse(lexical: [], vectors: some, limit: 9).map(\.chunk) == [5, 6])
        #expect(ScoreFusion(vectorWeight: 0.3).fuse(lexical: [], vectors: [], limit: 9).isEmpty)
        #expect(ScoreFusion(vectorWeight: 0.3).fuse(lexical: some, vectors: some, limit: 0).isEmpty)
        #expect(
            ScoreFusion(vectorWeight: 0.3).fuse(lexical: hits([(5, 0)]), vectors: hits([(6, 0.4)]), limit: 9).map(\.chunk) == [6])
    }

    @Test func `the order depends on neither side's scale, and the first in both lists wins`() {
        let seed = TestRandom.seed
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            func list() -> [SearchHit] {
                let chunks = (0..<Int64(20)).shuffled(using: &generator).prefix(Int.random(in: 1...15, using: &generator))
                return chunks.map { SearchHit(chunk: $0, score: Double(Int.random(in: 1...1000, using: &generator))) }
                    .sorted { $0.score > $1.score }
            }
            let (lexical, vectors) = (list(), list())
            let fusion = ScoreFusion(vectorWeight: Double.random(in: 0.1...0.9, using: &generator))
            let fused = fusion.fuse(lexical: lexical, vectors: vectors, limit: 100)
            let scaled = fusion.fuse(
                lexical: lexical.map { SearchHit(chunk: $0.chunk, score: $0.score * 4) },
                vectors: vectors.map { SearchHit(chunk: $0.chunk, score: $0.score / 2048 - 0.5) }, limit: 100)
            #expect(fused.map(\.chunk) == scaled.map(\.chunk), "seed \(seed)")
            #expect(fused.allSatisfy { (0...1.0000001).contains($0.score) }, "seed \(seed)")
            #expect(Set(fused.map(\.chunk)) == Set((lexical + vectors).map(\.chunk)), "seed \(seed)")
            if let first = lexical.first, first.chunk == vectors.first?.chunk { #expect(fused.first?.score ?? 0 > 0.9999) }
        }
    }
}
