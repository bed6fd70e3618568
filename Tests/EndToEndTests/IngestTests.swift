import FoundationEssentials
import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinHTTP
@testable import TwinKit
@testable import TwinReaders
@testable import TwinSupport

@Suite struct IngestTests {
    let scene: Scene

    init() throws { scene = try Scene() }

    private func writeCorpus() throws {
        try scene.write(
            "docs/hives.md",
            "---\ntitle: Keeping hives\nauthor: Amara\n---\n# Winter\n\nA colony needs fifteen kilograms of honey to survive the winter. "
                + "Weigh the hive in October and feed syrup when it is too light.\n")
        try scene.write(
            "docs/notes/mites.txt",
            "Varroa mites are counted with a sugar roll of three hundred bees. Treat above three mites per hundred bees.\n")
        try scene.write("docs/prices.csv", "item,price\nHoney jar,8.50\nBeeswax candle,12.00\n")
    }

    private func summary(_ result: Scene.Result) throws -> JSON { try #require(try result.json()["summary"]) }

    @Test func `a folder is read, and read again only where it changed`() throws {
        try writeCorpus()
        let first = try scene.twin("ingest", "docs", "--json")
        #expect(first.code == 0)
        #expect(try summary(first)["added"] == 3)
        let second = try summary(scene.twin("ingest", "docs", "--json"))
        #expect(second["unchanged"] == 3)
        #expect(second["added"] == 0)

        try scene.write("docs/prices.csv", "item,price\nHoney jar,9.00\n")
        try scene.write("docs/new.txt", "A new text about queens, long enough to be worth something to somebody who asks.\n")
        let third = try scene.twin("ingest", "docs", "--json")
        #expect(try summary(third)["updated"] == 1)
        #expect(try summary(third)["added"] == 1)
        #expect(try summary(third)["unchanged"] == 2)
        let files = try #require(try third.json()["files"]?.arrayValue)
        #expect(files.compactMap { $0["status"]?.stringValue } == ["added", "updated"])
    }

    @Test func `a dry run shows the plan in the shape of the result and changes nothing`() throws {
        try writeCorpus()
        let plan = try scene.twin("ingest", "docs", "--dry-run", "--json")
        #expect(try summary(plan)["added"] == 3)
        #expect(try summary(plan)["dry_run"] == true)
        #expect(!FileManager.default.fileExists(atPath: scene.path("twin.db")), "not even a database is made")
        #expect(try scene.twin("sources", "list").code == 3)
        let result = try scene.twin("ingest", "docs", "--json")
        func shape(_ json: JSON?) -> [String] { json?.objectValue?.keys ?? [] }
        #expect(shape(try summary(plan)) == shape(try summary(result)))
        #expect(shape(try plan.json()["files"]?[0]) == shape(try result.json()["files"]?[0]))
    }

    @Test func `a dry run in a database without a twin makes none, and one of an older schema stays as it is`() throws {
        try writeCorpus()
        try scene.twin("twins", "create", "ada")
        try scene.twin("twins", "delete", "ada", "--yes")
        let plan = try scene.twin("ingest", "docs", "--dry-run", "--json")
        #expect(try summary(plan)["added"] == 3)
        #expect(plan.errors.contains("would make the twin 'default'"))
        #expect(try scene.twin("twins", "list", "--archived", "--json").json() == .array([]))

        try FileManager.default.removeItem(atPath: scene.path("twin.db"))
        let older = Migrator(Array(Schema.migrations.dropLast()))
        do {
            let database = try Database(path: scene.path("twin.db"), create: true)
            try older.migrate(database)
            _ = try TwinStore(database: database).create(name: "Ada")
        }
        for words in [
            ["ingest", "docs"], ["ingest", "docs", "--prune"], ["twins", "delete", "ada"],
            ["apply", TwinBinary.repository + "/examples/seed"],
        ] {
            let result = try scene.run(Scene.binary, words + ["--dry-run", "--json"])
            #expect(result.code == 0, "\(result)")
            let version = try scene.shell("sqlite3 -readonly \"$TWIN_DB\" 'PRAGMA user_version'").output
            #expect(version == "\(older.version)\n", "\(words)")
        }
    }

    @Test func `prune loses nothing where a folder is gone, and says so`() throws {
        try writeCorpus()
        try scene.twin("ingest", "docs")
        try FileManager.default.moveItem(atPath: scene.path("docs"), toPath: scene.path("away"))
        let missing = try scene.twin("ingest", "docs", "--prune")
        #expect(missing.code == 9)
        #expect(missing.errors.contains("the 3 sources from it stay; --force removes them"), "\(missing)")
        try FileManager.default.createDirectory(atPath: scene.path("docs"), withIntermediateDirectories: true)
        let empty = try scene.twin("ingest", "docs", "--prune", "--json")
        #expect(empty.code == 9)
        #expect(try empty.json()["files"]?[0]?["reason"]?.stringValue?.contains("is its disk mounted?") == true)
        #expect(try scene.twin("sources", "list", "--json").json().arrayValue?.count == 3)
        #expect(try scene.twin("ingest", "docs", "--force").code == 2, "--force alone would mean something else")
        #expect(try summary(scene.twin("ingest", "docs", "--prune", "--force", "--json"))["removed"] == 3)
    }

    @Test func `a renamed file keeps its source, and the run tells where it was`() throws {
        try writeCorpus()
        try scene.twin("ingest", "docs")
        let id = try scene.twin("sources", "show", "docs/hives.md", "--json").json()["id"]
        try FileManager.default.moveItem(atPath: scene.path("docs/hives.md"), toPath: scene.path("docs/winter.md"))
        let lines = try scene.twin("ingest", "docs", "--prune", "--jsonl").jsonLines()
        let moved = try #require(lines.first { $0["status"] == "moved" })
        #expect(moved["source_id"] == id)
        #expect(moved["moved_from"]?.stringValue == scene.path("docs/hives.md"))
        #expect(lines.last?["moved"] == 1)
        #expect(lines.last?["removed"] == 0)
        #expect(try scene.twin("audit", "--json").json().arrayValue?.contains { $0["action"] == "SOURCE_MOVED" } == true)
    }

    @Test(arguments: [
        ["ingest", ""], ["ingest", "docs", ""], ["ingest", "--", ""], ["search", ""], ["chat", ""], ["sources", "rm", ""],
        ["twins", "create", ""], ["twins", "delete", "", "--yes"], ["apply", ""], ["backup", ""], ["restore", ""],
        ["groups", "add", "", ""], ["config", "set", "model.name", ""],
    ])
    func `an empty operand is a usage error and does nothing`(words: [String]) throws {
        try writeCorpus()
        let result = try scene.run(Scene.binary, words)
        #expect(result.code == 2, "\(result)")
        #expect(result.errors.contains("is empty; is a variable of your script not set?"), "\(result)")
        #expect(!FileManager.default.fileExists(atPath: scene.path("twin.db")))
    }

    @Test func `standard input is limited like a file`() throws {
        try scene.twin("config", "set", "ingest.max_file_mib", "1")
        let large = String(repeating: "A line about honey and its keepers.\n", count: 40_000)
        let refused = try scene.twin("ingest", "-", "--title", "large", input: large)
        #expect(refused.code == 9)
        #expect(refused.errors.contains("1.0 MiB") && refused.errors.contains("ingest.max_file_mib"), "\(refused)")
        try scene.twin("config", "set", "ingest.max_file_mib", "2")
        #expect(try scene.twin("ingest", "-", "--title", "large", input: large).code == 0)
    }

    @Test func `prune removes what is gone below the given paths and nothing else`() throws {
        try writeCorpus()
        try scene.write("other/keep.txt", "This one lies in another folder and is not looked at by the second run.\n")
        try scene.twin("ingest", "docs", "other")
        try FileManager.default.removeItem(atPath: scene.path("docs/notes"))
        try FileManager.default.removeItem(atPath: scene.path("other/keep.txt"))
        let dry = try summary(scene.twin("ingest", "docs", "--prune", "--dry-run", "--json"))
        #expect(dry["removed"] == 1)
        let real = try summary(scene.twin("ingest", "docs", "--prune", "--json"))
        #expect(real["removed"] == 1)
        let names = try #require(try scene.twin("sources", "list", "--json").json().arrayValue).compactMap {
            $0["filename"]?.stringValue
        }
        #expect(Set(names) == ["hives.md", "prices.csv", "keep.txt"])
        #expect(try scene.twin("search", "varroa mites", "--json").json() == .array([]), "the removed text is not found")
    }

