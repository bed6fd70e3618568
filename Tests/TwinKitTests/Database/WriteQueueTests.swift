import Dispatch
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

@Suite struct WriteQueueTests {
    @Test func `writes of many threads each happen once, and failed ones not at all`() throws {
        let folder = try TemporaryFolder()
        let database = try Database(path: folder.file("a.db"), create: true)
        try database.write { try $0.execute("CREATE TABLE t (id INTEGER PRIMARY KEY); CREATE TABLE done (id INTEGER)") }
        let acknowledged = Mutex<Set<Int>>([])
        let refused = Mutex<Set<Int>>([])
        DispatchQueue.concurrentPerform(iterations: 16) { thread in
            for round in 0..<40 {
                let id = thread * 1000 + round
                do {
                    try database.write { connection in
                        try connection.run("INSERT INTO t VALUES (?)", id)
                        if id % 3 == 0 { throw TwinError(.invalid, "not this one") }
                        // Breaks the primary key in every third of what is left, after a part has been written.
                        if id % 3 == 1 { try connection.run("INSERT INTO t VALUES (?)", id) }
                    }
                    _ = acknowledged.withLock { $0.insert(id) }
                    // What was acknowledged is there for everybody at once.
                    let found = try database.read { try $0.first("SELECT 1 FROM t WHERE id = ?", id) { _ in true } }
                    if found != true { Issue.record("\(id) was acknowledged and is not there") }
                } catch {
                    _ = refused.withLock { $0.insert(id) }
                }
            }
        }
        let stored = Set(try database.read { try $0.rows("SELECT id FROM t") { $0.int(0) } })
        #expect(stored == acknowledged.withLock { $0 })
        #expect(stored.count + refused.withLock { $0.count } == 640)
        #expect(stored.allSatisfy { $0 % 3 == 2 } && !stored.isEmpty)
    }

    @Test func `writes that wait together share one transaction`() throws {
        let folder = try TemporaryFolder()
        let database = try Database(path: folder.file("a.db"), create: true)
        try database.write { try $0.execute("CREATE TABLE t (id INTEGER PRIMARY KEY)") }
        let sizes = Mutex<Set<Int>>([])
        let started = DispatchSemaphore(value: 0)
        let group = DispatchGroup()
        // While the writer is lent out, everybody has to wait.
        try database.withWriter { _ in
            for id in 0..<20 {
                let run: @Sendable () -> Void = {
                    started.signal()
                    do {
                        try database.write { connection in
                            try connection.run("INSERT INTO t VALUES (?)", id)
                            // Rows that this transaction has, but no reader sees yet.
                            let here = try connection.first("SELECT count(*) FROM t") { $0.int(0) } ?? 0
                            let seen = try database.read { try $0.first("SELECT count(*) FROM t") { $0.int(0) } ?? 0 }
                            _ = sizes.withLock { $0.insert(here - seen) }
                        }
                    } catch {
                        Issue.record(error)
                    }
                    group.leave()
                }
                group.enter()
                if !SystemThread.start(run) { group.leave() }
            }
            for _ in 0..<20 { started.wait() }
            // They have started; that each has come to wait takes a moment more, and no more than a moment.
            let deadline = Clock.monotonicNanoseconds + 240_000_000_000
            while database.waitingWrites < 20, Clock.monotonicNanoseconds < deadline { usleep(1_000) }
            #expect(database.waitingWrites == 20)
        }
        group.wait()
        #expect(try database.read { try $0.first("SELECT count(*) FROM t") { $0.int(0) } } == 20)
        #expect(sizes.withLock { $0.max() } == 20)
    }
}
