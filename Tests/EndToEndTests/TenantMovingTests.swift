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

/// Tenants that go to other files, through the program, while both files are served.
@Suite struct TenantMovingTests {
    private let scene: Scene

    init() throws { scene = try Scene() }

    private func fill(_ database: String, _ slug: String, count: Int) throws {
        for number in 1...count {
            try scene.write(
                "\(slug)/\(number).md",
                "# Gear \(number)\n\nThe gear \(number) of \(slug) is oiled every \(number) months by Grace.\n")
        }
        try scene.twin("--db", database, "twins", "create", slug, "--quiet")
        try scene.twin("--db", database, "ingest", slug, "--twin", slug, "--quiet")
        try scene.twin("--db", database, "qna", "add", "--twin", slug, "Who paints it?", "Grace paints \(slug).", "--quiet")
    }

    private func key(_ database: String) throws -> String {
        let made = try scene.twin(
            "--db", database, "keys", "create", "site", "--scope", "read", "--scope", "write", "--scope", "chat", "--json")
        return "x-twin-api-key: " + (try made.json()["key"]?.stringValue ?? "")
    }

    private func tenant(_ database: String) throws -> String {
        try scene.twin("--db", database, "tenants", "list", "--json").json().arrayValue?.first?["id"]?.stringValue ?? ""
    }

    /// What is answered and found, without what each question has for itself.
    private func answers(_ database: String, _ slug: String) throws -> [String] {
        try ["How often is gear 7 oiled?", "Who paints it?", "What does a train ticket cost?"].flatMap { question in
            let answer = try scene.twin("--db", database, "chat", question, "--twin", slug, "--json").output
            let stable = answer.split(separator: "\n").map { line -> String in
                guard var object = (try? JSONParser.parse(String(line)))?.objectValue else { return String(line) }
                for name in ["message_id", "conversation_id", "latency_ms", "escalation_id"] { object[name] = nil }
                return JSON.object(object).text
            }
            return [stable.joined(), try scene.twin("--db", database, "search", question, "--twin", slug, "--json").output]
        }
    }

    private func isSound(_ database: String) throws -> Bool {
        let doctor = try scene.twin("--db", database, "doctor")
        let audit = try scene.twin("--db", database, "audit", "verify")
        return doctor.code == 0 && audit.code == 0
    }

    @Test func `an export opens as a database, and an import answers to the byte as the first did`() throws {
        try fill("a.db", "acme", count: 30)
        try fill("b.db", "beta", count: 7)
        let id = try tenant("a.db")
        let before = try answers("a.db", "acme")
        #expect(try scene.twin("--db", "a.db", "tenants", "export", id, "export.db").code == 0)
        #expect(try scene.twin("--db", "a.db", "tenants", "export", id, "export.db").code == 1)
        #expect(try isSound("export.db"))
        let dry = try scene.twin("--db", "b.db", "tenants", "import", "export.db", "--dry-run", "--json")
        #expect(try dry.json()["dry_run"] == true)
        #expect(try scene.twin("--db", "b.db", "twins", "list", "--json").json().arrayValue?.count == 1)
        #expect(try scene.twin("--db", "b.db", "tenants", "import", "export.db").code == 0)
        #expect(try scene.twin("--db", "b.db", "tenants", "import", "export.db").code == 1)
        #expect(try isSound("b.db"))
        #expect(try answers("export.db", "acme") == before)
        #expect(try answers("b.db", "acme") == before)
        #expect(try scene.twin("--db", "b.db", "tenants", "list", "--json").json().arrayValue?.count == 2)
        #expect(try scene.twin("--db", "b.db", "tenants", "import", "nothing.db").code == 5)
        #expect(try scene.twin("--db", "a.db", "tenants", "move", id, "--to", "b.db").code == 2)
        #expect(try scene.twin("--db", "a.db", "tenants", "move", id, "--cancel").code == 5)
    }

