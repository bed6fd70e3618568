import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// What a caller may not see is not there for them, also when they know its file name, its address or its question: it is not
/// told of, not read, not replaced, and not in the way.
@Suite struct HiddenThingTests {
    let stage: ServedFixture
    let hidden: Source
    let hiddenAnswer: VerifiedAnswer
    let board: AccessGroup
    /// Everybody who may write, and sees what the default group sees.
    let writers: [(name: String, headers: [String])]

    init() throws {
        stage = try ServedFixture(environment: ["TWIN_ALLOW_PRIVATE": "1"])
        let workspace = stage.workspace
        board = try workspace.groups.create("board", of: stage.twin)
        hidden = try stage.tenant.upload("hidden-salaries.md", "The chairman earns ninety thousand crowns.", into: stage.twin)
        hiddenAnswer = try workspace.verifiedAnswers.add(
            .init(question: "What does the chairman earn?", answer: "Ninety thousand."), to: stage.twin)
        let fallback = try #require(try workspace.groups.list(of: stage.twin).first { $0.isDefault })
        for (type, id) in [(GrantedContent.source, hidden.id), (.verifiedAnswer, hiddenAnswer.id)] {
            try workspace.permissions.grant(type, [id], to: board)
            try workspace.permissions.revoke(type, [id], from: fallback)
        }
        let partners = try workspace.groups.create("partners", of: stage.twin)
        let partnerKey = try workspace.keys.create(
            "partner", tenantID: stage.tenant.tenantID, group: partners, scopes: [.read, .write, .chat], by: nil)
        writers = [
            ("key", ["x-twin-api-key: \(try stage.tenant.key())"]),
            ("twin's key", ["authorization: Bearer \(try stage.tenant.key(.read, .write, twins: [stage.twin]))"]),
            ("group's key", ["x-twin-api-key: \(partnerKey.text.reveal())"]),
        ]
    }

    private func upload(_ name: String, _ text: String, _ headers: [String]) throws -> JSON {
        let body =
            "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\ncontent-type: text/markdown\r\n\r\n\(text)\r\n--b--\r\n"
        let reply = try stage.client.send(
            "POST", "/ingest/file/\(stage.twin.id)", headers: headers + ["content-type: multipart/form-data; boundary=b"],
            body: Array(body.utf8))
        #expect(reply.status == 200, "\(reply.body)")
        return try reply.json()
    }

    private func text(_ source: Source) throws -> String {
        try stage.workspace.sources.text(of: stage.workspace.sources.find(id: source.id, twin: stage.twin, grantedTo: nil))
    }

    private func isClean(_ reply: WireClient.Reply) -> Bool {
        !reply.body.contains(hidden.id) && !reply.body.contains(hiddenAnswer.id) && !reply.body.contains("ninety")
            && !reply.body.contains("Ninety")
    }

    @Test func `a file name that is taken by a hidden source is free`() throws {
        let before = try text(hidden)
        // The other key sees what the default group sees, and so what the first has uploaded.
        for (name, headers) in [writers[0], writers[2]] {
            let made = try upload("hidden-salaries.md", "A fake of \(name).", headers)
            let id = try #require(made["source_id"]?.stringValue)
            #expect(made["outcome"] == "added" && id != hidden.id, "\(name)")
            #expect(try stage.send("GET", "/sources/\(stage.twin.id)/\(id)", nil, headers: headers).status == 200)
            // Their own they replace, and the same again changes nothing.
            let again = try upload("hidden-salaries.md", "Another fake of \(name).", headers)
            #expect(again["outcome"] == "updated" && again["source_id"]?.stringValue == id, "\(name)")
            #expect(try upload("hidden-salaries.md", "Another fake of \(name).", headers)["outcome"] == "unchanged")
            // The very text of the hidden source tells nothing either.
            let copy = try upload("copy of \(name).md", before, headers)
            #expect(copy["outcome"] == "added")
            let health = try stage.send("GET", "/sources/\(copy["source_id"]?.stringValue ?? "")/health", nil, headers: headers)
            #expect(health.status == 200 && !health.body.contains("another source has the same text"), "\(health.body)")
        }
        #expect(try text(hidden) == before)
        var question = Ask.Question("What does the chairman earn in crowns?", of: stage.twin.id)
        question.group = board.name
        let members = try stage.workspace.ask.answer(question, as: .localOperator)
        #expect(members.text.contains("inety thousand"))
        // The owner sees all of them, and goes on with the one that was there first.
        let owners = try upload("hidden-salaries.md", "The chairman earns eighty thousand crowns.", [stage.owner])
        #expect(owners["source_id"]?.stringValue == hidden.id && owners["outcome"] == "updated")
    }

    @Test func `a question that has a hidden answer has none`() throws {
        let body: JSON = ["question": "what does the chairman earn", "answer": "Nothing."]
        for (name, headers) in writers.prefix(1) {
            let reply = try stage.send("POST", "/twins/\(stage.twin.id)/verified-qna", body, headers: headers)
            #expect(reply.status == 200 && isClean(reply), "\(name): \(reply.body)")
            let again = try stage.send("POST", "/twins/\(stage.twin.id)/verified-qna", body, headers: headers)
            #expect(again.status == 409 && isClean(again), "\(name): \(again.body)")
        }
        for (_, headers) in writers {
            let cited = try stage.send(
                "POST", "/twins/\(stage.twin.id)/verified-qna",
                ["question": "Who?", "answer": "I.", "citations": [.string(hidden.id)]], headers: headers)
            #expect(cited.status == 404, "\(cited.body)")
        }
        #expect(try stage.workspace.verifiedAnswers.find(hiddenAnswer.id).answer == "Ninety thousand.")
    }

