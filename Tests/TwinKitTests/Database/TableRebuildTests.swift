import Dispatch
import FoundationEssentials
import Synchronization
import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSupport

@Suite struct TableRebuildTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// People, who belong to a boss among them, and what refers to them in every way that a drop could break.
    private static let before = Migration(
        "people",
        sql: """
            CREATE TABLE people (
                key INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, role TEXT, boss_key INTEGER REFERENCES people (key)
            ) STRICT;
            CREATE INDEX people_by_role ON people (role);
            CREATE UNIQUE INDEX people_names ON people (name) WHERE role IS NOT NULL;
            CREATE TABLE letters (
                key INTEGER PRIMARY KEY, person_key INTEGER NOT NULL REFERENCES people (key) ON DELETE CASCADE, text TEXT NOT NULL
            ) STRICT;
            CREATE TABLE log (line TEXT NOT NULL) STRICT;
            CREATE TRIGGER people_log AFTER UPDATE ON people BEGIN INSERT INTO log VALUES (OLD.name || ' > ' || NEW.name); END;
            CREATE TRIGGER letters_touch AFTER INSERT ON letters BEGIN
                UPDATE people SET name = name || '+' WHERE key = NEW.person_key;
            END;
            INSERT INTO people (name, role, boss_key) VALUES ('Ada', 'admin', NULL), ('Bob', NULL, 1), ('Cid', 'x', 1);
            DELETE FROM people WHERE name = 'Cid';
            INSERT INTO letters (person_key, text) VALUES (1, 'to Ada'), (2, 'to Bob');
            DELETE FROM log;
            """)

    private static let definition = """
        (
            key INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, role TEXT NOT NULL CHECK (role IN ('admin', 'viewer')),
            boss_key INTEGER REFERENCES people (key)
        ) STRICT
        """

    private static let roles = Migration(rebuilding: "roles of people") {
        try $0.rebuildTable(
            "people", as: definition, filledBy: "SELECT key, name, coalesce(role, 'viewer'), boss_key FROM people")
    }

    private func open(_ name: String = "a.db") throws -> Database {
        let database = try Database(path: folder.file(name), create: !FileContents.exists(folder.file(name)))
        try Migrator([Self.before]).migrate(database)
        return database
    }

    private func people(_ database: Database) throws -> [String] {
        try database.read { try $0.rows("SELECT name || ' ' || coalesce(role, '-') FROM people ORDER BY key") { $0.text(0) } }
    }

    private func count(_ table: String, _ database: Database) throws -> Int? {
        try database.read { try $0.first("SELECT count(*) FROM \(table)") { $0.int(0) } }
    }

    @Test func `a table that others refer to gets another definition and loses nothing`() throws {
        let database = try open()
        try Migrator([Self.before, Self.roles]).migrate(database)
        #expect(try people(database) == ["Ada+ admin", "Bob+ viewer"])
        #expect(try count("letters", database) == 2)
        let objects = try database.read {
            try $0.rows("SELECT name FROM sqlite_schema WHERE type IN ('index', 'trigger') ORDER BY name") { $0.text(0) }
        }
        #expect(objects == ["letters_touch", "people_by_role", "people_log", "people_names"])
        // What they do, not only that they are there.
        try database.write { (connection) throws in
            try connection.run("INSERT INTO letters (person_key, text) VALUES (2, 'again')")
            #expect(try connection.rows("SELECT line FROM log") { $0.text(0) } == ["Bob+ > Bob++"])
            #expect(throws: DatabaseError.self) { try connection.run("UPDATE people SET role = 'king'") }
            #expect(throws: DatabaseError.self) {
                try connection.run("INSERT INTO letters (person_key, text) VALUES (9, 'to nobody')")
            }
        }
        // Cid's key was handed out before and is not again.
        try database.write { try $0.run("INSERT INTO people (name, role, boss_key) VALUES ('Dee', 'viewer', 2)") }
        #expect(try database.read { try $0.first("SELECT key FROM people WHERE name = 'Dee'") { $0.int(0) } } == 4)
        // Deletion still reaches those who refer to it.
        try database.write { try $0.run("DELETE FROM people WHERE key = 4") }
        try database.write { try $0.run("DELETE FROM people WHERE key = 2") }
        #expect(try count("letters", database) == 1)
    }

    @Test func `foreign keys are on again after a rebuild, whether it worked or not`() throws {
        let database = try open()
        let failing = Migration(rebuilding: "fails") { _ in throw TwinError(.failed, "stop") }
        #expect(throws: TwinError.self) { try Migrator([Self.before, failing]).migrate(database) }
        #expect(try database.withWriter { try $0.first("PRAGMA foreign_keys") { $0.int(0) } } == 1)
        try Migrator([Self.before, Self.roles]).migrate(database)
        #expect(try database.withWriter { try $0.first("PRAGMA foreign_keys") { $0.int(0) } } == 1)
        #expect(try database.withWriter { try $0.first("PRAGMA legacy_alter_table") { $0.int(0) } } == 0)
    }

    @Test(arguments: [
        // Leaves Bob's boss and the letters to Ada without anybody.
        "SELECT key, name, coalesce(role, 'viewer'), boss_key FROM people WHERE name NOT LIKE 'Ada%'",
        // Breaks the new definition.
        "SELECT key, name, role, boss_key FROM people",
        "SELECT key, name FROM people",
    ])
    func `a rebuild that would lose a reference or breaks its own rules changes nothing`(select: String) throws {
        let database = try open()
        let schema = "SELECT group_concat(sql, ';') FROM sqlite_schema"
        let before = try database.read { try $0.first(schema) { $0.text(0) } }
        let broken = Migration(rebuilding: "broken") { try $0.rebuildTable("people", as: Self.definition, filledBy: select) }
        #expect(throws: (any Error).self) { try Migrator([Self.before, broken]).migrate(database) }
        #expect(try database.read { try Migrator.version($0) } == 1)
        #expect(try database.read { try $0.first(schema) { $0.text(0) } } == before)
        #expect(try people(database) == ["Ada+ admin", "Bob+ -"])
        #expect(try count("letters", database) == 2)
    }

    @Test func `a trigger that names a column which is gone is found before the commit`() throws {
        let database = try open()
        let nameless = Migration(rebuilding: "people without names") {
            try $0.rebuildTable(
                "people", as: "(key INTEGER PRIMARY KEY, role TEXT) STRICT", filledBy: "SELECT key, role FROM people",
                without: ["people_names", "people_log"])
        }
        // `letters_touch` is another table's and still names it.
        #expect(throws: DatabaseError.self) { try Migrator([Self.before, nameless]).migrate(database) }
        #expect(try people(database) == ["Ada+ admin", "Bob+ -"])
    }

    @Test func `dropping a parent with foreign keys on is refused`() throws {
        let database = try open()
        let careless = Migration("careless") {
            try $0.rebuildTable("people", as: Self.definition, filledBy: "SELECT key, name, 'viewer', boss_key FROM people")
        }
        let error = #expect(throws: TwinError.self) { try Migrator([Self.before, careless]).migrate(database) }
        #expect(error?.message.contains("rebuilding") == true)
        #expect(try count("letters", database) == 2)
    }

    @Test func `a crash in the middle leaves the old table, and the rebuild is done at the next start`() throws {
        let database = try open()
        try database.write { (connection) throws in
            for number in 0..<5_000 {
                try connection.run("INSERT INTO people (name, role) VALUES (?, 'viewer')", "person \(number)")
            }
        }
        let path = folder.file("a.db")
        let crashed = folder.file("crashed.db")
        let interrupted = Migration(rebuilding: "roles of people") { connection in
            // A small cache, so that half of the new table is in the log when the files are taken as they are.
            try connection.execute("PRAGMA cache_size = 10")
            try Self.roles.apply(connection)
            for suffix in ["", "-wal"] {
                try FileManager.default.copyItem(atPath: path + suffix, toPath: crashed + suffix)
            }
        }
        let log = FileContents.size(path + "-wal")
        try Migrator([Self.before, interrupted]).migrate(database)
        #expect(FileContents.size(crashed + "-wal") > log, "the crash came before anything was written")

        let after = try Database(path: crashed)
        #expect(try after.read { try Migrator.version($0) } == 1)
        #expect(try count("people", after) == 5_002)
        #expect(try after.read { try $0.rows("PRAGMA integrity_check") { $0.text(0) } } == ["ok"])
        try Migrator([Self.before, Self.roles]).migrate(after)
        #expect(try people(after) == (try people(database)))
        #expect(try count("letters", after) == 2)
    }

    @Test func `processes that start at once rebuild once`() throws {
        _ = try open()
        let applied = Mutex(0)
        let counted = Migration(rebuilding: "roles of people") {
            try Self.roles.apply($0)
            applied.withLock { $0 += 1 }
        }
        let path = folder.file("a.db")
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            do {
                try Migrator([Self.before, counted]).migrate(try Database(path: path))
            } catch {
                Issue.record(error)
            }
        }
        #expect(applied.withLock { $0 } == 1)
        #expect(try people(try Database(path: path)) == ["Ada+ admin", "Bob+ viewer"])
    }
}
