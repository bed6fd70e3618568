/// Who is in a group, and how much it may ask.
extension GroupStore {
    public struct Membership: Sendable, Equatable, JSONRepresentable {
        public let id: String
        public let groupID: String
        public let userID: String
        public let createdAt: Timestamp

        public var json: JSON {
            [
                "id": .string(id), "group_id": .string(groupID), "user_id": .string(userID), "is_active": true,
                "created_at": .string(createdAt.description),
            ]
        }
    }

    /// The active members, oldest first.
    public func members(of group: AccessGroup) throws -> [Membership] {
        try database.read { connection in
            try connection.rows(
                "SELECT id, user_id, created_at FROM group_memberships WHERE group_key = ? AND is_active ORDER BY key", group.key
            ) { row in
                Membership(
                    id: row.text(0), groupID: group.id, userID: row.text(1), createdAt: row.timestamp(2) ?? group.createdAt)
            }
        }
    }

    /// Puts a user into a group and thereby out of the twin's other groups: a user is in one group a twin.
    public func add(_ userID: String, to group: AccessGroup, by actor: String? = AuditLog.localActor) throws {
        let userID = userID.trimmed
        guard !userID.isEmpty, userID.utf8.count <= 200 else { throw TwinError(.invalid, "a user's id has 1 to 200 bytes") }
        try database.write { connection in
            try connection.run(
                """
                INSERT INTO group_memberships (id, group_key, twin_key, user_id, is_active, created_at) VALUES (?, ?, ?, ?, 1, ?)
                ON CONFLICT (twin_key, user_id) DO UPDATE SET group_key = excluded.group_key, is_active = 1
                    WHERE group_key <> excluded.group_key OR NOT is_active
                """, Identifier.make(), group.key, group.twinKey, userID, Clock.now)
            guard connection.changes > 0 else { return }
            try AuditLog.append(.memberAdded, of: group, actor: actor, ["user_id": .string(userID)], on: connection)
        }
    }

    /// Takes a user out of a group. Answers whether it was in it.
    @discardableResult
    public func remove(
        _ userID: String, from group: AccessGroup, by actor: String? = AuditLog.localActor
    ) throws -> Bool {
        try database.write { connection in
            try connection.run(
                "UPDATE group_memberships SET is_active = 0 WHERE group_key = ? AND user_id = ? AND is_active", group.key, userID)
            guard connection.changes > 0 else { return false }
            try AuditLog.append(.memberRemoved, of: group, actor: actor, ["user_id": .string(userID)], on: connection)
            return true
        }
    }

    /// Ends a membership, named by id. Ending it again changes nothing.
    public func remove(membership id: String, of twin: Twin, by actor: String? = AuditLog.localActor) throws {
        try database.write { connection in
            try connection.run("UPDATE group_memberships SET is_active = 0 WHERE id = ? AND twin_key = ? AND is_active", id, twin.key)
            guard connection.changes > 0 else { return }
            try AuditLog.append(.memberRemoved, of: twin, actor: actor, ["membership_id": .string(id)], on: connection)
        }
    }

    /// The group that a caller of this twin gets: the one that `userID` is in, else for visitors the public one, else the
    /// default one. None means that the caller sees nothing.
    public func group(forUser userID: String?, isVisitor: Bool, of twin: Twin) throws -> AccessGroup? {
        try database.read { connection in
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

    public enum LimitType: String, Sendable, CaseIterable {
        case requestsPerHour = "requests_per_hour"
        case requestsPerDay = "requests_per_day"
        case tokensPerRequest = "tokens_per_request"
        case tokensPerDay = "tokens_per_day"
    }

    /// A group's limits, those that are set.
    public func limits(of group: AccessGroup) throws -> [LimitType: Int] {
        try database.read { try Self.limits(of: group, on: $0) }
    }

    static func limits(of group: AccessGroup, on connection: Connection) throws -> [LimitType: Int] {
        let rows = try connection.rows(
            "SELECT limit_type, limit_value FROM group_limits WHERE group_key = ?", group.key) { ($0.text(0), $0.int(1)) }
        return rows.reduce(into: [:]) { result, row in
            if let type = LimitType(rawValue: row.0) { result[type] = row.1 }
        }
    }

    /// Sets a limit, 0 to 1,000,000,000; `nil` removes it.
    public func setLimit(
        _ type: LimitType, _ value: Int?, of group: AccessGroup, by actor: String? = AuditLog.localActor
    ) throws {
        if let value, !(0...1_000_000_000).contains(value) {
            throw TwinError(.invalid, "\(type.rawValue) takes a whole number from 0 to 1000000000")
        }
        try database.write { connection in
            try AuditLog.append(.groupUpdated, of: group, actor: actor, [type.rawValue: .optional(value)], on: connection)
            guard let value else {
                try connection.run("DELETE FROM group_limits WHERE group_key = ? AND limit_type = ?", group.key, type.rawValue)
                return
            }
            try connection.run(
                """
                INSERT INTO group_limits (group_key, limit_type, limit_value) VALUES (?, ?, ?)
                ON CONFLICT DO UPDATE SET limit_value = excluded.limit_value
                """, group.key, type.rawValue, value)
        }
    }
}

extension AccessGroup: JSONRepresentable {
    public var json: JSON {
        [
            "id": .string(id), "name": .string(name), "description": .optional(description), "is_default": .bool(isDefault),
            "is_public": .bool(isPublic), "settings": .object(settings), "created_at": .string(createdAt.description),
            "updated_at": .string(updatedAt.description),
        ]
    }
}
