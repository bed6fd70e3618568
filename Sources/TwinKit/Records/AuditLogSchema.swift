import TwinDatabase
import TwinSupport

/// The table of the audit log. What it was before its rows were chained stands in `RecordSchema`.
enum AuditLogSchema {
    /// Chains the rows there are. Nothing refers to `key`, so it counts on without gaps from here: a row that is taken out leaves
    /// one. Nothing that is deleted takes a part of the log along any more.
    static let chain = Migration(rebuilding: "an audit log that shows tampering") { connection in
        try connection.rebuildTable(
            "audit_log",
            as: """
                (
                key INTEGER PRIMARY KEY AUTOINCREMENT,
                id TEXT NOT NULL UNIQUE,
                -- No reference: the log outlives tenant, twin and user.
                tenant_id TEXT NOT NULL,
                -- From 1, without gaps in the tenant.
                seq INTEGER NOT NULL,
                twin_id TEXT,
                event_type TEXT NOT NULL,
                action TEXT NOT NULL,
                created_at TEXT NOT NULL,
                -- Who did it and, for what is about a user, to whom: hashed with a salt, so that they can be erased.
                actor_id TEXT,
                user_id TEXT,
                people_salt BLOB NOT NULL,
                people_hash BLOB NOT NULL,
                metadata TEXT NOT NULL,
                details_salt BLOB NOT NULL,
                details_hash BLOB NOT NULL,
                -- The hash of the tenant's row before, zeros in the first; and SHA-256 of it with this row.
                prev_hash BLOB NOT NULL,
                hash BLOB NOT NULL,
                UNIQUE (tenant_id, seq)
                ) STRICT
                """,
            filledBy: """
                SELECT row_number() OVER (ORDER BY key), id, tenant_id, row_number() OVER (PARTITION BY tenant_id ORDER BY key),
                    twin_id, event_type, action, created_at, actor_id, NULL, randomblob(16), x'', metadata, randomblob(16), x'',
                    x'', x''
                FROM audit_log ORDER BY key
                """)
        try connection.execute(
            """
            UPDATE sqlite_sequence SET seq = (SELECT count(*) FROM audit_log) WHERE name = 'audit_log';
            CREATE INDEX audit_log_by_user ON audit_log (coalesce(user_id, actor_id), key);
            """)
        try AuditChain.chainAll(on: connection)
        try connection.execute(triggers)
    }

    /// A row comes behind all others and stays. Only what names people may change, for erasures, which `AuditChain` records.
    private static let triggers = """
        CREATE TRIGGER audit_log_appended BEFORE INSERT ON audit_log
        WHEN EXISTS (SELECT 1 FROM audit_log WHERE key >= NEW.key OR id = NEW.id)
            OR EXISTS (SELECT 1 FROM audit_log WHERE tenant_id = NEW.tenant_id AND seq >= NEW.seq)
        BEGIN
            SELECT raise(ABORT, 'the audit log only grows at its end');
        END;
        CREATE TRIGGER audit_log_kept BEFORE DELETE ON audit_log BEGIN
            SELECT raise(ABORT, 'the audit log keeps its rows');
        END;
        CREATE TRIGGER audit_log_unchanged
        BEFORE UPDATE OF key, id, tenant_id, seq, twin_id, event_type, action, created_at, people_hash, details_hash, prev_hash, hash
        ON audit_log BEGIN
            SELECT raise(ABORT, 'the audit log keeps its rows');
        END;
        """

    /// The key that a row was hashed with in the file that it came from; it stays as the rest does.
    static let carried = """
        ALTER TABLE audit_log ADD COLUMN chained_key INTEGER;
        CREATE TRIGGER audit_log_key_unchanged BEFORE UPDATE OF chained_key ON audit_log BEGIN
            SELECT raise(ABORT, 'the audit log keeps its rows');
        END;
        """
}
