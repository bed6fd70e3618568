import TwinDatabase
import TwinKnowledge
import TwinSupport

/// Two documents that say of one thing what only one of them can be right about. Nothing is thrown away for it: both stand,
/// and the owner is asked. What the owner says holds when the documents come again.
struct Contradictions {
    let twin: Twin
    let connection: Connection

    init(_ twin: Twin, on connection: Connection) {
        self.twin = twin
        self.connection = connection
    }

    /// Questions of this kind that wait at the same time.
    private static let maximumPending = 25
    /// Objects between which the owner chooses.
    private static let maximumObjects = 5

    typealias Name = GraphNodeName

    private struct Object {
        var node: Int64
        var name: Name
        var words: String
        var sources: Set<Int64> = []
    }

    /// What documents say of one thing under one single-valued predicate.
    private struct Claim {
        var subject: Name
        var words: String
        var predicate: Predicate
        var objects: [Object] = []

        func sentence(_ object: Object) -> String {
            "\(words) \(predicate.phrase) \(object.words)" + (object.words.hasSuffix(".") ? "" : ".")
        }
    }

    /// Applies what the owner has decided, asks what is new, and takes back the questions that no document raises any more.
    func review() throws {
        try applyDecisions()
        var raised: Set<String> = []
        var waiting = try pendingCount()
        for claim in try claims() {
            let sentences = claim.objects.map(claim.sentence)
            let question = Self.question(sentences)
            raised.insert(QuestionText.folded(question))
            let options = zip(claim.objects, sentences).map { Clarification.Option($0.words, $1) }
            try ask(
                question, options + [Self.both(sentences)], topic: "\(claim.words) \(claim.predicate.phrase)", type: .belief,
                [
                    "subject": claim.subject.json, "predicate": .string(claim.predicate.rawValue),
                    "objects": .array(claim.objects.map(\.name.json)),
                ], waiting: &waiting)
        }
        for (object, said) in try stances() {
            let question = Self.question(said.map(\.content))
            raised.insert(QuestionText.folded(question))
            let options = said.map { Clarification.Option($0.content, $0.content, $0.isNegative ? .negative : .positive) }
            try ask(
                question, options, topic: object, type: .preference, ["candidates": .strings(said.map(\.id))], waiting: &waiting)
        }
        try Clarifications.expire(raisedBy: Self.mark, of: twin, except: raised, on: connection)
    }

    // MARK: Finding

    private struct Node {
        var key: Int64
        var name: Name
        var words: String

        /// Of columns from `column`: key, type, canonical key, name.
        init(_ row: Row, from column: Int32) {
            key = row.int64(column)
            name = Name(type: row.text(column + 1), key: row.text(column + 2))
            words = row.text(column + 3)
        }
    }

