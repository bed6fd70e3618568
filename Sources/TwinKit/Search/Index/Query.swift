import TwinSupport

/// What is searched for: terms as the analysis makes them, each with a weight.
package struct Query: Sendable, Hashable {
    /// A term as the analysis makes it, with what it counts.
    package struct Term: Sendable, Hashable {
        package var term: String
        /// Above 0.
        package var weight: Double

        package init(_ term: String, weight: Double = 1) {
            self.term = term
            self.weight = weight
        }
    }

    /// The most terms a query may have.
    package static let maximumTerms = 256

    /// Distinct terms, in the order of the question.
    package private(set) var terms: [Term]

    /// A query of these terms. Weights of equal terms add up; terms without a positive finite weight are left out, and so
    /// are those beyond the limit.
    package init(terms: [Term]) {
        var indexes: [String: Int] = [:]
        self.terms = []
        for term in terms where term.weight > 0 && term.weight.isFinite {
            if let index = indexes[term.term] {
                self.terms[index].weight += term.weight
            } else if self.terms.count < Self.maximumTerms {
                indexes[term.term] = self.terms.count
                self.terms.append(term)
            }
        }
    }

    /// The terms of a question, each as often as it occurs. Stop words are left out, unless there is nothing else, when
    /// `keepsStopWords` is false.
    package init(_ text: String, analyzer: Analyzer, keepsStopWords: Bool = false) {
        let words = analyzer.words(of: text)
        let stopWords = StopWords(analyzer.language)
        let kept = keepsStopWords ? words : words.filter { !stopWords.contains($0.term) }
        self.init(terms: (kept.isEmpty ? words : kept).map { Term(analyzer.term(of: $0.term)) })
    }

    package var isEmpty: Bool { terms.isEmpty }
}

/// A chunk that was found.
package struct SearchHit: Sendable, Hashable {
    /// The chunk's key.
    package var chunk: Int64
    /// Above 0; comparable within one query only.
    package var score: Double

    package init(chunk: Int64, score: Double) {
        self.chunk = chunk
        self.score = score
    }
}
