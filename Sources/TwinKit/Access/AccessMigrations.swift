import TwinDatabase
import TwinSupport

/// How the tables of who may come in have grown since the first release. Final once landed.
enum AccessMigrations {
    /// Users with proven addresses, a tenant each and roles that are checked; accounts of issuers, sign-ins, devices.
    static let identity = Migration(rebuilding: "proven addresses, accounts of issuers, sign-ins") { connection in
        try giveTenants(on: connection)
        try connection.rebuildTable(
            "users",
            as: """
                (
                key INTEGER PRIMARY KEY AUTOINCREMENT,
                -- The subject of the user's tokens: a UUID for users made here, what the issuer says for most others.
                id TEXT NOT NULL UNIQUE,
                tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
                -- In lower case; one user an address in the whole file. None for whoever claimed one that another has proven.
                email TEXT UNIQUE,
                -- By an invitation's token, an issuer that vouches for it, or the operator.
                is_proven INTEGER NOT NULL DEFAULT 0,
                role TEXT NOT NULL CHECK (role IN ('owner', 'supporter', 'viewer')),
                is_operator INTEGER NOT NULL DEFAULT 0,
                full_name TEXT,
                avatar_url TEXT,
                -- scrypt with its cost and salt; none for users who sign in elsewhere.
                password TEXT,
                -- Tokens made here name the one that they were made in: it rises when all of them end.
                token_generation INTEGER NOT NULL DEFAULT 0,
                -- Tokens without a generation are refused when they were issued before this instant.
                tokens_valid_from TEXT,
                invited_at TEXT,
                invitation_id TEXT,
                created_at TEXT NOT NULL,
                last_active_at TEXT
                ) STRICT
                """,
            // Passwords and invitations came from the operator or with a token. So did ids that were made here (UUIDs of the
            // seventh version); others are an issuer's, which was not asked about the address.
            filledBy: """
                SELECT key, id, tenant_id, email,
                    password IS NOT NULL OR invitation_id IS NOT NULL OR id GLOB '????????-????-7???-????-????????????',
                    CASE WHEN role IN ('owner', 'supporter') THEN role ELSE 'viewer' END, 0, full_name, avatar_url, password, 0,
                    tokens_valid_from, invited_at, invitation_id, created_at, last_active_at
                FROM users
                """)
        try connection.execute(accounts)
    }

    /// A user without a tenant gets one, as at their next visit.
    private static func giveTenants(on connection: Connection) throws {
        let users = try connection.rows("SELECT id, full_name, email FROM users WHERE tenant_id IS NULL") {
            ($0.text(0), $0.optionalText(1), $0.text(2))
        }
        for (id, name, email) in users {
            let tenant = try RecordSchema.addTenant("\(name ?? String(email.prefix { $0 != "@" }))'s Workspace", on: connection)
            try connection.run("UPDATE users SET tenant_id = ?, role = 'owner' WHERE id = ?", tenant, id)
        }
    }

    private static let accounts = """
        -- Accounts that issuers of tokens keep, known by issuer and subject and never by address.
        CREATE TABLE user_accounts (
            -- '*' for an account of the first release, which did not note it: the first issuer that comes with the subject.
            issuer TEXT NOT NULL,
            subject TEXT NOT NULL,
            user_key INTEGER NOT NULL REFERENCES users (key) ON DELETE CASCADE,
            created_at TEXT NOT NULL,
            PRIMARY KEY (issuer, subject)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX user_accounts_by_user ON user_accounts (user_key);
        INSERT INTO user_accounts (issuer, subject, user_key, created_at)
            SELECT '*', id, key, created_at FROM users WHERE password IS NULL AND invitation_id IS NULL;

        -- Sign-ins: each is a family of tokens, of which one refresh token is good at a time.
        CREATE TABLE token_families (
            id TEXT PRIMARY KEY,
            user_key INTEGER NOT NULL REFERENCES users (key) ON DELETE CASCADE,
            -- `jti` of the refresh token that may be exchanged, and of the one before it, exchanged at `rotated_at`.
            current TEXT NOT NULL,
            previous TEXT,
            rotated_at TEXT NOT NULL,
            created_at TEXT NOT NULL,
            last_used_at TEXT NOT NULL,
            ended_at TEXT
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX token_families_by_user ON token_families (user_key);

        -- Browsers and places that an account has signed in from.
        CREATE TABLE known_devices (
            user_key INTEGER NOT NULL REFERENCES users (key) ON DELETE CASCADE,
            -- SHA-256 of what the browser keeps.
            device BLOB NOT NULL,
            network TEXT NOT NULL,
            last_used_at TEXT NOT NULL,
            PRIMARY KEY (user_key, device)
        ) STRICT, WITHOUT ROWID;

        -- A key for a group sees what the group sees. No reference: one whose group is gone opens nothing, and says so.
        ALTER TABLE api_keys ADD COLUMN group_id TEXT;
        ALTER TABLE api_keys ADD COLUMN created_by TEXT;
        UPDATE api_keys SET created_by = (
            SELECT actor_id FROM audit_log
            WHERE action = 'TENANT_API_KEY_CREATED' AND json_extract(metadata, '$.key_id') = api_keys.id LIMIT 1);
        CREATE INDEX api_keys_by_maker ON api_keys (created_by) WHERE created_by IS NOT NULL;
        """

    /// Places in groups that are held for an address. What was typed as an id and is the address of a user was meant as one.
    static let memberships = Migration(rebuilding: "group places held for invited addresses") { connection in
        try connection.rebuildTable(
            "group_memberships",
            as: """
                (
                key INTEGER PRIMARY KEY AUTOINCREMENT,
                id TEXT NOT NULL UNIQUE,
                group_key INTEGER NOT NULL REFERENCES access_groups (key) ON DELETE CASCADE,
                twin_key INTEGER NOT NULL REFERENCES twins (key) ON DELETE CASCADE,
                -- The member; none while the place is held.
                user_id TEXT,
                -- Whom it is held for: the address that has to be proven.
                email TEXT,
                is_active INTEGER NOT NULL DEFAULT 1,
                created_at TEXT NOT NULL,
                -- One group a user and twin.
                UNIQUE (twin_key, user_id),
                UNIQUE (twin_key, email),
                CHECK ((user_id IS NULL) <> (email IS NULL))
                ) STRICT
                """,
            filledBy: """
                SELECT key, id, group_key, twin_key, user_id, NULL, is_active, created_at FROM group_memberships
                """)
        try connection.execute(
            """
            UPDATE OR IGNORE group_memberships SET user_id = (
                    SELECT u.id FROM users u JOIN access_groups g ON g.tenant_id = u.tenant_id
                    WHERE g.key = group_key AND u.email = lower(trim(user_id)) AND u.is_proven)
                WHERE user_id LIKE '%@%' AND EXISTS (
                    SELECT 1 FROM users u JOIN access_groups g ON g.tenant_id = u.tenant_id
                    WHERE g.key = group_key AND u.email = lower(trim(user_id)) AND u.is_proven);
            UPDATE OR IGNORE group_memberships SET email = lower(trim(user_id)), user_id = NULL
                WHERE user_id LIKE '%@%' AND NOT EXISTS (SELECT 1 FROM users WHERE id = user_id);
            """)
    }
}
