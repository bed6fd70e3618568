import FoundationEssentials
import Synchronization
import TestSupport
import Testing
import TwinKit

#if canImport(Glibc)
    import Glibc
    import TwinHTTP
    import TwinSupport
#endif

/// How a server begins, holds out and ends.
@Suite struct ServerLifeTests {
    /// Lines of shell that run beside a server, whose exit code is the last line of the output. `$URL` is where it listens, `$P`
    /// its process.
    private func serve(
        _ scene: Scene, _ options: String, prefix: String = "", environment: [String: String] = [:], _ body: String
    ) throws -> Scene.Result {
        let line = """
            (\(prefix) exec "$TWIN" serve --port 0 --ready-file ready.json \(options)) > serve.log 2>&1 < /dev/null & P=$!
            for i in $(seq 4800); do [ -s ready.json ] && break; sleep 0.05; done
            URL=$(jq -r .url ready.json)
            \(body)
            kill -TERM $P 2>/dev/null; wait $P; echo "code $?"
            """
        return try scene.run("/bin/bash", ["-c", line], environment: environment)
    }

    /// A scene with a twin, and a key that may do everything, in the shell variable `$AUTH`.
    private func scene() throws -> (scene: Scene, environment: [String: String]) {
        let scene = try Scene()
        try scene.twin("twins", "create", "ada")
        let words = ["keys", "create", "site", "--scope", "read", "--scope", "write", "--scope", "chat", "--json"]
        let key = try #require(try scene.run(Scene.binary, words).json()["key"]?.stringValue)
        return (scene, ["AUTH": "x-twin-api-key: " + key])
    }

    /// A site that begins to answer and never ends, and a job that reads it.
    private func endlessJob(_ scene: Scene) throws -> ScriptedServer {
        let site = try ScriptedServer { _ in
            ScriptedServer.Response([.text("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>"), .hang])
        }
        #expect(try scene.twin("ingest", site.url + "/endless", "--queue", "--allow-private").code == 0)
        return site
    }

    /// Lines of shell that wait until the job is being done, and leave its id in `$JOB`.
    private static let untilJobRuns = """
        for i in $(seq 2400); do
            JOB=$("$TWIN" jobs list --json | jq -r '.[0] | select(.status == "processing") | .id')
            [ -n "$JOB" ] && break; sleep 0.05
        done
        """

    @Test func `a long job, an open stream and a slow client end together when the server is told to end`() throws {
        let (scene, environment) = try scene()
        let site = try endlessJob(scene)
        defer { withExtendedLifetime(site) {} }
        var variables = environment
        variables["TWIN_ALLOW_PRIVATE"] = "1"
        let user = try scene.twin("users", "add", "owner@example.org", "--no-password")
        #expect(user.code == 0)
        let token = try scene.twin("token", "create", "--user", "owner@example.org").output.filter { !$0.isNewline }
        variables["USER_AUTH"] = "authorization: Bearer " + token
        let result = try serve(
            scene, "--drain-timeout 3", environment: variables,
            """
            \(Self.untilJobRuns)
            curl -sSN -H "$USER_AUTH" -H 'accept: text/event-stream' $URL/jobs/$JOB/events > events.txt & STREAM=$!
            for i in $(seq 2400); do [ -s events.txt ] && break; sleep 0.05; done
            exec 3<>/dev/tcp/127.0.0.1/${URL##*:}
            printf 'POST /twins HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 5\\r\\n\\r\\n{' >&3
            exec 4<>/dev/tcp/127.0.0.1/${URL##*:}
            printf 'GET /hea' >&4
            kill -TERM $P; wait $P; echo "code $?"
            wait $STREAM; echo "stream $?"
            ls twin.db-wal twin.db-shm 2>/dev/null | wc -l
            """)
        #expect(result.lines.prefix(3) == ["code 0", "stream 0", "0"], "\(result)")
        let job = try #require(try scene.twin("jobs", "list", "--json").json()[0])
        #expect(job["status"] == "queued" && job["attempts"] == 0, "given back, and not counted: \(job)")
    }

    @Test func `a second signal cuts short what is running`() throws {
        let (scene, environment) = try scene()
        let site = try endlessJob(scene)
        defer { withExtendedLifetime(site) {} }
        let result = try serve(
            scene, "--drain-timeout 3600", environment: environment,
            """
            \(Self.untilJobRuns)
            kill -TERM $P
            for i in $(seq 2400); do grep -q Finishing serve.log && break; sleep 0.05; done
            kill -INT $P
            """)
        #expect(result.output == "code 0\n", "\(result)")
    }

