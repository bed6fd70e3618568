import TwinHTTP
import TwinSupport

/// Tenants and what they may use. The operator sees all of them, an owner sees their own.
struct SupportTenants: RouteCollection {
    let context: APIContext

    private static let name = FieldRule.line(1...200)
    private static let domain = FieldRule.string(1...63).matching("^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$") { text in
        let isLabel = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "-")
        }
        guard isLabel, !text.hasPrefix("-"), !text.hasSuffix("-") else {
            throw FieldRule<String>.Problem("value_error", "Input should have lower-case letters, digits and hyphens only")
        }
    }
    private static let status = FieldRule.oneOf(["active", "inactive"])
    private static let tenant = JSONSchema.reference("SupportTenant")
    private static let permissions = JSONSchema.reference("SupportPermissions")
    private static let agentPermission = FieldRule<[JSON]>.list(of: .any, count: 0...1_000)
    private static func permission(_ name: String) -> FieldRule<Permission> {
        FieldRule<Permission>.fields(
            schema: JSONSchema.object([name: JSONSchema.uuid, "enabled": JSONSchema.boolean]),
            placeholder: Permission(id: "", isEnabled: false)
        ) { fields in
            Permission(id: fields.required(name, .uuid), isEnabled: fields.required("enabled", .bool))
        }
    }

    struct Permission: Sendable {
        var id: String
        var isEnabled: Bool
    }

    func add(to group: inout RouteGroup) throws {
        let path = "/api/admin/tenants"
        let one = path + "/{tenant_id:uuid}"
        try group.get(
            path,
            .support(
                "List tenants, newest first", .userRead,
                answer: JSONSchema.output(["tenants": JSONSchema.array(Self.tenant), "total": JSONSchema.integer]))
        ) { request in
            let desks = try context.desks.list(as: context.deskPrincipal(request))
            return .json(["tenants": .array(desks.map { SupportTenant($0).json }), "total": .number(desks.count)])
        }
        try group.post(
            path,
            .support(
                "Make a tenant with a desk and a twin", .userWrite, description: "Only the operator of the server does.",
                body: JSONSchema.input(
                    [
                        "name": Self.name.schema, "subdomain": Self.domain.schema, "domain": Self.domain.schema,
                        "settings": JSONSchema.object,
                    ], required: ["name"]), example: ["name": "Acme", "subdomain": "acme"], answer: Self.tenant, status: .created)
        ) { request in
            let principal = try context.deskPrincipal(request)
            guard principal.isOperator else {
                if principal == .nobody { throw Authorizer.unauthenticated }
                throw TwinError(.notPermitted, "only the operator of the server makes tenants")
            }
            var body = try request.bodyFields()
            let name = body.required("name", Self.name)
            let domain = body.optional("subdomain", Self.domain) ?? body.optional("domain", Self.domain)
            let settings = body.optional("settings", .object)
            try body.validate()
            let desk = try context.desks.create(
                name: name, domain: domain, settings: settings ?? JSONObject(), by: principal)
            return .json(SupportTenant(desk).json, status: .created)
        }
        try group.get(one, .support("Read a tenant", .userRead, answer: Self.tenant)) { request in
            .json(SupportTenant(try context.desks.find(tenant(request))).json)
        }
        try group.put(
            one,
            .support(
                "Change a tenant", .userWrite,
                description:
                    "What is left out stays; `settings` replaces all. The operator opens and closes tenants. `twin_id` says which twin "
                    + "the desk answers from, `default_agent_id` who answers what no agent's examples come near.",
                body: JSONSchema.change([
                    "name": Self.name.schema, "subdomain": Self.domain.schema, "domain": Self.domain.schema,
                    "status": Self.status.schema, "settings": JSONSchema.object, "twin_id": JSONSchema.uuid,
                    "default_agent_id": JSONSchema.uuid,
                ]), answer: Self.tenant), change)
        try group.get(one + "/permissions", .support("Read what a tenant may use", .userRead, answer: Self.permissions)) {
            request in
            let tenant = try tenant(request)
            let permissions = try context.workspace.agents.permissions(of: tenant)
            return .json([
                "tenant_id": .string(tenant),
                "enabled_agents": .array(
                    permissions.agents.filter(\.isEnabled).map {
                        ["agent_id": .string($0.agent.id), "agent_name": .string($0.agent.name), "enabled": true]
                    }),
                "enabled_tools": .array(
                    permissions.tools.filter(\.isEnabled).map {
                        ["tool_id": .string($0.tool.id), "tool_name": .string($0.tool.name), "enabled": true]
                    }),
            ])
        }
        try group.put(
            one + "/permissions",
            .support(
                "Change what a tenant may use", .userWrite,
                description:
                    "It binds at once, also in the middle of an answer. Ids that the tenant does not see are passed over.",
                body: JSONSchema.input([
                    "agent_permissions": JSONSchema.array(Self.permission("agent_id").schema),
                    "tool_permissions": JSONSchema.array(Self.permission("tool_id").schema),
                ]), answer: JSONSchema.output(["message": JSONSchema.string, "details": JSONSchema.object]))
        ) { request in
            let tenant = try tenant(request)
            var body = try request.bodyFields()
            let agents = body.optional("agent_permissions", .list(of: Self.permission("agent_id"), count: 0...1_000)) ?? []
            let tools = body.optional("tool_permissions", .list(of: Self.permission("tool_id"), count: 0...1_000)) ?? []
            try body.validate()
            let changed = try context.workspace.agents.permit(
                agents: agents.map { ($0.id, $0.isEnabled) }, tools: tools.map { ($0.id, $0.isEnabled) }, of: tenant,
                by: context.deskPrincipal(request))
            return .json([
                "message": "The permissions are changed",
                "details": [
                    "tenant_id": .string(tenant), "updated_agents": .number(changed.agents),
                    "updated_tools": .number(changed.tools), "cache_invalidated": true,
                ],
            ])
        }
    }

    /// The tenant of the path, if the caller looks after it.
    private func tenant(_ request: Request) throws -> String {
        try context.desk(request, .manage, named: request.parameters.require("tenant_id"))
    }

    private func change(_ request: Request) throws -> Response {
        let tenant = try tenant(request)
        var body = try request.bodyFields()
        var change = Desks.Change()
        change.name = body.optional("name", Self.name)
        change.domain = body.optional("subdomain", Self.domain) ?? body.optional("domain", Self.domain)
        change.isActive = body.optional("status", Self.status).map { $0 == "active" }
        change.settings = body.optional("settings", .object)
        change.twin = body.optional("twin_id", .uuid)
        change.defaultAgent = body.optional("default_agent_id", .uuid)
        try body.validate()
        let wanted = change
        let desk = try context.desks.change(tenant, by: context.deskPrincipal(request)) { _ in wanted }
        return .json(SupportTenant(desk).json)
    }
}
