import FoundationEssentials
import TestSupport
import Testing
import TwinKit

#if canImport(Glibc)
    import Glibc
    import TwinHTTP
    import TwinSupport
#endif

@Suite struct ServeTests {
    @Test func `a server says where it is, answers, and ends when it is told to`() throws {
        let scene = try Scene()
        let server = try RunningServer(scene)
        #expect(server.url.hasPrefix("http://127.0.0.1:"))
        let health = try server.send("GET", "/health")
        #expect(try health.status == 200 && health.json()["status"] == "healthy")
        #expect(health.headers["x-correlation-id"]?.isEmpty == false && health.headers["x-content-type-options"] == "nosniff")
        #expect(server.log.contains("twin serves \(server.url)"))
        // Nobody has an account, which the first run says along with what to do.
        #expect(server.log.contains("twin users add") && server.log.contains("twin token create"))
        server.stop()
        #expect(!server.isRunning)
        let left = try scene.shell("ls ready-*.json 2>/dev/null | wc -l")
        #expect(left.output.contains("0"))
    }

    @Test func `an address that others reach is refused until somebody could sign in`() throws {
        let scene = try Scene()
        let refused = try scene.twin("serve", "--host", "0.0.0.0", "--port", "0")
        #expect(refused.code == 3 && refused.errors.contains("TWIN_JWT_SECRET") && refused.output.isEmpty)
        try scene.twin("twins", "create", "ada")
        let key = try scene.twin("keys", "create", "site", "--json").json()
        let id = try #require(key["id"]?.stringValue)
        let server = try RunningServer(scene, "--host", "0.0.0.0")
        #expect(try server.send("GET", "/health").status == 200)
        server.stop()
        // A revoked key lets nobody in.
        try scene.twin("keys", "revoke", id)
        #expect(try scene.twin("serve", "--host", "0.0.0.0", "--port", "0").code == 3)
    }

    @Test func `a Unix domain socket serves what a port does`() throws {
        let scene = try Scene()
        let socket = scene.path("twin.sock")
        let line =
            "\"$TWIN\" serve --uds \(socket) > log 2>&1 & P=$!; for i in $(seq 200); do [ -S \(socket) ] && break; sleep 0.05; done; "
            + "curl -sS --unix-socket \(socket) http://localhost/health; kill $P; wait $P; echo; echo code $?"
        let result = try scene.run("/bin/bash", ["-c", line])
        #expect(result.output.contains("\"healthy\"") && result.output.contains("code 0"))
        #expect(try scene.twin("serve", "--uds", socket, "--port", "1").code == 2)
    }

    @Test func `requests are logged without what is secret in them`() throws {
        let scene = try Scene()
        let server = try RunningServer(scene, "--log", "json")
        _ = try server.send("GET", "/auth/invitation/tok-that-is-secret?query=private-question")
        _ = try server.send("GET", "/public/chat/x/tok-that-is-secret/y")
        _ = try server.send("GET", "/health", headers: ["authorization: Bearer tok-that-is-secret"])
        // What could forge a line does not even come as far as the log.
        #expect(try server.send("GET", "/nothing%0ainjected").status == 400)
        _ = try server.send("GET", "/nothing%20there")
        server.stop()
        let log = server.log
        #expect(log.contains("\"route\":\"/auth/invitation/{token}\""))
        #expect(!log.contains("tok-that-is-secret") && !log.contains("private-question"))
        for line in log.split(separator: "\n") where line.hasPrefix("{") { _ = try JSONParser.parse(String(line)) }
        #expect(log.contains("\"path\":\"/nothing%20there\"") && !log.contains("injected"))
    }

    @Test func `only pages of listed origins may call from a browser`() throws {
        let scene = try Scene()
        let server = try RunningServer(scene, environment: ["TWIN_ALLOWED_ORIGINS": "https://app.example"])
        let allowed = try server.send("GET", "/health", headers: ["origin: https://app.example"])
        #expect(allowed.headers["access-control-allow-origin"] == "https://app.example")
        let other = try server.send("GET", "/health", headers: ["origin: https://evil.example"])
        #expect(other.headers["access-control-allow-origin"] == nil)
    }

    @Test func `what is served is described, and the description works as a page`() throws {
        let scene = try Scene()
        let server = try RunningServer(scene)
        let description = try server.send("GET", "/openapi.json")
        let document = try description.json()
        #expect(document["openapi"] == "3.1.0")
        let paths = try #require(document["paths"]?.objectValue)
        #expect(paths["/chat/{twin_id}"]?["post"] != nil && paths.count > 40)
        let page = try server.send("GET", "/docs")
        #expect(page.headers["content-type"]?.hasPrefix("text/html") == true && page.body.contains("/chat/{twin_id}"))
        // It loads nothing from elsewhere.
        #expect(!page.body.contains("src=") && !page.body.contains("<script"))
        let tag = try #require(description.headers["etag"])
        #expect(try server.send("GET", "/openapi.json", headers: ["if-none-match: \(tag)"]).status == 304)
    }

