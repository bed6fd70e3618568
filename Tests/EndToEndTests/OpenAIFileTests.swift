import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// Files and responses through OpenAI's door: a file is its creator's, nobody is answered from it before it is attached, and it
/// goes without a trace.
@Suite struct OpenAIFileTests {
    let stage: ServedFixture
    let key: [String]
    let keyID: String

    init() throws {
        stage = try ServedFixture(environment: ["TWIN_INGEST_MAX_FILE_MIB": "1", "TWIN_FILES_MAX_TOTAL_MIB": "2"])
        let made = try stage.workspace.keys.create(
            "client", tenantID: stage.tenant.tenantID, scopes: [.read, .write, .chat], by: nil)
        key = ["authorization: Bearer \(made.text.reveal())"]
        keyID = made.key.id
    }

    private func upload(_ name: String?, _ text: String, _ fields: (String, String)..., headers: [String]? = nil) throws
        -> WireClient.Reply
    {
        try upload(name, text, fields: fields.isEmpty ? [("purpose", "assistants")] : fields, headers: headers)
    }

    private func upload(
        _ name: String?, _ text: String, fields: [(String, String)], headers: [String]? = nil
    ) throws -> WireClient.Reply {
        var form: [UInt8] = []
        for field in fields { form += OpenAIForm.body(nil, "", field).dropLast(7) }
        return try stage.client.send(
            "POST", "/v1/files", headers: (headers ?? key) + [OpenAIForm.header], body: form + OpenAIForm.body(name, text))
    }

    private func file(_ name: String, _ text: String, headers: [String]? = nil) throws -> String {
        let reply = try upload(name, text, headers: headers)
        return try #require(try reply.json()["id"]?.stringValue, "\(reply.body)")
    }

    private var store: String { "/v1/vector_stores/vs_\(stage.twin.id)" }

    private func attach(_ file: String, _ attributes: JSON = [:]) throws -> JSON {
        let reply = try stage.send(
            "POST", store + "/files", ["file_id": .string(file), "attributes": attributes], headers: key)
        #expect(reply.status == 200, "\(reply.body)")
        return try reply.json()
    }

    private func get(_ path: String) throws -> WireClient.Reply { try stage.send("GET", path, nil, headers: key) }
    private func delete(_ path: String) throws -> WireClient.Reply { try stage.send("DELETE", path, nil, headers: key) }

    private func answer(_ question: String) throws -> JSON {
        let reply = try stage.send(
            "POST", "/v1/chat/completions",
            ["model": .string(stage.twin.slug), "messages": [["role": "user", "content": .string(question)]]], headers: key)
        return try #require(try reply.json()["choices"]?[0], "\(reply.body)")
    }

    private func count(_ sql: String, _ value: String) throws -> Int {
        try stage.workspace.database.read { try $0.first(sql, value) { $0.int(0) } ?? -1 }
    }

    private func stored() -> [String] {
        let root = stage.workspace.configuration.storageFolder(besides: stage.workspace.database.path)
        return FolderListing.folders(root + "/sha256").flatMap { FolderListing.files("\(root)/sha256/\($0)").map(\.name) }
            + FolderListing.files(root + "/incoming").map(\.name)
    }

    @Test func `attributes are the last ones that were given, and a search by them is refused`() throws {
        let id = try file("comb.md", "The comb of the hive is cut in August.")
        _ = try attach(id, ["shelf": "3", "room": "north"])
        _ = try attach(id, ["shelf": "4"])
        let row = try stage.workspace.database.read { connection in
            try connection.first("SELECT metadata ->> 'shelf', metadata ->> 'room' FROM sources WHERE name = 'comb.md'") {
                [$0.optionalText(0), $0.optionalText(1)]
            }
        }
        #expect(row == ["4", nil])
        #expect(try get(store + "/files/\(id)").json()["attributes"] == ["shelf": "4"])
        let filters: JSON = ["type": "eq", "key": "shelf", "value": "5"]
        let refused = try stage.send("POST", store + "/search", ["query": "comb", "filters": filters], headers: key)
        #expect(try refused.status == 400 && refused.json()["error"]?["param"] == "filters", "\(refused.body)")
        #expect(try stage.send("POST", store + "/search", ["query": "comb", "filters": .null], headers: key).status == 200)
    }

    @Test func `pages are turned back as they are turned on`() throws {
        let ids = try (1...4).map { try file("page-\($0).md", "Page \($0) of the almanac.") }
        // Newest first, so that the last page is the first file's.
        let back = try get("/v1/files?limit=1&before=\(ids[0])").json()
        #expect(back["data"]?[0]?["id"]?.stringValue == ids[1] && back["has_more"] == true, "\(back)")
        let whole = try get("/v1/files?limit=3&before=\(ids[0])").json()
        #expect(whole["data"]?.arrayValue?.count == 3 && whole["has_more"] == false, "\(whole)")
    }

