PRAGMA foreign_keys = OFF;
BEGIN;
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
CREATE TABLE chunk_sequence (next INTEGER NOT NULL) STRICT;
CREATE TABLE source_logs (
    key INTEGER PRIMARY KEY,
    source_key INTEGER NOT NULL REFERENCES sources (key) ON DELETE CASCADE,
    level TEXT NOT NULL,
    message TEXT NOT NULL,
    metadata TEXT,
    created_at TEXT NOT NULL
) STRICT;
CREATE TABLE source_permissions (
    group_key INTEGER NOT NULL REFERENCES access_groups (key) ON DELETE CASCADE,
    source_key INTEGER NOT NULL REFERENCES sources (key) ON DELETE CASCADE,
    created_at TEXT NOT NULL,
    PRIMARY KEY (group_key, source_key)
) STRICT, WITHOUT ROWID;
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
INSERT INTO tenants (id, name, created_at) VALUES ('01890000-0000-7000-8000-001000000000', 'name 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z');
INSERT INTO tenants (id, name, created_at) VALUES ('01890000-0000-7000-8000-001000000001', 'name 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z');
INSERT INTO twins (key, id, tenant_id, slug, name, description, specialization, settings, created_at, updated_at, archived_at) VALUES (1, '01890000-0000-7000-8000-001000000100', '01890000-0000-7000-8000-001000000000', 'ada', 'name 1: a sentence with ü, a tab	 and ''quotes''', 'description 1: a sentence with ü, a tab	 and ''quotes''', 'vanilla', '{}', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO twins (key, id, tenant_id, slug, name, description, specialization, settings, created_at, updated_at, archived_at) VALUES (2, '01890000-0000-7000-8000-001000000101', '01890000-0000-7000-8000-001000000001', 'bob', 'name 2: a sentence with ü, a tab	 and ''quotes''', 'description 2: a sentence with ü, a tab	 and ''quotes''', 'vanilla', '{}', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO access_groups (key, id, tenant_id, twin_key, name, description, is_default, is_public, settings, created_at, updated_at) VALUES (1, '01890000-0000-7000-8000-001000000200', '01890000-0000-7000-8000-001000000000', 1, 'name 1: a sentence with ü, a tab	 and ''quotes''', 'description 1: a sentence with ü, a tab	 and ''quotes''', 1, 0, '{}', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO access_groups (key, id, tenant_id, twin_key, name, description, is_default, is_public, settings, created_at, updated_at) VALUES (2, '01890000-0000-7000-8000-001000000201', '01890000-0000-7000-8000-001000000001', 2, 'name 2: a sentence with ü, a tab	 and ''quotes''', 'description 2: a sentence with ü, a tab	 and ''quotes''', 0, 1, '{}', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO texts (key, tenant_id, sha256, content) VALUES (1, '01890000-0000-7000-8000-001000000000', X'15161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F3031323334', 'content 1: a sentence with ü, a tab	 and ''quotes''');
INSERT INTO texts (key, tenant_id, sha256, content) VALUES (2, '01890000-0000-7000-8000-001000000001', X'18191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F3031323334353637', 'content 2: a sentence with ü, a tab	 and ''quotes''');
INSERT INTO sources (key, id, tenant_id, twin_key, kind, locator, name, title, format, author, language, published_at, citation_url, metadata, status, health, error, version, text_key, text_bytes, first_chunk, chunk_count, content_hash, file_size, file_identity, reader_version, failed_hash, etag, last_modified, created_at, updated_at) VALUES (1, '01890000-0000-7000-8000-001000000400', '01890000-0000-7000-8000-001000000000', 1, 'file', '/srv/a.md', 'name 1: a sentence with ü, a tab	 and ''quotes''', 'title 1: a sentence with ü, a tab	 and ''quotes''', 'markdown', 'author 1: a sentence with ü, a tab	 and ''quotes''', 'en', '2025-01-01', 'citation_url 1: a sentence with ü, a tab	 and ''quotes''', '{}', 'live', 'healthy', 'error 1: a sentence with ü, a tab	 and ''quotes''', 50, 1, 10, 1, 1, X'1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B', 50, 'file_identity 1: a sentence with ü, a tab	 and ''quotes''', 1, X'1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B', 'etag 1: a sentence with ü, a tab	 and ''quotes''', 'last_modified 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO sources (key, id, tenant_id, twin_key, kind, locator, name, title, format, author, language, published_at, citation_url, metadata, status, health, error, version, text_key, text_bytes, first_chunk, chunk_count, content_hash, file_size, file_identity, reader_version, failed_hash, etag, last_modified, created_at, updated_at) VALUES (2, '01890000-0000-7000-8000-001000000401', '01890000-0000-7000-8000-001000000001', 2, 'url', 'https://example.org/b', 'name 2: a sentence with ü, a tab	 and ''quotes''', 'title 2: a sentence with ü, a tab	 and ''quotes''', 'html', 'author 2: a sentence with ü, a tab	 and ''quotes''', 'de', '2025-01-02', 'citation_url 2: a sentence with ü, a tab	 and ''quotes''', '{"a":1}', 'needs_attention', 'needs_attention', 'error 2: a sentence with ü, a tab	 and ''quotes''', 51, 2, 20, 2, 1, X'1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E', 51, 'file_identity 2: a sentence with ü, a tab	 and ''quotes''', 1, X'1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E', 'etag 2: a sentence with ü, a tab	 and ''quotes''', 'last_modified 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO chunks (key, source_key, start, end, headings, page, time_start, time_end) VALUES (1, 1, 0, 10, 'headings 1: a sentence with ü, a tab	 and ''quotes''', 60, 60, 60);
INSERT INTO chunks (key, source_key, start, end, headings, page, time_start, time_end) VALUES (2, 2, 0, 20, 'headings 2: a sentence with ü, a tab	 and ''quotes''', 61, 61, 61);
INSERT INTO chunk_sequence (next) VALUES (1);
INSERT INTO chunk_sequence (next) VALUES (70);
INSERT INTO chunk_sequence (next) VALUES (71);
INSERT INTO source_logs (key, source_key, level, message, metadata, created_at) VALUES (1, 1, 'info', 'message 1: a sentence with ü, a tab	 and ''quotes''', '{}', '2026-01-01T10:00:00.000Z');
INSERT INTO source_logs (key, source_key, level, message, metadata, created_at) VALUES (2, 2, 'warning', 'message 2: a sentence with ü, a tab	 and ''quotes''', '{"a":1}', '2026-01-02T10:00:00.000Z');
INSERT INTO source_permissions (group_key, source_key, created_at) VALUES (1, 1, '2026-01-01T10:00:00.000Z');
INSERT INTO source_permissions (group_key, source_key, created_at) VALUES (2, 2, '2026-01-02T10:00:00.000Z');
INSERT INTO conversations (key, id, tenant_id, twin_key, user_id, group_key, session_id, created_at, updated_at) VALUES (1, '01890000-0000-7000-8000-001000000900', '01890000-0000-7000-8000-001000000000', 1, '01890000-0000-7000-8000-001000009000', 1, '01890000-0000-7000-8000-001000009000', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO conversations (key, id, tenant_id, twin_key, user_id, group_key, session_id, created_at, updated_at) VALUES (2, '01890000-0000-7000-8000-001000000901', '01890000-0000-7000-8000-001000000001', 2, '01890000-0000-7000-8000-001000009001', 2, '01890000-0000-7000-8000-001000009001', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO messages (key, id, conversation_key, role, content, status, confidence, citations, created_at) VALUES (1, '01890000-0000-7000-8000-001000001000', 1, 'user', 'content 1: a sentence with ü, a tab	 and ''quotes''', 'grounded', 0.25, '[]', '2026-01-01T10:00:00.000Z');
INSERT INTO messages (key, id, conversation_key, role, content, status, confidence, citations, created_at) VALUES (2, '01890000-0000-7000-8000-001000001001', 2, 'assistant', 'content 2: a sentence with ü, a tab	 and ''quotes''', 'escalated', 0.75, '[]', '2026-01-02T10:00:00.000Z');
CREATE UNIQUE INDEX access_groups_one_default ON access_groups (twin_key) WHERE is_default;
CREATE INDEX sources_by_text ON sources (text_key);
CREATE INDEX chunks_by_source ON chunks (source_key);
CREATE INDEX source_logs_by_source ON source_logs (source_key);
CREATE INDEX source_permissions_by_source ON source_permissions (source_key);
CREATE INDEX conversations_by_twin ON conversations (twin_key, created_at);
CREATE INDEX conversations_by_group ON conversations (group_key);
CREATE INDEX messages_by_conversation ON messages (conversation_key, key);
PRAGMA user_version = 1;
PRAGMA application_id = 1953982830;
COMMIT;
