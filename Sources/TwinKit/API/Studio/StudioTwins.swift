import TwinHTTP
import TwinSupport

/// Twins: making, reading, changing, publishing, archiving and deleting them.
struct StudioTwins: RouteCollection {
    let context: APIContext

    private static let name = FieldRule.line(1...200)
    private static let description = FieldRule.string(0...4_000)
    private static let specialization = FieldRule.string(1...100)
    private static let twin = JSONSchema.reference("Twin")

    func add(to group: inout RouteGroup) throws {
        try group.post(
            "/twins",
            .contract(
                "Make a twin", .userWrite,
                body: JSONSchema.input(
                    [
                        "name": Self.name.schema, "description": Self.description.schema,
                        "specialization": Self.specialization.schema, "settings": JSONSchema.object,
                    ], required: ["name"]),
                example: ["name": "Amara Lindqvist", "description": "Wind turbine gearboxes"], answer: Self.twin),
            create)
        try group.get("/twins", .contract("List the twins, newest first", .read, answer: JSONSchema.array(Self.twin)), list)
        try group.get("/twins/{twin_id}", .contract("Read a twin", .read, answer: Self.twin), read)
        try group.patch(
            "/twins/{twin_id}",
            .contract(
                "Change a twin", .userWrite,
                description: "`settings` replaces the whole object. `is_public` takes a twin with a live source.",
                body: JSONSchema.change([
                    "name": Self.name.schema, "description": Self.description.schema,
                    "specialization_id": Self.specialization.schema, "is_public": JSONSchema.boolean,
                    "settings": JSONSchema.object,
                ]),
                example: ["is_public": true], answer: JSONSchema.array(Self.twin)),
            change)
        try group.post(
            "/twins/{twin_id}/archive",
            .contract("Archive a twin", .userWrite, answer: JSONSchema.reference("TwinDeletion")), archive)
        try group.post(
            "/twins/{twin_id}/unarchive", .contract("Bring an archived twin back", .userWrite, answer: Self.twin), unarchive)
        try group.delete(
            "/twins/{twin_id}",
            .contract(
                "Archive a twin, or delete it with everything it knows", .userWrite,
                parameters: [.query("hard", .bool, "Delete instead of archiving")],
                answer: JSONSchema.reference("TwinDeletion")),
            delete)
    }

    private func create(_ request: Request) throws -> Response {
        let tenant = try context.tenant(request, .manage)
        var body = try request.bodyFields()
        let name = body.required("name", Self.name)
        let description = body.optional("description", Self.description)
        let specialization = body.optional("specialization", Self.specialization)
        let settings = body.optional("settings", .object)
        try body.validate()
        let twin = try context.conflictsAreInvalid {
            try context.workspace.twins.create(
                name: name, description: description, specialization: specialization ?? "vanilla",
                settings: TwinSettings(settings ?? JSONObject()), tenantID: tenant, by: request.principal.actorID)
        }
        return .json(StudioTwin(twin).json)
    }

    private func list(_ request: Request) throws -> Response {
        // Somebody without a workspace has no twins yet, which is no error.
        if case .user(let user) = request.principal, user.tenantID == nil { return .json([]) }
        return .list(try context.authorizer.twins(visibleTo: request.principal).map(StudioTwin.init))
    }

    private func read(_ request: Request) throws -> Response {
        Response.json(StudioTwin(try context.twin(request, .read)).json).conditional(on: request)
    }

    private func change(_ request: Request) throws -> Response {
        let twin = try context.twin(request, .manage)
        var body = try request.bodyFields()
        let settings = body.optional("settings", .object)
        let change = TwinStore.Change(
            name: body.optional("name", Self.name), description: body.optional("description", Self.description),
            specialization: body.optional("specialization_id", Self.specialization),
            settings: settings.map { TwinSettings($0) }, isPublic: body.optional("is_public", .bool))
        try body.validate()
        guard change != TwinStore.Change() else { throw TwinError(.invalid, "there is nothing to change; send a field") }
        do {
            let changed = try context.conflictsAreInvalid {
                try context.workspace.twins.update(twin, by: request.principal.actorID) { _ in change }
            }
            return .list([StudioTwin(changed)])
        } catch let error as TwinStore.NotReady {
            throw DetailedError(
                status: .badRequest, detail: ["message": .string(error.error.message), "issues": .strings(error.issues)])
        }
    }

    private func archive(_ request: Request) throws -> Response {
        try archived(context.twin(request, .manage), request)
    }

    private func unarchive(_ request: Request) throws -> Response {
        let twin = try context.twin(request, .manage)
        return .json(StudioTwin(try context.workspace.twins.unarchive(twin, by: request.principal.actorID)).json)
    }

    private func archived(_ twin: Twin, _ request: Request) throws -> Response {
        let archived = try context.workspace.twins.archive(twin, by: request.principal.actorID)
        return deletion(
            twin.id, twin.archivedAt == nil ? "archived" : "already_archived", at: archived.archivedAt,
            "The twin no longer answers; it keeps what it knows.")
    }

    private func delete(_ request: Request) throws -> Response {
        var query = request.queryFields()
        let isHard = query.optional("hard", .bool) ?? false
        try query.validate()
        let id = try request.parameters.require("twin_id")
        let twin: Twin
        do {
            twin = try context.twin(request, .manage)
        } catch let error as TwinError where error.kind == .notFound {
            // Deleting again is done already, for those who may delete. Another tenant's twin is not found.
            guard isHard, Identifier.isValid(id), try !context.workspace.twins.exists(id) else { throw error }
            _ = try context.tenant(request, .manage)
            return deletion(id, "deleted", at: nil, "There is no such twin.")
        }
        guard isHard else { return try archived(twin, request) }
        try context.workspace.twins.delete(twin, by: request.principal.actorID)
        return deletion(twin.id, "deleted", at: Clock.now, "The twin and everything it knew are deleted.")
    }

    private func deletion(_ id: String, _ status: String, at time: Timestamp?, _ message: String) -> Response {
        .json([
            "status": .string(status), "twin_id": .string(id), "deleted_at": .optional(time?.description),
            "cleanup_status": "done", "message": .string(message),
        ])
    }
}
