import TwinDatabase
import TwinSupport

/// How an answer is laid out. The formats are fixed, and so are their ids.
package enum OutputFormat: String, Sendable, CaseIterable {
    case text, markdown, json

    package var id: String {
        switch self {
        case .text: "0190b3a0-0000-7000-8000-000000000011"
        case .markdown: "0190b3a0-0000-7000-8000-000000000012"
        case .json: "0190b3a0-0000-7000-8000-000000000013"
        }
    }

    package init?(id: String) {
        guard let found = Self.allCases.first(where: { $0.id == id }) else { return nil }
        self = found
    }

    package var summary: String {
        switch self {
        case .text: "Plain sentences"
        case .markdown: "Markdown, with lists and emphasis"
        case .json: "One JSON object"
        }
    }

    /// What a model is told of it.
    var instruction: String {
        switch self {
        case .text: "Answer in plain sentences, without markup."
        case .markdown: "Answer in Markdown."
        case .json: "Answer with one JSON object and nothing else."
        }
    }
}

/// A way of answering at a desk: with instructions, tools and a format of its own, from the knowledge of the desk's twin.
package struct Agent: Sendable, Equatable {
    let key: Int64
    package let id: String
    /// None for the operator's, which tenants enable and do not change.
    package let tenantID: String?
    package let name: String
    package let description: String
    package let instructions: String
    package let outputFormat: OutputFormat
    /// Questions that are this agent's.
    package let examples: [String]
    package let isActive: Bool
    package let metadata: JSONObject
    package let createdAt: Timestamp
    package let updatedAt: Timestamp
    /// The first goes first.
    package var tools: [DeskTool] = []

    static let columns = """
        a.key, a.id, a.tenant_id, a.name, a.description, a.instructions, a.output_format, a.examples, a.is_active, a.metadata,
        a.created_at, a.updated_at
        """

    /// Throws `TwinError` (`failed`) for a format that this version does not know.
    init(_ row: Row) throws {
        key = row.int64(0)
        id = row.text(1)
        tenantID = row.optionalText(2)
        name = row.text(3)
        description = row.text(4)
        instructions = row.text(5)
        outputFormat = try row.value(6)
        examples = try row.array(7, of: \.stringValue)
        isActive = row.bool(8)
        metadata = try row.object(9)
        createdAt = try row.requiredTimestamp(10)
        updatedAt = try row.requiredTimestamp(11)
    }
}

