import TwinDatabase
import TwinKnowledge
import TwinSupport

/// What evidence is of, as rows have it.
enum EvidenceKind: Int {
    case node = 1
    case edge = 2
    case candidate = 3
}

/// Writes what one text says into a twin's graph, in the caller's transaction. Each text adds rows of its own, so that
/// taking them away leaves what the others say.
struct GraphWriter {
    let twin: Twin
    let connection: Connection
    private let now = Clock.now

    init(twin: Twin, on connection: Connection) {
        self.twin = twin
        self.connection = connection
    }

    /// Who reads where no model does.
    static let rules = "rules"

    /// What a text is of.
    enum Origin {
        case source(Int64)
        case message(Int64)
    }

    /// Forgets what a source said and adds what it says now, by whom it was read, and why a model did not.
    func learn(_ extraction: Extraction, source: Int64, reader: String = GraphWriter.rules, degraded: String? = nil) throws {
        try connection.run("DELETE FROM graph_evidence WHERE source_key = ?", source)
        try connection.run("DELETE FROM graph_aliases WHERE source_key = ?", source)
        var keys: [Int64] = []
        for thing in extraction.things {
            let key = try node(thing.type.rawValue, thing.name, thing.key)
            keys.append(key)
            for name in thing.names {
                try connection.run(
                    "INSERT OR IGNORE INTO graph_aliases (node_key, alias, source_key) VALUES (?, ?, ?)", key, name, source)
            }
            for mention in thing.mentions { try evidence(.node, key, .source(source), mention) }
        }
        for fact in extraction.facts where keys.indices.contains(fact.subject) {
            let object: Int64
            switch fact.object {
            case .thing(let index):
                guard keys.indices.contains(index) else { continue }
                object = keys[index]
            case .text(let words):
                object = try node("fact", words, Extraction.key(words))
                try evidence(.node, object, .source(source), fact.evidence)
            }
            try evidence(
                .edge, try edge(keys[fact.subject], fact.predicate.rawValue, object, since: fact.validFrom), .source(source),
                fact.evidence)
        }
        try learn(extraction.views, from: .source(source))
        try connection.run(
            "INSERT OR REPLACE INTO graph_sources (source_key, rules, reader, degraded) VALUES (?, ?, ?, ?)", source,
            Extraction.version, reader, degraded)
    }

    /// Adds candidates for what somebody states of themselves.
    func learn(_ views: [Extraction.View], from origin: Origin) throws {
        for view in views {
            let key = try candidate(view)
            try evidence(.candidate, key, origin, view.evidence)
        }
    }

    private func node(_ type: String, _ name: String, _ key: String) throws -> Int64 {
        if let found = try connection.first(
            "SELECT key FROM graph_nodes WHERE twin_key = ? AND node_type = ? AND canonical_key = ?", twin.key, type, key,
            map: { $0.int64(0) })
        {
            return found
        }
        try connection.run(
            """
            INSERT INTO graph_nodes (id, tenant_id, twin_key, node_type, name, canonical_key, properties, origin, status, created_at,
                updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, '{}', 'extracted', 'active', ?7, ?7)
            """,
            [Identifier.make(), twin.tenantID, twin.key, type, name, key, now] as [any DatabaseConvertible])
        return connection.lastInsertedKey
    }

    private func edge(_ from: Int64, _ type: String, _ to: Int64, since: String?) throws -> Int64 {
        if let found = try connection.first(
            "SELECT key FROM graph_edges WHERE from_key = ? AND to_key = ? AND relationship_type = ?", from, to, type,
            map: { $0.int64(0) })
        {
            return found
        }
        try connection.run(
            """
            INSERT INTO graph_edges (id, tenant_id, twin_key, from_key, to_key, relationship_type, origin, valid_from, created_at)
            VALUES (?, ?, ?, ?, ?, ?, 'extracted', ?, ?)
            """,
            [Identifier.make(), twin.tenantID, twin.key, from, to, type, since, now] as [any DatabaseConvertible])
        return connection.lastInsertedKey
    }

    private func candidate(_ view: Extraction.View) throws -> Int64 {
        let identity = "\(view.kind.rawValue)\u{1F}owner\u{1F}\(QuestionText.folded(view.object))"
        if let found = try connection.first(
            "SELECT key FROM memory_candidates WHERE twin_key = ? AND identity = ?", twin.key, identity, map: { $0.int64(0) })
        {
            return found
        }
        let data: JSONObject = [
            "category": .string(view.kind.rawValue), "preference": .string(view.object), "strength": .double(view.strength),
            "polarity": view.kind == .avoidance ? "negative" : "positive", "quote": .string(view.sentence),
        ]
        try connection.run(
            """
            INSERT INTO memory_candidates (id, tenant_id, twin_key, content, memory_type, identity, extracted_data, status, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', ?)
            """,
            [
                Identifier.make(), twin.tenantID, twin.key, view.sentence, view.kind == .decision ? "decision" : "preference",
                identity, JSON.object(data), now,
            ] as [any DatabaseConvertible])
        return connection.lastInsertedKey
    }

    private func evidence(_ kind: EvidenceKind, _ target: Int64, _ origin: Origin, _ range: Range<Int>) throws {
        let (source, message): (Int64?, Int64?) =
            switch origin {
            case .source(let key): (key, nil)
            case .message(let key): (nil, key)
            }
        try connection.run(
            "INSERT INTO graph_evidence (kind, target_key, source_key, message_key, start, end) VALUES (?, ?, ?, ?, ?, ?)",
            [kind.rawValue, target, source, message, range.lowerBound, range.upperBound] as [any DatabaseConvertible])
    }
}
