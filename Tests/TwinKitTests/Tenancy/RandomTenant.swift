import TestSupport

@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSupport

/// Fills every table that goes along with its tenant with rows of one, at random and by the schema alone: references lead to rows of
/// the same tenant, every other value is made up. What is written in a format that only twin reads (segments of the index) is left out.
struct RandomTenant {
    static let leftOut: Set<String> = ["index_segments", "index_pages"]

    /// Numbers that are keys of rows though the schema does not say so, with the tables.
    static let hidden = [
        "sources.first_chunk": "chunks", "messages.question_key": "messages", "graph_messages.last_key": "messages",
        "vector_blocks.first_chunk": "chunks",
    ]

    let id: String
    /// A word that is in most of the tenant's texts and nowhere else.
    let marker: String
    let rows: Int
    /// Keys begin above it, so that tenants of different files have different ones.
    let base: Int

    func fill(_ database: Database) throws {
        try database.transfer { connection in
            // Of no two tenants the same, also where their keys are.
            var generator = TestRandom(marker.utf8.reduce(base) { $0 &* 31 &+ Int($1) })
            for table in TenantTables.moving where !Self.leftOut.contains(table.name) {
                let columns = try SchemaText.columns(of: table.name, connection)
                let references = Dictionary(
                    try connection.rows(
                        "SELECT \"from\", \"table\", coalesce(\"to\", 'key') FROM pragma_foreign_key_list(?)", table.name
                    ) { ($0.text(0), ($0.text(1), $0.text(2))) }
                ) { first, _ in first }
                for number in 0..<(table.name == "tenants" ? 1 : rows) {
                    let values = try columns.map { column in
                        try value(column, table, number, references[column.name], connection, &generator)
                    }
                    let marks = values.map { _ in "?" }.joined(separator: ", ")
                    try connection.run("INSERT OR IGNORE INTO \"\(table.name)\" VALUES (\(marks))", values)
                }
            }
        }
    }

    private func value(
        _ column: SchemaText.Column, _ table: TransferTable, _ number: Int, _ reference: (table: String, key: String)?,
        _ connection: Connection, _ generator: inout TestRandom
    ) throws -> DatabaseValue {
        let name = "\(table.name).\(column.name)"
        if column.name == table.ownerColumn { return .text(id) }
        if !column.isRequired, name != "group_memberships.user_id", name != "graph_evidence.source_key",
            Int.random(in: 0..<4, using: &generator) == 0
        {
            return .null
        }
        // One of two has to be empty.
        if ["group_memberships.email", "graph_evidence.message_key", "content_pieces.picture_url", "lora_models.weights_url"]
            .contains(name)
        {
            return .null
        }
        if name == "group_memberships.user_id" { return try key(of: "users", "id", connection, &generator) }
        if name == "index_segments.twin_key" { return try key(of: "twins", "key", connection, &generator) }
        if let reference { return try key(of: reference.table, reference.key, connection, &generator) }
        if let hidden = Self.hidden[name] { return try key(of: hidden, "key", connection, &generator) }
        if name == "graph_evidence.kind" { return .int(1) }
        if name == "graph_evidence.target_key" { return try key(of: "graph_nodes", "key", connection, &generator) }
        if name == "users.is_operator" { return .int(0) }
        if name == "audit_log.seq" { return .int(Int64(number + 1)) }
        switch column.type {
        case "INTEGER":
            return column.name == "key" ? .int(Int64(base + number * 3)) : .int(Int64.random(in: 0..<2, using: &generator))
        case "REAL": return .real(Double.random(in: 0..<1, using: &generator))
        case "BLOB": return .blob((0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) })
        default:
            if let words = SampleRows.words[name] ?? SampleRows.words[column.name], column.name != "email",
                column.name != "locator",
                name != "twins.slug"
            {
                return .text(words[number % words.count])
            }
            if column.name.hasSuffix("_at") || column.name == "run_after" || column.name.hasSuffix("_from") {
                return .text("2026-01-02T10:00:0\(number % 10).000Z")
            }
            return .text("\(marker) \(table.name) \(Int.random(in: 0..<1_000_000_000, using: &generator))")
        }
    }

    /// A key of one of the tenant's rows that there are.
    private func key(
        of table: String, _ column: String, _ connection: Connection, _ generator: inout TestRandom
    ) throws -> DatabaseValue {
        guard table != "tenants" else { return .text(id) }
        let values = try RowTransfer(TenantTables.moving, of: id).rows(of: table, columns: [column], on: connection)
        guard let text = values.randomElement(using: &generator)?.first else { return .null }
        return Int64(text).map { .int($0) } ?? .text(text.trimmingQuotes)
    }
}

extension String {
    fileprivate var trimmingQuotes: String { String(drop { $0 == "'" }.reversed().drop { $0 == "'" }.reversed()) }
}

extension RowTransfer {
    /// The owner's rows of a table as SQL has them, in the order of their keys.
    func rows(of name: String, columns: [String], on connection: Connection) throws -> [[String]] {
        guard let table = tables.first(where: { $0.name == name }) else { return [] }
        let list = columns.map { "quote(r.\"\($0)\")" }.joined(separator: ", ")
        let hasKey = try connection.first("SELECT 1 FROM pragma_table_info(?) WHERE name = 'key'", name) { _ in true } ?? false
        let condition = condition(table, in: "main", alias: "r.")
        return try connection.rows(
            "SELECT \(list) FROM \"\(name)\" r WHERE \(condition)\(hasKey ? " ORDER BY r.key" : "")", owner
        ) { row in columns.indices.map { row.text(Int32($0)) } }
    }
}
