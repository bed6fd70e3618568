import TestSupport
import Testing

@testable import TwinKit
@testable import TwinSupport

/// What the studio contract says to the letter about names, archived twins and rows.
@Suite struct StudioStateTests {
    let stage: ServedFixture
    init() throws { stage = try ServedFixture() }

    @Test func `a name that is taken is a wrong value, for twins and for groups`() throws {
        #expect(try stage.send("POST", "/twins", ["name": "Grace"]).status == 200)
        #expect(try stage.send("POST", "/twins", ["name": "Grace"]).status == 400)
        #expect(try stage.send("PATCH", "/twins/\(stage.twin.id)", ["name": "Grace"]).status == 400)
        let path = "/twins/\(stage.twin.id)/access-groups"
        #expect(try stage.send("POST", path, ["name": "Partners"]).status == 200)
        #expect(try stage.send("POST", path, ["name": "Partners"]).status == 400)
        let other = try stage.send("POST", path, ["name": "Staff"]).json()
        let id = try #require(other["id"]?.stringValue)
        #expect(try stage.send("PATCH", "/access-groups/\(id)", ["name": "Partners"]).status == 400)
    }

    @Test(arguments: ["", "   ", "\t\n"]) func `a blank password is refused with 400`(blank: String) throws {
        let invited = try stage.send("POST", "/users/invite", ["email": "ada@new.example", "role": "viewer"]).json()
        let token = invited["invitation_token"] ?? .null
        let accepted = try stage.send(
            "POST", "/auth/accept-invitation", ["token": token, "password": .string(blank)], headers: [])
        #expect(accepted.status == 400, "\(accepted.body)")
        let short = try stage.send("POST", "/auth/accept-invitation", ["token": token, "password": "short"], headers: [])
        #expect(short.status == 422)
        let login = try stage.send(
            "POST", "/auth/login", ["email": "ada@new.example", "password": .string(blank)], headers: [])
        #expect(login.status == 400, "\(login.body)")
    }

    @Test func `an archived twin is gone for chats and changes and comes back with what it knows`() throws {
        let twin = "/twins/\(stage.twin.id)"
        let link = try stage.send("POST", "\(twin)/share-link").json()
        _ = try stage.send("PATCH", "\(twin)/sharing", ["is_public": true])
        let share = "/public/chat/\(stage.twin.id)/\(link["share_token"]?.stringValue ?? "")"
        let question: JSON = ["message": "When is honey taken?"]
        #expect(try stage.send("POST", share, question, headers: []).status == 200)
        #expect(try stage.send("POST", "\(twin)/archive").status == 200)
        #expect(try stage.send("POST", share, question, headers: []).status == 410)
        #expect(try stage.send("PATCH", twin, ["description": "Changed"]).status == 410)
        #expect(try stage.send("POST", "\(twin)/access-groups", ["name": "Partners"]).status == 410)
        #expect(try stage.send("POST", "\(twin)/verified-qna", ["question": "How many?", "answer": "Seven."]).status == 410)
        #expect(try stage.send("GET", twin).status == 200)
        let back = try stage.send("POST", "\(twin)/unarchive")
        #expect(back.status == 200)
        #expect(try back.json()["id"]?.stringValue == stage.twin.id)
        #expect(try stage.send("PATCH", twin, ["description": "Changed"]).status == 200)
        let chat = try stage.send("POST", "/chat/\(stage.twin.id)", ["query": "When is honey taken?"])
        #expect(chat.status == 200 && chat.body.contains("July"))
        #expect(try stage.send("POST", share, question, headers: []).status == 403, "the old link stays dead")
    }

    @Test func `messages cite as streams do, and rows name their twin`() throws {
        let twin = "/twins/\(stage.twin.id)"
        let added = try stage.send("POST", "\(twin)/verified-qna", ["question": "How many hives are there?", "answer": "Seven."])
        #expect(added.status == 200, "\(added.body)")
        for query in ["When is honey taken?", "How many hives are there?"] {
            let events = try stage.send("POST", "/chat/\(stage.twin.id)", ["query": .string(query)]).body.split(separator: "\n")
                .map { try JSONParser.parse(String($0)) }
            let metadata = try #require(events.last { $0["type"] == "metadata" && $0["citations"] != nil })
            let conversation = try #require(metadata["conversation_id"]?.stringValue)
            let messages = try stage.send("GET", "/conversations/\(conversation)/messages").json()
            #expect(messages[1]?["citations"] == metadata["citations"], "\(query)")
            #expect(messages[1]?["citation_details"] == metadata["citation_details"])
            #expect(messages[1]?["citations"]?.arrayValue?.isEmpty == false)
        }
        let source = try #require(try stage.workspace.sources.list(twin: stage.twin).first)
        let logs = try stage.send("GET", "/sources/\(source.id)/logs").json()
        #expect(logs[0]?["twin_id"]?.stringValue == stage.twin.id)

        let asked = try stage.send("POST", "/chat/\(stage.twin.id)", ["query": "What do you think of wooden hives?"])
        #expect(asked.body.contains("\"clarify\""), "\(asked.body)")
        let rows = try stage.send("GET", "\(twin)/clarifications").json()
        let row = try #require(rows[0])
        #expect(row["twin_id"]?.stringValue == stage.twin.id)
        #expect(row["tenant_id"]?.stringValue == stage.twin.tenantID)
        let conversation = try #require(row["conversation_id"]?.stringValue)
        let messages = try stage.send("GET", "/conversations/\(conversation)/messages").json()
        #expect(row["source_message_id"] == messages[0]?["id"])
        #expect(row["created_by"]?.stringValue != nil)
        #expect(row["answered_by"] == JSON.null)
        let id = try #require(row["id"]?.stringValue)
        #expect(try stage.send("POST", "\(twin)/clarifications/\(id)/resolve", ["answer": "They last."]).status == 200)
        let answered = try stage.send("GET", "\(twin)/clarifications?status=answered").json()
        #expect(answered[0]?["answered_by"]?.stringValue == stage.tenant.owner.id)
    }
}
