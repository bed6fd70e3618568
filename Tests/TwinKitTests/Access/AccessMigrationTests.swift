import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSupport

/// A database of the first release, brought up to date.
@Suite struct AccessMigrationTests {
    let folder: TemporaryFolder
    let database: Database

    private static let time = "2026-01-01T00:00:00.000Z"

    init() throws {
        let time = Self.time
        folder = try TemporaryFolder()
        database = try Database(path: folder.file("old.db"), create: true)
        try Migrator(Array(Schema.migrations.prefix(9))).migrate(database)
        try database.write { connection in
            try connection.execute(
                """
                INSERT INTO tenants VALUES ('t1', 'One', '\(time)'), ('t2', 'Two', '\(time)');
                INSERT INTO twins (key, id, tenant_id, slug, name, description, specialization, settings, created_at, updated_at)
                    VALUES (1, 'twin-1', 't1', 'ada', 'Ada', '', 'vanilla', '{}', '\(time)', '\(time)');
                INSERT INTO access_groups (key, id, tenant_id, twin_key, name, is_default, settings, created_at, updated_at)
                    VALUES (1, 'g1', 't1', 1, 'Default Group', 1, '{}', '\(time)', '\(time)'), (2, 'g2', 't1', 1, 'partners', 0, '{}', '\(time)', '\(time)');
                INSERT INTO users (id, tenant_id, email, role, password, invitation_id, full_name, created_at) VALUES
                    ('0192f0c4-5a3e-7b1c-9d2e-4f5a6b7c8d9e', 't1', 'local@example.org', 'owner', 'scrypt$', NULL, NULL, '\(time)'),
                    ('0192f0c4-5a3e-7b1c-9d2e-4f5a6b7c8d9f', 't1', 'anna@example.org', 'viewer', 'scrypt$', 'i', NULL, '\(time)'),
                    ('issued', 't2', 'issued@example.org', 'owner', NULL, NULL, NULL, '\(time)'),
                    ('lost', NULL, 'lost@example.org', 'boss', NULL, NULL, 'Lost One', '\(time)');
                INSERT INTO group_memberships (id, group_key, twin_key, user_id, is_active, created_at) VALUES
                    ('m1', 2, 1, '0192f0c4-5a3e-7b1c-9d2e-4f5a6b7c8d9e', 1, '\(time)'), ('m2', 2, 1, 'Anna@Example.org', 1, '\(time)'),
                    ('m3', 2, 1, 'stranger@example.org', 1, '\(time)'), ('m4', 2, 1, 'stranger', 1, '\(time)');
                INSERT INTO sources (key, id, tenant_id, twin_key, kind, locator, name, metadata, status, health, version, text_bytes,
                    chunk_count, reader_version, created_at, updated_at)
                    VALUES (7, 's1', 't1', 1, 'stream', 'a.md', 'a.md', '{}', 'live', 'healthy', 1, 0, 0, 1, '\(time)', '\(time)');
                INSERT INTO source_permissions VALUES (2, 7, '\(time)');
                INSERT INTO source_logs (source_key, level, message, created_at) VALUES (7, 'info', 'm', '\(time)');
                INSERT INTO api_keys (id, tenant_id, name, prefix, hmac, allowed_domains, allowed_twin_ids, scopes, created_at)
                    VALUES ('k1', 't1', 'site', 'p', x'00', '[]', '[]', '[]', '\(time)');
                INSERT INTO audit_log (id, tenant_id, actor_id, event_type, action, metadata, created_at)
                    VALUES ('a1', 't1', 'issued', 'CONFIGURATION_CHANGE', 'TENANT_API_KEY_CREATED', '{"key_id":"k1"}', '\(time)');
                """)
        }
        try Schema.migrator.migrate(database)
    }

    private func strings(_ sql: String) throws -> [String] { try database.read { try $0.rows(sql) { $0.text(0) } } }

    @Test func `users keep what they had, and what they proved`() throws {
        let users = Users(database: database)
        #expect(
            try users.list().reversed().map(\.isProven) == [true, true, false, false])
        let lost = try #require(try users.find("lost"))
        #expect(lost.role == .owner && lost.fullName == "Lost One")
        #expect(
            try strings("SELECT name FROM tenants WHERE id = (SELECT tenant_id FROM users WHERE id = 'lost')") == [
                "Lost One's Workspace"
            ])
        #expect(try strings("SELECT subject FROM user_accounts WHERE issuer = '*' ORDER BY subject") == ["issued", "lost"])
    }

    @Test func `memberships that named an address are the user's or held for it`() throws {
        #expect(
            try strings(
                "SELECT id || ' ' || coalesce(user_id, '-') || ' ' || coalesce(email, '-') FROM group_memberships ORDER BY id")
                == [
                    "m1 0192f0c4-5a3e-7b1c-9d2e-4f5a6b7c8d9e -", "m2 0192f0c4-5a3e-7b1c-9d2e-4f5a6b7c8d9f -",
                    "m3 - stranger@example.org", "m4 stranger -",
                ])
    }

    @Test func `sources keep their permissions and logs, twins their slugs, keys who made them`() throws {
        #expect(try strings("SELECT locator || ':' || variant FROM sources") == ["a.md:"])
        #expect(try strings("SELECT group_key || '>' || source_key FROM source_permissions") == ["2>7"])
        #expect(try strings("SELECT message FROM source_logs") == ["m"])
        let key = try KeyStore(database: database).find("k1")
        #expect(key.createdBy == "issued" && key.scopes.isEmpty && key.groupID == nil)
        #expect(try TwinStore(database: database).resolve("ada").id == "twin-1")
        // The triggers on what was rebuilt are still there.
        try database.write { try $0.run("DELETE FROM twins") }
        #expect(try strings("SELECT id FROM sources").isEmpty)
    }
}
