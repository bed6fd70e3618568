import Glibc
import Synchronization
import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// Access that ends in the middle of an answer ends the answer for its reader, through every door that is open, and for the
/// reader only: what is kept is finished and stored.
@Suite struct RevocationTests {
    /// What is said before access ends, and what would be said after it.
    private static let (first, second) = ("linden is in flower", "is when hives are opened")

    enum Ending: CaseIterable, Sendable {
        /// Of the source, of the group that it is granted to, of the twin.
        case withdrawn, groupDeleted, archived
        /// Of the key, the account, the share link.
        case credentials

        /// Words of which a reader is told one.
        var words: [String] {
            switch self {
            case .withdrawn: ["withdrawn"]
            case .groupDeleted: ["withdrawn", "access group"]
            case .archived: ["archived"]
            case .credentials: ["API key", "link", "account", "token"]
            }
        }
    }

    /// One answer that is heard through one door, by a client with a connection of its own.
    private final class Listener: Sendable {
        let door: Door
        private let heard = Monitor((head: "", text: "", isEnded: false, failure: ""))

        init(_ door: Door, port: Int) {
            self.door = door
            let isStarted = SystemThread.start { [self] in
                do {
                    let client = WireClient(port: port)
                    let body = JSONWriter.bytes(door.body)
                    let headers = door.headers + ["content-type: application/json"]
                    if door.isStream {
                        let reply = try client.begin("POST", door.path, headers: headers, body: body)
                        heard.withLock { $0.head = reply.head }
                        while let chunk = try client.nextChunk() {
                            heard.withLock { $0.text += chunk }
                            heard.notifyAll()
                        }
                    } else {
                        let reply = try client.send("POST", door.path, headers: headers, body: body)
                        heard.withLock { heard in (heard.head, heard.text) = (reply.head, reply.body) }
                    }
                } catch {
                    heard.withLock { $0.failure = "\(error)" }
                }
                heard.withLock { $0.isEnded = true }
                heard.notifyAll()
            }
            if !isStarted { heard.withLock { $0.isEnded = true } }
        }

        /// Waits until what was heard holds these words. Answers all of it.
        func text(holding words: String) throws -> String {
            let text = heard.wait(seconds: 240) { heard -> String? in
                heard.text.contains(words) || heard.isEnded ? heard.text : nil
            }
            return try #require(text, "\(door.name) says nothing")
        }

        func end() throws -> (head: String, text: String) {
            let end = heard.wait(seconds: 240) { heard in heard.isEnded ? (heard.head, heard.text, heard.failure) : nil }
            let (head, text, failure) = try #require(end, "\(door.name) does not end")
            #expect(failure.isEmpty, "\(door.name): \(failure)")
            return (head, text)
        }
    }

    private struct Door: Sendable {
        let name: String
        let path: String
        let body: JSON
        let headers: [String]
        var isStream = true
        /// In the form of the door, that which says that something is wrong.
        let error: String
        var isKept = true
    }

