import TwinSupport

/// Words that stand in many tables and are to be others.
extension Connection {
    /// Puts `new` in the place of `old` where a column of text holds nothing else, and inside of what `isDocument` says is JSON.
    /// `isChosen` gets each table and column of text.
    package func replace(
        _ old: String, with new: String, where isChosen: (_ table: String, _ column: String) -> Bool,
        isDocument: (_ column: String) -> Bool
    ) throws {
        let columns = try rows(
            """
            SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c
            WHERE t.type = 'table' AND c.type = 'TEXT' ORDER BY t.name, c.cid
            """
        ) { (table: $0.text(0), column: $0.text(1)) }
        for (table, column) in columns where isChosen(table, column) {
            let matches = isDocument(column) ? "instr(\"\(column)\", ?1) > 0" : "\"\(column)\" = ?1"
            let statement = try Statement(
                connection: pointer,
                sql: "UPDATE \"\(table)\" SET \"\(column)\" = replace(\"\(column)\", ?1, ?2) WHERE \(matches)")
            try statement.bind([old, new])
            while try statement.step() {}
        }
    }
}
