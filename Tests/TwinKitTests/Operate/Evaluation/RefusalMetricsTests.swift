import TestSupport
import Testing

@testable import TwinKit

@Suite struct RefusalMetricsTests {
    @Test func `precision looks at what was refused and recall at what should have been`() {
        var metrics = RefusalMetrics()
        #expect(metrics.precision == nil)
        #expect(metrics.recall == nil)
        for _ in 0..<3 { metrics.record(isUnanswerable: true, isRefused: true) }
        metrics.record(isUnanswerable: false, isRefused: true)
        for _ in 0..<2 { metrics.record(isUnanswerable: true, isRefused: false) }
        for _ in 0..<10 { metrics.record(isUnanswerable: false, isRefused: false) }
        #expect(metrics.precision == 0.75)
        #expect(metrics.recall == 0.6)
    }

    /// The value of scikit-learn's `roc_auc_score` for the same numbers, which have many ties.
    @Test func `the area under the curve counts ties half`() {
        var generator = MMIX(state: 7)
        let positives = (0..<40).map { _ in Double(generator.next() % 20) / 20 }
        let negatives = (0..<25).map { _ in Double(generator.next() % 16) / 20 }
        #expect(isClose(RefusalMetrics.areaUnderCurve(positives: positives, negatives: negatives), 0.7325))
    }

    @Test func `the area equals the share of pairs in the right order`() {
        var generator = TestRandom()
        for _ in 0..<100 {
            let positives = (0..<Int.random(in: 1...12, using: &generator)).map { _ in
                Double(Int.random(in: 0...6, using: &generator))
            }
            let negatives = (0..<Int.random(in: 1...12, using: &generator)).map { _ in
                Double(Int.random(in: 0...6, using: &generator))
            }
            var total = 0.0
            for positive in positives {
                for negative in negatives { total += positive > negative ? 1 : positive == negative ? 0.5 : 0 }
            }
            let expected = total / Double(positives.count * negatives.count)
            #expect(isClose(RefusalMetrics.areaUnderCurve(positives: positives, negatives: negatives), expected))
        }
        #expect(RefusalMetrics.areaUnderCurve(positives: [], negatives: [1]) == nil)
        #expect(RefusalMetrics.areaUnderCurve(positives: [1], negatives: []) == nil)
    }

    @Test func `the proposed threshold keeps the right answers and drops the wrong ones where they can be told apart`() throws {
        let proposal = try #require(
            ThresholdProposal.best(for: [
                .init(answerability: 0.9, isRight: true), .init(answerability: 0.7, isRight: true),
                .init(answerability: 0.3, isRight: false), .init(answerability: 0.1, isRight: false),
            ]))
        #expect(isClose(proposal.threshold, 0.5))
        #expect(proposal.truthfulness == 0.5)
        #expect(proposal.answeredShare == 0.5)
    }

    @Test func `when every answer is wrong the threshold lies above them all`() throws {
        let proposal = try #require(ThresholdProposal.best(for: [.init(answerability: 0.4, isRight: false)]))
        #expect(proposal.threshold > 0.4)
        #expect(proposal.truthfulness == 0)
        #expect(proposal.answeredShare == 0)
        #expect(ThresholdProposal.best(for: []) == nil)
        #expect(ThresholdProposal.best(for: [.init(answerability: .nan, isRight: true)]) == nil)
    }

    @Test func `no threshold does better than the proposed one, which gives what it promises`() throws {
        var generator = TestRandom()
        for _ in 0..<200 {
            let candidates = (0..<Int.random(in: 1...15, using: &generator)).map { _ in
                ThresholdProposal.Candidate(
                    answerability: Double(Int.random(in: 0...8, using: &generator)) / 8, isRight: .random(using: &generator))
            }
            func truthfulness(_ threshold: Double) -> Double {
                let shown = candidates.filter { $0.answerability >= threshold }
                return Double(shown.reduce(0) { $0 + ($1.isRight ? 1 : -1) }) / Double(candidates.count)
            }
            let proposal = try #require(ThresholdProposal.best(for: candidates))
            #expect(isClose(truthfulness(proposal.threshold), proposal.truthfulness))
            for step in 0...17 { #expect(truthfulness(Double(step) / 16) <= proposal.truthfulness + 1e-12) }
        }
    }
}
