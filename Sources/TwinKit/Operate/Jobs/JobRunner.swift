import Synchronization
import TwinDatabase
import TwinHTTP
import TwinSupport

/// Thrown by work of which nothing can be done for now, such as letters while the mail server is away. What is queued of its kind
/// waits with it.
struct Standstill: Error {
    /// It is of a kind that may pass (`upstream`, `busy`).
    var reason: TwinError
}

/// Threads that take jobs from the queue and do them until they are stopped. Jobs of this process begin at once, those that
/// another process has queued within a second. One more thread renews the leases and sees what is cancelled.
///
///     let runner = JobRunner(queue: workspace.jobs) { job, context in … }
///     runner.start()
///     …
///     runner.stop(within: 10)
package final class JobRunner: Sendable {
    /// Does a job and answers what came of it, for the job's metadata. It looks at `context.isCancelled` between its steps.
    package typealias Work = @Sendable (_ job: Job, _ context: JobContext) throws -> JSONObject

    /// What is told while jobs are done, from any thread.
    package struct Observer: Sendable {
        package var began: @Sendable (Job) -> Void = { _ in }
        /// The job as it stands after the work on it.
        package var ended: @Sendable (Job) -> Void = { _ in }
        /// The queue itself could not be used; the runner tries again.
        package var failed: @Sendable (TwinError) -> Void = { _ in }
        package init() {}
    }

    private let queue: JobQueue
    private let threads: Int
    private let work: Work
    private let observer: Observer
    private let owner = "\(ProcessIdentity.current):\(Identifier.make())"
    private let isStopping = Atomic<Bool>(false)
    private let state = Monitor(State())

    private struct State {
        /// Worker threads that run.
        var workers = 0
        var keeps = false
        /// The jobs in hand, with when their lease was last renewed.
        var held: [Int64: (context: JobContext, renewed: UInt64, progress: Double)] = [:]
    }

    /// Seconds between two looks at what other processes do.
    private static let pollSeconds = 1.0
    /// Nanoseconds after which a lease is renewed, a third of what it lasts.
    private static let renewalAge = UInt64(JobQueue.leaseSeconds / 3 * 1e9)
    /// Seconds that the work has to end once it is told to give its job back.
    package static let givingBackSeconds = 5.0
    /// Days for which a job that has ended can be looked at.
    private static let retentionDays = 30.0

    package init(queue: JobQueue, threads: Int = 2, observer: Observer = Observer(), work: @escaping Work) {
        self.queue = queue
        self.threads = max(0, threads)
        self.observer = observer
        self.work = work
    }

    /// Starts the threads, none when there are to be none. A runner is started once.
    package func start() {
        guard threads > 0 else { return }
        forgetOldJobs()
        keep()
        for _ in 0..<threads {
            state.withLock { $0.workers += 1 }
            let isStarted = SystemThread.start { [self] in
                while let job = next() { perform(job) }
                state.withLock { $0.workers -= 1 }
                state.notifyAll()
            }
            if !isStarted {
                state.withLock { $0.workers -= 1 }
                observer.failed(TwinError(.busy, "the system could not start a thread for jobs"))
            }
        }
    }

    /// Takes no further job and waits for those in hand. What is not done after `seconds` is told to stop, and its job given
    /// back to be begun again, for which there are `givingBack` seconds more. Answers whether all threads have ended.
    @discardableResult
    package func stop(within seconds: Double, givingBack: Double = JobRunner.givingBackSeconds) -> Bool {
        isStopping.store(true, ordering: .sequentiallyConsistent)
        JobSignal.send()
        if waitForWorkers(seconds) { return true }
        state.withLock { $0.held.values.map(\.context) }.forEach { $0.stop(.givenBack) }
        return waitForWorkers(givingBack)
    }

    /// Does the next job that is due on the calling thread and answers how it stands then; none when there is nothing to do.
    package func runOnce() throws -> Job? {
        guard let job = try queue.lease(for: owner) else { return nil }
        defer {
            isStopping.store(true, ordering: .sequentiallyConsistent)
            JobSignal.send()
        }
        perform(job)
        return try queue.find(job.id)
    }

    /// Does one job now, or waits for whoever was quicker to take it, until it has ended or `isCancelled` answers true. Then it
    /// goes on without whoever waits, or is given back to the next worker if `givesBack`. Answers how it stands. It is a runner's
    /// only work: one that has threads is not used for this.
    package func run(_ id: String, givesBack: Bool, isCancelled: () -> Bool) throws -> Job {
        defer {
            isStopping.store(true, ordering: .sequentiallyConsistent)
            JobSignal.send()
        }
        while true {
            let seen = JobSignal.current
            var job = try queue.find(id)
            if job.isFinished { return job }
            if isCancelled() {
                if givesBack {
                    giveBack()
                    _ = waitForWorkers(Self.givingBackSeconds)
                }
                return try queue.find(id)
            }
            if job.status == .queued, job.runAfter <= Clock.now, let taken = try queue.lease(id, for: owner) {
                job = taken
                state.withLock { $0.workers += 1 }
                let work: @Sendable () -> Void = { [self, taken] in
                    perform(taken)
                    state.withLock { $0.workers -= 1 }
                    state.notifyAll()
                }
                if !SystemThread.start(work) { work() }
            }
            _ = JobSignal.wait(after: seen, seconds: 0.2)
        }
    }

    /// Waits until nothing is queued or being done any more, jobs that wait for another attempt included, or until
    /// `isCancelled` answers true.
    package func waitUntilIdle(isCancelled: () -> Bool = { false }) throws {
        while !isCancelled() {
            let seen = JobSignal.current
            if try queue.isIdle() { return }
            _ = JobSignal.wait(after: seen, seconds: 0.2)
        }
    }

    /// Waits until `isEnded` answers true, which is asked several times a second.
    package func wait(until isEnded: () -> Bool) {
        while !isEnded() { _ = JobSignal.wait(after: JobSignal.current, seconds: 0.2) }
    }

    /// Tells the jobs in hand to stop, to be begun again by another worker.
    package func giveBack() {
        isStopping.store(true, ordering: .sequentiallyConsistent)
        state.withLock { $0.held.values.map(\.context) }.forEach { $0.stop(.givenBack) }
        JobSignal.send()
    }

    private func waitForWorkers(_ seconds: Double) -> Bool {
        state.wait(seconds: max(seconds, 0)) { $0.workers == 0 ? true : nil } ?? false
    }

    /// Whether no further job is begun.
    var mustStop: Bool { isStopping.load(ordering: .sequentiallyConsistent) }

    // MARK: Workers

    /// Waits for a job; none when the runner stops.
    private func next() -> Job? {
        while !mustStop {
            let seen = JobSignal.current
            do {
                if let job = try queue.lease(for: owner) { return job }
                // A signal may mean a job whose transaction is still open: `lease` waits for its end, a look would not.
                while !mustStop, !JobSignal.wait(after: seen, seconds: Self.pollSeconds) {
                    if try queue.hasWork() { break }
                }
            } catch {
                observer.failed(Self.twinError(error))
                _ = JobSignal.wait(after: JobSignal.current, seconds: Self.pollSeconds)
            }
        }
        return nil
    }

    private func perform(_ job: Job) {
        // Already there, unless the system had no thread for it before.
        keep()
        let context = JobContext(job, queue: queue)
        state.withLock { $0.held[job.key] = (context, Clock.monotonicNanoseconds, 0) }
        observer.began(job)
        var outcome: JobQueue.Outcome
        do {
            outcome = .complete(try work(job, context))
        } catch {
            let failure = Self.twinError(error)
            outcome =
                switch context.stop {
                case .cancelled: .cancelled
                case .givenBack: .givenBack
                case .lost, nil: .failed(failure, ofItsKind: error is Standstill)
                }
        }
        // Before the job is given on: the next who holds it may be another thread here.
        _ = state.withLock { $0.held.removeValue(forKey: job.key) }
        if context.stop == .lost { return }
        finish(job, outcome)
    }

    private func finish(_ job: Job, _ outcome: JobQueue.Outcome) {
        // Another process may hold the database for a while. When it never lets go, the lease ends and the job is done again.
        for attempt in 0..<3 {
            do {
                if let ended = try queue.finish(job, owner: owner, outcome) { observer.ended(ended) }
                return
            } catch {
                observer.failed(Self.twinError(error))
                if attempt < 2 { _ = JobSignal.wait(after: JobSignal.current, seconds: Self.pollSeconds) }
            }
        }
    }

    // MARK: Keeping leases

    /// Starts the thread that renews leases, once.
    private func keep() {
        let isFirst = state.withLock { state in
            defer { state.keeps = true }
            return !state.keeps
        }
        guard isFirst else { return }
        let isStarted = SystemThread.start { [self] in
            while !(mustStop && state.withLock({ $0.held.isEmpty && $0.workers == 0 })) {
                let seen = JobSignal.current
                for (key, held) in state.withLock({ $0.held }) { look(after: key, held) }
                _ = JobSignal.wait(after: seen, seconds: Self.pollSeconds)
            }
        }
        guard !isStarted else { return }
        // The next job tries again.
        state.withLock { $0.keeps = false }
        observer.failed(TwinError(.busy, "the system could not start a thread for jobs"))
    }

    private func look(after key: Int64, _ held: (context: JobContext, renewed: UInt64, progress: Double)) {
        let context = held.context
        do {
            switch try queue.standing(of: context.job, owner: owner) {
            case .held: break
            case .cancelRequested: context.stop(.cancelled)
            // It may also just have ended here.
            case .lost: return state.withLock { if $0.held[key] != nil { context.stop(.lost) } }
            }
            let now = Clock.monotonicNanoseconds
            let progress = context.progress
            guard progress != held.progress || now > held.renewed + Self.renewalAge else { return }
            try queue.renew(context.job, owner: owner, progress: progress)
            state.withLock { state in
                guard state.held[key] != nil else { return }
                state.held[key] = (context, now, progress)
            }
        } catch {
            observer.failed(Self.twinError(error))
        }
    }

    private func forgetOldJobs() {
        do {
            try queue.removeEnded(before: Clock.now.adding(seconds: -Self.retentionDays * 86_400))
        } catch {
            observer.failed(Self.twinError(error))
        }
    }

    private static func twinError(_ error: any Error) -> TwinError {
        switch error {
        case let error as TwinError: error
        case let error as Standstill: error.reason
        case let error as DatabaseError: TwinError(error)
        case let error as ProviderError: error.twinError
        default: TwinError(.failed, "\(error)")
        }
    }
}
