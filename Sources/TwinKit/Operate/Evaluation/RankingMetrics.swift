import TwinSupport

#if canImport(Glibc)
    import Glibc
#endif

/// How well a ranked list of documents answers one question whose documents were graded: the definitions of trec_eval.
///
/// A grade above 0 is relevant; 0, a negative grade and a document nobody judged are not. A document that comes twice
/// counts at its first place only.
package struct RankingMetrics: Sendable, Equatable {
    /// Grades by document identifier.
    package let grades: [String: Int]
    /// The grades of the ranked documents from the first place on, 0 for those that were not judged.
    private let ranked: [Int]

    package init(ranking: [String], grades: [String: Int]) {
        self.grades = grades
        var seen: Set<String> = []
        ranked = ranking.compactMap { seen.insert($0).inserted ? max(0, grades[$0] ?? 0) : nil }
    }

    private var relevantCount: Int { grades.values.count { $0 > 0 } }

    /// Normalised discounted cumulative gain of the first `depth` places, 0...1 (Järvelin and Kekäläinen, 2002, as
    /// trec_eval's `ndcg_cut`): the gain is the grade, the discount log2(place + 1), the ideal the judged documents in
    /// the order of their grades. 0 when no judged document is relevant.
    package func normalizedGain(at depth: Int) -> Double {
        let ideal = Self.discountedGain(grades.values.map { max(0, $0) }.sorted(by: >).prefix(depth))
        return ideal > 0 ? Self.discountedGain(ranked.prefix(depth)) / ideal : 0
    }

    /// The share of all relevant documents among the first `depth` places, 0...1.
    package func recall(at depth: Int) -> Double {
        let relevant = relevantCount
        return relevant > 0 ? Double(ranked.prefix(depth).count { $0 > 0 }) / Double(relevant) : 0
    }

    /// One divided by the place of the first relevant document, 0 when it is not among the first `depth`.
    package func reciprocalRank(at depth: Int) -> Double {
        ranked.prefix(depth).firstIndex { $0 > 0 }.map { 1 / Double($0 + 1) } ?? 0
    }

    /// The mean over all relevant documents of the precision at their places, 0 for those not found (trec_eval's `map`).
    package var averagePrecision: Double {
        let relevant = relevantCount
        guard relevant > 0 else { return 0 }
        var found = 0
        var total = 0.0
        for (index, grade) in ranked.enumerated() where grade > 0 {
            found += 1
            total += Double(found) / Double(index + 1)
        }
        return total / Double(relevant)
    }

    private static func discountedGain(_ grades: ArraySlice<Int>) -> Double {
        grades.enumerated().reduce(0) { $0 + Double($1.element) / log2(Double($1.offset + 2)) }
    }
}

/// How well a twin knows what it cannot answer.
package struct RefusalMetrics: Sendable, Equatable {
    package private(set) var refusedUnanswerable = 0
    package private(set) var refusedAnswerable = 0
    package private(set) var answeredUnanswerable = 0
    package private(set) var answeredAnswerable = 0

    package init() {}

    /// Counts one question: whether it should have been refused, and whether it was.
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

/// How long the answers took, in milliseconds.
package struct LatencySummary: Sendable, Equatable {
    package let count: Int
    package let mean: Double
    /// Percentiles, between two values where none lies there.
    package let p50: Double
    package let p90: Double
    package let p95: Double
    package let p99: Double
    package let maximum: Double

    /// None without values.
    package init?(_ milliseconds: [Double]) {
        let sorted = milliseconds.sorted()
        guard let last = sorted.last else { return nil }
        count = sorted.count
        mean = sorted.reduce(0, +) / Double(sorted.count)
        p50 = Self.percentile(50, of: sorted)
        p90 = Self.percentile(90, of: sorted)
        p95 = Self.percentile(95, of: sorted)
        p99 = Self.percentile(99, of: sorted)
        maximum = last
    }

    /// The percentile `rank` (0...100) of ascending values, interpolated linearly between the two nearest; 0 of none.
    package static func percentile(_ rank: Double, of sorted: [Double]) -> Double {
        guard let last = sorted.last else { return 0 }
        let place = min(1, max(0, rank / 100)) * Double(sorted.count - 1)
        let index = Int(place)
        guard index + 1 < sorted.count else { return last }
        return sorted[index] + (sorted[index + 1] - sorted[index]) * (place - Double(index))
    }

    package var json: JSON {
        [
            "p50": .double(p50), "p90": .double(p90), "p95": .double(p95), "p99": .double(p99), "max": .double(maximum),
            "mean": .double(mean),
        ]
    }
}
