import TwinDatabase
import TwinSupport

/// Visitors of widgets and share links, each with one conversation.
package struct Sessions: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// The door that a visitor came through. Another door does not open their session.
    package enum Origin: Sendable, Equatable, CustomStringConvertible {
        /// The id of an API key.
        case key(String)
        /// The id of a shared twin.
        case share(String)
        /// The id of a user of another workspace, whom the operator lets ask.
        case journal(String)
        /// The id of a tenant whose support desk it is.
        case desk(String)

        /// Reads what `description` wrote.
        package init?(_ text: String) {
            let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { return nil }
            switch parts[0] {
            case "key": self = .key(parts[1])
            case "share": self = .share(parts[1])
            case "journal": self = .journal(parts[1])
            case "desk": self = .desk(parts[1])
            default: return nil
            }
        }

        package var description: String {
            switch self {
            case .key(let id): "key:\(id)"
            case .share(let id): "share:\(id)"
            case .journal(let id): "journal:\(id)"
            case .desk(let id): "desk:\(id)"
            }
        }
    }

    /// A day after the last question, in seconds.
    package static let lifetime = 86_400.0
    /// How much a session's end lags behind at the most, in milliseconds: not every question writes.
    private static let extensionInterval: Int64 = 60_000
    private static let maximumAgentLength = 500

    /// Goes on with the visitor's session. One that is unknown, has expired, or is of another door, twin or group is replaced
    /// by a new one without a word: a made-up id opens nothing and tells nothing.
    package func resume(
        id: String?, origin: Origin, twin: Twin, group: AccessGroup?, ipAddress: String? = nil, userAgent: String? = nil,
        now: Timestamp = Clock.now
    ) throws -> (session: Session, isNew: Bool) {
        let known = try id.flatMap { id in try database.read { try Self.find(id, origin, twin, group, now: now, on: $0) } }
        return try goOn(
            with: known, origin: origin, twin: twin, group: group, ipAddress: ipAddress, userAgent: userAgent, now: now)
    }

    /// Goes on with a session that `find` has found, or begins one. It writes only when it has to.
    func goOn(
        with known: Session?, origin: Origin, twin: Twin, group: AccessGroup?, ipAddress: String?, userAgent: String?,
        now: Timestamp = Clock.now
    ) throws -> (session: Session, isNew: Bool) {
        if let session = known {
            guard now.milliseconds - session.lastActiveAt.milliseconds >= Self.extensionInterval else { return (session, false) }
            let extended: Session? = try database.write { connection in
                try connection.run(
                    "UPDATE sessions SET last_active_at = ?, expires_at = ? WHERE key = ?", now,
                    now.adding(seconds: Self.lifetime), session.key)
                return try Self.find(session.id, origin, twin, group, now: now, on: connection)
            }
            if let extended { return (extended, false) }
        }
        return (
            try database.write {
                try Self.begin(
                    origin: origin, twin: twin, group: group, ipAddress: ipAddress, userAgent: userAgent, now: now, on: $0)
            }, true
        )
    }

    /// Begins a session in the caller's transaction.
    static func begin(
        origin: Origin, twin: Twin, group: AccessGroup?, ipAddress: String?, userAgent: String?, now: Timestamp,
        on connection: Connection
    ) throws -> Session {
        let made = Identifier.make()
        try connection.run(
            """
            INSERT INTO sessions (id, tenant_id, twin_key, group_key, session_type, origin, ip_address, user_agent,
                created_at, last_active_at, expires_at) VALUES (?, ?, ?, ?, 'anonymous', ?, ?, ?, ?, ?, ?)
            """,
            [
                made, twin.tenantID, twin.key, group?.key, origin.description, ipAddress.map { String($0.prefix(64)) },
                userAgent.map { String($0.prefix(Self.maximumAgentLength)) }, now, now, now.adding(seconds: Self.lifetime),
            ] as [any DatabaseConvertible])
        guard let session = try find(made, origin, twin, group, now: now, on: connection) else {
            throw TwinError(.failed, "the session could not be stored")
        }
        return session
    }

    /// The session with this id, whether it has expired or not, with the group that visitors of its twin have now where its own
    /// is gone.
    static func find(_ id: String, on connection: Connection) throws -> Session? {
        try connection.first("SELECT \(Session.columns) FROM sessions WHERE id = ?", id, map: Session.init)
    }

    /// The visitor's session; none when it is unknown, has expired, or is of another door, twin or group.
    static func find(
        _ id: String, _ origin: Origin, _ twin: Twin, _ group: AccessGroup?, now: Timestamp, on connection: Connection
    ) throws -> Session? {
        try connection.first(
            """
            SELECT \(Session.columns) FROM sessions
            WHERE id = ? AND origin = ? AND twin_key = ? AND group_key IS ? AND expires_at > ?
            """, id, origin.description, twin.key, group?.key, now, map: Session.init)
    }

    /// How a user of another workspace asks a twin in a session of the journal, which is known by that session's id and lasts as
    /// long. It is made with the first question.
    static func ofJournal(
        _ id: String, _ user: User, _ twin: Twin, _ group: AccessGroup, now: Timestamp = Clock.now, on connection: Connection
    ) throws -> Session {
        let origin = Origin.journal(user.id).description
        try connection.run(
            """
            INSERT INTO sessions (id, tenant_id, twin_key, group_key, session_type, origin, created_at, last_active_at, expires_at)
            VALUES (?1, ?2, ?3, ?4, 'anonymous', ?5, ?6, ?6, ?7)
            ON CONFLICT (id) DO UPDATE SET group_key = excluded.group_key, twin_key = excluded.twin_key,
                tenant_id = excluded.tenant_id, last_active_at = excluded.last_active_at, expires_at = excluded.expires_at
            WHERE origin = excluded.origin
            """,
            [id, twin.tenantID, twin.key, group.key, origin, now, now.adding(seconds: lifetime)] as [any DatabaseConvertible])
        guard
            let session = try connection.first(
                "SELECT \(Session.columns) FROM sessions WHERE id = ? AND origin = ?", id, origin, map: Session.init)
        else { throw TwinError(.failed, "the session could not be stored") }
        return session
    }

    /// The conversation of a session; none before the first question.
    package func conversationID(of session: Session) throws -> String? {
        try database.read { try Self.conversation(of: session, on: $0)?.id }
    }

    static func conversation(of session: Session, on connection: Connection) throws -> Conversation? {
        try connection.first(
            """
            SELECT \(Conversation.columns) FROM conversations WHERE session_id = ? AND twin_key = ? ORDER BY key DESC LIMIT 1
            """, session.id, session.twinKey, map: Conversation.init)
    }

    /// Removes visits that ended before `instant` and have no conversation any more. Answers how many.
    static func purgeVisits(before instant: Timestamp, limit: Int, on connection: Connection) throws -> Int {
        try connection.run(
            """
            DELETE FROM sessions WHERE key IN (
                SELECT key FROM sessions s WHERE s.expires_at < ?
                    AND NOT EXISTS (SELECT 1 FROM conversations c WHERE c.session_id = s.id) LIMIT ?)
            """, instant, limit)
        return connection.changes
    }

    /// Removes a visit: the visitor's address and browser with it.
    static func forget(_ id: String, on connection: Connection) throws {
        try connection.run("DELETE FROM sessions WHERE id = ?", id)
    }

    /// Removes sessions that ended a month ago or earlier and asked nothing. Answers how many.
    @discardableResult
    package func purge(now: Timestamp = Clock.now) throws -> Int {
        try database.write { connection in
            try connection.run(
                """
                DELETE FROM sessions WHERE expires_at < ?
                    AND NOT EXISTS (SELECT 1 FROM conversations WHERE session_id = sessions.id)
                """, now.adding(seconds: -30 * 86_400))
            return connection.changes
        }
    }
}
