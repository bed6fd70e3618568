import TwinHTTP
import TwinSupport

/// Who one is, and the twins of one's tenant.
struct BrainTwins: RouteCollection {
    let context: APIContext

    private static let name = FieldRule.line(1...200)
    private static let description = FieldRule.string(0...4_000)
    private static let specialization = FieldRule.string(1...100)
    private static let twin = JSONSchema.reference("BrainTwin")

    func add(to group: inout RouteGroup) throws {
        try group.get(
            "/api/auth/me",
            .brain(
                "Who is signed in", .userRead,
                answer: JSONSchema.output([
                    "id": JSONSchema.string, "email": JSONSchema.string, "tenant_id": JSONSchema.nullableString,
                    "role": JSONSchema.string, "created_at": JSONSchema.dateTime,
                ])), me)
        try group.post(
            "/api/twins",
            .brain(
                "Make a twin that learns", .userWrite,
                description: "It hands questions that it cannot answer to its owner, and reads what it is given at once.",
                body: JSONSchema.input(
                    [
                        "name": Self.name.schema, "description": Self.description.schema,
                        "specialization": Self.specialization.schema,
                    ], required: ["name"]), example: ["name": "My VC Brain"], answer: Self.twin, status: .created), create)
        try group.get(
            "/api/twins",
            .brain(
                "List the twins, newest first", .read, parameters: BrainPage.parameters,
                answer: BrainSchemas.list("twins", "BrainTwin")), list)
        try group.get("/api/twins/{twin_id}", .brain("Read a twin", .read, answer: Self.twin)) { request in
            .json(try json(context.twin(request, .read)))
        }
        try group.patch(
            "/api/twins/{twin_id}",
            .brain(
                "Change a twin", .userWrite, description: "Members of `personality` are set, or removed where they are null.",
                body: JSONSchema.change([
                    "name": Self.name.schema, "description": Self.description.schema, "personality": JSONSchema.object,
                ]), example: ["personality": ["tone": "professional"]], answer: Self.twin), change)
        try group.delete(
            "/api/twins/{twin_id}", .brain("Delete a twin with everything it knows", .userWrite, status: .noContent)
        ) { request in
            try context.workspace.twins.delete(context.twin(request, .manage), by: request.principal.actorID)
            return Response(.noContent)
        }
    }

    private func me(_ request: Request) throws -> Response {
        guard case .user(let user) = request.principal else {
            if request.principal == .nobody { throw Authorizer.unauthenticated }
            throw TwinError(.notPermitted, "this needs a signed-in user; an API key is not enough")
        }
        let known = try context.withWorkspace(user)
        return .json([
            "id": .string(known.id), "email": .string(known.email), "tenant_id": .optional(known.tenantID),
            "role": .string(known.role.rawValue), "created_at": .string(known.createdAt.description),
        ])
    }

    private func create(_ request: Request) throws -> Response {
        let tenant = try context.tenant(request, .manage)
        var body = try request.bodyFields()
        let name = body.required("name", Self.name)
        let description = body.optional("description", Self.description)
        let specialization = body.optional("specialization", Self.specialization)
        try body.validate()
        var settings = TwinSettings()
        try settings.set("escalation.enabled", true)
        // The contract's own threshold.
        try settings.set("escalation.below", 0.7)
        try settings.set("graph.extraction", "ingest")
        let twin = try context.workspace.twins.create(
            name: name, description: description, specialization: specialization ?? "vanilla", settings: settings,
            tenantID: tenant, by: request.principal.actorID)
        return .json(try json(twin), status: .created)
    }

    private func list(_ request: Request) throws -> Response {
        var query = request.queryFields()
        let page = BrainPage(&query)
        try query.validate()
        var twins: [Twin] = []
        if case .user(let user) = request.principal, user.tenantID == nil {
            // Somebody without a workspace has no twins yet, which is no error.
        } else {
            twins = try context.authorizer.twins(visibleTo: request.principal)
        }
        return try page.response("twins", of: twins, json)
    }

    private func change(_ request: Request) throws -> Response {
        let twin = try context.twin(request, .manage)
        var body = try request.bodyFields()
        let name = body.optional("name", Self.name)
        let description = body.optional("description", Self.description)
        let personality = body.optional("personality", .object)
        try body.validate()
        guard name != nil || description != nil || personality != nil else {
            throw TwinError(.invalid, "there is nothing to change; send a field")
        }
        let changed = try context.workspace.twins.update(twin, by: request.principal.actorID) { current in
            var change = TwinStore.Change(name: name, description: description)
            if let personality { change.settings = try Self.settings(current.settings, setting: personality) }
            return change
        }
        return .json(try json(changed))
    }

    /// Settings with the members of a personality set. Its tone is also how the twin talks.
    private static func settings(_ settings: TwinSettings, setting personality: JSONObject) throws -> TwinSettings {
        var object = settings.value("brain.personality")?.objectValue ?? JSONObject()
        for (key, value) in personality.members { object[key] = value.isNull ? nil : value }
        var changed = settings
        try changed.set("brain.personality", .object(object))
        if personality["tone"] != nil { try changed.set("tone", object["tone"]?.stringValue.map(JSON.string)) }
        return try TwinSettings.checked(changed.object)
    }

    private func json(_ twin: Twin) throws -> JSON {
        let hasLearned =
            try context.workspace.sources.list(twin: twin, statuses: [.live, .needsAttention], limit: 1).isEmpty == false
        return [
            "id": .string(twin.id), "name": .string(twin.name), "description": .string(twin.description),
            "specialization": .string(twin.specialization), "onboarding_status": hasLearned ? "complete" : "pending",
            "personality": .object(twin.settings.value("brain.personality")?.objectValue ?? JSONObject()),
            "tenant_id": .string(twin.tenantID), "created_at": .string(twin.createdAt.description),
            "updated_at": .string(twin.updatedAt.description),
        ]
    }
}
