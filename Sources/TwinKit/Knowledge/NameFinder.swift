/// Finds the names of a text by how words are written and what stands around them.
///
/// A capital is evidence only where it is not owed to the place: at the beginning of a sentence, in a heading or in a text
/// in capitals the same word elsewhere in the document decides, then what is known of words.
struct NameFinder {
    let bytes: UnsafeBufferPointer<UInt8>
    let text: TokenizedText
    private var usage = WordUsage()

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ text: TokenizedText) {
        self.bytes = bytes
        self.text = text
        for sentence in text.sentences where !isHeadline(sentence) { usage.add(text.tokens, sentence) }
    }

    private var tokens: [Token] { text.tokens }

    /// The names in the order of the text; they do not overlap.
    func spans() -> [NameSpan] {
        var spans: [NameSpan] = []
        for sentence in text.sentences {
            let run = NameRun(finder: self, sentence: sentence, isHeadline: isHeadline(sentence))
            run.collect(into: &spans)
        }
        return spans
    }

    /// Whether capitals tell nothing here, because nearly every word has one.
    private func isHeadline(_ sentence: Range<Int>) -> Bool {
        // Only what has no full stop can be a heading; there, words in lower case are those that hold others together.
        if tokens[sentence.upperBound - 1].isMark(".") { return false }
        var (capitals, lower, commas) = (0, 0, 0)
        for index in sentence {
            if tokens[index].isMark(",") { commas += 1 }
            guard tokens[index].isWord, tokens[index].end - tokens[index].start > 1 else { continue }
            if tokens[index].isCapital {
                if tokens[index].end - tokens[index].start > 3 { capitals += 1 }
            } else if tokens[index].classes.isDisjoint(with: [.function, .particle]) {
                lower += 1
            }
        }
        return capitals >= 4 && lower * 8 <= capitals && commas * 4 < capitals
    }

    /// How a capitalised word is used where its capital means something.
    func usage(of token: Token) -> WordUsage.Count { usage[token.hash] }
}

/// How often each word of a document stands in lower case, and capitalised inside a sentence.
struct WordUsage {
    struct Count {
        var lower: Int32 = 0
        var capital: Int32 = 0
    }

    private var counts: [UInt64: Count] = [:]
    private var lower: Set<UInt64> = []

    mutating func add(_ tokens: [Token], _ sentence: Range<Int>) {
        for index in sentence {
            let token = tokens[index]
            guard token.isWord, !token.classes.contains(.function) else { continue }
            if token.isCapital {
                if index > sentence.lowerBound, tokens[index - 1].isWord || tokens[index - 1].isMark(",") {
                    counts[token.hash, default: Count()].capital += 1
                }
            } else {
                lower.insert(token.hash)
            }
        }
    }

    subscript(hash: UInt64) -> Count {
        var count = counts[hash] ?? Count()
        if lower.contains(hash) { count.lower = 1 }
        return count
    }
}
