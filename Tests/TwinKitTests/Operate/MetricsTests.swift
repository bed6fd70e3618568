import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

@Suite struct MetricsTests {
    let fixture: TwinFixture
    var folder: TemporaryFolder { fixture.folder }
    var database: Database { fixture.database }
    var twin: Twin { fixture.twin }
    let metrics: Metrics

    init() throws {
        fixture = try TwinFixture()
        metrics = Metrics(database: fixture.database)
    }

    private static let now = Timestamp("2026-11-21T12:00:00Z") ?? Clock.now

    @discardableResult
    private func conversation(
        of twin: Twin? = nil, user: String? = nil, session: String? = nil, daysAgo: Int = 0, on connection: Connection
    ) throws -> Int64 {
        let time = Self.now.adding(seconds: Double(-86_400 * daysAgo))
        let twin = twin ?? self.twin
        try connection.run(
            """
            INSERT INTO conversations (id, tenant_id, twin_key, user_id, session_id, created_at, updated_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
            """, Identifier.make(), twin.tenantID, twin.key, user, session, time)
        return connection.lastInsertedKey
    }

    @discardableResult
    private func message(
        _ role: String, _ content: String = "?", status: String? = nil, confidence: Double? = nil, answering: Int64? = nil,
        in conversation: Int64, on connection: Connection
    ) throws -> Int64 {
        try connection.run(
            """
            INSERT INTO messages (id, conversation_key, role, content, status, confidence, question_key, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """, Identifier.make(), conversation, role, content, status, confidence, answering, Self.now)
        return connection.lastInsertedKey
    }

    /// The table as the triggers left it, and as it is when everything is counted anew.
    private func rows(_ connection: Connection, recount: Bool) throws -> [String] {
        let sql =
            recount
            ? """
            SELECT c.twin_key, n.name, substr(c.created_at, 1, 10) AS day, count(DISTINCT c.key),
                coalesce(sum(m.role = 'user'), 0), coalesce(sum(m.role = 'assistant'), 0),
                coalesce(sum(CASE WHEN m.role = 'assistant' AND m.confidence > 0 THEN CAST(round(m.confidence * 1000000) AS INTEGER) END), 0),
                coalesce(sum(m.role = 'assistant' AND m.confidence > 0), 0), coalesce(sum(m.status = 'escalated'), 0),
                coalesce(sum(m.status IN ('escalated', 'unanswerable')), 0)
            FROM conversations c
            JOIN (SELECT key, '' AS name FROM conversations UNION
                SELECT key, coalesce('user:' || user_id, 'session:' || session_id, '') FROM conversations) n ON n.key = c.key
            LEFT JOIN messages m ON m.conversation_key = c.key GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
            """
            : "SELECT * FROM conversation_days ORDER BY 1, 2, 3"
        return try connection.rows(sql) { row in (0..<10).map { row.text($0) }.joined(separator: "|") }
    }

