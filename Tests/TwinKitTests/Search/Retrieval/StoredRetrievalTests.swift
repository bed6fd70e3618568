import Glibc
import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSearch
@testable import TwinSupport

/// Retrieval over chunks as they are stored: rows of the database, read back by byte range.
@Suite struct StoredRetrievalTests {
    private final class Store {
        private let folder: TemporaryFolder
        let database: Database
        let index = SearchIndex(twin: 1)
        private var nextChunk: Int64 = 1

        init() throws {
            folder = try TemporaryFolder()
            database = try Database(path: folder.file("twin.db"), create: true)
            try Schema.migrator.migrate(database)
            try database.write { connection throws in
                if try connection.first("SELECT 1 FROM sqlite_schema WHERE name = 'index_segments'", map: { _ in true }) == nil {
                    try connection.execute(IndexSchema.sql)
                }
                try connection.run("INSERT INTO tenants VALUES ('t', 't', '')")
                try connection.run(
                    """
                    INSERT INTO twins (key, id, tenant_id, slug, name, description, specialization, settings, created_at, updated_at)
                    VALUES (1, 'w', 't', 'w', 'w', '', '', '{}', '', '')
                    """)
            }
        }

        /// Stores a source whose paragraphs are its chunks, and returns the chunks' keys.
        @discardableResult
        func add(source: Int64, _ paragraphs: [String]) throws -> Range<Int64> {
            let text = paragraphs.joined(separator: "\n\n")
            let first = nextChunk
            nextChunk += Int64(paragraphs.count)
            try database.write { connection throws in
                try connection.run(
                    "INSERT INTO texts (key, tenant_id, sha256, content) VALUES (?, 't', CAST(? AS BLOB), ?)", source, text, text)
                try connection.run(
                    """
                    INSERT INTO sources (key, id, tenant_id, twin_key, kind, locator, name, metadata, status, health, version, text_key,
                        text_bytes, first_chunk, chunk_count, reader_version, created_at, updated_at)
                    VALUES (?1, 's' || ?1, 't', 1, 'file', 's' || ?1, 's', '{}', 'live', 'healthy', 1, ?1, ?2, ?3, ?4, 1, '', '')
                    """, source, text.utf8.count, first, paragraphs.count)
                let builder = SegmentBuilder(analyzer: Analyzer())
                var offset = 0
                for (number, paragraph) in paragraphs.enumerated() {
                    let end = offset + paragraph.utf8.count
                    try connection.run(
                        "INSERT INTO chunks (key, source_key, start, end) VALUES (?, ?, ?, ?)", first + Int64(number), source,
                        offset, end)
                    try builder.add(source: 0, title: "", headings: [], body: paragraph)
                    offset = end + 2
                }
                try index.append(try builder.finish(), base: first, on: connection) { _ in source }
            }
            return first..<nextChunk
        }

        func retrieve(_ question: String, visible: VisibleSources = .all) throws -> Retrieval {
            try database.read { connection throws in
                try Retriever(index: index).retrieve(question, limit: 10, visible: visible, on: connection)
            }
        }
    }

    private static let papers = [
        "Ärzte report: aspirin eases headache; aspirin is a salicylate, an analgesic.", "The orchestra played in four movements.",
        "Headache patients took an analgesic salicylate — “twice a day”.", "Gardeners prune roses in late winter.",
        "A salicylate is an analgesic that thins blood.", "Boats left the harbour before dawn.",
    ]

    @Test func `stored chunks give what the same chunks in memory give`() throws {
        let store = try Store()
        try store.add(source: 1, Self.papers)
        let memory = ChunksInMemory(Self.papers)
        for question in ["headache", "what eases a headache twice a day?", "aspirin salicylate", "roses in winter", "Ärzte"] {
            let stored = try store.retrieve(question)
            let expected = try Retriever(index: store.index).retrieve(question, limit: 10, from: memory)
            #expect(stored.hits.map(\.chunk) == expected.hits.map(\.chunk), "\(question)")
            #expect(stored.query.terms.map(\.term) == expected.query.terms.map(\.term), "\(question)")
            for (left, right) in zip(stored.hits, expected.hits) {
                // The index scores with 22 bits.
                #expect(abs(left.score - right.score) < 1e-4 * max(1, right.score), "\(question)")
            }
        }
    }

    @Test func `what the caller may not see neither is found nor feeds back`() throws {
        let store = try Store()
        let open = try store.add(source: 1, ["Headache patients rested.", "Roses bloom."])
        try store.add(source: 2, ["Headache cure: wonderdrug zyxol, zyxol and zyxol.", "Zyxol was tested in secret."])
        let everything = try store.retrieve("headache")
        #expect(everything.query.terms.map(\.term).contains("zyxol"))
        let permitted = try store.retrieve("headache", visible: .only([1]))
        #expect(permitted.hits.allSatisfy { open.contains($0.chunk) })
        #expect(!permitted.hits.isEmpty)
        #expect(!permitted.query.terms.map(\.term).contains("zyxol"))
        #expect(try store.retrieve("headache", visible: .only([Int64]())).hits.isEmpty)
    }

    @Test func `a deleted source is gone in the next question`() throws {
        let store = try Store()
        try store.add(source: 1, Self.papers)
        let chunks = try store.add(source: 2, ["Headache is cured by sleep."])
        #expect(try store.retrieve("headache sleep").hits.first?.chunk == chunks.lowerBound)
        try store.database.write { connection throws in
            try store.index.delete(chunks: chunks, on: connection)
            try connection.run("DELETE FROM sources WHERE key = 2")
        }
        #expect(try !store.retrieve("headache sleep").hits.contains { chunks.contains($0.chunk) })
    }
}
