import Testing
import TwinHTTP
import TwinKit
import TwinSupport

/// `twin explain access`, and that it says what searches and answers then do.
@Suite struct ExplainTests {
    let scene: Scene

    init() throws {
        scene = try Scene()
        try scene.write("docs/oil.md", "# Gearbox\n\nThe gearbox takes three litres of mineral oil.\n")
        try scene.write("docs/prices.md", "# Prices\n\nThe oil for the gearbox costs ninety kronor a litre.\n")
        try scene.twin("ingest", "docs")
        try scene.twin("qna", "add", "Who designed the gearbox?", "Anna.")
        try scene.twin("groups", "create", "partners")
        try scene.twin("groups", "grant", "partners", "--source", "docs/oil.md")
    }

    private func explain(_ words: String...) throws -> JSON {
        try scene.run(Scene.binary, ["explain", "access", "--json"] + words).json()
    }

    private func visible(_ json: JSON?) -> [String] {
        (json?.arrayValue ?? []).filter { $0["visible"] == true }.compactMap { $0["title"]?.stringValue }
    }

    @Test func `the operator sees everything, and it says why`() throws {
        let answer = try explain()
        #expect(answer["rule"] == "operator")
        #expect(answer["group"] == .null)
        #expect(visible(answer["sources"]).sorted() == ["Gearbox", "Prices"])
        #expect(visible(answer["verified_answers"]) == ["Who designed the gearbox?"])
    }

    @Test func `a group sees what it was granted, and when that was`() throws {
        let answer = try explain("--as-group", "partners")
        #expect(answer["rule"] == "requested")
        #expect(answer["group"]?["name"] == "partners")
        #expect(visible(answer["sources"]) == ["Gearbox"])
        #expect(visible(answer["verified_answers"]) == [])
        let sources = try #require(answer["sources"]?.arrayValue)
        #expect(sources.first { $0["title"] == "Gearbox" }?["granted_at"]?.stringValue != nil)
        #expect(sources.first { $0["title"] == "Prices" }?["reason"]?.stringValue?.contains("not granted") == true)
        #expect(try explain("--as-group", "Default Group")["group"]?["is_default"] == true)
        #expect(try scene.twin("explain", "access", "--as-group", "nobody").code == 5)
    }

    @Test func `a question shows the passages that answer and those that are withheld`() throws {
        let question = "gearbox oil"
        let answer = try explain("--as-group", "partners", question)
        #expect(answer["question"]?.stringValue == question)
        let found = try scene.twin("search", question, "--as-group", "partners", "--json").json()
        #expect(answer["passages"] == found)
        #expect(answer["withheld_passages"]?.arrayValue?.compactMap { $0["title"]?.stringValue } == ["Prices"])
        #expect(try explain(question)["withheld_passages"] == [])
    }

    @Test func `a member has the group's access and everybody else the default group's`() throws {
        for name in ["anna", "berta"] {
            try scene.twin("users", "add", "\(name)@example.org", "--no-password", "--name", name, "--role", "viewer")
        }
        #expect(try scene.twin("groups", "add", "partners", "anna").code == 0)
        let anna = try explain("--as-user", "anna")
        #expect(anna["rule"] == "membership")
        #expect(anna["caller"] == ["kind": "user", "name": "anna"])
        #expect(visible(anna["sources"]) == ["Gearbox"])
        let other = try explain("--as-user", "berta")
        #expect(other["rule"] == "default")
        #expect(visible(other["sources"]).count == 2)
        // The resolution is the server's own: by address, and nobody that it would not let in.
        #expect(try explain("--as-user", "Anna@example.org")["rule"] == "membership")
        let stranger = try scene.twin("explain", "access", "--as-user", "carla@example.org")
        #expect(stranger.code == 5 && stranger.errors.contains("twin users invite carla@example.org"))
        try scene.twin("users", "invite", "carla@example.org")
        try scene.twin("groups", "add", "partners", "carla@example.org")
        let invited = try explain("--as-user", "carla@example.org")
        #expect(invited["rule"] == "refused")
        #expect(invited["reason"]?.stringValue?.contains("held") == true)
        #expect(visible(invited["sources"]).isEmpty)
    }

