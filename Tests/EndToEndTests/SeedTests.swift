import FoundationEssentials
import TestSupport
import Testing
import TwinHTTP
import TwinKit
import TwinSupport

/// A twin kept as text files: written, changed, reviewed and applied through the real program.
@Suite struct SeedTests {
    let scene: Scene

    init() throws { scene = try Scene() }

    @Test func `the example pipeline seeds a twin, asks it, and changes nothing the second time`() throws {
        for run in 1...2 {
            let result = try scene.run("/bin/bash", [TwinBinary.repository + "/examples/seed.sh"])
            #expect(result.code == 0, "run \(run): \(result.output) \(result.errors)")
        }
        let again = try scene.twin("apply", TwinBinary.repository + "/examples/seed", "--prune", "--yes", "--json").json()
        #expect(again["changes"] == [])
        let answer = try scene.twin("chat", "What does a site visit cost?", "--as-group", "visitors", "--json").json()
        #expect(answer["status"] == "verified")
        #expect(answer["answer"] == "A site visit costs 2,400 kronor, travel within Gothenburg included.")
        // A document that the visitors were not granted does not answer them.
        let hidden = try scene.twin("chat", "When is autumn feeding finished?", "--as-group", "visitors", "--json").json()
        #expect(hidden["status"] == "unanswerable")
        let group = try scene.twin("groups", "show", "visitors", "--json").json()
        #expect(group["limits"] == ["requests_per_hour": 60])
        #expect(group["overrides"] == ["max_tokens": 200])
    }

