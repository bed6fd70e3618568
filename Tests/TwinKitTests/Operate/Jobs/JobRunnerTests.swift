import Dispatch
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import TwinKit
@testable import TwinSupport

@Suite struct JobRunnerTests {
    /// Waits until the job has ended.
    private func wait(for id: String, in queue: JobQueue) throws -> Job {
        for _ in 0..<12_000 {
            let seen = JobSignal.current
            let job = try queue.find(id)
            if job.isFinished { return job }
            _ = JobSignal.wait(after: seen, seconds: 0.02)
        }
        throw TwinError(.busy, "the job did not end")
    }

    @Test func `two runners with several threads do each job once`() throws {
        let fixture = try TwinFixture()
        for number in 0..<40 { try fixture.enqueue("\(number)") }
        let done = Mutex<[String]>([])
        let runners = (0..<2).map { _ in
            JobRunner(queue: fixture.queue, threads: 3) { job, _ in
                done.withLock { $0.append(job.id) }
                return ["done": true]
            }
        }
        runners.forEach { $0.start() }
        try runners[0].waitUntilIdle()
        let areStopped = runners.map { $0.stop(within: 240) }
        #expect(areStopped == [true, true])
        #expect(done.withLock { $0.count } == 40)
        #expect(Set(done.withLock { $0 }).count == 40)
        #expect(try fixture.queue.list(status: .complete, limit: 100).count == 40)
    }

    @Test func `a job that is added while the runner waits is done`() throws {
        let fixture = try TwinFixture()
        let runner = JobRunner(queue: fixture.queue) { _, context in
            context.report(progress: 0.5)
            return ["answer": 42]
        }
        runner.start()
        defer { runner.stop(within: 10) }
        let job = try wait(for: try fixture.enqueue().id, in: fixture.queue)
        #expect(job.status == .complete)
        #expect(job.progress == 1)
        #expect(job.metadata["answer"] == 42)
    }

    @Test func `a running job that is cancelled stops and is cancelled`() throws {
        let fixture = try TwinFixture()
        let began = DispatchSemaphore(value: 0)
        let runner = JobRunner(queue: fixture.queue, threads: 1) { _, context in
            began.signal()
            while !context.isCancelled { _ = JobSignal.wait(after: JobSignal.current, seconds: 0.01) }
            throw TwinError(.interrupted, "interrupted")
        }
        runner.start()
        defer { runner.stop(within: 10) }
        let id = try fixture.enqueue().id
        began.wait()
        _ = try fixture.queue.cancel(id)
        let job = try wait(for: id, in: fixture.queue)
        #expect(job.status == .failed)
        #expect(job.isCancelled)
        #expect(job.attempts == 1)
    }

    @Test func `a stopped runner lets a job end that ends soon`() throws {
        let fixture = try TwinFixture()
        let began = DispatchSemaphore(value: 0)
        let mayEnd = DispatchSemaphore(value: 0)
        let runner = JobRunner(queue: fixture.queue, threads: 1) { _, _ in
            began.signal()
            mayEnd.wait()
            return [:]
        }
        runner.start()
        let id = try fixture.enqueue().id
        let next = try fixture.enqueue("next")
        began.wait()
        // A job that ended sooner would be followed by the next.
        let isWatched = SystemThread.start {
            while !runner.mustStop { usleep(1_000) }
            mayEnd.signal()
        }
        #expect(isWatched && runner.stop(within: 240))
        #expect(try fixture.queue.find(id).status == .complete)
        #expect(try fixture.queue.find(next.id).status == .queued, "no further job is begun")
    }

    @Test func `a stopped runner gives a long job back, and the attempt does not count`() throws {
        let fixture = try TwinFixture()
        let began = DispatchSemaphore(value: 0)
        let runner = JobRunner(queue: fixture.queue, threads: 1) { _, context in
            began.signal()
            while !context.isCancelled { _ = JobSignal.wait(after: JobSignal.current, seconds: 0.01) }
            throw TwinError(.interrupted, "interrupted")
        }
        runner.start()
        let id = try fixture.enqueue().id
        began.wait()
        #expect(runner.stop(within: 0, givingBack: 240))
        let job = try fixture.queue.find(id)
        #expect(job.status == .queued)
        #expect(job.attempts == 0)
        #expect(try fixture.queue.lease(for: "another") != nil)
    }

    @Test func `a job that fails in passing succeeds at a later attempt`() throws {
        let fixture = try TwinFixture(["TWIN_JOBS_RETRY_SECONDS": "0"])
        let id = try fixture.enqueue().id
        let runner = JobRunner(queue: fixture.queue) { job, _ in
            if job.attempts < 3 { throw TwinError(.busy, "not now") }
            return [:]
        }
        runner.start()
        defer { runner.stop(within: 10) }
        try runner.waitUntilIdle()
        let job = try fixture.queue.find(id)
        #expect(job.status == .complete)
        #expect(job.attempts == 3)
        #expect(job.errorMessage == nil)
    }

    @Test func `one job can be done on the calling thread`() throws {
        let fixture = try TwinFixture()
        try fixture.enqueue("one")
        try fixture.enqueue("two")
        let runner = JobRunner(queue: fixture.queue) { _, _ in [:] }
        #expect(try runner.runOnce()?.status == .complete)
        #expect(try fixture.queue.list(status: .queued).count == 1)
    }
}
