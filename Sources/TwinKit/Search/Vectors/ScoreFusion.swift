/// One ranking out of two, by words and by meaning: a weighted sum of scores that are first brought to 0...1.
///
/// Scores are kept instead of ranks because they tell how far apart two hits are. Fusing ranks with equal weights lets
/// a weak embedding model undo what the words got right.
package struct ScoreFusion: Sendable, Equatable {
    /// What the vectors count for, 0 (words only) to 1 (vectors only).
    package var vectorWeight: Double

    package init(vectorWeight: Double) { self.vectorWeight = min(1, max(0, vectorWeight)) }

    /// The best hits of both, at most `limit`: the highest score first, among equal ones the lowest key. A hit that
    /// only one side has found gets nothing from the other.
    ///
    /// Lexical scores begin at 0, so they are divided by the best one. Cosines of one model crowd together far above 0,
    /// so they are stretched from the lowest in the list to the highest.
    package func fuse(lexical: [SearchHit], vectors: [SearchHit], limit: Int) -> [SearchHit] {
        var scores: [Int64: Double] = [:]
        let best = lexical.reduce(0) { max($0, $1.score) }
        if best > 0 {
            for hit in lexical { scores[hit.chunk, default: 0] += (1 - vectorWeight) * max(0, hit.score / best) }
        }
        if vectorWeight > 0 {
            for (chunk, nearness) in Self.nearness(vectors) { scores[chunk, default: 0] += vectorWeight * nearness }
        }
        let sorted = scores.map { SearchHit(chunk: $0.key, score: $0.value) }
            .sorted { $0.score != $1.score ? $0.score > $1.score : $0.chunk < $1.chunk }
        return Array(sorted.prefix(max(0, limit)))
    }

    /// The cosines of one search, stretched from its lowest, which gets 0, to its highest, which gets 1.
    package static func nearness(_ vectors: [SearchHit]) -> [Int64: Double] {
        guard let first = vectors.first else { return [:] }
        let bounds = vectors.reduce((low: first.score, high: first.score)) {
            (min($0.low, $1.score), max($0.high, $1.score))
        }
        let span = bounds.high - bounds.low
        var result: [Int64: Double] = [:]
        // A list of equal cosines says that all are as near as the nearest.
        for hit in vectors { result[hit.chunk] = span > 0 ? (hit.score - bounds.low) / span : 1 }
        return result
    }
}