    @Test func `the database file alone holds everything once the server has ended`() throws {
        let (scene, environment) = try scene()
        try scene.write("bees.md", "# Bees\n\nBees store honey in combs of wax for the winter.\n")
        let result = try serve(
            scene, "", environment: environment,
            """
            curl -sS -H "$AUTH" -F file=@bees.md $URL/ingest/file/ada | jq -r .status
            kill -TERM $P; wait $P
            cp twin.db copy.db
            ls twin.db-wal 2>/dev/null | wc -l
            "$TWIN" --db copy.db sources list --json | jq length
            """)
        #expect(result.lines.prefix(3) == ["live", "0", "1"], "\(result)")
    }

    @Test(arguments: [
        "ingest bees.md", "chat 'Where is honey stored?'", "twins create bob", "jobs run --until-idle", "rebuild",
        "api POST /twins --data '{\"name\":\"Cy\"}'", "export seed", "doctor", "sources rm missing",
    ])
    func `a command leaves no log beside the database`(words: String) throws {
        let scene = try Scene()
        try scene.write("bees.md", "# Bees\n\nBees store honey in combs of wax for the winter.\n")
        try scene.twin("twins", "create", "ada")
        _ = try scene.shell("twin \(words)")
        #expect(try scene.shell("ls -A twin.db*").output == "twin.db\n")
    }

    @Test func `idle connections that take all descriptors keep nobody from signing in`() throws {
        let (scene, environment) = try scene()
        let result = try serve(
            scene, "", prefix: "ulimit -n 64;", environment: environment,
            """
            python3 - ${URL##*:} <<'EOF' &
            import socket, sys, time
            connections = []
            for _ in range(120):
                connections.append(socket.create_connection(("127.0.0.1", int(sys.argv[1]))))
            open("open", "w").close()
            while not __import__("os").path.exists("done"): time.sleep(0.05)
            EOF
            for i in $(seq 2400); do [ -e open ] && break; sleep 0.05; done
            curl -sS --retry 120 --retry-delay 1 --retry-all-errors -o /dev/null -w '%{http_code}\\n' -H "$AUTH" $URL/twins
            touch done; wait %2
            curl -sS -o /dev/null -w '%{http_code}\\n' -H "$AUTH" $URL/twins
            curl -sS -o /dev/null -w '%{http_code}\\n' -H "x-twin-api-key: tenant_wrong" $URL/twins
            """)
        #expect(result.output == "200\n200\n401\ncode 0\n", "\(result)")
    }

    // MARK: What others may read

    private func modes(_ scene: Scene, _ pattern: String) throws -> [String] {
        try scene.shell("stat -c '%a %n' \(pattern) | sort").lines
    }

