import TwinDatabase
import TwinHTTP
import TwinSupport

/// Looks, again and again while a server runs, for what its people should be told by mail, and queues the letters. What was told is
/// marked in the transaction that queues them, so that nothing is told twice, or by nobody when the process ends in between.
package final class MailRounds: Sendable {
    static let schema = """
        CREATE TABLE mail_marks (
            key INTEGER PRIMARY KEY,
            letter TEXT NOT NULL,
            tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
            twin_key INTEGER REFERENCES twins (key) ON DELETE CASCADE,
            -- The newest row that letters have told of, or the last day.
            told_key INTEGER NOT NULL DEFAULT 0,
            told_date TEXT
        ) STRICT;
        CREATE UNIQUE INDEX mail_marks_one_each ON mail_marks (letter, tenant_id, coalesce(twin_key, 0));
        CREATE INDEX mail_marks_by_tenant ON mail_marks (tenant_id);
        CREATE INDEX mail_marks_by_twin ON mail_marks (twin_key);
        """

    private let database: Database
    private let settings: MailSettings
    private let isStopped = Monitor(false)
    /// Seconds that a handover waits for somebody to come at the most before a letter goes, whatever is collected otherwise.
    private static let handoverPatience = 120.0

    package init(database: Database, settings: MailSettings) {
        self.database = database
        self.settings = settings
    }

    /// Starts a thread for it.
    package func start() {
        let interval = min(60, max(1, settings.patience / 3))
        _ = SystemThread.start { [self] in
            while true {
                // What fails now, because the disk is full for one, is seen again in the next round.
                try? run()
                if isStopped.wait(seconds: interval, until: { $0 ? true : nil }) == true { return }
            }
        }
    }

    /// Ends the thread before its next round.
    package func stop() {
        isStopped.withLock { $0 = true }
        isStopped.notifyAll()
    }

    /// One round, in one transaction for each kind of letter.
    func run(now: Timestamp = Clock.now) throws {
        if settings.kinds.contains(.unanswered) { try tellOfQuestions(now) }
        if settings.kinds.contains(.handovers) { try tellOfHandovers(now) }
        if settings.kinds.contains(.digest) { try tellOfDays(now) }
    }

    private func tellOfQuestions(_ now: Timestamp) throws {
        try database.write { connection in
            let waiting = try connection.rows(
                """
                SELECT e.twin_key, coalesce(m.told_key, 0), max(e.key) FROM escalations e
                LEFT JOIN mail_marks m ON m.letter = 'unanswered' AND m.twin_key = e.twin_key
                WHERE e.status = 'open' AND e.key > coalesce(m.told_key, 0)
                GROUP BY e.twin_key HAVING min(e.created_at) <= ?
                """, now.adding(seconds: -settings.patience)
            ) { (twin: $0.int64(0), after: $0.int(1), upTo: $0.int(2)) }
            for found in waiting {
                let twin = try TwinStore.load(found.twin, on: connection)
                guard twin.archivedAt == nil else { continue }
                if twin.settings[TwinSettings.mailsUnanswered] {
                    for user in try Self.readers(of: twin.tenantID, [.owner], on: connection) {
                        try JobQueue.enqueue(
                            .mail(.unanswered(userID: user.id, after: found.after, upTo: found.upTo)), for: twin, now: now,
                            on: connection)
                    }
                }
                try Self.mark(.unanswered, twin.tenantID, twin.key, upTo: found.upTo, on: connection)
            }
        }
    }

    private func tellOfHandovers(_ now: Timestamp) throws {
        try database.write { connection in
            let waiting = try connection.rows(
                """
                SELECT h.tenant_id, coalesce(m.told_key, 0), max(h.key) FROM desk_handovers h
                LEFT JOIN mail_marks m ON m.letter = 'handovers' AND m.tenant_id = h.tenant_id
                WHERE h.status = 'pending' AND h.key > coalesce(m.told_key, 0)
                GROUP BY h.tenant_id HAVING min(h.requested_at) <= ?
                """, now.adding(seconds: -min(settings.patience, Self.handoverPatience))
            ) { (tenant: $0.text(0), after: $0.int(1), upTo: $0.int(2)) }
            for found in waiting {
                let isAnybodyThere = try Staff.list(of: found.tenant, now: now, on: connection)
                    .contains { $0.status == .online || $0.status == .busy }
                if isAnybodyThere { continue }
                for user in try Self.readers(of: found.tenant, [.owner, .supporter], on: connection) {
                    try JobQueue.enqueue(
                        .mail(.handover(userID: user.id, after: found.after, upTo: found.upTo)), tenantID: found.tenant,
                        createdBy: nil, now: now, on: connection)
                }
                try Self.mark(.handovers, found.tenant, nil, upTo: found.upTo, on: connection)
            }
        }
    }

    /// Of the day before, once its hour has come. Days on which no server ran are not made up for.
    private func tellOfDays(_ now: Timestamp) throws {
        let text = now.description
        guard let hour = Int(text.dropFirst(11).prefix(2)), hour >= settings.digestHour else { return }
        let yesterday = String(now.adding(seconds: -86_400).description.prefix(10))
        let twins = try database.read { connection in
            try connection.rows(
                """
                SELECT t.key FROM twins t LEFT JOIN mail_marks m ON m.letter = 'digest' AND m.twin_key = t.key
                WHERE t.archived_at IS NULL AND coalesce(m.told_date, '') < ? ORDER BY t.key
                """, yesterday
            ) { $0.int64(0) }
        }
        for key in twins {
            let twin = try database.read { try TwinStore.load(key, on: $0) }
            // Outside of the transaction: it reads the whole graph.
            let digest = try LearningDigest.make(of: twin, date: yesterday, for: .everything, in: database)
            try database.write { connection in
                if twin.settings[TwinSettings.mailsDigest], digest.counts != nil {
                    for user in try Self.readers(of: twin.tenantID, [.owner], on: connection) {
                        try JobQueue.enqueue(
                            .mail(.digest(userID: user.id, date: yesterday)), for: twin, now: now, on: connection)
                    }
                }
                try Self.mark(.digest, twin.tenantID, twin.key, upTo: 0, date: yesterday, on: connection)
            }
        }
    }

    private static func readers(of tenantID: String, _ roles: Set<User.Role>, on connection: Connection) throws -> [User] {
        try Users.list(of: tenantID, on: connection).filter { roles.contains($0.role) && $0.isReachable }
    }

    private static func mark(
        _ letter: Letter.Kind, _ tenantID: String, _ twinKey: Int64?, upTo key: Int, date: String? = nil,
        on connection: Connection
    ) throws {
        try connection.run(
            """
            INSERT INTO mail_marks (letter, tenant_id, twin_key, told_key, told_date) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (letter, tenant_id, coalesce(twin_key, 0))
            DO UPDATE SET told_key = excluded.told_key, told_date = excluded.told_date
            """, letter.rawValue, tenantID, twinKey, key, date)
    }
}
