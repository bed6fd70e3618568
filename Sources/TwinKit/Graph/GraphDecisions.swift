import TwinDatabase
import TwinHTTP
import TwinSupport

/// What a person decided about a twin's graph, and no document says again: nodes of the owner's own, what was merged, which of
/// two contradicting facts holds, what was approved and rejected. Everything is named as documents name it, never by an id.
package enum GraphDecision: Sendable, Equatable {
    /// A node as documents name it.
    package typealias Name = GraphNodeName

    /// A memory by its type and topic.
    package struct MemoryName: Sendable, Hashable {
        package var type: String
        /// In lower case, as memories are compared.
        package var topic: String
    }

    case node(type: String, name: String, origin: GraphNode.Origin, properties: JSONObject, memory: MemoryName?)
    case merge(Name, into: Name)
    case superseded(Name, predicate: String, object: Name, by: Name)
    case candidate(
        identity: String, content: String, memoryType: String, data: JSONObject, status: MemoryCandidate.Status,
        memory: MemoryName?)

    /// What it decides about; there is one decision of each.
    package var subject: String {
        switch self {
        case .node(let type, let name, _, _, _): "\(type): \(QuestionText.folded(name))"
        case .merge(let name, _): "merge of \(name.type): \(name.key)"
        case .superseded(let subject, let predicate, let object, _):
            "\(subject.type): \(subject.key) \(predicate) \(object.type): \(object.key)"
        case .candidate(let identity, _, _, _, _, _): "candidate \(identity.replacing("\u{1F}", with: " "))"
        }
    }
}

