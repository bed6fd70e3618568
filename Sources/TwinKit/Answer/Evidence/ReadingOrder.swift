/// The order in which chosen sentences are quoted, and which of them are quoted as one.
enum ReadingOrder {
    /// By section, in the order in which they were chosen, then by place in the source.
    static func of(_ sentences: [EvidenceSentence]) -> [EvidenceSentence] {
        struct Section: Hashable {
            var source: Int64
            var start: Int
        }
        var order: [Section: Int] = [:]
        func place(_ sentence: EvidenceSentence) -> Int {
            let section = Section(source: sentence.source, start: sentence.section)
            if let known = order[section] { return known }
            order[section] = order.count
            return order.count - 1
        }
        let placed = sentences.map { (sentence: $0, place: place($0)) }
        return placed.sorted { ($0.place, $0.sentence.range.lowerBound) < ($1.place, $1.sentence.range.lowerBound) }
            .map(\.sentence)
    }

    /// `sentences`, in reading order, with those that stand near each other in one section as one quotation: scraps of a
    /// paragraph are harder to read than the paragraph, and what stands between them is often the answer. `section` gives the
    /// section that a passage was quoted from.
    ///
    /// - Parameters:
    ///   - words: what may stand between two of them at the most.
    ///   - bytes: what a joined quotation has at the most.
    static func joined(
        _ sentences: [EvidenceSentence], words: Int, bytes: Int, section: (_ passage: Int) -> SectionText?
    ) -> [EvidenceSentence] {
        var result: [EvidenceSentence] = []
        for sentence in sentences {
            guard let last = result.last, last.source == sentence.source, last.section == sentence.section,
                last.range.upperBound <= sentence.range.lowerBound,
                sentence.range.upperBound - last.range.lowerBound <= bytes,
                let text = section(last.passage)
            else {
                result.append(sentence)
                continue
            }
            let gap = last.range.upperBound..<sentence.range.lowerBound
            let whole = last.range.lowerBound..<sentence.range.upperBound
            guard let between = text.text(in: gap), let joined = text.text(in: whole), SectionText.wordCount(between) <= words
            else {
                result.append(sentence)
                continue
            }
            var quotation = last
            quotation.range = whole
            quotation.text = joined
            quotation.score = max(last.score, sentence.score)
            result[result.count - 1] = quotation
        }
        return result
    }
}
