import TwinDatabase
import TwinSupport

/// That a twin was given a client's file, and what it became there.
package struct ClientFileUse: Sendable {
    package let fileID: String
    /// The source that says what the file says; none for a file that could not be made one.
    package let sourceID: String?
    /// Why not.
    package let error: String?
    /// What the client wants to be kept with it.
    package let attributes: JSONObject
    /// In bytes, of the file.
    package let size: Int
    package let createdAt: Timestamp

    fileprivate static let columns = "f.id, s.id, u.error, u.attributes, f.size, u.created_at"

    fileprivate init(_ row: Row) throws {
        try row.check(columns: 6)
        fileID = row.text(0)
        sourceID = row.optionalText(1)
        error = row.optionalText(2)
        attributes = try row.object(3)
        size = row.int(4)
        createdAt = try row.requiredTimestamp(5)
    }
}

extension ClientFiles {
    /// The uses of a twin whose file a source is now, by the source's id.
    package func uses(of twin: Twin) throws -> [String: ClientFileUse] {
        let uses = try database.read { connection in
            try connection.rows(
                """
                SELECT \(ClientFileUse.columns) FROM (\(Self.current(where: "u.twin_key = ?"))) c
                    JOIN client_file_uses u ON u.key = c.key JOIN client_files f ON f.key = u.file_key
                    JOIN sources s ON s.key = u.source_key
                """, twin.key, map: ClientFileUse.init)
        }
        return Dictionary(uses.compactMap { use in use.sourceID.map { ($0, use) } }) { first, _ in first }
    }

    /// The names of the attributes that a file has in a twin now.
    func attributeNames(of file: ClientFile, in twin: Twin) throws -> [String] {
        try database.read { connection in
            try connection.rows(
                """
                SELECT a.key FROM client_file_uses u, json_each(u.attributes) a WHERE u.file_key = ? AND u.twin_key = ?
                """, file.key, twin.key
            ) { $0.text(0) }
        }
    }

    /// A holder's files that the twin was given and that became no source, newest first.
    package func failures(of twin: Twin, holder: FileHolder) throws -> [ClientFileUse] {
        try database.read { connection in
            try connection.rows(
                """
                SELECT \(ClientFileUse.columns) FROM client_file_uses u JOIN client_files f ON f.key = u.file_key
                    LEFT JOIN sources s ON s.key = u.source_key
                WHERE u.twin_key = ? AND u.source_key IS NULL AND f.tenant_id = ? AND f.holder_id = ? ORDER BY u.key DESC
                """, twin.key, holder.tenantID, holder.id, map: ClientFileUse.init)
        }
    }

    /// Writes down what became of a file in a twin. The same file given again replaces what was said before.
    func note(
        _ file: ClientFile, in twin: Twin, sourceID: String?, error: String?, attributes: JSONObject, now: Timestamp = Clock.now
    ) throws -> ClientFileUse {
        try database.write { connection in
            let source = try sourceID.flatMap { id in
                try connection.first("SELECT key, version FROM sources WHERE id = ?", id) { ($0.int64(0), $0.int(1)) }
            }
            try connection.run("DELETE FROM client_file_uses WHERE file_key = ? AND twin_key = ?", file.key, twin.key)
            try connection.run(
                """
                INSERT INTO client_file_uses (file_key, twin_key, source_key, source_version, error, attributes, created_at)
                SELECT key, ?2, ?3, ?4, ?5, ?6, ?7 FROM client_files WHERE key = ?1
                """,
                [file.key, twin.key, source?.0, source?.1 ?? 0, error, JSON.object(attributes), now] as [any DatabaseConvertible])
            let made = try connection.first(
                """
                SELECT \(ClientFileUse.columns) FROM client_file_uses u JOIN client_files f ON f.key = u.file_key
                    LEFT JOIN sources s ON s.key = u.source_key WHERE u.file_key = ? AND u.twin_key = ?
                """, file.key, twin.key, map: ClientFileUse.init)
            guard let made else { throw TwinError(.gone, "the file was deleted meanwhile") }
            return made
        }
    }

    /// Strikes out that a twin was given a file, which is no source of it any more. Answers whether it had been.
    package func strike(_ file: ClientFile, from twin: Twin) throws -> Bool {
        try database.write { connection in
            try connection.run("DELETE FROM client_file_uses WHERE twin_key = ? AND file_key = ?", twin.key, file.key)
            return connection.changes > 0
        }
    }
}
