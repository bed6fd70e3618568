/// Tables of what a twin knows: things, how they are related, where each is said, and what waits for the owner's word.
///
/// Deletion is the schema's own work: evidence goes with its source, its text or its message, and what rested on it alone
/// goes with the last of it, whichever statement began it.
enum GraphSchema {
    /// What the owner decided where documents contradict each other, and who read a document.
    static let decisions = """
        -- By names, as merges are: it holds when the documents change.
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
        CREATE INDEX graph_edges_by_successor ON graph_edges (superseded_by) WHERE superseded_by IS NOT NULL;
        -- What was put aside for a relation stands again when that is said no more.
        CREATE TRIGGER graph_edge_gone AFTER DELETE ON graph_edges BEGIN
            UPDATE graph_edges SET superseded_by = NULL, valid_to = NULL WHERE superseded_by = OLD.id;
        END;
        -- The model that read it, or 'rules'; and why a model did not.
        ALTER TABLE graph_sources ADD COLUMN reader TEXT NOT NULL DEFAULT 'rules';
        ALTER TABLE graph_sources ADD COLUMN degraded TEXT;
        """

    static let sql = """
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

        -- The names of a node, with the documents that use each.
        CREATE TABLE graph_aliases (
            node_key INTEGER NOT NULL REFERENCES graph_nodes (key) ON DELETE CASCADE,
            alias TEXT NOT NULL,
            source_key INTEGER NOT NULL REFERENCES sources (key) ON DELETE CASCADE,
            PRIMARY KEY (node_key, alias, source_key)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX graph_aliases_by_source ON graph_aliases (source_key);

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
        CREATE INDEX graph_edges_by_target ON graph_edges (to_key);
        CREATE INDEX graph_edges_by_twin ON graph_edges (twin_key);

        -- What a document or a message of the owner's suggests to remember.
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
        CREATE INDEX memory_candidates_by_status ON memory_candidates (twin_key, status);

        -- Where something is said: bytes of a source's text or of a message.
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
        CREATE INDEX graph_evidence_by_target ON graph_evidence (kind, target_key);
        CREATE INDEX graph_evidence_by_source ON graph_evidence (source_key) WHERE source_key IS NOT NULL;
        CREATE INDEX graph_evidence_by_message ON graph_evidence (message_key) WHERE message_key IS NOT NULL;

        -- Which text of a source was read, and by which rules.
        CREATE TABLE graph_sources (
            source_key INTEGER PRIMARY KEY REFERENCES sources (key) ON DELETE CASCADE,
            rules INTEGER NOT NULL
        ) STRICT;
        -- Up to which of the owner's messages a twin has listened.
        CREATE TABLE graph_messages (
            twin_key INTEGER PRIMARY KEY REFERENCES twins (key) ON DELETE CASCADE,
            last_key INTEGER NOT NULL
        ) STRICT;

        -- What the owner said to be one thing. By names, so that it holds when the documents change.
        CREATE TABLE graph_merges (
            twin_key INTEGER NOT NULL REFERENCES twins (key) ON DELETE CASCADE,
            node_type TEXT NOT NULL,
            canonical_key TEXT NOT NULL,
            into_type TEXT NOT NULL,
            into_key TEXT NOT NULL,
            created_at TEXT NOT NULL,
            PRIMARY KEY (twin_key, node_type, canonical_key)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX graph_merges_by_target ON graph_merges (twin_key, into_type, into_key);

        -- Each node with itself and with those that were merged into it.
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
        CREATE TRIGGER graph_text_gone AFTER UPDATE OF text_key ON sources WHEN OLD.text_key IS NOT NEW.text_key BEGIN
            DELETE FROM graph_evidence WHERE source_key = OLD.key;
            DELETE FROM graph_aliases WHERE source_key = OLD.key;
            DELETE FROM graph_sources WHERE source_key = OLD.key;
        END;
        """
}
