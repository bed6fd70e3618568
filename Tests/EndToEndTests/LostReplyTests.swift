import FoundationEssentials
import TestSupport
import Testing
import TwinKit

#if canImport(Glibc)
    import Glibc
    import TwinHTTP
    import TwinSupport
#endif

/// What a replica asks its primary for is done once, however much of what is said between them is lost.
@Suite struct LostReplyTests {
    private static let admit = "/internal/replica/admit"
    private static let settle = "/internal/replica/settle"
    private static let store = "/internal/replica/store"
    private static let question: JSON = ["query": "How often is the gear oil changed?"]

    private func ask(_ stage: ReplicaStage, _ question: JSON = Self.question) throws -> RunningServer.Reply {
        try stage.replica.send("POST", "/chat/ada", json: question, headers: [stage.keyField, "accept: application/json"])
    }

    /// What the primary has of a conversation, as roles and texts.
    private func stored(_ stage: ReplicaStage, _ conversation: String) throws -> [(role: String?, text: String?)] {
        let shown = try stage.home.twin("conversations", "show", conversation, "--json").json()
        let messages = shown["messages"]?.arrayValue ?? shown.arrayValue ?? []
        return messages.map { ($0["role"]?.stringValue, $0["content"]?.stringValue) }
    }

    private func conversations(_ stage: ReplicaStage) throws -> [String] {
        try stage.home.twin("conversations", "list", "--json").json().arrayValue?.compactMap { $0["id"]?.stringValue } ?? []
    }

    @Test func `a question whose replies are lost is stored once, with its answer`() throws {
        let stage = try ReplicaStage(isRelayed: true)
        stage.relay.lose(Self.admit)
        stage.relay.lose(Self.settle)
        let reply = try ask(stage)
        #expect(try reply.status == 200 && reply.json()["status"] == "grounded", "\(reply)")
        #expect(stage.relay.count(Self.admit) == 2 && stage.relay.count(Self.settle) == 2)
        #expect(try stage.forwarded("question") == 0)
        let conversation = try #require(reply.json()["conversation_id"]?.stringValue)
        #expect(try conversations(stage) == [conversation])
        #expect(try stored(stage, conversation).map(\.role) == ["user", "assistant"])
        #expect(try stage.home.twin("metrics", "usage", "--twin", "ada", "--json").json()["total_requests"] == 1)
        // What leaves no conversation is counted once as well.
        stage.relay.lose(Self.admit)
        let unkept = try stage.replica.send(
            "POST", "/v1/chat/completions",
            json: [
                "model": "ada", "store": false, "messages": [["role": "user", "content": "How often is the gear oil changed?"]],
            ], headers: [stage.keyField])
        #expect(unkept.status == 200 && unkept.body.contains("500 hours"))
        #expect(try stage.home.twin("metrics", "usage", "--twin", "ada", "--json").json()["total_requests"] == 2)
    }

    @Test func `a question of which nobody says whether it was let in is not asked a second time`() throws {
        let stage = try ReplicaStage(isRelayed: true)
        stage.relay.lose(Self.admit, 1_000_000)
        let reply = try ask(stage)
        #expect(reply.status == 503 && reply.headers["retry-after"] != nil, "\(reply)")
        #expect(try stage.forwarded("question") == 0)
        let conversation = try #require(conversations(stage).first)
        #expect(try conversations(stage).count == 1)
        #expect(try stored(stage, conversation).map(\.role) == ["user"])
    }

    @Test func `a question is known by its id when the primary was started anew`() throws {
        let stage = try ReplicaStage()
        let id = "0192d3f0-7a3b-7c3e-9a51-5d1b6f0c2a77"
        func tell(_ server: RunningServer, _ path: String, _ body: JSON, key: String) throws -> RunningServer.Reply {
            try server.send(
                "POST", path, json: body,
                headers: ["x-twin-replica: \(ReplicaStage.token)", "x-twin-api-key: \(key)"])
        }
        let asked: JSON = [
            "id": .string(id), "sequence": 1_000_000,
            "question": ["twin": "ada", "text": "How often is the gear oil changed?", "is_kept": true],
        ]
        let first = try tell(stage.primary, Self.admit, asked, key: stage.key)
        #expect(try first.status == 200 && first.json()["question"]?.stringValue == id, "\(first)")
        #expect(try tell(stage.primary, Self.admit, asked, key: stage.key).body == first.body)
        // Nobody else's key is told of it, or can ask under its name.
        let other = try stage.home.twin("keys", "create", "other", "--scope", "chat", "--json").json()["key"]?.stringValue ?? ""
        #expect(try tell(stage.primary, Self.admit, asked, key: other).status == 410)
        stage.primary.stop(SIGKILL)
        let again = try RunningServer(stage.home, environment: ReplicaStage.environment)
        #expect(try tell(again, Self.admit, asked, key: other).status == 404)
        let second = try tell(again, Self.admit, asked, key: stage.key)
        #expect(try second.json()["question"]?.stringValue == id, "\(second)")
        #expect(try second.json()["conversation"]?["id"] == first.json()["conversation"]?["id"])
        let draft: JSON = [
            "id": .string(id),
            "draft": ["status": "grounded", "text": "Every 500 hours.", "confidence": 0.9, "citations": []],
        ]
        let settled = try tell(again, Self.settle, draft, key: stage.key)
        let message = try #require(settled.json()["message"]?.stringValue)
        #expect(try tell(again, Self.settle, draft, key: stage.key).json()["message"]?.stringValue == message)
        let conversation = try #require(second.json()["conversation"]?["id"]?.stringValue)
        #expect(try conversations(stage) == [conversation])
        #expect(try stored(stage, conversation).map(\.role) == ["user", "assistant"])
        // Neither can a question that has its answer be let in again.
        #expect(try tell(again, Self.admit, asked, key: stage.key).status == 410)
        for (wrong, status) in [(["id": "1"] as JSON, 400), (["id": 1], 400), ([:], 400)] {
            #expect(try tell(again, Self.admit, wrong, key: stage.key).status == status)
            #expect(try tell(again, Self.settle, wrong, key: stage.key).status >= 400)
        }
    }

