/// How well a twin knows what it cannot answer.
package struct RefusalMetrics: Sendable, Equatable {
    package private(set) var refusedUnanswerable = 0
    package private(set) var refusedAnswerable = 0
    package private(set) var answeredUnanswerable = 0
    package private(set) var answeredAnswerable = 0

    package init() {}

    package mutating func record(isUnanswerable: Bool, isRefused: Bool) {
        switch (isRefused, isUnanswerable) {
        case (true, true): refusedUnanswerable += 1
        case (true, false): refusedAnswerable += 1
        case (false, true): answeredUnanswerable += 1
        case (false, false): answeredAnswerable += 1
        }
    }

    /// The share of the refused questions that indeed have no answer; none when nothing was refused.
    package var precision: Double? { Self.share(refusedUnanswerable, of: refusedUnanswerable + refusedAnswerable) }
    /// The share of the questions without an answer that were refused; none when every question has an answer.
    package var recall: Double? { Self.share(refusedUnanswerable, of: refusedUnanswerable + answeredUnanswerable) }

    private static func share(_ part: Int, of whole: Int) -> Double? { whole > 0 ? Double(part) / Double(whole) : nil }

    /// The area under the receiver operating characteristic: the probability that a random value of `positives` is larger
    /// than a random one of `negatives`, a tie counting half (the Mann-Whitney statistic). None when either is empty.
    package static func areaUnderCurve(positives: [Double], negatives: [Double]) -> Double? {
        guard !positives.isEmpty, !negatives.isEmpty else { return nil }
        let sorted = (positives.map { ($0, true) } + negatives.map { ($0, false) }).sorted { $0.0 < $1.0 }
        var below = 0
        var wins = 0.0
        var index = 0
        while index < sorted.count {
            var end = index
            var tiedPositives = 0
            while end < sorted.count, sorted[end].0 == sorted[index].0 {
                if sorted[end].1 { tiedPositives += 1 }
                end += 1
            }
            let tiedNegatives = end - index - tiedPositives
            wins += Double(tiedPositives) * (Double(below) + Double(tiedNegatives) / 2)
            below += tiedNegatives
            index = end
        }
        return wins / (Double(positives.count) * Double(negatives.count))
    }
}
