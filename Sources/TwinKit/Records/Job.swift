import TwinDatabase
import TwinHTTP
import TwinSupport

/// Work that is done later: queued, taken by one worker at a time, tried again when that may help.
package struct Job: Sendable, Equatable {
    /// Where a job stands, in the words of the studio contract. A cancelled job has failed; its metadata says that it was
    /// cancelled.
    package enum Status: String, Sendable, CaseIterable {
        case queued, processing
        /// It failed, and what was there before still answers.
        case needsAttention = "needs_attention"
        case complete, failed
    }

    /// What the contracts call the type of a job. Which work it is, the `task` says.
    package enum Kind: String, Sendable, CaseIterable {
        case ingestion, reindex
        case healthCheck = "health_check"
        case graphExtraction = "graph_extraction"
        case other
    }

    package let key: Int64
    package let id: String
    package let tenantID: String
    package let twinKey: Int64?
    /// Nil, as is its key, for a job that is no twin's.
    package let twinID: String?
    package let sourceID: String?
    package let kind: Kind
    package let status: Status
    /// Higher ones are taken first.
    package let priority: Int
    /// What is to be done; none for a task that this version does not know.
    package let task: JobTask?
    /// What came of it.
    package let metadata: JSONObject
    /// Why the last attempt failed; nil where none did.
    package let errorMessage: String?
    /// 0 to 1.
    package let progress: Double
    /// How often it was begun.
    package let attempts: Int
    /// With this many it fails for good.
    package let maximumAttempts: Int
    /// It is not begun before.
    package let runAfter: Timestamp
    /// It ends at the next place where its worker looks.
    package let isCancelRequested: Bool
    package let createdBy: String?
    package let createdAt: Timestamp
    package let updatedAt: Timestamp
    /// When it was begun first; nil while nobody has.
    package let startedAt: Timestamp?
    /// When it ended, whatever came of it; nil until then.
    package let completedAt: Timestamp?

    static let columns = """
        key, id, tenant_id, twin_key, (SELECT id FROM twins WHERE key = twin_key), source_id, job_type, status, priority, payload,
        metadata, error_message, progress, attempts, maximum_attempts, run_after, cancel_requested, created_by, created_at,
        updated_at, started_at, completed_at
        """

    init(_ row: Row) throws {
        try row.check(columns: 22)
        key = row.int64(0)
        id = row.text(1)
        tenantID = row.text(2)
        twinKey = row.optionalInt(3).map(Int64.init)
        twinID = row.optionalText(4)
        sourceID = row.optionalText(5)
        kind = try row.value(6)
        status = try row.value(7)
        priority = row.int(8)
        task = JobTask(try row.json(9))
        metadata = try row.object(10)
        errorMessage = row.optionalText(11)
        progress = row.double(12)
        attempts = row.int(13)
        maximumAttempts = row.int(14)
        runAfter = try row.requiredTimestamp(15)
        isCancelRequested = row.bool(16)
        createdBy = row.optionalText(17)
        createdAt = try row.requiredTimestamp(18)
        updatedAt = try row.requiredTimestamp(19)
        startedAt = try row.timestamp(20)
        completedAt = try row.timestamp(21)
    }

    /// Whether nothing more will happen unless somebody asks for it.
    package var isFinished: Bool { status != .queued && status != .processing }
    /// Whether it ended because somebody asked for that; its status is `failed` then.
    package var isCancelled: Bool { metadata["cancelled"] == true }
}

/// What a job does, for the worker.
package enum JobTask: Sendable, Equatable {
    /// Fetches an address into the job's source, for somebody who sees what the group sees; without one, everything.
    case ingest(url: String, allowPrivate: Bool, groupID: String? = nil)
    /// Reads the job's source again from where it came from, for the same.
    case reextract(allowPrivate: Bool, groupID: String? = nil)
    /// Reads the document that was uploaded for the job's source.
    case process
    /// Gives vectors to the twin's chunks that have none.
    case embed
    /// Lets the model read the twin's documents into its graph.
    case learn
    /// Makes pictures of a persona, or teaches a model its face; `request` is that work's own.
    case persona(PersonaWork, avatarID: String, JSONObject)
    /// Sends a letter.
    case mail(Letter)

    /// How often the work is begun at the most. A letter waits two days for a mail server that is away.
    var maximumAttempts: Int { if case .mail = self { 300 } else { 3 } }

    /// Higher ones are taken first. A letter takes a moment: one that somebody waits for goes before what takes longer, one that only
    /// sums up comes after everything.
    var priority: Int {
        guard case .mail(let letter) = self else { return 0 }
        return letter.isAwaited ? 1 : -1
    }

    /// What the task is called where it is stored.
    static let mailName = "mail"

    var kind: Job.Kind {
        switch self {
        case .ingest, .reextract, .process: .ingestion
        case .embed, .learn: .reindex
        case .persona, .mail: .other
        }
    }

    init?(_ json: JSON) {
        let allowPrivate = json["allow_private"] == true
        let groupID = json["group_id"]?.stringValue
        switch (json["task"]?.stringValue, json["url"]?.stringValue) {
        case ("ingest", let url?): self = .ingest(url: url, allowPrivate: allowPrivate, groupID: groupID)
        case ("reextract", _): self = .reextract(allowPrivate: allowPrivate, groupID: groupID)
        case ("process", _): self = .process
        case ("embed", _): self = .embed
        case ("learn", _): self = .learn
        case (Self.mailName, _):
            guard let letter = Letter(json) else { return nil }
            self = .mail(letter)
        case (let task?, _):
            guard let work = PersonaWork(rawValue: task), let avatar = json["avatar_id"]?.stringValue,
                let request = json["request"]?.objectValue
            else { return nil }
            self = .persona(work, avatarID: avatar, request)
        default: return nil
        }
    }

    var json: JSON {
        switch self {
        case .ingest(let url, let allowPrivate, let groupID):
            Self.json(["task": "ingest", "url": .string(url), "allow_private": .bool(allowPrivate)], groupID)
        case .reextract(let allowPrivate, let groupID):
            Self.json(["task": "reextract", "allow_private": .bool(allowPrivate)], groupID)
        case .process: ["task": "process"]
        case .embed: ["task": "embed"]
        case .learn: ["task": "learn"]
        case .persona(let work, let avatarID, let request):
            ["task": .string(work.rawValue), "avatar_id": .string(avatarID), "request": .object(request)]
        case .mail(let letter): .object((["task": .string(Self.mailName)] as JSONObject).merging(letter.json))
        }
    }

    private static func json(_ task: JSONObject, _ groupID: String?) -> JSON {
        .object(groupID.map { task.merging(["group_id": .string($0)]) } ?? task)
    }
}

/// The kinds of work that are done on a persona.
package enum PersonaWork: String, Sendable, CaseIterable {
    /// A batch of pictures.
    case batch = "persona_batch"
    /// Pictures that a model learns from.
    case dataset = "persona_dataset"
    case training = "persona_training"
}

/// A line of a job's log.
package struct JobLog: Sendable, Equatable {
    /// As in a source's log.
    package typealias Level = SourceLog.Level

    package let key: Int64
    package let jobID: String
    package let level: Level
    package let message: String
    package let metadata: JSON
    package let createdAt: Timestamp
}
