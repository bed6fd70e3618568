import Synchronization
import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

@Suite struct JobQueueTests {
    @Test func `a job carries the fields of the contract`() throws {
        let fixture = try TwinFixture()
        let source = try fixture.reserve()
        let json = StudioJob(try fixture.enqueue(source: source.id)).json
        for field in [
            "id", "twin_id", "source_id", "status", "job_type", "priority", "error_message", "metadata", "progress", "attempts",
            "created_at", "updated_at", "started_at", "completed_at",
        ] { #expect(json[field] != nil, "\(field)") }
        #expect(json["status"] == "queued")
        #expect(json["job_type"] == "ingestion")
        #expect(json["twin_id"]?.stringValue == fixture.twin.id)
        #expect(json["source_id"]?.stringValue == source.id)
    }

    @Test func `many threads take each job exactly once`() throws {
        let fixture = try TwinFixture()
        for number in 0..<60 { try fixture.enqueue("\(number)") }
        let taken = Mutex<[String]>([])
        let queue = fixture.queue
        Parallel.run(6) { worker in
            while let job = try? queue.lease(for: "worker \(worker)") { taken.withLock { $0.append(job.id) } }
        }
        let ids = taken.withLock { $0 }
        #expect(ids.count == 60)
        #expect(Set(ids).count == 60)
    }

    @Test func `the highest priority comes first, then the oldest`() throws {
        let fixture = try TwinFixture()
        let first = try fixture.enqueue("first")
        let second = try fixture.enqueue("second")
        let urgent = try fixture.enqueue("urgent", priority: 5)
        let order = try (0..<3).compactMap { _ in try fixture.queue.lease(for: "worker")?.id }
        #expect(order == [urgent.id, first.id, second.id])
        #expect(try fixture.queue.lease(for: "worker") == nil)
    }

    /// What the mail server does is no business of documents, and the letters wait together.
    @Test func `while no letter can go one is tried once in a while, and other jobs go on`() throws {
        let fixture = try TwinFixture(["TWIN_JOBS_RETRY_SECONDS": "10"])
        let queue = fixture.queue
        func letter(_ day: Int, _ now: Timestamp = Clock.now) throws -> Job {
            try fixture.database.write {
                try JobQueue.enqueue(
                    .mail(.digest(userID: "u", date: "2026-11-0\(day)")), tenantID: fixture.twin.tenantID, createdBy: nil,
                    now: now, on: $0)
            }
        }
        func fail(_ job: Job, _ now: Timestamp) throws -> Job {
            let away = JobQueue.Outcome.failed(TwinError(.upstream, "the server is away"), ofItsKind: true)
            return try #require(try queue.finish(job, owner: "worker", away, now: now, random: 0.5))
        }
        let digests = try (1...3).map { try letter($0) }
        let document = try fixture.enqueue()
        let awaited = try fixture.database.write {
            try JobQueue.enqueue(
                .mail(.passwordReset(userID: nil)), tenantID: fixture.twin.tenantID, createdBy: nil, on: $0)
        }
        var now = Clock.now.adding(seconds: 1)
        let first = try #require(try queue.lease(for: "worker", now: now))
        #expect(first.id == awaited.id, "somebody waits for it")
        #expect(try queue.lease(for: "worker", now: now)?.id == document.id)
        #expect(try queue.lease(for: "worker", now: now) == nil && !queue.hasWork(now: now), "letters go one after another")
        let failed = try fail(first, now)
        #expect(failed.status == .queued && failed.runAfter == now.adding(seconds: 15), "the others come first")
        #expect(try queue.lease(for: "worker", now: now) == nil && !queue.hasWork(now: now))
        for digest in try digests.map({ try queue.find($0.id) }) {
            #expect(digest.attempts == 1 && digest.errorMessage == "the server is away")
            #expect(digest.runAfter == now.adding(seconds: 10))
        }
        // One that is queued meanwhile is tried, and then waits for what the others wait for; they do not wait for it.
        now = now.adding(seconds: 1)
        let late = try letter(4, now)
        #expect(try queue.lease(for: "worker", now: now)?.id == late.id)
        #expect(try fail(try queue.find(late.id), now).runAfter == now.adding(seconds: 15))
        #expect(try queue.find(digests[2].id).runAfter == now.adding(seconds: 9))
        // The next to be tried is another, and each waits twice as long after it.
        now = now.adding(seconds: 11)
        let next = try #require(try queue.lease(for: "worker", now: now))
        #expect(next.id != first.id && next.attempts == 2)
        _ = try fail(next, now)
        #expect(try queue.find(digests[2].id).runAfter == now.adding(seconds: 20))
        // One that is refused for itself holds up nobody.
        now = now.adding(seconds: 21)
        let refused = try #require(try queue.lease(for: "worker", now: now))
        _ = try queue.finish(refused, owner: "worker", .failed(TwinError(.upstream, "greylisted")), now: now, random: 0.5)
        #expect(try queue.lease(for: "worker", now: now) != nil)
    }

    @Test func `the same task is queued once`() throws {
        let fixture = try TwinFixture()
        let first = try fixture.enqueue()
        #expect(try fixture.enqueue().id == first.id)
        _ = try fixture.queue.lease(for: "worker")
        #expect(try fixture.enqueue().id != first.id, "what is being done may be out of date already")
    }

    @Test func `a job of a transaction that is undone was never there`() throws {
        let fixture = try TwinFixture()
        struct Undone: Error {}
        #expect(throws: Undone.self) {
            try fixture.database.write { connection in
                try JobQueue.enqueue(.embed, for: fixture.twin, on: connection)
                throw Undone()
            }
        }
        #expect(try fixture.queue.list().isEmpty)
    }

