import TwinSupport

/// What is done later, and who does it.
extension Workspace {
    package var jobs: JobQueue {
        var retries = JobQueue.Retries()
        if let seconds = try? configuration.integer("jobs.retry_seconds") { retries.firstPause = Double(seconds) }
        return JobQueue(database: database, retries: retries)
    }

    /// Queues the ingestion of what stands at `url`. The source is there at once, in the state `processing` unless it has a
    /// text already, which goes on answering. With `kind`, an address that leads to something else is refused. Throws
    /// `TwinError`.
    package func queueIngestion(
        of url: String, as kind: Source.Kind? = nil, into twin: Twin, clearance: Clearance,
        allowPrivate: Bool = false, createdBy: String? = nil
    ) throws -> (job: Job, source: Source) {
        let identity = try ingestion().identify(url, as: kind)
        return try database.write { connection in
            let source = try SourceReservation.make(identity, in: twin, for: clearance, on: connection)
            let job = try JobQueue.enqueue(
                .ingest(url: url, allowPrivate: allowPrivate, groupID: clearance.group?.id), for: twin, sourceID: source.id,
                createdBy: createdBy,
                on: connection)
            return (job, source)
        }
    }

    /// Queues a source to be read again from where it came from.
    package func queueReextraction(
        of source: Source, clearance: Clearance, allowPrivate: Bool = false, createdBy: String? = nil
    ) throws -> Job {
        try database.write { connection in
            let twin = try TwinStore.load(source.twinKey, on: connection)
            guard twin.archivedAt == nil else {
                throw TwinError(.gone, "the twin '\(twin.slug)' is archived and takes no sources")
            }
            try SourceReservation.resume(source.id, on: connection)
            return try JobQueue.enqueue(
                .reextract(allowPrivate: allowPrivate, groupID: clearance.group?.id), for: twin, sourceID: source.id,
                createdBy: createdBy, on: connection)
        }
    }

    /// Queues vectors for the twin's chunks that have none; nothing without a configured embedding model.
    @discardableResult
    package func queueEmbedding(of twin: Twin, createdBy: String? = nil) throws -> Job? {
        try embeds ? jobs.enqueue(.embed, for: twin, createdBy: createdBy) : nil
    }

