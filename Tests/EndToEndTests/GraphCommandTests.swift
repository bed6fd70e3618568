import Testing
import TwinHTTP
import TwinKit
import TwinSupport

/// The graph, candidates and the digest through the program.
@Suite struct GraphCommandTests {
    let scene: Scene

    init() throws {
        scene = try Scene()
        try scene.write(
            "docs/one.md",
            "# Notes\n\nLinda Brandt, chief executive of Nordlund Timber Ltd., spoke in Hamburg. I prefer written updates to status calls.\n"
        )
        try scene.twin("ingest", "docs")
    }

    @Test func `what a document speaks of is listed and shown with the sentence that says it`() throws {
        let names = try scene.twin("graph", "list", "--json").json().arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
        #expect(Set(names) == ["Linda Brandt", "Nordlund Timber Ltd.", "Hamburg"])
        let shown = try scene.twin("graph", "show", "linda brandt", "--json").json()
        #expect(shown["relations"]?[0]?["relationship_type"] == "works_for")
        #expect(
            shown["relations"]?[0]?["evidence"]?[0]?["quote"]?.stringValue?.hasPrefix("Linda Brandt, chief executive") == true)
        #expect(try scene.run(Scene.binary, ["graph", "show", "Nobody"]).code == 5)
    }

    @Test func `an approved candidate changes the next answer`() throws {
        let question = "What kind of updates do you prefer?"
        #expect(try scene.run(Scene.binary, ["chat", question, "--json"]).json()["status"] == "clarify")
        let candidate = try #require(try scene.twin("memory", "candidates", "--json").json()[0])
        #expect(candidate["content"] == "I prefer written updates to status calls.")
        let id = try #require(candidate["id"]?.stringValue)
        #expect(try scene.twin("memory", "approve", id, "--json").json()[0]?["status"] == "approved")
        let answer = try scene.run(Scene.binary, ["chat", question, "--json"]).json()
        #expect(answer["answer"] == "I prefer written updates to status calls.")
        #expect(answer["owner_memory_refs"]?.arrayValue?.count == 1)
        #expect(try scene.run(Scene.binary, ["memory", "approve", id]).code != 0)
    }

    @Test func `what the owner says in a chat is offered to be remembered`() throws {
        _ = try scene.run(Scene.binary, ["chat", "I can't stand instant coffee."])
        let contents = try scene.twin("memory", "candidates", "--json").json().arrayValue?.compactMap {
            $0["content"]?.stringValue
        }
        #expect(contents?.contains("I can't stand instant coffee.") == true)
    }

    @Test func `deleting the document takes what only it said, and the export says so`() throws {
        let empty = try scene.twin("graph", "export", "--canonical", "--json").json()
        #expect(empty["nodes"]?.arrayValue?.isEmpty == false)
        try scene.twin("sources", "rm", "docs/one.md")
        let after = try scene.twin("graph", "export", "--canonical", "--json").json()
        for part in ["nodes", "edges", "candidates"] { #expect(after[part] == []) }
    }

    @Test func `a day's digest tells what was learned`() throws {
        let digest = try scene.twin("digest", "--json").json()
        #expect(digest["new_entities"] == 3)
        #expect(digest["new_relationships"] == 1)
        #expect(try scene.run(Scene.binary, ["digest", "--date", "soon"]).code != 0)
    }
}
