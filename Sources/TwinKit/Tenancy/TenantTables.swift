import TwinDatabase

/// Every table of the schema, and what becomes of its rows when a tenant goes to another file. A test reads the schema and finds the
/// tables that are not here, so that a new one cannot be forgotten.
package enum TenantTables {
    /// What goes along: parents before what refers to them.
    package static let moving: [TransferTable] = people + twins + sources + owners + graph + conversing + work + desk + personas

    /// What stays where it is, by table, with the reason.
    package static let staying: [String: String] = [
        "signing_keys": "the server's own: tokens of one file are not those of another",
        "change_sequence": "the file's own counter of its commits",
        "secrets": "those of a tenant are carried by name, see TenantSecrets",
        "paced_limits": "counts of the last minutes",
        "rate_windows": "counts of the last minutes",
        "openid_states": "sign-ins of the last minutes, at this server",
        "chunk_sequence": "the file's own counter, which is raised past what arrives",
        "stored_files": "notes of where files are, which are written anew",
        "journal_system_prompts": "the operator's, for everybody in the file",
        "tenant_moves": "the file's own word of what has left it",
        "moved_names": "the file's own word of what has left it",
    ]

    private static let people: [TransferTable] = [
        .owned("tenants", by: "id"),
        // Who operates a server is the server's to say.
        .owned("users").setting("is_operator", "0"),
        .following("user_accounts", "user_key", "users"), .following("password_resets", "user_key", "users"),
        .following("token_families", "user_key", "users"), .following("known_devices", "user_key", "users"),
        .following("login_links", "user_key", "users"), .owned("invitations"), .owned("api_keys"),
        .owned("quotas"), .following("quota_reservations", "quota_key", "quotas"),
        // Keys count the rows of a file, without gaps; the hash of a row goes on holding the one that it was written with.
        .owned("audit_log")
            .setting(
                "key",
                "(SELECT coalesce(max(seq), 0) FROM {to}sqlite_sequence WHERE name = 'audit_log') + row_number() OVER (ORDER BY r.key)"
            )
            .setting("chained_key", "coalesce(r.chained_key, r.key)"),
    ]

    private static let twins: [TransferTable] = [
        .owned("twins"), .owned("access_groups"), .following("share_links", "twin_key", "twins"),
        .following("group_limits", "group_key", "access_groups"), .following("group_overrides", "group_key", "access_groups"),
        // A guest, who is of another tenant, is not there any more: the place is held for their address.
        .following("group_memberships", "twin_key", "twins")
            .setting("user_id", "CASE WHEN \(isOwnMember) THEN r.user_id END")
            .setting("email", "CASE WHEN \(isOwnMember) THEN r.email ELSE \(guestAddress) END")
            .only("\(isOwnMember) OR (\(guestAddress) IS NOT NULL AND \(guestAddress) NOT IN (\(heldAddresses)))"),
        .following("usage_days", "twin_key", "twins"),
    ]

    private static let isOwnMember =
        "(r.user_id IS NULL OR NOT EXISTS (SELECT 1 FROM {from}users WHERE id = r.user_id AND tenant_id <> ?1))"
    private static let guestAddress = "(SELECT email FROM {from}users WHERE id = r.user_id AND is_proven)"
    private static let heldAddresses =
        "SELECT email FROM {from}group_memberships h WHERE h.twin_key = r.twin_key AND email IS NOT NULL"

    private static let sources: [TransferTable] = [
        .owned("texts"), .owned("sources").pointing("first_chunk", "chunks"), .following("chunks", "source_key", "sources"),
        .following("source_logs", "source_key", "sources"), .following("source_permissions", "source_key", "sources"),
        .following("document_uploads", "source_key", "sources").naming("r.object"),
        .following("index_segments", "twin_key", "twins").pointing("twin_key", "twins").pointing("first_chunk", "chunks"),
        // A page is found by its segment, which is the upper half of its key.
        .following(
            "index_pages", value: "(@.key >> 32)", "index_segments",
            keys: """
                SELECT p.key FROM {from}index_segments g CROSS JOIN {from}index_pages p
                    ON p.key >= g.key << 32 AND p.key < (g.key + 1) << 32
                WHERE g.twin_key IN (SELECT key FROM {from}twins WHERE tenant_id = ?1)
                """
        ).setting("key", "r.key + ({shift index_segments} << 32)"),
        .following("vector_sets", "twin_key", "twins"),
        .following("vector_blocks", "source_key", "sources").pointing("first_chunk", "chunks"),
    ]

    private static let owners: [TransferTable] = [
        .owned("verified_answers"), .following("verified_answer_permissions", "answer_key", "verified_answers"),
        .following("verified_answer_patches", "answer_key", "verified_answers"),
        .following("verified_answer_revisions", "twin_key", "twins"),
        .following("verified_answer_vectors", "answer_key", "verified_answers"), .owned("owner_memories"),
        .owned("memory_events"), .owned("clarifications"), .owned("escalations"),
    ]

    private static let conversing: [TransferTable] = [
        .owned("sessions"), .owned("conversations"),
        .following("messages", "conversation_key", "conversations").pointing("question_key", "messages"),
        .following("conversation_days", "twin_key", "twins"), .owned("message_feedback"),
        .following("graph_messages", "twin_key", "twins").pointing("last_key", "messages"),
        // What is known, by a source or by a message: behind both.
        .following("graph_evidence", "source_key", "sources").or("message_key", "messages")
            .setting(
                "target_key",
                """
                r.target_key + CASE r.kind WHEN 1 THEN {shift graph_nodes} WHEN 2 THEN {shift graph_edges}
                    WHEN 3 THEN {shift memory_candidates} ELSE 0 END
                """),
        .following("journal_sessions", "user_key", "users"), .following("journal_prompts", "user_key", "users"),
        .following("journal_user_prompts", "user_key", "users"),
    ]

    private static let graph: [TransferTable] = [
        .owned("graph_nodes"), .following("graph_aliases", "node_key", "graph_nodes"), .owned("graph_edges"),
        .following("graph_merges", "twin_key", "twins"), .following("graph_sources", "source_key", "sources"),
        .following("graph_supersessions", "twin_key", "twins"), .owned("memory_candidates"),
    ]

    private static let work: [TransferTable] = [
        // What is in work is begun again there: its worker is of this machine. Letters name the rows that they tell of by keys.
        .owned("jobs").waiting()
            .setting("status", "CASE r.status WHEN 'processing' THEN 'queued' ELSE r.status END")
            .setting("lease_owner", "NULL").setting("lease_expires_at", "NULL")
            .setting(
                "payload",
                "CASE \(letter) \(shiftedLetter("unanswered", "escalations")) \(shiftedLetter("handovers", "desk_handovers")) ELSE r.payload END"
            )
            .naming("json_extract(r.metadata, '$.zip')"),
        .following("job_logs", "job_key", "jobs"), .following("training_news", "job_id", "jobs", by: "id").naming("r.weights"),
        .owned("mail_marks").setting(
            "told_key",
            """
            r.told_key + CASE r.letter WHEN 'unanswered' THEN {shift escalations} WHEN 'handovers' THEN {shift desk_handovers}
                ELSE 0 END
            """),
        .owned("client_files").naming("r.object"), .following("client_file_uses", "file_key", "client_files"),
    ]

    private static let letter = "CASE json_extract(r.payload, '$.task') WHEN 'mail' THEN json_extract(r.payload, '$.letter') END"

    private static func shiftedLetter(_ name: String, _ table: String) -> String {
        """
        WHEN '\(name)' THEN json_set(r.payload, '$.after', json_extract(r.payload, '$.after') + {shift \(table)},
            '$.up_to', json_extract(r.payload, '$.up_to') + {shift \(table)})
        """
    }

    private static let desk: [TransferTable] = [
        .owned("desk_agents").sharing(where: "@.tenant_id IS NULL", by: "name"),
        .owned("desk_tools").sharing(where: "@.tenant_id IS NULL", by: "name"),
        .following("desk_agent_tools", "agent_key", "desk_agents"), .owned("desk_agent_permissions"),
        .owned("desk_tool_permissions"), .owned("desks"), .owned("desk_contacts"), .owned("desk_sessions"),
        .owned("desk_handovers"), .following("desk_staff", "user_key", "users"), .owned("desk_notes"), .owned("desk_tool_calls"),
        .owned("desk_events"), .owned("desk_event_sequences"), .owned("desk_tickets"), .owned("desk_webhooks"),
        .owned("desk_deliveries"),
    ]

    private static let personas: [TransferTable] = [
        .owned("avatars").naming("r.base_image", "r.lora_weights"), .following("avatar_components", "avatar_key", "avatars"),
        .owned("lora_models").naming("r.weights"), .owned("content_pieces").naming("r.picture"),
        .following("failed_pieces", "avatar_key", "avatars"),
        .following("dataset_images", "avatar_key", "avatars").naming("r.picture"), .owned("cost_entries"),
    ]
}
