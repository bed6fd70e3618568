import TwinHTTP
import TwinSupport

/// API keys of the tenant.
struct StudioKeys: RouteCollection {
    let context: APIContext

    private static let name = FieldRule.line(1...200)
    private static let domains = FieldRule.list(of: FieldRule.string(1...253), count: 0...100)
    private static let twins = FieldRule.list(of: .uuid, count: 0...1_000)
    private static let scopes = FieldRule.list(of: FieldRule.oneOf(KeyStore.Scope.allCases.map(\.rawValue)), count: 0...3)
    private static let days = FieldRule.int(1...36_500)
    private static let key = JSONSchema.reference("APIKey")

    func add(to group: inout RouteGroup) throws {
        try group.get(
            "/api-keys",
            .contract("List the keys, newest first, revoked ones too", .userRead, answer: JSONSchema.array(Self.key)),
            list)
        try group.post(
            "/api-keys",
            .contract(
                "Make a key; its text is shown only once", .userWrite,
                description:
                    "Without `scopes` it may only ask. With `group_id` it opens that group's twin and sees what the group sees.",
                body: JSONSchema.input(
                    [
                        "name": Self.name.schema, "allowed_domains": Self.domains.schema,
                        "allowed_twin_ids": Self.twins.schema,
                        "scopes": Self.scopes.schema, "expires_days": Self.days.schema, "group_id": JSONSchema.uuid,
                    ], required: ["name"]),
                example: ["name": "website", "scopes": ["chat"], "allowed_domains": ["example.org"]],
                answer: ["allOf": [Self.key, JSONSchema.output(["key": JSONSchema.string])]]),
            create)
        try group.delete(
            "/api-keys/{key_id}",
            .contract("Revoke a key, with immediate effect", .userWrite, answer: JSONSchema.reference("Message")),
            revoke)
    }

    private func list(_ request: Request) throws -> Response {
        .list(try context.workspace.keys.list(tenantID: context.tenant(request, .manage)))
    }

    private func create(_ request: Request) throws -> Response {
        let tenant = try context.tenant(request, .manage)
        var body = try request.bodyFields()
        let name = body.required("name", Self.name)
        let domains = body.optional("allowed_domains", Self.domains) ?? []
        let twinIDs = body.optional("allowed_twin_ids", Self.twins) ?? []
        let scopes = body.optional("scopes", Self.scopes) ?? []
        let days = body.optional("expires_days", Self.days)
        let groupID = body.optional("group_id", .uuid)
        try body.validate()
        let twins = try twinIDs.map { id in
            do {
                return try context.authorizer.twin(id, .manage, as: request.principal)
            } catch let error as TwinError where error.kind == .notFound {
                throw TwinError(.invalid, "allowed_twin_ids names a twin that is not yours")
            }
        }
        let group = try groupID.map { id in
            do {
                let twin = try context.authorizer.twin(owning: id, in: .groups, .manage, as: request.principal)
                return try context.workspace.groups.find(id, of: twin)
            } catch let error as TwinError where error.kind == .notFound {
                throw TwinError(.invalid, "group_id names an access group that is not yours")
            }
        }
        let made = try context.workspace.keys.create(
            name, tenantID: tenant, twins: twins, group: group, domains: domains,
            scopes: scopes.compactMap(KeyStore.Scope.init), expiresInDays: days, by: request.principal.actorID)
        // Shown here and never again.
        let object = (made.key.json.objectValue ?? JSONObject()).merging([
            "key": .string(made.text.reveal()), "warning": .optional(made.key.warning),
        ])
        return .json(.object(object), headers: [HeaderField("cache-control", "no-store")])
    }

    private func revoke(_ request: Request) throws -> Response {
        let id = try request.parameters.require("key_id")
        let tenant = try context.authorizer.tenant(owning: id, in: .keys, .manage, as: request.principal)
        _ = try context.workspace.keys.revoke(id, tenantID: tenant, by: request.principal.actorID)
        return .success("The key is revoked.")
    }
}
