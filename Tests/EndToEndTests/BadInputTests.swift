import FoundationEssentials
import Testing
import TwinHTTP
import TwinKit
import TwinSupport

/// What goes wrong on real machines: each time one clear sentence, the documented exit code, and nothing lost.
@Suite struct BadInputTests {
    let scene: Scene

    init() throws { scene = try Scene() }

    private func sentence(_ result: Scene.Result) -> String {
        #expect(
            result.errors.split(separator: "\n").filter { $0.hasPrefix("twin:") }.count == 1, "one sentence: \(result.errors)")
        return result.errors
    }

    @Test func `without a database the commands say how to make one`() throws {
        for words in [["sources", "list"], ["chat", "hello"], ["search", "x"], ["doctor"], ["twins", "list"]] {
            let result = try scene.run(Scene.binary, words)
            #expect(result.code == 3, "\(words)")
            #expect(sentence(result).contains("twin ingest PATH"))
        }
    }

    @Test func `a database that is damaged or no database at all is named and left alone`() throws {
        let path = try scene.write("twin.db", String(repeating: "this is a diary and no database\n", count: 200))
        let result = try scene.twin("ingest", path)
        #expect(result.code == 1)
        #expect(sentence(result).contains("not a SQLite file"))
        #expect(try scene.shell("head -c 15 \"$TWIN_DB\"").output == "this is a diary")
    }

    @Test func `a database whose pages are damaged is found out by doctor`() throws {
        for number in 0..<200 {
            try scene.write(
                "docs/\(number).txt", "Text \(number) about bees and their honey, which is long enough to fill a page or two.\n")
        }
        try scene.twin("ingest", "docs")
        _ = try scene.shell("sqlite3 \"$TWIN_DB\" 'PRAGMA wal_checkpoint(TRUNCATE)'")
        // From the ninth page on: the first holds the schema, without which nothing opens.
        _ = try scene.shell("head -c 49152 /dev/zero | tr '\\0' 'Z' | dd of=\"$TWIN_DB\" bs=4096 seek=8 conv=notrunc status=none")
        let result = try scene.twin("doctor")
        #expect(result.code == 1)
        #expect((result.output + result.errors).contains("restore"))
    }

    @Test func `another program's database is refused`() throws {
        _ = try scene.shell("sqlite3 \"$TWIN_DB\" 'CREATE TABLE theirs (x)'")
        let result = try scene.twin("ingest", "-", input: "x")
        #expect(result.code == 1)
        #expect(sentence(result).contains("--db"))
    }

    @Test func `a full disk stops the run and loses nothing that was stored`() throws {
        for number in 0..<300 {
            try scene.write("docs/\(number).txt", String(repeating: "Honey number \(number) is sweet. ", count: 100))
        }
        try scene.write("first.txt", "The first text was stored while there was room for it on the small disk.\n")
        let result = try scene.shell(
            """
            mkdir small && unshare -rm bash -c '
                mount -t tmpfs -o size=2500k none small && export TWIN_DB=$PWD/small/a.db
                "$TWIN" ingest first.txt -q >/dev/null || exit 90
                "$TWIN" ingest docs -q >/dev/null; echo "code $?"
                "$TWIN" search "room small disk" --json; "$TWIN" doctor --quick >/dev/null; echo "doctor $?"'
            """)
        #expect(result.output.contains("code 1\n"), "\(result)")
        #expect(result.errors.contains("the disk is full"))
        #expect(result.output.contains("first text was stored"))
        #expect(result.output.contains("doctor 0"))
    }

    @Test func `a database that cannot be made or written says so`() throws {
        let nowhere = try scene.twin("--db", "/proc/nowhere/twin.db", "ingest", "-", input: "x")
        #expect(nowhere.code != 0)
        #expect(sentence(nowhere).contains("/proc/nowhere"))
        let folder = try scene.twin("--db", scene.home, "sources", "list")
        #expect(folder.code == 1)
        #expect(sentence(folder).contains("cannot be opened"))
        try scene.write("a.txt", "A text about wax moths that is never stored, because the disk cannot be written.\n")
        let readOnly = try scene.shell(
            """
            mkdir fixed && unshare -rm bash -c '
                mount -t tmpfs none fixed && export TWIN_DB=$PWD/fixed/a.db
                "$TWIN" twins create one -q >/dev/null && mount -o remount,ro fixed || exit 90
                "$TWIN" ingest a.txt; echo "code $?"'
            """)
        #expect(readOnly.output.contains("code 4") || readOnly.output.contains("code 1"), "\(readOnly)")
        #expect(sentence(readOnly).contains("permissions"))
    }

    @Test func `a locked database is waited for, and then named`() throws {
        try scene.twin("twins", "create", "one")
        // Whoever holds the lock lets go after a second: well within the time that is waited.
        let result = try scene.shell(
            """
            (echo 'BEGIN IMMEDIATE;'; sleep 1; echo 'COMMIT;') | sqlite3 "$TWIN_DB" & sleep 0.3
            twin twins create two -q >/dev/null; echo $?; wait
            """)
        #expect(result.output == "0\n", "\(result)")
    }

    @Test func `the reader of a pipe may go away`() throws {
        for number in 0..<3000 {
            try scene.write(
                "docs/\(number).txt",
                "Number \(number) of many notes about nothing in particular, each a little longer than the last.\n")
        }
        try scene.twin("ingest", "docs")
        let result = try scene.shell("set +o pipefail; twin sources list | head -1; echo ${PIPESTATUS[0]}")
        #expect(result.errors == "")
        #expect(result.output.hasSuffix("141\n"))
        let full = try scene.shell("twin sources list > /dev/full; echo $?")
        #expect(full.output == "1\n")
        #expect(full.errors.contains("standard output cannot be written"))
    }

    @Test func `bytes that are not UTF-8 are read as Latin-1 and the log says so`() throws {
        try scene.write(
            "latin.txt", Data("Der ".utf8 + [0xDC] + "bergang der Bienen vom Sommer zum Winter dauert einige Wochen.\n".utf8))
        let result = try scene.twin("ingest", "latin.txt", "--json")
        #expect(result.code == 0)
        let source = try #require(try result.json()["files"]?[0]?["source_id"]?.stringValue)
        #expect(try scene.twin("sources", "text", source).output.contains("Übergang"))
        #expect(
            try scene.twin("sources", "logs", source, "--level", "warning").output.contains("1252")
                || scene.twin("sources", "logs", source, "--level", "warning").output.contains("Latin"))
    }

    @Test func `a file of two gigabytes is refused at once and nothing else suffers`() throws {
        _ = try scene.shell(
            "truncate -s 2G huge.txt; mkdir docs; mv huge.txt docs; echo 'A small text about bees beside a very large one, and it is read.' > docs/small.txt"
        )
        let result = try scene.twin("ingest", "docs", "--jsonl")
        #expect(result.code == 9)
        let failed = try #require(try result.jsonLines().first { $0["status"] == "failed" })
        #expect(failed["reason"]?.stringValue?.contains("larger than 32 MiB") == true)
        #expect(try result.jsonLines().contains { $0["status"] == "added" })
    }

    @Test func `a file that grows while it is read is either whole or refused`() throws {
        let result = try scene.shell(
            """
            (for i in $(seq 1 400); do echo "Line $i of a log that never stops growing while somebody reads it."; done) > log.txt
            (for i in $(seq 401 4000); do echo "Line $i of a log that never stops growing while somebody reads it."; done) >> log.txt &
            twin ingest log.txt -q > /dev/null; wait; twin ingest log.txt --jsonl | tail -1 | jq -r .failed; twin sources text log.txt | tail -1
            """)
        #expect(result.output == "0\nLine 4000 of a log that never stops growing while somebody reads it.\n", "\(result)")
    }

    @Test func `a circle of symbolic links ends`() throws {
        try scene.write("docs/a.txt", "A text in a folder that contains a link to itself, and is read only once.\n")
        _ = try scene.shell("ln -s . docs/self; ln -s ../docs docs/up; ln -s loop docs/loop")
        let plain = try scene.twin("ingest", "docs", "--json")
        #expect(try plain.json()["summary"]?["added"] == 1)
        #expect(
            try plain.json()["files"]?.arrayValue?.first { $0["status"] == "failed" }?["reason"]?.stringValue?.contains("link")
                == true)
        let followed = try scene.twin("ingest", "docs", "--follow", "--json")
        #expect(try followed.json()["summary"]?["added"] == 0)
    }

    @Test func `errors are JSON when JSON is asked for`() throws {
        let result = try scene.twin("sources", "list", "--json")
        #expect(result.output == "")
        let error = try JSONParser.parse(result.errors)
        #expect(error["error"]?["code"] == "not_configured")
        #expect(error["error"]?["exit_code"] == 3)
    }

    @Test func `killed at any instant the database holds whole sources, and the next run finishes`() throws {
        for number in 0..<150 {
            try scene.write(
                "docs/\(number).md",
                "# Note \(number)\n\n" + String(repeating: "Bees number \(number) fly to the lime tree in July. ", count: 40))
        }
        try scene.twin("twins", "create", "one")
        for round in 0..<12 {
            let result = try scene.shell(
                """
                twin ingest docs --jobs 2 -q > /dev/null 2>&1 & p=$!; sleep 0.0\(10 + round * 7 % 90); kill -9 $p 2>/dev/null; wait $p 2>/dev/null
                sqlite3 "$TWIN_DB" 'PRAGMA quick_check; SELECT count(*) FROM (SELECT locator FROM sources GROUP BY locator HAVING count(*) > 1);
                    SELECT count(*) FROM sources s WHERE chunk_count <> (SELECT count(*) FROM chunks WHERE source_key = s.key)'
                """)
            #expect(result.output == "ok\n0\n0\n", "round \(round): \(result)")
        }
        #expect(try scene.twin("ingest", "docs", "--json").json()["summary"]?["failed"] == 0)
        #expect(try scene.twin("sources", "list", "--json").json().arrayValue?.count == 150)
        #expect(try scene.twin("doctor").code == 0)
    }
}
