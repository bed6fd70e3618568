import Testing
import TwinSupport

/// `twin search` with misspelt words, and what `--explain` says of how words were understood.
@Suite struct SearchExplanationTests {
    private let scene: Scene

    init() throws {
        scene = try Scene()
        try scene.write(
            "docs/patterns.md",
            "# Patterns\n\nThe wildcard pattern is an underscore. An underscore matches whatever stands there.\n")
        try scene.write("docs/loops.md", "# Loops\n\nA loop runs until its condition is false.\n")
        try scene.write("secret/tariff.md", "# Tariff\n\nThe zeppelin tariff is forty kronor.\n")
        try scene.twin("ingest", "docs", "secret")
        try scene.twin("groups", "create", "readers")
        for file in ["docs/patterns.md", "docs/loops.md"] { try scene.twin("groups", "grant", "readers", "--source", file) }
    }

    private func terms(_ answer: JSON) -> [String: JSON] {
        Dictionary(
            (answer["terms"]?.arrayValue ?? []).compactMap { term in term["term"]?.stringValue.map { ($0, term) } },
            uniquingKeysWith: { first, _ in first })
    }

    @Test func `misspelt words are read as the documents write them`() throws {
        let found = try scene.twin("search", "wildcrad patern")
        #expect(found.output.contains("The wildcard pattern is an underscore."))
        #expect(found.errors.contains("Understood as: wildcard pattern"))
        #expect(try scene.twin("search", "wildcard").errors.contains("Understood as") == false)
    }

    @Test func `an explanation names each term, its passages, and what was added`() throws {
        let answer = try scene.twin("search", "the wildcrad patern zzyzx", "--explain", "--json").json()
        #expect(answer["understood_as"] == "the wildcard pattern zzyzx")
        let terms = terms(answer)
        #expect(terms["wildcard"]?["passages"] == 1)
        #expect(terms["zzyzx"]?["passages"] == 0)
        #expect(terms["the"] == nil)
        #expect(terms["wildcard"]?["added"] == false)
        #expect(answer["passages"] == (try scene.twin("search", "the wildcrad patern zzyzx", "--json").json()))
        let text = try scene.twin("search", "wildcard", "--explain").output
        #expect(text.hasPrefix("wildcard\t100%\t1\n"))
        let lines = try scene.twin("search", "nothing-of-that-kind", "--explain")
        #expect(lines.code == 0 && lines.output.contains("\t0\n"))
    }

    @Test func `what only hidden sources have is not there, neither as a reading nor as a number`() throws {
        let answer = try scene.twin("search", "zepelin zeppelin tarif", "--explain", "--json", "--as-group", "readers").json()
        #expect(answer["understood_as"] == .null)
        #expect(terms(answer).values.allSatisfy { $0["passages"] == 0 && $0["added"] == false })
        let owner = try scene.twin("search", "zepelin tarif", "--explain", "--json").json()
        #expect(owner["understood_as"] == "zeppelin tariff")
    }
}
