import TwinDatabase
import TwinHTTP
import TwinSupport

/// Twins as rows. How they are found stands here, how they change in `Access`, which their groups and links belong to.
package struct TwinStore: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    // MARK: Finding

    /// All twins, newest first. Archived ones are left out unless asked for.
    package func list(tenantID: String? = nil, includeArchived: Bool = false) throws -> [Twin] {
        try database.read { connection in
            try connection.rows(
                """
                SELECT \(Twin.columns) FROM twins
                WHERE (?1 IS NULL OR tenant_id = ?1) AND (?2 OR archived_at IS NULL)
                ORDER BY created_at DESC, key DESC
                """, tenantID, includeArchived, map: Twin.init)
        }
    }

    /// The twin that `name` names by id or by slug; without a name the only one there is. Throws `TwinError`: not found,
    /// or not clear which.
    package func resolve(_ name: String?) throws -> Twin {
        try database.read { try Self.resolve(name, on: $0) }
    }

    static func resolve(_ name: String?, on connection: Connection) throws -> Twin {
        if let name {
            guard let twin = try find(name, on: connection) else {
                let slugs = try connection.rows("SELECT slug FROM twins WHERE archived_at IS NULL ORDER BY slug LIMIT 5") {
                    $0.text(0)
                }
                throw TwinError(
                    .notFound,
                    "there is no twin '\(name)'; "
                        + (slugs.isEmpty
                            ? "create it with 'twin twins create \(name)'" : "there is \(slugs.joined(separator: ", "))"))
            }
            return twin
        }
        let twins = try connection.rows(
            "SELECT \(Twin.columns) FROM twins WHERE archived_at IS NULL ORDER BY slug LIMIT 6", map: Twin.init)
        if twins.count == 1 { return twins[0] }
        if twins.isEmpty {
            throw TwinError(.notConfigured, "the database has no twin yet; create one with 'twin twins create NAME'")
        }
        throw TwinError(
            .invalid,
            "the database has several twins; name one with --twin (\(twins.prefix(5).map(\.slug).joined(separator: ", "))\(twins.count > 5 ? ", …" : ""))"
        )
    }

    /// The twin with this id or slug: of a tenant, or without one of the whole file, where a slug may name several. An id comes
    /// before a slug. Throws `TwinError` (`invalid`) that names those that a slug could mean.
    static func find(_ name: String, tenantID: String? = nil, on connection: Connection) throws -> Twin? {
        let found = try connection.rows(
            """
            SELECT \(Twin.columns) FROM twins WHERE (id = ?1 OR slug = ?1) AND (?2 IS NULL OR tenant_id = ?2)
            ORDER BY id = ?1 DESC, key LIMIT 6
            """, name, tenantID, map: Twin.init)
        guard let first = found.first, first.id != name, found.count > 1 else { return found.first }
        let which = try found.prefix(5).map { twin in
            let tenant = try connection.first("SELECT name FROM tenants WHERE id = ?", twin.tenantID) { $0.text(0) }
            return "\(twin.id) of \(tenant ?? twin.tenantID)"
        }
        throw TwinError(
            .invalid,
            "several twins have the slug '\(name)': \(which.joined(separator: ", "))\(found.count > 5 ? ", …" : ""); give the id")
    }

    /// Whether there is a twin with this id, whoever it belongs to.
    func exists(_ id: String) throws -> Bool {
        try database.read { try $0.first("SELECT 1 FROM twins WHERE id = ?", id) { _ in true } == true }
    }

    static func load(_ key: Int64, on connection: Connection) throws -> Twin {
        guard let twin = try connection.first("SELECT \(Twin.columns) FROM twins WHERE key = ?", key, map: Twin.init) else {
            throw TwinError(.notFound, "the twin has been deleted")
        }
        return twin
    }

    /// A twin with how much it knows.
    package struct Overview: Sendable {
        package let twin: Twin
        package let sourceCount: Int
        package let chunkCount: Int
        package let conversationCount: Int
    }

    /// All twins with their counts, newest first.
    package func overviews(includeArchived: Bool = false) throws -> [Overview] {
        try list(includeArchived: includeArchived).map(overview)
    }

    /// The twin's counts, all of one moment. They count what everybody has together: they are for the owner. Opens a read.
    package func overview(of twin: Twin) throws -> Overview {
        try database.read { connection in
            let counts = try connection.first(
                """
                SELECT (SELECT count(*) FROM sources WHERE twin_key = ?1),
                    (SELECT coalesce(sum(chunk_count), 0) FROM sources WHERE twin_key = ?1),
                    (SELECT count(*) FROM conversations WHERE twin_key = ?1)
                """, twin.key
            ) { ($0.int(0), $0.int(1), $0.int(2)) }
            return Overview(
                twin: twin, sourceCount: counts?.0 ?? 0, chunkCount: counts?.1 ?? 0, conversationCount: counts?.2 ?? 0)
        }
    }

    // MARK: Rows

    /// Stores a new row in the caller's transaction and answers its key. The values are checked already.
    static func insert(
        id: String, tenantID: String, slug: String, name: String, description: String, specialization: String,
        settings: TwinSettings, at now: Timestamp, on connection: Connection
    ) throws -> Int64 {
        try connection.run(
            """
            INSERT INTO twins (id, tenant_id, slug, name, description, specialization, settings, created_at, updated_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)
            """, id, tenantID, slug, name, description, specialization, JSON.object(settings.object), now)
        return connection.lastInsertedKey
    }

    /// Stores what can change of a twin; its key finds the row. The values are checked already.
    static func store(_ twin: Twin, on connection: Connection) throws {
        try connection.run(
            """
            UPDATE twins SET name = ?, slug = ?, description = ?, specialization = ?, settings = ?, updated_at = ?
            WHERE key = ?
            """, twin.name, twin.slug, twin.description, twin.specialization, JSON.object(twin.settings.object), Clock.now,
            twin.key)
    }

    /// Archives a twin or brings it back. Answers whether that changed anything.
    static func setArchived(_ isArchived: Bool, _ key: Int64, on connection: Connection) throws -> Bool {
        try connection.run(
            """
            UPDATE twins SET archived_at = CASE WHEN ?2 THEN ?3 END, updated_at = ?3
            WHERE key = ?1 AND (archived_at IS NULL) = ?2
            """, key, isArchived, Clock.now)
        return connection.changes > 0
    }

    /// Removes the row, and with it what refers to it. Answers whether it was there.
    static func remove(_ key: Int64, on connection: Connection) throws -> Bool {
        try connection.run("DELETE FROM twins WHERE key = ?", key)
        return connection.changes > 0
    }

    // MARK: Tenants

    static func existingTenant(on connection: Connection) throws -> String? {
        try connection.first("SELECT id FROM tenants ORDER BY created_at, id LIMIT 1") { $0.text(0) }
    }

    /// The tenant of the command line: the first of the file, made when there is none.
    static func firstTenant(on connection: Connection) throws -> String {
        if let id = try existingTenant(on: connection) { return id }
        return try Tenant.create("local", on: connection)
    }
}
