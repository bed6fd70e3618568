/// What a question asks the index for.
package struct QueryPlan: Sendable, Equatable {
    /// Terms of a question at the most. The query that feedback extends has room for more.
    static let maximumTerms = 200

    /// The question's terms. A term that occurs n times weighs the square root of n: long questions repeat what matters,
    /// but not in proportion.
    package let query: Query
    /// The order of the terms in the question, as indexes into `query.terms`; compounds such as `iso-9001` are not in it,
    /// their parts are.
    package let sequence: [Int]

    /// Plans `question`, leaving out the function words of its language where anything else remains.
    package init(_ question: String, language: Language = .english) {
        var vocabulary = Self.vocabulary(for: question, language: language)
        self.init(question, vocabulary: &vocabulary)
    }

    /// The vocabulary in which the question's own terms are numbered first, as in `query.terms`.
    init(_ question: String, vocabulary: inout RetrievalVocabulary) {
        let text = vocabulary.read(question)
        let termCount = min(vocabulary.count, Self.maximumTerms)
        var counts = Array(repeating: 0, count: termCount)
        for occurrence in text.occurrences where occurrence.term < termCount { counts[Int(occurrence.term)] += 1 }
        query = Query(
            terms: counts.enumerated().map { Query.Term(vocabulary.term($0.offset), weight: Double($0.element).squareRoot()) })
        sequence = text.occurrences.filter { !$0.isCompound && $0.term < termCount }.map { Int($0.term) }
    }

    static func vocabulary(for question: String, language: Language) -> RetrievalVocabulary {
        let words = Analyzer(language: language).words(of: question).map(\.term)
        if let foreign = QuestionLanguage.of(question, words: words)?.functionWords,
            words.contains(where: { !foreign.contains($0) })
        {
            return RetrievalVocabulary(language: language, excluding: foreign)
        }
        return RetrievalVocabulary(
            language: language, excluding: FunctionWords(language).excluded(from: words, language: language))
    }

    /// The number of distinct words that the question is about.
    package var contentCount: Int { Set(sequence).count }
}
