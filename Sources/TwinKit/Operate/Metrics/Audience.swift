import TwinDatabase
import TwinHTTP
import TwinSupport

/// Who asks a twin. Somebody signed in is one visitor over all sessions; anybody else is one visitor a session. Who only
/// opened a widget and asked nothing is none, and neither is the person at the command line. Addresses are never told.
package struct Audience: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// How many visitors a page may have.
    package static let limits = 1...1_000

    /// Somebody who asked, over all their conversations with the twin.
    package struct Visitor: Sendable, Equatable {
        /// The user's id, else the session's.
        package let id: String
        /// Nil for somebody who is not signed in; `sessionID` is nil for who asked without one.
        package let userID: String?
        /// The newest session.
        package let sessionID: String?
        /// Through which door: the session's type, or `authenticated` without a session.
        package let sessionType: String
        /// When they first came; `lastSeen` is when their last conversation was added to.
        package let firstSeen: Timestamp
        package let lastSeen: Timestamp
        package let conversationCount: Int
        package let messageCount: Int
    }

    /// A page of visitors with the sums over all of them.
    package struct Page: Sendable, Equatable {
        package let twinID: String
        package var totalVisitors = 0
        /// Visitors with more than one conversation, or with conversations that began on more than one day.
        package var returningVisitors = 0
        /// Messages of a visitor, theirs and the twin's, over all visitors; 0 without any.
        package var averageMessages = 0.0
        /// Those with the newest conversation first.
        package var visitors: [Visitor] = []
        package let limit: Int
        package let offset: Int
    }

    /// The visitors of all time, `limit` (1 to 1,000) of them after the first `offset`. Throws `TwinError`.
    package func page(of twin: Twin, limit: Int = 20, offset: Int = 0) throws -> Page {
        try Metrics.check(limit, Self.limits, "limit")
        try Metrics.check(offset, 0...1_000_000_000, "offset")
        var page = Page(twinID: twin.id, limit: limit, offset: offset)
        try database.read { connection in
            try connection.forEach(
                """
                SELECT count(*), coalesce(sum(conversations > 1 OR days > 1), 0), coalesce(sum(messages), 0) FROM (
                    SELECT sum(conversations) AS conversations, count(*) AS days,
                        sum(user_messages + assistant_messages) AS messages
                    FROM conversation_days WHERE twin_key = ? AND visitor > '' GROUP BY visitor)
                """, [twin.key]
            ) { row in
                page.totalVisitors = row.int(0)
                page.returningVisitors = row.int(1)
                page.averageMessages = Metrics.share(row.double(2), row.int(0), decimals: 2)
            }
            let counts = try connection.rows(
                """
                SELECT visitor, sum(conversations), sum(user_messages + assistant_messages) FROM conversation_days
                WHERE twin_key = ? AND visitor > '' GROUP BY visitor ORDER BY max(day) DESC, visitor DESC LIMIT ? OFFSET ?
                """, twin.key, limit, offset
            ) { (name: $0.text(0), conversations: $0.int(1), messages: $0.int(2)) }
            page.visitors = try counts.compactMap { visitor in
                try Self.visitor(visitor.name, visitor.conversations, visitor.messages, twin, connection)
            }
        }
        return page
    }

    /// A visitor by the name that `conversation_days` has for it: `user:` or `session:` and an id.
    private static func visitor(
        _ name: String, _ conversations: Int, _ messages: Int, _ twin: Twin, _ connection: Connection
    ) throws -> Visitor? {
        let parts = name.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        let (isUser, id) = (parts[0] == "user", String(parts[1]))
        let column = isUser ? "user_id" : "session_id"
        let seen = try connection.first(
            "SELECT min(created_at), max(updated_at), max(session_id) FROM conversations WHERE twin_key = ? AND \(column) = ?",
            twin.key, id
        ) { (first: try $0.timestamp(0), last: try $0.timestamp(1), session: $0.optionalText(2)) }
        guard let seen, let first = seen.first, let last = seen.last else { return nil }
        let session = try connection.first(
            "SELECT session_type, created_at FROM sessions WHERE id = ? AND twin_key = ?", seen.session, twin.key
        ) { (type: $0.text(0), created: try $0.timestamp(1)) }
        return Visitor(
            id: id, userID: isUser ? id : nil, sessionID: seen.session,
            sessionType: session?.type ?? (isUser ? "authenticated" : "anonymous"),
            firstSeen: isUser ? first : min(first, session?.created ?? first), lastSeen: last, conversationCount: conversations,
            messageCount: messages)
    }
}
