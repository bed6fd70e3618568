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
