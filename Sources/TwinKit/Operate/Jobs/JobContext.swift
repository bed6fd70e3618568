import Synchronization

/// What the work on one job knows of its surroundings: whether it has to stop, and whom it tells how far it is. Used from any
/// thread.
package final class JobContext: Sendable {
    enum Stop: Sendable, Equatable {
        /// Somebody cancelled the job.
        case cancelled
        /// Another worker has it, or it is deleted: nothing of it matters any more.
        case lost
        /// The worker stops; another one begins the job again.
        case givenBack
    }

    private struct State {
        var stop: Stop?
        var progress = 0.0
    }

    let job: Job
    private let queue: JobQueue
    private let state = Mutex(State())

    init(_ job: Job, queue: JobQueue) {
        self.job = job
        self.queue = queue
    }

    /// Whether the work should end soon; what it has not stored then is lost.
    package var isCancelled: Bool { state.withLock { $0.stop != nil } }

    /// Whether somebody cancelled the job, so that nobody begins it again.
    package var isCancelledForGood: Bool { state.withLock { $0.stop == .cancelled } }

    /// Says how far the work is, 0 to 1. It is stored about once a second.
    package func report(progress: Double) { state.withLock { $0.progress = min(max(progress, 0), 1) } }

    /// Adds a line to the job's log.
    package func log(_ level: JobLog.Level, _ message: String) throws { try queue.note(job, level, message) }

    var stop: Stop? { state.withLock { $0.stop } }
    var progress: Double { state.withLock { $0.progress } }

    /// The first reason stays, except that a lost job is lost whatever else was asked.
    func stop(_ reason: Stop) { state.withLock { if $0.stop == nil || reason == .lost { $0.stop = reason } } }
}