    /// Ingests an uploaded file as `Ingestion.upload` does, under the configured limit, and queues its vectors. When this
    /// returns, an item that was added or updated can be asked.
    package func upload(
        _ path: String, filename: String, into twin: Twin, title: String? = nil, metadata: JSONObject = JSONObject(),
        clearance: Clearance, actor: String?, isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws -> IngestItem {
        let item = try ingestion().upload(
            path, filename: filename, into: twin, title: title, metadata: metadata, clearance: clearance, actor: actor,
            maximumFileBytes: try configuration.maximumFileBytes, isCancelled: isCancelled)
        if item.outcome == .added || item.outcome == .updated { try queueEmbedding(of: twin, createdBy: actor) }
        if GraphLearning.moment(of: twin) == .ingest {
            try learn(twin)
            // Nobody waits for a model: it reads in a job what the rules have read.
            if readsWithModel(twin) { _ = try jobs.enqueue(.learn, for: twin, createdBy: actor) }
        }
        return item
    }

    private func readsWithModel(_ twin: Twin) -> Bool {
        twin.settings[TwinSettings.graphReader] == "model" && configuration.languageModel != nil
    }

    /// Ingests what stands at `url` now, under the configured limit, and queues its vectors. When this returns, an item that was
    /// added or updated can be asked.
    package func fetch(
        _ url: String, into twin: Twin, clearance: Clearance, actor: String?,
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws -> IngestItem {
        var request = IngestRequest(inputs: [.url(url)], actor: actor)
        request.clearance = clearance
        request.retryFailed = true
        request.jobs = 1
        request.maximumFileBytes = try configuration.maximumFileBytes
        let item = try ingestion().one(request, into: twin, isCancelled: isCancelled)
        if item.outcome == .added || item.outcome == .updated { try queueEmbedding(of: twin, createdBy: actor) }
        return item
    }

    /// Does a job. Throws what stopped it.
    func perform(_ job: Job, _ context: JobContext) throws -> JSONObject {
        let unknown = TwinError(.failed, "this version does not know how to do this job; install a newer twin")
        guard let task = job.task else { throw unknown }
        if case .persona(let work, let avatarID, let request) = task {
            return try personas().perform(work, avatarID: avatarID, request, job, context)
        }
        if case .mail(let letter) = task {
            let mailer: Mailer
            do {
                mailer = try self.mailer()
            } catch let error as TwinError {
                // What the operator has to set right costs no letter.
                throw Standstill(reason: TwinError(.upstream, error.message))
            }
            return try mailer.deliver(letter, job) { context.isCancelled }
        }
        guard let twinKey = job.twinKey else { throw unknown }
        let twin = try database.read { try TwinStore.load(twinKey, on: $0) }
        switch task {
        case .embed: return ["embedded": .number(try embed(twin, context, from: 0))]
        case .learn:
            let read = try learn(twin, awaitsModel: true, isCancelled: { context.isCancelled }) { progress in
                context.report(progress: Double(progress.done) / Double(max(progress.total, 1)))
            }
            return ["read": .number(read)]
        case .ingest(let url, let allowPrivate, let groupID):
            if let id = job.sourceID { _ = try storedSource(id) }
            var request = IngestRequest(inputs: [.url(url)], actor: job.createdBy)
            request.clearance = try clearance(groupID, of: twin)
            request.target = job.sourceID
            request.updatesOnly = job.sourceID != nil
            request.retryFailed = true
            request.jobs = 1
            request.maximumFileBytes = try configuration.maximumFileBytes
            context.report(progress: 0.05)
            let item = try ingestion(allowPrivate: allowPrivate).one(request, into: twin, isCancelled: { context.isCancelled })
            return try complete(item, in: twin, context)
        case .process:
            guard let id = job.sourceID else { throw TwinError(.invalid, "the job names no source") }
            return try process(try storedSource(id), in: twin, by: job.createdBy, context)
        case .reextract(let allowPrivate, let groupID):
            guard let id = job.sourceID else { throw TwinError(.invalid, "the job names no source") }
            context.report(progress: 0.05)
            let item = try reextract(
                try storedSource(id), clearance: clearance(groupID, of: twin), allowPrivate: allowPrivate, by: job.createdBy,
                isCancelled: { context.isCancelled })
            return try complete(item, in: twin, context)
        case .persona, .mail: throw unknown
        }
    }

    /// What whoever queued a job could see. A group that was deleted since sees nothing, and its jobs fail.
    private func clearance(_ groupID: String?, of twin: Twin) throws -> Clearance {
        try groupID.map { .group(try groups.find($0, of: twin)) } ?? .everything
    }

    /// Reads an uploaded document. Its file goes when it was read and when it can never be.
    private func process(_ source: Source, in twin: Twin, by actor: String?, _ context: JobContext) throws -> JSONObject {
        let uploads = try documentUploads()
        let received = try uploads.received(source)
        context.report(progress: 0.05)
        let item = try ingestion().upload(
            received.path, filename: received.filename, into: twin, target: source.id, actor: actor,
            maximumFileBytes: uploads.maximumBytes,
            isCancelled: { context.isCancelled })
        if item.failure != .interrupted { try uploads.finish(source) }
        return try complete(item, in: twin, context)
    }

    private func storedSource(_ id: String) throws -> Source {
        guard let found = try database.read({ try Source.stored(id, on: $0) }) else {
            throw TwinError(.gone, "the source was deleted")
        }
        return found
    }

    private func complete(_ item: IngestItem, in twin: Twin, _ context: JobContext) throws -> JSONObject {
        if item.outcome == .failed || item.outcome == .skipped {
            throw TwinError(item.failure ?? .failed, item.reason ?? "it could not be read")
        }
        context.report(progress: 0.8)
        if GraphLearning.moment(of: twin) == .ingest {
            try learn(twin, awaitsModel: true, isCancelled: { context.isCancelled })
        }
        do {
            _ = try embed(twin, context, from: 0.8)
        } catch let error as TwinError where !context.isCancelled {
            // The source is live: it is found by its words.
            try context.log(.warning, "Searched by words alone: \(error.message)")
        }
        return [
            "outcome": .string(item.outcome.rawValue), "source_id": .optional(item.sourceID),
            "chunks": .optional(item.chunkCount),
        ]
    }

    private func embed(_ twin: Twin, _ context: JobContext, from start: Double) throws -> Int {
        try embed(twin, isCancelled: { context.isCancelled }) { progress in
            context.report(progress: start + (1 - start) * Double(progress.done) / Double(max(progress.total, 1)))
        }
    }
}

extension JobRunner {
    /// A runner that does the workspace's jobs.
    package convenience init(_ workspace: Workspace, threads: Int = 2, observer: Observer = Observer()) {
        self.init(queue: workspace.jobs, threads: threads, observer: observer) { try workspace.perform($0, $1) }
    }
}
