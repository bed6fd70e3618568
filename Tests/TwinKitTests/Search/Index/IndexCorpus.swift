import Glibc
import TestSupport

@testable import TwinDatabase
@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSearch
@testable import TwinSupport

/// A database of its own with the index's tables, removed at the end.
final class IndexDatabase {
    private let folder: TemporaryFolder
    let database: Database

    init() throws {
        folder = try TemporaryFolder()
        database = try Database(path: folder.file("index.db"), create: true)
        try database.write { try $0.execute(IndexSchema.sql) }
    }
}

/// A chunk as the tests know it.
struct CorpusChunk {
    var key: Int64
    var source: Int64
    var title: String
    var headings: [String]
    var body: String
    var isLive = true
}

/// Chunks with what plain counting says of them, to compare the index with.
struct IndexCorpus {
    static let analyzer = Analyzer(language: .none)
    var chunks: [CorpusChunk] = []

    /// The words of a vocabulary with few common and many rare ones.
    static func word(_ random: inout SeededGenerator, vocabulary: Int) -> String {
        let uniform = Double.random(in: 0..<1, using: &random)
        return "w\(Int(pow(Double(vocabulary), uniform)))"
    }

    static func text(_ random: inout SeededGenerator, words: ClosedRange<Int>, vocabulary: Int) -> String {
        (0..<Int.random(in: words, using: &random)).map { _ in word(&random, vocabulary: vocabulary) }.joined(separator: " ")
    }

    var live: [CorpusChunk] { chunks.filter(\.isLive) }

    static func counts(_ text: String) -> (counts: [String: Int], length: Int) {
        let tokens = analyzer.tokens(of: text)
        var counts: [String: Int] = [:]
        for token in tokens { counts[token.term, default: 0] += 1 }
        return (counts, (tokens.last?.position ?? -1) + 1)
    }

    struct Analyzed {
        var key: Int64
        var source: Int64
        var body: [String: Int]
        var title: Set<String>
        var headings: Set<String>
        var length: Int

        func has(_ term: String) -> Bool { body[term] != nil || title.contains(term) || headings.contains(term) }
    }

    var analyzed: [Analyzed] {
        live.map { chunk in
            let (counts, length) = Self.counts(chunk.body)
            return Analyzed(
                key: chunk.key, source: chunk.source, body: counts, title: Set(Self.counts(chunk.title).counts.keys),
                headings: Set(chunk.headings.flatMap { Self.counts($0).counts.keys }), length: length)
        }
    }

    /// Every score, by looking at every chunk.
    static func exhaustive(
        _ chunks: [Analyzed], _ query: Query, settings: ScoringSettings, visible: Set<Int64>?, limit: Int
    ) -> [SearchHit] {
        let total = chunks.reduce(0) { $0 + $1.length }
        let weights = query.terms.map { term in
            let count = chunks.count { $0.has(term.term) }
            return count > 0 ? term.weight * ScoringSettings.inverseDocumentFrequency(count: count, documents: chunks.count) : 0
        }
        let model = ScoringModel(
            settings: settings, weights: weights, averageLength: chunks.isEmpty ? 0 : Double(total) / Double(chunks.count))
        var hits: [SearchHit] = []
        for chunk in chunks where visible?.contains(chunk.source) ?? true {
            var sum = 0
            for (index, term) in query.terms.enumerated() where chunk.has(term.term) {
                let frequency = TermFrequency(
                    body: chunk.body[term.term] ?? 0, inHeadings: chunk.headings.contains(term.term),
                    inTitle: chunk.title.contains(term.term))
                sum += Int(model.part(of: index, code: frequency.code, length: UInt16(chunk.length)))
            }
            if sum > 0 { hits.append(SearchHit(chunk: chunk.key, score: Double(sum) / model.scale)) }
        }
        hits.sort { $0.score != $1.score ? $0.score > $1.score : $0.chunk < $1.chunk }
        return Array(hits.prefix(limit))
    }

    /// Makes sources of random chunks and appends them to the index as one segment.
    mutating func addSegment(
        sources: Int, chunksEach: ClosedRange<Int>, words: ClosedRange<Int>, vocabulary: Int, nextKey: inout Int64,
        nextSource: inout Int64, index: SearchIndex, connection: Connection, random: inout SeededGenerator,
        unwantedOneIn: Int = 0
    ) throws {
        let builder = SegmentBuilder(analyzer: Self.analyzer)
        let base = nextKey
        var keys: [Int64?] = []
        for ordinal in 0..<sources {
            let source = nextSource
            nextSource += 1
            let isWanted = unwantedOneIn == 0 || Int.random(in: 0..<unwantedOneIn, using: &random) > 0
            keys.append(isWanted ? source : nil)
            let title = Self.text(&random, words: 0...3, vocabulary: vocabulary)
            for _ in 0..<Int.random(in: chunksEach, using: &random) {
                let chunk = CorpusChunk(
                    key: nextKey, source: source, title: title,
                    headings: Bool.random(using: &random) ? [Self.text(&random, words: 0...3, vocabulary: vocabulary)] : [],
                    body: Self.text(&random, words: words, vocabulary: vocabulary), isLive: isWanted)
                nextKey += 1
                try builder.add(source: ordinal, title: chunk.title, headings: chunk.headings, body: chunk.body)
                chunks.append(chunk)
            }
        }
        try index.append(try builder.finish(), base: base, on: connection) { keys[$0] }
    }

    mutating func delete(source: Int64, index: SearchIndex, connection: Connection) throws {
        let positions = chunks.indices.filter { chunks[$0].source == source }
        guard let first = positions.first, let last = positions.last else { return }
        for position in positions { chunks[position].isLive = false }
        try index.delete(chunks: chunks[first].key..<chunks[last].key + 1, on: connection)
    }

    static func query(_ random: inout SeededGenerator, vocabulary: Int) -> Query {
        Query(
            terms: (0..<Int.random(in: 1...7, using: &random)).map { _ in
                Query.Term(word(&random, vocabulary: vocabulary + 20), weight: Double.random(in: 0.1...2, using: &random))
            })
    }
}
