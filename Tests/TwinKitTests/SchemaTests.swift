import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinKit

@Suite struct SchemaTests {
    /// All that a file holds: what it is made of, and every row.
    private func contents(_ migrator: Migrator, _ folder: TemporaryFolder, _ name: String) throws -> [String] {
        let database = try Database(path: folder.file(name), create: true)
        try migrator.migrate(database)
        return try database.read { connection in
            var lines = ["\(try Migrator.version(connection)) \(try Migrator.application(connection))"]
            lines += try connection.rows(
                "SELECT type || '|' || name || '|' || tbl_name || '|' || coalesce(sql, '') FROM sqlite_schema ORDER BY type, name"
            ) { $0.text(0) }
            for table in try connection.rows(
                "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", map: { $0.text(0) })
            {
                // A key of 0 was never handed out.
                let rows = "\"\(table)\"" + (table == "sqlite_sequence" ? " WHERE seq > 0" : "")
                guard try connection.first("SELECT 1 FROM \(rows) LIMIT 1", map: { _ in true }) == true else { continue }
                let columns = try connection.rows("SELECT name FROM pragma_table_info('\(table)')") { "quote(\"\($0.text(0))\")" }
                lines += try connection.rows("SELECT \(columns.joined(separator: " || ',' || ")) FROM \(rows) ORDER BY 1") {
                    "\(table): \($0.text(0))"
                }
            }
            return lines
        }
    }

    @Test func `a new database is as if every migration had been run on it`() throws {
        let folder = try TemporaryFolder()
        #expect(Schema.snapshot.version <= Schema.migrations.count)
        let old = try contents(Migrator(Schema.migrations), folder, "old.db")
        #expect(try contents(Schema.migrator, folder, "new.db") == old)
        #expect(old.count > 150)
        // Also where the snapshot is all there is, so that no later migration hides a difference.
        let first = Array(Schema.migrations.prefix(Schema.snapshot.version))
        #expect(
            try contents(Migrator(first, snapshot: Schema.snapshot), folder, "c.db") == contents(Migrator(first), folder, "d.db"))
    }

    @Test func `the snapshot is for empty files only`() throws {
        let folder = try TemporaryFolder()
        let snapshot = Migrator.Snapshot(version: 2, sql: "CREATE TABLE made_at_once (x)")
        let steps = (0..<3).map { Migration("\($0)", sql: "CREATE TABLE step\($0) (x)") }
        func tables(_ database: Database) throws -> [String] {
            try database.read { try $0.rows("SELECT name FROM sqlite_schema ORDER BY name") { $0.text(0) } }
        }
        let new = try Database(path: folder.file("new.db"), create: true)
        try Migrator(steps, snapshot: snapshot).migrate(new)
        #expect(try tables(new) == ["made_at_once", "step2"])
        let old = try Database(path: folder.file("old.db"), create: true)
        try Migrator(Array(steps.prefix(1))).migrate(old)
        try Migrator(steps, snapshot: snapshot).migrate(old)
        #expect(try tables(old) == ["step0", "step1", "step2"])
        // A program that knows fewer steps than the snapshot stands for does not use it.
        let short = try Database(path: folder.file("short.db"), create: true)
        try Migrator(Array(steps.prefix(1)), snapshot: snapshot).migrate(short)
        #expect(try tables(short) == ["step0"])
    }
}
