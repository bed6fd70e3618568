import TwinDatabase
import TwinSupport

/// What happened last.
extension Metrics {
    /// How many lines one call may ask for.
    package static let activityLimit = 1...1_000

    /// A conversation, a source or an escalation, as one line of news.
    package struct Activity: Sendable, Equatable {
        /// What the news is of.
        package enum Kind: String, Sendable, CaseIterable { case conversation, source, escalation }

        package let id: String
        package let kind: Kind
        package let title: String
        package let description: String
        package let time: Timestamp
    }

    /// Characters of a question that a title shows.
    private static let titleLength = 50

    /// The newest conversations, sources and escalations, 1 to 50 of them, newest first. Throws `TwinError`.
    package func activity(
        of twin: Twin, limit: Int = 10, scope: MetricsScope = .everything
    ) throws -> [Activity] {
        try Self.check(limit, Self.activityLimit, "limit")
        let all = try database.read { connection in
            try Self.conversations(twin, limit, scope, connection) + Self.sources(twin, limit, scope, connection)
                + Self.escalations(twin, limit, scope, connection)
        }
        return Array(all.sorted { ($0.time, $0.id) > ($1.time, $1.id) }.prefix(limit))
    }

    private static func conversations(
        _ twin: Twin, _ limit: Int, _ scope: MetricsScope, _ connection: Connection
    ) throws -> [Activity] {
        let which =
            scope.userID == nil
            ? "c.twin_key = ?1 AND ?2 IS NULL ORDER BY c.created_at DESC"
            : "c.twin_key = ?1 AND c.user_id = ?2 ORDER BY c.key DESC"
        return try connection.rows(
            """
            SELECT c.id, (SELECT substr(content, 1, \(titleLength + 1)) FROM messages m
                    WHERE m.conversation_key = c.key AND m.role = 'user' ORDER BY m.key LIMIT 1),
                coalesce(u.full_name, u.email, 'Anonymous visitor'), c.created_at
            FROM conversations c LEFT JOIN users u ON u.id = c.user_id WHERE \(which) LIMIT ?3
            """, twin.key, scope.userID, limit
        ) { row in
            let question = row.optionalText(1).map { "Asked: " + cut($0, titleLength) }
            return Activity(
                id: row.text(0), kind: .conversation, title: question ?? "Began a conversation", description: row.text(2),
                time: try row.requiredTimestamp(3))
        }
    }

    /// Keys rise with time, so the newest rows are at the table's end.
    private static func sources(
        _ twin: Twin, _ limit: Int, _ scope: MetricsScope, _ connection: Connection
    ) throws -> [Activity] {
        let clearance: Clearance =
            switch scope {
            case .everything: .everything
            case .user(_, let clearance): clearance
            }
        return try connection.rows(
            """
            SELECT s.id, s.name, s.status, s.created_at FROM sources s NOT INDEXED
            WHERE s.twin_key = ?1 AND \(Visibility.condition(.source, "s", for: "?2")) ORDER BY s.key DESC LIMIT ?3
            """, twin.key, clearance.groupKey(in: twin), limit
        ) { row in
            Activity(
                id: row.text(0), kind: .source, title: "Uploaded: " + row.text(1), description: "Status: " + row.text(2),
                time: try row.requiredTimestamp(3))
        }
    }

    private static func escalations(
        _ twin: Twin, _ limit: Int, _ scope: MetricsScope, _ connection: Connection
    ) throws -> [Activity] {
        let own =
            scope.userID == nil
            ? "?2 IS NULL" : "EXISTS (SELECT 1 FROM conversations c WHERE c.id = e.conversation_id AND c.user_id = ?2)"
        return try connection.rows(
            """
            SELECT e.id, substr(e.question, 1, \(titleLength + 1)), e.status, e.created_at FROM escalations e NOT INDEXED
            WHERE e.twin_key = ?1 AND \(own) ORDER BY e.key DESC LIMIT ?3
            """, twin.key, scope.userID, limit
        ) { row in
            Activity(
                id: row.text(0), kind: .escalation, title: "Escalated: " + cut(row.text(1), titleLength),
                description: "Status: " + row.text(2), time: try row.requiredTimestamp(3))
        }
    }
}
