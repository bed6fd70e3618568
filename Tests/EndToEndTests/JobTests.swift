import FoundationEssentials
import Synchronization
import TestSupport
import Testing
import TwinHTTP
import TwinKit
import TwinSupport

@Suite struct JobTests {
    let scene: Scene
    private let quick = ["TWIN_JOBS_RETRY_SECONDS": "0", "TWIN_ALLOW_PRIVATE": "1"]
    private static let page =
        "<html><head><title>Bees</title></head><body><main><p>Bees dance in the shape of an eight to tell the others where "
        + "the nectar is, and how far.</p></main></body></html>"

    init() throws { scene = try Scene() }

    private func queue(_ url: String) throws -> JSON {
        let result = try scene.twin("ingest", url, "--queue", "--json", environment: quick)
        #expect(result.code == 0, "\(result)")
        return try #require(try result.json()[0])
    }

    @Test func `a queued page is fetched by a worker and can be asked`() throws {
        let server = try ScriptedServer { _ in .ok(Self.page, type: "text/html") }
        let job = try queue(server.url + "/bees.html")
        #expect(job["status"] == "queued")
        #expect(server.requests.isEmpty, "it is only queued")
        let id = try #require(job["id"]?.stringValue)
        let source = try #require(job["source_id"]?.stringValue)
        #expect(try scene.twin("sources", "show", source, "--json").json()["status"] == "processing")

        let run = try scene.twin("jobs", "run", "--until-idle", "--json", environment: quick)
        #expect(run.code == 0, "\(run)")
        #expect(try run.json()[0]?["status"] == "complete")
        let shown = try scene.twin("sources", "show", source, "--json").json()
        #expect(shown["status"] == "live")
        #expect(shown["title"] == "Bees")
        #expect(shown["content_hash"]?.stringValue?.count == 64)
        let answer = try scene.twin("chat", "How do bees tell where the nectar is?", "--json")
        #expect(answer.output.contains("shape of an eight"), "\(answer)")
        let done = try scene.twin("jobs", "show", id, "--json").json()
        #expect(done["progress"]?.doubleValue == 1)
        #expect(done["metadata"]?["outcome"] == "added")
        let log = try scene.twin("jobs", "logs", id, "--jsonl").jsonLines().compactMap { $0["message"]?.stringValue }
        #expect(log == ["Complete", "Started, attempt 1 of 3", "Queued"])
    }

