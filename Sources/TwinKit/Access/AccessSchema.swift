/// Tables of the groups that may ask a twin, and of the keys that programs ask with.
enum AccessSchema {
    static let groups = """
        CREATE TABLE access_groups (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
            twin_key INTEGER NOT NULL REFERENCES twins (key) ON DELETE CASCADE,
            name TEXT NOT NULL,
            description TEXT,
            is_default INTEGER NOT NULL DEFAULT 0,
            is_public INTEGER NOT NULL DEFAULT 0,
            settings TEXT NOT NULL,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL,
            UNIQUE (twin_key, name)
        ) STRICT;
        CREATE UNIQUE INDEX access_groups_one_default ON access_groups (twin_key) WHERE is_default;
        """

    static let membersAndKeys = """
        CREATE TABLE group_memberships (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            group_key INTEGER NOT NULL REFERENCES access_groups (key) ON DELETE CASCADE,
            twin_key INTEGER NOT NULL REFERENCES twins (key) ON DELETE CASCADE,
            user_id TEXT NOT NULL,
            is_active INTEGER NOT NULL DEFAULT 1,
            created_at TEXT NOT NULL,
            -- One group a user and twin.
            UNIQUE (twin_key, user_id)
        ) STRICT;
        CREATE INDEX group_memberships_by_group ON group_memberships (group_key);

        CREATE TABLE group_limits (
            group_key INTEGER NOT NULL REFERENCES access_groups (key) ON DELETE CASCADE,
            limit_type TEXT NOT NULL,
            limit_value INTEGER NOT NULL,
            PRIMARY KEY (group_key, limit_type)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE api_keys (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            -- The first characters of the key, by which it is found; the rest is known as a keyed hash only.
            prefix TEXT NOT NULL,
            hmac BLOB NOT NULL,
            allowed_domains TEXT NOT NULL,
            allowed_twin_ids TEXT NOT NULL,
            scopes TEXT NOT NULL,
            is_active INTEGER NOT NULL DEFAULT 1,
            expires_at TEXT,
            last_used_at TEXT,
            created_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX api_keys_by_prefix ON api_keys (prefix);
        CREATE INDEX api_keys_by_tenant ON api_keys (tenant_id);

        CREATE TABLE secrets (
            name TEXT PRIMARY KEY,
            value BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    /// `key_id` names the master key that seals a secret; none for one in the clear.
    static let sealedSecrets = "ALTER TABLE secrets ADD COLUMN key_id TEXT;"
}
