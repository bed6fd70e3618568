import Glibc
import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinSupport

/// The end of a database, and who else may read it.
@Suite struct DatabaseClosingTests {
    @Test func `a closed database is one file, and refuses further work`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("closing.db")
        let database = try Database(path: path, create: true)
        try database.write { try $0.execute("CREATE TABLE t (x); INSERT INTO t VALUES (1)") }
        #expect(try database.read { try $0.first("SELECT x FROM t") { $0.int(0) } } == 1)
        #expect(database.close(within: 240))
        #expect(access(path + "-wal", F_OK) != 0 && access(path + "-shm", F_OK) != 0)
        #expect(throws: DatabaseError.self) { try database.read { _ in } }
        #expect(throws: DatabaseError.self) { try database.write { _ in } }
        #expect(database.close(within: 0), "closing again changes nothing")
        #expect(try Database(path: path).read { try $0.first("SELECT x FROM t") { $0.int(0) } } == 1)
    }

    @Test func `closing waits for the reads that are under way, which see no end of the file`() throws {
        // Also those that end at the very moment: whoever has just given a connection back still refers to it.
        for round in 0..<200 {
            let folder = try TemporaryFolder()
            let path = folder.file("closing.db")
            let database = try Database(path: path, create: true)
            try database.write { try $0.execute("CREATE TABLE t (x); INSERT INTO t VALUES (1)") }
            let readers = 4
            let state = Monitor((begun: 0, sums: [Int?]()))
            for _ in 0..<readers {
                let isStarted = SystemThread.start {
                    let sum = try? database.read { connection in
                        state.withLock { $0.begun += 1 }
                        state.notifyAll()
                        usleep(round < 20 ? 20_000 : 200)
                        return try connection.first("SELECT sum(x) FROM t") { $0.int(0) }
                    }
                    state.withLock { $0.sums.append(sum ?? nil) }
                    state.notifyAll()
                }
                try #require(isStarted)
            }
            #expect(state.wait(seconds: 240) { $0.begun == readers ? true : nil } == true)
            #expect(database.close(within: 240))
            #expect(access(path + "-wal", F_OK) != 0 && access(path + "-shm", F_OK) != 0)
            #expect(state.wait(seconds: 240) { $0.sums.count == readers ? $0.sums : nil } == [1, 1, 1, 1])
        }
    }

    @Test func `a read that goes on to write does not hold the end up`() throws {
        let folder = try TemporaryFolder()
        let database = try Database(path: folder.file("closing.db"), create: true)
        try database.write { try $0.execute("CREATE TABLE t (x)") }
        let hasBegun = Monitor(false)
        let isStarted = SystemThread.start {
            try? database.read { _ in
                while (try? database.write { try $0.run("INSERT INTO t VALUES (1)") }) != nil {
                    hasBegun.withLock { $0 = true }
                    hasBegun.notifyAll()
                }
            }
        }
        try #require(isStarted)
        #expect(hasBegun.wait(seconds: 240) { $0 ? true : nil } == true)
        #expect(database.close(within: 240))
    }

    @Test func `closing does not wait for a reader of another connection, and loses nothing`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("closing.db")
        let database = try Database(path: path, create: true)
        try database.write { try $0.execute("CREATE TABLE t (x); INSERT INTO t VALUES (1)") }
        let other = try Database(path: path)
        try other.read { connection in
            #expect(try connection.first("SELECT count(*) FROM t") { $0.int(0) } == 1)
            try database.write { try $0.run("INSERT INTO t VALUES (2)") }
            #expect(!database.close(within: 0.05))
        }
        #expect(try other.read { try $0.first("SELECT count(*) FROM t") { $0.int(0) } } == 2)
    }

    @Test func `only the owner can read a database, from its first byte`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("private.db")
        let database = try Database(path: path, create: true)
        try database.write { try $0.execute("CREATE TABLE t (x)") }
        for suffix in ["", "-wal", "-shm"] { #expect(FileMode.permissions(path + suffix) == 0o600, "\(suffix)") }
    }
}
