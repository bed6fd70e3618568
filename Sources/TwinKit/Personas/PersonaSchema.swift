/// Tables of personas, of what is made with them, and of what that cost. Rows name their person by `user_id`, a user's id.
enum PersonaSchema {
    /// The names of what rows have in storage, as SQL. The archive of a dataset goes with its last picture.
    static let namedFiles = """
        SELECT base_image FROM avatars UNION ALL SELECT lora_weights FROM avatars UNION ALL SELECT weights FROM lora_models
        UNION ALL SELECT picture FROM content_pieces UNION ALL SELECT picture FROM dataset_images
        UNION ALL SELECT weights FROM training_news
        UNION ALL SELECT json_extract(metadata, '$.zip') FROM jobs WHERE json_extract(metadata, '$.zip') IS NOT NULL
            AND json_extract(payload, '$.request.batch_id') IN (SELECT batch_id FROM dataset_images)
        """

    /// Files from before they were noted.
    static let notes = StoredFiles.notes(of: namedFiles)

    static let sql = """
        CREATE TABLE avatars (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
            user_id TEXT NOT NULL,
            -- The twin whose face it is, where it is one's.
            of_twin INTEGER REFERENCES twins (key) ON DELETE SET NULL,
            name TEXT NOT NULL,
            -- How far it is: a word of its person's choice.
            stage TEXT NOT NULL,
            niche TEXT,
            aesthetic_style TEXT,
            -- What is stored has a name in the storage (`StoredName`); what is somewhere else has an address.
            base_image TEXT,
            base_image_url TEXT,
            lora_model_id TEXT,
            lora_weights TEXT,
            lora_weights_url TEXT,
            metadata TEXT NOT NULL,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX avatars_by_person ON avatars (tenant_id, user_id, key);
        CREATE INDEX avatars_by_twin ON avatars (of_twin) WHERE of_twin IS NOT NULL;

        CREATE TABLE avatar_components (
            avatar_key INTEGER NOT NULL REFERENCES avatars (key) ON DELETE CASCADE,
            kind TEXT NOT NULL,
            content TEXT NOT NULL,
            created_at TEXT NOT NULL,
            PRIMARY KEY (avatar_key, kind)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE lora_models (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
            user_id TEXT NOT NULL,
            name TEXT NOT NULL,
            description TEXT,
            base_model TEXT,
            weights TEXT,
            weights_url TEXT,
            preview_image_url TEXT,
            tags TEXT NOT NULL,
            is_active INTEGER NOT NULL DEFAULT 1,
            metadata TEXT NOT NULL,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL,
            CHECK ((weights IS NULL) <> (weights_url IS NULL))
        ) STRICT;
        CREATE INDEX lora_models_by_person ON lora_models (tenant_id, user_id, key);

        CREATE TABLE content_pieces (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
            user_id TEXT NOT NULL,
            avatar_key INTEGER NOT NULL REFERENCES avatars (key) ON DELETE CASCADE,
            content_type TEXT NOT NULL,
            tier TEXT NOT NULL,
            picture TEXT,
            picture_url TEXT,
            hook TEXT,
            rating TEXT,
            -- The batch that it came from and its place in it: a batch that is begun again makes no piece twice.
            batch_id TEXT,
            position INTEGER,
            metadata TEXT NOT NULL,
            created_at TEXT NOT NULL,
            UNIQUE (batch_id, position),
            CHECK ((picture IS NULL) <> (picture_url IS NULL))
        ) STRICT;
        CREATE INDEX content_pieces_by_avatar ON content_pieces (avatar_key, key);

        -- Places of batches and datasets that came to nothing, so that their counts survive whoever counts.
        CREATE TABLE failed_pieces (
            batch_id TEXT NOT NULL,
            position INTEGER NOT NULL,
            avatar_key INTEGER NOT NULL REFERENCES avatars (key) ON DELETE CASCADE,
            -- 'failed' by the provider, or 'rejected' by what pictures may not show.
            outcome TEXT NOT NULL,
            reason TEXT NOT NULL,
            created_at TEXT NOT NULL,
            PRIMARY KEY (batch_id, position)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX failed_pieces_by_avatar ON failed_pieces (avatar_key);

        CREATE TABLE dataset_images (
            batch_id TEXT NOT NULL,
            position INTEGER NOT NULL,
            avatar_key INTEGER NOT NULL REFERENCES avatars (key) ON DELETE CASCADE,
            variation TEXT NOT NULL,
            prompt TEXT NOT NULL,
            picture TEXT NOT NULL,
            created_at TEXT NOT NULL,
            PRIMARY KEY (batch_id, position)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX dataset_images_by_avatar ON dataset_images (avatar_key);

        -- What the trainer last said of a training, which is a job of the same id.
        CREATE TABLE training_news (
            job_id TEXT PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE,
            status TEXT NOT NULL,
            step INTEGER NOT NULL,
            loss REAL,
            weights TEXT,
            weights_url TEXT,
            error TEXT,
            updated_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE cost_entries (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
            user_id TEXT NOT NULL,
            -- What was spent stays spent when the persona is gone.
            avatar_key INTEGER REFERENCES avatars (key) ON DELETE SET NULL,
            batch_id TEXT,
            operation TEXT NOT NULL,
            provider TEXT NOT NULL,
            -- Millionths of a dollar.
            amount INTEGER NOT NULL CHECK (amount >= 0),
            -- What was paid for. Nothing is booked twice.
            subject TEXT NOT NULL UNIQUE,
            metadata TEXT NOT NULL,
            created_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX cost_entries_by_avatar ON cost_entries (avatar_key);
        CREATE INDEX cost_entries_by_person ON cost_entries (tenant_id, user_id, key);
        CREATE INDEX cost_entries_by_batch ON cost_entries (batch_id) WHERE batch_id IS NOT NULL;
        """
}
