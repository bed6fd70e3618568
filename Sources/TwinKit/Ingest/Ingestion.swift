import Dispatch
import Synchronization
import TwinDatabase
import TwinReaders
import TwinSupport

/// Brings documents into a twin: finds them, reads and cuts them side by side, and writes them in batches, each in one
/// transaction. Running it again does only what is new, and killing it loses only the batch in hand.
package struct Ingestion: Sendable {
    let database: Database
    let index: any SourceIndex
    let remote: any RemoteSources
    let reading: any DocumentReading
    /// Seconds that one document may take to be read.
    package var readSeconds = ReaderLimits().maximumSeconds

    /// Told of sources that others take the place of.
    package var replaced: SourceReplacement = { _, _, _ in }

    package init(
        database: Database, index: any SourceIndex, remote: any RemoteSources, reading: any DocumentReading = InProcessReading()
    ) {
        self.database = database
        self.index = index
        self.remote = remote
        self.reading = reading
    }

    /// What a run tells while it goes on. Calls come one at a time, from any thread.
    package struct Observer: Sendable {
        /// A file is being read; none when nobody wants to know.
        package var began: (@Sendable (_ locator: String) -> Void)?
        /// How many files there are, and their bytes in all: counted beside the work, and only when somebody wants to know.
        package var counted: (@Sendable (_ files: Int, _ bytes: Int) -> Void)?
        /// A file is done: written, or seen to need nothing.
        package var finished: @Sendable (IngestItem) throws -> Void = { _ in }
        /// Asked between files; true ends the run after what is in hand.
        package var isCancelled: @Sendable () -> Bool = { false }
        package init() {}
    }

    /// More threads than this only wait for each other at the writer.
    static let maximumJobs = ReadingLedger.slotCount
    /// Extracted text that a batch holds at the most, in bytes, over all threads.
    private static let batchBytes = 16 << 20
    /// Files in a batch at the most, so that many small ones are also written soon.
    private static let batchCount = 4_000
    /// A batch is written after so many nanoseconds even when it is small: slow downloads should not wait to be stored.
    private static let batchAge: UInt64 = 2_000_000_000

    /// Runs the request and answers its counts. Failures of single files are counted and go to the observer; what
    /// stops the whole run is thrown: the database is gone, the disk is full.
    package func run(_ request: IngestRequest, into twin: Twin, observer: Observer = Observer()) throws -> IngestSummary {
        // As it is now: whoever holds the value may have had it before it was archived.
        guard try database.read({ try TwinStore.load(twin.key, on: $0) }).archivedAt == nil else {
            throw TwinError(.gone, "the twin '\(twin.slug)' is archived and takes no sources")
        }
        let started = Clock.monotonicNanoseconds
        let jobs = min(request.jobs > 0 ? request.jobs : Processors.count, Self.maximumJobs)
        let began = request.resumesRun ?? Clock.now
        var timed = request
        timed.readSeconds = readSeconds
        // A source that is read again on its own is looked for where it was.
        let moves =
            request.updatesOnly || !request.namesPaths
            ? nil : try SourceMoves(twin: twin, database: database, maximumFileBytes: request.maximumFileBytes)
        let run = IngestRun(request: timed, twin: twin, observer: observer, moves: moves)
        if let counted = observer.counted {
            DispatchQueue.global().async {
                if let size = Self.size(of: request, isCancelled: run.isCancelled) { counted(size.files, size.bytes) }
            }
        }
        DispatchQueue.concurrentPerform(iterations: jobs) { _ in
            let worker = IngestWorker(
                run: run, database: database, index: index, remote: remote, reading: reading,
                batchBytes: max(Self.batchBytes / jobs, 1 << 20), batchCount: Self.batchCount, batchAge: Self.batchAge,
                replaced: replaced)
            worker.work()
        }
        if let error = run.state.withLock({ $0.fatal }) { throw error }
        if !run.isStopped {
            let pruning = Pruning(run: run, database: database, index: index, began: began)
            try pruning.removeOverwritten()
            if request.prune { try pruning.prune() }
        }
        if !request.isDryRun { try index.mergeSegments(of: twin, in: database) }
        return run.state.withLock { state in
            state.summary.seconds = Double(Clock.monotonicNanoseconds - started) / 1e9
            state.summary.isDryRun = request.isDryRun
            state.summary.isInterrupted = state.isStopped
            return state.summary
        }
    }
}

