import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSupport

/// The audit log against whoever can write the file: what they change is found, wherever it is.
@Suite struct AuditChainTests {
    let fixture: WorkspaceFixture
    var folder: TemporaryFolder { fixture.folder }
    var database: Database { fixture.database }

    private struct Undo: Error {}

    init() throws {
        fixture = try WorkspaceFixture()
        try database.write { connection in
            for number in 0..<12 {
                try AuditLog.append(
                    AuditLog.Action.allCases[number], tenantID: ["one", "two", "drei\u{FFFD}\"\n"][number % 3],
                    twinID: number % 2 == 0 ? nil : "twin-\(number)", actor: number % 4 == 0 ? nil : "anna",
                    about: number % 5 == 0 ? "ben" : nil, ["name": .string("n\u{E4}me \(number)"), "count": .number(number)],
                    on: connection)
            }
        }
    }

    /// What `verify` finds after a change that goes round the triggers, and is undone.
    private func faults(
        anchors: [AuditLog.Head] = [], _ change: (Connection) throws -> Void
    ) throws -> AuditLog.Verification {
        var found: AuditLog.Verification?
        do {
            try database.write { connection in
                for trigger in ["appended", "kept", "unchanged", "key_unchanged"] {
                    try connection.execute("DROP TRIGGER audit_log_\(trigger)")
                }
                try change(connection)
                found = try AuditLog.verify(anchors: anchors, on: connection)
                throw Undo()
            }
        } catch is Undo {}
        return try #require(found)
    }

    @Test func `a log that was only written is valid`() throws {
        let found = try AuditLog(database: database).verify()
        #expect(found.isValid && found.rows == 12 && found.heads.map(\.sequence) == [4, 4, 4])
        #expect(try AuditLog(database: database).heads() == found.heads)
    }

    @Test func `one changed byte is found wherever it is`() throws {
        let columns = try database.read { try $0.rows("SELECT name FROM pragma_table_info('audit_log')") { $0.text(0) } }
        #expect(columns.count == 18)
        var tried = 0
        for key in 1...12 {
            for column in columns {
                let value = try database.read {
                    try $0.first("SELECT CAST(\(column) AS BLOB), typeof(\(column)) FROM audit_log WHERE key = ?", key) {
                        (bytes: $0.optionalBytes(0), type: $0.text(1))
                    }
                }
                let (bytes, type) = try #require(value)
                // For a number a byte is one of its 8, for nothing at all it is that there is something.
                for place in 0..<(type == "integer" ? 8 : max(1, bytes?.count ?? 0)) {
                    let found = try faults { connection in
                        switch type {
                        case "integer":
                            try connection.run(
                                "UPDATE audit_log SET \(column) = \(column) + (32 << ?) WHERE key = ?", place * 7, key)
                        case "null" where column == "chained_key":
                            try connection.run("UPDATE audit_log SET chained_key = key + 1 WHERE key = ?", key)
                        case "null": try connection.run("UPDATE audit_log SET \(column) = '' WHERE key = ?", key)
                        default:
                            var changed = try #require(bytes)
                            changed[place] ^= 1
                            try connection.run(
                                "UPDATE audit_log SET \(column) = CAST(? AS \(type)) WHERE key = ?", changed, key)
                        }
                    }
                    tried += 1
                    #expect(!found.isValid, "byte \(place) of \(column) in row \(key)")
                }
            }
        }
        #expect(tried > 3_500)
    }

    @Test func `a value that was there and is not any more is found`() throws {
        for column in ["twin_id", "actor_id", "user_id"] {
            let found = try faults { try $0.execute("UPDATE audit_log SET \(column) = NULL WHERE \(column) IS NOT NULL") }
            #expect(found.faultCount > 1, "\(column)")
        }
    }

    @Test func `a removed row and swapped rows are found`() throws {
        for key in 1...12 {
            #expect(try !faults { try $0.run("DELETE FROM audit_log WHERE key = ?", key) }.isValid, "row \(key)")
            for other in 1..<key {
                let found = try faults { connection in
                    let columns =
                        "id, event_type, action, created_at, actor_id, user_id, people_salt, people_hash, metadata, details_salt, details_hash, prev_hash, hash, tenant_id, seq, twin_id"
                    try connection.execute(
                        """
                        CREATE TABLE held AS SELECT * FROM audit_log WHERE key IN (\(key), \(other));
                        DELETE FROM audit_log WHERE key IN (\(key), \(other));
                        INSERT INTO audit_log (key, \(columns))
                            SELECT CASE key WHEN \(key) THEN \(other) ELSE \(key) END, \(columns) FROM held;
                        """)
                }
                #expect(!found.isValid, "rows \(other) and \(key)")
            }
        }
    }

    @Test func `rows taken off the end with care show against a head that was kept`() throws {
        let heads = try AuditLog(database: database).heads()
        let cut: (Connection) throws -> Void = { connection in
            try connection.execute(
                "DELETE FROM audit_log WHERE key > 10; UPDATE sqlite_sequence SET seq = 10 WHERE name = 'audit_log'")
        }
        #expect(try faults(cut).isValid)
        let found = try faults(anchors: heads, cut)
        #expect(found.faults.map(\.kind) == [.unanchored, .unanchored])
        // A log that was written anew from the third row on, hashes and all.
        let forged = try faults(anchors: heads) { connection in
            try connection.execute("UPDATE audit_log SET metadata = '{}' WHERE key = 3")
            try AuditChain.chainAll(on: connection)
        }
        #expect(forged.faults.map(\.kind) == [.unanchored])
        #expect(try AuditLog(database: database).verify(anchors: heads).isValid)
    }

