import TwinDatabase

/// Tables of sources: their texts, the chunks of these, and their logs.
enum SourceSchema {
    static let sql = """
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
        """

    /// Sources under one locator, each for whoever may see it: what a caller may not see is not in its way.
    static let variants = Migration(rebuilding: "sources of one locator for several groups") { connection in
        let columns = """
            key, id, tenant_id, twin_key, kind, locator, name, title, format, author, language, published_at, citation_url,
            metadata, status, health, error, version, text_key, text_bytes, first_chunk, chunk_count, content_hash, file_size,
            file_identity, reader_version, failed_hash, etag, last_modified, created_at, updated_at
            """
        try connection.rebuildTable(
            "sources",
            as: """
                (
                key INTEGER PRIMARY KEY AUTOINCREMENT,
                id TEXT NOT NULL UNIQUE,
                tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
                twin_key INTEGER NOT NULL REFERENCES twins (key) ON DELETE CASCADE,
                kind TEXT NOT NULL,
                -- What makes it the same source next time: an absolute path, a URL, or the name given to a stream.
                locator TEXT NOT NULL,
                -- Empty, or the id of a source that came from a caller who may not see the one that has the locator.
                variant TEXT NOT NULL DEFAULT '',
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
                UNIQUE (twin_key, locator, variant)
                ) STRICT
                """,
            filledBy: "SELECT \(columns.replacing("locator,", with: "locator, '',")) FROM sources")
    }

    /// A file that has moved is known by its bytes.
    static let byBytes = """
        CREATE INDEX sources_by_content ON sources (twin_key, content_hash) WHERE kind = 'file';
        CREATE INDEX sources_by_failure ON sources (twin_key, failed_hash) WHERE kind = 'file' AND failed_hash IS NOT NULL;
        """

    /// Where the turns of a conversation begin inside of a chunk.
    static let turns = "ALTER TABLE chunks ADD COLUMN turns TEXT"

    /// What the owner says of a source, which outlives each reading of its document; `metadata` holds it as well.
    static let properties = "ALTER TABLE sources ADD COLUMN properties TEXT NOT NULL DEFAULT '{}';"
}
