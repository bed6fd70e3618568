import Dispatch
import Synchronization
import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// Calls of a database inside calls of it, on one thread.
@Suite struct NestedCallTests {
    let folder: TemporaryFolder
    let database: Database

    init() throws {
        folder = try TemporaryFolder()
        var configuration = Database.Configuration()
        configuration.maximumReaders = 2
        database = try Database(path: folder.file("a.db"), create: true, configuration: configuration)
        try database.write { try $0.execute("CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1), (2), (3)") }
    }

    private func count() throws -> Int {
        try database.read { try $0.first("SELECT count(*) FROM t") { $0.int(0) } ?? -1 }
    }

    @Test func `a write inside a write stops a debug build with a message`() async throws {
        let result = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let database = try Database(path: "", create: true)
            try database.write { _ in try database.write { _ in } }
        }
        let message = String(decoding: result.standardErrorContent, as: UTF8.self)
        #expect(message.contains("a write was begun inside a write"))
    }

    @Test func `the writer inside a write stops a debug build too`() async throws {
        await #expect(processExitsWith: .failure) {
            let database = try Database(path: "", create: true)
            try database.withWriter { _ in try database.write { _ in } }
        }
        await #expect(processExitsWith: .failure) {
            let database = try Database(path: "", create: true)
            try database.write { _ in try database.withWriter { _ in } }
        }
    }

    @Test func `a release build throws what the debug build says`() throws {
        #expect(database.loans.writeRefusal == nil)
        try database.write { _ in #expect(database.loans.writeRefusal?.message.contains("inside a write") == true) }
        #expect(database.loans.writeRefusal == nil)
        #expect(throws: TwinError.self) { try database.write { _ in throw TwinError(.failed, "stop") } }
        #expect(database.loans.writeRefusal == nil)
    }

    @Test func `reads inside reads take no further reader and see the same moment`() throws {
        func nested(_ depth: Int, _ first: Connection) throws {
            try database.read { (connection) throws in
                #expect(connection === first)
                #expect(try connection.first("SELECT count(*) FROM t") { $0.int(0) } == 3)
                if depth > 0 { try nested(depth - 1, first) }
            }
        }
        try database.read { (connection) throws in
            #expect(try connection.first("SELECT count(*) FROM t") { $0.int(0) } == 3)
            try database.write { try $0.run("INSERT INTO t VALUES (4)") }
            // Far more than the pool has.
            try nested(50, connection)
        }
        #expect(try count() == 4)
    }

    @Test func `a read that throws inside another leaves the other its rows`() throws {
        let ids = try database.read { (connection) throws in
            try connection.rows("SELECT id FROM t ORDER BY id") { row in
                let id = row.int(0)
                do {
                    try database.read { _ in throw TwinError(.failed, "stop") }
                } catch {}
                return id
            }
        }
        #expect(ids == [1, 2, 3])
    }

    @Test func `the same statement inside its own rows does not disturb them`() throws {
        let pairs = try database.read { (connection) throws in
            try connection.rows("SELECT id FROM t ORDER BY id") { row in
                let inner = try database.read { try $0.rows("SELECT id FROM t ORDER BY id") { $0.int(0) } }
                return "\(row.int(0)):\(inner)"
            }
        }
        #expect(pairs == ["1:[1, 2, 3]", "2:[1, 2, 3]", "3:[1, 2, 3]"])
    }

    @Test func `a deadline inside a deadline ends with it, and the outer one holds on`() throws {
        let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        let outer = Mutex(false)
        let inner = Mutex(false)
        let database = database
        try database.read(deadline: .max, isCancelled: { outer.withLock { $0 } }) { (connection) throws in
            inner.withLock { $0 = true }
            #expect(throws: DatabaseError.self) {
                try database.read(deadline: .max, isCancelled: { inner.withLock { $0 } }) { try $0.first(endless) { $0.int(0) } }
            }
            #expect(try connection.first("SELECT count(*) FROM t") { $0.int(0) } == 3)
            outer.withLock { $0 = true }
            #expect(throws: DatabaseError.self) { try connection.first(endless) { $0.int(0) } }
            inner.withLock { $0 = false }
            // The outer one is asked inside the inner one, too.
            #expect(throws: DatabaseError.self) {
                try database.read(deadline: .max, isCancelled: { inner.withLock { $0 } }) { try $0.first(endless) { $0.int(0) } }
            }
        }
        #expect(try count() == 3)
    }

    @Test func `writers that read and readers that write do not wait for each other`() throws {
        let database = database
        let failures = Mutex<[String]>([])
        let inside = Monitor(0)
        let group = DispatchGroup()
        for thread in 0..<6 {
            let run: @Sendable () -> Void = {
                defer { group.leave() }
                do {
                    if thread % 2 == 0 {
                        try database.read { _ in
                            inside.withLock { $0 += 1 }
                            inside.notifyAll()
                            try database.write { (connection) throws in
                                try connection.run("INSERT INTO t VALUES (?)", 100 + thread)
                                _ = try database.read { try $0.first("SELECT count(*) FROM t") { $0.int(0) } }
                            }
                        }
                    } else {
                        try database.write { (connection) throws in
                            try connection.run("INSERT INTO t VALUES (?)", 100 + thread)
                            // The whole pool is out, and waits for this write.
                            let isOut: Bool? = inside.wait(seconds: 240) { $0 >= 2 ? true : nil }
                            if isOut == nil { throw TwinError(.failed, "the readers did not come") }
                            _ = try database.read { try $0.first("SELECT count(*) FROM t") { $0.int(0) } }
                        }
                    }
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
            }
            group.enter()
            if !SystemThread.start(run) { group.leave() }
        }
        group.wait()
        #expect(failures.withLock { $0 } == [])
        #expect(try count() == 9)
    }

    @Test func `what a write reads is of now, although its thread was reading before`() throws {
        try database.read { (connection) throws in
            #expect(try connection.first("SELECT count(*) FROM t") { $0.int(0) } == 3)
            try database.write { try $0.run("INSERT INTO t VALUES (4)") }
            let seen = try database.write { _ in try count() }
            #expect(seen == 4)
            #expect(try count() == 3, "outside the write it is the moment of the read")
        }
    }
}
