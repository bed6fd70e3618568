/// How the passages of one search are spread over sources: passages of a source that the whole question points to are more
/// likely to answer it, and what the whole source is about need not be said again in each of its sentences.
struct SourceStatistics {
    private struct Source {
        var strength = 0.0
        var passages = 0
        var frequencies: [Int]
    }

    private var sources: [Int64: Source] = [:]
    private let owner: [Int64]
    private let scores: [Double]
    private var highest = 0.0
    private var total = 0.0

    init(_ given: [Passage], _ passages: [AnalyzedPassage], _ question: QuestionAnalysis) {
        let best = given.reduce(0) { max($0, $1.score) }
        owner = given.map(\.source)
        scores = given.map { best > 0 && $0.score.isFinite ? max(0, $0.score) / best : 0 }
        for (index, passage) in passages.enumerated() {
            let strength = scores[index] * scores[index]
            var source = sources[owner[index]] ?? Source(frequencies: Array(repeating: 0, count: question.terms.count))
            source.strength += strength
            source.passages += 1
            for term in question.terms.indices where passage.counts[term] > 0 { source.frequencies[term] += 1 }
            sources[owner[index]] = source
            total += strength
        }
        highest = sources.values.reduce(0) { max($0, $1.strength) }
    }

    func searchScore(of passage: Int) -> Double { scores[passage] }

    func strength(of passage: Int) -> Double {
        highest > 0 ? (sources[owner[passage]]?.strength ?? 0) / highest : 1
    }

    /// The part of the source's passages that have the term, with one passage added that has not.
    func frequency(ofTerm term: Int, inSourceOf passage: Int) -> Double {
        guard let source = sources[owner[passage]] else { return 0 }
        return Double(source.frequencies[term]) / Double(source.passages + 1)
    }

    /// The part of all squared scores that the strongest source has; none when no source has enough passages to tell.
    var concentration: Double? {
        guard total > 0, let strongest = sources.values.max(by: { $0.strength < $1.strength }),
            strongest.passages >= Self.tellingPassages
        else { return nil }
        return strongest.strength / total
    }

    /// With fewer passages a source is too short for its share to mean anything.
    private static let tellingPassages = 4
}