    @Test func `standard input, a list of paths, metadata and a title`() throws {
        try writeCorpus()
        let piped = try scene.twin(
            "ingest", "-", "--title", "Monday", "--json",
            input: "The queen lays two thousand eggs a day in June, more than her own weight.")
        #expect(try piped.json()["files"]?[0]?["status"] == "added")
        try scene.write("list.txt", "docs/hives.md\n\ndocs/prices.csv\n")
        let listed = try scene.twin("ingest", "--from-file", "list.txt", "-m", "team=bees", "-m", "year=2026", "--json")
        #expect(try summary(listed)["added"] == 2)
        let source = try scene.twin("sources", "show", scene.path("docs/hives.md"), "--json").json()
        #expect(source["metadata"]?["team"] == "bees")
        #expect(source["title"] == "Keeping hives")
        #expect(source["author"] == "Amara")
        #expect(source["status"] == "live")
    }

    @Test func `JSON Lines tell about each file and end with the summary`() throws {
        try writeCorpus()
        let lines = try scene.twin("ingest", "docs", "--jsonl").jsonLines()
        #expect(lines.count == 4)
        #expect(lines.last?["type"] == "summary")
        #expect(Set(lines.dropLast().compactMap { $0["path"]?.stringValue }).count == 3)
    }

    @Test func `a file that cannot be read fails alone and is tried again only when it changes`() throws {
        try writeCorpus()
        try scene.write("docs/broken.json", "{\"honey\": ")
        let first = try scene.twin("ingest", "docs", "--json")
        #expect(first.code == 9)
        #expect(try summary(first)["failed"] == 1)
        #expect(try summary(first)["added"] == 3)
        #expect(try scene.twin("sources", "list", "--status", "error", "--json").json().arrayValue?.count == 1)
        let second = try scene.twin("ingest", "docs", "--jsonl")
        let again = try #require(try second.jsonLines().first { $0["status"] == "failed" })
        #expect(again["reason"]?.stringValue?.contains("--retry-failed") == true)
        let source = try #require(again["source_id"]?.stringValue)
        let log = try #require(try scene.twin("sources", "logs", source, "--json").json().arrayValue)
        #expect(log.count == 1, "the second run did not read it again")
        try scene.twin("ingest", "docs", "--retry-failed")
        #expect(try scene.twin("sources", "logs", source, "--json").json().arrayValue?.count == 2)
        try scene.write("docs/broken.json", "now it is plain text about honey, though its name says otherwise")
        try scene.twin("ingest", "docs/broken.json", "--format", "text")
        #expect(try scene.twin("sources", "show", source, "--json").json()["status"] == "live")
    }

