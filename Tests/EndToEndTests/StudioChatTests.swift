import Dispatch
import FoundationEssentials
import Synchronization
import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// Conversations over HTTP: in order, resumed, and within their limits.
@Suite struct StudioChatTests {
    private static let answers: [(question: String, word: String)] = [
        ("When are hives opened?", "linden"), ("When is honey taken?", "heather"), ("When is wax melted?", "winter"),
    ]

    @Test func `questions that come at once in one conversation each have their answer behind them`() throws {
        let stage = try ServedFixture()
        let first = try stage.send(
            "POST", "/chat/\(stage.twin.id)", ["query": "When are hives opened?"], "accept: application/json")
        let conversation = try #require(try first.json()["conversation_id"]?.stringValue)
        let failures = Mutex<[String]>([])
        let connections = try (0..<12).map { _ in try stage.connection() }
        nonisolated(unsafe) let clients = connections
        let (owner, twin) = (stage.owner, stage.twin.id)
        DispatchQueue.concurrentPerform(iterations: clients.count) { index in
            do {
                let (question, word) = Self.answers[index % Self.answers.count]
                let reply = try clients[index].send(
                    "POST", "/chat/\(twin)", headers: [owner, "content-type: application/json"],
                    body: JSONWriter.bytes(["query": .string(question), "conversation_id": .string(conversation)]))
                if reply.status != 200 || !reply.body.contains(word) {
                    failures.withLock { $0.append("\(reply.status) \(reply.body)") }
                }
            } catch { failures.withLock { $0.append("\(error)") } }
        }
        #expect(failures.withLock { $0 } == [])
        let messages = try #require(try stage.send("GET", "/conversations/\(conversation)/messages").json().arrayValue)
        #expect(messages.count == 26)
        for (question, answer) in zip(
            messages.enumerated().filter { $0.offset % 2 == 0 }, messages.enumerated().filter { $0.offset % 2 == 1 })
        {
            #expect(question.element["role"] == "user" && answer.element["role"] == "assistant")
            let expected = Self.answers.first { $0.question == question.element["content"]?.stringValue }
            #expect(
                answer.element["content"]?.stringValue?.contains(expected?.word ?? "?") == true,
                "\(question.element) \(answer.element)")
        }
        #expect(try stage.send("GET", "/conversations/\(stage.twin.id)").json().arrayValue?.count == 1)
    }

    @Test func `a client that lost its connection gets the rest of its own answer and of no other`() throws {
        let stage = try ServedFixture()
        let path = "/chat/\(stage.twin.id)"
        let whole = try stage.send("POST", path, ["query": "When is honey taken?"], "accept: text/event-stream")
        #expect(whole.field("content-type")?.hasPrefix("text/event-stream") == true)
        let ids = whole.body.split(separator: "\n").filter { $0.hasPrefix("id: ") }.map { String($0.dropFirst(4)) }
        let events = try whole.body.split(separator: "\n").filter { $0.hasPrefix("data: ") }.map {
            try JSONParser.parse(String($0.dropFirst(6)))
        }
        let conversations = events.compactMap { $0["conversation_id"]?.stringValue }
        let conversation = try #require(conversations.first)
        let text = events.compactMap { $0["content"]?.stringValue }.joined()
        let question = try #require(ids.first.flatMap { $0.split(separator: ".").first.map(String.init) })
        func resume(_ id: String, _ conversation: String, _ authorization: String? = nil) throws -> (
            status: Int, text: String, body: String
        ) {
            let reply = try stage.send(
                "POST", path, ["conversation_id": .string(conversation)],
                headers: [authorization ?? stage.owner, "accept: text/event-stream", "last-event-id: \(id)"])
            let events =
                try reply.status == 200
                ? reply.body.split(separator: "\n").filter { $0.hasPrefix("data: ") }.map {
                    try JSONParser.parse(String($0.dropFirst(6)))
                } : []
            if reply.status == 200 { #expect(events.last?["type"] == "done") }
            return (reply.status, events.compactMap { $0["content"]?.stringValue }.joined(), reply.body)
        }
        for sent in [0, 1, 10, text.utf8.count - 1] {
            #expect(
                try resume("\(question).\(sent)", conversation).text == String(decoding: Array(text.utf8)[sent...], as: UTF8.self)
            )
        }
        #expect(try resume("\(question).\(text.utf8.count)", conversation).text.isEmpty)
        #expect(try resume("\(question).999999999", conversation).text.isEmpty)
        // Nothing was asked again.
        #expect(try stage.send("GET", "/conversations/\(conversation)/messages").json().arrayValue?.count == 2)
        let other = try stage.send("POST", path, ["query": "When are hives opened?"], "accept: application/json").json()
        #expect(try resume("\(question).0", other["conversation_id"]?.stringValue ?? "").status == 404)
        #expect(try resume("01900000-0000-7000-8000-000000000000.0", conversation).status == 404)
        #expect(try resume("\(question).0", "01900000-0000-7000-8000-000000000000").status == 404)
        let viewer = try stage.tenant.token(stage.tenant.user(role: .viewer))
        let refused = try resume("\(question).0", conversation, viewer)
        #expect(refused.status == 404 && !refused.body.contains("heather"))
        // An id that is none needs a question, as a new request does.
        for id in ["nonsense", "\(question)", "\(question).-1", "\(question).x", ".5", String(repeating: "9", count: 5_000)] {
            #expect([400, 404, 422].contains(try resume(id, conversation).status), "\(id)")
        }
    }

    /// A question until it is refused: how many were answered before, and the refusal.
    private func askUntilRefused(_ most: Int, _ ask: () throws -> WireClient.Reply) throws -> (
        answered: Int, last: WireClient.Reply?, refusal: WireClient.Reply
    ) {
        var last: WireClient.Reply?
        for count in 0... {
            let reply = try ask()
            if reply.status == 429 { return (count, last, reply) }
            #expect(reply.status == 200, "\(reply.body)")
            last = reply
            guard count <= most else { break }
        }
        throw WireClientLimit()
    }

    private struct WireClientLimit: Error {}

    private func expectRefusal(_ refusal: WireClient.Reply) {
        #expect(refusal.field("retry-after").flatMap { Int($0) } ?? 0 > 0)
        #expect(refusal.field("x-ratelimit-remaining") == "0" && refusal.body.contains("detail"))
    }

    @Test func `a widget's session asks thirty questions an hour`() throws {
        let stage = try ServedFixture()
        let key = try stage.tenant.key(.chat)
        func ask(_ session: String?) throws -> WireClient.Reply {
            try stage.send(
                "POST", "/chat-widget/\(stage.twin.id)",
                ["api_key": .string(key), "query": "When are hives opened?", "session_id": .optional(session)], headers: [])
        }
        let first = try ask(nil)
        #expect(first.field("x-ratelimit-limit") == "30" && first.field("x-ratelimit-remaining") == "29")
        let sessions = try first.body.split(separator: "\n").compactMap {
            try JSONParser.parse(String($0))["session_id"]?.stringValue
        }
        let session = try #require(sessions.first)
        // An hour may end meanwhile, and then another thirty are free.
        let (answered, last, refusal) = try askUntilRefused(60) { try ask(session) }
        #expect((29...59).contains(answered) && last?.field("x-ratelimit-remaining") == "0")
        expectRefusal(refusal)
        // Refused questions are not stored, and others still ask.
        let conversation = try #require(try stage.send("GET", "/conversations/\(stage.twin.id)").json()[0])
        #expect(conversation["message_count"]?.intValue == (answered + 1) * 2)
        #expect(try ask(nil).status == 200)
    }

    @Test func `a shared twin takes ten questions a minute from an address, however it is disguised`() throws {
        let stage = try ServedFixture()
        _ = try stage.workspace.shareLinks.setEnabled(stage.twin, true)
        let token = try stage.workspace.shareLinks.rotate(stage.twin).token ?? ""
        var spoofed = 0
        func ask(_ address: String) throws -> WireClient.Reply {
            try stage.send(
                "POST", "/public/chat/\(stage.twin.id)/\(token)", ["message": "When are hives opened?"],
                headers: ["x-forwarded-for: \(address)"])
        }
        let (answered, _, refusal) = try askUntilRefused(20) {
            spoofed += 1
            // What stands before the proxy's own entry anybody can write.
            return try ask("198.51.100.\(spoofed), 192.0.2.7")
        }
        #expect((10...20).contains(answered))
        expectRefusal(refusal)
        #expect(try ask("192.0.2.8").status == 200)
        for word in ["not-an-address", "", "192.0.2.9:80"] { #expect([200, 429].contains(try ask(word).status), "\(word)") }
        // Only one address is kept of the one who asked, and none is told.
        #expect(!(try stage.send("GET", "/audience/\(stage.twin.id)").body.contains("192.0.2")))
    }

    @Test func `the limits of a group hold through every door`() throws {
        let stage = try ServedFixture()
        let group = try #require(try stage.workspace.groups.list(of: stage.twin).first { $0.isDefault })
        let set = try stage.scene.twin("groups", "set", group.id, "--twin", stage.twin.id, "--limit", "requests_per_day=3")
        #expect(set.code == 0, "\(set)")
        let viewer = try stage.tenant.token(stage.tenant.user(role: .viewer))
        let key = try stage.tenant.key(.chat)
        func viewerAsks() throws -> WireClient.Reply {
            try stage.send("POST", "/chat/\(stage.twin.id)", ["query": "When are hives opened?"], headers: [viewer])
        }
        let first = try viewerAsks()
        #expect(first.status == 200 && first.field("x-ratelimit-limit") == "3")
        let (_, _, refusal) = try askUntilRefused(5, viewerAsks)
        expectRefusal(refusal)
        #expect(
            try stage.send("POST", "/chat/\(stage.twin.id)", ["query": "When?"], headers: ["x-twin-api-key: \(key)"]).status
                == 429)
        let widget = try stage.send(
            "POST", "/chat-widget/\(stage.twin.id)", ["query": "When?", "api_key": .string(key)], headers: [])
        #expect(widget.status == 429)
        let command = try stage.scene.twin("chat", "When are hives opened?", "--twin", stage.twin.id, "--as-group", group.id)
        #expect(command.code == 6)
        _ = try stage.scene.twin(
            "groups", "set", group.id, "--twin", stage.twin.id, "--limit", "requests_per_day=none", "--limit",
            "tokens_per_request=3")
        #expect(try viewerAsks().status == 429)
        #expect(try stage.send("POST", "/chat/\(stage.twin.id)", ["query": "When?"], headers: [viewer]).status == 200)
    }
}
