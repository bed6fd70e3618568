import TwinDatabase
import TwinSupport

/// Access groups as rows: making, changing and finding them, and who is in them.
package struct GroupStore: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// A twin's groups, oldest first.
    package func list(of twin: Twin) throws -> [AccessGroup] {
        try database.read { connection in
            try connection.rows(
                "SELECT \(AccessGroup.columns) FROM access_groups WHERE twin_key = ? ORDER BY created_at, key", twin.key,
                map: AccessGroup.init)
        }
    }

    /// The group of this twin with this id or name. Throws `TwinError` when there is none.
    package func find(_ name: String, of twin: Twin) throws -> AccessGroup {
        try database.read { try Self.find(name, of: twin, on: $0) }
    }

    static func find(_ name: String, of twin: Twin, on connection: Connection) throws -> AccessGroup {
        let group = try connection.first(
            "SELECT \(AccessGroup.columns) FROM access_groups WHERE twin_key = ? AND (id = ?2 OR name = ?2) ORDER BY id = ?2 DESC",
            twin.key, name, map: AccessGroup.init)
        guard let group else { throw TwinError(.notFound, "the twin '\(twin.slug)' has no access group '\(name)'") }
        return group
    }

    /// The twin's group with this key; none when there is no such group any more.
    static func find(key: Int64?, of twin: Twin, on connection: Connection) throws -> AccessGroup? {
        guard let key else { return nil }
        return try connection.first(
            "SELECT \(AccessGroup.columns) FROM access_groups WHERE key = ? AND twin_key = ?", key, twin.key,
            map: AccessGroup.init)
    }

    static func load(_ key: Int64, on connection: Connection) throws -> AccessGroup {
        guard
            let group = try connection.first(
                "SELECT \(AccessGroup.columns) FROM access_groups WHERE key = ?", key, map: AccessGroup.init)
        else { throw TwinError(.notFound, "the access group has been deleted") }
        return group
    }

    static let maximumGroups = 1_000

    /// Makes a group. It may read nothing until something is granted to it. Throws `TwinError` for a name that is blank,
    /// too long or taken.
    package func create(
        _ name: String, of twin: Twin, description: String? = nil, isPublic: Bool = false, settings: JSONObject = JSONObject(),
        by actor: String?
    ) throws -> AccessGroup {
        try database.write { connection in
            try Self.create(
                name, of: twin, description: description, isPublic: isPublic, settings: settings, by: actor, on: connection)
        }
    }

    static func create(
        _ name: String, of twin: Twin, description: String? = nil, isPublic: Bool = false, settings: JSONObject = JSONObject(),
        by actor: String?, on connection: Connection
    ) throws -> AccessGroup {
        let name = try Self.checkedName(name, of: twin.key, except: nil, on: connection)
        let count = try connection.first("SELECT count(*) FROM access_groups WHERE twin_key = ?", twin.key) { $0.int(0) } ?? 0
        guard count < Self.maximumGroups else {
            throw TwinError(.limitReached, "a twin has at most \(Self.maximumGroups) access groups; delete some")
        }
        if isPublic,
            try connection.first(
                "SELECT 1 FROM access_groups WHERE twin_key = ? AND is_public", twin.key, map: { _ in true }) != nil
        {
            throw TwinError(.conflict, "the twin already has a public group, and visitors can be in one only")
        }
        let now = Clock.now
        try connection.run(
            """
            INSERT INTO access_groups (id, tenant_id, twin_key, name, description, is_default, is_public, settings, created_at,
                updated_at) VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, ?7, ?8, ?8)
            """, Identifier.make(), twin.tenantID, twin.key, name, try description.map(TwinStore.checkedDescription), isPublic,
            JSON.object(settings), now)
        let group = try Self.load(connection.lastInsertedKey, on: connection)
        try AuditLog.append(.groupCreated, of: group, actor: actor, on: connection)
        return group
    }

    /// Changes a group; what is `nil` stays as it is. `settings` replaces the whole object.
    package func update(
        _ group: AccessGroup, name: String? = nil, description: String? = nil, settings: JSONObject? = nil,
        by actor: String?
    ) throws -> AccessGroup {
        try database.write { connection in
            try Self.update(group, name: name, description: description, settings: settings, by: actor, on: connection)
        }
    }

    static func update(
        _ group: AccessGroup, name: String? = nil, description: String? = nil, settings: JSONObject? = nil,
        by actor: String?, on connection: Connection
    ) throws -> AccessGroup {
        let current = try Self.load(group.key, on: connection)
        let name = try name.map { try Self.checkedName($0, of: group.twinKey, except: group.key, on: connection) } ?? current.name
        try connection.run(
            "UPDATE access_groups SET name = ?, description = ?, settings = ?, updated_at = ? WHERE key = ?", name,
            try description.map(TwinStore.checkedDescription) ?? current.description,
            JSON.object(settings ?? current.settings), Clock.now, group.key)
        let updated = try Self.load(group.key, on: connection)
        try AuditLog.append(.groupUpdated, of: updated, actor: actor, on: connection)
        return updated
    }

    /// Deletes a group with its memberships and permissions; its conversations stay. The default group cannot be deleted.
    package func delete(_ group: AccessGroup, by actor: String?) throws {
        guard !group.isDefault else {
            throw TwinError(.invalid, "the default group cannot be deleted; revoke what it should not see")
        }
        try database.write { try Self.delete(group, by: actor, on: $0) }
    }

    static func delete(_ group: AccessGroup, by actor: String?, on connection: Connection) throws {
        try connection.run("DELETE FROM access_groups WHERE key = ?", group.key)
        if connection.changes > 0 { try AuditLog.append(.groupDeleted, of: group, actor: actor, on: connection) }
    }

    /// Makes the group of callers without a group of their own, which every twin has.
    static func createDefault(of twin: Twin, on connection: Connection) throws {
        try connection.run(
            """
            INSERT INTO access_groups (id, tenant_id, twin_key, name, description, is_default, settings, created_at, updated_at)
            VALUES (?1, ?2, ?3, 'Default Group', 'Callers without a group of their own', 1, '{}', ?4, ?4)
            """, Identifier.make(), twin.tenantID, twin.key, Clock.now)
    }

    /// Makes a group the one that visitors are in, or no longer. The caller sees to it that the twin has no other.
    static func setPublic(_ group: AccessGroup, _ isPublic: Bool, on connection: Connection) throws {
        try connection.run(
            "UPDATE access_groups SET is_public = ?, updated_at = ? WHERE key = ?", isPublic, Clock.now, group.key)
    }

    static func checkedName(
        _ name: String, of twinKey: Int64, except key: Int64?, on connection: Connection
    ) throws -> String {
        let name = name.trimmed
        guard !name.isEmpty, name.utf8.count <= 200, !name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
        else { throw TwinError(.invalid, "a group's name has 1 to 200 bytes and no control characters") }
        let taken = try connection.first(
            "SELECT 1 FROM access_groups WHERE twin_key = ? AND name = ? AND key IS NOT ?", twinKey, name, key
        ) { _ in true }
        guard taken == nil else { throw TwinError(.conflict, "there is already a group named '\(name)'; choose another name") }
        return name
    }
}

extension AuditLog {
    /// Writes that something was done to a group of a twin.
    static func append(
        _ action: Action, of group: AccessGroup, actor: String?, _ metadata: JSONObject = [:], on connection: Connection
    ) throws {
        let twin = try connection.first("SELECT id FROM twins WHERE key = ?", group.twinKey) { $0.text(0) }
        let name: JSONObject = ["group_id": .string(group.id), "group": .string(group.name)]
        try append(action, tenantID: group.tenantID, twinID: twin, actor: actor, name.merging(metadata), on: connection)
    }
}
