import FoundationEssentials
import Testing
import TwinHTTP
import TwinKit
import TwinSupport

@Suite struct CommandTests {
    let scene: Scene

    init() throws { scene = try Scene() }

    private func ids(_ result: Scene.Result) throws -> [String] {
        try result.json().arrayValue?.compactMap { $0["id"]?.stringValue } ?? []
    }

    // MARK: twins

    @Test func `a twin is made, changed, archived and deleted`() throws {
        let made = try scene.twin("twins", "create", "--name", "Ámbar Lindqvist", "--json").json()
        #expect(made["slug"] == "ambar-lindqvist")
        #expect(Identifier.isValid(try #require(made["id"]?.stringValue)))
        let changed = try scene.twin(
            "twins", "set", "ambar-lindqvist", "--slug", "ambar", "--setting", "answer.sentences=2", "--setting", "tone=warm",
            "--json")
        #expect(try changed.json()["settings"]?["answer"]?["sentences"] == 2)
        #expect(try changed.json()["settings"]?["tone"] == "warm")
        let unset = try scene.twin("twins", "set", "ambar", "--unset", "answer.sentences", "--json").json()
        #expect(unset["settings"]?["tone"] == "warm" && unset["settings"]?["answer"] == nil)
        #expect(try scene.twin("twins", "show", "--json").json()["slug"] == "ambar", "the only one needs no name")
        #expect(try scene.twin("twins", "archive", "ambar").code == 0)
        #expect(try scene.twin("twins", "list", "--json").json() == .array([]))
        #expect(try ids(scene.twin("twins", "list", "--archived", "--json")).count == 1)
        #expect(try scene.twin("chat", "--twin", "ambar", "hello").code == 5)
        #expect(try scene.twin("ingest", "--twin", "ambar", "-", input: "text").code == 5)
        let unconfirmed = try scene.twin("twins", "delete", "ambar")
        #expect(unconfirmed.code == 2)
        #expect(unconfirmed.errors.contains("--yes"))
        #expect(try scene.twin("twins", "delete", "ambar", "--dry-run").code == 0)
        #expect(try ids(scene.twin("twins", "list", "--archived", "--json")).count == 1)
        #expect(try scene.twin("twins", "delete", "ambar", "--yes").code == 0)
        #expect(try scene.twin("twins", "show", "ambar").code == 5)
    }

    @Test func `names that cannot be are refused with a sentence`() throws {
        try scene.twin("twins", "create", "ada", "--name", "Ada")
        for (words, code) in [
            (["twins", "create", "Ada Lovelace!"], 2), (["twins", "create", "ada"], 1),
            (["twins", "create", "other", "--name", "Ada"], 1),
            (["twins", "create", "--name", "   "], 2), (["twins", "create"], 2), (["twins", "set", "ada"], 2),
            (["twins", "set", "ada", "--setting", "answer.threshold=7"], 2), (["twins", "set", "nobody", "--name", "x"], 5),
        ] as [([String], Int32)] {
            let result = try scene.run(Scene.binary, words)
            #expect(result.code == code, "\(words): \(result.errors)")
            #expect(result.errors.hasPrefix("twin: "))
        }
        #expect(try scene.twin("twins", "create", "ada", "--if-missing").code == 0)
        #expect(try ids(scene.twin("twins", "list", "--json")).count == 1)
    }

    @Test func `with several twins one must be named`() throws {
        try scene.twin("twins", "create", "ada")
        try scene.twin("twins", "create", "bob")
        let result = try scene.twin("sources", "list")
        #expect(result.code == 2)
        #expect(result.errors.contains("ada, bob"))
        #expect(try scene.twin("sources", "list", "--twin", "ada").code == 0)
        #expect(try scene.twin("sources", "list", environment: ["TWIN_TWIN": "bob"]).code == 0)
    }

    // MARK: sources