    @Test func `under load every question is answered, here or there, or told to come again`() throws {
        try fill("a.db", "acme", count: 200)
        try fill("b.db", "beta", count: 5)
        let (id, field) = (try tenant("a.db"), try key("a.db"))
        let other = try RunningServer(scene, "--db", "b.db")
        let server = try RunningServer(scene, "--db", "a.db")
        let twins = try server.send("GET", "/twins", headers: [field]).json()
        let twin = twins.arrayValue?.first?["id"]?.stringValue ?? ""
        #expect(!twin.isEmpty)

        let tally = Tally()
        let asking = (0..<3).map { number in
            WaitedThread {
                while !tally.isOver.load(ordering: .relaxed) {
                    do {
                        let reply = try server.send(
                            "POST", "/chat/\(twin)", json: ["query": .string("How often is gear \(number + 3) oiled?")],
                            headers: [field, "accept: application/x-ndjson"])
                        tally.seen.withLock { $0[reply.status, default: 0] += 1 }
                        switch reply.status {
                        case 200:
                            if !reply.body.contains("oiled every") { tally.faults.withLock { $0.append(reply.body) } }
                        case 307:
                            let place = reply.headers["location"] ?? ""
                            if place != other.url + "/chat/\(twin)" { tally.faults.withLock { $0.append("to \(place)") } }
                        case 503:
                            if reply.headers["retry-after"] == nil {
                                tally.faults.withLock { $0.append("503 without retry-after") }
                            }
                        default: tally.faults.withLock { $0.append("\(reply.status) \(reply.body)") }
                        }
                    } catch {
                        tally.faults.withLock { $0.append("\(error)") }
                    }
                }
            }
        }
        asking.forEach { $0.start() }
        tally.wait(for: 200)
        let moved = try scene.twin("--db", "a.db", "tenants", "move", id, "--to", "b.db", "--url", other.url, "--yes", "--json")
        #expect(moved.code == 0, "\(moved)")
        tally.wait(for: 307)
        tally.isOver.store(true, ordering: .relaxed)
        asking.forEach { $0.wait() }
        #expect(tally.faults.withLock { $0 }.isEmpty, "\(tally.faults.withLock { $0.prefix(5) })")
        let counts = tally.seen.withLock { $0 }
        #expect((counts[200] ?? 0) > 0 && (counts[307] ?? 0) > 0, "\(counts)")

        // The caller's own credentials are good there, and nothing is left here.
        let question: JSON = ["query": "How often is gear 9 oiled?"]
        let there = try other.send("POST", "/chat/\(twin)", json: question, headers: [field])
        #expect(there.status == 200 && there.body.contains("oiled every 9"))
        let read = try server.send("GET", "/twins/\(twin)?x=1", headers: [field])
        #expect(read.status == 307 && read.headers["location"] == other.url + "/twins/\(twin)?x=1")
        #expect(try server.send("GET", "/twins/\(UUID().uuidString)", headers: [field]).status == 307)
        #expect(try server.send("GET", "/twins").status == 401)
        server.stop()
        other.stop()
        #expect(try isSound("a.db") && isSound("b.db"))
        let bytes = String(decoding: try Data(contentsOf: URL(filePath: scene.path("a.db"))), as: UTF8.self)
        #expect(!bytes.contains("of acme"))
    }

    @Test func `killed at any moment it is in one place, and the same command finishes`() throws {
        try fill("a.db", "acme", count: 120)
        let id = try tenant("a.db")
        let before = try answers("a.db", "acme")
        var (here, there) = ("a.db", "b.db")
        try fill("b.db", "beta", count: 3)
        var killed = 0
        for round in 0..<12 {
            let line =
                "\"$TWIN\" --db \(here) tenants move \(id) --to \(there) --url https://b.example --yes --quiet & p=$!; "
                + "sleep 0.\(round < 10 ? "0\(round)" : "\(round)"); kill -9 $p; wait $p"
            let result = try scene.shell(line)
            if result.code == 137 { killed += 1 }
            // Each file is whole, whatever of the tenant it has.
            #expect(try isSound(there) && isSound(here), "round \(round)")
            let finished = try scene.twin(
                "--db", here, "tenants", "move", id, "--to", there, "--url", "https://b.example", "--yes")
            #expect(finished.code == 0, "\(finished)")
            #expect(try answers(there, "acme") == before, "round \(round)")
            #expect(try scene.twin("--db", here, "search", "gear", "--twin", "acme").code == 5)
            swap(&here, &there)
        }
        #expect(killed > 0)
    }

    @Test func `a token is good there where both files are served with one secret, and else not`() throws {
        try fill("a.db", "acme", count: 3)
        try scene.twin("--db", "a.db", "users", "add", "ada@example.org", "--no-password")
        let id = try tenant("a.db")
        let secret = ["TWIN_JWT_SECRET": String(repeating: "s", count: 40)]
        func token(_ environment: [String: String]) throws -> String {
            let made = try scene.twin("--db", "a.db", "token", "create", "--user", "ada@example.org", environment: environment)
            return "authorization: Bearer " + made.output.filter { !$0.isNewline }
        }
        let (own, common) = (try token([:]), try token(secret))
        let moved = try scene.twin("--db", "a.db", "tenants", "move", id, "--to", "c.db", "--url", "https://c.example", "--yes")
        #expect(moved.code == 0, "\(moved)")
        // A server without any secret cannot check tokens at all.
        try scene.twin("--db", "c.db", "token", "create", "--user", "ada@example.org")
        for (environment, field, status) in [([:], own, 401), (secret, common, 200)] {
            let there = try RunningServer(scene, "--db", "c.db", environment: environment)
            #expect(try there.send("GET", "/twins", headers: [field]).status == status)
            there.stop()
        }
        // Whoever comes with one to where the tenant was is told where to go.
        let here = try RunningServer(scene, "--db", "a.db")
        #expect(try here.send("GET", "/twins", headers: [own]).headers["location"] == "https://c.example/twins")
    }
}

/// What clients have seen.
private final class Tally: Sendable {
    let isOver = Atomic<Bool>(false)
    let seen = Mutex<[Int: Int]>([:])
    let faults = Mutex<[String]>([])

    /// Waits until somebody has been answered so, however slow the machine is.
    func wait(for status: Int) {
        for _ in 0..<24_000 where seen.withLock({ $0[status] == nil }) { usleep(10_000) }
    }
}

/// A thread that is waited for.
private final class WaitedThread: Sendable {
    private let body: @Sendable () -> Void
    private let isDone = Atomic<Bool>(false)

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    func start() {
        let hasBegun = SystemThread.start { [self] in
            body()
            isDone.store(true, ordering: .releasing)
        }
        if !hasBegun { isDone.store(true, ordering: .releasing) }
    }

    func wait() { while !isDone.load(ordering: .acquiring) { usleep(10_000) } }
}
