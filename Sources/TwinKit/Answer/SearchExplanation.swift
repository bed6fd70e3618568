import TwinSearch
import TwinSupport

/// How the words of a search were understood, for whoever wonders why it found what it did.
package struct SearchExplanation: Sendable, Equatable {
    /// A term as the index has it: folded, and without its ending.
    package struct Term: Sendable, Equatable {
        package var term: String
        /// What it counts beside the others, above 0.
        package var weight: Double
        /// Passages that the caller may see and that have it; for who may not see all, no more than 100 are counted.
        package var passages: Int
        /// Whether nobody asked for it: it is in the passages that were found first, and in few others.
        package var isAdded: Bool
    }

    /// What was searched for, where that is not what was typed.
    package var understoodAs: String?
    /// The words' own terms in their order, then what was added, the heaviest first.
    package var terms: [Term]

    init(_ retrieval: Retrieval, understoodAs: String?, count: ([String]) throws -> [Int]) rethrows {
        self.understoodAs = understoodAs
        let asked = retrieval.plan.query.terms
        let own = Set(asked.map(\.term))
        let added = retrieval.query.terms.filter { !own.contains($0.term) }.sorted { ($1.weight, $0.term) < ($0.weight, $1.term) }
        let weights = Dictionary(retrieval.query.terms.map { ($0.term, $0.weight) }, uniquingKeysWith: { first, _ in first })
        let all = asked + added.prefix(Self.maximumAdded)
        let counts = try count(all.map(\.term))
        terms = zip(all, counts).map { term, count in
            Term(
                term: term.term, weight: weights[term.term] ?? term.weight, passages: count, isAdded: !own.contains(term.term))
        }
    }

    /// Added terms that are named at the most.
    private static let maximumAdded = 20
}

extension SearchExplanation: JSONRepresentable {
    package var json: JSON {
        [
            "understood_as": .optional(understoodAs),
            "terms": .array(
                terms.map { term in
                    [
                        "term": .string(term.term), "weight": .double((term.weight * 10_000).rounded() / 10_000),
                        "passages": .number(term.passages), "added": .bool(term.isAdded),
                    ]
                }),
        ]
    }
}