    @Test func `a file is kept, attached, asked, listed, and goes with all that it became`() throws {
        let text = "The propolis of the abbey is harvested on Martinmas."
        let question = "When is the propolis of the abbey harvested?"
        let id = try file("propolis.md", text)
        #expect(try get("/v1/files/\(id)/content").body == text)
        let about = try get("/v1/files/\(id)").json()
        #expect(about["bytes"]?.intValue == text.utf8.count && about["filename"] == "propolis.md" && about["expires_at"] == nil)
        #expect(try get("/v1/files").json()["data"]?[0]?["id"]?.stringValue == id)
        #expect(try get("/v1/files?purpose=user_data").json()["data"]?.arrayValue?.isEmpty == true)
        // Kept is not known.
        #expect(try answer(question)["twin"]?["status"] == "unanswerable")
        #expect(try get(store + "/files/\(id)").status == 404)

        let made = try attach(id, ["shelf": "3", "year": 2024])
        #expect(made["status"] == "completed" && made["id"]?.stringValue == id, "\(made)")
        #expect(try answer(question)["message"]?["content"]?.stringValue?.contains("Martinmas") == true)
        let found = try stage.send("POST", store + "/search", ["query": "propolis"], headers: key).json()["data"]?[0]
        #expect(found?["file_id"]?.stringValue == id && found?["attributes"]?["shelf"] == "3", "\(String(describing: found))")
        #expect(try get(store + "/files/\(id)/content").json()["data"]?[0]?["text"]?.stringValue?.contains("abbey") == true)
        // Newest first, a page at a time; what came by another way has a name too.
        let first = try get(store + "/files?limit=1").json()
        #expect(first["data"]?[0]?["id"]?.stringValue == id && first["has_more"] == true)
        let second = try get(store + "/files?limit=1&after=\(id)").json()
        #expect(
            second["data"]?.arrayValue?.count == 1 && second["has_more"] == false
                && second["data"]?[0]?["id"] != first["data"]?[0]?["id"])
        #expect(try get(store + "/files?order=asc&limit=1").json()["data"]?[0]?["id"] == second["data"]?[0]?["id"])

