/// Threads that run handlers, so that a handler may block. Threads start when work waits and none is idle, up to a
/// limit, and end after some seconds without work.
final class WorkerPool: Sendable {
    typealias Job = @Sendable () -> Void

    private struct State {
        var jobs: [Job?] = []
        var first = 0
        var threads = 0
        var idle = 0
        var isStopped = false

        var waiting: Int { jobs.count - first }

        mutating func next() -> Job? {
            guard first < jobs.count else { return nil }
            let job = jobs[first]
            jobs[first] = nil
            first += 1
            if first == jobs.count {
                jobs.removeAll(keepingCapacity: true)
                first = 0
            } else if first > 1024 {
                jobs.removeFirst(first)
                first = 0
            }
            return job
        }
    }

    /// Seconds after which a thread without work ends.
    private static let idleSeconds = 10.0

    private let maximumThreads: Int
    private let maximumWaiting: Int
    private let state = Monitor(State())

    init(maximumThreads: Int, maximumWaiting: Int) {
        self.maximumThreads = max(1, maximumThreads)
        self.maximumWaiting = maximumWaiting
    }

    /// Takes the job, or returns false when too much waits already or the pool is stopped.
    func submit(_ job: @escaping Job) -> Bool {
        enum Step { case refuse, wake, start, leave }
        let step: Step = state.withLock { state in
            guard !state.isStopped, state.waiting < maximumWaiting else { return .refuse }
            state.jobs.append(job)
            if state.idle >= state.waiting { return .wake }
            guard state.threads < maximumThreads else { return .leave }
            state.threads += 1
            return .start
        }
        switch step {
        case .refuse: return false
        case .leave: return true
        case .wake: state.notifyOne()
        case .start:
            guard SystemThread.start({ [self] in run() }) else {
                // The system has no thread to give: the job stays for one that runs already, if there is any.
                return state.withLock { state in
                    state.threads -= 1
                    if state.threads > 0 { return true }
                    _ = state.jobs.popLast()
                    return false
                }
            }
        }
        return true
    }

    /// Refuses further jobs and lets idle threads end; running jobs go on.
    func stop() {
        state.withLock { $0.isStopped = true }
        state.notifyAll()
    }

    private func run() {
        while true {
            var job = state.withLock { $0.next() }
            if job == nil {
                state.withLock { $0.idle += 1 }
                let found: Job?? = state.wait(seconds: Self.idleSeconds) { state -> Job?? in
                    if let job = state.next() { return .some(job) }
                    return state.isStopped ? .some(nil) : nil
                }
                job = found ?? nil
                let ends = state.withLock { state in
                    state.idle -= 1
                    if job == nil { job = state.next() }
                    if job == nil { state.threads -= 1 }
                    return job == nil
                }
                if ends { return }
            }
            job?()
        }
    }
}
