import TwinDatabase
import TwinSupport

/// Sessions of desks as rows, and what was said in them.
package struct DeskSessions: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    static let notFound = TwinError(.notFound, "there is no such session")
    static let maximumMetadataBytes = 16_384

    // MARK: Finding

    /// The session with this id. Throws `TwinError` (`notFound`), also for one of another tenant. It does not ask who may see it.
    package func find(_ id: String, of tenantID: String) throws -> DeskSession {
        try database.read { try Self.find(id, of: tenantID, on: $0) }
    }

    static func find(_ id: String, of tenantID: String, on connection: Connection) throws -> DeskSession {
        let session = try connection.first(
            "SELECT \(DeskSession.columns) \(DeskSession.from) WHERE s.id = ? AND s.tenant_id = ?", id, tenantID,
            map: DeskSession.init)
        guard let session else { throw notFound }
        return session
    }

    /// Which sessions are listed.
    package struct Filter: Sendable {
        /// Of one contact, by its id.
        package var contactID: String?
        /// In this state; `none` are those that were never handed over.
        package var status: Handover.Status?
        package var isUntouched = false
        /// Given to this user.
        package var userID: String?
        package var from: Timestamp?
        /// Sessions begun from `from` on and before `until`; nil leaves that end open.
        package var until: Timestamp?
        package var limit = 50
        package var offset = 0
        package init() {}
    }

    /// A session of a list.
    package struct Overview: Sendable {
        package let session: DeskSession
        package let messageCount: Int
        /// The newest message, shortened.
        package let preview: String?
    }

    private static let filter = """
        s.tenant_id = ?1 AND (?2 IS NULL OR c.id = ?2) AND (?3 IS NULL OR h.status = ?3) AND (NOT ?4 OR h.key IS NULL)
        AND (?5 IS NULL OR u.id = ?5) AND (?6 IS NULL OR s.created_at >= ?6) AND (?7 IS NULL OR s.created_at < ?7)
        """

    private static func values(_ tenantID: String, _ filter: Filter) -> [any DatabaseConvertible] {
        [
            tenantID, filter.contactID, filter.status?.rawValue, filter.isUntouched, filter.userID, filter.from, filter.until,
        ]
    }

    /// A tenant's sessions, newest first.
    package func list(of tenantID: String, _ filter: Filter) throws -> [Overview] {
        try database.read { connection in
            let sessions = try connection.rows(
                """
                SELECT \(DeskSession.columns) \(DeskSession.from) WHERE \(Self.filter) ORDER BY s.key DESC LIMIT ?8 OFFSET ?9
                """, Self.values(tenantID, filter) + [filter.limit, filter.offset], map: DeskSession.init)
            return try sessions.map { session in
                let messages = try connection.first(
                    """
                    SELECT count(*), (SELECT substr(n.content, 1, 100) FROM messages n
                        WHERE n.conversation_key = c.key AND n.role <> 'assistant' ORDER BY n.key DESC LIMIT 1)
                    FROM conversations c JOIN messages m ON m.conversation_key = c.key WHERE c.session_id = ?
                    """, session.id
                ) { ($0.int(0), $0.optionalText(1)) }
                return Overview(session: session, messageCount: messages?.0 ?? 0, preview: messages?.1)
            }
        }
    }

    /// How many sessions the filter lets through in all, whatever its limit and offset.
    package func count(of tenantID: String, _ filter: Filter) throws -> Int {
        try database.read { connection in
            try connection.first(
                "SELECT count(*) \(DeskSession.from) WHERE \(Self.filter)", Self.values(tenantID, filter)
            ) { $0.int(0) } ?? 0
        }
    }

    // MARK: Changing

    /// Begins a session of a contact.
    package func begin(
        for contact: Contact, topic: String? = nil, metadata: JSONObject = JSONObject(), address: String? = nil
    ) throws -> DeskSession {
        try database.write { connection in
            let desk = try Desks.open(contact.tenantID, on: connection)
            return try Self.begin(for: contact, at: desk, topic: topic, metadata: metadata, address: address, on: connection)
        }
    }

    static func begin(
        for contact: Contact, at desk: Desk, topic: String? = nil, metadata: JSONObject = JSONObject(), address: String?,
        on connection: Connection
    ) throws -> DeskSession {
        guard JSON.object(metadata).text.utf8.count <= maximumMetadataBytes else {
            throw TwinError(.invalid, "the metadata has more than \(maximumMetadataBytes) bytes")
        }
        let twin = try Desks.twin(of: desk, on: connection)
        guard twin.archivedAt == nil else { throw TwinError(.gone, "the twin of the desk is archived and answers nobody") }
        let group = try Authorizer.visitorGroup(of: twin, on: connection)
        let visitor = try Sessions.begin(
            origin: .desk(desk.tenantID), twin: twin, group: group, ipAddress: address, userAgent: nil, now: Clock.now,
            on: connection)
        try connection.run(
            """
            INSERT INTO desk_sessions (id, tenant_id, contact_key, session_key, topic, metadata, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """, visitor.id, desk.tenantID, contact.key, visitor.key, topic, JSON.object(metadata), visitor.createdAt)
        try DeskEvents.record(.sessionBegun, of: desk.tenantID, session: visitor.id, subject: visitor.id, on: connection)
        return try find(visitor.id, of: desk.tenantID, on: connection)
    }

    /// Ends a session: a handover that is open is resolved. Ending again only adds what was not said yet.
    package func end(_ id: String, of tenantID: String, feedback: String?, by actor: String?) throws -> DeskSession {
        try database.write { connection in
            let session = try Self.find(id, of: tenantID, on: connection)
            try connection.run(
                "UPDATE desk_sessions SET ended_at = coalesce(ended_at, ?2), feedback = coalesce(?3, feedback) WHERE key = ?1",
                session.key, Clock.now, feedback)
            if let handover = session.handover, handover.status != .resolved {
                try Handovers.close(handover, of: session, notes: nil, verifiedAnswerID: nil, on: connection)
                try Handovers.drain(tenantID, on: connection)
            }
            if session.endedAt == nil {
                try DeskEvents.record(.sessionEnded, of: tenantID, session: id, subject: id, on: connection)
            }
            return try Self.find(id, of: tenantID, on: connection)
        }
    }

    /// The visitor that the authorizer knows of a session. One whose group was deleted is given the one that visitors have now.
    static func visitor(of session: DeskSession, on connection: Connection) throws -> Session {
        guard let found = try Sessions.find(session.id, on: connection) else { throw notFound }
        guard found.groupKey == nil else { return found }
        let twin = try TwinStore.load(found.twinKey, on: connection)
        let group = try Authorizer.visitorGroup(of: twin, on: connection)
        return found.withGroup(group.key)
    }

    // MARK: Messages

    /// Stores a message of a session. The database makes it an event.
    @discardableResult
    static func append(
        _ role: Message.Role, _ content: String, status: AnswerStatus? = nil, citations: [Citation] = [],
        to session: DeskSession, sender: String? = nil, answering question: Int64? = nil, on connection: Connection
    ) throws -> (key: Int64, id: String) {
        let visitor = try visitor(of: session, on: connection)
        let conversation: Conversation
        if let known = try Sessions.conversation(of: visitor, on: connection) {
            conversation = known
        } else {
            conversation = try ConversationStore.create(
                twin: TwinStore.load(visitor.twinKey, on: connection), holder: ConversationHolder(sessionID: visitor.id),
                groupKey: visitor.groupKey, on: connection)
        }
        let message = try ConversationStore.append(
            role, content, status: status, citations: citations, sender: sender, to: conversation, answering: question,
            on: connection)
        DeskSignal.send()
        return message
    }

    /// One message of a session, as far as its visitor may read it now; none when it is gone.
    package func message(_ id: String, in session: DeskSession) throws -> Message? {
        try database.read { connection in
            let visitor = try Self.visitor(of: session, on: connection)
            guard let conversation = try Sessions.conversation(of: visitor, on: connection),
                let message = try ConversationStore.messages(of: conversation, id: id, limit: 1, on: connection).first
            else { return nil }
            let twin = try TwinStore.load(visitor.twinKey, on: connection)
            let clearance = try Authorizer.clearance(ofVisitor: visitor, of: twin, on: connection)
            return try Transcript.readable([message], of: twin, for: clearance, on: connection).first
        }
    }

    /// What was said in a session, oldest first, as far as its visitor may read it now.
    package func transcript(of session: DeskSession, limit: Int) throws -> [Message] {
        try database.read { try Self.transcript(of: session, limit: limit, on: $0) }
    }

    static func transcript(of session: DeskSession, limit: Int, on connection: Connection) throws -> [Message] {
        let visitor = try visitor(of: session, on: connection)
        guard let conversation = try Sessions.conversation(of: visitor, on: connection) else { return [] }
        let twin = try TwinStore.load(visitor.twinKey, on: connection)
        let clearance = try Authorizer.clearance(ofVisitor: visitor, of: twin, on: connection)
        return try Transcript.readable(
            ConversationStore.messages(of: conversation, limit: limit, on: connection), of: twin, for: clearance, on: connection)
    }

    // MARK: Notes

    /// What staff write to each other about a session; contacts never see it.
    package struct Note: Sendable {
        package let id: String
        /// The user's id; nil at the command line.
        package let authorID: String?
        package let content: String
        package let createdAt: Timestamp
    }

    /// All notes of a session, oldest first.
    package func notes(of session: DeskSession) throws -> [Note] {
        try database.read { connection in
            try connection.rows(
                "SELECT id, author_id, content, created_at FROM desk_notes WHERE session_key = ? ORDER BY key", session.key
            ) {
                Note(
                    id: $0.text(0), authorID: $0.optionalText(1), content: $0.text(2),
                    createdAt: try $0.requiredTimestamp(3))
            }
        }
    }

    /// Adds a note, in a transaction of its own. `actor` is the user's id; the caller has checked the length.
    package func addNote(_ content: String, to session: DeskSession, by actor: String?) throws -> Note {
        try database.write { connection in
            let note = Note(id: Identifier.make(), authorID: actor, content: content, createdAt: Clock.now)
            try connection.run(
                "INSERT INTO desk_notes (id, tenant_id, session_key, author_id, content, created_at) VALUES (?, ?, ?, ?, ?, ?)",
                note.id, session.tenantID, session.key, actor, content, note.createdAt)
            return note
        }
    }
}
