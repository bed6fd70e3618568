import TwinDatabase
import TwinHTTP
import TwinSupport

/// A thread of questions and answers with one twin.
package struct Conversation: Sendable, Equatable {
    package let key: Int64
    package let id: String
    package let tenantID: String
    package let twinKey: Int64
    /// The user who began it; nil where a visitor, an API key or the command line did.
    package let userID: String?
    /// The group that it was begun as; nil with clearance for everything.
    package let groupKey: Int64?
    /// The visitor's session; nil for everybody else.
    package let sessionID: String?
    /// The API key that began it.
    package let keyID: String?
    package let createdAt: Timestamp
    package let updatedAt: Timestamp

    static let columns = "key, id, tenant_id, twin_key, user_id, group_key, session_id, created_at, updated_at, key_id"

    init(_ row: Row) throws {
        try row.check(columns: 10, allowsMore: true)
        key = row.int64(0)
        id = row.text(1)
        tenantID = row.text(2)
        twinKey = row.int64(3)
        userID = row.optionalText(4)
        groupKey = row.optionalInt(5).map(Int64.init)
        sessionID = row.optionalText(6)
        createdAt = try row.requiredTimestamp(7)
        updatedAt = try row.requiredTimestamp(8)
        keyID = row.optionalText(9)
    }

    /// One that is stored elsewhere.
    init(
        key: Int64, id: String, tenantID: String, twinKey: Int64, userID: String?, groupKey: Int64?, sessionID: String?,
        keyID: String?, createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.key = key
        self.id = id
        self.tenantID = tenantID
        self.twinKey = twinKey
        self.userID = userID
        self.groupKey = groupKey
        self.sessionID = sessionID
        self.keyID = keyID
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// Who may go on with it.
    package var holder: ConversationHolder { ConversationHolder(userID: userID, keyID: keyID, sessionID: sessionID) }
}

/// Who began a conversation, and so may go on with it: a user, the holder of an API key, or a visitor's session. Without any
/// of them it is the person at the command line.
package struct ConversationHolder: Sendable, Equatable {
    /// At most one of the three is set.
    package var userID: String?
    package var keyID: String?
    package var sessionID: String?

    package init(userID: String? = nil, keyID: String? = nil, sessionID: String? = nil) {
        self.userID = userID
        self.keyID = keyID
        self.sessionID = sessionID
    }
}

/// One message of a conversation, as it was shown.
package struct Message: Sendable, Equatable {
    /// Who said it.
    package enum Role: String, Sendable {
        case user, assistant
        /// A person of the tenant who talks with the asker.
        case supporter
    }

    package let id: String
    package let conversationID: String
    package let role: Role
    package var content: String
    /// Nil for what was asked, as is `confidence`.
    package let status: AnswerStatus?
    /// 0 to 1, calibrated.
    package let confidence: Double?
    package var citations: [Citation]
    /// The verified answer that was given.
    package let verifiedAnswerID: String?
    /// The supporter who said it.
    package var senderID: String?
    /// Whether the reader may not read any more what the answer quoted, so that it is not all here.
    package var isWithdrawn = false
    package let createdAt: Timestamp
}

/// How an answer came about. It is a field of its own, never to be read from the answer's words.
package enum AnswerStatus: String, Sendable, CaseIterable {
    /// The owner's own answer, word for word.
    case verified
    /// Every claim is a quotation from a source.
    case grounded
    /// Given without evidence.
    case ungrounded
    /// Nothing that may be read answers it.
    case unanswerable
    /// The owner has to say first.
    case clarify
    /// Handed to the owner.
    case escalated
}

/// Who a question comes from, as the owner sees it.
package enum ChatMode: String, Sendable { case owner, `public` }
