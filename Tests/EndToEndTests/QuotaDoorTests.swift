import Dispatch
import Synchronization
import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// A quota binds on every door of a server, however many come at once.
@Suite struct QuotaDoorTests {
    private static let contracts = "--contracts studio,brain,openai,mcp,journal --jobs 0 --log none"
    private static let question = "When are hives opened?"

    /// A way to ask, and the words that do it.
    private struct Door: Sendable {
        let name: String
        let path: String
        let body: JSON
    }

    /// The doors of somebody who is signed in. The answer of a prompt is brought along, and as long as the twin's.
    private func doors(_ stage: ServedFixture, session: String, answer: String) -> [Door] {
        let twin = stage.twin.id
        return [
            Door(name: "studio", path: "/chat/\(twin)", body: ["query": .string(Self.question)]),
            Door(name: "brain", path: "/api/twins/\(twin)/chat", body: ["message": .string(Self.question)]),
            Door(
                name: "openai", path: "/v1/chat/completions",
                body: ["model": .string(twin), "messages": [["role": "user", "content": .string(Self.question)]]]),
            Door(
                name: "prompts", path: "/api/v1/prompts",
                body: [
                    "user_id": .string(stage.tenant.owner.id), "session_id": .string(session),
                    "prompt_text": .string(Self.question), "llm_responses": [.string(answer)],
                ]),
        ]
    }

    private func send(_ client: WireClient, _ door: Door, _ headers: [String]) throws -> WireClient.Reply {
        try client.send(
            "POST", door.path, headers: headers + ["content-type: application/json", "accept: application/json"],
            body: JSONWriter.bytes(door.body))
    }

    private func count(_ stage: ServedFixture, _ sql: String) throws -> Int {
        try stage.workspace.database.read { try $0.first(sql) { $0.int(0) } ?? 0 }
    }

    @Test func `of 64 clients at four doors exactly as many are admitted as the quota has room for`() throws {
        let stage = try ServedFixture(Self.contracts)
        let owner = stage.tenant.owner
        let quotas = stage.workspace.quotas
        let session = try #require(
            try stage.send("POST", "/api/v1/chat_sessions", ["user_id": .string(owner.id), "title": "Race"]).json()["session_id"]?
                .stringValue)
        func used() throws -> Int { try quotas.find(owner)?.usedToday ?? -1 }
        _ = try quotas.set(owner, .init(dailyLimit: 1_000_000), by: .localOperator)
        let first = try stage.send(
            "POST", "/chat/\(stage.twin.id)", ["query": .string(Self.question)], "accept: application/json")
        let answer = try #require(try first.json()["answer"]?.stringValue)
        let cost = try used()
        #expect(cost == (Self.question.utf8.count + answer.utf8.count + 3) / 4)
        let doors = doors(stage, session: session, answer: answer)
        for door in doors {
            _ = try quotas.set(owner, .init(usedToday: 0), by: .localOperator)
            #expect(try send(stage.client, door, [stage.owner]).status < 300, "\(door.name)")
            #expect(try used() == cost, "\(door.name)")
        }

