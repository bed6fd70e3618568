import TwinHTTP
import TwinSupport

/// Access groups: who is in them and what they may read.
struct StudioGroups: RouteCollection {
    let context: APIContext

    private static let name = FieldRule.line(1...200)
    private static let description = FieldRule.string(0...4_000)
    private static let contentType = FieldRule.oneOf(ContentPermissions.ContentType.allCases.map(\.rawValue))
    private static let contentIDs = FieldRule.list(of: .uuid, count: 1...1_000)
    private static let group = JSONSchema.reference("AccessGroup")
    private static let message = JSONSchema.output(["message": JSONSchema.string])

    func add(to group: inout RouteGroup) throws {
        try group.get(
            "/twins/{twin_id}/access-groups",
            .contract("List a twin's groups, oldest first", .userRead, answer: JSONSchema.array(Self.group)), list)
        try group.post(
            "/twins/{twin_id}/access-groups",
            .contract(
                "Make a group, which may read nothing yet", .userWrite,
                body: JSONSchema.input(
                    [
                        "name": Self.name.schema, "description": Self.description.schema,
                        "is_public": JSONSchema.boolean, "settings": JSONSchema.object,
                    ], required: ["name"]),
                example: ["name": "Customers"], answer: Self.group),
            create)
        try group.get("/access-groups/{group_id}", .contract("Read a group", .userRead, answer: Self.group), read)
        try group.patch(
            "/access-groups/{group_id}",
            .contract(
                "Change a group", .userWrite,
                body: JSONSchema.change([
                    "name": Self.name.schema, "description": Self.description.schema, "settings": JSONSchema.object,
                ]),
                example: ["description": "Those who bought a turbine"], answer: Self.group),
            change)
        try group.delete("/access-groups/{group_id}", .contract("Delete a group", .userWrite, answer: Self.message), delete)
        try addMembers(to: &group)
        try addPermissions(to: &group)
    }

    private func addMembers(to group: inout RouteGroup) throws {
        try group.get(
            "/access-groups/{group_id}/members",
            .contract(
                "List the members, and the invited addresses that a place is held for", .userRead,
                answer: JSONSchema.array(JSONSchema.reference("Membership"))), members
        )
        try group.post(
            "/twins/{twin_id}/group-memberships",
            .contract(
                "Move a user into a group, out of the twin's others", .userWrite,
                description:
                    "`user_id` is an id, a proven e-mail address or a full name, or an address that was invited: then the place is held for it.",
                body: JSONSchema.input(
                    ["user_id": FieldRule.string(1...254).schema, "group_id": JSONSchema.uuid], required: ["user_id", "group_id"]),
                answer: Self.message),
            join)
        try group.delete(
            "/group-memberships/{membership_id}",
            .contract("Take a user out of a group", .userWrite, answer: Self.message), leave)
    }

    private func addPermissions(to group: inout RouteGroup) throws {
        try group.get(
            "/access-groups/{group_id}/permissions",
            .contract("List what a group may read", .userRead, answer: JSONSchema.array(JSONSchema.reference("Permission"))),
            permissions)
        try group.post(
            "/access-groups/{group_id}/permissions",
            .contract(
                "Let a group read something", .userWrite,
                body: JSONSchema.input(
                    ["content_type": Self.contentType.schema, "content_ids": Self.contentIDs.schema],
                    required: ["content_type", "content_ids"]),
                answer: Self.message),
            grant)
        try group.delete(
            "/access-groups/{group_id}/permissions/{content_type}/{content_id}",
            .contract("Take something away from a group", .userWrite, answer: Self.message), revoke)
    }

    /// The group of the path. Groups tell who may see what, so that only owners see them.
    private func group(_ request: Request) throws -> (AccessGroup, Twin) {
        let twin = try context.twin(owning: "group_id", in: .groups, request, .manage)
        return (try context.workspace.groups.find(request.parameters.require("group_id"), of: twin), twin)
    }

    private func list(_ request: Request) throws -> Response {
        .list(try context.workspace.groups.list(of: context.twin(request, .manage)))
    }

