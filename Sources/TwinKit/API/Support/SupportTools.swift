import TwinHTTP
import TwinSupport

/// Tools of a tenant, and those that the operator shares.
struct SupportTools: RouteCollection {
    let context: APIContext

    /// What can stand in a field of a request.
    private static let secret = FieldRule.string(1...4_096).matching("^[ -~]*$") { text in
        guard text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw FieldRule<String>.Problem("value_error", "Input should be one line of ASCII")
        }
    }
    private static let name = FieldRule.string(1...64).matching("^[A-Za-z0-9_-]+$") { text in
        guard
            text.utf8.allSatisfy({ byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
            })
        else { throw FieldRule<String>.Problem("value_error", "Input should have letters, digits, '_' and '-' only") }
    }
    private static let description = FieldRule.string(0...1_000)
    private static let tool = JSONSchema.reference("SupportTool")
    private static let members: JSONObject = [
        "base_tool_id": JSONSchema.uuid, "name": name.schema, "description": description.schema, "config": JSONSchema.object,
        "input_schema": JSONSchema.object, "is_active": JSONSchema.boolean,
    ]

    func add(to group: inout RouteGroup) throws {
        let path = "/api/admin/tools"
        try group.get(
            path,
            .support(
                "List the tools, newest first", .userRead, description: "The tenant's own and those that the operator shares.",
                parameters: [SupportPage.tenant, .query("is_active", .bool, "Only these")] + SupportPage.parameters,
                answer: JSONSchema.output(["tools": JSONSchema.array(Self.tool), "total": JSONSchema.integer])), list)
        try group.post(
            path,
            .support(
                "Make a tool", .userWrite,
                description:
                    "`GET /api/admin/tools/base` lists the kinds. Private addresses are reached only where the operator lists them.",
                parameters: [
                    SupportPage.tenant,
                    .query("shared", .bool, "For every tenant that enables it; only the operator makes these"),
                ],
                body: JSONSchema.input(Self.members, required: ["base_tool_id", "name"]),
                example: [
                    "base_tool_id": .string(BaseTool.httpGet.id), "name": "order_status",
                    "config": ["url": "https://shop.example.org/orders/{order_id}"],
                    "input_schema": [
                        "type": "object", "properties": ["order_id": ["type": "string", "maxLength": 40]],
                        "required": ["order_id"],
                    ],
                ], answer: Self.tool, status: .created), create)
        try group.get(
            path + "/base",
            .support(
                "List the kinds of tools", .userRead,
                answer: JSONSchema.output(["base_tools": JSONSchema.array(JSONSchema.object)]))
        ) { request in
            _ = try context.desk(request, .attend)
            return .json(["base_tools": .array(BaseTool.allCases.map(SupportTool.base))])
        }
        try group.get(
            path + "/{tool_id:uuid}",
            .support("Read a tool", .userRead, parameters: [SupportPage.tenant], answer: Self.tool)
        ) { request in
            let (tenant, id) = try context.deskObject(request, .attend, "tool_id")
            return .json(SupportTool(try context.workspace.deskTools.find(id, visibleTo: tenant)).json)
        }
        try group.put(
            path + "/{tool_id:uuid}",
            .support(
                "Change a tool", .userWrite, description: "What is left out stays.", parameters: [SupportPage.tenant],
                body: JSONSchema.change(Self.members), answer: Self.tool)
        ) { request in
            let (tenant, id) = try context.deskObject(request, .manage, "tool_id")
            var body = try request.bodyFields()
            let content = try Self.content(&body)
            return .json(
                SupportTool(
                    try context.workspace.deskTools.update(id, of: tenant, content, by: context.deskPrincipal(request))
                ).json)
        }
        try group.delete(
            path + "/{tool_id:uuid}",
            .support("Delete a tool", .userWrite, parameters: [SupportPage.tenant], status: .noContent)
        ) { request in
            let (tenant, id) = try context.deskObject(request, .manage, "tool_id")
            try context.workspace.deskTools.remove(id, of: tenant, by: context.deskPrincipal(request))
            return Response(.noContent)
        }
        try group.put(
            path + "/secrets/{secret_name}",
            .support(
                "Store a secret that tools send along", .userWrite,
                description: "A tool's config names it as `secret_ref`. It is never shown again.",
                parameters: [SupportPage.tenant],
                body: JSONSchema.input(["value": Self.secret.schema], required: ["value"]), status: .noContent)
        ) { request in
            var query = request.queryFields()
            let tenant = try context.desk(request, .manage, query: &query)
            try query.validate()
            var body = try request.bodyFields()
            let value = Secret(body.required("value", Self.secret))
            try body.validate()
            try context.workspace.toolSecrets.set(request.parameters.require("secret_name"), value, of: tenant)
            return Response(.noContent)
        }
    }

    private func list(_ request: Request) throws -> Response {
        var query = request.queryFields()
        let tenant = try context.desk(request, .attend, query: &query)
        let isActive = query.optional("is_active", .bool)
        let page = SupportPage(&query)
        try query.validate()
        let found = try context.workspace.deskTools.list(
            visibleTo: tenant, isActive: isActive, limit: page.limit, offset: page.offset)
        return .json(["tools": .array(found.tools.map { SupportTool($0).json }), "total": .number(found.total)])
    }

    private func create(_ request: Request) throws -> Response {
        var query = request.queryFields()
        let tenant = try context.desk(request, .manage, query: &query)
        let isShared = query.optional("shared", .bool) ?? false
        try query.validate()
        var body = try request.bodyFields()
        let base = body.required("base_tool_id", .uuid)
        let name = body.required("name", Self.name)
        var content = try Self.content(&body)
        content.base = try Self.base(base)
        content.name = name
        let tool = try context.workspace.deskTools.add(
            content, to: isShared ? nil : tenant, by: context.deskPrincipal(request))
        return .json(SupportTool(tool).json, status: .created)
    }

    private static func base(_ id: String) throws -> BaseTool {
        guard let base = BaseTool(id: id) else {
            throw TwinError(.notFound, "there is no such base tool; GET /api/admin/tools/base lists them")
        }
        return base
    }

    private static func content(_ body: inout FieldDecoder) throws -> DeskTools.Content {
        var content = DeskTools.Content()
        let base = body.optional("base_tool_id", .uuid)
        content.name = body.optional("name", name)
        content.description = body.optional("description", description)
        content.config = body.optional("config", .object)
        content.inputSchema = body.optional("input_schema", .object)
        content.isActive = body.optional("is_active", .bool)
        try body.validate()
        content.base = try base.map(Self.base)
        return content
    }
}
