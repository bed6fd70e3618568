import TwinDatabase
import TwinHTTP
import TwinSupport

/// Something that a document or the owner said and that the owner may want the twin to remember.
package struct MemoryCandidate: Sendable, Equatable, JSONRepresentable {
    /// What the owner has decided; once that is done it cannot be decided again.
    package enum Status: String, Sendable, CaseIterable { case pending, approved, rejected }

    package let key: Int64
    package let id: String
    package var content: String
    package var memoryType: String
    package var data: JSONObject
    package var status: Status
    /// Whether it was approved and the last document that said it is gone since.
    package var needsReview: Bool
    /// What an approval made; nil before one, and after a rejection.
    package var ownerMemoryID: String?
    package var graphNodeID: String?
    package let createdAt: Timestamp
    /// Nil while it waits.
    package var reviewedAt: Timestamp?

    static let columns =
        "c.key, c.id, c.content, c.memory_type, c.extracted_data, c.status, c.needs_review, c.owner_memory_id, c.graph_node_id, c.created_at, c.reviewed_at"

    init(_ row: Row) throws {
        try row.check(columns: 11, allowsMore: true)
        key = row.int64(0)
        id = row.text(1)
        content = row.text(2)
        memoryType = row.text(3)
        data = try row.object(4)
        status = try row.value(5)
        needsReview = row.bool(6)
        ownerMemoryID = row.optionalText(7)
        graphNodeID = row.optionalText(8)
        createdAt = try row.requiredTimestamp(9)
        reviewedAt = try row.timestamp(10)
    }

    package var json: JSON {
        [
            "id": .string(id), "content": .string(content), "memory_type": .string(memoryType), "extracted_data": .object(data),
            "status": .string(status.rawValue), "needs_review": .bool(needsReview), "owner_memory_id": .optional(ownerMemoryID),
            "graph_node_id": .optional(graphNodeID), "created_at": .string(createdAt.description),
            "reviewed_at": .optional(reviewedAt?.description),
        ]
    }
}

