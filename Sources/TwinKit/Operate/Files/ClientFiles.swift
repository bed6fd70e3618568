import TwinDatabase
import TwinSupport

/// A file that a client keeps with twin. No twin knows what it says until it is attached to one.
package struct ClientFile: Sendable {
    let key: Int64
    package let id: String
    package let tenantID: String
    package let name: String
    /// What the client says that it is for, in a word of its contract.
    package let purpose: String
    /// In bytes.
    package let size: Int
    let object: StoredName
    /// From then on it is not there any more; none keeps it.
    package let expiresAt: Timestamp?
    package let createdAt: Timestamp

    static let columns = "f.key, f.id, f.tenant_id, f.name, f.purpose, f.size, f.object, f.expires_at, f.created_at"

    init(_ row: Row) throws {
        try row.check(columns: 9)
        key = row.int64(0)
        id = row.text(1)
        tenantID = row.text(2)
        name = row.text(3)
        purpose = row.text(4)
        size = row.int(5)
        guard let object = StoredName(row.text(6)) else {
            throw TwinError(.failed, "the database holds a damaged name of a file; restore a backup with 'twin restore FILE'")
        }
        self.object = object
        expiresAt = try row.timestamp(7)
        createdAt = try row.requiredTimestamp(8)
    }
}

/// Files that clients keep: put in, listed, handed out, removed, each for its holder alone. `attach` makes one a source of a twin.
package struct ClientFiles: Sendable {
    static let schema = """
        CREATE TABLE client_files (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
            -- The user or the API key that it is of.
            holder_id TEXT NOT NULL,
            name TEXT NOT NULL,
            purpose TEXT NOT NULL,
            size INTEGER NOT NULL,
            -- Its bytes have this name in the storage (`StoredName`).
            object TEXT NOT NULL,
            expires_at TEXT,
            created_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX client_files_by_holder ON client_files (tenant_id, holder_id, key);
        CREATE INDEX client_files_by_holder_alone ON client_files (holder_id);

        -- Which twins were given a file, and what became of it there.
        CREATE TABLE client_file_uses (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            file_key INTEGER NOT NULL REFERENCES client_files (key) ON DELETE CASCADE,
            twin_key INTEGER NOT NULL REFERENCES twins (key) ON DELETE CASCADE,
            -- None for a file that could not be made a source.
            source_key INTEGER REFERENCES sources (key) ON DELETE CASCADE,
            -- The source's version that the file is; a later one is somebody else's.
            source_version INTEGER NOT NULL,
            error TEXT,
            attributes TEXT NOT NULL,
            created_at TEXT NOT NULL,
            UNIQUE (file_key, twin_key)
        ) STRICT;
        CREATE INDEX client_file_uses_by_twin ON client_file_uses (twin_key, key);
        CREATE INDEX client_file_uses_by_source ON client_file_uses (source_key);
        """

    /// Uses whose file is what a source says now, as SQL: the last file that was made that source, unless the source has been
    /// given another text since. `condition` on `u`, which all uses of a source or none of them meet, says which are looked at.
    static func current(where condition: String) -> String {
        """
        SELECT max(u.key) AS key, u.source_key FROM client_file_uses u JOIN sources s ON s.key = u.source_key
        WHERE s.version = u.source_version AND \(condition) GROUP BY u.source_key
        """
    }

    /// The names of what is stored, as SQL.
    static let namedFiles = "SELECT object FROM client_files"

    let database: Database
    let objects: ObjectStores
    /// What all files of a tenant may have together, in bytes.
    let maximumTotalBytes: Int
    /// Files of one holder.
    static let maximumFiles = 10_000
    /// Seconds for which a file may be kept that is not to be kept for good.
    package static let lifetimes = 3_600...2_592_000

    // MARK: Putting in

    /// Whether a holder may bring one more file at all, which is asked before a byte of it is taken. Throws `TwinError`
    /// (`invalid`).
    package func checkRoom(_ holder: FileHolder, bytes: Int = 0) throws {
        try database.read { try checkRoom(holder, bytes: bytes, on: $0) }
    }

    private func checkRoom(_ holder: FileHolder, bytes: Int, on connection: Connection) throws {
        let held = try connection.first(
            "SELECT count(*) FROM client_files WHERE tenant_id = ? AND holder_id = ?", holder.tenantID, holder.id
        ) { $0.int(0) }
        guard held ?? 0 < Self.maximumFiles else {
            throw TwinError(.invalid, "you keep \(Self.maximumFiles) files already; delete some that you no longer need")
        }
        let total = try connection.first("SELECT sum(size) FROM client_files WHERE tenant_id = ?", holder.tenantID) { $0.int(0) }
        guard (total ?? 0) + bytes <= maximumTotalBytes, total ?? 0 < maximumTotalBytes else {
            throw TwinError(
                .invalid,
                "the files of this workspace would have more than \(maximumTotalBytes >> 20) MiB together; delete some, or raise files.max_total_mib"
            )
        }
    }

    /// Keeps what lies at `path`, at most `maximumBytes` of it, under the name that its client gives it; with `seconds` only
    /// for so long. Throws `TwinError`: invalid for a name that is none, and where there is no room.
    package func keep(
        _ path: String, name: String, purpose: String, maximumBytes: Int, seconds: Int? = nil, for holder: FileHolder,
        by actor: String?, now: Timestamp = Clock.now
    ) throws -> ClientFile {
        let name = try Ingestion.checkedName(name)
        let staged = try StagedFile.adopt(path, in: objects.staging, maximumBytes: maximumBytes)
        guard staged.size > 0 else { throw TwinError(.invalid, "the file is empty") }
        try checkRoom(holder, bytes: staged.size)
        let object = try objects.store(staged, kind: .binary)
        return try database.write { connection in
            try checkRoom(holder, bytes: staged.size, on: connection)
            let id = Identifier.make()
            try connection.run(
                """
                INSERT INTO client_files (id, tenant_id, holder_id, name, purpose, size, object, expires_at, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    id, holder.tenantID, holder.id, name, purpose, staged.size, object.description,
                    // After the file was noted, by which `StoredFiles.release` knows whose it is.
                    seconds.map { now.adding(seconds: Double($0)) }, Clock.now,
                ] as [any DatabaseConvertible])
            try AuditLog.append(
                .fileUploaded, tenantID: holder.tenantID, actor: actor,
                ["file_id": .string(id), "filename": .string(name), "bytes": .number(staged.size)], on: connection)
            return try Self.find(id, of: holder, now: now, on: connection)
        }
    }

    // MARK: Looking

    /// A holder's files, newest first.
    package func list(of holder: FileHolder, now: Timestamp = Clock.now) throws -> [ClientFile] {
        try database.read { connection in
            try connection.rows(
                """
                SELECT \(ClientFile.columns) FROM client_files f WHERE f.tenant_id = ? AND f.holder_id = ?
                    AND (f.expires_at IS NULL OR f.expires_at > ?) ORDER BY f.key DESC
                """, holder.tenantID, holder.id, now, map: ClientFile.init)
        }
    }

    /// Throws `TwinError` (`notFound`) for what is not the holder's.
    package func find(_ id: String, of holder: FileHolder, now: Timestamp = Clock.now) throws -> ClientFile {
        try database.read { try Self.find(id, of: holder, now: now, on: $0) }
    }

    private static func find(
        _ id: String, of holder: FileHolder, now: Timestamp, on connection: Connection
    ) throws -> ClientFile {
        let found = try connection.first(
            """
            SELECT \(ClientFile.columns) FROM client_files f WHERE f.id = ? AND f.tenant_id = ? AND f.holder_id = ?
                AND (f.expires_at IS NULL OR f.expires_at > ?)
            """, id, holder.tenantID, holder.id, now, map: ClientFile.init)
        guard let found else { throw OwnedTable<OwnedByTenant>.clientFiles.notFound }
        return found
    }

    /// The bytes as they came.
    package func open(_ file: ClientFile) throws -> StoredObject { try objects.open(file.object) }

    // MARK: Removing

    /// Removes a file, and hands over the sources that it is still what they say: the caller removes them with `alsoRemove`, in
    /// the same transaction.
    func remove(
        _ file: ClientFile, by actor: String?, alsoRemove: (_ sources: [Int64], _ connection: Connection) throws -> Void
    ) throws {
        try database.write { connection in
            let sources = try connection.rows(
                """
                SELECT u.source_key FROM client_file_uses u WHERE u.file_key = ?1 AND u.key IN (SELECT key FROM (
                    \(Self.current(where: "u.source_key IN (SELECT source_key FROM client_file_uses WHERE file_key = ?1)"))))
                """, file.key
            ) { $0.int64(0) }
            try alsoRemove(sources, connection)
            try connection.run("DELETE FROM client_files WHERE key = ?", file.key)
            guard connection.changes > 0 else { throw OwnedTable<OwnedByTenant>.clientFiles.notFound }
            try StoredFiles.release([.init(file.object.description, file.createdAt)].compactMap { $0 }, on: connection)
            try AuditLog.append(
                .fileDeleted, tenantID: file.tenantID, actor: actor,
                ["file_id": .string(file.id), "filename": .string(file.name)], on: connection)
        }
    }

    /// Removes the files of a user who is erased, in the transaction that does so. What they became in twins is the twins'.
    static func forget(_ user: User, on connection: Connection) throws {
        let names = try connection.rows(
            "DELETE FROM client_files WHERE holder_id = ? RETURNING object, created_at", user.id
        ) { StoredFiles.Naming($0.text(0), try $0.requiredTimestamp(1)) }
        try StoredFiles.release(names.compactMap { $0 }, on: connection)
    }

    /// Removes files whose time is over, and those whose user is gone or whose API key opens nothing any more: nobody can name
    /// them. Their sources stay with their twins.
    package func purge(now: Timestamp = Clock.now) throws {
        try database.write { connection in
            let names = try connection.rows(
                """
                DELETE FROM client_files AS f WHERE expires_at <= ?1 OR holder_id != ?2
                    AND NOT EXISTS (SELECT 1 FROM users u WHERE u.id = f.holder_id AND u.tenant_id = f.tenant_id)
                    AND NOT EXISTS (
                        SELECT 1 FROM api_keys k WHERE k.id = f.holder_id AND k.is_active
                            AND (k.expires_at IS NULL OR k.expires_at > ?1))
                RETURNING object, created_at
                """, now, AuditLog.localActor
            ) { StoredFiles.Naming($0.text(0), try $0.requiredTimestamp(1)) }
            try StoredFiles.release(names.compactMap { $0 }, on: connection)
        }
    }
}
