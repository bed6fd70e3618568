import TwinDatabase
import TwinSupport

/// A thread of prompts of one user.
package struct JournalSession: Sendable, Equatable {
    let key: Int64
    package let id: String
    package let userID: String
    package let title: String
    /// The twin that answers in it; none leaves that to the setting `journal.twin`.
    package let twinID: String?
    let conversationID: String?
    package let createdAt: Timestamp

    static let columns = "s.key, s.id, u.id, s.title, s.twin_id, s.conversation_id, s.created_at"
    static let tables = "journal_sessions s JOIN users u ON u.key = s.user_key"

    init(_ row: Row) throws {
        try row.check(columns: 7)
        key = row.int64(0)
        id = row.text(1)
        userID = row.text(2)
        title = row.text(3)
        twinID = row.optionalText(4)
        conversationID = row.optionalText(5)
        createdAt = try row.requiredTimestamp(6)
    }
}

/// One prompt with what was responded.
package struct JournalPrompt: Sendable, Equatable {
    let key: Int64
    package let id: String
    package let userID: String
    package let sessionID: String
    package let text: String
    package var responses: [String]
    let questionID: String?
    /// About what it was charged with.
    package var tokens: Int
    package let createdAt: Timestamp

    static let columns = "p.key, p.id, u.id, s.id, p.prompt_text, p.responses, p.question_id, p.tokens, p.created_at"
    static let tables = """
        journal_prompts p JOIN users u ON u.key = p.user_key JOIN journal_sessions s ON s.key = p.session_key
        """

    init(_ row: Row) throws {
        try row.check(columns: 9)
        key = row.int64(0)
        id = row.text(1)
        userID = row.text(2)
        sessionID = row.text(3)
        text = row.text(4)
        responses = try row.array(5) { $0.stringValue }
        questionID = row.optionalText(6)
        tokens = row.int(7)
        createdAt = try row.requiredTimestamp(8)
    }
}

/// A text to be used again: a user's own, or the server's, which is nobody's.
package struct StoredPrompt: Sendable, Equatable {
    package let id: String
    package let userID: String?
    package let text: String

    init(_ row: Row) throws {
        id = row.text(0)
        userID = row.optionalText(1)
        text = row.text(2)
    }
}