    @Test func `a source whose new version is broken goes on answering with the old one`() throws {
        let path = try scene.write("a.json", "{\"answer\": \"The extractor turns at three hundred revolutions per minute.\"}")
        try scene.twin("ingest", path)
        try scene.write("a.json", "{\"answer\": ")
        #expect(try scene.twin("ingest", path, "--json").code != 0)
        let source = try scene.twin("sources", "show", path, "--json").json()
        #expect(source["status"] == "needs_attention")
        #expect(try scene.twin("search", "extractor revolutions", "--json").json().arrayValue?.count == 1)
        try scene.write("a.json", "{\"answer\": \"The extractor turns at three hundred revolutions per minute.\"}")
        #expect(try scene.twin("ingest", path).code == 0)
        #expect(try scene.twin("sources", "show", path, "--json").json()["status"] == "live")
    }

    @Test func `the same bytes at two paths are one text and two sources`() throws {
        let text = "Drones are evicted from the hive in autumn, when the workers stop feeding them.\n"
        try scene.write("a.txt", text)
        try scene.write("b.txt", text)
        try scene.twin("ingest", "a.txt", "b.txt")
        let count = try scene.shell("sqlite3 \"$TWIN_DB\" 'SELECT (SELECT count(*) FROM texts), (SELECT count(*) FROM sources)'")
        #expect(count.output == "1|2\n")
        try scene.twin("sources", "rm", "a.txt")
        #expect(try scene.twin("search", "drones", "--json").json().arrayValue?.count == 1)
        try scene.twin("sources", "rm", "b.txt")
        #expect(try scene.shell("sqlite3 \"$TWIN_DB\" 'SELECT count(*) FROM texts'").output == "0\n")
        #expect(try scene.twin("search", "drones", "--json").json() == .array([]))
    }

    @Test func `a source that has not changed can be read again`() throws {
        try writeCorpus()
        try scene.twin("ingest", "docs")
        let result = try scene.twin("sources", "reextract", scene.path("docs/hives.md"), "--json")
        #expect(result.code == 0, "\(result)")
        #expect(try result.json()[0]?["status"] == "updated")
        #expect(try scene.twin("search", "honey winter", "--json").json()[0]?["title"] == "Keeping hives")
        #expect(try scene.twin("doctor").code == 0)
    }

