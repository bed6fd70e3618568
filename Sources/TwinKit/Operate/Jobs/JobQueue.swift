import TwinDatabase
import TwinHTTP
import TwinSupport

/// What runs later: one table for every kind of work. A job is added in the transaction of what it belongs to, taken by one
/// worker at a time under a lease, and tried again with growing pauses when the failure may pass.
///
///     let job = try queue.enqueue(.embed, for: twin)
///     try queue.logs(of: job)
package struct JobQueue: Sendable {
    let database: Database
    let retries: Retries

    package init(database: Database, retries: Retries = Retries()) {
        self.database = database
        self.retries = retries
    }

    /// When a failed job is tried again.
    package struct Retries: Sendable {
        /// Seconds before the second attempt; each further pause is twice as long.
        package var firstPause = 5.0
        /// The longest pause in seconds.
        package var longestPause = 600.0
        package init() {}

        /// Seconds to wait after so many attempts. `random`, 0 to 1, spreads jobs that failed together: a quarter either way.
        func pause(after attempts: Int, random: Double) -> Double {
            let doublings = min(max(attempts - 1, 0), 20)
            return min(firstPause * Double(1 << doublings), longestPause) * (0.75 + random / 2)
        }
    }

    /// The most that a list of jobs and a log answer at once.
    package static let maximumPage = 100
    /// Lines of a log that are answered at once.
    package static let maximumLogPage = 500

    // MARK: Adding

    /// Adds a job for a twin, and for a source where it is about one. The same task that is still queued is answered instead of
    /// being added twice. Higher priorities are taken first; without one it is the task's own.
    @discardableResult
    package func enqueue(
        _ task: JobTask, for twin: Twin, sourceID: String? = nil, priority: Int? = nil, createdBy: String? = nil
    ) throws -> Job {
        try database.write { connection in
            try Self.enqueue(task, for: twin, sourceID: sourceID, priority: priority, createdBy: createdBy, on: connection)
        }
    }

    /// The same in a transaction of the caller's. Workers of this process are woken; they wait for the transaction's end.
    @discardableResult
    package static func enqueue(
        _ task: JobTask, for twin: Twin, sourceID: String? = nil, priority: Int? = nil, createdBy: String? = nil,
        now: Timestamp = Clock.now, on connection: Connection
    ) throws -> Job {
        let queued = try connection.first(
            """
            SELECT \(Job.columns) FROM jobs
            WHERE twin_key = ? AND status = 'queued' AND payload = ? AND source_id IS ? AND NOT cancel_requested
            """, twin.key, task.json, sourceID, map: Job.init)
        if let queued { return queued }
        return try insert(
            task, tenantID: twin.tenantID, twinKey: twin.key, sourceID: sourceID, priority: priority, createdBy: createdBy,
            now: now,
            on: connection)
    }

    /// Adds a job of a tenant that is about no twin. Each is one of its own, whatever else is queued.
    @discardableResult
    package static func enqueue(
        _ task: JobTask, tenantID: String, priority: Int? = nil, createdBy: String?, now: Timestamp = Clock.now,
        on connection: Connection
    ) throws -> Job {
        try insert(
            task, tenantID: tenantID, twinKey: nil, sourceID: nil, priority: priority, createdBy: createdBy, now: now,
            on: connection)
    }

    private static func insert(
        _ task: JobTask, tenantID: String, twinKey: Int64?, sourceID: String?, priority: Int?, createdBy: String?, now: Timestamp,
        on connection: Connection
    ) throws -> Job {
        let job = try connection.first(
            """
            INSERT INTO jobs (id, tenant_id, twin_key, source_id, job_type, status, priority, payload, metadata,
                maximum_attempts, run_after, created_by, created_at, updated_at)
            VALUES (?1, ?2, ?3, ?4, ?5, 'queued', ?6, ?7, '{}', ?8, ?9, ?10, ?9, ?9) RETURNING \(Job.columns)
            """,
            [
                Identifier.make(), tenantID, twinKey, sourceID, task.kind.rawValue, priority ?? task.priority, task.json,
                task.maximumAttempts, now, createdBy,
            ] as [any DatabaseConvertible], map: Job.init)
        guard let job else { throw TwinError(.failed, "the job was not stored") }
        try log(.info, "Queued", of: job.key, at: now, on: connection)
        JobSignal.send()
        return job
    }

    /// Jobs of a source that another takes the place of become jobs of the other, in the caller's transaction.
    @Sendable static func follow(_ source: String, to successor: String, on connection: Connection) throws {
        try connection.run("UPDATE jobs SET source_id = ? WHERE source_id = ?", successor, source)
    }

    /// Takes jobs away with their logs, in the caller's transaction, because what they are about goes. Whoever does one finds it gone.
    static func remove(_ ids: [String], on connection: Connection) throws {
        try connection.run("DELETE FROM jobs WHERE id IN (SELECT value FROM json_each(?))", JSON.strings(ids))
    }

    // MARK: Looking

    /// Jobs, newest first: of a tenant, of a twin, in a state, of a kind, as far as these are given. `limit` is 1 to 100.
    package func list(
        tenantID: String? = nil, twin: Twin? = nil, status: Job.Status? = nil, kind: Job.Kind? = nil, limit: Int = 50,
        offset: Int = 0
    ) throws -> [Job] {
        try database.read { connection in
            try connection.rows(
                """
                SELECT \(Job.columns) FROM jobs
                WHERE (?1 IS NULL OR tenant_id = ?1) AND (?2 IS NULL OR twin_key = ?2) AND (?3 IS NULL OR status = ?3)
                    AND (?4 IS NULL OR job_type = ?4)
                ORDER BY key DESC LIMIT ?5 OFFSET ?6
                """, tenantID, twin?.key, status?.rawValue, kind?.rawValue, min(max(limit, 1), Self.maximumPage),
                max(offset, 0), map: Job.init)
        }
    }

    /// Throws `TwinError` when there is no such job.
    package func find(_ id: String) throws -> Job { try database.read { try Self.find(id, on: $0) } }

    static func find(_ id: String, on connection: Connection) throws -> Job {
        guard let job = try connection.first("SELECT \(Job.columns) FROM jobs WHERE id = ?", id, map: Job.init) else {
            throw TwinError(.notFound, "there is no job '\(id)'; 'twin jobs list' shows them")
        }
        return job
    }

    /// The newest entries of a job's log, newest first; those of one level where it is given. `limit` is 1 to 500.
    package func logs(of job: Job, level: JobLog.Level? = nil, limit: Int = 100) throws -> [JobLog] {
        try database.read { connection in
            try connection.rows(
                """
                SELECT key, level, message, metadata, created_at FROM job_logs
                WHERE job_key = ?1 AND (?2 IS NULL OR level = ?2) ORDER BY key DESC LIMIT ?3
                """, job.key, level?.rawValue, min(max(limit, 1), Self.maximumLogPage)
            ) { row in
                JobLog(
                    key: row.int64(0), jobID: job.id, level: try row.value(1),
                    message: row.text(2), metadata: try row.json(3), createdAt: try row.requiredTimestamp(4))
            }
        }
    }

    /// Whether nothing is queued and nothing is being done, in any process.
    package func isIdle() throws -> Bool {
        try database.read { connection in
            try connection.first(
                """
                SELECT EXISTS (SELECT 1 FROM jobs WHERE status = 'queued')
                    OR EXISTS (SELECT 1 FROM jobs WHERE status = 'processing')
                """
            ) { !$0.bool(0) } ?? true
        }
    }

    // MARK: Changing

    /// Queues a job again that failed or needs attention, with all its attempts. Throws `TwinError` for another.
    package func retry(_ id: String, by actor: String?, now: Timestamp = Clock.now) throws -> Job {
        let job = try database.write { connection in
            let job = try Self.find(id, on: connection)
            guard job.status == .failed || job.status == .needsAttention else {
                throw TwinError(
                    .conflict, "the job is \(job.status.rawValue); only one that failed or needs attention can be retried")
            }
            try connection.run(
                """
                UPDATE jobs SET status = 'queued', attempts = 0, progress = 0, error_message = NULL, cancel_requested = 0,
                    metadata = json_remove(metadata, '$.cancelled'), run_after = ?2, updated_at = ?2, started_at = NULL,
                    completed_at = NULL, lease_owner = NULL, lease_expires_at = NULL
                WHERE key = ?1
                """, job.key, now)
            if let source = job.sourceID { try SourceReservation.resume(source, on: connection) }
            try Self.log(.info, "Queued again", of: job.key, at: now, on: connection)
            try Self.audit(.jobRetried, job, actor, on: connection)
            return try Self.find(id, on: connection)
        }
        JobSignal.send()
        return job
    }

    /// Cancels a job: a queued one at once, one that is being done as soon as its worker sees it. Cancelling again changes
    /// nothing. Throws `TwinError` for a job that has ended.
    package func cancel(_ id: String, by actor: String?, now: Timestamp = Clock.now) throws -> Job {
        let job = try database.write { connection in
            let job = try Self.find(id, on: connection)
            switch job.status {
            case .queued:
                try Self.endCancelled(job, now: now, on: connection)
                try Self.audit(.jobCancelled, job, actor, on: connection)
            case .processing where job.isCancelRequested: break
            case .processing:
                try connection.run("UPDATE jobs SET cancel_requested = 1, updated_at = ? WHERE key = ?", now, job.key)
                try Self.log(.info, "Cancellation was requested", of: job.key, at: now, on: connection)
                try Self.audit(.jobCancelled, job, actor, on: connection)
            case .failed where job.isCancelled: break
            case .complete, .failed, .needsAttention:
                throw TwinError(.conflict, "the job has already ended: it is \(job.status.rawValue)")
            }
            return try Self.find(id, on: connection)
        }
        JobSignal.send()
        return job
    }

    private static func audit(
        _ action: AuditLog.Action, _ job: Job, _ actor: String?, on connection: Connection
    ) throws {
        let twinID = try connection.first("SELECT id FROM twins WHERE key = ?", job.twinKey) { $0.text(0) }
        var named: JSONObject = ["job_id": .string(job.id)]
        named["source_id"] = job.sourceID.map(JSON.string)
        try AuditLog.append(action, tenantID: job.tenantID, twinID: twinID, actor: actor, named, on: connection)
    }

    /// Removes jobs that ended before `instant`, with their logs. Answers how many.
    @discardableResult
    package func removeEnded(before instant: Timestamp) throws -> Int {
        try database.write { connection in
            try connection.run(
                "DELETE FROM jobs WHERE status IN ('complete', 'failed', 'needs_attention') AND completed_at < ?", instant)
            return connection.changes
        }
    }

    static func log(
        _ level: JobLog.Level, _ message: String, _ metadata: JSON? = nil, of job: Int64, at time: Timestamp,
        on connection: Connection
    ) throws {
        try connection.run(
            "INSERT INTO job_logs (job_key, level, message, metadata, created_at) VALUES (?, ?, ?, ?, ?)", job, level.rawValue,
            message, metadata, time)
    }
}
