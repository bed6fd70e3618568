import TwinHTTP
import TwinSupport

/// How a twin is used, who uses it, who changed what, and whether the service is well.
struct StudioMetrics: RouteCollection {
    let context: APIContext

    func add(to group: inout RouteGroup) throws {
        try numbers("/metrics/dashboard/{twin_id}", "Sum up a twin's conversations", "days", 1...90, 30, to: &group) {
            try $0.dashboard(of: $1, days: $2, scope: $3).json
        }
        try numbers("/metrics/top-questions/{twin_id}", "List what is asked most", "limit", 1...20, 5, isList: true, to: &group) {
            .array(try $0.topQuestions(of: $1, limit: $2, scope: $3).map(\.json))
        }
        try numbers("/metrics/daily/{twin_id}", "Count day by day", "days", 1...30, 7, isList: true, to: &group) {
            .array(try $0.daily(of: $1, days: $2, scope: $3).map(\.json))
        }
        try numbers(
            "/metrics/activity/{twin_id}", "List what happened, newest first", "limit", 1...50, 10, isList: true, to: &group
        ) {
            .array(try $0.activity(of: $1, limit: $2, scope: $3).map(\.json))
        }
        try numbers("/metrics/usage/{twin_id}", "Sum up requests, tokens and times", "days", 1...30, 7, to: &group) {
            metrics, twin, days, _ in
            try metrics.usage(of: twin, days: days).json
        }
        try group.get(
            "/twins/{twin_id}/knowledge-profile",
            .contract("Sum up what a twin knows", .read, answer: JSONSchema.reference("KnowledgeProfile")), profile)
        try group.get(
            "/audience/{twin_id}",
            .contract(
                "List who asks a twin", .userRead,
                parameters: [.query("limit", .int(1...100)), .query("offset", .int(0...1_000_000))],
                answer: JSONSchema.reference("Audience")),
            audience)
        try group.get(
            "/governance/audit-logs",
            .contract(
                "List who changed what, newest first", .userRead,
                parameters: [.query("twin_id", .uuid), .query("event_type", Self.event)],
                answer: JSONSchema.array(JSONSchema.reference("AuditEntry"))),
            audit)
        try group.get(
            "/metrics/health", .contract("Probe the parts of the service", .userRead, answer: JSONSchema.reference("Health")),
            health)
        try group.get(
            "/observability/health",
            .contract(
                "Report whether the parts of the service are available", .publicRead, answer: JSONSchema.reference("PublicHealth")
            ),
            publicHealth)
    }

    private static let event = FieldRule.oneOf(AuditLog.Event.allCases.map(\.rawValue))

    /// A route that answers numbers of a twin for so many days or rows.
    private func numbers(
        _ path: String, _ summary: String, _ parameter: String, _ range: ClosedRange<Int>, _ fallback: Int, isList: Bool = false,
        to group: inout RouteGroup, _ read: @escaping @Sendable (Metrics, Twin, Int, MetricsScope) throws -> JSON
    ) throws {
        try group.get(
            path,
            .contract(
                summary, .read, parameters: [.query(parameter, .int(range), "\(fallback) by default")],
                answer: isList ? JSONSchema.array(JSONSchema.object) : JSONSchema.object)
        ) { [context] request in
            let twin = try context.twin(request, .read)
            var query = request.queryFields()
            let count = query.optional(parameter, .int(range)) ?? fallback
            try query.validate()
            let scope = try MetricsScope(of: twin, as: request.principal, authorizer: context.authorizer)
            return .json(try read(context.workspace.metrics, twin, count, scope))
        }
    }

    private func profile(_ request: Request) throws -> Response {
        let twin = try context.twin(request, .read)
        return .json(
            try context.workspace.knowledge.profile(
                of: twin, clearance: context.authorizer.clearance(of: twin, as: request.principal)
            ).json)
    }

    private func audience(_ request: Request) throws -> Response {
        let twin = try context.twin(request, .manage)
        var query = request.queryFields()
        let limit = query.optional("limit", .int(1...100)) ?? 20
        let offset = query.optional("offset", .int(0...1_000_000)) ?? 0
        try query.validate()
        return .json(try context.workspace.audience.page(of: twin, limit: limit, offset: offset).json)
    }

    private func audit(_ request: Request) throws -> Response {
        let tenant = try context.tenant(request, .manage)
        var query = request.queryFields()
        let twinID = query.optional("twin_id", .uuid)
        let event = query.optional("event_type", Self.event).flatMap(AuditLog.Event.init)
        try query.validate()
        if let twinID { _ = try context.authorizer.twin(twinID, .manage, as: request.principal) }
        return .list(try context.workspace.audit.list(tenantID: tenant, twinID: twinID, event: event).map(StudioAuditEntry.init))
    }

    private func health(_ request: Request) throws -> Response {
        let tenant = try context.tenant(request, .manage)
        return .json(StudioHealth(health: context.workspace.health).report(tenantID: tenant))
    }

    private func publicHealth(_ request: Request) throws -> Response {
        .json(StudioHealth(health: context.workspace.health).summary())
    }
}
