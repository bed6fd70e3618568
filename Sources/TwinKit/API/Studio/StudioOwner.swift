import TwinHTTP
import TwinSupport

/// What a twin remembers of its owner, and what it asks the owner.
struct StudioOwner: RouteCollection {
    let context: APIContext

    private static let memoryStatus = FieldRule.oneOf(["active", "superseded", "retracted"])
    private static let threadStatus = FieldRule.oneOf(["pending_owner", "answered", "expired", ""])
    private static let option = FieldRule.string(0...1_000)
    private static let answer = FieldRule.text(1...8_000)

    func add(to group: inout RouteGroup) throws {
        try group.get(
            "/twins/{twin_id}/owner-memory",
            .contract(
                "List memories, newest first", .userRead, parameters: [.query("status", Self.memoryStatus, "active by default")],
                answer: JSONSchema.array(JSONSchema.reference("OwnerMemory"))),
            memories)
        try group.delete(
            "/twins/{twin_id}/owner-memory/{memory_id}",
            .contract(
                "Retract a memory", .userWrite,
                answer: JSONSchema.output(["status": JSONSchema.oneOf(["retracted"]), "memory_id": JSONSchema.string])),
            retract)
        try group.get(
            "/twins/{twin_id}/clarifications",
            .contract(
                "List questions for the owner, newest first", .userRead,
                parameters: [.query("status", Self.threadStatus, "pending_owner by default; empty for all")],
                answer: JSONSchema.array(JSONSchema.reference("Clarification"))),
            clarifications)
        try group.post(
            "/twins/{twin_id}/clarifications/{clarification_id}/resolve",
            .contract(
                "Answer a question as the owner, which becomes a memory", .userWrite,
                body: JSONSchema.input(
                    ["answer": Self.answer.schema, "selected_option": Self.option.schema], required: ["answer"]),
                example: ["answer": "Support", "selected_option": "Support"],
                answer: JSONSchema.output([
                    "status": JSONSchema.oneOf(["applied"]), "owner_memory_id": JSONSchema.uuid, "topic": JSONSchema.string,
                    "memory_type": JSONSchema.string, "value": JSONSchema.string,
                ])),
            resolve)
    }

    private func memories(_ request: Request) throws -> Response {
        let twin = try context.twin(request, .manage)
        var query = request.queryFields()
        let status = query.optional("status", Self.memoryStatus).flatMap(OwnerMemory.Status.init)
        try query.validate()
        return .list(try context.workspace.memories.list(of: twin, status: status ?? .active).map(StudioOwnerMemory.init))
    }

    private func retract(_ request: Request) throws -> Response {
        let twin = try context.twin(request, .manage)
        let id = try request.parameters.require("memory_id")
        try context.workspace.memories.retract(id, of: twin, by: request.principal.actorID)
        return .json(["status": "retracted", "memory_id": .string(id)])
    }

    private func clarifications(_ request: Request) throws -> Response {
        let twin = try context.twin(request, .manage)
        var query = request.queryFields()
        let status = query.optional("status", Self.threadStatus)
        try query.validate()
        // Documents that contradict each other ask as well.
        try context.workspace.learn(twin)
        return .list(
            try context.workspace.clarifications.list(
                of: twin, status: status == "" ? nil : Clarification.Status(rawValue: status ?? "") ?? .pendingOwner
            ).map(StudioClarification.init))
    }

    private func resolve(_ request: Request) throws -> Response {
        let twin = try context.twin(request, .manage)
        var body = try request.bodyFields()
        let answer = body.required("answer", Self.answer)
        let option = body.optional("selected_option", Self.option)
        try body.validate()
        let resolved = try context.conflictsAreInvalid {
            try context.workspace.clarifications.resolve(
                request.parameters.require("clarification_id"), of: twin, answer: answer, option: option,
                by: request.principal.actorID)
        }
        return .json([
            "status": "applied", "owner_memory_id": .string(resolved.memory.id), "topic": .string(resolved.memory.topic),
            "memory_type": .string(resolved.memory.type.rawValue), "value": .string(resolved.memory.value),
        ])
    }
}
