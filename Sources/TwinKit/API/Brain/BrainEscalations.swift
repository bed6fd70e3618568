import TwinHTTP
import TwinSupport

/// Questions that the twin could not answer, for its owner. `pending` is what others call open, `responded` answered.
struct BrainEscalations: RouteCollection {
    let context: APIContext

    private static let status = FieldRule.oneOf(["pending", "responded", "dismissed"])
    private static let response = FieldRule.text(1...VerifiedAnswers.maximumAnswerBytes)

    func add(to group: inout RouteGroup) throws {
        let path = "/api/twins/{twin_id}/escalations"
        try group.get(
            path,
            .brain(
                "List escalations, those asked most often first", .userRead,
                parameters: [.query("status", Self.status, "Pending ones by default")] + BrainPage.parameters,
                answer: BrainSchemas.list("escalations", "BrainEscalation")), list)
        try group.post(
            path + "/{escalation_id}/respond",
            .brain(
                "Respond to an escalation", .userWrite,
                description: "With `add_to_brain` the response becomes a verified answer: the same question gets it from now on.",
                body: JSONSchema.input(
                    ["response": Self.response.schema, "add_to_brain": JSONSchema.boolean], required: ["response"]),
                example: ["response": "Our minimum check is $500K for Series A.", "add_to_brain": true],
                answer: JSONSchema.output([
                    "id": JSONSchema.uuid, "status": JSONSchema.string, "knowledge_added": JSONSchema.boolean,
                    "graph_node_id": JSONSchema.nullableString,
                ])), respond)
        try group.post(
            path + "/{escalation_id}/dismiss",
            .brain(
                "Dismiss an escalation without a response", .userWrite,
                answer: JSONSchema.output(["id": JSONSchema.uuid, "status": JSONSchema.string]))
        ) { request in
            let twin = try context.activeTwin(request, .manage)
            let escalation = try context.workspace.escalations.dismiss(
                request.parameters.require("escalation_id"), of: twin, by: request.principal.actorID)
            return .json(["id": .string(escalation.id), "status": "dismissed"])
        }
    }

    private func list(_ request: Request) throws -> Response {
        // They hold what others asked: for who looks after the twin.
        let twin = try context.twin(request, .manage)
        var query = request.queryFields()
        let status = query.optional("status", Self.status) ?? "pending"
        let page = BrainPage(&query)
        try query.validate()
        let all = try context.workspace.escalations.list(of: twin, status: Self.stored(status))
        return page.response("escalations", of: all, Self.json)
    }

    private func respond(_ request: Request) throws -> Response {
        let twin = try context.activeTwin(request, .manage)
        var body = try request.bodyFields()
        let response = body.required("response", Self.response)
        let isAdded = body.optional("add_to_brain", .bool) ?? false
        try body.validate()
        let id = try request.parameters.require("escalation_id")
        let (escalation, node) = try context.workspace.respond(
            to: id, of: twin, response, addingToBrain: isAdded, by: request.principal.actorID)
        return .json([
            "id": .string(escalation.id), "status": "responded", "knowledge_added": .bool(isAdded),
            "graph_node_id": .optional(node),
        ])
    }

    private static func stored(_ status: String) -> Escalation.Status {
        switch status {
        case "responded": .answered
        case "dismissed": .dismissed
        default: .open
        }
    }

    private static func json(_ escalation: Escalation) -> JSON {
        let status =
            switch escalation.status {
            case .open: "pending"
            case .answered: "responded"
            case .dismissed: "dismissed"
            }
        let times = escalation.timesAsked == 1 ? "once" : "\(escalation.timesAsked) times"
        return [
            "id": .string(escalation.id), "question": .string(escalation.question), "context": .string("Asked \(times)"),
            "ai_attempt": .optional(escalation.attempt), "confidence_score": .double(escalation.confidence),
            "status": .string(status),
            "conversation_id": .optional(escalation.conversationID), "times_asked": .number(escalation.timesAsked),
            "owner_response": .optional(escalation.answer), "created_at": .string(escalation.createdAt.description),
            "resolved_at": .optional(escalation.resolvedAt?.description),
        ]
    }
}
