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
                return failed(order, "its reader gave an answer that is not understood")
            } catch {
                process = nil
                switch error {
                case .ended(status: 0): continue
                case .ended(let status):
                    if status == 128 + SIGXCPU { return failed(order, Self.tooSlow(limits)) }
                    let cause = status > 128 ? "signal \(status - 128)" : "status \(status)"
                    return failed(
                        order,
                        "its reader failed on it (\(cause)), or needed more than \(ReaderLimits.size(limits.maximumMemoryBytes)) "
                            + "of memory; other files are not affected; please report it with the file")
                case .timedOut: return failed(order, Self.tooSlow(limits))
                case .outputTooLarge:
                    return failed(
                        order, "its text is longer than \(ReaderLimits.size(limits.maximumTextBytes)); split the document")
                case .cancelled: return ReadReport(outcome: .cancelled)
                case .notStarted(let reason):
                    return ReadReport(
                        outcome: .unreachable(TwinError(.busy, "no reader could be started (\(reason)); try again")))
                }
            }
        }
        return ReadReport(outcome: .unreachable(TwinError(.failed, "its reader ended before it was asked; try again")))
    }

    private static func tooSlow(_ limits: ReaderLimits) -> String {
        "it took longer than \(limits.maximumSeconds) seconds to read and was stopped; split it, or raise the limit with "
            + "'twin config set ingest.read_seconds N'"
    }

    private func running() throws(Coprocess.Failure) -> Coprocess {
        if let process { return process }
        let child = try pool.take()
        for (order, _) in orders { child.send(order.wire) }
        process = child
        return child
    }

    /// The report of a reader that cannot make one. The bytes are hashed here, so that they need not be tried again.
    private func failed(_ order: ReadOrder, _ reason: String) -> ReadReport {
        var report = ReadReport(outcome: .failure(.readerFailed(reason)))
        switch order.content {
        case .bytes(let bytes):
            report.hash = (try? SHA256.hash(bytes)) ?? []
            report.size = bytes.count
        case .file(let path):
            guard let contents = try? FileContents.read(path, maximumBytes: order.limits.maximumInputBytes) else { break }
            report.hash = (try? SHA256.hash(contents.bytes)) ?? []
            report.size = contents.size
            report.identity = contents.identity
        }
        return report
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
        limit(RLIMIT_CORE, to: 0)
        umask(0o077)
        Coprocess.serve(maximumBytes: maximumOrderBytes, idleSeconds: idleSeconds) { message in
            guard let order = try? ReadOrder(wire: message) else { return [] }
            limit(RLIMIT_AS, to: order.limits.maximumMemoryBytes)
            limit(RLIMIT_CPU, to: cpuSeconds() + order.limits.maximumSeconds + 1)
            return order.perform().wire
        }
    }

    /// Lowers or raises what may still be changed; a limit that is lower already stays.
    private static func limit(_ resource: __rlimit_resource, to value: Int) {
        var current = rlimit()
        guard getrlimit(__rlimit_resource_t(resource.rawValue), &current) == 0 else { return }
        current.rlim_cur = min(rlim_t(max(value, 0)), current.rlim_max)
        setrlimit(__rlimit_resource_t(resource.rawValue), &current)
    }

    private static func cpuSeconds() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Int(usage.ru_utime.tv_sec) + Int(usage.ru_stime.tv_sec) + 1
    }
}
