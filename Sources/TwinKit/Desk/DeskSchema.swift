/// Tables of the support desk. A tenant has one desk; what stands at it belongs to the tenant.
enum DeskSchema {
    static let sql = """
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
        CREATE INDEX desks_by_twin ON desks (twin_key);
        CREATE INDEX desks_by_agent ON desks (default_agent_key);

        -- Agents and tools without a tenant are the operator's, for every tenant that enables them.
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
        CREATE UNIQUE INDEX desk_agents_by_name ON desk_agents (coalesce(tenant_id, ''), name COLLATE NOCASE);

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
        CREATE UNIQUE INDEX desk_tools_by_name ON desk_tools (coalesce(tenant_id, ''), name COLLATE NOCASE);

        CREATE TABLE desk_agent_tools (
            agent_key INTEGER NOT NULL REFERENCES desk_agents (key) ON DELETE CASCADE,
            tool_key INTEGER NOT NULL REFERENCES desk_tools (key) ON DELETE CASCADE,
            -- Earlier ones go first.
            position INTEGER NOT NULL,
            PRIMARY KEY (agent_key, tool_key)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX desk_agent_tools_by_tool ON desk_agent_tools (tool_key);

        -- What a tenant said about an agent or tool; unsaid, its own are enabled and the operator's are not.
        CREATE TABLE desk_agent_permissions (
            tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
            agent_key INTEGER NOT NULL REFERENCES desk_agents (key) ON DELETE CASCADE,
            is_enabled INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, agent_key)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX desk_agent_permissions_by_agent ON desk_agent_permissions (agent_key);
        CREATE TABLE desk_tool_permissions (
            tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
            tool_key INTEGER NOT NULL REFERENCES desk_tools (key) ON DELETE CASCADE,
            is_enabled INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, tool_key)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX desk_tool_permissions_by_tool ON desk_tool_permissions (tool_key);

        -- Who asks at the desk. Proven are those that staff made or that a user is; anybody can claim an address beside them.
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
        CREATE UNIQUE INDEX desk_contacts_by_address ON desk_contacts (tenant_id, email) WHERE is_proven;
        CREATE INDEX desk_contacts_by_tenant ON desk_contacts (tenant_id, email);

        -- What the desk knows of a visitor's session.
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
        CREATE INDEX desk_sessions_by_contact ON desk_sessions (contact_key, created_at);
        CREATE INDEX desk_sessions_by_tenant ON desk_sessions (tenant_id, created_at);
        CREATE INDEX desk_sessions_by_agent ON desk_sessions (agent_key);

        -- A session handed to a person; a session that was resolved can be handed over again.
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
        CREATE UNIQUE INDEX desk_handovers_open ON desk_handovers (session_key) WHERE status <> 'resolved';
        CREATE INDEX desk_handovers_by_session ON desk_handovers (session_key);
        CREATE INDEX desk_handovers_by_tenant ON desk_handovers (tenant_id, status, requested_at);
        CREATE INDEX desk_handovers_by_user ON desk_handovers (user_key, status);

        CREATE TABLE desk_staff (
            user_key INTEGER PRIMARY KEY REFERENCES users (key) ON DELETE CASCADE,
            -- What they set by hand; none goes by their pings.
            status TEXT CHECK (status IN ('online', 'busy', 'away', 'offline')),
            pinged_at TEXT,
            maximum_sessions INTEGER NOT NULL DEFAULT 5,
            -- When the last session was given to them or came to its end.
            idle_since TEXT
        ) STRICT;

        -- What staff tell each other about a session; no contact reads it.
        CREATE TABLE desk_notes (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
            session_key INTEGER NOT NULL REFERENCES desk_sessions (key) ON DELETE CASCADE,
            author_id TEXT,
            content TEXT NOT NULL,
            created_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX desk_notes_by_session ON desk_notes (session_key, key);

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
        CREATE INDEX desk_tool_calls_by_session ON desk_tool_calls (session_key, key);

        -- What happened, in the order in which it was stored, a number a tenant without gaps. It names what it is about and
        -- holds no words of it: those are looked up when it is told.
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

        -- Each opens one stream, once and soon.
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
        CREATE INDEX desk_webhooks_by_tenant ON desk_webhooks (tenant_id);

        -- The outbox: written with the event itself, sent until it has arrived.
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
        CREATE INDEX desk_deliveries_due ON desk_deliveries (due_at) WHERE status = 'pending';
        CREATE INDEX desk_deliveries_by_webhook ON desk_deliveries (webhook_key, key);
        CREATE INDEX desk_deliveries_by_event ON desk_deliveries (event_key);

        -- A message of a session is an event, whichever door it came through, in the transaction that stores it.
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
        """
}
