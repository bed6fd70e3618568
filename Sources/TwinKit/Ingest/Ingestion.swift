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
        /// A file is being read.
        package var began: @Sendable (_ locator: String) -> Void = { _ in }
        /// A file is done: written, or seen to need nothing.
        package var finished: @Sendable (IngestItem) throws -> Void = { _ in }
        /// Asked between files; true ends the run after what is in hand.
        package var isCancelled: @Sendable () -> Bool = { false }
        package init() {}
    }

    /// More threads than this only wait for each other at the writer.
    private static let maximumJobs = 16
    /// Extracted text that a batch holds at the most, in bytes, over all threads.
    private static let batchBytes = 16 << 20
    /// Files in a batch at the most, so that many small ones are also written soon.
    private static let batchCount = 4_000
    /// A batch is written after so many nanoseconds even when it is small: slow downloads should not wait to be stored.
    private static let batchAge: UInt64 = 2_000_000_000

    /// Runs the request and answers its counts. Failures of single files are counted and go to the observer; what
    /// stops the whole run is thrown: the database is gone, the disk is full.
    package func run(_ request: IngestRequest, into twin: Twin, observer: Observer = Observer()) throws -> IngestSummary {
        guard twin.archivedAt == nil else {
            throw TwinError(.gone, "the twin '\(twin.slug)' is archived and takes no sources")
        }
        let started = Clock.monotonicNanoseconds
        let jobs = min(request.jobs > 0 ? request.jobs : Processors.count, Self.maximumJobs)
        var timed = request
        timed.readSeconds = readSeconds
        let run = IngestRun(request: timed, twin: twin, observer: observer)
        DispatchQueue.concurrentPerform(iterations: jobs) { _ in
            let worker = IngestWorker(
                run: run, database: database, index: index, remote: remote, reading: reading,
                batchBytes: max(Self.batchBytes / jobs, 1 << 20), batchCount: Self.batchCount, batchAge: Self.batchAge)
            worker.work()
        }
        if let error = run.state.withLock({ $0.fatal }) { throw error }
        if request.prune, !run.isStopped { try prune(run) }
        if !request.isDryRun { try index.settle(twin, in: database) }
        return run.state.withLock { state in
            state.summary.seconds = Double(Clock.monotonicNanoseconds - started) / 1e9
            state.summary.isDryRun = request.isDryRun
            state.summary.isInterrupted = state.isStopped
            return state.summary
        }
    }

    /// Removes the sources whose file is gone below the folders and files of the request.
    private func prune(_ run: IngestRun) throws {
        for case .path(let path) in run.request.inputs {
            let root = FilePath.absolute(path)
            // A root that cannot be seen at all says nothing about its files: a disk may just not be mounted.
            guard FileContents.exists(FilePath.folder(of: root)) else { continue }
            var last = ""
            while true {
                // A page at a time, so that a twin of any size is pruned in little memory.
                let page = try database.read { connection in
                    try connection.rows(
                        """
                        SELECT key, id, locator FROM sources
                        WHERE twin_key = ?1 AND kind = 'file' AND locator > ?2 AND (locator = ?3 OR (locator >= ?4 AND locator < ?5))
                        ORDER BY locator LIMIT 1000
                        """, run.twin.key, last, root, root == "/" ? "/" : root + "/", root == "/" ? "0" : root + "0"
                    ) { ($0.int64(0), $0.text(1), $0.text(2)) }
                }
                guard let end = page.last else { break }
                last = end.2
                let gone = page.filter { !FileContents.exists($0.2) }
                if !gone.isEmpty, !run.request.isDryRun {
                    try database.write { connection in
                        try SourceWriter(twin: run.twin, index: index, actor: run.request.actor)
                            .remove(gone.map { ($0.0, $0.1) }, on: connection)
                    }
                }
                for source in gone {
                    var item = IngestItem(source.2, .removed)
                    item.sourceID = source.1
                    try run.finish(item)
                }
            }
        }
    }
}

/// A run in progress, as its threads share it.
final class IngestRun: Sendable {
    let request: IngestRequest
    let twin: Twin
    private let observer: Ingestion.Observer
    let state: Mutex<State>

    struct State {
        var candidates: IngestCandidates
        var summary = IngestSummary()
        var isStopped = false
        var fatal: (any Error)?
    }

    init(request: IngestRequest, twin: Twin, observer: Ingestion.Observer) {
        self.request = request
        self.twin = twin
        self.observer = observer
        state = Mutex(State(candidates: IngestCandidates(request)))
    }

    var isStopped: Bool { state.withLock { $0.isStopped } }

    @Sendable func isCancelled() -> Bool { observer.isCancelled() || isStopped }

    /// The next thing to read, or none when there is no more or the run is to end.
    func next() -> IngestCandidates.Candidate? {
        if observer.isCancelled() { state.withLock { $0.isStopped = true } }
        return state.withLock { $0.isStopped ? nil : $0.candidates.next() }
    }

    func began(_ locator: String) { observer.began(locator) }

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
