import TwinDatabase
import TwinSupport

/// Brings a twin to what its files say, inside one transaction of the caller: looks at each entry, changes what differs, and
/// notes it. What is the same is only read, so a second time writes nothing.
///
/// Sources are named here and removed here, but read elsewhere (`SourceConvergence`): a reference to one that the files list
/// and the database does not have yet is left out and comes with the next pass.
struct TwinConvergence {
    let manifest: TwinManifest
    let directory: TwinDirectory
    /// The twin's slug or id.
    let name: String
    let prune: Bool
    let index: any SourceIndex
    /// Whom the audit log names.
    let actor: String?
    var maximumFileBytes = IngestRequest.defaultMaximumFileBytes
    /// Counts references to sources that are still to come as changes, as they will be.
    var expectsSources = false

    var changes: [TwinChange] = []
    var unchanged = 0

    /// Throws `TwinError`, which undoes the caller's transaction.
    mutating func run(on connection: Connection) throws -> Twin {
        let twin = try convergeTwin(on: connection)
        let isNew = changes.contains { $0.kind == .twin && $0.action == .create }
        if prune, manifest.sources != nil { try removeSources(of: twin, on: connection) }
        let sources = SourceReferences(manifest, directory, stored: try StoredSources(twin, on: connection))
        if let answers = manifest.answers { try converge(answers, of: twin, sources, on: connection) }
        if let memories = manifest.memories { try converge(memories, of: twin, on: connection) }
        // After the answers and the memory that they name.
        if let decisions = manifest.decisions { try converge(decisions, of: twin, on: connection) }
        if let groups = manifest.groups { try converge(groups, of: twin, isNew: isNew, sources, on: connection) }
        return twin
    }

    mutating func note(_ action: TwinChange.Action, _ kind: TwinChange.Kind, _ name: String, _ fields: [String] = []) {
        changes.append(TwinChange(action: action, kind: kind, name: name, fields: fields))
    }

    // MARK: The twin itself

    private mutating func convergeTwin(on connection: Connection) throws -> Twin {
        let place = ManifestPlace(file: TwinDirectory.File.twin.rawValue)
        guard let twin = try TwinStore.find(name, on: connection) else {
            let twin = try place.locating {
                try TwinStore.create(
                    name: manifest.name ?? name, slug: name, description: manifest.description,
                    specialization: manifest.specialization ?? "vanilla",
                    settings: TwinSettings(manifest.settings ?? JSONObject()), by: actor, on: connection)
            }
            note(.create, .twin, twin.slug)
            return twin
        }
        guard twin.archivedAt == nil else { throw TwinError(.gone, "the twin '\(twin.slug)' is archived; nothing was changed") }
        var fields: [String] = []
        if let name = manifest.name, name != twin.name { fields.append("name") }
        if let description = manifest.description, description != twin.description { fields.append("description") }
        if let specialization = manifest.specialization, specialization != twin.specialization { fields.append("specialization") }
        if let settings = manifest.settings, settings != twin.settings.object.canonical { fields.append("settings") }
        guard !fields.isEmpty else {
            unchanged += 1
            return twin
        }
        note(.update, .twin, twin.slug, fields)
        return try place.locating {
            try TwinStore.update(twin, by: actor, on: connection) { _ in
                TwinStore.Change(
                    name: manifest.name, description: manifest.description, specialization: manifest.specialization,
                    settings: manifest.settings.map { TwinSettings($0) })
            }
        }
    }

    // MARK: Sources

    private mutating func removeSources(of twin: Twin, on connection: Connection) throws {
        let stored = try StoredSources(twin, on: connection)
        let listed = Set((manifest.sources ?? []).map { SourceReferences.locator(of: $0, in: directory) })
        var left = stored.rows.filter { !listed.contains($0.locator) }
        let writer = SourceWriter(twin: twin, index: index, actor: actor)
        try moveSources(of: twin, from: &left, stored, writer, on: connection)
        if left.isEmpty { return }
        try writer.remove(left.map { ($0.key, $0.id) }, on: connection)
        for row in left { note(.delete, .source, stored.name(of: row, in: directory)) }
    }

    /// A file that is listed under another path than before stays the source that it was, with its id and grants: it is known by
    /// its bytes. Takes what has moved out of `left`.
    private mutating func moveSources(
        of twin: Twin, from left: inout [StoredSources.Row], _ stored: StoredSources, _ writer: SourceWriter,
        on connection: Connection
    ) throws {
        for entry in manifest.sources ?? [] where entry.kind == .file && left.contains(where: { $0.kind == .file }) {
            let locator = SourceReferences.locator(of: entry, in: directory)
            guard stored.row(at: locator) == nil, directory.allowsOutside || directory.resolve(entry.locator).isInside,
                let contents = try? FileContents.read(locator, maximumBytes: maximumFileBytes)
            else { continue }
            let hash = try SHA256.hash(contents.bytes)
            let same = left.filter { $0.kind == .file && $0.contentHash == hash }
            guard let row = same.first(where: { $0.name == FilePath.name(locator) }) ?? same.first,
                let state = try SourceState.find(of: twin, locator: row.locator, for: .everything, on: connection),
                try writer.move(state, to: locator, on: connection)
            else { continue }
            left.removeAll { $0.key == row.key }
            note(.update, .source, entry.locator, ["path"])
        }
    }

