import TwinDatabase
import TwinSupport

/// What groups were granted: the one place that adds and takes away what a group may read.
package struct ContentPermissions: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    package enum ContentType: String, Sendable, CaseIterable {
        case source
        case verifiedAnswer = "verified_qna"

        /// The table of the content, its permissions, and their column that names it.
        fileprivate var tables: (content: String, permissions: String, column: String) {
            switch self {
            case .source: ("sources", "source_permissions", "source_key")
            case .verifiedAnswer: ("verified_answers", "verified_answer_permissions", "answer_key")
            }
        }
    }

    /// One thing that a group may read.
    package struct Permission: Sendable, Equatable, JSONRepresentable {
        package let groupID: String
        package let twinID: String
        package let type: ContentType
        package let contentID: String
        /// A source's title, a verified answer's question.
        package let title: String
        package let createdAt: Timestamp

        package var json: JSON {
            [
                "id": .string("\(groupID):\(type.rawValue):\(contentID)"), "group_id": .string(groupID),
                "twin_id": .string(twinID), "content_type": .string(type.rawValue), "content_id": .string(contentID),
                "title": .string(title), "created_at": .string(createdAt.description),
            ]
        }
    }

    /// All that a group may read, sources first, in the order of their making.
    package func list(of group: AccessGroup) throws -> [Permission] {
        try database.read { connection in
            try connection.rows(
                """
                SELECT 'source', s.id, coalesce(s.title, s.name), p.created_at, t.id, s.key
                FROM source_permissions p JOIN sources s ON s.key = p.source_key JOIN twins t ON t.key = s.twin_key
                WHERE p.group_key = ?1 AND s.twin_key = ?2
                UNION ALL
                SELECT 'verified_qna', v.id, v.question, p.created_at, t.id, v.key
                FROM verified_answer_permissions p JOIN verified_answers v ON v.key = p.answer_key JOIN twins t ON t.key = v.twin_key
                WHERE p.group_key = ?1 AND v.twin_key = ?2 AND v.is_active
                ORDER BY 1, 6
                """, group.key, group.twinKey
            ) { row in
                Permission(
                    groupID: group.id, twinID: row.text(4), type: ContentType(rawValue: row.text(0)) ?? .source,
                    contentID: row.text(1), title: row.text(2), createdAt: row.timestamp(3) ?? group.createdAt)
            }
        }
    }

    /// Grants contents of the group's twin, named by id; granting again changes nothing. Throws `TwinError` when one is not the
    /// twin's, and then grants none. Answers how many were new.
    @discardableResult
    package func grant(
        _ type: ContentType, _ ids: [String], to group: AccessGroup, by actor: String? = AuditLog.localActor
    ) throws -> Int {
        try change(type, ids, group, .permissionGranted, actor) { connection, key, tables in
            try connection.run(
                "INSERT OR IGNORE INTO \(tables.permissions) (group_key, \(tables.column), created_at) VALUES (?, ?, ?)",
                group.key,
                key, Clock.now)
        }
    }

    /// Takes contents away; from the next question on they do not exist for the group. Answers how many it had.
    @discardableResult
    package func revoke(
        _ type: ContentType, _ ids: [String], from group: AccessGroup, by actor: String? = AuditLog.localActor
    ) throws -> Int {
        try change(type, ids, group, .permissionRevoked, actor) { connection, key, tables in
            try connection.run("DELETE FROM \(tables.permissions) WHERE group_key = ? AND \(tables.column) = ?", group.key, key)
        }
    }

    /// Makes the contents with these keys what a group may read of a type, and answers whether that changed anything.
    static func set(_ type: ContentType, _ keys: Set<Int64>, of group: AccessGroup, on connection: Connection) throws -> Bool {
        let tables = type.tables
        let granted = try Self.keys(type, of: group, on: connection)
        for key in granted.subtracting(keys) {
            try connection.run("DELETE FROM \(tables.permissions) WHERE group_key = ? AND \(tables.column) = ?", group.key, key)
        }
        for key in keys.subtracting(granted).sorted() {
            try connection.run(
                "INSERT INTO \(tables.permissions) (group_key, \(tables.column), created_at) VALUES (?, ?, ?)", group.key, key,
                Clock.now)
        }
        let named: JSONObject = ["content_type": .string(type.rawValue)]
        try log(.permissionRevoked, granted.subtracting(keys).count, named, group, AuditLog.localActor, connection)
        try log(.permissionGranted, keys.subtracting(granted).count, named, group, AuditLog.localActor, connection)
        return granted != keys
    }

    /// The keys of what a group may read of a type; verified answers out of use are left out.
    static func keys(_ type: ContentType, of group: AccessGroup, on connection: Connection) throws -> Set<Int64> {
        let tables = type.tables
        let keys = try connection.rows(
            """
            SELECT c.key FROM \(tables.permissions) p JOIN \(tables.content) c ON c.key = p.\(tables.column)
            WHERE p.group_key = ? AND c.twin_key = ? \(type == .verifiedAnswer ? "AND c.is_active" : "")
            """, group.key, group.twinKey
        ) { $0.int64(0) }
        return Set(keys)
    }

    /// Grants everything that the twin has now; answers how much was new.
    @discardableResult
    package func grantAll(to group: AccessGroup, by actor: String? = AuditLog.localActor) throws -> Int {
        try database.write { connection in
            var count = 0
            for type in ContentType.allCases {
                let tables = type.tables
                try connection.run(
                    """
                    INSERT OR IGNORE INTO \(tables.permissions) (group_key, \(tables.column), created_at)
                    SELECT ?, key, ? FROM \(tables.content) WHERE twin_key = ?
                    """, group.key, Clock.now, group.twinKey)
                count += connection.changes
            }
            try Self.log(.permissionGranted, count, ["content_type": "all"], group, actor, connection)
            return count
        }
    }

    /// Takes everything away; answers how much it was.
    @discardableResult
    package func revokeAll(from group: AccessGroup, by actor: String? = AuditLog.localActor) throws -> Int {
        try database.write { connection in
            var count = 0
            for type in ContentType.allCases {
                try connection.run("DELETE FROM \(type.tables.permissions) WHERE group_key = ?", group.key)
                count += connection.changes
            }
            try Self.log(.permissionRevoked, count, ["content_type": "all"], group, actor, connection)
            return count
        }
    }

    /// One row for all that a call changed, and none for nothing.
    private static func log(
        _ action: AuditLog.Action, _ count: Int, _ metadata: JSONObject, _ group: AccessGroup, _ actor: String?,
        _ connection: Connection
    ) throws {
        guard count > 0 else { return }
        let counted: JSONObject = ["count": .number(count)]
        try AuditLog.append(action, of: group, actor: actor, counted.merging(metadata), on: connection)
    }

    private func change(
        _ type: ContentType, _ ids: [String], _ group: AccessGroup, _ action: AuditLog.Action, _ actor: String?,
        _ apply: (Connection, Int64, (content: String, permissions: String, column: String)) throws -> Void
    ) throws -> Int {
        try database.write { connection in
            var count = 0
            var changed: [String] = []
            for id in ids {
                let key = try connection.first(
                    "SELECT key FROM \(type.tables.content) WHERE id = ? AND twin_key = ?", id, group.twinKey
                ) { $0.int64(0) }
                guard let key else {
                    throw TwinError(
                        .notFound,
                        "the twin has no \(type == .source ? "source" : "verified answer") '\(id)'; nothing was changed")
                }
                try apply(connection, key, type.tables)
                guard connection.changes > 0 else { continue }
                count += 1
                if changed.count < AuditLog.maximumNames { changed.append(id) }
            }
            try Self.log(
                action, count, ["content_type": .string(type.rawValue), "content_ids": .strings(changed)], group, actor,
                connection)
            return count
        }
    }
}