    @Test func `only its owner can read the database and what stands beside it, whatever the umask`() throws {
        let (scene, environment) = try scene()
        let result = try serve(
            scene, "", prefix: "umask 0;", environment: environment,
            """
            curl -sS -o /dev/null -X POST -H "$AUTH" -H 'content-type: application/json' -d '{"name":"Bob"}' $URL/twins
            stat -c '%a %n' twin.db twin.db-wal twin.db-shm ready.json
            """)
        #expect(
            result.lines.prefix(4) == ["600 twin.db", "600 twin.db-wal", "600 twin.db-shm", "600 ready.json"], "\(result)")
        let made = try scene.shell(
            """
            umask 0; twin --db new.db twins create ada && twin backup copy.db && twin backup copy.db --force --quiet
            twin config set ingest.jobs 2; twin export seed --content --twin ada; stat -c '%a %n' new.db copy.db config.json seed/*
            """)
        for line in made.lines where line.hasSuffix(".db") || line.hasSuffix(".json") || line.hasSuffix(".jsonl") {
            #expect(line.hasPrefix("600 ") || !line.contains(" new.db") && !line.contains("copy.db"), "\(line)")
        }
        #expect(made.output.contains("600 new.db") && made.output.contains("600 copy.db"), "\(made)")
        #expect(made.output.contains("600 config.json") && made.output.contains("600 seed/twin.json"), "\(made)")
    }

    @Test func `a restore makes nothing readable to others`() throws {
        let scene = try Scene()
        try scene.twin("twins", "create", "ada")
        let result = try scene.shell(
            """
            umask 0; twin backup copy.db > /dev/null; chmod 644 copy.db
            twin restore copy.db --force -q > /dev/null; stat -c '%a' twin.db
            chmod 666 twin.db; twin restore copy.db --force -q > /dev/null; stat -c '%a' twin.db twin.db.before-restore-2
            twin --db fresh.db restore copy.db > /dev/null; stat -c '%a' fresh.db
            """)
        #expect(result.output == "600\n600\n600\n600\n", "\(result)")
    }

    @Test func `every database that a restore replaced is kept`() throws {
        let scene = try Scene()
        try scene.twin("twins", "create", "first")
        try scene.twin("backup", "copy.db")
        try scene.twin("twins", "create", "second")
        let planned = try scene.twin("restore", "copy.db", "--force", "--dry-run", "--json").json()
        #expect(planned["previous"]?.stringValue == scene.path("twin.db.before-restore"))
        let first = try scene.twin("restore", "copy.db", "--force", "--json").json()
        #expect(first["previous"]?.stringValue == scene.path("twin.db.before-restore"))
        try scene.twin("twins", "create", "third")
        let again = try scene.twin("restore", "copy.db", "--force", "--dry-run", "--json").json()
        #expect(again["previous"]?.stringValue == scene.path("twin.db.before-restore-2"))
        let second = try scene.twin("restore", "copy.db", "--force", "--json").json()
        #expect(second["previous"]?.stringValue == scene.path("twin.db.before-restore-2"))
        try scene.twin("restore", "copy.db", "--force")
        func slugs(_ file: String) throws -> [String] {
            try (scene.twin("--db", scene.path(file), "twins", "list", "--json").json().arrayValue ?? [])
                .compactMap { $0["slug"]?.stringValue }.sorted()
        }
        #expect(try slugs("twin.db.before-restore") == ["first", "second"])
        #expect(try slugs("twin.db.before-restore-2") == ["first", "third"])
        #expect(try slugs("twin.db.before-restore-3") == ["first"])
    }

    @Test func `a backup goes through a pipe`() throws {
        let scene = try Scene()
        try scene.twin("twins", "create", "ada")
        let result = try scene.shell(
            """
            twin backup - 2> words > piped.db; echo "code $?"; cat words
            twin --db piped.db twins list --json | jq -r '.[].slug'; ls -A | grep -c '^-$'
            twin backup - | head -c 10 > /dev/null; echo "pipe ${PIPESTATUS[0]}"
            """)
        #expect(result.lines.first == "code 0" && result.output.contains("sent a copy of"), "\(result)")
        #expect(result.output.contains("ada\n0\npipe "), "no file called '-': \(result)")
    }

    // MARK: Full disks

    @Test func `a full disk is told as such, keeps everything and passes`() throws {
        let (scene, environment) = try scene()
        // Files may grow to 3 MiB, and no further.
        let result = try serve(
            scene, "", prefix: "ulimit -S -f 3072;", environment: environment,
            """
            python3 -c "
            import random
            random.seed(1)
            for n in range(12):
                open(f'{n}.txt', 'w').write('\\n\\n'.join(' '.join(str(random.random()) for _ in range(12)) + '.' for _ in range(4000)))
            "
            for n in $(seq 0 11); do
                curl -sS -o reply.$n -w '%{http_code} ' -H "$AUTH" -F file=@$n.txt $URL/ingest/file/ada
            done
            echo
            cat reply.11; echo
            curl -sS -w ' %{http_code}\\n' $URL/readyz | jq -c '[.services.storage, input]'
            curl -sS $URL/health | jq -c '[.status, .services.storage]'
            curl -sS -o /dev/null -w '%{http_code}\\n' -H "$AUTH" $URL/twins
            prlimit --pid $P --fsize=unlimited:unlimited
            curl -sS -H "$AUTH" -F file=@11.txt $URL/ingest/file/ada | jq -r .status
            for i in $(seq 2400); do [ "$(curl -sS -o /dev/null -w '%{http_code}' $URL/readyz)" = 200 ] && break; sleep 0.1; done
            curl -sS $URL/health | jq -r .services.storage
            """)
        let codes = result.lines.first?.split(separator: " ").map(String.init) ?? []
        #expect(codes.first == "200" && codes.last == "507" && Set(codes) == ["200", "507"], "\(result)")
        #expect(result.lines[1].contains("disk is full"), "\(result)")
        #expect(
            result.lines.dropFirst(2) == ["[\"down\",503]", "[\"unhealthy\",\"down\"]", "200", "live", "ok", "code 0"],
            "\(result)")
        #expect(try scene.twin("doctor").code == 0)
        let live = try scene.twin("sources", "list", "--json", "--limit", "100").json().arrayValue ?? []
        #expect(live.filter { $0["status"] == "live" }.count == codes.filter { $0 == "200" }.count + 1)
    }
}
