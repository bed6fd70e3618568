import TwinSupport

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
        guard whole.count > maximum else { return whole }
        // Without words that fit, the first bytes are as good as any others.
        let window = window(unit, question, whole, maximum) ?? cut(whole, maximum, text)
        guard window.lowerBound > whole.lowerBound else { return window }
        let firstHit = unit.hits.lazy.map { Int(unit.words[$0].start) }.first { $0 >= window.lowerBound }
        return fromClause(window, text, before: firstHit ?? window.upperBound)
    }

    private static func window(
        _ unit: AnalyzedPassage.Unit, _ question: QuestionAnalysis, _ whole: Range<Int>, _ maximum: Int
    ) -> Range<Int>? {
        let words = unit.words.filter { Int($0.start) >= whole.lowerBound && Int($0.end) <= whole.upperBound }
        var counts: [Int32: Int] = [:]
        var weight = 0.0
        var right = 0
        var best: Range<Int>?
        var bestWeight = -1.0
        var bestBalance = Int.max
        for left in words.indices {
            right = max(right, left)
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
                // What stands before the first word and behind the last is shown where there is room.
                var shown = Int(words[left].start)..<Int(words[right - 1].end)
                if left == 0, shown.upperBound - whole.lowerBound <= maximum { shown = whole.lowerBound..<shown.upperBound }
                if right == words.count, whole.upperBound - shown.lowerBound <= maximum {
                    shown = shown.lowerBound..<whole.upperBound
                }
                best = shown
            }
            let term = words[left].term
            if term >= 0 {
                counts[term, default: 0] -= 1
                if counts[term] == 0 { weight -= question.terms[Int(term)].weight }
            }
        }
        return best
    }

    /// The first `maximum` bytes at most, ending between characters.
    private static func cut(_ range: Range<Int>, _ maximum: Int, _ text: ByteView) -> Range<Int> {
        var end = range.lowerBound + maximum
        while end > range.lowerBound, text[end] & 0xC0 == 0x80 { end -= 1 }
        return range.lowerBound..<end
    }

    /// Moves the start behind a clause mark within the first sixth and before what was matched, so that the quotation
    /// begins with a clause.
    private static func fromClause(_ range: Range<Int>, _ text: ByteView, before hit: Int) -> Range<Int> {
        let marks: [UInt8] = [0x2C, 0x3B, 0x3A]
        var place = range.lowerBound
        while place + 2 <= min(hit, range.lowerBound + range.count / 6) {
            if marks.contains(text[place]), text[place + 1].isSpace { return place + 2..<range.upperBound }
            place += 1
        }
        return range
    }
}
