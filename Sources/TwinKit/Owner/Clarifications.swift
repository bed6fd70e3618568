import TwinDatabase
import TwinHTTP
import TwinSupport

/// Questions for the owner, as rows: asked once however often, answered once.
package struct Clarifications: Sendable {
    let database: Database
    /// What else follows from an answer, in its transaction: whoever raised the question knows.
    let decided: Decision

    typealias Decision =
        @Sendable (
            Clarification, Clarification.Option?, OwnerMemory, _ twin: Twin, _ actor: String?, Connection
        ) throws -> Void

    package init(database: Database) { self.init(database: database) { _, _, _, _, _, _ in } }

    init(database: Database, decided: @escaping Decision) {
        self.database = database
        self.decided = decided
    }

    /// A twin's clarifications in one state, or in all, newest first.
    package func list(
        of twin: Twin, status: Clarification.Status? = .pendingOwner, limit: Int = 100
    ) throws -> [Clarification] {
        try database.read { try Clarification.list(of: twin, status: status, limit: limit, on: $0) }
    }

    /// The clarification with this id. Throws `TwinError` (`notFound`), also for one of another twin.
    package func find(_ id: String, of twin: Twin) throws -> Clarification {
        try database.read { try Clarification.find(id, of: twin, on: $0) }
    }

    /// What the owner is asked, with the answers to choose from and the memory that an answer becomes.
    struct Question {
        let text: String
        let options: [Clarification.Option]
        let proposal: JSON

        init(text: String, options: [Clarification.Option], proposal: JSON) {
            self.text = text
            self.options = options
            self.proposal = proposal
        }

        init(type: MemoryType, topic: String) {
            text = IdentityGate.question(type, topic: topic)
            options = IdentityGate.options(type, topic: topic)
            proposal = [
                "topic": .string(topic), "memory_type": .string(type.rawValue),
                "value_template": .optional(options.first?.value), "confidence": 0.7, "source": "owner_clarification",
            ]
        }
    }

    /// Puts a question to the owner, or counts it when it waits already. `message` is the one that asks it.
    static func ask(
        _ question: String, type: MemoryType, topic: String, twin: Twin, mode: ChatMode, conversation: Conversation?,
        message: String? = nil, on connection: Connection
    ) throws -> Clarification {
        try ask(
            Question(type: type, topic: topic), about: question, twin: twin, mode: mode, conversation: conversation,
            message: message, on: connection)
    }

    /// As above, with the owner's question and its options as they are.
    @discardableResult
    static func ask(
        _ asked: Question, about question: String, twin: Twin, mode: ChatMode, conversation: Conversation? = nil,
        message: String? = nil, on connection: Connection
    ) throws -> Clarification {
        let folded = QuestionText.folded(question)
        try connection.run(
            """
            INSERT INTO clarifications (id, tenant_id, twin_key, conversation_id, mode, status, original_query, folded, question,
                options, proposal, requested_by, created_at, updated_at, source_message_id, created_by)
            VALUES (?1, ?2, ?3, ?4, ?5, 'pending_owner', ?6, ?7, ?8, ?9, ?10, ?5, ?11, ?11, ?12, ?13)
            ON CONFLICT (twin_key, folded) WHERE status = 'pending_owner'
                DO UPDATE SET times_asked = times_asked + 1, updated_at = excluded.updated_at
            """,
            [
                Identifier.make(), twin.tenantID, twin.key, conversation?.id, mode.rawValue, question, folded,
                asked.text, JSON.array(asked.options.map(\.json)), asked.proposal, Clock.now, message, conversation?.userID,
            ] as [any DatabaseConvertible])
        guard
            let thread = try connection.first(
                "SELECT \(Clarification.columns) FROM clarifications WHERE twin_key = ? AND folded = ? AND status = 'pending_owner'",
                twin.key, folded, map: Clarification.init)
        else { throw TwinError(.failed, "the question for the owner could not be stored") }
        if thread.timesAsked == 1 {
            try OwnerMemories.log(
                "owner_memory_pending", .pendingReview, twin, memory: thread.id, ["proposal": asked.proposal],
                source: "clarification",
                on: connection)
        }
        return thread
    }

    /// Whether a question waits for the owner, or has been answered.
    static func isAsked(_ question: String, of twin: Twin, on connection: Connection) throws -> Bool {
        try connection.first(
            "SELECT 1 FROM clarifications WHERE twin_key = ? AND folded = ? AND status <> 'expired'", twin.key,
            QuestionText.folded(question), map: { _ in true }) ?? false
    }

    /// The questions that wait whose proposal has the member `mark`: their keys, and the questions folded.
    static func pending(
        raisedBy mark: String, of twin: Twin, on connection: Connection
    ) throws -> [(key: Int64, folded: String)] {
        try connection.rows(
            """
            SELECT key, folded FROM clarifications WHERE twin_key = ?1 AND status = 'pending_owner'
                AND json_type(proposal, '$.' || ?2) IS NOT NULL
            """, twin.key, mark
        ) { ($0.int64(0), $0.text(1)) }
    }

    /// Takes back questions of this kind that nothing raises any more: those that are not among `raised`, folded.
    static func expire(
        raisedBy mark: String, of twin: Twin, except raised: Set<String>, on connection: Connection
    ) throws {
        for (key, folded) in try pending(raisedBy: mark, of: twin, on: connection) where !raised.contains(folded) {
            try connection.run("UPDATE clarifications SET status = 'expired', updated_at = ? WHERE key = ?", Clock.now, key)
        }
    }

    /// The owner's answer becomes a memory. An option's label as `option` gives that option's sentence and stance; otherwise the
    /// text counts. Throws `TwinError`: not found, blank, or resolved already.
    package func resolve(
        _ id: String, of twin: Twin, answer: String, option label: String? = nil, by owner: String?
    ) throws -> (clarification: Clarification, memory: OwnerMemory) {
        let answer = answer.trimmed
        guard !answer.isEmpty else { throw TwinError(.invalid, "the answer is empty") }
        return try database.write { connection in
            let thread = try Clarification.find(id, of: twin, on: connection)
            guard thread.status == .pendingOwner else {
                throw TwinError(.conflict, "this clarification is already resolved; 'twin memory add' records something new")
            }
            let word = thread.proposal["memory_type"]?.stringValue ?? MemoryType.stance.rawValue
            guard let type = MemoryType(rawValue: word) else {
                throw TwinError(.failed, "the clarification proposes a kind of memory that this twin does not know; dismiss it")
            }
            let option = thread.options.first { $0.label == label }
            var topic = thread.proposal["topic"]?.stringValue ?? ""
            if QuestionText.folded(topic).isEmpty { topic = thread.originalQuery }
            let entry = OwnerMemories.Entry(
                topic: topic, type: type, value: option?.value ?? answer,
                stance: option.map(\.stance) ?? (type == .stance ? IdentityGate.stance(in: answer) : nil),
                intensity: option?.intensity, confidence: 0.85)
            var provenance: JSONObject = ["source": "owner_clarification", "clarification_id": .string(id)]
            provenance["owner_id"] = owner.map(JSON.string)
            let memory = try OwnerMemories.add(entry, to: twin, provenance: provenance, on: connection)
            let now = Clock.now
            try connection.run(
                """
                UPDATE clarifications SET status = 'answered', answer_text = ?, answered_by = ?, answered_at = ?3, updated_at = ?3,
                    owner_memory_id = ? WHERE key = ?
                """, answer, owner, now, memory.id, thread.key)
            try AuditLog.append(
                .clarificationResolved, of: twin, actor: owner ?? AuditLog.localActor,
                ["clarification_id": .string(id), "memory_id": .string(memory.id)], on: connection)
            try decided(thread, option, memory, twin, owner, connection)
            return (try Clarification.find(id, of: twin, on: connection), memory)
        }
    }

    /// Deletes those that were first asked in one of these conversations: they repeat its words.
    static func forget(conversations ids: [String], on connection: Connection) throws {
        try remove(
            try connection.rows(
                "SELECT id FROM clarifications WHERE conversation_id IN (SELECT value FROM json_each(?))", JSON.strings(ids)
            ) { $0.text(0) }, on: connection)
    }

    /// Deletes the one that was first asked in these words in a conversation.
    static func forget(_ question: String, askedIn conversation: String, on connection: Connection) throws {
        try remove(
            try connection.rows(
                "SELECT id FROM clarifications WHERE conversation_id = ? AND original_query = ?", conversation, question
            ) { $0.text(0) }, on: connection)
    }

    private static func remove(_ ids: [String], on connection: Connection) throws {
        // What was proposed to be remembered repeats the question.
        try connection.run(
            "DELETE FROM memory_events WHERE source_type = 'clarification' AND source_id IN (SELECT value FROM json_each(?))",
            JSON.strings(ids))
        try connection.run("DELETE FROM clarifications WHERE id IN (SELECT value FROM json_each(?))", JSON.strings(ids))
    }
}