/// A run in progress, as its threads share it.
final class IngestRun: Sendable {
    let request: IngestRequest
    let twin: Twin
    /// What recognizes files that have moved; none where only one source is looked at.
    let moves: SourceMoves?
    private let observer: Ingestion.Observer
    let state: Mutex<State>

    struct State {
        var candidates: IngestCandidates
        /// See `IngestRequest.reported`.
        var reported: [String: Int]
        var summary = IngestSummary()
        /// Paths that could not be reached, kept where what is below them must not be taken for gone.
        var unreachable: [String] = []
        var isStopped = false
        var fatal: (any Error)?
    }

    init(request: IngestRequest, twin: Twin, observer: Ingestion.Observer, moves: SourceMoves?) {
        self.request = request
        self.twin = twin
        self.observer = observer
        self.moves = moves
        state = Mutex(State(candidates: IngestCandidates(request), reported: request.reported))
    }

    var isStopped: Bool { state.withLock { $0.isStopped } }

    @Sendable func isCancelled() -> Bool { observer.isCancelled() || isStopped }

    /// The next thing to read, or none when there is no more or the run is to end.
    func next() -> IngestCandidates.Candidate? {
        if observer.isCancelled() { state.withLock { $0.isStopped = true } }
        return state.withLock { state in
            while !state.isStopped, let candidate = state.candidates.next() {
                if request.prune, case .unreachable(let path, _) = candidate { state.unreachable.append(path) }
                if !state.reported.isEmpty, let count = state.reported[candidate.locator], count > 0 {
                    state.reported[candidate.locator] = count - 1
                    continue
                }
                return candidate
            }
            return nil
        }
    }

    /// Whether the request's own patterns let any file through below one of its paths.
    func foundFiles(below root: String) -> Bool { state.withLock { $0.candidates.rootsWithFiles.contains(root) } }

    /// Whether the path, or a folder above it, could not be looked at.
    func couldNotReach(_ path: String) -> Bool {
        state.withLock { state in state.unreachable.contains { path == $0 || path.hasPrefix($0 + "/") } }
    }

    func began(_ locator: String) { observer.began?(locator) }

    func finish(_ item: IngestItem) throws {
        try state.withLock { state in
            state.summary.add(item)
            if item.outcome == .failed, request.failFast { state.isStopped = true }
            try observer.finished(item)
        }
    }

    /// Ends the run for all threads with an error that concerns more than one file.
    func abort(_ error: any Error) {
        state.withLock { state in
            state.isStopped = true
            if state.fatal == nil { state.fatal = error }
        }
    }
}

extension Ingestion {
    /// The files of a request and their bytes in all, without reading them; none when `isCancelled` ended the count.
    package static func size(of request: IngestRequest, isCancelled: () -> Bool = { false }) -> (files: Int, bytes: Int)? {
        var candidates = IngestCandidates(request)
        var size = (files: 0, bytes: 0)
        while let candidate = candidates.next() {
            if isCancelled() { return nil }
            if case .leftOut = candidate { continue }
            size.files += 1
            if case .file(let path, _) = candidate { size.bytes += FileContents.size(path) }
        }
        return size
    }

    /// Runs a request that names one source and answers what became of it.
    package func one(
        _ request: IngestRequest, into twin: Twin, isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws -> IngestItem {
        let result = Mutex<IngestItem?>(nil)
        var observer = Observer()
        observer.finished = { item in result.withLock { $0 = item } }
        observer.isCancelled = isCancelled
        _ = try run(request, into: twin, observer: observer)
        guard let item = result.withLock({ $0 }) else { throw TwinError(.interrupted, "interrupted; nothing was changed") }
        return item
    }
}
