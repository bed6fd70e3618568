import TwinDatabase
import TwinHTTP
import TwinSupport

/// An address that is told what happens at a desk.
package struct Webhook: Sendable, Equatable {
    let key: Int64
    package let id: String
    package let tenantID: String
    package let url: String
    package let description: String
    /// Empty for all.
    package let kinds: [DeskEvent.Kind]
    package let isActive: Bool
    /// Why it was switched off by the server; nil where a person did, or it is active.
    package let disabledReason: String?
    /// Until when deliveries carry a signature with the secret before the last as well.
    package let previousUntil: Timestamp?
    package let createdAt: Timestamp
    package let updatedAt: Timestamp

    static let columns = """
        key, id, tenant_id, url, description, kinds, is_active, disabled_reason, previous_until, created_at, updated_at
        """

    init(_ row: Row) throws {
        key = row.int64(0)
        id = row.text(1)
        tenantID = row.text(2)
        url = row.text(3)
        description = row.text(4)
        kinds = row.text(5).split(separator: ",").compactMap { DeskEvent.Kind(rawValue: String($0)) }
        isActive = row.bool(6)
        disabledReason = row.optionalText(7)
        previousUntil = try row.timestamp(8)
        createdAt = try row.requiredTimestamp(9)
        updatedAt = try row.requiredTimestamp(10)
    }
}

/// One event on its way to one webhook.
package struct WebhookDelivery: Sendable, Equatable {
    /// `failed` means that no further attempt is made.
    package enum Status: String, Sendable, CaseIterable { case pending, delivered, failed }

    let key: Int64
    package let id: String
    package let status: Status
    package let attempts: Int
    /// When the next attempt is made, of one that is `pending`.
    package let dueAt: Timestamp
    /// What the receiver answered last; nil where it did not answer.
    package let responseStatus: Int?
    package let error: String?
    package let createdAt: Timestamp
    /// Nil until it has arrived.
    package let deliveredAt: Timestamp?
    package let kind: String
    package let sequence: Int64

    static let columns = """
        d.key, d.id, d.status, d.attempts, d.due_at, d.response_status, d.error, d.created_at, d.delivered_at, e.kind, e.sequence
        """

    init(_ row: Row) throws {
        key = row.int64(0)
        id = row.text(1)
        status = try row.value(2)
        attempts = row.int(3)
        dueAt = try row.requiredTimestamp(4)
        responseStatus = row.optionalInt(5)
        error = row.optionalText(6)
        createdAt = try row.requiredTimestamp(7)
        deliveredAt = try row.timestamp(8)
        kind = row.text(9)
        sequence = row.int64(10)
    }
}

