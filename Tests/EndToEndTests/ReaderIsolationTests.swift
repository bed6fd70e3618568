import FoundationEssentials
import TestSupport
import Testing
import TwinHTTP
import TwinKit
import TwinSupport

/// What becomes of the rest when a reader fails. The names that end in `.twin-…` are known to builds for debugging only.
@Suite struct ReaderIsolationTests {
    let scene: Scene

    init() throws { scene = try Scene() }

    private func writeNotes(_ count: Int) throws {
        for number in 0..<count {
            try scene.write(
                "docs/note\(number).md", "# Note \(number)\n\nHive \(number) was opened in May and had brood on six frames.\n")
        }
    }

    private func report(_ result: Scene.Result) throws -> (summary: JSON, reasons: [String]) {
        let files = try #require(try result.json()["files"]?.arrayValue)
        return (
            try #require(try result.json()["summary"]),
            files.filter { $0["status"] == "failed" }.compactMap { $0["reason"]?.stringValue }
        )
    }

    @Test func `of two hundred files one that crashes its reader loses no other`() throws {
        try writeNotes(199)
        try scene.write("docs/note100b.twin-trap", "x")
        let result = try scene.twin("ingest", "docs", "--json")
        #expect(result.code == 9, "\(result.errors)")
        let (summary, reasons) = try report(result)
        #expect(summary["added"] == 199)
        #expect(summary["failed"] == 1)
        #expect(reasons.count == 1 && reasons[0].contains("its reader failed on it"), "\(reasons)")
        let failed = try scene.twin("sources", "list", "--status", "error", "--json").json()
        #expect(failed.arrayValue?.count == 1)
        #expect(failed[0]?["status"] == "error")
        // What failed is remembered and does not cost another reader.
        let again = try report(scene.twin("ingest", "docs", "--json"))
        #expect(again.summary["unchanged"] == 199)
        #expect(again.reasons.first?.contains("unchanged since") == true)
        let chat = try scene.twin("chat", "What had brood on six frames?", "--json")
        #expect(chat.code == 0)
    }

    @Test func `a crash is blamed on its file alone, whatever was in hand and however many there are`() throws {
        try writeNotes(40)
        for number in 0..<7 { try scene.write("docs/note\(number)x.twin-trap", "x\(number)") }
        // Read like any text, and a crash of what is made of it.
        for number in 0..<2 { try scene.write("docs/note2\(number).twin-late", "The words of the late \(number).") }
        try scene.write("docs/z.twin-late", "x")
        let result = try scene.twin("ingest", "docs", "--jsonl")
        #expect(result.code == 9, "\(result.errors)")
        let lines = try result.jsonLines()
        let summary = try #require(lines.last)
        #expect(summary["added"] == 40)
        #expect(summary["failed"] == 10)
        let paths = lines.dropLast().compactMap { $0["path"]?.stringValue }
        #expect(paths.count == 50 && Set(paths).count == 50, "each file is told of once")
        for line in lines.dropLast() {
            let path = try #require(line["path"]?.stringValue)
            #expect(line["status"]?.stringValue == (path.contains(".twin-") ? "failed" : "added"), "\(path)")
        }
        #expect(!result.errors.contains("Fatal error"), "\(result.errors)")
        #expect(try scene.twin("ingest", "docs", "--json").json()["summary"]?["unchanged"] == 40)
    }

    @Test func `what was written before a crash is not told of or done again`() throws {
        // More than one batch, and the crash after the first.
        for number in 0..<4200 { try scene.write("docs/\(10_000 + number).txt", "Note \(number) about honey.\n") }
        try scene.write("docs/9.twin-trap", "x")
        let lines = try scene.twin("ingest", "docs", "docs/10000.txt", "--jobs", "1", "--jsonl").jsonLines()
        #expect(lines.last?["added"] == 4200)
        #expect(lines.last?["failed"] == 1)
        #expect(lines.count == 4203, "the file that is named twice is told of twice")
        #expect(Set(lines.compactMap { $0["path"]?.stringValue }).count == 4201)
        let count = try scene.shell("sqlite3 \"$TWIN_DB\" 'SELECT count(*), max(version) FROM sources WHERE status = \"live\"'")
        #expect(count.output == "4200|1\n")
    }

