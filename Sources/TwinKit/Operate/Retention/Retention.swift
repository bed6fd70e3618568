import TwinDatabase
import TwinSupport

/// How long conversations are kept.
package struct Retention: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// What was removed, or would be.
    package struct Removal: Sendable, Equatable, JSONRepresentable {
        package var conversations = 0
        /// Sessions of the journal, with their prompts.
        package var sessions = 0
        /// Sessions of widgets and share links that have no conversation any more.
        package var visits = 0

        package var isEmpty: Bool { self == Removal() }

        package var json: JSON {
            [
                "conversations": .number(conversations), "journal_sessions": .number(sessions), "visits": .number(visits),
            ]
        }
    }

    /// Removes what nobody has added to since `instant`: conversations, sessions of the journal, and visits that have ended. A batch
    /// is a transaction: stopped, it goes on the next time. A dry run counts.
    package func purge(
        before instant: Timestamp, isDryRun: Bool = false, by actor: String?, isCancelled: () -> Bool = { false }
    ) throws -> Removal {
        let planned = try database.read { try Self.count(before: instant, on: $0) }
        if isDryRun || planned.isEmpty { return planned }
        var removal = Removal()
        while true {
            if isCancelled() { throw CancellationError() }
            let step = try database.overwriting { connection -> Removal in
                var step = Removal()
                let found = try connection.rows(
                    "SELECT key, tenant_id FROM conversations WHERE updated_at < ? ORDER BY key LIMIT ?", instant,
                    ConversationRemoval.batch
                ) { (key: $0.int64(0), tenant: $0.text(1)) }
                step.conversations = try ConversationRemoval.remove(found.map(\.key), on: connection)
                step.sessions = try Journal.purge(before: instant, limit: ConversationRemoval.batch, on: connection)
                step.visits = try Sessions.purgeVisits(before: instant, limit: ConversationRemoval.batch, on: connection)
                for (tenant, rows) in Dictionary(grouping: found, by: \.tenant).sorted(by: { $0.key < $1.key }) {
                    try Self.log(rows.count, tenant, actor, ["before": .string(instant.description)], on: connection)
                }
                return step
            }
            removal.conversations += step.conversations
            removal.sessions += step.sessions
            removal.visits += step.visits
            if step.isEmpty { break }
        }
        return removal
    }

    /// Removes everything that one visitor of a widget or a share link has left. Throws `TwinError` (`notFound`).
    package func purge(visitor id: String, by actor: String?) throws -> Removal {
        try database.overwriting { connection -> Removal in
            let tenant = try connection.first("SELECT tenant_id FROM sessions WHERE id = ?", id) { $0.text(0) }
            guard let tenant else {
                throw TwinError(
                    .notFound, "there is no visitor '\(id.shortened(to: 60))'; 'twin metrics audience' lists their ids")
            }
            var removal = Removal(visits: 1)
            let keys = try connection.rows("SELECT key FROM conversations WHERE session_id = ?", id) { $0.int64(0) }
            removal.conversations = try ConversationRemoval.remove(keys, on: connection)
            try Sessions.forget(id, on: connection)
            try RateLimit.forget([id], on: connection)
            let erased = try AuditLog.erase(.init(id: id), by: actor, on: connection)
            try Self.log(removal.conversations, tenant, actor, ["visitor": .string(erased)], on: connection)
            return removal
        }
    }

    /// Removes a question and its answer from a conversation that the principal may go on with; with the last of them the
    /// conversation goes, and what repeats its words. Throws `TwinError` (`notFound`) for what is not theirs.
    package func removeExchange(_ questionID: String, in conversationID: String, as principal: Principal) throws {
        let authorizer = Authorizer(database: database)
        try database.overwriting { connection in
            let twin = try authorizer.twin(owning: conversationID, in: .conversations, .chat, as: principal, on: connection)
            let conversation = try authorizer.conversation(conversationID, of: twin, heldBy: principal, on: connection)
            let messages = try ConversationStore.messages(of: conversation, limit: nil, on: connection)
            guard let question = messages.first(where: { $0.id == questionID && $0.role == .user }) else {
                throw OwnedTable<OwnedByTwin>.conversations.notFound
            }
            if messages.count(where: { $0.role == .user }) == 1 {
                _ = try ConversationRemoval.remove([conversation.key], on: connection)
                try Self.log(1, twin.tenantID, principal.actorID, ["conversation_id": .string(conversationID)], on: connection)
            } else {
                try Escalations.forget(question.content, askedIn: conversationID, on: connection)
                try Clarifications.forget(question.content, askedIn: conversationID, on: connection)
                try ConversationStore.removeExchange(questionID, on: connection)
                try Self.log(0, twin.tenantID, principal.actorID, ["message_id": .string(questionID)], on: connection)
            }
        }
    }

    private static func count(before instant: Timestamp, on connection: Connection) throws -> Removal {
        func count(_ sql: String) throws -> Int { try connection.first(sql, instant) { $0.int(0) } ?? 0 }
        return Removal(
            conversations: try count("SELECT count(*) FROM conversations WHERE updated_at < ?"),
            sessions: try count("SELECT count(*) FROM journal_sessions WHERE updated_at < ?"),
            visits: try count(
                """
                SELECT count(*) FROM sessions s WHERE s.expires_at < ?1 AND NOT EXISTS (
                    SELECT 1 FROM conversations c WHERE c.session_id = s.id AND c.updated_at >= ?1)
                """))
    }

    private static func log(
        _ count: Int, _ tenantID: String, _ actor: String?, _ details: JSONObject, on connection: Connection
    ) throws {
        try AuditLog.append(
            .conversationsPurged, tenantID: tenantID, actor: actor, JSONObject([("count", .number(count))]).merging(details),
            on: connection)
    }
}