    private func create(_ request: Request) throws -> Response {
        let twin = try context.twin(request, .manage)
        var body = try request.bodyFields()
        let name = body.required("name", Self.name)
        let description = body.optional("description", Self.description)
        let isPublic = body.optional("is_public", .bool) ?? false
        let settings = body.optional("settings", .object)
        try body.validate()
        let group = try context.conflictsAreInvalid {
            try context.workspace.groups.create(
                name, of: twin, description: description, isPublic: isPublic,
                settings: TwinSettings.checked(settings ?? JSONObject()).object, by: request.principal.actorID)
        }
        return .json(group.json)
    }

    private func read(_ request: Request) throws -> Response { .json(try group(request).0.json) }

    private func change(_ request: Request) throws -> Response {
        let (group, _) = try group(request)
        var body = try request.bodyFields()
        let name = body.optional("name", Self.name)
        let description = body.optional("description", Self.description)
        let settings = body.optional("settings", .object)
        try body.validate()
        guard name != nil || description != nil || settings != nil else {
            throw TwinError(.invalid, "there is nothing to change; send name, description or settings")
        }
        let changed = try context.conflictsAreInvalid {
            try context.workspace.groups.update(
                group, name: name, description: description, settings: settings.map { try TwinSettings.checked($0).object },
                by: request.principal.actorID)
        }
        return .json(changed.json)
    }

    private func delete(_ request: Request) throws -> Response {
        let (group, _) = try group(request)
        try context.workspace.groups.delete(group, by: request.principal.actorID)
        return .json(["message": "The group is deleted."])
    }

    private func members(_ request: Request) throws -> Response {
        .list(try context.workspace.groups.members(of: group(request).0))
    }

    private func join(_ request: Request) throws -> Response {
        let twin = try context.twin(request, .manage)
        var body = try request.bodyFields()
        let userID = body.required("user_id", .string(1...254))
        let groupID = body.required("group_id", .uuid)
        try body.validate()
        guard let group = try context.workspace.groups.list(of: twin).first(where: { $0.id == groupID }) else {
            throw TwinError(.invalid, "the group is not one of this twin's")
        }
        try context.workspace.groups.add(userID, to: group, by: request.principal.actorID)
        return .json(["message": "The user is in the group."])
    }

    private func leave(_ request: Request) throws -> Response {
        let twin = try context.twin(owning: "membership_id", in: .memberships, request, .manage)
        try context.workspace.groups.remove(
            membership: request.parameters.require("membership_id"), of: twin, by: request.principal.actorID)
        return .json(["message": "The user is no longer in the group."])
    }

    private func permissions(_ request: Request) throws -> Response {
        .list(try context.workspace.permissions.list(of: group(request).0))
    }

    private func grant(_ request: Request) throws -> Response {
        let (group, _) = try group(request)
        guard let object = try request.json().objectValue else {
            throw TwinError(.invalid, "the body must be an object with content_type and content_ids")
        }
        var body = FieldDecoder(object)
        let type = body.required("content_type", .string)
        let ids = body.required("content_ids", Self.contentIDs)
        try body.validate()
        let content = try Self.contentType(type)
        _ = try context.workspace.permissions.grant(content, ids, to: group, by: request.principal.actorID)
        let noun = content == .source ? "source" : "verified answer"
        return .json([
            "message": .string("The group can now read \(ids.count == 1 ? "this \(noun)" : "these \(ids.count) \(noun)s").")
        ])
    }

    private func revoke(_ request: Request) throws -> Response {
        let (group, _) = try group(request)
        let type = try Self.contentType(request.parameters.require("content_type"))
        var path = request.pathFields()
        let id = path.required("content_id", .uuid)
        try path.validate()
        do {
            try context.workspace.permissions.revoke(type, [id], from: group, by: request.principal.actorID)
        } catch let error as TwinError where error.kind == .notFound {
            // What the group cannot have, it has not any more.
        }
        return .json(["message": "The group may not read it."])
    }

    private static func contentType(_ text: String) throws -> ContentPermissions.ContentType {
        guard let type = ContentPermissions.ContentType(rawValue: text) else {
            throw TwinError(.invalid, "content_type is source or verified_qna")
        }
        return type
    }
}