    // MARK: Verified answers

    private mutating func converge(
        _ answers: [TwinManifest.Answer], of twin: Twin, _ sources: SourceReferences, on connection: Connection
    ) throws {
        var stored: [String: VerifiedAnswer] = [:]
        // Folding is most of the work where nothing has changed, and the database has it done.
        var foldedBefore: [String: String] = [:]
        try connection.forEach(
            """
            SELECT \(VerifiedAnswer.columns), v.folded FROM verified_answers v JOIN twins t ON t.key = v.twin_key
            WHERE v.twin_key = ? AND v.is_active
            """, [twin.key]
        ) { row in
            let answer = try VerifiedAnswer(row)
            let text = row.text(11)
            stored[text] = answer
            foldedBefore[answer.question] = text
        }
        var lines: [String: Int] = [:]
        var (created, edited): ([String], [String]) = ([], [])
        for answer in answers {
            let place = ManifestPlace(file: TwinDirectory.File.answers.rawValue, line: answer.line)
            let folded = foldedBefore[answer.question] ?? QuestionText.folded(answer.question)
            if let line = lines.updateValue(answer.line, forKey: folded) {
                throw place.error("this question is already in line \(line)")
            }
            var citations: [String] = []
            var isWaiting = false
            for name in answer.citations {
                switch try sources.find(name, at: place) {
                case .stored(let row): citations.append(row.id)
                case .coming: isWaiting = true
                }
            }
            let entry = VerifiedAnswers.Entry(
                question: answer.question, answer: answer.answer, citations: citations, visibility: answer.visibility)
            try place.locating {
                guard let current = stored.removeValue(forKey: folded) else {
                    created.append(
                        try VerifiedAnswers.insert(entry, to: twin, clearance: .everything, by: actor, on: connection).id)
                    note(.create, .verifiedAnswer, answer.question)
                    return
                }
                var fields: [String] = []
                if current.question != entry.question { fields.append("question") }
                if current.answer != entry.answer { fields.append("answer") }
                if current.visibility != entry.visibility { fields.append("visibility") }
                // What the answer cites already is kept while a source that it is to cite is not there yet.
                if isWaiting ? expectsSources : current.citations != citations { fields.append("citations") }
                guard !fields.isEmpty else {
                    unchanged += 1
                    return
                }
                var revised = entry
                if isWaiting { revised.citations = current.citations.filter { sources.isStored(id: $0) } }
                edited.append(current.id)
                try VerifiedAnswers.revise(current, to: revised, of: twin, reason: "apply", by: actor, on: connection)
                note(.update, .verifiedAnswer, answer.question, fields)
            }
        }
        try VerifiedAnswers.log(.answerCreated, created, twin, actor, on: connection)
        try VerifiedAnswers.log(.answerEdited, edited, twin, actor, on: connection)
        guard prune else { return }
        let left = stored.values.sorted { $0.key < $1.key }
        for answer in left {
            _ = try VerifiedAnswers.remove(answer.key, on: connection)
            note(.delete, .verifiedAnswer, answer.question)
        }
        try VerifiedAnswers.log(.answerDeleted, left.map(\.id), twin, actor, on: connection)
    }

    // MARK: Memory

    private mutating func converge(_ memories: [TwinManifest.Memory], of twin: Twin, on connection: Connection) throws {
        struct Subject: Hashable {
            var type: MemoryType
            var topic: String
        }
        var stored: [Subject: [OwnerMemory]] = [:]
        let rows = try connection.rows(
            "SELECT \(OwnerMemory.columns) FROM owner_memories WHERE twin_key = ? AND status = 'active' ORDER BY key", twin.key,
            map: OwnerMemory.init)
        for memory in rows { stored[Subject(type: memory.type, topic: memory.topic), default: []].append(memory) }
        var lines: [Subject: Int] = [:]
        for memory in memories {
            let place = ManifestPlace(file: TwinDirectory.File.memories.rawValue, line: memory.line)
            let subject = Subject(type: memory.entry.type, topic: memory.entry.topic)
            if let line = lines.updateValue(memory.line, forKey: subject) {
                throw place.error("this type and topic are already in line \(line)")
            }
            let earlier = stored.removeValue(forKey: subject) ?? []
            if let newest = earlier.last, OwnerMemories.Entry(newest) == memory.entry {
                unchanged += 1
                continue
            }
            try place.locating {
                _ = try OwnerMemories.add(
                    memory.entry, to: twin, provenance: ["source": "apply"], superseding: earlier, on: connection)
            }
            note(
                earlier.isEmpty ? .create : .update, .memory, "\(subject.type.rawValue): \(subject.topic)",
                earlier.isEmpty ? [] : ["value"])
        }
        guard prune else { return }
        for memory in stored.values.joined().sorted(by: { $0.key < $1.key }) {
            try OwnerMemories.retract(memory.id, of: twin, reason: "apply", by: actor, on: connection)
            note(.delete, .memory, "\(memory.type.rawValue): \(memory.topic)")
        }
    }
}
