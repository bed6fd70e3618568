import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// Threads that run handlers, so that a handler may block.
///
/// A thread a core serves short handlers fastest: more of them only change places. So further threads start, up to a
/// limit, only when those that run are stuck, and end after some seconds without work.
final class WorkerPool: Sendable {
    typealias Job = @Sendable () -> Void

    private struct State {
        var jobs: [(job: Job, since: UInt64)?] = []
        var first = 0
        var threads = 0
        var idle = 0
        var isStopped = false
        /// When a job was last begun, in monotonic nanoseconds.
        var lastBegun: UInt64 = 0

        var waiting: Int { jobs.count - first }

        mutating func next() -> Job? {
            guard first < jobs.count else { return nil }
            let entry = jobs[first]
            jobs[first] = nil
            first += 1
            if first == jobs.count {
                jobs.removeAll(keepingCapacity: true)
                first = 0
            } else if first > 1024 {
                jobs.removeFirst(first)
                first = 0
            }
            lastBegun = Clock.monotonicNanoseconds
            return entry?.job
        }

        /// Whether the threads are stuck: they begin nothing, or a job waits too long for its turn.
        func isStuck(at now: UInt64) -> Bool {
            guard first < jobs.count, let oldest = jobs[first] else { return false }
            return now > max(lastBegun, oldest.since) &+ WorkerPool.stuckAfter || now > oldest.since &+ WorkerPool.lateAfter
        }
    }

    /// Nanoseconds without a job being begun, while one waits, that mean all threads block.
    private static let stuckAfter: UInt64 = 1_000_000
    /// Nanoseconds of waiting that mean there are too few threads, even if they get on.
    private static let lateAfter: UInt64 = 20_000_000
    /// Seconds after which a thread without work ends.
    private static let idleSeconds = 10.0

    private let baseThreads: Int
    private let maximumThreads: Int
    private let maximumWaiting: Int
    private let state = Monitor(State())
    private let waiting = Atomic<Int>(0)

    init(maximumThreads: Int, maximumWaiting: Int) {
        self.maximumThreads = max(1, maximumThreads)
        self.maximumWaiting = maximumWaiting
        baseThreads = min(self.maximumThreads, max(2, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    }

    /// Whether jobs wait, so that `relieve` should be called within a millisecond or two.
    var hasWaiting: Bool { waiting.load(ordering: .relaxed) > 0 }

    /// Takes the job, or returns false when too much waits already or the pool is stopped. `now` is in monotonic
    /// nanoseconds.
    func submit(now: UInt64, _ job: @escaping Job) -> Bool {
        enum Step { case refuse, wake, start, leave }
        let step: Step = state.withLock { state in
            guard !state.isStopped, state.waiting < maximumWaiting else { return .refuse }
            state.jobs.append((job, now))
            waiting.store(state.waiting, ordering: .relaxed)
            if state.idle >= state.waiting { return .wake }
            guard state.threads < baseThreads || state.threads < maximumThreads && state.isStuck(at: now) else {
                return .leave
            }
            state.threads += 1
            return .start
        }
        switch step {
        case .refuse: return false
        case .leave: return true
        case .wake: state.notifyOne()
        case .start:
            if !start() {
                // The system has no thread to give: the job stays for one that runs already, if there is any.
                return state.withLock { state in
                    if state.threads > 0 { return true }
                    _ = state.jobs.popLast()
                    return false
                }
            }
        }
        return true
    }

    /// Starts a further thread if those that run are stuck.
    func relieve(now: UInt64) {
        let starts = state.withLock { state in
            guard state.idle == 0, state.threads < maximumThreads, state.isStuck(at: now) else { return false }
            state.threads += 1
            return true
        }
        if starts { _ = start() }
    }

    /// Refuses further jobs and lets idle threads end; running jobs go on.
    func stop() {
        state.withLock { $0.isStopped = true }
        state.notifyAll()
    }

    private func start() -> Bool {
        if SystemThread.start({ [self] in run() }) { return true }
        state.withLock { $0.threads -= 1 }
        return false
    }

    private func run() {
        while let job = next() { job() }
    }

    /// The next job; none when the thread should end.
    private func next() -> Job? {
        if let job = state.withLock({ take(&$0) }) { return job }
        state.withLock { $0.idle += 1 }
        let found: Job?? = state.wait(seconds: Self.idleSeconds) { state -> Job?? in
            if let job = take(&state) { return .some(job) }
            return state.isStopped ? .some(nil) : nil
        }
        return state.withLock { state in
            state.idle -= 1
            if let job = (found ?? nil) ?? take(&state) { return job }
            state.threads -= 1
            return nil
        }
    }

    private func take(_ state: inout State) -> Job? {
        let job = state.next()
        if job != nil { waiting.store(state.waiting, ordering: .relaxed) }
        return job
    }
}