    @Test func `an upstream failure is tried again with growing pauses and ends after three attempts`() throws {
        let fixture = try TwinFixture(["TWIN_JOBS_RETRY_SECONDS": "10"])
        let source = try fixture.reserve()
        let job = try fixture.enqueue(source: source.id)
        var now = Clock.now.adding(seconds: 1)
        let failure = TwinError(.upstream, "the server is away")
        for (attempt, pause) in [(1, 10.0), (2, 20.0)] {
            let held = try #require(try fixture.queue.lease(for: "worker", now: now))
            #expect(held.attempts == attempt)
            let ended = try #require(try fixture.queue.finish(held, owner: "worker", .failed(failure), now: now, random: 0.5))
            #expect(ended.status == .queued)
            #expect(ended.errorMessage == "the server is away")
            #expect(ended.runAfter == now.adding(seconds: pause))
            #expect(try fixture.source(id: source.id).status == .processing, "it is not given up yet")
            #expect(try fixture.queue.lease(for: "worker", now: now.adding(seconds: pause - 1)) == nil)
            now = now.adding(seconds: pause)
        }
        let last = try #require(try fixture.queue.lease(for: "worker", now: now))
        let ended = try #require(try fixture.queue.finish(last, owner: "worker", .failed(failure), now: now))
        #expect(ended.status == .failed)
        #expect(ended.completedAt == now)
        let given = try fixture.source(id: source.id)
        #expect(given.status == .error)
        #expect(given.health == .failed)
        #expect(given.error == "the server is away")
        #expect(try fixture.queue.logs(of: job, level: .error).map(\.message) == ["the server is away"])
        #expect(try fixture.queue.logs(of: job, level: .warning).count == 2)
    }

    @Test func `no job waits for a clock that was set back`() throws {
        let fixture = try TwinFixture()
        let nextYear = Clock.now.adding(seconds: 365 * 86_400)
        try fixture.database.write { connection in
            _ = try JobQueue.enqueue(.embed, for: fixture.twin, now: nextYear, on: connection)
        }
        #expect(try fixture.queue.hasWork())
        let held = try #require(try fixture.queue.lease(for: "worker"))
        // A retry is waited for.
        let now = Clock.now
        _ = try fixture.queue.finish(held, owner: "worker", .failed(TwinError(.upstream, "away")), now: now, random: 1)
        #expect(try !fixture.queue.hasWork(now: now.adding(seconds: 1)))
    }

