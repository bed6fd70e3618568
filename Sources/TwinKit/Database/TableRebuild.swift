import TwinSupport

/// Changes of tables that ALTER TABLE cannot make, by the procedure of https://www.sqlite.org/lang_altertable.html#otheralter.
extension Connection {
    /// Gives `table` another definition, keeping its name, and with it the references to it, its indexes, its triggers and
    /// the sequence of its keys. For a `Migration(rebuilding:)` only.
    ///
    /// - Parameters:
    ///   - definition: what follows the name in CREATE TABLE: columns in parentheses, then the table's options. References of
    ///     the table to itself use its own name.
    ///   - select: yields the new rows, columns in the new order.
    ///   - dropped: names of indexes and triggers that do not come back.
    /// - Throws: `DatabaseError`; `TwinError` where foreign keys are on, because dropping the table would then delete the rows
    ///   that refer to it.
    package func rebuildTable(
        _ table: String, as definition: String, filledBy select: String, without dropped: Set<String> = []
    ) throws {
        guard try first("PRAGMA foreign_keys", map: { $0.int(0) }) == 0 else {
            throw TwinError(.failed, "the table \(table) is rebuilt with foreign keys on; use Migration(rebuilding:)")
        }
        let attached = try rows(
            """
            SELECT name, sql FROM sqlite_schema WHERE tbl_name = ? AND type IN ('index', 'trigger') AND sql IS NOT NULL
            ORDER BY type, rowid
            """, table
        ) { (name: $0.text(0), sql: $0.text(1)) }
        let lastKey = try lastKey(of: table)
        try execute(
            """
            CREATE TABLE "\(table)_rebuilt" \(definition);
            INSERT INTO "\(table)_rebuilt" \(select);
            DROP TABLE "\(table)";
            ALTER TABLE "\(table)_rebuilt" RENAME TO "\(table)";
            """)
        // Keys of rows that are gone must not be handed out again.
        if let lastKey, try hasSequence(table) {
            try run("DELETE FROM sqlite_sequence WHERE name = ?", table)
            try execute(
                """
                INSERT INTO sqlite_sequence (name, seq)
                SELECT '\(table)', max(\(lastKey), coalesce(max(rowid), 0)) FROM "\(table)"
                """)
        }
        for object in attached where !dropped.contains(object.name) { try execute(object.sql) }
    }

    /// Whether the keys of the table are AUTOINCREMENT, handed out once and never again.
    private func hasSequence(_ table: String) throws -> Bool {
        try first("SELECT sql LIKE '%AUTOINCREMENT%' FROM sqlite_schema WHERE type = 'table' AND name = ?", table) { $0.bool(0) }
            ?? false
    }

    /// The highest key that the table has handed out; none without a sequence, or before the first.
    private func lastKey(of table: String) throws -> Int64? {
        guard try hasSequence(table) else { return nil }
        return try first("SELECT seq FROM sqlite_sequence WHERE name = ?", table) { $0.int64(0) }
    }

    /// Throws unless every reference leads to a row and every trigger compiles against the tables as they are now.
    func checkRebuiltSchema() throws {
        let broken = try rows("PRAGMA foreign_key_check") { (table: $0.text(0), parent: $0.text(2)) }
        if let first = broken.first {
            throw TwinError(
                .failed,
                "the schema cannot be changed: \(broken.count) rows refer to rows that are not there, the first from \(first.table) to \(first.parent); 'PRAGMA foreign_key_check' lists them, nothing was changed"
            )
        }
        // SQLite compiles a trigger only with the statement that fires it.
        let tables = try rows("SELECT DISTINCT tbl_name FROM sqlite_schema WHERE type = 'trigger'") { $0.text(0) }
        for table in tables {
            guard let column = try first("SELECT name FROM pragma_table_info(?)", table, map: { $0.text(0) }) else { continue }
            try execute(
                """
                EXPLAIN DELETE FROM "\(table)";
                EXPLAIN INSERT INTO "\(table)" DEFAULT VALUES;
                EXPLAIN UPDATE "\(table)" SET "\(column)" = "\(column)";
                """)
        }
    }
}