        #expect(try delete("/v1/files/\(id)").json()["deleted"] == true)
        #expect(try answer(question)["twin"]?["status"] == "unanswerable")
        for path in ["/v1/files/\(id)", "/v1/files/\(id)/content", store + "/files/\(id)"] {
            #expect(try get(path).status == 404, "\(path)")
        }
        #expect(try delete("/v1/files/\(id)").status == 404)
        #expect(stored() == [])
        for action in ["FILE_UPLOADED", "SOURCE_INDEXED", "SOURCE_DELETED", "FILE_DELETED"] {
            #expect(
                try count("SELECT count(*) FROM audit_log WHERE actor_id = '\(keyID)' AND action = ?", action) == 1, "\(action)")
        }
    }

    @Test func `a file that was replaced takes nothing along, and neither does one whose source is another's by now`() throws {
        let old = try file("notes.md", "The old notes speak of lavender.")
        let new = try file("notes.md", "The new notes speak of rosemary.")
        _ = try attach(old)
        _ = try attach(new)
        #expect(try get(store + "/files").json()["data"]?.arrayValue?.compactMap { $0["id"]?.stringValue }.contains(old) == false)
        #expect(try delete(store + "/files/\(old)").json()["deleted"] == true)
        #expect(try delete(store + "/files/\(old)").status == 404)
        #expect(try delete("/v1/files/\(old)").status == 200)
        #expect(try get(store + "/files/\(new)").json()["status"] == "completed")
        let owners = try stage.tenant.upload("notes.md", "The owner's notes speak of thyme.", into: stage.twin)
        #expect(try delete("/v1/files/\(new)").status == 200)
        let text = try stage.workspace.sources.text(
            of: stage.workspace.sources.find(id: owners.id, twin: stage.twin, grantedTo: nil))
        #expect(text.contains("thyme"))
        // What cannot be read is said of the file, and stays in nobody's way.
        let broken = try file("broken.pdf", "%PDF-1.4 this is no document")
        let failed = try attach(broken)
        #expect(failed["status"] == "failed" && failed["last_error"]?["code"] == "invalid_file", "\(failed)")
        #expect(try get(store + "/files/\(broken)").json()["last_error"] == failed["last_error"])
        #expect(try get(store + "/files?filter=failed").json()["data"]?[0]?["id"]?.stringValue == broken)
        #expect(try delete(store + "/files/\(broken)").status == 200)
        #expect(try get(store + "/files/\(broken)").status == 404)
    }

    @Test func `what is wrong with a form or a name is said in the contract's form, and leaves nothing`() throws {
        let large = String(repeating: "a", count: 1_100_000)
        let purpose = ("purpose", "assistants")
        let cases: [(String, WireClient.Reply, Int, String?)] = [
            ("no purpose", try upload("a.md", "A.", ("other", "x")), 400, "purpose"),
            ("another purpose", try upload("a.md", "A.", ("purpose", "fine-tune")), 400, "purpose"),
            ("no file", try upload(nil, "", purpose), 400, "file"),
            ("an empty file", try upload("a.md", ""), 400, nil),
            ("too long a name", try upload(String(repeating: "n", count: 300), "A."), 400, nil),
            ("too large", try upload("a.md", large), 413, nil),
            ("too many parts", try upload("a.md", "A.", fields: [purpose] + (0..<16).map { ("\($0)", "") }), 413, nil),
            ("too soon over", try upload("a.md", "A.", purpose, ("expires_after[seconds]", "60")), 400, "expires_after[seconds]"),
            ("no number", try upload("a.md", "A.", purpose, ("expires_after[seconds]", "x")), 400, "expires_after[seconds]"),
            (
                "an anchor alone", try upload("a.md", "A.", purpose, ("expires_after[anchor]", "created_at")), 400,
                "expires_after[seconds]"
            ),
            ("no form", try stage.send("POST", "/v1/files", ["file": "x"], headers: key), 400, nil),
            (
                "half a form",
                try stage.client.send(
                    "POST", "/v1/files", headers: key + [OpenAIForm.header],
                    body: Array("--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.md\"\r\n\r\nhalf".utf8)), 400,
                nil
            ),
            ("no page", try get("/v1/files?limit=0"), 400, "limit"),
            ("no order", try get(store + "/files?order=up"), 400, "order"),
            ("no file's name", try get("/v1/files/..%2f..%2fetc"), 404, nil),
            ("nothing to attach", try stage.send("POST", store + "/files", [:], headers: key), 400, "file_id"),
            ("a stranger to attach", try stage.send("POST", store + "/files", ["file_id": "file-1"], headers: key), 404, nil),
            ("no response", try delete("/v1/responses/resp_\(String(repeating: "0", count: 64))"), 404, nil),
        ]
        for (name, reply, status, param) in cases {
            let error = try reply.json()["error"]
            #expect(
                reply.status == status && error?["message"]?.stringValue?.isEmpty == false,
                "\(name): \(reply.status) \(reply.body)")
            #expect(error?["param"]?.stringValue == param, "\(name): \(reply.body)")
        }
        #expect(stored() == [] && FolderListing.files(ScratchFolder.base).allSatisfy { !$0.name.contains("a.md") })
        #expect(try count("SELECT count(*) FROM client_files WHERE tenant_id = ?", stage.tenant.tenantID) == 0)
        // Somebody's own file, attached with attributes that are none.
        let id = try file("fine.md", "Fine.")
        for wrong: JSON in [["a": ["b"]], ["": "x"], ["a": .string(String(repeating: "x", count: 513))], ["a": nil], "text"] {
            let reply = try stage.send(
                "POST", store + "/files", ["file_id": .string(id), "attributes": wrong], headers: key)
            #expect(try reply.status == 400 && reply.json()["error"]?["param"] == "attributes", "\(wrong): \(reply.body)")
        }
        // Another's file cannot be attached, whatever rights there are to the twin.
        let owners = try file("owners.md", "The owner's.", headers: [stage.owner])
        #expect(try stage.send("POST", store + "/files", ["file_id": .string(owners)], headers: key).status == 404)
        // All of a workspace's files share its room.
        for number in 0..<2 { _ = try upload("big\(number).txt", String(repeating: "b", count: 1_000_000)) }
        let full = try upload("big.txt", String(repeating: "c", count: 1_000_000))
        #expect(full.status == 400 && full.body.contains("files.max_total_mib"), "\(full.body)")
    }

    @Test func `files go with their time, with their key and with their user`() throws {
        let files = try stage.workspace.clientFiles()
        let brief = try upload("brief.md", "Brief.", ("purpose", "assistants"), ("expires_after[seconds]", "3600"))
        let id = try #require(try brief.json()["id"]?.stringValue, "\(brief.body)")
        #expect(try brief.json()["expires_at"]?.intValue == (brief.json()["created_at"]?.intValue ?? 0) + 3_600)
        let lasting = try file("lasting.md", "Lasting.")
        let attached = try file("attached.md", "Attached notes speak of basil.")
        _ = try attach(attached)
        let holder = try stage.workspace.authorizer.fileHolder(as: .apiKey(stage.workspace.keys.find(keyID)))
        let later = Clock.now.adding(seconds: 3_700)
        #expect(throws: TwinError.self) { try files.find(String(id.dropFirst(5)), of: holder, now: later) }
        try files.purge(now: later)
        #expect(try get("/v1/files/\(id)").status == 404)
        #expect(try get("/v1/files/\(lasting)").status == 200)
        _ = try stage.workspace.keys.revoke(keyID)
        #expect(try get("/v1/files/\(lasting)").status == 401)
        try files.purge()
        #expect(try count("SELECT count(*) FROM client_files WHERE holder_id = ?", keyID) == 0)
        // The twin keeps what it has learned.
        #expect(try stage.workspace.sources.list(twin: stage.twin, matching: "attached.md").first?.status == .live)
        let owner = stage.tenant.owner
        let second = try stage.workspace.users.add(
            email: "second@homeland.example", role: .owner, password: nil, tenantID: stage.tenant.tenantID)
        _ = try file("own.md", "Own.", headers: [try stage.tenant.token(second)])
        let third = try stage.tenant.user(role: .owner)
        _ = try file("left.md", "Left.", headers: [try stage.tenant.token(third)])
        let owners = try file("owners.md", "The owner's.", headers: [stage.owner])
        try stage.workspace.erase(second, by: .user(owner))
        try stage.workspace.database.write { try $0.run("DELETE FROM users WHERE id = ?", third.id) }
        try files.purge()
        #expect(try count("SELECT count(*) FROM client_files WHERE tenant_id = ?", stage.tenant.tenantID) == 1)
        #expect(try stage.send("DELETE", "/v1/files/\(owners)").status == 200)
        #expect(try count("SELECT count(*) FROM client_files WHERE tenant_id = ?", stage.tenant.tenantID) == 0)
        try stage.workspace.sweepStorage()
        #expect(stored() == [])
    }

    @Test func `a question that waits for the owner is named, and goes when its response does`() throws {
        _ = try stage.workspace.twins.update(stage.twin, by: nil) { twin in
            var settings = twin.settings
            try settings.set("escalation.enabled", true)
            return TwinStore.Change(settings: settings)
        }
        let reply = try stage.send(
            "POST", "/v1/responses", ["model": .string(stage.twin.slug), "input": "Who painted the chapel of Zebulon?"],
            headers: key
        ).json()
        let waiting = try stage.workspace.escalations.list(of: stage.twin)
        #expect(waiting.count == 1 && reply["twin"]?["escalation_id"]?.stringValue == waiting.first?.id, "\(reply)")
        #expect(try answer("When is honey taken?")["twin"]?["escalation_id"] == .null)
        #expect(try delete("/v1/responses/\(reply["id"]?.stringValue ?? "")").status == 200)
        #expect(try stage.workspace.escalations.list(of: stage.twin).isEmpty)
        #expect(try count("SELECT count(*) FROM messages WHERE content LIKE ?", "%Zebulon%") == 0)
    }

    @Test func `a deleted response is gone with its words, and what was said after it stays`() throws {
        func ask(_ text: String, _ previous: String? = nil) throws -> String {
            var body: JSONObject = ["model": .string(stage.twin.slug), "input": .string(text)]
            if let previous { body["previous_response_id"] = .string(previous) }
            let reply = try stage.send("POST", "/v1/responses", .object(body), headers: key)
            return try #require(try reply.json()["id"]?.stringValue, "\(reply.body)")
        }
        let first = try ask("When are hives opened, says Zebulon?")
        let second = try ask("When is honey taken?", first)
        #expect(
            try stage.send("DELETE", "/v1/responses/\(first)", nil, headers: ["authorization: Bearer \(stage.tenant.key())"])
                .status == 404)
        let gone = try delete("/v1/responses/\(first)").json()
        #expect(gone["deleted"] == true && gone["object"] == "response" && gone["id"]?.stringValue == first)
        #expect(try get("/v1/responses/\(first)").status == 404)
        #expect(try get("/v1/responses/\(second)").body.contains("July"))
        #expect(try count("SELECT count(*) FROM messages WHERE content LIKE ?", "%Zebulon%") == 0)
        #expect(try count("SELECT count(*) FROM escalations WHERE question LIKE ?", "%Zebulon%") == 0)
        _ = try ask("How is wax melted?", second)
        #expect(try delete("/v1/responses/\(second)").status == 200)
        #expect(try delete("/v1/responses/\(second)").status == 404)
        #expect(try count("SELECT count(*) FROM conversations WHERE key_id = ?", keyID) == 1)
        #expect(try count("SELECT count(*) FROM audit_log WHERE action = 'CONVERSATIONS_PURGED' AND actor_id = ?", keyID) == 2)
    }
}
