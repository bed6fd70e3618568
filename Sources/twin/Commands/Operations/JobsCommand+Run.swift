import Dispatch
import Synchronization
import TwinHTTP
import TwinKit
import TwinSupport

extension JobsCommand {
    /// Seconds that a job in hand has to end after Ctrl-C before it is told to stop.
    private static let patience = 0.5

    static func runJobs(_ call: Invocation) throws -> ExitCode {
        if call.flag("once"), call.flag("until-idle") { throw call.usage("--once and --until-idle cannot be used together") }
        let workspace = try call.workspace(database: .bulk)
        try workspace.configuration.check()
        Interrupt.catchSignals()
        let ended = Mutex<[Job]>([])
        let broken = Mutex<(any Error)?>(nil)
        var observer = JobRunner.Observer()
        observer.failed = { call.output.warning("\($0.message)") }
        observer.ended = { job in
            ended.withLock { $0.append(job) }
            do {
                switch call.output.mode {
                case .jsonl: try call.output.record(job.json)
                case .text: try call.output.line(line(job))
                case .json: break
                }
            } catch {
                broken.withLock { $0 = error }
            }
        }
        let runner = JobRunner(workspace, threads: call.flag("once") ? 1 : call.int("threads") ?? 2, observer: observer)
        let isCancelled = { Interrupt.isRequested || broken.withLock { $0 != nil } }
        if call.flag("once") {
            let watch = InterruptWatch { runner.giveBack() }
            defer { watch.end() }
            if try runner.runOnce() == nil { call.output.note("there is no job to do") }
        } else {
            runner.start()
            defer { runner.stop(within: patience) }
            if call.flag("until-idle") {
                try runner.waitUntilIdle(isCancelled: isCancelled)
            } else {
                call.output.note("waiting for jobs; Ctrl-C to stop")
                runner.wait(until: isCancelled)
            }
        }
        if let error = broken.withLock({ $0 }) { throw error }
        let jobs = ended.withLock { $0 }
        if call.output.mode == .json { try call.output.document(.array(jobs.map(\.json))) }
        if Interrupt.isRequested { return .interrupted }
        return exitCode(jobs)
    }

    /// By how each job stood last: an attempt that failed and was followed by one that did not is no failure.
    private static func exitCode(_ ended: [Job]) -> ExitCode {
        let last = Dictionary(ended.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        let failed = last.values.filter { $0.status == .failed || $0.status == .needsAttention }
        if failed.isEmpty { return .done }
        return failed.count < last.count ? .partlyDone : .failed
    }
}

/// Looks out for Ctrl-C beside work on the main thread, and calls `body` once.
private final class InterruptWatch: Sendable {
    private let isEnded = Atomic<Bool>(false)

    init(_ body: @escaping @Sendable () -> Void) {
        Self.watch(self, body)
    }

    func end() { isEnded.store(true, ordering: .relaxed) }

    private static func watch(_ watch: InterruptWatch, _ body: @escaping @Sendable () -> Void) {
        if watch.isEnded.load(ordering: .relaxed) { return }
        if Interrupt.isRequested { return body() }
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(100)) { Self.watch(watch, body) }
    }
}
