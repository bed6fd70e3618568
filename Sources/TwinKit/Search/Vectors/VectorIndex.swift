import TwinDatabase
import TwinSupport

/// The vectors of a twin's chunks by one model: rows of the database, read and written through the caller's connection,
/// so that a change of them is part of the transaction that changes the texts. A search reads all of them, which finds
/// exactly what is nearest; the value keeps nothing in memory.
package struct VectorIndex: Sendable, Equatable {
    /// The twin's key.
    package let twin: Int64
    /// What the embedding model is called. Vectors of another model are another index.
    package let model: String

    package init(twin: Int64, model: String) {
        self.twin = twin
        self.model = model
    }

    /// The row of `vector_sets`.
    private struct Stored {
        var key: Int64
        var dimension: Int
    }

    private func stored(_ connection: Connection) throws -> Stored? {
        try connection.first("SELECT key, dimension FROM vector_sets WHERE twin_key = ? AND model = ?", twin, model) {
            Stored(key: $0.int64(0), dimension: $0.int(1))
        }
    }

    /// How far the twin's chunks have vectors of this model.
    package struct Statistics: Sendable, Equatable {
        /// Chunks with a vector.
        package var chunks: Int
        /// Chunks that the twin's sources have.
        package var total: Int
        /// Numbers a vector; none before the first.
        package var dimension: Int?
    }

    /// Read from the counts of sources and blocks. In the caller's transaction; throws `DatabaseError`.
    package func statistics(on connection: Connection) throws -> Statistics {
        let total = try connection.first(
            "SELECT COALESCE(SUM(chunk_count), 0) FROM sources WHERE twin_key = ? AND first_chunk IS NOT NULL", twin
        ) { $0.int(0) }
        let set = try stored(connection)
        let chunks = try set.flatMap { set in
            try connection.first("SELECT COALESCE(SUM(count), 0) FROM vector_blocks WHERE set_key = ?", set.key) {
                $0.int(0)
            }
        }
        return Statistics(chunks: chunks ?? 0, total: total ?? 0, dimension: set?.dimension)
    }

    // MARK: Changes

    /// Stores the vectors of consecutive chunks of one source, the first being `firstChunk`. A source is filled from
    /// its first chunk on: see `missing`. Throws `TwinError` for a vector without a direction, for a dimension that is
    /// not the one that this model's vectors have had, and when the chunks are not those that the source lacks next.
    package func append(_ vectors: [[Float]], firstChunk: Int64, source: Int64, on connection: Connection) throws {
        guard let dimension = vectors.first?.count else { return }
        let quantized = try vectors.map { vector in
            guard vector.count == dimension, let quantized = QuantizedVector(vector) else {
                throw TwinError(
                    .upstream, "the embedding model \(model) gave a vector without a direction or of another length")
            }
            return quantized
        }
        let set = try stored(connection) ?? create(dimension: dimension, on: connection)
        guard set.dimension == dimension else {
            throw TwinError(
                .conflict,
                "the embedding model \(model) now gives \(dimension) numbers a vector and gave \(set.dimension) before; "
                    + "embed again with: twin rebuild --embeddings")
        }
        let next = try connection.first(
            """
            SELECT s.first_chunk + (SELECT COALESCE(SUM(count), 0) FROM vector_blocks WHERE source_key = s.key AND set_key = ?2),
                s.first_chunk + s.chunk_count
            FROM sources s WHERE s.key = ?1 AND s.twin_key = ?3 AND s.first_chunk IS NOT NULL
            """, source, set.key, twin
        ) { $0.int64(0)..<max($0.int64(0), $0.int64(1)) }
        guard let next, next.lowerBound == firstChunk, next.count >= vectors.count else {
            throw TwinError(.conflict, "the source changed while it was being embedded; its new text will be embedded instead")
        }
        for start in stride(from: 0, to: quantized.count, by: VectorBlock.maximumCount) {
            let block = quantized[start..<min(start + VectorBlock.maximumCount, quantized.count)]
            try connection.run(
                "INSERT INTO vector_blocks (set_key, source_key, first_chunk, count, data) VALUES (?, ?, ?, ?, ?)", set.key,
                source,
                firstChunk + Int64(start), block.count, VectorBlock.encode(block, dimension: dimension))
        }
    }

    /// No model in use has more.
    package static let maximumDimension = 16_384

    private func create(dimension: Int, on connection: Connection) throws -> Stored {
        guard (1...Self.maximumDimension).contains(dimension) else {
            throw TwinError(.upstream, "the embedding model \(model) gave vectors of \(dimension) numbers")
        }
        try connection.run(
            "INSERT INTO vector_sets (twin_key, model, dimension, created_at) VALUES (?, ?, ?, ?)", twin, model, dimension,
            Clock.now)
        return Stored(key: connection.lastInsertedKey, dimension: dimension)
    }

    /// Takes away the vectors of a source, of all models: for when its text is replaced. Those of a source that is
    /// deleted go with its row.
    package static func delete(source: Int64, on connection: Connection) throws {
        try connection.run("DELETE FROM vector_blocks WHERE source_key = ?", source)
    }

    /// Takes away the vectors of these chunks, of all models: for when their source's text is replaced.
    package static func delete(chunks: Range<Int64>, of twin: Int64, on connection: Connection) throws {
        try connection.run(
            """
            DELETE FROM vector_blocks
            WHERE set_key IN (SELECT key FROM vector_sets WHERE twin_key = ?) AND first_chunk >= ? AND first_chunk < ?
            """, twin, chunks.lowerBound, chunks.upperBound)
    }

    /// Follows a source whose chunks have got new keys from `firstChunk` on while their texts stayed. Keys are never used
    /// twice, so the new ones do not meet the old.
    package static func move(source: Int64, firstChunk: Int64, on connection: Connection) throws {
        guard
            let old = try connection.first(
                "SELECT MIN(first_chunk) FROM vector_blocks WHERE source_key = ? HAVING COUNT(*) > 0", source,
                map: { $0.int64(0) })
        else { return }
        try connection.run(
            "UPDATE vector_blocks SET first_chunk = first_chunk + ? WHERE source_key = ?", firstChunk - old, source)
    }

    /// Removes this model's vectors of the sources that have a block which cannot be read or is not of their chunks, so that
    /// they are embedded anew.
    package func removeDamaged(on connection: Connection) throws {
        guard let set = try stored(connection) else { return }
        try connection.run(
            """
            DELETE FROM vector_blocks WHERE set_key = ?1 AND source_key IN (
                SELECT b.source_key FROM vector_blocks b JOIN sources s ON s.key = b.source_key
                WHERE b.set_key = ?1 AND (b.count < 1 OR b.count > ?2 OR length(b.data) <> b.count * (4 + ?3)
                    OR s.first_chunk IS NULL OR b.first_chunk < s.first_chunk
                    OR b.first_chunk + b.count > s.first_chunk + s.chunk_count))
            """, set.key, VectorBlock.maximumCount, set.dimension)
    }

    /// Whether there is any vector of this model.
    package func isEmpty(on connection: Connection) throws -> Bool {
        guard let set = try stored(connection) else { return true }
        return try connection.first("SELECT 1 FROM vector_blocks WHERE set_key = ? LIMIT 1", set.key) { _ in true } == nil
    }

    /// Removes this model's vectors of the twin.
    package func drop(on connection: Connection) throws {
        try connection.run("DELETE FROM vector_sets WHERE twin_key = ? AND model = ?", twin, model)
    }

    /// Removes the vectors of every other model of the twin: for when this one's are complete.
    package func dropOthers(on connection: Connection) throws {
        try connection.run("DELETE FROM vector_sets WHERE twin_key = ? AND model <> ?", twin, model)
    }

    /// Consecutive chunks of one source that have no vector yet.
    package struct Gap: Sendable, Equatable {
        package var source: Int64
        package var chunks: Range<Int64>
    }

    /// What is left to embed, at most `limit` sources of it. Embedding that was interrupted goes on from here.
    package func missing(limit: Int, on connection: Connection) throws -> [Gap] {
        let key = try stored(connection)?.key ?? 0
        return try connection.rows(
            """
            SELECT key, first_chunk + covered, first_chunk + chunk_count FROM (
                SELECT s.key, s.first_chunk, s.chunk_count,
                    (SELECT COALESCE(SUM(count), 0) FROM vector_blocks WHERE source_key = s.key AND set_key = ?2) AS covered
                FROM sources s WHERE s.twin_key = ?1 AND s.first_chunk IS NOT NULL)
            WHERE covered < chunk_count ORDER BY key LIMIT ?3
            """, twin, key, limit
        ) { Gap(source: $0.int64(0), chunks: $0.int64(1)..<$0.int64(2)) }
    }

    // MARK: Searching

    /// The chunks whose vectors point most nearly where `vector` does, at most `limit`: the highest cosine first, among
    /// equal ones the lowest key. Chunks of sources that are not visible are not looked at.
    ///
    /// Empty while the model has no vectors, and for a `vector` without a direction. Throws `DatabaseError`, and
    /// `TwinError` when the vectors are damaged or `vector` has another dimension than they have.
    package func search(
        _ vector: [Float], visible: VisibleSources = .all, limit: Int, on connection: Connection
    ) throws -> [SearchHit] {
        guard limit > 0, let direction = QuantizedVector(vector), let set = try stored(connection) else { return [] }
        guard set.dimension == vector.count else {
            throw TwinError(
                .conflict,
                "the embedding model \(model) gave \(vector.count) numbers where stored vectors have \(set.dimension); "
                    + "embed again with: twin rebuild --embeddings")
        }
        if case .only(let sources) = visible, sources.isEmpty { return [] }
        let query = VectorBlock.Query(direction)
        var top = TopDocuments(limit: limit)
        let sql = "SELECT first_chunk, source_key, count, data FROM vector_blocks WHERE set_key = ? ORDER BY first_chunk"
        try connection.forEach(sql, [set.key]) { row in
            if case .only(let sources) = visible, !sources.contains(row.int64(1)) { return }
            let first = row.int64(0)
            let count = row.int(2)
            try row.withBytes(3) { bytes in
                try VectorBlock.forEachCosine(bytes, count: count, query: query) { index, cosine in
                    let score = Self.ranked(cosine)
                    if score >= top.needed { top.insert(score: score, key: first + Int64(index)) }
                }
            }
        }
        return top.sorted.map { SearchHit(chunk: $0.key, score: Double($0.score) / Self.resolution - 1) }
    }

    /// A cosine as a whole number that orders the same, finer than the vectors themselves.
    @inline(__always)
    private static func ranked(_ cosine: Double) -> UInt32 {
        // A damaged scale may be no number; it then ranks last.
        cosine.isFinite ? UInt32(max(1, min(2.1, cosine + 1) * resolution)) : 1
    }

    private static let resolution = 1e9
}