    @Test func `pauses double up to a limit and are spread by a quarter`() {
        var retries = JobQueue.Retries()
        retries.firstPause = 8
        retries.longestPause = 100
        #expect([1, 2, 3, 4, 5, 60].map { retries.pause(after: $0, random: 0.5) } == [8, 16, 32, 64, 100, 100])
        #expect(retries.pause(after: 1, random: 0) == 6)
        #expect(retries.pause(after: 1, random: 1) == 10)
    }

    @Test(arguments: [TwinError.Kind.invalid, .notFound, .notPermitted, .limitReached, .failed, .gone])
    func `a failure that would come again ends the job at once`(kind: TwinError.Kind) throws {
        let fixture = try TwinFixture()
        try fixture.enqueue()
        let held = try #require(try fixture.queue.lease(for: "worker"))
        let ended = try fixture.queue.finish(held, owner: "worker", .failed(TwinError(kind, "no")))
        #expect(ended?.status == .failed)
    }

    @Test func `a failed job whose source still answers needs attention`() throws {
        let fixture = try TwinFixture()
        let source = try fixture.reserve()
        try fixture.giveText(source)
        try fixture.enqueue(source: source.id)
        let held = try #require(try fixture.queue.lease(for: "worker"))
        let ended = try fixture.queue.finish(held, owner: "worker", .failed(TwinError(.notFound, "gone")))
        #expect(ended?.status == .needsAttention)
        #expect(try fixture.source(id: source.id).status == .live)
    }

    @Test func `a lease that has ended is taken over and its first holder changes nothing any more`() throws {
        let fixture = try TwinFixture()
        let job = try fixture.enqueue()
        let now = Clock.now.adding(seconds: 1)
        let first = try #require(try fixture.queue.lease(for: "first", now: now))
        #expect(try fixture.queue.lease(for: "second", now: now.adding(seconds: 59)) == nil)
        try fixture.queue.renew(first, owner: "first", progress: 0.4, now: now.adding(seconds: 50))
        #expect(try fixture.queue.lease(for: "second", now: now.adding(seconds: 70)) == nil, "the lease was renewed")
        #expect(try fixture.queue.find(job.id).progress == 0.4)
        let second = try #require(try fixture.queue.lease(for: "second", now: now.adding(seconds: 111)))
        #expect(second.id == job.id)
        #expect(second.attempts == 2)
        #expect(try fixture.queue.standing(of: first, owner: "first") == .lost)
        #expect(try fixture.queue.finish(first, owner: "first", .complete(["by": "first"])) == nil)
        #expect(try fixture.queue.finish(second, owner: "second", .complete(["by": "second"]))?.metadata["by"] == "second")
    }

    @Test func `the work of a process that is gone is taken over at once`() throws {
        let fixture = try TwinFixture()
        let job = try fixture.enqueue()
        // This process, but begun at another time: its number was given away since.
        var parts = ProcessIdentity.current.split(separator: ":").map(String.init)
        parts[parts.count - 1] = "1"
        let gone = parts.joined(separator: ":") + ":runner"
        _ = try fixture.queue.lease(for: gone)
        #expect(try fixture.queue.hasWork())
        #expect(try fixture.queue.lease(for: ProcessIdentity.current + ":other")?.id == job.id)
        #expect(try fixture.queue.lease(for: ProcessIdentity.current + ":third") == nil, "this process lives")
        #expect(!ProcessIdentity.isGone("elsewhere:1:2:3"))
        #expect(!ProcessIdentity.isGone(""))
    }

    @Test func `a job that ends its process again and again is given up`() throws {
        let fixture = try TwinFixture()
        let source = try fixture.reserve()
        let job = try fixture.enqueue(source: source.id)
        var now = Clock.now.adding(seconds: 1)
        for _ in 0..<3 {
            #expect(try fixture.queue.lease(for: "worker", now: now) != nil)
            now = now.adding(seconds: 61)
        }
        #expect(try fixture.queue.lease(for: "worker", now: now) == nil)
        #expect(try fixture.queue.find(job.id).status == .failed)
        #expect(try fixture.source(id: source.id).status == .error)
    }

