import TwinDatabase
import TwinSupport

/// What readers think of answers: a thumb up or down, perhaps with a word of why. Everybody who had an answer may say it once,
/// and again with other words; the owner sees them beside the questions that were not answered.
package struct Feedback: Sendable {
    let database: Database
    private let authorizer: Authorizer

    package init(database: Database) {
        self.database = database
        authorizer = Authorizer(database: database)
    }

    static let schema = """
        CREATE TABLE message_feedback (
            message_key INTEGER NOT NULL REFERENCES messages (key) ON DELETE CASCADE,
            -- A user, an API key, a visitor's session, or the command line.
            rater TEXT NOT NULL,
            tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
            twin_key INTEGER NOT NULL REFERENCES twins (key) ON DELETE CASCADE,
            rating TEXT NOT NULL CHECK (rating IN ('up', 'down')),
            comment TEXT,
            created_at TEXT NOT NULL,
            PRIMARY KEY (message_key, rater)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX message_feedback_by_twin ON message_feedback (twin_key, created_at);
        """

    /// The word is the wire's and the table's.
    package enum Rating: String, Sendable, CaseIterable { case up, down }

    /// A rated answer with its question.
    package struct Entry: Sendable, Equatable, JSONRepresentable {
        package var messageID: String
        package var conversationID: String
        package var question: String
        package var answer: String
        package var status: AnswerStatus?
        package var citations: [Citation]
        package var rating: Rating
        package var comment: String?
        package var createdAt: Timestamp

        package var json: JSON {
            [
                "message_id": .string(messageID), "conversation_id": .string(conversationID), "question": .string(question),
                "answer": .string(answer), "status": .optional(status?.rawValue), "rating": .string(rating.rawValue),
                "comment": .optional(comment), "created_at": .string(createdAt.description),
            ]
        }
    }

    /// Of a comment, in bytes.
    package static let maximumCommentBytes = 2_000
    /// Ratings of one reader.
    private static let ratingsPerMinute = 60

    // MARK: Rating

    /// Rates an answer that the principal had, or changes what it said before. Throws `TwinError` (`notFound`) for what is no
    /// answer of the principal's, and `RateLimit.Exceeded`.
    package func rate(
        _ messageID: String, _ rating: Rating, _ comment: String? = nil, as principal: Principal, now: Timestamp = Clock.now
    ) throws {
        guard let rater = principal.actorID else { throw Authorizer.unauthenticated }
        let comment = comment.map(\.trimmed).flatMap { $0.isEmpty ? nil : $0 }
        guard (comment?.utf8.count ?? 0) <= Self.maximumCommentBytes else {
            throw TwinError(.limitReached, "a comment has at most \(Self.maximumCommentBytes) bytes")
        }
        try database.write { connection in
            let found = try connection.first(
                """
                SELECT m.key, c.id FROM messages m JOIN conversations c ON c.key = m.conversation_key
                WHERE m.id = ? AND m.role = 'assistant'
                """, messageID
            ) { ($0.int64(0), $0.text(1)) }
            guard let (key, conversation) = found else { throw Self.notFound }
            let twin: Twin
            do {
                twin = try authorizer.twin(owning: conversation, in: .conversations, .chat, as: principal, on: connection)
                _ = try authorizer.conversation(conversation, of: twin, heldBy: principal, on: connection)
            } catch let error as TwinError where error.kind == .notFound {
                throw Self.notFound
            }
            try RateLimit.count([RateLimit("feedback:\(rater)", Self.ratingsPerMinute, per: .minute)], now: now, on: connection)
            try connection.run(
                """
                INSERT INTO message_feedback (message_key, rater, tenant_id, twin_key, rating, comment, created_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                ON CONFLICT (message_key, rater) DO UPDATE SET rating = excluded.rating, comment = excluded.comment,
                    created_at = excluded.created_at
                """, [key, rater, twin.tenantID, twin.key, rating.rawValue, comment, now] as [any DatabaseConvertible])
        }
    }

    static let notFound = TwinError(.notFound, "there is no such answer")

    // MARK: Reading

    /// What was said of a twin's answers, newest first. For who looks after the twin: it shows what others asked.
    package func list(of twin: Twin, rating: Rating? = nil, messageID: String? = nil, limit: Int = 200) throws -> [Entry] {
        try database.read { connection in
            try connection.rows(
                """
                SELECT m.id, c.id, coalesce((SELECT q.content FROM messages q WHERE q.key = m.question_key),
                        (SELECT q.content FROM messages q WHERE q.conversation_key = m.conversation_key AND q.role = 'user'
                            AND q.key < m.key ORDER BY q.key DESC LIMIT 1), ''),
                    m.content, m.status, m.citations, f.rating, f.comment, f.created_at
                FROM message_feedback f JOIN messages m ON m.key = f.message_key
                    JOIN conversations c ON c.key = m.conversation_key
                WHERE f.twin_key = ?1 AND (?2 IS NULL OR f.rating = ?2) AND (?3 IS NULL OR m.id = ?3)
                ORDER BY f.created_at DESC, m.key DESC LIMIT ?4
                """, twin.key, rating?.rawValue, messageID, limit
            ) { row in
                Entry(
                    messageID: row.text(0), conversationID: row.text(1), question: row.text(2), answer: row.text(3),
                    status: try row.optionalValue(4), citations: try row.array(5, of: Citation.init),
                    rating: try row.value(6), comment: row.optionalText(7), createdAt: try row.requiredTimestamp(8))
            }
        }
    }

    // MARK: Evaluating

    /// A rated answer as a line of a file of questions for `twin eval`. `correction` says what is right; without one an answer
    /// that was found good is: its sources and what it quoted, or that there is none. Throws `TwinError` (`invalid`) for an
    /// answer that was found bad without a correction.
    package func evaluationCase(_ entry: Entry, correction: Correction? = nil, of twin: Twin) throws -> JSON {
        var object: JSONObject = ["id": .string(entry.messageID), "question": .string(entry.question)]
        switch correction {
        case .answer(let text)?: object["answers"] = .strings([text])
        case .unanswerable?: object["unanswerable"] = true
        case nil:
            guard entry.rating == .up else {
                throw TwinError(.invalid, "this answer was rated down; say what is right with --answer TEXT or --unanswerable")
            }
            switch entry.status {
            case .unanswerable?, .escalated?: object["unanswerable"] = true
            default:
                let names = try names(of: Set(entry.citations.map(\.sourceID)))
                if !names.isEmpty { object["expected_sources"] = .strings(names) }
                object["answers"] = .strings(entry.citations.isEmpty ? [entry.answer] : entry.citations.map(\.quote))
            }
        }
        object["label"] = .string("rated \(entry.rating.rawValue)")
        object["comment"] = entry.comment.map(JSON.string)
        return .object(object)
    }

    /// What a rated answer should have been, for questions that an evaluation asks: these words, or a refusal.
    package enum Correction: Sendable, Equatable {
        case answer(String)
        case unanswerable
    }

    private func names(of sources: Set<String>) throws -> [String] {
        try database.read { connection in
            try connection.rows(
                "SELECT name FROM sources WHERE id IN (SELECT value FROM json_each(?)) ORDER BY name",
                JSON.strings(sources.sorted())
            ) { $0.text(0) }
        }
    }
}
