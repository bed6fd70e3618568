import TwinDatabase
import TwinSupport

/// What a file remembers of tenants that leave it.
enum TenantSchema {
    static let sql = """
        CREATE TABLE tenant_moves (
            tenant_id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            -- 'held': its rows take no change, while they are carried over. 'moved': they are not here any more.
            state TEXT NOT NULL CHECK (state IN ('held', 'moved')),
            -- The file that it goes to, and the address at which it is served then.
            target TEXT NOT NULL,
            url TEXT NOT NULL,
            began_at TEXT NOT NULL,
            moved_at TEXT
        ) STRICT, WITHOUT ROWID;
        -- By what requests name somebody or something of a tenant that has moved: hashed, so that nothing of it can be read here.
        CREATE TABLE moved_names (
            hash BLOB PRIMARY KEY,
            tenant_id TEXT NOT NULL REFERENCES tenant_moves (tenant_id) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX moved_names_by_tenant ON moved_names (tenant_id);
        """
}

/// A tenant on its way out of a file, or gone.
package struct TenantMoveRecord: Sendable, Equatable {
    /// How far it is.
    package enum State: String, Sendable { case held, moved }

    package var tenantID: String
    package var name: String
    package var state: State
    /// The absolute path of the file that it goes to.
    package var target: String
    /// Where it is served then.
    package var url: String
    package var beganAt: Timestamp
    package var movedAt: Timestamp?

    static let columns = "tenant_id, name, state, target, url, began_at, moved_at"

    init(_ row: Row) throws {
        try row.check(columns: 7)
        tenantID = row.text(0)
        name = row.text(1)
        state = try row.value(2)
        target = row.text(3)
        url = row.text(4)
        beganAt = try row.requiredTimestamp(5)
        movedAt = try row.timestamp(6)
    }

    static func all(on connection: Connection) throws -> [TenantMoveRecord] {
        try connection.rows("SELECT \(columns) FROM tenant_moves ORDER BY began_at, tenant_id", map: TenantMoveRecord.init)
    }

    static func find(_ tenantID: String, on connection: Connection) throws -> TenantMoveRecord? {
        try connection.first("SELECT \(columns) FROM tenant_moves WHERE tenant_id = ?", tenantID, map: TenantMoveRecord.init)
    }
}

/// The names by which requests speak of a tenant that has moved.
package enum MovedNames {
    /// Names of one request that are looked up at the most.
    static let maximumLookups = 40
    /// Longer ones are no name of anything.
    static let maximumLength = 256

    /// What its people, keys, twins and pages are named by; of a key the beginning that it is found by.
    static func note(of tenantID: String, on connection: Connection) throws {
        let names = try connection.rows(
            """
            SELECT ?1 UNION SELECT id FROM users WHERE tenant_id = ?1 UNION SELECT prefix FROM api_keys WHERE tenant_id = ?1
            UNION SELECT id FROM twins WHERE tenant_id = ?1 UNION SELECT widget_key FROM desks WHERE tenant_id = ?1
            UNION SELECT s.token FROM share_links s JOIN twins t ON t.key = s.twin_key WHERE t.tenant_id = ?1 AND s.token IS NOT NULL
            UNION SELECT id FROM sessions WHERE tenant_id = ?1
            UNION SELECT a.subject FROM user_accounts a JOIN users u ON u.key = a.user_key WHERE u.tenant_id = ?1
            """, tenantID
        ) { $0.text(0) }
        for name in names {
            try connection.run(
                "INSERT OR REPLACE INTO moved_names (hash, tenant_id) VALUES (?, ?)", try MovedName.hash(name), tenantID)
        }
    }

    /// Where the first of these names is served now; none where all are of this file, or of nothing.
    package static func url(of names: [String], in database: Database) throws -> String? {
        try database.read { connection in
            for name in names.prefix(maximumLookups) where (1...maximumLength).contains(name.utf8.count) {
                let url = try connection.first(
                    "SELECT m.url FROM moved_names n JOIN tenant_moves m USING (tenant_id) WHERE n.hash = ? AND m.state = 'moved'",
                    try MovedName.hash(name)
                ) { $0.text(0) }
                if let url { return url }
            }
            return nil
        }
    }
}
