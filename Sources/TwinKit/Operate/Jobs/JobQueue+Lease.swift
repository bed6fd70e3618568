import TwinDatabase
import TwinSupport

/// The worker's side of the queue. Who works on a job holds a lease: a name and an instant until which it counts. It is
/// renewed while the work goes on, and every change asks for it, so that a worker that was overtaken changes nothing.
extension JobQueue {
    /// Seconds that a lease counts without another word.
    static let leaseSeconds = 60.0

    /// Takes the next job for `owner`: one whose worker is gone, else the first queued one that is due. None when there is
    /// nothing to do. One transaction, so that two workers never take the same. Letters go one after another, so that a mail
    /// server that lets everybody wait never holds up more than one worker.
    func lease(for owner: String, now: Timestamp = Clock.now) throws -> Job? {
        try database.write { connection in
            for job in try abandoned(now: now, on: connection) {
                if job.isCancelRequested {
                    try Self.endCancelled(job, now: now, on: connection)
                } else if job.attempts >= job.maximumAttempts {
                    let error = TwinError(
                        .failed, "the program ended while it worked on this, \(job.attempts) times; see its logs")
                    try end(job, failure: error, now: now, on: connection)
                } else {
                    try Self.log(
                        .warning, "The worker is gone; the job is taken over", of: job.key, at: now, on: connection)
                    return try Self.take(job.key, for: owner, now: now, on: connection)
                }
            }
            let next = try connection.first(
                "SELECT key FROM jobs WHERE \(Self.isDue) AND \(Self.isNextInTurn) ORDER BY priority DESC, run_after, key LIMIT 1",
                now, latestRetry(now)
            ) { $0.int64(0) }
            return try next.flatMap { try Self.take($0, for: owner, now: now, on: connection) }
        }
    }

    /// Takes one job for `owner`, if it is queued still.
    func lease(_ id: String, for owner: String, now: Timestamp = Clock.now) throws -> Job? {
        try database.write { connection in
            let key = try connection.first("SELECT key FROM jobs WHERE id = ? AND status = 'queued'", id) { $0.int64(0) }
            return try key.flatMap { try Self.take($0, for: owner, now: now, on: connection) }
        }
    }

    /// No retry waits longer than the longest pause: what is to run after that was queued before the clock was set back, and
    /// would wait until the clock is there again.
    private static let isDue = "status = 'queued' AND (run_after <= ?1 OR run_after > ?2)"

    private static let isNextInTurn = """
        (json_extract(payload, '$.task') IS NOT '\(JobTask.mailName)' OR NOT EXISTS (
            SELECT 1 FROM jobs o WHERE o.status = 'processing' AND json_extract(o.payload, '$.task') = '\(JobTask.mailName)'))
        """

    private func latestRetry(_ now: Timestamp) -> Timestamp { now.adding(seconds: retries.longestPause * 1.25 + 1) }

    /// Whether `lease` would find something, without a write.
    func hasWork(now: Timestamp = Clock.now) throws -> Bool {
        try database.read { connection in
            let isDue = try connection.first(
                "SELECT EXISTS (SELECT 1 FROM jobs WHERE \(Self.isDue) AND \(Self.isNextInTurn))", now, latestRetry(now)
            ) { $0.bool(0) }
            return try isDue == true || !abandoned(now: now, on: connection).isEmpty
        }
    }

    /// Jobs in work whose lease has ended, or whose worker's process has.
    private func abandoned(now: Timestamp, on connection: Connection) throws -> [Job] {
        let owners = try connection.rows(
            "SELECT DISTINCT lease_owner FROM jobs WHERE status = 'processing' AND lease_owner IS NOT NULL"
        ) { $0.text(0) }
        return try connection.rows(
            """
            SELECT \(Job.columns) FROM jobs
            WHERE status = 'processing' AND (lease_expires_at <= ? OR lease_owner IN (SELECT value FROM json_each(?)))
            ORDER BY priority DESC, key LIMIT 100
            """, now, JSON.strings(owners.filter(ProcessIdentity.isGone)), map: Job.init)
    }