    @Test func `binary files in a folder are skipped with their reason and do not fail the run`() throws {
        try writeCorpus()
        try scene.write("docs/photo.png", Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 1]))
        // Where pictures are read there may be a program for it; here it is not found.
        let result = try scene.run(Scene.binary, ["ingest", "docs", "--jsonl"], environment: ["PATH": "/nonexistent"])
        #expect(result.code == 0)
        let skipped = try #require(try result.jsonLines().first { $0["status"] == "skipped" })
        #expect(skipped["reason"]?.stringValue?.contains("PNG") == true)
        #expect(try scene.twin("ingest", "docs/photo.png").code != 0, "a file that was named and cannot be read is a failure")
    }

    @Test func `paths that are missing are named`() throws {
        let missing = try scene.twin("ingest", "nowhere")
        #expect(missing.code == 9)
        #expect(missing.errors.contains("nowhere: there is no such file or folder"))
        try writeCorpus()
        #expect(try scene.twin("ingest", "docs", "nowhere").code == 9)
    }

    @Test func `two runs at once on one database both succeed`() throws {
        for number in 0..<60 {
            try scene.write(
                "a/\(number).txt", "Note \(number) about apples, written only so that there is something to read in it.\n")
            try scene.write(
                "b/\(number).txt", "Note \(number) about pears, written only so that there is something to read in it.\n")
        }
        let both = try scene.shell(
            """
            twin twins create one -q >/dev/null
            twin ingest a -q & first=$!; twin ingest b a -q & second=$!
            wait $first; one=$?; wait $second; echo $one $?
            """)
        #expect(both.output.hasSuffix("0 0\n"), "\(both)")
        #expect(try scene.twin("sources", "list", "--json").json().arrayValue?.count == 120)
        #expect(try scene.twin("doctor").code == 0)
    }

    @Test func `a web page is read, seen to be unchanged, and refused from a private address unless that is allowed`() throws {
        try scene.write(
            "site/bees.html",
            "<html><head><title>Bees</title></head><body><nav>Menu</nav><main><p>Bees dance in the shape of an eight to tell where nectar is.</p></main></body></html>"
        )
        let result = try scene.shell(
            """
            python3 -u -m http.server 0 --bind 127.0.0.1 --directory site > server.log 2>&1 & server=$!
            for i in $(seq 100); do port=$(grep -oE 'port [0-9]+' server.log | grep -oE '[0-9]+'); [ -n "$port" ] && break; sleep 0.1; done
            url="http://127.0.0.1:$port"
            twin ingest "$url/bees.html" -q 2>/dev/null; echo "private $?"
            twin ingest --allow-private "$url/bees.html" --json | jq -r '"added \\(.summary.added)"'
            twin ingest --allow-private "$url/bees.html" --json | jq -r '"unchanged \\(.summary.unchanged)"'
            twin ingest --allow-private "$url/missing.html" -q 2>/dev/null; echo "missing $?"
            kill $server
            """)
        #expect(result.lines == ["private 9", "added 1", "unchanged 1", "missing 9"], "\(result)")
        let found = try scene.twin("search", "dance nectar", "--json").json()
        #expect(found[0]?["title"] == "Bees")
        #expect(found[0]?["text"]?.stringValue?.contains("Menu") == false)
    }
}

/// What a run reads of a folder, and what it says of the rest.
@Suite struct FolderReadingTests {
    private let scene: Scene

    init() throws { scene = try Scene() }

    private func text(_ source: String) throws -> String { try scene.twin("sources", "text", scene.path(source)).output }

    private static let prose = "The queen lays two thousand eggs a day in June, more than her own weight."

