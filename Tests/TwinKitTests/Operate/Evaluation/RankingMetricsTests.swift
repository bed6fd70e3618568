import TestSupport
import Testing

@testable import TwinKit

/// The generator of Knuth's MMIX, so that reference values could be computed outside with the same numbers.
struct MMIX {
    var state: UInt64
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 33
    }
}

func isClose(_ left: Double?, _ right: Double, within tolerance: Double = 1e-9) -> Bool {
    left.map { abs($0 - right) <= tolerance } ?? false
}

@Suite struct RankingMetricsTests {
    @Test func `gain is discounted by the logarithm of the place and divided by the ideal order`() {
        let metrics = RankingMetrics(ranking: ["x", "b", "a"], grades: ["a": 3, "b": 1, "c": 2])
        // DCG = 1/log2(3) + 3/log2(4); ideal = 3 + 2/log2(3) + 1/log2(4).
        let gain = 1 / 1.584962500721156 + 1.5
        let ideal = 3 + 2 / 1.584962500721156 + 0.5
        #expect(isClose(metrics.normalizedGain(at: 10), gain / ideal))
        #expect(metrics.recall(at: 1) == 0)
        #expect(isClose(metrics.recall(at: 3), 2.0 / 3))
        #expect(metrics.reciprocalRank(at: 10) == 0.5)
        #expect(isClose(metrics.averagePrecision, (1.0 / 2 + 2.0 / 3) / 3))
    }

    /// Values of trec_eval (through pytrec_eval) for the same judgements and rankings.
    @Test func `the measures equal those of trec_eval`() {
        var generator = MMIX(state: 42)
        let expected: [(ndcg5: Double, ndcg10: Double, recall5: Double, recall10: Double, map: Double, rank: Double)] = [
            (0.289984588921, 0.24166266002, 0.142857142857, 0.142857142857, 0.22380952381, 1),
            (0.251926886436, 0.247387086541, 0.2, 0.3, 0.30724789916, 0.5),
            (0.545132598519, 0.656333958733, 0.333333333333, 0.666666666667, 0.5, 1),
            (0.2855098498, 0.370719667945, 0.222222222222, 0.444444444444, 0.294444444444, 1),
            (0.161022333993, 0.220484184034, 0.111111111111, 0.333333333333, 0.207407407407, 1),
        ]
        for values in expected {
            let documents = (0..<30).map { "d\($0)" }
            var grades: [String: Int] = [:]
            for document in documents where generator.next() % 3 == 0 { grades[document] = Int(generator.next() % 4) }
            let ranking = documents.map { (generator.next(), $0) }.sorted { $0 < $1 }.map(\.1).prefix(20)
            let metrics = RankingMetrics(ranking: Array(ranking), grades: grades)
            #expect(isClose(metrics.normalizedGain(at: 5), values.ndcg5))
            #expect(isClose(metrics.normalizedGain(at: 10), values.ndcg10))
            #expect(isClose(metrics.recall(at: 5), values.recall5))
            #expect(isClose(metrics.recall(at: 10), values.recall10))
            #expect(isClose(metrics.averagePrecision, values.map))
            #expect(isClose(metrics.reciprocalRank(at: 20), values.rank))
        }
    }

    @Test func `an ideal ranking scores one, an empty one zero, and moving a better document up never hurts`() {
        let grades = ["a": 3, "b": 2, "c": 1, "d": 0, "e": -2]
        #expect(isClose(RankingMetrics(ranking: ["a", "b", "c", "d", "e"], grades: grades).normalizedGain(at: 10), 1))
        #expect(RankingMetrics(ranking: [], grades: grades).normalizedGain(at: 10) == 0)
        var generator = TestRandom()
        for _ in 0..<300 {
            var ranking = ["a", "b", "c", "d", "e", "f", "g"].shuffled(using: &generator)
            let place = Int.random(in: 1..<ranking.count, using: &generator)
            let before = RankingMetrics(ranking: ranking, grades: grades)
            guard max(0, grades[ranking[place]] ?? 0) > max(0, grades[ranking[place - 1]] ?? 0) else { continue }
            ranking.swapAt(place, place - 1)
            let after = RankingMetrics(ranking: ranking, grades: grades)
            #expect(after.normalizedGain(at: 10) > before.normalizedGain(at: 10))
            #expect(after.averagePrecision >= before.averagePrecision)
        }
    }

    @Test func `a document that is listed twice counts once`() {
        let metrics = RankingMetrics(ranking: ["a", "a", "b"], grades: ["a": 1, "b": 1])
        #expect(isClose(metrics.normalizedGain(at: 10), 1))
        #expect(metrics.recall(at: 2) == 1)
    }

    @Test func `without a relevant document every measure is zero`() {
        let metrics = RankingMetrics(ranking: ["a"], grades: ["a": 0])
        #expect(metrics.normalizedGain(at: 10) == 0)
        #expect(metrics.recall(at: 10) == 0)
        #expect(metrics.averagePrecision == 0)
        #expect(metrics.reciprocalRank(at: 10) == 0)
    }
}
