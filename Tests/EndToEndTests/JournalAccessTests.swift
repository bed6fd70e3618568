import FoundationEssentials
import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// Every route of the journal contract, called for the things of one user by everybody who could call it. What each is
/// answered stands in `Contract/journal.tsv`, which is written by hand.
@Suite struct JournalAccessTests {
    private enum Caller: String, CaseIterable {
        /// Whose things they are.
        case own = "self"
        /// Somebody else who has registered, and who said that they are an admin.
        case other
        /// An operator of the server.
        case admin
        /// An API key of the user's own workspace, with every scope.
        case key
        case nobody
    }

    private struct Row {
        let method: String
        let path: String
        let statuses: [Caller: Int]
        var name: String { "\(method) \(path)" }
    }

    private static func table() throws -> [Row] {
        let path = TwinBinary.repository + "/Tests/EndToEndTests/Contract/journal.tsv"
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
            $0.split(separator: "\t").map(String.init)
        }
        let callers = try #require(lines.first).dropFirst(2).compactMap { Caller(rawValue: $0) }
        try #require(callers == Caller.allCases)
        return try lines.dropFirst().map { line in
            let statuses = line.dropFirst(2).compactMap { Int($0) }
            try #require(statuses.count == callers.count)
            return Row(method: line[0], path: line[1], statuses: Dictionary(uniqueKeysWithValues: zip(callers, statuses)))
        }
    }

    @Test func `everybody is answered what the table of the contract says, and nobody else changes a row`() throws {
        let rows = try Self.table()
        #expect(rows.count == 30)
        let stage = try Stage()
        for row in rows {
            for caller in Caller.allCases {
                let expected = try #require(row.statuses[caller])
                let things = try stage.things()
                let before = try stage.rows(of: things)
                let reply = try stage.call(row.method, row.path, things, caller.rawValue)
                #expect(reply.status == expected, "\(row.name) as \(caller.rawValue): \(reply.status) \(reply.body.prefix(300))")
                if reply.status >= 400 {
                    #expect(try JSONParser.parse(reply.body)["detail"] != nil, "\(row.name) as \(caller.rawValue)")
                    #expect(try stage.rows(of: things) == before, "\(row.name) as \(caller.rawValue) has changed something")
                    #expect(!reply.body.contains(Stage.marker), "\(row.name) tells \(caller.rawValue): \(reply.body)")
                }
                if reply.status == 401 { #expect(reply.field("www-authenticate") == "Bearer") }
                // The source's routes have a slash at their end.
                if row.method == "GET" {
                    #expect(try stage.call(row.method, row.path + "/", things, caller.rawValue).status == expected)
                }
            }
        }
    }

    @Test func `an owner looks after the members of the workspace, and a member after nobody`() throws {
        let stage = try Stage()
        let things = try stage.things(inTenantOf: stage.boss)
        for (caller, status) in [("boss", 200), ("colleague", 404)] {
            for path in [
                "/api/v1/users/{user_id}", "/api/v1/chat_sessions/{session_id}", "/api/v1/prompts/{prompt_id}",
                "/api/v1/audit_logs/{log_id}", "/api/v1/user_prompts/user/{user_id}",
            ] { #expect(try stage.call("GET", path, things, caller).status == status, "\(caller) \(path)") }
            #expect(try stage.call("PUT", "/api/v1/users/{user_id}/quota", things, caller).status == status)
        }
        // A session of one user takes no prompts of another, whoever sends them.
        let others = try stage.things()
        let mixed = things.merging(["user_id": others["user_id"] ?? ""]) { $1 }
        for caller in ["boss", "admin"] { #expect(try stage.call("POST", "/api/v1/prompts", mixed, caller).status == 404) }
    }

    @Test func `ids that are none are told as such, and what is nobody's as if it were somebody else's`() throws {
        let stage = try Stage()
        var things = try stage.things()
        for path in [
            "/api/v1/users/{user_id}", "/api/v1/chat_sessions/{session_id}", "/api/v1/prompts/{prompt_id}",
            "/api/v1/audit_logs/{log_id}", "/api/v1/chat_sessions/user/{user_id}", "/api/v1/prompts/session/{session_id}",
        ] {
            for name in things.keys { things[name] = "not-a-uuid" }
            let reply = try stage.call("GET", path, things, "self")
            #expect(reply.status == 422 && reply.body.contains("uuid_parsing"), "\(path): \(reply.body)")
            for name in things.keys { things[name] = Identifier.make() }
            #expect(try stage.call("GET", path, things, "self").status == 404, "\(path)")
        }
    }

    private final class Stage {
        static let marker = "vermiculite"
        private let scene: Scene
        private let server: RunningServer
        private let client: WireClient
        private let workspace: Workspace
        let boss: User
        private var headers: [String: [String]] = ["nobody": []]
        private var made = 0

        init() throws {
            scene = try Scene()
            let workspace = try WorkspaceFixture(in: scene.folder).workspace
            self.workspace = workspace
            let boss = try workspace.users.sync(id: Identifier.make(), email: "boss@example.org").user
            self.boss = boss
            let admin = try workspace.users.add(email: "admin@example.org", isOperator: true, password: nil)
            let colleague = try workspace.users.add(
                email: "colleague@example.org", role: .viewer, password: nil, tenantID: boss.tenantID)
            for (name, user) in [("admin", admin), ("boss", boss), ("colleague", colleague)] {
                headers[name] = try Self.token(user, workspace)
            }
            server = try RunningServer(scene, "--contracts studio,journal --jobs 0 --log none")
            client = try server.client()
            let forged = try client.send(
                "POST", "/api/v1/auth/register", headers: ["content-type: application/json"],
                body: Array(
                    #"{"name":"Eve","email":"eve@example.org","password":"correct horse","role":"admin"}"#.utf8))
            try #require(try JSONParser.parse(forged.body)["role"] == "user")
            headers["other"] = try Self.token(try #require(try workspace.users.find(email: "eve@example.org")), workspace)
        }

        private static func token(_ user: User, _ workspace: Workspace) throws -> [String] {
            ["authorization: Bearer " + (try workspace.tokens.accessToken(for: user).reveal())]
        }

        /// A user with one of everything that a path can name; whoever calls as `self` is that user.
        func things(inTenantOf owner: User? = nil) throws -> [String: String] {
            made += 1
            let email = "user\(made)@example.org"
            let user =
                try owner.map { try workspace.users.add(email: email, role: .viewer, password: nil, tenantID: $0.tenantID) }
                ?? workspace.users.sync(id: Identifier.make(), email: email, fullName: Self.marker).user
            let principal = Principal.user(user)
            _ = try workspace.quotas.set(user, .init(dailyLimit: 10_000), by: .localOperator)
            let session = try workspace.journal.begin(Self.marker, for: user.id, as: principal)
            let prompt = try workspace.journal.add(
                .init(sessionID: session.id, userID: user.id, text: Self.marker, responses: [Self.marker]), as: principal)
            let entry = try workspace.audit.add(
                "NOTED", tenantID: user.tenantID ?? "", by: user.id, about: user.id, details: ["what": .string(Self.marker)])
            headers["self"] = try Self.token(user, workspace)
            headers["key"] = [
                "x-twin-api-key: "
                    + (try workspace.keys.create("key \(made)", tenantID: user.tenantID, scopes: [.read, .write, .chat], by: nil)
                        .text.reveal())
            ]
            return [
                "user_id": user.id, "session_id": session.id, "prompt_id": prompt.id, "log_id": entry.id,
                "user_prompt": try workspace.promptShelf.add(Self.marker, for: user.id, as: principal).id,
                "system_prompt": try workspace.promptShelf.addToServer("Be brief.", as: .localOperator).id,
            ]
        }

        /// Everything of the user and of the server that the contract can change, as text.
        func rows(of things: [String: String]) throws -> [String] {
            let id = things["user_id"] ?? ""
            return try workspace.database.read { connection in
                let key = try connection.first("SELECT key FROM users WHERE id = ?", id) { $0.int64(0) }
                var rows: [String] = []
                for (table, columns, condition) in [
                    ("users", "email || coalesce(full_name, '') || is_operator || role", "key = ?1"),
                    ("quotas", "daily_limit || ' ' || used", "user_key = ?1"),
                    ("journal_sessions", "id || title", "user_key = ?1"),
                    ("journal_prompts", "id || prompt_text || responses", "user_key = ?1"),
                    ("journal_user_prompts", "id || prompt_text", "user_key = ?1"),
                    ("journal_system_prompts", "id || prompt_text", "?1 = ?1"),
                    ("audit_log", "id", "?1 = ?1 AND event_type = 'EXTERNAL'"),
                ] {
                    rows += try connection.rows("SELECT \(columns) FROM \(table) WHERE \(condition) ORDER BY key", key) {
                        table + " " + $0.text(0)
                    }
                }
                return rows
            }
        }

        func call(
            _ method: String, _ pattern: String, _ things: [String: String], _ caller: String
        ) throws -> WireClient.Reply {
            var path = pattern
            for (name, value) in things { path = path.replacing("{\(name)}", with: value) }
            let fields = try #require(headers[caller])
            if pattern.hasSuffix("/login") {
                return try client.send(
                    method, path, headers: fields + ["content-type: application/x-www-form-urlencoded"],
                    body: Array("username=eve%40example.org&password=correct+horse".utf8))
            }
            guard method == "POST" || method == "PUT" else { return try client.send(method, path, headers: fields) }
            return try client.send(
                method, path, headers: fields + ["content-type: application/json"],
                body: JSONWriter.bytes(.object(body(pattern, things))))
        }

        private func body(_ pattern: String, _ things: [String: String]) -> JSONObject {
            made += 1
            let user: JSON = .optional(things["user_id"])
            switch pattern {
            case "/api/v1/auth/register", "/api/v1/users":
                return [
                    "name": "New", "email": .string("new\(made)@example.org"), "password": "correct horse", "role": "admin",
                ]
            case "/api/v1/users/{user_id}": return ["name": "Changed", "email": .string("changed\(made)@example.org")]
            case "/api/v1/users/{user_id}/quota": return ["daily_limit": 20_000]
            case "/api/v1/chat_sessions": return ["user_id": user, "title": "Another"]
            case "/api/v1/chat_sessions/{session_id}": return ["title": "Renamed"]
            case "/api/v1/prompts":
                return [
                    "user_id": user, "session_id": .optional(things["session_id"]), "prompt_text": "Hello?",
                    "llm_responses": ["Hello."],
                ]
            case "/api/v1/user_prompts": return ["user_id": user, "prompt_text": "Another."]
            case "/api/v1/audit_logs": return ["user_id": user, "action": "SEEN", "details": ["page": 1]]
            default: return ["prompt_text": "Changed."]
            }
        }
    }
}
