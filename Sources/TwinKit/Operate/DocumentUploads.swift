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
/// received waits in a file beside the database, readable by its owner alone, and goes with the processing. With a bucket it is sent
/// there, past this server, and fetched to be processed.
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

    /// Where a document waits that is sent to a bucket.
    static let buckets = "ALTER TABLE document_uploads ADD COLUMN object TEXT;"
    /// The names of what waits in the bucket, as SQL.
    package static let namedFiles = "SELECT object FROM document_uploads WHERE object IS NOT NULL"

    let database: Database
    /// Greatest size of a document in bytes.
    let maximumBytes: Int
    /// Where documents are sent; none for this server.
    let bucket: BucketStore?

    package init(database: Database, maximumBytes: Int, bucket: BucketStore? = nil) {
        self.database = database
        self.maximumBytes = maximumBytes
        self.bucket = bucket
    }

    /// Seconds for which an address is good.
    private static let lifetime = 3_600.0
    private static let secretName = "upload_signature"

    /// A place for a document, and what has to be sent along to fill it.
    package struct Slot: Sendable {
        package var documentID: String
        /// Until when the document has to have come in whole.
        package var expiresAt: Timestamp
        package var target: Target

        package enum Target: Sendable {
            /// This server, with this query.
            case server(query: String)
            /// A whole address of somebody else.
            case address(String)
        }
    }

    /// Where a document stands between its announcement and its processing.
    package enum State: String, Sendable { case pending, uploaded, processing }

    // MARK: Announcing

    /// Makes room for a document. A source of this name keeps what it says until the new document is processed. `contentType` is
    /// without parameters; `header` is how the sender writes it, which a bucket takes to the letter. Throws `TwinError`.
    package func announce(
        _ filename: String, contentType: String, header: String, for twin: Twin, clearance: Clearance
    ) throws -> Slot {
        let name = try Ingestion.checkedName(filename)
        guard header.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw TwinError(.invalid, "a content type has no other characters than those of ASCII")
        }
        let expires = Clock.now.adding(seconds: Self.lifetime)
        let nonce = Base64.url.encode(Crypto.random(count: 12))
        return try database.write { connection in
            let (key, id) = try SourceReservation.makeUpload(name, in: twin, for: clearance, on: connection)
            unlink(path(id))
            let object = bucket == nil ? nil : "uploads/\(id)/\(nonce)"
            try connection.run(
                """
                INSERT OR REPLACE INTO document_uploads (source_key, filename, content_type, nonce, maximum_bytes, expires_at, object)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """, [key, name, contentType, nonce, maximumBytes, expires, object] as [any DatabaseConvertible])
            if let bucket, let object {
                try StoredFiles.note(object, in: bucket.address, on: connection)
                let address = try bucket.uploadAddress(path: object, mediaType: header, seconds: Int(Self.lifetime))
                return Slot(documentID: id, expiresAt: expires, target: .address(address))
            }
            let pass = Pass(
                documentID: id, tenantID: twin.tenantID, expires: expires.milliseconds / 1000, maximumBytes: maximumBytes,
                contentType: contentType, nonce: nonce)
            let signature = try pass.signature(key: try Self.secret(on: connection))
            return Slot(
                documentID: id, expiresAt: expires,
                target: .server(
                    query: "expires=\(pass.expires)&max=\(maximumBytes)&nonce=\(nonce)&signature=\(signature)"))
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
        /// The size that the address was signed for.
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
                        JOIN sources s ON s.key = u.source_key WHERE s.id = ? AND u.object IS NULL
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
            throw TwinError(.conflict, "this address has already been used; ask for another")
        }
        let temporary = try write(maximumBytes: claim.maximumBytes, documentID: claim.documentID) { append in
            try body.forEachPiece { try append($0) }
        }
        defer { unlink(temporary) }
        try database.write { connection in
            try connection.run(
                "UPDATE document_uploads SET received_at = ? WHERE source_key = ? AND nonce = ? AND received_at IS NULL",
                Clock.now, key,
                claim.nonce)
            guard connection.changes > 0, rename(temporary, path(claim.documentID)) == 0 else {
                throw TwinError(.conflict, "this address has already been used; ask for another")
            }
        }
    }

    private static let refused = TwinError(
        .notPermitted, "this address is not signed for that, or it has expired; ask for another")

    /// Writes the content to a file as it comes; its path.
    private func write(
        maximumBytes: Int, documentID: String, _ produce: (_ append: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
    ) throws -> String {
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
        try produce { piece in
            size += piece.count
            guard size <= maximumBytes else { throw Self.tooLarge(maximumBytes) }
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

    private static func tooLarge(_ maximumBytes: Int) -> HTTPError {
        HTTPError(.contentTooLarge, "the document is larger than \(maximumBytes) bytes")
    }

    // MARK: Receiving by a bucket

    /// Documents that the bucket is asked about for one list, so that a list is answered soon.
    private static let maximumQuestions = 10

    /// Notes which documents have come to the bucket since; it tells nobody by itself. What cannot be asked now is asked the next
    /// time.
    private func noteArrivals(of twin: Twin) throws {
        guard let bucket else { return }
        let waiting = try database.read { connection in
            try connection.rows(
                """
                SELECT u.source_key, u.object FROM document_uploads u JOIN sources s ON s.key = u.source_key
                WHERE s.twin_key = ? AND u.object IS NOT NULL AND u.received_at IS NULL AND u.expires_at > ?
                ORDER BY u.expires_at DESC LIMIT ?
                """, twin.key, Clock.now.adding(seconds: -Self.lifetime), Self.maximumQuestions
            ) { (key: $0.int64(0), object: $0.text(1)) }
        }
        for (key, object) in waiting {
            // A bucket that is away is asked once.
            guard let found = try? bucket.has(path: object) else { return }
            if found { try noteArrival(key, object) }
        }
    }

    private func noteArrival(_ key: Int64, _ object: String) throws {
        try database.write { connection in
            try connection.run(
                "UPDATE document_uploads SET received_at = ? WHERE source_key = ? AND object = ? AND received_at IS NULL",
                Clock.now, key, object)
        }
    }

    /// Looks into the bucket for a document that is to be processed. Throws `TwinError` (`conflict`) where it has not come, and 413
    /// for one that is too large, which goes again.
    private func requireArrival(of source: Source) throws {
        let found = try database.read { connection in
            try connection.first(
                "SELECT object, maximum_bytes FROM document_uploads WHERE source_key = ? AND process_began_at IS NULL", source.key
            ) { (object: $0.optionalText(0), maximum: $0.int(1)) }
        }
        guard let found, let object = found.object else { return }
        let bucket = try requiredBucket()
        guard let size = try bucket.open(path: object)?.size else { return }
        guard size <= found.maximum else {
            try bucket.remove(path: object)
            throw Self.tooLarge(found.maximum)
        }
        try noteArrival(source.key, object)
    }

    private func requiredBucket() throws -> BucketStore {
        guard let bucket else {
            throw TwinError(
                .notConfigured,
                "the document waits in a bucket that is not configured any more; set storage.s3.url, or send it anew")
        }
        return bucket
    }

    private var folder: String { database.path + ".uploads" }
    private func path(_ documentID: String) -> String { folder + "/" + documentID }

    // MARK: Processing

    /// Where announced documents of a twin stand, by their ids; none of those that are processed.
    package func states(of twin: Twin) throws -> [String: State] {
        try noteArrivals(of: twin)
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
        try requireArrival(of: source)
        try database.write { connection in
            let state = try connection.first(
                "SELECT received_at, process_began_at FROM document_uploads WHERE source_key = ?", source.key
            ) { ($0.optionalText(0), $0.optionalText(1)) }
            guard let (received, began) = state else {
                throw TwinError(.conflict, "nothing was uploaded for this document since it was processed")
            }
            guard received != nil else { throw TwinError(.conflict, "the document has not been uploaded yet") }
            guard began == nil else { throw TwinError(.conflict, "the document is already being processed") }
            try connection.run("UPDATE document_uploads SET process_began_at = ? WHERE source_key = ?", Clock.now, source.key)
            try SourceReservation.resume(source.id, on: connection)
            try enqueue(connection)
        }
    }

    /// The file and the name of a document that is to be read. One that waits in the bucket is fetched first.
    func received(_ source: Source) throws -> (path: String, filename: String) {
        let found = try database.read { connection in
            try connection.first(
                """
                SELECT filename, object, maximum_bytes FROM document_uploads WHERE source_key = ? AND received_at IS NOT NULL
                """, source.key
            ) { (name: $0.text(0), object: $0.optionalText(1), maximum: $0.int(2)) }
        }
        guard let (name, object, maximum) = found else { throw TwinError(.gone, "the uploaded document is gone") }
        let path = path(source.id)
        if let object, !FileContents.exists(path) {
            guard let stored = try requiredBucket().open(path: object) else {
                throw TwinError(.gone, "the uploaded document is gone from the bucket")
            }
            let temporary = try write(maximumBytes: maximum, documentID: source.id) { try stored.read($0) }
            defer { unlink(temporary) }
            guard rename(temporary, path) == 0 else { throw TwinError(.failed, "a document could not be stored") }
        }
        return (path, name)
    }

    /// The document was read, or can never be: its file goes.
    func finish(_ source: Source) throws {
        let object = try database.write { connection in
            let object = try connection.first("SELECT object FROM document_uploads WHERE source_key = ?", source.key) {
                $0.optionalText(0)
            }
            try connection.run("DELETE FROM document_uploads WHERE source_key = ?", source.key)
            return object ?? nil
        }
        unlink(path(source.id))
        // Where the bucket is away now, the storage's own cleaning takes it later.
        if let object { try? bucket?.remove(path: object) }
    }

    // MARK: Cleaning

    /// Seconds after which what is on its way in was left by somebody who was killed.
    private static let patience = 86_400.0

    /// Removes files whose document was deleted, and what was left half-way.
    package func sweep(now: Timestamp = Clock.now) throws {
        let files = FolderListing.files(folder)
        guard !files.isEmpty else { return }
        let known = try database.read { connection in
            Set(
                try connection.rows("SELECT s.id FROM document_uploads u JOIN sources s ON s.key = u.source_key") { $0.text(0) })
        }
        // A row is there before its file. Longer names are of what is being written.
        for file in files where !known.contains(file.name) {
            if Identifier.isValid(file.name) || file.isOlder(than: Self.patience, now: now) { unlink(folder + "/" + file.name) }
        }
    }
}
