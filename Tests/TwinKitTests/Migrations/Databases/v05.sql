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
, question_key INTEGER) STRICT;
CREATE TABLE index_segments (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    twin_key INTEGER NOT NULL,
    token INTEGER NOT NULL,
    first_chunk INTEGER NOT NULL,
    documents INTEGER NOT NULL,
    live_documents INTEGER NOT NULL,
    live_length INTEGER NOT NULL,
    revision INTEGER NOT NULL DEFAULT 0,
    deleted BLOB NOT NULL DEFAULT x'',
    header BLOB NOT NULL
) STRICT;
CREATE TABLE index_pages (
    key INTEGER PRIMARY KEY,
    data BLOB NOT NULL
) STRICT;
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
CREATE TABLE verified_answer_permissions (
    group_key INTEGER NOT NULL REFERENCES access_groups (key) ON DELETE CASCADE,
    answer_key INTEGER NOT NULL REFERENCES verified_answers (key) ON DELETE CASCADE,
    created_at TEXT NOT NULL,
    PRIMARY KEY (group_key, answer_key)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE secrets (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE vector_sets (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    twin_key INTEGER NOT NULL REFERENCES twins (key) ON DELETE CASCADE,
    model TEXT NOT NULL,
    dimension INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (twin_key, model)
) STRICT;
CREATE TABLE vector_blocks (
    key INTEGER PRIMARY KEY,
    set_key INTEGER NOT NULL REFERENCES vector_sets (key) ON DELETE CASCADE,
    source_key INTEGER NOT NULL REFERENCES sources (key) ON DELETE CASCADE,
    first_chunk INTEGER NOT NULL,
    count INTEGER NOT NULL,
    data BLOB NOT NULL
) STRICT;
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
CREATE TABLE share_links (
    twin_key INTEGER PRIMARY KEY REFERENCES twins (key) ON DELETE CASCADE,
    -- In clear, because its owner is shown the link again; none before the first was made.
    token TEXT,
    is_enabled INTEGER NOT NULL DEFAULT 0,
    expires_at TEXT,
    updated_at TEXT NOT NULL
) STRICT;
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
INSERT INTO messages (key, id, conversation_key, role, content, status, confidence, citations, created_at, question_key) VALUES (1, '01890000-0000-7000-8000-001000001000', 1, 'user', 'content 1: a sentence with ü, a tab	 and ''quotes''', 'grounded', 0.25, '[]', '2026-01-01T10:00:00.000Z', 110);
INSERT INTO messages (key, id, conversation_key, role, content, status, confidence, citations, created_at, question_key) VALUES (2, '01890000-0000-7000-8000-001000001001', 2, 'assistant', 'content 2: a sentence with ü, a tab	 and ''quotes''', 'escalated', 0.75, '[]', '2026-01-02T10:00:00.000Z', 111);
INSERT INTO index_segments (key, twin_key, token, first_chunk, documents, live_documents, live_length, revision, deleted, header) VALUES (1, 1, 120, 1, 120, 120, 120, 120, X'4D4E4F505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C', X'4D4E4F505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C');
INSERT INTO index_segments (key, twin_key, token, first_chunk, documents, live_documents, live_length, revision, deleted, header) VALUES (2, 2, 121, 2, 121, 121, 121, 121, X'505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C6D6E6F', X'505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C6D6E6F');
INSERT INTO index_pages (key, data) VALUES (1, X'5455565758595A5B5C5D5E5F606162636465666768696A6B6C6D6E6F70717273');
INSERT INTO index_pages (key, data) VALUES (2, X'5758595A5B5C5D5E5F606162636465666768696A6B6C6D6E6F70717273747576');
INSERT INTO verified_answers (key, id, tenant_id, twin_key, question, folded, answer, visibility, citations, created_by, is_active, created_at, updated_at) VALUES (1, '01890000-0000-7000-8000-001000001300', '01890000-0000-7000-8000-001000000000', 1, 'question 1: a sentence with ü, a tab	 and ''quotes''', 'folded 1: a sentence with ü, a tab	 and ''quotes''', 'answer 1: a sentence with ü, a tab	 and ''quotes''', 'private', '[]', 'created_by 1: a sentence with ü, a tab	 and ''quotes''', 1, '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO verified_answers (key, id, tenant_id, twin_key, question, folded, answer, visibility, citations, created_by, is_active, created_at, updated_at) VALUES (2, '01890000-0000-7000-8000-001000001301', '01890000-0000-7000-8000-001000000001', 2, 'question 2: a sentence with ü, a tab	 and ''quotes''', 'folded 2: a sentence with ü, a tab	 and ''quotes''', 'answer 2: a sentence with ü, a tab	 and ''quotes''', 'public', '[]', 'created_by 2: a sentence with ü, a tab	 and ''quotes''', 0, '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO verified_answer_patches (key, id, answer_key, previous_answer, new_answer, reason, patched_by, patched_at) VALUES (1, '01890000-0000-7000-8000-001000001400', 1, 'previous_answer 1: a sentence with ü, a tab	 and ''quotes''', 'new_answer 1: a sentence with ü, a tab	 and ''quotes''', 'reason 1: a sentence with ü, a tab	 and ''quotes''', 'patched_by 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z');
INSERT INTO verified_answer_patches (key, id, answer_key, previous_answer, new_answer, reason, patched_by, patched_at) VALUES (2, '01890000-0000-7000-8000-001000001401', 2, 'previous_answer 2: a sentence with ü, a tab	 and ''quotes''', 'new_answer 2: a sentence with ü, a tab	 and ''quotes''', 'reason 2: a sentence with ü, a tab	 and ''quotes''', 'patched_by 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z');
INSERT INTO owner_memories (key, id, tenant_id, twin_key, topic, memory_type, value, stance, intensity, confidence, status, provenance, superseded_by, created_at, updated_at) VALUES (1, '01890000-0000-7000-8000-001000001500', '01890000-0000-7000-8000-001000000000', 1, 'topic 1: a sentence with ü, a tab	 and ''quotes''', 'stance', 'value 1: a sentence with ü, a tab	 and ''quotes''', 'positive', 160, 0.25, 'active', '{}', 'superseded_by 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO owner_memories (key, id, tenant_id, twin_key, topic, memory_type, value, stance, intensity, confidence, status, provenance, superseded_by, created_at, updated_at) VALUES (2, '01890000-0000-7000-8000-001000001501', '01890000-0000-7000-8000-001000000001', 2, 'topic 2: a sentence with ü, a tab	 and ''quotes''', 'preference', 'value 2: a sentence with ü, a tab	 and ''quotes''', 'mixed', 161, 0.75, 'retracted', '{}', 'superseded_by 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO memory_events (key, tenant_id, twin_key, event_type, source_type, source_id, payload, status, created_at) VALUES (1, '01890000-0000-7000-8000-001000000000', 1, 'event_type 1: a sentence with ü, a tab	 and ''quotes''', 'source_type 1: a sentence with ü, a tab	 and ''quotes''', '01890000-0000-7000-8000-001000009000', '{}', 'status 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z');
INSERT INTO memory_events (key, tenant_id, twin_key, event_type, source_type, source_id, payload, status, created_at) VALUES (2, '01890000-0000-7000-8000-001000000001', 2, 'event_type 2: a sentence with ü, a tab	 and ''quotes''', 'source_type 2: a sentence with ü, a tab	 and ''quotes''', '01890000-0000-7000-8000-001000009001', '{}', 'status 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z');
INSERT INTO clarifications (key, id, tenant_id, twin_key, conversation_id, mode, status, original_query, folded, question, options, proposal, times_asked, owner_memory_id, requested_by, answered_by, answer_text, answered_at, created_at, updated_at) VALUES (1, '01890000-0000-7000-8000-001000001700', '01890000-0000-7000-8000-001000000000', 1, '01890000-0000-7000-8000-001000009000', 'owner', 'pending_owner', 'original_query 1: a sentence with ü, a tab	 and ''quotes''', 'folded 1: a sentence with ü, a tab	 and ''quotes''', 'question 1: a sentence with ü, a tab	 and ''quotes''', '[]', '{}', 180, '01890000-0000-7000-8000-001000009000', 'owner', 'answered_by 1: a sentence with ü, a tab	 and ''quotes''', 'answer_text 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO clarifications (key, id, tenant_id, twin_key, conversation_id, mode, status, original_query, folded, question, options, proposal, times_asked, owner_memory_id, requested_by, answered_by, answer_text, answered_at, created_at, updated_at) VALUES (2, '01890000-0000-7000-8000-001000001701', '01890000-0000-7000-8000-001000000001', 2, '01890000-0000-7000-8000-001000009001', 'public', 'answered', 'original_query 2: a sentence with ü, a tab	 and ''quotes''', 'folded 2: a sentence with ü, a tab	 and ''quotes''', 'question 2: a sentence with ü, a tab	 and ''quotes''', '[]', '{}', 181, '01890000-0000-7000-8000-001000009001', 'public', 'answered_by 2: a sentence with ü, a tab	 and ''quotes''', 'answer_text 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO escalations (key, id, tenant_id, twin_key, conversation_id, question, folded, status, confidence, times_asked, answer, verified_answer_id, created_at, updated_at, resolved_at) VALUES (1, '01890000-0000-7000-8000-001000001800', '01890000-0000-7000-8000-001000000000', 1, '01890000-0000-7000-8000-001000009000', 'question 1: a sentence with ü, a tab	 and ''quotes''', 'folded 1: a sentence with ü, a tab	 and ''quotes''', 'open', 0.25, 190, 'answer 1: a sentence with ü, a tab	 and ''quotes''', '01890000-0000-7000-8000-001000009000', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO escalations (key, id, tenant_id, twin_key, conversation_id, question, folded, status, confidence, times_asked, answer, verified_answer_id, created_at, updated_at, resolved_at) VALUES (2, '01890000-0000-7000-8000-001000001801', '01890000-0000-7000-8000-001000000001', 2, '01890000-0000-7000-8000-001000009001', 'question 2: a sentence with ü, a tab	 and ''quotes''', 'folded 2: a sentence with ü, a tab	 and ''quotes''', 'answered', 0.75, 191, 'answer 2: a sentence with ü, a tab	 and ''quotes''', '01890000-0000-7000-8000-001000009001', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO verified_answer_permissions (group_key, answer_key, created_at) VALUES (1, 1, '2026-01-01T10:00:00.000Z');
INSERT INTO verified_answer_permissions (group_key, answer_key, created_at) VALUES (2, 2, '2026-01-02T10:00:00.000Z');
INSERT INTO group_memberships (key, id, group_key, twin_key, user_id, is_active, created_at) VALUES (1, '01890000-0000-7000-8000-001000002000', 1, 1, '01890000-0000-7000-8000-001000009000', 1, '2026-01-01T10:00:00.000Z');
INSERT INTO group_memberships (key, id, group_key, twin_key, user_id, is_active, created_at) VALUES (2, '01890000-0000-7000-8000-001000002001', 2, 2, '01890000-0000-7000-8000-001000009001', 0, '2026-01-02T10:00:00.000Z');
INSERT INTO group_limits (group_key, limit_type, limit_value) VALUES (1, 'requests_per_hour', 220);
INSERT INTO group_limits (group_key, limit_type, limit_value) VALUES (2, 'requests_per_day', 221);
INSERT INTO api_keys (key, id, tenant_id, name, prefix, hmac, allowed_domains, allowed_twin_ids, scopes, is_active, expires_at, last_used_at, created_at) VALUES (1, '01890000-0000-7000-8000-001000002200', '01890000-0000-7000-8000-001000000000', 'name 1: a sentence with ü, a tab	 and ''quotes''', 'prefix 1: a sentence with ü, a tab	 and ''quotes''', X'9A9B9C9D9E9FA0A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9', '[]', '[]', '["chat"]', 1, '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO api_keys (key, id, tenant_id, name, prefix, hmac, allowed_domains, allowed_twin_ids, scopes, is_active, expires_at, last_used_at, created_at) VALUES (2, '01890000-0000-7000-8000-001000002201', '01890000-0000-7000-8000-001000000001', 'name 2: a sentence with ü, a tab	 and ''quotes''', 'prefix 2: a sentence with ü, a tab	 and ''quotes''', X'9D9E9FA0A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBC', '["example.org"]', '[]', '["read","chat"]', 0, '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO secrets (name, value) VALUES ('name 1: a sentence with ü, a tab	 and ''quotes''', X'A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBFC0');
INSERT INTO secrets (name, value) VALUES ('name 2: a sentence with ü, a tab	 and ''quotes''', X'A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBFC0C1C2C3');
INSERT INTO vector_sets (key, twin_key, model, dimension, created_at) VALUES (1, 1, 'model 1: a sentence with ü, a tab	 and ''quotes''', 250, '2026-01-01T10:00:00.000Z');
INSERT INTO vector_sets (key, twin_key, model, dimension, created_at) VALUES (2, 2, 'model 2: a sentence with ü, a tab	 and ''quotes''', 251, '2026-01-02T10:00:00.000Z');
INSERT INTO vector_blocks (key, set_key, source_key, first_chunk, count, data) VALUES (1, 1, 1, 1, 260, X'AFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBFC0C1C2C3C4C5C6C7C8C9CACBCCCDCE');
INSERT INTO vector_blocks (key, set_key, source_key, first_chunk, count, data) VALUES (2, 2, 2, 2, 261, X'B2B3B4B5B6B7B8B9BABBBCBDBEBFC0C1C2C3C4C5C6C7C8C9CACBCCCDCECFD0D1');
INSERT INTO users (key, id, tenant_id, email, role, full_name, avatar_url, password, tokens_valid_from, invited_at, invitation_id, created_at, last_active_at) VALUES (1, '01890000-0000-7000-8000-001000002600', '01890000-0000-7000-8000-001000000000', 'ada@example.org', 'owner', 'full_name 1: a sentence with ü, a tab	 and ''quotes''', 'avatar_url 1: a sentence with ü, a tab	 and ''quotes''', 'password 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z', '01890000-0000-7000-8000-001000009000', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO users (key, id, tenant_id, email, role, full_name, avatar_url, password, tokens_valid_from, invited_at, invitation_id, created_at, last_active_at) VALUES (2, '01890000-0000-7000-8000-001000002601', '01890000-0000-7000-8000-001000000001', 'bob@example.org', 'viewer', 'full_name 2: a sentence with ü, a tab	 and ''quotes''', 'avatar_url 2: a sentence with ü, a tab	 and ''quotes''', 'password 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z', '01890000-0000-7000-8000-001000009001', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO invitations (key, id, tenant_id, email, role, token_hash, status, invited_by, created_at, expires_at, accepted_at) VALUES (1, '01890000-0000-7000-8000-001000002700', '01890000-0000-7000-8000-001000000000', 'cid@example.org', 'viewer', X'BDBEBFC0C1C2C3C4C5C6C7C8C9CACBCCCDCECFD0D1D2D3D4D5D6D7D8D9DADBDC', 'pending', 'invited_by 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO invitations (key, id, tenant_id, email, role, token_hash, status, invited_by, created_at, expires_at, accepted_at) VALUES (2, '01890000-0000-7000-8000-001000002701', '01890000-0000-7000-8000-001000000001', 'dee@example.org', 'owner', X'C0C1C2C3C4C5C6C7C8C9CACBCCCDCECFD0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF', 'accepted', 'invited_by 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO sessions (key, id, tenant_id, twin_key, group_key, session_type, user_id, origin, ip_address, user_agent, created_at, last_active_at, expires_at) VALUES (1, '01890000-0000-7000-8000-001000002800', '01890000-0000-7000-8000-001000000000', 1, 1, 'anonymous', '01890000-0000-7000-8000-001000009000', 'origin 1: a sentence with ü, a tab	 and ''quotes''', 'ip_address 1: a sentence with ü, a tab	 and ''quotes''', 'user_agent 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO sessions (key, id, tenant_id, twin_key, group_key, session_type, user_id, origin, ip_address, user_agent, created_at, last_active_at, expires_at) VALUES (2, '01890000-0000-7000-8000-001000002801', '01890000-0000-7000-8000-001000000001', 2, 2, 'authenticated', '01890000-0000-7000-8000-001000009001', 'origin 2: a sentence with ü, a tab	 and ''quotes''', 'ip_address 2: a sentence with ü, a tab	 and ''quotes''', 'user_agent 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO share_links (twin_key, token, is_enabled, expires_at, updated_at) VALUES (1, 'token 1: a sentence with ü, a tab	 and ''quotes''', 1, '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO share_links (twin_key, token, is_enabled, expires_at, updated_at) VALUES (2, 'token 2: a sentence with ü, a tab	 and ''quotes''', 0, '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO rate_windows (name, seconds, began, count) VALUES ('name 1: a sentence with ü, a tab	 and ''quotes''', 1, 310, 310);
INSERT INTO rate_windows (name, seconds, began, count) VALUES ('name 2: a sentence with ü, a tab	 and ''quotes''', 2, 311, 311);
INSERT INTO group_overrides (group_key, override_type, override_value) VALUES (1, 'override_type 1: a sentence with ü, a tab	 and ''quotes''', '{}');
INSERT INTO group_overrides (group_key, override_type, override_value) VALUES (2, 'override_type 2: a sentence with ü, a tab	 and ''quotes''', '{}');
CREATE UNIQUE INDEX access_groups_one_default ON access_groups (twin_key) WHERE is_default;
CREATE INDEX sources_by_text ON sources (text_key);
CREATE INDEX chunks_by_source ON chunks (source_key);
CREATE INDEX source_logs_by_source ON source_logs (source_key);
CREATE INDEX source_permissions_by_source ON source_permissions (source_key);
CREATE INDEX conversations_by_twin ON conversations (twin_key, created_at);
CREATE INDEX conversations_by_group ON conversations (group_key);
CREATE INDEX messages_by_conversation ON messages (conversation_key, key);
CREATE INDEX index_segments_by_twin ON index_segments (twin_key, first_chunk);
CREATE TRIGGER index_segments_delete AFTER DELETE ON index_segments BEGIN
    DELETE FROM index_pages WHERE key >= OLD.key << 32 AND key < (OLD.key + 1) << 32;
END;
CREATE TRIGGER twins_delete_index AFTER DELETE ON twins BEGIN
    DELETE FROM index_segments WHERE twin_key = OLD.key;
END;
CREATE INDEX verified_answers_by_question ON verified_answers (twin_key, folded);
CREATE INDEX verified_answer_patches_by_answer ON verified_answer_patches (answer_key);
CREATE INDEX owner_memories_by_twin ON owner_memories (twin_key, status);
CREATE INDEX memory_events_by_twin ON memory_events (twin_key);
CREATE UNIQUE INDEX clarifications_one_pending ON clarifications (twin_key, folded) WHERE status = 'pending_owner';
CREATE INDEX clarifications_by_twin ON clarifications (twin_key, status);
CREATE UNIQUE INDEX escalations_one_open ON escalations (twin_key, folded) WHERE status = 'open';
CREATE INDEX escalations_by_twin ON escalations (twin_key, status);
CREATE INDEX verified_answer_permissions_by_answer ON verified_answer_permissions (answer_key);
CREATE INDEX group_memberships_by_group ON group_memberships (group_key);
CREATE INDEX api_keys_by_prefix ON api_keys (prefix);
CREATE INDEX api_keys_by_tenant ON api_keys (tenant_id);
CREATE UNIQUE INDEX vector_blocks_by_chunk ON vector_blocks (set_key, first_chunk);
CREATE INDEX vector_blocks_by_source ON vector_blocks (source_key, set_key);
CREATE INDEX users_by_tenant ON users (tenant_id);
CREATE INDEX sessions_by_twin ON sessions (twin_key, created_at);
CREATE INDEX sessions_by_group ON sessions (group_key);
CREATE INDEX conversations_by_session ON conversations (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX conversations_by_user ON conversations (twin_key, user_id) WHERE user_id IS NOT NULL;
PRAGMA user_version = 5;
PRAGMA application_id = 1953982830;
COMMIT;
