import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// What was granted once and is not any more: it is told no more, through no door that was open before.
@Suite struct WithdrawalTests {
    private static let secret = "linden"

    private func conversation(_ reply: WireClient.Reply) throws -> (id: String, event: String) {
        let event = try JSONParser.parse(String(try #require(reply.body.split(separator: "\n").first)))
        return (event["conversation_id"]?.stringValue ?? "", event["event_id"]?.stringValue ?? "")
    }

    @Test func `a transcript and a resumed answer leave out what was withdrawn, and say so`() throws {
        let stage = try ServedFixture("--jobs 0 --log none --contracts studio,brain")
        let viewer = try stage.tenant.token(stage.tenant.user(role: .viewer))
        let path = "/chat/\(stage.twin.id)"
        let verified = try stage.workspace.verifiedAnswers.add(
            .init(question: "What is the password of the shed?", answer: "It is heatherbell."), to: stage.twin)
        let asked = try stage.send("POST", path, ["query": "When are hives opened?"], headers: [viewer])
        #expect(asked.body.contains(Self.secret))
        let (id, event) = try conversation(asked)
        let second = try stage.send(
            "POST", path, ["query": "What is the password of the shed?", "conversation_id": .string(id)], headers: [viewer])
        #expect(second.body.contains("heatherbell"))
        func messages(_ caller: String) throws -> [JSON] {
            try stage.send("GET", "/conversations/\(id)/messages", nil, headers: [caller]).json().arrayValue ?? []
        }
        func resume(_ event: String) throws -> WireClient.Reply {
            try stage.send("POST", path, ["conversation_id": .string(id)], headers: [viewer, "last-event-id: \(event)"])
        }
        let before = try messages(viewer)
        #expect(before.allSatisfy { $0["withdrawn"] == false } && before.count == 4)
        let group = try #require(try stage.workspace.groups.list(of: stage.twin).first { $0.isDefault })
        let source = try #require(try stage.workspace.sources.list(twin: stage.twin).first)
        try stage.workspace.permissions.revoke(.source, [source.id], from: group)
        try stage.workspace.permissions.revoke(.verifiedAnswer, [verified.id], from: group)

        let after = try messages(viewer)
        #expect(after.map { $0["withdrawn"] } == [false, true, false, true])
        #expect(after[1]["citations"] == [] && after[1]["content"]?.stringValue?.contains("withdrawn") == true)
        #expect(!JSON.array(after).text.contains(Self.secret) && !JSON.array(after).text.contains("heatherbell"))
        let bytes = event.split(separator: ".").first.map { "\($0).1" } ?? ""
        for position in [event, bytes] {
            let resumed = try resume(position)
            #expect(resumed.status == 200 && resumed.body.contains("withdrawn") && !resumed.body.contains(Self.secret))
        }
        let brain = try stage.send("GET", "/api/twins/\(stage.twin.id)/conversations/\(id)", nil, headers: [viewer])
        #expect(brain.status == 200 && !brain.body.contains(Self.secret) && !brain.body.contains("heatherbell"))
        // Its owner keeps the record.
        #expect(try messages(stage.owner).map { $0["content"] } == before.map { $0["content"] })
        // What is granted again is there again.
        try stage.workspace.permissions.grant(.source, [source.id], to: group)
        try stage.workspace.permissions.grant(.verifiedAnswer, [verified.id], to: group)
        #expect(try messages(viewer) == before)
    }

    @Test func `what a source or the owner says no more is not told again`() throws {
        let stage = try ServedFixture()
        let viewer = try stage.tenant.token(stage.tenant.user(role: .viewer))
        let path = "/chat/\(stage.twin.id)"
        let verified = try stage.workspace.verifiedAnswers.add(
            .init(question: "What is the password of the shed?", answer: "It is heatherbell."), to: stage.twin)
        let (id, _) = try conversation(
            try stage.send("POST", path, ["query": "What is the password of the shed?"], headers: [viewer]))
        for question in ["When are hives opened?", "When is wax melted?"] {
            _ = try stage.send("POST", path, ["query": .string(question), "conversation_id": .string(id)], headers: [viewer])
        }
        func answers() throws -> [JSON] {
            let messages = try stage.send("GET", "/conversations/\(id)/messages", nil, headers: [viewer]).json().arrayValue ?? []
            return messages.filter { $0["role"] == "assistant" }
        }
        #expect(try answers().map { $0["withdrawn"] } == [false, false, false])
        _ = try stage.workspace.verifiedAnswers.edit(
            verified.id, answer: "Ask me in person.", reason: "moved", by: nil)
        // Wax is melted as before, of hives nothing is said any more.
        _ = try stage.tenant.upload("hives.md", "Wax is melted in winter, when there is time for it.\n", into: stage.twin)
        let after = try answers()
        #expect(after.prefix(2).map { $0["withdrawn"] } == [true, true])
        #expect(after.last?["content"]?.stringValue?.contains("Wax is melted in winter") == true)
        #expect(!JSON.array(after).text.contains("heatherbell") && !JSON.array(after).text.contains(Self.secret))
    }

    @Test func `a model is not told in the history what its asker may not read any more`() throws {
        let slow = try SlowModelStage()
        slow.gate.open()
        slow.gate.open()
        let stage = slow.stage
        let viewer = try stage.tenant.token(stage.tenant.user(role: .viewer))
        let path = "/chat/\(stage.twin.id)"
        let (id, _) = try conversation(try stage.send("POST", path, ["query": "When are hives opened?"], headers: [viewer]))
        let group = try #require(try stage.workspace.groups.list(of: stage.twin).first { $0.isDefault })
        let source = try #require(try stage.workspace.sources.list(twin: stage.twin).first)
        try stage.workspace.permissions.revoke(.source, [source.id], from: group)
        let more = try stage.tenant.upload("more.md", "Wax candles are poured in December, in the cellar.\n", into: stage.twin)
        #expect(!more.id.isEmpty)
        _ = try stage.send(
            "POST", path, ["query": "When are wax candles poured?", "conversation_id": .string(id)], headers: [viewer])
        #expect(slow.model.server.requests.count == 2)
        #expect(!(slow.model.server.requests.last?.bodyText.contains(Self.secret) ?? true))
    }

    @Test func `a job's stream ends with the key of its reader`() throws {
        let stage = try ServedFixture()
        let key = try stage.workspace.keys.create("ci", tenantID: stage.tenant.tenantID, scopes: [.write])
        let source = try #require(try stage.workspace.sources.list(twin: stage.twin).first)
        // Nobody works on it, as the server runs no jobs.
        let job = try stage.workspace.queueReextraction(of: source, createdBy: stage.tenant.owner.id)
        let client = try stage.connection()
        let reply = try client.begin(
            "GET", "/jobs/\(job.id)/events", headers: ["x-twin-api-key: \(key.text.reveal())"], body: [])
        #expect(reply.status == 200)
        #expect(try client.nextChunk()?.contains(job.id) == true)
        _ = try stage.workspace.keys.revoke(key.key.id)
        var rest = ""
        while let chunk = try client.nextChunk() { rest += chunk }
        #expect(rest.contains("\"error\"") && !rest.contains("\"complete\""))
    }
}