    @Test(arguments: [1, 2, 3]) func `the sums stay what a recount gives, whatever is added, changed and deleted`(seed: UInt64)
        throws
    {
        var random = SeededGenerator(seed: seed)
        let other = try TwinStore(database: database).create(name: "Other")
        let roles = ["user", "assistant"]
        let statuses: [String?] = [nil, "grounded", "escalated", "unanswerable", "verified"]
        let users: [String?] = [nil, nil, "anna", "bert"]
        func key(_ table: String, _ connection: Connection) throws -> Int64? {
            let keys = try connection.rows("SELECT key FROM \(table)") { $0.int64(0) }
            return keys.randomElement(using: &random)
        }
        for round in 0..<12 {
            try database.write { connection in
                for _ in 0..<40 {
                    let confidence: Double? = Bool.random(using: &random) ? Double.random(in: 0...1, using: &random) : nil
                    let status = statuses.randomElement(using: &random) ?? nil
                    let user = users.randomElement(using: &random) ?? nil
                    switch Int.random(in: 0..<12, using: &random) {
                    case 0...2:
                        try conversation(
                            of: Bool.random(using: &random) ? twin : other, user: user,
                            session: Bool.random(using: &random) ? "s\(Int.random(in: 0..<4, using: &random))" : nil,
                            daysAgo: Int.random(in: 0..<4, using: &random), on: connection)
                    case 3...7:
                        guard let place = try key("conversations", connection) else { continue }
                        try message(
                            roles.randomElement(using: &random) ?? "user", status: status, confidence: confidence, in: place,
                            on: connection)
                    case 8:
                        guard let found = try key("messages", connection) else { continue }
                        try connection.run("DELETE FROM messages WHERE key = ?", found)
                    case 9:
                        guard let found = try key("messages", connection), let place = try key("conversations", connection) else {
                            continue
                        }
                        try connection.run(
                            "UPDATE messages SET status = ?, confidence = ?, conversation_key = ? WHERE key = ?", status,
                            confidence,
                            place, found)
                    case 10:
                        guard let found = try key("conversations", connection) else { continue }
                        try connection.run(
                            "UPDATE conversations SET user_id = ?, twin_key = ? WHERE key = ?", user, other.key, found)
                    default:
                        guard let found = try key("conversations", connection) else { continue }
                        try connection.run("DELETE FROM conversations WHERE key = ?", found)
                    }
                }
            }
            let (kept, counted) = try database.read { (try rows($0, recount: false), try rows($0, recount: true)) }
            #expect(kept == counted, "after round \(round)")
            #expect(round < 3 || !counted.isEmpty)
        }
        try TwinStore(database: database).delete(other)
        let (kept, counted) = try database.read { (try rows($0, recount: false), try rows($0, recount: true)) }
        #expect(kept == counted)
    }

    @Test func `a migration counts the conversations that were there before it`() throws {
        let old = try Database(path: folder.file("old.db"), create: true)
        let before = Migrator(Array(Schema.migrations.prefix(6)))
        try before.migrate(old)
        try old.write { connection in
            try connection.execute(
                """
                INSERT INTO tenants VALUES ('t', 't', 'now');
                INSERT INTO twins (id, tenant_id, slug, name, description, specialization, settings, created_at, updated_at)
                VALUES ('a', 't', 'a', 'a', '', '', '{}', 'now', 'now');
                """)
            for user in ["anna", nil] {
                try connection.run(
                    """
                    INSERT INTO conversations (id, tenant_id, twin_key, user_id, created_at, updated_at)
                    VALUES (?1, 't', 1, ?2, ?3, ?3)
                    """, Identifier.make(), user, Self.now)
                let key = connection.lastInsertedKey
                try message("user", in: key, on: connection)
                try message("assistant", status: "escalated", confidence: 0.123456, in: key, on: connection)
            }
        }
        try Schema.migrator.migrate(old)
        let (kept, counted) = try old.read { (try rows($0, recount: false), try rows($0, recount: true)) }
        #expect(kept == counted)
        #expect(kept.count == 2)
    }

    @Test func `the dashboard sums its window and rounds as it says`() throws {
        try database.write { connection in
            for day in [0, 1, 7, 8] {
                let key = try conversation(daysAgo: day, on: connection)
                for confidence in [0.9, 0.456789, 0] {
                    try message("user", in: key, on: connection)
                    try message(
                        "assistant", status: confidence == 0 ? "escalated" : "grounded", confidence: confidence, in: key,
                        on: connection)
                }
                try message("user", in: key, on: connection)
            }
        }
        let week = try metrics.dashboard(of: twin, days: 7, now: Self.now)
        #expect(week.conversations == 3)
        #expect(week.userMessages == 12)
        #expect(week.assistantMessages == 9)
        #expect(week.messages == 21)
        #expect(week.averageConfidence == 0.6784)
        #expect(week.escalationRate == 33.33)
        #expect(week.responseRate == 75)
        #expect(week.refusalRate == 33.33)
        #expect(week.answeredRate == 50, "of 12 questions 6 were answered, 3 refused, and 3 got no reply")
        #expect(try metrics.dashboard(of: twin, days: 8, now: Self.now).conversations == 4)
    }