    @Test func `counters are for those who may see them`() throws {
        let scene = try Scene()
        try scene.twin("twins", "create", "ada")
        let key = try #require(
            try scene.twin("keys", "create", "monitor", "--scope", "read", "--json").json()["key"]?.stringValue)
        let chat = try #require(try scene.twin("keys", "create", "chat", "--scope", "chat", "--json").json()["key"]?.stringValue)
        let server = try RunningServer(scene)
        #expect(try server.send("GET", "/metrics").status == 401)
        #expect(try server.send("GET", "/metrics", headers: ["x-twin-api-key: \(chat)"]).status == 403)
        let counters = try server.send("GET", "/metrics", headers: ["x-twin-api-key: \(key)"])
        #expect(
            counters.status == 200
                && counters.body.contains("twin_http_requests_total{route=\"/metrics\",method=\"GET\",status=\"4xx\"} 2"))
    }

    @Test func `a job is followed as a stream until it ends, in both forms`() throws {
        let scene = try Scene()
        try scene.twin("twins", "create", "ada")
        // Nobody does the job, so that it waits until it is cancelled.
        let server = try RunningServer(scene, "--jobs", "0")
        let user = try server.user("owner@example.org")
        let queued = try server.send(
            "POST", "/ingest/youtube/ada", json: ["url": "https://www.youtube.com/watch?v=abcdefghijk"],
            headers: [user.authorization])
        let job = try #require(try queued.json()["job_id"]?.stringValue)
        let cancel = "curl -sS -X POST -H '\(user.authorization)' \(server.url)/jobs/\(job)/cancel > /dev/null"
        let follow = "curl -sSN --max-time 50 -H '\(user.authorization)' \(server.url)/jobs/\(job)/events"
        let lines = try scene.shell(
            "\(follow) > events & for i in $(seq 600); do [ -s events ] && break; sleep 0.05; done; \(cancel); wait; cat events"
        ).jsonLines()
        #expect(lines.map { $0["status"] } == ["queued", "failed"])
        #expect(lines.last?["metadata"]?["cancelled"] == true)
        // One that has ended says so and ends, and a client that knows it already hears nothing more.
        let ended = try scene.shell(follow + " -H 'accept: text/event-stream'").output
        #expect(ended.contains("event: job\n") && ended.contains("\"failed\""))
        let id = try #require(ended.split(separator: "\n").first { $0.hasPrefix("id: ") }?.dropFirst(4))
        #expect(try scene.shell(follow + " -H 'last-event-id: \(id)'").output.isEmpty)
        #expect(try server.send("GET", "/jobs/\(job)/events").status == 401)
    }

    @Test func `twin api takes the same way without a socket, and its exit code tells the status`() throws {
        let scene = try Scene()
        let made = try scene.twin("api", "POST", "/twins", "--data", "{\"name\":\"Ada Lovelace\"}")
        #expect(try made.code == 0 && made.json()["name"] == "Ada Lovelace")
        #expect(try scene.twin("api", "GET", "/twins").json()[0]?["name"] == "Ada Lovelace")
        #expect(try scene.twin("api", "GET", "/twins/none").code == 5)
        #expect(try scene.twin("api", "POST", "/twins", "--data", "{}").code == 2)
        #expect(try scene.twin("api", "POST", "/twins", "--data", "-", input: "{\"name\":\"Ada Lovelace\"}").code == 2)
        let user = try scene.twin("users", "add", "view@example.org", "--role", "viewer", "--no-password")
        #expect(user.code == 0)
        let refused = try scene.twin("api", "POST", "/twins", "--data", "{\"name\":\"B\"}", "--as-user", "view@example.org")
        #expect(try refused.code == 4 && refused.json()["detail"]?.stringValue?.contains("viewer") == true)
        let shown = try scene.twin("api", "GET", "/health", "--include")
        #expect(shown.output.hasPrefix("200 OK\n") && shown.output.contains("content-type: application/json\n"))
        #expect(try scene.twin("api", "FETCH", "/").code == 2)
    }

    /// What counts as not set when it cannot be read is often a limit, a price, or what keeps something closed.
    @Test(arguments: [
        ("TWIN_QUOTA_DEFAULT", "10k", "quota.default"), ("TWIN_IMAGES_COG_PRICE", "free", "images.cog.price"),
        ("TWIN_RETENTION_CONVERSATIONS_DAYS", "a week", "retention.conversations_days"),
        ("TWIN_ALLOW_PRIVATE", "ture", "ingest.allow_private"), ("TWIN_MODEL_URL", "127.0.0.1:8080/v1", "model.url"),
        ("TWIN_MODEL_TIMEOUT", "3m", "model.timeout"), ("TWIN_SUPPORT_PRIVATE_ADDRESSES", "127.0.0.1, here", "'here'"),
        ("TWIN_TRUSTED_PROXIES", "10.0.0.0/99", "serve.trusted_proxies"), ("TWIN_OIDC_ROLE", "supportr", "'supporter'"),
        ("TWIN_PERSONA_AUTH", "offf", "'off'"), ("TWIN_CONTRACTS", "studio,brian", "'brain'"),
    ])
    func `a setting that is wrong is named before anything begins`(variable: String, value: String, word: String) throws {
        let scene = try Scene()
        try scene.twin("twins", "create", "ada")
        for words in [["serve", "--port", "0"], ["jobs", "run", "--once"]] {
            let wrong = try scene.run(Scene.binary, words, environment: [variable: value])
            #expect(wrong.code == 2, "\(words)")
            #expect(wrong.errors.contains(variable) && wrong.errors.contains(word), "\(wrong.errors)")
        }
        let doctor = try scene.twin("doctor", "--json", environment: [variable: value])
        #expect(doctor.code == 1 && doctor.output.contains("unset \(variable)"), "\(doctor.output)")
    }
}
