/// The part of a unit that is shown.
enum Quotation {
    /// The unit itself, without a list mark in front, or, when it is longer than `maximum` bytes, the stretch of whole words
    /// that holds the most of the question's weight, beginning behind a comma or the like where one is near.
    static func range(
        of unit: AnalyzedPassage.Unit, question: QuestionAnalysis, text: ByteView, maximum: Int
    ) -> Range<Int> {
        var whole = unit.range
        if let content = TextLine.itemContent(text, whole), content < whole.upperBound {
            whole = content..<whole.upperBound
        }
        guard whole.count > maximum, let window = window(unit, question, whole, maximum) else { return whole }
        return window.lowerBound == whole.lowerBound ? window : fromClause(window, text)
    }

    private static func window(
        _ unit: AnalyzedPassage.Unit, _ question: QuestionAnalysis, _ whole: Range<Int>, _ maximum: Int
    ) -> Range<Int>? {
        let words = unit.words.filter { Int($0.start) >= whole.lowerBound && Int($0.end) <= whole.upperBound }
        guard let first = words.first else { return nil }
        var counts: [Int32: Int] = [:]
        var weight = 0.0
        var right = 0
        var best = Int(first.start)..<min(Int(first.end), Int(first.start) + maximum)
        var bestWeight = -1.0
        var bestBalance = Int.max
        for left in words.indices {
            while right < words.count, Int(words[right].end) - Int(words[left].start) <= maximum {
                let term = words[right].term
                if term >= 0 {
                    if counts[term, default: 0] == 0 { weight += question.terms[Int(term)].weight }
                    counts[term, default: 0] += 1
                }
                right += 1
            }
            guard right > left else { continue }
            // Of stretches with equal weight, the one with the matched words in its middle shows most around them.
            let hits = words[left..<right].indices.filter { words[$0].term >= 0 }
            let balance =
                hits.isEmpty ? left : abs((hits[0] - left) - (right - 1 - hits[hits.count - 1]))
            if weight > bestWeight + 1e-9 || (weight > bestWeight - 1e-9 && balance < bestBalance) {
                (bestWeight, bestBalance) = (weight, balance)
                let end = right == words.count ? whole.upperBound : Int(words[right - 1].end)
                let start = left == 0 ? whole.lowerBound : Int(words[left].start)
                best = start..<(end - start <= maximum ? end : Int(words[right - 1].end))
            }
            let term = words[left].term
            if term >= 0 {
                counts[term, default: 0] -= 1
                if counts[term] == 0 { weight -= question.terms[Int(term)].weight }
            }
        }
        return best
    }

    /// Moves the start behind a clause mark within the first sixth, so that the quotation begins with a clause.
    private static func fromClause(_ range: Range<Int>, _ text: ByteView) -> Range<Int> {
        let marks: [UInt8] = [0x2C, 0x3B, 0x3A]
        var place = range.lowerBound
        while place < range.lowerBound + range.count / 6 {
            if marks.contains(text[place]), text[place + 1].isSpace { return place + 2..<range.upperBound }
            place += 1
        }
        return range
    }
}
