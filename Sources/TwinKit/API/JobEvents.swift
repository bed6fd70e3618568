import Synchronization
import TwinHTTP
import TwinSupport

/// Tells whoever listens how a job gets on. One thread looks at the jobs that are listened to, however many listen, and only
/// while somebody does.
final class JobEvents: Sendable {
    private struct Listener {
        let jobID: String
        let stream: EventStream
        /// Of the job as the listener knows it.
        var seen: Timestamp
    }

    private struct State {
        var listeners: [Int: Listener] = [:]
        var next = 0
        var isRunning = false
    }

    /// Seconds between two looks.
    private static let interval = 0.5

    private let jobs: JobQueue
    private let state = Mutex(State())

    init(jobs: JobQueue) { self.jobs = jobs }

    /// A response with an event for each change of the job, the first at once, that ends with the job. `Last-Event-ID` leaves
    /// out the state that the client has seen.
    func response(to request: Request, job: Job) -> Response {
        let known = request.lastEventID
        var options = EventStream.Options()
        options.jsonLinesHeartbeat = ["type": "ping"]
        return EventStream.subscription(to: request, options) { [self] stream in
            let event = Self.event(job)
            if event.id != known { try stream.send(event) }
            if job.isEnded { return stream.finish() }
            listen(to: job, stream)
        }
    }

    private func listen(to job: Job, _ stream: EventStream) {
        let (number, starts) = state.withLock { state in
            let number = state.next
            state.next += 1
            state.listeners[number] = Listener(jobID: job.id, stream: stream, seen: job.updatedAt)
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

    /// Sends the job's state to those who do not know it, and ends the streams of one that has ended or is gone.
    private func tell(_ id: String, _ job: Job?) {
        let (due, ended) = state.withLock { state in
            var due: [EventStream] = []
            for (number, listener) in state.listeners where listener.jobID == id {
                if let job, job.updatedAt > listener.seen {
                    state.listeners[number]?.seen = job.updatedAt
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
        return StreamEvent("job", data: .object(object), id: "\(job.id).\(job.updatedAt.milliseconds)")
    }
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
