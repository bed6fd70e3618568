import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSupport

@Suite struct UpkeepTests {
    private let fixture: TwinFixture
    private let now: Timestamp

    init() throws {
        fixture = try TwinFixture()
        now = try #require(Timestamp("2026-03-10T12:00:00.000Z"))
    }

    private func count(_ table: String) throws -> Int {
        try fixture.database.read { try $0.first("SELECT count(*) FROM \(table)") { $0.int(0) } ?? -1 }
    }

    private func session(_ id: String, expires: String) throws {
        try fixture.database.write {
            try $0.run(
                """
                INSERT INTO sessions (id, tenant_id, twin_key, session_type, origin, created_at, last_active_at, expires_at)
                VALUES (?, ?, ?, 'anonymous', 'key', '2026-03-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z', ?)
                """, id, fixture.twin.tenantID, fixture.twin.key, expires)
        }
    }

    @Test func `sessions that ended a month ago without a question go, all others stay`() throws {
        try session("ended", expires: "2026-02-02T00:00:00.000Z")
        try session("asked", expires: "2026-02-02T00:00:00.000Z")
        try session("ended lately", expires: "2026-03-02T00:00:00.000Z")
        try session("running", expires: "2026-03-11T00:00:00.000Z")
        try fixture.database.write {
            try $0.run(
                """
                INSERT INTO conversations (id, tenant_id, twin_key, session_id, created_at, updated_at)
                VALUES ('c', ?, ?, 'asked', '2026-03-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z')
                """, fixture.twin.tenantID, fixture.twin.key)
        }
        Upkeep(database: fixture.database).run(now: now)
        #expect(
            try fixture.database.read { try $0.rows("SELECT id FROM sessions ORDER BY id") { $0.text(0) } } == [
                "asked", "ended lately", "running",
            ])
    }

    @Test func `windows that are over go, and those that count stay`() throws {
        let limit = RateLimit("somebody", 10, per: .hour)
        let old = Timestamp(milliseconds: now.milliseconds - 4 * 86_400_000)
        try fixture.database.write { connection in
            try RateLimit.count([RateLimit("long gone", 10, per: .day)], now: old, on: connection)
            try RateLimit.count([limit], now: now, on: connection)
        }
        Upkeep(database: fixture.database).run(now: now)
        #expect(try count("rate_windows") == 1)
        #expect(try fixture.database.read { try limit.status(now: now, on: $0).remaining } == 9)
    }

    @Test func `what stands in the write-ahead log is brought into the file`() throws {
        let path = fixture.database.path
        try fixture.database.write { connection in
            try connection.execute("CREATE TABLE bulk (x BLOB)")
            for _ in 0..<200 { try connection.run("INSERT INTO bulk VALUES (zeroblob(10000))") }
        }
        let before = FileContents.size(path)
        Upkeep(database: fixture.database).run(now: now)
        #expect(FileContents.size(path) > before + 1_000_000)
    }

    @Test func `it ends when it is told to, started or not`() throws {
        let upkeep = Upkeep(database: fixture.database)
        upkeep.stop()
        upkeep.start()
        upkeep.stop()
        upkeep.stop()
    }
}
