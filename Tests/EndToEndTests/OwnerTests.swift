import Testing
import TwinHTTP
import TwinKit
import TwinSupport

@Suite struct OwnerTests {
    let scene: Scene

    init() throws {
        scene = try Scene()
        try scene.write("docs/oil.md", "# Gearbox\n\nThe gearbox takes three litres of mineral oil.\n")
        try scene.twin("ingest", "docs")
    }

    private func ask(_ question: String, _ more: String...) throws -> JSON {
        try scene.run(Scene.binary, ["chat", question, "--json"] + more).json()
    }

    private func add(_ question: String, _ answer: String) throws -> String {
        try #require(try scene.twin("qna", "add", question, answer, "--json").json()["id"]?.stringValue)
    }

    @Test func `a verified answer is given word for word to its question and to one nearly identical`() throws {
        let id = try add("What is your return policy?", "Thirty days,\n  unopened.")
        for question in ["what is your return policy", "What's your return policy?"] {
            let answer = try ask(question)
            #expect(answer["status"] == "verified")
            #expect(answer["answer"] == "Thirty days,\n  unopened.")
            #expect(answer["verified_answer_id"]?.stringValue == id)
        }
    }

    @Test func `a question that is only alike gets a suggestion and not the answer`() throws {
        _ = try add("Is 5W30 oil safe for the north workshop compressor?", "Yes, it is safe.")
        let answer = try ask("Is 5W40 oil safe for the north workshop compressor?")
        #expect(answer["status"] != "verified")
        #expect(answer["suggestions"]?[0]?["question"] == "Is 5W30 oil safe for the north workshop compressor?")
        #expect(answer["answer"]?.stringValue?.contains("Yes, it is safe") == false)
    }

    @Test func `an edit is told at once and keeps the answer before`() throws {
        let id = try add("Who designed the logo?", "Anna.")
        try scene.twin("qna", "edit", id, "Berta.", "--reason", "was wrong")
        #expect(try ask("Who designed the logo?")["answer"] == "Berta.")
        let patch = try scene.twin("qna", "show", id, "--json").json()["patches"]?[0]
        #expect(patch?["previous_answer"] == "Anna.")
        #expect(patch?["reason"] == "was wrong")
        try scene.twin("qna", "rm", id)
        #expect(try ask("Who designed the logo?")["status"] == "unanswerable")
    }

    @Test func `a group gets neither the answers nor the suggestions of others`() throws {
        let id = try add("Who designed the yellow logo?", "Anna.")
        try scene.twin("groups", "create", "partners")
        for question in ["Who designed the yellow logo?", "Who designed the yellowish logo?"] {
            let answer = try ask(question, "--as-group", "partners")
            #expect(answer["status"] == "unanswerable")
            #expect(answer["suggestions"] == [])
        }
        try scene.twin("groups", "grant", "partners", "--answer", id)
        #expect(try ask("Who designed the yellow logo?", "--as-group", "partners")["status"] == "verified")
    }

    @Test func `a source that is granted is seen, and one that is revoked is not`() throws {
        try scene.twin("groups", "create", "partners")
        func hits() throws -> Int {
            try scene.twin("search", "gearbox oil", "--as-group", "partners", "--json").json().arrayValue?.count ?? -1
        }
        #expect(try hits() == 0)
        #expect(try scene.twin("groups", "grant", "partners", "--source", "docs/oil.md").code == 0)
        #expect(try hits() == 1)
        try scene.twin("groups", "revoke", "partners", "--all")
        #expect(try hits() == 0)
    }

    @Test func `what was revoked from the default group stays revoked when the source changes`() throws {
        try scene.twin("groups", "revoke", "Default Group", "--source", "docs/oil.md")
        try scene.write("docs/oil.md", "# Gearbox\n\nThe gearbox takes four litres of mineral oil now.\n")
        try scene.twin("ingest", "docs")
        #expect(try scene.twin("search", "gearbox", "--as-group", "Default Group", "--json").json() == [])
    }

    @Test func `the default group cannot be deleted`() throws {
        #expect(try scene.twin("groups", "delete", "Default Group", "--yes").code != 0)
        try scene.twin("groups", "create", "guests")
        #expect(try scene.twin("groups", "delete", "guests", "--yes").code == 0)
        #expect(try scene.twin("groups", "list", "--json").json().arrayValue?.count == 1)
    }

    @Test func `a user is in one group of a twin`() throws {
        try scene.twin("groups", "create", "one")
        try scene.twin("groups", "create", "two")
        let added = try scene.twin("users", "add", "anna@example.org", "--no-password", "--name", "Anna", "--json").json()
        #expect(try scene.twin("groups", "add", "one", "anna@example.org").code == 0)
        #expect(try scene.twin("groups", "add", "two", "Anna").code == 0)
        #expect(try scene.twin("groups", "members", "one", "--json").json() == [])
        #expect(try scene.twin("groups", "members", "two", "--json").json()[0]?["user_id"] == added["id"])
    }

