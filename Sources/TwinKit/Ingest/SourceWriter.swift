import TwinDatabase
import TwinReaders
import TwinSupport

/// What rooms above do when the source with the first id goes because the one with the second takes its place, before it goes and
/// in the same transaction: who waits for the first then waits for the second.
package typealias SourceReplacement = @Sendable (_ id: String, _ successor: String, _ connection: Connection) throws -> Void

/// Writes prepared sources: rows, text, chunks, index, permissions and log change in one transaction, so that whoever
/// reads, and whoever finds the file after a crash, sees each source either as it was or as it is.
struct SourceWriter {
    let twin: Twin
    let index: any SourceIndex
    /// Whom the audit log names.
    let actor: String?
    /// What the caller may see; the rest is not in their way.
    var clearance = Clearance.everything
    /// As `IngestRequest.target`.
    var target: String?
    var grantsToDefaultGroup = true
    /// Told in the transaction that a source was replaced: see `SourceReplacement`.
    var replaced: SourceReplacement = { _, _, _ in }

    /// What became of one prepared source.
    struct Written {
        var outcome: IngestItem.Outcome
        var sourceID: String?
        var chunkCount: Int
        /// Why it was not written.
        var reason: TwinError?
    }

    /// Writes a batch. `documents` is the index batch that holds the documents of `sources` in their order.
    func write(
        _ sources: [PreparedSource], documents: any SourceIndexBatch, on connection: Connection
    ) throws -> [Written] {
        let groups = try Grants.groupsForNew(
            of: twin, from: clearance, includingDefault: grantsToDefaultGroup, on: connection)
        guard try connection.first("SELECT 1 FROM twins WHERE key = ?", twin.key, map: { _ in true }) != nil else {
            throw TwinError(.notFound, "the twin has been deleted")
        }
        var nextChunk = try connection.first("SELECT next FROM chunk_sequence") { $0.int64(0) } ?? 1
        let base = nextChunk
        var placed: [(key: Int64?, chunkCount: Int)] = []
        var results: [Written] = []
        for source in sources {
            if let placeholder = source.placeholder { try adopt(placeholder, for: source.origin, on: connection) }
            let hasMoved = try source.movedFrom.map { try move($0, to: source.origin.locator, on: connection) } ?? false
            let state = try state(of: source.origin.locator, on: connection)
            if source.updatesOnly, state == nil {
                results.append(
                    Written(outcome: .failed, chunkCount: 0, reason: TwinError(.gone, "the source was deleted meanwhile")))
                if case .document(let document) = source.content {
                    placed.append((nil, document.chunks.count))
                    nextChunk += Int64(document.chunks.count)
                }
                continue
            }
            // Another process may have written the same source since it was read here.
            let isOvertaken = state?.version != source.state?.version
            switch source.content {
            case .sameBytes:
                if let state, !isOvertaken { try touch(state, source.origin, source.metadata, on: connection) }
                results.append(
                    Written(outcome: hasMoved ? .moved : .unchanged, sourceID: state?.id, chunkCount: state?.chunkCount ?? 0))
            case .failure(let error, let hash):
                let id = try writeFailure(error, hash: hash, source, state, on: connection)
                results.append(Written(outcome: .failed, sourceID: id, chunkCount: 0))
            case .emptied(let error, let hash):
                let id = try isOvertaken ? state?.id : writeEmptied(error, hash: hash, source, state, on: connection)
                results.append(Written(outcome: .failed, sourceID: id, chunkCount: 0))
            case .document(let document):
                if isOvertaken, let state, state.contentHash == document.contentHash {
                    placed.append((nil, document.chunks.count))
                    results.append(Written(outcome: .unchanged, sourceID: state.id, chunkCount: state.chunkCount))
                } else {
                    let row = try write(document, source, state, firstChunk: nextChunk, groups: groups, on: connection)
                    placed.append((row.key, document.chunks.count))
                    results.append(
                        Written(
                            outcome: hasMoved ? .moved : state?.hadText == true ? .updated : .added, sourceID: row.id,
                            chunkCount: document.chunks.count))
                }
                nextChunk += Int64(document.chunks.count)
            }
        }
        try AuditLog.append(
            .sourceMoved, of: twin, actor: actor,
            ids: zip(sources, results).filter { $1.outcome == .moved }.compactMap(\.1.sourceID),
            as: "source_id", on: connection)
        if nextChunk > base {
            try documents.write(base: base, sources: placed, on: connection)
            try connection.run("UPDATE chunk_sequence SET next = ?", nextChunk)
        }
        try audit(sources, results, on: connection)
        return results
    }

