/// Tables of what a twin learns from its owner.
enum OwnerSchema {
    /// Which message answered a question that was handed to the owner.
    static let attempts = "ALTER TABLE escalations ADD COLUMN message_id TEXT;"

    static let sql = """
        CREATE TABLE verified_answers (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
            twin_key INTEGER NOT NULL REFERENCES twins (key) ON DELETE CASCADE,
            question TEXT NOT NULL,
            -- The question as it is compared: folded, without punctuation.
            folded TEXT NOT NULL,
            answer TEXT NOT NULL,
            visibility TEXT NOT NULL,
            -- Source ids as a JSON array.
            citations TEXT NOT NULL,
            created_by TEXT,
            is_active INTEGER NOT NULL DEFAULT 1,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX verified_answers_by_question ON verified_answers (twin_key, folded);

        CREATE TABLE verified_answer_patches (
            key INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            answer_key INTEGER NOT NULL REFERENCES verified_answers (key) ON DELETE CASCADE,
            previous_answer TEXT NOT NULL,
            new_answer TEXT NOT NULL,
            reason TEXT NOT NULL,
            patched_by TEXT,
            patched_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX verified_answer_patches_by_answer ON verified_answer_patches (answer_key);

        CREATE TABLE owner_memories (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
            twin_key INTEGER NOT NULL REFERENCES twins (key) ON DELETE CASCADE,
            topic TEXT NOT NULL,
            memory_type TEXT NOT NULL,
            value TEXT NOT NULL,
            stance TEXT,
            intensity INTEGER,
            confidence REAL NOT NULL,
            status TEXT NOT NULL,
            provenance TEXT NOT NULL,
            superseded_by TEXT,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX owner_memories_by_twin ON owner_memories (twin_key, status);

        CREATE TABLE memory_events (
            key INTEGER PRIMARY KEY,
            tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
            twin_key INTEGER NOT NULL REFERENCES twins (key) ON DELETE CASCADE,
            event_type TEXT NOT NULL,
            source_type TEXT NOT NULL,
            source_id TEXT NOT NULL,
            payload TEXT NOT NULL,
            status TEXT NOT NULL,
            created_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX memory_events_by_twin ON memory_events (twin_key);

        CREATE TABLE clarifications (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
            twin_key INTEGER NOT NULL REFERENCES twins (key) ON DELETE CASCADE,
            conversation_id TEXT,
            mode TEXT NOT NULL,
            status TEXT NOT NULL,
            original_query TEXT NOT NULL,
            folded TEXT NOT NULL,
            question TEXT NOT NULL,
            options TEXT NOT NULL,
            proposal TEXT NOT NULL,
            -- How often it was asked while nobody had answered.
            times_asked INTEGER NOT NULL DEFAULT 1,
            owner_memory_id TEXT,
            requested_by TEXT NOT NULL,
            answered_by TEXT,
            answer_text TEXT,
            answered_at TEXT,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX clarifications_one_pending ON clarifications (twin_key, folded) WHERE status = 'pending_owner';
        CREATE INDEX clarifications_by_twin ON clarifications (twin_key, status);

        CREATE TABLE escalations (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
            twin_key INTEGER NOT NULL REFERENCES twins (key) ON DELETE CASCADE,
            conversation_id TEXT,
            question TEXT NOT NULL,
            folded TEXT NOT NULL,
            status TEXT NOT NULL,
            confidence REAL NOT NULL,
            times_asked INTEGER NOT NULL DEFAULT 1,
            answer TEXT,
            verified_answer_id TEXT,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL,
            resolved_at TEXT
        ) STRICT;
        CREATE UNIQUE INDEX escalations_one_open ON escalations (twin_key, folded) WHERE status = 'open';
        CREATE INDEX escalations_by_twin ON escalations (twin_key, status);
        """

    /// `verified_answer_revisions` has a random number for each twin's answered questions, a new one with each change of them:
    /// who has read the questions under a number need not read them again while it stands. A random number, unlike a count,
    /// does not come again after a transaction is undone.
    static let matching = """
        DROP INDEX verified_answers_by_question;
        CREATE INDEX verified_answers_by_question ON verified_answers (twin_key, folded, is_active);
        CREATE TABLE verified_answer_revisions (
            twin_key INTEGER PRIMARY KEY REFERENCES twins (key) ON DELETE CASCADE,
            token INTEGER NOT NULL
        ) STRICT;
        INSERT INTO verified_answer_revisions SELECT DISTINCT twin_key, random() FROM verified_answers;
        CREATE TRIGGER verified_answers_insert AFTER INSERT ON verified_answers BEGIN
            INSERT OR REPLACE INTO verified_answer_revisions VALUES (NEW.twin_key, random());
        END;
        CREATE TRIGGER verified_answers_update AFTER UPDATE OF key, twin_key, folded, is_active ON verified_answers BEGIN
            UPDATE verified_answer_revisions SET token = random() WHERE twin_key = OLD.twin_key;
            INSERT OR REPLACE INTO verified_answer_revisions VALUES (NEW.twin_key, random());
        END;
        CREATE TRIGGER verified_answers_delete AFTER DELETE ON verified_answers BEGIN
            UPDATE verified_answer_revisions SET token = random() WHERE twin_key = OLD.twin_key;
        END;
        """

    /// One vector a verified answer, that of its question by one model: another model's takes its place. `data` is laid out
    /// as a block of one vector: see `VectorSchema.sql`.
    ///
    /// The partial index holds all that a comparison by letters reads, so that it does not touch the answers themselves.
    static let vectors = """
        CREATE TABLE verified_answer_vectors (
            answer_key INTEGER PRIMARY KEY REFERENCES verified_answers (key) ON DELETE CASCADE,
            twin_key INTEGER NOT NULL REFERENCES twins (key) ON DELETE CASCADE,
            model TEXT NOT NULL,
            data BLOB NOT NULL
        ) STRICT;
        CREATE INDEX verified_answer_vectors_by_model ON verified_answer_vectors (twin_key, model);
        CREATE INDEX verified_answers_active ON verified_answers (twin_key, folded) WHERE is_active;
        """

    /// Which message asked a question for the owner, and whose it was.
    static let origins = """
        ALTER TABLE clarifications ADD COLUMN source_message_id TEXT;
        ALTER TABLE clarifications ADD COLUMN created_by TEXT;
        """
}
