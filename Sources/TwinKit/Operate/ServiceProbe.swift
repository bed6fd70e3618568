import TwinHTTP
import TwinSupport

/// How the services behind the twins are, found out only when somebody asks and remembered for a moment, so that asking often
/// costs nothing. Any thread may ask.
package final class ServiceProbe: Sendable {
    /// What is looked at.
    package enum Service: String, Sendable, CaseIterable {
        case database, index, storage, languageModel, embeddingModel
    }

    /// The words that `/health` answers with.
    package enum State: String, Sendable, CaseIterable {
        case ok, down
        case notConfigured = "not configured"
    }

    /// A look at one service. It may block; while it does for longer than a second the service counts as down.
    package struct Check: Sendable {
        package var service: Service
        package var look: @Sendable () -> State

        package init(_ service: Service, _ look: @escaping @Sendable () -> State) {
            self.service = service
            self.look = look
        }
    }

    /// The services in the order of the checks.
    package struct Report: Sendable, Equatable {
        /// One service, as it was when it was looked at last.
        package struct Entry: Sendable, Equatable {
            package var service: Service
            package var state: State
        }

        package var entries: [Entry]

        /// None for a service that is not looked at.
        package subscript(service: Service) -> State? { entries.first { $0.service == service }?.state }

        /// Whether everything that is configured works.
        package var isHealthy: Bool { entries.allSatisfy { $0.state != .down } }

        /// Whether requests can be answered: without a model answers are quotations, without the database there are none, and
        /// without room for it nothing can be asked or stored.
        package var isReady: Bool { [.database, .index, .storage].allSatisfy { self[$0] != .down } }
    }

    private struct Known: Sendable {
        var state: State?
        /// On the clock: when the look began, which is how old its result is.
        var at: UInt64 = 0
        var isLooking = false
    }

    private struct Memory: Sendable {
        var known: [Known]
        /// What is told while nothing is looked at, and the age of its oldest part on the clock.
        var report: (value: Report, at: UInt64)?
    }

    /// Nanoseconds after which a result is not told any more.
    static let lifetime: UInt64 = 5_000_000_000
    /// Nanoseconds after which a result is looked for again.
    static let renewal: UInt64 = 4_000_000_000
    /// Seconds that a caller waits for a look.
    static let patience = 1.0

    private let checks: [Check]
    private let memory: Monitor<Memory>
    private let clock: @Sendable () -> UInt64

    /// `clock` is monotonic, in nanoseconds.
    package init(_ checks: [Check], clock: @escaping @Sendable () -> UInt64 = { Clock.monotonicNanoseconds }) {
        self.checks = checks
        self.clock = clock
        memory = Monitor(Memory(known: Array(repeating: Known(), count: checks.count)))
    }

    /// Whether `report` answers at once, now and for a second to come.
    package var isAtHand: Bool {
        let now = clock()
        return memory.withLock { memory in memory.report.map { Self.age($0.at, now) < Self.renewal } ?? false }
    }

    /// How the services are, at most five seconds old. Looks where what is known is older than four, at all of them at the same
    /// time and at each at most once at a time, and waits a second at the most.
    package func report() -> Report {
        let now = clock()
        if let report = memory.withLock({ $0.report }), Self.age(report.at, now) < Self.renewal { return report.value }
        for index in checks.indices where begins(index, now) {
            if !SystemThread.start({ [self] in end(index, checks[index].look(), now) }) { end(index, .down, now) }
        }
        let whole = memory.wait(seconds: Self.patience) { memory -> Report? in
            memory.known.contains { $0.isLooking } ? nil : told(memory.known, now)
        }
        return whole ?? memory.withLock { told($0.known, now) }
    }

    /// Whether a look at a service has to begin; it has then.
    private func begins(_ index: Int, _ now: UInt64) -> Bool {
        memory.withLock { memory in
            let known = memory.known[index]
            guard !known.isLooking, known.state == nil || Self.age(known.at, now) >= Self.renewal else { return false }
            memory.known[index].isLooking = true
            memory.report = nil
            return true
        }
    }

    private func end(_ index: Int, _ state: State, _ started: UInt64) {
        memory.withLock { memory in
            memory.known[index] = Known(state: state, at: started)
            guard memory.known.allSatisfy({ !$0.isLooking && $0.state != nil }) else { return }
            memory.report = memory.known.map(\.at).min().map { (told(memory.known, $0), $0) }
        }
        memory.notifyAll()
    }

    /// What is told at an instant: what is known unless it is too old, else that the service does not answer.
    private func told(_ known: [Known], _ now: UInt64) -> Report {
        Report(
            entries: zip(checks, known).map { check, known in
                let state = Self.age(known.at, now) < Self.lifetime ? known.state : nil
                return Report.Entry(service: check.service, state: state ?? .down)
            })
    }

    private static func age(_ then: UInt64, _ now: UInt64) -> UInt64 { now > then ? now - then : 0 }
}
