import TwinHTTP
import TwinSupport

/// The orderly end of a server: no further connection, request or job is taken, and those under way end together, under one
/// deadline.
package struct Shutdown: Sendable {
    private let server: Server
    private let jobs: JobRunner
    private let answers: LiveAnswers
    private let upkeep: Upkeep

    /// Seconds between two looks at whether the end is hurried.
    private static let pollSeconds = 0.05
    /// Seconds that are left once it is.
    private static let hurriedSeconds = 1.0

    package init(server: Server, jobs: JobRunner, answers: LiveAnswers, upkeep: Upkeep) {
        self.server = server
        self.jobs = jobs
        self.answers = answers
        self.upkeep = upkeep
    }

    /// Returns when everything has ended, after `seconds` at the latest. Requests and jobs that are not done by then are cut off:
    /// streams get their last words, and jobs are told in time to stop, to be begun again by another process. Once `isHurried`
    /// answers true, which is asked several times a second, all that is cut off at once.
    package func run(within seconds: Double, isHurried: () -> Bool = { false }) {
        let deadline = Clock.monotonicNanoseconds + UInt64(max(0, min(seconds, 86_400)) * 1e9)
        // What jobs need to stop is part of the time.
        let givingBack = min(JobRunner.givingBackSeconds, seconds / 4)
        upkeep.stop()
        let pending = Monitor(0)
        begin(pending) { [jobs] in jobs.stop(within: seconds - givingBack, givingBack: givingBack) }
        begin(pending) { [server, answers] in
            server.drain(within: seconds - givingBack)
            // Answers whose readers have left are finished all the same.
            let now = Clock.monotonicNanoseconds
            answers.drain(within: max(0, (Double(deadline) - Double(now)) / 1e9 - givingBack))
        }
        var end = deadline + UInt64(Self.hurriedSeconds * 1e9)
        var wasHurried = false
        while pending.wait(seconds: Self.pollSeconds, until: { $0 == 0 ? true : nil }) == nil {
            let now = Clock.monotonicNanoseconds
            if now >= end { return }
            guard !wasHurried, isHurried() else { continue }
            wasHurried = true
            end = min(end, now + UInt64(Self.hurriedSeconds * 1e9))
            jobs.giveBack()
            begin(pending) { [server, answers] in
                server.drain(within: 0)
                answers.drain(within: 0)
            }
        }
    }

    private func begin(_ pending: Monitor<Int>, _ work: @escaping @Sendable () -> Void) {
        pending.withLock { $0 += 1 }
        let body: @Sendable () -> Void = {
            work()
            pending.withLock { $0 -= 1 }
            pending.notifyAll()
        }
        // Without a thread to spare one waits for the other.
        if !SystemThread.start(body) { body() }
    }
}
