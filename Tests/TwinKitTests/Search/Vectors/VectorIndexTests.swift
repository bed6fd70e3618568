import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSearch
@testable import TwinSupport

/// A database with the tables that vectors hang on.
final class VectorFixture {
    let folder: TemporaryFolder
    let database: Database

    init() throws {
        folder = try TemporaryFolder()
        database = try Database(path: folder.path + "/twin.db", create: true)
        try database.write { connection in
            try connection.execute(
                """
                CREATE TABLE twins (key INTEGER PRIMARY KEY);
                CREATE TABLE sources (key INTEGER PRIMARY KEY, twin_key INTEGER NOT NULL, first_chunk INTEGER, chunk_count INTEGER NOT NULL);
                INSERT INTO twins VALUES (1), (2);
                """)
            try connection.execute(VectorSchema.sql)
        }
    }

    func write<Value>(_ body: (Connection) throws -> Value) throws -> Value { try database.write(body) }

    func addSource(_ key: Int64, twin: Int64 = 1, chunks: Range<Int64>) throws {
        try write { try $0.run("INSERT INTO sources VALUES (?, ?, ?, ?)", key, twin, chunks.lowerBound, chunks.count) }
    }
}

@Suite struct VectorIndexTests {
    private let index = VectorIndex(twin: 1, model: "small")

    private func refusal(_ kind: TwinError.Kind, _ body: () throws -> Void) {
        let error = #expect(throws: TwinError.self) { try body() }
        #expect(error?.kind == kind)
    }

    /// Sources of random sizes with random vectors, and each chunk's vector.
    private func fill(_ fixture: VectorFixture, dimension: Int, _ generator: inout SeededGenerator) throws -> [Int64: (
        source: Int64, vector: [Float]
    )] {
        var all: [Int64: (source: Int64, vector: [Float])] = [:]
        var next: Int64 = 1
        for source in 1...Int64(12) {
            let count = Int64.random(in: 1...150, using: &generator)
            try fixture.addSource(source, chunks: next..<next + count)
            let vectors = (0..<count).map { _ in QuantizedVectorTests.random(dimension, &generator) }
            // In portions, as an embedding job writes them.
            var written = 0
            while written < vectors.count {
                let portion = min(vectors.count - written, Int.random(in: 1...100, using: &generator))
                try fixture.write {
                    try index.append(
                        Array(vectors[written..<written + portion]), firstChunk: next + Int64(written), source: source,
                        on: $0)
                }
                written += portion
            }
            for (offset, vector) in vectors.enumerated() { all[next + Int64(offset)] = (source, vector) }
            next += count + 5
        }
        return all
    }

    @Test func `a search finds what a plain scan in Double finds`() throws {
        let seed = TestRandom.seed
        var generator = SeededGenerator(seed: seed)
        let fixture = try VectorFixture()
        let all = try fill(fixture, dimension: 50, &generator)
        for round in 0..<20 {
            let query = QuantizedVectorTests.random(50, &generator)
            let quantized = try #require(QuantizedVector(query))
            let allowed = Set((1...Int64(12)).filter { _ in round == 0 || Bool.random(using: &generator) })
            let visible: VisibleSources = round == 0 ? .all : .only(allowed)
            let limit = [1, 10, 5000][round % 3]
            let hits = try fixture.database.read { try index.search(query, visible: visible, limit: limit, on: $0) }
            // The same numbers, from the definition over the quantised vectors.
            let expected = try all.filter { allowed.contains($0.value.source) }.map { chunk, item in
                SearchHit(chunk: chunk, score: try #require(QuantizedVector(item.vector)).cosine(quantized))
            }.sorted { $0.score != $1.score ? $0.score > $1.score : $0.chunk < $1.chunk }.prefix(limit)
            #expect(hits.count == expected.count, "seed \(seed)")
            for (hit, wanted) in zip(hits, expected) {
                #expect(abs(hit.score - wanted.score) < 1e-6, "seed \(seed)")
                let item = try #require(all[hit.chunk])
                #expect(allowed.contains(item.source), "seed \(seed)")
                #expect(abs(hit.score - QuantizedVectorTests.cosine(item.vector, query)) < 0.02, "seed \(seed)")
            }
            #expect(
                zip(hits, hits.dropFirst()).allSatisfy {
                    $0.score > $1.score || ($0.score == $1.score && $0.chunk < $1.chunk)
                })
        }
    }