/// Candidates as rows. Nothing is remembered before the owner approves it.
package struct MemoryCandidates: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// Candidates that the caller sees, newest first, and how many there are in all: those with evidence that the caller may
    /// read, and for who may read everything those without any as well.
    package func list(
        of twin: Twin, for clearance: Clearance, status: MemoryCandidate.Status?, limit: Int = 200, offset: Int = 0
    ) throws -> (candidates: [MemoryCandidate], total: Int) {
        let visible = """
            FROM memory_candidates c WHERE c.twin_key = ?1 AND (?3 IS NULL OR c.status = ?3) AND (?2 IS NULL OR EXISTS (
                SELECT 1 FROM graph_evidence e JOIN sources s ON s.key = e.source_key
                WHERE e.kind = 3 AND e.target_key = c.key AND \(Visibility.condition(.source, "s", for: "?2"))))
            """
        let group = clearance.groupKey(in: twin)
        return try database.read { connection in
            (
                try connection.rows(
                    "SELECT \(MemoryCandidate.columns) \(visible) ORDER BY c.key DESC LIMIT ?4 OFFSET ?5", twin.key, group,
                    status?.rawValue, limit, offset, map: { try MemoryCandidate($0) }),
                try connection.first("SELECT count(*) \(visible)", twin.key, group, status?.rawValue) { $0.int(0) } ?? 0
            )
        }
    }

    /// Where a candidate is said.
    package func evidence(of candidate: MemoryCandidate, twin: Twin, for clearance: Clearance) throws -> [GraphEvidence] {
        try database.read {
            try KnowledgeGraph.evidence(.candidate, [candidate.key], twin, clearance.groupKey(in: twin), limit: 20, on: $0)
        }
    }

    /// Makes a candidate the owner's memory and a node of the graph; from now on it answers. Throws `TwinError`: not found, or
    /// reviewed already (`conflict`).
    package func approve(_ id: String, of twin: Twin, by actor: String?) throws -> MemoryCandidate {
        try database.write { connection in
            let candidate = try Self.pending(id, of: twin, on: connection)
            let isNegative = candidate.data["polarity"]?.stringValue == "negative"
            let topic = candidate.data["preference"]?.stringValue ?? candidate.content
            let memory = try OwnerMemories.add(
                OwnerMemories.Entry(
                    topic: topic, type: .preference, value: candidate.content, stance: isNegative ? .negative : .positive,
                    confidence: max(0.75, min(1, candidate.data["strength"]?.doubleValue ?? 0.75))),
                to: twin, provenance: ["source": "memory_candidate", "candidate_id": .string(id)], on: connection)
            let node = try OwnerNodes.add(
                type: "preference", name: candidate.content, origin: .owner, memoryID: memory.id,
                properties: candidate.data, to: twin, on: connection)
            try connection.run(
                """
                UPDATE memory_candidates SET status = 'approved', owner_memory_id = ?, graph_node_id = ?, reviewed_by = ?,
                    reviewed_at = ? WHERE key = ?
                """, [memory.id, node, actor, Clock.now, candidate.key] as [any DatabaseConvertible])
            try AuditLog.append(
                .memoryApproved, of: twin, actor: actor, ["candidate_id": .string(id), "memory_id": .string(memory.id)],
                on: connection)
            return try Self.find(id, of: twin, on: connection)
        }
    }

    /// Lets a candidate go; it stays to be read, and is not offered again. Throws as `approve`.
    package func reject(_ id: String, of twin: Twin, by actor: String?) throws -> MemoryCandidate {
        try database.write { connection in
            let candidate = try Self.pending(id, of: twin, on: connection)
            try connection.run(
                "UPDATE memory_candidates SET status = 'rejected', reviewed_by = ?, reviewed_at = ? WHERE key = ?", actor,
                Clock.now,
                candidate.key)
            try AuditLog.append(.memoryRejected, of: twin, actor: actor, ["candidate_id": .string(id)], on: connection)
            return try Self.find(id, of: twin, on: connection)
        }
    }

    /// Reviews a candidate that contradicts another when one of them became the owner's memory. One that is gone by now, or
    /// reviewed, stays as it is.
    static func review(
        _ id: String, of twin: Twin, isRight: Bool, memory: OwnerMemory, by actor: String?, on connection: Connection
    ) throws {
        guard let candidate = try? find(id, of: twin, on: connection), candidate.status != .rejected else { return }
        guard isRight else {
            try connection.run(
                "UPDATE memory_candidates SET status = 'rejected', reviewed_by = ?, reviewed_at = ? WHERE key = ?", actor,
                Clock.now, candidate.key)
            return try AuditLog.append(
                .memoryRejected, of: twin, actor: actor, ["candidate_id": .string(id)], on: connection)
        }
        let node = try OwnerNodes.add(
            type: "preference", name: candidate.content, origin: .owner, memoryID: memory.id, properties: candidate.data,
            to: twin, on: connection)
        try connection.run(
            """
            UPDATE memory_candidates SET status = 'approved', owner_memory_id = ?, graph_node_id = ?, reviewed_by = ?,
                reviewed_at = ? WHERE key = ?
            """, [memory.id, node, actor, Clock.now, candidate.key] as [any DatabaseConvertible])
        try AuditLog.append(
            .memoryApproved, of: twin, actor: actor, ["candidate_id": .string(id), "memory_id": .string(memory.id)],
            on: connection)
    }

    static func find(_ id: String, of twin: Twin, on connection: Connection) throws -> MemoryCandidate {
        guard
            let found = try connection.first(
                "SELECT \(MemoryCandidate.columns) FROM memory_candidates c WHERE c.id = ? AND c.twin_key = ?", id, twin.key,
                map: { try MemoryCandidate($0) })
        else {
            throw TwinError(
                .notFound, "the twin '\(twin.slug)' has no memory candidate '\(id)'; 'twin memory candidates' shows them")
        }
        return found
    }

    private static func pending(_ id: String, of twin: Twin, on connection: Connection) throws -> MemoryCandidate {
        let candidate = try find(id, of: twin, on: connection)
        guard candidate.status == .pending else {
            throw TwinError(.conflict, "this candidate is already \(candidate.status.rawValue)")
        }
        return candidate
    }
}

/// Nodes that rest on the owner's word and not on a document.
enum OwnerNodes {
    /// Adds a node, or answers the one with this name. Its id.
    static func add(
        type: String, name: String, origin: GraphNode.Origin, memoryID: String? = nil, properties: JSONObject = [:],
        to twin: Twin,
        on connection: Connection
    ) throws -> String {
        let now = Clock.now
        try connection.run(
            """
            INSERT INTO graph_nodes (id, tenant_id, twin_key, node_type, name, canonical_key, description, properties, origin, status,
                owner_memory_id, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?5, ?7, ?8, 'active', ?9, ?10, ?10)
            ON CONFLICT (twin_key, node_type, canonical_key) DO UPDATE SET origin = ?8, owner_memory_id = ?9, updated_at = ?10,
                description = ?5
            """,
            [
                Identifier.make(), twin.tenantID, twin.key, type, name, QuestionText.folded(name), JSON.object(properties),
                origin.rawValue, memoryID, now,
            ] as [any DatabaseConvertible])
        let id = try connection.first(
            "SELECT id FROM graph_nodes WHERE twin_key = ? AND node_type = ? AND canonical_key = ?", twin.key, type,
            QuestionText.folded(name)
        ) { $0.text(0) }
        guard let id else { throw TwinError(.failed, "the node could not be stored") }
        return id
    }
}
