import TwinDatabase
import TwinReaders
import TwinSupport

/// Makes anew what can be made from the stored texts, and removes what belongs to nothing.
package struct Rebuild: Sendable {
    let database: Database
    let index: any SourceIndex

    package init(database: Database, index: any SourceIndex) {
        self.database = database
        self.index = index
    }

    /// Text in one index batch, in bytes.
    private static let batchBytes = 16 << 20

    /// Makes a twin's index anew from its texts and chunks, in one transaction: until it ends the old index answers, and
    /// afterwards every query finds the same chunks with the same scores. Answers the number of chunks.
    package func index(of twin: Twin) throws -> Int {
        let count = try database.write { connection in
            try index.drop(twin, on: connection)
            // In the order of the chunks, so that those of equal score keep their order.
            let sources = try connection.rows(
                "SELECT key FROM sources WHERE twin_key = ? AND text_key IS NOT NULL ORDER BY first_chunk", twin.key
            ) { $0.int64(0) }
            var batch = Batch(twin: twin, index: index)
            for source in sources {
                try batch.add(source, on: connection)
                if batch.bytes >= Self.batchBytes { try batch.write(on: connection) }
            }
            try batch.write(on: connection)
            return batch.written
        }
        try index.mergeSegments(of: twin, in: database)
        return count
    }

    /// Indexes one source anew from the text and the chunks that are stored, and keeps all else that is known of it: for a
    /// source whose original is not there to be read again. Its vectors go, for they are of the old chunks. Throws `TwinError`
    /// when it has no text.
    package func reindex(_ source: Source) throws -> IngestItem {
        let (twin, count) = try database.write { connection in
            let twin = try TwinStore.load(source.twinKey, on: connection)
            guard let stored = try Source.wording(of: source.key, on: connection) else {
                throw TwinError(.notFound, "the source has no text: \(source.error ?? "it was not read yet")")
            }
            let chunks = try connection.rows(
                "SELECT \(StoredHeadings.chunkColumns) FROM chunks WHERE source_key = ? ORDER BY key", source.key,
                map: StoredHeadings.chunk)
            try index.remove(chunks, of: twin, title: stored.title, text: stored.text, on: connection)
            var batch = Batch(twin: twin, index: index)
            try batch.add(source.key, on: connection)
            try batch.write(on: connection)
            let now = Clock.now
            try connection.run(
                "UPDATE sources SET status = 'live', error = NULL, updated_at = ? WHERE key = ?", now, source.key)
            try SourceWriter(twin: twin, index: index, actor: nil).log(
                .info, "Indexed again from the stored text: \(batch.written) chunks", source: source.key, at: now, on: connection)
            return (twin, batch.written)
        }
        try index.mergeSegments(of: twin, in: database)
        var item = IngestItem(source.locator, .updated)
        item.sourceID = source.id
        item.format = source.format
        item.title = source.title
        item.bytes = source.fileSize
        item.chunkCount = count
        return item
    }

    /// Sources on their way into the new index.
    private struct Batch {
        let twin: Twin
        let index: any SourceIndex
        private(set) var bytes = 0
        private(set) var written = 0
        private var documents: any SourceIndexBatch
        private var sources: [(key: Int64, chunks: [Chunk], isWhole: Bool)] = []

        init(twin: Twin, index: any SourceIndex) {
            self.twin = twin
            self.index = index
            documents = index.makeBatch(for: twin)
        }

        mutating func add(_ source: Int64, on connection: Connection) throws {
            guard let wording = try Source.wording(of: source, on: connection) else { return }
            let stored = try connection.rows(
                "SELECT \(StoredHeadings.chunkColumns) FROM chunks WHERE source_key = ? ORDER BY key", source,
                map: StoredHeadings.chunk)
            // What is not a range of the text cannot be indexed; it is what a damaged database is mended of.
            let chunks = stored.map(\.chunk).filter { $0.range.upperBound <= wording.text.utf8.count && !$0.range.isEmpty }
            documents.add(chunks, title: wording.title, text: wording.text)
            sources.append((source, chunks, chunks.count == stored.count))
            bytes += wording.text.utf8.count
        }

        /// Writes the batch. Chunks get new keys that follow each other, as a segment needs them.
        mutating func write(on connection: Connection) throws {
            guard !sources.isEmpty else { return }
            try documents.seal()
            let base = try connection.first("SELECT next FROM chunk_sequence") { $0.int64(0) } ?? 1
            var next = base
            for (source, chunks, isWhole) in sources {
                try connection.run("DELETE FROM chunks WHERE source_key = ?", source)
                try SourceWriter.writeChunks(chunks, source: source, firstChunk: next, on: connection)
                try connection.run(
                    "UPDATE sources SET first_chunk = ?, chunk_count = ? WHERE key = ?",
                    chunks.isEmpty ? Int64?.none : next, chunks.count, source)
                try index.renumber(source: source, firstChunk: isWhole && !chunks.isEmpty ? next : nil, on: connection)
                next += Int64(chunks.count)
            }
            try documents.write(base: base, sources: sources.map { ($0.key, $0.chunks.count) }, on: connection)
            try connection.run("UPDATE chunk_sequence SET next = ?", next)
            written += Int(next - base)
            bytes = 0
            sources = []
            documents = index.makeBatch(for: twin)
        }
    }

    /// Removes rows whose owner is gone and texts that no source has. Answers how many.
    package func leftovers() throws -> Int {
        try database.write { connection in
            let removed = try connection.removeOrphans()
            try connection.run("DELETE FROM texts WHERE NOT EXISTS (SELECT 1 FROM sources WHERE text_key = texts.key)")
            return removed + connection.changes
        }
    }
}
