import TwinDatabase
import TwinHTTP
import TwinSupport

/// One document of a twin, wherever it came from, with the state of its reading.
package struct Source: Sendable, Equatable {
    /// Where it came from, which decides how it is read again.
    package enum Kind: String, Sendable, CaseIterable {
        case file, url, youtube, podcast, x
        /// Bytes that came through a pipe or an upload, known by the name they were given.
        case stream
    }

    /// Where a source stands, in the words of the studio contract.
    package enum Status: String, Sendable, CaseIterable {
        case pending, processing
        /// It can be asked.
        case live
        /// It could not be read and has no text.
        case error
        /// Its newest bytes could not be read; what was read before still answers.
        case needsAttention = "needs_attention"
    }

    /// How good what was read of it is; `status` says how far the reading is.
    package enum Health: String, Sendable, CaseIterable {
        case healthy
        case needsAttention = "needs_attention"
        case failed
    }

    package let key: Int64
    package let id: String
    package let tenantID: String
    package let twinKey: Int64
    package let twinID: String
    package var kind: Kind
    /// What makes it the same source next time: an absolute path, an address, or the name given to a stream. It may tell of this
    /// machine's folders: others than the operator are shown `publicLocator`.
    package var locator: String
    package var name: String
    /// The document's own, or the one that it was given; nil until it is read.
    package var title: String?
    /// The reader's name for it, nil until it is read, as all that only its content says.
    package var format: String?
    package var author: String?
    /// As the document states it.
    package var language: String?
    /// As the document writes it, mostly YYYY-MM-DD.
    package var publishedAt: String?
    /// Where a person finds it, as stated by whoever added it; nil leaves `locator`.
    package var citationURL: String?
    package var metadata: JSONObject
    package var status: Status
    package var health: Health
    /// Why the last reading failed; nil after one that did not.
    package var error: String?
    /// Rises each time that its text is replaced or taken away; 0 before the first was read.
    package var version: Int
    /// Nil while it has no text.
    package var textKey: Int64?
    /// SHA-256 of the extracted text in hexadecimal; none while it has no text.
    package var contentHash: String?
    /// The length of the extracted text in bytes of UTF-8.
    package var textBytes: Int
    /// The chunks' keys are the `chunkCount` numbers from here; nil while it has none.
    package var firstChunk: Int64?
    package var chunkCount: Int
    /// In bytes, of what was read; nil where that is not known.
    package var fileSize: Int?
    package let createdAt: Timestamp
    package var updatedAt: Timestamp

    static let columns = """
        key, id, tenant_id, twin_key, kind, locator, name, title, format, author, language, published_at, citation_url,
        metadata, status, health, error, version, text_key, text_bytes, first_chunk, chunk_count, file_size, created_at,
        updated_at, (SELECT id FROM twins WHERE key = twin_key), (SELECT lower(hex(sha256)) FROM texts WHERE key = text_key)
        """

    init(_ row: Row) throws {
        try row.check(columns: 27)
        key = row.int64(0)
        id = row.text(1)
        tenantID = row.text(2)
        twinKey = row.int64(3)
        kind = try row.value(4)
        locator = row.text(5)
        name = row.text(6)
        title = row.optionalText(7)
        format = row.optionalText(8)
        author = row.optionalText(9)
        language = row.optionalText(10)
        publishedAt = row.optionalText(11)
        citationURL = row.optionalText(12)
        metadata = try row.object(13)
        status = try row.value(14)
        health = try row.value(15)
        error = row.optionalText(16)
        version = row.int(17)
        textKey = row.optionalInt(18).map(Int64.init)
        textBytes = row.int(19)
        firstChunk = row.optionalInt(20).map(Int64.init)
        chunkCount = row.int(21)
        fileSize = row.optionalInt(22)
        createdAt = try row.requiredTimestamp(23)
        updatedAt = try row.requiredTimestamp(24)
        twinID = row.text(25)
        contentHash = row.optionalText(26)
    }

    /// Where it can be fetched from; none for files and streams.
    package var fileURL: String? {
        switch kind {
        case .url, .youtube, .podcast, .x: locator
        case .file, .stream: nil
        }
    }
    /// Where it is from, without the folder of this machine that a file was read from.
    package var publicLocator: String { kind == .file ? name : locator }
    /// What a reader is shown as its name.
    package var displayTitle: String { title ?? name }
}

extension Source {
    /// A message about the source that does not say which folder of this machine it was read from.
    package func withoutPath(_ message: String) -> String { message.replacing(locator, with: publicLocator) }
}

/// A line of a source's log.
package struct SourceLog: Sendable, Equatable {
    /// How much a line matters.
    package enum Level: String, Sendable { case info, warning, error }

    package let key: Int64
    package let twinID: String
    package let sourceID: String
    package let level: Level
    package let message: String
    package let metadata: JSON
    package let createdAt: Timestamp
}
