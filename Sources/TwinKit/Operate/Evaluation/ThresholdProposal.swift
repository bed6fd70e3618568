import TwinSupport

/// The threshold on answerability that gives the best truthfulness on the questions it was found with.
package struct ThresholdProposal: Sendable, Equatable {
    /// A question as the search for a threshold sees it.
    package struct Candidate: Sendable, Equatable {
        package var answerability: Double
        /// Whether the answer, if it were shown, would be right.
        package var isRight: Bool
        package init(answerability: Double, isRight: Bool) {
            self.answerability = answerability
            self.isRight = isRight
        }
    }

    /// Answers with at least this answerability are to be shown. It lies halfway between two answerabilities that were
    /// seen, so that a small change of either does not cross it.
    package var threshold: Double
    /// The mean truthfulness, -1...1, at that threshold.
    package var truthfulness: Double
    /// The share of the questions that would be answered, 0...1.
    package var answeredShare: Double

    /// The best threshold, and of equally good ones the one that answers most; none without candidates. Answerabilities
    /// that are not finite are left out.
    package static func best(for candidates: [Candidate]) -> ThresholdProposal? {
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

    package var json: JSON {
        ["threshold": .double(threshold), "truthfulness": .double(truthfulness), "answered_share": .double(answeredShare)]
    }
}
