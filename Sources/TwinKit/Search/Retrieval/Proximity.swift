import TwinSupport

/// How near the words of a question are to each other in a chunk, in the unit of the chunk's BM25 score. It adds to that
/// score.
///
/// - Pairs: for words a, b that follow each other in the question, `min(idf a, idf b) · x (k1 + 1) / (x + K)`, where x sums
///   1 / distance over the occurrences of a, to the nearest b within `reach` words, and K is BM25's for the chunk. The idea
///   of scoring pairs like terms is of S. Büttcher, C. Clarke and B. Lushman (Term proximity scoring for ad-hoc retrieval
///   on very large text collections, 2006).
/// - Window: the largest sum of idf of distinct question words within `span` words; it counts less in a question of many
///   words, which no passage of that size can hold.
struct Proximity {
    /// Words between which a pair counts.
    static let reach: Int32 = 8
    /// The distance from the first to the last word of a window.
    static let span: Int32 = 12
    /// Words of a question up to which windows count fully.
    static let windowTerms = 6.0

    private let pairs: [(first: Int, second: Int, weight: Double)]
    private let frequencies: [Double]
    private let settings: RetrievalSettings
    private let windowWeight: Double

    /// `inverseFrequencies` are those of the plan's terms, 0 for terms that no chunk has.
    init(plan: QueryPlan, inverseFrequencies: [Double], settings: RetrievalSettings) {
        frequencies = inverseFrequencies
        self.settings = settings
        let sequence = plan.sequence.filter { inverseFrequencies[$0] > 0 }
        var pairs: [(first: Int, second: Int, weight: Double)] = []
        for (first, second) in zip(sequence, sequence.dropFirst()) where first != second {
            if pairs.contains(where: { $0.first == first && $0.second == second }) { continue }
            pairs.append((first, second, min(inverseFrequencies[first], inverseFrequencies[second])))
        }
        self.pairs = pairs
        windowWeight = settings.windowWeight * min(1, Self.windowTerms / Double(max(1, Set(sequence).count)))
    }

    /// Whether it adds nothing to any chunk.
    var isEmpty: Bool { settings.pairWeight == 0 && windowWeight == 0 }

    /// What `text` gets. `saturation` is k1 and `lengthNorm` is K for the chunk.
    func bonus(_ text: RetrievalVocabulary.Text, saturation: Double, lengthNorm: Double) -> Double {
        var positions: [[Int32]] = Array(repeating: [], count: frequencies.count)
        var matches: [(term: Int, position: Int32)] = []
        for occurrence in text.occurrences where !occurrence.isCompound && Int(occurrence.term) < frequencies.count {
            let term = Int(occurrence.term)
            guard frequencies[term] > 0 else { continue }
            positions[term].append(occurrence.position)
            matches.append((term, occurrence.position))
        }
        var pairScore = 0.0
        for pair in pairs {
            let nearness = Self.nearness(of: positions[pair.first], to: positions[pair.second])
            if nearness > 0 { pairScore += pair.weight * nearness * (saturation + 1) / (nearness + lengthNorm) }
        }
        return settings.pairWeight * pairScore + windowWeight * bestWindow(matches)
    }

    /// The sum of 1 / distance from each position to the nearest of the others within reach. Both ascend.
    private static func nearness(of positions: [Int32], to others: [Int32]) -> Double {
        var sum = 0.0
        var index = 0
        for position in positions {
            while index + 1 < others.count, others[index + 1] <= position { index += 1 }
            var distance = Int32.max
            for candidate in [index, index + 1] where candidate < others.count {
                distance = min(distance, abs(others[candidate] - position))
            }
            if distance > 0, distance <= reach { sum += 1 / Double(distance) }
        }
        return sum
    }

    private func bestWindow(_ matches: [(term: Int, position: Int32)]) -> Double {
        var counts = Array(repeating: 0, count: frequencies.count)
        var sum = 0.0
        var best = 0.0
        var start = 0
        for match in matches {
            if counts[match.term] == 0 { sum += frequencies[match.term] }
            counts[match.term] += 1
            while match.position - matches[start].position > Self.span {
                counts[matches[start].term] -= 1
                if counts[matches[start].term] == 0 { sum -= frequencies[matches[start].term] }
                start += 1
            }
            best = max(best, sum)
        }
        return best
    }
}
