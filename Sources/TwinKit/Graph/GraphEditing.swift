import TwinDatabase
import TwinSupport

/// What the owner says of the graph's nodes: that two are one, and that they are not after all.
package struct GraphEditing: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// Makes one node of two: what is said of `name` is from now on said of `target`. It holds when documents come and go, and
    /// `split` undoes it. Throws `TwinError`.
    package func merge(_ name: String, into target: String, of twin: Twin, by actor: String?) throws -> GraphNode {
        try database.write { connection in
            let nodes = try KnowledgeGraph.nodes(of: twin, group: nil, on: connection)
            let merged = try KnowledgeGraph.find(name, in: nodes)
            let into = try KnowledgeGraph.find(target, in: nodes)
            guard merged.key != into.key else {
                throw TwinError(.conflict, "'\(name)' and '\(target)' are already the same node")
            }
            let now = Clock.now
            // What was merged into the one before follows it, so that a merge leads to a node in one step.
            try connection.run(
                "UPDATE graph_merges SET into_type = ?4, into_key = ?5 WHERE twin_key = ?1 AND into_type = ?2 AND into_key = ?3",
                [twin.key, merged.type, merged.canonicalKey, into.type, into.canonicalKey] as [any DatabaseConvertible])
            try connection.run(
                """
                INSERT OR REPLACE INTO graph_merges (twin_key, node_type, canonical_key, into_type, into_key, created_at)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
                [twin.key, merged.type, merged.canonicalKey, into.type, into.canonicalKey, now] as [any DatabaseConvertible])
            try AuditLog.append(
                .graphMerged, of: twin, actor: actor, ["node_id": .string(merged.id), "into_id": .string(into.id)], on: connection
            )
            return try KnowledgeGraph.find(into.id, in: KnowledgeGraph.nodes(of: twin, group: nil, on: connection))
        }
    }

    /// Undoes the merges into a node. Answers the nodes that stand for themselves again. Throws `TwinError` when there are none.
    package func split(_ name: String, of twin: Twin, by actor: String?) throws -> [GraphNode] {
        try database.write { connection in
            let before = try KnowledgeGraph.nodes(of: twin, group: nil, on: connection)
            let node = try KnowledgeGraph.find(name, in: before)
            try connection.run(
                "DELETE FROM graph_merges WHERE twin_key = ? AND into_type = ? AND into_key = ?", twin.key, node.type,
                node.canonicalKey)
            guard connection.changes > 0 else {
                throw TwinError(.conflict, "nothing was merged into '\(node.name)', so there is nothing to split")
            }
            let known = Set(before.map(\.key))
            let parted = try KnowledgeGraph.nodes(of: twin, group: nil, on: connection).filter { !known.contains($0.key) }
            try AuditLog.append(
                .graphSplit, of: twin, actor: actor, ["node_id": .string(node.id), "count": .number(parted.count)], on: connection
            )
            return parted
        }
    }
}