    @Test func `SQL that changes, removes or replaces a row is refused`() throws {
        for statement in [
            "DELETE FROM audit_log WHERE key = 2", "DELETE FROM audit_log", "UPDATE audit_log SET action = 'X' WHERE key = 2",
            "UPDATE audit_log SET hash = x'00'", "UPDATE audit_log SET key = 40 WHERE key = 2",
            "INSERT OR REPLACE INTO audit_log SELECT * FROM audit_log WHERE key = 2",
            "INSERT INTO audit_log SELECT 2000, 'new', tenant_id, 1, twin_id, event_type, action, created_at, actor_id, user_id, people_salt, people_hash, metadata, details_salt, details_hash, prev_hash, hash FROM audit_log WHERE key = 2",
        ] {
            #expect(throws: DatabaseError.self, "\(statement)") { try database.write { try $0.execute(statement) } }
        }
        #expect(try AuditLog(database: database).verify().isValid)
    }

    @Test func `whoever is erased is in no row, the chain stands, and what says so cannot be forged`() throws {
        let log = AuditLog(database: database)
        _ = try log.add("CONSENT_GIVEN", tenantID: "one", by: "anna", about: nil, details: ["note": "I am Anna Brandt"])
        _ = try log.add("MAIL_SENT", tenantID: "two", by: "local", about: "ben", details: ["to": "Anna@Example.org"])
        _ = try database.write {
            try AuditLog.erase(.init(id: "anna", addresses: ["anna@example.org"], names: ["Anna Brandt"]), by: "local", on: $0)
        }
        let text = try database.read { connection in
            try connection.rows(
                "SELECT coalesce(actor_id, '') || coalesce(user_id, '') || metadata FROM audit_log"
            ) { $0.text(0).lowercased() }
        }
        #expect(text.allSatisfy { !$0.contains("anna") && !$0.contains("brandt") })
        #expect(text.contains { $0.contains("ben") })
        let found = try log.verify()
        #expect(found.isValid && found.erased == 11, "\(found)")
        let acted = try log.list(tenantID: "one").filter { $0.actorID?.hasPrefix("erased-") == true }
        #expect(acted.count == 4 && Set(acted.map(\.actorID)).count == 1)

        // Erased rows are held to what the erasure left, and an erasure that nobody wrote down is none.
        #expect(try !faults { try $0.execute("UPDATE audit_log SET actor_id = 'eve' WHERE key = 2") }.isValid)
        #expect(try !faults { try $0.execute("UPDATE audit_log SET metadata = '{}' WHERE action = 'MAIL_SENT'") }.isValid)
        #expect(try !faults { try $0.execute("UPDATE audit_log SET metadata = '{}' WHERE action = 'DETAILS_ERASED'") }.isValid)
        #expect(
            try !faults {
                try $0.execute("UPDATE audit_log SET metadata = '{\"erased\":true}', details_salt = randomblob(16) WHERE key = 6")
            }.isValid)
        // Erased once more, by another's wish.
        _ = try database.write { try AuditLog.erase(.init(id: "ben"), by: "local", on: $0) }
        #expect(try log.verify().isValid)
    }

    @Test func `a log of before is chained as it stands, and goes with no tenant any more`() throws {
        let old = try Database(path: folder.file("old.db"), create: true)
        let before = try #require(Schema.migrations.firstIndex { $0.name == AuditLogSchema.chain.name })
        try Migrator(Array(Schema.migrations.prefix(before))).migrate(old)
        try old.write { connection in
            try connection.execute("INSERT INTO tenants VALUES ('a', 'a', 'x'), ('b', 'b', 'x'), ('gone', 'gone', 'x')")
            for number in 1...2_500 {
                try connection.run(
                    """
                    INSERT INTO audit_log (id, tenant_id, twin_id, actor_id, event_type, action, metadata, created_at)
                    VALUES (?, ?, NULL, 'local', 'SECURITY', 'SHARE_TOKEN_INVALID', '{"n": 1}', 'x')
                    """, "id-\(number)", ["a", "b", "gone"][number % 3])
            }
            // The last of them too, so that the sequence is ahead of the rows.
            try connection.execute("DELETE FROM tenants WHERE id = 'gone'; DELETE FROM audit_log WHERE id = 'id-2500'")
        }
        let rows = try old.read { try $0.rows("SELECT id FROM audit_log ORDER BY key") { $0.text(0) } }
        try Schema.migrator.migrate(old)
        let log = AuditLog(database: old)
        #expect(try old.read { try $0.rows("SELECT id FROM audit_log ORDER BY key") { $0.text(0) } } == rows)
        _ = try log.add("AFTER", tenantID: "a", by: nil, about: nil, details: [:])
        try old.write { try $0.execute("DELETE FROM tenants WHERE id = 'b'") }
        let found = try log.verify()
        #expect(found.isValid && found.rows == rows.count + 1 && found.heads.map(\.tenantID) == ["a", "b"], "\(found.faults)")
    }

    @Test func `two threads that write at once make one chain`() throws {
        Parallel.run(8) { [database] _ in
            for number in 0..<25 {
                try? database.write {
                    try AuditLog.append(
                        .twinUpdated, tenantID: number % 2 == 0 ? "one" : "two", actor: nil, [:], on: $0)
                }
            }
        }
        let found = try AuditLog(database: database).verify()
        #expect(found.isValid && found.rows == 212)
    }
}