    @Test func `equal vectors come in the order of their chunks`() throws {
        let fixture = try VectorFixture()
        try fixture.addSource(1, chunks: 10..<20)
        try fixture.write { try index.append(Array(repeating: [1, 2, 3], count: 10), firstChunk: 10, source: 1, on: $0) }
        let hits = try fixture.database.read { try index.search([3, 2, 1], limit: 4, on: $0) }
        #expect(hits.map(\.chunk) == [10, 11, 12, 13])
    }

    @Test func `embedding goes on where it was interrupted`() throws {
        let fixture = try VectorFixture()
        try fixture.addSource(1, chunks: 1..<4)
        try fixture.addSource(2, chunks: 4..<204)
        try fixture.addSource(3, twin: 2, chunks: 300..<310)
        func missing(_ limit: Int = 10) throws -> [VectorIndex.Gap] {
            try fixture.database.read { try index.missing(limit: limit, on: $0) }
        }
        #expect(try missing() == [.init(source: 1, chunks: 1..<4), .init(source: 2, chunks: 4..<204)])
        #expect(try missing(1) == [.init(source: 1, chunks: 1..<4)])
        try fixture.write { try index.append(Array(repeating: [1, 0], count: 3), firstChunk: 1, source: 1, on: $0) }
        try fixture.write { try index.append(Array(repeating: [0, 1], count: 130), firstChunk: 4, source: 2, on: $0) }
        #expect(try missing() == [.init(source: 2, chunks: 134..<204)])
        let statistics = try fixture.database.read { try index.statistics(on: $0) }
        #expect(statistics == VectorIndex.Statistics(chunks: 133, total: 203, dimension: 2))
        try fixture.write { try index.append(Array(repeating: [0, 1], count: 70), firstChunk: 134, source: 2, on: $0) }
        #expect(try missing().isEmpty)
        // A new text begins anew.
        try fixture.write {
            try VectorIndex.delete(source: 2, on: $0)
            try $0.run("UPDATE sources SET first_chunk = 500, chunk_count = 2 WHERE key = 2")
        }
        #expect(try missing() == [.init(source: 2, chunks: 500..<502)])
        #expect(try fixture.database.read { try index.search([0, 1], limit: 100, on: $0) }.map(\.chunk) == [1, 2, 3])
    }

    @Test func `vectors for a text that is gone are refused`() throws {
        let fixture = try VectorFixture()
        try fixture.addSource(1, chunks: 10..<13)
        let two: [[Float]] = [[1, 0], [0, 1]]
        for (first, source): (Int64, Int64) in [(9, 1), (11, 1), (12, 1), (10, 2)] {
            refusal(.conflict) { try fixture.write { try index.append(two, firstChunk: first, source: source, on: $0) } }
        }
        refusal(.conflict) { try fixture.write { try index.append(two + two, firstChunk: 10, source: 1, on: $0) } }
        let foreign = VectorIndex(twin: 2, model: "small")
        refusal(.conflict) { try fixture.write { try foreign.append(two, firstChunk: 10, source: 1, on: $0) } }
        try fixture.write { try index.append([], firstChunk: 99, source: 9, on: $0) }
        #expect(try fixture.database.read { try index.statistics(on: $0) }.chunks == 0)
    }

    @Test func `vectors of another length or without a direction are refused`() throws {
        let fixture = try VectorFixture()
        try fixture.addSource(1, chunks: 0..<10)
        try fixture.write { try index.append([[1, 2]], firstChunk: 0, source: 1, on: $0) }
        refusal(.conflict) { try fixture.write { try index.append([[1, 2, 3]], firstChunk: 1, source: 1, on: $0) } }
        refusal(.upstream) { try fixture.write { try index.append([[1, 2], [1]], firstChunk: 1, source: 1, on: $0) } }
        refusal(.upstream) { try fixture.write { try index.append([[0, 0]], firstChunk: 1, source: 1, on: $0) } }
        refusal(.upstream) {
            try fixture.write { try VectorIndex(twin: 1, model: "m").append([[]], firstChunk: 0, source: 1, on: $0) }
        }
        refusal(.conflict) { _ = try fixture.database.read { try index.search([1, 2, 3], limit: 1, on: $0) } }
    }