    @Test func `a twin that nobody asked has zeros and full response`() throws {
        let empty = try metrics.dashboard(of: twin, now: Self.now)
        #expect(empty == Metrics.Dashboard(days: 30))
        #expect(empty.responseRate == 100)
        #expect(try metrics.topQuestions(of: twin).isEmpty)
        #expect(try metrics.usage(of: twin).json["total_requests"] == 0)
        #expect(try metrics.usage(of: twin).json["metrics"] == JSON.object([:]))
    }

    @Test func `daily has a row for each day and today, with zeros, and agrees with the dashboard`() throws {
        try database.write { connection in
            for day in [0, 0, 3, 7, 20] { try message("user", in: conversation(daysAgo: day, on: connection), on: connection) }
        }
        let days = try metrics.daily(of: twin, days: 7, now: Self.now)
        #expect(days.map(\.date).first == "2026-11-14")
        #expect(days.map(\.date).last == "2026-11-21")
        #expect(days.map(\.messages) == [1, 0, 0, 0, 1, 0, 0, 2])
        #expect(try metrics.dashboard(of: twin, days: 7, now: Self.now).messages == 4)
    }

    @Test(arguments: [0, 3_661, -1]) func `a window out of range is refused`(days: Int) throws {
        #expect(throws: TwinError.self) { try metrics.dashboard(of: twin, days: days) }
        #expect(throws: TwinError.self) { try metrics.daily(of: twin, days: days) }
        #expect(throws: TwinError.self) { try metrics.topQuestions(of: twin, limit: days) }
    }

    @Test func `questions are grouped without regard to case and to what follows their first hundred characters`() throws {
        let long = String(repeating: "Wie heißt das Öl? ", count: 7)
        try database.write { connection in
            for (index, text) in ["Gear oil?", "gear OIL?", long + "now", "GEAR oil?", long.lowercased() + "then"].enumerated() {
                let key = try conversation(daysAgo: 5 - index, on: connection)
                let question = try message("user", text, in: key, on: connection)
                let between = try message("user", "between", in: key, on: connection)
                try message("assistant", confidence: index == 0 ? nil : 0.5, answering: question, in: key, on: connection)
                try message("assistant", confidence: 0.1, answering: between, in: key, on: connection)
            }
        }
        let top = try metrics.topQuestions(of: twin, limit: 3)
        #expect(top.map(\.count) == [5, 3, 2])
        #expect(top.map(\.question) == ["between", "Gear oil?", String(long.unicodeScalars.prefix(100)) + "..."])
        #expect(top.map(\.averageConfidence) == [0.1, 0.5, 0.5])
    }

    @Test func `a viewer sees numbers and questions of its own conversations, and names of granted sources only`() throws {
        try database.write { connection in
            for (user, text) in [("anna", "my question"), ("bert", "secret question")] {
                let key = try conversation(user: user, on: connection)
                try message("user", text, in: key, on: connection)
            }
            for name in ["open.md", "secret.md"] {
                try connection.run(
                    """
                    INSERT INTO sources (id, tenant_id, twin_key, kind, locator, name, metadata, status, health, version, text_bytes,
                        chunk_count, reader_version, created_at, updated_at)
                    VALUES (?1, ?2, ?3, 'file', ?1, ?1, '{}', 'live', 'healthy', 1, 0, 0, 1, ?4, ?4)
                    """, name, twin.tenantID, twin.key, Self.now)
            }
        }
        let group = try GroupStore(database: database).create("readers", of: twin)
        try ContentPermissions(database: database).grant(.source, ["open.md"], to: group)
        let scope = MetricsScope.user(id: "anna", clearance: .group(group))
        #expect(try metrics.dashboard(of: twin, scope: scope, now: Self.now).userMessages == 1)
        #expect(try metrics.dashboard(of: twin, now: Self.now).userMessages == 2)
        #expect(try metrics.topQuestions(of: twin, scope: scope).map(\.question) == ["my question"])
        let titles = try metrics.activity(of: twin, scope: scope).map(\.title)
        #expect(Set(titles) == ["Asked: my question", "Uploaded: open.md"])
        #expect(try metrics.activity(of: twin).count == 4)
        #expect(try metrics.usage(of: twin, scope: scope, now: Self.now).requests == 1)
    }

