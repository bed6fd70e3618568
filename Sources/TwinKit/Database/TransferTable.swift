/// A table whose rows go along when everything of one owner is carried from one file to another: how a row leads to its owner, and
/// which of its values are keys of rows. References that the schema declares need not be named.
///
/// SQL in it is made by this program. In it `r.` is the row, `?1` the owner's id, `{from}` the schema that rows come from,
/// `{to}` the one that they go to, and `{shift TABLE}` what is added to the keys of a table.
package struct TransferTable: Sendable {
    /// A value of the row that is a value of a row of another table, which has the same owner.
    struct Link: Sendable {
        /// SQL with `@` for the row.
        var value: String
        var table: String
        var column: String
    }

    /// Rows that have no owner, are everybody's in their file, and may be referred to by rows that have one: they stay, and are known
    /// in the other file by this column.
    struct Shared: Sendable {
        /// SQL with `@` for the row.
        var condition: String
        var name: String
    }

    package let name: String
    /// The column with the owner's id, where there is one.
    var ownerColumn: String?
    /// Otherwise what leads to the owner: any one of these.
    var links: [Link] = []
    /// The keys of the owner's rows, as a query, where looking through all rows would take long.
    var keys: String?
    /// What is put in the place of a column's value, as SQL.
    package private(set) var values: [String: String] = [:]
    /// Which of the owner's rows go along, where not all do.
    var filter: String?
    var shared: Shared?
    /// Whether a change of a row waits without a word while rows are held, because whoever makes it looks again by itself.
    var waitsSilently = false
    /// Values that name files beside the database, as SQL of a row.
    package private(set) var files: [String] = []

    /// A table whose rows have their owner's id.
    package static func owned(_ name: String, by column: String = "tenant_id") -> TransferTable {
        TransferTable(name: name, ownerColumn: column)
    }

    /// A table whose rows follow those of another by the value of a column.
    package static func following(_ name: String, _ column: String, _ table: String, by key: String = "key") -> TransferTable {
        TransferTable(name: name, links: [Link(value: "@.\(column)", table: table, column: key)])
    }

    /// The same table, whose rows may follow those of one more.
    package func or(_ column: String, _ table: String) -> TransferTable {
        changed { $0.links.append(Link(value: "@.\(column)", table: table, column: "key")) }
    }

    /// A table whose rows follow by a value that is worked out, and whose keys a query finds.
    package static func following(_ name: String, value: String, _ table: String, keys: String) -> TransferTable {
        TransferTable(name: name, links: [Link(value: value, table: table, column: "key")], keys: keys)
    }

    /// With something else in the place of a column's value.
    package func setting(_ column: String, _ sql: String) -> TransferTable { changed { $0.values[column] = sql } }

    /// With a column whose values are keys of another table's rows, though the schema does not say so.
    package func pointing(_ column: String, _ table: String) -> TransferTable {
        setting(column, "r.\"\(column)\" + {shift \(table)}")
    }

    /// Of which only some rows go along.
    package func only(_ condition: String) -> TransferTable { changed { $0.filter = condition } }

    /// Some of whose rows are everybody's.
    package func sharing(where condition: String, by name: String) -> TransferTable {
        changed { $0.shared = Shared(condition: condition, name: name) }
    }

    /// Whose changes wait without a word.
    package func waiting() -> TransferTable { changed { $0.waitsSilently = true } }

    /// Whose values name files.
    package func naming(_ files: String...) -> TransferTable { changed { $0.files += files } }

    private func changed(_ change: (inout TransferTable) -> Void) -> TransferTable {
        var copy = self
        change(&copy)
        return copy
    }
}
