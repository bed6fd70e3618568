@testable import TwinKit
@testable import TwinSearch
@testable import TwinSupport

#if canImport(Glibc)
    import Glibc
#endif

/// Chunks held in memory and scored one by one, as the index's ranking function is defined.
struct ChunksInMemory: ChunkCollection {
    var texts: [Int64: String]
    var scoring = ScoringSettings()
    /// What `search` was asked, newest last.
    final class Log {
        var queries: [Query] = []
        var limits: [Int] = []
    }
    let log = Log()
    private let counts: [Int64: [String: Int]]
    private let lengths: [Int64: Int]

    init(_ texts: [String]) {
        self.texts = Dictionary(uniqueKeysWithValues: texts.enumerated().map { (Int64($0.offset + 1), $0.element) })
        let tokens = self.texts.mapValues { Analyzer().tokens(of: $0) }
        counts = tokens.mapValues { $0.reduce(into: [:]) { $0[$1.term, default: 0] += 1 } }
        lengths = tokens.mapValues { ($0.last?.position ?? -1) + 1 }
    }

    var chunkCount: Int { texts.count }
    var averageLength: Double { Double(lengths.values.reduce(0, +)) / Double(max(1, lengths.count)) }

    func documentFrequencies(of terms: [String]) throws -> [Int] {
        terms.map { term in counts.values.count { $0[term] != nil } }
    }

    func search(_ query: Query, limit: Int) throws -> [SearchHit] {
        log.queries.append(query)
        log.limits.append(limit)
        let frequencies = try documentFrequencies(of: query.terms.map(\.term))
        let hits = texts.keys.compactMap { chunk -> SearchHit? in
            let length = Double(lengths[chunk] ?? 0)
            var score = 0.0
            for (term, frequency) in zip(query.terms, frequencies) {
                guard let count = counts[chunk]?[term.term], frequency > 0 else { continue }
                let idf = log2(1 + (Double(chunkCount - frequency) + 0.5) / (Double(frequency) + 0.5)) * M_LN2
                let norm = scoring.k1 * (1 - scoring.b + scoring.b * length / averageLength)
                score += term.weight * idf * Double(count) * (scoring.k1 + 1) / (Double(count) + norm)
            }
            return score > 0 ? SearchHit(chunk: chunk, score: score) : nil
        }
        return Array(hits.sorted { $0.score != $1.score ? $0.score > $1.score : $0.chunk < $1.chunk }.prefix(limit))
    }

    func text(of chunk: Int64) throws -> [UInt8]? { texts[chunk].map { Array($0.utf8) } }
}
