import TwinReaders
import TwinSupport

/// Has an ingestion of files done by a copy of this process, its worker, which reads them itself: nothing is passed between
/// processes but what became of each file. A file that makes the worker crash, hang or take memory without end costs that
/// worker; the next one goes on with what is left and has that file read by a child (`ReaderPool`), whose failure is that file's.
///
///     let summary = try IngestSupervisor(request, readSeconds: 180, observer: observer, stopSignal: SIGUSR1)
///         .run(finished: show) { link in …  }    // in the copy: opens the database, runs `link.request`, tells the link, exits
package final class IngestSupervisor {
    private var request: IngestRequest
    private let observer: Ingestion.Observer
    private let stopSignal: Int32
    private let ledger: ReadingLedger

    private var summary = IngestSummary()
    private var isFinished = false
    private var failure: (any Error)?
    private var verdicts: [String: WatchedReading.Verdict] = [:]
    /// After so many crashes it is not worth while to read in the worker.
    private var isolatesAll = false
    private var crashes = 0

    private static let crashesBeforeIsolation = 3
    /// Each of them names a file that is not read any more, or goes over to more careful work.
    private static let maximumCrashes = 200
    /// Where the worker's memory ends: what it takes itself, for each thread, and for what it reads. A document that needs more is
    /// read by a child, which may take all that the limits allow.
    private static let workerBytes = 768 << 20
    private static let threadBytes = 128 << 20
    private static let documentBytes = 1 << 30
    /// A message's largest size, in bytes: one item, whose texts come from a document.
    private static let maximumMessageBytes = 256 << 20
    private static let pollNanoseconds: UInt64 = 100_000_000

    /// Whether this process can be copied: it has one thread.
    package static var isPossible: Bool { ForkedWorker.isPossible }

    /// `stopSignal` asks the worker to end, as `observer.isCancelled` asks this process. Throws `TwinError`.
    package init(_ request: IngestRequest, readSeconds: Int, observer: Ingestion.Observer, stopSignal: Int32) throws {
        self.request = request
        self.request.readSeconds = readSeconds
        self.observer = observer
        self.stopSignal = stopSignal
        ledger = try ReadingLedger()
    }

    /// Runs it to its end, with `work` done in each worker. `finished` is called here when the run has ended and the worker may have
    /// more to do. Throws what ended the work, `TwinError` if it was in the worker.
    package func run(
        finished: (IngestSummary) throws -> Void, work: @escaping @Sendable (IngestLink) -> Never
    ) throws -> IngestSummary {
        let started = Clock.monotonicNanoseconds
        let began = Clock.now
        summary.isDryRun = request.isDryRun
        while true {
            ledger.clear()
            let (request, observer, reading) = (request, observer, makeReading())
            let worker = try ForkedWorker.start { descriptor in
                Self.limitMemory(request)
                work(IngestLink(descriptor, request: request, observer: observer, reading: reading))
            }
            let end = supervise(worker) { interrupted in
                summary.isInterrupted = interrupted
                summary.seconds = Double(Clock.monotonicNanoseconds - started) / 1e9
                try finished(summary)
            }
            if let failure { throw failure }
            if isFinished {
                if case .ended(.status(0)) = end { return summary }
                if observer.isCancelled() { return summary }
                throw TwinError(.failed, "the documents are in, but the work on them crashed; run 'twin doctor'")
            }
            if observer.isCancelled() { throw TwinError(.interrupted, "interrupted") }
            try recover(from: end)
            self.request.resumesRun = began
        }
    }

    private func makeReading() -> @Sendable (_ willRead: @escaping @Sendable () -> Void) -> WatchedReading {
        let (ledger, verdicts, isolatesAll) = (ledger, verdicts, isolatesAll)
        return { willRead in
            WatchedReading(
                ledger: ledger, isolated: ReaderPool(), verdicts: verdicts, isolatesAll: isolatesAll, willRead: willRead)
        }
    }

    private static func limitMemory(_ request: IngestRequest) {
        let jobs = min(request.jobs > 0 ? request.jobs : Processors.count, Ingestion.maximumJobs)
        ResourceLimit.addressSpace.set(workerBytes + (jobs + 1) * threadBytes + documentBytes)
    }

    // MARK: While it works

    private enum WorkerEnd {
        case ended(ForkedWorker.End)
        /// It was stopped over this document, which took too long.
        case overdue(String)
    }

    private func supervise(_ worker: ForkedWorker, finished: (_ isInterrupted: Bool) throws -> Void) -> WorkerEnd {
        var isStopping = false
        while true {
            if !isStopping, observer.isCancelled() || failure != nil {
                isStopping = true
                worker.signal(stopSignal)
            }
            do throws(MessageChannel.Failure) {
                let message = try worker.channel.receive(
                    nanoseconds: Self.pollNanoseconds, maximumBytes: Self.maximumMessageBytes)
                take(message, from: worker, finished)
            } catch {
                switch error {
                case .timedOut: break
                case .closed, .cancelled: return .ended(worker.wait())
                case .tooLarge: return .ended(worker.stop())
                }
            }
            guard let overdue = ledger.overdue(seconds: request.readSeconds) else { continue }
            let end = worker.stop()
            return ledger.subject(of: overdue).map { .overdue($0) } ?? .ended(end)
        }
    }

    private func take(_ message: [UInt8], from worker: ForkedWorker, _ finished: (Bool) throws -> Void) {
        var reader = WireReader(message)
        do {
            while !reader.isAtEnd {
                switch try IngestMessage(&reader) {
                case .item(let item):
                    request.reported[item.locator, default: 0] += 1
                    summary.add(item)
                    if failure == nil { try observer.finished(item) }
                case .began(let locator): observer.began?(locator)
                case .counted(let files, let bytes): observer.counted?(files, bytes)
                case .finished(let isInterrupted):
                    isFinished = true
                    defer { worker.channel.send([]) }
                    if failure == nil { try finished(isInterrupted) }
                case .failed(let error): failure = failure ?? error
                }
            }
        } catch {
            failure = failure ?? error
        }
    }

    // MARK: After a crash

    /// Changes what the next worker does, so that it does not end in the same way. Throws when nothing is left to change.
    private func recover(from end: WorkerEnd) throws {
        crashes += 1
        isolatesAll = isolatesAll || crashes >= Self.crashesBeforeIsolation
        let cause: String
        switch end {
        case .overdue(let subject):
            verdicts[subject] = .refused(ReadOrder.tooSlow(seconds: request.readSeconds))
            return
        case .ended(.signal(let number)): cause = "signal \(number)"
        case .ended(.status(let code)): cause = "status \(code)"
        }
        let suspects = ledger.subjects
        let wereIsolated = suspects.contains { verdicts[$0] != nil }
        if crashes > Self.maximumCrashes || suspects.isEmpty && isolatesAll {
            throw TwinError(
                .failed, "the ingestion itself crashed (\(cause)); what was done is kept; please report it with what was read")
        }
        if suspects.isEmpty {
            isolatesAll = true
        } else if !wereIsolated {
            for subject in suspects { verdicts[subject] = .isolated }
        } else if request.jobs == 1, let subject = suspects.first {
            // It was read by a child and the worker crashed all the same, and nothing else was in hand.
            verdicts[subject] = .refused(ReadOrder.crashed(cause, request.limits))
        } else {
            request.jobs = 1
        }
    }
}
