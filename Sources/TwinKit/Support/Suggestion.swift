/// The nearest of some known words to one that is not among them.
package enum Suggestion {
    /// The candidate within a third of the word's length in edits (at least one), or nil. Ties go to the first. The beginning
    /// of a candidate is near to it, unless prefixes do not count.
    package static func nearest(
        to word: String, among candidates: some Sequence<String>, countingPrefixes: Bool = true
    ) -> String? {
        let limit = max(1, word.count / 3)
        var best: (candidate: String, distance: Int)?
        for candidate in candidates {
            var edits = distance(word, candidate)
            // A word that was cut short ("conv" for "conversations") is a near miss too.
            if edits > limit, countingPrefixes, word.count >= 3, candidate.hasPrefix(word) { edits = limit }
            if edits <= limit, edits < best?.distance ?? .max { best = (candidate, edits) }
        }
        return best?.candidate
    }

    /// Damerau-Levenshtein distance in its restricted form (optimal string alignment): insertions, deletions,
    /// substitutions and swaps of neighbours, no part edited twice.
    package static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.lowercased())
        let right = Array(right.lowercased())
        if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
        var beforePrevious = [Int](repeating: 0, count: right.count + 1)
        var previous = Array(0...right.count)
        for row in 1...left.count {
            var current = [row] + [Int](repeating: 0, count: right.count)
            for column in 1...right.count {
                let same = left[row - 1] == right[column - 1]
                var cost = min(
                    previous[column] + 1, current[column - 1] + 1, previous[column - 1] + (same ? 0 : 1))
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    cost = min(cost, beforePrevious[column - 2] + 1)
                }
                current[column] = cost
            }
            (beforePrevious, previous) = (previous, current)
        }
        return previous[right.count]
    }
}