    @Test func `the pipeline ends with an error when the twin no longer answers`() throws {
        let seed = scene.path("seed")
        #expect(
            try scene.shell(
                "cp -r '\(TwinBinary.repository)/examples/seed' '\(seed)' && echo 'Nothing of use.' > '\(seed)/documents/winter.md'"
            ).code == 0)
        let result = try scene.run("/bin/bash", [TwinBinary.repository + "/examples/seed.sh", seed])
        #expect(result.code == 1)
        #expect(result.errors.contains("containment"))
    }

    @Test func `what was exported makes the same twin in an empty database`() throws {
        try scene.write("seed/docs/oil.md", "# Gearbox\n\nThe gearbox takes three litres of mineral oil.\n")
        try scene.twin("twins", "create", "ada")
        try scene.twin("ingest", "seed/docs")
        try scene.twin("ingest", "-", "--title", "crane", input: "The crane lifts nine tonnes.\n")
        try scene.twin("qna", "add", "Who designed the logo?", "Anna.", "--source", "oil.md")
        try scene.twin("memory", "add", "rain", "I am for it.", "--stance", "positive")
        try scene.twin("groups", "create", "partners")
        let written = try scene.twin("export", "seed", "--content", "--json").json()
        #expect(written["files"]?.arrayValue?.count == 7)
        let before = try scene.shell("cat seed/*.json* seed/sources/*").output
        let other = ["TWIN_DB": scene.path("other.db")]
        #expect(try scene.twin("apply", "seed", environment: other).code == 0)
        #expect(try scene.twin("chat", "What does the crane lift?", "--json", environment: other).json()["status"] == "grounded")
        let again = try scene.twin("export", "seed", "--content", "--json", environment: other).json()
        #expect(again["files"]?.arrayValue?.allSatisfy { $0["changed"] == false } == true, "\(again)")
        #expect(try scene.shell("cat seed/*.json* seed/sources/*").output == before)
        #expect(try scene.twin("apply", "seed", "--prune", "--yes", "--json", environment: other).json()["changes"] == [])
    }

    @Test func `copies of documents from elsewhere stand beside what the folder has, never in its place`() throws {
        try scene.write("seed/sources/notes.md", "# Cranes\n\nThe crane lifts nine tonnes.\n")
        try scene.write("elsewhere/notes.md", "# Locks\n\nThe lock is opened at six.\n")
        try scene.twin("twins", "create", "ada")
        try scene.twin("ingest", "seed/sources/notes.md", "elsewhere/notes.md")
        try scene.twin("export", "seed", "--content")
        #expect(try scene.shell("cat seed/sources/notes.md").output.contains("crane"))
        #expect(try scene.shell("cat seed/sources/notes-2.md").output.contains("lock"))
        let other = ["TWIN_DB": scene.path("other.db")]
        #expect(try scene.shell("rm -r elsewhere").code == 0)
        #expect(try scene.twin("apply", "seed", environment: other).code == 0)
        for (question, word) in [("What does the crane lift?", "nine tonnes"), ("When is the lock opened?", "six")] {
            let reply = try scene.twin("chat", question, "--json", environment: other).json()
            #expect(reply["status"] == "grounded" && reply["answer"]?.stringValue?.contains(word) == true, "\(reply)")
        }
    }

    @Test func `a dry run works without a database and makes none`() throws {
        let result = try scene.twin("apply", TwinBinary.repository + "/examples/seed", "--dry-run", "--json")
        #expect(try result.json()["created"] == 8)
        #expect(!FileManager.default.fileExists(atPath: scene.path("twin.db")))
    }

    @Test func `a plan tells by its exit code whether there is something to change`() throws {
        let seed = TwinBinary.repository + "/examples/seed"
        #expect(try scene.twin("apply", seed, "--dry-run", "--detailed-exitcode").code == 11)
        #expect(try scene.twin("apply", seed, "--dry-run").code == 0)
        #expect(try scene.twin("apply", seed).code == 0)
        #expect(try scene.twin("apply", seed, "--dry-run", "--detailed-exitcode").code == 0)
        let alone = try scene.twin("apply", seed, "--detailed-exitcode")
        #expect(alone.code == 2 && alone.errors.contains("--dry-run"))
    }

    @Test func `prune asks nobody without a terminal and does nothing then`() throws {
        try scene.write("seed/twin.json", #"{"slug": "ada"}"#)
        try scene.write("seed/qna.jsonl", #"{"question": "One?", "answer": "1"}"# + "\n")
        try scene.twin("apply", "seed")
        try scene.write("seed/qna.jsonl", "")
        let refused = try scene.twin("apply", "seed", "--prune")
        #expect(refused.code == 2)
        #expect(refused.errors.contains("--yes"))
        #expect(try scene.twin("qna", "list", "--json").json().arrayValue?.count == 1)
        let lines = try scene.twin("apply", "seed", "--prune", "--yes", "--jsonl").output.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first.flatMap { try? JSONParser.parse(String($0)) }?["action"] == "delete")
        #expect(try scene.twin("qna", "list", "--json").json() == [])
    }

    @Test func `a source that cannot be read ends with the exit code of work partly done`() throws {
        try scene.write("seed/twin.json", #"{"slug": "ada"}"#)
        try scene.write("seed/sources.jsonl", #"{"locator": "gone.md"}"# + "\n")
        try scene.write("seed/qna.jsonl", #"{"question": "One?", "answer": "1"}"# + "\n")
        let result = try scene.twin("apply", "seed")
        #expect(result.code == 9)
        #expect(result.errors.contains("gone.md: there is no such file"))
        #expect(try scene.twin("chat", "One?", "--json").json()["status"] == "verified")
    }

    @Test func `an error in a file is one sentence with its place, and makes no database`() throws {
        try scene.write("seed/twin.json", #"{"slug": "ada"}"#)
        try scene.write("seed/qna.jsonl", "{\"question\": \"One?\", \"answer\": \"1\"}\n{\"question\": \"Two?\"}\n")
        let result = try scene.twin("apply", "seed")
        #expect(result.code == 2)
        #expect(result.errors == "twin: qna.jsonl line 2: \"answer\" is missing\n")
        #expect(try scene.twin("apply", "nowhere").code == 5)
        #expect(!FileManager.default.fileExists(atPath: scene.path("twin.db")))
    }

    @Test func `the JSON of answers, memories and members has the fields of the contract`() throws {
        try scene.write("docs/oil.md", "# Gearbox\n\nThe gearbox takes three litres of mineral oil.\n")
        try scene.twin("ingest", "docs")
        let added = try scene.twin("qna", "add", "Who designed the logo?", "Anna.", "--source", "oil.md", "--json").json()
        let id = try #require(added["id"]?.stringValue)
        let edited = try scene.twin("qna", "edit", id, "Berta.", "--json").json()
        #expect(edited["citations"]?[0]?["verified_qna_id"]?.stringValue == id)
        #expect(edited["citations"]?[0]?["source_id"] == edited["source_ids"]?[0])
        #expect(
            edited["citations"]?[0]?.objectValue?.keys == [
                "id", "verified_qna_id", "source_id", "chunk_id", "citation_url", "created_at",
            ])
        #expect(edited["patches"]?[0]?["verified_qna_id"]?.stringValue == id)
        let memory = try scene.twin("memory", "add", "rain", "I am for it.", "--json").json()
        #expect(memory["twin_id"] == added["twin_id"])
        #expect(memory["tenant_id"]?.stringValue?.isEmpty == false)
        try scene.twin("groups", "create", "partners")
        try scene.twin("users", "invite", "ann@example.org")
        try scene.twin("groups", "add", "partners", "ann@example.org")
        let member = try scene.twin("groups", "members", "partners", "--json").json()[0]
        #expect(member?["twin_id"] == added["twin_id"])
        #expect(member?["user_id"] == JSON.null && member?["is_pending"] == true && member?["is_active"] == false)
        #expect(member?["users"]?["email"] == "ann@example.org")
    }

    @Test func `an override is set, shown, checked and taken away`() throws {
        try scene.twin("twins", "create", "ada")
        try scene.twin("groups", "create", "partners")
        let set = try scene.twin(
            "groups", "set", "partners", "--override", "temperature=0.5", "--override", "tool_access=[\"search\"]", "--json")
        #expect(try set.json()["overrides"] == ["temperature": 0.5, "tool_access": ["search"]])
        #expect(try scene.twin("groups", "set", "partners", "--override", "temperature=7").code == 2)
        #expect(try scene.twin("groups", "set", "partners", "--override", "mood=good").code == 2)
        try scene.twin("groups", "set", "partners", "--override", "temperature=none")
        #expect(try scene.twin("groups", "show", "partners", "--json").json()["overrides"] == ["tool_access": ["search"]])
    }
}