    /// The claims with objects that exclude each other and stand in different documents.
    private func claims() throws -> [Claim] {
        // What was merged speaks of the node that it was merged into.
        var merged: [Int64: Node] = [:]
        try connection.forEach(
            """
            SELECT m.member_key, n.key, n.node_type, n.canonical_key, n.name FROM graph_members m
                JOIN graph_nodes n ON n.key = m.node_key WHERE m.twin_key = ? AND m.node_key <> m.member_key
            """, [twin.key]
        ) { merged[$0.int64(0)] = Node($0, from: 1) }
        var claims: [String: Claim] = [:]
        var located: Set<[Int64]> = []
        var order: [String] = []
        try connection.forEach(
            """
            SELECT d.from_key, f.node_type, f.canonical_key, f.name, d.relationship_type, d.to_key, t.node_type, t.canonical_key,
                t.name, e.source_key
            FROM graph_edges d JOIN graph_nodes f ON f.key = d.from_key JOIN graph_nodes t ON t.key = d.to_key
                JOIN graph_evidence e ON e.kind = 2 AND e.target_key = d.key
            WHERE d.twin_key = ?1 AND d.superseded_by IS NULL AND e.source_key IS NOT NULL
                AND d.relationship_type IN (SELECT value FROM json_each(?2))
            ORDER BY f.node_type, f.canonical_key, d.relationship_type, t.node_type, t.canonical_key
            """,
            [
                twin.key,
                JSON.strings(Predicate.allCases.filter { $0.isSingleValued || $0 == .locatedIn }.map(\.rawValue)),
            ] as [any DatabaseConvertible]
        ) { row in
            let (from, to) = (
                merged[row.int64(0)] ?? Node(row, from: 0), merged[row.int64(5)] ?? Node(row, from: 5)
            )
            guard let predicate = Predicate(rawValue: row.text(4)) else { return }
            if predicate == .locatedIn {
                located.insert([from.key, to.key])
                return
            }
            let id = "\(from.key) \(predicate.rawValue)"
            if claims[id] == nil {
                order.append(id)
                claims[id] = Claim(subject: from.name, words: from.words, predicate: predicate)
            }
            var objects = claims[id]?.objects ?? []
            if let index = objects.firstIndex(where: { $0.node == to.key }) {
                objects[index].sources.insert(row.int64(9))
            } else {
                objects.append(Object(node: to.key, name: to.name, words: to.words, sources: [row.int64(9)]))
            }
            claims[id]?.objects = objects
        }
        return order.compactMap { id in
            guard var claim = claims[id], claim.objects.count > 1 else { return nil }
            claim.objects = claim.objects.filter { object in
                claim.objects.contains { other in
                    other.node != object.node && other.sources.isDisjoint(with: object.sources)
                        && !Self.agree(object.name.key, other.name.key) && !located.contains([object.node, other.node])
                        && !located.contains([other.node, object.node])
                }
            }
            return claim.objects.count > 1 && claim.objects.count <= Self.maximumObjects ? claim : nil
        }
    }

    /// Whether one says the same with more words: 1971 and 3 May 1971, Acme and Acme Foundation.
    private static func agree(_ first: String, _ second: String) -> Bool {
        let words = [first, second].map { Set($0.split { !$0.isLetter && !$0.isNumber }) }
        return words[0].isSubset(of: words[1]) || words[1].isSubset(of: words[0])
    }

    private struct Stance {
        var id: String
        var content: String
        var isNegative: Bool
    }

    /// Things that are both preferred and avoided.
    private func stances() throws -> [(object: String, said: [Stance])] {
        var byObject: [String: [Stance]] = [:]
        try connection.forEach(
            """
            SELECT c.id, c.content, c.identity FROM memory_candidates c WHERE c.twin_key = ? AND c.status IN ('pending', 'approved')
                AND c.memory_type = 'preference' ORDER BY c.identity
            """, [twin.key]
        ) { row in
            let parts = row.text(2).split(separator: "\u{1F}", omittingEmptySubsequences: false)
            guard parts.count == 3 else { return }
            byObject[String(parts[2]), default: []].append(
                Stance(id: row.text(0), content: row.text(1), isNegative: parts[0] == Statement.Kind.avoidance.rawValue[...]))
        }
        return byObject.filter { Set($0.value.map(\.isNegative)).count == 2 }.sorted { $0.key < $1.key }
            .map { ($0.key, $0.value) }
    }

    // MARK: Asking

    private static func question(_ sentences: [String]) -> String {
        "It is said: " + sentences.map { "“\($0)”" }.joined(separator: " and ") + " Which of these holds?"
    }

    private static func both(_ sentences: [String]) -> Clarification.Option {
        Clarification.Option(sentences.count == 2 ? "Both" : "All", sentences.joined(separator: " "))
    }

    /// The member of a clarification's proposal that says what it is about.
    private static let mark = "contradiction"

    /// Questions of this kind that wait for the owner.
    func pendingCount() throws -> Int { try Clarifications.pending(raisedBy: Self.mark, of: twin, on: connection).count }

    private func ask(
        _ question: String, _ options: [Clarification.Option], topic: String, type: MemoryType, _ contradiction: JSON,
        waiting: inout Int
    ) throws {
        guard waiting < Self.maximumPending else { return }
        guard try !Clarifications.isAsked(question, of: twin, on: connection) else { return }
        try Clarifications.ask(
            Clarifications.Question(
                text: question, options: options,
                proposal: [
                    "topic": .string(topic), "memory_type": .string(type.rawValue),
                    "value_template": .optional(options.first?.value), "confidence": 0.7, "source": "contradiction",
                    Self.mark: contradiction,
                ]), about: question, twin: twin, mode: .owner, on: connection)
        waiting += 1
    }