    @Test func `models and twins are kept apart, and a new model takes over`() throws {
        let fixture = try VectorFixture()
        try fixture.addSource(1, chunks: 0..<1)
        try fixture.addSource(2, twin: 2, chunks: 1..<2)
        let other = VectorIndex(twin: 1, model: "large")
        try fixture.write { connection in
            try index.append([[1, 0]], firstChunk: 0, source: 1, on: connection)
            try other.append([[1, 0, 0]], firstChunk: 0, source: 1, on: connection)
            try VectorIndex(twin: 2, model: "small").append([[1, 0]], firstChunk: 1, source: 2, on: connection)
        }
        #expect(try fixture.database.read { try index.search([1, 0], limit: 9, on: $0) }.map(\.chunk) == [0])
        #expect(try fixture.database.read { try other.search([1, 0, 0], limit: 9, on: $0) }.map(\.chunk) == [0])
        try fixture.write { try other.dropOthers(on: $0) }
        #expect(try fixture.database.read { try index.search([1, 0], limit: 9, on: $0) }.isEmpty)
        #expect(try fixture.database.read { try other.search([1, 0, 0], limit: 9, on: $0) }.count == 1)
        #expect(
            try fixture.database.read { try VectorIndex(twin: 2, model: "small").search([1, 0], limit: 9, on: $0) }.map(
                \.chunk) == [1])
        try fixture.write { try $0.run("DELETE FROM sources WHERE key = 1") }
        #expect(try fixture.database.read { try other.search([1, 0, 0], limit: 9, on: $0) }.isEmpty)
        try fixture.write { try $0.run("DELETE FROM twins WHERE key = 2") }
        #expect(try fixture.database.read { try $0.first("SELECT COUNT(*) FROM vector_blocks") { $0.int(0) } } == 0)
    }

    @Test func `nothing to find is found without an error`() throws {
        let fixture = try VectorFixture()
        func search(_ vector: [Float], _ visible: VisibleSources = .all, _ limit: Int = 5) throws -> [SearchHit] {
            try fixture.database.read { try index.search(vector, visible: visible, limit: limit, on: $0) }
        }
        #expect(try search([1, 2]).isEmpty)
        try fixture.addSource(1, chunks: 0..<1)
        try fixture.write { try index.append([[1, 2]], firstChunk: 0, source: 1, on: $0) }
        #expect(try search([0, 0]).isEmpty)
        #expect(try search([1, 2], .only([])).isEmpty)
        #expect(try search([1, 2], .only([7])).isEmpty)
        #expect(try search([1, 2], .all, 0).isEmpty)
        #expect(try search([1, 2]).count == 1)
    }

    @Test func `damaged vectors are an error and no crash`() throws {
        for damage in ["data = x'00'", "count = 2", "count = 0", "count = -1", "count = 9000000000000000000", "data = x''"] {
            let fixture = try VectorFixture()
            try fixture.addSource(1, chunks: 0..<1)
            try fixture.write { try index.append([[1, 2]], firstChunk: 0, source: 1, on: $0) }
            try fixture.write { try $0.execute("UPDATE vector_blocks SET \(damage)") }
            refusal(.failed) { _ = try fixture.database.read { try index.search([1, 2], limit: 1, on: $0) } }
        }
        // A scale that is no number only ranks last.
        let fixture = try VectorFixture()
        try fixture.addSource(1, chunks: 0..<2)
        try fixture.write { try index.append([[1, 2], [1, 2]], firstChunk: 0, source: 1, on: $0) }
        try fixture.write { try $0.execute("UPDATE vector_blocks SET data = CAST(x'0000c07f' || substr(data, 5) AS BLOB)") }
        #expect(try fixture.database.read { try index.search([1, 2], limit: 2, on: $0) }.map(\.chunk) == [1, 0])
    }
}