    private static func take(_ key: Int64, for owner: String, now: Timestamp, on connection: Connection) throws -> Job? {
        let job = try connection.first(
            """
            UPDATE jobs SET status = 'processing', attempts = attempts + 1, progress = 0, lease_owner = ?2, lease_expires_at = ?3,
                started_at = coalesce(started_at, ?4), updated_at = ?4
            WHERE key = ?1 RETURNING \(Job.columns)
            """, key, owner, now.adding(seconds: leaseSeconds), now, map: Job.init)
        guard let job else { return nil }
        try log(.info, "Started, attempt \(job.attempts) of \(job.maximumAttempts)", of: key, at: now, on: connection)
        return job
    }

    /// What the holder of a lease is told when it looks.
    enum Standing: Sendable, Equatable {
        case held, cancelRequested
        /// The job was deleted, or another worker has it.
        case lost
    }

    func standing(of job: Job, owner: String) throws -> Standing {
        try database.read { connection in
            try connection.first(
                "SELECT cancel_requested FROM jobs WHERE key = ? AND status = 'processing' AND lease_owner = ?", job.key, owner
            ) { $0.bool(0) ? .cancelRequested : .held } ?? .lost
        }
    }

    /// Renews the lease and stores how far the work is, 0 to 1.
    func renew(_ job: Job, owner: String, progress: Double, now: Timestamp = Clock.now) throws {
        try database.write { connection in
            try connection.run(
                """
                UPDATE jobs SET lease_expires_at = ?3, progress = ?4, updated_at = ?5
                WHERE key = ?1 AND status = 'processing' AND lease_owner = ?2
                """, job.key, owner, now.adding(seconds: Self.leaseSeconds), min(max(progress, 0), 1), now)
        }
    }

    func note(_ job: Job, _ level: JobLog.Level, _ message: String, now: Timestamp = Clock.now) throws {
        try database.write { connection in
            // The job may have been deleted with its twin.
            guard try connection.first("SELECT 1 FROM jobs WHERE key = ?", job.key, map: { _ in true }) != nil else { return }
            try Self.log(level, message, of: job.key, at: now, on: connection)
        }
    }

    // MARK: Ending

    enum Outcome: Sendable {
        /// With what came of it.
        case complete(JSONObject)
        /// With `ofItsKind`, all work of the kind would fail now for the same reason, and waits as this does.
        case failed(TwinError, ofItsKind: Bool = false)
        case cancelled
        /// The worker has to stop before the work is done; the attempt does not count.
        case givenBack
    }

    /// Ends the holder's work on a job. Answers the job as it stands now, or none when the lease was lost: then nothing is
    /// changed.
    func finish(
        _ job: Job, owner: String, _ outcome: Outcome, now: Timestamp = Clock.now, random: Double = .random(in: 0...1)
    ) throws -> Job? {
        let ended = try database.write { connection -> Job? in
            let held = try connection.first(
                "SELECT \(Job.columns) FROM jobs WHERE key = ? AND status = 'processing' AND lease_owner = ?", job.key, owner,
                map: Job.init)
            guard let held else { return nil }
            switch outcome {
            case .complete(let result):
                try connection.run(
                    """
                    UPDATE jobs SET status = 'complete', progress = 1, metadata = ?2, error_message = NULL, lease_owner = NULL,
                        lease_expires_at = NULL, cancel_requested = 0, updated_at = ?3, completed_at = ?3
                    WHERE key = ?1
                    """, held.key, JSON.object(held.metadata.merging(result)), now)
                try Self.log(.info, "Complete", .object(result), of: held.key, at: now, on: connection)
            case .failed(let error, let ofItsKind):
                let pause = retries.pause(after: held.attempts, random: random)
                let next =
                    ofItsKind
                    ? try postponeItsKind(held, by: pause, error: error.message, now, connection) : now.adding(seconds: pause)
                if error.mayPass, held.attempts < held.maximumAttempts, !held.isCancelRequested {
                    try requeue(held, at: next, attempts: held.attempts, error: error.message, now, connection)
                    let seconds = (Double(next.milliseconds - now.milliseconds) / 100).rounded() / 10
                    try Self.log(
                        .warning, "\(error.message); trying again in \(seconds) s", ["kind": .string(error.kind.rawValue)],
                        of: held.key, at: now, on: connection)
                } else {
                    try end(held, failure: error, now: now, on: connection)
                }
            case .cancelled: try Self.endCancelled(held, now: now, on: connection)
            case .givenBack:
                try requeue(held, at: now, attempts: held.attempts - 1, error: held.errorMessage, now, connection)
                try Self.log(.info, "Returned to the queue: the worker is stopping", of: held.key, at: now, on: connection)
            }
            return try Self.find(held.id, on: connection)
        }
        JobSignal.send()
        return ended
    }

