import TwinDatabase
import TwinSupport

/// A twin's graph as JSON.
package struct GraphExport: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// Keys, names, evidence as hash of the text and bytes of it, sorted; no ids, no times. Two twins that were told the same
    /// give the same bytes, in whichever order they were told it.
    package func canonical(of twin: Twin) throws -> JSON {
        try database.read { connection in
            var nodes: [Int64: (type: String, key: String)] = [:]
            var names: [Int64: [String]] = [:]
            try connection.forEach("SELECT key, node_type, canonical_key FROM graph_nodes WHERE twin_key = ?", [twin.key]) {
                nodes[$0.int64(0)] = ($0.text(1), $0.text(2))
            }
            try connection.forEach(
                """
                SELECT DISTINCT a.node_key, a.alias FROM graph_aliases a JOIN graph_nodes n ON n.key = a.node_key
                WHERE n.twin_key = ? ORDER BY 1, 2
                """, [twin.key]
            ) { names[$0.int64(0), default: []].append($0.text(1)) }
            let evidence = try Self.evidence(of: twin, on: connection)
            func reference(_ key: Int64) -> JSON {
                ["type": .optional(nodes[key]?.type), "key": .optional(nodes[key]?.key)]
            }
            let listed = nodes.map { key, node -> JSON in
                [
                    "type": .string(node.type), "key": .string(node.key), "aliases": .strings(names[key] ?? []),
                    "evidence": .array(evidence[.node]?[key] ?? []),
                ]
            }
            let edges = try connection.rows(
                "SELECT key, from_key, relationship_type, to_key FROM graph_edges WHERE twin_key = ?", twin.key
            ) { row -> JSON in
                [
                    "from": reference(row.int64(1)), "relationship_type": .string(row.text(2)), "to": reference(row.int64(3)),
                    "evidence": .array(evidence[.edge]?[row.int64(0)] ?? []),
                ]
            }
            let candidates = try connection.rows(
                "SELECT key, memory_type, content, status FROM memory_candidates WHERE twin_key = ? AND status = 'pending'",
                twin.key
            ) { row -> JSON in
                ["memory_type": .string(row.text(1)), "evidence": .array(evidence[.candidate]?[row.int64(0)] ?? [])]
            }
            let merges = try connection.rows(
                "SELECT node_type, canonical_key, into_type, into_key FROM graph_merges WHERE twin_key = ?", twin.key
            ) { row -> JSON in
                [
                    "type": .string(row.text(0)), "key": .string(row.text(1)), "into_type": .string(row.text(2)),
                    "into_key": .string(row.text(3)),
                ]
            }
            let superseded = try connection.rows(
                """
                SELECT from_type, from_key, relationship_type, to_type, to_key, by_type, by_key FROM graph_supersessions
                WHERE twin_key = ?
                """, twin.key
            ) { row -> JSON in
                [
                    "from": ["type": .string(row.text(0)), "key": .string(row.text(1))],
                    "relationship_type": .string(row.text(2)),
                    "to": ["type": .string(row.text(3)), "key": .string(row.text(4))],
                    "by": ["type": .string(row.text(5)), "key": .string(row.text(6))],
                ]
            }
            let reviewed = try connection.rows(
                "SELECT key, memory_type, content, status FROM memory_candidates WHERE twin_key = ? AND status <> 'pending'",
                twin.key
            ) { row -> JSON in
                [
                    "memory_type": .string(row.text(1)), "content": .string(row.text(2)), "status": .string(row.text(3)),
                    "evidence": .array(evidence[.candidate]?[row.int64(0)] ?? []),
                ]
            }
            return [
                "nodes": .array(Self.sorted(listed)), "edges": .array(Self.sorted(edges)),
                "candidates": .array(Self.sorted(candidates)), "reviewed": .array(Self.sorted(reviewed)),
                "merges": .array(Self.sorted(merges)), "superseded": .array(Self.sorted(superseded)),
            ]
        }
    }

    /// Nodes as `KnowledgeGraph` tells them, with the relations between them.
    package func full(of twin: Twin) throws -> JSON {
        try database.read { connection in
            let nodes = try KnowledgeGraph.nodes(of: twin, group: nil, on: connection)
            var ids: [Int64: String] = [:]
            for node in nodes { ids[node.key] = node.id }
            var types: [Int64: (String, String)] = [:]
            try connection.forEach("SELECT key, id, relationship_type FROM graph_edges WHERE twin_key = ?", [twin.key]) {
                types[$0.int64(0)] = ($0.text(1), $0.text(2))
            }
            let edges = try KnowledgeGraph.edges(of: twin, group: nil, on: connection).map { edge -> JSON in
                [
                    "id": .optional(types[edge.key]?.0), "from_id": .optional(ids[edge.from]), "to_id": .optional(ids[edge.to]),
                    "relationship_type": .optional(types[edge.key]?.1), "weight": .number(edge.weight),
                ]
            }
            return ["nodes": .array(nodes.map(\.json)), "edges": .array(edges)]
        }
    }

    private static func sorted(_ values: [JSON]) -> [JSON] {
        values.map { (JSONWriter.bytes($0), $0) }.sorted { $0.0.lexicographicallyPrecedes($1.0) }.map(\.1)
    }

    private static func evidence(of twin: Twin, on connection: Connection) throws -> [EvidenceKind: [Int64: [JSON]]] {
        var result: [EvidenceKind: [Int64: [JSON]]] = [:]
        try connection.forEach(
            """
            SELECT e.kind, e.target_key, lower(hex(t.sha256)) AS text, e.start, e.end FROM graph_evidence e
                JOIN sources s ON s.key = e.source_key JOIN texts t ON t.key = s.text_key WHERE s.twin_key = ?1
            UNION ALL
            SELECT e.kind, e.target_key, m.content, e.start, e.end FROM graph_evidence e JOIN messages m ON m.key = e.message_key
                JOIN conversations c ON c.key = m.conversation_key WHERE c.twin_key = ?1
            ORDER BY 3, 4, 5
            """, [twin.key]
        ) { row in
            guard let kind = EvidenceKind(rawValue: row.int(0)) else { return }
            result[kind, default: [:]][row.int64(1), default: []].append(
                ["text": .string(row.text(2)), "start": .number(row.int(3)), "end": .number(row.int(4))])
        }
        return result
    }
}
