import FoundationEssentials
import TestSupport
import Testing
import TwinDatabase
import TwinKit

#if canImport(Glibc)
    import Glibc
    import TwinHTTP
    import TwinSupport
#endif

@Suite struct ReplicaTests {
    @Test func `a replica answers reads itself and passes on what changes something`() throws {
        let stage = try ReplicaStage()
        let twins = try stage.read("/twins")
        #expect(try twins.status == 200 && twins.json()[0]?["slug"] == "ada" && twins.headers["x-twin-seq"] != nil)
        #expect(try stage.forwarded("write") == 0)
        // With the caller's own credentials: what may not be done at the primary may not be done here.
        let owner = try stage.primary.user("owner@example.org")
        #expect(try stage.replica.send("POST", "/twins", json: ["name": "Bea"], headers: [stage.keyField]).status == 403)
        #expect(try stage.replica.send("POST", "/twins", json: ["name": "Bea"]).status == 401)
        let made = try stage.replica.send("POST", "/twins", json: ["name": "Bea"], headers: [owner.authorization])
        #expect(try made.status == 200 && made.json()["name"] == "Bea")
        #expect(try stage.forwarded("write") == 3)
        #expect(
            try stage.wait {
                try stage.replica.send("GET", "/twins", headers: [owner.authorization]).json().arrayValue?.count == 2
            })
        // Who the reply is from shows nowhere: one of each field.
        #expect(made.headers["x-content-type-options"] == "nosniff" && made.headers["content-type"] == "application/json")
        // Content that is streamed in, of more than a piece, and a method of its own.
        try stage.home.write("long.txt", String(repeating: "The gear oil of the winch is changed each spring. ", count: 20_000))
        let upload = try stage.replica.send(
            "POST", "/ingest/file/ada", headers: [owner.authorization], more: ["-F", "file=@\(stage.home.path("long.txt"))"])
        #expect(upload.status == 200, "\(upload)")
        let id = try #require(made.json()["id"]?.stringValue)
        let renamed = try stage.replica.send("PATCH", "/twins/\(id)", json: ["name": "Cleo"], headers: [owner.authorization])
        #expect(try renamed.json()[0]?["name"] == "Cleo", "\(renamed)")
        #expect(try stage.replica.send("DELETE", "/twins/\(id)", headers: [owner.authorization]).status == 200)
        // A read that has to count something is the primary's.
        let checked = try stage.replica.send("GET", "/public/validate-share/\(id)/wrong")
        #expect(try checked.status == stage.primary.send("GET", "/public/validate-share/\(id)/wrong").status)
        #expect(try stage.forwarded("refused") == 1)
        // What the primary says of wrong input is what the caller hears, in the contract's form.
        let wrong = try stage.replica.send("POST", "/twins", json: ["name": 1], headers: [owner.authorization])
        #expect(try wrong.status == 422 && wrong.json()["detail"]?.arrayValue?.isEmpty == false)
        #expect(try stage.replica.send("POST", "/nowhere", json: [:]).status == 404)
    }

    @Test func `a question is answered at the replica, and counted and stored at the primary`() throws {
        let stage = try ReplicaStage()
        let question: JSON = ["query": "How often is the gear oil changed?"]
        let reply = try stage.replica.send(
            "POST", "/chat/ada", json: question, headers: [stage.keyField, "accept: text/event-stream"])
        #expect(reply.status == 200 && reply.headers["content-type"]?.hasPrefix("text/event-stream") == true)
        #expect(reply.body.contains("event: metadata") && reply.body.contains("500 hours") && reply.body.contains("event: done"))
        let first = try stage.replica.send(
            "POST", "/chat/ada", json: question, headers: [stage.keyField, "accept: application/json"]
        ).json()
        #expect(first["status"] == "grounded" && first["citation_details"]?.arrayValue?.count == 1)
        // It goes on at once, although the file need not have the conversation yet.
        let conversation = try #require(first["conversation_id"]?.stringValue)
        stage.copier.isFollowing = false
        let next = try stage.replica.send(
            "POST", "/chat/ada", json: ["query": "Why is the sky green?", "conversation_id": .string(conversation)],
            headers: [stage.keyField, "accept: application/json"]
        ).json()
        #expect(next["conversation_id"]?.stringValue == conversation && next["message_id"]?.stringValue != nil)
        for contract in ["/v1/chat/completions", "/v1/responses"] {
            let asked: JSON =
                contract.hasSuffix("responses")
                ? ["model": "ada", "input": "How often is the gear oil changed?"]
                : ["model": "ada", "messages": [["role": "user", "content": "How often is the gear oil changed?"]]]
            let told = try stage.replica.send("POST", contract, json: asked, headers: [stage.keyField])
            #expect(told.status == 200 && told.body.contains("500 hours"), "\(told)")
        }
        #expect(try stage.forwarded("question") == 0 && stage.forwarded("write") == 0)
        // The primary has all of it: as the twin's owner sees it.
        let stored = try stage.home.twin("conversations", "show", conversation, "--json").output
        #expect(stored.contains("500 hours") && stored.contains("sky green"))
        let usage = try stage.home.twin("metrics", "usage", "--twin", "ada", "--json").json()
        #expect(usage["total_requests"] == 5, "\(usage)")
        // Another's conversation stays another's, in the words of the primary.
        let stranger =
            try stage.home.twin("keys", "create", "other", "--scope", "chat", "--json").json()["key"]?.stringValue ?? ""
        let refused = try stage.replica.send(
            "POST", "/chat/ada", json: ["query": "And now?", "conversation_id": .string(conversation)],
            headers: ["x-twin-api-key: \(stranger)"])
        #expect(refused.status == 404)
    }

    @Test func `a question is not answered from what was withdrawn, and limits hold over all servers`() throws {
        let stage = try ReplicaStage()
        stage.copier.isFollowing = false
        let question: JSON = [
            "model": "ada", "store": false, "messages": [["role": "user", "content": "How often is the gear oil changed?"]],
        ]
        func ask() throws -> RunningServer.Reply {
            try stage.replica.send("POST", "/v1/chat/completions", json: question, headers: [stage.keyField])
        }
        #expect(try ask().body.contains("500 hours"))
        let source = try #require(try stage.home.twin("sources", "list", "--json").json()[0]?["id"]?.stringValue)
        try stage.home.twin("sources", "rm", source)
        // At once, since the primary is asked before: not only once the replica has heard of it.
        let after = try ask()
        #expect(after.status == 200 && !after.body.contains("500 hours"), "\(after)")
        #expect(try stage.forwarded("question") + stage.forwarded("withdrawn") == 1)
        // One's own question is seen from any server, by the number that came with its answer.
        let kept = try stage.replica.send("POST", "/chat/ada", json: ["query": "Which oil?"], headers: [stage.keyField])
        let sequence = try #require(kept.headers["x-twin-seq"].flatMap { Int($0) })
        #expect(
            try sequence <= Int(stage.primary.send("GET", "/twins", headers: [stage.keyField]).headers["x-twin-seq"] ?? "") ?? 0)
        stage.copier.isFollowing = true
        try stage.waitUntilReady()
        #expect(try ask().status == 200)
    }

    @Test func `without its primary a replica answers questions that are not kept, where it may read`() throws {
        let stage = try ReplicaStage("--stale-reads 3600")
        stage.primary.stop(SIGKILL)
        let text = "How often is the gear oil changed?"
        func ask(keeping: Bool) throws -> RunningServer.Reply {
            try stage.replica.send(
                "POST", "/v1/chat/completions",
                json: ["model": "ada", "store": .bool(keeping), "messages": [["role": "user", "content": .string(text)]]],
                headers: [stage.keyField])
        }
        // Until it is certain that the primary is away, it is waited for.
        #expect(try stage.wait { try ask(keeping: false).body.contains("500 hours") })
        let kept = try ask(keeping: true)
        #expect(kept.status == 503 && kept.headers["retry-after"] != nil)
        let chat = try stage.replica.send("POST", "/chat/ada", json: ["query": .string(text)], headers: [stage.keyField])
        #expect(chat.status == 503)
    }

    @Test func `a file is opened only once Litestream has changed it`() throws {
        let home = try Scene()
        let away = try Scene()
        try home.twin("twins", "create", "ada")
        let copier = Copier(from: home.path("twin.db"), to: away.path("replica.db"))
        try copier.copy(isTouched: false)
        let line =
            "\"$TWIN\" serve --port 0 --replica replica.db --primary http://127.0.0.1:1 --ready-file ready.json > log 2>&1 & echo $!"
        let process = try #require(
            Int32(try away.run("/bin/bash", ["-c", line], environment: ReplicaStage.environment).output.filter(\.isNumber)))
        defer { kill(process, SIGKILL) }
        func waits() -> Bool {
            (try? String(contentsOfFile: away.path("log"), encoding: .utf8))?.contains("first change") == true
        }
        for _ in 0..<12_000 where !waits() { usleep(20_000) }
        #expect(waits() && !FileManager.default.fileExists(atPath: away.path("ready.json")))
        // No lock is kept meanwhile: whoever wants the whole file for itself has it.
        let held = try away.shell("for f in /proc/\(process)/fd/*; do readlink $f; done")
        #expect(!held.output.contains(away.path("replica.db")))
        try copier.copy()
        for _ in 0..<12_000 where !FileManager.default.fileExists(atPath: away.path("ready.json")) { usleep(20_000) }
        #expect(FileManager.default.fileExists(atPath: away.path("ready.json")))
    }

    @Test func `a file that holds a part of a change is not read`() throws {
        let stage = try ReplicaStage()
        stage.copier.isFollowing = false
        func sources() throws -> RunningServer.Reply { try stage.read("/sources/ada") }
        // What says that a change was done is as new as the file. A copy that had begun may still come.
        func isReadOnceDone() throws -> Bool {
            try stage.wait {
                _ = try stage.away.shell("touch replica.db-txid")
                return try sources().status == 200
            }
        }
        #expect(try isReadOnceDone())
        try stage.home.write("pump.md", "# Pump\n\nThe pump is greased every week.\n")
        try stage.home.twin("ingest", "pump.md", "--twin", "ada")
        // As Litestream leaves it when it is killed while it writes. The primary is asked, if anybody.
        func breakOff() throws { _ = try stage.away.shell("touch -d '1 hour ago' replica.db-txid") }
        try breakOff()
        let reply = try sources()
        #expect(
            try reply.status == 503 ? reply.headers["retry-after"] != nil : reply.json().arrayValue?.count == 2, "\(reply)")
        #expect(try isReadOnceDone())
        // Without its primary it has nothing to say.
        try breakOff()
        stage.primary.stop(SIGKILL)
        let refused = try sources()
        #expect(refused.status == 503 && refused.headers["retry-after"] != nil, "\(refused)")
    }

    @Test func `a file that was restored anew and has not come as far as the one before is not read`() throws {
        let stage = try ReplicaStage()
        let owner = try stage.primary.user("owner@example.org")
        #expect(try stage.wait { try stage.replica.send("GET", "/twins", headers: [owner.authorization]).status == 200 })
        _ = try stage.away.shell("cp replica.db before.db")
        let made = try stage.replica.send("POST", "/twins", json: ["name": "Bea"], headers: [owner.authorization])
        let sequence = try #require(made.headers["x-twin-seq"].flatMap { Int($0) })
        #expect(
            try stage.wait {
                try stage.replica.send("GET", "/readyz").json()["replica"]?["sequence"]?.intValue ?? 0 >= sequence
            })
        stage.copier.stop()
        usleep(500_000)
        _ = try stage.away.shell("mv before.db replica.db")
        for _ in 0..<50 {
            let reply = try stage.replica.send("GET", "/twins", headers: [owner.authorization])
            #expect(try reply.status == 503 || reply.json().arrayValue?.count == 2, "\(reply)")
        }
    }

    @Test func `what was revoked or deleted is not answered from a file that still has it`() throws {
        let stage = try ReplicaStage()
        #expect(try stage.read("/sources/ada").json().arrayValue?.count == 1)
        stage.copier.isFollowing = false
        let source = try #require(try stage.home.twin("sources", "list", "--json").json()[0]?["id"]?.stringValue)
        try stage.home.twin("sources", "rm", source)
        #expect(try stage.wait(5) { try stage.read("/sources/ada").json().arrayValue?.isEmpty == true })
        #expect(try stage.forwarded("withdrawn") > 0)
        stage.copier.isFollowing = true
        try stage.waitUntilReady()
        // Once the file has it, it answers by itself again.
        #expect(
            try stage.wait {
                let before = try stage.forwarded("withdrawn")
                return try stage.read("/sources/ada").status == 200 && stage.forwarded("withdrawn") == before
            })
        stage.copier.isFollowing = false
        let id = try #require(try stage.home.twin("keys", "list", "--json").json()[0]?["id"]?.stringValue)
        try stage.home.twin("keys", "revoke", id)
        #expect(try stage.wait(5) { try stage.read("/twins").status == 401 })
    }

    @Test func `a client sees the change that it has seen before`() throws {
        let stage = try ReplicaStage()
        let owner = try stage.primary.user("owner@example.org")
        #expect(try stage.wait { try stage.replica.send("GET", "/twins", headers: [owner.authorization]).status == 200 })
        stage.copier.isFollowing = false
        let made = try stage.replica.send("POST", "/twins", json: ["name": "Bea"], headers: [owner.authorization])
        let sequence = try #require(made.headers["x-twin-seq"])
        // From the file, without the field; from the primary, with it, since the file does not get there.
        #expect(try stage.replica.send("GET", "/twins", headers: [owner.authorization]).json().arrayValue?.count == 1)
        let seen = try stage.replica.send("GET", "/twins", headers: [owner.authorization, "x-twin-seq: \(sequence)"])
        #expect(try seen.json().arrayValue?.count == 2)
        #expect(try stage.forwarded("sequence") == 1)
        // What is not in the file at all is looked for at the primary, whoever asks.
        let id = try #require(made.json()["id"]?.stringValue)
        #expect(try stage.replica.send("GET", "/twins/\(id)", headers: [owner.authorization]).json()["name"] == "Bea")
        #expect(try stage.forwarded("missing") == 1)
        // What is no number asks for nothing.
        let odd = try stage.replica.send("GET", "/twins", headers: [owner.authorization, "x-twin-seq: many"])
        #expect(odd.status == 200)
    }

    @Test func `a file that is too old answers nothing, and what changes something goes on`() throws {
        let stage = try ReplicaStage()
        stage.copier.isFollowing = false
        #expect(try stage.wait { try stage.read("/twins").status == 503 })
        let refused = try stage.read("/twins")
        #expect(try refused.headers["retry-after"] == "1" && refused.json()["detail"]?.stringValue?.contains("behind") == true)
        let ready = try stage.replica.send("GET", "/readyz")
        #expect(try ready.status == 503 && (ready.json()["replica"]?["lag_seconds"]?.doubleValue ?? 0) > 5)
        let asked = try stage.replica.send(
            "POST", "/chat/ada", json: ["query": "How often is the gear oil changed?"], headers: [stage.keyField])
        #expect(asked.status == 200)
        #expect(try stage.replica.send("GET", "/health").status == 200)
        stage.copier.isFollowing = true
        try stage.waitUntilReady()
        #expect(try stage.read("/twins").status == 200)
        let numbers = try stage.read("/metrics").body
        #expect(numbers.contains("twin_replica_lag_seconds ") && !numbers.contains("twin_replica_refused_requests 0\n"))
    }

    @Test(arguments: [(words: "", goesOn: false), (words: "--stale-reads 3600", goesOn: true)])
    func `without its primary a replica reads for five seconds, or for as long as it is told`(
        _ words: String, _ goesOn: Bool
    ) throws {
        let stage = try ReplicaStage(words)
        stage.primary.stop(SIGKILL)
        #expect(try stage.read("/twins").status == 200)
        let write = try stage.replica.send(
            "POST", "/twins", json: ["name": "Bea"], headers: [stage.keyField])
        #expect(write.status == 503 && write.headers["retry-after"] != nil)
        if goesOn {
            usleep(7_000_000)
            #expect(try stage.read("/twins").status == 200)
        } else {
            #expect(try stage.wait { try stage.read("/twins").status == 503 })
            #expect(try stage.read("/twins").json()["detail"]?.stringValue?.contains("lost its primary") == true)
        }
    }

    @Test func `only a replica is believed, and only a replica is told`() throws {
        let stage = try ReplicaStage()
        let path = "/internal/replica/state"
        #expect(try stage.primary.send("GET", path).status == 404)
        #expect(try stage.primary.send("GET", path, headers: ["x-twin-replica: \(ReplicaStage.token)x"]).status == 403)
        let told = try stage.primary.send("GET", path, headers: ["x-twin-replica: \(ReplicaStage.token)"])
        #expect(try told.status == 200 && told.json()["version"]?.stringValue == TwinVersion.current)
        // A replica lends its word to nobody: not by the path, not by the field, not by a way around.
        for way in [path, "/twins/../internal/replica/state", "/twins/%2e%2e/internal/replica/state"] {
            for method in ["GET", "POST", "DELETE"] {
                let reply = try stage.replica.send(
                    method, way, headers: ["x-twin-replica: \(ReplicaStage.token)", stage.keyField])
                #expect(reply.status >= 400 && !reply.body.contains("withdrawn"), "\(method) \(way): \(reply)")
            }
        }
        // Passed on for a client, a call is the client's.
        let asClient = try stage.primary.send(
            "GET", path, headers: ["x-twin-replica: \(ReplicaStage.token)", "x-twin-client: 192.0.2.7"])
        #expect(asClient.status == 404)
    }

    @Test func `a replica needs a primary, a secret, and the same twin`() throws {
        let home = try Scene()
        let away = try Scene()
        try home.twin("twins", "create", "ada")
        let copier = Copier(from: home.path("twin.db"), to: away.path("replica.db"))
        try copier.copy()
        func serve(_ words: String..., environment: [String: String] = ReplicaStage.environment) throws -> Scene.Result {
            try away.run(Scene.binary, ["serve", "--port", "0"] + words, environment: environment)
        }
        #expect(try serve("--replica", "replica.db").code == 2)
        #expect(try serve("--primary", "http://127.0.0.1:1").code == 2)
        #expect(try serve("--replica", "replica.db", "--primary", "nowhere").code == 2)
        let open = try serve("--replica", "replica.db", "--primary", "http://127.0.0.1:1", environment: [:])
        #expect(open.code == 3 && open.errors.contains("TWIN_REPLICA_TOKEN"))
        let short = try serve(
            "--replica", "replica.db", "--primary", "http://127.0.0.1:1", environment: ["TWIN_REPLICA_TOKEN": "short"])
        #expect(short.code == 3 && short.errors.contains("32"))
        // The schema's version stands in bytes 60 to 63.
        for (change, words) in [(1, "newer twin"), (-1, "older twin")] {
            try copier.copy()
            try Copier.rewrite(away.path("replica.db")) { $0[63] = UInt8(truncatingIfNeeded: Int($0[63]) + change) }
            let other = try serve("--replica", "replica.db", "--primary", "http://127.0.0.1:1")
            #expect(other.code == 1 && other.errors.contains(words), "\(other)")
        }
    }
}
