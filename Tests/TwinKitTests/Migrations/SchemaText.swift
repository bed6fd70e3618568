import FoundationEssentials

@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSupport

/// A database as SQL text: what `sqlite3 FILE .dump` writes, in a form that does not change from one version of SQLite to the next.
enum SchemaText {
    /// The statements that make the tables, indexes and triggers, in the order of their names.
    static func schema(_ connection: Connection) throws -> String {
        let statements = try connection.rows(
            """
            SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
            ORDER BY type = 'table' DESC, type = 'index' DESC, name
            """
        ) { $0.text(0) + ";\n" }
        return statements.joined(separator: "\n")
    }

    /// Everything: tables, rows, then what hangs on them, and the marks of the file.
    static func dump(_ connection: Connection) throws -> String {
        var text = "PRAGMA foreign_keys = OFF;\nBEGIN;\n"
        let tables = try tables(connection)
        for table in tables {
            text += try connection.first("SELECT sql FROM sqlite_schema WHERE name = ?", table) { $0.text(0) + ";\n" } ?? ""
        }
        for table in tables {
            for row in try rows(of: table, connection) {
                text +=
                    "INSERT INTO \(table) (\(row.map(\.column).joined(separator: ", "))) VALUES (\(row.map(\.value).joined(separator: ", ")));\n"
            }
        }
        let objects = try connection.rows(
            "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND type <> 'table' ORDER BY rowid"
        ) { $0.text(0) + ";\n" }
        text += objects.joined()
        text += "PRAGMA user_version = \(try Migrator.version(connection));\n"
        text += "PRAGMA application_id = \(try Migrator.application(connection));\n"
        return text + "COMMIT;\n"
    }

    /// The tables in the order of their making.
    static func tables(_ connection: Connection) throws -> [String] {
        try connection.rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid") {
            $0.text(0)
        }
    }

    struct Column: Equatable {
        var name: String
        var type: String
        var isRequired: Bool
        var isKey: Bool
    }

    static func columns(of table: String, _ connection: Connection) throws -> [Column] {
        try connection.rows(#"SELECT name, type, "notnull", pk FROM pragma_table_info(?) ORDER BY cid"#, table) {
            Column(name: $0.text(0), type: $0.text(1), isRequired: $0.bool(2) || $0.int(3) > 0, isKey: $0.int(3) > 0)
        }
    }

    /// The rows as SQL literals, in the order of their keys.
    static func rows(of table: String, _ connection: Connection) throws -> [[(column: String, value: String)]] {
        let columns = try columns(of: table, connection)
        let names = columns.map { "quote(\"\($0.name)\")" }.joined(separator: ", ")
        let keys = columns.filter(\.isKey).map { "\"\($0.name)\"" }
        let order = keys.isEmpty ? "" : " ORDER BY " + keys.joined(separator: ", ")
        return try connection.rows("SELECT \(names) FROM \"\(table)\"\(order)") { row in
            columns.enumerated().map { ($0.element.name, row.text(Int32($0.offset))) }
        }
    }
}
