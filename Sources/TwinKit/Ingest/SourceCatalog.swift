import TwinDatabase
import TwinHTTP
import TwinSupport

/// The sources of twins: looking at them, reading them again, removing them.
package struct SourceCatalog: Sendable {
    let database: Database
    let index: any SourceIndex

    package init(database: Database, index: any SourceIndex) {
        self.database = database
        self.index = index
    }

    /// A twin's sources, of which a group sees those granted to it, newest first: those in one of `statuses`, when there are any, whose title,
    /// name or locator contains `text`.
    package func list(
        twin: Twin, statuses: [Source.Status] = [], matching text: String? = nil, filter: SourceFilter = SourceFilter(),
        grantedTo groupKey: Int64? = nil,
        limit: Int? = nil, offset: Int = 0
    ) throws -> [Source] {
        try database.read { connection in
            try connection.rows(
                """
                SELECT \(Source.columns) FROM sources
                WHERE twin_key = ?1 AND (?2 IS NULL OR status IN (SELECT value FROM json_each(?2)))
                    AND (?3 IS NULL OR instr(lower(coalesce(title, '') || char(10) || name || char(10) || locator), lower(?3)) > 0)
                    AND \(Visibility.condition(.source, "sources", for: "?6"))
                    AND \(SourceFilter.condition(from: 7))
                ORDER BY created_at DESC, key DESC LIMIT ?4 OFFSET ?5
                """, twin.key, statuses.isEmpty ? JSON?.none : JSON.strings(statuses.map(\.rawValue)), text, limit ?? -1,
                offset, groupKey, filter.kindsJSON, filter.sinceText, filter.propertiesJSON, map: Source.init)
        }
    }

    /// How many sources of the twin the group may read, all without one, and how many chunks they have.
    package func counts(twin: Twin, grantedTo groupKey: Int64?) throws -> (sources: Int, chunks: Int) {
        try database.read { connection in
            try connection.first(
                """
                SELECT count(*), coalesce(sum(chunk_count), 0) FROM sources
                WHERE twin_key = ?1 AND \(Visibility.condition(.source, "sources", for: "?2"))
                """, twin.key, groupKey
            ) { (sources: $0.int(0), chunks: $0.int(1)) } ?? (0, 0)
        }
    }

    /// Keeps properties with a source, beside those that its document states; nil takes one away. Reading it again keeps them:
    /// what the document states by itself comes back, what was said here stays.
    package func describe(_ source: Source, as properties: JSONObject, by actor: String?) throws -> Source {
        try database.write { connection in
            let twin = try TwinStore.load(source.twinKey, on: connection)
            try SourceWriter.describe(source.key, as: properties, on: connection)
            try AuditLog.append(.sourceDescribed, of: twin, actor: actor, ids: [source.id], as: "source_id", on: connection)
            return try Self.find(source.id, twin: twin, on: connection)
        }
    }

    /// The twin's source with this id, if the group may read it; without a group, if it is there.
    package func find(id: String, twin: Twin, grantedTo groupKey: Int64?) throws -> Source {
        let source = try database.read { connection in
            try connection.first(
                """
                SELECT \(Source.columns) FROM sources WHERE id = ?1 AND twin_key = ?2
                    AND \(Visibility.condition(.source, "sources", for: "?3"))
                """, id, twin.key, groupKey, map: Source.init)
        }
        guard let source else { throw TwinError(.notFound, "there is no such source") }
        return source
    }

    /// The source that `name` names: its id, the path or URL it came from, or its name where only one source has it.
    /// Without a twin, all twins are looked through. Throws `TwinError`.
    package func find(_ name: String, twin: Twin? = nil) throws -> Source {
        try database.read { try Self.find(name, twin: twin, on: $0) }
    }

    static func find(_ name: String, twin: Twin?, on connection: Connection) throws -> Source {
        let found = try connection.rows(
            """
            SELECT \(Source.columns) FROM sources
            WHERE (id = ?1 OR locator = ?1 OR locator = ?2 OR name = ?1) AND (?3 IS NULL OR twin_key = ?3)
            ORDER BY id = ?1 DESC, locator = ?1 DESC, locator = ?2 DESC, variant LIMIT 3
            """, name, FilePath.absolute(name), twin?.key, map: Source.init)
        guard let first = found.first else {
            throw TwinError(.notFound, "there is no source '\(name)'; 'twin sources list' shows them")
        }
        if found.count > 1, first.id != name, first.locator != name, first.locator != FilePath.absolute(name) {
            throw TwinError(.invalid, "several sources are named '\(name)'; use the id or the whole path")
        }
        return first
    }

    /// The text of a source as it is stored and cited, or the bytes `range` of it. Throws `TwinError` when it has none,
    /// or the range is not inside it or cuts a character.
    package func text(of source: Source, range: Range<Int>? = nil) throws -> String {
        guard let key = source.textKey else {
            throw TwinError(.notFound, "the source has no text: \(source.error ?? "it was not read yet")")
        }
        let range = range ?? extent(0, source.textBytes)
        let bytes = try database.read { try BlobReader($0, table: "texts", column: "content").bytes(key: key, range: range) }
        guard let bytes else {
            throw TwinError(.invalid, "the range is not inside the text, which has \(source.textBytes) bytes")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw TwinError(.invalid, "the range begins or ends inside a character")
        }
        return text
    }

    /// The newest entries of a source's log at these levels, newest first.
    package func logs(
        of source: Source, levels: [SourceLog.Level] = [.info, .warning, .error], showsPath: Bool = true, limit: Int = 50
    ) throws -> [SourceLog] {
        try database.read { connection in
            try connection.rows(
                """
                SELECT key, level, message, metadata, created_at FROM source_logs
                WHERE source_key = ? AND level IN (SELECT value FROM json_each(?)) ORDER BY key DESC LIMIT ?
                """, source.key, JSON.strings(levels.map(\.rawValue)), limit
            ) { row in
                SourceLog(
                    key: row.int64(0), twinID: source.twinID, sourceID: source.id, level: try row.value(1),
                    message: showsPath ? row.text(2) : source.withoutPath(row.text(2)), metadata: try row.json(3),
                    createdAt: try row.requiredTimestamp(4))
            }
        }
    }

    /// Deletes sources with all that belongs to them. The next query does not find them.
    package func remove(_ sources: [Source], by actor: String?) throws {
        try database.write { try remove(sources, by: actor, on: $0) }
    }

    /// The same in a transaction of the caller's.
    func remove(_ sources: [Source], by actor: String?, on connection: Connection) throws {
        for (twinKey, group) in Dictionary(grouping: sources, by: \.twinKey).sorted(by: { $0.key < $1.key }) {
            let twin = try TwinStore.load(twinKey, on: connection)
            try SourceWriter(twin: twin, index: index, actor: actor).remove(group.map { ($0.key, $0.id) }, on: connection)
        }
    }
}