    @Test func `the text of a source comes out byte for byte, whole or in part`() throws {
        let text =
            "Der Übergang vom Sommer zum Winter dauert.\n\nDie Bienen rücken zusammen und bilden eine Traube um die Königin.\n"
        try scene.write("a.txt", text)
        try scene.twin("ingest", "a.txt")
        let whole = try scene.twin("sources", "text", "a.txt").output
        #expect(whole == text || whole + "\n" == text)
        let start = whole.utf8.count - 20
        let part = try scene.twin("sources", "text", "a.txt", "--range", "\(start)-\(whole.utf8.count)")
        #expect(Array(part.output.utf8) == Array(whole.utf8.suffix(20)))
        #expect(try scene.twin("sources", "text", "a.txt", "--range", "5-6").code == 2, "inside a character")
        #expect(try scene.twin("sources", "text", "a.txt", "--range", "0-100000").code == 2)
        #expect(try scene.twin("sources", "text", "a.txt", "--range", "x").code == 2)
        #expect(try scene.twin("sources", "show", "nothing").code == 5)
    }

    @Test func `sources are listed by state and name, read again and removed`() throws {
        try scene.write("bees.md", "# Bees\n\nBees gather nectar from lime trees in July and from ivy in the autumn.\n")
        try scene.write("wasps.md", "# Wasps\n\nWasps hunt other insects and are fond of ripe plums in the late summer.\n")
        try scene.twin("ingest", ".", "--include", "*.md")
        #expect(try ids(scene.twin("sources", "list", "--match", "wasp", "--json")).count == 1)
        #expect(try ids(scene.twin("sources", "list", "--status", "live", "--json")).count == 2)
        #expect(try ids(scene.twin("sources", "list", "--status", "error", "--json")).count == 0)
        let before = try scene.twin("sources", "show", "bees.md", "--json").json()
        try scene.write("bees.md", "# Bees\n\nBees gather pollen from willows in March, when little else is in flower.\n")
        #expect(try scene.twin("sources", "reextract", "bees.md", "--json").json()[0]?["status"] == "updated")
        let after = try scene.twin("sources", "show", "bees.md", "--json").json()
        #expect(after["id"] == before["id"])
        #expect(after["version"] == 2)
        #expect(try scene.twin("search", "lime nectar", "--json").json() == .array([]))
        #expect(try scene.twin("sources", "rm", "bees.md", "nothing").code == 5)
        #expect(try ids(scene.twin("sources", "list", "--json")).count == 2, "nothing is removed when one name is wrong")
        #expect(try scene.twin("sources", "rm", "bees.md", "--dry-run").code == 0)
        #expect(try scene.twin("sources", "rm", "bees.md", "wasps.md").code == 0)
        #expect(try ids(scene.twin("sources", "list", "--json")).isEmpty)
    }

    // MARK: backup, restore, configuration

    @Test func `a backup is restored, and the database it replaces is kept`() throws {
        try scene.twin("twins", "create", "ada")
        #expect(try scene.twin("backup", "copy.db").code == 0)
        #expect(try scene.twin("backup", "copy.db").code == 1, "an existing file needs --force")
        #expect(try scene.twin("backup", "copy.db", "--force").code == 0)
        try scene.twin("twins", "create", "bob")
        #expect(try scene.twin("restore", "copy.db").code == 1)
        #expect(try scene.twin("restore", "copy.db", "--dry-run", "--force").code == 0)
        #expect(try ids(scene.twin("twins", "list", "--json")).count == 2)
        #expect(try scene.twin("restore", "copy.db", "--force").code == 0)
        #expect(try ids(scene.twin("twins", "list", "--json")).count == 1)
        #expect(try ids(scene.twin("--db", scene.path("twin.db.before-restore"), "twins", "list", "--json")).count == 2)
        #expect(try scene.twin("--db", scene.path("new/place/twin.db"), "restore", "copy.db").code == 0)
        #expect(try scene.twin("restore", "missing.db", "--force").code == 5)
        try scene.write("text.db", "no database")
        #expect(try scene.twin("restore", "text.db", "--force").code != 0)
        #expect(try ids(scene.twin("twins", "list", "--json")).count == 1)
    }

