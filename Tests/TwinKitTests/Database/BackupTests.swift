import Dispatch
import Synchronization
import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSupport

@Suite struct BackupTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func makeDatabase(_ name: String = "a.db") throws -> Database {
        let database = try Database(path: folder.file(name), create: true)
        try Schema.migrator.migrate(database)
        return database
    }

    private func names(_ path: String) throws -> [String] {
        try TwinStore(database: Database(path: path)).list().map(\.name)
    }

    @Test func `a backup taken while others write is whole and of one moment`() throws {
        let database = try makeDatabase()
        let store = TwinStore(database: database)
        // Two rows that belong together in each transaction: a torn copy would have one without the other.
        try database.write { try $0.execute("CREATE TABLE pair (a, b); CREATE TABLE filler (x)") }
        try database.write { for _ in 0..<3000 { try $0.run("INSERT INTO filler VALUES (zeroblob(4000))") } }
        _ = try store.create(name: "Ada")
        let isDone = Mutex(false)
        let group = DispatchGroup()
        // A queue of its own: other tests may block all threads of the shared one.
        DispatchQueue(label: "writer").async(group: group) {
            var number = 0
            while !isDone.withLock({ $0 }) {
                try? database.write { connection in
                    try connection.run("INSERT INTO pair (a) VALUES (?)", number)
                    try connection.run("UPDATE pair SET b = a WHERE b IS NULL")
                    try connection.run("UPDATE filler SET x = zeroblob(4001) WHERE rowid = ?", number % 3000 + 1)
                }
                number += 1
            }
        }
        for round in 0..<3 {
            let copy = folder.file("copy\(round).db")
            try Backup.write(database, to: copy)
            let restored = try Database(path: copy)
            #expect(try restored.read { try $0.rows("PRAGMA integrity_check") { $0.text(0) } } == ["ok"])
            #expect(try restored.read { try $0.first("SELECT count(*) FROM pair WHERE b IS NOT a") { $0.int(0) } } == 0)
            #expect(try names(copy) == ["Ada"])
        }
        isDone.withLock { $0 = true }
        group.wait()
    }

    @Test func `restoring puts the backup in the place of the database`() throws {
        do {
            let database = try makeDatabase()
            _ = try TwinStore(database: database).create(name: "Ada")
            try Backup.write(database, to: folder.file("copy.db"))
            _ = try TwinStore(database: database).create(name: "Bob")
        }
        try Backup.restore(folder.file("copy.db"), to: folder.file("a.db"), replacing: true, migrator: Schema.migrator)
        #expect(try names(folder.file("a.db")) == ["Ada"])
    }

    @Test func `restoring over a database that is open is refused`() throws {
        let database = try makeDatabase()
        _ = try TwinStore(database: database).create(name: "Ada")
        try Backup.write(database, to: folder.file("copy.db"))
        _ = try TwinStore(database: database).create(name: "Bob")
        let error = #expect(throws: TwinError.self) {
            try Backup.restore(folder.file("copy.db"), to: folder.file("a.db"), replacing: true, migrator: Schema.migrator)
        }
        #expect(error?.kind == .busy)
        #expect(try TwinStore(database: database).list().count == 2)
    }

    @Test func `a damaged, foreign, newer or missing backup changes nothing`() throws {
        do {
            let database = try makeDatabase()
            _ = try TwinStore(database: database).create(name: "Ada")
            let newer = try Database(path: folder.file("newer.db"), create: true)
            try Migrator(Array(repeating: Migration("x", sql: ""), count: 99)).migrate(newer)
            let foreign = try Database(path: folder.file("foreign.db"), create: true)
            try foreign.write { try $0.execute("CREATE TABLE theirs (x)") }
            try Backup.write(database, to: folder.file("damaged.db"))
        }
        var bytes = try FileContents.read(folder.file("damaged.db"), maximumBytes: 1 << 24).bytes
        for index in 4096..<min(bytes.count, 20_000) { bytes[index] = 0xAA }
        try AtomicFile.write(bytes, to: folder.file("damaged.db"))
        try folder.write("text.db", "hello")
        for name in ["newer.db", "foreign.db", "damaged.db", "text.db", "missing.db"] {
            #expect(throws: (any Error).self, "\(name)") {
                try Backup.restore(folder.file(name), to: folder.file("a.db"), replacing: true, migrator: Schema.migrator)
            }
        }
        #expect(try names(folder.file("a.db")) == ["Ada"])
    }
}
