import TwinSupport

/// Whether confidence means what it says: of the answers shown with 0.8, about eight in ten should be right.
package struct Calibration: Sendable, Equatable {
    /// The answers whose confidence lies in a tenth of 0...1.
    package struct Bin: Sendable, Equatable {
        /// From this confidence on, to below `upper`; the last bin includes 1.
        package var lower: Double
        package var upper: Double
        package var count: Int
        /// The mean confidence of its answers, 0 when it has none.
        package var confidence: Double
        /// The share of its answers that are right, 0 when it has none.
        package var accuracy: Double

        package var json: JSON {
            [
                "from": .double(lower), "to": .double(upper), "count": .number(count),
                "confidence": .double(confidence), "accuracy": .double(accuracy),
            ]
        }
    }

    package static let binCount = 10

    package let bins: [Bin]
    package let count: Int
    /// The mean of the squared difference between confidence and outcome, 0...1 (Brier, 1950); none without answers.
    package let brierScore: Double?
    /// The mean, weighted by count, of each bin's difference between confidence and accuracy, 0...1 (expected calibration
    /// error: Guo and others, 2017); none without answers.
    package let expectedError: Double?

    /// The table of `outcomes`: a confidence, taken into 0...1, and whether the answer was right.
    package init(_ outcomes: [(confidence: Double, isRight: Bool)]) {
        var totals = Array(repeating: (count: 0, confidence: 0.0, right: 0), count: Self.binCount)
        var squares = 0.0
        for outcome in outcomes {
            let confidence = outcome.confidence.isFinite ? min(1, max(0, outcome.confidence)) : 0
            let index = min(Self.binCount - 1, Int(confidence * Double(Self.binCount)))
            totals[index].count += 1
            totals[index].confidence += confidence
            totals[index].right += outcome.isRight ? 1 : 0
            let difference = confidence - (outcome.isRight ? 1 : 0)
            squares += difference * difference
        }
        bins = totals.enumerated().map { index, total in
            let divisor = Double(max(1, total.count))
            return Bin(
                lower: Double(index) / Double(Self.binCount), upper: Double(index + 1) / Double(Self.binCount),
                count: total.count, confidence: total.confidence / divisor, accuracy: Double(total.right) / divisor)
        }
        count = outcomes.count
        let size = Double(outcomes.count)
        brierScore = outcomes.isEmpty ? nil : squares / size
        expectedError =
            outcomes.isEmpty
            ? nil : bins.reduce(0) { $0 + Double($1.count) / size * abs($1.confidence - $1.accuracy) }
    }
}
