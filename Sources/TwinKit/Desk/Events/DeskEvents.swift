import TwinDatabase
import TwinSupport

/// Something that happened at a desk. It names what it is about: words are looked up when it is told, so that what was withdrawn
/// since is told to nobody.
package struct DeskEvent: Sendable, Equatable {
    /// What happened; the words are those that streams and webhooks send.
    package enum Kind: String, Sendable, CaseIterable {
        case sessionBegun = "session.created"
        case sessionEnded = "session.ended"
        case message = "message.created"
        case handover = "handover.updated"
        case presence = "presence.updated"

        /// Whether the session's contact hears of it.
        package var isForContacts: Bool { self != .presence }
    }

    let key: Int64
    package let tenantID: String
    /// Counts the events of a tenant, without gaps.
    package let sequence: Int64
    /// Nil for what is of no session: somebody's presence.
    package let sessionID: String?
    package let kind: Kind
    /// The id of the message, handover, session or user.
    package let subjectID: String
    package let details: JSONObject
    package let createdAt: Timestamp

    static let columns = "key, tenant_id, sequence, session_id, kind, subject_id, details, created_at"

    /// None for a kind of another version.
    init?(_ row: Row) throws {
        guard let kind = Kind(rawValue: row.text(4)) else { return nil }
        key = row.int64(0)
        tenantID = row.text(1)
        sequence = row.int64(2)
        sessionID = row.optionalText(3)
        self.kind = kind
        subjectID = row.text(5)
        details = try row.object(6)
        createdAt = try row.requiredTimestamp(7)
    }
}

/// What happened at desks, as rows that are written with the change that they tell of.
package struct DeskEvents: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// Days for which somebody who comes back can catch up.
    static let retentionDays = 7.0
    /// Of one look.
    static let pageSize = 500

    static func record(
        _ kind: DeskEvent.Kind, of tenantID: String, session: String?, subject: String, _ details: JSONObject = [:],
        on connection: Connection
    ) throws {
        try connection.run(
            """
            INSERT INTO desk_event_sequences (tenant_id, last) VALUES (?, 1)
            ON CONFLICT DO UPDATE SET last = last + 1
            """, tenantID)
        try connection.run(
            """
            INSERT INTO desk_events (tenant_id, sequence, session_id, kind, subject_id, details, created_at)
            SELECT ?1, last, ?2, ?3, ?4, ?5, ?6 FROM desk_event_sequences WHERE tenant_id = ?1
            """, tenantID, session, kind.rawValue, subject, JSON.object(details), Clock.now)
        DeskSignal.send()
    }

    /// The events of a tenant behind `sequence`, oldest first; of one session, when it is named.
    package func list(
        of tenantID: String, after sequence: Int64, session: String? = nil, limit: Int = pageSize
    ) throws -> [DeskEvent] {
        try database.read { connection in
            try connection.rows(
                """
                SELECT \(DeskEvent.columns) FROM desk_events
                WHERE tenant_id = ?1 AND sequence > ?2 AND (?3 IS NULL OR session_id = ?3) ORDER BY sequence LIMIT ?4
                """, tenantID, sequence, session, limit, map: DeskEvent.init
            ).compactMap(\.self)
        }
    }

    /// All events of the file behind this key, oldest first.
    func list(afterKey key: Int64, limit: Int = pageSize) throws -> [DeskEvent] {
        try database.read { connection in
            try connection.rows(
                "SELECT \(DeskEvent.columns) FROM desk_events WHERE key > ? ORDER BY key LIMIT ?", key, limit, map: DeskEvent.init
            ).compactMap(\.self)
        }
    }

    func lastKey() throws -> Int64 {
        try database.read { try $0.first("SELECT coalesce(max(key), 0) FROM desk_events") { $0.int64(0) } ?? 0 }
    }

    /// The number of the newest event of a tenant; 0 before the first.
    package func last(of tenantID: String) throws -> Int64 {
        try database.read { connection in
            try connection.first("SELECT last FROM desk_event_sequences WHERE tenant_id = ?", tenantID) { $0.int64(0) } ?? 0
        }
    }

    /// Removes events that nobody catches up with any more and that every webhook has had.
    static func purge(now: Timestamp = Clock.now, on connection: Connection) throws {
        try connection.run(
            """
            DELETE FROM desk_events WHERE created_at < ? AND NOT EXISTS (
                SELECT 1 FROM desk_deliveries WHERE event_key = desk_events.key AND status = 'pending')
            """, now.adding(seconds: -retentionDays * 86_400))
        try connection.run("DELETE FROM desk_tickets WHERE expires_at < ?", now)
    }
}