    @Test func `ignore files and folders of dependencies are left out and said`() throws {
        for name in [
            "keep.md", "drafts/a.md", "drafts/wanted.md", "private.md", "node_modules/x/readme.md", "app/dist/a.md",
            "app/a.min.js", "app/notes.md", "deep/only/here.log",
        ] {
            try scene.write("docs/\(name)", "# \(name)\n\n\(Self.prose)\n")
        }
        try scene.write("docs/app/package.json", "{\"name\": \"app\", \"about\": \"\(Self.prose)\"}")
        try scene.write("docs/.gitignore", "drafts/*\n!wanted.md\n*.log\n")
        try scene.write("docs/.twinignore", "# mine\n/private.md\n")
        let report = try scene.twin("ingest", "docs", "--json").json()
        let read = try #require(report["files"]?.arrayValue).filter { $0["status"] == "added" }.compactMap {
            $0["path"]?.stringValue
        }
        #expect(
            Set(read.map { String($0.dropFirst(scene.path("docs/").count)) }) == [
                "keep.md", "drafts/wanted.md", "app/package.json", "app/notes.md",
            ])
        let skipped = try #require(report["skipped"]?.arrayValue)
        for reason in [
            "left out by .gitignore", "left out by .twinignore", "a folder of dependencies", "build output",
            "a minified script",
        ] {
            #expect(skipped.contains { $0["reason"]?.stringValue?.hasPrefix(reason) == true }, "\(reason): \(skipped)")
        }
        let all = try scene.twin("ingest", "docs", "--no-ignore", "--json").json()
        #expect(all["summary"]?["added"] == 6)
    }

    @Test func `the report groups what was skipped, and has a line for each file only when asked`() throws {
        try scene.write("docs/a.md", Self.prose)
        try scene.write("docs/b.md", Self.prose + " Twice.")
        for name in ["x.woff", "y.woff"] { try scene.write("docs/\(name)", "wOFF binary") }
        let quiet = try scene.twin("ingest", "docs")
        #expect(
            quiet.output.isEmpty && quiet.errors.contains("2 added, 2 skipped")
                && quiet.errors.contains("2 skipped: not readable: a font (such as x.woff)"))
        let verbose = try scene.twin("ingest", "docs", "--retry-failed", "--verbose", "--twin", "default")
        #expect(verbose.output.contains("skipped \(scene.path("docs/x.woff")): not readable: a font"))
    }

    @Test func `properties reach unchanged sources, and sources are found by them`() throws {
        try scene.write("docs/bees.md", "---\ntags: [bees, summer]\ndate: 2024-06-01\n---\n\n\(Self.prose)\n")
        try scene.write("docs/rope.txt", "The rope of the queen is blue and two thousand ells long.")
        try scene.twin("ingest", "docs")
        try scene.twin("ingest", "docs/rope.txt", "-m", "shelf=4")
        func names(_ words: String...) throws -> [String] {
            let result = try scene.run(Scene.binary, ["sources", "list", "--json"] + words)
            return try result.json().arrayValue?.compactMap { $0["filename"]?.stringValue } ?? []
        }
        #expect(try names("--where", "shelf=4") == ["rope.txt"])
        #expect(
            try names("--where", "tag=bees") == ["bees.md"]
                && names("--where", "tags=Summer", "--kind", "markdown") == ["bees.md"])
        #expect(try names("--where", "tag=bees", "--where", "shelf=4") == [])
        #expect(try names("--since", "1d") == ["rope.txt"] && names("--since", "2024-05-01", "--kind", "file").count == 2)
        #expect(
            try scene.twin("sources", "list", "--since", "soon").code == 2
                && scene.twin("search", "queen", "--where", "x").code == 2)
        let found = try scene.twin("search", "two thousand queen", "--where", "shelf=4", "--json").json().arrayValue
        #expect(found?.count == 1 && found?.first?["text"]?.stringValue?.contains("rope") == true)
        let id = try #require(try scene.twin("sources", "list", "--where", "shelf=4", "--json").json()[0]?["id"]?.stringValue)
        try scene.twin("sources", "set", id, "-m", "tag=sea", "--unset", "shelf")
        #expect(try names("--where", "tag=sea") == ["rope.txt"] && names("--where", "shelf=4") == [])
        #expect(try scene.twin("sources", "open", id).output == scene.path("docs/rope.txt") + "\n")
        // What the owner says stays when the document is read again; what the document says is what it says now.
        try scene.write("docs/rope.txt", "The rope of the king is red and three thousand ells long.")
        try scene.write("docs/bees.md", "---\ntags: [wasps]\nauthor: Übel\ndraft: true\n---\n\n\(Self.prose)\n")
        try scene.twin("ingest", "docs")
        #expect(try names("--where", "tag=sea") == ["rope.txt"])
        #expect(try names("--where", "tag=wasps") == ["bees.md"] && names("--where", "tag=bees") == [])
        // Letters beyond ASCII, and what YAML takes for a truth value.
        #expect(try names("--where", "author=Übel") == ["bees.md"] && names("--where", "draft=true") == ["bees.md"])
        #expect(try names("--where", "draft=false") == [])
    }

    @Test func `two texts through a pipe are two sources, and one text again is the same`() throws {
        for text in [Self.prose, "The rope is blue.", Self.prose] { try scene.twin("ingest", "-", input: text) }
        #expect(try scene.twin("sources", "list", "--json").json().arrayValue?.count == 2)
    }

    @Test func `a file name that is not UTF-8 is read, shown, and named again`() throws {
        let result = try scene.shell(
            "mkdir docs; printf '%s\\n' '\(Self.prose)' > $'docs/\\xe9t\\xe9.txt'; twin ingest docs --json")
        let path = try #require(try result.json()["files"]?[0]?["path"]?.stringValue)
        #expect(path == scene.path("docs/\\xE9t\\xE9.txt"))
        let again = try scene.shell("twin ingest $'docs/\\xe9t\\xe9.txt' --json")
        #expect(try again.code == 0 && again.json()["summary"]?["unchanged"] == 1)
        #expect(try scene.twin("search", "queen eggs", "--json").json().arrayValue?.count == 1)
    }

    @Test func `words with characters that are not seen are found`() throws {
        try scene.write("a.txt", "The win\u{200B}ch of the har\u{AD}bour is ze\u{200D}ro, and\u{200E} broken.")
        try scene.twin("ingest", "a.txt")
        for word in ["winch", "harbour", "zero"] {
            #expect(try scene.twin("search", word, "--json").json().arrayValue?.count == 1, "\(word)")
        }
    }

    @Test func `the table of formats is what is read`() throws {
        let readme = String(decoding: try Data(contentsOf: URL(filePath: TwinBinary.repository + "/README.md")), as: UTF8.self)
        let table = try #require(
            readme.components(separatedBy: "## What it reads").last?.components(separatedBy: "\n\nEach may").first)
        let help = try scene.twin("help", "formats").output
        let inReadme = Set(
            table.split { " `(),|\n".contains($0) }.filter { $0.hasPrefix(".") && $0.count > 1 }.map { String($0.dropFirst()) })
        #expect(inReadme == Set(DocumentFormat.allCases.flatMap(\.fileExtensions)))
        for format in DocumentFormat.allCases {
            #expect(help.contains(format.rawValue) && format.fileExtensions.allSatisfy { help.contains("." + $0) }, "\(format)")
        }
    }
}

