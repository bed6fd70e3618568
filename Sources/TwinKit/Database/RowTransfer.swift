import TwinSupport

/// Carrying all rows of one owner from one file to another, or away from a file. Keys are shifted by a number for each table, so that
/// the order of rows and the ranges of keys stay what they were, and nothing that has such a key has to be looked up.
///
/// Everything here works on a connection of `Database.transfer`: the file that is written is `main`, the one that is read
/// `departing`.
package struct RowTransfer: Sendable {
    /// Parents before what refers to them.
    package let tables: [TransferTable]
    package let owner: String
    private let byName: [String: TransferTable]

    /// The schema that the other file has on a connection of `Database.transfer`.
    package static let source = "departing"

    package init(_ tables: [TransferTable], of owner: String) {
        self.tables = tables
        self.owner = owner
        byName = Dictionary(tables.map { ($0.name, $0) }) { first, _ in first }
    }

    // MARK: Whose a row is

    /// The condition that a row is the owner's, for sets of rows.
    func condition(_ table: TransferTable, in schema: String, alias: String) -> String {
        if let keys = table.keys { return "\(alias)key IN (\(filled(keys, from: schema, to: "main", shifts: [:])))" }
        if let column = table.ownerColumn { return "\(alias)\"\(column)\" = ?1" }
        let parts = table.links.map { link in
            let value = link.value.replacing("@.", with: alias)
            guard let parent = byName[link.table] else { return "0" }
            return
                "\(value) IN (SELECT \"\(link.column)\" FROM \(schema).\"\(link.table)\" WHERE \(condition(parent, in: schema, alias: "")))"
        }
        return "(\(parts.joined(separator: " OR ")))"
    }

    /// The owner of one row, for triggers.
    private func ownerOfRow(_ table: TransferTable, _ row: String, depth: Int = 0) -> String {
        if let column = table.ownerColumn { return "\(row).\"\(column)\"" }
        let parts = table.links.map { link -> String in
            guard let parent = byName[link.table] else { return "NULL" }
            let alias = "p\(depth)"
            return
                "(SELECT \(ownerOfRow(parent, alias, depth: depth + 1)) FROM \"\(link.table)\" \(alias) WHERE \(alias).\"\(link.column)\" = \(link.value.replacing("@", with: row)))"
        }
        return parts.count == 1 ? parts.joined() : "coalesce(\(parts.joined(separator: ", ")))"
    }

    private func filled(_ sql: String, from: String, to: String, shifts: [String: Int64]) -> String {
        var text = sql.replacing("{from}", with: from + ".").replacing("{to}", with: to + ".")
        for (table, shift) in shifts { text = text.replacing("{shift \(table)}", with: String(shift)) }
        return text
    }

    // MARK: Counting

    /// The owner's rows in each table of a file.
    package func counts(in schema: String = "main", on connection: Connection) throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for table in tables { counts[table.name] = try count(table, in: schema, filter: nil, on: connection) }
        return counts
    }

    private func count(_ table: TransferTable, in schema: String, filter: String?, on connection: Connection) throws -> Int {
        let also = filter.map { " AND (\(filled($0, from: schema, to: "main", shifts: [:])))" } ?? ""
        return try connection.first(
            "SELECT count(*) FROM \(schema).\"\(table.name)\" r WHERE \(condition(table, in: schema, alias: "r."))\(also)",
            owner
        ) { $0.int(0) } ?? 0
    }

    /// The names of files that the owner's rows have, each once, in their order.
    package func files(in schema: String = "main", on connection: Connection) throws -> [String] {
        var names: Set<String> = []
        for table in tables {
            for file in table.files {
                try connection.forEach(
                    """
                    SELECT DISTINCT \(file) FROM \(schema)."\(table.name)" r
                    WHERE \(condition(table, in: schema, alias: "r.")) AND \(file) IS NOT NULL
                    """, [owner]
                ) { names.insert($0.text(0)) }
            }
        }
        return names.sorted()
    }

    // MARK: Carrying over

    /// What is added to the keys of each table: nothing where they can stay. `above` are keys that were handed out though no row has
    /// them. Throws `TwinError` (`limitReached`) where the keys would grow past what there is room for.
    package func shifts(above: [String: Int64] = [:], on connection: Connection) throws -> [String: Int64] {
        var shifts: [String: Int64] = [:]
        for table in tables where try table.values["key"] == nil && hasKey(table.name, on: connection) {
            let first = try connection.first(
                "SELECT min(r.key) FROM \(Self.source).\"\(table.name)\" r WHERE \(condition(table, in: Self.source, alias: "r."))",
                owner
            ) { $0.isNull(0) ? nil : $0.int64(0) }
            let last = try connection.first(
                """
                SELECT max(coalesce((SELECT max(key) FROM main."\(table.name)"), 0),
                    coalesce((SELECT seq FROM main.sqlite_sequence WHERE name = ?), 0), ?)
                """, table.name, above[table.name] ?? 0
            ) { $0.int64(0) }
            let shift = first.flatMap { first in first.flatMap { (last ?? 0) < $0 ? nil : (last ?? 0) + 1 - $0 } } ?? 0
            guard shift < 1 << 31 else {
                throw TwinError(.limitReached, "the keys of the table \(table.name) are used up; move the tenant to a new file")
            }
            shifts[table.name] = shift
        }
        return shifts
    }

    /// Copies the owner's rows of all tables from `departing` to `main`. Answers how many rows of each there are. Throws
    /// `TwinError` (`failed`) where one refers to a row that does not go along.
    @discardableResult
    package func copy(
        _ shifts: [String: Int64], on connection: Connection, progress: (_ table: String) throws -> Void = { _ in }
    ) throws -> [String: Int] {
        var copied: [String: Int] = [:]
        for table in tables {
            try progress(table.name)
            let columns = try self.columns(of: table, shifts, on: connection)
            var conditions = [condition(table, in: Self.source, alias: "r.")]
            if let filter = table.filter { conditions.append("(\(filter))") }
            conditions += columns.compactMap(\.condition)
            let names = columns.map { "\"\($0.name)\"" }.joined(separator: ", ")
            let order = try hasKey(table.name, on: connection) ? " ORDER BY r.key" : ""
            let sql = """
                INSERT INTO main."\(table.name)" (\(names)) SELECT \(columns.map(\.value).joined(separator: ", "))
                FROM \(Self.source)."\(table.name)" r WHERE \(conditions.joined(separator: " AND "))\(order)
                """
            let expected = try count(table, in: Self.source, filter: table.filter, on: connection)
            if expected > 0 { try connection.run(filled(sql, from: Self.source, to: "main", shifts: shifts), owner) }
            let count = expected > 0 ? connection.changes : 0
            guard count == expected else {
                throw TwinError(
                    .failed,
                    "\(expected - count) rows of \(table.name) refer to something that does not go along: to another tenant's, or to a "
                        + "shared agent or tool that the other file does not have by that name")
            }
            copied[table.name] = count
        }
        return copied
    }

    /// Copies the rows that are everybody's, with their keys, to a file that has none.
    package func copyShared(on connection: Connection) throws {
        for table in tables {
            guard let shared = table.shared else { continue }
            let condition = shared.condition.replacing("@", with: "r")
            try connection.run(
                "INSERT INTO main.\"\(table.name)\" SELECT r.* FROM \(Self.source).\"\(table.name)\" r WHERE \(condition)")
        }
        // What connects two of them.
        for table in tables where table.ownerColumn == nil {
            let parents = try references(of: table.name, on: connection).filter { byName[$0.table]?.shared != nil }
            guard parents.count > 1 else { continue }
            let conditions = parents.map { parent in
                let shared = byName[parent.table]?.shared?.condition.replacing("@", with: "p") ?? "0"
                return "EXISTS (SELECT 1 FROM main.\"\(parent.table)\" p WHERE p.key = r.\"\(parent.column)\" AND \(shared))"
            }
            try connection.run(
                "INSERT INTO main.\"\(table.name)\" SELECT r.* FROM \(Self.source).\"\(table.name)\" r WHERE \(conditions.joined(separator: " AND "))"
            )
        }
    }

    /// Takes the owner's rows out of `main`.
    package func erase(on connection: Connection, progress: (_ table: String) throws -> Void = { _ in }) throws {
        for table in tables.reversed() {
            try progress(table.name)
            try connection.run(
                "DELETE FROM main.\"\(table.name)\" AS r WHERE \(condition(table, in: "main", alias: "r."))", owner)
        }
    }

    // MARK: Before anything is changed

    /// Values that may be there once in a file and are in both.
    package struct Clash: Sendable, Equatable {
        package var table: String
        package var columns: [String]
        package var count: Int
        /// One of them.
        package var example: String
    }

    /// What keeps the rows from going into `main`.
    package func clashes(on connection: Connection) throws -> [Clash] {
        var clashes: [Clash] = []
        for table in tables {
            let keys = Set(try references(of: table.name, on: connection).map(\.column))
                .union(table.values.keys).union(["key", "tenant_id"])
            let indexes = try connection.rows(
                "SELECT name FROM pragma_index_list(?) WHERE \"unique\" ORDER BY seq", table.name
            ) { $0.text(0) }
            for index in indexes {
                let columns = try connection.rows("SELECT name FROM pragma_index_info(?)", index) { $0.optionalText(0) }
                let names = columns.compactMap { $0 }
                guard let first = names.first, names.count == columns.count, keys.isDisjoint(with: names) else { continue }
                let same = names.map { "t.\"\($0)\" = r.\"\($0)\"" }.joined(separator: " AND ")
                let found = try connection.first(
                    """
                    SELECT count(*), min(CAST(r."\(first)" AS TEXT)) FROM \(Self.source)."\(table.name)" r
                    WHERE \(condition(table, in: Self.source, alias: "r."))
                        AND EXISTS (SELECT 1 FROM main."\(table.name)" t WHERE \(same))
                    """, owner
                ) { (count: $0.int(0), example: $0.optionalText(1) ?? "") }
                if let found, found.count > 0 {
                    clashes.append(Clash(table: table.name, columns: names, count: found.count, example: found.example))
                }
            }
        }
        return clashes
    }

    // MARK: Holding

    /// What the triggers are called that hold rows.
    private static let heldName = "held_"

    /// Refuses every change of the owner's rows, by whichever process, until `release`; `refusal` is a sentence for whoever asked.
    /// The triggers cost nothing once they are gone.
    package func hold(refusing refusal: String, on connection: Connection) throws {
        for table in tables {
            for event in ["INSERT", "UPDATE", "DELETE"] {
                try hold(table, event, when: nil, refusal, on: connection)
            }
        }
    }

    /// Refuses new rows of one table that meet a condition, in which `NEW` is the row.
    package func hold(newRowsOf name: String, where condition: String, refusing refusal: String, on connection: Connection) throws
    {
        guard let table = byName[name] else { return }
        try hold(table, "INSERT", when: condition, refusal, on: connection)
    }

    private func hold(
        _ table: TransferTable, _ event: String, when condition: String?, _ refusal: String, on connection: Connection
    ) throws {
        let row = event == "DELETE" ? "OLD" : "NEW"
        let also = condition.map { " AND (\($0))" } ?? ""
        let isSilent = table.waitsSilently && event == "UPDATE"
        let action = isSilent ? "RAISE(IGNORE)" : "RAISE(ABORT, \(Self.quoted(DatabaseError.heldPrefix + refusal)))"
        try connection.execute(
            """
            CREATE TRIGGER "\(Self.heldName)\(condition == nil ? "" : "new_")\(table.name)_\(event.lowercased())"
            BEFORE \(event) ON main."\(table.name)" WHEN \(ownerOfRow(table, row)) = \(Self.quoted(owner))\(also)
            BEGIN SELECT \(action); END
            """)
    }

    /// Lets everything be changed again, whoever was held.
    package static func release(on connection: Connection) throws {
        let names = try connection.rows(
            "SELECT name FROM main.sqlite_schema WHERE type = 'trigger' AND substr(name, 1, ?) = ?", heldName.utf8.count, heldName
        ) { $0.text(0) }
        for name in names { try connection.execute("DROP TRIGGER main.\"\(name)\"") }
    }

    private static func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }

    // MARK: The schema

    private struct Column {
        var name: String
        var value: String
        /// What a row has to meet besides for this value to be there.
        var condition: String?
    }

    private struct Reference {
        var column: String
        var table: String
    }

    /// The columns of a table that refer to keys of tables which go along.
    private func references(of table: String, on connection: Connection) throws -> [Reference] {
        try connection.rows(
            "SELECT \"from\", \"table\" FROM pragma_foreign_key_list(?) WHERE coalesce(\"to\", 'key') = 'key' ORDER BY id", table
        ) { Reference(column: $0.text(0), table: $0.text(1)) }
        .filter { byName[$0.table] != nil }
    }

    private func hasKey(_ table: String, on connection: Connection) throws -> Bool {
        try connection.first(
            "SELECT 1 FROM pragma_table_info(?) WHERE name = 'key' AND type = 'INTEGER' AND pk = 1", table
        ) { _ in true } ?? false
    }

    private func columns(
        of table: TransferTable, _ shifts: [String: Int64], on connection: Connection
    ) throws -> [Column] {
        let references = Dictionary(try references(of: table.name, on: connection).map { ($0.column, $0.table) }) { first, _ in
            first
        }
        let leading = Set(table.links.map(\.value))
        return try connection.rows("SELECT name, \"notnull\" OR pk > 0 FROM pragma_table_info(?)", table.name) {
            (name: $0.text(0), isRequired: $0.bool(1))
        }.map { column in
            let name = column.name
            if let value = table.values[name] { return Column(name: name, value: value) }
            guard let parent = references[name].flatMap({ byName[$0] }) else {
                let isKey = name == "key" && shifts[table.name] != nil
                return Column(name: name, value: isKey ? "r.key + \(shifts[table.name] ?? 0)" : "r.\"\(name)\"")
            }
            let value = "r.\"\(name)\""
            let shifted = "\(value) + \(shifts[parent.name] ?? 0)"
            if leading.contains("@.\(name)"), table.links.count == 1 { return Column(name: name, value: shifted) }
            let isOwn =
                "\(value) IN (SELECT key FROM \(Self.source).\"\(parent.name)\" WHERE \(condition(parent, in: Self.source, alias: "")))"
            guard let shared = parent.shared else {
                return column.isRequired
                    ? Column(name: name, value: shifted, condition: isOwn)
                    : Column(name: name, value: "CASE WHEN \(isOwn) THEN \(shifted) END")
            }
            let same = """
                (SELECT t.key FROM main."\(parent.name)" t JOIN \(Self.source)."\(parent.name)" s
                    ON t."\(shared.name)" = s."\(shared.name)" COLLATE NOCASE
                    WHERE s.key = \(value) AND \(shared.condition.replacing("@", with: "s"))
                        AND \(shared.condition.replacing("@", with: "t")))
                """
            let either = "CASE WHEN \(isOwn) THEN \(shifted) ELSE \(same) END"
            return Column(
                name: name, value: either,
                condition: column.isRequired ? "(\(either)) IS NOT NULL" : "(\(value) IS NULL OR (\(either)) IS NOT NULL)")
        }
    }
}

extension Database {
    /// Runs `body` in one write transaction on a connection of its own, on which no trigger fires and references are checked at the
    /// commit. The database `other` can be read beside it as the schema `RowTransfer.source`, as of one moment; nobody who writes
    /// there waits. With `overwriting` what is deleted is overwritten with zeros, and the write-ahead log emptied. Throws
    /// `DatabaseError`, what `body` throws, and `TwinError` (`busy`) where somebody keeps old pages in the log.
    package func transfer<Value>(
        from other: Database? = nil, overwriting: Bool = false, _ body: (Connection) throws -> Value
    ) throws -> Value {
        try withWriter { _ in
            let connection = try connect(.writer)
            connection.disableTriggers()
            if let other { try connection.run("ATTACH ? AS \(RowTransfer.source)", FilePath.absolute(other.path)) }
            if overwriting { try connection.execute("PRAGMA secure_delete = ON") }
            let value = try connection.transaction(locksLater: true) {
                // The first write, which takes the lock before anything is read.
                try connection.execute("UPDATE main.sqlite_sequence SET seq = seq WHERE 0; PRAGMA defer_foreign_keys = ON")
                return try body(connection)
            }
            if overwriting { _ = try connection.emptyLog(waiting: 10_000) }
            return value
        }
    }
}
