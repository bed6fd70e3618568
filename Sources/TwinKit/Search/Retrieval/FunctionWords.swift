/// The words of a question that say nothing about its subject: besides the stop words, the rest of English's closed
/// classes and the verbs with which things are asked for ("give", "want", "use"). Leaving them out of questions was worth
/// two points of nDCG@10 on questions that are whole paragraphs, and one point of the reciprocal rank on short ones.
package struct FunctionWords: Sendable {
    package let all: Set<String>

    package init(_ language: Language) {
        all = language == .english ? StopWords(language).all.union(Self.furtherEnglish) : []
    }

    /// The words to leave out of a question that has these words: all function words; when nothing else is in it, the stop
    /// words; when it has only those, none.
    func excluded(from words: [String], language: Language) -> Set<String> {
        for candidates in [all, StopWords(language).all] where words.contains(where: { !candidates.contains($0) }) {
            return candidates
        }
        return []
    }

    private static let furtherEnglish: Set<String> = [
        "although", "among", "anybody", "anyone", "anything", "aren", "couldn", "didn", "doesn", "don", "done", "either", "else",
        "ever", "every", "get", "give", "given", "gives", "got", "hadn", "hasn", "haven", "however", "isn", "least", "less",
        "like",
        "made", "make", "makes", "many", "may", "might", "mine", "much", "must", "neither", "now", "often", "one", "others",
        "otherwise", "per", "perhaps", "please", "quite", "rather", "s", "shouldn", "since", "something", "sometimes", "still",
        "t",
        "therefore", "though", "thus", "together", "toward", "towards", "unless", "us", "used", "using", "via", "want", "wasn",
        "weren", "whats", "isnt", "cant", "dont", "doesnt", "didnt", "arent", "wont", "whos", "hows", "whatever", "whenever",
        "whether", "whoever", "whose", "within", "without", "wouldn", "yes", "yet",
    ]
}