/// Folders that are followed and folders that travel.
@Suite struct FollowedFolderTests {
    @Test func `a folder is followed until it is stopped`() throws {
        let scene = try Scene()
        let result = try scene.shell(
            """
            mkdir docs; echo 'The queen lays two thousand eggs a day.' > docs/a.md
            has() { for i in $(seq 300); do [ "$(twin sources list --json | jq -r 'map(.filename) | sort | join(",")')" = "$1" ] && return; sleep 0.1; done; echo "never $1"; exit 1; }
            "$TWIN" watch docs > log 2>&1 & P=$!
            has a.md; mkdir docs/new; echo 'The rope is blue, and it is long.' > docs/new/b.md; has a.md,b.md
            rm docs/a.md; has b.md; kill -TERM $P; wait $P; echo "ended $?"
            """)
        #expect(result.output.hasSuffix("ended 0\n"), "\(result)")
        #expect(try scene.shell("cat log").output.contains("added \(scene.path("docs/new/b.md"))"))
    }

    @Test func `an export with its content makes the same twin elsewhere`() throws {
        let scene = try Scene()
        try scene.write("papers/one/a.md", "# Bees\n\nThe queen lays two thousand eggs a day in June.")
        try scene.write("papers/two/b.txt", "The rope of the tern is blue and ten ells long.")
        try scene.twin("twins", "create", "amara")
        try scene.twin("ingest", "papers")
        #expect(try scene.twin("export", "seed", "--content").code == 0)
        let away = try Scene()
        #expect(try away.shell("mv '\(scene.path("seed"))' seed && rm -r '\(scene.path("papers"))'").code == 0)
        let applied = try away.twin("apply", "seed", "--json")
        #expect(applied.code == 0, "\(applied)")
        #expect(try away.twin("search", "two thousand eggs", "--json").json()[0]?["text"]?.stringValue?.contains("queen") == true)
        #expect(try away.shell("cd seed && ls sources/one/a.md sources/two/b.txt && ! grep -r '\(scene.home)' .").code == 0)
    }
}