    // MARK: Deciding

    /// Takes what the owner answered: the other objects are superseded by the one that was chosen, the other stance is rejected.
    /// Any other answer leaves both as they are. In the transaction of the answer.
    static func decide(
        _ thread: Clarification, _ option: Clarification.Option?, _ memory: OwnerMemory, twin: Twin, by actor: String?,
        on connection: Connection
    ) throws {
        guard let contradiction = thread.proposal[mark], let option,
            let chosen = thread.options.firstIndex(of: option)
        else { return }
        let contradictions = Contradictions(twin, on: connection)
        if let candidates = contradiction["candidates"]?.arrayValue?.compactMap(\.stringValue) {
            for (index, id) in candidates.enumerated() {
                try MemoryCandidates.review(
                    id, of: twin, isRight: index == chosen, memory: memory, by: actor, on: connection)
            }
            return
        }
        let objects = (contradiction["objects"]?.arrayValue ?? []).compactMap(Name.init)
        guard let subject = Name(contradiction["subject"]), let predicate = contradiction["predicate"]?.stringValue,
            objects.indices.contains(chosen)
        else { return }
        for (index, object) in objects.enumerated() where index != chosen {
            try contradictions.supersede(subject, predicate, object, by: objects[chosen])
        }
        try contradictions.applyDecisions()
    }

    func supersede(_ subject: Name, _ predicate: String, _ object: Name, by other: Name) throws {
        try connection.run(
            """
            INSERT OR REPLACE INTO graph_supersessions (twin_key, from_type, from_key, relationship_type, to_type, to_key, by_type,
                by_key, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [twin.key, subject.type, subject.key, predicate, object.type, object.key, other.type, other.key, Clock.now]
                as [any DatabaseConvertible])
    }

    /// Marks the relations that the owner's decisions put aside, as long as what is to hold instead is said somewhere.
    func applyDecisions() throws {
        let found = try connection.rows(
            """
            SELECT d.key, min(w.id), p.created_at FROM graph_supersessions p
                JOIN graph_nodes f ON f.twin_key = p.twin_key AND f.node_type = p.from_type AND f.canonical_key = p.from_key
                JOIN graph_nodes t ON t.twin_key = p.twin_key AND t.node_type = p.to_type AND t.canonical_key = p.to_key
                JOIN graph_nodes b ON b.twin_key = p.twin_key AND b.node_type = p.by_type AND b.canonical_key = p.by_key
                JOIN graph_members fm ON fm.node_key = f.key JOIN graph_members tm ON tm.node_key = t.key
                JOIN graph_edges d ON d.from_key = fm.member_key AND d.to_key = tm.member_key
                    AND d.relationship_type = p.relationship_type
                JOIN graph_members fw ON fw.node_key = f.key JOIN graph_members bm ON bm.node_key = b.key
                JOIN graph_edges w ON w.from_key = fw.member_key AND w.to_key = bm.member_key
                    AND w.relationship_type = p.relationship_type
            WHERE p.twin_key = ? AND d.superseded_by IS NULL GROUP BY d.key
            """, twin.key
        ) { ($0.int64(0), $0.text(1), $0.text(2)) }
        for (key, winner, time) in found {
            try connection.run("UPDATE graph_edges SET superseded_by = ?, valid_to = ? WHERE key = ?", winner, time, key)
        }
    }
}

extension GraphNodeName {
    fileprivate var json: JSON { ["type": .string(type), "key": .string(key)] }

    fileprivate init?(_ json: JSON?) {
        guard let type = json?["type"]?.stringValue, let key = json?["key"]?.stringValue else { return nil }
        self.init(type: type, key: key)
    }
}

extension Predicate {
    /// As a sentence says it.
    var phrase: String {
        switch self {
        case .bornOn: "was born on"
        case .diedOn: "died on"
        case .foundedOn: "was founded on"
        case .locatedIn: "is in"
        case .basedIn: "is based in"
        case .livesIn: "lives in"
        case .worksFor: "works for"
        case .authorOf: "wrote"
        case .definedAs: "is"
        case .killed, .prefers, .avoids, .decided: rawValue
        }
    }
}