/// Webhooks as rows, with their secrets and what was sent to them.
package struct Webhooks: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    static let notFound = TwinError(.notFound, "there is no such webhook")
    private static let maximumPerTenant = 50
    /// Seconds for which the secret before the last signs too.
    package static let overlap = 86_400.0
    /// Standard Webhooks, "Signature scheme": 24 to 64 bytes.
    private static let secretBytes = 32

    static func secretName(_ id: String) -> String { "webhook:\(id)" }
    static func previousName(_ id: String) -> String { "webhook:\(id):previous" }

    private static func makeSecret() -> Secret {
        Secret("whsec_" + Base64.standard.encode(Crypto.random(count: secretBytes)))
    }

    // MARK: Finding

    /// A tenant's webhooks, newest first, without their secrets.
    package func list(of tenantID: String) throws -> [Webhook] {
        try database.read { connection in
            try connection.rows(
                "SELECT \(Webhook.columns) FROM desk_webhooks WHERE tenant_id = ? ORDER BY key DESC", tenantID, map: Webhook.init)
        }
    }

    /// The webhook with this id. Throws `TwinError` (`notFound`), also for one of another tenant.
    package func find(_ id: String, of tenantID: String) throws -> Webhook {
        try database.read { try Self.find(id, of: tenantID, on: $0) }
    }

    static func find(_ id: String, of tenantID: String, on connection: Connection) throws -> Webhook {
        let webhook = try connection.first(
            "SELECT \(Webhook.columns) FROM desk_webhooks WHERE id = ? AND tenant_id = ?", id, tenantID, map: Webhook.init)
        guard let webhook else { throw notFound }
        return webhook
    }

    /// What was and will be sent to a webhook, newest first.
    package func deliveries(
        of webhook: Webhook, status: WebhookDelivery.Status? = nil, limit: Int = 100, offset: Int = 0
    ) throws -> [WebhookDelivery] {
        try database.read { connection in
            try connection.rows(
                """
                SELECT \(WebhookDelivery.columns) FROM desk_deliveries d JOIN desk_events e ON e.key = d.event_key
                WHERE d.webhook_key = ?1 AND (?2 IS NULL OR d.status = ?2) ORDER BY d.key DESC LIMIT ?3 OFFSET ?4
                """, webhook.key, status?.rawValue, limit, offset, map: WebhookDelivery.init)
        }
    }

    // MARK: Changing

    /// What is said of a webhook; of a change, what is `nil` stays.
    package struct Content: Sendable {
        package var url: String?
        package var description: String?
        package var kinds: [DeskEvent.Kind]?
        package var isActive: Bool?
        package init() {}
    }

    /// Adds a webhook and answers its secret, this one time.
    package func add(_ content: Content, to tenantID: String, by principal: Principal) throws -> (
        webhook: Webhook, secret: Secret
    ) {
        guard let url = content.url else { throw TwinError(.invalid, "a webhook needs a url") }
        try Self.check(url)
        let secret = Self.makeSecret()
        let id = Identifier.make()
        return try database.write { connection in
            let count =
                try connection.first("SELECT count(*) FROM desk_webhooks WHERE tenant_id = ?", tenantID) { $0.int(0) } ?? 0
            guard count < Self.maximumPerTenant else {
                throw TwinError(.limitReached, "a tenant has at most \(Self.maximumPerTenant) webhooks; remove one")
            }
            try connection.run(
                """
                INSERT INTO desk_webhooks (id, tenant_id, url, description, kinds, is_active, created_at, updated_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)
                """, id, tenantID, url, content.description ?? "", Self.stored(content.kinds ?? []), content.isActive ?? true,
                Clock.now)
            try StoredSecrets.store(Self.secretName(id), Array(secret.reveal().utf8), on: connection)
            try AuditLog.append(
                .webhookCreated, tenantID: tenantID, actor: principal.actorID, ["webhook_id": .string(id)], on: connection)
            return (try Self.find(id, of: tenantID, on: connection), secret)
        }
    }

    /// Changes a webhook; making it active again takes away why it was switched off. Throws `TwinError`: not found, or `invalid`
    /// for an address that may not be called.
    package func update(_ id: String, of tenantID: String, _ content: Content, by principal: Principal) throws -> Webhook {
        if let url = content.url { try Self.check(url) }
        return try database.write { connection in
            let webhook = try Self.find(id, of: tenantID, on: connection)
            try connection.run(
                """
                UPDATE desk_webhooks SET url = ?2, description = ?3, kinds = ?4, is_active = ?5,
                    disabled_reason = CASE WHEN ?5 THEN NULL ELSE disabled_reason END, updated_at = ?6 WHERE key = ?1
                """,
                [
                    webhook.key, content.url ?? webhook.url, content.description ?? webhook.description,
                    Self.stored(content.kinds ?? webhook.kinds), content.isActive ?? webhook.isActive, Clock.now,
                ] as [any DatabaseConvertible])
            try AuditLog.append(
                .webhookUpdated, tenantID: tenantID, actor: principal.actorID, ["webhook_id": .string(id)], on: connection)
            return try Self.find(id, of: tenantID, on: connection)
        }
    }

    /// Gives a webhook a new secret. For a day both sign, so that a receiver can change over without losing anything.
    package func rotate(_ id: String, of tenantID: String, by principal: Principal) throws -> (webhook: Webhook, secret: Secret) {
        let secret = Self.makeSecret()
        return try database.write { connection in
            let webhook = try Self.find(id, of: tenantID, on: connection)
            if let current = try StoredSecrets.value(Self.secretName(id), on: connection) {
                try StoredSecrets.store(Self.previousName(id), current, on: connection)
            }
            try StoredSecrets.store(Self.secretName(id), Array(secret.reveal().utf8), on: connection)
            try connection.run(
                "UPDATE desk_webhooks SET previous_until = ?, updated_at = ? WHERE key = ?",
                Clock.now.adding(seconds: Self.overlap), Clock.now, webhook.key)
            try AuditLog.append(
                .webhookUpdated, tenantID: tenantID, actor: principal.actorID,
                ["webhook_id": .string(id), "rotated": true], on: connection)
            return (try Self.find(id, of: tenantID, on: connection), secret)
        }
    }

    /// Removes a webhook with its secrets and what was to be sent to it. Throws `TwinError` (`notFound`).
    package func remove(_ id: String, of tenantID: String, by principal: Principal) throws {
        try database.write { connection in
            let webhook = try Self.find(id, of: tenantID, on: connection)
            try connection.run("DELETE FROM desk_webhooks WHERE key = ?", webhook.key)
            try StoredSecrets.remove(Self.secretName(id), on: connection)
            try StoredSecrets.remove(Self.previousName(id), on: connection)
            try AuditLog.append(
                .webhookDeleted, tenantID: tenantID, actor: principal.actorID, ["webhook_id": .string(id)], on: connection)
        }
    }

    /// Sends something again from the beginning, whatever came of it.
    package func replay(_ deliveryID: String, of webhook: Webhook) throws {
        try database.write { connection in
            try connection.run(
                """
                UPDATE desk_deliveries SET status = 'pending', attempts = 0, due_at = ?, error = NULL, response_status = NULL,
                    delivered_at = NULL WHERE id = ? AND webhook_key = ?
                """, Clock.now, deliveryID, webhook.key)
            guard connection.changes == 1 else { throw TwinError(.notFound, "there is no such delivery") }
        }
        DeskSignal.send()
    }

    private static func stored(_ kinds: [DeskEvent.Kind]) -> String {
        kinds.isEmpty ? "" : "," + kinds.map(\.rawValue).joined(separator: ",") + ","
    }

    private static func check(_ url: String) throws {
        do { _ = try WebAddress(url) } catch { throw TwinError(.invalid, "the webhook's url cannot be used: \(error)") }
    }
}

/// The form of deliveries that Standard Webhooks lays down (its "Signature scheme").
enum WebhookSignature {
    /// `v1,` and the code in base64, one for each secret, apart by spaces.
    static func value(id: String, timestamp: Int64, body: [UInt8], secrets: [Secret]) throws -> String {
        let message = Array("\(id).\(timestamp).".utf8) + body
        return try secrets.map { secret in
            let text = secret.reveal()
            let key = Base64.standard.decode(text.hasPrefix("whsec_") ? String(text.dropFirst(6)) : text) ?? Array(text.utf8)
            return "v1," + Base64.standard.encode(try Crypto.hmacSHA256(key: key, message))
        }.joined(separator: " ")
    }
}
