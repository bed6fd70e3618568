import TestSupport
import Testing
import TwinHTTP
import TwinKit
import TwinSupport

/// Verified answers that are found by the meaning of their questions.
@Suite struct AnswerMeaningTests {
    let scene: Scene
    private static let stored = "Where can I repair my automobile in Gothenburg?"
    private static let paraphrase = "Gothenburg: who will fix a car?"

    init() throws {
        scene = try Scene()
        try scene.twin("twins", "create", "default")
    }

    private func add(_ server: EmbeddingServer? = nil, _ question: String = Self.stored) throws -> String {
        let result = try scene.twin("qna", "add", question, "At Svensson's.", "--json", environment: server?.environment ?? [:])
        return try #require(try result.json()["id"]?.stringValue)
    }

    private func ask(_ server: EmbeddingServer?, _ question: String = Self.paraphrase, _ more: String...) throws -> JSON {
        try scene.run(Scene.binary, ["chat", question, "--json"] + more, environment: server?.environment ?? [:]).json()
    }

    @Test func `a paraphrase gets the verified answer, and the match says how it was found`() throws {
        let server = try EmbeddingServer()
        let id = try add(server)
        let answer = try ask(server)
        #expect(answer["status"] == "verified")
        #expect(answer["answer"] == "At Svensson's.")
        #expect(answer["verified_answer_id"]?.stringValue == id)
        #expect(answer["match_type"] == "semantic")
        #expect(try ask(server, Self.stored)["match_type"] == "exact")
        #expect(try ask(server, "Where can I repair the automobile in Gothenburg?")["match_type"] != "exact")
        #expect(try ask(nil)["status"] == "unanswerable", "by letters it is another question")
    }

    @Test func `a model is asked once a question, and not at all for the same letters`() throws {
        let server = try EmbeddingServer()
        _ = try add(server)
        try scene.write("docs/garage.md", "The workshop in Gothenburg can mend an automobile.\n")
        try scene.twin("ingest", "docs", environment: server.environment)
        let before = server.server.requests.count
        _ = try ask(server, Self.stored)
        #expect(server.server.requests.count == before)
        _ = try ask(server, "When does the workshop in Gothenburg open, physician?")
        #expect(server.server.requests.count == before + 1)
    }

    @Test(arguments: ["Who mends cars?", "Who will fix it?", "What is that?"])
    func `without a word in common there is no match, however near the meaning`(question: String) throws {
        let server = try EmbeddingServer()
        _ = try add(server)
        #expect(try ask(server, question)["status"] != "verified")
    }

    @Test(arguments: ["Gothenburg: who will not fix a car?", "Gothenburg: who will fix 12 car?"])
    func `a question turned round, or with another number, is offered and not answered`(question: String) throws {
        let server = try EmbeddingServer()
        let id = try add(server)
        let answer = try ask(server, question)
        #expect(answer["status"] != "verified")
        #expect(answer["suggestions"]?[0]?["id"]?.stringValue == id)
        #expect(answer["suggestions"]?[0]?["match_type"] == "semantic")
    }

    @Test func `a threshold of one wants the same direction`() throws {
        let server = try EmbeddingServer()
        _ = try add(server)
        try scene.twin("twins", "set", "default", "--setting", "qna.semantic=1")
        #expect(try ask(server)["status"] != "verified")
        #expect(try scene.twin("twins", "set", "default", "--setting", "qna.semantic=2").code != 0)
    }

    @Test func `a group finds no meaning in what it was not granted`() throws {
        let server = try EmbeddingServer()
        let id = try add(server)
        try scene.twin("groups", "create", "partners")
        let answer = try ask(server, Self.paraphrase, "--as-group", "partners")
        #expect(answer["status"] != "verified")
        #expect(answer["suggestions"] == [])
        try scene.twin("groups", "grant", "partners", "--answer", id)
        #expect(try ask(server, Self.paraphrase, "--as-group", "partners")["status"] == "verified")
        try scene.twin("qna", "rm", id)
        #expect(try ask(server)["status"] != "verified")
    }

    @Test func `answers that could not be embedded are kept, told of, and filled in later`() throws {
        let down = ["TWIN_EMBEDDING_URL": "http://127.0.0.1:1/v1", "TWIN_EMBEDDING_MODEL": "synonyms"]
        let added = try scene.twin("qna", "add", Self.stored, "At Svensson's.", environment: down)
        #expect(added.code == 0)
        #expect(added.errors.contains("twin rebuild --embeddings"))
        try scene.write("more.jsonl", "{\"question\": \"Which physician examines an infant?\", \"answer\": \"Dr. Weiss.\"}\n")
        let imported = try scene.twin("qna", "import", "more.jsonl", environment: down)
        #expect(imported.code == 0)
        #expect(imported.errors.contains("2 questions"))
        let server = try EmbeddingServer()
        #expect(try ask(server)["status"] != "verified")
        let rebuilt = try scene.twin("rebuild", "--embeddings", "--json", environment: server.environment).json()
        #expect(rebuilt["embedded_answers"] == 2)
        #expect(try ask(server)["match_type"] == "semantic")
        #expect(try ask(server, "Which doctor examines a baby?")["answer"] == "Dr. Weiss.")
        #expect(
            try scene.twin("rebuild", "--embeddings", "--json", environment: server.environment).json()["embedded_answers"] == 0)
    }

    @Test func `a question goes on by letters, and says so, when the server goes away`() throws {
        let server = try EmbeddingServer()
        _ = try add(server)
        let down = ["TWIN_EMBEDDING_URL": "http://127.0.0.1:1/v1", "TWIN_EMBEDDING_MODEL": "synonyms"]
        let answer = try scene.twin("chat", Self.paraphrase, "--json", environment: down)
        #expect(answer.code == 0)
        #expect(try answer.json()["degraded_reason"] == "embedding_unreachable")
        #expect(try scene.twin("chat", Self.stored, "--json", environment: down).json()["answer"] == "At Svensson's.")
    }

    @Test func `another model, or another length of vectors, takes over`() throws {
        let server = try EmbeddingServer()
        _ = try add(server)
        var other = server.environment
        other["TWIN_EMBEDDING_MODEL"] = "newer"
        #expect(try scene.twin("rebuild", "--embeddings", "--json", environment: other).json()["embedded_answers"] == 1)
        #expect(try scene.twin("chat", Self.paraphrase, "--json", environment: other).json()["match_type"] == "semantic")
        let longer = try EmbeddingServer(dimension: 96)
        var again = longer.environment
        again["TWIN_EMBEDDING_MODEL"] = "newer"
        #expect(try scene.twin("chat", Self.paraphrase, "--json", environment: again).json()["status"] != "verified")
        #expect(try scene.twin("rebuild", "--embeddings", "--json", environment: again).json()["embedded_answers"] == 1)
        #expect(try scene.twin("chat", Self.paraphrase, "--json", environment: again).json()["match_type"] == "semantic")
    }

    @Test func `an escalation that is published is found by its meaning`() throws {
        let server = try EmbeddingServer()
        try scene.twin("twins", "set", "default", "--setting", "escalation.enabled=true")
        #expect(try ask(server, Self.stored)["status"] == "escalated")
        let id = try #require(try scene.twin("escalations", "list", "--json").json()[0]?["id"]?.stringValue)
        try scene.twin("escalations", "answer", id, "At Svensson's.", "--publish", environment: server.environment)
        #expect(try ask(server)["match_type"] == "semantic")
    }
}