    /// Two rows a batch, however many sources it has: what was extracted, and what is indexed.
    private func audit(_ sources: [PreparedSource], _ results: [Written], on connection: Connection) throws {
        var (ids, bytes, chunks, name): ([String], Int, Int, String?) = ([], 0, 0, nil)
        for (source, result) in zip(sources, results) where [.added, .updated, .moved].contains(result.outcome) {
            guard case .document(let prepared) = source.content, let id = result.sourceID else { continue }
            ids.append(id)
            bytes += prepared.document.text.utf8.count
            chunks += result.chunkCount
            name = source.origin.name
        }
        let named: JSONObject = ids.count == 1 ? ["filename": .optional(name)] : [:]
        try AuditLog.append(
            .sourceExtracted, of: twin, actor: actor, ids: ids, as: "source_id", named.merging(["text_bytes": .number(bytes)]),
            on: connection)
        try AuditLog.append(
            .sourceIndexed, of: twin, actor: actor, ids: ids, as: "source_id", named.merging(["chunk_count": .number(chunks)]),
            on: connection)
    }

    private func state(of locator: String, on connection: Connection) throws -> SourceState? {
        try SourceState.find(of: twin, locator: locator, for: clearance, target: target, on: connection)
    }

    /// Lets a source that was asked for under one address stand under its own, which is known only now. Where the source is
    /// there already, the placeholder goes, and who waits for it waits for the source.
    private func adopt(_ placeholder: SourceState, for origin: SourceOrigin, on connection: Connection) throws {
        if let existing = try state(of: origin.locator, on: connection) {
            try replaced(placeholder.id, existing.id, connection)
            try connection.run("DELETE FROM sources WHERE key = ? AND version = 0", placeholder.key)
        } else {
            let variant = try SourceState.freeVariant(of: twin, locator: origin.locator, id: placeholder.id, on: connection)
            try connection.run(
                "UPDATE sources SET locator = ?, variant = ? WHERE key = ? AND version = 0", origin.locator, variant,
                placeholder.key)
        }
    }

    /// Remembers what identifies the unchanged bytes now, and ends an earlier failure: the bytes that could be read are back.
    private func touch(
        _ state: SourceState, _ origin: SourceOrigin, _ metadata: JSONObject, on connection: Connection
    ) throws {
        try connection.run(
            """
            UPDATE sources SET file_identity = ?1, etag = coalesce(?2, etag), last_modified = coalesce(?3, last_modified),
                health = CASE WHEN status = 'needs_attention' THEN 'healthy' ELSE health END, status = 'live',
                error = NULL, failed_hash = NULL, metadata = json_patch(metadata, ?4), properties = json_patch(properties, ?4)
            WHERE key = ?5
            """, origin.identity, origin.etag, origin.lastModified, JSON.object(metadata), state.key)
    }

    /// Writes what the owner says of a source beside what the document says; NULL takes away what the owner said, and until the
    /// document is read again what it says itself.
    static func describe(_ source: Int64, as properties: JSONObject, on connection: Connection) throws {
        try connection.run(
            """
            UPDATE sources SET metadata = json_patch(metadata, ?1), properties = json_patch(properties, ?1), updated_at = ?2
            WHERE key = ?3
            """, JSON.object(properties), Clock.now, source)
    }

