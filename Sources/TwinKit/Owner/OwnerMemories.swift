import TwinDatabase
import TwinSupport

/// What the owner holds true, as rows.
package struct OwnerMemories: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    static let maximumTextBytes = 8_192

    /// A memory before it is stored.
    package struct Entry: Sendable, Equatable {
        package var topic: String
        package var type: MemoryType
        package var value: String
        package var stance: OwnerMemory.Stance?
        /// 1 to 10.
        package var intensity: Int?
        /// 0 to 1.
        package var confidence: Double

        package init(
            topic: String, type: MemoryType, value: String, stance: OwnerMemory.Stance? = nil, intensity: Int? = nil,
            confidence: Double = 1
        ) {
            self.topic = topic
            self.type = type
            self.value = value
            self.stance = stance
            self.intensity = intensity
            self.confidence = confidence
        }
    }

    /// A twin's memories in one state, or in all, newest first.
    package func list(of twin: Twin, status: OwnerMemory.Status? = .active, limit: Int = 200) throws -> [OwnerMemory] {
        try database.read { connection in
            try connection.rows(
                """
                SELECT \(OwnerMemory.columns) FROM owner_memories
                WHERE twin_key = ?1 AND (?2 IS NULL OR status = ?2) ORDER BY key DESC LIMIT ?3
                """, twin.key, status?.rawValue, limit, map: OwnerMemory.init)
        }
    }

    static func active(of twin: Twin, _ types: Set<MemoryType>, on connection: Connection) throws -> [OwnerMemory] {
        try connection.rows(
            """
            SELECT \(OwnerMemory.columns) FROM owner_memories
            WHERE twin_key = ? AND status = 'active' AND memory_type IN (SELECT value FROM json_each(?)) ORDER BY key DESC LIMIT 200
            """, twin.key, JSON.strings(types.map(\.rawValue).sorted()), map: OwnerMemory.init)
    }

    /// Adds what the owner says. It takes the place of the memory of the same type on the same topic. Throws `TwinError`.
    package func add(_ entry: Entry, to twin: Twin) throws -> OwnerMemory {
        try database.write { connection in
            try Self.add(entry, to: twin, provenance: ["source": "owner"], on: connection)
        }
    }

    /// Topics at least this alike are one topic, of which the newest memory counts.
    private static let sameTopic = 0.8

    /// `superseding` names the memories whose place it takes; without it they are those on the same topic.
    static func add(
        _ entry: Entry, to twin: Twin, provenance: JSONObject, superseding: [OwnerMemory]? = nil, on connection: Connection
    ) throws -> OwnerMemory {
        let value = entry.value.trimmed
        let topic = QuestionText.folded(entry.topic)
        guard !value.isEmpty, !topic.isEmpty else {
            throw TwinError(.invalid, "a memory needs a topic and the owner's view of it")
        }
        guard value.utf8.count <= maximumTextBytes, topic.utf8.count <= maximumTextBytes else {
            throw TwinError(.limitReached, "a memory has more than \(maximumTextBytes) bytes; shorten it")
        }
        guard (0...1).contains(entry.confidence), entry.intensity.map((1...10).contains) ?? true else {
            throw TwinError(.invalid, "a confidence is from 0 to 1 and an intensity from 1 to 10")
        }
        let earlier =
            try superseding
            ?? active(of: twin, [entry.type], on: connection).filter {
                $0.topic == topic || IdentityGate.likeness(topic, $0.topic) > sameTopic
            }
        let id = Identifier.make()
        let now = Clock.now
        try connection.run(
            """
            INSERT INTO owner_memories (id, tenant_id, twin_key, topic, memory_type, value, stance, intensity, confidence, status,
                provenance, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'active', ?10, ?11, ?11)
            """,
            [
                id, twin.tenantID, twin.key, topic, entry.type.rawValue, value, entry.stance?.rawValue, entry.intensity,
                entry.confidence, JSON.object(provenance), now,
            ] as [any DatabaseConvertible])
        for memory in earlier {
            try connection.run(
                "UPDATE owner_memories SET status = 'superseded', superseded_by = ?, updated_at = ? WHERE key = ?", id, now,
                memory.key)
        }
        try log("owner_memory_write", .applied, twin, memory: id, ["superseded": .strings(earlier.map(\.id))], on: connection)
        return try find(id, of: twin, on: connection)
    }

    static func find(_ id: String, of twin: Twin, on connection: Connection) throws -> OwnerMemory {
        guard
            let memory = try connection.first(
                "SELECT \(OwnerMemory.columns) FROM owner_memories WHERE id = ? AND twin_key = ?", id, twin.key,
                map: OwnerMemory.init)
        else { throw TwinError(.notFound, "the twin '\(twin.slug)' has no memory '\(id)'; 'twin memory list' shows them") }
        return memory
    }

    /// Takes a memory back; it stays to be read, with where it came from. Taking it back again changes nothing.
    package func retract(
        _ id: String, of twin: Twin, reason: String? = nil, by actor: String?
    ) throws {
        try database.write { try Self.retract(id, of: twin, reason: reason, by: actor, on: $0) }
    }

    static func retract(
        _ id: String, of twin: Twin, reason: String?, by actor: String?, on connection: Connection
    ) throws {
        let memory = try Self.find(id, of: twin, on: connection)
        guard memory.status != .retracted else { return }
        var provenance = memory.provenance
        provenance["retracted_because"] = reason.map(JSON.string)
        try connection.run(
            "UPDATE owner_memories SET status = 'retracted', provenance = ?, updated_at = ? WHERE key = ?",
            JSON.object(provenance), Clock.now, memory.key)
        try Self.log("owner_memory_retract", .applied, twin, memory: id, [:], on: connection)
        try AuditLog.append(.memoryRetracted, of: twin, actor: actor, ["memory_id": .string(id)], on: connection)
    }

    enum EventStatus: String {
        case applied, failed
        case pendingReview = "pending_review"
    }

    /// Writes into the journal of what happened to a twin's memory.
    static func log(
        _ type: String, _ status: EventStatus, _ twin: Twin, memory id: String, _ payload: JSONObject, source: String = "memory",
        on connection: Connection
    ) throws {
        try connection.run(
            """
            INSERT INTO memory_events (tenant_id, twin_key, event_type, source_type, source_id, payload, status, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [twin.tenantID, twin.key, type, source, id, JSON.object(payload), status.rawValue, Clock.now]
                as [any DatabaseConvertible])
    }
}