    @Test func `a key for a group sees what the group sees, and nothing when the group is gone`() throws {
        let made = try scene.twin("keys", "create", "partner", "--group", "partners", "--json").json()
        let key = try #require(made["id"]?.stringValue)
        #expect(made["scopes"] == ["chat"])
        #expect(made["allowed_twin_ids"]?.arrayValue?.count == 1)
        let answer = try explain("--as-key", "partner")
        #expect(answer["rule"] == "key")
        #expect(visible(answer["sources"]) == ["Gearbox"])
        try scene.twin("groups", "create", "visitors", "--public")
        #expect(visible(try explain("--as-key", key)["sources"]) == ["Gearbox"])
        try scene.twin("groups", "delete", "partners", "--yes")
        let orphan = try explain("--as-key", key)
        #expect(orphan["rule"] == "refused")
        #expect(visible(orphan["sources"]).isEmpty)
        #expect(try scene.twin("keys", "revoke", "partner").code == 0)
        #expect(try scene.twin("keys", "revoke", "nonsense").code == 5)
    }

    @Test func `a key has the public group, and none when it does not open the twin`() throws {
        let key = try #require(try scene.twin("keys", "create", "widget", "--json").json()["id"]?.stringValue)
        #expect(try explain("--as-key", key)["rule"] == "default")
        try scene.twin("groups", "create", "visitors", "--public")
        let visitor = try explain("--as-key", key, "gearbox oil")
        #expect(visitor["rule"] == "public")
        #expect(visible(visitor["sources"]) == [])
        #expect(visitor["passages"] == [])
        #expect(visitor["withheld_passages"]?.arrayValue?.count == 2)
        try scene.twin("keys", "revoke", key)
        let revoked = try explain("--as-key", key)
        #expect(revoked["rule"] == "refused")
        #expect(revoked["reason"]?.stringValue?.contains("revoked") == true)
        #expect(visible(revoked["sources"]) == [])
    }

    @Test func `people read it as well, and one caller is asked for at a time`() throws {
        let text = try scene.twin("explain", "access", "--as-group", "partners", "gearbox oil").output
        #expect(text.contains("1 of 2 visible"))
        #expect(text.contains("Passages that only the operator finds"))
        #expect(try scene.twin("explain", "access", "--as-group", "partners", "--as-user", "anna").code == 2)
    }

    @Test func `exported escalations are questions that can be measured, as a group too`() throws {
        try scene.twin("twins", "set", "default", "--setting", "escalation.enabled=true")
        let twin = try #require(try scene.twin("twins", "list", "--json").json()[0]?["id"]?.stringValue)
        let groups = try scene.twin("groups", "list", "--json").json().arrayValue ?? []
        let group = try #require(groups.first { $0["name"] == "partners" }?["id"]?.stringValue)
        for question in ["Who won the football world cup in Brazil?", "What does the oil for the gearbox cost in Norway today?"] {
            // Through the API, because trying what a group is told escalates nothing.
            let body: JSON = ["query": .string(question), "group_id": .string(group)]
            #expect(try scene.twin("api", "POST", "/chat/\(twin)", "--data", body.text).code == 0)
        }
        let open = try scene.twin("escalations", "list", "--json").json().arrayValue ?? []
        let second = try #require(open.first { $0["question"]?.stringValue?.contains("Norway") == true }?["id"]?.stringValue)
        try scene.twin("escalations", "answer", second, "ninety kronor")
        let file = try scene.twin("escalations", "export")
        try scene.write("questions.jsonl", file.output)
        let lines = try file.jsonLines()
        #expect(lines.count == 2)
        #expect(lines.contains { $0["unanswerable"] == true } && lines.contains { $0["answers"] == ["ninety kronor"] })
        let everything = try scene.twin("eval", "questions.jsonl", "--json").json()
        let partners = try scene.twin("eval", "questions.jsonl", "--as-group", "partners", "--jsonl").jsonLines()
        #expect(everything["question_count"] == partners.last?["question_count"])
        #expect(try scene.twin("eval", "questions.jsonl", "--as-group", "nobody").code == 5)
    }
}
