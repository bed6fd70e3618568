import TwinDatabase
import TwinSupport

/// A source that is to be read later: its row is there from the moment somebody asks for it, in the state `processing`, so
/// that it has an id and is seen.
enum SourceReservation {
    /// The row for what stands at an address. A source that has a text already keeps it, and answers from it while it is
    /// read again. What is hidden from `clearance` is not there.
    static func make(
        _ identity: RemoteIdentity, in twin: Twin, for clearance: Clearance, on connection: Connection
    ) throws -> Source {
        guard twin.archivedAt == nil else {
            throw TwinError(.gone, "the twin '\(twin.slug)' is archived and takes no sources")
        }
        let now = Clock.now
        if let known = try SourceState.find(of: twin, locator: identity.locator, for: clearance, on: connection) {
            try resume(known.id, on: connection)
            return try load(known.id, on: connection)
        }
        let id = Identifier.make()
        try connection.run(
            """
            INSERT INTO sources (id, tenant_id, twin_key, kind, locator, name, citation_url, metadata, status, health, version,
                text_bytes, chunk_count, reader_version, created_at, updated_at, variant)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?5, '{}', 'processing', 'healthy', 0, 0, 0, 0, ?7, ?7, ?8)
            """, id, twin.tenantID, twin.key, identity.kind.rawValue, identity.locator, identity.name, now,
            try SourceState.freeVariant(of: twin, locator: identity.locator, id: id, on: connection))
        let source = try load(id, on: connection)
        // Whoever asked for it sees how it gets on.
        if let group = clearance.groupKey(in: twin) {
            try Grants.grant(.source, [source.key], to: group, at: now, on: connection)
        }
        try log(.info, "Waiting to be read", source.key, now, connection)
        return source
    }

    private static func load(_ id: String, on connection: Connection) throws -> Source {
        guard let source = try Source.stored(id, on: connection) else { throw TwinError(.failed, "the source was not stored") }
        return source
    }

    /// The row for a document that is going to be uploaded under this name, in the state `pending`; its key and id. A source of
    /// that name stays as it is until then; one that is hidden from `clearance` is not there.
    static func makeUpload(
        _ name: String, in twin: Twin, for clearance: Clearance, on connection: Connection
    ) throws -> (key: Int64, id: String) {
        guard twin.archivedAt == nil else {
            throw TwinError(.gone, "the twin '\(twin.slug)' is archived and takes no sources")
        }
        if let known = try SourceState.find(of: twin, locator: name, for: clearance, on: connection) {
            return (known.key, known.id)
        }
        let id = Identifier.make()
        let now = Clock.now
        try connection.run(
            """
            INSERT INTO sources (id, tenant_id, twin_key, kind, locator, name, metadata, status, health, version, text_bytes,
                chunk_count, reader_version, created_at, updated_at, variant)
            VALUES (?1, ?2, ?3, 'stream', ?4, ?4, '{}', 'pending', 'healthy', 0, 0, 0, 0, ?5, ?5, ?6)
            """, id, twin.tenantID, twin.key, name, now,
            try SourceState.freeVariant(of: twin, locator: name, id: id, on: connection))
        let key = connection.lastInsertedKey
        if let group = clearance.groupKey(in: twin) { try Grants.grant(.source, [key], to: group, at: now, on: connection) }
        return (key, id)
    }

    /// A source without a text is waited for again.
    static func resume(_ id: String, on connection: Connection) throws {
        try connection.run(
            "UPDATE sources SET status = 'processing', health = 'healthy', error = NULL, updated_at = ? WHERE id = ? AND version = 0",
            Clock.now, id)
    }

    /// Nobody will read the source for now. One without a text is in error, and its log says why; one with a text stays as it
    /// is. Answers whether it has one.
    static func abandon(_ id: String, _ reason: String, at now: Timestamp, on connection: Connection) throws -> Bool {
        let found = try connection.first("SELECT key, version FROM sources WHERE id = ?", id) { ($0.int64(0), $0.int(1)) }
        guard let (key, version) = found else { return false }
        try connection.run(
            "UPDATE sources SET status = 'error', health = 'failed', error = ?, updated_at = ? WHERE key = ? AND status = 'processing'",
            reason, now, key)
        if connection.changes > 0 { try log(.error, reason, key, now, connection) }
        return version > 0
    }

    private static func log(
        _ level: SourceLog.Level, _ message: String, _ key: Int64, _ now: Timestamp, _ connection: Connection
    ) throws {
        try connection.run(
            "INSERT INTO source_logs (source_key, level, message, created_at) VALUES (?, ?, ?, ?)", key, level.rawValue, message,
            now)
    }
}

extension Ingestion {
    /// Makes room for what stands at `url`: a source in the state `processing`, or the one that is there already, which goes on
    /// answering. With `kind`, an address that leads to something else is refused. Throws `TwinError`.
    package func reserve(
        _ url: String, as kind: Source.Kind? = nil, into twin: Twin, clearance: Clearance = .everything
    ) throws -> Source {
        let identity = try identify(url, as: kind)
        return try database.write { try SourceReservation.make(identity, in: twin, for: clearance, on: $0) }
    }

    func identify(_ url: String, as kind: Source.Kind?) throws -> RemoteIdentity {
        var identity = try remote.identify(url)
        switch kind {
        case .youtube where identity.kind != .youtube:
            throw TwinError(
                .invalid, "this is not the address of a YouTube video; it looks like https://www.youtube.com/watch?v=ID")
        case .x where identity.kind != .x:
            throw TwinError(.invalid, "this is not the address of a post on X; it looks like https://x.com/NAME/status/ID")
        case .podcast where identity.kind == .youtube || identity.kind == .x:
            throw TwinError(.invalid, "this is not the address of a podcast's feed")
        case .podcast: identity.kind = .podcast
        default: break
        }
        return identity
    }
}
