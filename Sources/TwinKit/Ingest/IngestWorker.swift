import Dispatch
import TwinDatabase
import TwinReaders
import TwinSupport

/// One thread of an ingestion: takes candidates, reads them, collects a batch and writes it.
final class IngestWorker {
    private let run: IngestRun
    private let database: Database
    private let index: any SourceIndex
    private let remote: any RemoteSources
    private let batchBytes: Int
    private let batchCount: Int
    private let batchAge: UInt64
    private let replaced: SourceReplacement

    /// What was taken from the run and is not concluded yet, in its order.
    private var queue: [Queued] = []
    private let session: any ReadSession

    private var sources: [PreparedSource] = []
    private var documents: any SourceIndexBatch
    private var bytes = 0
    private var batchBegan: UInt64 = 0

    /// Files above this size are read one at a time over all threads, so that memory holds one of them and not one a thread.
    private static let largeFile = 4 << 20
    private static let largeFileTurn = DispatchSemaphore(value: 1)

    /// What may wait behind a document that is being read.
    private static let maximumQueue = 64

    private struct Queued {
        enum Work {
            case done(SourceReader.Outcome)
            /// The session has the order.
            case reading(SourceReader.Reading)
            /// It was read already.
            case read(ReadReport, SourceReader.Reading)
        }
        var work: Work
        var placeholder: SourceState?
    }

    init(
        run: IngestRun, database: Database, index: any SourceIndex, remote: any RemoteSources, reading: any DocumentReading,
        batchBytes: Int, batchCount: Int, batchAge: UInt64,
        replaced: @escaping SourceReplacement
    ) {
        self.run = run
        self.database = database
        self.index = index
        self.remote = remote
        self.batchBytes = batchBytes
        self.batchCount = batchCount
        self.batchAge = batchAge
        session = reading.makeSession(isCancelled: run.isCancelled)
        self.replaced = replaced
        documents = index.makeBatch(for: run.twin)
    }

    func work() {
        do {
            while true {
                while queue.count < Self.maximumQueue, session.hasRoom, let candidate = run.next() { try take(candidate) }
                // What was only read ahead when the run ends early was never begun.
                guard !queue.isEmpty, !run.isStopped else { break }
                try concludeFirst()
            }
            try flush()
        } catch {
            run.abort(error)
        }
    }

    private func take(_ candidate: IngestCandidates.Candidate) throws {
        switch candidate {
        case .leftOut(let path, let reason):
            var item = IngestItem(path, .skipped)
            item.reason = reason
            try run.finish(item)
        case .unreachable(let locator, let error): try run.finish(.failed(locator, error))
        case .bytes(let bytes, let name):
            run.began(name)
            try begin(locator: name) { $0.stream(bytes, name: name, state: $1) }
        case .upload(let path, let name):
            run.began(name)
            try inTurn(size: FileContents.size(path), name: name) {
                try begin(locator: name) { $0.upload(path, name: name, state: $1) }
            }
        case .url(let url):
            run.began(url)
            try drain()
            try takeRemote(url)
        case .file(let path, let isNamed):
            run.began(path)
            try inTurn(size: FileContents.size(path), name: path) {
                try begin(locator: path) { $0.file(path, isNamed: isNamed, state: $1) }
            }
        }
    }

    /// Reads a file with `body`, a large one alone. A recording that a server writes down is no work of this machine's, and may take
    /// an hour: nobody waits for it.
    private func inTurn(size: Int, name: String, _ body: () throws -> Void) throws {
        if remote.recordingBytes != nil, ReadOrder.isRecording(name) { return try body() }
        // Packed prose is some four to ten times as large when it is unpacked.
        let isPacked = name.hasSuffix(".gz") || name.hasSuffix(".epub")
        guard size > (isPacked ? Self.largeFile / 8 : Self.largeFile) else { return try body() }
        // What is collected is written first: memory holds a batch or a large file, not both.
        try drain()
        try flush()
        Self.largeFileTurn.wait()
        defer { Self.largeFileTurn.signal() }
        try body()
        // With a large file in the batch the memory is given back before the next one is read.
        try drain()
        try flush()
    }

    private func takeRemote(_ url: String) throws {
        let reader = SourceReader(request: run.request, isCancelled: run.isCancelled)
        // What is no address at all is told by the fetch.
        let identity = (try? remote.identify(url)) ?? RemoteIdentity(kind: .url, locator: url, name: url)
        let state = try state(of: identity.locator)
        do {
            var placeholder = state?.hadText == false ? state : nil
            for found in try reader.fetch(url, state: state, from: remote) {
                let stands = found.locator == identity.locator ? nil : placeholder.take()
                try begin(locator: found.locator, placeholder: stands) { try $0.remote(found, state: $1) }
                try drain()
            }
        } catch let error as TwinError {
            try conclude(reader.unreachable(identity, error, state: state))
        }
    }

    private func state(of locator: String) throws -> SourceState? {
        try database.read { connection in
            var state = try SourceState.find(
                of: run.twin, locator: locator, for: run.request.clearance, target: run.request.target, on: connection)
            // What has been told of is unchanged when it comes again.
            if let start = run.request.resumesRun, let found = state, run.request.reported[locator] == nil {
                state?.written = try found.written(since: start, on: connection)
            }
            return state
        }
    }