    @Test func `many at once all come to their end`() throws {
        // Threads that wait for each other in a copy of a process are where copying goes wrong, and then only on a busy machine.
        try writeNotes(3)
        let result = try scene.shell(
            """
            for round in 1 2 3 4 5; do for i in 1 2 3 4 5 6 7 8; do
                timeout -s KILL 240 "$TWIN" --db "$i-$round.db" ingest docs -q > /dev/null 2>&1 || echo "failed with $?" &
            done; wait; done
            """)
        #expect(result.output == "", "\(result)")
    }

    @Test func `a plan outlives a crash as the run itself does`() throws {
        try writeNotes(3)
        try scene.write("docs/a.twin-trap", "x")
        let plan = try report(scene.twin("ingest", "docs", "--dry-run", "--json"))
        #expect(plan.summary["added"] == 3)
        #expect(plan.summary["failed"] == 1)
        #expect(try scene.twin("sources", "list").code == 3, "nothing was made")
    }

    @Test func `the command ends whole, however it is ended`() throws {
        try writeNotes(3)
        try scene.write("docs/z.twin-hang", "x")
        // Killed, it leaves nobody behind; asked to end, it ends by that signal, after what it had in hand.
        for (signal, code) in [("KILL", 137), ("TERM", 143), ("INT", 130)] {
            let result = try scene.shell(
                """
                env --default-signal=INT "$TWIN" ingest docs -q > /dev/null 2>&1 & p=$!
                for i in $(seq 200); do worker=$(cat /proc/$p/task/$p/children 2>/dev/null); [ -n "$worker" ] && break; sleep 0.05; done
                sleep 0.2; kill -\(signal) $p; sleep 0.2; kill -\(signal) $p 2> /dev/null; wait $p; code=$?
                for i in $(seq 200); do kill -0 $worker 2>/dev/null || break; sleep 0.05; done
                kill -0 $worker 2>/dev/null && echo left; [ -n "$worker" ] && echo $code
                """)
            #expect(result.output == "\(code)\n", "\(signal): \(result)")
        }
        #expect(try scene.twin("doctor").code == 0)
    }

    @Test func `a file of answers that crashes its reader is an error with a sentence`() throws {
        try scene.twin("twins", "create", "one")
        try scene.write("answers.csv", "twin-trap")
        let result = try scene.twin("qna", "import", "answers.csv")
        #expect(result.code == 1)
        #expect(result.errors.hasPrefix("twin: answers.csv: its reader failed on it"), "\(result)")
    }

    @Test(arguments: ["feed", "transcript", "captions"])
    func `a server outlives the feed, the transcript or the captions that crash their reader`(part: String) throws {
        try scene.twin("twins", "create", "bees")
        let trap = "twin-trap"
        let video = "dQw4w9WgXcQ"
        let site = try ScriptedServer { request in
            switch request.path {
            case "/show.rss":
                let feed = """
                    <rss xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel><title>Bees</title><item><title>One</title>
                    <guid>1</guid><description>About the queen's long life.</description>
                    <podcast:transcript url="http://\(request.header("Host") ?? "")/one.json" type="application/json"/></item></channel></rss>
                    """
                return .ok(part == "feed" ? trap : feed, type: "application/rss+xml")
            case "/one.json": return .ok(trap, type: "application/json")
            case "/watch":
                return .ok(
                    """
                    <html><script>var ytInitialPlayerResponse = {"playabilityStatus":{"status":"OK"},"videoDetails":{"title":"A"},
                    "captions":{"playerCaptionsTracklistRenderer":{"captionTracks":[{"baseUrl":"/captions?v=1","languageCode":"en"}]}}};
                    </script></html>
                    """, type: "text/html")
            case "/captions": return .ok(trap, type: "application/json")
            default: return .status(404)
            }
        }
        let environment = [
            "TWIN_ALLOW_PRIVATE": "1", "TWIN_JOBS_RETRY_SECONDS": "0", "TWIN_YOUTUBE_URL": site.url,
            "PATH": "/nonexistent",
        ]
        let server = try RunningServer(scene, "--log", "none", environment: environment)
        let address = part == "captions" ? "https://youtu.be/\(video)" : site.url + "/show.rss"
        let source = try scene.twin("ingest", address, "--queue", "--json", environment: environment)
        let id = try #require(try source.json()[0]?["source_id"]?.stringValue)
        var shown: JSON?
        for _ in 0..<500 {
            shown = try scene.twin("sources", "show", id, "--json").json()
            if shown?["status"] != "processing" { break }
        }
        if part == "transcript" {
            // The notes are there; what is left out is said.
            #expect(shown?["status"] == "live", "\(String(describing: shown))")
            let log = try scene.twin("sources", "logs", id, "--json")
            #expect(log.output.contains("a published transcript was left out: its reader failed on it"), "\(log)")
        } else {
            #expect(shown?["status"] == "error", "\(String(describing: shown))")
            #expect(shown?["error"]?.stringValue?.contains("its reader failed on it") == true)
        }
        #expect(try server.send("GET", "/health").status == 200)
    }

