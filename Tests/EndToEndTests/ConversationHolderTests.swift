import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// Whose a conversation is: whoever began it goes on with it, owners with any, and nobody else.
@Suite struct ConversationHolderTests {
    private static let question: JSON = "When are hives opened?"

    @Test func `each goes on with what it began, and finds nothing of the others`() throws {
        let stage = try ServedFixture()
        let (mine, other) = (try stage.tenant.key(.chat), try stage.tenant.key(.chat))
        let viewer = try stage.tenant.token(stage.tenant.user(role: .viewer))
        let callers = ["x-twin-api-key: \(mine)", "x-twin-api-key: \(other)", viewer, stage.owner]
        func ask(_ caller: String, _ conversation: JSON) throws -> WireClient.Reply {
            try stage.send(
                "POST", "/chat/\(stage.twin.id)", ["query": Self.question, "conversation_id": conversation], headers: [caller])
        }
        func event(_ reply: WireClient.Reply) throws -> JSON {
            try JSONParser.parse(String(try #require(reply.body.split(separator: "\n").first)))
        }
        let begun = try callers.map { try event(ask($0, .null)) }
        let widget = try event(
            stage.send(
                "POST", "/chat-widget/\(stage.twin.id)", ["query": Self.question, "api_key": .string(mine)], headers: []))
        for (index, conversation) in (begun + [widget]).enumerated() {
            let id: JSON = .optional(conversation["conversation_id"]?.stringValue)
            let resumed = conversation["event_id"]?.stringValue ?? ""
            for (other, caller) in callers.enumerated() {
                let isAllowed = other == index || caller == stage.owner
                #expect(try ask(caller, id).status == (isAllowed ? 200 : 404), "\(index) \(other)")
                let reply = try stage.send(
                    "POST", "/chat/\(stage.twin.id)", ["conversation_id": id], headers: [caller, "last-event-id: \(resumed)"])
                #expect(reply.status == (isAllowed ? 200 : 404), "\(index) \(other)")
                #expect(isAllowed || !reply.body.contains("linden"))
            }
        }
    }

    @Test func `JSON Lines name the question and how far its answer was told`() throws {
        let stage = try ServedFixture()
        let reply = try stage.send("POST", "/chat/\(stage.twin.id)", ["query": Self.question])
        let events = try reply.body.split(separator: "\n").map { try JSONParser.parse(String($0)) }
        let question = try #require(events.first?["question_id"]?.stringValue)
        let text = events.compactMap { $0["content"]?.stringValue }.joined()
        #expect(events.allSatisfy { $0["question_id"]?.stringValue == question })
        #expect(
            events.map { $0["event_id"]?.stringValue } == ["\(question).0"]
                + [String](repeating: "\(question).\(text.utf8.count)", count: 2))
    }
}
