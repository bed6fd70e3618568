import TwinSearch
import TwinSupport

/// How alike two questions are, by their characters and by their words.
package enum TextSimilarity {
    /// The Ratcliff/Obershelp ratio (Ratcliff and Metzener, Dr. Dobb's Journal, July 1988): twice the characters in matching
    /// blocks against all characters, 0 to 1; 1 for two empty texts. The longest block both texts have is matched, the
    /// earliest in `one` and then in `other` where several are equally long, then the parts to its left and right in turn.
    ///
    /// It equals Python's `difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()`, which compares Unicode scalars,
    /// in this order of arguments. Python's default skips characters that are frequent in a second text of 200 characters or
    /// more; that rule makes a long text unlike itself with one word changed, so it is left out. Below 200 characters there
    /// is no difference.
    ///
    /// Texts are compared up to `maximumLength` scalars.
    package static func ratio(_ one: String, _ other: String) -> Double {
        let first = one.unicodeScalars.prefix(maximumLength).map(\.value)
        let second = other.unicodeScalars.prefix(maximumLength).map(\.value)
        guard !first.isEmpty || !second.isEmpty else { return 1 }
        return 2 * Double(matchingCount(first, second)) / Double(first.count + second.count)
    }

    /// The time grows with the square of the length, with its cube at worst.
    package static let maximumLength = 1000

    private static func matchingCount(_ first: [UInt32], _ second: [UInt32]) -> Int {
        var pending = [(first.indices, second.indices)]
        var matching = 0
        // Lengths of the blocks that end at each place of `second`, for the previous and the current place of `first`; the one
        // before a part's beginning is 0.
        var previous = [Int](repeating: 0, count: second.count + 1)
        var current = previous
        while let (left, right) = pending.popLast() {
            guard !left.isEmpty, !right.isEmpty else { continue }
            for place in right.lowerBound...right.upperBound { previous[place] = 0 }
            current[right.lowerBound] = 0
            var best = (first: left.lowerBound, second: right.lowerBound, length: 0)
            for place in left {
                let scalar = first[place]
                for other in right {
                    guard second[other] == scalar else {
                        current[other + 1] = 0
                        continue
                    }
                    let length = previous[other] + 1
                    current[other + 1] = length
                    if length > best.length { best = (place - length + 1, other - length + 1, length) }
                }
                swap(&previous, &current)
                current[right.lowerBound] = 0
            }
            guard best.length > 0 else { continue }
            matching += best.length
            pending.append((left.lowerBound..<best.first, right.lowerBound..<best.second))
            pending.append((best.first + best.length..<left.upperBound, best.second + best.length..<right.upperBound))
        }
        return matching
    }

    /// The Jaccard index of the terms of two texts, stop words left out: common terms against all terms, 0 to 1. None when a
    /// text has no content term, so that nothing can be said of it.
    package static func overlap(_ one: String, _ other: String, analyzer: Analyzer) -> Double? {
        let first = contentTerms(of: one, analyzer: analyzer)
        let second = contentTerms(of: other, analyzer: analyzer)
        guard !first.isEmpty, !second.isEmpty else { return nil }
        let common = first.intersection(second).count
        return Double(common) / Double(first.count + second.count - common)
    }

    /// The terms of `text` that are no stop words.
    package static func contentTerms(of text: String, analyzer: Analyzer) -> Set<String> {
        let stopWords = StopWords(analyzer.language)
        return Set(analyzer.words(of: text).filter { !stopWords.contains($0.term) }.map { analyzer.term(of: $0.term) })
    }
}
