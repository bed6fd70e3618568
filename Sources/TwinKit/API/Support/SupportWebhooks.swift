import TwinHTTP
import TwinSupport

/// Webhooks: who is told what happens at a desk, and what came of telling them.
struct SupportWebhooks: RouteCollection {
    let context: APIContext

    private static let url = FieldRule.string(10...2_000)
    private static let description = FieldRule.string(0...500)
    private static let kinds = FieldRule<[String]>.list(
        of: FieldRule.oneOf(DeskEvent.Kind.allCases.map(\.rawValue)), count: 0...20)
    private static let status = FieldRule.oneOf(WebhookDelivery.Status.allCases.map(\.rawValue))
    private static let webhook = JSONSchema.reference("SupportWebhook")
    private static let members: JSONObject = [
        "url": url.schema, "description": description.schema, "events": kinds.schema, "is_active": JSONSchema.boolean,
    ]

    func add(to group: inout RouteGroup) throws {
        let path = "/api/admin/webhooks"
        let one = path + "/{webhook_id:uuid}"
        try group.get(
            path,
            .support(
                "List the webhooks, newest first", .userRead, parameters: [SupportPage.tenant],
                answer: JSONSchema.output(["webhooks": JSONSchema.array(Self.webhook)]))
        ) { request in
            var query = request.queryFields()
            let tenant = try context.desk(request, .manage, query: &query)
            try query.validate()
            return .json(["webhooks": .array(try context.workspace.webhooks.list(of: tenant).map { SupportWebhook($0).json })])
        }
        try group.post(
            path,
            .support(
                "Make a webhook", .userWrite,
                description:
                    "Deliveries are signed as Standard Webhooks says; the secret is shown only once. Without `events` it receives all.",
                parameters: [SupportPage.tenant], body: JSONSchema.input(Self.members, required: ["url"]),
                example: ["url": "https://crm.example.org/hooks/twin", "events": ["handover.updated"]], answer: Self.webhook,
                status: .created)
        ) { request in
            var query = request.queryFields()
            let tenant = try context.desk(request, .manage, query: &query)
            try query.validate()
            var body = try request.bodyFields()
            let url = body.required("url", Self.url)
            var content = try Self.content(&body)
            content.url = url
            let made = try context.workspace.webhooks.add(content, to: tenant, by: context.deskPrincipal(request))
            return .json(
                SupportWebhook(made.webhook, secret: made.secret).json, status: .created,
                headers: [HeaderField("cache-control", "no-store")])
        }
        try group.get(one, .support("Read a webhook", .userRead, parameters: [SupportPage.tenant], answer: Self.webhook)) {
            request in .json(SupportWebhook(try webhook(request)).json)
        }
        try group.put(
            one,
            .support(
                "Change a webhook", .userWrite, description: "What is left out stays.", parameters: [SupportPage.tenant],
                body: JSONSchema.change(Self.members), answer: Self.webhook)
        ) { request in
            let webhook = try webhook(request)
            var body = try request.bodyFields()
            let content = try Self.content(&body)
            return .json(
                SupportWebhook(
                    try context.workspace.webhooks.update(
                        webhook.id, of: webhook.tenantID, content, by: context.deskPrincipal(request))
                ).json)
        }
        try group.delete(
            one, .support("Delete a webhook", .userWrite, parameters: [SupportPage.tenant], status: .noContent)
        ) { request in
            let webhook = try webhook(request)
            try context.workspace.webhooks.remove(webhook.id, of: webhook.tenantID, by: context.deskPrincipal(request))
            return Response(.noContent)
        }
        try group.post(
            one + "/rotate",
            .support(
                "Give a webhook a new secret", .userWrite, description: "For a day deliveries are signed with both.",
                parameters: [SupportPage.tenant], answer: Self.webhook)
        ) { request in
            let webhook = try webhook(request)
            let made = try context.workspace.webhooks.rotate(
                webhook.id, of: webhook.tenantID, by: context.deskPrincipal(request))
            return .json(
                SupportWebhook(made.webhook, secret: made.secret).json, headers: [HeaderField("cache-control", "no-store")])
        }
        try group.get(
            one + "/deliveries",
            .support(
                "List what was sent, newest first", .userRead,
                parameters: [SupportPage.tenant, .query("status", Self.status, "In this state")] + SupportPage.parameters,
                answer: JSONSchema.output(["deliveries": JSONSchema.array(JSONSchema.object)]))
        ) { request in
            let webhook = try webhook(request)
            var query = request.queryFields()
            let status = query.optional("status", Self.status).flatMap(WebhookDelivery.Status.init)
            let page = SupportPage(&query)
            try query.validate()
            let deliveries = try context.workspace.webhooks.deliveries(
                of: webhook, status: status, limit: page.limit, offset: page.offset)
            return .json(["deliveries": .array(deliveries.map { SupportDelivery($0).json })])
        }
        var replay = RouteOptions.support(
            "Send something again", .userWrite, parameters: [SupportPage.tenant], status: .accepted)
        replay.documentation.pathParameters = ["delivery_id": ["type": "string", "pattern": "^msg_[0-9a-f]{32}$"]]
        try group.post(one + "/deliveries/{delivery_id}/replay", replay) { request in
            try context.workspace.webhooks.replay(request.parameters.require("delivery_id"), of: webhook(request))
            return .json(["detail": "It is sent again"], status: .accepted)
        }
    }

