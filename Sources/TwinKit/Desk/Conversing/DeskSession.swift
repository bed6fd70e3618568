import TwinDatabase
import TwinSupport

/// One conversation of a contact with a desk: with its agents, and with people once it is handed over.
package struct DeskSession: Sendable, Equatable {
    let key: Int64
    package let id: String
    package let tenantID: String
    let contactKey: Int64
    let sessionKey: Int64
    package let contactID: String
    package let contactEmail: String?
    package let contactName: String
    package let agentID: String?
    package let topic: String?
    package let metadata: JSONObject
    package let feedback: String?
    package let createdAt: Timestamp
    package let lastMessageAt: Timestamp?
    package let endedAt: Timestamp?
    /// The handover that is open, or else the last one.
    package let handover: Handover?

    static let columns = """
        s.key, s.id, s.tenant_id, s.contact_key, s.session_key, c.id, c.email, c.name, a.id, s.topic, s.metadata, s.feedback,
        s.created_at, s.last_message_at, s.ended_at, \(Handover.columns)
        """
    /// A session has one open handover at the most, and it is the newest.
    static let from = """
        FROM desk_sessions s JOIN desk_contacts c ON c.key = s.contact_key LEFT JOIN desk_agents a ON a.key = s.agent_key
        LEFT JOIN desk_handovers h ON h.key = (SELECT max(key) FROM desk_handovers WHERE session_key = s.key)
        LEFT JOIN users u ON u.key = h.user_key
        """

    init(_ row: Row) throws {
        key = row.int64(0)
        id = row.text(1)
        tenantID = row.text(2)
        contactKey = row.int64(3)
        sessionKey = row.int64(4)
        contactID = row.text(5)
        contactEmail = row.optionalText(6)
        contactName = row.text(7)
        agentID = row.optionalText(8)
        topic = row.optionalText(9)
        metadata = try row.object(10)
        feedback = row.optionalText(11)
        createdAt = try row.requiredTimestamp(12)
        lastMessageAt = try row.timestamp(13)
        endedAt = try row.timestamp(14)
        handover = try row.isNull(15) ? nil : Handover(row, from: 15)
    }
}

/// A session handed over to a person, from the request to its end.
package struct Handover: Sendable, Equatable {
    /// How far it is; it only goes forward.
    package enum Status: String, Sendable, CaseIterable {
        /// It waits for somebody.
        case pending
        /// Somebody talks with the contact, and the agents are silent.
        case assigned
        case resolved
    }

    let key: Int64
    package let id: String
    package let status: Status
    package let reason: String
    /// Who was given it.
    package let userID: String?
    package let requestedAt: Timestamp
    package let assignedAt: Timestamp?
    package let resolvedAt: Timestamp?
    package let notes: String?
    package let verifiedAnswerID: String?

    static let columns = """
        h.key, h.id, h.status, h.reason, u.id, h.requested_at, h.assigned_at, h.resolved_at, h.notes, h.verified_answer_id
        """

    /// Throws `TwinError` (`failed`) for a status that this version does not know.
    init(_ row: Row, from first: Int32) throws {
        key = row.int64(first)
        id = row.text(first + 1)
        status = try row.value(first + 2)
        reason = row.text(first + 3)
        userID = row.optionalText(first + 4)
        requestedAt = try row.requiredTimestamp(first + 5)
        assignedAt = try row.timestamp(first + 6)
        resolvedAt = try row.timestamp(first + 7)
        notes = row.optionalText(first + 8)
        verifiedAnswerID = row.optionalText(first + 9)
    }
}