    @Test func `a stranger is put into no group, and whom to invite is said`() throws {
        try scene.twin("groups", "create", "one")
        for name in ["anna", "anna@example.org", "0192f0c4-5a3e-7b1c-9d2e-4f5a6b7c8d9e", "local"] {
            let refused = try scene.twin("groups", "add", "one", name)
            #expect(refused.code == 5, "\(name)")
            #expect(refused.errors.contains("twin users invite"), "\(refused.errors)")
        }
        #expect(try scene.twin("groups", "members", "one", "--json").json() == [])
        #expect(try scene.twin("groups", "add", "one", " ").code == 2)
    }

    @Test(arguments: ["csv", "jsonl"]) func `an export comes back unchanged, and once more changes nothing`(format: String) throws
    {
        _ = try add("Say \"cheese\", please?", "Line one,\nline \"two\".")
        _ = try add("Second?", "Plain")
        try scene.write("answers", try scene.twin("qna", "export", "--format", format).output)
        try scene.twin("twins", "create", "other")
        let first = try scene.twin("qna", "import", "answers", "--twin", "other", "--format", format, "--json").json()
        #expect(first == ["added": 2, "changed": 0, "unchanged": 0])
        let again = try scene.twin("qna", "import", "answers", "--twin", "other", "--json").json()
        #expect(again == ["added": 0, "changed": 0, "unchanged": 2])
        let texts = try scene.twin("qna", "list", "--twin", "other", "--json").json().arrayValue?.compactMap {
            $0["answer"]?.stringValue
        }
        #expect(texts == ["Plain", "Line one,\nline \"two\"."])
    }

    @Test func `a question about the owner's view waits for the owner, once, and is answered from then on`() throws {
        let question = "What do you think about remote work?"
        let events = try scene.twin("chat", question, "--jsonl").jsonLines()
        #expect(events.map { $0["type"] } == ["clarify"])
        #expect(events[0]["options"]?.arrayValue?.count == 3)
        #expect(try ask(question)["status"] == "clarify")
        let threads = try scene.twin("clarifications", "list", "--json").json()
        #expect(threads.arrayValue?.count == 1)
        #expect(threads[0]?["times_asked"] == 2)
        let id = try #require(threads[0]?["id"]?.stringValue)
        let applied = try scene.twin("clarifications", "resolve", id, "--option", "Support", "--json").json()
        #expect(applied["status"] == "applied")
        let answer = try ask(question)
        #expect(answer["status"] == "verified")
        #expect(answer["answer"]?.stringValue == applied["value"]?.stringValue)
        #expect(answer["owner_memory_refs"]?[0] == applied["owner_memory_id"])
        #expect(try scene.twin("clarifications", "resolve", id, "again").code != 0)
        #expect(try scene.twin("clarifications", "list", "--json").json() == [])
    }

    @Test func `the newest memory of a topic counts and names the one before`() throws {
        let old = try scene.twin("memory", "add", "remote work", "I am for it.", "--stance", "positive", "--json").json()
        let new = try scene.twin("memory", "add", "remote work", "I am against it.", "--stance", "negative", "--json").json()
        #expect(try ask("What do you think about remote work?")["answer"] == "I am against it.")
        let before = try scene.twin("memory", "list", "--status", "superseded", "--json").json()
        #expect(before[0]?["id"] == old["id"])
        #expect(before[0]?["superseded_by"] == new["id"])
        try scene.twin("memory", "rm", try #require(new["id"]?.stringValue))
        #expect(try ask("What do you think about remote work?")["status"] == "clarify")
    }

    @Test func `a question without an answer is escalated, and answered for good once it is published`() throws {
        let question = "Who won the football world cup in Brazil?"
        #expect(try ask(question)["status"] == "unanswerable")
        #expect(try scene.twin("escalations", "list", "--json").json() == [])
        let slug = try #require(try scene.twin("twins", "list", "--json").json()[0]?["slug"]?.stringValue)
        try scene.twin("twins", "set", slug, "--setting", "escalation.enabled=true")
        #expect(try ask(question)["status"] == "escalated")
        #expect(try ask(question)["status"] == "escalated")
        let open = try scene.twin("escalations", "list", "--json").json()
        #expect(open.arrayValue?.count == 1)
        #expect(open[0]?["times_asked"] == 2)
        try scene.twin("escalations", "answer", try #require(open[0]?["id"]?.stringValue), "Germany.", "--publish")
        let answer = try ask(question)
        #expect(answer["status"] == "verified")
        #expect(answer["answer"] == "Germany.")
        #expect(try scene.twin("escalations", "export").jsonLines()[0]["answers"] == ["Germany."])
    }

    @Test func `a key sees what callers without a group see, as far as it is allowed`() throws {
        let made = try scene.twin("keys", "create", "site", "--scope", "chat", "--json").json()
        let id = try #require(made["id"]?.stringValue)
        let secret = try #require(made["key"]?.stringValue)
        #expect(try ask("What does the gearbox take?", "--as-key", id)["status"] == "grounded")
        #expect(try scene.twin("search", "gearbox", "--as-key", id).code == 4)
        try scene.twin("groups", "revoke", "Default Group", "--all")
        #expect(try ask("What does the gearbox take?", "--as-key", id)["status"] == "unanswerable")
        #expect(try scene.twin("keys", "list", "--json").output.contains(secret) == false)
        try scene.twin("keys", "revoke", id)
        #expect(try scene.twin("chat", "What does the gearbox take?", "--as-key", id).code == 4)
    }
}