    private func webhook(_ request: Request) throws -> Webhook {
        var query = request.queryFields()
        let tenant = try context.desk(request, .manage, query: &query)
        try query.validate()
        return try context.workspace.webhooks.find(request.parameters.require("webhook_id"), of: tenant)
    }

    private static func content(_ body: inout FieldDecoder) throws -> Webhooks.Content {
        var content = Webhooks.Content()
        content.url = body.optional("url", url)
        content.description = body.optional("description", description)
        content.kinds = body.optional("events", kinds)?.compactMap(DeskEvent.Kind.init)
        content.isActive = body.optional("is_active", .bool)
        try body.validate()
        return content
    }
}

/// A webhook as the support contract and the command line show it.
package struct SupportWebhook: JSONRepresentable {
    let webhook: Webhook
    var secret: Secret?

    package init(_ webhook: Webhook, secret: Secret? = nil) {
        self.webhook = webhook
        self.secret = secret
    }

    package var json: JSON {
        var object: JSONObject = [
            "webhook_id": .string(webhook.id), "tenant_id": .string(webhook.tenantID), "url": .string(webhook.url),
            "description": .string(webhook.description), "events": .strings(webhook.kinds.map(\.rawValue)),
            "is_active": .bool(webhook.isActive), "disabled_reason": .optional(webhook.disabledReason),
            "previous_secret_until": .optional(webhook.previousUntil?.description),
            "created_at": .string(webhook.createdAt.description), "updated_at": .string(webhook.updatedAt.description),
        ]
        // Where a webhook's secret leaves the program.
        if let secret { object["secret"] = .string(secret.reveal()) }
        return .object(object)
    }
}

/// A delivery as the support contract and the command line show it.
package struct SupportDelivery: JSONRepresentable {
    let delivery: WebhookDelivery

    package init(_ delivery: WebhookDelivery) { self.delivery = delivery }

    package var json: JSON {
        [
            "delivery_id": .string(delivery.id), "event": .string(delivery.kind), "seq": .int(delivery.sequence),
            "status": .string(delivery.status.rawValue), "attempts": .number(delivery.attempts),
            "response_status": .optional(delivery.responseStatus), "error": .optional(delivery.error),
            "next_attempt_at": .optional(delivery.status == .pending ? delivery.dueAt.description : nil),
            "created_at": .string(delivery.createdAt.description),
            "delivered_at": .optional(delivery.deliveredAt?.description),
        ]
    }
}
