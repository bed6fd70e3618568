import Glibc
import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// The brain contract over a socket: its loop, its errors, its signed uploads, and that its things are those of studio.
@Suite struct BrainContractTests {
    private static let options = "--contracts studio,brain --log none"

    /// A document is sent to its signed address and processed; its id.
    private func upload(
        _ stage: StudioStage, _ twin: String, _ name: String, _ text: String, type: String = "text/markdown"
    ) throws -> String {
        let slot = try stage.send(
            "POST", "/api/twins/\(twin)/documents/upload", ["filename": .string(name), "content_type": .string(type)]
        ).json()
        let id = try #require(slot["document_id"]?.stringValue)
        let sent = try put(stage, try #require(slot["upload_url"]?.stringValue), text, type: type)
        #expect(sent.status == 200, "\(sent.body)")
        #expect(try stage.send("POST", "/api/twins/\(twin)/documents/\(id)/process").status == 202)
        for _ in 0..<500 {
            let state = try stage.send("GET", "/api/twins/\(twin)/documents/\(id)").json()["processing_status"]
            if state == "completed" || state == "failed" { break }
            usleep(20_000)
        }
        return id
    }

    private func put(
        _ stage: StudioStage, _ url: String, _ text: String, type: String = "text/markdown"
    ) throws -> WireClient.Reply {
        let path = "/" + url.split(separator: "/", maxSplits: 3).dropFirst(2).joined(separator: "/")
        return try stage.client.send("PUT", path, headers: ["content-type: \(type)"], body: Array(text.utf8))
    }

    @Test func `a twin is made, taught, asked, corrected and asked again`() throws {
        let stage = try StudioStage(Self.options)
        let made = try stage.send("POST", "/api/twins", ["name": "My VC Brain", "specialization": "vc_brain"])
        #expect(made.status == 201)
        let twin = try #require(try made.json()["id"]?.stringValue)
        #expect(try made.json()["onboarding_status"] == "pending")
        let document = try upload(
            stage, twin, "thesis.md",
            "We prefer B2B SaaS over consumer apps.\n\nLinda Brandt, chief executive of Acme Foundation, spoke.\n")
        let read = try stage.send("GET", "/api/twins/\(twin)/documents/\(document)").json()
        #expect(read["processing_status"] == "completed" && read["source_type"] == "upload")
        #expect(try stage.send("GET", "/api/twins/\(twin)").json()["onboarding_status"] == "complete")

        let candidates = try stage.send("GET", "/api/twins/\(twin)/memory-candidates").json()
        #expect(candidates["total"] == 1)
        #expect(candidates["candidates"]?[0]?["content"] == "We prefer B2B SaaS over consumer apps.")
        let candidate = try #require(candidates["candidates"]?[0]?["id"]?.stringValue)
        let approved = try stage.send("POST", "/api/twins/\(twin)/memory-candidates/\(candidate)/approve")
        #expect(try approved.json()["status"] == "approved")
        let node = try #require(try approved.json()["graph_node_id"]?.stringValue)
        #expect(try stage.send("GET", "/api/twins/\(twin)/graph/nodes/\(node)").json()["node_type"] == "preference")
        #expect(try stage.send("POST", "/api/twins/\(twin)/memory-candidates/\(candidate)/approve").status == 409)
        let answer = try stage.send("POST", "/api/twins/\(twin)/chat", ["message": "Do we prefer SaaS?"]).json()
        #expect(answer["response"] == "We prefer B2B SaaS over consumer apps.")

        let question: JSON = ["message": "How large is the smallest cheque?"]
        let refused = try stage.send("POST", "/api/twins/\(twin)/chat", question).json()
        #expect(refused["escalated"] == true)
        let escalation = try #require(refused["escalation_id"]?.stringValue)
        #expect(try stage.send("GET", "/api/twins/\(twin)/escalations").json()["total"] == 1)
        let responded = try stage.send(
            "POST", "/api/twins/\(twin)/escalations/\(escalation)/respond",
            ["response": "It is $500K for Series A.", "add_to_brain": true]
        ).json()
        #expect(responded["knowledge_added"] == true && responded["graph_node_id"]?.stringValue != nil)
        let again = try stage.send("POST", "/api/twins/\(twin)/chat", question).json()
        #expect(again["response"] == "It is $500K for Series A.")
        #expect(try #require(again["confidence"]?.doubleValue) > 0.7)
        #expect(try stage.send("POST", "/api/twins/\(twin)/escalations/\(escalation)/dismiss").status == 409)

        let graph = try stage.send("GET", "/api/twins/\(twin)/graph").json()
        #expect(graph["node_types"]?["company"] == 1 && graph["node_types"]?["person"] == 1)
        let metrics = try stage.send("GET", "/api/twins/\(twin)/metrics").json()
        #expect(metrics["documents_count"] == 1 && metrics["memory_candidates_approved"] == 1 && metrics["escalation_count"] == 1)
        #expect(try stage.send("GET", "/api/twins/\(twin)/digest").json()["new_relationships"] == 1)
        #expect(try stage.send("DELETE", "/api/twins/\(twin)").status == 204)
        #expect(try stage.send("GET", "/api/twins/\(twin)").status == 404)
    }

    @Test func `an address takes its document once, before it expires, and nothing else`() throws {
        let stage = try StudioStage(Self.options)
        let path = "/api/twins/\(stage.twin.id)/documents"
        let slot = try stage.send("POST", path + "/upload", ["filename": "a.md", "content_type": "text/markdown"]).json()
        let url = try #require(slot["upload_url"]?.stringValue)
        let id = try #require(slot["document_id"]?.stringValue)
        #expect(try stage.send("POST", path + "/\(id)/process").status == 409)
        #expect(try put(stage, url, "x", type: "text/html").status == 403)
        for (old, new) in [("max=", "max=9"), ("nonce=", "nonce=A"), ("expires=", "expires=9"), ("signature=", "signature=A")] {
            #expect(try put(stage, url.replacing(old, with: new), "x").status == 403, "\(new)")
        }
        #expect(try put(stage, url.replacing(id, with: Identifier.make()), "x").status == 403)
        #expect(try put(stage, url, "Hives are opened in May.").status == 200)
        #expect(try stage.send("GET", path + "/\(id)").json()["processing_status"] == "uploaded")
        #expect(try put(stage, url, "Hives are opened in May.").status == 409)
        // A newer address makes the older void.
        let second = try stage.send("POST", path + "/upload", ["filename": "a.md", "content_type": "text/markdown"]).json()
        #expect(second["document_id"]?.stringValue == id)
        #expect(try put(stage, url, "x").status == 409)
    }

    @Test func `what is made through one contract is there through the other`() throws {
        let stage = try StudioStage(Self.options)
        let twin = stage.twin.id
        let twins = try stage.send("GET", "/api/twins").json()["twins"]?.arrayValue?.compactMap { $0["id"]?.stringValue }
        #expect(twins?.contains(twin) == true)
        let made = try #require(try stage.send("POST", "/api/twins", ["name": "B"]).json()["id"]?.stringValue)
        #expect(try stage.send("GET", "/twins/\(made)").json()["name"] == "B")
        let documents = try stage.send("GET", "/api/twins/\(twin)/documents").json()
        #expect(documents["documents"]?[0]?["title"] == "hives.md")
        let document = try upload(stage, twin, "wax.md", "Wax is sold in December.")
        let sources = try stage.send("GET", "/sources/\(twin)").json().arrayValue?.compactMap { $0["id"]?.stringValue }
        #expect(sources?.contains(document) == true)
        let asked = try stage.send("POST", "/api/twins/\(twin)/chat", ["message": "When are hives opened?"]).json()
        let conversation = try #require(asked["conversation_id"]?.stringValue)
        let messages = try stage.send("GET", "/conversations/\(conversation)/messages").json()
        #expect(messages.arrayValue?.count == 2)
        let told = try stage.send("GET", "/api/twins/\(twin)/conversations/\(conversation)").json()
        #expect(told["messages"]?[1]?["metadata"]?["sources"]?[0]?["title"] == "hives.md")
        #expect(try stage.send("GET", "/api/twins/\(made)/conversations/\(conversation)").status == 404)
    }

    @Test func `errors have the contract's envelope`() throws {
        let stage = try StudioStage(Self.options)
        let missing = try stage.send("GET", "/api/twins/\(Identifier.make())")
        #expect(missing.status == 404)
        #expect(try missing.json()["error"]?["code"] == "NOT_FOUND")
        let wrong = try stage.send("POST", "/api/twins", [:])
        #expect(wrong.status == 422)
        #expect(try wrong.json()["error"]?["code"] == "VALIDATION_ERROR")
        #expect(try wrong.json()["error"]?["details"]?["fields"]?[0]?["type"] == "missing")
        let nobody = try stage.send("GET", "/api/twins", headers: [])
        #expect(nobody.status == 401)
        #expect(try nobody.json()["error"]?["code"] == "UNAUTHORIZED")
        #expect(try stage.send("GET", "/api/nothing").json()["error"]?["code"] == "NOT_FOUND")
        #expect(try stage.send("GET", "/api/twins/\(stage.twin.id)/digest?date=soon%20today").status == 422)
    }
}
