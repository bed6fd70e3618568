import TwinDatabase
import TwinHTTP
import TwinSupport

/// Who is in a group.
extension GroupStore {
    package struct Membership: Sendable, Equatable, JSONRepresentable {
        package let id: String
        package let groupID: String
        package let twinID: String
        package let userID: String
        package let createdAt: Timestamp
        /// The user's address and role; none for an id that no user of this file has.
        package let user: (email: String, role: User.Role)?

        package static func == (left: Self, right: Self) -> Bool { left.json == right.json }

        package var json: JSON {
            [
                "id": .string(id), "group_id": .string(groupID), "user_id": .string(userID), "twin_id": .string(twinID),
                "is_active": true, "created_at": .string(createdAt.description),
                "users": user.map {
                    ["id": .string(userID), "email": .string($0.email), "role": .string($0.role.rawValue)]
                } ?? .null,
            ]
        }
    }

    /// The active members, oldest first.
    package func members(of group: AccessGroup) throws -> [Membership] {
        try database.read { connection in
            try connection.rows(
                """
                SELECT m.id, m.user_id, m.created_at, u.email, u.role
                FROM group_memberships m LEFT JOIN users u ON u.id = m.user_id AND u.tenant_id = ?
                WHERE m.group_key = ? AND m.is_active ORDER BY m.key
                """, group.tenantID, group.key
            ) { row in
                Membership(
                    id: row.text(0), groupID: group.id, twinID: group.twinID, userID: row.text(1),
                    createdAt: row.timestamp(2) ?? group.createdAt,
                    user: row.optionalText(3).map { ($0, User.Role(rawValue: row.text(4)) ?? .viewer) })
            }
        }
    }

    /// Puts a user into a group and thereby out of the twin's other groups: a user is in one group a twin.
    package func add(_ userID: String, to group: AccessGroup, by actor: String?) throws {
        try database.write { try Self.add(userID, to: group, by: actor, on: $0) }
    }

    static func add(
        _ userID: String, to group: AccessGroup, by actor: String?, on connection: Connection
    ) throws {
        let userID = userID.trimmed
        guard !userID.isEmpty, userID.utf8.count <= 200 else { throw TwinError(.invalid, "a user's id has 1 to 200 bytes") }
        try connection.run(
            """
            INSERT INTO group_memberships (id, group_key, twin_key, user_id, is_active, created_at) VALUES (?, ?, ?, ?, 1, ?)
            ON CONFLICT (twin_key, user_id) DO UPDATE SET group_key = excluded.group_key, is_active = 1
                WHERE group_key <> excluded.group_key OR NOT is_active
            """, Identifier.make(), group.key, group.twinKey, userID, Clock.now)
        guard connection.changes > 0 else { return }
        try AuditLog.append(.memberAdded, of: group, actor: actor, ["user_id": .string(userID)], on: connection)
    }

    /// Takes a user out of a group. Answers whether it was in it.
    @discardableResult
    package func remove(
        _ userID: String, from group: AccessGroup, by actor: String?
    ) throws -> Bool {
        try database.write { try Self.remove(userID, from: group, by: actor, on: $0) }
    }

    @discardableResult
    static func remove(
        _ userID: String, from group: AccessGroup, by actor: String?, on connection: Connection
    ) throws -> Bool {
        try connection.run(
            "UPDATE group_memberships SET is_active = 0 WHERE group_key = ? AND user_id = ? AND is_active", group.key, userID)
        guard connection.changes > 0 else { return false }
        try AuditLog.append(.memberRemoved, of: group, actor: actor, ["user_id": .string(userID)], on: connection)
        return true
    }

    /// Ends a membership, named by id. Ending it again changes nothing.
    package func remove(membership id: String, of twin: Twin, by actor: String?) throws {
        try database.write { connection in
            try connection.run(
                "UPDATE group_memberships SET is_active = 0 WHERE id = ? AND twin_key = ? AND is_active", id, twin.key)
            guard connection.changes > 0 else { return }
            try AuditLog.append(.memberRemoved, of: twin, actor: actor, ["membership_id": .string(id)], on: connection)
        }
    }

    /// The group that a caller of this twin gets: the one that `userID` is in, else for visitors the public one, else the
    /// default one. None means that the caller sees nothing.
    package func group(forUser userID: String?, isVisitor: Bool, of twin: Twin) throws -> AccessGroup? {
        try database.read { try Self.group(forUser: userID, isVisitor: isVisitor, of: twin, on: $0) }
    }

    static func group(
        forUser userID: String?, isVisitor: Bool, of twin: Twin, on connection: Connection
    ) throws -> AccessGroup? {
        try connection.first(
            """
            SELECT \(AccessGroup.columns) FROM access_groups g WHERE twin_key = ?1
                AND (is_default OR (?3 AND is_public) OR EXISTS (SELECT 1 FROM group_memberships m
                    WHERE m.group_key = g.key AND m.user_id = ?2 AND m.is_active))
            ORDER BY EXISTS (SELECT 1 FROM group_memberships m WHERE m.group_key = g.key AND m.user_id = ?2 AND m.is_active) DESC,
                (?3 AND is_public) DESC, is_default DESC LIMIT 1
            """, twin.key, userID, isVisitor, map: AccessGroup.init)
    }
}

extension AccessGroup: JSONRepresentable {
    package var json: JSON {
        [
            "id": .string(id), "twin_id": .string(twinID), "name": .string(name), "description": .optional(description),
            "is_default": .bool(isDefault), "is_public": .bool(isPublic), "settings": .object(settings),
            "created_at": .string(createdAt.description),
            "updated_at": .string(updatedAt.description),
        ]
    }
}
