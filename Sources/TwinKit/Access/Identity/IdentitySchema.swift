/// Tables of who may come in: users, invitations, visitors, share links, and how often they have asked.
enum IdentitySchema {
    static let sql = """
        CREATE TABLE users (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            -- The subject of the user's tokens: a UUID for users made here, whatever the issuer says for others.
            id TEXT NOT NULL UNIQUE,
            tenant_id TEXT REFERENCES tenants (id) ON DELETE SET NULL,
            -- In lower case; one user an address in the whole file.
            email TEXT NOT NULL UNIQUE,
            role TEXT NOT NULL,
            full_name TEXT,
            avatar_url TEXT,
            -- scrypt with its cost and salt; none for users who sign in elsewhere.
            password TEXT,
            -- Tokens issued before this instant are refused: it moves when a password changes.
            tokens_valid_from TEXT,
            invited_at TEXT,
            invitation_id TEXT,
            created_at TEXT NOT NULL,
            last_active_at TEXT
        ) STRICT;
        CREATE INDEX users_by_tenant ON users (tenant_id);

        CREATE TABLE invitations (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
            email TEXT NOT NULL,
            role TEXT NOT NULL,
            -- SHA-256 of the token, which only the invited person has.
            token_hash BLOB NOT NULL UNIQUE,
            status TEXT NOT NULL,
            invited_by TEXT,
            created_at TEXT NOT NULL,
            expires_at TEXT NOT NULL,
            accepted_at TEXT,
            UNIQUE (tenant_id, email)
        ) STRICT;

        CREATE TABLE sessions (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
            twin_key INTEGER NOT NULL REFERENCES twins (key) ON DELETE CASCADE,
            group_key INTEGER REFERENCES access_groups (key) ON DELETE SET NULL,
            session_type TEXT NOT NULL,
            user_id TEXT,
            -- The key or the share link that it came through: another cannot go on with it.
            origin TEXT NOT NULL,
            ip_address TEXT,
            user_agent TEXT,
            created_at TEXT NOT NULL,
            last_active_at TEXT NOT NULL,
            expires_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX sessions_by_twin ON sessions (twin_key, created_at);
        CREATE INDEX sessions_by_group ON sessions (group_key);

        CREATE TABLE share_links (
            twin_key INTEGER PRIMARY KEY REFERENCES twins (key) ON DELETE CASCADE,
            -- In clear, because its owner is shown the link again; none before the first was made.
            token TEXT,
            is_enabled INTEGER NOT NULL DEFAULT 0,
            expires_at TEXT,
            updated_at TEXT NOT NULL
        ) STRICT;

        -- Fixed windows: how often something was done since the window began, in seconds since 1970.
        CREATE TABLE rate_windows (
            name TEXT NOT NULL,
            seconds INTEGER NOT NULL,
            began INTEGER NOT NULL,
            count INTEGER NOT NULL,
            PRIMARY KEY (name, seconds)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE group_overrides (
            group_key INTEGER NOT NULL REFERENCES access_groups (key) ON DELETE CASCADE,
            override_type TEXT NOT NULL,
            override_value TEXT NOT NULL,
            PRIMARY KEY (group_key, override_type)
        ) STRICT, WITHOUT ROWID;
        """
}
