import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// The commands of the log, of quotas and of what goes for good, as an operator uses them.
@Suite struct AuditCommandTests {
    let scene: Scene

    init() throws {
        scene = try Scene()
        try scene.twin("twins", "create", "ada")
        try scene.twin("users", "add", "ada@example.org", "--no-password")
    }

    @Test func `a log is verified against heads that were kept, and tampering ends with 1`() throws {
        let added = try scene.twin(
            "audit", "add", "NIGHTLY_BACKUP", "--detail", "host=nas", "--user", "ada@example.org", "--json")
        #expect(added.code == 0)
        #expect(try added.json()["metadata"] == ["host": "nas"] && added.json()["event_type"] == "EXTERNAL")
        let heads = try scene.twin("audit", "head", "--jsonl")
        _ = try scene.write("heads.jsonl", heads.output)
        try scene.twin("audit", "add", "LATER")
        let good = try scene.twin("audit", "verify", "--against", "heads.jsonl", "--json")
        #expect(good.code == 0)
        #expect(try good.json()["valid"] == true && good.json()["rows"]?.intValue ?? 0 >= 3)
        #expect(try scene.twin("audit", "list", "--event", "EXTERNAL", "--json").json().arrayValue?.count == 2)
        #expect(try scene.twin("audit", "--json").output == scene.twin("audit", "list", "--json").output)

        let head = try #require(try JSONParser.parse(heads.lines.first ?? "").objectValue)
        let forged = head.merging(["hash": .string(String(repeating: "0", count: 64))])
        for (text, code) in [(JSON.object(forged).text, Int32(1)), ("{}", 2), ("nothing", 2)] {
            _ = try scene.write("forged.jsonl", text)
            #expect(try scene.twin("audit", "verify", "--against", "forged.jsonl").code == code, "\(text)")
        }
        let database = try Database(path: scene.path("twin.db"))
        _ = try database.write {
            try $0.execute("DROP TRIGGER audit_log_kept; DELETE FROM audit_log WHERE action = 'NIGHTLY_BACKUP'")
        }
        let bad = try scene.twin("audit", "verify", "--json")
        #expect(bad.code == 1)
        #expect(try bad.json()["faults"]?[0]?["kind"] == "missing")
        #expect(bad.errors.contains("tampered"))
        for words in [["audit", "add", ""], ["audit", "add", "a\nb"], ["audit", "add", String(repeating: "a", count: 201)]] {
            #expect(try scene.run(TwinBinary.path, words).code == 2, "\(words)")
        }
    }

    @Test func `quotas are set in tokens and zones, and users and old conversations go for good`() throws {
        let set = try scene.twin("quotas", "set", "ada@example.org", "5000", "--zone", "Europe/Berlin", "--used", "12", "--json")
        #expect(try set.json()["daily_limit"] == 5000 && set.json()["zone"] == "Europe/Berlin" && set.json()["used_today"] == 12)
        #expect(try scene.twin("quotas", "list", "--json").json().arrayValue?.count == 1)
        for words in [
            ["ada@example.org"], ["ada@example.org", "-5"], ["ada@example.org", "lots"],
            ["ada@example.org", "5", "--zone", "Mars/Olympus"],
        ] {
            #expect(try scene.run(TwinBinary.path, ["quotas", "set"] + words).code == 2, "\(words)")
        }
        #expect(try scene.twin("quotas", "set", "nobody@example.org", "5").code == 5)
        try scene.twin("chat", "What is a linden tree?")
        #expect(try scene.twin("purge", "--older-than", "1", "--dry-run", "--json").json()["conversations"] == 0)
        for words in [["purge"], ["purge", "--older-than", "1", "--visitor", "x"], ["purge", "--older-than", "0"]] {
            #expect(try scene.run(TwinBinary.path, words).code == 2, "\(words)")
        }
        #expect(try scene.twin("purge", "--visitor", "nobody", "--yes").code == 5)
        #expect(try scene.twin("users", "erase", "ada@example.org", "--yes").code == 1, "the twin would be nobody's")
        try scene.twin("users", "add", "grace@example.org", "--no-password")
        #expect(try scene.twin("users", "erase", "ada@example.org", "--yes").code == 0)
        #expect(try scene.twin("quotas", "list", "--json").json() == [])
        #expect(try scene.twin("audit", "verify").code == 0)
    }
}
