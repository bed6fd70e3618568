import TwinDatabase
import TwinHTTP
import TwinSupport

#if canImport(Glibc)
    import Glibc
#endif

/// Documents that are announced first and sent afterwards, to an address that is signed for one of them: whoever has it may
/// send that document, once and until it expires, and nothing else.
///
/// A document is a source from the beginning: `pending` until it is processed, so that it has its id and is seen. What was
/// received waits in a file beside the database, readable by its owner alone, and goes with the processing.
package struct DocumentUploads: Sendable {
    static let sql = """
        CREATE TABLE document_uploads (
            source_key INTEGER PRIMARY KEY REFERENCES sources (key) ON DELETE CASCADE,
            filename TEXT NOT NULL,
            content_type TEXT NOT NULL,
            -- Names the signed address that counts: a later one makes it void.
            nonce TEXT NOT NULL,
            maximum_bytes INTEGER NOT NULL,
            expires_at TEXT NOT NULL,
            received_at TEXT,
            process_began_at TEXT
        ) STRICT;
        """

    let database: Database
    /// Greatest size of a document in bytes.
    let maximumBytes: Int

    /// Seconds for which an address is good.
    private static let lifetime = 3_600.0
    private static let secretName = "upload_signature"

    /// A place for a document, and what has to be sent along to fill it.
    package struct Slot: Sendable {
        package var documentID: String
        /// Until when the document has to have come in whole.
        package var expiresAt: Timestamp
        /// The query of the signed address.
        package var query: String
    }

    /// Where a document stands between its announcement and its processing.
    package enum State: String, Sendable { case pending, uploaded, processing }

    // MARK: Announcing

    /// Makes room for a document. A source of this name keeps what it says until the new document is processed. Throws
    /// `TwinError`.
    package func announce(
        _ filename: String, contentType: String, for twin: Twin, clearance: Clearance
    ) throws -> Slot {
        let name = try Ingestion.checkedName(filename)
        let expires = Clock.now.adding(seconds: Self.lifetime)
        let nonce = Base64.url.encode(Crypto.random(count: 12))
        return try database.write { connection in
            let (key, id) = try SourceReservation.makeUpload(name, in: twin, for: clearance, on: connection)
            unlink(path(id))
            try connection.run(
                """
                INSERT OR REPLACE INTO document_uploads (source_key, filename, content_type, nonce, maximum_bytes, expires_at)
                VALUES (?, ?, ?, ?, ?, ?)
                """, [key, name, contentType, nonce, maximumBytes, expires] as [any DatabaseConvertible])
            let pass = Pass(
                documentID: id, tenantID: twin.tenantID, expires: expires.milliseconds / 1000, maximumBytes: maximumBytes,
                contentType: contentType, nonce: nonce)
            let signature = try pass.signature(key: try Self.secret(on: connection))
            return Slot(
                documentID: id, expiresAt: expires,
                query: "expires=\(pass.expires)&max=\(maximumBytes)&nonce=\(nonce)&signature=\(signature)")
        }
    }

    /// What a signature vouches for.
    private struct Pass {
        var documentID: String
        var tenantID: String
        /// Seconds since 1970.
        var expires: Int64
        var maximumBytes: Int
        var contentType: String
        var nonce: String

        func signature(key: [UInt8]) throws -> String {
            let message = [documentID, tenantID, String(expires), String(maximumBytes), contentType, nonce].joined(
                separator: "\n")
            return Base64.url.encode(try Crypto.hmacSHA256(key: key, Array(message.utf8)))
        }
    }

    private static func secret(on connection: Connection) throws -> [UInt8] {
        try StoredSecrets.valueOrMade(secretName, on: connection) { Crypto.random(count: 32) }
    }

    // MARK: Receiving

    /// What a request to a signed address brings along.
    package struct Claim: Sendable {
        package var documentID: String
        /// Seconds since 1970, as signed.
        package var expires: Int
        package var maximumBytes: Int
        package var nonce: String
        package var signature: String
        package var contentType: String
    }

    /// Takes a document that is sent to its address. Throws `TwinError`: not permitted for an address that is altered, expired
    /// or of another content type, a conflict for one that was used; 413 for what is larger than was signed for.
    package func receive(_ claim: Claim, _ body: RequestBody) throws {
        let found = try database.read { connection in
            (
                try connection.first(
                    """
                    SELECT u.source_key, u.content_type, u.nonce, u.received_at, s.tenant_id FROM document_uploads u
                        JOIN sources s ON s.key = u.source_key WHERE s.id = ?
                    """, claim.documentID
                ) { ($0.int64(0), $0.text(1), $0.text(2), $0.optionalText(3), $0.text(4)) },
                try StoredSecrets.value(Self.secretName, on: connection)
            )
        }
        guard let (key, contentType, nonce, receivedAt, tenantID) = found.0, let secret = found.1 else { throw Self.refused }
        let pass = Pass(
            documentID: claim.documentID, tenantID: tenantID, expires: Int64(claim.expires), maximumBytes: claim.maximumBytes,
            contentType: contentType, nonce: claim.nonce)
        let right = Array(try pass.signature(key: secret).utf8)
        guard right.count == claim.signature.utf8.count, try Crypto.equal(right, Array(claim.signature.utf8)),
            Clock.now.milliseconds / 1000 < pass.expires, claim.contentType == contentType
        else { throw Self.refused }
        guard nonce == claim.nonce, receivedAt == nil else {
            throw TwinError(.conflict, "this address was used already; ask for another")
        }
        let temporary = try write(body, maximumBytes: claim.maximumBytes, documentID: claim.documentID)
        defer { unlink(temporary) }
        try database.write { connection in
            try connection.run(
                "UPDATE document_uploads SET received_at = ? WHERE source_key = ? AND nonce = ? AND received_at IS NULL",
                Clock.now, key,
                claim.nonce)
            guard connection.changes > 0, rename(temporary, path(claim.documentID)) == 0 else {
                throw TwinError(.conflict, "this address was used already; ask for another")
            }
        }
    }

    private static let refused = TwinError(
        .notPermitted, "this address is not signed for that, or it has expired; ask for another")

    /// Writes the content to a file as it comes; its path.
    private func write(_ body: RequestBody, maximumBytes: Int, documentID: String) throws -> String {
        try AtomicFile.makeFolder(folder)
        let temporary = path(documentID) + "-" + Base64.url.encode(Crypto.random(count: 6))
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw TwinError(.failed, "a document could not be stored") }
        var isWhole = false
        defer {
            close(descriptor)
            if !isWhole { unlink(temporary) }
        }
        var size = 0
        try body.forEachPiece { piece in
            size += piece.count
            guard size <= maximumBytes else {
                throw HTTPError(.contentTooLarge, "the document is larger than \(maximumBytes) bytes")
            }
            var written = 0
            while written < piece.count {
                let count = Glibc.write(descriptor, piece.baseAddress.map { $0 + written }, piece.count - written)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw TwinError(errno == ENOSPC ? .busy : .failed, "a document could not be stored") }
                written += count
            }
        }
        isWhole = true
        return temporary
    }

    private var folder: String { database.path + ".uploads" }
    private func path(_ documentID: String) -> String { folder + "/" + documentID }

    // MARK: Processing

    /// Where announced documents of a twin stand, by their ids; none of those that are processed.
    package func states(of twin: Twin) throws -> [String: State] {
        let rows = try database.read { connection in
            try connection.rows(
                """
                SELECT s.id, u.received_at IS NOT NULL, u.process_began_at IS NOT NULL FROM document_uploads u
                    JOIN sources s ON s.key = u.source_key WHERE s.twin_key = ?
                """, twin.key
            ) { ($0.text(0), $0.bool(1), $0.bool(2)) }
        }
        return Dictionary(rows.map { ($0.0, $0.2 ? .processing : $0.1 ? .uploaded : .pending) }) { first, _ in first }
    }

    /// Queues a received document to be read. Throws `TwinError`: a conflict before it was sent, and while it is read.
    func beginProcessing(_ source: Source, of twin: Twin, enqueue: (Connection) throws -> Void) throws {
        try database.write { connection in
            let state = try connection.first(
                "SELECT received_at, process_began_at FROM document_uploads WHERE source_key = ?", source.key
            ) { ($0.optionalText(0), $0.optionalText(1)) }
            guard let (received, began) = state else {
                throw TwinError(.conflict, "nothing was uploaded for this document since it was processed")
            }
            guard received != nil else { throw TwinError(.conflict, "the document has not been uploaded yet") }
            guard began == nil else { throw TwinError(.conflict, "the document is being processed already") }
            try connection.run("UPDATE document_uploads SET process_began_at = ? WHERE source_key = ?", Clock.now, source.key)
            try SourceReservation.resume(source.id, on: connection)
            try enqueue(connection)
        }
    }

    /// The file and the name of a document that is to be read.
    func received(_ source: Source) throws -> (path: String, filename: String) {
        let name = try database.read { connection in
            try connection.first(
                "SELECT filename FROM document_uploads WHERE source_key = ? AND received_at IS NOT NULL", source.key
            ) { $0.text(0) }
        }
        guard let name else { throw TwinError(.gone, "the uploaded document is gone") }
        return (path(source.id), name)
    }

    /// The document was read, or can never be: its file goes.
    func finish(_ source: Source) throws {
        try database.write { try $0.run("DELETE FROM document_uploads WHERE source_key = ?", source.key) }
        unlink(path(source.id))
    }
}
