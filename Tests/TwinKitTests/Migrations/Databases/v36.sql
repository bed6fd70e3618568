PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE tenants (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
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
CREATE TABLE chunks (
    key INTEGER PRIMARY KEY,
    source_key INTEGER NOT NULL REFERENCES sources (key) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    headings TEXT,
    page INTEGER,
    time_start INTEGER,
    time_end INTEGER
, turns TEXT) STRICT;
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
, key_id TEXT) STRICT;
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
, question_key INTEGER, verified_answer_id TEXT, sender_id TEXT) STRICT;
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
, source_message_id TEXT, created_by TEXT) STRICT;
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
, message_id TEXT) STRICT;
CREATE TABLE verified_answer_permissions (
    group_key INTEGER NOT NULL REFERENCES access_groups (key) ON DELETE CASCADE,
    answer_key INTEGER NOT NULL REFERENCES verified_answers (key) ON DELETE CASCADE,
    created_at TEXT NOT NULL,
    PRIMARY KEY (group_key, answer_key)
) STRICT, WITHOUT ROWID;
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
, group_id TEXT, created_by TEXT) STRICT;
CREATE TABLE secrets (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
, key_id TEXT) STRICT, WITHOUT ROWID;
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
    accepted_at TEXT, mailed_token_hash BLOB,
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
CREATE TABLE jobs (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    twin_key INTEGER REFERENCES twins (key) ON DELETE CASCADE,
    source_id TEXT,
    job_type TEXT NOT NULL,
    status TEXT NOT NULL,
    priority INTEGER NOT NULL DEFAULT 0,
    -- What to do, for the worker that knows the type.
    payload TEXT NOT NULL,
    -- What came of it, for whoever asks.
    metadata TEXT NOT NULL,
    error_message TEXT,
    -- 0 to 1.
    progress REAL NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    maximum_attempts INTEGER NOT NULL,
    -- Not before this instant: a retry waits.
    run_after TEXT NOT NULL,
    -- Who works on it, and until when that is believed without another word.
    lease_owner TEXT,
    lease_expires_at TEXT,
    cancel_requested INTEGER NOT NULL DEFAULT 0,
    created_by TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    started_at TEXT,
    completed_at TEXT
) STRICT;
CREATE TABLE job_logs (
    key INTEGER PRIMARY KEY,
    job_key INTEGER NOT NULL REFERENCES jobs (key) ON DELETE CASCADE,
    level TEXT NOT NULL,
    message TEXT NOT NULL,
    metadata TEXT,
    created_at TEXT NOT NULL
) STRICT;
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
CREATE TABLE conversation_days (
    twin_key INTEGER NOT NULL REFERENCES twins (key) ON DELETE CASCADE,
    visitor TEXT NOT NULL,
    day TEXT NOT NULL,
    conversations INTEGER NOT NULL,
    user_messages INTEGER NOT NULL,
    assistant_messages INTEGER NOT NULL,
    -- Of answers above 0, in millionths: integers add up to the same in any order.
    confidence_sum INTEGER NOT NULL,
    confidence_count INTEGER NOT NULL,
    -- Answers that were handed to the owner, and all that did not answer.
    escalated INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    PRIMARY KEY (twin_key, visitor, day)
) STRICT, WITHOUT ROWID;
CREATE TABLE verified_answer_vectors (
    answer_key INTEGER PRIMARY KEY REFERENCES verified_answers (key) ON DELETE CASCADE,
    twin_key INTEGER NOT NULL REFERENCES twins (key) ON DELETE CASCADE,
    model TEXT NOT NULL,
    data BLOB NOT NULL
) STRICT;
CREATE TABLE verified_answer_revisions (
    twin_key INTEGER PRIMARY KEY REFERENCES twins (key) ON DELETE CASCADE,
    token INTEGER NOT NULL
) STRICT;
CREATE TABLE graph_nodes (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    twin_key INTEGER NOT NULL REFERENCES twins (key) ON DELETE CASCADE,
    node_type TEXT NOT NULL,
    name TEXT NOT NULL,
    -- What identifies it among nodes of its type: the name folded.
    canonical_key TEXT NOT NULL,
    description TEXT,
    properties TEXT NOT NULL,
    -- extracted: it stands as long as a document says it. owner, escalation: the owner said it.
    origin TEXT NOT NULL,
    status TEXT NOT NULL,
    owner_memory_id TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (twin_key, node_type, canonical_key)
) STRICT;
CREATE TABLE graph_aliases (
    node_key INTEGER NOT NULL REFERENCES graph_nodes (key) ON DELETE CASCADE,
    alias TEXT NOT NULL,
    source_key INTEGER NOT NULL REFERENCES sources (key) ON DELETE CASCADE,
    PRIMARY KEY (node_key, alias, source_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE graph_edges (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    twin_key INTEGER NOT NULL REFERENCES twins (key) ON DELETE CASCADE,
    from_key INTEGER NOT NULL REFERENCES graph_nodes (key) ON DELETE CASCADE,
    to_key INTEGER NOT NULL REFERENCES graph_nodes (key) ON DELETE CASCADE,
    relationship_type TEXT NOT NULL,
    origin TEXT NOT NULL,
    valid_from TEXT,
    valid_to TEXT,
    superseded_by TEXT,
    created_at TEXT NOT NULL,
    UNIQUE (from_key, to_key, relationship_type)
) STRICT;
CREATE TABLE memory_candidates (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    twin_key INTEGER NOT NULL REFERENCES twins (key) ON DELETE CASCADE,
    content TEXT NOT NULL,
    memory_type TEXT NOT NULL,
    -- Type, subject, predicate and object folded: what is said again is the same candidate.
    identity TEXT NOT NULL,
    extracted_data TEXT NOT NULL,
    status TEXT NOT NULL,
    -- It was approved, and the last document that said it is gone.
    needs_review INTEGER NOT NULL DEFAULT 0,
    owner_memory_id TEXT,
    graph_node_id TEXT,
    reviewed_by TEXT,
    reviewed_at TEXT,
    created_at TEXT NOT NULL,
    UNIQUE (twin_key, identity)
) STRICT;
CREATE TABLE graph_evidence (
    key INTEGER PRIMARY KEY,
    -- 1 a node, 2 an edge, 3 a candidate.
    kind INTEGER NOT NULL,
    target_key INTEGER NOT NULL,
    source_key INTEGER REFERENCES sources (key) ON DELETE CASCADE,
    message_key INTEGER REFERENCES messages (key) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    CHECK ((source_key IS NULL) <> (message_key IS NULL))
) STRICT;
CREATE TABLE graph_sources (
    source_key INTEGER PRIMARY KEY REFERENCES sources (key) ON DELETE CASCADE,
    rules INTEGER NOT NULL
, reader TEXT NOT NULL DEFAULT 'rules', degraded TEXT) STRICT;
CREATE TABLE graph_messages (
    twin_key INTEGER PRIMARY KEY REFERENCES twins (key) ON DELETE CASCADE,
    last_key INTEGER NOT NULL
) STRICT;
CREATE TABLE graph_merges (
    twin_key INTEGER NOT NULL REFERENCES twins (key) ON DELETE CASCADE,
    node_type TEXT NOT NULL,
    canonical_key TEXT NOT NULL,
    into_type TEXT NOT NULL,
    into_key TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (twin_key, node_type, canonical_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE document_uploads (
    source_key INTEGER PRIMARY KEY REFERENCES sources (key) ON DELETE CASCADE,
    filename TEXT NOT NULL,
    content_type TEXT NOT NULL,
    -- Names the signed address that counts: a later one makes it void.
    nonce TEXT NOT NULL,
    maximum_bytes INTEGER NOT NULL,
    expires_at TEXT NOT NULL,
    received_at TEXT,
    process_began_at TEXT
, object TEXT) STRICT;
CREATE TABLE "users" (
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
) STRICT;
CREATE TABLE user_accounts (
    -- '*' for an account of the first release, which did not note it: the first issuer that comes with the subject.
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_key INTEGER NOT NULL REFERENCES users (key) ON DELETE CASCADE,
    created_at TEXT NOT NULL,
    PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE known_devices (
    user_key INTEGER NOT NULL REFERENCES users (key) ON DELETE CASCADE,
    -- SHA-256 of what the browser keeps.
    device BLOB NOT NULL,
    network TEXT NOT NULL,
    last_used_at TEXT NOT NULL,
    PRIMARY KEY (user_key, device)
) STRICT, WITHOUT ROWID;
CREATE TABLE "group_memberships" (
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
) STRICT;
CREATE TABLE "twins" (
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
) STRICT;
CREATE TABLE "sources" (
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
updated_at TEXT NOT NULL, properties TEXT NOT NULL DEFAULT '{}',
UNIQUE (twin_key, locator, variant)
) STRICT;
CREATE TABLE "audit_log" (
key INTEGER PRIMARY KEY AUTOINCREMENT,
id TEXT NOT NULL UNIQUE,
-- No reference: the log outlives tenant, twin and user.
tenant_id TEXT NOT NULL,
-- From 1, without gaps in the tenant.
seq INTEGER NOT NULL,
twin_id TEXT,
event_type TEXT NOT NULL,
action TEXT NOT NULL,
created_at TEXT NOT NULL,
-- Who did it and, for what is about a user, to whom: hashed with a salt, so that they can be erased.
actor_id TEXT,
user_id TEXT,
people_salt BLOB NOT NULL,
people_hash BLOB NOT NULL,
metadata TEXT NOT NULL,
details_salt BLOB NOT NULL,
details_hash BLOB NOT NULL,
-- The hash of the tenant's row before, zeros in the first; and SHA-256 of it with this row.
prev_hash BLOB NOT NULL,
hash BLOB NOT NULL, chained_key INTEGER,
UNIQUE (tenant_id, seq)
) STRICT;
CREATE TABLE quotas (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    -- Whose; none for what the keys and visitors of a tenant use together.
    user_key INTEGER UNIQUE REFERENCES users (key) ON DELETE CASCADE,
    -- Tokens a day; none for whatever the default is.
    daily_limit INTEGER CHECK (daily_limit >= 0),
    -- What was used on `day`, in days since 1970-01-01 in the quota's zone; on any other day it is nothing.
    used INTEGER NOT NULL DEFAULT 0 CHECK (used >= 0),
    day INTEGER NOT NULL DEFAULT 0,
    -- What the last answer that a model worded has used: the best guess at the next.
    typical INTEGER,
    -- Where the day begins at midnight: UTC, an offset, or a name such as Europe/Berlin.
    zone TEXT NOT NULL DEFAULT 'UTC'
) STRICT;
CREATE TABLE quota_reservations (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    quota_key INTEGER NOT NULL REFERENCES quotas (key) ON DELETE CASCADE,
    amount INTEGER NOT NULL,
    day INTEGER NOT NULL,
    -- The question that it is for, where that is kept.
    question_id TEXT,
    expires_at TEXT NOT NULL
) STRICT;
CREATE TABLE journal_sessions (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    user_key INTEGER NOT NULL REFERENCES users (key) ON DELETE CASCADE,
    title TEXT NOT NULL,
    -- The twin that answers in it, where it names one of its own.
    twin_id TEXT,
    -- Where its questions and answers are kept, once a twin was asked.
    conversation_id TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE journal_prompts (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    user_key INTEGER NOT NULL REFERENCES users (key) ON DELETE CASCADE,
    session_key INTEGER NOT NULL REFERENCES journal_sessions (key) ON DELETE CASCADE,
    prompt_text TEXT NOT NULL,
    -- A JSON array of what was sent along.
    responses TEXT NOT NULL,
    -- The message that put it to a twin, whose answer is the response: read there, as far as it may be read now.
    question_id TEXT,
    tokens INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE journal_user_prompts (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    user_key INTEGER NOT NULL REFERENCES users (key) ON DELETE CASCADE,
    prompt_text TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE journal_system_prompts (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    prompt_text TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE login_links (
    token_hash BLOB PRIMARY KEY,
    user_key INTEGER NOT NULL REFERENCES users (key) ON DELETE CASCADE,
    expires_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE message_feedback (
    message_key INTEGER NOT NULL REFERENCES messages (key) ON DELETE CASCADE,
    -- A user, an API key, a visitor's session, or the command line.
    rater TEXT NOT NULL,
    tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    twin_key INTEGER NOT NULL REFERENCES twins (key) ON DELETE CASCADE,
    rating TEXT NOT NULL CHECK (rating IN ('up', 'down')),
    comment TEXT,
    created_at TEXT NOT NULL,
    PRIMARY KEY (message_key, rater)
) STRICT, WITHOUT ROWID;
CREATE TABLE signing_keys (
    id TEXT PRIMARY KEY,
    public_key TEXT NOT NULL,
    created_at TEXT NOT NULL,
    -- When it stops checking signatures; none for the one that signs.
    retires_at TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE paced_limits (
    name TEXT PRIMARY KEY,
    arrival INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE openid_states (
    hash BLOB PRIMARY KEY,
    nonce TEXT NOT NULL,
    verifier TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE desks (
    tenant_id TEXT PRIMARY KEY REFERENCES tenants (id) ON DELETE CASCADE,
    -- Whose knowledge it answers from; none takes the tenant's only twin.
    twin_key INTEGER REFERENCES twins (key) ON DELETE SET NULL,
    domain TEXT UNIQUE,
    is_active INTEGER NOT NULL DEFAULT 1,
    settings TEXT NOT NULL,
    widget TEXT NOT NULL,
    -- Public: it names the widget and opens nothing.
    widget_key TEXT NOT NULL UNIQUE,
    default_agent_key INTEGER REFERENCES desk_agents (key) ON DELETE SET NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE desk_agents (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    tenant_id TEXT REFERENCES tenants (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    instructions TEXT NOT NULL,
    output_format TEXT NOT NULL,
    -- Questions that are this agent's.
    examples TEXT NOT NULL,
    is_active INTEGER NOT NULL DEFAULT 1,
    metadata TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE desk_tools (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    tenant_id TEXT REFERENCES tenants (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    base TEXT NOT NULL CHECK (base IN ('HTTP_GET', 'HTTP_POST', 'RAG', 'DB_QUERY', 'OCR')),
    description TEXT NOT NULL,
    config TEXT NOT NULL,
    input_schema TEXT NOT NULL,
    is_active INTEGER NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE desk_agent_tools (
    agent_key INTEGER NOT NULL REFERENCES desk_agents (key) ON DELETE CASCADE,
    tool_key INTEGER NOT NULL REFERENCES desk_tools (key) ON DELETE CASCADE,
    -- Earlier ones go first.
    position INTEGER NOT NULL,
    PRIMARY KEY (agent_key, tool_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE desk_agent_permissions (
    tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    agent_key INTEGER NOT NULL REFERENCES desk_agents (key) ON DELETE CASCADE,
    is_enabled INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, agent_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE desk_tool_permissions (
    tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    tool_key INTEGER NOT NULL REFERENCES desk_tools (key) ON DELETE CASCADE,
    is_enabled INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, tool_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE desk_contacts (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    email TEXT,
    name TEXT NOT NULL,
    department TEXT,
    is_proven INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    last_active_at TEXT NOT NULL
) STRICT;
CREATE TABLE desk_sessions (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    contact_key INTEGER NOT NULL REFERENCES desk_contacts (key) ON DELETE CASCADE,
    session_key INTEGER NOT NULL UNIQUE REFERENCES sessions (key) ON DELETE CASCADE,
    agent_key INTEGER REFERENCES desk_agents (key) ON DELETE SET NULL,
    topic TEXT,
    metadata TEXT NOT NULL,
    feedback TEXT,
    created_at TEXT NOT NULL,
    last_message_at TEXT,
    ended_at TEXT
) STRICT;
CREATE TABLE desk_handovers (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    session_key INTEGER NOT NULL REFERENCES desk_sessions (key) ON DELETE CASCADE,
    status TEXT NOT NULL CHECK (status IN ('pending', 'assigned', 'resolved')),
    reason TEXT NOT NULL,
    user_key INTEGER REFERENCES users (key) ON DELETE SET NULL,
    requested_at TEXT NOT NULL,
    assigned_at TEXT,
    resolved_at TEXT,
    notes TEXT,
    verified_answer_id TEXT
) STRICT;
CREATE TABLE desk_staff (
    user_key INTEGER PRIMARY KEY REFERENCES users (key) ON DELETE CASCADE,
    -- What they set by hand; none goes by their pings.
    status TEXT CHECK (status IN ('online', 'busy', 'away', 'offline')),
    pinged_at TEXT,
    maximum_sessions INTEGER NOT NULL DEFAULT 5,
    -- When the last session was given to them or came to its end.
    idle_since TEXT
) STRICT;
CREATE TABLE desk_notes (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    session_key INTEGER NOT NULL REFERENCES desk_sessions (key) ON DELETE CASCADE,
    author_id TEXT,
    content TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
CREATE TABLE desk_tool_calls (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    session_key INTEGER NOT NULL REFERENCES desk_sessions (key) ON DELETE CASCADE,
    message_id TEXT,
    agent_id TEXT,
    tool_id TEXT,
    tool_name TEXT NOT NULL,
    arguments TEXT NOT NULL,
    status TEXT NOT NULL,
    output TEXT NOT NULL,
    milliseconds REAL NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
CREATE TABLE desk_events (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    sequence INTEGER NOT NULL,
    session_id TEXT,
    kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    details TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (tenant_id, sequence)
) STRICT;
CREATE TABLE desk_event_sequences (
    tenant_id TEXT PRIMARY KEY REFERENCES tenants (id) ON DELETE CASCADE,
    last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE desk_tickets (
    hash BLOB PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    holder TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE desk_webhooks (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    description TEXT NOT NULL,
    -- Kinds of events between commas (',a,b,'), since a trigger reads them; empty is all.
    kinds TEXT NOT NULL,
    is_active INTEGER NOT NULL DEFAULT 1,
    disabled_reason TEXT,
    -- Until when deliveries are signed with the secret before the last as well.
    previous_until TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE desk_deliveries (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    webhook_key INTEGER NOT NULL REFERENCES desk_webhooks (key) ON DELETE CASCADE,
    event_key INTEGER NOT NULL REFERENCES desk_events (key) ON DELETE CASCADE,
    status TEXT NOT NULL CHECK (status IN ('pending', 'delivered', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at TEXT NOT NULL,
    response_status INTEGER,
    error TEXT,
    created_at TEXT NOT NULL,
    delivered_at TEXT
) STRICT;
CREATE TABLE graph_supersessions (
    twin_key INTEGER NOT NULL REFERENCES twins (key) ON DELETE CASCADE,
    from_type TEXT NOT NULL,
    from_key TEXT NOT NULL,
    relationship_type TEXT NOT NULL,
    to_type TEXT NOT NULL,
    to_key TEXT NOT NULL,
    by_type TEXT NOT NULL,
    by_key TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (twin_key, from_type, from_key, relationship_type, to_type, to_key)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE password_resets (
    token_hash BLOB PRIMARY KEY,
    user_key INTEGER NOT NULL REFERENCES users (key) ON DELETE CASCADE,
    expires_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE mail_marks (
    key INTEGER PRIMARY KEY,
    letter TEXT NOT NULL,
    tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    twin_key INTEGER REFERENCES twins (key) ON DELETE CASCADE,
    -- The newest row that letters have told of, or the last day.
    told_key INTEGER NOT NULL DEFAULT 0,
    told_date TEXT
, told_at TEXT) STRICT;
CREATE TABLE stored_files (
    -- As rows name it.
    name TEXT PRIMARY KEY,
    -- When somebody was last about to store it.
    noted_at TEXT NOT NULL,
    -- Since when it is being removed.
    removing_since TEXT
, bucket TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE client_files (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    -- The user or the API key that it is of.
    holder_id TEXT NOT NULL,
    name TEXT NOT NULL,
    purpose TEXT NOT NULL,
    size INTEGER NOT NULL,
    -- Its bytes have this name in the storage (`StoredName`).
    object TEXT NOT NULL,
    expires_at TEXT,
    created_at TEXT NOT NULL
) STRICT;
CREATE TABLE client_file_uses (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    file_key INTEGER NOT NULL REFERENCES client_files (key) ON DELETE CASCADE,
    twin_key INTEGER NOT NULL REFERENCES twins (key) ON DELETE CASCADE,
    -- None for a file that could not be made a source.
    source_key INTEGER REFERENCES sources (key) ON DELETE CASCADE,
    -- The source's version that the file is; a later one is somebody else's.
    source_version INTEGER NOT NULL,
    error TEXT,
    attributes TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (file_key, twin_key)
) STRICT;
CREATE TABLE change_sequence (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    value INTEGER NOT NULL,
    -- Of the last change that took something away.
    withdrawn INTEGER NOT NULL,
    beats INTEGER NOT NULL
) STRICT;
CREATE TABLE tenant_moves (
    tenant_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    -- 'held': its rows take no change, while they are carried over. 'moved': they are not here any more.
    state TEXT NOT NULL CHECK (state IN ('held', 'moved')),
    -- The file that it goes to, and the address at which it is served then.
    target TEXT NOT NULL,
    url TEXT NOT NULL,
    began_at TEXT NOT NULL,
    moved_at TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE moved_names (
    hash BLOB PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenant_moves (tenant_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO tenants (id, name, created_at) VALUES ('01890000-0000-7000-8000-001000000000', 'name 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z');
INSERT INTO tenants (id, name, created_at) VALUES ('01890000-0000-7000-8000-001000000001', 'name 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z');
INSERT INTO access_groups (key, id, tenant_id, twin_key, name, description, is_default, is_public, settings, created_at, updated_at) VALUES (1, '01890000-0000-7000-8000-001000000100', '01890000-0000-7000-8000-001000000000', 1, 'name 1: a sentence with ü, a tab	 and ''quotes''', 'description 1: a sentence with ü, a tab	 and ''quotes''', 1, 0, '{}', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO access_groups (key, id, tenant_id, twin_key, name, description, is_default, is_public, settings, created_at, updated_at) VALUES (2, '01890000-0000-7000-8000-001000000101', '01890000-0000-7000-8000-001000000001', 2, 'name 2: a sentence with ü, a tab	 and ''quotes''', 'description 2: a sentence with ü, a tab	 and ''quotes''', 0, 1, '{}', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO texts (key, tenant_id, sha256, content) VALUES (1, '01890000-0000-7000-8000-001000000000', X'0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D', 'content 1: a sentence with ü, a tab	 and ''quotes''');
INSERT INTO texts (key, tenant_id, sha256, content) VALUES (2, '01890000-0000-7000-8000-001000000001', X'1112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F30', 'content 2: a sentence with ü, a tab	 and ''quotes''');
INSERT INTO chunks (key, source_key, start, end, headings, page, time_start, time_end, turns) VALUES (1, 1, 0, 10, 'headings 1: a sentence with ü, a tab	 and ''quotes''', 40, 40, 40, 'turns 1: a sentence with ü, a tab	 and ''quotes''');
INSERT INTO chunks (key, source_key, start, end, headings, page, time_start, time_end, turns) VALUES (2, 2, 0, 20, 'headings 2: a sentence with ü, a tab	 and ''quotes''', 41, 41, 41, 'turns 2: a sentence with ü, a tab	 and ''quotes''');
INSERT INTO chunk_sequence (next) VALUES (1);
INSERT INTO chunk_sequence (next) VALUES (50);
INSERT INTO chunk_sequence (next) VALUES (51);
INSERT INTO source_logs (key, source_key, level, message, metadata, created_at) VALUES (1, 1, 'info', 'message 1: a sentence with ü, a tab	 and ''quotes''', '{}', '2026-01-01T10:00:00.000Z');
INSERT INTO source_logs (key, source_key, level, message, metadata, created_at) VALUES (2, 2, 'warning', 'message 2: a sentence with ü, a tab	 and ''quotes''', '{"a":1}', '2026-01-02T10:00:00.000Z');
INSERT INTO source_permissions (group_key, source_key, created_at) VALUES (1, 1, '2026-01-01T10:00:00.000Z');
INSERT INTO source_permissions (group_key, source_key, created_at) VALUES (2, 2, '2026-01-02T10:00:00.000Z');
INSERT INTO conversations (key, id, tenant_id, twin_key, user_id, group_key, session_id, created_at, updated_at, key_id) VALUES (1, '01890000-0000-7000-8000-001000000700', '01890000-0000-7000-8000-001000000000', 1, '01890000-0000-7000-8000-001000009000', 1, '01890000-0000-7000-8000-001000009000', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z', '01890000-0000-7000-8000-001000009000');
INSERT INTO conversations (key, id, tenant_id, twin_key, user_id, group_key, session_id, created_at, updated_at, key_id) VALUES (2, '01890000-0000-7000-8000-001000000701', '01890000-0000-7000-8000-001000000001', 2, '01890000-0000-7000-8000-001000009001', 2, '01890000-0000-7000-8000-001000009001', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z', '01890000-0000-7000-8000-001000009001');
INSERT INTO messages (key, id, conversation_key, role, content, status, confidence, citations, created_at, question_key, verified_answer_id, sender_id) VALUES (1, '01890000-0000-7000-8000-001000000800', 1, 'user', 'content 1: a sentence with ü, a tab	 and ''quotes''', 'grounded', 0.25, '[]', '2026-01-01T10:00:00.000Z', 90, '01890000-0000-7000-8000-001000009000', '01890000-0000-7000-8000-001000009000');
INSERT INTO messages (key, id, conversation_key, role, content, status, confidence, citations, created_at, question_key, verified_answer_id, sender_id) VALUES (2, '01890000-0000-7000-8000-001000000801', 2, 'assistant', 'content 2: a sentence with ü, a tab	 and ''quotes''', 'escalated', 0.75, '[]', '2026-01-02T10:00:00.000Z', 91, '01890000-0000-7000-8000-001000009001', '01890000-0000-7000-8000-001000009001');
INSERT INTO index_segments (key, twin_key, token, first_chunk, documents, live_documents, live_length, revision, deleted, header) VALUES (1, 1, 100, 1, 100, 100, 100, 100, X'3F404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E', X'3F404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E');
INSERT INTO index_segments (key, twin_key, token, first_chunk, documents, live_documents, live_length, revision, deleted, header) VALUES (2, 2, 101, 2, 101, 101, 101, 101, X'42434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F6061', X'42434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F6061');
INSERT INTO index_pages (key, data) VALUES (1, X'464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F606162636465');
INSERT INTO index_pages (key, data) VALUES (2, X'494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F606162636465666768');
INSERT INTO verified_answers (key, id, tenant_id, twin_key, question, folded, answer, visibility, citations, created_by, is_active, created_at, updated_at) VALUES (1, '01890000-0000-7000-8000-001000001100', '01890000-0000-7000-8000-001000000000', 1, 'question 1: a sentence with ü, a tab	 and ''quotes''', 'folded 1: a sentence with ü, a tab	 and ''quotes''', 'answer 1: a sentence with ü, a tab	 and ''quotes''', 'private', '[]', 'created_by 1: a sentence with ü, a tab	 and ''quotes''', 1, '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO verified_answers (key, id, tenant_id, twin_key, question, folded, answer, visibility, citations, created_by, is_active, created_at, updated_at) VALUES (2, '01890000-0000-7000-8000-001000001101', '01890000-0000-7000-8000-001000000001', 2, 'question 2: a sentence with ü, a tab	 and ''quotes''', 'folded 2: a sentence with ü, a tab	 and ''quotes''', 'answer 2: a sentence with ü, a tab	 and ''quotes''', 'public', '[]', 'created_by 2: a sentence with ü, a tab	 and ''quotes''', 0, '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO verified_answer_patches (key, id, answer_key, previous_answer, new_answer, reason, patched_by, patched_at) VALUES (1, '01890000-0000-7000-8000-001000001200', 1, 'previous_answer 1: a sentence with ü, a tab	 and ''quotes''', 'new_answer 1: a sentence with ü, a tab	 and ''quotes''', 'reason 1: a sentence with ü, a tab	 and ''quotes''', 'patched_by 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z');
INSERT INTO verified_answer_patches (key, id, answer_key, previous_answer, new_answer, reason, patched_by, patched_at) VALUES (2, '01890000-0000-7000-8000-001000001201', 2, 'previous_answer 2: a sentence with ü, a tab	 and ''quotes''', 'new_answer 2: a sentence with ü, a tab	 and ''quotes''', 'reason 2: a sentence with ü, a tab	 and ''quotes''', 'patched_by 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z');
INSERT INTO owner_memories (key, id, tenant_id, twin_key, topic, memory_type, value, stance, intensity, confidence, status, provenance, superseded_by, created_at, updated_at) VALUES (1, '01890000-0000-7000-8000-001000001300', '01890000-0000-7000-8000-001000000000', 1, 'topic 1: a sentence with ü, a tab	 and ''quotes''', 'stance', 'value 1: a sentence with ü, a tab	 and ''quotes''', 'positive', 140, 0.25, 'active', '{}', 'superseded_by 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO owner_memories (key, id, tenant_id, twin_key, topic, memory_type, value, stance, intensity, confidence, status, provenance, superseded_by, created_at, updated_at) VALUES (2, '01890000-0000-7000-8000-001000001301', '01890000-0000-7000-8000-001000000001', 2, 'topic 2: a sentence with ü, a tab	 and ''quotes''', 'preference', 'value 2: a sentence with ü, a tab	 and ''quotes''', 'mixed', 141, 0.75, 'retracted', '{}', 'superseded_by 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO memory_events (key, tenant_id, twin_key, event_type, source_type, source_id, payload, status, created_at) VALUES (1, '01890000-0000-7000-8000-001000000000', 1, 'event_type 1: a sentence with ü, a tab	 and ''quotes''', 'source_type 1: a sentence with ü, a tab	 and ''quotes''', '01890000-0000-7000-8000-001000009000', '{}', 'status 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z');
INSERT INTO memory_events (key, tenant_id, twin_key, event_type, source_type, source_id, payload, status, created_at) VALUES (2, '01890000-0000-7000-8000-001000000001', 2, 'event_type 2: a sentence with ü, a tab	 and ''quotes''', 'source_type 2: a sentence with ü, a tab	 and ''quotes''', '01890000-0000-7000-8000-001000009001', '{}', 'status 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z');
INSERT INTO clarifications (key, id, tenant_id, twin_key, conversation_id, mode, status, original_query, folded, question, options, proposal, times_asked, owner_memory_id, requested_by, answered_by, answer_text, answered_at, created_at, updated_at, source_message_id, created_by) VALUES (1, '01890000-0000-7000-8000-001000001500', '01890000-0000-7000-8000-001000000000', 1, '01890000-0000-7000-8000-001000009000', 'owner', 'pending_owner', 'original_query 1: a sentence with ü, a tab	 and ''quotes''', 'folded 1: a sentence with ü, a tab	 and ''quotes''', 'question 1: a sentence with ü, a tab	 and ''quotes''', '[]', '{}', 160, '01890000-0000-7000-8000-001000009000', 'owner', 'answered_by 1: a sentence with ü, a tab	 and ''quotes''', 'answer_text 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z', '01890000-0000-7000-8000-001000009000', 'created_by 1: a sentence with ü, a tab	 and ''quotes''');
INSERT INTO clarifications (key, id, tenant_id, twin_key, conversation_id, mode, status, original_query, folded, question, options, proposal, times_asked, owner_memory_id, requested_by, answered_by, answer_text, answered_at, created_at, updated_at, source_message_id, created_by) VALUES (2, '01890000-0000-7000-8000-001000001501', '01890000-0000-7000-8000-001000000001', 2, '01890000-0000-7000-8000-001000009001', 'public', 'answered', 'original_query 2: a sentence with ü, a tab	 and ''quotes''', 'folded 2: a sentence with ü, a tab	 and ''quotes''', 'question 2: a sentence with ü, a tab	 and ''quotes''', '[]', '{}', 161, '01890000-0000-7000-8000-001000009001', 'public', 'answered_by 2: a sentence with ü, a tab	 and ''quotes''', 'answer_text 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z', '01890000-0000-7000-8000-001000009001', 'created_by 2: a sentence with ü, a tab	 and ''quotes''');
INSERT INTO escalations (key, id, tenant_id, twin_key, conversation_id, question, folded, status, confidence, times_asked, answer, verified_answer_id, created_at, updated_at, resolved_at, message_id) VALUES (1, '01890000-0000-7000-8000-001000001600', '01890000-0000-7000-8000-001000000000', 1, '01890000-0000-7000-8000-001000009000', 'question 1: a sentence with ü, a tab	 and ''quotes''', 'folded 1: a sentence with ü, a tab	 and ''quotes''', 'open', 0.25, 170, 'answer 1: a sentence with ü, a tab	 and ''quotes''', '01890000-0000-7000-8000-001000009000', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z', '01890000-0000-7000-8000-001000009000');
INSERT INTO escalations (key, id, tenant_id, twin_key, conversation_id, question, folded, status, confidence, times_asked, answer, verified_answer_id, created_at, updated_at, resolved_at, message_id) VALUES (2, '01890000-0000-7000-8000-001000001601', '01890000-0000-7000-8000-001000000001', 2, '01890000-0000-7000-8000-001000009001', 'question 2: a sentence with ü, a tab	 and ''quotes''', 'folded 2: a sentence with ü, a tab	 and ''quotes''', 'answered', 0.75, 171, 'answer 2: a sentence with ü, a tab	 and ''quotes''', '01890000-0000-7000-8000-001000009001', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z', '01890000-0000-7000-8000-001000009001');
INSERT INTO verified_answer_permissions (group_key, answer_key, created_at) VALUES (1, 1, '2026-01-01T10:00:00.000Z');
INSERT INTO verified_answer_permissions (group_key, answer_key, created_at) VALUES (2, 2, '2026-01-02T10:00:00.000Z');
INSERT INTO group_limits (group_key, limit_type, limit_value) VALUES (1, 'requests_per_hour', 190);
INSERT INTO group_limits (group_key, limit_type, limit_value) VALUES (2, 'requests_per_day', 191);
INSERT INTO api_keys (key, id, tenant_id, name, prefix, hmac, allowed_domains, allowed_twin_ids, scopes, is_active, expires_at, last_used_at, created_at, group_id, created_by) VALUES (1, '01890000-0000-7000-8000-001000001900', '01890000-0000-7000-8000-001000000000', 'name 1: a sentence with ü, a tab	 and ''quotes''', 'prefix 1: a sentence with ü, a tab	 and ''quotes''', X'85868788898A8B8C8D8E8F909192939495969798999A9B9C9D9E9FA0A1A2A3A4', '[]', '[]', '["chat"]', 1, '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z', '01890000-0000-7000-8000-001000009000', 'created_by 1: a sentence with ü, a tab	 and ''quotes''');
INSERT INTO api_keys (key, id, tenant_id, name, prefix, hmac, allowed_domains, allowed_twin_ids, scopes, is_active, expires_at, last_used_at, created_at, group_id, created_by) VALUES (2, '01890000-0000-7000-8000-001000001901', '01890000-0000-7000-8000-001000000001', 'name 2: a sentence with ü, a tab	 and ''quotes''', 'prefix 2: a sentence with ü, a tab	 and ''quotes''', X'88898A8B8C8D8E8F909192939495969798999A9B9C9D9E9FA0A1A2A3A4A5A6A7', '["example.org"]', '[]', '["read","chat"]', 0, '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z', '01890000-0000-7000-8000-001000009001', 'created_by 2: a sentence with ü, a tab	 and ''quotes''');
INSERT INTO secrets (name, value, key_id) VALUES ('name 1: a sentence with ü, a tab	 and ''quotes''', X'8C8D8E8F909192939495969798999A9B9C9D9E9FA0A1A2A3A4A5A6A7A8A9AAAB', '01890000-0000-7000-8000-001000009000');
INSERT INTO secrets (name, value, key_id) VALUES ('name 2: a sentence with ü, a tab	 and ''quotes''', X'8F909192939495969798999A9B9C9D9E9FA0A1A2A3A4A5A6A7A8A9AAABACADAE', '01890000-0000-7000-8000-001000009001');
INSERT INTO vector_sets (key, twin_key, model, dimension, created_at) VALUES (1, 1, 'model 1: a sentence with ü, a tab	 and ''quotes''', 220, '2026-01-01T10:00:00.000Z');
INSERT INTO vector_sets (key, twin_key, model, dimension, created_at) VALUES (2, 2, 'model 2: a sentence with ü, a tab	 and ''quotes''', 221, '2026-01-02T10:00:00.000Z');
INSERT INTO vector_blocks (key, set_key, source_key, first_chunk, count, data) VALUES (1, 1, 1, 1, 230, X'9A9B9C9D9E9FA0A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9');
INSERT INTO vector_blocks (key, set_key, source_key, first_chunk, count, data) VALUES (2, 2, 2, 2, 231, X'9D9E9FA0A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBC');
INSERT INTO invitations (key, id, tenant_id, email, role, token_hash, status, invited_by, created_at, expires_at, accepted_at, mailed_token_hash) VALUES (1, '01890000-0000-7000-8000-001000002300', '01890000-0000-7000-8000-001000000000', 'cid@example.org', 'viewer', X'A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBFC0', 'pending', 'invited_by 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z', X'A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBFC0');
INSERT INTO invitations (key, id, tenant_id, email, role, token_hash, status, invited_by, created_at, expires_at, accepted_at, mailed_token_hash) VALUES (2, '01890000-0000-7000-8000-001000002301', '01890000-0000-7000-8000-001000000001', 'dee@example.org', 'owner', X'A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBFC0C1C2C3', 'accepted', 'invited_by 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z', X'A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBFC0C1C2C3');
INSERT INTO sessions (key, id, tenant_id, twin_key, group_key, session_type, user_id, origin, ip_address, user_agent, created_at, last_active_at, expires_at) VALUES (1, '01890000-0000-7000-8000-001000002400', '01890000-0000-7000-8000-001000000000', 1, 1, 'anonymous', '01890000-0000-7000-8000-001000009000', 'origin 1: a sentence with ü, a tab	 and ''quotes''', 'ip_address 1: a sentence with ü, a tab	 and ''quotes''', 'user_agent 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO sessions (key, id, tenant_id, twin_key, group_key, session_type, user_id, origin, ip_address, user_agent, created_at, last_active_at, expires_at) VALUES (2, '01890000-0000-7000-8000-001000002401', '01890000-0000-7000-8000-001000000001', 2, 2, 'authenticated', '01890000-0000-7000-8000-001000009001', 'origin 2: a sentence with ü, a tab	 and ''quotes''', 'ip_address 2: a sentence with ü, a tab	 and ''quotes''', 'user_agent 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO share_links (twin_key, token, is_enabled, expires_at, updated_at) VALUES (1, 'token 1: a sentence with ü, a tab	 and ''quotes''', 1, '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO share_links (twin_key, token, is_enabled, expires_at, updated_at) VALUES (2, 'token 2: a sentence with ü, a tab	 and ''quotes''', 0, '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO rate_windows (name, seconds, began, count) VALUES ('name 1: a sentence with ü, a tab	 and ''quotes''', 1, 270, 270);
INSERT INTO rate_windows (name, seconds, began, count) VALUES ('name 2: a sentence with ü, a tab	 and ''quotes''', 2, 271, 271);
INSERT INTO group_overrides (group_key, override_type, override_value) VALUES (1, 'override_type 1: a sentence with ü, a tab	 and ''quotes''', '{}');
INSERT INTO group_overrides (group_key, override_type, override_value) VALUES (2, 'override_type 2: a sentence with ü, a tab	 and ''quotes''', '{}');
INSERT INTO jobs (key, id, tenant_id, twin_key, source_id, job_type, status, priority, payload, metadata, error_message, progress, attempts, maximum_attempts, run_after, lease_owner, lease_expires_at, cancel_requested, created_by, created_at, updated_at, started_at, completed_at) VALUES (1, '01890000-0000-7000-8000-001000002800', '01890000-0000-7000-8000-001000000000', 1, '01890000-0000-7000-8000-001000009000', 'ingestion', 'complete', 290, '{}', '{}', 'error_message 1: a sentence with ü, a tab	 and ''quotes''', 0.25, 290, 3, '2026-01-01T10:00:00.000Z', 'lease_owner 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z', 0, 'created_by 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO jobs (key, id, tenant_id, twin_key, source_id, job_type, status, priority, payload, metadata, error_message, progress, attempts, maximum_attempts, run_after, lease_owner, lease_expires_at, cancel_requested, created_by, created_at, updated_at, started_at, completed_at) VALUES (2, '01890000-0000-7000-8000-001000002801', '01890000-0000-7000-8000-001000000001', 2, '01890000-0000-7000-8000-001000009001', 'reindex', 'failed', 291, '{}', '{"a":1}', 'error_message 2: a sentence with ü, a tab	 and ''quotes''', 0.75, 291, 3, '2026-01-02T10:00:00.000Z', 'lease_owner 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z', 0, 'created_by 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO job_logs (key, job_key, level, message, metadata, created_at) VALUES (1, 1, 'info', 'message 1: a sentence with ü, a tab	 and ''quotes''', '{}', '2026-01-01T10:00:00.000Z');
INSERT INTO job_logs (key, job_key, level, message, metadata, created_at) VALUES (2, 2, 'error', 'message 2: a sentence with ü, a tab	 and ''quotes''', '{"a":1}', '2026-01-02T10:00:00.000Z');
INSERT INTO usage_days (twin_key, day, metric_type, count, sum, minimum, maximum) VALUES (1, 1, 'tokens', 310, 0.25, 0.25, 0.25);
INSERT INTO usage_days (twin_key, day, metric_type, count, sum, minimum, maximum) VALUES (2, 2, 'latency', 311, 0.75, 0.75, 0.75);
INSERT INTO conversation_days (twin_key, visitor, day, conversations, user_messages, assistant_messages, confidence_sum, confidence_count, escalated, refused) VALUES (1, '', '2026-01-01', 1, 1, 0, 0, 0, 0, 0);
INSERT INTO conversation_days (twin_key, visitor, day, conversations, user_messages, assistant_messages, confidence_sum, confidence_count, escalated, refused) VALUES (1, 'user:01890000-0000-7000-8000-001000009000', '2026-01-01', 1, 1, 0, 0, 0, 0, 0);
INSERT INTO conversation_days (twin_key, visitor, day, conversations, user_messages, assistant_messages, confidence_sum, confidence_count, escalated, refused) VALUES (2, '', '2026-01-02', 1, 0, 1, 750000, 1, 1, 1);
INSERT INTO conversation_days (twin_key, visitor, day, conversations, user_messages, assistant_messages, confidence_sum, confidence_count, escalated, refused) VALUES (2, 'user:01890000-0000-7000-8000-001000009001', '2026-01-02', 1, 0, 1, 750000, 1, 1, 1);
INSERT INTO conversation_days (twin_key, visitor, day, conversations, user_messages, assistant_messages, confidence_sum, confidence_count, escalated, refused) VALUES (2, 'user:1', '2026-01-02', 321, 321, 321, 321, 321, 321, 321);
INSERT INTO verified_answer_vectors (answer_key, twin_key, model, data) VALUES (1, 1, 'model 1: a sentence with ü, a tab	 and ''quotes''', X'E0E1E2E3E4E5E6E7E8E9EAEBECEDEEEFF0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF');
INSERT INTO verified_answer_vectors (answer_key, twin_key, model, data) VALUES (2, 2, 'model 2: a sentence with ü, a tab	 and ''quotes''', X'E3E4E5E6E7E8E9EAEBECEDEEEFF0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF000102');
INSERT INTO verified_answer_revisions (twin_key, token) VALUES (1, -2171221074427872857);
INSERT INTO verified_answer_revisions (twin_key, token) VALUES (2, 4543573231152477681);
INSERT INTO graph_nodes (key, id, tenant_id, twin_key, node_type, name, canonical_key, description, properties, origin, status, owner_memory_id, created_at, updated_at) VALUES (1, '01890000-0000-7000-8000-001000003400', '01890000-0000-7000-8000-001000000000', 1, 'node_type 1: a sentence with ü, a tab	 and ''quotes''', 'name 1: a sentence with ü, a tab	 and ''quotes''', 'canonical_key 1: a sentence with ü, a tab	 and ''quotes''', 'description 1: a sentence with ü, a tab	 and ''quotes''', 'properties 1: a sentence with ü, a tab	 and ''quotes''', 'origin 1: a sentence with ü, a tab	 and ''quotes''', 'status 1: a sentence with ü, a tab	 and ''quotes''', '01890000-0000-7000-8000-001000009000', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO graph_nodes (key, id, tenant_id, twin_key, node_type, name, canonical_key, description, properties, origin, status, owner_memory_id, created_at, updated_at) VALUES (2, '01890000-0000-7000-8000-001000003401', '01890000-0000-7000-8000-001000000001', 2, 'node_type 2: a sentence with ü, a tab	 and ''quotes''', 'name 2: a sentence with ü, a tab	 and ''quotes''', 'canonical_key 2: a sentence with ü, a tab	 and ''quotes''', 'description 2: a sentence with ü, a tab	 and ''quotes''', 'properties 2: a sentence with ü, a tab	 and ''quotes''', 'origin 2: a sentence with ü, a tab	 and ''quotes''', 'status 2: a sentence with ü, a tab	 and ''quotes''', '01890000-0000-7000-8000-001000009001', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO graph_aliases (node_key, alias, source_key) VALUES (1, 'alias 1: a sentence with ü, a tab	 and ''quotes''', 1);
INSERT INTO graph_aliases (node_key, alias, source_key) VALUES (2, 'alias 2: a sentence with ü, a tab	 and ''quotes''', 2);
INSERT INTO graph_edges (key, id, tenant_id, twin_key, from_key, to_key, relationship_type, origin, valid_from, valid_to, superseded_by, created_at) VALUES (1, '01890000-0000-7000-8000-001000003600', '01890000-0000-7000-8000-001000000000', 1, 1, 1, 'relationship_type 1: a sentence with ü, a tab	 and ''quotes''', 'origin 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z', 'valid_to 1: a sentence with ü, a tab	 and ''quotes''', 'superseded_by 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z');
INSERT INTO graph_edges (key, id, tenant_id, twin_key, from_key, to_key, relationship_type, origin, valid_from, valid_to, superseded_by, created_at) VALUES (2, '01890000-0000-7000-8000-001000003601', '01890000-0000-7000-8000-001000000001', 2, 2, 2, 'relationship_type 2: a sentence with ü, a tab	 and ''quotes''', 'origin 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z', 'valid_to 2: a sentence with ü, a tab	 and ''quotes''', 'superseded_by 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z');
INSERT INTO memory_candidates (key, id, tenant_id, twin_key, content, memory_type, identity, extracted_data, status, needs_review, owner_memory_id, graph_node_id, reviewed_by, reviewed_at, created_at) VALUES (1, '01890000-0000-7000-8000-001000003700', '01890000-0000-7000-8000-001000000000', 1, 'content 1: a sentence with ü, a tab	 and ''quotes''', 'memory_type 1: a sentence with ü, a tab	 and ''quotes''', 'identity 1: a sentence with ü, a tab	 and ''quotes''', 'extracted_data 1: a sentence with ü, a tab	 and ''quotes''', 'status 1: a sentence with ü, a tab	 and ''quotes''', 380, '01890000-0000-7000-8000-001000009000', '01890000-0000-7000-8000-001000009000', 'reviewed_by 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO memory_candidates (key, id, tenant_id, twin_key, content, memory_type, identity, extracted_data, status, needs_review, owner_memory_id, graph_node_id, reviewed_by, reviewed_at, created_at) VALUES (2, '01890000-0000-7000-8000-001000003701', '01890000-0000-7000-8000-001000000001', 2, 'content 2: a sentence with ü, a tab	 and ''quotes''', 'memory_type 2: a sentence with ü, a tab	 and ''quotes''', 'identity 2: a sentence with ü, a tab	 and ''quotes''', 'extracted_data 2: a sentence with ü, a tab	 and ''quotes''', 'status 2: a sentence with ü, a tab	 and ''quotes''', 381, '01890000-0000-7000-8000-001000009001', '01890000-0000-7000-8000-001000009001', 'reviewed_by 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO graph_evidence (key, kind, target_key, source_key, message_key, start, end) VALUES (1, 390, 390, 1, NULL, 390, 390);
INSERT INTO graph_evidence (key, kind, target_key, source_key, message_key, start, end) VALUES (2, 391, 391, 2, NULL, 391, 391);
INSERT INTO graph_sources (source_key, rules, reader, degraded) VALUES (1, 400, 'reader 1: a sentence with ü, a tab	 and ''quotes''', 'degraded 1: a sentence with ü, a tab	 and ''quotes''');
INSERT INTO graph_sources (source_key, rules, reader, degraded) VALUES (2, 401, 'reader 2: a sentence with ü, a tab	 and ''quotes''', 'degraded 2: a sentence with ü, a tab	 and ''quotes''');
INSERT INTO graph_messages (twin_key, last_key) VALUES (1, 410);
INSERT INTO graph_messages (twin_key, last_key) VALUES (2, 411);
INSERT INTO graph_merges (twin_key, node_type, canonical_key, into_type, into_key, created_at) VALUES (1, 'node_type 1: a sentence with ü, a tab	 and ''quotes''', 'canonical_key 1: a sentence with ü, a tab	 and ''quotes''', 'into_type 1: a sentence with ü, a tab	 and ''quotes''', 'into_key 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z');
INSERT INTO graph_merges (twin_key, node_type, canonical_key, into_type, into_key, created_at) VALUES (2, 'node_type 2: a sentence with ü, a tab	 and ''quotes''', 'canonical_key 2: a sentence with ü, a tab	 and ''quotes''', 'into_type 2: a sentence with ü, a tab	 and ''quotes''', 'into_key 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z');
INSERT INTO document_uploads (source_key, filename, content_type, nonce, maximum_bytes, expires_at, received_at, process_began_at, object) VALUES (1, 'filename 1: a sentence with ü, a tab	 and ''quotes''', 'content_type 1: a sentence with ü, a tab	 and ''quotes''', 'nonce 1: a sentence with ü, a tab	 and ''quotes''', 430, '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z', 'object 1: a sentence with ü, a tab	 and ''quotes''');
INSERT INTO document_uploads (source_key, filename, content_type, nonce, maximum_bytes, expires_at, received_at, process_began_at, object) VALUES (2, 'filename 2: a sentence with ü, a tab	 and ''quotes''', 'content_type 2: a sentence with ü, a tab	 and ''quotes''', 'nonce 2: a sentence with ü, a tab	 and ''quotes''', 431, '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z', 'object 2: a sentence with ü, a tab	 and ''quotes''');
INSERT INTO users (key, id, tenant_id, email, is_proven, role, is_operator, full_name, avatar_url, password, token_generation, tokens_valid_from, invited_at, invitation_id, created_at, last_active_at) VALUES (1, '01890000-0000-7000-8000-001000004300', '01890000-0000-7000-8000-001000000000', 'ada@example.org', 440, 'owner', 440, 'full_name 1: a sentence with ü, a tab	 and ''quotes''', 'avatar_url 1: a sentence with ü, a tab	 and ''quotes''', 'password 1: a sentence with ü, a tab	 and ''quotes''', 440, '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z', '01890000-0000-7000-8000-001000009000', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO users (key, id, tenant_id, email, is_proven, role, is_operator, full_name, avatar_url, password, token_generation, tokens_valid_from, invited_at, invitation_id, created_at, last_active_at) VALUES (2, '01890000-0000-7000-8000-001000004301', '01890000-0000-7000-8000-001000000001', 'bob@example.org', 441, 'viewer', 441, 'full_name 2: a sentence with ü, a tab	 and ''quotes''', 'avatar_url 2: a sentence with ü, a tab	 and ''quotes''', 'password 2: a sentence with ü, a tab	 and ''quotes''', 441, '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z', '01890000-0000-7000-8000-001000009001', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO user_accounts (issuer, subject, user_key, created_at) VALUES ('issuer 1: a sentence with ü, a tab	 and ''quotes''', 'subject 1: a sentence with ü, a tab	 and ''quotes''', 1, '2026-01-01T10:00:00.000Z');
INSERT INTO user_accounts (issuer, subject, user_key, created_at) VALUES ('issuer 2: a sentence with ü, a tab	 and ''quotes''', 'subject 2: a sentence with ü, a tab	 and ''quotes''', 2, '2026-01-02T10:00:00.000Z');
INSERT INTO token_families (id, user_key, current, previous, rotated_at, created_at, last_used_at, ended_at) VALUES ('01890000-0000-7000-8000-001000004500', 1, 'current 1: a sentence with ü, a tab	 and ''quotes''', 'previous 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO token_families (id, user_key, current, previous, rotated_at, created_at, last_used_at, ended_at) VALUES ('01890000-0000-7000-8000-001000004501', 2, 'current 2: a sentence with ü, a tab	 and ''quotes''', 'previous 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO known_devices (user_key, device, network, last_used_at) VALUES (1, X'42434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F6061', 'network 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z');
INSERT INTO known_devices (user_key, device, network, last_used_at) VALUES (2, X'45464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F6061626364', 'network 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z');
INSERT INTO group_memberships (key, id, group_key, twin_key, user_id, email, is_active, created_at) VALUES (1, '01890000-0000-7000-8000-001000004700', 1, 1, '01890000-0000-7000-8000-001000009000', NULL, 1, '2026-01-01T10:00:00.000Z');
INSERT INTO group_memberships (key, id, group_key, twin_key, user_id, email, is_active, created_at) VALUES (2, '01890000-0000-7000-8000-001000004701', 2, 2, NULL, 'dee@example.org', 0, '2026-01-02T10:00:00.000Z');
INSERT INTO twins (key, id, tenant_id, slug, name, description, specialization, settings, created_at, updated_at, archived_at) VALUES (1, '01890000-0000-7000-8000-001000004800', '01890000-0000-7000-8000-001000000000', 'ada', 'name 1: a sentence with ü, a tab	 and ''quotes''', 'description 1: a sentence with ü, a tab	 and ''quotes''', 'vanilla', '{}', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z', NULL);
INSERT INTO twins (key, id, tenant_id, slug, name, description, specialization, settings, created_at, updated_at, archived_at) VALUES (2, '01890000-0000-7000-8000-001000004801', '01890000-0000-7000-8000-001000000001', 'bob', 'name 2: a sentence with ü, a tab	 and ''quotes''', 'description 2: a sentence with ü, a tab	 and ''quotes''', 'vanilla', '{}', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO sources (key, id, tenant_id, twin_key, kind, locator, variant, name, title, format, author, language, published_at, citation_url, metadata, status, health, error, version, text_key, text_bytes, first_chunk, chunk_count, content_hash, file_size, file_identity, reader_version, failed_hash, etag, last_modified, created_at, updated_at, properties) VALUES (1, '01890000-0000-7000-8000-001000004900', '01890000-0000-7000-8000-001000000000', 1, 'file', '/srv/a.md', 'variant 1: a sentence with ü, a tab	 and ''quotes''', 'name 1: a sentence with ü, a tab	 and ''quotes''', 'title 1: a sentence with ü, a tab	 and ''quotes''', 'markdown', 'author 1: a sentence with ü, a tab	 and ''quotes''', 'en', '2025-01-01', 'citation_url 1: a sentence with ü, a tab	 and ''quotes''', '{}', 'live', 'healthy', 'error 1: a sentence with ü, a tab	 and ''quotes''', 500, 1, 10, 1, 1, X'5758595A5B5C5D5E5F606162636465666768696A6B6C6D6E6F70717273747576', 500, 'file_identity 1: a sentence with ü, a tab	 and ''quotes''', 1, X'5758595A5B5C5D5E5F606162636465666768696A6B6C6D6E6F70717273747576', 'etag 1: a sentence with ü, a tab	 and ''quotes''', 'last_modified 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z', 'properties 1: a sentence with ü, a tab	 and ''quotes''');
INSERT INTO sources (key, id, tenant_id, twin_key, kind, locator, variant, name, title, format, author, language, published_at, citation_url, metadata, status, health, error, version, text_key, text_bytes, first_chunk, chunk_count, content_hash, file_size, file_identity, reader_version, failed_hash, etag, last_modified, created_at, updated_at, properties) VALUES (2, '01890000-0000-7000-8000-001000004901', '01890000-0000-7000-8000-001000000001', 2, 'url', 'https://example.org/b', 'variant 2: a sentence with ü, a tab	 and ''quotes''', 'name 2: a sentence with ü, a tab	 and ''quotes''', 'title 2: a sentence with ü, a tab	 and ''quotes''', 'html', 'author 2: a sentence with ü, a tab	 and ''quotes''', 'de', '2025-01-02', 'citation_url 2: a sentence with ü, a tab	 and ''quotes''', '{"a":1}', 'needs_attention', 'needs_attention', 'error 2: a sentence with ü, a tab	 and ''quotes''', 501, 2, 20, 2, 1, X'5A5B5C5D5E5F606162636465666768696A6B6C6D6E6F70717273747576777879', 501, 'file_identity 2: a sentence with ü, a tab	 and ''quotes''', 1, X'5A5B5C5D5E5F606162636465666768696A6B6C6D6E6F70717273747576777879', 'etag 2: a sentence with ü, a tab	 and ''quotes''', 'last_modified 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z', 'properties 2: a sentence with ü, a tab	 and ''quotes''');
INSERT INTO audit_log (key, id, tenant_id, seq, twin_id, event_type, action, created_at, actor_id, user_id, people_salt, people_hash, metadata, details_salt, details_hash, prev_hash, hash, chained_key) VALUES (1, '01890000-0000-7000-8000-001000005000', '01890000-0000-7000-8000-001000009000', 510, '01890000-0000-7000-8000-001000009000', 'CONFIGURATION_CHANGE', 'TWIN_CREATED', '2026-01-01T10:00:00.000Z', '01890000-0000-7000-8000-001000009000', '01890000-0000-7000-8000-001000009000', X'5E5F606162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D', X'5E5F606162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D', '{}', X'5E5F606162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D', X'5E5F606162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D', X'5E5F606162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D', X'5E5F606162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D', 510);
INSERT INTO audit_log (key, id, tenant_id, seq, twin_id, event_type, action, created_at, actor_id, user_id, people_salt, people_hash, metadata, details_salt, details_hash, prev_hash, hash, chained_key) VALUES (2, '01890000-0000-7000-8000-001000005001', '01890000-0000-7000-8000-001000009001', 511, '01890000-0000-7000-8000-001000009001', 'KNOWLEDGE_UPDATE', 'SOURCE_INDEXED', '2026-01-02T10:00:00.000Z', '01890000-0000-7000-8000-001000009001', '01890000-0000-7000-8000-001000009001', X'6162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D7E7F80', X'6162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D7E7F80', '{"a":1}', X'6162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D7E7F80', X'6162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D7E7F80', X'6162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D7E7F80', X'6162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D7E7F80', 511);
INSERT INTO quotas (key, tenant_id, user_key, daily_limit, used, day, typical, zone) VALUES (1, '01890000-0000-7000-8000-001000000000', 1, 520, 520, 520, 520, 'zone 1: a sentence with ü, a tab	 and ''quotes''');
INSERT INTO quotas (key, tenant_id, user_key, daily_limit, used, day, typical, zone) VALUES (2, '01890000-0000-7000-8000-001000000001', 2, 521, 521, 521, 521, 'zone 2: a sentence with ü, a tab	 and ''quotes''');
INSERT INTO quota_reservations (key, quota_key, amount, day, question_id, expires_at) VALUES (1, 1, 530, 530, '01890000-0000-7000-8000-001000009000', '2026-01-01T10:00:00.000Z');
INSERT INTO quota_reservations (key, quota_key, amount, day, question_id, expires_at) VALUES (2, 2, 531, 531, '01890000-0000-7000-8000-001000009001', '2026-01-02T10:00:00.000Z');
INSERT INTO journal_sessions (key, id, user_key, title, twin_id, conversation_id, created_at, updated_at) VALUES (1, '01890000-0000-7000-8000-001000005300', 1, 'title 1: a sentence with ü, a tab	 and ''quotes''', '01890000-0000-7000-8000-001000009000', '01890000-0000-7000-8000-001000009000', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO journal_sessions (key, id, user_key, title, twin_id, conversation_id, created_at, updated_at) VALUES (2, '01890000-0000-7000-8000-001000005301', 2, 'title 2: a sentence with ü, a tab	 and ''quotes''', '01890000-0000-7000-8000-001000009001', '01890000-0000-7000-8000-001000009001', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO journal_prompts (key, id, user_key, session_key, prompt_text, responses, question_id, tokens, created_at, updated_at) VALUES (1, '01890000-0000-7000-8000-001000005400', 1, 1, 'prompt_text 1: a sentence with ü, a tab	 and ''quotes''', 'responses 1: a sentence with ü, a tab	 and ''quotes''', '01890000-0000-7000-8000-001000009000', 550, '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO journal_prompts (key, id, user_key, session_key, prompt_text, responses, question_id, tokens, created_at, updated_at) VALUES (2, '01890000-0000-7000-8000-001000005401', 2, 2, 'prompt_text 2: a sentence with ü, a tab	 and ''quotes''', 'responses 2: a sentence with ü, a tab	 and ''quotes''', '01890000-0000-7000-8000-001000009001', 551, '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO journal_user_prompts (key, id, user_key, prompt_text, created_at, updated_at) VALUES (1, '01890000-0000-7000-8000-001000005500', 1, 'prompt_text 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO journal_user_prompts (key, id, user_key, prompt_text, created_at, updated_at) VALUES (2, '01890000-0000-7000-8000-001000005501', 2, 'prompt_text 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO journal_system_prompts (key, id, prompt_text, created_at, updated_at) VALUES (1, '01890000-0000-7000-8000-001000005600', 'prompt_text 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO journal_system_prompts (key, id, prompt_text, created_at, updated_at) VALUES (2, '01890000-0000-7000-8000-001000005601', 'prompt_text 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO login_links (token_hash, user_key, expires_at) VALUES (X'8F909192939495969798999A9B9C9D9E9FA0A1A2A3A4A5A6A7A8A9AAABACADAE', 1, '2026-01-01T10:00:00.000Z');
INSERT INTO login_links (token_hash, user_key, expires_at) VALUES (X'92939495969798999A9B9C9D9E9FA0A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1', 2, '2026-01-02T10:00:00.000Z');
INSERT INTO message_feedback (message_key, rater, tenant_id, twin_key, rating, comment, created_at) VALUES (1, 'rater 1: a sentence with ü, a tab	 and ''quotes''', '01890000-0000-7000-8000-001000000000', 1, 'up', 'comment 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z');
INSERT INTO message_feedback (message_key, rater, tenant_id, twin_key, rating, comment, created_at) VALUES (2, 'rater 2: a sentence with ü, a tab	 and ''quotes''', '01890000-0000-7000-8000-001000000001', 2, 'down', 'comment 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z');
INSERT INTO signing_keys (id, public_key, created_at, retires_at) VALUES ('01890000-0000-7000-8000-001000005900', '{}', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO signing_keys (id, public_key, created_at, retires_at) VALUES ('01890000-0000-7000-8000-001000005901', '{}', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO paced_limits (name, arrival) VALUES ('name 1: a sentence with ü, a tab	 and ''quotes''', 610);
INSERT INTO paced_limits (name, arrival) VALUES ('name 2: a sentence with ü, a tab	 and ''quotes''', 611);
INSERT INTO openid_states (hash, nonce, verifier, expires_at) VALUES (X'ABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBFC0C1C2C3C4C5C6C7C8C9CA', 'nonce 1: a sentence with ü, a tab	 and ''quotes''', 'verifier 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z');
INSERT INTO openid_states (hash, nonce, verifier, expires_at) VALUES (X'AEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBFC0C1C2C3C4C5C6C7C8C9CACBCCCD', 'nonce 2: a sentence with ü, a tab	 and ''quotes''', 'verifier 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z');
INSERT INTO desks (tenant_id, twin_key, domain, is_active, settings, widget, widget_key, default_agent_key, created_at, updated_at) VALUES ('01890000-0000-7000-8000-001000000000', 1, 'domain 1: a sentence with ü, a tab	 and ''quotes''', 1, '{}', '{}', 'widget_key 1: a sentence with ü, a tab	 and ''quotes''', 1, '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO desks (tenant_id, twin_key, domain, is_active, settings, widget, widget_key, default_agent_key, created_at, updated_at) VALUES ('01890000-0000-7000-8000-001000000001', 2, 'domain 2: a sentence with ü, a tab	 and ''quotes''', 0, '{}', '{}', 'widget_key 2: a sentence with ü, a tab	 and ''quotes''', 2, '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO desk_agents (key, id, tenant_id, name, description, instructions, output_format, examples, is_active, metadata, created_at, updated_at) VALUES (1, '01890000-0000-7000-8000-001000006300', '01890000-0000-7000-8000-001000000000', 'name 1: a sentence with ü, a tab	 and ''quotes''', 'description 1: a sentence with ü, a tab	 and ''quotes''', 'instructions 1: a sentence with ü, a tab	 and ''quotes''', 'text', '[]', 1, '{}', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO desk_agents (key, id, tenant_id, name, description, instructions, output_format, examples, is_active, metadata, created_at, updated_at) VALUES (2, '01890000-0000-7000-8000-001000006301', '01890000-0000-7000-8000-001000000001', 'name 2: a sentence with ü, a tab	 and ''quotes''', 'description 2: a sentence with ü, a tab	 and ''quotes''', 'instructions 2: a sentence with ü, a tab	 and ''quotes''', 'json', '["Where?"]', 0, '{"a":1}', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO desk_tools (key, id, tenant_id, name, base, description, config, input_schema, is_active, created_at, updated_at) VALUES (1, '01890000-0000-7000-8000-001000006400', '01890000-0000-7000-8000-001000000000', 'name 1: a sentence with ü, a tab	 and ''quotes''', 'HTTP_GET', 'description 1: a sentence with ü, a tab	 and ''quotes''', '{}', '{}', 1, '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO desk_tools (key, id, tenant_id, name, base, description, config, input_schema, is_active, created_at, updated_at) VALUES (2, '01890000-0000-7000-8000-001000006401', '01890000-0000-7000-8000-001000000001', 'name 2: a sentence with ü, a tab	 and ''quotes''', 'RAG', 'description 2: a sentence with ü, a tab	 and ''quotes''', '{}', '{}', 0, '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO desk_agent_tools (agent_key, tool_key, position) VALUES (1, 1, 660);
INSERT INTO desk_agent_tools (agent_key, tool_key, position) VALUES (2, 2, 661);
INSERT INTO desk_agent_permissions (tenant_id, agent_key, is_enabled) VALUES ('01890000-0000-7000-8000-001000000000', 1, 1);
INSERT INTO desk_agent_permissions (tenant_id, agent_key, is_enabled) VALUES ('01890000-0000-7000-8000-001000000001', 2, 0);
INSERT INTO desk_tool_permissions (tenant_id, tool_key, is_enabled) VALUES ('01890000-0000-7000-8000-001000000000', 1, 1);
INSERT INTO desk_tool_permissions (tenant_id, tool_key, is_enabled) VALUES ('01890000-0000-7000-8000-001000000001', 2, 0);
INSERT INTO desk_contacts (key, id, tenant_id, email, name, department, is_proven, created_at, last_active_at) VALUES (1, '01890000-0000-7000-8000-001000006800', '01890000-0000-7000-8000-001000000000', 'cid@example.org', 'name 1: a sentence with ü, a tab	 and ''quotes''', 'department 1: a sentence with ü, a tab	 and ''quotes''', 690, '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO desk_contacts (key, id, tenant_id, email, name, department, is_proven, created_at, last_active_at) VALUES (2, '01890000-0000-7000-8000-001000006801', '01890000-0000-7000-8000-001000000001', 'dee@example.org', 'name 2: a sentence with ü, a tab	 and ''quotes''', 'department 2: a sentence with ü, a tab	 and ''quotes''', 691, '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO desk_sessions (key, id, tenant_id, contact_key, session_key, agent_key, topic, metadata, feedback, created_at, last_message_at, ended_at) VALUES (1, '01890000-0000-7000-8000-001000006900', '01890000-0000-7000-8000-001000000000', 1, 1, 1, 'topic 1: a sentence with ü, a tab	 and ''quotes''', '{}', 'feedback 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO desk_sessions (key, id, tenant_id, contact_key, session_key, agent_key, topic, metadata, feedback, created_at, last_message_at, ended_at) VALUES (2, '01890000-0000-7000-8000-001000006901', '01890000-0000-7000-8000-001000000001', 2, 2, 2, 'topic 2: a sentence with ü, a tab	 and ''quotes''', '{"a":1}', 'feedback 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO desk_handovers (key, id, tenant_id, session_key, status, reason, user_key, requested_at, assigned_at, resolved_at, notes, verified_answer_id) VALUES (1, '01890000-0000-7000-8000-001000007000', '01890000-0000-7000-8000-001000000000', 1, 'assigned', 'reason 1: a sentence with ü, a tab	 and ''quotes''', 1, '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z', 'notes 1: a sentence with ü, a tab	 and ''quotes''', '01890000-0000-7000-8000-001000009000');
INSERT INTO desk_handovers (key, id, tenant_id, session_key, status, reason, user_key, requested_at, assigned_at, resolved_at, notes, verified_answer_id) VALUES (2, '01890000-0000-7000-8000-001000007001', '01890000-0000-7000-8000-001000000001', 2, 'resolved', 'reason 2: a sentence with ü, a tab	 and ''quotes''', 2, '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z', 'notes 2: a sentence with ü, a tab	 and ''quotes''', '01890000-0000-7000-8000-001000009001');
INSERT INTO desk_staff (user_key, status, pinged_at, maximum_sessions, idle_since) VALUES (1, 'online', '2026-01-01T10:00:00.000Z', 720, 'idle_since 1: a sentence with ü, a tab	 and ''quotes''');
INSERT INTO desk_staff (user_key, status, pinged_at, maximum_sessions, idle_since) VALUES (2, 'away', '2026-01-02T10:00:00.000Z', 721, 'idle_since 2: a sentence with ü, a tab	 and ''quotes''');
INSERT INTO desk_notes (key, id, tenant_id, session_key, author_id, content, created_at) VALUES (1, '01890000-0000-7000-8000-001000007200', '01890000-0000-7000-8000-001000000000', 1, '01890000-0000-7000-8000-001000009000', 'content 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z');
INSERT INTO desk_notes (key, id, tenant_id, session_key, author_id, content, created_at) VALUES (2, '01890000-0000-7000-8000-001000007201', '01890000-0000-7000-8000-001000000001', 2, '01890000-0000-7000-8000-001000009001', 'content 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z');
INSERT INTO desk_tool_calls (key, id, tenant_id, session_key, message_id, agent_id, tool_id, tool_name, arguments, status, output, milliseconds, created_at) VALUES (1, '01890000-0000-7000-8000-001000007300', '01890000-0000-7000-8000-001000000000', 1, '01890000-0000-7000-8000-001000009000', '01890000-0000-7000-8000-001000009000', '01890000-0000-7000-8000-001000009000', 'tool_name 1: a sentence with ü, a tab	 and ''quotes''', '{}', 'status 1: a sentence with ü, a tab	 and ''quotes''', '{}', 0.25, '2026-01-01T10:00:00.000Z');
INSERT INTO desk_tool_calls (key, id, tenant_id, session_key, message_id, agent_id, tool_id, tool_name, arguments, status, output, milliseconds, created_at) VALUES (2, '01890000-0000-7000-8000-001000007301', '01890000-0000-7000-8000-001000000001', 2, '01890000-0000-7000-8000-001000009001', '01890000-0000-7000-8000-001000009001', '01890000-0000-7000-8000-001000009001', 'tool_name 2: a sentence with ü, a tab	 and ''quotes''', '{}', 'status 2: a sentence with ü, a tab	 and ''quotes''', '{}', 0.75, '2026-01-02T10:00:00.000Z');
INSERT INTO desk_events (key, tenant_id, sequence, session_id, kind, subject_id, details, created_at) VALUES (1, '01890000-0000-7000-8000-001000000000', 750, '01890000-0000-7000-8000-001000009000', 'message.created', '01890000-0000-7000-8000-001000009000', '{}', '2026-01-01T10:00:00.000Z');
INSERT INTO desk_events (key, tenant_id, sequence, session_id, kind, subject_id, details, created_at) VALUES (2, '01890000-0000-7000-8000-001000000001', 751, '01890000-0000-7000-8000-001000009001', 'session.ended', '01890000-0000-7000-8000-001000009001', '{"status":"pending"}', '2026-01-02T10:00:00.000Z');
INSERT INTO desk_event_sequences (tenant_id, last) VALUES ('01890000-0000-7000-8000-001000000000', 760);
INSERT INTO desk_event_sequences (tenant_id, last) VALUES ('01890000-0000-7000-8000-001000000001', 761);
INSERT INTO desk_tickets (hash, tenant_id, holder, expires_at) VALUES (X'1415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F30313233', '01890000-0000-7000-8000-001000000000', '{}', '2026-01-01T10:00:00.000Z');
INSERT INTO desk_tickets (hash, tenant_id, holder, expires_at) VALUES (X'1718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F30313233343536', '01890000-0000-7000-8000-001000000001', '{}', '2026-01-02T10:00:00.000Z');
INSERT INTO desk_webhooks (key, id, tenant_id, url, description, kinds, is_active, disabled_reason, previous_until, created_at, updated_at) VALUES (1, '01890000-0000-7000-8000-001000007700', '01890000-0000-7000-8000-001000000000', 'url 1: a sentence with ü, a tab	 and ''quotes''', 'description 1: a sentence with ü, a tab	 and ''quotes''', '', 1, 'disabled_reason 1: a sentence with ü, a tab	 and ''quotes''', 'previous_until 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO desk_webhooks (key, id, tenant_id, url, description, kinds, is_active, disabled_reason, previous_until, created_at, updated_at) VALUES (2, '01890000-0000-7000-8000-001000007701', '01890000-0000-7000-8000-001000000001', 'url 2: a sentence with ü, a tab	 and ''quotes''', 'description 2: a sentence with ü, a tab	 and ''quotes''', ',message.created,', 0, 'disabled_reason 2: a sentence with ü, a tab	 and ''quotes''', 'previous_until 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO desk_deliveries (key, id, tenant_id, webhook_key, event_key, status, attempts, due_at, response_status, error, created_at, delivered_at) VALUES (1, '01890000-0000-7000-8000-001000007800', '01890000-0000-7000-8000-001000000000', 1, 1, 'pending', 790, '2026-01-01T10:00:00.000Z', 790, 'error 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO desk_deliveries (key, id, tenant_id, webhook_key, event_key, status, attempts, due_at, response_status, error, created_at, delivered_at) VALUES (2, '01890000-0000-7000-8000-001000007801', '01890000-0000-7000-8000-001000000001', 2, 2, 'delivered', 791, '2026-01-02T10:00:00.000Z', 791, 'error 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO graph_supersessions (twin_key, from_type, from_key, relationship_type, to_type, to_key, by_type, by_key, created_at) VALUES (1, 'from_type 1: a sentence with ü, a tab	 and ''quotes''', 'from_key 1: a sentence with ü, a tab	 and ''quotes''', 'relationship_type 1: a sentence with ü, a tab	 and ''quotes''', 'to_type 1: a sentence with ü, a tab	 and ''quotes''', 'to_key 1: a sentence with ü, a tab	 and ''quotes''', 'by_type 1: a sentence with ü, a tab	 and ''quotes''', 'by_key 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z');
INSERT INTO graph_supersessions (twin_key, from_type, from_key, relationship_type, to_type, to_key, by_type, by_key, created_at) VALUES (2, 'from_type 2: a sentence with ü, a tab	 and ''quotes''', 'from_key 2: a sentence with ü, a tab	 and ''quotes''', 'relationship_type 2: a sentence with ü, a tab	 and ''quotes''', 'to_type 2: a sentence with ü, a tab	 and ''quotes''', 'to_key 2: a sentence with ü, a tab	 and ''quotes''', 'by_type 2: a sentence with ü, a tab	 and ''quotes''', 'by_key 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z');
INSERT INTO avatars (key, id, tenant_id, user_id, of_twin, name, stage, niche, aesthetic_style, base_image, base_image_url, lora_model_id, lora_weights, lora_weights_url, metadata, created_at, updated_at) VALUES (1, '01890000-0000-7000-8000-001000008000', '01890000-0000-7000-8000-001000000000', '01890000-0000-7000-8000-001000009000', 1, 'name 1: a sentence with ü, a tab	 and ''quotes''', 'draft', 'niche 1: a sentence with ü, a tab	 and ''quotes''', 'aesthetic_style 1: a sentence with ü, a tab	 and ''quotes''', 'a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1.png', 'base_image_url 1: a sentence with ü, a tab	 and ''quotes''', '01890000-0000-7000-8000-001000009000', 'b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2.safetensors', 'lora_weights_url 1: a sentence with ü, a tab	 and ''quotes''', '{}', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO avatars (key, id, tenant_id, user_id, of_twin, name, stage, niche, aesthetic_style, base_image, base_image_url, lora_model_id, lora_weights, lora_weights_url, metadata, created_at, updated_at) VALUES (2, '01890000-0000-7000-8000-001000008001', '01890000-0000-7000-8000-001000000001', '01890000-0000-7000-8000-001000009001', 2, 'name 2: a sentence with ü, a tab	 and ''quotes''', 'lora_ready', 'niche 2: a sentence with ü, a tab	 and ''quotes''', 'aesthetic_style 2: a sentence with ü, a tab	 and ''quotes''', 'a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1.png', 'base_image_url 2: a sentence with ü, a tab	 and ''quotes''', '01890000-0000-7000-8000-001000009001', 'b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2.safetensors', 'lora_weights_url 2: a sentence with ü, a tab	 and ''quotes''', '{"a":1}', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO avatar_components (avatar_key, kind, content, created_at) VALUES (1, 'kind 1: a sentence with ü, a tab	 and ''quotes''', '{}', '2026-01-01T10:00:00.000Z');
INSERT INTO avatar_components (avatar_key, kind, content, created_at) VALUES (2, 'kind 2: a sentence with ü, a tab	 and ''quotes''', '{"text":"a"}', '2026-01-02T10:00:00.000Z');
INSERT INTO lora_models (key, id, tenant_id, user_id, name, description, base_model, weights, weights_url, preview_image_url, tags, is_active, metadata, created_at, updated_at) VALUES (1, '01890000-0000-7000-8000-001000008200', '01890000-0000-7000-8000-001000000000', '01890000-0000-7000-8000-001000009000', 'name 1: a sentence with ü, a tab	 and ''quotes''', 'description 1: a sentence with ü, a tab	 and ''quotes''', 'base_model 1: a sentence with ü, a tab	 and ''quotes''', 'b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2.safetensors', NULL, 'preview_image_url 1: a sentence with ü, a tab	 and ''quotes''', '[]', 1, '{}', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO lora_models (key, id, tenant_id, user_id, name, description, base_model, weights, weights_url, preview_image_url, tags, is_active, metadata, created_at, updated_at) VALUES (2, '01890000-0000-7000-8000-001000008201', '01890000-0000-7000-8000-001000000001', '01890000-0000-7000-8000-001000009001', 'name 2: a sentence with ü, a tab	 and ''quotes''', 'description 2: a sentence with ü, a tab	 and ''quotes''', 'base_model 2: a sentence with ü, a tab	 and ''quotes''', NULL, 'weights_url 2: a sentence with ü, a tab	 and ''quotes''', 'preview_image_url 2: a sentence with ü, a tab	 and ''quotes''', '["a"]', 0, '{"a":1}', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO content_pieces (key, id, tenant_id, user_id, avatar_key, content_type, tier, picture, picture_url, hook, rating, batch_id, position, metadata, created_at) VALUES (1, '01890000-0000-7000-8000-001000008300', '01890000-0000-7000-8000-001000000000', '01890000-0000-7000-8000-001000009000', 1, 'content_type 1: a sentence with ü, a tab	 and ''quotes''', 'capa1', 'a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1.png', NULL, 'hook 1: a sentence with ü, a tab	 and ''quotes''', 'safe', '01890000-0000-7000-8000-001000009000', 840, '{}', '2026-01-01T10:00:00.000Z');
INSERT INTO content_pieces (key, id, tenant_id, user_id, avatar_key, content_type, tier, picture, picture_url, hook, rating, batch_id, position, metadata, created_at) VALUES (2, '01890000-0000-7000-8000-001000008301', '01890000-0000-7000-8000-001000000001', '01890000-0000-7000-8000-001000009001', 2, 'content_type 2: a sentence with ü, a tab	 and ''quotes''', 'capa2', NULL, 'picture_url 2: a sentence with ü, a tab	 and ''quotes''', 'hook 2: a sentence with ü, a tab	 and ''quotes''', 'suggestive', '01890000-0000-7000-8000-001000009001', 841, '{"a":1}', '2026-01-02T10:00:00.000Z');
INSERT INTO failed_pieces (batch_id, position, avatar_key, outcome, reason, created_at) VALUES ('01890000-0000-7000-8000-001000009000', 1, 1, 'failed', 'reason 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z');
INSERT INTO failed_pieces (batch_id, position, avatar_key, outcome, reason, created_at) VALUES ('01890000-0000-7000-8000-001000009001', 2, 2, 'rejected', 'reason 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z');
INSERT INTO dataset_images (batch_id, position, avatar_key, variation, prompt, picture, created_at) VALUES ('01890000-0000-7000-8000-001000009000', 1, 1, 'variation 1: a sentence with ü, a tab	 and ''quotes''', 'prompt 1: a sentence with ü, a tab	 and ''quotes''', 'a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1.png', '2026-01-01T10:00:00.000Z');
INSERT INTO dataset_images (batch_id, position, avatar_key, variation, prompt, picture, created_at) VALUES ('01890000-0000-7000-8000-001000009001', 2, 2, 'variation 2: a sentence with ü, a tab	 and ''quotes''', 'prompt 2: a sentence with ü, a tab	 and ''quotes''', 'a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1.png', '2026-01-02T10:00:00.000Z');
INSERT INTO training_news (job_id, status, step, loss, weights, weights_url, error, updated_at) VALUES ('01890000-0000-7000-8000-001000002800', 'processing', 870, 0.25, 'b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2.safetensors', 'weights_url 1: a sentence with ü, a tab	 and ''quotes''', 'error 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z');
INSERT INTO training_news (job_id, status, step, loss, weights, weights_url, error, updated_at) VALUES ('01890000-0000-7000-8000-001000002801', 'succeeded', 871, 0.75, 'b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2.safetensors', 'weights_url 2: a sentence with ü, a tab	 and ''quotes''', 'error 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z');
INSERT INTO cost_entries (key, tenant_id, user_id, avatar_key, batch_id, operation, provider, amount, subject, metadata, created_at) VALUES (1, '01890000-0000-7000-8000-001000000000', '01890000-0000-7000-8000-001000009000', 1, '01890000-0000-7000-8000-001000009000', 'operation 1: a sentence with ü, a tab	 and ''quotes''', 'provider 1: a sentence with ü, a tab	 and ''quotes''', 880, 'subject 1: a sentence with ü, a tab	 and ''quotes''', '{}', '2026-01-01T10:00:00.000Z');
INSERT INTO cost_entries (key, tenant_id, user_id, avatar_key, batch_id, operation, provider, amount, subject, metadata, created_at) VALUES (2, '01890000-0000-7000-8000-001000000001', '01890000-0000-7000-8000-001000009001', 2, '01890000-0000-7000-8000-001000009001', 'operation 2: a sentence with ü, a tab	 and ''quotes''', 'provider 2: a sentence with ü, a tab	 and ''quotes''', 881, 'subject 2: a sentence with ü, a tab	 and ''quotes''', '{"a":1}', '2026-01-02T10:00:00.000Z');
INSERT INTO password_resets (token_hash, user_key, expires_at) VALUES (X'68696A6B6C6D6E6F707172737475767778797A7B7C7D7E7F8081828384858687', 1, '2026-01-01T10:00:00.000Z');
INSERT INTO password_resets (token_hash, user_key, expires_at) VALUES (X'6B6C6D6E6F707172737475767778797A7B7C7D7E7F808182838485868788898A', 2, '2026-01-02T10:00:00.000Z');
INSERT INTO mail_marks (key, letter, tenant_id, twin_key, told_key, told_date, told_at) VALUES (1, 'letter 1: a sentence with ü, a tab	 and ''quotes''', '01890000-0000-7000-8000-001000000000', 1, 900, 'told_date 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z');
INSERT INTO mail_marks (key, letter, tenant_id, twin_key, told_key, told_date, told_at) VALUES (2, 'letter 2: a sentence with ü, a tab	 and ''quotes''', '01890000-0000-7000-8000-001000000001', 2, 901, 'told_date 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z');
INSERT INTO stored_files (name, noted_at, removing_since, bucket) VALUES ('name 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z', 'removing_since 1: a sentence with ü, a tab	 and ''quotes''', 'bucket 1: a sentence with ü, a tab	 and ''quotes''');
INSERT INTO stored_files (name, noted_at, removing_since, bucket) VALUES ('name 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z', 'removing_since 2: a sentence with ü, a tab	 and ''quotes''', 'bucket 2: a sentence with ü, a tab	 and ''quotes''');
INSERT INTO client_files (key, id, tenant_id, holder_id, name, purpose, size, object, expires_at, created_at) VALUES (1, '01890000-0000-7000-8000-001000009100', '01890000-0000-7000-8000-001000000000', '01890000-0000-7000-8000-001000009000', 'name 1: a sentence with ü, a tab	 and ''quotes''', 'purpose 1: a sentence with ü, a tab	 and ''quotes''', 920, 'object 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO client_files (key, id, tenant_id, holder_id, name, purpose, size, object, expires_at, created_at) VALUES (2, '01890000-0000-7000-8000-001000009101', '01890000-0000-7000-8000-001000000001', '01890000-0000-7000-8000-001000009001', 'name 2: a sentence with ü, a tab	 and ''quotes''', 'purpose 2: a sentence with ü, a tab	 and ''quotes''', 921, 'object 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO client_file_uses (key, file_key, twin_key, source_key, source_version, error, attributes, created_at) VALUES (1, 1, 1, 1, 930, 'error 1: a sentence with ü, a tab	 and ''quotes''', 'attributes 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z');
INSERT INTO client_file_uses (key, file_key, twin_key, source_key, source_version, error, attributes, created_at) VALUES (2, 2, 2, 2, 931, 'error 2: a sentence with ü, a tab	 and ''quotes''', 'attributes 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z');
INSERT INTO change_sequence (id, value, withdrawn, beats) VALUES (1, 0, 1, 0);
INSERT INTO tenant_moves (tenant_id, name, state, target, url, began_at, moved_at) VALUES ('01890000-0000-7000-8000-001000009000', 'name 1: a sentence with ü, a tab	 and ''quotes''', 'held', 'target 1: a sentence with ü, a tab	 and ''quotes''', 'url 1: a sentence with ü, a tab	 and ''quotes''', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z');
INSERT INTO tenant_moves (tenant_id, name, state, target, url, began_at, moved_at) VALUES ('01890000-0000-7000-8000-001000009001', 'name 2: a sentence with ü, a tab	 and ''quotes''', 'moved', 'target 2: a sentence with ü, a tab	 and ''quotes''', 'url 2: a sentence with ü, a tab	 and ''quotes''', '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z');
INSERT INTO moved_names (hash, tenant_id) VALUES (X'999A9B9C9D9E9FA0A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8', '01890000-0000-7000-8000-001000009000');
INSERT INTO moved_names (hash, tenant_id) VALUES (X'9C9D9E9FA0A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABB', '01890000-0000-7000-8000-001000009001');
CREATE UNIQUE INDEX access_groups_one_default ON access_groups (twin_key) WHERE is_default;
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
CREATE INDEX verified_answer_patches_by_answer ON verified_answer_patches (answer_key);
CREATE INDEX owner_memories_by_twin ON owner_memories (twin_key, status);
CREATE INDEX memory_events_by_twin ON memory_events (twin_key);
CREATE UNIQUE INDEX clarifications_one_pending ON clarifications (twin_key, folded) WHERE status = 'pending_owner';
CREATE INDEX clarifications_by_twin ON clarifications (twin_key, status);
CREATE UNIQUE INDEX escalations_one_open ON escalations (twin_key, folded) WHERE status = 'open';
CREATE INDEX escalations_by_twin ON escalations (twin_key, status);
CREATE INDEX verified_answer_permissions_by_answer ON verified_answer_permissions (answer_key);
CREATE INDEX api_keys_by_prefix ON api_keys (prefix);
CREATE INDEX api_keys_by_tenant ON api_keys (tenant_id);
CREATE UNIQUE INDEX vector_blocks_by_chunk ON vector_blocks (set_key, first_chunk);
CREATE INDEX vector_blocks_by_source ON vector_blocks (source_key, set_key);
CREATE INDEX sessions_by_twin ON sessions (twin_key, created_at);
CREATE INDEX sessions_by_group ON sessions (group_key);
CREATE INDEX conversations_by_session ON conversations (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX conversations_by_user ON conversations (twin_key, user_id) WHERE user_id IS NOT NULL;
CREATE INDEX jobs_queued ON jobs (priority DESC, run_after, key) WHERE status = 'queued';
CREATE INDEX jobs_processing ON jobs (lease_expires_at) WHERE status = 'processing';
CREATE INDEX jobs_by_source ON jobs (source_id) WHERE source_id IS NOT NULL;
CREATE INDEX jobs_by_tenant ON jobs (tenant_id, key);
CREATE INDEX jobs_by_twin ON jobs (twin_key, key);
CREATE INDEX job_logs_by_job ON job_logs (job_key);
CREATE TRIGGER messages_inserted AFTER INSERT ON messages BEGIN
    UPDATE conversation_days SET user_messages = user_messages + (NEW.role = 'user'), assistant_messages = assistant_messages + (NEW.role = 'assistant'), confidence_sum = confidence_sum + (CASE WHEN NEW.role = 'assistant' AND NEW.confidence > 0 THEN CAST(round(NEW.confidence * 1000000) AS INTEGER) ELSE 0 END), confidence_count = confidence_count + (CASE WHEN NEW.role = 'assistant' AND NEW.confidence > 0 THEN 1 ELSE 0 END), escalated = escalated + (coalesce(NEW.status = 'escalated', 0)), refused = refused + (coalesce(NEW.status IN ('escalated', 'unanswerable'), 0))
FROM (SELECT c.twin_key AS twin, substr(c.created_at, 1, 10) AS began, CASE WHEN c.user_id IS NOT NULL THEN 'user:' || c.user_id WHEN c.session_id IS NOT NULL THEN 'session:' || c.session_id ELSE '' END AS name
    FROM conversations c WHERE c.key = NEW.conversation_key) AS c
WHERE twin_key = c.twin AND day = c.began AND (visitor = '' OR visitor = c.name);
END;
CREATE TRIGGER messages_deleted AFTER DELETE ON messages BEGIN
    UPDATE conversation_days SET user_messages = user_messages - (OLD.role = 'user'), assistant_messages = assistant_messages - (OLD.role = 'assistant'), confidence_sum = confidence_sum - (CASE WHEN OLD.role = 'assistant' AND OLD.confidence > 0 THEN CAST(round(OLD.confidence * 1000000) AS INTEGER) ELSE 0 END), confidence_count = confidence_count - (CASE WHEN OLD.role = 'assistant' AND OLD.confidence > 0 THEN 1 ELSE 0 END), escalated = escalated - (coalesce(OLD.status = 'escalated', 0)), refused = refused - (coalesce(OLD.status IN ('escalated', 'unanswerable'), 0))
FROM (SELECT c.twin_key AS twin, substr(c.created_at, 1, 10) AS began, CASE WHEN c.user_id IS NOT NULL THEN 'user:' || c.user_id WHEN c.session_id IS NOT NULL THEN 'session:' || c.session_id ELSE '' END AS name
    FROM conversations c WHERE c.key = OLD.conversation_key) AS c
WHERE twin_key = c.twin AND day = c.began AND (visitor = '' OR visitor = c.name);
END;
CREATE TRIGGER messages_updated AFTER UPDATE OF conversation_key, role, status, confidence ON messages BEGIN
    UPDATE conversation_days SET user_messages = user_messages - (OLD.role = 'user'), assistant_messages = assistant_messages - (OLD.role = 'assistant'), confidence_sum = confidence_sum - (CASE WHEN OLD.role = 'assistant' AND OLD.confidence > 0 THEN CAST(round(OLD.confidence * 1000000) AS INTEGER) ELSE 0 END), confidence_count = confidence_count - (CASE WHEN OLD.role = 'assistant' AND OLD.confidence > 0 THEN 1 ELSE 0 END), escalated = escalated - (coalesce(OLD.status = 'escalated', 0)), refused = refused - (coalesce(OLD.status IN ('escalated', 'unanswerable'), 0))
FROM (SELECT c.twin_key AS twin, substr(c.created_at, 1, 10) AS began, CASE WHEN c.user_id IS NOT NULL THEN 'user:' || c.user_id WHEN c.session_id IS NOT NULL THEN 'session:' || c.session_id ELSE '' END AS name
    FROM conversations c WHERE c.key = OLD.conversation_key) AS c
WHERE twin_key = c.twin AND day = c.began AND (visitor = '' OR visitor = c.name);
    UPDATE conversation_days SET user_messages = user_messages + (NEW.role = 'user'), assistant_messages = assistant_messages + (NEW.role = 'assistant'), confidence_sum = confidence_sum + (CASE WHEN NEW.role = 'assistant' AND NEW.confidence > 0 THEN CAST(round(NEW.confidence * 1000000) AS INTEGER) ELSE 0 END), confidence_count = confidence_count + (CASE WHEN NEW.role = 'assistant' AND NEW.confidence > 0 THEN 1 ELSE 0 END), escalated = escalated + (coalesce(NEW.status = 'escalated', 0)), refused = refused + (coalesce(NEW.status IN ('escalated', 'unanswerable'), 0))
FROM (SELECT c.twin_key AS twin, substr(c.created_at, 1, 10) AS began, CASE WHEN c.user_id IS NOT NULL THEN 'user:' || c.user_id WHEN c.session_id IS NOT NULL THEN 'session:' || c.session_id ELSE '' END AS name
    FROM conversations c WHERE c.key = NEW.conversation_key) AS c
WHERE twin_key = c.twin AND day = c.began AND (visitor = '' OR visitor = c.name);
END;
CREATE TRIGGER conversations_inserted AFTER INSERT ON conversations BEGIN
    INSERT INTO conversation_days (twin_key, visitor, day, conversations, user_messages, assistant_messages, confidence_sum, confidence_count, escalated, refused)
SELECT NEW.twin_key, v.name, substr(NEW.created_at, 1, 10), 1, s.user_messages, s.assistant_messages, s.confidence_sum, s.confidence_count, s.escalated, s.refused
FROM (SELECT '' AS name UNION SELECT CASE WHEN NEW.user_id IS NOT NULL THEN 'user:' || NEW.user_id WHEN NEW.session_id IS NOT NULL THEN 'session:' || NEW.session_id ELSE '' END) AS v, (SELECT coalesce(sum(m.role = 'user'), 0) AS user_messages, coalesce(sum(m.role = 'assistant'), 0) AS assistant_messages, coalesce(sum(CASE WHEN m.role = 'assistant' AND m.confidence > 0 THEN CAST(round(m.confidence * 1000000) AS INTEGER) ELSE 0 END), 0) AS confidence_sum, coalesce(sum(CASE WHEN m.role = 'assistant' AND m.confidence > 0 THEN 1 ELSE 0 END), 0) AS confidence_count, coalesce(sum(coalesce(m.status = 'escalated', 0)), 0) AS escalated, coalesce(sum(coalesce(m.status IN ('escalated', 'unanswerable'), 0)), 0) AS refused FROM messages m WHERE m.conversation_key = NEW.key) AS s WHERE true
ON CONFLICT DO UPDATE SET conversations = conversations + 1, user_messages = user_messages + excluded.user_messages, assistant_messages = assistant_messages + excluded.assistant_messages, confidence_sum = confidence_sum + excluded.confidence_sum, confidence_count = confidence_count + excluded.confidence_count, escalated = escalated + excluded.escalated, refused = refused + excluded.refused;
END;
CREATE TRIGGER conversations_deleted BEFORE DELETE ON conversations BEGIN
    UPDATE conversation_days SET conversations = conversations - 1,
    user_messages = conversation_days.user_messages - s.user_messages, assistant_messages = conversation_days.assistant_messages - s.assistant_messages, confidence_sum = conversation_days.confidence_sum - s.confidence_sum, confidence_count = conversation_days.confidence_count - s.confidence_count, escalated = conversation_days.escalated - s.escalated, refused = conversation_days.refused - s.refused
FROM (SELECT coalesce(sum(m.role = 'user'), 0) AS user_messages, coalesce(sum(m.role = 'assistant'), 0) AS assistant_messages, coalesce(sum(CASE WHEN m.role = 'assistant' AND m.confidence > 0 THEN CAST(round(m.confidence * 1000000) AS INTEGER) ELSE 0 END), 0) AS confidence_sum, coalesce(sum(CASE WHEN m.role = 'assistant' AND m.confidence > 0 THEN 1 ELSE 0 END), 0) AS confidence_count, coalesce(sum(coalesce(m.status = 'escalated', 0)), 0) AS escalated, coalesce(sum(coalesce(m.status IN ('escalated', 'unanswerable'), 0)), 0) AS refused FROM messages m WHERE m.conversation_key = OLD.key) AS s
WHERE twin_key = OLD.twin_key AND day = substr(OLD.created_at, 1, 10) AND (visitor = '' OR visitor = CASE WHEN OLD.user_id IS NOT NULL THEN 'user:' || OLD.user_id WHEN OLD.session_id IS NOT NULL THEN 'session:' || OLD.session_id ELSE '' END);
DELETE FROM conversation_days
WHERE twin_key = OLD.twin_key AND day = substr(OLD.created_at, 1, 10) AND conversations = 0
    AND (visitor = '' OR visitor = CASE WHEN OLD.user_id IS NOT NULL THEN 'user:' || OLD.user_id WHEN OLD.session_id IS NOT NULL THEN 'session:' || OLD.session_id ELSE '' END);
END;
CREATE TRIGGER conversations_updated AFTER UPDATE OF twin_key, user_id, session_id, created_at ON conversations BEGIN
    UPDATE conversation_days SET conversations = conversations - 1,
    user_messages = conversation_days.user_messages - s.user_messages, assistant_messages = conversation_days.assistant_messages - s.assistant_messages, confidence_sum = conversation_days.confidence_sum - s.confidence_sum, confidence_count = conversation_days.confidence_count - s.confidence_count, escalated = conversation_days.escalated - s.escalated, refused = conversation_days.refused - s.refused
FROM (SELECT coalesce(sum(m.role = 'user'), 0) AS user_messages, coalesce(sum(m.role = 'assistant'), 0) AS assistant_messages, coalesce(sum(CASE WHEN m.role = 'assistant' AND m.confidence > 0 THEN CAST(round(m.confidence * 1000000) AS INTEGER) ELSE 0 END), 0) AS confidence_sum, coalesce(sum(CASE WHEN m.role = 'assistant' AND m.confidence > 0 THEN 1 ELSE 0 END), 0) AS confidence_count, coalesce(sum(coalesce(m.status = 'escalated', 0)), 0) AS escalated, coalesce(sum(coalesce(m.status IN ('escalated', 'unanswerable'), 0)), 0) AS refused FROM messages m WHERE m.conversation_key = OLD.key) AS s
WHERE twin_key = OLD.twin_key AND day = substr(OLD.created_at, 1, 10) AND (visitor = '' OR visitor = CASE WHEN OLD.user_id IS NOT NULL THEN 'user:' || OLD.user_id WHEN OLD.session_id IS NOT NULL THEN 'session:' || OLD.session_id ELSE '' END);
DELETE FROM conversation_days
WHERE twin_key = OLD.twin_key AND day = substr(OLD.created_at, 1, 10) AND conversations = 0
    AND (visitor = '' OR visitor = CASE WHEN OLD.user_id IS NOT NULL THEN 'user:' || OLD.user_id WHEN OLD.session_id IS NOT NULL THEN 'session:' || OLD.session_id ELSE '' END);
    INSERT INTO conversation_days (twin_key, visitor, day, conversations, user_messages, assistant_messages, confidence_sum, confidence_count, escalated, refused)
SELECT NEW.twin_key, v.name, substr(NEW.created_at, 1, 10), 1, s.user_messages, s.assistant_messages, s.confidence_sum, s.confidence_count, s.escalated, s.refused
FROM (SELECT '' AS name UNION SELECT CASE WHEN NEW.user_id IS NOT NULL THEN 'user:' || NEW.user_id WHEN NEW.session_id IS NOT NULL THEN 'session:' || NEW.session_id ELSE '' END) AS v, (SELECT coalesce(sum(m.role = 'user'), 0) AS user_messages, coalesce(sum(m.role = 'assistant'), 0) AS assistant_messages, coalesce(sum(CASE WHEN m.role = 'assistant' AND m.confidence > 0 THEN CAST(round(m.confidence * 1000000) AS INTEGER) ELSE 0 END), 0) AS confidence_sum, coalesce(sum(CASE WHEN m.role = 'assistant' AND m.confidence > 0 THEN 1 ELSE 0 END), 0) AS confidence_count, coalesce(sum(coalesce(m.status = 'escalated', 0)), 0) AS escalated, coalesce(sum(coalesce(m.status IN ('escalated', 'unanswerable'), 0)), 0) AS refused FROM messages m WHERE m.conversation_key = NEW.key) AS s WHERE true
ON CONFLICT DO UPDATE SET conversations = conversations + 1, user_messages = user_messages + excluded.user_messages, assistant_messages = assistant_messages + excluded.assistant_messages, confidence_sum = confidence_sum + excluded.confidence_sum, confidence_count = confidence_count + excluded.confidence_count, escalated = escalated + excluded.escalated, refused = refused + excluded.refused;
END;
CREATE INDEX verified_answer_vectors_by_model ON verified_answer_vectors (twin_key, model);
CREATE INDEX verified_answers_active ON verified_answers (twin_key, folded) WHERE is_active;
CREATE INDEX verified_answers_by_question ON verified_answers (twin_key, folded, is_active);
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
CREATE INDEX graph_aliases_by_source ON graph_aliases (source_key);
CREATE INDEX graph_edges_by_target ON graph_edges (to_key);
CREATE INDEX graph_edges_by_twin ON graph_edges (twin_key);
CREATE INDEX memory_candidates_by_status ON memory_candidates (twin_key, status);
CREATE INDEX graph_evidence_by_target ON graph_evidence (kind, target_key);
CREATE INDEX graph_evidence_by_source ON graph_evidence (source_key) WHERE source_key IS NOT NULL;
CREATE INDEX graph_evidence_by_message ON graph_evidence (message_key) WHERE message_key IS NOT NULL;
CREATE INDEX graph_merges_by_target ON graph_merges (twin_key, into_type, into_key);
CREATE VIEW graph_members AS
    SELECT key AS node_key, key AS member_key, twin_key FROM graph_nodes
    UNION ALL
    SELECT t.key, m.key, t.twin_key FROM graph_merges g
        JOIN graph_nodes m ON m.twin_key = g.twin_key AND m.node_type = g.node_type AND m.canonical_key = g.canonical_key
        JOIN graph_nodes t ON t.twin_key = g.twin_key AND t.node_type = g.into_type AND t.canonical_key = g.into_key;
CREATE TRIGGER graph_evidence_gone AFTER DELETE ON graph_evidence BEGIN
    DELETE FROM graph_edges WHERE OLD.kind = 2 AND key = OLD.target_key AND origin = 'extracted'
        AND NOT EXISTS (SELECT 1 FROM graph_evidence WHERE kind = 2 AND target_key = OLD.target_key);
    DELETE FROM graph_nodes WHERE OLD.kind = 1 AND key = OLD.target_key AND origin = 'extracted'
        AND NOT EXISTS (SELECT 1 FROM graph_evidence WHERE kind = 1 AND target_key = OLD.target_key);
    DELETE FROM memory_candidates WHERE OLD.kind = 3 AND key = OLD.target_key AND status = 'pending'
        AND NOT EXISTS (SELECT 1 FROM graph_evidence WHERE kind = 3 AND target_key = OLD.target_key);
    UPDATE memory_candidates SET needs_review = 1 WHERE OLD.kind = 3 AND key = OLD.target_key AND status = 'approved'
        AND NOT EXISTS (SELECT 1 FROM graph_evidence WHERE kind = 3 AND target_key = OLD.target_key);
END;
CREATE INDEX users_by_tenant ON users (tenant_id);
CREATE INDEX user_accounts_by_user ON user_accounts (user_key);
CREATE INDEX token_families_by_user ON token_families (user_key);
CREATE INDEX api_keys_by_maker ON api_keys (created_by) WHERE created_by IS NOT NULL;
CREATE INDEX group_memberships_by_group ON group_memberships (group_key);
CREATE TRIGGER twins_delete_index AFTER DELETE ON twins BEGIN
    DELETE FROM index_segments WHERE twin_key = OLD.key;
END;
CREATE INDEX sources_by_text ON sources (text_key);
CREATE TRIGGER sources_cancel_jobs AFTER DELETE ON sources BEGIN
    UPDATE jobs SET cancel_requested = 1 WHERE source_id = OLD.id AND status = 'processing';
    UPDATE jobs SET status = 'failed', error_message = 'the source was deleted',
        metadata = '{"cancelled":true}', updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), completed_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
    WHERE source_id = OLD.id AND status = 'queued';
END;
CREATE TRIGGER graph_text_gone AFTER UPDATE OF text_key ON sources WHEN OLD.text_key IS NOT NEW.text_key BEGIN
    DELETE FROM graph_evidence WHERE source_key = OLD.key;
    DELETE FROM graph_aliases WHERE source_key = OLD.key;
    DELETE FROM graph_sources WHERE source_key = OLD.key;
END;
CREATE INDEX sources_by_content ON sources (twin_key, content_hash) WHERE kind = 'file';
CREATE INDEX sources_by_failure ON sources (twin_key, failed_hash) WHERE kind = 'file' AND failed_hash IS NOT NULL;
CREATE TRIGGER archived_twins_update BEFORE UPDATE OF name, slug, description, specialization, settings ON twins
WHEN OLD.archived_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'the twin is archived and takes no change; ''twin twins unarchive'' brings it back'); END;
CREATE TRIGGER archived_sources_insert BEFORE INSERT ON sources
WHEN EXISTS (SELECT 1 FROM twins WHERE key = NEW.twin_key AND archived_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the twin is archived and takes no change; ''twin twins unarchive'' brings it back'); END;
CREATE TRIGGER archived_sources_delete BEFORE DELETE ON sources
WHEN EXISTS (SELECT 1 FROM twins WHERE key = OLD.twin_key AND archived_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the twin is archived and takes no change; ''twin twins unarchive'' brings it back'); END;
CREATE TRIGGER archived_verified_answers_insert BEFORE INSERT ON verified_answers
WHEN EXISTS (SELECT 1 FROM twins WHERE key = NEW.twin_key AND archived_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the twin is archived and takes no change; ''twin twins unarchive'' brings it back'); END;
CREATE TRIGGER archived_verified_answers_update BEFORE UPDATE ON verified_answers
WHEN EXISTS (SELECT 1 FROM twins WHERE key = NEW.twin_key AND archived_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the twin is archived and takes no change; ''twin twins unarchive'' brings it back'); END;
CREATE TRIGGER archived_verified_answers_delete BEFORE DELETE ON verified_answers
WHEN EXISTS (SELECT 1 FROM twins WHERE key = OLD.twin_key AND archived_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the twin is archived and takes no change; ''twin twins unarchive'' brings it back'); END;
CREATE TRIGGER archived_owner_memories_insert BEFORE INSERT ON owner_memories
WHEN EXISTS (SELECT 1 FROM twins WHERE key = NEW.twin_key AND archived_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the twin is archived and takes no change; ''twin twins unarchive'' brings it back'); END;
CREATE TRIGGER archived_owner_memories_update BEFORE UPDATE ON owner_memories
WHEN EXISTS (SELECT 1 FROM twins WHERE key = NEW.twin_key AND archived_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the twin is archived and takes no change; ''twin twins unarchive'' brings it back'); END;
CREATE TRIGGER archived_owner_memories_delete BEFORE DELETE ON owner_memories
WHEN EXISTS (SELECT 1 FROM twins WHERE key = OLD.twin_key AND archived_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the twin is archived and takes no change; ''twin twins unarchive'' brings it back'); END;
CREATE TRIGGER archived_access_groups_insert BEFORE INSERT ON access_groups
WHEN EXISTS (SELECT 1 FROM twins WHERE key = NEW.twin_key AND archived_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the twin is archived and takes no change; ''twin twins unarchive'' brings it back'); END;
CREATE TRIGGER archived_access_groups_update BEFORE UPDATE ON access_groups
WHEN EXISTS (SELECT 1 FROM twins WHERE key = NEW.twin_key AND archived_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the twin is archived and takes no change; ''twin twins unarchive'' brings it back'); END;
CREATE TRIGGER archived_access_groups_delete BEFORE DELETE ON access_groups
WHEN EXISTS (SELECT 1 FROM twins WHERE key = OLD.twin_key AND archived_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the twin is archived and takes no change; ''twin twins unarchive'' brings it back'); END;
CREATE TRIGGER archived_clarifications_insert BEFORE INSERT ON clarifications
WHEN EXISTS (SELECT 1 FROM twins WHERE key = NEW.twin_key AND archived_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the twin is archived and takes no change; ''twin twins unarchive'' brings it back'); END;
CREATE TRIGGER archived_clarifications_update BEFORE UPDATE ON clarifications
WHEN EXISTS (SELECT 1 FROM twins WHERE key = NEW.twin_key AND archived_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the twin is archived and takes no change; ''twin twins unarchive'' brings it back'); END;
CREATE TRIGGER archived_escalations_insert BEFORE INSERT ON escalations
WHEN EXISTS (SELECT 1 FROM twins WHERE key = NEW.twin_key AND archived_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the twin is archived and takes no change; ''twin twins unarchive'' brings it back'); END;
CREATE TRIGGER archived_escalations_update BEFORE UPDATE ON escalations
WHEN EXISTS (SELECT 1 FROM twins WHERE key = NEW.twin_key AND archived_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the twin is archived and takes no change; ''twin twins unarchive'' brings it back'); END;
CREATE TRIGGER archived_share_links_insert BEFORE INSERT ON share_links
WHEN EXISTS (SELECT 1 FROM twins WHERE key = NEW.twin_key AND archived_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the twin is archived and takes no change; ''twin twins unarchive'' brings it back'); END;
CREATE TRIGGER archived_share_links_update BEFORE UPDATE ON share_links
WHEN EXISTS (SELECT 1 FROM twins WHERE key = NEW.twin_key AND archived_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the twin is archived and takes no change; ''twin twins unarchive'' brings it back'); END;
CREATE TRIGGER archived_group_memberships_insert BEFORE INSERT ON group_memberships
WHEN EXISTS (SELECT 1 FROM twins WHERE key = NEW.twin_key AND archived_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the twin is archived and takes no change; ''twin twins unarchive'' brings it back'); END;
CREATE TRIGGER archived_source_permissions_insert BEFORE INSERT ON source_permissions
WHEN EXISTS (SELECT 1 FROM twins WHERE key = (SELECT twin_key FROM access_groups WHERE key = NEW.group_key) AND archived_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the twin is archived and takes no change; ''twin twins unarchive'' brings it back'); END;
CREATE TRIGGER archived_source_permissions_delete BEFORE DELETE ON source_permissions
WHEN EXISTS (SELECT 1 FROM twins WHERE key = (SELECT twin_key FROM access_groups WHERE key = OLD.group_key) AND archived_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the twin is archived and takes no change; ''twin twins unarchive'' brings it back'); END;
CREATE TRIGGER archived_verified_answer_permissions_insert BEFORE INSERT ON verified_answer_permissions
WHEN EXISTS (SELECT 1 FROM twins WHERE key = (SELECT twin_key FROM access_groups WHERE key = NEW.group_key) AND archived_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the twin is archived and takes no change; ''twin twins unarchive'' brings it back'); END;
CREATE TRIGGER archived_verified_answer_permissions_delete BEFORE DELETE ON verified_answer_permissions
WHEN EXISTS (SELECT 1 FROM twins WHERE key = (SELECT twin_key FROM access_groups WHERE key = OLD.group_key) AND archived_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the twin is archived and takes no change; ''twin twins unarchive'' brings it back'); END;
CREATE TRIGGER archived_group_limits_insert BEFORE INSERT ON group_limits
WHEN EXISTS (SELECT 1 FROM twins WHERE key = (SELECT twin_key FROM access_groups WHERE key = NEW.group_key) AND archived_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the twin is archived and takes no change; ''twin twins unarchive'' brings it back'); END;
CREATE TRIGGER archived_group_limits_update BEFORE UPDATE ON group_limits
WHEN EXISTS (SELECT 1 FROM twins WHERE key = (SELECT twin_key FROM access_groups WHERE key = NEW.group_key) AND archived_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the twin is archived and takes no change; ''twin twins unarchive'' brings it back'); END;
CREATE TRIGGER archived_group_limits_delete BEFORE DELETE ON group_limits
WHEN EXISTS (SELECT 1 FROM twins WHERE key = (SELECT twin_key FROM access_groups WHERE key = OLD.group_key) AND archived_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the twin is archived and takes no change; ''twin twins unarchive'' brings it back'); END;
CREATE TRIGGER archived_group_overrides_insert BEFORE INSERT ON group_overrides
WHEN EXISTS (SELECT 1 FROM twins WHERE key = (SELECT twin_key FROM access_groups WHERE key = NEW.group_key) AND archived_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the twin is archived and takes no change; ''twin twins unarchive'' brings it back'); END;
CREATE TRIGGER archived_group_overrides_update BEFORE UPDATE ON group_overrides
WHEN EXISTS (SELECT 1 FROM twins WHERE key = (SELECT twin_key FROM access_groups WHERE key = NEW.group_key) AND archived_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the twin is archived and takes no change; ''twin twins unarchive'' brings it back'); END;
CREATE TRIGGER archived_group_overrides_delete BEFORE DELETE ON group_overrides
WHEN EXISTS (SELECT 1 FROM twins WHERE key = (SELECT twin_key FROM access_groups WHERE key = OLD.group_key) AND archived_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the twin is archived and takes no change; ''twin twins unarchive'' brings it back'); END;
CREATE INDEX audit_log_by_tenant ON audit_log (tenant_id, key);
CREATE INDEX audit_log_by_twin ON audit_log (twin_id, key);
CREATE INDEX audit_log_by_user ON audit_log (coalesce(user_id, actor_id), key);
CREATE TRIGGER audit_log_appended BEFORE INSERT ON audit_log
WHEN EXISTS (SELECT 1 FROM audit_log WHERE key >= NEW.key OR id = NEW.id)
    OR EXISTS (SELECT 1 FROM audit_log WHERE tenant_id = NEW.tenant_id AND seq >= NEW.seq)
BEGIN
    SELECT raise(ABORT, 'the audit log only grows at its end');
END;
CREATE TRIGGER audit_log_kept BEFORE DELETE ON audit_log BEGIN
    SELECT raise(ABORT, 'the audit log keeps its rows');
END;
CREATE TRIGGER audit_log_unchanged
BEFORE UPDATE OF key, id, tenant_id, seq, twin_id, event_type, action, created_at, people_hash, details_hash, prev_hash, hash
ON audit_log BEGIN
    SELECT raise(ABORT, 'the audit log keeps its rows');
END;
CREATE UNIQUE INDEX quotas_of_tenants ON quotas (tenant_id) WHERE user_key IS NULL;
CREATE INDEX quota_reservations_by_quota ON quota_reservations (quota_key, day, expires_at, amount);
CREATE INDEX quota_reservations_by_question ON quota_reservations (question_id) WHERE question_id IS NOT NULL;
CREATE INDEX journal_sessions_by_user ON journal_sessions (user_key, key);
CREATE INDEX journal_sessions_by_age ON journal_sessions (updated_at);
CREATE INDEX journal_prompts_by_session ON journal_prompts (session_key, key);
CREATE INDEX journal_prompts_by_user ON journal_prompts (user_key);
CREATE INDEX journal_user_prompts_by_user ON journal_user_prompts (user_key, key);
CREATE INDEX login_links_by_user ON login_links (user_key);
CREATE INDEX message_feedback_by_twin ON message_feedback (twin_key, created_at);
CREATE INDEX desks_by_twin ON desks (twin_key);
CREATE INDEX desks_by_agent ON desks (default_agent_key);
CREATE UNIQUE INDEX desk_agents_by_name ON desk_agents (coalesce(tenant_id, ''), name COLLATE NOCASE);
CREATE UNIQUE INDEX desk_tools_by_name ON desk_tools (coalesce(tenant_id, ''), name COLLATE NOCASE);
CREATE INDEX desk_agent_tools_by_tool ON desk_agent_tools (tool_key);
CREATE INDEX desk_agent_permissions_by_agent ON desk_agent_permissions (agent_key);
CREATE INDEX desk_tool_permissions_by_tool ON desk_tool_permissions (tool_key);
CREATE UNIQUE INDEX desk_contacts_by_address ON desk_contacts (tenant_id, email) WHERE is_proven;
CREATE INDEX desk_contacts_by_tenant ON desk_contacts (tenant_id, email);
CREATE INDEX desk_sessions_by_contact ON desk_sessions (contact_key, created_at);
CREATE INDEX desk_sessions_by_tenant ON desk_sessions (tenant_id, created_at);
CREATE INDEX desk_sessions_by_agent ON desk_sessions (agent_key);
CREATE UNIQUE INDEX desk_handovers_open ON desk_handovers (session_key) WHERE status <> 'resolved';
CREATE INDEX desk_handovers_by_session ON desk_handovers (session_key);
CREATE INDEX desk_handovers_by_tenant ON desk_handovers (tenant_id, status, requested_at);
CREATE INDEX desk_handovers_by_user ON desk_handovers (user_key, status);
CREATE INDEX desk_notes_by_session ON desk_notes (session_key, key);
CREATE INDEX desk_tool_calls_by_session ON desk_tool_calls (session_key, key);
CREATE INDEX desk_webhooks_by_tenant ON desk_webhooks (tenant_id);
CREATE INDEX desk_deliveries_due ON desk_deliveries (due_at) WHERE status = 'pending';
CREATE INDEX desk_deliveries_by_webhook ON desk_deliveries (webhook_key, key);
CREATE INDEX desk_deliveries_by_event ON desk_deliveries (event_key);
CREATE TRIGGER desk_hears_messages AFTER INSERT ON messages
WHEN EXISTS (
    SELECT 1 FROM conversations c JOIN desk_sessions s ON s.id = c.session_id WHERE c.key = NEW.conversation_key)
BEGIN
    INSERT INTO desk_event_sequences (tenant_id, last)
        SELECT tenant_id, 1 FROM conversations WHERE key = NEW.conversation_key
        ON CONFLICT (tenant_id) DO UPDATE SET last = last + 1;
    INSERT INTO desk_events (tenant_id, sequence, session_id, kind, subject_id, details, created_at)
        SELECT c.tenant_id, q.last, c.session_id, 'message.created', NEW.id, '{"role":"' || NEW.role || '"}', NEW.created_at
        FROM conversations c JOIN desk_event_sequences q ON q.tenant_id = c.tenant_id
        WHERE c.key = NEW.conversation_key;
    UPDATE desk_sessions SET last_message_at = NEW.created_at
        WHERE id = (SELECT session_id FROM conversations WHERE key = NEW.conversation_key);
END;
CREATE TRIGGER desk_fills_outbox AFTER INSERT ON desk_events BEGIN
    INSERT INTO desk_deliveries (id, tenant_id, webhook_key, event_key, status, due_at, created_at)
        SELECT 'msg_' || lower(hex(randomblob(16))), w.tenant_id, w.key, NEW.key, 'pending', NEW.created_at, NEW.created_at
        FROM desk_webhooks w WHERE w.tenant_id = NEW.tenant_id AND w.is_active
            AND (w.kinds = '' OR instr(w.kinds, ',' || NEW.kind || ',') > 0);
END;
CREATE INDEX graph_edges_by_successor ON graph_edges (superseded_by) WHERE superseded_by IS NOT NULL;
CREATE TRIGGER graph_edge_gone AFTER DELETE ON graph_edges BEGIN
    UPDATE graph_edges SET superseded_by = NULL, valid_to = NULL WHERE superseded_by = OLD.id;
END;
CREATE INDEX avatars_by_person ON avatars (tenant_id, user_id, key);
CREATE INDEX avatars_by_twin ON avatars (of_twin) WHERE of_twin IS NOT NULL;
CREATE INDEX lora_models_by_person ON lora_models (tenant_id, user_id, key);
CREATE INDEX content_pieces_by_avatar ON content_pieces (avatar_key, key);
CREATE INDEX failed_pieces_by_avatar ON failed_pieces (avatar_key);
CREATE INDEX dataset_images_by_avatar ON dataset_images (avatar_key);
CREATE INDEX cost_entries_by_avatar ON cost_entries (avatar_key);
CREATE INDEX cost_entries_by_person ON cost_entries (tenant_id, user_id, key);
CREATE INDEX cost_entries_by_batch ON cost_entries (batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX invitations_by_mailed_token ON invitations (mailed_token_hash) WHERE mailed_token_hash IS NOT NULL;
CREATE INDEX password_resets_by_user ON password_resets (user_key);
CREATE UNIQUE INDEX mail_marks_one_each ON mail_marks (letter, tenant_id, coalesce(twin_key, 0));
CREATE INDEX mail_marks_by_tenant ON mail_marks (tenant_id);
CREATE INDEX mail_marks_by_twin ON mail_marks (twin_key);
CREATE INDEX client_files_by_holder ON client_files (tenant_id, holder_id, key);
CREATE INDEX client_files_by_holder_alone ON client_files (holder_id);
CREATE INDEX client_file_uses_by_twin ON client_file_uses (twin_key, key);
CREATE INDEX client_file_uses_by_source ON client_file_uses (source_key);
CREATE TRIGGER withdrawn_tenants_deleted AFTER DELETE ON tenants BEGIN
    UPDATE change_sequence SET withdrawn = value + 1 WHERE id = 1;
END;
CREATE TRIGGER withdrawn_twins_deleted AFTER DELETE ON twins BEGIN
    UPDATE change_sequence SET withdrawn = value + 1 WHERE id = 1;
END;
CREATE TRIGGER withdrawn_twins_changed AFTER UPDATE OF settings, archived_at ON twins BEGIN
    UPDATE change_sequence SET withdrawn = value + 1 WHERE id = 1;
END;
CREATE TRIGGER withdrawn_sources_deleted AFTER DELETE ON sources BEGIN
    UPDATE change_sequence SET withdrawn = value + 1 WHERE id = 1;
END;
CREATE TRIGGER withdrawn_source_permissions_deleted AFTER DELETE ON source_permissions BEGIN
    UPDATE change_sequence SET withdrawn = value + 1 WHERE id = 1;
END;
CREATE TRIGGER withdrawn_verified_answers_deleted AFTER DELETE ON verified_answers BEGIN
    UPDATE change_sequence SET withdrawn = value + 1 WHERE id = 1;
END;
CREATE TRIGGER withdrawn_verified_answers_changed AFTER UPDATE OF answer, is_active ON verified_answers BEGIN
    UPDATE change_sequence SET withdrawn = value + 1 WHERE id = 1;
END;
CREATE TRIGGER withdrawn_verified_answer_permissions_deleted AFTER DELETE ON verified_answer_permissions BEGIN
    UPDATE change_sequence SET withdrawn = value + 1 WHERE id = 1;
END;
CREATE TRIGGER withdrawn_owner_memories_deleted AFTER DELETE ON owner_memories BEGIN
    UPDATE change_sequence SET withdrawn = value + 1 WHERE id = 1;
END;
CREATE TRIGGER withdrawn_owner_memories_changed AFTER UPDATE OF status ON owner_memories BEGIN
    UPDATE change_sequence SET withdrawn = value + 1 WHERE id = 1;
END;
CREATE TRIGGER withdrawn_conversations_deleted AFTER DELETE ON conversations BEGIN
    UPDATE change_sequence SET withdrawn = value + 1 WHERE id = 1;
END;
CREATE TRIGGER withdrawn_access_groups_deleted AFTER DELETE ON access_groups BEGIN
    UPDATE change_sequence SET withdrawn = value + 1 WHERE id = 1;
END;
CREATE TRIGGER withdrawn_access_groups_changed AFTER UPDATE OF settings, is_default, is_public ON access_groups BEGIN
    UPDATE change_sequence SET withdrawn = value + 1 WHERE id = 1;
END;
CREATE TRIGGER withdrawn_group_memberships_deleted AFTER DELETE ON group_memberships BEGIN
    UPDATE change_sequence SET withdrawn = value + 1 WHERE id = 1;
END;
CREATE TRIGGER withdrawn_group_memberships_changed AFTER UPDATE OF group_key, is_active ON group_memberships BEGIN
    UPDATE change_sequence SET withdrawn = value + 1 WHERE id = 1;
END;
CREATE TRIGGER withdrawn_api_keys_deleted AFTER DELETE ON api_keys BEGIN
    UPDATE change_sequence SET withdrawn = value + 1 WHERE id = 1;
END;
CREATE TRIGGER withdrawn_api_keys_changed AFTER UPDATE OF allowed_domains, allowed_twin_ids, scopes, is_active, expires_at, group_id ON api_keys BEGIN
    UPDATE change_sequence SET withdrawn = value + 1 WHERE id = 1;
END;
CREATE TRIGGER withdrawn_users_deleted AFTER DELETE ON users BEGIN
    UPDATE change_sequence SET withdrawn = value + 1 WHERE id = 1;
END;
CREATE TRIGGER withdrawn_users_changed AFTER UPDATE OF tenant_id, email, role, is_operator, password, token_generation, tokens_valid_from ON users BEGIN
    UPDATE change_sequence SET withdrawn = value + 1 WHERE id = 1;
END;
CREATE TRIGGER withdrawn_user_accounts_deleted AFTER DELETE ON user_accounts BEGIN
    UPDATE change_sequence SET withdrawn = value + 1 WHERE id = 1;
END;
CREATE TRIGGER withdrawn_token_families_deleted AFTER DELETE ON token_families BEGIN
    UPDATE change_sequence SET withdrawn = value + 1 WHERE id = 1;
END;
CREATE TRIGGER withdrawn_token_families_changed AFTER UPDATE OF ended_at ON token_families BEGIN
    UPDATE change_sequence SET withdrawn = value + 1 WHERE id = 1;
END;
CREATE TRIGGER withdrawn_sessions_deleted AFTER DELETE ON sessions BEGIN
    UPDATE change_sequence SET withdrawn = value + 1 WHERE id = 1;
END;
CREATE TRIGGER withdrawn_share_links_deleted AFTER DELETE ON share_links BEGIN
    UPDATE change_sequence SET withdrawn = value + 1 WHERE id = 1;
END;
CREATE TRIGGER withdrawn_share_links_changed AFTER UPDATE OF token, is_enabled, expires_at ON share_links BEGIN
    UPDATE change_sequence SET withdrawn = value + 1 WHERE id = 1;
END;
CREATE TRIGGER withdrawn_signing_keys_deleted AFTER DELETE ON signing_keys BEGIN
    UPDATE change_sequence SET withdrawn = value + 1 WHERE id = 1;
END;
CREATE TRIGGER withdrawn_signing_keys_changed AFTER UPDATE OF retires_at ON signing_keys BEGIN
    UPDATE change_sequence SET withdrawn = value + 1 WHERE id = 1;
END;
CREATE TRIGGER withdrawn_secrets_deleted AFTER DELETE ON secrets BEGIN
    UPDATE change_sequence SET withdrawn = value + 1 WHERE id = 1;
END;
CREATE TRIGGER withdrawn_secrets_changed AFTER UPDATE OF value ON secrets BEGIN
    UPDATE change_sequence SET withdrawn = value + 1 WHERE id = 1;
END;
CREATE TRIGGER audit_log_key_unchanged BEFORE UPDATE OF chained_key ON audit_log BEGIN
    SELECT raise(ABORT, 'the audit log keeps its rows');
END;
CREATE INDEX moved_names_by_tenant ON moved_names (tenant_id);
PRAGMA user_version = 36;
PRAGMA application_id = 1953982830;
COMMIT;
