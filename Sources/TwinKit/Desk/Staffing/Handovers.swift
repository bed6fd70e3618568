import TwinDatabase
import TwinSupport

/// Hands sessions over to people: who waits, who is given what, and what remains of it. Each step is one transaction, so that
/// nobody gets more than they can hold and no session has two people.
package struct Handovers: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    static let maximumReasonBytes = 2_000

    // MARK: The queue

    /// Sessions that were handed over, with how many there are in each state.
    package struct Queue: Sendable {
        package let pending: Int
        package let assigned: Int
        package let resolved: Int
        package let sessions: [DeskSession]
    }

    /// The sessions of a tenant that were handed over, the newest request first. The counts are of all, whatever is listed.
    package func queue(
        of tenantID: String, status: Handover.Status? = nil, limit: Int = 100, offset: Int = 0
    ) throws -> Queue {
        try database.read { connection in
            let counts = try connection.rows(
                """
                SELECT status, count(*) FROM desk_handovers h WHERE tenant_id = ?
                    AND key = (SELECT max(key) FROM desk_handovers WHERE session_key = h.session_key) GROUP BY status
                """, tenantID
            ) { ($0.text(0), $0.int(1)) }
            func count(_ status: Handover.Status) -> Int { counts.first { $0.0 == status.rawValue }?.1 ?? 0 }
            let sessions = try connection.rows(
                """
                SELECT \(DeskSession.columns) \(DeskSession.from)
                WHERE s.tenant_id = ?1 AND h.key IS NOT NULL AND (?2 IS NULL OR h.status = ?2)
                ORDER BY h.requested_at DESC, h.key DESC LIMIT ?3 OFFSET ?4
                """, tenantID, status?.rawValue, limit, offset, map: DeskSession.init)
            return Queue(
                pending: count(.pending), assigned: count(.assigned), resolved: count(.resolved), sessions: sessions)
        }
    }

    // MARK: Requesting

    /// Hands a session over, and gives it at once to whoever can take it. Throws `TwinError` (`conflict`) while it is handed
    /// over already.
    package func request(
        _ sessionID: String, of tenantID: String, reason: String, email: String? = nil, now: Timestamp = Clock.now
    ) throws -> DeskSession {
        try database.write { connection in
            let session = try DeskSessions.find(sessionID, of: tenantID, on: connection)
            if let handover = session.handover, handover.status != .resolved {
                throw TwinError(.conflict, "the session is already \(handover.status.rawValue)")
            }
            try Self.open(session, reason: reason, email: email, now: now, on: connection)
            return try DeskSessions.find(sessionID, of: tenantID, on: connection)
        }
    }

    /// The same for the contact: what is under way already stays, and an address is noted where nobody is there.
    package func requestByContact(
        _ sessionID: String, of tenantID: String, reason: String, email: String?, now: Timestamp = Clock.now
    ) throws -> (session: DeskSession, isAnybodyThere: Bool) {
        try database.write { connection in
            let session = try DeskSessions.find(sessionID, of: tenantID, on: connection)
            let isOpen = session.handover.map { $0.status != .resolved } ?? false
            if let email {
                try Contacts.note(
                    email, of: Contacts.find(session.contactID, of: tenantID, on: connection), on: connection)
            }
            if !isOpen { try Self.open(session, reason: reason, email: nil, now: now, on: connection) }
            return (
                try DeskSessions.find(sessionID, of: tenantID, on: connection),
                try Staff.isAnybodyThere(at: tenantID, now: now, on: connection)
            )
        }
    }

    private static func open(
        _ session: DeskSession, reason: String, email: String?, now: Timestamp, on connection: Connection
    ) throws {
        guard reason.utf8.count <= maximumReasonBytes else {
            throw TwinError(.invalid, "the reason has more than \(maximumReasonBytes) bytes; shorten it")
        }
        let id = Identifier.make()
        try connection.run(
            """
            INSERT INTO desk_handovers (id, tenant_id, session_key, status, reason, requested_at)
            VALUES (?, ?, ?, 'pending', ?, ?)
            """, id, session.tenantID, session.key, reason, now)
        try connection.run("UPDATE desk_sessions SET ended_at = NULL WHERE key = ?", session.key)
        try DeskEvents.record(
            .handover, of: session.tenantID, session: session.id, subject: id, ["status": "pending"], on: connection)
        try drain(session.tenantID, now: now, on: connection)
    }

    // MARK: Giving

    /// Gives a session to a supporter, or to whoever can take it best. One that somebody has is taken from them. Throws
    /// `TwinError`: `invalid` for somebody who is not there, `conflict` for somebody who has all they can hold.
    package func assign(
        _ sessionID: String, of tenantID: String, to userID: String?, by actor: String?, now: Timestamp = Clock.now
    ) throws -> DeskSession {
        try database.write { connection in
            let session = try DeskSessions.find(sessionID, of: tenantID, on: connection)
            guard let handover = session.handover, handover.status != .resolved else {
                throw TwinError(.invalid, "the session was not handed over; escalate it first")
            }
            let member: StaffMember
            if let userID {
                member = try Staff.find(userID, of: tenantID, now: now, on: connection)
            } else {
                guard let free = try Staff.list(of: tenantID, now: now, on: connection).first(where: \.isAvailable) else {
                    throw TwinError(.conflict, "nobody can take the session now")
                }
                member = free
            }
            guard handover.userID != member.user.id else { return session }
            guard member.status == .online else {
                throw TwinError(.invalid, "the supporter is \(member.status.rawValue); choose one who is online")
            }
            guard member.currentSessions < member.maximumSessions else {
                throw TwinError(
                    .conflict, "the supporter already has \(member.currentSessions) sessions, which is all they can hold")
            }
            try Self.give(handover, of: session, to: member, now: now, on: connection)
            try AuditLog.append(
                .handoverAssigned, tenantID: tenantID, actor: actor,
                ["session_id": .string(sessionID), "user_id": .string(member.user.id)], on: connection)
            // Whoever had it has room again.
            try Self.drain(tenantID, now: now, on: connection)
            return try DeskSessions.find(sessionID, of: tenantID, on: connection)
        }
    }

    private static func give(
        _ handover: Handover, of session: DeskSession, to member: StaffMember, now: Timestamp, on connection: Connection
    ) throws {
        let key = handover.key
        let former = try connection.first("SELECT user_key FROM desk_handovers WHERE key = ?", key) { $0.optionalInt(0) } ?? nil
        try connection.run(
            "UPDATE desk_handovers SET status = 'assigned', user_key = ?, assigned_at = ? WHERE key = ?", member.user.key, now,
            key)
        for user in [former.map(Int64.init), member.user.key].compactMap(\.self) {
            try connection.run(
                """
                INSERT INTO desk_staff (user_key, idle_since) VALUES (?1, ?2)
                ON CONFLICT DO UPDATE SET idle_since = excluded.idle_since
                """, user, now)
        }
        try DeskEvents.record(
            .handover, of: session.tenantID, session: session.id, subject: handover.id,
            ["status": "assigned", "user_id": .string(member.user.id)], on: connection)
    }

    /// Gives what waits to those who can take it, the oldest request first.
    static func drain(_ tenantID: String, now: Timestamp = Clock.now, on connection: Connection) throws {
        let waiting = try connection.rows(
            """
            SELECT s.id FROM desk_handovers h JOIN desk_sessions s ON s.key = h.session_key
            WHERE h.tenant_id = ? AND h.status = 'pending' ORDER BY h.requested_at, h.key LIMIT 1000
            """, tenantID
        ) { $0.text(0) }
        for id in waiting {
            guard let member = try Staff.list(of: tenantID, now: now, on: connection).first(where: \.isAvailable) else { return }
            let session = try DeskSessions.find(id, of: tenantID, on: connection)
            guard let handover = session.handover else { continue }
            try give(handover, of: session, to: member, now: now, on: connection)
        }
    }

    /// The same in a transaction of its own, for what no change tells: that somebody's pause is over.
    package func drain(_ tenantID: String) throws { try database.write { try Self.drain(tenantID, on: $0) } }

    /// Gives a session back to the agents while its handover waits for nobody any more.
    package func giveBack(_ sessionID: String, of tenantID: String, as caller: Principal) throws -> DeskSession {
        try resolve(sessionID, of: tenantID, Resolution(), as: caller)
    }

    // MARK: Ending

    /// What remains of a session that is done.
    package struct Resolution: Sendable {
        package var notes: String?
        /// A question and its answer, that the twin is to give to the next who asks.
        package var verified: VerifiedAnswers.Entry?
        package init() {}
    }

    /// Ends a handover: the agents answer again. Supporters end their own. Throws `TwinError`.
    package func resolve(
        _ sessionID: String, of tenantID: String, _ resolution: Resolution, as caller: Principal, now: Timestamp = Clock.now
    ) throws -> DeskSession {
        try database.write { connection in
            let session = try DeskSessions.find(sessionID, of: tenantID, on: connection)
            guard let handover = session.handover else {
                throw TwinError(.invalid, "the session was not handed over; there is nothing to resolve")
            }
            if case .user(let user) = caller, user.role != .owner, !user.isOperator, handover.userID != user.id {
                throw TwinError(.notPermitted, "the session is not yours to resolve")
            }
            guard handover.status != .resolved else { return session }
            var answerID: String?
            if let entry = resolution.verified {
                let twin = try Desks.twin(of: Desks.find(tenantID, on: connection), on: connection)
                let clearance = try Authorizer(database: database).clearance(of: twin, as: caller, on: connection)
                answerID = try VerifiedAnswers.add(
                    entry, to: twin, clearance: clearance, by: caller.actorID, on: connection
                ).id
            }
            try Self.close(
                handover, of: session, notes: resolution.notes, verifiedAnswerID: answerID, now: now, on: connection)
            try AuditLog.append(
                .handoverResolved, tenantID: tenantID, actor: caller.actorID,
                ["session_id": .string(sessionID), "verified_answer_id": .optional(answerID)], on: connection)
            try Self.drain(tenantID, now: now, on: connection)
            return try DeskSessions.find(sessionID, of: tenantID, on: connection)
        }
    }

    static func close(
        _ handover: Handover, of session: DeskSession, notes: String?, verifiedAnswerID: String?, now: Timestamp = Clock.now,
        on connection: Connection
    ) throws {
        try connection.run(
            """
            UPDATE desk_handovers SET status = 'resolved', resolved_at = ?2, notes = coalesce(?3, notes), verified_answer_id = ?4
            WHERE key = ?1
            """, handover.key, now, notes, verifiedAnswerID)
        try connection.run(
            "UPDATE desk_staff SET idle_since = ? WHERE user_key = (SELECT user_key FROM desk_handovers WHERE key = ?)", now,
            handover.key)
        try DeskEvents.record(
            .handover, of: session.tenantID, session: session.id, subject: handover.id, ["status": "resolved"], on: connection)
    }

    // MARK: Talking

    /// Says something to a contact, as the supporter who was given the session.
    package func say(_ text: String, in sessionID: String, of tenantID: String, as user: User) throws -> Message {
        try database.write { connection in
            let session = try DeskSessions.find(sessionID, of: tenantID, on: connection)
            guard let handover = session.handover, handover.status == .assigned, handover.userID == user.id else {
                throw TwinError(.invalid, "the session is not assigned to you")
            }
            let id = try DeskSessions.append(.supporter, text, to: session, sender: user.id, on: connection).id
            guard let message = try DeskSessions.transcript(of: session, limit: 20, on: connection).last(where: { $0.id == id })
            else { throw TwinError(.failed, "the message could not be stored") }
            return message
        }
    }
}