    @Test func `an answer in a model's words is stored through a replica as it was told, whatever the model does`() throws {
        let calls = Counter()
        let model = try ModelServer { _ in
            switch calls.next() {
            case 1:
                .events([ModelServer.delta("The oil is changed "), ModelServer.delta("every 500 hours [1]."), ModelServer.end])
            // Breaks off in the middle, claims what nothing says, says nothing, sends what is none.
            case 2:
                .init([.text(ModelServer.streamHead + ModelServer.delta("The oil is changed every 500 hours [1]. ")), .reset])
            case 3: .events([ModelServer.delta("It is changed every 9,000 hours [7]."), ModelServer.end])
            case 4: .status(500)
            default: .events(["data: {\"choices\":\n\n"])
            }
        }
        let stage = try ReplicaStage(isRelayed: true, environment: model.environment)
        var told: [String: String] = [:]
        for number in 1...5 {
            if number == 1 { stage.relay.lose(Self.store) }
            let reply = try ask(stage)
            #expect(reply.status == 200, "\(number): \(reply)")
            let answer = try reply.json()
            let conversation = try #require(answer["conversation_id"]?.stringValue)
            told[conversation] = answer["answer"]?.stringValue
            if number == 1 {
                #expect(answer["answer"] == "The oil is changed every 500 hours [1]." && answer["degraded"] == false)
            }
            #expect(answer["answer"]?.stringValue?.contains("500 hours") == true, "\(number): \(answer)")
            #expect(number == 1 || answer["degraded"] == true, "\(number): \(answer)")
        }
        #expect(try stage.forwarded("question") == 0 && stage.relay.count(Self.store) == 6)
        #expect(try Set(conversations(stage)) == Set(told.keys))
        for (conversation, answer) in told {
            let messages = try stored(stage, conversation)
            #expect(messages.map(\.role) == ["user", "assistant"] && messages.last?.text == answer, "\(messages)")
        }
    }

    @Test func `a primary that falls silent is not waited for`() throws {
        let stage = try ReplicaStage()
        let owner = try stage.primary.user("owner@example.org")
        #expect(try stage.wait { try stage.replica.send("GET", "/twins", headers: [owner.authorization]).status == 200 })
        kill(stage.primary.process, SIGSTOP)
        defer { kill(stage.primary.process, SIGCONT) }
        // Sent, and nobody can say what became of it.
        let sent = try stage.replica.send("POST", "/twins", json: ["name": "Bea"], headers: [owner.authorization])
        #expect(sent.status == 502, "\(sent)")
        #expect(try stage.wait { try stage.read("/twins").status == 503 })
        // From here on nothing is sent.
        for (method, path, body) in [
            ("POST", "/twins", ["name": "Cleo"] as JSON), ("POST", "/chat/ada", Self.question),
        ] {
            let refused = try stage.replica.send(method, path, json: body, headers: [owner.authorization])
            #expect(refused.status == 503 && refused.headers["retry-after"] != nil, "\(path): \(refused)")
        }
        kill(stage.primary.process, SIGCONT)
        try stage.waitUntilReady()
        #expect(
            try stage.wait {
                try stage.replica.send("POST", "/twins", json: ["name": "Dora"], headers: [owner.authorization]).status == 200
            })
        let names = try stage.primary.send("GET", "/twins", headers: [owner.authorization]).json().arrayValue?
            .compactMap { $0["name"]?.stringValue }
        #expect(names?.contains("Cleo") == false && names?.contains("Dora") == true)
    }
}
