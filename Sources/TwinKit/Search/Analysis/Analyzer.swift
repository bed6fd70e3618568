import TwinSupport

/// Turns text into terms: words, folded, stemmed in English.
///
/// It is a value without state, so one may be shared by any number of threads.
package struct Analyzer: Sendable, Hashable {
    package let language: Language

    package init(language: Language = .english) { self.language = language }

    /// Calls `body` for each term of UTF-8 text, in the order of the text: the term's bytes, valid inside `body` only, its
    /// byte range, its position (see `Token`) and whether it is a compound.
    package func forEachToken<Failure: Error>(
        in bytes: UnsafeBufferPointer<UInt8>,
        _ body: (_ term: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ position: Int, _ isCompound: Bool) throws(Failure) ->
            Void
    ) throws(Failure) {
        var tokenizer = Tokenizer(bytes, language: language)
        while tokenizer.next() {
            var length = tokenizer.termCount
            if tokenizer.isPlain, language == .english {
                length = Porter2.stem(UnsafeMutableBufferPointer(start: tokenizer.term, count: length))
            }
            try body(
                UnsafeBufferPointer(start: tokenizer.term, count: length), tokenizer.start..<tokenizer.end, tokenizer.position,
                tokenizer.isCompound)
        }
    }

    /// The terms of `text` in its order.
    package func tokens(of text: String) -> [Token] {
        tokens(of: text) { term, range, position, isCompound in
            Token(term: String(decoding: term, as: UTF8.self), range: range, position: position, isCompound: isCompound)
        }
    }

    /// As `tokens(of:)`, with a value of the caller's own for each term.
    package func tokens<Value>(
        of text: String, _ make: (UnsafeBufferPointer<UInt8>, Range<Int>, Int, Bool) -> Value?
    ) -> [Value] {
        var text = text
        return text.withUTF8 { bytes in
            var result: [Value] = []
            forEachToken(in: bytes) { term, range, position, isCompound in
                if let value = make(term, range, position, isCompound) { result.append(value) }
            }
            return result
        }
    }

    /// The words of `text`, folded but not stemmed: what stop words and names are compared with.
    package func words(of text: String) -> [Token] {
        var text = text
        return text.withUTF8 { bytes in
            var result: [Token] = []
            var tokenizer = Tokenizer(bytes, language: language)
            while tokenizer.next() {
                result.append(
                    Token(
                        term: String(decoding: tokenizer.bytes, as: UTF8.self), range: tokenizer.start..<tokenizer.end,
                        position: tokenizer.position, isCompound: tokenizer.isCompound))
            }
            return result
        }
    }

    /// The term that a single folded word becomes.
    package func term(of word: String) -> String {
        language == .english && word.utf8.count < Tokenizer.maximumTermLength ? Porter2.stem(word) : word
    }
}
