import Synchronization
import TwinDatabase
import TwinHTTP
import TwinSupport

/// Sends what stands in the outbox, each delivery until it has arrived. A delivery is claimed in a transaction before it is sent, so
/// that two processes do not send it at once; whoever is killed in between leaves it to be sent again once the claim is over.
package final class WebhookSender: Sendable {
    /// Seconds until the next attempt, after so many that failed; behind the last it has failed for good.
    static let schedule: [Double] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]
    /// Seconds for which a claim holds: more than an attempt lasts.
    static let claim = 25.0
    /// Of one attempt, in milliseconds.
    private static let attemptTime = 20_000
    private static let responseBytes = 64 << 10
    private static let threads = 4
    /// Seconds between two looks without a signal.
    private static let interval = 1.0

    private let database: Database
    private let sessions: DeskSessions
    private let client: HTTPClient
    private let isStopping = Atomic<Bool>(false)
    private let running = Monitor(0)

    package init(database: Database, policy: AddressPolicy) {
        self.database = database
        sessions = DeskSessions(database: database)
        client = HTTPClient(policy: policy, userAgent: "twin-webhooks")
    }

    /// Starts its threads. Where one cannot be had there are fewer; without any, deliveries wait for the next start.
    package func start() {
        for _ in 0..<Self.threads {
            running.withLock { $0 += 1 }
            let isStarted = SystemThread.start { [self] in
                work()
                running.withLock { $0 -= 1 }
                running.notifyAll()
            }
            if !isStarted { running.withLock { $0 -= 1 } }
        }
    }

    /// Begins no further attempt, cuts off those under way, and waits for them at the most so long.
    package func stop(within seconds: Double) {
        isStopping.store(true, ordering: .sequentiallyConsistent)
        DeskSignal.wake()
        _ = running.wait(seconds: seconds) { $0 == 0 ? true : nil }
    }

    private var mustStop: Bool { isStopping.load(ordering: .sequentiallyConsistent) }

    private func work() {
        while !mustStop {
            let seen = DeskSignal.current
            // A database that is busy is looked at again in a moment.
            if let isDone = try? sendNext(), isDone { continue }
            _ = DeskSignal.wait(after: seen, seconds: Self.interval)
        }
    }

    /// What is known of a delivery that is to be sent now.
    private struct Claimed {
        let key: Int64
        let id: String
        let attempts: Int
        let webhook: Webhook
        let event: DeskEvent
        let secrets: [Secret]
    }

    /// Sends the delivery that is due first; false when none is.
    func sendNext(now: Timestamp = Clock.now) throws -> Bool {
        let isDue = try database.read { connection in
            try connection.first(
                "SELECT 1 FROM desk_deliveries WHERE status = 'pending' AND due_at <= ? LIMIT 1", now, map: { _ in true })
        }
        guard isDue == true, let claimed = try database.write({ try Self.claim(now, on: $0) }) else { return false }
        let outcome = attempt(claimed)
        try finish(claimed, outcome)
        return true
    }

    private static func claim(_ now: Timestamp, on connection: Connection) throws -> Claimed? {
        let row = try connection.first(
            """
            SELECT d.key, d.id, d.attempts, d.webhook_key, d.event_key FROM desk_deliveries d
            WHERE d.status = 'pending' AND d.due_at <= ? ORDER BY d.due_at, d.key LIMIT 1
            """, now
        ) { (key: $0.int64(0), id: $0.text(1), attempts: $0.int(2), webhook: $0.int64(3), event: $0.int64(4)) }
        guard let row else { return nil }
        let webhook = try connection.first(
            "SELECT \(Webhook.columns) FROM desk_webhooks WHERE key = ?", row.webhook, map: Webhook.init)
        let event =
            try connection.first(
                "SELECT \(DeskEvent.columns) FROM desk_events WHERE key = ?", row.event, map: DeskEvent.init) ?? nil
        guard let webhook, let event, webhook.isActive else {
            try connection.run(
                "UPDATE desk_deliveries SET status = 'failed', error = 'the webhook is switched off' WHERE key = ?", row.key)
            return nil
        }
        try connection.run(
            "UPDATE desk_deliveries SET attempts = attempts + 1, due_at = ? WHERE key = ?", now.adding(seconds: claim), row.key)
        var secrets: [Secret] = []
        for name in [Webhooks.secretName(webhook.id), Webhooks.previousName(webhook.id)] {
            if name.hasSuffix(":previous"), webhook.previousUntil.map({ $0 <= now }) ?? true { continue }
            if let bytes = try StoredSecrets.value(name, on: connection) {
                secrets.append(Secret(String(decoding: bytes, as: UTF8.self)))
            }
        }
        return Claimed(
            key: row.key, id: row.id, attempts: row.attempts + 1, webhook: webhook, event: event, secrets: secrets)
    }

    private enum Outcome {
        case arrived(Int)
        case gone(Int)
        case failed(Int?, String)
        /// The server stops: nothing was wrong with it.
        case interrupted
    }

    private func attempt(_ delivery: Claimed) -> Outcome {
        do {
            let body = JSONWriter.bytes(try payload(of: delivery.event))
            let timestamp = Clock.now.milliseconds / 1000
            var limits = ClientLimits()
            limits.connectTime = 5_000
            limits.totalTime = Self.attemptTime
            limits.idleTime = Self.attemptTime
            limits.responseBytes = Self.responseBytes
            limits.redirects = 0
            var request = ClientRequest(.post, try WebAddress(delivery.webhook.url), body: body, limits: limits)
            request.headers.append("Content-Type", "application/json")
            request.headers.append("webhook-id", delivery.id)
            request.headers.append("webhook-timestamp", String(timestamp))
            request.headers.append(
                "webhook-signature",
                try WebhookSignature.value(id: delivery.id, timestamp: timestamp, body: body, secrets: delivery.secrets))
            let status = try client.send(request, isCancelled: { [self] in mustStop }).status
            switch status {
            case 200...299: return .arrived(status)
            case 410: return .gone(status)
            default: return .failed(status, "the receiver answered \(status)")
            }
        } catch HTTPClientError.cancelled {
            return .interrupted
        } catch HTTPClientError.responseTooLarge {
            return .failed(nil, "the receiver answered without end")
        } catch {
            return .failed(nil, "\(error)")
        }
    }

    private func finish(_ delivery: Claimed, _ outcome: Outcome) throws {
        let now = Clock.now
        try database.write { connection in
            switch outcome {
            case .arrived(let status):
                try connection.run(
                    """
                    UPDATE desk_deliveries SET status = 'delivered', response_status = ?, error = NULL, delivered_at = ?
                    WHERE key = ?
                    """, status, now, delivery.key)
            case .gone(let status):
                let reason = "the receiver says that it is gone"
                try connection.run(
                    "UPDATE desk_webhooks SET is_active = 0, disabled_reason = ?, updated_at = ? WHERE key = ?", reason, now,
                    delivery.webhook.key)
                try connection.run(
                    """
                    UPDATE desk_deliveries SET status = 'failed', error = ?,
                        response_status = CASE WHEN key = ? THEN ? ELSE response_status END
                    WHERE webhook_key = ? AND status = 'pending'
                    """, reason, delivery.key, status, delivery.webhook.key)
            case .failed(let status, let reason):
                let next = Self.schedule.indices.contains(delivery.attempts - 1) ? Self.schedule[delivery.attempts - 1] : nil
                // Up to a tenth more, so that those which failed together do not come again together.
                let pause = next.map { $0 * Double.random(in: 1...1.1) }
                try connection.run(
                    "UPDATE desk_deliveries SET status = ?, response_status = ?, error = ?, due_at = ? WHERE key = ?",
                    pause == nil ? "failed" : "pending", status, reason.shortened(to: 500), now.adding(seconds: pause ?? 0),
                    delivery.key)
            case .interrupted:
                try connection.run(
                    "UPDATE desk_deliveries SET attempts = attempts - 1, due_at = ? WHERE key = ?", now, delivery.key)
            }
        }
    }

    // MARK: What is told

    /// What stands of an event now: words that were withdrawn since are not in it.
    private func payload(of event: DeskEvent) throws -> JSON {
        var data: JSONObject = [
            "seq": .int(event.sequence), "tenant_id": .string(event.tenantID), "session_id": .optional(event.sessionID),
        ]
        let session = try event.sessionID.flatMap { id in
            try database.read { connection in
                try connection.first(
                    "SELECT \(DeskSession.columns) \(DeskSession.from) WHERE s.id = ?", id, map: DeskSession.init)
            }
        }
        switch event.kind {
        case .message:
            let message = try session.flatMap { try sessions.message(event.subjectID, in: $0) }
            data["message"] =
                message.map {
                    [
                        "id": .string($0.id), "role": .string($0.role.rawValue), "content": .string($0.content),
                        "sender_id": .optional($0.senderID), "created_at": .string($0.createdAt.description),
                    ]
                } ?? ["id": .string(event.subjectID), "deleted": true]
        case .handover:
            data["handover"] = .object(event.details.merging(["id": .string(event.subjectID)]))
        case .sessionBegun, .sessionEnded:
            data["contact_id"] = .optional(session?.contactID)
        case .presence:
            data["user_id"] = .string(event.subjectID)
            data["status"] = event.details["status"] ?? .null
        }
        return [
            "type": .string(event.kind.rawValue), "timestamp": .string(event.createdAt.description), "data": .object(data),
        ]
    }
}
