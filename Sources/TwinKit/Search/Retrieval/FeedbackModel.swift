import TwinSupport

/// Terms that the best chunks of a first search suggest for a second one: Rocchio's method (Relevance feedback in
/// information retrieval, 1971) with chunks that nobody judged.
///
/// A chunk's share is its score to the fourth power. That keeps the question from drifting: where one chunk stands out,
/// as the answer to a narrow question does, the others say next to nothing; where many are equally good, all are heard.
struct FeedbackModel {
    /// Terms whose document frequency is looked up.
    static let candidateTerms = 64
    /// Words at which a question is changed half as much as a long one.
    static let halfTerms = 1.0

    /// A chunk that was found, with BM25's K for it.
    struct Evidence {
        var text: RetrievalVocabulary.Text
        var score: Double
        var lengthNorm: Double
    }

    let settings: RetrievalSettings

    /// The terms that matter most in `evidence`, best first, with how much: the mean of the chunks' saturated frequencies,
    /// each chunk's brought to unit length.
    func candidates(_ evidence: [Evidence], termCount: Int) -> [(term: Int, weight: Double)] {
        let best = evidence.map(\.score).max() ?? 0
        guard best > 0 else { return [] }
        var weights = Array(repeating: 0.0, count: termCount)
        var counts = Array(repeating: 0, count: termCount)
        for item in evidence {
            var share = item.score / best
            share *= share
            share *= share
            var terms: [Int] = []
            for occurrence in item.text.occurrences {
                if counts[Int(occurrence.term)] == 0 { terms.append(Int(occurrence.term)) }
                counts[Int(occurrence.term)] += 1
            }
            func saturated(_ term: Int) -> Double {
                let count = Double(counts[term])
                return count / (count + item.lengthNorm)
            }
            let norm = terms.reduce(0) { $0 + saturated($1) * saturated($1) }.squareRoot()
            for term in terms {
                weights[term] += share * saturated(term) / norm
                counts[term] = 0
            }
        }
        return Self.largest(weights.indices.lazy.filter { weights[$0] > 0 }.map { ($0, weights[$0]) }, Self.candidateTerms)
    }

    /// The question's query with the best of the candidates. `candidates` carry their weight times their inverse document
    /// frequency; their terms are numbered as the vocabulary numbers them, the question's terms first.
    func expanded(
        _ plan: QueryPlan, candidates: [(term: Int, weight: Double)], vocabulary: RetrievalVocabulary
    ) -> Query {
        let chosen = Self.largest(candidates.filter { $0.weight > 0 }, settings.feedbackTerms)
        let total = chosen.reduce(0) { $0 + $1.weight }
        let questionTotal = plan.query.terms.reduce(0) { $0 + $1.weight }
        let count = Double(plan.contentCount)
        let share = settings.feedbackWeight * count / (count + Self.halfTerms)
        guard total > 0, share > 0 else { return plan.query }
        var terms = plan.query.terms.map { Query.Term($0.term, weight: $0.weight * (1 - share)) }
        terms += chosen.map { Query.Term(vocabulary.term($0.term), weight: share * questionTotal * $0.weight / total) }
        return Query(terms: terms)
    }

    /// The `count` largest, the largest first; of equal ones the term met first.
    private static func largest(_ items: some Sequence<(Int, Double)>, _ count: Int) -> [(term: Int, weight: Double)] {
        items.sorted { $0.1 != $1.1 ? $0.1 > $1.1 : $0.0 < $1.0 }.prefix(count).map { (term: $0.0, weight: $0.1) }
    }
}
