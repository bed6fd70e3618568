import TwinDatabase
import TwinHTTP
import TwinSupport

/// Twins as rows: making, finding, changing and removing them.
package struct TwinStore: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// Longest name and description in bytes of UTF-8.
    static let maximumNameLength = 200
    static let maximumDescriptionLength = 4_000

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

    // MARK: Changing

    /// Makes a twin and its default access group. Without a tenant it belongs to the file's first, made when there is
    /// none. Throws `TwinError` for a name that is blank, too long or taken.
    package func create(
        name: String, slug: String? = nil, description: String? = nil, specialization: String = "vanilla",
        settings: TwinSettings = TwinSettings(), tenantID: String? = nil, by actor: String?
    ) throws -> Twin {
        try database.write { connection in
            try Self.create(
                name: name, slug: slug, description: description, specialization: specialization, settings: settings,
                tenantID: tenantID, by: actor, on: connection)
        }
    }

    static func create(
        name: String, slug: String? = nil, description: String? = nil, specialization: String = "vanilla",
        settings: TwinSettings = TwinSettings(), tenantID: String? = nil, by actor: String?,
        on connection: Connection
    ) throws -> Twin {
        let name = try Self.checkedName(name)
        let description = try Self.checkedDescription(description ?? "\(name)'s digital twin")
        let tenant = try tenantID ?? Self.firstTenant(on: connection)
        if try connection.first("SELECT 1 FROM twins WHERE tenant_id = ? AND name = ?", tenant, name, map: { _ in true }) != nil {
            throw TwinError(.conflict, "there is already a twin named '\(name)'; choose another name")
        }
        let settings = try TwinSettings.checked(settings.object)
        let slug =
            try slug.map { try Self.checkedSlug($0, tenantID: tenant, on: connection) }
            ?? Self.freeSlug(for: name, tenantID: tenant, on: connection)
        let now = Clock.now
        let id = Identifier.make()
        try connection.run(
            """
            INSERT INTO twins (id, tenant_id, slug, name, description, specialization, settings, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, id, tenant, slug, name, description, specialization, JSON.object(settings.object), now, now)
        let key = connection.lastInsertedKey
        try connection.run(
            """
            INSERT INTO access_groups (id, tenant_id, twin_key, name, description, is_default, settings, created_at, updated_at)
            VALUES (?, ?, ?, 'Default Group', 'Callers without a group of their own', 1, '{}', ?, ?)
            """, Identifier.make(), tenant, key, now, now)
        let twin = try Self.load(key, on: connection)
        try AuditLog.append(.twinCreated, of: twin, actor: actor, ["name": .string(name), "slug": .string(slug)], on: connection)
        return twin
    }

    /// What can be changed of a twin; a field left `nil` stays as it is.
    package struct Change: Sendable, Equatable {
        package var name: String?
        package var slug: String?
        package var description: String?
        package var specialization: String?
        /// Replaces the whole settings object.
        package var settings: TwinSettings?
        /// Whether the share link answers. Making it so takes a twin that can be asked.
        package var isPublic: Bool?
        package init(
            name: String? = nil, slug: String? = nil, description: String? = nil, specialization: String? = nil,
            settings: TwinSettings? = nil, isPublic: Bool? = nil
        ) {
            self.name = name
            self.slug = slug
            self.description = description
            self.specialization = specialization
            self.settings = settings
            self.isPublic = isPublic
        }
    }

    /// Why a twin cannot be published yet.
    package struct NotReady: Error, Sendable, Equatable {
        package var issues: [String]

        package var error: TwinError {
            TwinError(.invalid, "the twin is not ready to be published: \(issues.joined(separator: "; "))")
        }
    }

    /// What keeps a twin from being published: nothing when it has at least one live source.
    static func publishingIssues(_ twin: Twin, on connection: Connection) throws -> [String] {
        let live = try connection.first(
            "SELECT 1 FROM sources WHERE twin_key = ? AND status = 'live' LIMIT 1", twin.key
        ) { _ in true }
        return live == nil ? ["no source is live; add one and wait until it can be asked"] : []
    }

    /// Changes a twin. `edit` sees the twin as it is inside the transaction, so that two changes at once both count.
    package func update(
        _ twin: Twin, by actor: String?, _ edit: (Twin) throws -> Change
    ) throws -> Twin {
        try database.write { try Self.update(twin, by: actor, on: $0, edit) }
    }

    static func update(
        _ twin: Twin, by actor: String?, on connection: Connection, _ edit: (Twin) throws -> Change
    ) throws -> Twin {
        let current = try Self.load(twin.key, on: connection)
        let change = try edit(current)
        let name = try change.name.map(Self.checkedName) ?? current.name
        if name != current.name,
            try connection.first(
                "SELECT 1 FROM twins WHERE tenant_id = ? AND name = ? AND key <> ?", current.tenantID, name, current.key,
                map: { _ in true }) != nil
        {
            throw TwinError(.conflict, "there is already a twin named '\(name)'; choose another name")
        }
        if let isPublic = change.isPublic {
            if isPublic {
                let issues = try Self.publishingIssues(current, on: connection)
                if !issues.isEmpty { throw NotReady(issues: issues) }
            }
            try connection.run(
                """
                INSERT INTO share_links (twin_key, is_enabled, updated_at) VALUES (?, ?, ?)
                ON CONFLICT DO UPDATE SET is_enabled = excluded.is_enabled, updated_at = excluded.updated_at
                """, current.key, isPublic, Clock.now)
        }
        let slug =
            change.slug == nil || change.slug == current.slug
            ? current.slug : try Self.checkedSlug(change.slug ?? "", tenantID: current.tenantID, on: connection)
        try connection.run(
            """
            UPDATE twins SET name = ?, slug = ?, description = ?, specialization = ?, settings = ?, updated_at = ?
            WHERE key = ?
            """, name, slug, try change.description.map(Self.checkedDescription) ?? current.description,
            change.specialization ?? current.specialization,
            JSON.object(
                try change.settings.map { try TwinSettings.checked($0.object, earlier: current.settings).object }
                    ?? current.settings.object), Clock.now, current.key)
        let updated = try Self.load(current.key, on: connection)
        let fields = Self.differences(current, updated)
        if !fields.isEmpty {
            try AuditLog.append(.twinUpdated, of: updated, actor: actor, ["fields": .strings(fields)], on: connection)
        }
        return updated
    }

    /// The names of the properties in which two states of a twin differ.
    private static func differences(_ old: Twin, _ new: Twin) -> [String] {
        [
            ("name", old.name != new.name), ("slug", old.slug != new.slug), ("description", old.description != new.description),
            ("specialization", old.specialization != new.specialization),
            ("settings", old.settings.object != new.settings.object),
        ].filter(\.1).map(\.0)
    }

    /// Archives a twin: it keeps everything and answers nobody. Archiving again changes nothing.
    package func archive(_ twin: Twin, by actor: String?) throws -> Twin {
        try database.write { connection in
            try connection.run(
                "UPDATE twins SET archived_at = ?, updated_at = ?1 WHERE key = ? AND archived_at IS NULL", Clock.now, twin.key)
            if connection.changes > 0 { try AuditLog.append(.twinArchived, of: twin, actor: actor, on: connection) }
            // A link that was shared is dead for good, not only while the twin is archived.
            try connection.run("DELETE FROM share_links WHERE twin_key = ?", twin.key)
            return try Self.load(twin.key, on: connection)
        }
    }

    /// Brings an archived twin back with all that it knows. A link that was shared before stays dead. A twin that is not
    /// archived stays as it is.
    package func unarchive(_ twin: Twin, by actor: String?) throws -> Twin {
        try database.write { connection in
            try connection.run(
                "UPDATE twins SET archived_at = NULL, updated_at = ? WHERE key = ? AND archived_at IS NOT NULL", Clock.now,
                twin.key)
            if connection.changes > 0 { try AuditLog.append(.twinUnarchived, of: twin, actor: actor, on: connection) }
            return try Self.load(twin.key, on: connection)
        }
    }

    /// Deletes a twin with everything that belongs to it.
    package func delete(_ twin: Twin, by actor: String?) throws {
        try database.write { connection in
            try connection.run("DELETE FROM twins WHERE key = ?", twin.key)
            guard connection.changes > 0 else { return }
            // Of the tenant and no longer of the twin, which is gone.
            try AuditLog.append(
                .twinDeleted, tenantID: twin.tenantID, actor: actor, ["twin_id": .string(twin.id), "name": .string(twin.name)],
                on: connection)
            try connection.run(
                """
                DELETE FROM texts WHERE tenant_id = ? AND NOT EXISTS (SELECT 1 FROM sources WHERE text_key = texts.key)
                """, twin.tenantID)
        }
    }

    // MARK: Rules

    static func checkedName(_ name: String) throws -> String {
        let trimmed = name.trimmed
        guard !trimmed.isEmpty else { throw TwinError(.invalid, "a twin's name must not be blank") }
        guard trimmed.utf8.count <= maximumNameLength else {
            throw TwinError(.invalid, "a twin's name has at most \(maximumNameLength) bytes")
        }
        guard !trimmed.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            throw TwinError(.invalid, "a twin's name must not hold control characters")
        }
        return trimmed
    }

    static func checkedDescription(_ text: String) throws -> String {
        guard text.utf8.count <= maximumDescriptionLength else {
            throw TwinError(.invalid, "a twin's description has at most \(maximumDescriptionLength) bytes")
        }
        return text
    }

    /// Throws `TwinError` for what is no slug, and for one that another twin of the tenant has.
    static func checkedSlug(_ slug: String, tenantID: String, on connection: Connection) throws -> String {
        // What looks like an id could pass for another twin's.
        guard slug == Self.slug(for: slug), !slug.isEmpty, !Identifier.isValid(slug) else {
            throw TwinError(.invalid, "'\(slug)' is not a slug; use lower-case letters, digits and single hyphens, at most 60")
        }
        guard try !isTaken(slug, tenantID, on: connection) else {
            throw TwinError(.conflict, "the slug '\(slug)' is taken; choose another one")
        }
        return slug
    }

    /// A slug made of the name, with a number behind it when the plain one is taken.
    private static func isTaken(_ slug: String, _ tenantID: String, on connection: Connection) throws -> Bool {
        try connection.first(
            "SELECT 1 FROM twins WHERE tenant_id = ? AND slug = ?", tenantID, slug, map: { _ in true }) ?? false
    }

    private static func freeSlug(for name: String, tenantID: String, on connection: Connection) throws -> String {
        let base = slug(for: name)
        let stem = base.isEmpty ? "twin" : Identifier.isValid(base) ? "twin-\(base)" : base
        var candidate = stem
        var number = 2
        while try isTaken(candidate, tenantID, on: connection) {
            candidate = "\(stem)-\(number)"
            number += 1
        }
        return candidate
    }

    /// ASCII letters and digits in lower case, everything between them one hyphen, at most 60 characters.
    static func slug(for name: String) -> String {
        var result = ""
        for scalar in name.latinLettersWithoutMarks.unicodeScalars {
            let character = Character(scalar)
            if character.isASCII, character.isLetter || character.isNumber {
                result += character.lowercased()
            } else if !result.isEmpty, !result.hasSuffix("-") {
                result += "-"
            }
            if result.utf8.count >= 60 { break }
        }
        while result.hasSuffix("-") { result.removeLast() }
        return result
    }

    static func existingTenant(on connection: Connection) throws -> String? {
        try connection.first("SELECT id FROM tenants ORDER BY created_at, id LIMIT 1") { $0.text(0) }
    }

    /// The tenant of the command line: the first of the file, made when there is none.
    static func firstTenant(on connection: Connection) throws -> String {
        if let id = try existingTenant(on: connection) { return id }
        let id = Identifier.make()
        try connection.run("INSERT INTO tenants (id, name, created_at) VALUES (?, 'local', ?)", id, Clock.now)
        return id
    }
}
