/// How well a twin knows what it cannot answer.
public struct RefusalMetrics: Sendable, Equatable {
    public private(set) var refusedUnanswerable = 0
    public private(set) var refusedAnswerable = 0
    public private(set) var answeredUnanswerable = 0
    public private(set) var answeredAnswerable = 0

    public init() {}

    public mutating func record(isUnanswerable: Bool, isRefused: Bool) {
        switch (isRefused, isUnanswerable) {
        case (true, true): refusedUnanswerable += 1
        case (true, false): refusedAnswerable += 1
        case (false, true): answeredUnanswerable += 1
        case (false, false): answeredAnswerable += 1
        }
    }

    /// The share of the refused questions that indeed have no answer; none when nothing was refused.
    public var precision: Double? { Self.share(refusedUnanswerable, of: refusedUnanswerable + refusedAnswerable) }
    /// The share of the questions without an answer that were refused; none when every question has an answer.
    public var recall: Double? { Self.share(refusedUnanswerable, of: refusedUnanswerable + answeredUnanswerable) }

    private static func share(_ part: Int, of whole: Int) -> Double? { whole > 0 ? Double(part) / Double(whole) : nil }

    /// The area under the receiver operating characteristic: the probability that a random value of `positives` is larger
    /// than a random one of `negatives`, a tie counting half (the Mann-Whitney statistic). None when either is empty.
    public static func areaUnderCurve(positives: [Double], negatives: [Double]) -> Double? {
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

/// What an answer is worth to somebody who acts on it: a right one +1, a refusal 0, a wrong one -1. An answer to a
/// question that has none is wrong.
public enum Truthfulness: Int, Sendable, CaseIterable {
    case wrong = -1
    case refused = 0
    case right = 1
}

/// The threshold on answerability that gives the best truthfulness on the questions it was found with.
public struct ThresholdProposal: Sendable, Equatable {
    /// A question as the search for a threshold sees it.
    public struct Candidate: Sendable, Equatable {
        public var answerability: Double
        /// Whether the answer, if it were shown, would be right.
        public var isRight: Bool
        public init(answerability: Double, isRight: Bool) {
            self.answerability = answerability
            self.isRight = isRight
        }
    }

    /// Answers with at least this answerability are to be shown. It lies halfway between two answerabilities that were
    /// seen, so that a small change of either does not cross it.
    public var threshold: Double
    /// The mean truthfulness, -1...1, at that threshold.
    public var truthfulness: Double
    /// The share of the questions that would be answered, 0...1.
    public var answeredShare: Double

    /// The best threshold, and of equally good ones the one that answers most; none without candidates. Answerabilities
    /// that are not finite are left out.
    public static func best(for candidates: [Candidate]) -> ThresholdProposal? {
        let sorted = candidates.filter(\.answerability.isFinite).sorted { $0.answerability > $1.answerability }
        guard let highest = sorted.first?.answerability else { return nil }
        let count = Double(sorted.count)
        // Nothing shown: a threshold above all of them.
        var best = ThresholdProposal(threshold: highest.nextUp, truthfulness: 0, answeredShare: 0)
        var score = 0
        for index in sorted.indices {
            score += sorted[index].isRight ? 1 : -1
            let current = sorted[index].answerability
            let next = index + 1 < sorted.count ? sorted[index + 1].answerability : nil
            // Equal answerabilities are shown together or not at all.
            if next == current { continue }
            let mean = Double(score) / count
            guard mean >= best.truthfulness else { continue }
            let middle = next.map { $0 + (current - $0) / 2 } ?? current
            best = ThresholdProposal(
                threshold: middle, truthfulness: mean, answeredShare: Double(index + 1) / count)
        }
        return best
    }

    public var json: JSON {
        ["threshold": .double(threshold), "truthfulness": .double(truthfulness), "answered_share": .double(answeredShare)]
    }
}
