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

    static let times = """
        -- When a letter was queued last, for those that are not to come too often.
        ALTER TABLE mail_marks ADD COLUMN told_at TEXT;
        """

    private let database: Database
    private let settings: MailSettings
    private let isStopped = Monitor(false)
    /// Seconds that a handover waits for somebody to come at the most before a letter goes, whatever is collected otherwise.
    private static let handoverPatience = 120.0
    /// Seconds between two letters about handovers of one workspace at the least: anybody who opens a page can ask for a person.
    private static let handoverInterval = 900.0

    package init(database: Database, settings: MailSettings) {
        self.database = database
        self.settings = settings
    }

    /// Starts a thread for it. `report` is told what fails, once until it is something else.
    package func start(report: @escaping @Sendable (String) -> Void = { _ in }) {
        let interval = min(60, max(1, settings.patience / 3))
        _ = SystemThread.start { [self] in
            var reported: String?
            while true {
                do {
                    try run()
                    reported = nil
                } catch {
                    // It is seen again in the next round.
                    let reason = (error as? TwinError)?.message ?? "\(error)"
                    if reason != reported, !isStopped.withLock({ $0 }) { report(reason) }
                    reported = reason
                }
                if isStopped.wait(seconds: interval, until: { $0 ? true : nil }) == true { return }
            }
        }
    }

    /// Ends the thread before its next round.
    package func stop() {
        isStopped.withLock { $0 = true }
        isStopped.notifyAll()
    }

    /// One round. What fails of it keeps nothing else from being told. Throws the first failure at the end.
    func run(now: Timestamp = Clock.now) throws {
        let kinds: [Letter.Kind] = [.unanswered, .handovers, .digest]
        try Self.each(of: kinds.filter(settings.kinds.contains)) { kind in
            switch kind {
            case .unanswered: try tellOfQuestions(now)
            case .handovers: try tellOfHandovers(now)
            case .digest: try tellOfDays(now)
            case .invitations, .passwords: break
            }
        }
    }

    private static func each<Element>(of elements: [Element], _ body: (Element) throws -> Void) throws {
        var failure: (any Error)?
        for element in elements {
            do { try body(element) } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
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
                try Self.tell(.unanswered, of: twin.tenantID, twin, upTo: found.upTo, now, on: connection) {
                    .unanswered(userID: $0.id, after: found.after, upTo: found.upTo)
                }
            }
        }
    }

    private func tellOfHandovers(_ now: Timestamp) throws {
        try database.write { connection in
            // A letter that was told ahead of now is of a clock that was set back.
            let waiting = try connection.rows(
                """
                SELECT h.tenant_id, coalesce(m.told_key, 0), max(h.key) FROM desk_handovers h
                LEFT JOIN mail_marks m ON m.letter = 'handovers' AND m.tenant_id = h.tenant_id
                WHERE h.status = 'pending' AND h.key > coalesce(m.told_key, 0)
                    AND (m.told_at IS NULL OR m.told_at <= ?2 OR m.told_at > ?3)
                GROUP BY h.tenant_id HAVING min(h.requested_at) <= ?1
                """, now.adding(seconds: -min(settings.patience, Self.handoverPatience)),
                now.adding(seconds: -max(settings.patience, Self.handoverInterval)), now
            ) { (tenant: $0.text(0), after: $0.int(1), upTo: $0.int(2)) }
            for found in waiting where try !Staff.isAnybodyThere(at: found.tenant, now: now, on: connection) {
                try Self.tell(.handovers, of: found.tenant, nil, upTo: found.upTo, now, on: connection) {
                    .handover(userID: $0.id, after: found.after, upTo: found.upTo)
                }
            }
        }
    }

    /// Of the day before, once its hour has come. Days on which no server ran are not made up for.
    private func tellOfDays(_ now: Timestamp) throws {
        guard let hour = Int(now.description.dropFirst(11).prefix(2)), hour >= settings.digestHour else { return }
        let yesterday = String(now.adding(seconds: -86_400).description.prefix(10))
        let twins = try database.read { connection in
            try connection.rows(
                """
                SELECT t.key FROM twins t LEFT JOIN mail_marks m ON m.letter = 'digest' AND m.twin_key = t.key
                WHERE t.archived_at IS NULL AND coalesce(m.told_date, '') < ? ORDER BY t.key
                """, yesterday
            ) { $0.int64(0) }
        }
        try Self.each(of: twins) { try tell(of: yesterday, twin: $0, now) }
    }

    private func tell(of date: String, twin key: Int64, _ now: Timestamp) throws {
        let twin = try database.read { try TwinStore.load(key, on: $0) }
        // Outside of the transaction: it reads the whole graph.
        let hasNews =
            try Letter.Kind.digest.isWanted(by: twin)
            && LearningDigest.make(of: twin, date: date, for: .everything, in: database).counts != nil
        try database.write { connection in
            // Another server on the file may have told of it meanwhile.
            let isTold = try connection.first(
                "SELECT 1 FROM mail_marks WHERE letter = 'digest' AND twin_key = ? AND told_date >= ?", key, date,
                map: { _ in true })
            guard isTold == nil else { return }
            if hasNews {
                try Self.tell(.digest, of: twin.tenantID, twin, date: date, now, on: connection) {
                    .digest(userID: $0.id, date: date)
                }
            } else {
                try Self.mark(.digest, twin.tenantID, key, date: date, now, on: connection)
            }
        }
    }

    /// Queues a letter to everybody whom the kind is for, and marks what it tells as told, switched off or not.
    private static func tell(
        _ kind: Letter.Kind, of tenantID: String, _ twin: Twin?, upTo key: Int = 0, date: String? = nil, _ now: Timestamp,
        on connection: Connection, letter: (User) -> Letter
    ) throws {
        if twin.map(kind.isWanted) ?? true {
            for user in try kind.readers(of: tenantID, on: connection) {
                let task = JobTask.mail(letter(user))
                if let twin {
                    try JobQueue.enqueue(task, for: twin, now: now, on: connection)
                } else {
                    try JobQueue.enqueue(task, tenantID: tenantID, createdBy: nil, now: now, on: connection)
                }
            }
        }
        try mark(kind, tenantID, twin?.key, upTo: key, date: date, now, on: connection)
    }

    private static func mark(
        _ letter: Letter.Kind, _ tenantID: String, _ twinKey: Int64?, upTo key: Int = 0, date: String? = nil, _ now: Timestamp,
        on connection: Connection
    ) throws {
        try connection.run(
            """
            INSERT INTO mail_marks (letter, tenant_id, twin_key, told_key, told_date, told_at) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (letter, tenant_id, coalesce(twin_key, 0))
            DO UPDATE SET told_key = excluded.told_key, told_date = excluded.told_date, told_at = excluded.told_at
            """, letter.rawValue, tenantID, twinKey, key, date, now)
    }
}