    @Test func `who may see what of the numbers follows from the principal`() throws {
        let authorizer = Authorizer(database: database)
        #expect(try MetricsScope(of: twin, as: .localOperator, authorizer: authorizer) == .everything)
        let tenant = twin.tenantID
        try database.write { connection in
            for role in ["owner", "viewer"] {
                try connection.run(
                    "INSERT INTO users (id, tenant_id, email, role, created_at) VALUES (?1, ?2, ?1, ?1, ?3)", role, tenant,
                    Clock.now)
            }
        }
        func user(_ id: String) throws -> User {
            try #require(try database.read { try $0.first("SELECT \(User.columns) FROM users WHERE id = ?", id, map: User.init) })
        }
        #expect(try MetricsScope(of: twin, as: .user(user("owner")), authorizer: authorizer) == .everything)
        #expect(try MetricsScope(of: twin, as: .user(user("viewer")), authorizer: authorizer).userID == "viewer")
    }

    @Test func `usage sums the days of its window`() throws {
        try database.write { connection in
            for (daysAgo, milliseconds) in [(0, 10.0), (7, 20.0), (8, 1000.0)] {
                let time = Self.now.adding(seconds: Double(-86_400 * daysAgo))
                try Usage.add(.requests, 1, twin: twin, at: time, on: connection)
                try Usage.add(.totalLatency, milliseconds, twin: twin, at: time, on: connection)
            }
            try Usage.add(.errors, 1, twin: twin, at: Self.now, on: connection)
        }
        let usage = try metrics.usage(of: twin, days: 7, now: Self.now)
        #expect(usage.requests == 2)
        #expect(usage.averageLatency == 15)
        #expect(usage.errorRate == 50)
        #expect(usage.json["metrics"]?["total_latency_ms"] == ["count": 2, "sum": 30, "min": 10, "max": 20, "avg": 15])
    }

    @Test func `visitors are users over all sessions and sessions of anybody else, without addresses`() throws {
        try database.write { connection in
            for id in ["s1", "s2"] {
                try connection.run(
                    """
                    INSERT INTO sessions (id, tenant_id, twin_key, session_type, origin, ip_address, created_at, last_active_at, expires_at)
                    VALUES (?1, ?2, ?3, 'public_share', 'x', '203.0.113.9', ?4, ?4, ?4)
                    """, id, twin.tenantID, twin.key, Self.now)
            }
            for (user, session, day) in [("anna", "s1", 3), ("anna", nil, 1), (nil, "s2", 2), (nil, nil, 0)]
                as [(String?, String?, Int)]
            {
                try message("user", in: conversation(user: user, session: session, daysAgo: day, on: connection), on: connection)
            }
        }
        let page = try Audience(database: database).page(of: twin)
        #expect(page.totalVisitors == 2)
        #expect(page.returningVisitors == 1)
        #expect(page.averageMessages == 1.5)
        #expect(page.visitors.map(\.id) == ["anna", "s2"])
        #expect(page.visitors.map(\.sessionType) == ["public_share", "public_share"])
        #expect(page.visitors.first?.sessionID == "s1")
        #expect(!page.json.text.contains("203.0.113.9"))
        let second = try Audience(database: database).page(of: twin, limit: 1, offset: 1)
        #expect(second.visitors.map(\.id) == ["s2"])
        #expect(second.totalVisitors == 2)
    }
}
