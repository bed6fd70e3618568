import TwinSupport

/// Rows that refer to rows which are gone. They cannot come about through twin, but through a tool that opens the file with foreign
/// keys off.
extension Connection {
    /// Deletes them, in the caller's transaction, until there are none: a row that is deleted may leave others behind. Answers how
    /// many there were.
    package func removeOrphans() throws -> Int {
        var removed = 0
        var found = 0
        repeat {
            found = 0
            for reference in try references() {
                try execute(
                    """
                    DELETE FROM "\(reference.child)" WHERE "\(reference.column)" IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM "\(reference.parent)" p WHERE p."\(reference.key)" = "\(reference.child)"."\(reference.column)")
                    """)
                found += changes
            }
            removed += found
        } while found > 0
        return removed
    }

    /// A column whose values must be keys of another table's rows.
    private struct Reference {
        var child: String
        var column: String
        var parent: String
        var key: String
    }

    /// The references that the schema itself declares, of a single column each.
    private func references() throws -> [Reference] {
        try rows(
            """
            SELECT t.name, f."from", f."table", coalesce(f."to", 'key')
            FROM sqlite_schema t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table' ORDER BY t.name, f.id
            """
        ) { Reference(child: $0.text(0), column: $0.text(1), parent: $0.text(2), key: $0.text(3)) }
    }
}