    @Test func `a database in use is not restored over`() throws {
        try scene.twin("twins", "create", "ada")
        try scene.twin("backup", "copy.db")
        // Whoever has answered has the file open, and keeps it open until there is nothing more to be asked.
        let result = try scene.shell(
            """
            coproc sqlite3 "$TWIN_DB"
            echo 'SELECT count(*) FROM twins;' >&"${COPROC[1]}"; read -r count <&"${COPROC[0]}"
            twin restore copy.db --force; echo "$count, code $?"; kill $COPROC_PID
            """)
        #expect(result.output.hasSuffix("1, code 7\n"), "\(result)")
    }

    @Test func `settings are stored, listed with their origin and checked`() throws {
        #expect(try scene.twin("config", "set", "ingest.jobs", "3").code == 0)
        #expect(try scene.twin("config", "get", "ingest.jobs").output == "3\n")
        #expect(
            try scene.twin("config", "get", "ingest.jobs", "--json", environment: ["TWIN_INGEST_JOBS": "5"]).json()["source"]
                == "environment")
        #expect(try scene.twin("config", "set", "ingest.jobs", "many").code == 2)
        #expect(try scene.twin("config", "set", "no.such", "1").code == 5)
        #expect(try scene.twin("config", "unset", "ingest.jobs").code == 0)
        #expect(try scene.twin("config", "get", "ingest.jobs").output == "0\n")
        try scene.twin("twins", "create", "ada")
        #expect(try scene.twin("config", "set", "answer.sentences", "1", "--twin", "ada").code == 0)
        #expect(try scene.twin("twins", "show", "ada", "--json").json()["settings"]?["answer"]?["sentences"] == 1)
        try scene.write("config.json", "{ not json")
        let broken = try scene.twin("twins", "list")
        #expect(broken.code == 1)
        #expect(broken.errors.contains("config.json"))
    }

    @Test func `a misspelt setting is refused at every door with the name that was meant`() throws {
        let wrong = "answer.treshold"
        let made = try scene.twin("twins", "create", "ada", "--setting", "\(wrong)=0.4")
        #expect(made.code == 2)
        #expect(try scene.twin("twins", "list").code == 3, "a wrong setting leaves no database behind")
        try scene.twin("twins", "create", "ada")
        try scene.write("seed/twin.json", #"{"slug": "ada", "settings": {"answer": {"treshold": 0.4}}}"#)
        let id = try #require(try scene.twin("twins", "show", "ada", "--json").json()["id"]?.stringValue)
        let results = try [
            made, scene.twin("twins", "set", "ada", "--setting", "\(wrong)=0.4"),
            scene.twin("config", "set", wrong, "0.4", "--twin", "ada"), scene.twin("apply", "seed"),
            scene.twin("groups", "create", "partners", "--setting", "\(wrong)=0.4"),
            scene.twin("api", "PATCH", "/twins/\(id)", "--data", #"{"settings": {"answer": {"treshold": 0.4}}}"#),
        ]
        for result in results {
            #expect(result.code != 0)
            #expect((result.errors + result.output).contains("did you mean 'answer.threshold'?"), "\(result)")
        }
        #expect(try scene.twin("twins", "show", "ada", "--json").json()["settings"]?["answer"] == nil)
        #expect(try scene.twin("config", "set", "answer.threshold", "0.4").errors.contains("add --twin TWIN"))
        #expect(try scene.twin("config", "get", "ingest.job").errors.contains("did you mean 'ingest.jobs'?"))
    }

    @Test func `paths tell where everything is`() throws {
        let paths = try scene.twin("paths", "--json").json()
        #expect(paths["database"]?["path"]?.stringValue == scene.path("twin.db"))
        #expect(paths["database"]?["exists"] == false)
        #expect(paths["config"]?["path"]?.stringValue == scene.path("config.json"))
    }
}
