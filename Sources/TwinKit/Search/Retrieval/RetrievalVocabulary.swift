import TwinSupport

/// The terms met while one question is worked on, numbered in the order of their first appearance. Each distinct word is
/// stemmed and compared with the function words once.
struct RetrievalVocabulary {
    private let language: Language
    private let excluded: Set<String>
    private var words = TermTable(capacity: 1 << 10)
    /// The number of the term that each word becomes, -1 for an excluded word.
    private var termOfWord: [Int32] = []
    private var terms = TermTable(capacity: 1 << 10)

    /// A text's terms without the excluded words.
    struct Text: Sendable, Equatable {
        struct Occurrence: Sendable, Equatable {
            var term: Int32
            /// The word's number in the text; a compound has the position of its first part.
            var position: Int32
            var isCompound: Bool
        }
        var occurrences: [Occurrence] = []
        /// All words, excluded ones too, as the index counts them.
        var length = 0
    }

    init(language: Language, excluding excluded: Set<String>) {
        self.language = language
        self.excluded = excluded
    }

    /// The number of distinct terms so far.
    var count: Int { terms.count }

    func term(_ number: Int) -> String { terms.withBytes(of: number) { String(decoding: $0, as: UTF8.self) } }

    mutating func read(_ text: String) -> Text {
        var text = text
        return text.withUTF8 { read($0) }
    }

    mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) -> Text {
        var result = Text()
        result.occurrences.reserveCapacity(bytes.count / 8)
        var tokenizer = Tokenizer(bytes, language: language)
        while tokenizer.next() {
            result.length = tokenizer.position + 1
            let (word, isNew) = words.insert(UnsafePointer(tokenizer.term), count: tokenizer.termCount)
            if isNew { termOfWord.append(number(tokenizer.term, count: tokenizer.termCount, isPlain: tokenizer.isPlain)) }
            let term = termOfWord[word]
            if term >= 0 {
                result.occurrences.append(
                    .init(term: term, position: Int32(truncatingIfNeeded: tokenizer.position), isCompound: tokenizer.isCompound))
            }
        }
        return result
    }

    private mutating func number(_ word: UnsafeMutablePointer<UInt8>, count: Int, isPlain: Bool) -> Int32 {
        if excluded.contains(String(decoding: UnsafeBufferPointer(start: word, count: count), as: UTF8.self)) { return -1 }
        var length = count
        if isPlain, language == .english { length = Porter2.stem(UnsafeMutableBufferPointer(start: word, count: count)) }
        return Int32(terms.insert(UnsafePointer(word), count: length).number)
    }
}
