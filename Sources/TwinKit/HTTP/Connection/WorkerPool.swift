import Synchronization

#if canImport(Glibc)
    import Glibc
    import TwinSupport
#endif

/// Threads that run handlers, so that a handler may block.
///
/// A few threads serve short handlers fastest: more of them only change places, and wait for whoever lost the processor with
/// a lock in hand. So further threads start, or are woken, only when those that run are stuck, and end after some seconds
/// without work.
final class WorkerPool: Sendable {
    typealias Job = @Sendable () -> Void

    private enum Help { case none, wake, start }

    private struct State {
        var jobs: [(job: Job, since: UInt64)?] = []
        var first = 0
        var threads = 0
        var idle = 0
        /// Idle threads that were told to wake and have not yet.
        var waking = 0
        var isStopped = false
        /// When a job was last begun, in monotonic nanoseconds.
        var lastBegun: UInt64 = 0

        var waiting: Int { jobs.count - first }
        /// Threads that run, or are about to.
        var active: Int { threads - idle + waking }

        /// What a job that waits needs: nothing, an idle thread or a new one.
        mutating func help(at now: UInt64, base: Int, maximum: Int) -> Help {
            guard active < base || isStuck(at: now) else { return .none }
            if idle > waking {
                waking += 1
                return .wake
            }
            guard threads < maximum else { return .none }
            threads += 1
            return .start
        }

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

    /// `baseThreads` run without being stuck first: two a core where handlers are short, many where they wait.
    init(maximumThreads: Int, maximumWaiting: Int, baseThreads: Int? = nil) {
        self.maximumThreads = max(1, maximumThreads)
        self.maximumWaiting = maximumWaiting
        self.baseThreads = min(self.maximumThreads, baseThreads ?? max(2, 2 * sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    }

    /// Whether jobs wait, so that `relieve` should be called within a millisecond or two.
    var hasWaiting: Bool { waiting.load(ordering: .relaxed) > 0 }

    /// Takes the job, or returns false when too much waits already or the pool is stopped. `now` is in monotonic
    /// nanoseconds.
    func submit(now: UInt64, _ job: @escaping Job) -> Bool {
        let help: Help? = state.withLock { state in
            guard !state.isStopped, state.waiting < maximumWaiting else { return nil }
            state.jobs.append((job, now))
            waiting.store(state.waiting, ordering: .relaxed)
            return state.help(at: now, base: baseThreads, maximum: maximumThreads)
        }
        switch help {
        case nil: return false
        case .some(.none): return true
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

    /// Wakes or starts a further thread if those that run are stuck.
    func relieve(now: UInt64) {
        switch state.withLock({ $0.waiting > 0 ? $0.help(at: now, base: baseThreads, maximum: maximumThreads) : .none }) {
        case .none: return
        case .wake: state.notifyOne()
        case .start: _ = start()
        }
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
        var hasSlept = false
        let found: Job?? = state.wait(seconds: Self.idleSeconds) { state -> Job?? in
            // Woken, though another thread may have been quicker with the job.
            if hasSlept { state.waking = max(0, state.waking - 1) }
            hasSlept = true
            if let job = take(&state) { return .some(job) }
            return state.isStopped ? .some(nil) : nil
        }
        return state.withLock { state in
            state.idle -= 1
            state.waking = min(state.waking, state.idle)
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
