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
