import Synchronization
import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

@Suite struct WebhookTests {
    private static let loopback = AddressPolicy(
        allowsPrivate: false, exceptions: Set([IPAddress("127.0.0.1")].compactMap(\.self)))

    private func sender(_ fixture: TenantFixture, policy: AddressPolicy = Self.loopback) -> WebhookSender {
        WebhookSender(database: fixture.workspace.database, policy: policy)
    }

    private func add(_ url: String, to fixture: TenantFixture) throws -> (webhook: Webhook, secret: Secret) {
        var content = Webhooks.Content()
        content.url = url
        return try fixture.workspace.webhooks.add(content, to: fixture.tenantID, by: fixture.principal)
    }

    @Test func `what happens is sent once it is stored, signed with every secret that counts`() throws {
        let fixture = try TenantFixture.desk()
        let server = try ScriptedServer { _ in .status(200) }
        let made = try add(server.url + "/hook", to: fixture)
        let rotated = try fixture.workspace.webhooks.rotate(made.webhook.id, of: fixture.tenantID, by: fixture.principal)
        let session = try fixture.session()
        let sender = sender(fixture)
        #expect(try sender.sendNext())
        #expect(try !sender.sendNext())
        let request = try #require(server.requests.first)
        let id = try #require(request.header("webhook-id"))
        let timestamp = try #require(request.header("webhook-timestamp").flatMap(Int64.init))
        #expect(abs(timestamp - Clock.now.milliseconds / 1000) < 100)
        // By libcrypto, from what the specification says and nothing of the sender's.
        for secret in [made.secret, rotated.secret] {
            let key = try #require(Base64.standard.decode(String(secret.reveal().dropFirst("whsec_".count))))
            #expect((24...64).contains(key.count))
            let code = try Crypto.hmacSHA256(key: key, Array("\(id).\(timestamp).".utf8) + request.body)
            #expect(
                request.header("webhook-signature")?.split(separator: " ").contains("v1,\(Base64.standard.encode(code))") == true)
        }
        let body = try JSONParser.parse(request.body)
        #expect(body["type"] == "session.created" && body["data"]?["session_id"]?.stringValue == session.id)
        #expect(body["data"]?["seq"] == 1)
    }

    @Test func `what fails is tried again by the schedule, keeps its id, and a receiver that is gone is told nothing more`()
        throws
    {
        let fixture = try TenantFixture.desk()
        let answers = Script([500, 302, 200, 410])
        let server = try ScriptedServer { _ in .status(answers.next() ?? 200) }
        let made = try add(server.url + "/hook", to: fixture)
        _ = try fixture.session()
        let sender = sender(fixture)
        func due() throws -> Double {
            let delivery = try #require(try fixture.workspace.webhooks.deliveries(of: made.webhook).first)
            return Double(delivery.dueAt.milliseconds - Clock.now.milliseconds) / 1000
        }
        #expect(try sender.sendNext())
        #expect(try (4...6).contains(due()))
        #expect(try !sender.sendNext())
        #expect(try sender.sendNext(now: Clock.now.adding(seconds: 10)))
        #expect(try (290...331).contains(due()))
        #expect(try sender.sendNext(now: Clock.now.adding(seconds: 400)))
        let first = try #require(try fixture.workspace.webhooks.deliveries(of: made.webhook).first)
        #expect(first.status == .delivered && first.attempts == 3)
        #expect(Set(server.requests.compactMap { $0.header("webhook-id") }) == [first.id])
        _ = try fixture.session()
        _ = try fixture.session()
        #expect(try sender.sendNext())
        let webhook = try fixture.workspace.webhooks.find(made.webhook.id, of: fixture.tenantID)
        #expect(!webhook.isActive && webhook.disabledReason != nil)
        #expect(try fixture.workspace.webhooks.deliveries(of: webhook, status: .pending).isEmpty)
        #expect(try !sender.sendNext(now: Clock.now.adding(seconds: 1_000_000)))
    }

    @Test func `ten attempts that fail are the last, private addresses are not reached, and it can be sent again`() throws {
        let fixture = try TenantFixture.desk()
        let server = try ScriptedServer { _ in .status(200) }
        let made = try add(server.url + "/hook", to: fixture)
        _ = try fixture.session()
        let sender = sender(fixture, policy: .public)
        var now = Clock.now
        for _ in 0..<10 {
            #expect(try sender.sendNext(now: now))
            now = now.adding(seconds: 200_000)
        }
        #expect(try !sender.sendNext(now: now))
        let failed = try #require(try fixture.workspace.webhooks.deliveries(of: made.webhook).first)
        #expect(failed.status == .failed && failed.attempts == 10)
        #expect(server.requests.isEmpty)
        try fixture.workspace.webhooks.replay(failed.id, of: made.webhook)
        #expect(try self.sender(fixture).sendNext())
        #expect(try fixture.workspace.webhooks.deliveries(of: made.webhook).first?.status == .delivered)
    }

    @Test func `a claim that nobody ends is taken again, and none is taken twice meanwhile`() throws {
        let fixture = try TenantFixture.desk()
        let server = try ScriptedServer { _ in .status(200) }
        _ = try add(server.url + "/hook", to: fixture)
        _ = try fixture.session()
        // A process that was killed after its claim.
        try fixture.workspace.database.write {
            try $0.run("UPDATE desk_deliveries SET attempts = 1, due_at = ?", Clock.now.adding(seconds: WebhookSender.claim))
        }
        let sender = sender(fixture)
        #expect(try !sender.sendNext())
        #expect(try sender.sendNext(now: Clock.now.adding(seconds: WebhookSender.claim + 1)))
        #expect(server.requests.count == 1)
    }
}

/// Statuses that a receiver answers with, one after the other.
private final class Script: Sendable {
    private let left: Mutex<[Int]>

    init(_ statuses: [Int]) { left = Mutex(statuses) }

    func next() -> Int? { left.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
}
