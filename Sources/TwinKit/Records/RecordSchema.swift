import TwinDatabase
import TwinSupport

/// Tables of tenants, their twins, what was said, what was granted and what happened: those that several rooms build on.
enum RecordSchema {
    static let twins = """
        CREATE TABLE tenants (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            created_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE twins (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
            slug TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            description TEXT NOT NULL,
            specialization TEXT NOT NULL,
            settings TEXT NOT NULL,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL,
            archived_at TEXT,
            UNIQUE (tenant_id, name)
        ) STRICT;
        """

    static let conversations = """
        CREATE TABLE conversations (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
            twin_key INTEGER NOT NULL REFERENCES twins (key) ON DELETE CASCADE,
            user_id TEXT,
            group_key INTEGER REFERENCES access_groups (key) ON DELETE SET NULL,
            session_id TEXT,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX conversations_by_twin ON conversations (twin_key, created_at);
        CREATE INDEX conversations_by_group ON conversations (group_key);

        CREATE TABLE messages (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            conversation_key INTEGER NOT NULL REFERENCES conversations (key) ON DELETE CASCADE,
            role TEXT NOT NULL,
            content TEXT NOT NULL,
            status TEXT,
            confidence REAL,
            citations TEXT,
            created_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX messages_by_conversation ON messages (conversation_key, key);
        """

    /// Conversations of visitors, and answers that say which question they answer.
    static let visitors = """
        CREATE INDEX conversations_by_session ON conversations (session_id) WHERE session_id IS NOT NULL;
        CREATE INDEX conversations_by_user ON conversations (twin_key, user_id) WHERE user_id IS NOT NULL;
        -- An answer stands behind its question, also when another question came between.
        ALTER TABLE messages ADD COLUMN question_key INTEGER;
        """

    /// The key that a conversation is of.
    static let keys = "ALTER TABLE conversations ADD COLUMN key_id TEXT"

    static let sourcePermissions = """
        CREATE TABLE source_permissions (
            group_key INTEGER NOT NULL REFERENCES access_groups (key) ON DELETE CASCADE,
            source_key INTEGER NOT NULL REFERENCES sources (key) ON DELETE CASCADE,
            created_at TEXT NOT NULL,
            PRIMARY KEY (group_key, source_key)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX source_permissions_by_source ON source_permissions (source_key);
        """

    static let answerPermissions = """
        CREATE TABLE verified_answer_permissions (
            group_key INTEGER NOT NULL REFERENCES access_groups (key) ON DELETE CASCADE,
            answer_key INTEGER NOT NULL REFERENCES verified_answers (key) ON DELETE CASCADE,
            created_at TEXT NOT NULL,
            PRIMARY KEY (group_key, answer_key)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX verified_answer_permissions_by_answer ON verified_answer_permissions (answer_key);
        """

    static let log = """
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

    /// Slugs of a tenant: what one calls its twin is nothing to another.
    static let slugs = Migration(rebuilding: "slugs of a tenant") { connection in
        try connection.rebuildTable(
            "twins",
            as: """
                (
                key INTEGER PRIMARY KEY AUTOINCREMENT,
                id TEXT NOT NULL UNIQUE,
                tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
                slug TEXT NOT NULL,
                name TEXT NOT NULL,
                description TEXT NOT NULL,
                specialization TEXT NOT NULL,
                settings TEXT NOT NULL,
                created_at TEXT NOT NULL,
                updated_at TEXT NOT NULL,
                archived_at TEXT,
                UNIQUE (tenant_id, name),
                UNIQUE (tenant_id, slug)
                ) STRICT
                """,
            filledBy: """
                SELECT key, id, tenant_id, slug, name, description, specialization, settings, created_at, updated_at, archived_at
                FROM twins
                """)
    }

    /// Which verified answer a message gave; those of before are known by their words.
    static let answers = """
        ALTER TABLE messages ADD COLUMN verified_answer_id TEXT;
        UPDATE messages SET verified_answer_id = (SELECT v.id FROM verified_answers v
            JOIN conversations c ON c.twin_key = v.twin_key
            WHERE c.key = messages.conversation_key AND v.answer = messages.content ORDER BY v.is_active DESC, v.key LIMIT 1)
        WHERE status = 'verified';
        """

    /// Who said a message that is neither a question nor an answer of the twin.
    static let senders = "ALTER TABLE messages ADD COLUMN sender_id TEXT"

    /// Adds a tenant to the table as it was made, for a migration. Answers its id.
    static func addTenant(_ name: String, on connection: Connection) throws -> String {
        let id = Identifier.make()
        try connection.run("INSERT INTO tenants (id, name, created_at) VALUES (?, ?, ?)", id, name, Clock.now)
        return id
    }
}
