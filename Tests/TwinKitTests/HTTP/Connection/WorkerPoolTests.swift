import Dispatch
import Synchronization
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

@Suite struct WorkerPoolTests {
    private static var now: UInt64 { Clock.monotonicNanoseconds }

    /// Calls `relieve` as the event loops do, until `isDone`; gives up after a minute.
    private func relieve(_ pool: WorkerPool, until isDone: () -> Bool) -> Bool {
        let end = Self.now + 240_000_000_000
        let pause = Monitor(false)
        while !isDone(), Self.now < end {
            pool.relieve(now: Self.now)
            let _: Bool? = pause.wait(seconds: 0.002) { $0 ? true : nil }
        }
        return isDone()
    }

    @Test func `every job that is taken runs, and each once`() {
        let pool = WorkerPool(maximumThreads: 8, maximumWaiting: 10_000)
        let runs = Mutex<[Int: Int]>([:])
        let group = DispatchGroup()
        for number in 0..<2_000 {
            group.enter()
            let isTaken = pool.submit(now: Self.now) {
                runs.withLock { $0[number, default: 0] += 1 }
                group.leave()
            }
            #expect(isTaken)
            if !isTaken { group.leave() }
        }
        group.wait()
        #expect(runs.withLock { $0.count } == 2_000)
        #expect(runs.withLock { $0.values.allSatisfy { $0 == 1 } })
        #expect(!pool.hasWaiting)
        pool.stop()
    }

    @Test func `jobs of one thread begin in their order`() {
        let pool = WorkerPool(maximumThreads: 1, maximumWaiting: 5_000)
        let order = Mutex<[Int]>([])
        let group = DispatchGroup()
        for number in 0..<3_000 {
            group.enter()
            let isTaken = pool.submit(now: Self.now) {
                order.withLock { $0.append(number) }
                group.leave()
            }
            #expect(isTaken)
            if !isTaken { group.leave() }
        }
        group.wait()
        #expect(order.withLock { $0 } == Array(0..<3_000))
        pool.stop()
    }

    @Test func `a pool with too much waiting refuses, and takes again when there is room`() {
        let pool = WorkerPool(maximumThreads: 1, maximumWaiting: 3, baseThreads: 1)
        let gate = DispatchSemaphore(value: 0)
        let began = DispatchSemaphore(value: 0)
        let done = Mutex(0)
        #expect(
            pool.submit(now: Self.now) {
                began.signal()
                gate.wait()
            })
        began.wait()
        for _ in 0..<3 { #expect(pool.submit(now: Self.now) { done.withLock { $0 += 1 } }) }
        #expect(pool.hasWaiting)
        #expect(!pool.submit(now: Self.now) { done.withLock { $0 += 100 } })
        gate.signal()
        #expect(relieve(pool) { done.withLock { $0 } == 3 })
        #expect(pool.submit(now: Self.now) { done.withLock { $0 += 1 } })
        #expect(relieve(pool) { done.withLock { $0 } == 4 })
        pool.stop()
    }

    @Test func `threads that block are joined by others, up to the limit`() {
        let pool = WorkerPool(maximumThreads: 6, maximumWaiting: 100, baseThreads: 2)
        let gate = DispatchSemaphore(value: 0)
        let began = Mutex(0)
        for _ in 0..<20 {
            #expect(
                pool.submit(now: Self.now) {
                    began.withLock { $0 += 1 }
                    gate.wait()
                })
        }
        #expect(relieve(pool) { began.withLock { $0 } == 6 }, "jobs that wait for others to end would never begin")
        for _ in 0..<50 { pool.relieve(now: Self.now + 1_000_000_000) }
        #expect(began.withLock { $0 } == 6)
        for _ in 0..<20 { gate.signal() }
        #expect(relieve(pool) { began.withLock { $0 } == 20 })
        pool.stop()
    }

    @Test func `a pool that was stopped takes nothing, and ends what it began`() {
        let pool = WorkerPool(maximumThreads: 2, maximumWaiting: 10)
        let gate = DispatchSemaphore(value: 0)
        let began = DispatchSemaphore(value: 0)
        let ended = DispatchSemaphore(value: 0)
        #expect(
            pool.submit(now: Self.now) {
                began.signal()
                gate.wait()
                ended.signal()
            })
        began.wait()
        pool.stop()
        #expect(!pool.submit(now: Self.now) { Issue.record("a job of a stopped pool ran") })
        gate.signal()
        #expect(ended.wait(timeout: .now() + 240) == .success)
    }
}
