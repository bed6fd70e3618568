@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSupport

/// Fills every table of a database with two rows each, whatever its schema: values that a twin of that age could have written.
struct SampleRows {
    private static let count = 2

    /// What a column holds, by `table.column` or by the column alone; the first for the first row, and so on.
    static let words: [String: [String]] = [
        "sources.kind": ["file", "url"], "sources.status": ["live", "needs_attention"],
        "sources.health": ["healthy", "needs_attention"], "sources.format": ["markdown", "html"],
        "messages.role": ["user", "assistant"], "messages.status": ["grounded", "escalated"],
        "source_logs.level": ["info", "warning"],
        "message_feedback.rating": ["up", "down"],
        "job_logs.level": ["info", "error"], "jobs.status": ["complete", "failed"], "jobs.job_type": ["ingestion", "reindex"],
        "users.role": ["owner", "viewer"], "invitations.role": ["viewer", "owner"],
        "invitations.status": ["pending", "accepted"],
        "sessions.session_type": ["anonymous", "authenticated"], "verified_answers.visibility": ["private", "public"],
        "owner_memories.memory_type": ["stance", "preference"], "owner_memories.status": ["active", "retracted"],
        "owner_memories.stance": ["positive", "mixed"], "clarifications.status": ["pending_owner", "answered"],
        "clarifications.mode": ["owner", "public"], "clarifications.requested_by": ["owner", "public"],
        "escalations.status": ["open", "answered"], "group_limits.limit_type": ["requests_per_hour", "requests_per_day"],
        "audit_log.event_type": ["CONFIGURATION_CHANGE", "KNOWLEDGE_UPDATE"],
        "audit_log.action": ["TWIN_CREATED", "SOURCE_INDEXED"],
        "usage_days.metric_type": ["tokens", "latency"], "users.email": ["ada@example.org", "bob@example.org"],
        "email": ["cid@example.org", "dee@example.org"], "twins.slug": ["ada", "bob"], "owner_memories.provenance": ["{}", "{}"],
        "settings": ["{}", "{}"], "metadata": ["{}", "{\"a\":1}"], "citations": ["[]", "[]"], "payload": ["{}", "{}"],
        "options": ["[]", "[]"], "proposal": ["{}", "{}"], "allowed_domains": ["[]", "[\"example.org\"]"],
        "allowed_twin_ids": ["[]", "[]"], "scopes": ["[\"chat\"]", "[\"read\",\"chat\"]"], "override_value": ["{}", "{}"],
        "language": ["en", "de"], "specialization": ["vanilla", "vanilla"], "locator": ["/srv/a.md", "https://example.org/b"],
        "desk_tools.base": ["HTTP_GET", "RAG"], "desk_agents.output_format": ["text", "json"],
        "desk_handovers.status": ["assigned", "resolved"], "desk_staff.status": ["online", "away"],
        "desk_deliveries.status": ["pending", "delivered"], "desk_events.kind": ["message.created", "session.ended"],
        "config": ["{}", "{}"], "input_schema": ["{}", "{}"], "examples": ["[]", "[\"Where?\"]"], "widget": ["{}", "{}"],
        "arguments": ["{}", "{}"], "output": ["{}", "{}"], "details": ["{}", "{\"status\":\"pending\"}"],
        "public_key": ["{}", "{}"], "kinds": ["", ",message.created,"], "holder": ["{}", "{}"],
        "avatars.stage": ["draft", "lora_ready"], "avatar_components.content": ["{}", "{\"text\":\"a\"}"],
        "base_image": [storedName, storedName], "picture": [storedName, storedName],
        "avatars.lora_weights": [storedWeights, storedWeights], "weights": [storedWeights, storedWeights],
        "tags": ["[]", "[\"a\"]"], "tier": ["capa1", "capa2"], "rating": ["safe", "suggestive"],
        "failed_pieces.outcome": ["failed", "rejected"], "training_news.status": ["processing", "succeeded"],
        "tenant_moves.state": ["held", "moved"], "published_at": ["2025-01-01", "2025-01-02"], "visitor": ["", "user:1"],
        "day": ["2026-01-01", "2026-01-02"],
    ]
    private static let numbers: [String: [Int]] = [
        "twin_key": [1, 2], "is_active": [1, 0], "is_default": [1, 0], "is_public": [0, 1], "is_enabled": [1, 0],
        "cancel_requested": [0, 0],
        "chunks.start": [0, 0], "chunks.end": [10, 20], "progress": [1, 1], "first_chunk": [1, 2], "chunk_count": [1, 1],
        "text_bytes": [10, 20], "reader_version": [1, 1], "maximum_attempts": [3, 3],
    ]

