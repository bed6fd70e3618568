import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// What a question costs: transactions from the request to the last byte of the answer.
@Suite struct ChatTransactionTests {
    let tenant: TenantFixture
    let twin: Twin
    let router: Router

    init() throws {
        tenant = try TenantFixture(Scene(), marker: "homeland")
        twin = try tenant.twin()
        _ = try tenant.upload("hives.md", "Hives are opened in May, when the linden tree is in flower.\n", into: twin)
        router = try TwinAPI.router(tenant.workspace)
    }

    /// The reads and writes of a request, and its answer.
    private func cost(_ path: String, _ body: JSON, _ fields: [HeaderField] = []) throws -> (
        reads: Int, writes: Int, answer: JSON
    ) {
        // Notes of when a user or a key was last seen go their own way.
        try tenant.workspace.authenticator.flush()
        let before = tenant.workspace.database.transactionCounts
        let request = try Request(
            .post, path, headers: fields + [HeaderField("content-type", "application/json")], body: JSONWriter.bytes(body))
        let response = try router.respond(to: request).collect()
        try tenant.workspace.authenticator.flush()
        let after = tenant.workspace.database.transactionCounts
        #expect(response.status == .ok, "\(response.text)")
        let first = try #require(response.text.split(separator: "\n").first)
        return (after.reads - before.reads, after.writes - before.writes, try JSONParser.parse(String(first)))
    }

    private static let question: JSON = "When are hives opened?"

    @Test func `a signed-in user's question takes one read, one write, and the look at who asks`() throws {
        let token = try tenant.workspace.tokens.accessToken(for: tenant.owner).reveal()
        let fields = [HeaderField("authorization", "Bearer \(token)")]
        let path = "/chat/\(twin.id)"
        let warm = try cost(path, ["query": Self.question], fields)
        let first = try cost(path, ["query": Self.question], fields)
        #expect(first.reads == 2 && first.writes == 1, "\(first)")
        let next = try cost(
            path, ["query": Self.question, "conversation_id": .optional(warm.answer["conversation_id"]?.stringValue)], fields)
        #expect(next.reads == 2 && next.writes == 1, "\(next)")
    }

    @Test func `a visitor's question adds the look at the door, and the first one the session`() throws {
        let key = try tenant.key(.chat)
        let path = "/chat-widget/\(twin.id)"
        _ = try cost(path, ["query": Self.question, "api_key": .string(key)])
        let first = try cost(path, ["query": Self.question, "api_key": .string(key)])
        #expect(first.reads == 3 && first.writes == 2, "\(first)")
        let session = try #require(first.answer["session_id"]?.stringValue)
        let next = try cost(path, ["query": Self.question, "api_key": .string(key), "session_id": .string(session)])
        #expect(next.reads == 3 && next.writes == 1, "\(next)")
        #expect(next.answer["conversation_id"] == first.answer["conversation_id"])

        _ = try tenant.workspace.shareLinks.setEnabled(twin, true)
        let token = try tenant.workspace.shareLinks.rotate(twin).token ?? ""
        let shared = try cost("/public/chat/\(twin.id)/\(token)", ["message": Self.question])
        #expect(shared.reads == 2 && shared.writes == 2, "\(shared)")
    }

    @Test func `the answer of a twin that was deleted meanwhile says so, and leaves nothing behind`() throws {
        let ask = tenant.workspace.ask
        let reader = Ask.Reader(atFile: .user(tenant.owner))
        let turn = try ask.admit(Ask.Question("When are hives opened?", of: twin.id), id: Identifier.make(), as: reader)
        try tenant.workspace.twins.delete(twin, by: nil)
        let draft = AnswerDraft(status: .unanswerable, text: "I don't know.", confidence: 0)
        let error = #expect(throws: TwinError.self) { try ask.settle(draft, of: turn) }
        #expect(error?.kind == .notFound)
        let messages = try tenant.workspace.database.read { try $0.first("SELECT count(*) FROM messages") { $0.int(0) } }
        #expect(messages == 0)
    }
}
