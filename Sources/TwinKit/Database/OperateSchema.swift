/// Tables of what happened: who changed what, and how a twin is used.
enum OperateSchema {
    static let sql = """
        CREATE TABLE audit_log (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
            -- No reference: the log outlives the twin.
            twin_id TEXT,
            actor_id TEXT,
            event_type TEXT NOT NULL,
            action TEXT NOT NULL,
            metadata TEXT NOT NULL,
            created_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX audit_log_by_tenant ON audit_log (tenant_id, key);
        CREATE INDEX audit_log_by_twin ON audit_log (twin_id, key);

        -- What was measured of a twin's answers, summed up a day (days since 1970-01-01 UTC).
        CREATE TABLE usage_days (
            twin_key INTEGER NOT NULL REFERENCES twins (key) ON DELETE CASCADE,
            day INTEGER NOT NULL,
            metric_type TEXT NOT NULL,
            count INTEGER NOT NULL,
            sum REAL NOT NULL,
            minimum REAL NOT NULL,
            maximum REAL NOT NULL,
            PRIMARY KEY (twin_key, day, metric_type)
        ) STRICT, WITHOUT ROWID;
        """
}
