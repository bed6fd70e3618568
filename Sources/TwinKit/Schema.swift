import TwinDatabase
import TwinSearch

/// The schema, as the migrations that lead to it. Each is final once released: a change is a new migration.
///
/// What belongs to somebody carries `tenant_id`. Rows that are joined in bulk (twins, groups, sources, chunks) have an
/// integer `key` beside the public UUIDv7 `id`. Times are RFC 3339 text in UTC.
package enum Schema {
    package static let migrator = Migrator(migrations)

    static let migrations = [
        Migration("twins, groups, sources, conversations", sql: initial),
        Migration("search index", sql: IndexSchema.sql + indexOfDeletedTwins),
        Migration("owner's answers and memory, access", sql: OwnerSchema.sql),
        Migration("vectors", sql: VectorSchema.sql),
        Migration("users, visitors, share links, rate limits", sql: IdentitySchema.sql),
        Migration("jobs", sql: JobSchema.sql),
        Migration("audit log, usage", sql: OperateSchema.sql),
        Migration("vectors of verified answers", sql: AnswerVectorSchema.sql),
        Migration("matching of verified answers", sql: OwnerSchema.matching),
        Migration("conversations of API keys", sql: "ALTER TABLE conversations ADD COLUMN key_id TEXT"),
        Migration("sealed secrets", sql: OwnerSchema.sealedSecrets),
        Migration("what a twin knows, with its evidence", sql: GraphSchema.sql),
        Migration("documents on their way in", sql: DocumentUploads.sql),
        AccessMigrations.identity, AccessMigrations.memberships, AccessMigrations.slugs, AccessMigrations.sources,
        Migration("verified answers in transcripts", sql: answersOfMessages),
        Migration("sources by their bytes", sql: sourcesByBytes),
        Migration("archived twins take no change", sql: ArchivedTwins.triggers),
        Migration("where clarifications came from", sql: origins),
        Migration("places inside of chunks", sql: "ALTER TABLE chunks ADD COLUMN turns TEXT"),
    ]

    /// Which verified answer a message gave; those of before are known by their words.
    static let answersOfMessages = """
        ALTER TABLE messages ADD COLUMN verified_answer_id TEXT;
        UPDATE messages SET verified_answer_id = (SELECT v.id FROM verified_answers v
            JOIN conversations c ON c.twin_key = v.twin_key
            WHERE c.key = messages.conversation_key AND v.answer = messages.content ORDER BY v.is_active DESC, v.key LIMIT 1)
        WHERE status = 'verified';
        """

    /// A file that has moved is known by its bytes.
    static let sourcesByBytes = """
        CREATE INDEX sources_by_content ON sources (twin_key, content_hash) WHERE kind = 'file';
        CREATE INDEX sources_by_failure ON sources (twin_key, failed_hash) WHERE kind = 'file' AND failed_hash IS NOT NULL;
        """

    /// Which message asked a question for the owner, and whose it was.
    static let origins = """
        ALTER TABLE clarifications ADD COLUMN source_message_id TEXT;
        ALTER TABLE clarifications ADD COLUMN created_by TEXT;
        """

    static let indexOfDeletedTwins = """
        CREATE TRIGGER twins_delete_index AFTER DELETE ON twins BEGIN
            DELETE FROM index_segments WHERE twin_key = OLD.key;
        END;
        """

    static let initial = """
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

        -- A source's extracted text, once per distinct text of a tenant, however many sources share it.
        CREATE TABLE texts (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
            sha256 BLOB NOT NULL,
            content TEXT NOT NULL,
            UNIQUE (tenant_id, sha256)
        ) STRICT;

        CREATE TABLE sources (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
            twin_key INTEGER NOT NULL REFERENCES twins (key) ON DELETE CASCADE,
            kind TEXT NOT NULL,
            -- What makes it the same source next time: an absolute path, a URL, or the name given to a stream.
            locator TEXT NOT NULL,
            name TEXT NOT NULL,
            title TEXT,
            format TEXT,
            author TEXT,
            language TEXT,
            published_at TEXT,
            citation_url TEXT,
            metadata TEXT NOT NULL,
            status TEXT NOT NULL,
            health TEXT NOT NULL,
            error TEXT,
            -- Counts the texts this source has had; 0 before the first.
            version INTEGER NOT NULL,
            text_key INTEGER REFERENCES texts (key),
            text_bytes INTEGER NOT NULL,
            first_chunk INTEGER,
            chunk_count INTEGER NOT NULL,
            -- SHA-256 of the bytes as they were read, and what tells that a file is still the same without reading it.
            content_hash BLOB,
            file_size INTEGER,
            file_identity TEXT,
            reader_version INTEGER NOT NULL,
            -- The hash of bytes that could not be read, so that they are not tried again.
            failed_hash BLOB,
            etag TEXT,
            last_modified TEXT,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL,
            UNIQUE (twin_key, locator)
        ) STRICT;
        CREATE INDEX sources_by_text ON sources (text_key);

        CREATE TABLE chunks (
            key INTEGER PRIMARY KEY,
            source_key INTEGER NOT NULL REFERENCES sources (key) ON DELETE CASCADE,
            start INTEGER NOT NULL,
            end INTEGER NOT NULL,
            headings TEXT,
            page INTEGER,
            time_start INTEGER,
            time_end INTEGER
        ) STRICT;
        CREATE INDEX chunks_by_source ON chunks (source_key);
        -- Chunk keys are handed out a batch at a time and never again.
        CREATE TABLE chunk_sequence (next INTEGER NOT NULL) STRICT;
        INSERT INTO chunk_sequence VALUES (1);

        CREATE TABLE source_logs (
            key INTEGER PRIMARY KEY,
            source_key INTEGER NOT NULL REFERENCES sources (key) ON DELETE CASCADE,
            level TEXT NOT NULL,
            message TEXT NOT NULL,
            metadata TEXT,
            created_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX source_logs_by_source ON source_logs (source_key);

        CREATE TABLE source_permissions (
            group_key INTEGER NOT NULL REFERENCES access_groups (key) ON DELETE CASCADE,
            source_key INTEGER NOT NULL REFERENCES sources (key) ON DELETE CASCADE,
            created_at TEXT NOT NULL,
            PRIMARY KEY (group_key, source_key)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX source_permissions_by_source ON source_permissions (source_key);

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
}
