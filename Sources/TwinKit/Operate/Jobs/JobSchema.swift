/// Tables of what runs later: one for every kind of work, with its log.
enum JobSchema {
    static let sql = """
        CREATE TABLE jobs (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
            twin_key INTEGER REFERENCES twins (key) ON DELETE CASCADE,
            source_id TEXT,
            job_type TEXT NOT NULL,
            status TEXT NOT NULL,
            priority INTEGER NOT NULL DEFAULT 0,
            -- What to do, for the worker that knows the type.
            payload TEXT NOT NULL,
            -- What came of it, for whoever asks.
            metadata TEXT NOT NULL,
            error_message TEXT,
            -- 0 to 1.
            progress REAL NOT NULL DEFAULT 0,
            attempts INTEGER NOT NULL DEFAULT 0,
            maximum_attempts INTEGER NOT NULL,
            -- Not before this instant: a retry waits.
            run_after TEXT NOT NULL,
            -- Who works on it, and until when that is believed without another word.
            lease_owner TEXT,
            lease_expires_at TEXT,
            cancel_requested INTEGER NOT NULL DEFAULT 0,
            created_by TEXT,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL,
            started_at TEXT,
            completed_at TEXT
        ) STRICT;
        CREATE INDEX jobs_queued ON jobs (priority DESC, run_after, key) WHERE status = 'queued';
        CREATE INDEX jobs_processing ON jobs (lease_expires_at) WHERE status = 'processing';
        CREATE INDEX jobs_by_source ON jobs (source_id) WHERE source_id IS NOT NULL;
        CREATE INDEX jobs_by_tenant ON jobs (tenant_id, key);
        CREATE INDEX jobs_by_twin ON jobs (twin_key, key);

        CREATE TABLE job_logs (
            key INTEGER PRIMARY KEY,
            job_key INTEGER NOT NULL REFERENCES jobs (key) ON DELETE CASCADE,
            level TEXT NOT NULL,
            message TEXT NOT NULL,
            metadata TEXT,
            created_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX job_logs_by_job ON job_logs (job_key);

        -- Whoever deletes a source does not want to see it come back.
        CREATE TRIGGER sources_cancel_jobs AFTER DELETE ON sources BEGIN
            UPDATE jobs SET cancel_requested = 1 WHERE source_id = OLD.id AND status = 'processing';
            UPDATE jobs SET status = 'failed', error_message = 'the source was deleted',
                metadata = '{"cancelled":true}', updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), completed_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
            WHERE source_id = OLD.id AND status = 'queued';
        END;
        """
}