    @Test func `an address whose source is hidden is queued as if it were new, and its job is not another's`() throws {
        let url = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
        for path in ["youtube", "podcast", "x"] {
            let address = path == "youtube" ? url : path == "x" ? "https://x.com/ada/status/20" : "https://podcast.example/feed"
            let first = try stage.send("POST", "/ingest/\(path)/\(stage.twin.id)", ["url": .string(address)])
            let theirs = try #require(try first.json()["source_id"]?.stringValue)
            let job = try #require(try first.json()["job_id"]?.stringValue)
            for (name, headers) in writers {
                let reply = try stage.send(
                    "POST", "/ingest/\(path)/\(stage.twin.id)", ["url": .string(address)], headers: headers)
                #expect(reply.status == 200 && !reply.body.contains(theirs), "\(name) \(path): \(reply.body)")
                let again = try stage.send(
                    "POST", "/ingest/\(path)/\(stage.twin.id)", ["url": .string(address)], headers: headers)
                #expect(try again.json()["source_id"] == reply.json()["source_id"], "\(name) \(path)")
                for verb in ["", "/logs", "/events"] {
                    #expect(try stage.send("GET", "/jobs/\(job)\(verb)", nil, headers: headers).status == 404)
                }
                for verb in ["cancel", "retry"] {
                    #expect(try stage.send("POST", "/jobs/\(job)/\(verb)", nil, headers: headers).status == 404)
                }
            }
        }
    }

    @Test func `a page that is hidden is read as if nobody had it, also again, and stays as it was`() throws {
        let site = try ScriptedServer { request in .ok("The page at \(request.path) says that the chairman earns ninety crowns.")
        }
        let url: JSON = ["url": .string(site.url + "/salaries")]
        let first = try stage.send("POST", "/ingest/url/\(stage.twin.id)", url)
        let theirs = try #require(try first.json()["source_id"]?.stringValue)
        let fallback = try #require(try stage.workspace.groups.list(of: stage.twin).first { $0.isDefault })
        try stage.workspace.permissions.revoke(.source, [theirs], from: fallback)
        for (name, headers) in [writers[0], writers[2]] {
            let reply = try stage.send("POST", "/ingest/url/\(stage.twin.id)", url, headers: headers)
            let own = try #require(try reply.json()["source_id"]?.stringValue, "\(reply.body)")
            #expect(try reply.json()["outcome"] == "added" && own != theirs, "\(name)")
            let again = try stage.send("POST", "/ingest/url/\(stage.twin.id)", url, headers: headers)
            #expect(try again.json()["outcome"] == "unchanged" && again.json()["source_id"]?.stringValue == own, "\(name)")
            // Read again in a job, each is its own.
            let job = try stage.send("POST", "/sources/\(own)/re-extract", nil, headers: headers)
            #expect(try job.json()["source_id"]?.stringValue == own)
            #expect(try stage.send("POST", "/sources/\(theirs)/re-extract", nil, headers: headers).status == 404)
        }
        #expect(try stage.scene.twin("jobs", "run", "--until-idle", environment: ["TWIN_ALLOW_PRIVATE": "1"]).code == 0)
        let jobs = try stage.workspace.jobs.list(status: .complete)
        #expect(Set(jobs.compactMap(\.sourceID)).count == 2 && !jobs.contains { $0.sourceID == theirs })
        #expect(try stage.send("GET", "/sources/\(stage.twin.id)/\(theirs)").json()["status"] == "live")
    }

    @Test func `every route of a hidden thing answers as one of a thing that is not there`() throws {
        let nothing = Identifier.make()
        let paths: [(String, String, JSON?)] = [
            ("GET", "/sources/\(stage.twin.id)/@", nil), ("GET", "/sources/@/logs", nil), ("GET", "/sources/@/health", nil),
            ("DELETE", "/sources/\(stage.twin.id)/@", nil), ("POST", "/sources/@/re-extract", nil),
            ("GET", "/verified-qna/@", nil), ("PATCH", "/verified-qna/@", ["answer": "x", "reason": "y"]),
            ("DELETE", "/verified-qna/@", nil),
        ]
        for (name, headers) in writers {
            for (method, path, body) in paths {
                let id = path.contains("qna") ? hiddenAnswer.id : hidden.id
                let reply = try stage.send(method, path.replacing("@", with: id), body, headers: headers)
                let other = try stage.send(method, path.replacing("@", with: nothing), body, headers: headers)
                #expect(reply.status == other.status && reply.status == 404, "\(name) \(method) \(path): \(reply.body)")
                #expect(reply.body.replacing(id, with: nothing) == other.body, "\(name) \(method) \(path)")
            }
        }
        #expect(try text(hidden).contains("ninety"))
    }
}
