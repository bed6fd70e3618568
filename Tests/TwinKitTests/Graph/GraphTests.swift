import TestSupport
import Testing
import TwinDatabase
import TwinHTTP
import TwinSupport

@testable import TwinKit

/// What a twin knows, and that taking a document away takes exactly what only it said.
struct GraphTests {
    let fixture: TwinFixture
    var workspace: Workspace { fixture.workspace }
    var twin: Twin { fixture.twin }

    init() throws { fixture = try TwinFixture() }

    private func put(_ name: String, _ text: String, into twin: Twin? = nil) throws {
        let request = IngestRequest(inputs: [.bytes(Array(text.utf8), name: name)], actor: "test")
        let item = try workspace.ingestion().one(request, into: twin ?? self.twin)
        #expect(item.outcome != .failed, "\(item.reason ?? "")")
    }

    private func remove(_ name: String) throws {
        try workspace.sources.remove([try workspace.sources.find(name, twin: twin)], by: "test")
    }

    private func canonical(_ twin: Twin? = nil) throws -> String {
        try workspace.learn(twin ?? self.twin)
        return try workspace.graphExport.canonical(of: twin ?? self.twin).text
    }

    private func nodes(_ clearance: Clearance = .everything) throws -> [GraphNode] {
        try workspace.learn(twin)
        return try workspace.graph.nodes(of: twin, for: clearance)
    }

    /// Rows that point at nothing, or rest on nothing.
    private func orphans() throws -> Int {
        try workspace.database.read { connection in
            try connection.first(
                """
                SELECT (SELECT count(*) FROM graph_evidence e WHERE e.kind = 1 AND NOT EXISTS (SELECT 1 FROM graph_nodes WHERE key = e.target_key))
                    + (SELECT count(*) FROM graph_evidence e WHERE e.kind = 2 AND NOT EXISTS (SELECT 1 FROM graph_edges WHERE key = e.target_key))
                    + (SELECT count(*) FROM graph_evidence e WHERE e.kind = 3 AND NOT EXISTS (SELECT 1 FROM memory_candidates WHERE key = e.target_key))
                    + (SELECT count(*) FROM graph_nodes n WHERE n.origin = 'extracted' AND NOT EXISTS (SELECT 1 FROM graph_evidence WHERE kind = 1 AND target_key = n.key))
                    + (SELECT count(*) FROM graph_edges n WHERE NOT EXISTS (SELECT 1 FROM graph_evidence WHERE kind = 2 AND target_key = n.key))
                    + (SELECT count(*) FROM memory_candidates n WHERE n.status = 'pending' AND NOT EXISTS (SELECT 1 FROM graph_evidence WHERE kind = 3 AND target_key = n.key))
                    + (SELECT count(*) FROM graph_aliases a WHERE NOT EXISTS (SELECT 1 FROM graph_nodes WHERE key = a.node_key))
                """
            ) { $0.int(0) } ?? -1
        }
    }

    private static let people = ["Linda Brandt", "Peter Holm", "Sarah Chen", "Robert Quist"]
    private static let firms = ["Nordlund Timber Ltd.", "Harbour Press Inc.", "Acme Foundation"]
    private static let sayings = [
        "I prefer written updates to calls.", "We never discount in the first year.", "We decided to use SQLite.",
    ]

    /// A document of a few sentences, decided by `seed`.
    private static func document(_ seed: Int) -> String {
        let (person, firm) = (people[seed % 4], firms[seed / 4 % 3])
        return """
            \(person), chief executive of \(firm), spoke in Hamburg, and \(people[(seed + 1) % 4]) was born on 3 May 197\(seed % 10).

            \(sayings[seed % 3]) Later \(person) left for Portland, Maine.
            """
    }

    @Test func `any order of adding, replacing and deleting ends where a fresh twin with the same documents begins`() throws {
        var state: UInt64 = 42
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var held: [String: Int] = [:]
        for step in 0..<1_000 {
            let name = "doc\(random(8))"
            if held[name] != nil, random(3) == 0 {
                try remove(name)
                held[name] = nil
            } else {
                held[name] = random(40)
                try put(name, Self.document(held[name] ?? 0))
            }
            if random(4) == 0 { try workspace.learn(twin) }
            if step % 100 == 99 {
                try workspace.learn(twin)
                #expect(try orphans() == 0)
            }
        }
        let fresh = try workspace.twins.create(name: "fresh", by: "test")
        for (name, seed) in held.sorted(by: { $0.key > $1.key }) { try put(name, Self.document(seed), into: fresh) }
        #expect(try canonical() == canonical(fresh))
        #expect(try !nodes().isEmpty)
        for name in held.keys { try remove(name) }
        #expect(try orphans() == 0)
        #expect(try nodes() == [])
    }

