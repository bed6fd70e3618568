import Synchronization
import TwinDatabase
import TwinReaders
import TwinSupport

/// The front door of TwinKit: a database and its configuration, opened, with the services on it.
package final class Workspace: Sendable {
    package let database: Database
    package let configuration: Configuration
    private let index = TwinIndex()
    /// Who reads documents.
    package let reading: any DocumentReading
    /// Answers that are being worded now.
    package let liveAnswers = LiveAnswers()
    /// The model servers that run for this process.
    package let localModels = LocalModels()
    private let madeAuthenticator = Mutex<Authenticator?>(nil)
    private let madeServices = Mutex<ServiceProbe?>(nil)
    /// Where this process's server is reached from this machine.
    private let serverURL = Mutex<String?>(nil)
    /// The way to the primary, where this is a replica.
    private let primary = Mutex<ReplicaLink?>(nil)
    /// Where the file is of a database that goes with this value.
    private let scratch: ScratchFolder?

    /// Opens the database at `path` and brings its schema up to date. Throws `TwinError`; its kind is `notConfigured`
    /// when there is no database and `create` is false.
    package init(
        path: String, configuration: Configuration, create: Bool = false,
        database settings: Database.Configuration = Database.Configuration(), reading: any DocumentReading = InProcessReading()
    ) throws {
        self.configuration = configuration
        self.reading = reading
        scratch = nil
        do {
            let exists = FileContents.exists(path)
            if !exists {
                guard create else {
                    throw TwinError(
                        .notConfigured,
                        "there is no database at \(path); 'twin ingest PATH' or 'twin twins create NAME' makes one")
                }
                try AtomicFile.makeFolder(FilePath.folder(of: FilePath.absolute(path)))
            }
            var settings = settings
            settings.sealingKey = configuration.sealingKey
            database = try Database(path: path, create: !exists, configuration: settings)
            try Schema.migrator.migrate(database)
            database.countCommits(with: ChangeSequence.count)
        } catch let error as DatabaseError {
            throw TwinError(error)
        }
    }

    /// The database at `path` as a replica: a file that another program keeps up to date, and that is only read. Throws `TwinError`:
    /// `busy` where that program has not changed the file yet, `failed` for a file of another version of twin.
    package init(replica path: String, configuration: Configuration) throws {
        self.configuration = configuration
        reading = InProcessReading()
        scratch = nil
        switch FollowedState.of(path) {
        case .missing: throw TwinError(.busy, "there is no file \(path) yet; 'litestream restore -f' makes it")
        case .untouched:
            throw TwinError(
                .busy,
                "\(path) waits for a first change; is TWIN_REPLICA_TOKEN set where the primary runs, and does 'litestream restore -f' run?"
            )
        case .readable: break
        }
        do {
            var settings = Database.Configuration.replica
            settings.sealingKey = configuration.sealingKey
            database = try Database(path: path, configuration: settings)
            guard try Schema.migrator.isCurrent(database) else {
                throw TwinError(
                    .failed, "the replica's file is of an older twin than this; upgrade the primary first, then start again")
            }
        } catch let error as DatabaseError {
            throw TwinError(error)
        }
    }

    /// An empty database in a temporary folder, for what is only tried; both are removed with this value.
    package init(scratch configuration: Configuration, reading: any DocumentReading = InProcessReading()) throws {
        let folder = try ScratchFolder()
        self.reading = reading
        self.configuration = configuration
        scratch = folder
        do {
            database = try Database(path: folder.path + "/scratch.db", create: true)
            try Schema.migrator.migrate(database)
        } catch let error as DatabaseError {
            throw TwinError(error)
        }
    }

    /// The database at `path` for what is only planned: nothing is written there. A database of an older schema is read
    /// through a copy that is brought up to date, and where there is none an empty one stands in if `orEmpty` says so. What is
    /// made for it goes again with this value. Throws `TwinError`.
    package convenience init(
        planning path: String, configuration: Configuration, orEmpty: Bool = false,
        database settings: Database.Configuration = Database.Configuration(), reading: any DocumentReading = InProcessReading()
    ) throws {
        if orEmpty, !FileContents.exists(path) {
            try self.init(scratch: configuration, reading: reading)
            return
        }
        do {
            guard FileContents.exists(path), try !Schema.migrator.isCurrent(Database(path: path, configuration: settings)) else {
                try self.init(path: path, configuration: configuration, database: settings, reading: reading)
                return
            }
            let folder = try ScratchFolder()
            try Backup.write(Database(path: path, configuration: settings), to: folder.path + "/scratch.db")
            try self.init(copyIn: folder, configuration: configuration, reading: reading)
        } catch let error as DatabaseError {
            throw TwinError(error)
        }
    }

    /// The database that stands in a temporary folder, which is removed with this value.
    private init(copyIn folder: ScratchFolder, configuration: Configuration, reading: any DocumentReading) throws {
        self.configuration = configuration
        self.reading = reading
        scratch = folder
        database = try Database(path: folder.path + "/scratch.db")
        try Schema.migrator.migrate(database)
    }

    /// Brings everything into the database's one file and closes it; nothing of the workspace works after it. Waits at most
    /// `seconds` for whoever still reads or writes. Answers whether the file holds everything: where it does not, the write-ahead
    /// log beside it has the rest.
    @discardableResult
    package func close(within seconds: Double) -> Bool {
        madeAuthenticator.withLock { $0 }?.flush()
        return database.close(within: seconds)
    }

    package var twins: TwinStore { TwinStore(database: database) }
    package var groups: GroupStore { GroupStore(database: database) }
    package var permissions: ContentPermissions { ContentPermissions(database: database) }
    package var keys: KeyStore { KeyStore(database: database) }
    package var authorizer: Authorizer { Authorizer(database: database) }
    package var users: Users { Users(database: database) }

    /// From credentials to who is asking; made once, because it keeps what it has verified. Throws `TwinError`
    /// (`notConfigured`) for a token secret that cannot be used.
    package var authenticator: Authenticator {
        get throws {
            try madeAuthenticator.withLock { made in
                if let made { return made }
                let authenticator = try Authenticator(database: database, settings: configuration.tokenSettings)
                made = authenticator
                return authenticator
            }
        }
    }

    package var invitations: Invitations { Invitations(database: database, links: links) }
    package var sessions: Sessions { Sessions(database: database) }
    package var visitors: Visitors { Visitors(database: database, shareLinks: shareLinks) }
    package var shareLinks: ShareLinks { ShareLinks(database: database, links: links) }
    package var tokens: Tokens { get throws { try authenticator.tokens } }

    /// Tells where this process's server listens; links lead there unless a setting says otherwise.
    package func isServed(at url: String) { serverURL.withLock { $0 = url } }

    /// The address under which twin is reached, without a slash at its end: the setting, else where this process's server
    /// listens, else where one does by itself. It is never what a request says of its host, which anybody can write.
    package var publicURL: String {
        configuration.publicURL ?? serverURL.withLock { $0 } ?? "http://127.0.0.1:8000"
    }

    /// Links to twin's own pages, or to those of the front end that is configured.
    package var links: PageLinks { frontEnd ?? PageLinks(base: publicURL) }

    /// Links to the pages of the front end that is configured; none where that is twin itself.
    package var frontEnd: PageLinks? {
        configuration.frontendURL.flatMap { $0 == publicURL ? nil : PageLinks(base: $0) }
    }

    package var graph: KnowledgeGraph { KnowledgeGraph(database: database) }
    package var graphEditing: GraphEditing { GraphEditing(database: database) }
    package var graphExport: GraphExport { GraphExport(database: database) }
    package var candidates: MemoryCandidates { MemoryCandidates(database: database) }

    /// Brings a twin's graph up to date with its documents and with what its owner said, unless it is switched off. With
    /// `awaitsModel` a configured model reads as well, where the twin wants that; else the rules do alone, at once.
    @discardableResult
    package func learn(
        _ twin: Twin, awaitsModel: Bool = false, retriesModel: Bool = false, isCancelled: @escaping () -> Bool = { false },
        progress: (GraphLearning.Progress) throws -> Void = { _ in }
    ) throws -> Int {
        try GraphLearning(database: database, model: awaitsModel ? configuration.languageModel : nil)
            .catchUp(twin, retriesModel: retriesModel, isCancelled: isCancelled, progress: progress)
    }

    /// What a twin learned in a day, as far as `clearance` may read it: see `LearningDigest.make`, whose errors it throws.
    package func digest(
        of twin: Twin, date: String? = nil, offset: String? = nil, for clearance: Clearance
    ) throws -> LearningDigest {
        try LearningDigest.make(of: twin, date: date, offset: offset, for: clearance, in: database)
    }

    package var memories: OwnerMemories { OwnerMemories(database: database) }
    package var clarifications: Clarifications {
        Clarifications(database: database) { try Contradictions.decide($0, $1, $2, twin: $3, by: $4, on: $5) }
    }
    package var escalations: Escalations { Escalations(database: database, verifiedAnswers: verifiedAnswers) }
    package var verifiedAnswers: VerifiedAnswers {
        VerifiedAnswers(database: database, model: embeddingModel, questionModel: questionModel)
    }
    /// The model that gives texts their vectors; none where none is set.
    package var embeddingModel: (any EmbeddingModel)? { configuration.embeddingModel(patience: nil, localModels) }

    /// The same for a question, for which somebody waits: one attempt, two seconds.
    private var questionModel: (any EmbeddingModel)? { configuration.embeddingModel(patience: 2_000, localModels) }

    package var metrics: Metrics { Metrics(database: database) }
    package var health: Health { Health(database: database, hasModel: configuration.languageModel != nil) }

    /// How the services are; made once, because it remembers for a moment what it has seen.
    package var services: ServiceProbe {
        madeServices.withLock { made in
            if let made { return made }
            let (health, configuration, database, localModels) = (health, configuration, database, localModels)
            let probe = ServiceProbe([
                .init(.database) { health.database().isHealthy ? .ok : .down },
                .init(.index) { health.index(tenantID: nil).isHealthy ? .ok : .down },
                .init(.storage) { database.hasRoom ? .ok : .down },
                .init(.languageModel) { configuration.state(ofProvider: "model", keyVariable: "TWIN_MODEL_KEY") },
                .init(.embeddingModel) { configuration.embeddingState(localModels) },
            ])
            made = probe
            return probe
        }
    }
    package var feedback: Feedback { Feedback(database: database) }
    package var loginLinks: LoginLinks { LoginLinks(database: database) }
    package var audience: Audience { Audience(database: database) }
    package var knowledge: KnowledgeProfiler { KnowledgeProfiler(database: database) }
    package var quotas: Quotas { Quotas(database: database, defaults: configuration.quotaDefaults) }
    package var journal: Journal {
        Journal(database: database, ask: ask, quotas: quotas, standardTwin: configuration.text("journal.twin"))
    }
    package var promptShelf: PromptShelf { PromptShelf(database: database) }
    package var retention: Retention { Retention(database: database) }
    package var erasure: Erasure {
        Erasure(
            database: database,
            forgetting: [forgetAtDesk, { try Personas.forget($0, on: $1) }, { try ClientFiles.forget($0, on: $1) }])
    }
    package var audit: AuditLog { AuditLog(database: database) }
    package var conversations: ConversationStore { ConversationStore(database: database) }
    package var sources: SourceCatalog { SourceCatalog(database: database, index: index) }
    package var search: PassageSearch { PassageSearch(database: database, model: questionModel) }
    /// The one way to ask a twin.
    package var ask: Ask {
        Ask(
            database: database,
            chat: ChatService(
                database: database, search: search, model: configuration.languageModel, owner: OwnerKnowledge(), ledger: ledger),
            live: liveAnswers, quotas: quotas, ledger: ledger)
    }

    /// Where questions are counted and stored, when that is not the database here.
    private var ledger: (any QuestionLedger)? { primary.withLock { $0 }.map { RemoteLedger(link: $0) } }

    /// Has questions counted and stored at the primary, of which this is a replica.
    package func follow(_ link: ReplicaLink) { primary.withLock { $0 = link } }
    /// By words alone, so that an explanation is the same every time.
    package var accessExplainer: AccessExplainer {
        AccessExplainer(database: database, search: PassageSearch(database: database))
    }
    package var rebuild: Rebuild { Rebuild(database: database, index: index) }
    package var doctor: Doctor {
        Doctor(
            database: database, embeddingModel: embeddingModel?.space, privateFiles: privateFiles,
            sealingKey: configuration.sealingKey,
            ofRooms: { [self] in configuration.findings + storageChecks(isQuick: $0) + embeddingChecks() })
    }
    package var privateFiles: PrivateFiles {
        PrivateFiles(
            databasePath: database.path, configurationPath: configuration.path, keyPaths: configuration.keyPaths,
            folders: [configuration.storageFolder(besides: database.path), database.path + ".uploads"])
    }

    /// Ingestion that may fetch from private addresses when `allowPrivate` or the configuration says so.
    package func ingestion(allowPrivate: Bool = false) -> Ingestion {
        var ingestion = Ingestion(
            database: database, index: index,
            remote: configuration.remoteSources(
                allowPrivate: allowPrivate || configuration.flag("ingest.allow_private"), reading: reading),
            reading: reading)
        if let seconds = try? configuration.integer("ingest.read_seconds") { ingestion.readSeconds = seconds }
        ingestion.replaced = JobQueue.follow
        return ingestion
    }

    private func embeddingChecks() -> [Doctor.Check] {
        guard let (server, _) = configuration.embeddingServer else { return [] }
        let name = "embedding server"
        if let path = server.path { return [Doctor.Check(name: name, result: .fine, message: path)] }
        return [
            Doctor.Check(
                name: name, result: .finding,
                message: "\(server.program) is not installed, so that new texts and questions have no vectors",
                remedy: "\(server.installation), or: twin models use none")
        ]
    }

    /// Starts the embedding server that the settings name, so that the first question does not wait for it. Throws `TwinError`.
    package func startEmbeddingServer() throws {
        guard let (server, model) = configuration.embeddingServer else { return }
        do {
            _ = try localModels.address(of: server, model: model)
        } catch {
            throw error.twinError
        }
    }

    /// Whether an embedding model is configured.
    package var embeds: Bool { embeddingModel != nil }

    /// Embeds the chunks of a twin that have no vector yet and answers how many there were; nothing without a configured
    /// embedding model. Throws `TwinError`; what was embedded until then stays.
    @discardableResult
    package func embed(
        _ twin: Twin, replacesDimension: Bool = false, isCancelled: @escaping () -> Bool = { false },
        progress: (EmbeddingRun.Progress) throws -> Void = { _ in }
    ) throws -> Int {
        guard let model = embeddingModel else { return 0 }
        do {
            return try EmbeddingRun(database: database, model: model)
                .run(twin.key, replacesDimension: replacesDimension, isCancelled: isCancelled, progress: progress)
        } catch let error as ProviderError {
            throw error.twinError
        }
    }

    /// Reads a source again from where it came from, whether it has changed or not. What cannot be had again, a stream or one
    /// episode of a feed that has gone on, is indexed anew from the text that is stored.
    package func reextract(
        _ source: Source, clearance: Clearance, allowPrivate: Bool = false, by actor: String?,
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws -> IngestItem {
        var request = IngestRequest(inputs: [], actor: actor)
        request.clearance = clearance
        request.target = source.id
        switch source.kind {
        case .file: request.inputs = [.path(source.locator)]
        case .url, .youtube, .x: request.inputs = [.url(source.locator)]
        case .podcast where source.version == 0: request.inputs = [.url(source.locator)]
        case .podcast, .stream: return try rebuild.reindex(source)
        }
        request.updatesOnly = true
        request.force = true
        request.retryFailed = true
        request.maximumFileBytes = try configuration.maximumFileBytes
        return try ingestion(allowPrivate: allowPrivate).one(request, into: try twin(of: source), isCancelled: isCancelled)
    }

    package var export: TwinExport { TwinExport(database: database) }

    /// What brings a twin to the files of a folder. `allowPrivate` as for `ingestion`.
    package func apply(allowPrivate: Bool = false) throws -> TwinApply {
        TwinApply(
            database: database, index: index, ingestion: ingestion(allowPrivate: allowPrivate),
            maximumFileBytes: try configuration.maximumFileBytes)
    }

    /// The twin that a source belongs to. Throws `TwinError` (`notFound`) once it has been deleted. Opens a read.
    package func twin(of source: Source) throws -> Twin { try database.read { try TwinStore.load(source.twinKey, on: $0) } }

    /// Writes a copy of the database to `path` while it is in use, and answers its size in bytes.
    package func backup(
        to path: String, replacing: Bool, progress: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
    ) throws -> Int {
        try Backup.write(database, to: path, replacing: replacing, progress: progress)
        return FileContents.size(path)
    }
}
