import TwinDatabase
import TwinKnowledge
import TwinSupport

/// Brings a twin's graph up to date with its documents and with what its owner said: reads what has not been read, a few
/// texts a transaction. Ending it at any moment loses nothing; the next run goes on.
///
/// When that is, the setting `graph.extraction` says: when something is ingested, when the graph is asked for, or never.
package struct GraphLearning: Sendable {
    let database: Database
    /// Reads as well, for twins that want it; nil where nobody may wait for a model.
    let model: (any LanguageModel)?

    package init(database: Database, model: (any LanguageModel)? = nil) {
        self.database = database
        self.model = model
    }

    /// When a twin's documents are read for its graph.
    package enum Moment: String, Sendable, CaseIterable {
        /// When the graph is asked for.
        case lazy
        /// Right after something is ingested.
        case ingest
        case off
    }

    /// What the twin's `graph.extraction` says.
    package static func moment(of twin: Twin) -> Moment {
        Moment(rawValue: twin.settings[TwinSettings.graphExtraction]) ?? .lazy
    }

    /// Sources read, of those that there were to read when it began.
    package struct Progress: Sendable {
        package var done: Int
        package var total: Int
    }

    /// Bytes of text that one transaction takes in, and sources at the most.
    private static let batchBytes = 2 << 20
    private static let batchCount = 256

    private static let unread = """
        FROM sources s LEFT JOIN graph_sources g ON g.source_key = s.key
        WHERE s.twin_key = ?1 AND s.text_key IS NOT NULL AND (g.rules IS NULL OR g.rules <> ?2
            OR ?3 IS NOT NULL AND g.reader <> ?3 AND (?4 OR g.degraded IS NULL))
        """

    /// Reads what is new of a twin, unless its graph is off. Answers how many sources were read. With `retriesModel` the model
    /// gets another chance at what it did not manage to read.
    @discardableResult
    package func catchUp(
        _ twin: Twin, retriesModel: Bool = false, isCancelled: @escaping () -> Bool = { false },
        progress: (Progress) throws -> Void = { _ in }
    ) throws -> Int {
        guard Self.moment(of: twin) != .off, twin.archivedAt == nil else { return 0 }
        let heard = try listen(twin)
        let model = twin.settings[TwinSettings.graphReader] == "model" ? model : nil
        let read = try read(twin, model.map { ModelReading($0) }, retriesModel, isCancelled: isCancelled, progress: progress)
        if try heard || asks(twin) { try database.write { try Contradictions(twin, on: $0).review() } }
        return read
    }

    /// Whether a question waits that documents raised, and may raise no longer.
    private func asks(_ twin: Twin) throws -> Bool {
        try database.read { try Contradictions(twin, on: $0).pendingCount() } > 0
    }

    private func read(
        _ twin: Twin, _ reading: ModelReading?, _ retries: Bool, isCancelled: @escaping () -> Bool,
        progress: (Progress) throws -> Void
    ) throws -> Int {
        let wanted = Wanted(twin: twin, reader: reading?.name, retries: retries)
        let total = try database.read { connection in
            try connection.first("SELECT count(*) \(Self.unread)", wanted.values) { $0.int(0) } ?? 0
        }
        guard total > 0 else { return 0 }
        var done = 0
        var last: Int64 = 0
        // Why the model is not asked any more.
        var down: String?
        while !isCancelled() {
            let batch = try self.batch(wanted, after: last)
            guard let end = batch.last?.key else { break }
            last = end
            var read: [ModelReading.Outcome] = []
            for source in batch {
                let rules = Extraction(source.text)
                guard let reading else {
                    read.append(ModelReading.Outcome(extraction: rules))
                    continue
                }
                // A server that does not answer is not asked again for each of a thousand documents.
                let outcome =
                    down.map { ModelReading.Outcome(extraction: rules, degraded: $0) }
                    ?? reading.read(source.text, after: rules, isCancelled: isCancelled)
                if outcome.isServerDown { down = outcome.degraded }
                if isCancelled() { break }
                read.append(outcome)
            }
            try database.write { connection in
                let writer = GraphWriter(twin: twin, on: connection)
                for (source, outcome) in zip(batch, read) {
                    // Somebody may have replaced it meanwhile; then it is read again. Or somebody else has read it: what came of
                    // that is known by its ids already, and stays.
                    let isWanted = try connection.first(
                        "SELECT 1 \(Self.unread) AND s.key = ?5 AND s.text_key = ?6",
                        wanted.values + [source.key, source.textKey]
                    ) { _ in true }
                    guard isWanted == true else { continue }
                    try writer.learn(
                        outcome.extraction, source: source.key,
                        reader: outcome.degraded == nil ? reading?.name ?? GraphWriter.rules : GraphWriter.rules,
                        degraded: outcome.degraded)
                }
                // With the last that there was to read, so that nobody who finds nothing left to read misses what it contradicts.
                let rest = try connection.first("SELECT 1 \(Self.unread) AND s.key > ?5 LIMIT 1", wanted.values + [end]) { _ in
                    true
                }
                if rest == nil { try Contradictions(twin, on: connection).review() }
            }
            done += read.count
            try progress(Progress(done: min(done, total), total: total))
        }
        return done
    }

    /// What is to be read: by whom, and whether again.
    private struct Wanted {
        var twin: Twin
        var reader: String?
        var retries: Bool

        var values: [any DatabaseConvertible] { [twin.key, Extraction.version, reader, retries] }
    }

    private struct Unread {
        var key: Int64
        var textKey: Int64
        var text: String
    }

    private func batch(_ wanted: Wanted, after key: Int64) throws -> [Unread] {
        // A model takes its time: what it has read is kept often.
        let limit = wanted.reader == nil ? Self.batchCount : 4
        return try database.read { connection in
            let keys = try connection.rows(
                "SELECT s.key, s.text_key, s.text_bytes \(Self.unread) AND s.key > ?5 ORDER BY s.key LIMIT \(limit)",
                wanted.values + [key]
            ) { ($0.int64(0), $0.int64(1), $0.int(2)) }
            var batch: [Unread] = []
            var bytes = 0
            for (key, textKey, size) in keys where batch.isEmpty || bytes + size <= Self.batchBytes {
                bytes += size
                let text = try connection.first("SELECT content FROM texts WHERE key = ?", textKey) { $0.text(0) }
                batch.append(Unread(key: key, textKey: textKey, text: text ?? ""))
            }
            return batch
        }
    }

    /// What the owner said in conversations since the last time becomes candidates: a person at the command line, or a user
    /// who is owner, and never a visitor, a viewer or a key. Answers whether there was any.
    private func listen(_ twin: Twin) throws -> Bool {
        var heard = false
        let sql = """
            SELECT m.key, m.content FROM messages m JOIN conversations c ON c.key = m.conversation_key
            WHERE c.twin_key = ?1 AND m.role = 'user' AND m.key > ?2 AND c.session_id IS NULL AND c.key_id IS NULL
                AND (c.user_id IS NULL AND c.group_key IS NULL
                    OR EXISTS (SELECT 1 FROM users u WHERE u.id = c.user_id AND u.role = 'owner' AND u.tenant_id = c.tenant_id))
            ORDER BY m.key LIMIT 1000
            """
        while true {
            let (last, messages) = try database.read { connection in
                let last =
                    try connection.first("SELECT last_key FROM graph_messages WHERE twin_key = ?", twin.key) { $0.int64(0) } ?? 0
                return (last, try connection.rows(sql, twin.key, last) { ($0.int64(0), $0.text(1)) })
            }
            guard let end = messages.last?.0 else { return heard }
            let views = messages.map { ($0.0, Extraction($0.1).views) }
            heard = heard || views.contains { !$0.1.isEmpty }
            try database.write { connection in
                let current =
                    try connection.first("SELECT last_key FROM graph_messages WHERE twin_key = ?", twin.key) { $0.int64(0) } ?? 0
                guard current == last else { return }
                let writer = GraphWriter(twin: twin, on: connection)
                for (key, views) in views where !views.isEmpty { try writer.learn(views, from: .message(key)) }
                try connection.run("INSERT OR REPLACE INTO graph_messages (twin_key, last_key) VALUES (?, ?)", twin.key, end)
            }
        }
    }
}
