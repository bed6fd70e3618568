import TwinSupport

/// What belongs to a tenant, a twin, a person of a tenant or a user: the marks of `OwnedTable`.
package enum OwnedByTenant {}
/// The row's twin decides: see `OwnedByTenant`.
package enum OwnedByTwin {}
/// The row's tenant and user decide together.
package enum OwnedByPerson {}
/// The row's user decides, whatever the tenant.
package enum OwnedByUser {}

/// A table whose rows belong to somebody and have ids that callers may name. The type says whose they are, so that a thing of a
/// tenant is not looked for as one of a twin. A test reads the schema and finds the tables that are not here.
///
/// Names come from this program, never from a caller.
package struct OwnedTable<Owner>: Sendable {
    let name: String
    /// What a row is called when there is none.
    let noun: String
    /// What a row is seen with: itself, or the source that it tells of, in this column. None for what has no grants of its own.
    let content: (kind: GrantedContent, column: String)?

    private init(_ name: String, _ noun: String, seenWith content: (kind: GrantedContent, column: String)? = nil) {
        self.name = name
        self.noun = noun
        self.content = content
    }

    var notFound: TwinError { TwinError(.notFound, "there is no such \(noun)") }
}

/// By their column `twin_key`.
extension OwnedTable where Owner == OwnedByTwin {
    package static var sources: Self { Self("sources", "source", seenWith: (.source, "id")) }
    package static var conversations: Self { Self("conversations", "conversation") }
    package static var sessions: Self { Self("sessions", "session") }
    package static var clarifications: Self { Self("clarifications", "clarification") }
    package static var escalations: Self { Self("escalations", "escalation") }
    package static var jobs: Self { Self("jobs", "job", seenWith: (.source, "source_id")) }
    package static var verifiedAnswers: Self {
        Self("verified_answers", "verified answer", seenWith: (.verifiedAnswer, "id"))
    }
    package static var groups: Self { Self("access_groups", "access group") }
    package static var memberships: Self { Self("group_memberships", "membership") }
    package static var memories: Self { Self("owner_memories", "memory") }
    package static var nodes: Self { Self("graph_nodes", "node") }
    package static var edges: Self { Self("graph_edges", "edge") }
    package static var memoryCandidates: Self { Self("memory_candidates", "memory candidate") }

    static var all: [Self] {
        [
            sources, conversations, sessions, clarifications, escalations, jobs, verifiedAnswers, groups, memberships, memories,
            nodes, edges, memoryCandidates,
        ]
    }
}

/// By their column `tenant_id`.
extension OwnedTable where Owner == OwnedByTenant {
    package static var twins: Self { Self("twins", "twin") }
    package static var users: Self { Self("users", "user") }
    package static var invitations: Self { Self("invitations", "invitation") }
    package static var keys: Self { Self("api_keys", "API key") }
    package static var audit: Self { Self("audit_log", "entry of the log") }
    package static var agents: Self { Self("desk_agents", "agent") }
    package static var tools: Self { Self("desk_tools", "tool") }
    package static var contacts: Self { Self("desk_contacts", "contact") }
    package static var deskSessions: Self { Self("desk_sessions", "session") }
    package static var handovers: Self { Self("desk_handovers", "handover") }
    package static var notes: Self { Self("desk_notes", "note") }
    package static var toolCalls: Self { Self("desk_tool_calls", "tool call") }
    package static var webhooks: Self { Self("desk_webhooks", "webhook") }
    package static var deliveries: Self { Self("desk_deliveries", "delivery") }
    /// Within the tenant they are their holder's alone: see `FileHolder`.
    package static var clientFiles: Self { Self("client_files", "file") }

    static var all: [Self] {
        [
            twins, users, invitations, keys, audit, agents, tools, contacts, deskSessions, handovers, notes, toolCalls, webhooks,
            deliveries, clientFiles,
        ]
    }
}

/// By their columns `tenant_id` and `user_id`.
extension OwnedTable where Owner == OwnedByPerson {
    package static var avatars: Self { Self("avatars", "avatar") }
    package static var loraModels: Self { Self("lora_models", "LoRA model") }
    package static var contentPieces: Self { Self("content_pieces", "piece of content") }

    static var all: [Self] { [avatars, loraModels, contentPieces] }
}

/// By their column `user_key`.
extension OwnedTable where Owner == OwnedByUser {
    package static var signIns: Self { Self("token_families", "sign-in") }
    package static var journalSessions: Self { Self("journal_sessions", "session") }
    package static var journalPrompts: Self { Self("journal_prompts", "prompt") }
    package static var journalUserPrompts: Self { Self("journal_user_prompts", "prompt") }

    static var all: [Self] { [signIns, journalSessions, journalPrompts, journalUserPrompts] }
}
