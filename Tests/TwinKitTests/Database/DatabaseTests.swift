import Dispatch
import Synchronization
import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSupport

@Suite struct DatabaseTests {
    let folder: TemporaryFolder
    let database: Database

    init() throws {
        folder = try TemporaryFolder()
        database = try Database(path: folder.file("a.db"), create: true)
        try database.write { try $0.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE, data BLOB)") }
    }

    private func count() throws -> Int {
        try database.read { try $0.first("SELECT count(*) FROM t") { $0.int(0) } ?? -1 }
    }

    @Test func `values come back as they were bound`() throws {
        let name = "Zoë \u{0} 😀"
        try database.write { try $0.run("INSERT INTO t VALUES (?, ?, ?)", Int64.min, name, [0, 255, 1] as [UInt8]) }
        let row = try database.read { try $0.first("SELECT id, name, data FROM t") { ($0.int64(0), $0.text(1), $0.bytes(2)) } }
        #expect(row?.0 == Int64.min)
        #expect(row?.1 == name)
        #expect(row?.2 == [0, 255, 1])
    }

    @Test func `empty text and empty bytes are not NULL`() throws {
        try database.write { try $0.run("INSERT INTO t VALUES (1, ?, ?)", "", [] as [UInt8]) }
        let nulls = try database.read { try $0.first("SELECT name IS NULL, data IS NULL FROM t") { ($0.int(0), $0.int(1)) } }
        #expect(nulls?.0 == 0)
        #expect(nulls?.1 == 0)
    }

    @Test func `a transaction that throws leaves nothing behind`() throws {
        #expect(throws: TwinError.self) {
            try database.write { (connection) throws in
                try connection.run("INSERT INTO t (id) VALUES (1)")
                throw TwinError(.failed, "stop")
            }
        }
        #expect(try count() == 0)
    }

    @Test func `an inner transaction that throws undoes only itself`() throws {
        try database.write { (connection) throws in
            try connection.run("INSERT INTO t (id) VALUES (1)")
            try? connection.transaction {
                try connection.run("INSERT INTO t (id) VALUES (2)")
                throw TwinError(.failed, "stop")
            }
            try connection.transaction { try connection.run("INSERT INTO t (id) VALUES (3)") }
        }
        #expect(try database.read { try $0.rows("SELECT id FROM t ORDER BY id") { $0.int(0) } } == [1, 3])
    }

    @Test func `a broken constraint keeps its extended code`() throws {
        let error = #expect(throws: DatabaseError.self) {
            try database.write { (connection) throws in
                try connection.run("INSERT INTO t (name) VALUES ('a')")
                try connection.run("INSERT INTO t (name) VALUES ('a')")
            }
        }
        #expect(error?.isUniqueViolation == true)
        #expect(error?.extendedCode == 2067)
    }

    @Test func `a reader cannot write`() throws {
        let error = #expect(throws: DatabaseError.self) { try database.read { try $0.run("INSERT INTO t (id) VALUES (1)") } }
        #expect(error?.isReadOnly == true)
    }

    @Test func `a read sees one moment while others write`() throws {
        try database.read { (connection) throws in
            let before = try connection.first("SELECT count(*) FROM t") { $0.int(0) }
            try database.write { try $0.run("INSERT INTO t (id) VALUES (1)") }
            #expect(try connection.first("SELECT count(*) FROM t") { $0.int(0) } == before)
        }
        #expect(try count() == 1)
    }

    @Test func `many threads read and write at once`() throws {
        let failures = Mutex<[String]>([])
        let database = database
        DispatchQueue.concurrentPerform(iterations: 24) { number in
            do {
                for step in 0..<20 {
                    if number % 4 == 0 {
                        try database.write { try $0.run("INSERT INTO t (id) VALUES (?)", number * 100 + step) }
                    } else {
                        _ = try database.read { try $0.first("SELECT count(*) FROM t") { $0.int(0) } }
                    }
                }
            } catch {
                failures.withLock { $0.append("\(error)") }
            }
        }
        #expect(failures.withLock { $0 } == [])
        #expect(try count() == 6 * 20)
    }

    @Test func `a query past its deadline is stopped`() throws {
        let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        let error = #expect(throws: DatabaseError.self) {
            try database.read(deadline: Clock.monotonicNanoseconds + 20_000_000) { try $0.first(endless) { $0.int(0) } }
        }
        #expect(error?.isInterrupted == true)
        #expect(try count() == 0, "the connection works again")
    }

    @Test func `a query is stopped when its caller has gone`() throws {
        let asked = Mutex(0)
        let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        #expect(throws: DatabaseError.self) {
            try database.read(
                deadline: .max,
                isCancelled: {
                    asked.withLock {
                        $0 += 1
                        return $0 > 3
                    }
                }
            ) {
                try $0.first(endless) { $0.int(0) }
            }
        }
    }

    @Test func `a file that is no database is refused and not touched`() throws {
        let path = try folder.write("text.db", String(repeating: "not a database ", count: 100))
        let before = try FileContents.read(path, maximumBytes: 10_000).bytes
        #expect(throws: (any Error).self) {
            let other = try Database(path: path)
            try Schema.migrator.migrate(other)
        }
        #expect(try FileContents.read(path, maximumBytes: 10_000).bytes == before)
    }

    @Test func `a range of a long value is read by itself`() throws {
        let data = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try database.write { try $0.run("INSERT INTO t VALUES (1, 'é', ?), (2, 'b', x'00')", data) }
        try database.read { (connection) throws in
            let reader = BlobReader(connection, table: "t", column: "data")
            #expect(try reader.bytes(key: 1, range: 50_000..<50_010) == Array(data[50_000..<50_010]))
            #expect(try reader.bytes(key: 2, range: 0..<1) == [0])
            #expect(try reader.bytes(key: 2, range: 0..<2) == nil, "longer than the value")
            #expect(try reader.bytes(key: 3, range: 0..<1) == nil, "no such row")
            #expect(try reader.bytes(key: 1, range: 0..<0) == [], "usable after a miss")
            #expect(try BlobReader(connection, table: "t", column: "name").bytes(key: 1, range: 0..<2) == Array("é".utf8))
        }
    }
}