    private static func doors(_ slow: SlowModelStage, viewer: String, key: String, share: String?) -> [Door] {
        let stage = slow.stage
        let question = SlowModelStage.question
        let (twin, bearer) = (stage.twin, "authorization: Bearer \(key)")
        func completion(_ more: JSONObject) -> JSON {
            let object: JSONObject = ["model": .string(twin.slug), "messages": [["role": "user", "content": question]]]
            return .object(object.merging(more))
        }
        func response(_ more: JSONObject) -> JSON {
            let object: JSONObject = ["model": .string(twin.slug), "input": question]
            return .object(object.merging(more))
        }
        let call: JSON = [
            "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": ["name": "ask", "arguments": ["question": question]],
        ]
        let chat = "/chat/\(twin.id)"
        var doors = [
            Door(name: "chat", path: chat, body: ["query": question], headers: [viewer], error: #""type":"error""#),
            Door(
                name: "chat, events", path: chat, body: ["query": question], headers: [viewer, "accept: text/event-stream"],
                error: "event: error"),
            Door(
                name: "chat, document", path: chat, body: ["query": question], headers: [viewer, "accept: application/json"],
                isStream: false, error: #""detail""#),
            Door(
                name: "widget", path: "/chat-widget/\(twin.id)", body: ["query": question, "api_key": .string(key)], headers: [],
                error: #""type":"error""#),
            Door(
                name: "brain", path: "/api/twins/\(twin.id)/chat", body: ["message": question], headers: [viewer],
                isStream: false, error: #"{"error":{"code""#),
            Door(
                name: "completions", path: "/v1/chat/completions", body: completion(["stream": true]), headers: [bearer],
                error: #"data: {"error":{"message""#, isKept: false),
            Door(
                name: "kept completions", path: "/v1/chat/completions", body: completion(["stream": true, "store": true]),
                headers: [bearer], error: #"data: {"error":{"message""#),
            Door(
                name: "completion", path: "/v1/chat/completions", body: completion([:]), headers: [bearer], isStream: false,
                error: #"{"error":{"message""#, isKept: false),
            Door(
                name: "responses", path: "/v1/responses", body: response(["stream": true]), headers: [bearer],
                error: "event: error\ndata: {\"type\":\"error\""),
            Door(
                name: "response", path: "/v1/responses", body: response([:]), headers: [bearer], isStream: false,
                error: #"{"error":{"message""#),
            Door(
                name: "MCP", path: "/mcp", body: call, headers: [bearer], isStream: false, error: #""isError":true"#),
        ]
        if let share {
            doors.append(
                Door(
                    name: "share link", path: "/public/chat/\(twin.id)/\(share)", body: ["message": question], headers: [],
                    isStream: false, error: #""detail""#))
        }
        return doors
    }

    @Test(arguments: Ending.allCases)
    func `no reader hears more of an answer than was theirs to hear, and what is kept is finished`(ending: Ending) throws {
        let slow = try SlowModelStage()
        let (stage, workspace) = (slow.stage, slow.stage.workspace)
        let source = try #require(try workspace.sources.list(twin: stage.twin).first)
        let standard = try #require(try workspace.groups.list(of: stage.twin).first { $0.isDefault })
        let member = try stage.tenant.user(role: .viewer)
        var group: AccessGroup?
        if ending == .groupDeleted {
            let partners = try workspace.groups.create("partners", of: stage.twin)
            try workspace.permissions.grant(.source, [source.id], to: partners)
            try workspace.permissions.revoke(.source, [source.id], from: standard)
            try workspace.groups.add(member.id, to: partners, by: nil)
            group = partners
        }
        let key = try workspace.keys.create(
            "partner", tenantID: stage.tenant.tenantID, group: group, scopes: [.chat, .read], by: nil)
        _ = try workspace.shareLinks.setEnabled(stage.twin, true, by: nil)
        let share = try workspace.shareLinks.rotate(stage.twin, by: nil).token ?? ""
        let doors = Self.doors(
            slow, viewer: try stage.tenant.token(member), key: key.text.reveal(), share: group == nil ? share : nil)
        let port = try stage.server.port()
        let listeners = doors.map { Listener($0, port: port) }
        for _ in 0..<24_000 where slow.model.server.requests.count < doors.count { usleep(10_000) }
        #expect(slow.model.server.requests.count == doors.count)
        slow.gate.open()
        for listener in listeners where listener.door.isStream {
            #expect(try listener.text(holding: Self.first).contains(Self.first), "\(listener.door.name)")
        }

        switch ending {
        case .withdrawn: try workspace.permissions.revoke(.source, [source.id], from: standard)
        case .groupDeleted: if let group { try workspace.groups.delete(group, by: nil) }
        case .archived: _ = try workspace.twins.archive(stage.twin)
        case .credentials:
            _ = try workspace.keys.revoke(key.key.id)
            try workspace.database.write { try $0.run("DELETE FROM users WHERE id = ?", member.id) }
            _ = try workspace.shareLinks.rotate(stage.twin, by: nil)
        }
        slow.gate.open()
        for listener in listeners {
            let (head, text) = try listener.end()
            let (door, told) = (listener.door, "\(listener.door.name): \(head) \(text)")
            #expect(!text.contains(Self.second) && !text.contains("[DONE]") && !text.contains("response.completed"), "\(told)")
            #expect(text.contains(door.error), "\(told)")
            #expect(ending.words.contains { text.contains($0) }, "\(told)")
            if door.isStream { continue }
            #expect(!text.contains(Self.first), "\(told)")
            #expect(door.name == "MCP" || head.hasPrefix("HTTP/1.1 4"), "\(told)")
        }
        let kept = doors.count { $0.isKept }
        var stored = 0
        for _ in 0..<24_000 where stored < kept {
            stored = try workspace.database.read { connection in
                try connection.first("SELECT count(*) FROM messages WHERE content LIKE ?", "%\(Self.second)%") { $0.int(0) } ?? 0
            }
            if stored < kept { usleep(10_000) }
        }
        // The conversations of a removed account are the record of the workspace.
        #expect(stored == kept)
    }

    @Test func `a kept response is read again as far as it may be`() throws {
        let stage = try ServedFixture()
        let workspace = stage.workspace
        let key = try workspace.keys.create("partner", tenantID: stage.tenant.tenantID, scopes: [.chat], by: nil)
        let headers = ["authorization: Bearer \(key.text.reveal())"]
        let asked = try stage.send(
            "POST", "/v1/responses", ["model": .string(stage.twin.slug), "input": SlowModelStage.question], headers: headers)
        let id = try #require(try asked.json()["id"]?.stringValue)
        func read() throws -> WireClient.Reply { try stage.send("GET", "/v1/responses/\(id)", nil, headers: headers) }
        #expect(try read().body.contains("linden"))
        let source = try #require(try workspace.sources.list(twin: stage.twin).first)
        let group = try #require(try workspace.groups.list(of: stage.twin).first { $0.isDefault })
        try workspace.permissions.revoke(.source, [source.id], from: group)
        let withdrawn = try read()
        #expect(withdrawn.status == 200 && withdrawn.body.contains("withdrawn") && !withdrawn.body.contains("linden"))
        try workspace.permissions.grant(.source, [source.id], to: group)
        #expect(try read().body.contains("linden"))
        // Its twin's owner keeps the record.
        _ = try workspace.twins.archive(stage.twin)
        let archived = try read()
        #expect(archived.status == 410 && !archived.body.contains("linden"))
        #expect(try stage.send("GET", "/v1/responses/\(id)").body.contains("linden"))
        _ = try workspace.keys.revoke(key.key.id)
        let refused = try read()
        #expect(refused.status == 401 && !refused.body.contains("linden"))
    }

    @Test func `a job's stream ends when its source is hidden from its reader`() throws {
        let stage = try ServedFixture()
        let workspace = stage.workspace
        let key = try workspace.keys.create("ci", tenantID: stage.tenant.tenantID, scopes: [.write], by: nil)
        let source = try #require(try workspace.sources.list(twin: stage.twin).first)
        // Nobody works on it, as the server runs no jobs.
        let job = try workspace.queueReextraction(of: source, createdBy: stage.tenant.owner.id)
        let client = try stage.connection()
        let reply = try client.begin(
            "GET", "/jobs/\(job.id)/events", headers: ["x-twin-api-key: \(key.text.reveal())"], body: [])
        #expect(reply.status == 200)
        #expect(try client.nextChunk()?.contains(job.id) == true)
        let group = try #require(try workspace.groups.list(of: stage.twin).first { $0.isDefault })
        try workspace.permissions.revoke(.source, [source.id], from: group)
        var rest = ""
        while let chunk = try client.nextChunk() { rest += chunk }
        #expect(rest.contains("\"error\"") && !rest.contains("\"complete\""))
    }
}
