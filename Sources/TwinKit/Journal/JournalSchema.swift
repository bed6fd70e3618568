/// Tables of the journal: what users keep of their own, session by session. All of it goes with its user.
enum JournalSchema {
    static let sql = """
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
        CREATE INDEX journal_sessions_by_user ON journal_sessions (user_key, key);
        CREATE INDEX journal_sessions_by_age ON journal_sessions (updated_at);

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
        CREATE INDEX journal_prompts_by_session ON journal_prompts (session_key, key);
        CREATE INDEX journal_prompts_by_user ON journal_prompts (user_key);

        CREATE TABLE journal_user_prompts (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            user_key INTEGER NOT NULL REFERENCES users (key) ON DELETE CASCADE,
            prompt_text TEXT NOT NULL,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX journal_user_prompts_by_user ON journal_user_prompts (user_key, key);

        -- The server's: its operators change them, everybody reads them.
        CREATE TABLE journal_system_prompts (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            prompt_text TEXT NOT NULL,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL
        ) STRICT;
        """
}
