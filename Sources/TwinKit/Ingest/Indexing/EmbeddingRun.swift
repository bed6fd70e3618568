import TwinDatabase
import TwinSearch
import TwinSupport

/// Gives vectors to the chunks of a twin that have none. Each batch is stored in a transaction of its own, so a run that was
/// stopped, or whose server went away, loses one batch at the most and the next run goes on after it.
package struct EmbeddingRun {
    let database: Database
    let model: any EmbeddingModel

    package init(database: Database, model: any EmbeddingModel) {
        self.database = database
        self.model = model
    }

    /// How far a run is, in chunks of the twin.
    package struct Progress: Sendable, Equatable {
        package var done: Int
        package var total: Int
    }

    /// Chunks of one batch at the most, and bytes of their texts.
    private static let batchCount = 64
    private static let batchBytes = 192 << 10
    /// Sources that are looked at for one batch.
    private static let batchSources = 64

    /// Consecutive chunks of one source, with what stands for each before the model.
    private struct Piece {
        var source: Int64
        var firstChunk: Int64
        var texts: [String]
    }

    /// Embeds what is missing and answers the number of chunks that got a vector. When nothing is missing any more, the
    /// vectors of other models go. With `replacesDimension`, vectors of the same model that have another dimension than it
    /// gives now are rebuilt; without it they are an error.
    ///
    /// The model is asked outside of any transaction. Throws `ProviderError` when it fails or `isCancelled` answers true,
    /// and `TwinError` or `DatabaseError` when its vectors cannot be stored; what was stored before stays.
    @discardableResult
    package func run(
        _ twin: Int64, replacesDimension: Bool = false, isCancelled: @escaping () -> Bool = { false },
        progress: (Progress) throws -> Void = { _ in }
    ) throws -> Int {
        let index = VectorIndex(twin: twin, model: model.space)
        try database.write { try index.removeDamaged(on: $0) }
        var embedded = 0
        var conflicts = 0
        var limit = Self.batchCount
        while true {
            if isCancelled() {
                throw ProviderError(.cancelled, "the embedding was interrupted; running it again goes on from there")
            }
            let (batch, statistics) = try database.read { connection in
                (try pieces(of: index, limit: limit, on: connection), try index.statistics(on: connection))
            }
            try progress(Progress(done: statistics.chunks, total: statistics.total))
            guard !batch.isEmpty else { break }
            let vectors: [[Float]]
            do {
                vectors = try model.embed(batch.flatMap(\.texts), as: .document, isCancelled: isCancelled)
            } catch let error as ProviderError where error.kind == .timedOut && limit > 1 {
                // A model on a slow or busy machine takes longer for a batch than a request may take.
                limit = max(1, limit / 4)
                continue
            }
            guard let dimension = vectors.first?.count, vectors.count == batch.reduce(0, { $0 + $1.texts.count }) else {
                throw ProviderError(.malformedResponse, "the embedding server's answer has too few vectors")
            }
            let (stored, conflict) = try database.write { connection in
                if replacesDimension, let known = try index.statistics(on: connection).dimension, known != dimension {
                    try index.drop(on: connection)
                    // The pieces may begin in the middle of their sources; those are found again.
                    return (0, nil as TwinError?)
                }
                return try store(vectors, of: batch, in: index, on: connection)
            }
            embedded += stored
            // Another process has changed or embedded these sources meanwhile. That cannot go on for ever.
            conflicts = stored > 0 ? 0 : conflicts + 1
            if let conflict, conflicts > 3 { throw conflict }
            if conflicts > 8 { throw ProviderError(.malformedResponse, "the embedding server changes the length of its vectors") }
        }
        try database.write { connection in
            let statistics = try index.statistics(on: connection)
            if statistics.chunks > 0, statistics.chunks >= statistics.total { try index.dropOthers(on: connection) }
        }
        return embedded
    }

    private func store(
        _ vectors: [[Float]], of batch: [Piece], in index: VectorIndex, on connection: Connection
    ) throws -> (stored: Int, conflict: TwinError?) {
        var next = 0
        var stored = 0
        var conflict: TwinError?
        for piece in batch {
            let own = Array(vectors[extent(next, next + piece.texts.count)])
            next += piece.texts.count
            do {
                try index.append(own, firstChunk: piece.firstChunk, source: piece.source, on: connection)
                stored += own.count
            } catch let error as TwinError where error.kind == .conflict {
                conflict = error
            }
        }
        return (stored, conflict)
    }

    /// The next chunks without a vector, as many as make a batch, `limit` at the most.
    private func pieces(of index: VectorIndex, limit: Int, on connection: Connection) throws -> [Piece] {
        var pieces: [Piece] = []
        var count = 0
        var bytes = 0
        let texts = BlobReader(connection, table: "texts", column: "content")
        for gap in try index.missing(limit: Self.batchSources, on: connection) {
            let left = limit - count
            guard left > 0, bytes < Self.batchBytes else { break }
            let rows = try connection.rows(
                """
                SELECT c.start, c.end, c.headings, coalesce(s.title, s.name), s.text_key
                FROM chunks c JOIN sources s ON s.key = c.source_key
                WHERE c.source_key = ? AND c.key >= ? AND c.key < ? ORDER BY c.key LIMIT ?
                """, gap.source, gap.chunks.lowerBound, gap.chunks.upperBound, left
            ) { row in
                (start: row.int(0), end: row.int(1), headings: row.optionalText(2), title: row.text(3), text: row.int64(4))
            }
            var piece = Piece(source: gap.source, firstChunk: gap.chunks.lowerBound, texts: [])
            for row in rows {
                guard bytes < Self.batchBytes else { break }
                let body = try texts.bytes(key: row.text, range: extent(row.start, row.end)) ?? []
                // Title and headings say what a chunk is about that speaks of "it".
                let headings = row.headings.map { String($0.map { $0 == "\u{1F}" ? " " : $0 }) }
                let parts = [row.title, headings, String(decoding: body, as: UTF8.self)].compactMap(\.self)
                let text = parts.filter { !$0.isEmpty }.joined(separator: "\n")
                piece.texts.append(text)
                bytes += text.utf8.count
                count += 1
            }
            // Chunks that the source counts and that are not there: 'twin doctor' finds that, and it is not for here.
            if !piece.texts.isEmpty { pieces.append(piece) }
        }
        return pieces
    }
}
