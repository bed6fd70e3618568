import TwinDatabase
import TwinReaders
import TwinSearch
import TwinSupport

/// The search index behind ingestion: chunks of sources become documents of segments.
package struct TwinIndex: SourceIndex {
    package init() {}

    /// A batch that keeps its terms in memory until it is written.
    package func makeBatch(for twin: Twin) -> any SourceIndexBatch { TwinIndexBatch(twin: twin) }

    /// Takes the chunks of one version of a source out of index and vectors, in the caller's transaction. Throws `DatabaseError`,
    /// and `TwinError` when the index is damaged.
    package func remove(
        _ chunks: [StoredChunk], of twin: Twin, title: String, text: String, on connection: Connection
    ) throws {
        guard let first = chunks.first, let last = chunks.last else { return }
        // The chunks of one version of a source have consecutive keys.
        try SearchIndex(twin: twin.key).delete(chunks: extent(first.key, last.key + 1), on: connection)
        try VectorIndex.delete(chunks: extent(first.key, last.key + 1), of: twin.key, on: connection)
    }

    /// Moves a source's vectors to chunks that are numbered from `firstChunk`, or removes them without one, in the caller's
    /// transaction. Throws `DatabaseError`.
    package func renumber(source: Int64, firstChunk: Int64?, on connection: Connection) throws {
        if let firstChunk {
            try VectorIndex.move(source: source, firstChunk: firstChunk, on: connection)
        } else {
            try VectorIndex.delete(source: source, on: connection)
        }
    }

    /// Removes the twin's whole index, in the caller's transaction; its vectors stay. Throws `DatabaseError`.
    package func drop(_ twin: Twin, on connection: Connection) throws { try SearchIndex(twin: twin.key).drop(on: connection) }

    /// Segments that a query may have to look into before they are merged. Each costs it some tens of microseconds, and a
    /// merge at the end of every bulk load would cost the load a tenth of its time.
    private static let maximumSegments = 16

    /// Merges segments when there are too many or too much of them is deleted, each merge in a transaction of its own.
    package func mergeSegments(of twin: Twin, in database: Database) throws {
        let index = SearchIndex(twin: twin.key)
        let found = try database.read { try index.statistics(on: $0) }
        guard found.segments > Self.maximumSegments || found.deletedChunks * 4 > found.chunks else { return }
        while try database.write({ try index.merge(on: $0) }) {}
    }
}

/// Analysed chunks on their way into a segment.
private final class TwinIndexBatch: SourceIndexBatch {
    private let twin: Twin
    private let builder: SegmentBuilder
    private var documents = 0
    private var sealed: SegmentData?
    /// The first failure of `add`, told when the batch is sealed.
    private var failure: (any Error)?

    init(twin: Twin) {
        self.twin = twin
        builder = SegmentBuilder(analyzer: Analyzer(language: twin.settings.language))
    }

    func add(_ chunks: [Chunk], title: String, text: String) {
        var text = text
        do {
            try text.withUTF8 { bytes in
                for chunk in chunks {
                    try builder.add(
                        source: documents, title: title, headings: chunk.headings,
                        body: UnsafeBufferPointer(rebasing: bytes[chunk.range]))
                }
            }
        } catch {
            if failure == nil { failure = error }
        }
        documents += 1
    }

    func seal() throws {
        if let failure { throw failure }
        if documents > 0 { sealed = try builder.finish() }
    }

    func write(base: Int64, sources: [(key: Int64?, chunkCount: Int)], on connection: Connection) throws {
        guard let sealed else { return }
        try SearchIndex(twin: twin.key).append(sealed, base: base, on: connection) { ordinal in
            sources.indices.contains(ordinal) ? sources[ordinal].key : nil
        }
    }
}

extension TwinSettings {
    /// The language whose word forms the twin's index folds together.
    var language: Language { Language(rawValue: self[Self.searchLanguage]) ?? .english }
}
