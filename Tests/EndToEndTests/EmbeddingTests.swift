import FoundationEssentials
import TestSupport
import Testing
import TwinHTTP
import TwinKit

@Suite struct EmbeddingTests {
    private let scene: Scene

    init() throws {
        scene = try Scene()
        try scene.write("docs/garage.md", "The workshop can mend your automobile within two days.\n")
        try scene.write("docs/garden.md", "Roses are cut back in February, before the first leaves.\n")
        try scene.write("docs/clinic.md", "A physician examines every infant in the first week.\n")
    }

    private func titles(_ result: Scene.Result) throws -> [String] {
        try #require(try result.json().arrayValue).compactMap {
            $0["locator"]?.stringValue?.split(separator: "/").last.map(String.init)
        }
    }

    private func vectors() throws -> [String] {
        let text = try scene.shell(
            "sqlite3 \"$TWIN_DB\" 'SELECT coalesce(sum(count), 0) FROM vector_blocks; SELECT model FROM vector_sets'")
        return text.lines
    }

    @Test func `a paraphrase without a common word is found by its meaning`() throws {
        let server = try EmbeddingServer()
        let run = try scene.twin("ingest", "docs", environment: server.environment)
        #expect(run.code == 0)
        #expect(run.errors.contains("embedded 3 chunks"))
        #expect(try titles(scene.twin("search", "fix car", "--json")) == [], "words alone do not find it")
        #expect(try titles(scene.twin("search", "fix car", "--json", environment: server.environment)).first == "garage.md")
        #expect(try titles(scene.twin("search", "baby doctor", "--json", environment: server.environment)).first == "clinic.md")
        #expect(try titles(scene.twin("search", "roses", "--json", environment: server.environment)).first == "garden.md")
    }

    @Test func `a weight of nothing asks no model and answers as without one`() throws {
        let server = try EmbeddingServer()
        try scene.twin("ingest", "docs", environment: server.environment)
        try scene.twin("twins", "set", "default", "--setting", "search.vector_weight=0")
        let before = server.server.requests.count
        let plain = try scene.twin("search", "roses february", "--json")
        #expect(try scene.twin("search", "roses february", "--json", environment: server.environment).output == plain.output)
        #expect(server.server.requests.count == before)
    }

    @Test func `without configuration nothing is asked and nothing is told`() throws {
        let run = try scene.twin("ingest", "docs")
        #expect(!run.errors.contains("embed"))
        #expect(try vectors() == ["0"])
        #expect(try scene.twin("rebuild", "--embeddings").code == 3)
        #expect(!(try scene.twin("doctor").output.contains("vectors")))
    }

    @Test func `a server that is down is a warning for ingestion and later made good`() throws {
        let down = ["TWIN_EMBEDDING_URL": "http://127.0.0.1:1/v1", "TWIN_EMBEDDING_MODEL": "synonyms"]
        let run = try scene.twin("ingest", "docs", environment: down)
        #expect(run.code == 0)
        #expect(run.errors.contains("twin rebuild --embeddings"))
        #expect(try titles(scene.twin("search", "roses", "--json", environment: down)).first == "garden.md")
        let doctor = try scene.twin("doctor", "--json", environment: down).json()
        let check = try #require(doctor["checks"]?.arrayValue?.first { $0["check"] == "vectors of default" })
        #expect(check["result"] == "remark")
        #expect(check["remedy"] == "twin rebuild --embeddings --twin default")
        let server = try EmbeddingServer()
        let rebuilt = try scene.twin("rebuild", "--embeddings", "--json", environment: server.environment)
        #expect(try rebuilt.json()["embedded"] == 3)
        #expect(try scene.twin("rebuild", "--embeddings", "--json", environment: server.environment).json()["embedded"] == 0)
        #expect(try titles(scene.twin("search", "fix car", "--json", environment: server.environment)).first == "garage.md")
    }

    @Test func `a question goes on by words, and says so, when the server goes away`() throws {
        let server = try EmbeddingServer()
        try scene.twin("ingest", "docs", environment: server.environment)
        let down = ["TWIN_EMBEDDING_URL": "http://127.0.0.1:1/v1", "TWIN_EMBEDDING_MODEL": "synonyms"]
        let search = try scene.twin("search", "roses", "--json", environment: down)
        #expect(search.code == 0)
        #expect(search.errors.contains("embedding_unreachable"))
        #expect(try titles(search).first == "garden.md")
        let chat = try scene.twin("chat", "When are roses cut back?", "--json", environment: down)
        #expect(chat.code == 0)
        #expect(try chat.json()["degraded"] == true)
        #expect(try chat.json()["degraded_reason"] == "embedding_unreachable")
        #expect(try chat.json()["answer"]?.stringValue?.contains("February") == true)
    }

    @Test func `vectors go with their sources and follow a new text`() throws {
        let server = try EmbeddingServer()
        try scene.twin("ingest", "docs", environment: server.environment)
        try scene.write("docs/garage.md", "The bakery opens at six.\n")
        try scene.twin("ingest", "docs", environment: server.environment)
        #expect(try vectors() == ["3", "synonyms"])
        #expect(server.texts.contains { $0.contains("opens at six") })
        #expect(server.texts.filter { $0.contains("Roses") }.count == 1, "what has not changed is not embedded again")
        try scene.twin("sources", "rm", "docs/clinic.md")
        #expect(try vectors() == ["2", "synonyms"])
        try scene.twin("ingest", "docs/garage.md")
        try scene.write("docs/garage.md", "The bakery opens at seven.\n")
        try scene.twin("ingest", "docs/garage.md")
        #expect(try vectors() == ["1", "synonyms"], "without a model the replaced text loses its vectors")
        #expect(try scene.twin("doctor").code == 0)
    }

    @Test func `a rebuilt index keeps its vectors`() throws {
        let server = try EmbeddingServer()
        try scene.twin("ingest", "docs", environment: server.environment)
        let before = try scene.twin("search", "fix car", "--json", environment: server.environment).output
        let requests = server.server.requests.count
        try scene.twin("rebuild", "--index")
        #expect(try vectors() == ["3", "synonyms"])
        #expect(try scene.twin("search", "fix car", "--json", environment: server.environment).output == before)
        #expect(try scene.twin("rebuild", "--embeddings", "--json", environment: server.environment).json()["embedded"] == 0)
        #expect(server.server.requests.count == requests + 1, "only the question was embedded")
    }

    @Test func `another model takes over and the vectors of the old one go`() throws {
        let server = try EmbeddingServer()
        try scene.twin("ingest", "docs", environment: server.environment)
        var other = server.environment
        other["TWIN_EMBEDDING_MODEL"] = "newer"
        #expect(try titles(scene.twin("search", "roses", "--json", environment: other)).first == "garden.md", "words go on")
        #expect(try scene.twin("rebuild", "--embeddings", "--json", environment: other).json()["embedded"] == 3)
        #expect(try vectors() == ["3", "newer"])
    }

    @Test func `a model that changes its dimension is embedded anew on request`() throws {
        let first = try EmbeddingServer()
        try scene.twin("ingest", "docs", environment: first.environment)
        let second = try EmbeddingServer(dimension: 48)
        let search = try scene.twin("search", "roses", "--json", environment: second.environment)
        #expect(search.errors.contains("embedding_dimension_changed"))
        #expect(try titles(search).first == "garden.md")
        try scene.write("docs/new.md", "A new leaf.\n")
        let run = try scene.twin("ingest", "docs", environment: second.environment)
        #expect(run.code == 0)
        #expect(run.errors.contains("twin rebuild --embeddings"))
        #expect(try scene.twin("rebuild", "--embeddings", "--json", environment: second.environment).json()["embedded"] == 4)
        #expect(try titles(scene.twin("search", "fix car", "--json", environment: second.environment)).first == "garage.md")
    }

    @Test func `an interrupted run goes on where it was`() throws {
        for number in 0..<100 { try scene.write("many/\(number).md", "Note \(number) tells of one thing only.\n") }
        // One thread, so that note 99 comes last.
        try scene.twin("ingest", "many", "--jobs", "1")
        // The second batch meets a server that refuses the request for good.
        let server = try EmbeddingServer(intercept: { $0.bodyText.contains("Note 99 ") ? .status(400) : nil })
        let first = try scene.twin("rebuild", "--embeddings", environment: server.environment)
        #expect(first.code == 8, "\(first)")
        let stored = try #require(Int(try vectors()[0]))
        #expect(stored > 0 && stored < 100)
        let whole = try EmbeddingServer()
        let second = try scene.twin("rebuild", "--embeddings", "--json", environment: whole.environment)
        #expect(try second.json()["embedded"]?.intValue == 100 - stored)
    }

    @Test func `damaged vectors are found and made anew`() throws {
        let server = try EmbeddingServer()
        try scene.twin("ingest", "docs", environment: server.environment)
        _ = try scene.shell("sqlite3 \"$TWIN_DB\" \"UPDATE vector_blocks SET data = x'00' WHERE key = 1\"")
        let search = try scene.twin("search", "roses", "--json", environment: server.environment)
        #expect(search.code == 0)
        #expect(search.errors.contains("embedding_vectors_damaged"))
        #expect(try scene.twin("rebuild", "--embeddings", "--json", environment: server.environment).json()["embedded"] == 1)
        #expect(!(try scene.twin("search", "roses", environment: server.environment).errors.contains("damaged")))
    }

    @Test func `a group searches by meaning in its own documents only`() throws {
        let server = try EmbeddingServer()
        try scene.twin("ingest", "docs", environment: server.environment)
        _ = try scene.shell(
            "sqlite3 \"$TWIN_DB\" \"DELETE FROM source_permissions WHERE source_key = (SELECT key FROM sources WHERE locator LIKE '%garage.md')\""
        )
        let group = try scene.shell("sqlite3 \"$TWIN_DB\" 'SELECT id FROM access_groups WHERE is_default'").lines[0]
        let found = try titles(scene.twin("search", "fix car", "--as-group", group, "--json", environment: server.environment))
        #expect(!found.isEmpty)
        #expect(!found.contains("garage.md"))
    }

    @Test func `an evaluation goes by meaning as a chat does, and by words alone when asked`() throws {
        let server = try EmbeddingServer()
        try scene.twin("ingest", "docs", environment: server.environment)
        try scene.write("q.jsonl", "{\"question\": \"fix car\", \"expected_sources\": [\"garage.md\"]}\n")
        func recall(_ more: String..., environment: [String: String]) throws -> Double? {
            try scene.run(Scene.binary, ["eval", "q.jsonl", "--json"] + more, environment: environment)
                .json()["metrics"]?["recall@1"]?.doubleValue
        }
        #expect(try recall(environment: server.environment) == 1)
        let before = server.server.requests.count
        #expect(try recall("--no-meaning", environment: server.environment) == 0)
        #expect(server.server.requests.count == before)
        let down = ["TWIN_EMBEDDING_URL": "http://127.0.0.1:1/v1", "TWIN_EMBEDDING_MODEL": "synonyms"]
        let failed = try scene.twin("eval", "q.jsonl", environment: down)
        #expect(failed.code != 0, "a measurement by words alone would pass for one by meaning")
        #expect(failed.errors.contains("embedding_unreachable"))

        try scene.write(
            "beir/corpus.jsonl",
            "{\"_id\": \"a\", \"text\": \"Somebody mends an automobile.\"}\n{\"_id\": \"b\", \"text\": \"Roses.\"}\n")
        try scene.write("beir/queries.jsonl", "{\"_id\": \"1\", \"text\": \"fix car\"}\n")
        try scene.write("beir/qrels/test.tsv", "1\ta\t1\n")
        func gain(_ more: String...) throws -> Double? {
            try scene.run(Scene.binary, ["eval", "beir", "--json"] + more, environment: server.environment)
                .json()["metrics"]?["ndcg@10"]?.doubleValue
        }
        #expect(try gain() == 0)
        #expect(try gain("--meaning") == 1)
    }
}
