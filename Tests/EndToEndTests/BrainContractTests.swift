import FoundationEssentials
import Glibc
import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// The brain contract over a socket: its loop, its errors, its signed uploads, and that its things are those of studio.
@Suite struct BrainContractTests {
    private static let options = "--log none"

    /// A document is sent to its signed address and processed; its id.
    private func upload(
        _ stage: ServedFixture, _ twin: String, _ name: String, _ text: String, type: String = "text/markdown"
    ) throws -> String {
        let slot = try stage.send(
            "POST", "/api/twins/\(twin)/documents/upload", ["filename": .string(name), "content_type": .string(type)]
        ).json()
        let id = try #require(slot["document_id"]?.stringValue)
        let sent = try put(stage, try #require(slot["upload_url"]?.stringValue), text, type: type)
        #expect(sent.status == 200, "\(sent.body)")
        #expect(try stage.send("POST", "/api/twins/\(twin)/documents/\(id)/process").status == 202)
        for _ in 0..<12_000 {
            let state = try stage.send("GET", "/api/twins/\(twin)/documents/\(id)").json()["processing_status"]
            if state == "completed" || state == "failed" { return id }
            usleep(20_000)
        }
        Issue.record("\(name) is not processed within four minutes")
        return id
    }

    private func put(
        _ stage: ServedFixture, _ url: String, _ text: String, type: String = "text/markdown"
    ) throws -> WireClient.Reply {
        let path = "/" + url.split(separator: "/", maxSplits: 3).dropFirst(2).joined(separator: "/")
        return try stage.client.send("PUT", path, headers: ["content-type: \(type)"], body: Array(text.utf8))
    }

    @Test func `a twin is made, taught, asked, corrected and asked again`() throws {
        let stage = try ServedFixture(Self.options)
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
        let stage = try ServedFixture(Self.options)
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

    @Test func `a large document goes to the disk as it comes, and one that is too large leaves nothing`() throws {
        let stage = try ServedFixture(Self.options, environment: ["TWIN_INGEST_MAX_FILE_MIB": "64"])
        let path = "/api/twins/\(stage.twin.id)/documents"
        func slot() throws -> JSON {
            try stage.send("POST", path + "/upload", ["filename": "large.txt", "content_type": "text/plain"]).json()
        }
        func memory() throws -> Int {
            let told = try stage.scene.shell("grep VmHWM /proc/\(stage.server.process)/status")
            return try #require(Int(told.output.filter(\.isNumber)))
        }
        let text = String(repeating: "A hive is opened in May. \n", count: (64 << 20) / 26)
        let (before, small) = (try memory(), try slot())
        let url = try #require(small["upload_url"]?.stringValue)
        let id = try #require(small["document_id"]?.stringValue)
        #expect(try put(stage, url, text, type: "text/plain").status == 200)
        #expect(try memory() - before < 16_384)
        let stored = stage.scene.path("twin.db.uploads/\(id)")
        #expect(FileContents.size(stored) == text.utf8.count)
        let second = try #require(try slot()["upload_url"]?.stringValue)
        let target = "/" + second.split(separator: "/", maxSplits: 3).dropFirst(2).joined(separator: "/")
        let large = ["content-type: text/plain", "content-length: \((64 << 20) + 1)"]
        #expect(try stage.client.send("PUT", target, headers: large).status == 413)
        #expect(try FileManager.default.contentsOfDirectory(atPath: stage.scene.path("twin.db.uploads")) == [])
    }

    @Test func `a twin that is made, changed or deleted through one contract is so through the other`() throws {
        let stage = try ServedFixture(Self.options)
        let listed = try stage.send("GET", "/api/twins").json()["twins"]?.arrayValue?.compactMap { $0["id"]?.stringValue }
        #expect(listed?.contains(stage.twin.id) == true)
        let made = try #require(try stage.send("POST", "/api/twins", ["name": "B"]).json()["id"]?.stringValue)
        #expect(try stage.send("GET", "/twins/\(made)").json()["name"] == "B")
        #expect(try stage.send("PATCH", "/twins/\(made)", ["name": "C"]).status == 200)
        #expect(try stage.send("GET", "/api/twins/\(made)").json()["name"] == "C")
        _ = try stage.send("PATCH", "/api/twins/\(made)", ["personality": ["tone": "dry"]])
        #expect(try stage.send("GET", "/twins/\(made)").json()["settings"]?["tone"] == "dry")
        #expect(try stage.send("DELETE", "/api/twins/\(made)").status == 204)
        #expect(try stage.send("GET", "/twins/\(made)").status == 404)
    }

    @Test func `a document of one contract is a source of the other, and goes with it`() throws {
        let stage = try ServedFixture(Self.options)
        let twin = stage.twin.id
        let documents = try stage.send("GET", "/api/twins/\(twin)/documents").json()
        let hives = try #require(documents["documents"]?[0])
        #expect(hives["title"] == "hives.md")
        let document = try upload(stage, twin, "wax.md", "Wax is sold in December.")
        func sources() throws -> [String] {
            try stage.send("GET", "/sources/\(twin)").json().arrayValue?.compactMap { $0["id"]?.stringValue } ?? []
        }
        #expect(try sources().contains(document))
        let told = try stage.send("POST", "/chat/\(twin)", ["query": "When is wax sold?"], "accept: application/json").body
        #expect(told.contains("December"))
        #expect(try stage.send("DELETE", "/api/twins/\(twin)/documents/\(document)").status == 204)
        #expect(try !sources().contains(document))
        let id = try #require(hives["id"]?.stringValue)
        #expect(try stage.send("DELETE", "/sources/\(twin)/\(id)").status == 200)
        #expect(try stage.send("GET", "/api/twins/\(twin)/documents/\(id)").status == 404)
    }

    @Test func `a conversation of one contract goes on in the other`() throws {
        let stage = try ServedFixture(Self.options)
        let twin = stage.twin.id
        let asked = try stage.send("POST", "/api/twins/\(twin)/chat", ["message": "When are hives opened?"]).json()
        let conversation = try #require(asked["conversation_id"]?.stringValue)
        #expect(try stage.send("GET", "/conversations/\(conversation)/messages").json().arrayValue?.count == 2)
        let on: JSON = ["query": "When is honey taken?", "conversation_id": .string(conversation)]
        #expect(try stage.send("POST", "/chat/\(twin)", on, "accept: application/json").status == 200)
        let told = try stage.send("GET", "/api/twins/\(twin)/conversations/\(conversation)").json()
        #expect(told["messages"]?.arrayValue?.count == 4)
        #expect(told["messages"]?[3]?["metadata"]?["sources"]?[0]?["title"] == "hives.md")
        let other = try #require(try stage.send("POST", "/api/twins", ["name": "B"]).json()["id"]?.stringValue)
        #expect(try stage.send("GET", "/api/twins/\(other)/conversations/\(conversation)").status == 404)
        let listed = try stage.send("GET", "/conversations/\(twin)").json().arrayValue?.compactMap { $0["id"]?.stringValue }
        #expect(listed == [conversation])
    }

    @Test func `an escalation of one contract is answered in the other`() throws {
        let stage = try ServedFixture(Self.options)
        let twin = try #require(try stage.send("POST", "/api/twins", ["name": "B"]).json()["id"]?.stringValue)
        let question = "Who painted the ceiling of the chapel?"
        let asked = try stage.send("POST", "/chat/\(twin)", ["query": .string(question)], "accept: application/json")
        #expect(try asked.json()["status"] == "escalated")
        let escalation = try #require(try stage.send("GET", "/api/twins/\(twin)/escalations").json()["escalations"]?[0])
        #expect(escalation["question"]?.stringValue == question)
        #expect(escalation["ai_attempt"]?.stringValue?.hasPrefix("I don't know") == true)
        let id = try #require(escalation["id"]?.stringValue)
        let reply: JSON = ["response": "Michelangelo.", "add_to_brain": true]
        #expect(try stage.send("POST", "/api/twins/\(twin)/escalations/\(id)/respond", reply).status == 200)
        let again = try stage.send("POST", "/chat/\(twin)", ["query": .string(question)], "accept: application/json")
        #expect(again.body.contains("Michelangelo."))
        let verified = try stage.send("GET", "/twins/\(twin)/verified-qna").json()
        #expect(verified[0]?["question"]?.stringValue == question)
        // And the program's: escalated here, dismissed there.
        _ = try stage.send("POST", "/api/twins/\(twin)/chat", ["message": "How deep is the well of the fort?"])
        let open = try stage.scene.twin("escalations", "list", "--twin", twin, "--json").json()
        let other = try #require(open[0]?["id"]?.stringValue)
        try stage.scene.twin("escalations", "dismiss", other, "--twin", twin)
        let dismissed = try stage.send("GET", "/api/twins/\(twin)/escalations?status=dismissed").json()
        #expect(dismissed["escalations"]?[0]?["id"]?.stringValue == other)
    }

    @Test func `an answer that is not sure is given, and handed to the owner with what was said`() throws {
        let stage = try ServedFixture(Self.options)
        let twin = try #require(try stage.send("POST", "/api/twins", ["name": "B"]).json()["id"]?.stringValue)
        _ = try upload(stage, twin, "hives.md", "Hives are opened in May, when the linden tree is in flower.")
        let question: JSON = ["message": "When are hives opened?"]
        #expect(try stage.send("POST", "/api/twins/\(twin)/chat", question).json()["escalated"] == false)
        // Sure of nothing: every answer of the documents goes to the owner as well.
        let settings: JSON = ["settings": ["escalation": ["enabled": true, "below": 1]]]
        #expect(try stage.send("PATCH", "/twins/\(twin)", settings).status == 200)
        let answer = try stage.send("POST", "/api/twins/\(twin)/chat", question).json()
        #expect(answer["escalated"] == true)
        #expect(answer["response"]?.stringValue?.contains("in May") == true)
        let listed = try stage.send("GET", "/api/twins/\(twin)/escalations").json()
        #expect(listed["total"] == 1)
        #expect(listed["escalations"]?[0]?["id"] == answer["escalation_id"])
        #expect(listed["escalations"]?[0]?["ai_attempt"] == answer["response"])
        #expect(listed["escalations"]?[0]?["confidence_score"] == answer["confidence"])
    }

    @Test func `documents that contradict each other ask the owner through either contract`() throws {
        let stage = try ServedFixture(Self.options)
        let twin = try #require(try stage.send("POST", "/api/twins", ["name": "B"]).json()["id"]?.stringValue)
        _ = try upload(stage, twin, "a.md", "Linda Brandt, chief executive of Acme Foundation, spoke.")
        _ = try upload(stage, twin, "b.md", "Linda Brandt, chief executive of Harbour Press Inc., left.")
        let threads = try stage.send("GET", "/twins/\(twin)/clarifications").json()
        let id = try #require(threads[0]?["id"]?.stringValue)
        #expect(try stage.send("GET", "/api/twins/\(twin)/graph").json()["edges_count"] == 2)
        let answer: JSON = ["answer": "Acme", "selected_option": "Acme Foundation"]
        #expect(try stage.send("POST", "/twins/\(twin)/clarifications/\(id)/resolve", answer).status == 200)
        #expect(try stage.send("GET", "/api/twins/\(twin)/graph").json()["edges_count"] == 1)
    }

    @Test func `errors have the contract's envelope`() throws {
        let stage = try ServedFixture(Self.options)
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
