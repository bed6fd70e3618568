import TwinDatabase
import TwinHTTP
import TwinSupport

/// Conversations and their messages as rows.
package struct ConversationStore: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// A conversation of a list, with what tells it from the others.
    package struct Overview: Sendable {
        package let conversation: Conversation
        package let twinID: String
        /// The group that it was begun as; nil with clearance for everything.
        package let groupID: String?
        package let messageCount: Int
        /// Nil before the first.
        package let firstQuestion: String?
    }

    /// A twin's conversations, newest first; with a user's id only that user's.
    package func list(twin: Twin, userID: String? = nil, limit: Int = 50, offset: Int = 0) throws -> [Overview] {
        try database.read { connection in
            try connection.rows(
                """
                SELECT \(Self.qualifiedColumns), t.id, g.id,
                    (SELECT count(*) FROM messages m WHERE m.conversation_key = c.key),
                    (SELECT content FROM messages m WHERE m.conversation_key = c.key AND m.role = 'user' ORDER BY m.key LIMIT 1)
                FROM conversations c JOIN twins t ON t.key = c.twin_key LEFT JOIN access_groups g ON g.key = c.group_key
                WHERE c.twin_key = ?1 AND (?2 IS NULL OR c.user_id = ?2)
                ORDER BY c.created_at DESC, c.key DESC LIMIT ?3 OFFSET ?4
                """, twin.key, userID, limit, offset
            ) { row in
                Overview(
                    conversation: try Conversation(row), twinID: row.text(10), groupID: row.optionalText(11),
                    messageCount: row.int(12), firstQuestion: row.optionalText(13))
            }
        }
    }

    /// How many conversations `list` has in all.
    package func count(twin: Twin, userID: String? = nil) throws -> Int {
        try database.read { connection in
            try connection.first(
                "SELECT count(*) FROM conversations WHERE twin_key = ?1 AND (?2 IS NULL OR user_id = ?2)", twin.key, userID
            ) { $0.int(0) } ?? 0
        }
    }

    /// A twin's conversations in numbers: messages of both sides, answers, and the mean of the answers' confidences above 0.
    package func totals(
        of twin: Twin
    ) throws -> (conversations: Int, messages: Int, answers: Int, averageConfidence: Double) {
        try database.read { connection in
            let conversations = try connection.first("SELECT count(*) FROM conversations WHERE twin_key = ?", twin.key) {
                $0.int(0)
            }
            let messages = try connection.first(
                """
                SELECT count(*), count(*) FILTER (WHERE m.role = 'assistant'),
                    coalesce(avg(m.confidence) FILTER (WHERE m.role = 'assistant' AND m.confidence > 0), 0)
                FROM messages m JOIN conversations c ON c.key = m.conversation_key WHERE c.twin_key = ?
                """, twin.key
            ) { ($0.int(0), $0.int(1), $0.double(2)) }
            return (conversations ?? 0, messages?.0 ?? 0, messages?.1 ?? 0, messages?.2 ?? 0)
        }
    }

    private static let qualifiedColumns = Conversation.columns.split(separator: ",")
        .map { "c." + String($0).trimmed }.joined(separator: ", ")

    /// The conversation with this id. A conversation of another twin is not found.
    static func find(_ id: String, twin: Twin?, on connection: Connection) throws -> Conversation {
        guard let conversation = try first(id, on: connection), twin == nil || conversation.twinKey == twin?.key else {
            throw TwinError(.notFound, "there is no conversation '\(id)'; list them with 'twin conversations list'")
        }
        return conversation
    }

    static func first(_ id: String, on connection: Connection) throws -> Conversation? {
        try connection.first("SELECT \(Conversation.columns) FROM conversations WHERE id = ?", id, map: Conversation.init)
    }

    /// The conversation with this id. Throws `TwinError` (`notFound`), also for one of another twin. It does not ask who may see
    /// it.
    package func find(_ id: String, twin: Twin? = nil) throws -> Conversation {
        try database.read { try Self.find(id, twin: twin, on: $0) }
    }

    /// The messages of a conversation, oldest first; with a limit, the newest so many.
    package func messages(of conversation: Conversation, limit: Int? = nil) throws -> [Message] {
        try database.read { try Self.messages(of: conversation, limit: limit, on: $0) }
    }

    static func messages(
        of conversation: Conversation, id: String? = nil, limit: Int?, on connection: Connection
    ) throws -> [Message] {
        let newestFirst = try connection.rows(
            """
            SELECT \(messageColumns) FROM messages
            WHERE conversation_key = ?1 AND (?3 IS NULL OR id = ?3)
            ORDER BY coalesce(question_key, key) DESC, key DESC LIMIT ?2
            """, conversation.key, limit ?? -1, id
        ) { try message($0, of: conversation) }
        return newestFirst.reversed()
    }

    private static let messageColumns =
        "id, role, content, status, confidence, citations, created_at, verified_answer_id, sender_id"

    private static func message(_ row: Row, of conversation: Conversation) throws -> Message {
        Message(
            id: row.text(0), conversationID: conversation.id, role: try row.value(1), content: row.text(2),
            status: try row.optionalValue(3), confidence: row.optionalDouble(4),
            citations: try row.array(5, of: Citation.init), verifiedAnswerID: row.optionalText(7),
            senderID: row.optionalText(8), createdAt: try row.requiredTimestamp(6))
    }

    /// The id of the conversation that a message is in; none where there is no such message.
    static func conversation(ofMessage id: String, on connection: Connection) throws -> String? {
        try connection.first(
            "SELECT c.id FROM messages m JOIN conversations c ON c.key = m.conversation_key WHERE m.id = ?", id
        ) { $0.text(0) }
    }

    static func key(ofMessage id: String, on connection: Connection) throws -> Int64 {
        guard let key = try connection.first("SELECT key FROM messages WHERE id = ?", id, map: { $0.int64(0) }) else {
            throw TwinError(.notFound, "the message has been deleted")
        }
        return key
    }

    /// The id of the answer that is stored to a question of a conversation.
    static func answer(
        to question: Int64, in conversation: Conversation, on connection: Connection
    ) throws -> String? {
        try connection.first(
            "SELECT id FROM messages WHERE conversation_key = ? AND question_key = ?", conversation.key, question
        ) { $0.text(0) }
    }

    /// The answer to the question with this id, with its conversation; none when there is none.
    static func answer(
        toQuestion id: String, on connection: Connection
    ) throws -> (answer: Message, conversation: Conversation)? {
        let place = try connection.first(
            """
            SELECT c.id, a.id FROM messages q JOIN messages a ON a.conversation_key = q.conversation_key AND a.question_key = q.key
                JOIN conversations c ON c.key = q.conversation_key
            WHERE q.id = ?
            """, id
        ) { ($0.text(0), $0.text(1)) }
        guard let place, let conversation = try first(place.0, on: connection),
            let answer = try messages(of: conversation, id: place.1, limit: 1, on: connection).first
        else { return nil }
        return (answer, conversation)
    }

    /// Deletes a question and its answer.
    static func removeExchange(_ questionID: String, on connection: Connection) throws {
        try connection.run(
            "DELETE FROM messages WHERE question_key = (SELECT key FROM messages WHERE id = ?)", questionID)
        try connection.run("DELETE FROM messages WHERE id = ?", questionID)
    }

    /// Deletes conversations, given as a JSON array of their keys, with their messages.
    static func remove(keys: JSON, on connection: Connection) throws {
        // By themselves first: the triggers of messages look their conversation up.
        try connection.run(
            "DELETE FROM messages WHERE conversation_key IN (SELECT value FROM json_each(?))", keys)
        try connection.run("DELETE FROM conversations WHERE key IN (SELECT value FROM json_each(?))", keys)
    }

    /// Deletes the conversations that these messages stand in, with all of theirs.
    static func removeConversations(ofMessages ids: [String], on connection: Connection) throws {
        for id in ids {
            try connection.run(
                "DELETE FROM conversations WHERE key = (SELECT conversation_key FROM messages WHERE id = ?)", id)
        }
    }

    /// Begins a conversation and answers it.
    static func create(
        twin: Twin, holder: ConversationHolder, groupKey: Int64?, on connection: Connection
    ) throws -> Conversation {
        let now = Clock.now
        try connection.run(
            """
            INSERT INTO conversations (id, tenant_id, twin_key, user_id, key_id, session_id, group_key, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                Identifier.make(), twin.tenantID, twin.key, holder.userID, holder.keyID, holder.sessionID, groupKey, now, now,
            ] as [any DatabaseConvertible])
        let key = connection.lastInsertedKey
        guard
            let conversation = try connection.first(
                "SELECT \(Conversation.columns) FROM conversations WHERE key = ?", key, map: Conversation.init)
        else { throw TwinError(.failed, "the conversation could not be stored") }
        return conversation
    }

    /// Adds a message at the end of a conversation, or behind the question that it answers, and answers its key and id.
    @discardableResult
    static func append(
        _ role: Message.Role, _ content: String, status: AnswerStatus? = nil, confidence: Double? = nil,
        citations: [Citation] = [], verifiedAnswerID: String? = nil, sender: String? = nil, id: String = Identifier.make(),
        to conversation: Conversation, answering question: Int64? = nil, on connection: Connection
    ) throws -> (key: Int64, id: String) {
        let now = Clock.now
        try connection.run(
            """
            INSERT INTO messages (id, conversation_key, role, content, status, confidence, citations, verified_answer_id,
                question_key, sender_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                id, conversation.key, role.rawValue, content, status?.rawValue, confidence,
                role == .assistant ? JSON.array(citations.map(\.json)) : JSON?.none, verifiedAnswerID, question,
                sender, now,
            ] as [any DatabaseConvertible])
        let key = connection.lastInsertedKey
        try connection.run("UPDATE conversations SET updated_at = ? WHERE key = ?", now, conversation.key)
        return (key, id)
    }
}
