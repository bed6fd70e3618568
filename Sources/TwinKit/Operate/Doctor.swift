import TwinDatabase
import TwinHTTP
import TwinSearch
import TwinSupport

/// Examines a database and what twin needs around it.
package struct Doctor: Sendable {
    let database: Database
    /// The embedding model that is configured.
    let embeddingModel: String?
    let privateFiles: PrivateFiles?
    let sealingKey: SealingKeyFile?
    /// What rooms above look at.
    private let ofRooms: @Sendable (_ isQuick: Bool) throws -> [Check]

    package init(
        database: Database, embeddingModel: String? = nil, privateFiles: PrivateFiles? = nil, sealingKey: SealingKeyFile? = nil,
        ofRooms: @escaping @Sendable (_ isQuick: Bool) throws -> [Check] = { _ in [] }
    ) {
        self.ofRooms = ofRooms
        self.database = database
        self.embeddingModel = embeddingModel
        self.privateFiles = privateFiles
        self.sealingKey = sealingKey
    }

    /// One thing that was looked at.
    package struct Check: Sendable, Equatable, JSONRepresentable {
        /// How a check came out.
        package enum Result: String, Sendable {
            case fine
            /// Worth knowing, and nothing is wrong.
            case remark
            /// Something is wrong; `remedy` mends it.
            case finding
        }
        package var name: String
        package var result: Result
        package var message: String
        /// The command that mends it.
        package var remedy: String?

        package var json: JSON {
            [
                "check": .string(name), "result": .string(result.rawValue), "message": .string(message),
                "remedy": .optional(remedy),
            ]
        }
    }

    /// What was looked at, in that order. `twin doctor` fails when there is a finding.
    package struct Report: Sendable, JSONRepresentable {
        package var checks: [Check]
        package var findings: [Check] { checks.filter { $0.result == .finding } }

        package var json: JSON {
            [
                "ok": .bool(findings.isEmpty), "findings": .array(findings.map(\.json)),
                "checks": .array(checks.map(\.json)),
            ]
        }
    }

    /// Looks at everything; a quick examination leaves out reading the whole index.
    package func examine(isQuick: Bool = false) throws -> Report {
        var checks: [Check] = []
        try database.read { connection in
            checks.append(try file(connection))
            checks.append(try references(connection))
            checks.append(try leftovers(connection))
            checks.append(try chunks(connection))
            checks.append(try failedSources(connection))
            checks.append(try secrets(connection))
            if !isQuick { checks += try index(connection) }
            if let embeddingModel { checks += try vectors(of: embeddingModel, connection) }
        }
        checks += try ofRooms(isQuick)
        checks.append(room())
        if let privateFiles { checks += Self.permissions(privateFiles) }
        checks += Tools.checks()
        return Report(checks: checks)
    }

    private func file(_ connection: Connection) throws -> Check {
        let findings = try connection.rows("PRAGMA quick_check(5)") { $0.text(0) }
        return findings == ["ok"]
            ? Check(name: "database", result: .fine, message: "SQLite finds the file sound")
            : Check(
                name: "database", result: .finding, message: "the file is damaged: \(findings.joined(separator: "; "))",
                remedy: "twin restore BACKUP --force")
    }

    private func references(_ connection: Connection) throws -> Check {
        let tables = try connection.rows("SELECT DISTINCT \"table\" FROM pragma_foreign_key_check") { $0.text(0) }
        return tables.isEmpty
            ? Check(name: "references", result: .fine, message: "every row's owner is there")
            : Check(
                name: "references", result: .finding, message: "rows without an owner in \(tables.joined(separator: ", "))",
                remedy: "twin rebuild --leftovers")
    }

    private func leftovers(_ connection: Connection) throws -> Check {
        let texts =
            try connection.first(
                "SELECT count(*) FROM texts WHERE NOT EXISTS (SELECT 1 FROM sources WHERE text_key = texts.key)"
            ) { $0.int(0) } ?? 0
        return texts == 0
            ? Check(name: "leftovers", result: .fine, message: "no text is without a source")
            : Check(
                name: "leftovers", result: .finding, message: "\(texts) texts belong to no source",
                remedy: "twin rebuild --leftovers")
    }

    /// Chunks that are not ranges of their source's text, and sources that claim other chunks than there are.
    private func chunks(_ connection: Connection) throws -> Check {
        let wrong =
            try connection.first(
                """
                SELECT (SELECT count(*) FROM chunks c JOIN sources s ON s.key = c.source_key
                        WHERE c.end > s.text_bytes OR c.start >= c.end OR s.text_key IS NULL)
                    + (SELECT count(*) FROM sources s WHERE s.chunk_count <> (SELECT count(*) FROM chunks WHERE source_key = s.key))
                """
            ) { $0.int(0) } ?? 0
        return wrong == 0
            ? Check(name: "chunks", result: .fine, message: "every chunk is a range of its source's text")
            : Check(
                name: "chunks", result: .finding, message: "\(wrong) chunks or sources do not agree with the text",
                remedy: "twin rebuild --index")
    }

    private func failedSources(_ connection: Connection) throws -> Check {
        let count =
            try connection.first("SELECT count(*) FROM sources WHERE status IN ('error', 'needs_attention')") { $0.int(0) } ?? 0
        return count == 0
            ? Check(name: "sources", result: .fine, message: "every source could be read")
            : Check(
                name: "sources", result: .remark,
                message:
                    "\(count) \(count == 1 ? "source" : "sources") could not be read; 'twin sources list --status error' shows them"
            )
    }

    /// Whether every chunk can also be found by its meaning.
    private func vectors(of model: String, _ connection: Connection) throws -> [Check] {
        let twins = try connection.rows("SELECT key, slug FROM twins ORDER BY slug") { ($0.int64(0), $0.text(1)) }
        return try twins.map { key, slug in
            let statistics = try VectorIndex(twin: key, model: model).statistics(on: connection)
            let missing = statistics.total - statistics.chunks
            return missing <= 0
                ? Check(name: "vectors of \(slug)", result: .fine, message: "\(statistics.chunks) chunks by \(model)")
                : Check(
                    name: "vectors of \(slug)", result: .remark,
                    message:
                        "\(missing) of \(statistics.total) chunks have no vector of \(model) and are found by their words only",
                    remedy: "twin rebuild --embeddings --twin \(slug)")
        }
    }

    /// Whether each twin's index is just what its texts make of it.
    private func index(_ connection: Connection) throws -> [Check] {
        let twins = try connection.rows("SELECT \(Twin.columns) FROM twins ORDER BY slug", map: Twin.init)
        return try twins.map { twin in
            let result = try SearchIndex(twin: twin.key).verify(
                analyzer: Analyzer(language: twin.settings.language), on: connection
            ) { keys, body in try Self.contents(of: twin, keys, on: connection, body) }
            let name = "index of \(twin.slug)"
            if result.isSound {
                return Check(name: name, result: .fine, message: "\(result.matching) chunks agree with their text")
            }
            let wrong = [
                (result.differing.count, "differ from their text"), (result.missing.count, "are missing"),
                (result.surplus.count, "have no text"), (result.damagedSegments.count, "segments are damaged"),
            ]
            let words = wrong.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
            return Check(
                name: name, result: .finding, message: "chunks disagree with the stored text: \(words)",
                remedy: "twin rebuild --index --twin \(twin.slug)")
        }
    }

    /// The chunks of a twin with keys in a range, as they should be indexed, in ascending order. A source's text is read
    /// once for all its chunks, which follow each other.
    private static func contents(
        of twin: Twin, _ keys: Range<Int64>, on connection: Connection, _ body: (ChunkContents) throws -> Void
    ) throws {
        var current: (key: Int64, title: String, text: [UInt8])?
        try connection.forEach(
            """
            SELECT c.key, c.start, c.end, c.headings, c.page, c.time_start, c.time_end, c.turns, s.key, s.text_key,
                coalesce(s.title, s.name)
            FROM chunks c JOIN sources s ON s.key = c.source_key
            WHERE c.key >= ? AND c.key < ? AND s.twin_key = ? ORDER BY c.key
            """, [keys.lowerBound, keys.upperBound, twin.key]
        ) { row in
            let stored = StoredHeadings.chunk(row)
            let source = row.int64(8)
            if current?.key != source {
                let text = try connection.first("SELECT content FROM texts WHERE key = ?", row.int64(9)) { $0.bytes(0) }
                current = (source, row.text(10), text ?? [])
            }
            guard let current, stored.chunk.range.upperBound <= current.text.count else { return }
            try body(
                ChunkContents(
                    chunk: stored.key, source: source, title: current.title, headings: stored.chunk.headings,
                    body: String(decoding: current.text[stored.chunk.range], as: UTF8.self)))
        }
    }
}
