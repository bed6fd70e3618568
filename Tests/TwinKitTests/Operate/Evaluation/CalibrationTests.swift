import Testing

@testable import TwinKit

@Suite struct CalibrationTests {
    @Test func `bins hold a tenth each and the last one includes certainty`() {
        let calibration = Calibration([(0, false), (0.05, false), (0.1, true), (0.95, true), (1, true), (7, true), (.nan, false)])
        #expect(calibration.bins.map(\.count) == [3, 1, 0, 0, 0, 0, 0, 0, 0, 3])
        #expect(isClose(calibration.bins[9].confidence, (0.95 + 1 + 1) / 3))
        #expect(calibration.bins[9].accuracy == 1)
        #expect(calibration.bins[5].accuracy == 0)
    }

    /// Brier as scikit-learn's `brier_score_loss`, the error with NumPy, for the same numbers.
    @Test func `brier score and calibration error equal the reference`() {
        var generator = MMIX(state: 7)
        for _ in 0..<(40 + 25 + 37) { _ = generator.next() }
        let outcomes = (0..<200).map { _ in
            let confidence = Double(generator.next() % 1001) / 1000
            return (confidence: confidence, isRight: generator.next() % 3 > 0)
        }
        let calibration = Calibration(outcomes)
        #expect(calibration.bins.map(\.count) == [22, 19, 19, 26, 18, 17, 17, 22, 24, 16])
        #expect(isClose(calibration.brierScore, 0.312413445))
        #expect(isClose(calibration.expectedError, 0.264125))
    }

    @Test func `perfect confidence has no error and no answers have no score`() {
        let perfect = Calibration([(1, true), (1, true), (0, false)])
        #expect(perfect.brierScore == 0)
        #expect(perfect.expectedError == 0)
        #expect(Calibration([]).brierScore == nil)
        #expect(Calibration([]).expectedError == nil)
    }

    /// The values of NumPy's `percentile` for the same numbers.
    @Test func `percentiles interpolate between neighbours`() throws {
        var generator = MMIX(state: 7)
        for _ in 0..<(40 + 25) { _ = generator.next() }
        let summary = try #require(LatencySummary((0..<37).map { _ in Double(generator.next() % 1000) / 10 }))
        #expect(isClose(summary.p50, 52.3))
        #expect(isClose(summary.p90, 83.84))
        #expect(isClose(summary.p95, 87.56))
        #expect(isClose(summary.p99, 91.704))
        #expect(isClose(summary.mean, 51.14594594594594))
        #expect(LatencySummary([]) == nil)
        #expect(LatencySummary([3])?.p99 == 3)
    }
}
