import TwinDatabase
import TwinSupport

#if canImport(Glibc)
    import Glibc
#endif

/// A twin's graph, as a caller may see it: what rests on sources that they may not read is neither shown nor counted.
package struct KnowledgeGraph: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// Conditions on a node `n` and on evidence `e` whose source is `s`, with ?2 bound to the caller's group.
    private static let visibleSource = Visibility.condition(.source, "s", for: "?2")

    // MARK: Nodes

    /// The nodes that the caller sees, with their counts, in the order of their keys.
    package func nodes(of twin: Twin, for clearance: Clearance) throws -> [GraphNode] {
        try database.read { try Self.nodes(of: twin, group: clearance.groupKey(in: twin), on: $0) }
    }

    static func nodes(of twin: Twin, group: Int64?, on connection: Connection) throws -> [GraphNode] {
        var nodes = try connection.rows(
            """
            SELECT \(GraphNode.columns) FROM graph_nodes n WHERE n.twin_key = ? AND n.status = 'active'
                AND NOT EXISTS (SELECT 1 FROM graph_merges g WHERE g.twin_key = n.twin_key AND g.node_type = n.node_type
                    AND g.canonical_key = n.canonical_key
                    AND EXISTS (SELECT 1 FROM graph_nodes t WHERE t.twin_key = g.twin_key AND t.node_type = g.into_type
                        AND t.canonical_key = g.into_key))
            ORDER BY n.node_type, n.canonical_key
            """, twin.key, map: { try GraphNode($0) })
        var places: [Int64: Int] = [:]
        for (index, node) in nodes.enumerated() { places[node.key] = index }
        try connection.forEach(
            """
            SELECT m.node_key, count(*), count(DISTINCT e.source_key) FROM graph_members m
                JOIN graph_evidence e ON e.kind = 1 AND e.target_key = m.member_key JOIN sources s ON s.key = e.source_key
            WHERE m.twin_key = ?1 AND \(visibleSource) GROUP BY m.node_key
            """, [twin.key, group]
        ) { row in
            guard let place = places[row.int64(0)] else { return }
            nodes[place].mentionCount = row.int(1)
            nodes[place].sourceCount = row.int(2)
        }
        try connection.forEach(
            """
            SELECT m.node_key, a.alias, count(*) FROM graph_members m JOIN graph_aliases a ON a.node_key = m.member_key
                JOIN sources s ON s.key = a.source_key
            WHERE m.twin_key = ?1 AND \(visibleSource) GROUP BY m.node_key, a.alias ORDER BY m.node_key, count(*) DESC, a.alias
            """, [twin.key, group]
        ) { row in
            if let place = places[row.int64(0)] { nodes[place].aliases.append(row.text(1)) }
        }
        for edge in try edges(of: twin, group: group, on: connection) {
            if let place = places[edge.from] { nodes[place].degree += 1 }
            if edge.to != edge.from, let place = places[edge.to] { nodes[place].degree += 1 }
        }
        // What the owner said is the owner's to see; what is extracted, whoever may read a document that says it.
        nodes.removeAll { $0.mentionCount == 0 && (group != nil || $0.origin == .extracted) }
        for index in nodes.indices where nodes[index].origin == .extracted {
            let name = Self.name(of: nodes[index])
            nodes[index].name = name
            nodes[index].aliases.removeAll { $0 == name }
        }
        return nodes
    }

    /// The name by which most documents call it among those that make its key; of equals the longest, then the first.
    private static func name(of node: GraphNode) -> String {
        node.aliases.first { $0.lowercased().hasSuffix(node.canonicalKey) || $0.lowercased().hasPrefix(node.canonicalKey) }
            ?? node.name
    }

    struct Edge {
        var key: Int64
        var from: Int64
        var to: Int64
        var weight: Int
    }

    /// The relations that the caller sees, between nodes as they are merged.
    static func edges(of twin: Twin, group: Int64?, on connection: Connection) throws -> [Edge] {
        var merged: [Int64: Int64] = [:]
        try connection.forEach(
            "SELECT node_key, member_key FROM graph_members WHERE twin_key = ? AND node_key <> member_key", [twin.key]
        ) { merged[$0.int64(1)] = $0.int64(0) }
        return try connection.rows(
            """
            SELECT d.key, d.from_key, d.to_key, count(DISTINCT e.source_key) FROM graph_edges d
                JOIN graph_evidence e ON e.kind = 2 AND e.target_key = d.key JOIN sources s ON s.key = e.source_key
            WHERE d.twin_key = ?1 AND d.superseded_by IS NULL AND \(visibleSource) GROUP BY d.key ORDER BY d.key
            """, twin.key, group
        ) { row in
            let (from, to) = (row.int64(1), row.int64(2))
            return Edge(key: row.int64(0), from: merged[from] ?? from, to: merged[to] ?? to, weight: row.int(3))
        }
    }

    /// One node by its id or its name, with its relations and where it is said.
    package func node(_ name: String, of twin: Twin, for clearance: Clearance) throws -> Detail {
        let group = clearance.groupKey(in: twin)
        return try database.read { connection in
            let nodes = try Self.nodes(of: twin, group: group, on: connection)
            let node = try Self.find(name, in: nodes)
            var byKey: [Int64: GraphNode] = [:]
            for node in nodes { byKey[node.key] = node }
            let relations = try Self.edges(of: twin, group: group, on: connection)
                .filter { $0.from == node.key || $0.to == node.key }.prefix(Self.maximumRelations)
                .compactMap { edge -> GraphRelation? in
                    guard let from = byKey[edge.from], let to = byKey[edge.to] else { return nil }
                    let row = try connection.first("SELECT id, relationship_type FROM graph_edges WHERE key = ?", edge.key) {
                        ($0.text(0), $0.text(1))
                    }
                    guard let row else { return nil }
                    return GraphRelation(
                        id: row.0, type: row.1, from: from.name, fromID: from.id, to: to.name, toID: to.id, weight: edge.weight,
                        evidence: try Self.evidence(.edge, [edge.key], twin, group, limit: 5, on: connection))
                }
            let members = try connection.rows("SELECT member_key FROM graph_members WHERE node_key = ?", node.key) { $0.int64(0) }
            let evidence = try Self.evidence(.node, members, twin, group, limit: Self.maximumEvidence, on: connection)
            var described = node
            described.description = described.description ?? evidence.first?.quote
            return Detail(node: described, relations: relations, evidence: evidence)
        }
    }

    private static let maximumRelations = 100
    private static let maximumEvidence = 20

    static func find(_ name: String, in nodes: [GraphNode]) throws -> GraphNode {
        if let node = nodes.first(where: { $0.id == name }) { return node }
        let folded = name.lowercased()
        let exact = nodes.filter { $0.name.lowercased() == folded || $0.canonicalKey == folded }
        let found = exact.isEmpty ? nodes.filter { $0.aliases.contains { $0.lowercased() == folded } } : exact
        guard let first = found.first else {
            throw TwinError(.notFound, "the graph has no node '\(name)'; 'twin graph list' shows them")
        }
        guard found.count == 1 else { throw TwinError(.invalid, "several nodes are called '\(name)'; use the id") }
        return first
    }

    /// A node with what is said of it, as far as the caller may read: at most 100 relations and 20 places.
    package struct Detail: Sendable, Equatable {
        package var node: GraphNode
        package var relations: [GraphRelation]
        package var evidence: [GraphEvidence]
    }

    // MARK: Evidence

    static func evidence(
        _ kind: EvidenceKind, _ targets: [Int64], _ twin: Twin, _ group: Int64?, limit: Int, on connection: Connection
    ) throws -> [GraphEvidence] {
        let rows = try connection.rows(
            """
            SELECT s.id, coalesce(s.title, s.name), NULL, e.start, e.end, s.text_key, NULL FROM graph_evidence e
                JOIN sources s ON s.key = e.source_key
            WHERE e.kind = ?1 AND e.target_key IN (SELECT value FROM json_each(?3)) AND s.text_key IS NOT NULL AND \(visibleSource)
            UNION ALL
            SELECT NULL, NULL, m.id, e.start, e.end, NULL, m.content FROM graph_evidence e JOIN messages m ON m.key = e.message_key
            WHERE e.kind = ?1 AND e.target_key IN (SELECT value FROM json_each(?3)) AND ?2 IS NULL
            ORDER BY 1, 4 LIMIT ?4
            """, kind.rawValue, group, JSON.array(targets.map { .int($0) }), limit
        ) { row in
            (
                row.optionalText(0), row.optionalText(1), row.optionalText(2), row.int(3), row.int(4), row.optionalInt(5),
                row.optionalText(6)
            )
        }
        return try rows.map { row in
            let range = row.3..<max(row.3, row.4)
            let quote: String
            if let text = row.6 {
                let bytes = Array(text.utf8)
                quote = String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
            } else {
                let bytes = try BlobReader(connection, table: "texts", column: "content").bytes(
                    key: Int64(row.5 ?? 0), range: range)
                quote = String(decoding: bytes ?? [], as: UTF8.self)
            }
            return GraphEvidence(
                sourceID: row.0, title: row.1, messageID: row.2, range: range,
                quote: quote.split(whereSeparator: \.isWhitespace).joined(separator: " "))
        }
    }

    // MARK: Summary

    /// A graph at a glance, as far as the caller may read it.
    package struct Summary: Sendable, Equatable {
        package var nodeCount: Int
        package var edgeCount: Int
        /// By the name of the type.
        package var types: [(type: String, count: Int)]
        /// The ten that changed last, the latest first.
        package var recent: [GraphNode]
        /// The ten that weigh most, the heaviest first: see `summary`.
        package var important: [GraphNode]

        /// Every field, written out because tuples are not `Equatable`.
        package static func == (left: Summary, right: Summary) -> Bool {
            left.nodeCount == right.nodeCount && left.edgeCount == right.edgeCount && left.recent == right.recent
                && left.important == right.important && left.types.map(\.type) == right.types.map(\.type)
                && left.types.map(\.count) == right.types.map(\.count)
        }
    }

    /// How many documents that the caller may read the model failed to read, by the reason, the most frequent first.
    package func degraded(of twin: Twin, for clearance: Clearance) throws -> [(reason: String, count: Int)] {
        let group = clearance.groupKey(in: twin)
        return try database.read { connection in
            try connection.rows(
                """
                SELECT g.degraded, count(*) FROM graph_sources g JOIN sources s ON s.key = g.source_key
                WHERE s.twin_key = ?1 AND g.degraded IS NOT NULL AND \(Self.visibleSource) GROUP BY 1 ORDER BY 2 DESC, 1
                """, twin.key, group
            ) { ($0.text(0), $0.int(1)) }
        }
    }

    private static let summarized = 10

    /// Counts, the ten nodes that changed last, and the ten that weigh most: sources times ln(1 + degree), ties by name.
    package func summary(of twin: Twin, for clearance: Clearance) throws -> Summary {
        let group = clearance.groupKey(in: twin)
        let (nodes, edges) = try database.read { connection in
            (
                try Self.nodes(of: twin, group: group, on: connection),
                try Self.edges(of: twin, group: group, on: connection)
            )
        }
        var counts: [String: Int] = [:]
        for node in nodes { counts[node.type, default: 0] += 1 }
        let recent = nodes.sorted { ($1.updatedAt, $0.name) < ($0.updatedAt, $1.name) }.prefix(Self.summarized)
        let important = nodes.filter { $0.type != "fact" }
            .map { (node: $0, weight: Double($0.sourceCount) * log(1 + Double($0.degree))) }
            .sorted { ($1.weight, $1.node.sourceCount, $0.node.name) < ($0.weight, $0.node.sourceCount, $1.node.name) }
            .prefix(Self.summarized).map(\.node)
        return Summary(
            nodeCount: nodes.count, edgeCount: edges.count, types: counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
            recent: Array(recent), important: important)
    }
}
