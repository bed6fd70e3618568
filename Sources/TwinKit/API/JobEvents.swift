import Synchronization
import TwinHTTP
import TwinSupport

/// Tells whoever listens how a job gets on. One thread looks at the jobs that are listened to, however many listen, and only
/// while somebody does.
final class JobEvents: Sendable {
    private struct Listener {
        let jobID: String
        let stream: EventStream
        /// Throws once whoever listens may not any more.
        let requireAccess: @Sendable () throws -> Void
        /// The identifier of the job's state that the listener knows.
        var seen: String
        /// When it was last looked whether the listener may still listen, in monotonic nanoseconds.
        var checked = Clock.monotonicNanoseconds
    }

    private struct State {
        var listeners: [Int: Listener] = [:]
        var next = 0
        var isRunning = false
    }

    /// Seconds between two looks.
    private static let interval = 0.5
    /// Nanoseconds after which it is looked again whether a listener may still listen. Before each event it is looked anyway.
    private static let accessInterval: UInt64 = 2_000_000_000

    private let jobs: JobQueue
    private let state = Mutex(State())

    init(jobs: JobQueue) { self.jobs = jobs }

    /// A response with an event for each change of the job, the first at once, that ends with the job, or once `requireAccess`
    /// throws. `Last-Event-ID` leaves out the state that the client has seen.
    func response(
        to request: Request, job: Job, requireAccess: @escaping @Sendable () throws -> Void
    ) -> Response {
        let known = request.lastEventID
        var options = EventStream.Options()
        options.jsonLinesHeartbeat = ["type": "ping"]
        return EventStream.subscription(to: request, options) { [self] stream in
            let event = Self.event(job)
            if event.id != known { try stream.send(event) }
            if job.isEnded { return stream.finish() }
            listen(to: job, stream, requireAccess)
        }
    }

    private func listen(to job: Job, _ stream: EventStream, _ requireAccess: @escaping @Sendable () throws -> Void) {
        let (number, starts) = state.withLock { state in
            let number = state.next
            state.next += 1
            state.listeners[number] = Listener(
                jobID: job.id, stream: stream, requireAccess: requireAccess, seen: Self.identifier(job))
            defer { state.isRunning = true }
            return (number, !state.isRunning)
        }
        stream.cancellation.onCancel { [self] in _ = state.withLock { $0.listeners.removeValue(forKey: number) } }
        guard starts, !SystemThread.start({ [self] in run() }) else { return }
        state.withLock { $0.isRunning = false }
    }

    private func run() {
        let pause = Monitor(false)
        while true {
            let _: Bool? = pause.wait(seconds: Self.interval) { $0 ? true : nil }
            let ids = state.withLock { state in
                if state.listeners.isEmpty { state.isRunning = false }
                return Set(state.listeners.values.map(\.jobID))
            }
            if ids.isEmpty { return }
            for id in ids {
                do {
                    tell(id, try jobs.find(id))
                } catch let error as TwinError where error.kind == .notFound {
                    tell(id, nil)
                } catch {
                    // The database is busy; the next look comes soon.
                }
            }
        }
    }

    /// Ends the streams of listeners who may not listen any more; those who are about to hear something, and now and then all.
    /// False when that could not be looked up, so that nobody is told anything yet.
    private func dropWithoutAccess(_ id: String, _ job: Job?) -> Bool {
        let now = Clock.monotonicNanoseconds
        let due = state.withLock { state in
            state.listeners.filter { _, listener in
                listener.jobID == id
                    && (now > listener.checked &+ Self.accessInterval
                        || job.map { Self.identifier($0) != listener.seen } ?? false)
            }
        }
        for (number, listener) in due {
            do {
                try listener.requireAccess()
                state.withLock { $0.listeners[number]?.checked = now }
            } catch let error as TwinError where error.kind != .busy {
                state.withLock { $0.listeners[number] = nil }
                _ = listener.stream.offer(StreamEvent("error", data: ["type": "error", "error": .string(error.message)]))
                listener.stream.finish()
            } catch {
                return false
            }
        }
        return true
    }

    /// Sends the job's state to those who do not know it, and ends the streams of one that has ended or is gone.
    private func tell(_ id: String, _ job: Job?) {
        guard dropWithoutAccess(id, job) else { return }
        let (due, ended) = state.withLock { state in
            var due: [EventStream] = []
            for (number, listener) in state.listeners where listener.jobID == id {
                if let job, Self.identifier(job) != listener.seen {
                    state.listeners[number]?.seen = Self.identifier(job)
                    due.append(listener.stream)
                }
            }
            let ends = job?.isEnded ?? true
            let ended = ends ? state.listeners.filter { $0.value.jobID == id } : [:]
            for number in ended.keys { state.listeners[number] = nil }
            return (due, ended.values.map(\.stream))
        }
        if let job {
            // Whoever is too far behind misses a state, and sees the next.
            let event = Self.event(job)
            for stream in due { _ = stream.offer(event) }
        }
        for stream in ended { stream.finish() }
    }

    private static func event(_ job: Job) -> StreamEvent {
        var object = StudioJob(job).json.objectValue ?? JSONObject()
        object["type"] = "job"
        return StreamEvent("job", data: .object(object), id: identifier(job))
    }

    /// Names a state of a job. Its time alone does not: a job can start and end within a millisecond.
    private static func identifier(_ job: Job) -> String { "\(job.id).\(job.updatedAt.milliseconds).\(job.status.rawValue)" }
}

extension Job {
    /// Whether nothing more happens to it by itself.
    fileprivate var isEnded: Bool {
        switch status {
        case .queued, .processing: false
        case .needsAttention, .complete, .failed: true
        }
    }
}
