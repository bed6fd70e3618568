import TwinHTTP
import TwinSupport

/// How a twin is used, and what it learned.
struct BrainMetrics: RouteCollection {
    let context: APIContext

    private static let date = FieldRule(schema: ["type": "string", "format": "date"], placeholder: "") { value in
        guard let text = value.stringValue, LearningDigest.isDay(text) else {
            throw FieldRule<String>.Problem("date_parsing", "Input should be a day like 2026-11-25")
        }
        return text
    }
    private static let offset = FieldRule.string(1...6).matching("^(UTC|Z|GMT|[+-](0[0-9]|1[0-4]):[0-5][0-9])$") { text in
        guard LearningDigest.minutes(text) != nil else {
            throw FieldRule<String>.Problem("value_error", "Input should be UTC or an offset like +02:00")
        }
    }

    func add(to group: inout RouteGroup) throws {
        let numbers = [
            "total_conversations", "total_messages", "escalation_count", "memory_candidates_pending",
            "memory_candidates_approved",
            "graph_nodes_count", "documents_count",
        ]
        var schema: JSONObject = ["avg_confidence": JSONSchema.number, "escalation_rate": JSONSchema.number]
        for name in numbers { schema[name] = JSONSchema.integer }
        try group.get(
            "/api/twins/{twin_id}/metrics",
            .brain("A twin in numbers", .userRead, answer: JSONSchema.output(schema)), metrics)
        try group.get(
            "/api/twins/{twin_id}/digest",
            .brain(
                "What a twin learned on a day", .read,
                parameters: [
                    .query("date", Self.date, "YYYY-MM-DD; today by default"),
                    .query("tz", Self.offset, "The day's time zone: UTC, or an offset such as +01:00"),
                ],
                answer: JSONSchema.output([
                    "date": JSONSchema.string, "new_entities": JSONSchema.integer, "new_facts": JSONSchema.integer,
                    "new_relationships": JSONSchema.integer, "highlights": JSONSchema.array(JSONSchema.string),
                ])), digest)
    }

    private func metrics(_ request: Request) throws -> Response {
        let twin = try context.twin(request, .manage)
        try context.workspace.learn(twin)
        let totals = try BrainTotals.count(of: twin, in: context.workspace)
        return .json(totals.json)
    }

    private func digest(_ request: Request) throws -> Response {
        let twin = try context.twin(request, .read)
        let clearance = try context.authorizer.clearance(of: twin, as: request.principal)
        var query = request.queryFields()
        let date = query.optional("date", Self.date)
        let offset = query.optional("tz", Self.offset)
        try query.validate()
        try context.workspace.learn(twin)
        return .json(try context.workspace.digest(of: twin, date: date, offset: offset, for: clearance).json)
    }
}

/// All of a twin's time, in numbers.
struct BrainTotals: JSONRepresentable {
    var conversations = 0
    var messages = 0
    var answers = 0
    var averageConfidence = 0.0
    var escalations = 0
    var pending = 0
    var approved = 0
    var nodes = 0
    var documents = 0

    static func count(of twin: Twin, in workspace: Workspace) throws -> BrainTotals {
        var totals = BrainTotals()
        let usage = try workspace.conversations.totals(of: twin)
        totals.conversations = usage.conversations
        totals.messages = usage.messages
        totals.answers = usage.answers
        totals.averageConfidence = usage.averageConfidence
        totals.escalations = try workspace.escalations.list(of: twin, status: nil).count
        totals.pending = try workspace.candidates.list(of: twin, for: .everything, status: .pending, limit: 1).total
        totals.approved = try workspace.candidates.list(of: twin, for: .everything, status: .approved, limit: 1).total
        totals.nodes = try workspace.graph.nodes(of: twin, for: .everything).count
        totals.documents = try workspace.sources.list(twin: twin).count
        return totals
    }

    var json: JSON {
        [
            "total_conversations": .number(conversations), "total_messages": .number(messages),
            "avg_confidence": .double((averageConfidence * 10_000).rounded() / 10_000), "escalation_count": .number(escalations),
            // Of the answers; several askers of one open question are one escalation.
            "escalation_rate": .double(
                answers == 0 ? 0 : (min(1, Double(escalations) / Double(answers)) * 10_000).rounded() / 10_000),
            "memory_candidates_pending": .number(pending), "memory_candidates_approved": .number(approved),
            "graph_nodes_count": .number(nodes), "documents_count": .number(documents),
        ]
    }
}
