import FoundationEssentials
import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSupport

/// Databases of every age, kept as SQL text, are brought up to date. `make migrations` writes what is missing here after a migration
/// was added: the database of its age, and the schema as it is now.
@Suite struct MigrationTests {
    private static let folder = House.repository.appending(path: "Tests/TwinKitTests/Migrations/Databases")
    private static let isWriting = ProcessInfo.processInfo.environment["TWIN_WRITE_MIGRATIONS"] != nil

    private static func file(_ version: Int) -> URL {
        folder.appending(path: "v\(version < 10 ? "0" : "")\(version).sql")
    }

    /// Values that a migration changes on purpose: `table.column`, with the reason.
    private static let changed: [String: String] = [:]

    private func database(_ folder: TemporaryFolder, _ text: String) throws -> Database {
        let database = try Database(path: folder.file("a.db"), create: true)
        try database.withWriter { try $0.execute(text) }
        return database
    }

    /// A database as the first `version` migrations leave it, with rows in every table.
    private func sample(_ version: Int) throws -> String {
        let folder = try TemporaryFolder()
        let database = try Database(path: folder.file("a.db"), create: true)
        try Migrator(Array(Schema.migrations.prefix(version))).migrate(database)
        return try database.write { (connection) throws in
            try SampleRows.fill(connection)
            return try SchemaText.dump(connection)
        }
    }

    @Test(.enabled(if: MigrationTests.isWriting)) func `write the files that are missing, and the schema`() throws {
        for version in 1...Schema.migrations.count where !FileContents.exists(Self.file(version).path()) {
            try AtomicFile.write(Array(try sample(version).utf8), to: Self.file(version).path(), mode: 0o644)
        }
        let folder = try TemporaryFolder()
        let database = try Database(path: folder.file("a.db"), create: true)
        try Schema.migrator.migrate(database)
        let schema = try database.read { try SchemaText.schema($0) }
        try AtomicFile.write(Array(schema.utf8), to: Self.folder.appending(path: "schema.sql").path(), mode: 0o644)
    }

    @Test func `there is a database of every age`() throws {
        for version in 1...Schema.migrations.count {
            #expect(FileContents.exists(Self.file(version).path()), "run 'make migrations' and commit what it writes")
        }
        #expect(!FileContents.exists(Self.file(Schema.migrations.count + 1).path()))
    }

    @Test func `a new database has the schema that is written down`() throws {
        let folder = try TemporaryFolder()
        let database = try Database(path: folder.file("a.db"), create: true)
        try Schema.migrator.migrate(database)
        let golden = try String(contentsOf: Self.folder.appending(path: "schema.sql"), encoding: .utf8)
        let schema = try database.read { try SchemaText.schema($0) }
        #expect(schema == golden, "run 'make migrations' and read what it changes in schema.sql")
    }

    @Test(arguments: 1...Schema.migrations.count)
    func `a database of an earlier age is brought up to date and keeps what it holds`(version: Int) throws {
        let folder = try TemporaryFolder()
        let database = try database(folder, try String(contentsOf: Self.file(version), encoding: .utf8))
        let (tables, before) = try database.read { (connection) throws in
            let tables = try SchemaText.tables(connection)
            return (tables, try tables.map { try SchemaText.rows(of: $0, connection) })
        }
        #expect(zip(tables, before).allSatisfy { !$0.1.isEmpty }, "a table without a row proves nothing")
        #expect(try database.read { try Migrator.version($0) } == version)

        try Schema.migrator.migrate(database)

        try database.read { (connection) throws in
            #expect(try Migrator.version(connection) == Schema.migrations.count)
            #expect(try connection.rows("PRAGMA integrity_check") { $0.text(0) } == ["ok"])
            #expect(try connection.rows("PRAGMA foreign_key_check") { $0.text(0) } == [])
            let golden = try String(contentsOf: Self.folder.appending(path: "schema.sql"), encoding: .utf8)
            #expect(try SchemaText.schema(connection) == golden)
            let present = try SchemaText.tables(connection)
            for (table, rows) in zip(tables, before) where present.contains(table) {
                let after = try SchemaText.rows(of: table, connection)
                #expect(after.count == rows.count, "\(table)")
                for (old, new) in zip(rows, after) {
                    let values = Dictionary(new.map { ($0.column, $0.value) }, uniquingKeysWith: { first, _ in first })
                    for (column, value) in old where Self.changed["\(table).\(column)"] == nil {
                        guard let kept = values[column] else { continue }
                        #expect(kept == value, "\(table).\(column)")
                    }
                }
            }
        }
        try use(folder.file("a.db"))
    }

    /// The services read what an earlier twin wrote.
    private func use(_ path: String) throws {
        let workspace = try Workspace(path: path, configuration: Configuration(environment: [:]))
        let twins = try workspace.twins.list(includeArchived: true)
        #expect(twins.count == 2)
        for twin in twins {
            #expect(try workspace.sources.list(twin: twin).count == 1)
            for overview in try workspace.conversations.list(twin: twin) {
                #expect(try workspace.conversations.messages(of: overview.conversation).count == 1)
            }
            _ = try workspace.groups.list(of: twin)
            _ = try workspace.verifiedAnswers.list(of: twin)
            _ = try workspace.memories.list(of: twin)
            _ = try workspace.clarifications.list(of: twin)
            _ = try workspace.escalations.list(of: twin)
        }
    }
}
