import TwinDatabase

/// What retrieval asks of the index and of the stored texts, within one view of the database.
protocol ChunkCollection {
    /// Chunks that can be found by anybody, and their mean length in words.
    var chunkCount: Int { get }
    var averageLength: Double { get }
    /// The parameters of the ranking function.
    var scoring: ScoringSettings { get }
    /// The best chunks, the best first, of equal ones the lowest key first.
    func search(_ query: Query, limit: Int) throws -> [SearchHit]
    /// How many chunks have each term.
    func documentFrequencies(of terms: [String]) throws -> [Int]
    /// A chunk's text in UTF-8, none when it is gone.
    func text(of chunk: Int64) throws -> [UInt8]?
}

/// A twin's chunks as they are stored, seen through what the caller may read.
struct IndexedChunks: ChunkCollection {
    let index: SearchIndex
    let visible: VisibleSources
    let connection: Connection
    let chunkCount: Int
    let averageLength: Double
    private let texts: BlobReader

    /// The connection must be in a transaction while the value is used.
    init(_ index: SearchIndex, visible: VisibleSources, connection: Connection) throws {
        self.index = index
        self.visible = visible
        self.connection = connection
        let statistics = try index.statistics(on: connection)
        chunkCount = statistics.chunks
        averageLength = statistics.averageLength
        texts = BlobReader(connection, table: "texts", column: "content")
    }

    var scoring: ScoringSettings { index.settings }

    func search(_ query: Query, limit: Int) throws -> [SearchHit] {
        try index.search(query, visible: visible, limit: limit, on: connection)
    }

    func documentFrequencies(of terms: [String]) throws -> [Int] {
        try index.documentFrequencies(of: terms, on: connection)
    }

    func text(of chunk: Int64) throws -> [UInt8]? {
        let place = try connection.first(
            """
            SELECT sources.text_key, chunks.start, chunks.end FROM chunks JOIN sources ON sources.key = chunks.source_key
            WHERE chunks.key = ? AND sources.text_key IS NOT NULL
            """, chunk
        ) { (text: $0.int64(0), start: $0.int(1), end: $0.int(2)) }
        guard let place, place.start >= 0, place.start <= place.end else { return nil }
        return try texts.bytes(key: place.text, range: place.start..<place.end)
    }
}