    @Test func `a queued job is cancelled at once, a running one when its worker sees it`() throws {
        let fixture = try TwinFixture()
        let source = try fixture.reserve()
        let queued = try fixture.enqueue(source: source.id)
        let cancelled = try fixture.queue.cancel(queued.id)
        #expect(cancelled.status == .failed)
        #expect(cancelled.errorMessage == "cancelled")
        #expect(StudioJob(cancelled).json["metadata"]?["cancelled"] == true)
        #expect(try fixture.source(id: source.id).status == .error)
        #expect(try fixture.queue.cancel(queued.id).isCancelled, "again changes nothing")

        let running = try fixture.enqueue("two")
        let held = try #require(try fixture.queue.lease(for: "worker"))
        #expect(try fixture.queue.cancel(running.id).status == .processing)
        #expect(try fixture.queue.standing(of: held, owner: "worker") == .cancelRequested)
        #expect(try fixture.queue.finish(held, owner: "worker", .cancelled)?.isCancelled == true)
        #expect(throws: TwinError.self) { try fixture.queue.cancel(fixture.enqueueComplete()) }
    }

    @Test func `a failed job is queued again with all its attempts and a complete one is not`() throws {
        let fixture = try TwinFixture()
        let source = try fixture.reserve()
        let job = try fixture.enqueue(source: source.id)
        _ = try fixture.queue.cancel(job.id)
        let again = try fixture.queue.retry(job.id)
        #expect(again.status == .queued)
        #expect(again.attempts == 0)
        #expect(!again.isCancelled)
        #expect(again.errorMessage == nil)
        #expect(try fixture.source(id: source.id).status == .processing)
        let error = #expect(throws: TwinError.self) { try fixture.queue.retry(fixture.enqueueComplete()) }
        #expect(error?.kind == .conflict)
    }

    @Test func `a deleted source takes its waiting job with it`() throws {
        let fixture = try TwinFixture()
        let source = try fixture.reserve()
        let job = try fixture.enqueue(source: source.id)
        try fixture.execute("DELETE FROM sources WHERE id = '\(source.id)'")
        let ended = try fixture.queue.find(job.id)
        #expect(ended.status == .failed)
        #expect(ended.isCancelled)
        #expect(ended.completedAt != nil)
        #expect(try fixture.queue.lease(for: "worker") == nil)
    }

    @Test func `lists are of one tenant, twin, state and kind, and never longer than a page`() throws {
        let fixture = try TwinFixture()
        let other = try TwinStore(database: fixture.database).create(name: "Bea")
        for number in 0..<120 { try fixture.enqueue("\(number)") }
        try fixture.queue.enqueue(.embed, for: other)
        #expect(try fixture.queue.list(limit: 1_000).count == 100)
        #expect(try fixture.queue.list(twin: other).map(\.kind) == [.reindex])
        #expect(try fixture.queue.list(kind: .reindex).count == 1)
        #expect(try fixture.queue.list(status: .failed).isEmpty)
        #expect(try fixture.queue.list(tenantID: "another tenant").isEmpty)
        #expect(try fixture.queue.list(limit: 100, offset: 100).count == 21)
    }

    @Test func `jobs that ended long ago are forgotten with their logs`() throws {
        let fixture = try TwinFixture()
        let old = try fixture.enqueueComplete()
        let waiting = try fixture.enqueue("two")
        #expect(try fixture.queue.removeEnded(before: Clock.now.adding(seconds: 5)) == 1)
        #expect(try fixture.queue.list().map(\.id) == [waiting.id])
        #expect(throws: TwinError.self) { try fixture.queue.find(old) }
        #expect(try fixture.database.read { try $0.first("SELECT count(DISTINCT job_key) FROM job_logs") { $0.int(0) } } == 1)
    }
}

extension TwinFixture {
    /// The id of a job that is complete.
    func enqueueComplete() throws -> String {
        let job = try enqueue("complete")
        let held = try #require(try queue.lease(for: "worker"))
        _ = try queue.finish(held, owner: "worker", .complete([:]))
        return job.id
    }
}
