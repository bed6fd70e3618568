/// The words with which questions are put in languages other than English: they say nothing of what is asked about, and some tell
/// what kind of thing is asked for. A twin's texts and its questions may be in any of them, whatever language it is set to.
package struct QuestionLanguage: Sendable {
    /// The kinds of things that questions ask for with a word of their own.
    package enum Kind: Sendable { case number, date, person, place, reason, manner }

    /// Folded as the tokenizer folds them. What English has in `StopWords` and `FunctionWords`.
    package let functionWords: Set<String>
    /// Which kind of thing phrases ask for; each is one to three folded words, the longest first.
    private let kinds: [(words: [String], kind: Kind)]

    /// Whether its writing tells names by capitals and its numbers are words of their own.
    package let marksNamesAndNumbers: Bool

    struct Words {
        var function: String
        var number = ""
        var date = ""
        var person = ""
        var place = ""
        var reason = ""
        var manner = ""
        var marksNamesAndNumbers = true
    }

    init(_ words: Words) {
        func phrases(_ text: String) -> [[String]] {
            text.split(separator: ",").map { Self.folded(String($0)) }.filter { !$0.isEmpty }
        }
        var kinds: [(words: [String], kind: Kind)] = []
        for (text, kind) in [
            (words.number, Kind.number), (words.date, .date), (words.person, .person), (words.place, .place),
            (words.reason, .reason), (words.manner, .manner),
        ] {
            for phrase in phrases(text) { kinds.append((phrase, kind)) }
        }
        self.kinds = kinds.sorted { $0.words.count > $1.words.count }
        marksNamesAndNumbers = words.marksNamesAndNumbers
        functionWords = Set(Self.folded(words.function)).union(kinds.flatMap { $0.words })
    }

    static func folded(_ text: String) -> [String] { Analyzer(language: .none).words(of: text).map(\.term) }

    /// The language of a question with these folded words; none for English and for words that tell nothing.
    package static func of(_ question: String, words: [String]) -> QuestionLanguage? {
        let english = words.count { englishWords.contains($0) }
        // No language has more of them. Also where there are none.
        guard english < words.count else { return nil }
        var best: (language: QuestionLanguage, count: Int)?
        for language in question.utf8.allSatisfy({ $0 < 0x80 }) ? latin : all {
            let count = words.count { language.functionWords.contains($0) }
            if count > (best?.count ?? 0) { best = (language, count) }
        }
        guard let best, best.count > english else { return nil }
        // One short word may be of any language. Letters that English has not tell more, and so does a word that asks, which
        // no name looks like.
        let isTelling =
            best.count > 1 || question.utf8.contains { $0 >= 0x80 }
            || (english == 0 && words.count > 1 && words.contains { best.language.asks(with: $0) })
        return isTelling ? best.language : nil
    }

    private func asks(with word: String) -> Bool {
        word.utf8.count > 2 && !Self.ambiguous.contains(word) && kinds.contains { $0.words == [word] }
    }

    /// Words that ask in one language and are names or other words in another.
    private static let ambiguous: Set<String> = ["kim", "come", "var", "wie", "per", "chi", "hoe", "hur", "ile", "bo", "quien"]

    /// The kind that a question's folded words ask for; none when no word tells.
    package func kind(of words: [String]) -> Kind? {
        for kind in kinds where words.indices.contains(where: { words[$0...].starts(with: kind.words) }) { return kind.kind }
        return nil
    }

    private static let englishWords = FunctionWords(.english).all
}