/// Agents as rows.
package struct Agents: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    static let notFound = TwinError(.notFound, "there is no such agent")
    private static let maximumBytes = 65_536
    package static let maximumTools = 50

    // MARK: Finding

    /// A tenant's own agents and the operator's, newest first.
    package func list(
        visibleTo tenantID: String, isActive: Bool? = nil, limit: Int = 500, offset: Int = 0
    ) throws -> (agents: [Agent], total: Int) {
        try database.read { connection in
            let condition = "(a.tenant_id = ?1 OR a.tenant_id IS NULL) AND (?2 IS NULL OR a.is_active = ?2)"
            let agents = try connection.rows(
                "SELECT \(Agent.columns) FROM desk_agents a WHERE \(condition) ORDER BY a.key DESC LIMIT ?3 OFFSET ?4",
                tenantID, isActive, limit, offset, map: Agent.init)
            return (
                try agents.map { try Self.withTools($0, on: connection) },
                try connection.first("SELECT count(*) FROM desk_agents a WHERE \(condition)", tenantID, isActive) { $0.int(0) }
                    ?? 0
            )
        }
    }

    /// An agent by its id or name, the tenant's own before the operator's of that name. Throws `TwinError` (`notFound`).
    package func find(_ name: String, visibleTo tenantID: String) throws -> Agent {
        try database.read { try Self.find(name, visibleTo: tenantID, on: $0) }
    }

    /// By its id or its name.
    static func find(_ name: String, visibleTo tenantID: String, on connection: Connection) throws -> Agent {
        let agent = try connection.first(
            """
            SELECT \(Agent.columns) FROM desk_agents a
            WHERE (a.id = ?1 OR a.name = ?1 COLLATE NOCASE) AND (a.tenant_id = ?2 OR a.tenant_id IS NULL)
            ORDER BY a.id = ?1 DESC, a.tenant_id IS NULL LIMIT 1
            """, name, tenantID, map: Agent.init)
        guard let agent else { throw notFound }
        return try withTools(agent, on: connection)
    }

    private static func withTools(_ agent: Agent, on connection: Connection) throws -> Agent {
        var agent = agent
        agent.tools = try connection.rows(
            """
            SELECT \(DeskTool.columns) FROM desk_agent_tools x JOIN desk_tools t ON t.key = x.tool_key
            WHERE x.agent_key = ? ORDER BY x.position, t.key
            """, agent.key, map: DeskTool.init)
        return agent
    }

    /// The agents that answer at a tenant's desk now: active and enabled, each with those of its tools that are.
    static func answering(_ tenantID: String, on connection: Connection) throws -> [Agent] {
        let agents = try connection.rows(
            """
            SELECT \(Agent.columns) FROM desk_agents a LEFT JOIN desk_agent_permissions p
                ON p.agent_key = a.key AND p.tenant_id = ?1
            WHERE a.is_active AND (a.tenant_id = ?1 OR a.tenant_id IS NULL) AND coalesce(p.is_enabled, a.tenant_id IS NOT NULL)
            ORDER BY a.key
            """, tenantID, map: Agent.init)
        return try agents.map { agent in
            var agent = agent
            agent.tools = try connection.rows(
                """
                SELECT \(DeskTool.columns) FROM desk_agent_tools x JOIN desk_tools t ON t.key = x.tool_key
                WHERE x.agent_key = ?2 AND \(usable) ORDER BY x.position, t.key
                """, tenantID, agent.key, map: DeskTool.init)
            return agent
        }
    }

    private static let usable = """
        t.is_active AND (t.tenant_id = ?1 OR t.tenant_id IS NULL) AND coalesce(
            (SELECT is_enabled FROM desk_tool_permissions p WHERE p.tool_key = t.key AND p.tenant_id = ?1), t.tenant_id IS NOT NULL)
        """

    /// The tool as it stands now, if the tenant may still use it through this agent; asked before every call, since an answer
    /// takes its time.
    static func usableTool(
        _ tool: DeskTool, of agent: Agent, _ tenantID: String, on connection: Connection
    ) throws -> DeskTool? {
        guard try Desks.find(tenantID, on: connection).isActive,
            try answering(tenantID, on: connection).contains(where: { $0.key == agent.key })
        else { return nil }
        return try connection.first(
            """
            SELECT \(DeskTool.columns) FROM desk_agent_tools x JOIN desk_tools t ON t.key = x.tool_key
            WHERE x.agent_key = ?2 AND t.key = ?3 AND \(usable)
            """, tenantID, agent.key, tool.key, map: DeskTool.init)
    }

    // MARK: Changing

    /// What is said of an agent; of a change, what is `nil` stays.
    package struct Content: Sendable {
        package var name: String?
        package var description: String?
        package var instructions: String?
        package var outputFormat: OutputFormat?
        package var examples: [String]?
        package var isActive: Bool?
        package var metadata: JSONObject?
        /// Ids or names, the first going first; replaces all.
        package var tools: [String]?
        package init() {}
    }

    /// Adds an agent to a tenant, or without one for all that enable it, which only the operator does.
    package func add(_ content: Content, to tenantID: String?, by principal: Principal) throws -> Agent {
        guard let name = content.name else { throw TwinError(.invalid, "an agent needs a name") }
        try DeskTools.checkOwner(tenantID, principal)
        try Self.check(content)
        return try database.write { connection in
            try Self.checkFree(name, tenantID, on: connection)
            let id = Identifier.make()
            try connection.run(
                """
                INSERT INTO desk_agents (id, tenant_id, name, description, instructions, output_format, examples, is_active,
                    metadata, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)
                """,
                [
                    id, tenantID, name, content.description ?? "", content.instructions ?? "",
                    (content.outputFormat ?? .text).rawValue, JSON.strings(content.examples ?? []), content.isActive ?? true,
                    JSON.object(content.metadata ?? JSONObject()), Clock.now,
                ] as [any DatabaseConvertible])
            let key = connection.lastInsertedKey
            if let tools = content.tools { try Self.give(tools, to: key, tenantID, on: connection) }
            try DeskTools.log(.agentCreated, id, tenantID, principal, on: connection)
            return try Self.first(id, on: connection)
        }
    }

    /// Changes an agent, in one transaction with its line in the audit log. Throws `TwinError`: not found, `notPermitted` for one
    /// that the operator shares, `conflict` for a name that is taken.
    package func update(_ id: String, of tenantID: String, _ content: Content, by principal: Principal) throws -> Agent {
        try Self.check(content)
        return try database.write { connection in
            let agent = try Self.find(id, visibleTo: tenantID, on: connection)
            try DeskTools.checkOwner(agent.tenantID, principal)
            if let name = content.name, name.lowercased() != agent.name.lowercased() {
                try Self.checkFree(name, agent.tenantID, on: connection)
            }
            try connection.run(
                """
                UPDATE desk_agents SET name = ?2, description = ?3, instructions = ?4, output_format = ?5, examples = ?6,
                    is_active = ?7, metadata = ?8, updated_at = ?9 WHERE key = ?1
                """,
                [
                    agent.key, content.name ?? agent.name, content.description ?? agent.description,
                    content.instructions ?? agent.instructions, (content.outputFormat ?? agent.outputFormat).rawValue,
                    JSON.strings(content.examples ?? agent.examples), content.isActive ?? agent.isActive,
                    JSON.object(content.metadata ?? agent.metadata), Clock.now,
                ] as [any DatabaseConvertible])
            if let tools = content.tools { try Self.give(tools, to: agent.key, agent.tenantID, on: connection) }
            try DeskTools.log(.agentUpdated, agent.id, agent.tenantID, principal, on: connection)
            return try Self.first(agent.id, on: connection)
        }
    }

    /// Removes an agent; what it has answered stays. Throws `TwinError`: not found, or `notPermitted` for one that the operator
    /// shares.
    package func remove(_ id: String, of tenantID: String, by principal: Principal) throws {
        try database.write { connection in
            let agent = try Self.find(id, visibleTo: tenantID, on: connection)
            try DeskTools.checkOwner(agent.tenantID, principal)
            try connection.run("DELETE FROM desk_agents WHERE key = ?", agent.key)
            try DeskTools.log(.agentDeleted, agent.id, agent.tenantID, principal, on: connection)
        }
    }

    private static func first(_ id: String, on connection: Connection) throws -> Agent {
        guard
            let agent = try connection.first(
                "SELECT \(Agent.columns) FROM desk_agents a WHERE a.id = ?", id, map: Agent.init)
        else { throw notFound }
        return try withTools(agent, on: connection)
    }

    /// An agent of the operator has only tools that all can see.
    private static func give(
        _ tools: [String], to agentKey: Int64, _ tenantID: String?, on connection: Connection
    ) throws {
        try connection.run("DELETE FROM desk_agent_tools WHERE agent_key = ?", agentKey)
        for (position, name) in tools.enumerated() {
            let tool = try DeskTools.find(name, visibleTo: tenantID ?? "", on: connection)
            try connection.run(
                "INSERT INTO desk_agent_tools (agent_key, tool_key, position) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", agentKey,
                tool.key, position)
        }
    }

    private static func checkFree(_ name: String, _ tenantID: String?, on connection: Connection) throws {
        let taken = try connection.first(
            "SELECT 1 FROM desk_agents WHERE tenant_id IS ? AND name = ? COLLATE NOCASE", tenantID, name, map: { _ in true })
        if taken == true { throw TwinError(.conflict, "there is already an agent named '\(name)'") }
    }

    private static func check(_ content: Content) throws {
        if let name = content.name {
            guard (1...100).contains(name.trimmed.utf8.count),
                !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
            else { throw TwinError(.invalid, "an agent's name has 1 to 100 bytes on one line") }
        }
        for (text, what) in [(content.description, "description"), (content.instructions, "instructions")] {
            guard text?.utf8.count ?? 0 <= maximumBytes else {
                throw TwinError(.invalid, "an agent's \(what) have at most \(maximumBytes) bytes")
            }
        }
        if let examples = content.examples {
            guard examples.count <= 200, examples.allSatisfy({ (1...1_000).contains($0.trimmed.utf8.count) }) else {
                throw TwinError(.invalid, "an agent has at most 200 examples of 1 to 1000 bytes")
            }
        }
        if let tools = content.tools, tools.count > maximumTools {
            throw TwinError(.invalid, "an agent has at most \(maximumTools) tools")
        }
        if let metadata = content.metadata, JSON.object(metadata).text.utf8.count > maximumBytes {
            throw TwinError(.invalid, "an agent's metadata have at most \(maximumBytes) bytes")
        }
    }

    // MARK: Permissions

    /// What a tenant may use: agents and tools, each with whether it is enabled.
    package struct Permissions: Sendable {
        package let agents: [(agent: Agent, isEnabled: Bool)]
        package let tools: [(tool: DeskTool, isEnabled: Bool)]
    }

    /// Every agent and tool that the tenant could use. Its own are enabled until it says otherwise, the operator's are not.
    package func permissions(of tenantID: String) throws -> Permissions {
        try database.read { connection in
            let agents = try connection.rows(
                """
                SELECT \(Agent.columns), coalesce(p.is_enabled, a.tenant_id IS NOT NULL) FROM desk_agents a
                LEFT JOIN desk_agent_permissions p ON p.agent_key = a.key AND p.tenant_id = ?1
                WHERE a.tenant_id = ?1 OR a.tenant_id IS NULL ORDER BY a.key
                """, tenantID
            ) { (agent: try Agent($0), isEnabled: $0.bool(12)) }
            let tools = try connection.rows(
                """
                SELECT \(DeskTool.columns), coalesce(p.is_enabled, t.tenant_id IS NOT NULL) FROM desk_tools t
                LEFT JOIN desk_tool_permissions p ON p.tool_key = t.key AND p.tenant_id = ?1
                WHERE t.tenant_id = ?1 OR t.tenant_id IS NULL ORDER BY t.key
                """, tenantID
            ) { (tool: try DeskTool($0), isEnabled: $0.bool(11)) }
            return Permissions(agents: agents, tools: tools)
        }
    }

    /// Enables and disables agents and tools by their ids. Ids that the tenant does not see are passed over. Answers how many
    /// were found.
    package func permit(
        agents: [(id: String, isEnabled: Bool)], tools: [(id: String, isEnabled: Bool)], of tenantID: String,
        by principal: Principal
    ) throws -> (agents: Int, tools: Int) {
        try database.write { connection in
            var counts = (agents: 0, tools: 0)
            for item in agents {
                try connection.run(
                    """
                    INSERT INTO desk_agent_permissions (tenant_id, agent_key, is_enabled)
                    SELECT ?1, key, ?3 FROM desk_agents WHERE id = ?2 AND (tenant_id = ?1 OR tenant_id IS NULL)
                    ON CONFLICT DO UPDATE SET is_enabled = excluded.is_enabled
                    """, tenantID, item.id.lowercased(), item.isEnabled)
                counts.agents += connection.changes
            }
            for item in tools {
                try connection.run(
                    """
                    INSERT INTO desk_tool_permissions (tenant_id, tool_key, is_enabled)
                    SELECT ?1, key, ?3 FROM desk_tools WHERE id = ?2 AND (tenant_id = ?1 OR tenant_id IS NULL)
                    ON CONFLICT DO UPDATE SET is_enabled = excluded.is_enabled
                    """, tenantID, item.id.lowercased(), item.isEnabled)
                counts.tools += connection.changes
            }
            if counts.agents + counts.tools > 0 {
                try AuditLog.append(
                    .deskPermissionsChanged, tenantID: tenantID, actor: principal.actorID,
                    ["agents": .number(counts.agents), "tools": .number(counts.tools)], on: connection)
            }
            return counts
        }
    }
}