    @Test func `files that ended the program before are read, or are an error of their own`() throws {
        try writeNotes(3)
        let files: [(String, String)] = [
            ("a.md", "---"), ("b.md", "+++"), ("c.mbox", "From a@b Tue "), ("d.eml", "Subject: x\r\nFrom: y@z\r\n\r"),
            (
                "e.eml",
                "From: a@example.org\r\nSubject: parts\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n--b\r\n--b\r\n\r\n"
                    + "The second part says that the keys hang in the shed.\r\n--b--\r\n"
            ),
        ]
        for (name, text) in files { try scene.write("docs/\(name)", text) }
        let result = try scene.twin("ingest", "docs", "--json")
        #expect([0, 9].contains(result.code), "\(result)")
        let (summary, reasons) = try report(result)
        #expect((summary["added"]?.intValue ?? 0) >= 4)
        #expect(!reasons.contains { $0.contains("its reader") }, "\(reasons)")
        let found = try scene.twin("search", "keys hang in the shed", "--json")
        #expect(found.output.contains("keys hang in the shed"))
    }

    @Test func `a reader that hangs is stopped in time, and the run goes on`() throws {
        try writeNotes(3)
        try scene.write("docs/a.twin-hang", "x")
        try scene.write("docs/z.twin-hang", "x")
        let result = try scene.twin("ingest", "docs", "--json", environment: ["TWIN_INGEST_READ_SECONDS": "1"])
        let (summary, reasons) = try report(result)
        #expect(result.code == 9)
        #expect(summary["added"] == 3)
        #expect(reasons.count == 2 && reasons.allSatisfy { $0.contains("longer than 1 seconds") }, "\(reasons)")
    }

    @Test func `a reader that takes all memory or sends too much is stopped`() throws {
        try writeNotes(3)
        try scene.write("docs/a.twin-hoard", "x")
        try scene.write("docs/b.twin-flood", "x")
        let result = try scene.twin("ingest", "docs", "--json", environment: ["TWIN_INGEST_MAX_FILE_MIB": "1"])
        let (summary, reasons) = try report(result)
        #expect(result.code == 9)
        #expect(summary["added"] == 3)
        #expect(reasons.contains { $0.contains("of memory") } && reasons.contains { $0.contains("longer than") }, "\(reasons)")
    }

    @Test func `a server outlives what its users upload and fetch`() throws {
        try scene.twin("twins", "create", "bees")
        let page = try ScriptedServer { request in
            request.target.hasSuffix(".twin-trap")
                ? .ok("x", type: "application/octet-stream")
                : .ok("<p>Bees dance to tell where the nectar is.</p>", type: "text/html")
        }
        let server = try RunningServer(
            scene, "--log", "none", environment: ["TWIN_ALLOW_PRIVATE": "1", "TWIN_JOBS_RETRY_SECONDS": "0"])
        let owner = try server.user("owner@example.org")
        let twin = try #require(try scene.twin("twins", "show", "--json").json()["id"]?.stringValue)
        func upload(_ name: String, _ text: String) throws -> RunningServer.Reply {
            let path = try scene.write("upload", text)
            return try server.send(
                "POST", "/ingest/file/\(twin)", headers: [owner.authorization],
                more: ["-F", "file=@\(path);filename=\(name)"])
        }
        for _ in 0..<3 {
            let reply = try upload("a.twin-trap", "x\(Int.random(in: 0..<1_000_000))")
            #expect(reply.status < 500, "\(reply)")
        }
        #expect(try upload("b.md", "---").status < 500)
        let good = try upload("good.md", "# Good\n\nThe hive in the orchard was fed with syrup in September.\n")
        #expect(good.status == 200, "\(good)")
        let source = try scene.twin(
            "ingest", page.url + "/file.twin-trap", "--queue", "--json", environment: ["TWIN_ALLOW_PRIVATE": "1"])
        let id = try #require(try source.json()[0]?["source_id"]?.stringValue)
        var status: JSON?
        for _ in 0..<500 {
            status = try scene.twin("sources", "show", id, "--json").json()["status"]
            if status != "processing" { break }
        }
        #expect(status == "error")
        #expect(try server.send("GET", "/health").status == 200)
    }
}
