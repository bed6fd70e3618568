import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSupport

@Suite struct MigratorTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func open(_ name: String = "a.db") throws -> Database {
        try Database(path: folder.file(name), create: true)
    }

    @Test func `migrations run once and in order`() throws {
        let database = try open()
        let first = Migrator([Migration("one", sql: "CREATE TABLE a (x)")])
        let second = Migrator([
            Migration("one", sql: "CREATE TABLE a (x)"), Migration("two", sql: "INSERT INTO a VALUES (7)"),
        ])
        try first.migrate(database)
        try second.migrate(database)
        try second.migrate(database)
        #expect(try database.read { try $0.rows("SELECT x FROM a") { $0.int(0) } } == [7])
    }

    @Test func `a migration that fails leaves the version before it`() throws {
        let database = try open()
        let broken = Migrator([
            Migration("one", sql: "CREATE TABLE a (x)"),
            Migration("two", sql: "CREATE TABLE b (x); INSERT INTO missing VALUES (1)"),
        ])
        #expect(throws: DatabaseError.self) { try broken.migrate(database) }
        #expect(try database.read { try Migrator.version($0) } == 1)
        #expect(try database.read { try $0.first("SELECT count(*) FROM sqlite_schema WHERE name = 'b'") { $0.int(0) } } == 0)
    }

    @Test func `a database from a newer twin is refused`() throws {
        let database = try open()
        try Migrator([Migration("one", sql: ""), Migration("two", sql: "")]).migrate(database)
        let error = #expect(throws: TwinError.self) { try Migrator([Migration("one", sql: "")]).migrate(database) }
        #expect(error?.message.contains("newer") == true)
    }

    @Test func `another program's database is refused and kept as it is`() throws {
        let database = try open()
        try database.write { try $0.execute("CREATE TABLE theirs (x)") }
        #expect(throws: TwinError.self) { try Schema.migrator.migrate(database) }
        #expect(try database.read { try $0.rows("SELECT name FROM sqlite_schema") { $0.text(0) } } == ["theirs"])
    }
}
