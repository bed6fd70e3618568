import Glibc
import Synchronization
import TwinSupport

/// Reads documents in children of this process, which run the same program with a hidden command. A document that makes its reader
/// crash, hang or take memory without end costs that child; it is told of that document, and the next one is read by another.
/// A child reads many documents, and some are given to it ahead, so that it works while its parent does.
package final class ReaderPool: DocumentReading {
    /// The hidden command that makes a child.
    package static let command = "__read"

    /// The path of this program.
    private let executable: String
    private let idle = Mutex<[Coprocess]>([])

    package init(executable: String = "/proc/self/exe") { self.executable = executable }

    /// A session for one thread, which takes a child of the pool with its first order. `isCancelled` is asked while it waits for
    /// the child.
    package func makeSession(isCancelled: @escaping @Sendable () -> Bool) -> any ReadSession {
        ReaderPoolSession(pool: self, isCancelled: isCancelled)
    }

    /// A child, one that has finished its work if there is one.
    fileprivate func take() throws(Coprocess.Failure) -> Coprocess {
        if let waiting = idle.withLock({ $0.popLast() }) { return waiting }
        return try Coprocess(executable, [Self.command])
    }

    fileprivate func giveBack(_ process: Coprocess) {
        idle.withLock { if $0.count < Processors.count { $0.append(process) } }
    }
}

/// One thread's orders, and the child that reads them in turn.
private final class ReaderPoolSession: ReadSession {
    private let pool: ReaderPool
    private let isCancelled: @Sendable () -> Bool
    private var process: Coprocess?
    /// Those without a report yet; a child that takes over is given all of them.
    private var orders: [(order: ReadOrder, size: Int)] = []
    private var bytesAhead = 0

    /// Orders that are given ahead at most, and the bytes of their documents.
    private static let maximumOrders = 16
    private static let maximumBytesAhead = 1 << 20
    /// Children that may end without blame (they leave when they have nothing to do) before that is an error.
    private static let attempts = 3

    init(pool: ReaderPool, isCancelled: @escaping @Sendable () -> Bool) {
        self.pool = pool
        self.isCancelled = isCancelled
    }

    deinit { if let process, orders.isEmpty { pool.giveBack(process) } }

    var hasRoom: Bool { orders.isEmpty || (orders.count < Self.maximumOrders && bytesAhead < Self.maximumBytesAhead) }

    func begin(_ order: ReadOrder) {
        let size = order.size
        orders.append((order, size))
        bytesAhead += size
        process?.send(order.wire)
    }

    func next() -> ReadReport {
        guard let (order, size) = orders.first else { return ReadReport(outcome: .cancelled) }
        let report = report(on: order)
        orders.removeFirst()
        bytesAhead -= size
        return report
    }

    private func report(on order: ReadOrder) -> ReadReport {
        let limits = order.limits
        for _ in extent(0, Self.attempts) {
            do throws(Coprocess.Failure) {
                let child = try running()
                let message = try child.receive(
                    seconds: limits.maximumSeconds, maximumBytes: limits.maximumReportBytes, isCancelled: isCancelled)
                if let report = try? ReadReport(wire: message) { return report }
                process = nil
                return order.failed("its reader gave an answer that makes no sense")
            } catch {
                process = nil
                switch error {
                case .ended(status: 0): continue
                case .ended(let status):
                    if status == 128 + SIGXCPU { return order.failed(order.tooSlow) }
                    return order.failed(order.crashed(status > 128 ? "signal \(status - 128)" : "status \(status)"))
                case .timedOut: return order.failed(order.tooSlow)
                case .outputTooLarge: return order.failed(order.tooLong)
                case .cancelled: return ReadReport(outcome: .cancelled)
                case .notStarted(let reason):
                    return ReadReport(
                        outcome: .unreachable(TwinError(.busy, "no reader could be started (\(reason)); try again")))
                }
            }
        }
        return ReadReport(outcome: .unreachable(TwinError(.failed, "its reader ended before it was asked; try again")))
    }

    private func running() throws(Coprocess.Failure) -> Coprocess {
        if let process { return process }
        let child = try pool.take()
        for (order, _) in orders { child.send(order.wire) }
        process = child
        return child
    }
}

/// The other side: what a child of `ReaderPool` does.
package enum ReaderChild {
    /// Seconds without an order after which it leaves.
    private static let idleSeconds = 60
    /// An order with a whole document in it, in bytes.
    private static let maximumOrderBytes = 2 << 30

    /// Answers orders from standard input until there are no more.
    package static func serve() {
        // What it holds is not its own to leave behind, neither as a core file nor in one that others may read.
        ResourceLimit.coreFile.set(0)
        umask(0o077)
        Coprocess.serve(maximumBytes: maximumOrderBytes, idleSeconds: idleSeconds) { message in
            guard let order = try? ReadOrder(wire: message) else { return [] }
            ResourceLimit.addressSpace.set(order.limits.maximumMemoryBytes)
            ResourceLimit.cpuSeconds.set(cpuSeconds() + order.limits.maximumSeconds + 1)
            return order.perform().wire
        }
    }

    private static func cpuSeconds() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Int(usage.ru_utime.tv_sec) + Int(usage.ru_stime.tv_sec) + 1
    }
}
