import TwinDatabase
import TwinReaders

/// The index as ingestion sees it: something that takes the chunks of sources and lets them be found. Search implements
/// it; both change the same rows of the same transaction.
package protocol SourceIndex: Sendable {
    /// Begins to collect chunks of a twin. Collecting needs no database and may run beside other batches.
    func makeBatch(for twin: Twin) -> any SourceIndexBatch

    /// Takes a source's chunks out, at once and for every later query. `text` is the text they were made of.
    func remove(_ chunks: [StoredChunk], of twin: Twin, title: String, text: String, on connection: Connection) throws

    /// Follows a source whose chunks have got new keys, from `firstChunk` on, while their texts stayed; none when the chunks
    /// themselves are no longer those of before.
    func renumber(source: Int64, firstChunk: Int64?, on connection: Connection) throws

    /// Empties the twin's index, for it to be rebuilt in the same transaction.
    func drop(_ twin: Twin, on connection: Connection) throws

    /// Merges small segments, work that may wait. Called after a run of ingestion, in transactions of its own.
    func mergeSegments(of twin: Twin, in database: Database) throws
}

/// A chunk of a source as it is stored.
package struct StoredChunk: Sendable, Equatable {
    package var key: Int64
    package var chunk: Chunk
}

/// Chunks on their way into the index. One thread uses it at a time.
package protocol SourceIndexBatch: AnyObject {
    /// Adds the chunks of one document, in order. Their keys will follow each other.
    func add(_ chunks: [Chunk], title: String, text: String)

    /// Prepares the batch to be written: the work that needs no transaction.
    func seal() throws

    /// Writes the batch in the open transaction. Chunk `n` of the batch gets the key `base + n`. `sources` are the keys
    /// of its documents with their numbers of chunks, in the order of `add`; those without a key were overtaken by
    /// another process, and nobody finds them.
    func write(base: Int64, sources: [(key: Int64?, chunkCount: Int)], on connection: Connection) throws
}
