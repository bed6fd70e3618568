import Testing

@testable import TwinKit
@testable import TwinSearch
@testable import TwinSupport

@Suite struct SearchIndexTests {
    private static func settings(_ random: inout SeededGenerator) -> ScoringSettings {
        ScoringSettings(
            k1: Double.random(in: 0...3, using: &random), b: Double.random(in: 0...1, using: &random),
            titleWeight: Double.random(in: 0...4, using: &random), headingWeight: Double.random(in: 0...4, using: &random))
    }

    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6, 7, 8])
    func `early termination finds exactly what looking at every chunk finds`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let files = try IndexDatabase()
        let vocabulary = Int.random(in: 5...400, using: &random)
        var index = SearchIndex(twin: 1)
        // Small windows and pages meet their borders often.
        index.windows = SearchMemory.Windows(
            dense: Int.random(in: 1...40, using: &random) * 16, sparse: Int.random(in: 100...2_000, using: &random),
            sparseness: Int.random(in: 1...30, using: &random))
        let other = SearchIndex(twin: 2)
        var corpus = IndexCorpus()
        var otherCorpus = IndexCorpus()
        var nextKey: Int64 = 1
        var nextSource: Int64 = 1
        for _ in 0..<6 {
            try files.database.write { connection throws in
                for _ in 0..<Int.random(in: 1...2, using: &random) {
                    try corpus.addSegment(
                        sources: Int.random(in: 1...60, using: &random), chunksEach: 1...12, words: 0...30,
                        vocabulary: vocabulary,
                        nextKey: &nextKey, nextSource: &nextSource, index: index, connection: connection, random: &random,
                        unwantedOneIn: 10)
                    try otherCorpus.addSegment(
                        sources: 5, chunksEach: 1...5, words: 0...30, vocabulary: vocabulary, nextKey: &nextKey,
                        nextSource: &nextSource, index: other, connection: connection, random: &random)
                }
                for _ in 0..<Int.random(in: 0...15, using: &random) {
                    let source = corpus.chunks.randomElement(using: &random)?.source ?? 0
                    try corpus.delete(source: source, index: index, connection: connection)
                }
            }
            if Int.random(in: 0..<3, using: &random) == 0 {
                let policy: MergePolicy = Bool.random(using: &random) ? .tiered : .all
                while try files.database.write({ try index.merge(policy, on: $0) }) {}
            }
            let analyzed = corpus.analyzed
            try files.database.read { connection throws in
                let statistics = try index.statistics(on: connection)
                #expect(statistics.chunks == analyzed.count)
                #expect(statistics.words == analyzed.reduce(0) { $0 + $1.length })
                for _ in 0..<12 {
                    let query = IndexCorpus.query(&random, vocabulary: vocabulary)
                    let settings = Self.settings(&random)
                    let limit = [1, 3, 10, 50, 100_000].randomElement(using: &random) ?? 10
                    let allSources = Set(corpus.chunks.map(\.source))
                    let visible =
                        Bool.random(using: &random) ? nil : allSources.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
                    let expected = IndexCorpus.exhaustive(analyzed, query, settings: settings, visible: visible, limit: limit)
                    let found = try index.with(settings).search(
                        query, visible: visible.map { .only($0) } ?? .all, limit: limit, on: connection)
                    #expect(found == expected, "seed \(seed), query \(query), limit \(limit)")
                    #expect(
                        try index.documentFrequencies(of: query.terms.map(\.term), on: connection)
                            == query.terms.map { term in analyzed.count { $0.has(term.term) } })
                }
            }
        }
    }

    @Test func `long lists over many pages and windows are exact`() throws {
        var random = SeededGenerator(seed: 99)
        let files = try IndexDatabase()
        let index = SearchIndex(twin: 7)
        var corpus = IndexCorpus()
        var nextKey: Int64 = 1_000
        var nextSource: Int64 = 1
        try files.database.write { connection throws in
            try corpus.addSegment(
                sources: 3_000, chunksEach: 1...8, words: 1...6, vocabulary: 300, nextKey: &nextKey, nextSource: &nextSource,
                index: index, connection: connection, random: &random)
            for source in 1...40 { try corpus.delete(source: Int64(source * 7), index: index, connection: connection) }
        }
        let analyzed = corpus.analyzed
        try files.database.read { connection throws in
            for _ in 0..<25 {
                let query = IndexCorpus.query(&random, vocabulary: 300)
                let expected = IndexCorpus.exhaustive(analyzed, query, settings: index.settings, visible: nil, limit: 10)
                #expect(try index.search(query, limit: 10, on: connection) == expected)
            }
        }
    }

    @Test func `a score is BM25 of the weighted fields`() throws {
        let files = try IndexDatabase()
        let settings = ScoringSettings(k1: 1.5, b: 0.6, titleWeight: 3, headingWeight: 2)
        let index = SearchIndex(twin: 1, settings: settings)
        let builder = SegmentBuilder(analyzer: Analyzer())
        try builder.add(source: 0, title: "Bridges", headings: ["Steel"], body: "A bridge of steel carries bridges well")
        try builder.add(source: 1, title: "Towers", headings: [], body: "A tower of stone")
        let segment = try builder.finish()
        try files.database.write { try index.append(segment, base: 10, on: $0) { Int64($0) } }
        let hits = try files.database.read { try index.search(Query("steel bridge", analyzer: Analyzer()), limit: 5, on: $0) }
        let idf = ScoringSettings.inverseDocumentFrequency(count: 1, documents: 2)
        func part(_ frequency: Double) -> Double {
            idf * frequency * 2.5 / (frequency + 1.5 * (0.4 + 0.6 * 7 / 5.5))
        }
        #expect(hits.map(\.chunk) == [10])
        // `steel` is once in the body and in a heading, `bridge` twice in the body and in the title.
        #expect(abs((hits.first?.score ?? 0) - part(3) - part(5)) < 1e-5)
    }

    @Test func `scores are the same to the last bit with other twins in the file`() throws {
        var results: [[SearchHit]] = []
        for others in [false, true] {
            var random = SeededGenerator(seed: 5)
            let files = try IndexDatabase()
            var corpus = IndexCorpus()
            var nextKey: Int64 = 1
            var nextSource: Int64 = 1
            let index = SearchIndex(twin: 1)
            try files.database.write { connection throws in
                try corpus.addSegment(
                    sources: 50, chunksEach: 1...5, words: 5...40, vocabulary: 100, nextKey: &nextKey, nextSource: &nextSource,
                    index: index, connection: connection, random: &random)
                if others {
                    for twin in 2...4 {
                        var other = IndexCorpus()
                        var otherRandom = SeededGenerator(seed: UInt64(twin))
                        try other.addSegment(
                            sources: 80, chunksEach: 1...5, words: 5...40, vocabulary: 100, nextKey: &nextKey,
                            nextSource: &nextSource, index: SearchIndex(twin: Int64(twin)), connection: connection,
                            random: &otherRandom)
                    }
                }
            }
            var random2 = SeededGenerator(seed: 6)
            results.append(
                try files.database.read { connection throws in
                    try (0..<20).flatMap { _ in
                        try index.search(IndexCorpus.query(&random2, vocabulary: 100), limit: 20, on: connection)
                    }
                })
        }
        #expect(results[0] == results[1])
        #expect(!results[0].isEmpty)
    }

    @Test(arguments: [UInt64(11), 12, 13])
    func `merging drops what is deleted and changes no result`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let files = try IndexDatabase()
        let index = SearchIndex(twin: 1)
        var corpus = IndexCorpus()
        var nextKey: Int64 = 1
        var nextSource: Int64 = 1
        for _ in 0..<9 {
            try files.database.write { connection throws in
                try corpus.addSegment(
                    sources: Int.random(in: 1...40, using: &random), chunksEach: 1...9, words: 0...30, vocabulary: 150,
                    nextKey: &nextKey, nextSource: &nextSource, index: index, connection: connection, random: &random)
                nextKey += Int64.random(in: 0...3, using: &random)
                for _ in 0..<5 {
                    try corpus.delete(
                        source: Int64.random(in: 1..<nextSource, using: &random), index: index, connection: connection)
                }
            }
        }
        let queries = (0..<20).map { _ in IndexCorpus.query(&random, vocabulary: 150) }
        let visible = VisibleSources.only((1..<nextSource).filter { _ in Bool.random(using: &random) })
        func results() throws -> [[SearchHit]] {
            try files.database.read { connection throws in
                try queries.flatMap {
                    [
                        try index.search($0, limit: 15, on: connection),
                        try index.search($0, visible: visible, limit: 15, on: connection),
                    ]
                }
            }
        }
        let before = try results()
        let statistics = try files.database.read { try index.statistics(on: $0) }
        while try files.database.write({ try index.merge(on: $0) }) {}
        #expect(try results() == before)
        try files.database.write { _ = try index.merge(.all, on: $0) }
        #expect(try results() == before)
        let merged = try files.database.read { try index.statistics(on: $0) }
        #expect(merged.segments == 1 && merged.deletedChunks == 0)
        #expect(merged.chunks == statistics.chunks && merged.words == statistics.words)
        #expect(try files.database.write { try index.merge(.all, on: $0) } == false)
    }

    @Test func `the number of segments grows with the logarithm of the batches`() throws {
        let files = try IndexDatabase()
        let index = SearchIndex(twin: 1)
        var largest = 0
        for batch in 0..<150 {
            let builder = SegmentBuilder(analyzer: Analyzer())
            for chunk in 0..<50 { try builder.add(source: 0, title: "", headings: [], body: "batch \(batch) chunk \(chunk)") }
            let segment = try builder.finish()
            try files.database.write { try index.append(segment, base: Int64(batch * 50), on: $0) { _ in 1 } }
            while try files.database.write({ try index.merge(on: $0) }) {}
            largest = max(largest, try files.database.read { try index.statistics(on: $0) }.segments)
        }
        #expect(largest <= 6)
    }

    @Test func `what is rolled back is neither found nor remembered`() throws {
        let files = try IndexDatabase()
        let index = SearchIndex(twin: 1)
        let query = Query("apple", analyzer: Analyzer())
        func segment(_ text: String) throws -> SegmentData {
            let builder = SegmentBuilder(analyzer: Analyzer())
            try builder.add(source: 0, title: "", headings: [], body: text)
            return try builder.finish()
        }
        struct Stop: Error {}
        let first = try segment("apple apple apple")
        #expect(throws: Stop.self) {
            try files.database.write { connection throws in
                try index.append(first, base: 1, on: connection) { _ in 1 }
                #expect(try index.search(query, limit: 1, on: connection).count == 1)
                throw Stop()
            }
        }
        #expect(try files.database.read { try index.search(query, limit: 1, on: $0) }.isEmpty)
        let second = try segment("pear")
        let both = SegmentBuilder(analyzer: Analyzer())
        try both.add(source: 0, title: "", headings: [], body: "plum")
        try both.add(source: 1, title: "", headings: [], body: "plum quince")
        let plums = try both.finish()
        try files.database.write { try index.append(second, base: 1, on: $0) { _ in 1 } }
        #expect(try files.database.read { try index.search(query, limit: 1, on: $0) }.isEmpty)
        #expect(try files.database.read { try index.search(Query("pear", analyzer: Analyzer()), limit: 1, on: $0) }.count == 1)

        // Nor is a deletion that is undone, when another one follows.
        let plum = Query("plum", analyzer: Analyzer())
        try files.database.write { try index.append(plums, base: 10, on: $0) { Int64($0) } }
        #expect(throws: Stop.self) {
            try files.database.write { connection throws in
                try index.delete(chunks: 10..<11, on: connection)
                #expect(try index.search(plum, limit: 5, on: connection).map(\.chunk) == [11])
                throw Stop()
            }
        }
        #expect(try files.database.read { try index.search(plum, limit: 5, on: $0) }.count == 2)
        try files.database.write { try index.delete(chunks: 11..<12, on: $0) }
        #expect(try files.database.read { try index.search(plum, limit: 5, on: $0) }.map(\.chunk) == [10])
    }

    @Test func `queries without terms, without documents and without visible sources find nothing`() throws {
        let files = try IndexDatabase()
        let index = SearchIndex(twin: 1)
        let query = Query("apple", analyzer: Analyzer())
        try files.database.read { connection throws in
            #expect(try index.search(query, limit: 10, on: connection).isEmpty)
            #expect(try index.search(Query("", analyzer: Analyzer()), limit: 10, on: connection).isEmpty)
            #expect(try index.statistics(on: connection) == SearchIndex.Statistics())
        }
        let builder = SegmentBuilder(analyzer: Analyzer())
        try builder.add(source: 0, title: "apple", headings: [], body: "")
        let segment = try builder.finish()
        try files.database.write { try index.append(segment, base: 1, on: $0) { _ in 4 } }
        try files.database.read { connection throws in
            #expect(try index.search(query, limit: 10, on: connection).map(\.chunk) == [1])
            #expect(try index.search(query, limit: 0, on: connection).isEmpty)
            #expect(try index.search(query, visible: .only([Int64]()), limit: 10, on: connection).isEmpty)
            #expect(try index.search(query, visible: .only([5]), limit: 10, on: connection).isEmpty)
            #expect(try index.search(query, visible: .only([4]), limit: 10, on: connection).count == 1)
        }
        try files.database.write { try index.drop(on: $0) }
        try files.database.read { connection throws in
            #expect(try index.search(query, limit: 10, on: connection).isEmpty)
            let pages = try connection.first("SELECT count(*) FROM index_pages") { $0.int(0) }
            #expect(pages == 0)
        }
    }

    @Test func `a segment whose keys are not above the others is refused`() throws {
        let files = try IndexDatabase()
        let index = SearchIndex(twin: 1)
        let builder = SegmentBuilder(analyzer: Analyzer())
        try builder.add(source: 0, title: "", headings: [], body: "one")
        try builder.add(source: 0, title: "", headings: [], body: "two")
        let segment = try builder.finish()
        try files.database.write { connection throws in
            try index.append(segment, base: 5, on: connection) { _ in 1 }
            #expect(throws: TwinError.self) { try index.append(segment, base: 6, on: connection) { _ in 1 } }
            try index.append(segment, base: 7, on: connection) { _ in 1 }
        }
    }
}
