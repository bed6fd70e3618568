import Testing

@testable import TwinKit
@testable import TwinSearch
@testable import TwinSupport

@Suite struct IndexVerificationTests {
    private struct Built {
        var files: IndexDatabase
        var index: SearchIndex
        var corpus: IndexCorpus

        func verify(_ change: (inout [CorpusChunk]) -> Void = { _ in }) throws -> IndexVerification {
            var chunks = corpus.live
            change(&chunks)
            return try files.database.read { connection in
                try index.verify(analyzer: IndexCorpus.analyzer, on: connection) { keys, body in
                    for chunk in chunks where keys.contains(chunk.key) {
                        try body(
                            ChunkContents(
                                chunk: chunk.key, source: chunk.source, title: chunk.title, headings: chunk.headings,
                                body: chunk.body))
                    }
                }
            }
        }
    }

    private func build(seed: UInt64, sources: Int = 30) throws -> Built {
        var random = SeededGenerator(seed: seed)
        var built = Built(files: try IndexDatabase(), index: SearchIndex(twin: 1), corpus: IndexCorpus())
        var nextKey: Int64 = 1
        var nextSource: Int64 = 1
        try built.files.database.write { connection in
            for _ in 0..<3 {
                try built.corpus.addSegment(
                    sources: sources, chunksEach: 1...9, words: 0...30, vocabulary: 60, nextKey: &nextKey,
                    nextSource: &nextSource,
                    index: built.index, connection: connection, random: &random)
            }
            try built.corpus.delete(source: 5, index: built.index, connection: connection)
        }
        return built
    }

    @Test func `an index agrees with its texts before and after a merge`() throws {
        let built = try build(seed: 1)
        #expect(try built.verify().isSound)
        try built.files.database.write { _ = try built.index.merge(.all, on: $0) }
        let result = try built.verify()
        #expect(result.isSound && result.matching == built.corpus.live.count)
    }

    @Test func `changed, surplus and missing chunks are named`() throws {
        let built = try build(seed: 2)
        let keys = built.corpus.live.map(\.key)
        #expect(try built.verify { $0[3].body += " extra" }.differing == [keys[3]])
        #expect(try built.verify { $0[4].title = "other" }.differing == [keys[4]])
        #expect(try built.verify { $0[7].source += 1 }.differing == [keys[7]])
        #expect(try built.verify { $0.remove(at: 6) }.surplus == [keys[6]])
        let missing = try built.verify { $0.append(CorpusChunk(key: 1 << 40, source: 1, title: "", headings: [], body: "x")) }
        #expect(missing.missing == [1 << 40])
    }

    /// Whatever the bytes are, reading them ends in an error or in some result, and in no crash.
    @Test(arguments: [UInt64(21), 22])
    func `damaged rows give errors and no crash`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let built = try build(seed: seed, sources: 250)
        try built.files.database.write { _ = try built.index.merge(.all, on: $0) }
        let rows = try built.files.database.read {
            try $0.rows("SELECT key, data FROM index_pages") { ($0.int64(0), $0.bytes(1)) }
        }
        let header = try built.files.database.read { try $0.first("SELECT header FROM index_segments") { $0.bytes(0) } ?? [] }
        var failures = 0
        for round in 0..<80 {
            let (key, bytes) = try #require(rows.randomElement(using: &random))
            var page = bytes
            var damagedHeader = header
            switch Int.random(in: 0..<8, using: &random) {
            case 0: page = []
            case 1: page.removeLast(Int.random(in: 1...page.count, using: &random))
            case 2: page.append(contentsOf: (0..<Int.random(in: 1...5_000, using: &random)).map { _ in 0xFF })
            case 3: damagedHeader[Int.random(in: 0..<header.count, using: &random)] = .random(in: 0...255, using: &random)
            default:
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    page[Int.random(in: 0..<page.count, using: &random)] = .random(in: 0...255, using: &random)
                }
            }
            try built.files.database.write { connection in
                try connection.run("UPDATE index_pages SET data = ? WHERE key = ?", page, key)
                try connection.run("UPDATE index_segments SET header = ?", damagedHeader)
            }
            // Nothing remembered from before.
            let index = SearchIndex(twin: 1, cache: SegmentCache())
            for _ in 0..<4 {
                do {
                    let query = IndexCorpus.query(&random, vocabulary: 60)
                    _ = try built.files.database.read {
                        try index.search(query, visible: .only([1, 2, 3, 100]), limit: 5, on: $0)
                    }
                    _ = try built.files.database.read { try index.search(query, limit: 5, on: $0) }
                } catch let error as TwinError {
                    #expect(error == .damagedIndex)
                    failures += 1
                }
            }
            struct Undo: Error {}
            do {
                try built.files.database.write { connection in
                    try index.delete(chunks: 1..<20, on: connection)
                    _ = try index.merge(.all, on: connection)
                    throw Undo()
                }
            } catch is Undo {} catch let error as TwinError { #expect(error == .damagedIndex) }
            if round % 8 == 0, page != bytes || damagedHeader != header { #expect(try !built.verify().isSound, "seed \(seed)") }
            try built.files.database.write { connection in
                try connection.run("UPDATE index_pages SET data = ? WHERE key = ?", bytes, key)
                try connection.run("UPDATE index_segments SET header = ?", header)
            }
        }
        #expect(failures > 0)
        #expect(try built.verify().isSound)
    }
}
