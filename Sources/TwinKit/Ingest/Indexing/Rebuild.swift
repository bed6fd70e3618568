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
            let stored = try connection.first(
                "SELECT coalesce(s.title, s.name), t.content FROM sources s JOIN texts t ON t.key = s.text_key WHERE s.key = ?",
                source.key, map: { ($0.text(0), $0.text(1)) })
            guard let (title, text) = stored else {
                throw TwinError(.notFound, "the source has no text: \(source.error ?? "it was not read yet")")
            }
            let chunks = try connection.rows(
                "SELECT \(StoredHeadings.chunkColumns) FROM chunks WHERE source_key = ? ORDER BY key", source.key,
                map: StoredHeadings.chunk)
            try index.remove(chunks, of: twin, title: title, text: text, on: connection)
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
            guard
                let (title, text) = try connection.first(
                    "SELECT coalesce(s.title, s.name), t.content FROM sources s JOIN texts t ON t.key = s.text_key WHERE s.key = ?",
                    source, map: { ($0.text(0), $0.text(1)) })
            else { return }
            let stored = try connection.rows(
                "SELECT \(StoredHeadings.chunkColumns) FROM chunks WHERE source_key = ? ORDER BY key", source,
                map: StoredHeadings.chunk)
            // What is not a range of the text cannot be indexed; it is what a damaged database is mended of.
            let chunks = stored.map(\.chunk).filter { $0.range.upperBound <= text.utf8.count && !$0.range.isEmpty }
            documents.add(chunks, title: title, text: text)
            sources.append((source, chunks, chunks.count == stored.count))
            bytes += text.utf8.count
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
            var removed = 0
            var found = 0
            // Until nothing is found: removing a row may leave others behind.
            repeat {
                found = 0
                for reference in try references(connection) {
                    try connection.execute(
                        """
                        DELETE FROM "\(reference.child)" WHERE "\(reference.column)" IS NOT NULL
                        AND NOT EXISTS (SELECT 1 FROM "\(reference.parent)" p WHERE p."\(reference.key)" = "\(reference.child)"."\(reference.column)")
                        """)
                    found += connection.changes
                }
                removed += found
            } while found > 0
            try connection.run("DELETE FROM texts WHERE NOT EXISTS (SELECT 1 FROM sources WHERE text_key = texts.key)")
            return removed + connection.changes
        }
    }

    /// A column whose values must be keys of another table's rows.
    private struct Reference {
        var child: String
        var column: String
        var parent: String
        var key: String
    }

    /// The references that the schema itself declares, of a single column each.
    private func references(_ connection: Connection) throws -> [Reference] {
        try connection.rows(
            """
            SELECT t.name, f."from", f."table", coalesce(f."to", 'key')
            FROM sqlite_schema t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table' ORDER BY t.name, f.id
            """
        ) { Reference(child: $0.text(0), column: $0.text(1), parent: $0.text(2), key: $0.text(3)) }
    }
}