    private func write(
        _ prepared: PreparedDocument, _ source: PreparedSource, _ state: SourceState?, firstChunk: Int64,
        groups: [Int64], on connection: Connection
    ) throws -> (key: Int64, id: String) {
        let document = prepared.document
        let now = Clock.now
        let textKey = try storeText(prepared, on: connection)
        let duplicate = try connection.first(
            """
            SELECT 1 FROM sources WHERE text_key = ?1 AND twin_key = ?2 AND locator <> ?3
                AND \(Visibility.condition(.source, "sources", for: "?4")) LIMIT 1
            """, textKey, twin.key, source.origin.locator, clearance.groupKey(in: twin)
        ) { _ in true }
        let health = SourceHealth(
            text: document.text, chunkCount: prepared.chunks.count, hasName: !source.origin.name.isEmpty,
            isDuplicate: duplicate == true)
        let isSameText =
            try state.flatMap { state in
                try connection.first("SELECT text_key FROM sources WHERE key = ?", state.key) {
                    $0.optionalInt(0).map(Int64.init)
                }
            } == textKey
        if let state, state.hasText { try removeText(of: state.key, keeping: textKey, on: connection) }
        let id = state?.id ?? Identifier.make()
        let origin = source.origin
        let variant =
            try state?.variant ?? SourceState.freeVariant(of: twin, locator: origin.locator, id: id, on: connection)
        // New rows and replaced ones take the same columns, so one statement serves both.
        try connection.run(
            """
            INSERT INTO sources (id, tenant_id, twin_key, kind, locator, name, title, format, author, language, published_at,
                citation_url, metadata, status, health, version, text_key, text_bytes, first_chunk, chunk_count,
                content_hash, file_size, file_identity, reader_version, etag, last_modified, created_at, updated_at, variant, properties)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, json_patch(?13, ?28), 'live', ?14, 1, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
                ?22, ?23, ?24, ?25, ?25, ?26, ?28)
            ON CONFLICT (twin_key, locator, variant) DO UPDATE SET
                kind = ?4, name = ?6, title = ?7, format = ?8, author = ?9, language = ?10, published_at = ?11,
                citation_url = ?12, properties = json_patch(properties, ?28),
                -- The document's half is as it is now; what the owner said outlives it.
                metadata = json_patch(?13, json_patch(properties, ?28)), status = 'live', health = ?14, error = NULL, version = version + ?27,
                text_key = ?15, text_bytes = ?16, first_chunk = ?17, chunk_count = ?18, content_hash = ?19,
                file_size = ?20, file_identity = ?21, reader_version = ?22, failed_hash = NULL, etag = ?23,
                last_modified = ?24, updated_at = ?25
            """,
            [
                id, twin.tenantID, twin.key, origin.kind.rawValue, origin.locator, origin.name,
                source.title ?? document.title, prepared.format, document.author, document.language,
                document.publishedAt, origin.citationURL ?? document.link,
                JSON.object(document.metadata), health.health.rawValue, textKey,
                document.text.utf8.count, prepared.chunks.isEmpty ? Int64?.none : firstChunk, prepared.chunks.count,
                prepared.contentHash, origin.size, origin.identity, DocumentReaders.version, origin.etag,
                origin.lastModified, now, variant,
                // What was quoted from a file before it was renamed is a quotation still.
                source.movedFrom != nil && isSameText ? 0 : 1, JSON.object(source.metadata),
            ] as [any DatabaseConvertible])
        let key = state?.key ?? connection.lastInsertedKey
        try Self.writeChunks(prepared.chunks, source: key, firstChunk: firstChunk, on: connection)
        // Only a new source: what was revoked from the default group stays revoked when the source changes.
        for group in groups where state?.hadText != true {
            try Grants.grant(.source, [key], to: group, at: now, on: connection)
        }
        try log(
            .info, "Text extracted: \(document.text.utf8.count) bytes from \(prepared.format)", source: key, at: now,
            on: connection)
        for notice in document.notices { try log(.warning, notice, source: key, at: now, on: connection) }
        if let state, state.hadText {
            try log(.info, "The earlier version of this source was replaced", source: key, at: now, on: connection)
        }
        try log(
            health.health == .healthy ? .info : .warning, "Health checks: \(health.health.rawValue)", health.logMetadata,
            source: key, at: now, on: connection)
        try log(
            .info,
            "Indexed \(prepared.chunks.count) chunks, granted to \(groups.isEmpty ? "no group" : "the default group"), live",
            source: key, at: now, on: connection)
        return (key, id)
    }

