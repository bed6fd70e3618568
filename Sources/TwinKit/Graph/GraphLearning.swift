import TwinDatabase
import TwinKnowledge
import TwinSupport

/// Brings a twin's graph up to date with its documents and with what its owner said: reads what has not been read, a few
/// texts a transaction. Ending it at any moment loses nothing; the next run goes on.
///
/// When that is, the setting `graph.extraction` says: when something is ingested, when the graph is asked for, or never.
package struct GraphLearning: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    package enum Moment: String, Sendable, CaseIterable {
        /// When the graph is asked for.
        case lazy
        /// Right after something is ingested.
        case ingest
        case off
    }

    package static func moment(of twin: Twin) -> Moment {
        Moment(rawValue: twin.settings[TwinSettings.graphExtraction]) ?? .lazy
    }

    package struct Progress: Sendable {
        package var done: Int
        package var total: Int
    }

    /// Bytes of text that one transaction takes in, and sources at the most.
    private static let batchBytes = 2 << 20
    private static let batchCount = 256

    private static let unread = """
        FROM sources s LEFT JOIN graph_sources g ON g.source_key = s.key
        WHERE s.twin_key = ?1 AND s.text_key IS NOT NULL AND (g.rules IS NULL OR g.rules <> ?2)
        """

    /// Reads what is new of a twin, unless its graph is off. Answers how many sources were read.
    @discardableResult
    package func catchUp(
        _ twin: Twin, isCancelled: () -> Bool = { false }, progress: (Progress) throws -> Void = { _ in }
    ) throws -> Int {
        guard Self.moment(of: twin) != .off else { return 0 }
        try listen(twin)
        return try read(twin, isCancelled: isCancelled, progress: progress)
    }

    private func read(_ twin: Twin, isCancelled: () -> Bool, progress: (Progress) throws -> Void) throws -> Int {
        let total = try database.read { connection in
            try connection.first("SELECT count(*) \(Self.unread)", twin.key, Extraction.version) { $0.int(0) } ?? 0
        }
        guard total > 0 else { return 0 }
        var done = 0
        while !isCancelled() {
            let batch = try self.batch(of: twin)
            guard !batch.isEmpty else { break }
            let extractions = batch.map { Extraction($0.text) }
            try database.write { connection in
                let writer = GraphWriter(twin: twin, on: connection)
                for (source, extraction) in zip(batch, extractions) {
                    // Somebody may have replaced it meanwhile; then it is read again.
                    let isSame = try connection.first(
                        "SELECT 1 FROM sources WHERE key = ? AND text_key = ?", source.key, source.textKey, map: { _ in true })
                    if isSame == true { try writer.learn(extraction, source: source.key) }
                }
            }
            done += batch.count
            try progress(Progress(done: min(done, total), total: total))
        }
        return done
    }

    private struct Unread {
        var key: Int64
        var textKey: Int64
        var text: String
    }

    private func batch(of twin: Twin) throws -> [Unread] {
        try database.read { connection in
            let keys = try connection.rows(
                "SELECT s.key, s.text_key, s.text_bytes \(Self.unread) ORDER BY s.key LIMIT \(Self.batchCount)", twin.key,
                Extraction.version
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
    /// who is owner, and never a visitor, a viewer or a key.
    private func listen(_ twin: Twin) throws {
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
            guard let end = messages.last?.0 else { return }
            let views = messages.map { ($0.0, Extraction($0.1).views) }
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
