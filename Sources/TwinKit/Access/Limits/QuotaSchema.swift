/// Tables of what may be used a day.
enum QuotaSchema {
    static let sql = """
        CREATE TABLE quotas (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
            -- Whose; none for what the keys and visitors of a tenant use together.
            user_key INTEGER UNIQUE REFERENCES users (key) ON DELETE CASCADE,
            -- Tokens a day; none for whatever the default is.
            daily_limit INTEGER CHECK (daily_limit >= 0),
            -- What was used on `day`, in days since 1970-01-01 in the quota's zone; on any other day it is nothing.
            used INTEGER NOT NULL DEFAULT 0 CHECK (used >= 0),
            day INTEGER NOT NULL DEFAULT 0,
            -- What the last answer that a model worded has used: the best guess at the next.
            typical INTEGER,
            -- Where the day begins at midnight: UTC, an offset, or a name such as Europe/Berlin.
            zone TEXT NOT NULL DEFAULT 'UTC'
        ) STRICT;
        CREATE UNIQUE INDEX quotas_of_tenants ON quotas (tenant_id) WHERE user_key IS NULL;

        -- What is set aside for questions that are being answered.
        CREATE TABLE quota_reservations (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            quota_key INTEGER NOT NULL REFERENCES quotas (key) ON DELETE CASCADE,
            amount INTEGER NOT NULL,
            day INTEGER NOT NULL,
            -- The question that it is for, where that is kept.
            question_id TEXT,
            expires_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX quota_reservations_by_quota ON quota_reservations (quota_key, day, expires_at, amount);
        CREATE INDEX quota_reservations_by_question ON quota_reservations (question_id) WHERE question_id IS NOT NULL;
        """
}