    private func requeue(
        _ job: Job, at instant: Timestamp, attempts: Int, error: String?, _ now: Timestamp, _ connection: Connection
    ) throws {
        try connection.run(
            """
            UPDATE jobs SET status = 'queued', attempts = ?2, progress = 0, error_message = ?3, run_after = ?4, lease_owner = NULL,
                lease_expires_at = NULL, updated_at = ?5
            WHERE key = ?1
            """, job.key, max(attempts, 0), error, instant, now)
        // While another attempt is to come the source is not given up.
        if let source = job.sourceID { try SourceReservation.resume(source, on: connection) }
    }

    /// Lets all work like a job's that is due wait as long as the job, as if each had been tried, and answers until when the job itself
    /// waits. What waits for the same reason already is joined, so that the kind is tried once in a while and not each job of it. The
    /// job comes a good while after the others: should the fault be its own after all, they go meanwhile.
    private func postponeItsKind(
        _ job: Job, by pause: Double, error: String, _ now: Timestamp, _ connection: Connection
    ) throws -> Timestamp {
        let isLike = "json_extract(payload, '$.task') = (SELECT json_extract(payload, '$.task') FROM jobs WHERE key = ?3)"
        let next: Timestamp? =
            try connection.first(
                """
                SELECT min(run_after) FROM jobs
                WHERE status = 'queued' AND run_after BETWEEN ?1 AND ?2 AND error_message = ?4 AND \(isLike)
                """, now, latestRetry(now), job.key, error
            ) { try $0.timestamp(0) } ?? nil
        let until = max(now.adding(seconds: pause), next ?? now)
        try connection.run(
            """
            UPDATE jobs SET run_after = ?4, attempts = attempts + 1, error_message = ?5, updated_at = ?1
            WHERE \(Self.isDue) AND \(isLike)
            """, now, latestRetry(now), job.key, until, error)
        return connection.changes > 0 || next != nil ? until.adding(seconds: pause / 2) : until
    }

    /// Ends a job for good. Where the source still answers with what it had, somebody should look; else it has failed.
    private func end(_ job: Job, failure: TwinError, now: Timestamp, on connection: Connection) throws {
        let answers =
            try job.sourceID.map { try SourceReservation.abandon($0, failure.message, at: now, on: connection) } ?? false
        try connection.run(
            """
            UPDATE jobs SET status = ?2, error_message = ?3, lease_owner = NULL, lease_expires_at = NULL, updated_at = ?4,
                completed_at = ?4
            WHERE key = ?1
            """, job.key, (answers ? Job.Status.needsAttention : .failed).rawValue, failure.message, now)
        try Self.log(
            .error, failure.message, ["kind": .string(failure.kind.rawValue)], of: job.key, at: now, on: connection)
    }

    static func endCancelled(_ job: Job, now: Timestamp, on connection: Connection) throws {
        if let source = job.sourceID { _ = try SourceReservation.abandon(source, "cancelled", at: now, on: connection) }
        try connection.run(
            """
            UPDATE jobs SET status = 'failed', error_message = 'cancelled', metadata = json_set(metadata, '$.cancelled', json('true')),
                lease_owner = NULL, lease_expires_at = NULL, updated_at = ?2, completed_at = ?2
            WHERE key = ?1
            """, job.key, now)
        try log(.warning, "Cancelled", of: job.key, at: now, on: connection)
    }
}

extension TwinError {
    /// Whether the same work may well succeed in a while: a server that is away or busy. Everything else fails again.
    var mayPass: Bool { kind == .upstream || kind == .busy }
}
