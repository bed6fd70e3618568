import TwinHTTP
import TwinSupport

/// Agents of a tenant, and those that the operator shares.
struct SupportAgents: RouteCollection {
    let context: APIContext

    private static let name = FieldRule.line(1...100)
    private static let description = FieldRule.string(0...500)
    private static let instructions = FieldRule.string(0...20_000)
    private static let ids = FieldRule<[String]>.list(of: FieldRule.uuid, count: 0...Agents.maximumTools)
    private static let examples = FieldRule<[String]>.list(of: FieldRule.text(1...500), count: 0...200)
    private static let agent = JSONSchema.reference("SupportAgent")
    private static let members: JSONObject = [
        "name": name.schema, "description": description.schema, "system_prompt": instructions.schema,
        "prompt_template": instructions.schema, "output_format_id": JSONSchema.uuid, "tool_ids": ids.schema,
        "examples": examples.schema, "is_active": JSONSchema.boolean, "metadata": JSONSchema.object,
    ]
    private static let shared = RouteDocumentation.Parameter.query(
        "shared", .bool, "For every tenant that enables it; only the operator makes these")

    func add(to group: inout RouteGroup) throws {
        let path = "/api/admin/agents"
        try group.get(
            path,
            .support(
                "List the agents, newest first", .userRead, description: "The tenant's own and those that the operator shares.",
                parameters: [SupportPage.tenant, .query("is_active", .bool, "Only these")] + SupportPage.parameters,
                answer: JSONSchema.output(["agents": JSONSchema.array(Self.agent), "total": JSONSchema.integer])), list)
        try group.post(
            path,
            .support(
                "Make an agent", .userWrite, parameters: [SupportPage.tenant, Self.shared],
                body: JSONSchema.input(Self.members, required: ["name"]),
                example: ["name": "Orders", "description": "Where orders are", "examples": ["Where is my order?"]],
                answer: Self.agent, status: .created), create)
        try group.post(
            path + "/reload-cache",
            .support(
                "Say that agents have changed", .userWrite,
                description: "Nothing is ever stale: each answer reads the agents anew. It tells how many there are.",
                parameters: [SupportPage.tenant],
                answer: JSONSchema.output(["message": JSONSchema.string, "details": JSONSchema.object]))
        ) { request in
            var query = request.queryFields()
            let tenant = try context.desk(request, .manage, query: &query)
            try query.validate()
            let agents = try context.workspace.agents.list(visibleTo: tenant, isActive: true).total
            let tools = try context.workspace.deskTools.list(visibleTo: tenant, isActive: true).total
            return .json([
                "message": "Agents are read anew for each answer; nothing was stale",
                "details": [
                    "tenant_id": .string(tenant), "agents": .number(agents), "tools": .number(tools), "keys_deleted": 0,
                ],
            ])
        }
        try group.get(
            path + "/output-formats",
            .support(
                "List the formats of answers", .userRead,
                answer: JSONSchema.output(["output_formats": JSONSchema.array(JSONSchema.object)]))
        ) { request in
            _ = try context.desk(request, .attend)
            return .json([
                "output_formats": .array(
                    OutputFormat.allCases.map {
                        ["output_format_id": .string($0.id), "name": .string($0.rawValue), "description": .string($0.summary)]
                    })
            ])
        }
        try group.get(
            path + "/{agent_id:uuid}",
            .support("Read an agent", .userRead, parameters: [SupportPage.tenant], answer: Self.agent)
        ) { request in
            let (tenant, id) = try context.deskObject(request, .attend, "agent_id")
            return .json(SupportAgent(try context.workspace.agents.find(id, visibleTo: tenant)).json)
        }
        try group.put(
            path + "/{agent_id:uuid}",
            .support(
                "Change an agent", .userWrite,
                description: "What is left out stays; `tool_ids` replaces all, and earlier ones go first.",
                parameters: [SupportPage.tenant], body: JSONSchema.change(Self.members), answer: Self.agent), change)
        try group.delete(
            path + "/{agent_id:uuid}",
            .support("Delete an agent", .userWrite, parameters: [SupportPage.tenant], status: .noContent)
        ) { request in
            let (tenant, id) = try context.deskObject(request, .manage, "agent_id")
            try context.workspace.agents.remove(id, of: tenant, by: context.deskPrincipal(request))
            return Response(.noContent)
        }
    }

    private func list(_ request: Request) throws -> Response {
        var query = request.queryFields()
        let tenant = try context.desk(request, .attend, query: &query)
        let isActive = query.optional("is_active", .bool)
        let page = SupportPage(&query)
        try query.validate()
        let found = try context.workspace.agents.list(
            visibleTo: tenant, isActive: isActive, limit: page.limit, offset: page.offset)
        return .json(["agents": .array(found.agents.map { SupportAgent($0).json }), "total": .number(found.total)])
    }

    private func create(_ request: Request) throws -> Response {
        var query = request.queryFields()
        let tenant = try context.desk(request, .manage, query: &query)
        let isShared = query.optional("shared", .bool) ?? false
        try query.validate()
        var body = try request.bodyFields()
        let name = body.required("name", Self.name)
        var content = try Self.content(&body)
        content.name = name
        let agent = try context.workspace.agents.add(
            content, to: isShared ? nil : tenant, by: context.deskPrincipal(request))
        return .json(SupportAgent(agent).json, status: .created)
    }

    private func change(_ request: Request) throws -> Response {
        let (tenant, id) = try context.deskObject(request, .manage, "agent_id")
        var body = try request.bodyFields()
        let content = try Self.content(&body)
        return .json(
            SupportAgent(
                try context.workspace.agents.update(id, of: tenant, content, by: context.deskPrincipal(request))
            ).json)
    }

    /// The older name of `system_prompt` is understood too.
    private static func content(_ body: inout FieldDecoder) throws -> Agents.Content {
        var content = Agents.Content()
        content.name = body.optional("name", name)
        content.description = body.optional("description", description)
        content.instructions =
            body.optional("system_prompt", instructions) ?? body.optional("prompt_template", instructions)
        content.tools = body.optional("tool_ids", ids)
        content.examples = body.optional("examples", examples)
        content.isActive = body.optional("is_active", .bool)
        content.metadata = body.optional("metadata", .object)
        let format = body.optional("output_format_id", .uuid)
        try body.validate()
        if let format {
            guard let known = OutputFormat(id: format) else {
                throw TwinError(.notFound, "there is no such output format; GET /api/admin/agents/output-formats lists them")
            }
            content.outputFormat = known
        }
        return content
    }
}
