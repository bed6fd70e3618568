import TwinDatabase
import TwinReaders
import TwinSupport

/// What is known of a source before it is read again.
struct SourceState: Sendable {
    var key: Int64
    var id: String
    var locator: String
    var name: String
    var version: Int
    var status: Source.Status
    var contentHash: [UInt8]?
    var failedHash: [UInt8]?
    var fileIdentity: String?
    var readerVersion: Int
    var etag: String?
    var lastModified: String?
    var error: String?
    var textBytes: Int
    var chunkCount: Int
    /// Tells sources of one locator apart.
    var variant: String
    /// What the run that goes on here has made of it before; none in any other run.
    var written: IngestItem.Outcome?

    static let columns = """
        key, id, version, status, content_hash, failed_hash, file_identity, reader_version, etag, last_modified, error,
        text_bytes, chunk_count, variant, locator, name
        """

    init(_ row: Row) throws {
        try row.check(columns: 16)
        key = row.int64(0)
        id = row.text(1)
        version = row.int(2)
        status = try row.value(3)
        contentHash = row.optionalBytes(4)
        failedHash = row.optionalBytes(5)
        fileIdentity = row.optionalText(6)
        readerVersion = row.int(7)
        etag = row.optionalText(8)
        lastModified = row.optionalText(9)
        error = row.optionalText(10)
        textBytes = row.int(11)
        chunkCount = row.int(12)
        variant = row.text(13)
        locator = row.text(14)
        name = row.text(15)
    }

    /// The source that has the locator for somebody with this clearance, or that is `target`; none when there is none, or all are
    /// hidden from them.
    static func find(
        of twin: Twin, locator: String, for clearance: Clearance, target: String? = nil, on connection: Connection
    ) throws -> SourceState? {
        try connection.first(
            """
            SELECT \(columns)
            FROM sources WHERE twin_key = ?1 AND locator = ?2 AND (id = ?4 OR \(Visibility.condition(.source, "sources", for: "?3")))
            ORDER BY id IS ?4 DESC, variant LIMIT 1
            """, twin.key, locator, clearance.groupKey(in: twin), target, map: SourceState.init)
    }

    /// Whether it has had a text at all. It has none now where its file was emptied.
    var hadText: Bool { version > 0 }
    var hasText: Bool { chunkCount > 0 }

    /// What a run that began at `start` made of it; none when the source is older.
    func written(since start: Timestamp, on connection: Connection) throws -> IngestItem.Outcome? {
        try connection.first(
            "SELECT created_at >= ?2 FROM sources WHERE key = ?1 AND updated_at >= ?2", key, start
        ) { $0.int(0) == 1 ? .added : .updated }
    }

    /// The variant of a new source: none where the locator is free, else its own id, because whoever has the locator is hidden
    /// from the caller.
    static func freeVariant(
        of twin: Twin, locator: String, id: String, on connection: Connection
    ) throws -> String {
        let isTaken = try connection.first(
            "SELECT 1 FROM sources WHERE twin_key = ? AND locator = ? LIMIT 1", twin.key, locator, map: { _ in true })
        return isTaken == true ? id : ""
    }
}

/// Where a source's bytes came from, with what is remembered for the next time.
struct SourceOrigin: Sendable {
    var kind: Source.Kind
    var locator: String
    var name: String
    var size: Int?
    var identity: String?
    var citationURL: String?
    var etag: String?
    var lastModified: String?
}

/// A source that was read and is ready to be written.
struct PreparedSource: Sendable {
    enum Content: Sendable {
        case document(PreparedDocument)
        /// The bytes are those that are stored; only what identifies them is new.
        case sameBytes
        /// It could not be read. `hash` is of bytes that need not be tried again.
        case failure(TwinError, hash: [UInt8]?)
        /// It was read and holds no text now, so that what it held before must not answer any more.
        case emptied(TwinError, hash: [UInt8])
    }

    var origin: SourceOrigin
    /// The source as it was when reading began.
    var state: SourceState?
    var content: Content
    /// Given by the caller: it wins over what the document says.
    var title: String?
    var metadata: JSONObject
    /// The source, at another path, that these bytes belonged to until now; `state` is then its.
    var movedFrom: SourceState?
    /// A source without a text that stands for this one under the address it was asked for.
    var placeholder: SourceState?
    /// Written only when the source is still there.
    var updatesOnly = false
}

/// The text of a source in chunks, with the hashes that tell whether anything changed.
struct PreparedDocument: Sendable {
    var document: ExtractedDocument
    var format: String
    var chunks: [Chunk]
    /// SHA-256 of the bytes as they were read.
    var contentHash: [UInt8]
    /// SHA-256 of the extracted text.
    var textHash: [UInt8]
}
