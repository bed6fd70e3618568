import TwinDatabase
import TwinSearch
import TwinSupport

/// What groups may read and be granted: sources and verified answers.
package enum GrantedContent: String, Sendable, CaseIterable {
    case source
    case verifiedAnswer = "verified_qna"

    /// The table of the content, its permissions, and their column that names it.
    var tables: (content: String, permissions: String, column: String) {
        switch self {
        case .source: ("sources", "source_permissions", "source_key")
        case .verifiedAnswer: ("verified_answers", "verified_answer_permissions", "answer_key")
        }
    }
}

/// Who sees what, as SQL. Every query that reads for a caller asks here, and nobody else names the tables of permissions: a
/// test reads the sources for it.
enum Visibility {
    /// A condition on a row of the content that `alias` names: true for what the group may read whose key `parameter` binds,
    /// and for everything where it binds NULL (`Clearance.groupKey`). Both come from this program, never from a caller.
    static func condition(_ content: GrantedContent, _ alias: String, for parameter: String) -> String {
        "(\(parameter) IS NULL OR \(isGranted(content, alias, to: parameter)))"
    }

    /// The same for a group that is one: NULL sees nothing.
    static func isGranted(_ content: GrantedContent, _ alias: String, to parameter: String) -> String {
        let tables = content.tables
        return """
            EXISTS (SELECT 1 FROM \(tables.permissions) permission WHERE permission.group_key = \(parameter)
                AND permission.\(tables.column) = \(alias).key)
            """
    }

    /// When the content was granted to the group, or NULL.
    static func grantedAt(_ content: GrantedContent, _ alias: String, to parameter: String) -> String {
        let tables = content.tables
        return """
            (SELECT permission.created_at FROM \(tables.permissions) permission WHERE permission.group_key = \(parameter)
                AND permission.\(tables.column) = \(alias).key)
            """
    }

    /// The keys of what a group was granted, in their order; verified answers out of use are among them.
    static func keys(_ content: GrantedContent, of group: AccessGroup, on connection: Connection) throws -> [Int64] {
        let tables = content.tables
        return try connection.rows(
            "SELECT \(tables.column) FROM \(tables.permissions) WHERE group_key = ? ORDER BY \(tables.column)", group.key
        ) { $0.int64(0) }
    }

    /// Those of these things of a twin, named by their ids, that `clearance` may read. A verified answer out of use is nobody's.
    static func readable(
        _ content: GrantedContent, _ ids: Set<String>, of twin: Twin, for clearance: Clearance, on connection: Connection
    ) throws -> Set<String> {
        let sql = """
            SELECT 1 FROM \(content.tables.content) c WHERE c.id = ?1 AND c.twin_key = ?2
                AND \(condition(content, "c", for: "?3"))\(content == .verifiedAnswer ? " AND c.is_active" : "")
            """
        return try ids.filter { id in
            try connection.first(sql, id, twin.key, clearance.groupKey(in: twin)) { _ in true } ?? false
        }
    }

    /// The sources that `clearance` may read. The index holds live text only, so this adds who may see it.
    static func sources(of twin: Twin, for clearance: Clearance, on connection: Connection) throws -> VisibleSources {
        switch clearance {
        case .everything: return .all
        case .group(let group):
            // Deny by default: a group of another twin, or without a grant, sees nothing.
            guard group.twinKey == twin.key else { return .only(SourceSet([])) }
            return .only(SourceSet(try keys(.source, of: group, on: connection)))
        }
    }
}

/// Gives content to groups and takes it away. The only place that writes the tables of permissions.
enum Grants {
    /// Lets groups of the content's twin read it, in the caller's transaction. Granting again changes nothing. Answers how many
    /// grants are new.
    @discardableResult
    static func grant(
        _ content: GrantedContent, _ keys: some Sequence<Int64>, to group: Int64, at now: Timestamp = Clock.now,
        on connection: Connection
    ) throws -> Int {
        let tables = content.tables
        // The twin is asked for with the grant, so that a group is never granted what another twin has.
        return try keys.reduce(0) { count, key in
            try connection.run(
                """
                INSERT OR IGNORE INTO \(tables.permissions) (group_key, \(tables.column), created_at)
                SELECT g.key, c.key, ?3 FROM access_groups g JOIN \(tables.content) c ON c.twin_key = g.twin_key
                WHERE g.key = ?1 AND c.key = ?2
                """, group, key, now)
            return count + connection.changes
        }
    }

    /// Everything that the group's twin has of a kind. Answers how many grants are new.
    static func grantAll(_ content: GrantedContent, to group: AccessGroup, on connection: Connection) throws -> Int {
        let tables = content.tables
        try connection.run(
            """
            INSERT OR IGNORE INTO \(tables.permissions) (group_key, \(tables.column), created_at)
            SELECT ?, key, ? FROM \(tables.content) WHERE twin_key = ?
            """, group.key, Clock.now, group.twinKey)
        return connection.changes
    }

    /// Takes content away from a group. Answers how much it had.
    static func revoke(
        _ content: GrantedContent, _ keys: some Sequence<Int64>, from group: AccessGroup, on connection: Connection
    ) throws -> Int {
        let tables = content.tables
        return try keys.reduce(0) { count, key in
            try connection.run(
                "DELETE FROM \(tables.permissions) WHERE group_key = ? AND \(tables.column) = ?", group.key, key)
            return count + connection.changes
        }
    }

    static func revokeAll(_ content: GrantedContent, from group: AccessGroup, on connection: Connection) throws -> Int {
        try connection.run("DELETE FROM \(content.tables.permissions) WHERE group_key = ?", group.key)
        return connection.changes
    }

    /// The groups that something new of a twin goes to: the default one, and the one through which it came.
    static func groupsForNew(
        of twin: Twin, from clearance: Clearance, includingDefault: Bool = true, on connection: Connection
    ) throws -> [Int64] {
        try connection.rows(
            "SELECT key FROM access_groups WHERE twin_key = ?1 AND (is_default AND ?2 OR key = ?3) ORDER BY key", twin.key,
            includingDefault, clearance.groupKey(in: twin)
        ) { $0.int64(0) }
    }
}