    /// The rows of columns that hold nothing, because another column holds something or because it is set at the end.
    private static let absent: [String: Set<Int>] = [
        "graph_evidence.message_key": [0, 1], "group_memberships.email": [0], "group_memberships.user_id": [1],
        "twins.archived_at": [0, 1], "content_pieces.picture": [1], "content_pieces.picture_url": [0],
        "lora_models.weights": [1], "lora_models.weights_url": [0],
    ]

    private static let storedName = String(repeating: "a1", count: 32) + ".png"
    private static let storedWeights = String(repeating: "b2", count: 32) + ".safetensors"

    private let connection: Connection
    private let tables: [String]

    static func fill(_ connection: Connection) throws {
        let tables = try SchemaText.tables(connection)
        let sample = SampleRows(connection: connection, tables: tables)
        // A row may refer to one that comes later.
        try connection.execute("PRAGMA defer_foreign_keys = ON")
        for (number, table) in tables.enumerated() {
            let columns = try SchemaText.columns(of: table, connection)
            for row in 0..<count {
                let values = try columns.map { try sample.value(of: $0, in: table, number, row) }
                let marks = values.map { _ in "?" }.joined(separator: ", ")
                // A trigger may have written the row already, or there is only one by its nature.
                try connection.run("INSERT OR IGNORE INTO \"\(table)\" VALUES (\(marks))", values)
            }
        }
        // Last, because an archived twin takes no change.
        try connection.run("UPDATE twins SET archived_at = '2026-01-02T10:00:00.000Z' WHERE key = 2")
    }

    private func value(of column: SchemaText.Column, in table: String, _ number: Int, _ row: Int) throws -> DatabaseValue {
        let name = "\(table).\(column.name)"
        if Self.absent[name]?.contains(row) == true, !column.isRequired { return .null }
        let parent = try connection.first(
            #"SELECT "table", coalesce("to", 'key') FROM pragma_foreign_key_list(?) WHERE "from" = ?"#, table, column.name
        ) { ($0.text(0), $0.text(1)) }
        if let (parent, key) = parent, let place = tables.firstIndex(of: parent) {
            let target = try SchemaText.columns(of: parent, connection).first { $0.name == key }
            return try target.map { try value(of: $0, in: parent, place, row) } ?? .null
        }
        switch column.type {
        case "INTEGER":
            if let numbers = Self.numbers[name] ?? Self.numbers[column.name] { return .int(Int64(numbers[row])) }
            return .int(Int64(column.isKey ? row + 1 : (number + 1) * 10 + row))
        case "REAL": return .real(0.25 + Double(row) / 2)
        case "BLOB": return .blob((0..<32).map { UInt8(truncatingIfNeeded: number * 7 + row * 3 + $0) })
        default:
            if let words = Self.words[name] ?? Self.words[column.name] { return .text(words[row]) }
            if column.name == "id" { return .text(Self.identifier(number, row)) }
            if column.name.hasSuffix("_id") { return .text(Self.identifier(90, row)) }
            if column.name.hasSuffix("_at") || column.name.hasSuffix("_after") || column.name.hasSuffix("_from") {
                return .text("2026-01-0\(row + 1)T10:00:00.000Z")
            }
            return .text("\(column.name) \(row + 1): a sentence with ü, a tab\t and 'quotes'")
        }
    }

    private static func identifier(_ number: Int, _ row: Int) -> String {
        let digits = String(1_000_000_000 + number * 100 + row)
        return "01890000-0000-7000-8000-00\(digits)"
    }
}
