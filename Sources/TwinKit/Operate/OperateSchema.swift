/// Tables of how a twin is used.
enum OperateSchema {
    static let sql = """
        -- What conversations and messages come to, by the day (UTC) on which the conversation began: once for the whole twin,
        -- under the visitor '', and once for each visitor, so that a million messages are summed up without being read.
        -- Triggers keep it; nothing else writes it.
        CREATE TABLE conversation_days (
            twin_key INTEGER NOT NULL REFERENCES twins (key) ON DELETE CASCADE,
            visitor TEXT NOT NULL,
            day TEXT NOT NULL,
            conversations INTEGER NOT NULL,
            user_messages INTEGER NOT NULL,
            assistant_messages INTEGER NOT NULL,
            -- Of answers above 0, in millionths: integers add up to the same in any order.
            confidence_sum INTEGER NOT NULL,
            confidence_count INTEGER NOT NULL,
            -- Answers that were handed to the owner, and all that did not answer.
            escalated INTEGER NOT NULL,
            refused INTEGER NOT NULL,
            PRIMARY KEY (twin_key, visitor, day)
        ) STRICT, WITHOUT ROWID;

        \(ConversationCounting.triggers)
        \(ConversationCounting.fill)
        """
}

/// The statements that keep `conversation_days`: what a message or a conversation adds when it comes, it takes away when it
/// goes.
private enum ConversationCounting {
    /// Each column of sums with what one message adds to it; `@` stands for the row that it is read from.
    private static let measures: [(column: String, value: String)] = [
        ("user_messages", "@role = 'user'"),
        ("assistant_messages", "@role = 'assistant'"),
        (
            "confidence_sum",
            "CASE WHEN @role = 'assistant' AND @confidence > 0 THEN CAST(round(@confidence * 1000000) AS INTEGER) ELSE 0 END"
        ),
        ("confidence_count", "CASE WHEN @role = 'assistant' AND @confidence > 0 THEN 1 ELSE 0 END"),
        ("escalated", "coalesce(@status = 'escalated', 0)"),
        ("refused", "coalesce(@status IN ('escalated', 'unanswerable'), 0)"),
    ]
    private static let columns = measures.map(\.column).joined(separator: ", ")

    private static func values(of row: String) -> [String] {
        measures.map { $0.value.replacing("@", with: row + ".") }
    }

    /// Under which names a conversation counts: the whole twin, and who asked. The prefixes keep a user apart from a session.
    private static func visitor(of row: String) -> String {
        "CASE WHEN \(row).user_id IS NOT NULL THEN 'user:' || \(row).user_id "
            + "WHEN \(row).session_id IS NOT NULL THEN 'session:' || \(row).session_id ELSE '' END"
    }

    private static func visitors(of row: String) -> String { "(SELECT '' AS name UNION SELECT \(visitor(of: row)))" }

    /// The sums over a conversation's messages, as one row.
    private static func sums(of conversation: String) -> String {
        let totals = zip(measures, values(of: "m")).map { "coalesce(sum(\($1)), 0) AS \($0.column)" }.joined(separator: ", ")
        return "(SELECT \(totals) FROM messages m WHERE m.conversation_key = \(conversation).key)"
    }

    /// Adds a message to the days of its conversation, or takes it away. A conversation that is being deleted has taken its
    /// messages away already and is not found.
    private static func count(_ sign: String, message row: String) -> String {
        let changes = zip(measures, values(of: row)).map { "\($0.column) = \($0.column) \(sign) (\($1))" }.joined(separator: ", ")
        return """
            UPDATE conversation_days SET \(changes)
            FROM (SELECT c.twin_key AS twin, substr(c.created_at, 1, 10) AS began, \(visitor(of: "c")) AS name
                FROM conversations c WHERE c.key = \(row).conversation_key) AS c
            WHERE twin_key = c.twin AND day = c.began AND (visitor = '' OR visitor = c.name);
            """
    }

    private static let sumsOfBoth = measures.map { "\($0.column) = \($0.column) + excluded.\($0.column)" }.joined(separator: ", ")

    private static let addConversation = """
        INSERT INTO conversation_days (twin_key, visitor, day, conversations, \(columns))
        SELECT NEW.twin_key, v.name, substr(NEW.created_at, 1, 10), 1, \(measures.map { "s." + $0.column }.joined(separator: ", "))
        FROM \(visitors(of: "NEW")) AS v, \(sums(of: "NEW")) AS s WHERE true
        ON CONFLICT DO UPDATE SET conversations = conversations + 1, \(sumsOfBoth);
        """

    private static let removeConversation = """
        UPDATE conversation_days SET conversations = conversations - 1,
            \(measures.map { "\($0.column) = conversation_days.\($0.column) - s.\($0.column)" }.joined(separator: ", "))
        FROM \(sums(of: "OLD")) AS s
        WHERE twin_key = OLD.twin_key AND day = substr(OLD.created_at, 1, 10) AND (visitor = '' OR visitor = \(visitor(of: "OLD")));
        DELETE FROM conversation_days
        WHERE twin_key = OLD.twin_key AND day = substr(OLD.created_at, 1, 10) AND conversations = 0
            AND (visitor = '' OR visitor = \(visitor(of: "OLD")));
        """

    static let triggers = """
        CREATE TRIGGER messages_inserted AFTER INSERT ON messages BEGIN
            \(count("+", message: "NEW"))
        END;
        CREATE TRIGGER messages_deleted AFTER DELETE ON messages BEGIN
            \(count("-", message: "OLD"))
        END;
        CREATE TRIGGER messages_updated AFTER UPDATE OF conversation_key, role, status, confidence ON messages BEGIN
            \(count("-", message: "OLD"))
            \(count("+", message: "NEW"))
        END;
        CREATE TRIGGER conversations_inserted AFTER INSERT ON conversations BEGIN
            \(addConversation)
        END;
        CREATE TRIGGER conversations_deleted BEFORE DELETE ON conversations BEGIN
            \(removeConversation)
        END;
        CREATE TRIGGER conversations_updated AFTER UPDATE OF twin_key, user_id, session_id, created_at ON conversations BEGIN
            \(removeConversation)
            \(addConversation)
        END;
        """

    /// Counts what was there before the triggers.
    static let fill = """
        INSERT INTO conversation_days (twin_key, visitor, day, conversations, \(columns))
        SELECT c.twin_key, c.name, c.began, count(DISTINCT c.key),
            \(zip(measures, values(of: "m")).map { "coalesce(sum(\($1)), 0)" }.joined(separator: ", "))
        FROM (SELECT key, twin_key, substr(created_at, 1, 10) AS began, \(visitor(of: "conversations")) AS name FROM conversations
            UNION SELECT key, twin_key, substr(created_at, 1, 10), '' FROM conversations) AS c
        LEFT JOIN messages m ON m.conversation_key = c.key
        GROUP BY c.twin_key, c.name, c.began;
        """
}