    @Test func `what two documents say outlives either of them`() throws {
        try put("one", "Linda Brandt, chief executive of Acme Foundation, spoke.")
        let alone = try canonical()
        try put("two", "Linda Brandt, chief executive of Acme Foundation, left.")
        let brandt = try #require(try nodes().first { $0.name == "Linda Brandt" })
        #expect(brandt.sourceCount == 2)
        try remove("two")
        #expect(try canonical() == alone)
        let detail = try workspace.graph.node("linda brandt", of: twin, for: .everything)
        #expect(detail.relations.map(\.type) == ["works_for"])
        #expect(detail.relations.first?.evidence.map(\.quote) == ["Linda Brandt, chief executive of Acme Foundation, spoke."])
    }

    @Test func `a group neither sees nor counts what rests on what it may not read`() throws {
        try put("open", "Linda Brandt met Peter Holm. I prefer short letters.")
        try put("secret", "Linda Brandt, chief executive of Acme Foundation, met Sarah Chen. I can't stand long letters.")
        let group = try workspace.groups.create("partners", of: twin, by: "test")
        let open = try workspace.sources.find("open", twin: twin)
        try workspace.permissions.grant(.source, [open.id], to: group, by: "test")
        let seen = try nodes(.group(group))
        #expect(seen.map(\.name).sorted() == ["Linda Brandt", "Peter Holm"])
        #expect(seen.first { $0.name == "Linda Brandt" }?.sourceCount == 1)
        #expect(seen.allSatisfy { $0.degree == 0 })
        let summary = try workspace.graph.summary(of: twin, for: .group(group))
        #expect(summary.nodeCount == 2 && summary.edgeCount == 0)
        #expect(throws: TwinError.self) { try workspace.graph.node("Sarah Chen", of: twin, for: .group(group)) }
        let detail = try workspace.graph.node("Linda Brandt", of: twin, for: .group(group))
        #expect(detail.relations == [] && detail.evidence.allSatisfy { $0.title == "open" })
        #expect(
            try workspace.candidates.list(of: twin, for: .group(group), status: nil).candidates.map(\.content) == [
                "I prefer short letters."
            ])
        #expect(try workspace.candidates.list(of: twin, for: .group(group), status: nil).total == 1)
        let digest = try workspace.digest(of: twin, for: .group(group))
        #expect(digest.newEntities == 2 && digest.newRelationships == 0)
        #expect(!digest.highlights.contains { $0.contains("Sarah") || $0.contains("Acme") })
        let stranger = try workspace.groups.create(
            "nobody", of: try workspace.twins.create(name: "other", by: "test"), by: "test")
        #expect(try nodes(.group(stranger)) == [])
    }

    @Test func `a merge is one node until it is split, whatever documents come`() throws {
        try put("one", "Linda Brandt met Peter Holm. Lindy Brandt met Sarah Chen.")
        try workspace.learn(twin)
        let before = try nodes()
        let merged = try workspace.graphEditing.merge("Lindy Brandt", into: "Linda Brandt", of: twin, by: "test")
        #expect(merged.mentionCount == 2)
        #expect(merged.aliases.contains("Lindy Brandt"))
        try put("two", "Lindy Brandt left.")
        #expect(try nodes().first { $0.name == "Linda Brandt" }?.mentionCount == 3)
        #expect(try !nodes().contains { $0.name == "Lindy Brandt" })
        try remove("two")
        #expect(try workspace.graphEditing.split("Linda Brandt", of: twin, by: "test").map(\.name) == ["Lindy Brandt"])
        #expect(try nodes() == before)
        #expect(throws: TwinError.self) { try workspace.graphEditing.split("Linda Brandt", of: twin, by: "test") }
    }

    @Test func `a candidate said twice is one, and is approved or rejected once`() throws {
        try put("one", "I prefer written updates.")
        try put("two", "Well, I prefer written updates!")
        try workspace.learn(twin)
        let found = try workspace.candidates.list(of: twin, for: .everything, status: .pending)
        #expect(found.total == 1)
        let candidate = try #require(found.candidates.first)
        #expect(try workspace.candidates.evidence(of: candidate, twin: twin, for: .everything).count == 2)
        let approved = try workspace.candidates.approve(candidate.id, of: twin, by: "test")
        #expect(approved.status == .approved)
        #expect(try workspace.memories.list(of: twin).map(\.value) == ["I prefer written updates."])
        #expect(try nodes().first { $0.id == approved.graphNodeID }?.type == "preference")
        #expect(throws: TwinError.self) { try workspace.candidates.approve(candidate.id, of: twin, by: "test") }
        #expect(throws: TwinError.self) { try workspace.candidates.reject(candidate.id, of: twin, by: "test") }
        // What the owner approved outlives the documents, and says that they are gone.
        try remove("one")
        #expect(
            try workspace.candidates.list(of: twin, for: .everything, status: .approved).candidates.first?.needsReview == false)
        try remove("two")
        #expect(
            try workspace.candidates.list(of: twin, for: .everything, status: .approved).candidates.first?.needsReview == true)
        #expect(try nodes().contains { $0.id == approved.graphNodeID })
    }

    @Test func `a twin made from its own export has the same graph to the byte, and the same memory`() throws {
        let folder = fixture.folder
        try folder.write("seed/a.md", "Linda Brandt, chief executive of Acme Foundation, spoke. I prefer written updates.\n")
        try folder.write(
            "seed/b.md",
            "Lindy Brandt, chief executive of Harbour Press Inc., left. I can't stand slides. We decided to use it.\n")
        let directory = TwinDirectory(folder.file("seed"))
        let inputs = ["a.md", "b.md"].map { IngestRequest.Input.path(folder.file("seed/" + $0)) }
        _ = try workspace.ingestion().run(IngestRequest(inputs: inputs, actor: "test"), into: twin)
        try workspace.learn(twin)
        _ = try workspace.graphEditing.merge("Lindy Brandt", into: "Linda Brandt", of: twin, by: "test")
        try put("c", "Linda Brandt was born in 1971.")
        try workspace.learn(twin)
        let question = try #require(try workspace.clarifications.list(of: twin).first)
        _ = try workspace.clarifications.resolve(
            question.id, of: twin, answer: "-", option: "Harbour Press Inc.", by: "test")
        let pending = try workspace.candidates.list(of: twin, for: .everything, status: .pending).candidates
        for candidate in pending where candidate.content.contains("prefer") {
            _ = try workspace.candidates.approve(candidate.id, of: twin, by: "test")
        }
        for candidate in pending where candidate.content.contains("slides") {
            _ = try workspace.candidates.reject(candidate.id, of: twin, by: "test")
        }
        _ = try workspace.export.write(twin, to: directory, texts: { try workspace.sources.text(of: $0) }, by: "test")

        let elsewhere = try WorkspaceFixture()
        let other = elsewhere.workspace
        let report = try other.apply().run(directory.read(), in: directory, TwinApply.Options(), by: "test")
        #expect(report.failures == [])
        let copy = try other.twins.resolve(twin.slug)
        try other.learn(copy)
        #expect(try other.graphExport.canonical(of: copy).text == canonical())
        #expect(
            try other.memories.list(of: copy).map(\.value).sorted() == workspace.memories.list(of: twin).map(\.value).sorted())
        // What was decided is not asked again.
        #expect(try other.clarifications.list(of: copy) == [])
        #expect(
            try other.candidates.list(of: copy, for: .everything, status: .pending).candidates.map(\.content) == [
                "We decided to use it."
            ])
        // And pruning takes back what the files do not say.
        try folder.write("seed/graph.jsonl", "")
        var options = TwinApply.Options()
        options.prune = true
        _ = try other.apply().run(directory.read(), in: directory, options, by: "test")
        #expect(try other.graphExport.canonical(of: copy)["merges"] == [])
        #expect(try other.candidates.list(of: copy, for: .everything, status: .pending).total == 3)
    }

    /// Whoever was told an id may use it, though somebody else reads the same document at the same time.
    @Test func `what is read by several at once is learned once, and keeps the ids that were told`() async throws {
        for round in 0..<12 {
            try put("round-\(round)", "We prefer plan \(round) over consumer apps.\n\nLinda Brandt met Peter Holm \(round).\n")
            let told = try await withThrowingTaskGroup(of: Set<String>.self) { group in
                for _ in 0..<4 {
                    group.addTask { [workspace, twin] in
                        try workspace.learn(twin)
                        return Set(
                            try workspace.candidates.list(of: twin, for: .everything, status: .pending).candidates.map(\.id))
                    }
                }
                return try await group.reduce(into: [Set<String>]()) { $0.append($1) }
            }
            #expect(told.allSatisfy { $0 == told[0] } && told[0].count == round + 1)
        }
    }

    @Test func `a graph that is off learns nothing`() throws {
        _ = try workspace.twins.update(twin, by: "test") { twin in
            var settings = twin.settings
            try settings.set("graph.extraction", "off")
            return TwinStore.Change(settings: settings)
        }
        let off = try workspace.twins.resolve(twin.slug)
        try put("one", "Linda Brandt met Peter Holm.")
        #expect(try workspace.learn(off) == 0)
        #expect(try workspace.graph.nodes(of: off, for: .everything) == [])
    }

    @Test func `a digest counts a calendar day of its time zone`() throws {
        try put("one", "Linda Brandt met Peter Holm.")
        try workspace.learn(twin)
        #expect(try workspace.digest(of: twin, for: .everything).newEntities == 2)
        #expect(try workspace.digest(of: twin, date: "2001-01-01", for: .everything).newEntities == 0)
        for date in ["0001-01-01", "9999-12-31"] {
            for offset in ["-14:00", "+14:59"] {
                #expect(try workspace.digest(of: twin, date: date, offset: offset, for: .everything).newEntities == 0)
            }
        }
        for wrong in ["2026-02-30", "yesterday", "", "0000000000", "2026-1-01"] {
            #expect(throws: TwinError.self) { try workspace.digest(of: twin, date: wrong, for: .everything) }
        }
        for wrong in ["Berlin", "0", "+1:00", "+15:00", "+01:60", "+-1:00", "01:00", ""] {
            #expect(throws: TwinError.self) { try workspace.digest(of: twin, offset: wrong, for: .everything) }
        }
    }
}