/// Decisions as rows, read and written as a whole.
package enum GraphDecisions {
    /// All decisions about a twin's graph, in a fixed order.
    package static func all(of twin: Twin, on connection: Connection) throws -> [GraphDecision] {
        try nodes(of: twin, on: connection) + merges(of: twin, on: connection) + supersessions(of: twin, on: connection)
            + candidates(of: twin, on: connection)
    }

    private static let memory = "(SELECT m.memory_type || char(31) || m.topic FROM owner_memories m WHERE m.id = "

    private static func memoryName(_ text: String?) -> GraphDecision.MemoryName? {
        guard let parts = text?.split(separator: "\u{1F}", maxSplits: 1), parts.count == 2 else { return nil }
        return GraphDecision.MemoryName(type: String(parts[0]), topic: String(parts[1]))
    }

    private static func nodes(of twin: Twin, on connection: Connection) throws -> [GraphDecision] {
        try connection.rows(
            """
            SELECT node_type, name, origin, properties, \(memory) n.owner_memory_id AND m.status = 'active') FROM graph_nodes n
            WHERE twin_key = ? AND origin <> 'extracted' AND status = 'active' ORDER BY node_type, canonical_key
            """, twin.key
        ) { row in
            var properties = try row.object(3)
            // Found again by the node's name.
            properties["verified_answer_id"] = nil
            return .node(
                type: row.text(0), name: row.text(1), origin: try row.value(2), properties: properties,
                memory: memoryName(row.optionalText(4)))
        }
    }

    private static func merges(of twin: Twin, on connection: Connection) throws -> [GraphDecision] {
        try connection.rows(
            """
            SELECT node_type, canonical_key, into_type, into_key FROM graph_merges WHERE twin_key = ?
            ORDER BY node_type, canonical_key
            """, twin.key
        ) { row in
            .merge(
                GraphDecision.Name(type: row.text(0), key: row.text(1)),
                into: GraphDecision.Name(type: row.text(2), key: row.text(3)))
        }
    }

    private static func supersessions(of twin: Twin, on connection: Connection) throws -> [GraphDecision] {
        try connection.rows(
            """
            SELECT from_type, from_key, relationship_type, to_type, to_key, by_type, by_key FROM graph_supersessions
            WHERE twin_key = ? ORDER BY from_type, from_key, relationship_type, to_type, to_key
            """, twin.key
        ) { row in
            .superseded(
                GraphDecision.Name(type: row.text(0), key: row.text(1)), predicate: row.text(2),
                object: GraphDecision.Name(type: row.text(3), key: row.text(4)),
                by: GraphDecision.Name(type: row.text(5), key: row.text(6)))
        }
    }

    private static func candidates(of twin: Twin, on connection: Connection) throws -> [GraphDecision] {
        try connection.rows(
            """
            SELECT identity, content, memory_type, extracted_data, status, \(memory) c.owner_memory_id AND m.status = 'active')
            FROM memory_candidates c WHERE twin_key = ? AND status <> 'pending' ORDER BY identity
            """, twin.key
        ) { row in
            .candidate(
                identity: row.text(0), content: row.text(1), memoryType: row.text(2), data: try row.object(3),
                status: try row.value(4), memory: memoryName(row.optionalText(5)))
        }
    }

    // MARK: Writing

    /// Makes a decision hold, in the place of an earlier one about the same. Throws `TwinError`.
    package static func set(_ decision: GraphDecision, of twin: Twin, by actor: String?, on connection: Connection) throws {
        switch decision {
        case .node(let type, let name, let origin, var properties, let memory):
            if origin == .escalation {
                let answer = try connection.first(
                    "SELECT id FROM verified_answers WHERE twin_key = ? AND folded = ? AND is_active", twin.key,
                    QuestionText.folded(name)
                ) { $0.text(0) }
                properties["verified_answer_id"] = answer.map(JSON.string)
            }
            _ = try OwnerNodes.add(
                type: type, name: name, origin: origin, memoryID: try memoryID(memory, of: twin, on: connection),
                properties: properties, to: twin, on: connection)
        case .merge(let name, let into):
            guard name != into else { throw TwinError(.invalid, "a node cannot be merged into itself") }
            try connection.run(
                """
                INSERT OR REPLACE INTO graph_merges (twin_key, node_type, canonical_key, into_type, into_key, created_at)
                VALUES (?, ?, ?, ?, ?, ?)
                """, [twin.key, name.type, name.key, into.type, into.key, Clock.now] as [any DatabaseConvertible])
        case .superseded(let subject, let predicate, let object, let other):
            let contradictions = Contradictions(twin, on: connection)
            try contradictions.supersede(subject, predicate, object, by: other)
            try contradictions.applyDecisions()
        case .candidate(let identity, let content, let memoryType, let data, let status, let memory):
            let node = try connection.first(
                "SELECT id FROM graph_nodes WHERE twin_key = ? AND node_type = 'preference' AND canonical_key = ?", twin.key,
                QuestionText.folded(content)
            ) { $0.text(0) }
            try connection.run(
                """
                INSERT INTO memory_candidates (id, tenant_id, twin_key, content, memory_type, identity, extracted_data, status,
                    owner_memory_id, graph_node_id, reviewed_by, reviewed_at, created_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12)
                ON CONFLICT (twin_key, identity) DO UPDATE SET content = ?4, memory_type = ?5, extracted_data = ?7, status = ?8,
                    owner_memory_id = ?9, graph_node_id = ?10, reviewed_by = ?11, reviewed_at = ?12
                """,
                [
                    Identifier.make(), twin.tenantID, twin.key, content, memoryType, identity, JSON.object(data),
                    status.rawValue, try memoryID(memory, of: twin, on: connection), status == .approved ? node : nil, actor,
                    Clock.now,
                ] as [any DatabaseConvertible])
        }
    }

    /// Takes a decision back: what documents say stays, what only the decision said goes.
    package static func remove(_ decision: GraphDecision, of twin: Twin, on connection: Connection) throws {
        switch decision {
        case .node(let type, let name, _, _, _):
            let key = try connection.first(
                "SELECT key FROM graph_nodes WHERE twin_key = ? AND node_type = ? AND canonical_key = ?", twin.key, type,
                QuestionText.folded(name)
            ) { $0.int64(0) }
            guard let key else { return }
            try connection.run(
                "UPDATE graph_nodes SET origin = 'extracted', owner_memory_id = NULL, description = NULL WHERE key = ?", key)
            try connection.run(
                """
                DELETE FROM graph_nodes WHERE key = ? AND NOT EXISTS (SELECT 1 FROM graph_evidence
                    WHERE kind = 1 AND target_key = graph_nodes.key)
                """, key)
        case .merge(let name, _):
            try connection.run(
                "DELETE FROM graph_merges WHERE twin_key = ? AND node_type = ? AND canonical_key = ?", twin.key, name.type,
                name.key)
        case .superseded(let subject, let predicate, let object, _):
            try connection.run(
                """
                UPDATE graph_edges SET superseded_by = NULL, valid_to = NULL WHERE twin_key = ?1 AND relationship_type = ?4
                    AND from_key = (SELECT key FROM graph_nodes WHERE twin_key = ?1 AND node_type = ?2 AND canonical_key = ?3)
                    AND to_key = (SELECT key FROM graph_nodes WHERE twin_key = ?1 AND node_type = ?5 AND canonical_key = ?6)
                """, [twin.key, subject.type, subject.key, predicate, object.type, object.key] as [any DatabaseConvertible])
            try connection.run(
                """
                DELETE FROM graph_supersessions WHERE twin_key = ? AND from_type = ? AND from_key = ? AND relationship_type = ?
                    AND to_type = ? AND to_key = ?
                """, [twin.key, subject.type, subject.key, predicate, object.type, object.key] as [any DatabaseConvertible])
        case .candidate(let identity, _, _, _, _, _):
            try connection.run(
                """
                UPDATE memory_candidates SET status = 'pending', owner_memory_id = NULL, graph_node_id = NULL, needs_review = 0,
                    reviewed_by = NULL, reviewed_at = NULL WHERE twin_key = ? AND identity = ?
                """, twin.key, identity)
            try connection.run(
                """
                DELETE FROM memory_candidates WHERE twin_key = ? AND identity = ? AND NOT EXISTS (SELECT 1 FROM graph_evidence
                    WHERE kind = 3 AND target_key = memory_candidates.key)
                """, twin.key, identity)
        }
    }

    private static func memoryID(
        _ memory: GraphDecision.MemoryName?, of twin: Twin, on connection: Connection
    ) throws -> String? {
        guard let memory else { return nil }
        return try connection.first(
            """
            SELECT id FROM owner_memories WHERE twin_key = ? AND memory_type = ? AND topic = ? AND status = 'active'
            ORDER BY key DESC LIMIT 1
            """, twin.key, memory.type, memory.topic
        ) { $0.text(0) }
    }
}