    private func storeText(_ prepared: PreparedDocument, on connection: Connection) throws -> Int64 {
        if let key = try connection.first(
            "SELECT key FROM texts WHERE tenant_id = ? AND sha256 = ?", twin.tenantID, prepared.textHash, map: { $0.int64(0) })
        {
            return key
        }
        try connection.run(
            "INSERT INTO texts (tenant_id, sha256, content) VALUES (?, ?, ?)", twin.tenantID, prepared.textHash,
            prepared.document.text)
        return connection.lastInsertedKey
    }

    static func writeChunks(_ chunks: [Chunk], source: Int64, firstChunk: Int64, on connection: Connection) throws {
        let statement = try connection.statement(
            "INSERT INTO chunks (key, source_key, start, end, headings, page, time_start, time_end, turns) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        )
        for (offset, chunk) in chunks.enumerated() {
            try statement.bind([
                firstChunk + Int64(offset), source, chunk.range.lowerBound, chunk.range.upperBound,
                chunk.headings.isEmpty ? String?.none : StoredHeadings.encode(chunk.headings), chunk.page,
                chunk.time?.lowerBound, chunk.time?.upperBound,
                StoredTurns.encode(chunk.turns, from: chunk.range.lowerBound),
            ])
            try statement.step()
        }
        statement.reset()
    }

    /// Takes a source's text, chunks and index entries away. The source's row stays, and so does the text `keeping`, which is
    /// about to be the source's again.
    func removeText(of source: Int64, keeping: Int64? = nil, on connection: Connection) throws {
        guard let wording = try Source.wording(of: source, on: connection) else { return }
        let chunks = try connection.rows(
            "SELECT \(StoredHeadings.chunkColumns) FROM chunks WHERE source_key = ? ORDER BY key", source,
            map: StoredHeadings.chunk)
        try index.remove(chunks, of: twin, title: wording.title, text: wording.text, on: connection)
        try connection.run("DELETE FROM chunks WHERE source_key = ?", source)
        try connection.run(
            "UPDATE sources SET text_key = NULL, first_chunk = NULL, chunk_count = 0, text_bytes = 0 WHERE key = ?", source)
        guard wording.textKey != keeping else { return }
        try connection.run(
            "DELETE FROM texts WHERE key = ?1 AND NOT EXISTS (SELECT 1 FROM sources WHERE text_key = ?1)", wording.textKey)
    }

    /// Removes the texts of a tenant that no source has any more, in the caller's transaction.
    static func removeUnusedTexts(of tenantID: String, on connection: Connection) throws {
        try connection.run(
            "DELETE FROM texts WHERE tenant_id = ? AND NOT EXISTS (SELECT 1 FROM sources WHERE text_key = texts.key)", tenantID)
    }

    /// Deletes sources, each known by its key and its id, with all that belongs to them.
    func remove(_ sources: [(key: Int64, id: String)], on connection: Connection) throws {
        var removed: [String] = []
        for source in sources {
            try removeText(of: source.key, on: connection)
            try connection.run("DELETE FROM sources WHERE key = ?", source.key)
            if connection.changes > 0 { removed.append(source.id) }
        }
        try AuditLog.append(.sourceDeleted, of: twin, actor: actor, ids: removed, as: "source_id", on: connection)
    }

    private func writeFailure(
        _ error: TwinError, hash: [UInt8]?, _ source: PreparedSource, _ state: SourceState?, on connection: Connection
    ) throws -> String {
        let now = Clock.now
        let id = state?.id ?? Identifier.make()
        let origin = source.origin
        let variant =
            try state?.variant ?? SourceState.freeVariant(of: twin, locator: origin.locator, id: id, on: connection)
        // A source that had a text keeps it and its standing with callers; the owner is told that it has aged.
        try connection.run(
            """
            INSERT INTO sources (id, tenant_id, twin_key, kind, locator, name, title, citation_url, metadata, status, health,
                error, version, text_bytes, chunk_count, file_size, file_identity, reader_version, failed_hash, created_at,
                updated_at, variant)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'error', 'failed', ?10, 0, 0, 0, ?11, ?12, ?13, ?14, ?15, ?15, ?16)
            ON CONFLICT (twin_key, locator, variant) DO UPDATE SET
                status = CASE WHEN text_key IS NOT NULL THEN 'needs_attention' ELSE 'error' END,
                health = CASE WHEN text_key IS NOT NULL THEN 'needs_attention' ELSE 'failed' END,
                error = ?10, file_identity = ?12, reader_version = ?13, failed_hash = ?14, updated_at = ?15
            """,
            [
                id, twin.tenantID, twin.key, origin.kind.rawValue, origin.locator, origin.name, source.title,
                origin.citationURL, JSON.object(source.metadata), error.message, origin.size,
                hash == nil ? String?.none : origin.identity, DocumentReaders.version, hash, now, variant,
            ] as [any DatabaseConvertible])
        let key =
            try state?.key ?? connection.first("SELECT key FROM sources WHERE id = ?", id) { $0.int64(0) } ?? 0
        // Whoever brought it sees that it could not be read, and replaces it the next time.
        if state == nil, let group = clearance.groupKey(in: twin) {
            try Grants.grant(.source, [key], to: group, at: now, on: connection)
        }
        try log(.error, error.message, source: key, at: now, on: connection)
        return id
    }

    /// Takes away what a source held before its file was emptied. Its id, grants and log stay, for when it is filled again.
    private func writeEmptied(
        _ error: TwinError, hash: [UInt8], _ source: PreparedSource, _ state: SourceState?, on connection: Connection
    ) throws -> String? {
        guard let state else { return nil }
        let now = Clock.now
        try removeText(of: state.key, on: connection)
        try connection.run(
            """
            UPDATE sources SET status = 'error', health = 'failed', error = ?2, version = version + 1, content_hash = NULL,
                failed_hash = ?3, file_size = ?4, file_identity = ?5, reader_version = ?6, etag = NULL, last_modified = NULL,
                updated_at = ?7
            WHERE key = ?1
            """, state.key, error.message, hash, source.origin.size, source.origin.identity, DocumentReaders.version, now)
        try log(.error, error.message, source: state.key, at: now, on: connection)
        return state.id
    }

    func log(
        _ level: SourceLog.Level, _ message: String, _ metadata: JSON? = nil, source: Int64, at time: Timestamp,
        on connection: Connection
    ) throws {
        try connection.run(
            "INSERT INTO source_logs (source_key, level, message, metadata, created_at) VALUES (?, ?, ?, ?, ?)", source,
            level.rawValue, message, metadata, time)
    }
}

/// How a chunk stands in its row.
enum StoredHeadings {
    /// ASCII's unit separator: readers never leave it in a heading.
    private static let separator = "\u{1F}"

    static let chunkColumns = "key, start, end, headings, page, time_start, time_end, turns"

    static func encode(_ headings: [String]) -> String { headings.joined(separator: separator) }

    static func decode(_ text: String?) -> [String] {
        text.map { $0.split(separator: separator, omittingEmptySubsequences: false).map(String.init) } ?? []
    }

    static func chunk(_ row: Row) -> StoredChunk {
        let start = row.int(1)
        var chunk = Chunk(range: extent(start, row.int(2)), headings: decode(row.optionalText(3)), page: row.optionalInt(4))
        if let first = row.optionalInt(5), let last = row.optionalInt(6) { chunk.time = extent(first, last) }
        chunk.turns = StoredTurns.decode(row.optionalText(7), from: start)
        return StoredChunk(key: row.int64(0), chunk: chunk)
    }
}
