import Synchronization
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

@Suite struct ServiceProbeTests {
    /// A clock that is set by hand, in seconds.
    private final class HandClock: Sendable {
        private let now = Mutex<UInt64>(1_000_000_000_000)
        func advance(_ seconds: Double) { now.withLock { $0 += UInt64(seconds * 1e9) } }
        var nanoseconds: UInt64 { now.withLock { $0 } }
    }

    private final class Counted: Sendable {
        private let looks = Mutex(0)
        let state: Mutex<ServiceProbe.State>
        init(_ state: ServiceProbe.State) { self.state = Mutex(state) }
        var count: Int { looks.withLock { $0 } }
        func look() -> ServiceProbe.State {
            looks.withLock { $0 += 1 }
            return state.withLock { $0 }
        }
    }

    @Test func `what is known is told for a moment, then looked for again`() {
        let clock = HandClock()
        let (database, model) = (Counted(.ok), Counted(.notConfigured))
        let probe = ServiceProbe(
            [.init(.database) { database.look() }, .init(.languageModel) { model.look() }], clock: { clock.nanoseconds })
        #expect(!probe.isAtHand && database.count == 0)
        #expect(probe.report()[.database] == .ok && probe.report()[.languageModel] == .notConfigured)
        #expect(probe.report()[.index] == nil)
        #expect(probe.isAtHand && database.count == 1 && model.count == 1)
        database.state.withLock { $0 = .down }
        clock.advance(3.9)
        #expect(probe.isAtHand && probe.report()[.database] == .ok && database.count == 1)
        clock.advance(0.2)
        #expect(!probe.isAtHand)
        let report = probe.report()
        #expect(report[.database] == .down && !report.isReady && !report.isHealthy && database.count == 2)
        #expect(probe.isAtHand)
    }

    @Test func `many that ask at once look once`() {
        let clock = HandClock()
        let database = Counted(.ok)
        let probe = ServiceProbe([.init(.database) { database.look() }], clock: { clock.nanoseconds })
        Parallel.run(16) { _ in #expect(probe.report()[.database] == .ok) }
        #expect(database.count == 1)
    }

    @Test func `a service that does not answer is down, and holds up nobody for long`() {
        let clock = HandClock()
        let gate = Monitor(false)
        let hangs = Mutex(false)
        let probe = ServiceProbe(
            [
                .init(.database) { .ok },
                .init(.embeddingModel) {
                    if hangs.withLock({ $0 }) { let _: Bool? = gate.wait { $0 ? true : nil } }
                    return .ok
                },
            ], clock: { clock.nanoseconds })
        #expect(probe.report().isHealthy)
        hangs.withLock { $0 = true }
        clock.advance(4.5)
        // It was well less than five seconds ago, and its new look is not done.
        #expect(probe.report()[.embeddingModel] == .ok && !probe.isAtHand)
        clock.advance(1)
        let report = probe.report()
        #expect(report[.embeddingModel] == .down && report[.database] == .ok && report.isReady && !report.isHealthy)
        hangs.withLock { $0 = false }
        gate.withLock { $0 = true }
        gate.notifyAll()
        // Once the look that hung has ended, the next one tells.
        for _ in 0..<100 where !probe.report().isHealthy { clock.advance(5) }
        #expect(probe.report().isHealthy)
    }

    @Test func `the workspace's services are looked at for what they are`() throws {
        let workspace = try Workspace(scratch: Configuration(environment: ["HOME": "/nowhere"]))
        let report = workspace.services.report()
        #expect(report[.database] == .ok && report[.index] == .ok)
        #expect(report[.languageModel] == .notConfigured && report[.embeddingModel] == .notConfigured)
        // A port that nobody listens on.
        let lost = try Workspace(
            scratch: Configuration(environment: ["HOME": "/nowhere", "TWIN_MODEL_URL": "http://127.0.0.1:1/v1"]))
        #expect(lost.services.report()[.languageModel] == .down && lost.services.report().isReady)
        let broken = try Workspace(scratch: Configuration(environment: ["HOME": "/nowhere"]))
        try broken.database.write { try $0.execute("DROP TABLE index_segments") }
        #expect(broken.services.report()[.index] == .down && !broken.services.report().isReady)
    }
}
