import TwinDatabase
import TwinSupport

/// A question that nothing answered, handed to the owner.
package struct Escalation: Sendable, Equatable {
    /// Only an `open` one can still be answered or dismissed.
    package enum Status: String, Sendable, CaseIterable { case open, answered, dismissed }

    package let key: Int64
    package let id: String
    package var conversationID: String?
    package var question: String
    package var status: Status
    /// The confidence with which it was refused or answered, 0 to 1.
    package var confidence: Double
    /// What the twin said to it, as long as the conversation is kept: an answer that it was not sure of, or that it does not know.
    package var attempt: String?
    /// How often it was asked while it was open.
    package var timesAsked: Int
    package var answer: String?
    /// The verified answer that it became.
    package var verifiedAnswerID: String?
    package let createdAt: Timestamp
    package var updatedAt: Timestamp
    /// When it was answered or dismissed; nil while it is open.
    package var resolvedAt: Timestamp?

    static let columns = """
        key, id, conversation_id, question, status, confidence, times_asked, answer, verified_answer_id, created_at, updated_at,
        resolved_at, (SELECT m.content FROM messages m WHERE m.id = message_id)
        """

    init(_ row: Row) throws {
        try row.check(columns: 13)
        key = row.int64(0)
        id = row.text(1)
        conversationID = row.optionalText(2)
        question = row.text(3)
        status = try row.value(4)
        confidence = row.double(5)
        timesAsked = row.int(6)
        answer = row.optionalText(7)
        verifiedAnswerID = row.optionalText(8)
        createdAt = try row.requiredTimestamp(9)
        updatedAt = try row.requiredTimestamp(10)
        resolvedAt = try row.timestamp(11)
        attempt = row.optionalText(12)
    }
}

/// Escalations as rows.
package struct Escalations: Sendable {
    let database: Database
    let verifiedAnswers: VerifiedAnswers

    /// `verifiedAnswers` take what is published.
    package init(database: Database, verifiedAnswers: VerifiedAnswers? = nil) {
        self.database = database
        self.verifiedAnswers = verifiedAnswers ?? VerifiedAnswers(database: database)
    }

    /// A twin's escalations in one state, or in all: those asked most often first, then the newest.
    package func list(of twin: Twin, status: Escalation.Status? = .open, limit: Int = -1) throws -> [Escalation] {
        try database.read { try Escalation.list(of: twin, status: status, limit: limit, on: $0) }
    }

    /// The escalation with this id. Throws `TwinError` (`notFound`), also for one of another twin.
    package func find(_ id: String, of twin: Twin) throws -> Escalation {
        try database.read { try Escalation.find(id, of: twin, on: $0) }
    }

    /// The id of the open escalation of this question.
    package func openID(of question: String, twin: Twin) throws -> String? {
        try database.read { connection in
            try connection.first(
                "SELECT id FROM escalations WHERE twin_key = ? AND folded = ? AND status = 'open'", twin.key,
                QuestionText.folded(question)
            ) { $0.text(0) }
        }
    }

    /// Hands a question to the owner, or counts it when it is open already.
    static func raise(
        _ question: String, confidence: Double, attempt: String?, twin: Twin, conversation: String?, on connection: Connection
    ) throws {
        try connection.run(
            """
            INSERT INTO escalations (id, tenant_id, twin_key, conversation_id, question, folded, status, confidence, created_at,
                updated_at, message_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'open', ?7, ?8, ?8, ?9)
            ON CONFLICT (twin_key, folded) WHERE status = 'open'
                DO UPDATE SET times_asked = times_asked + 1, updated_at = excluded.updated_at,
                    confidence = excluded.confidence, message_id = excluded.message_id
            """,
            [
                Identifier.make(), twin.tenantID, twin.key, conversation, question, QuestionText.folded(question), confidence,
                Clock.now, attempt,
            ] as [any DatabaseConvertible])
    }

    /// Answers an open escalation. With `publish` the answer becomes a verified answer, so that the same question succeeds from
    /// now on. Throws `TwinError`.
    package func answer(
        _ id: String, of twin: Twin, _ answer: String, publish: Bool = false, by author: String?
    ) throws -> Escalation {
        let answer = answer.trimmed
        guard !answer.isEmpty else { throw TwinError(.invalid, "the answer is empty") }
        guard answer.utf8.count <= VerifiedAnswers.maximumAnswerBytes else {
            throw TwinError(.limitReached, "the answer has more than \(VerifiedAnswers.maximumAnswerBytes) bytes")
        }
        let (escalation, published) = try database.write { connection in
            let escalation = try Self.open(id, of: twin, on: connection)
            let entry = VerifiedAnswers.Entry(question: escalation.question, answer: answer)
            let verified =
                publish ? try VerifiedAnswers.add(entry, to: twin, clearance: .everything, by: author, on: connection) : nil
            try connection.run(
                """
                UPDATE escalations SET status = 'answered', answer = ?1, verified_answer_id = ?2, updated_at = ?3, resolved_at = ?3
                WHERE key = ?4
                """, answer, verified?.id, Clock.now, escalation.key)
            var named: JSONObject = ["escalation_id": .string(id)]
            named["verified_qna_id"] = (verified?.id).map(JSON.string)
            try AuditLog.append(
                .escalationAnswered, of: twin, actor: author ?? AuditLog.localActor, named, on: connection)
            return (try Escalation.find(id, of: twin, on: connection), verified)
        }
        if let published { verifiedAnswers.embedNew(published) }
        return escalation
    }

    /// Lets an open escalation go without an answer.
    package func dismiss(_ id: String, of twin: Twin, by owner: String?) throws -> Escalation {
        try database.write { connection in
            let escalation = try Self.open(id, of: twin, on: connection)
            try connection.run(
                "UPDATE escalations SET status = 'dismissed', updated_at = ?1, resolved_at = ?1 WHERE key = ?2", Clock.now,
                escalation.key)
            try AuditLog.append(
                .escalationDismissed, of: twin, actor: owner ?? AuditLog.localActor, ["escalation_id": .string(id)],
                on: connection)
            return try Escalation.find(id, of: twin, on: connection)
        }
    }

    private static func open(_ id: String, of twin: Twin, on connection: Connection) throws -> Escalation {
        let escalation = try Escalation.find(id, of: twin, on: connection)
        guard escalation.status == .open else {
            throw TwinError(.conflict, "this escalation is already \(escalation.status.rawValue)")
        }
        return escalation
    }

    /// Deletes the one that was first asked in these words in a conversation.
    static func forget(_ question: String, askedIn conversation: String, on connection: Connection) throws {
        try connection.run("DELETE FROM escalations WHERE conversation_id = ? AND question = ?", conversation, question)
    }

    /// Deletes those that were first asked in one of these conversations: they repeat its words.
    static func forget(conversations ids: [String], on connection: Connection) throws {
        try connection.run(
            "DELETE FROM escalations WHERE conversation_id IN (SELECT value FROM json_each(?))", JSON.strings(ids))
    }
}
