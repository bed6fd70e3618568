import TwinDatabase
import TwinSupport

/// What groups were granted, as their owner changes it: named by id, checked, and written into the log. `Grants` does it.
package struct ContentPermissions: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// Sources or verified answers: what can be granted.
    package typealias ContentType = GrantedContent

    /// One thing that a group may read.
    package struct Permission: Sendable, Equatable {
        package let groupID: String
        package let twinID: String
        package let type: ContentType
        package let contentID: String
        /// A source's title, a verified answer's question.
        package let title: String
        package let createdAt: Timestamp
    }

    /// All that a group may read, sources first, in the order of their making.
    package func list(of group: AccessGroup) throws -> [Permission] {
        try database.read { connection in
            try connection.rows(
                """
                SELECT 'source', s.id, coalesce(s.title, s.name), \(Visibility.grantedAt(.source, "s", to: "?1")), s.key
                FROM sources s WHERE s.twin_key = ?2 AND \(Visibility.isGranted(.source, "s", to: "?1"))
                UNION ALL
                SELECT 'verified_qna', v.id, v.question, \(Visibility.grantedAt(.verifiedAnswer, "v", to: "?1")), v.key
                FROM verified_answers v
                WHERE v.twin_key = ?2 AND v.is_active AND \(Visibility.isGranted(.verifiedAnswer, "v", to: "?1"))
                ORDER BY 1, 5
                """, group.key, group.twinKey
            ) { row in
                Permission(
                    groupID: group.id, twinID: group.twinID, type: try row.value(0),
                    contentID: row.text(1), title: row.text(2), createdAt: try row.requiredTimestamp(3))
            }
        }
    }

    /// Grants contents of the group's twin, named by id; granting again changes nothing. Throws `TwinError` when one is not the
    /// twin's, and then grants none. Answers how many were new.
    @discardableResult
    package func grant(
        _ type: ContentType, _ ids: [String], to group: AccessGroup, by actor: String?
    ) throws -> Int {
        try change(type, ids, group, .permissionGranted, actor) { key, connection in
            try Grants.grant(type, [key], to: group.key, on: connection)
        }
    }

    /// Takes contents away; from the next question on they do not exist for the group. Answers how many it had.
    @discardableResult
    package func revoke(
        _ type: ContentType, _ ids: [String], from group: AccessGroup, by actor: String?
    ) throws -> Int {
        try change(type, ids, group, .permissionRevoked, actor) { key, connection in
            try Grants.revoke(type, [key], from: group, on: connection)
        }
    }

    /// Makes the contents with these keys what a group may read of a type, and answers whether that changed anything.
    static func set(_ type: ContentType, _ keys: Set<Int64>, of group: AccessGroup, by actor: String?, on connection: Connection)
        throws -> Bool
    {
        let granted = try Self.keys(type, of: group, on: connection)
        _ = try Grants.revoke(type, granted.subtracting(keys), from: group, on: connection)
        _ = try Grants.grant(type, keys.subtracting(granted).sorted(), to: group.key, on: connection)
        let named: JSONObject = ["content_type": .string(type.rawValue)]
        try log(.permissionRevoked, granted.subtracting(keys).count, named, group, actor, connection)
        try log(.permissionGranted, keys.subtracting(granted).count, named, group, actor, connection)
        return granted != keys
    }

    /// The keys of what a group may read of a type; verified answers out of use are left out.
    static func keys(_ type: ContentType, of group: AccessGroup, on connection: Connection) throws -> Set<Int64> {
        let keys = try connection.rows(
            """
            SELECT c.key FROM \(type.tables.content) c
            WHERE c.twin_key = ?2 AND \(Visibility.isGranted(type, "c", to: "?1")) \(type == .verifiedAnswer ? "AND c.is_active" : "")
            """, group.key, group.twinKey
        ) { $0.int64(0) }
        return Set(keys)
    }

    /// Grants everything that the twin has now; answers how much was new.
    @discardableResult
    package func grantAll(to group: AccessGroup, by actor: String?) throws -> Int {
        try database.write { connection in
            let count = try ContentType.allCases.reduce(0) { try $0 + Grants.grantAll($1, to: group, on: connection) }
            try Self.log(.permissionGranted, count, ["content_type": "all"], group, actor, connection)
            return count
        }
    }

    /// Takes everything away; answers how much it was.
    @discardableResult
    package func revokeAll(from group: AccessGroup, by actor: String?) throws -> Int {
        try database.write { connection in
            let count = try ContentType.allCases.reduce(0) { try $0 + Grants.revokeAll($1, from: group, on: connection) }
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
        _ apply: (Int64, Connection) throws -> Int
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
                guard try apply(key, connection) > 0 else { continue }
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