    @Test func `a server that is away is asked three times, and the job then says why it failed`() throws {
        let server = try ScriptedServer { _ in .status(500) }
        let job = try queue(server.url + "/bees.html")
        let run = try scene.twin("jobs", "run", "--until-idle", "--jsonl", environment: quick)
        #expect(run.code == 1)
        #expect(server.requests.count == 3)
        let shown = try scene.twin("jobs", "show", try #require(job["id"]?.stringValue), "--json").json()
        #expect(shown["status"] == "failed")
        #expect(shown["attempts"] == 3)
        #expect(shown["error_message"]?.stringValue?.contains("status 500") == true)
        let source = try scene.twin("sources", "show", try #require(job["source_id"]?.stringValue), "--json").json()
        #expect(source["status"] == "error")
        #expect(source["health_status"] == "failed")
    }

    @Test func `a failure in passing is mended by a retry, on its own or by hand`() throws {
        let count = Mutex(0)
        let server = try ScriptedServer { _ in
            count.withLock {
                $0 += 1
                return $0
            } == 1 ? .status(503) : .ok(Self.page, type: "text/html")
        }
        _ = try queue(server.url + "/bees.html")
        let run = try scene.twin("jobs", "run", "--until-idle", "--jsonl", environment: quick)
        #expect(run.code == 0, "\(run)")
        #expect(try run.jsonLines().compactMap { $0["status"]?.stringValue } == ["queued", "complete"])

        let missing = Mutex(true)
        let second = try ScriptedServer { _ in missing.withLock { $0 } ? .status(404) : .ok(Self.page, type: "text/html") }
        let job = try queue(second.url + "/more.html")
        let id = try #require(job["id"]?.stringValue)
        #expect(try scene.twin("jobs", "run", "--until-idle", environment: quick).code == 1)
        #expect(second.requests.count == 1, "what is not there is not asked for again")
        missing.withLock { $0 = false }
        #expect(try scene.twin("jobs", "retry", id).code == 0)
        #expect(try scene.twin("jobs", "run", "--until-idle", environment: quick).code == 0)
        #expect(try scene.twin("jobs", "show", id, "--json").json()["status"] == "complete")
    }

    @Test func `a worker that is killed in the middle of a job is followed by one that finishes it`() throws {
        let isSlow = Mutex(true)
        let server = try ScriptedServer { _ in
            isSlow.withLock { $0 } ? .init([.hang]) : .ok(Self.page, type: "text/html")
        }
        let job = try queue(server.url + "/bees.html")
        let id = try #require(job["id"]?.stringValue)
        let killed = try scene.shell(
            """
            "$TWIN" jobs run -q & worker=$!
            for i in $(seq 300); do
                [ "$(twin jobs show \(id) --json | jq -r .status)" = processing ] && break
                sleep 0.1
            done
            kill -9 $worker; wait $worker
            twin jobs show \(id) --json | jq -r .status
            """, environment: quick)
        #expect(killed.lines.last == "processing", "\(killed)")
        isSlow.withLock { $0 = false }
        let run = try scene.twin("jobs", "run", "--until-idle", "--json", environment: quick)
        #expect(run.code == 0, "\(run)")
        #expect(try run.json()[0]?["attempts"] == 2)
        #expect(try scene.twin("search", "nectar", "--json").json().arrayValue?.count == 1)
    }

    @Test func `a running job is cancelled from another process`() throws {
        let server = try ScriptedServer { _ in .init([.hang]) }
        let id = try #require(try queue(server.url + "/bees.html")["id"]?.stringValue)
        let result = try scene.shell(
            """
            "$TWIN" jobs run --until-idle --json > out.json & worker=$!
            for i in $(seq 300); do
                [ "$(twin jobs show \(id) --json | jq -r .status)" = processing ] && break
                sleep 0.1
            done
            twin jobs cancel \(id) -q
            wait $worker; echo "ended $?"
            jq -r '.[0] | "\\(.status) \\(.error_message) \\(.metadata.cancelled)"' out.json
            """, environment: quick)
        #expect(result.lines.suffix(2) == ["ended 1", "failed cancelled true"], "\(result)")
    }

    @Test func `Ctrl-C gives the job in hand back`() throws {
        let server = try ScriptedServer { _ in .init([.hang]) }
        let id = try #require(try queue(server.url + "/bees.html")["id"]?.stringValue)
        let result = try scene.shell(
            """
            "$TWIN" jobs run -q & worker=$!
            for i in $(seq 300); do
                [ "$(twin jobs show \(id) --json | jq -r .status)" = processing ] && break
                sleep 0.1
            done
            kill -TERM $worker; wait $worker
            twin jobs show \(id) --json | jq -r '"\\(.status) \\(.attempts)"'
            """, environment: quick)
        #expect(result.lines.last == "queued 0", "\(result)")
    }

    @Test func `a source that is deleted while it is fetched does not come back`() throws {
        let arrived = Mutex(false)
        let server = try ScriptedServer { _ in
            arrived.withLock { $0 = true }
            return .init([.pause(1_500)] + ScriptedServer.Response.ok(Self.page, type: "text/html").steps)
        }
        let job = try queue(server.url + "/bees.html")
        let source = try #require(job["source_id"]?.stringValue)
        let result = try scene.shell(
            """
            "$TWIN" jobs run --until-idle -q & worker=$!
            for i in $(seq 300); do
                [ "$(twin jobs list --json | jq -r '.[0].status')" = processing ] && break
                sleep 0.02
            done
            twin sources rm \(source) -q; wait $worker
            twin sources list --json | jq length
            """, environment: quick)
        #expect(result.lines.last == "0", "\(result)")
        #expect(try scene.twin("search", "nectar", "--json").json() == .array([]))
    }

    @Test func `what cannot be queued or found is said in a sentence`() throws {
        try scene.write("a.txt", "A text about bees that is long enough to be read.\n")
        let file = try scene.twin("ingest", "a.txt", "--queue")
        #expect(file.code == 2)
        #expect(file.errors.contains("addresses only"))
        #expect(try scene.twin("ingest", "https://user:secret@example.org/", "--queue").code == 1 + 1)
        #expect(try scene.twin("jobs", "show", "nothing").code == 5)
        #expect(try scene.twin("jobs", "cancel", "nothing").code == 5)
        #expect(try scene.twin("jobs", "list", "--json").json() == .array([]))
        #expect(try scene.twin("jobs", "run", "--once").code == 0)
    }
}