    private func begin(
        locator: String, placeholder: SourceState? = nil, _ step: (SourceReader, SourceState?) throws -> SourceReader.Step
    ) throws {
        let reader = SourceReader(request: run.request, isCancelled: run.isCancelled)
        switch try step(reader, try state(of: locator)) {
        case .done(let outcome): queue.append(Queued(work: .done(outcome), placeholder: placeholder))
        case .read(let order, let reading):
            if remote.recordingBytes != nil, order.isRecording, !run.request.isDryRun {
                // What was read before is kept first, and what comes of it at once: it takes long, and may cost money.
                try drain()
                try flush()
                if let report = transcribed(order) {
                    queue.append(Queued(work: .read(report, reading), placeholder: placeholder))
                    try drain()
                    return try flush()
                }
            }
            session.begin(order)
            queue.append(Queued(work: .reading(reading), placeholder: placeholder))
        }
    }

    /// Settles all that was taken, so that nothing is being read.
    private func drain() throws {
        while !queue.isEmpty, !run.isStopped { try concludeFirst() }
    }

    private func concludeFirst() throws {
        let first = queue.removeFirst()
        switch first.work {
        case .done(let outcome): try conclude(outcome, placeholder: first.placeholder)
        case .reading(let reading):
            let report = session.next()
            #if DEBUG
                if case .document = report.outcome { ReaderFault.happenLate(to: reading.origin.name) }
            #endif
            try conclude(report, reading, placeholder: first.placeholder)
        case .read(let report, let reading): try conclude(report, reading, placeholder: first.placeholder)
        }
        if bytes >= batchBytes || sources.count >= batchCount
            || (!sources.isEmpty && Clock.monotonicNanoseconds - batchBegan > batchAge)
        {
            try flush()
        }
    }

    private func conclude(_ report: ReadReport, _ reading: SourceReader.Reading, placeholder: SourceState?) throws {
        let reader = SourceReader(request: run.request, isCancelled: run.isCancelled, moves: run.moves)
        if let outcome = try reader.outcome(of: report, reading) { try conclude(outcome, placeholder: placeholder) }
    }

    /// What is said in a recording, where a model is configured that writes it down. None for any other document.
    private func transcribed(_ order: ReadOrder) -> ReadReport? {
        guard !run.request.isDryRun, let limit = remote.recordingBytes, order.isRecording else { return nil }
        return order.read(maximumBytes: limit) { input in
            .document(try remote.transcribe(input, isCancelled: run.isCancelled), .audio)
        }
    }

    private func conclude(_ outcome: SourceReader.Outcome, placeholder: SourceState? = nil) throws {
        switch outcome {
        case .finished(let item): try run.finish(item)
        case .prepared(var source):
            source.placeholder = placeholder
            source.updatesOnly = run.request.updatesOnly
            try collect(source)
        }
    }

    private func collect(_ source: PreparedSource) throws {
        if run.request.isDryRun { return try run.finish(Self.plan(source)) }
        if sources.isEmpty { batchBegan = Clock.monotonicNanoseconds }
        if case .document(let prepared) = source.content {
            documents.add(
                prepared.chunks, title: source.title ?? prepared.document.title ?? source.origin.name,
                text: prepared.document.text)
            bytes += prepared.document.text.utf8.count
        }
        sources.append(source)
    }

    private func flush() throws {
        guard !sources.isEmpty else { return }
        try documents.seal()
        let written = try database.write { connection in
            try SourceWriter(
                twin: run.twin, index: index, actor: run.request.actor, clearance: run.request.clearance,
                target: run.request.target, grantsToDefaultGroup: run.request.grantsToDefaultGroup, replaced: replaced
            ).write(sources, documents: documents, on: connection)
        }
        let finished = sources
        sources = []
        bytes = 0
        documents = index.makeBatch(for: run.twin)
        for (source, result) in zip(finished, written) {
            var item = Self.plan(source)
            item.outcome = result.outcome
            if item.outcome != .moved { item.movedFrom = nil }
            if let reason = result.reason { item = .failed(source.origin.locator, reason) }
            item.sourceID = result.sourceID
            item.chunkCount = result.chunkCount
            try run.finish(item)
        }
    }

    /// What would be said of a prepared source, before it is written.
    private static func plan(_ source: PreparedSource) -> IngestItem {
        var item = IngestItem(source.origin.locator, .unchanged)
        item.sourceID = source.state?.id
        item.bytes = source.origin.size
        item.movedFrom = source.movedFrom?.locator
        switch source.content {
        case .sameBytes:
            item.chunkCount = source.state?.chunkCount
            if source.movedFrom != nil { item.outcome = .moved }
        case .failure(let error, _), .emptied(let error, _): item = .failed(source.origin.locator, error)
        case .document(let prepared):
            item.outcome = source.movedFrom != nil ? .moved : source.state?.hadText == true ? .updated : .added
            item.format = prepared.format
            item.title = source.title ?? prepared.document.title
            item.chunkCount = prepared.chunks.count
        }
        return item
    }
}
