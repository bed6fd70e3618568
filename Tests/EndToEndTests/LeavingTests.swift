import Glibc
import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// A client that leaves while a model works: the answer is finished and stored, and the client comes back to it.
@Suite struct LeavingTests {
    private typealias Stage = SlowModelStage

    @Test func `the ids come before the model has said anything, and the answer is stored though nobody reads it`() throws {
        let slow = try Stage()
        let path = "/chat/\(slow.stage.twin.id)"
        let reading = try slow.read(path, ["query": Stage.question], [slow.stage.owner])
        let first = try #require(try reading.next())
        #expect(first["type"] == "metadata" && first["ping"] == true)
        let conversation = try #require(first["conversation_id"]?.stringValue)
        let event = try #require(first["event_id"]?.stringValue)
        #expect(first["question_id"]?.stringValue.map { event == "\($0).0" } == true)
        reading.client.disconnect()
        slow.gate.open()
        slow.gate.open()
        let messages = try slow.messages(of: conversation, count: 2)
        #expect(messages.map { $0["role"] } == ["user", "assistant"])
        #expect(messages.last?["content"] == "In May, when the linden is in flower [1]. That is when hives are opened [1].")
        #expect(slow.model.server.requests.count == 1)
        let resumed = try slow.stage.send(
            "POST", path, ["conversation_id": .string(conversation)], headers: [slow.stage.owner, "last-event-id: \(event)"])
        let events = try resumed.body.split(separator: "\n").map { try JSONParser.parse(String($0)) }
        #expect(events.map { $0["type"] } == ["content", "done"])
        #expect(events.first?["content"] == messages.last?["content"])
        #expect(slow.model.server.requests.count == 1)
    }

    @Test func `who comes back while the model still works hears the same answer from its beginning`() throws {
        let slow = try Stage()
        let path = "/chat/\(slow.stage.twin.id)"
        let reading = try slow.read(path, ["query": Stage.question], [slow.stage.owner])
        let first = try #require(try reading.next())
        let conversation: JSON = .optional(first["conversation_id"]?.stringValue)
        let event = first["event_id"]?.stringValue ?? ""
        slow.gate.open()
        _ = try reading.next("content")
        reading.client.disconnect()
        let returning = try slow.read(
            path, ["conversation_id": conversation], [slow.stage.owner, "last-event-id: \(event)"])
        #expect(try returning.next("metadata")["status"] == "grounded")
        #expect(try returning.next("content")["content"] == "In May, when the linden is in flower [1].")
        // A second one beside it, and the model is still asked once.
        let another = try slow.read(path, ["conversation_id": conversation], [slow.stage.owner, "last-event-id: \(event)"])
        slow.gate.open()
        let rests = [try returning.rest(), try another.rest()]
        for rest in rests {
            #expect(rest.last?["type"] == "done" && rest.last?["message_id"] == rests[0].last?["message_id"])
        }
        #expect(slow.model.server.requests.count == 1)
        #expect(try slow.messages(of: conversation.stringValue ?? "", count: 2).count == 2)
    }

    @Test func `a widget's visitor and the holder of a key come back too, each to their own answer only`() throws {
        let slow = try Stage()
        let (key, other) = (try slow.stage.tenant.key(.chat), try slow.stage.tenant.key(.chat))
        let path = "/chat-widget/\(slow.stage.twin.id)"
        let reading = try slow.read(path, ["query": Stage.question, "api_key": .string(key)], [])
        let first = try #require(try reading.next())
        let session: JSON = .optional(first["session_id"]?.stringValue)
        #expect(session != .null)
        let event = first["event_id"]?.stringValue ?? ""
        reading.client.disconnect()
        slow.gate.open()
        slow.gate.open()
        let mine = try slow.stage.send(
            "POST", path, ["api_key": .string(key), "session_id": session], headers: ["last-event-id: \(event)"])
        #expect(mine.status == 200 && mine.body.contains("linden"))
        // Another visitor, and one of another key, have no such question.
        for body: JSON in [
            ["api_key": .string(key), "session_id": "01900000-0000-7000-8000-000000000000"],
            ["api_key": .string(other), "session_id": session],
        ] {
            let reply = try slow.stage.send("POST", path, body, headers: ["last-event-id: \(event)"])
            #expect(reply.status == 404 && !reply.body.contains("linden"))
        }

        let chat = "/chat/\(slow.stage.twin.id)"
        let asked = try slow.read(chat, ["query": Stage.question], ["x-twin-api-key: \(key)"])
        let begun = try #require(try asked.next())
        asked.client.disconnect()
        let body: JSON = ["conversation_id": .optional(begun["conversation_id"]?.stringValue)]
        func resume(_ key: String) throws -> WireClient.Reply {
            try slow.stage.send(
                "POST", chat, body,
                headers: ["x-twin-api-key: \(key)", "last-event-id: \(begun["event_id"]?.stringValue ?? "")"])
        }
        let resumed = try resume(key)
        #expect(resumed.status == 200 && resumed.body.contains("linden"))
        #expect(try resume(other).status == 404)
    }

    @Test func `a server that is told to stop stores what it has begun to word`() throws {
        let slow = try Stage()
        let reading = try slow.read("/chat/\(slow.stage.twin.id)", ["query": Stage.question], [slow.stage.owner])
        let first = try #require(try reading.next())
        reading.client.disconnect()
        slow.gate.open()
        kill(slow.stage.server.process, SIGTERM)
        slow.gate.open()
        slow.stage.server.stop()
        let conversation = try slow.stage.workspace.conversations.find(first["conversation_id"]?.stringValue ?? "")
        #expect(try slow.stage.workspace.conversations.messages(of: conversation).map(\.role) == [.user, .assistant])
    }
}