        let room = 23
        // Not a token too much, and not one too little.
        _ = try quotas.set(owner, .init(dailyLimit: room * cost, usedToday: 0), by: .localOperator)
        let before = (
            try count(stage, "SELECT count(*) FROM messages"), try count(stage, "SELECT count(*) FROM conversations"),
            try count(stage, "SELECT count(*) FROM journal_prompts")
        )
        let admitted = Mutex<[String: Int]>([:])
        let refused = Mutex<[(Int, String?)]>([])
        let headers = [stage.owner]
        let clients = try (0..<64).map { _ in Client(try stage.connection()) }
        DispatchQueue.concurrentPerform(iterations: 64) { number in
            let door = doors[number % doors.count]
            let reply = try? send(clients[number].wire, door, headers)
            if let reply, reply.status < 300 {
                admitted.withLock { $0[door.name, default: 0] += 1 }
            } else {
                refused.withLock { $0.append((reply?.status ?? 0, reply?.field("retry-after"))) }
            }
        }
        let counts = admitted.withLock { $0 }
        #expect(counts.values.reduce(0, +) == room, "\(counts)")
        let others = refused.withLock { $0 }
        #expect(others.count == 64 - room && others.allSatisfy { $0.0 == 429 }, "\(others)")
        #expect(others.allSatisfy { (1...86_400).contains($0.1.flatMap { Int($0) } ?? 0) })
        #expect(try used() == room * cost)
        // OpenAI's clients keep their conversations themselves.
        let kept = (counts["studio"] ?? 0) + (counts["brain"] ?? 0)
        #expect(try count(stage, "SELECT count(*) FROM messages") == before.0 + 2 * kept)
        #expect(try count(stage, "SELECT count(*) FROM conversations") == before.1 + kept)
        #expect(try count(stage, "SELECT count(*) FROM journal_prompts") == before.2 + (counts["prompts"] ?? 0))
        #expect(try count(stage, "SELECT count(*) FROM quota_reservations") == 0)
    }

    /// A connection of one thread at a time.
    private final class Client: @unchecked Sendable {
        let wire: WireClient
        init(_ wire: WireClient) { self.wire = wire }
    }

    @Test func `what is used up is used up at the doors of keys, visitors and MCP too, and nothing of it is stored`() throws {
        let stage = try ServedFixture(Self.contracts)
        let twin = stage.twin
        let key = try stage.workspace.keys.create(
            "site", tenantID: stage.tenant.tenantID, scopes: [.chat, .read], by: stage.tenant.owner.id
        ).text.reveal()
        _ = try stage.workspace.shareLinks.setEnabled(twin, true, by: nil)
        let token = try #require(try stage.workspace.shareLinks.rotate(twin, by: nil).token)
        let call: JSON = [
            "jsonrpc": "2.0", "id": 1, "method": "tools/call",
            "params": ["name": "ask", "arguments": ["question": .string(Self.question)]],
        ]
        let doors: [(name: String, path: String, headers: [String], body: JSON)] = [
            ("a key at studio", "/chat/\(twin.id)", ["x-twin-api-key: \(key)"], ["query": .string(Self.question)]),
            ("a widget", "/chat-widget/\(twin.id)", [], ["api_key": .string(key), "query": .string(Self.question)]),
            ("a share link", "/public/chat/\(twin.id)/\(token)", [], ["message": .string(Self.question)]),
            (
                "OpenAI", "/v1/chat/completions", ["authorization: Bearer \(key)"],
                ["model": .string(twin.id), "messages": [["role": "user", "content": .string(Self.question)]]]
            ),
            ("MCP", "/mcp", ["authorization: Bearer \(key)", "accept: application/json, text/event-stream"], call),
        ]
        for limit in [1_000_000, 0] {
            _ = try stage.workspace.quotas.set(tenantID: stage.tenant.tenantID, .init(dailyLimit: limit), by: .localOperator)
            for door in doors {
                let before = try count(stage, "SELECT count(*) FROM messages")
                let used = try stage.workspace.quotas.list().first?.usedToday ?? 0
                let reply = try stage.send("POST", door.path, door.body, headers: door.headers)
                let isMCP = door.name == "MCP"
                if limit == 0 {
                    #expect(isMCP ? reply.body.contains("quota") : reply.status == 429, "\(door.name): \(reply.body)")
                    #expect(isMCP || reply.field("retry-after") != nil, "\(door.name)")
                    #expect(try count(stage, "SELECT count(*) FROM messages") == before, "\(door.name)")
                } else {
                    #expect(reply.status == 200 && reply.body.contains("May"), "\(door.name): \(reply.body)")
                    #expect(try (stage.workspace.quotas.list().first?.usedToday ?? 0) > used, "\(door.name) is free")
                }
            }
        }
    }

    @Test func `a model's own count is charged, and what was set aside is free again`() throws {
        let usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":300,\"completion_tokens\":41,\"total_tokens\":341}}\n\n"
        let model = try ModelServer(says: "Hives are opened in May [1].", end: usage + ModelServer.end)
        let stage = try ServedFixture(Self.contracts, environment: model.environment)
        let owner = stage.tenant.owner
        _ = try stage.workspace.quotas.set(owner, .init(dailyLimit: 700), by: .localOperator)
        for used in [341, 682] {
            let reply = try stage.send("POST", "/chat/\(stage.twin.id)", ["query": .string(Self.question)])
            #expect(reply.status == 200)
            #expect(try stage.workspace.quotas.find(owner)?.usedToday == used, "\(reply.body)")
        }
        // 18 are left: less than the last answer took.
        #expect(try stage.send("POST", "/chat/\(stage.twin.id)", ["query": .string(Self.question)]).status == 429)
        #expect(model.server.requests.count == 2)

        // As many at once as there is room for, though none knows beforehand what it will use.
        let room = 7
        _ = try stage.workspace.quotas.set(owner, .init(dailyLimit: room * 341 + 340, usedToday: 0), by: .localOperator)
        let doors = doors(stage, session: "", answer: "").filter { $0.name != "prompts" }
        let headers = [stage.owner]
        let clients = try (0..<24).map { _ in Client(try stage.connection()) }
        let admitted = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: clients.count) { number in
            let reply = try? send(clients[number].wire, doors[number % doors.count], headers)
            if let reply, reply.status < 300 { admitted.withLock { $0 += 1 } }
        }
        #expect(admitted.withLock { $0 } == room && model.server.requests.count == 2 + room)
        #expect(try stage.workspace.quotas.find(owner)?.usedToday == room * 341)
    }
}
