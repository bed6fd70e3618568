import FoundationEssentials
import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// Every route of the support contract, called by everybody who could call it. What each is answered stands in
/// `Contract/support.tsv`, which is written by hand: an owner is its admin, a member does not work at the desk, a contact has its own
/// sessions, another tenant finds nothing, and an API key opens nothing here.
@Suite struct SupportAccessTests {
    private static let marker = "vermiculite"

    enum Caller: String, CaseIterable {
        case `operator`, admin, supporter, member, foreign, contact, stranger, widget, key, nobody

        /// Whether not a word of the tenant may reach it, but what everybody is told.
        var isStranger: Bool { self == .foreign || self == .nobody || self == .key }
    }

    struct Row {
        let method: String
        let path: String
        let statuses: [Caller: Int]
        var name: String { "\(method) \(path)" }
    }

    static func rows() throws -> [Row] {
        let path = TwinBinary.repository + "/Tests/EndToEndTests/Contract/support.tsv"
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
            $0.split(separator: "\t").map(String.init)
        }
        let callers = try #require(lines.first).dropFirst(2).compactMap(Caller.init)
        return lines.dropFirst().map { line in
            Row(
                method: line[0], path: line[1],
                statuses: Dictionary(uniqueKeysWithValues: zip(callers, line.dropFirst(2).compactMap { Int($0) })))
        }
    }

    @Test func `everybody is answered what the table of the contract says, and strangers not a word of the tenant`() throws {
        let rows = try Self.rows()
        let stage = try Stage()
        for row in rows {
            for caller in Caller.allCases {
                let expected = try #require(row.statuses[caller], "\(row.name)")
                let reply = try stage.call(row, caller)
                #expect(reply.status == expected, "\(row.name) as \(caller.rawValue): \(reply.status) \(reply.body.prefix(300))")
                let isPublic = row.path.hasPrefix("/api/public")
                if reply.status >= 400 || caller.isStranger && !isPublic {
                    #expect(
                        !reply.body.lowercased().contains(Self.marker),
                        "\(row.name) tells \(caller.rawValue): \(reply.body.prefix(300))")
                }
                if reply.status >= 400 {
                    let body = try JSONParser.parse(reply.body)
                    #expect(
                        body["detail"]?.stringValue != nil && body["status_code"]?.intValue == reply.status,
                        "\(row.name) as \(caller.rawValue)")
                }
                #expect(reply.field("x-ratelimit-remaining") != nil, "\(row.name) as \(caller.rawValue)")
            }
        }
    }

    @Test func `every route of the contract stands in the table`() throws {
        let known = Set(try Self.rows().map(\.name))
        let stage = try ServedDesk()
        let paths = try stage.send("GET", "/openapi.json").json()["paths"]?.objectValue ?? JSONObject()
        for member in paths.members where member.key.hasPrefix("/api/") && !member.key.hasPrefix("/api/auth/oidc/") {
            for method in member.value.objectValue?.keys ?? [] where ["get", "post", "put", "patch", "delete"].contains(method) {
                let path = member.key.replacing("/staff/{user_id}", with: "/staff/{supporter_id}")
                #expect(known.contains("\(method.uppercased()) \(path)"), "\(method) \(member.key)")
            }
        }
    }

    @Test func `no id of another tenant opens anything, wherever it stands`() throws {
        let stage = try ServedDesk(marker: "homeland")
        let other = try TenantFixture(stage.scene, marker: Self.marker)
        _ = try ServedDesk.furnish(other)
        let things = try Stage.things(other)
        let owner = try stage.tenant.token(stage.tenant.owner)
        let own = try Stage.things(stage.tenant)
        let contact = try #require(own["user_id"])
        let session = try #require(own["session_id"])
        func id(_ name: String) -> JSON { .optional(things[name]) }
        func foreign(_ name: String) -> String { things[name] ?? "" }
        let tenant = stage.tenant.tenantID
        let attempts: [(String, String, JSON?)] = [
            ("GET", "/api/admin/agents?tenant_id=\(foreign("tenant_id"))", nil),
            ("GET", "/api/admin/tools?tenant_id=\(foreign("tenant_id"))", nil),
            ("GET", "/api/admin/knowledge/stats?tenant_id=\(foreign("tenant_id"))", nil),
            ("GET", "/api/admin/escalation/queue?tenant_id=\(foreign("tenant_id"))", nil),
            ("GET", "/api/admin/webhooks?tenant_id=\(foreign("tenant_id"))", nil),
            ("GET", "/api/auth/users?tenant_id=\(foreign("tenant_id"))", nil),
            ("GET", "/api/\(tenant)/session?user_id=\(foreign("user_id"))", nil),
            ("GET", "/api/\(tenant)/session/\(foreign("session_id"))", nil),
            ("GET", "/api/\(tenant)/session/\(foreign("session_id"))/messages", nil),
            ("GET", "/api/\(tenant)/session/\(foreign("session_id"))/tool-calls", nil),
            ("GET", "/api/\(tenant)/chat-users/\(foreign("user_id"))", nil),
            ("POST", "/api/\(tenant)/chat", ["message": "Hello", "user_id": id("user_id")]),
            ("POST", "/api/\(tenant)/session", ["user_id": id("user_id")]),
            ("POST", "/api/\(tenant)/supporter/message", ["session_id": id("session_id"), "message": "x"]),
            ("POST", "/api/\(tenant)/chat", ["message": "x", "user_id": .string(contact), "agent_name": id("agent_id")]),
            ("POST", "/api/admin/agents", ["name": "A", "tool_ids": [id("tool_id")]]),
            ("PUT", "/api/admin/agents/\(own["agent_id"] ?? "")", ["tool_ids": [id("tool_id")]]),
            ("PUT", "/api/admin/tenants/\(tenant)", ["twin_id": id("twin_id")]),
            ("PUT", "/api/admin/tenants/\(tenant)", ["default_agent_id": id("agent_id")]),
            ("POST", "/api/admin/escalation/\(session)/assign", ["supporter_id": id("supporter_id")]),
            ("POST", "/api/admin/escalation/\(foreign("session_id"))/assign", ["supporter_id": .optional(own["supporter_id"])]),
            ("POST", "/api/admin/knowledge/ingest", ["tenant_id": id("tenant_id"), "document_ids": [id("document_id")]]),
            ("POST", "/api/admin/knowledge/ingest", ["document_ids": [id("document_id")]]),
            ("DELETE", "/api/admin/knowledge/documents", ["document_ids": [id("document_id")]]),
            ("PUT", "/api/admin/escalation/staff/\(foreign("supporter_id"))", ["status": "busy"]),
            ("POST", "/api/auth/register", ["email": "x@y.example", "password": "correct horse", "tenant_id": id("tenant_id")]),
            ("POST", "/api/admin/webhooks/\(own["webhook_id"] ?? "")/deliveries/\(foreign("delivery_id"))/replay", nil),
        ]
        for (method, path, body) in attempts {
            let reply = try stage.send(method, path, body, as: owner)
            #expect((400..<500).contains(reply.status), "\(method) \(path): \(reply.status) \(reply.body.prefix(200))")
            #expect(!reply.body.contains(Self.marker), "\(method) \(path)")
        }
        // Passed over without a word, and without effect.
        let permissions: JSON = [
            "agent_permissions": [["agent_id": id("agent_id"), "enabled": true]],
            "tool_permissions": [["tool_id": id("tool_id"), "enabled": true]],
        ]
        let passed = try stage.send("PUT", "/api/admin/tenants/\(tenant)/permissions", permissions, as: owner).json()
        #expect(passed["details"]?["updated_agents"] == 0 && passed["details"]?["updated_tools"] == 0)
        let begun = try stage.send(
            "POST", "/api/\(tenant)/chat",
            ["message": "Hello", "user_id": .string(contact), "session_id": id("session_id")], as: owner)
        #expect(try begun.json()["session_id"]?.stringValue != things["session_id"])
        let pass = try stage.token(
            Tokens.Pass(
                .widget, contactID: foreign("user_id"), tenantID: foreign("tenant_id"), sessionID: foreign("session_id")))
        #expect(try stage.send("POST", "/api/public/widgets/\(tenant)/chat", ["message": "x"], as: pass).status == 404)
        #expect(try stage.send("GET", "/api/\(tenant)/session/\(session)", as: pass).status == 404)
    }

    final class Stage {
        private let scene: Scene
        private let server: RunningServer
        private let client: WireClient
        private let tenant: TenantFixture
        private var fields: [Caller: String] = [:]

        init() throws {
            scene = try Scene()
            tenant = try TenantFixture(scene, marker: SupportAccessTests.marker)
            _ = try ServedDesk.furnish(tenant)
            let other = try TenantFixture(scene, marker: "obsidianite")
            _ = try ServedDesk.furnish(other)
            let administrator = try tenant.workspace.users.add(
                email: "operator@server.example", isOperator: true, password: nil, tenantID: other.tenantID)
            fields = [
                .operator: try tenant.token(administrator), .admin: try tenant.token(tenant.owner),
                .member: try tenant.token(tenant.user(role: .viewer)), .foreign: try other.token(other.owner),
                .key: "x-twin-api-key: \(try tenant.key(.read, .write, .chat))",
            ]
            server = try RunningServer(scene, "--contracts studio,support --jobs 0 --log none")
            client = try server.client()
        }

        /// One of everything that a path or a body can name.
        static func things(_ tenant: TenantFixture) throws -> [String: String] {
            let workspace = tenant.workspace
            let id = tenant.tenantID
            let contact = try workspace.contacts.add(
                email: "\(Identifier.make())@\(tenant.marker).example", name: tenant.name("contact"), department: nil, to: id)
            let supporter = try tenant.user(role: .supporter)
            var presence = Staff.Presence()
            presence.status = .online
            _ = try workspace.staff.set(presence, of: supporter.id, in: id)
            let session = try workspace.deskSessions.begin(for: contact, topic: tenant.name("topic"))
            _ = try workspace.deskSessions.addNote(tenant.name("note"), to: session, by: supporter.id)
            // A tenant has so many at the most.
            for old in try workspace.webhooks.list(of: id) { try workspace.webhooks.remove(old.id, of: id, by: .localOperator) }
            var hook = Webhooks.Content()
            hook.url = "https://\(tenant.marker).example/hook"
            let webhook = try workspace.webhooks.add(hook, to: id, by: .localOperator).webhook
            _ = try workspace.handovers.request(session.id, of: id, reason: tenant.name("reason"))
            let given = try workspace.handovers.assign(session.id, of: id, to: supporter.id, by: nil)
            var agent = Agents.Content()
            agent.name = tenant.name("agent")
            var tool = DeskTools.Content()
            tool.name = tenant.name("tool").replacing(" ", with: "-")
            tool.base = .documents
            let twin = try workspace.desks.twin(of: workspace.desks.find(id))
            let source = try tenant.upload(
                "\(tenant.name("file").replacing(" ", with: "-")).md", "On \(tenant.name("subject")).\n", into: twin)
            let delivery = try workspace.webhooks.deliveries(of: webhook).first?.id
            return [
                "tenant_id": id, "user_id": contact.id, "session_id": given.id, "supporter_id": supporter.id,
                "agent_id": try workspace.agents.add(agent, to: id, by: .localOperator).id,
                "tool_id": try workspace.deskTools.add(tool, to: id, by: .localOperator).id, "webhook_id": webhook.id,
                "delivery_id": delivery ?? "",
                "other_id": try workspace.contacts.claim(
                    email: "other@\(tenant.marker).example", name: "other", department: nil, at: id
                ).id, "document_id": source.id, "twin_id": twin.id, "secret_name": "shop",
            ]
        }

        func call(_ row: Row, _ caller: Caller) throws -> WireClient.Reply {
            var target = try Self.things(tenant)
            let workspace = tenant.workspace
            let session = target["session_id"] ?? ""
            if row.path.hasSuffix("{session_id}/escalate") {
                _ = try workspace.handovers.resolve(session, of: tenant.tenantID, .init(), as: .localOperator)
            }
            let pass = Tokens.Pass(.contact, contactID: target["user_id"] ?? "", tenantID: tenant.tenantID)
            switch caller {
            case .supporter:
                let user = try #require(try workspace.users.find(target["supporter_id"] ?? ""))
                fields[caller] = try tenant.token(user)
            case .contact: fields[caller] = try bearer(pass)
            case .widget:
                fields[caller] = try bearer(
                    Tokens.Pass(.widget, contactID: pass.contactID, tenantID: pass.tenantID, sessionID: session))
            case .stranger:
                let other = try workspace.contacts.claim(
                    email: "\(Identifier.make())@\(tenant.marker).example", name: "stranger", department: nil,
                    at: tenant.tenantID)
                fields[caller] = try bearer(Tokens.Pass(.contact, contactID: other.id, tenantID: tenant.tenantID))
            default: break
            }
            var path = row.path
            for (name, value) in target { path = path.replacing("{\(name)}", with: value) }
            if caller == .operator, path.hasPrefix("/api/admin") || path == "/api/auth/users" {
                path += "?tenant_id=\(tenant.tenantID)"
            }
            target["new"] = Identifier.make()
            var headers = fields[caller].map { [$0] } ?? []
            // The operator comes anew for what ends their sign-ins.
            let body = row.method == "GET" ? nil : content(row, target)
            if row.path.hasSuffix("/stream") || row.path.contains("/ws") {
                if row.path.contains("/ws") {
                    // Where a page cannot send a field, the token stands beside the subprotocol.
                    headers = headers.map {
                        $0.replacing("authorization: Bearer ", with: "sec-websocket-protocol: twin.v1, bearer.")
                    }
                    headers += [
                        "upgrade: websocket", "connection: upgrade", "sec-websocket-version: 13",
                        "sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==",
                    ]
                }
                let begun = try client.begin("GET", path, headers: headers, body: [])
                client.disconnect()
                if begun.status < 400 { return begun }
            }
            if body != nil { headers.append("content-type: application/json") }
            return try client.send(row.method, path, headers: headers, body: body.map { JSONWriter.bytes(.object($0)) })
        }

        private func bearer(_ pass: Tokens.Pass) throws -> String {
            "authorization: Bearer " + (try tenant.workspace.tokens.token(for: pass).reveal())
        }

        private func content(_ row: Row, _ target: [String: String]) -> JSONObject {
            let new = target["new"] ?? ""
            let documents: JSONObject = [
                "tenant_id": .string(tenant.tenantID), "document_ids": [.optional(target["document_id"])],
            ]
            let contact: JSON = .optional(target["user_id"])
            switch row.path.split(separator: "/").last {
            case "chat":
                return row.path.hasPrefix("/api/public")
                    ? ["message": "Hello there"] : ["message": "Hello there", "user_id": contact]
            case "session": return ["user_id": contact]
            case "{session_id}": return ["feedback": "good"]
            case "merge": return ["into": .optional(target["other_id"])]
            case "notes": return ["content": .string(tenant.name("note"))]
            case "chat-users": return ["email": .string("\(new)@example.org")]
            case "message": return ["session_id": .optional(target["session_id"]), "message": "Hello"]
            case "register":
                return [
                    "email": .string("\(new)@example.org"), "password": "correct horse", "tenant_id": .string(tenant.tenantID),
                ]
            case "login": return ["email": "nobody@example.org", "password": "wrong horse"]
            case "refresh": return ["refresh_token": "eyJ"]
            case "change-password": return ["old_password": "wrong horse", "new_password": "correct horse"]
            case "agents": return ["name": .string(new)]
            case "{agent_id}": return ["description": "changed"]
            case "tools": return ["name": .string("t" + new), "base_tool_id": .string(BaseTool.documents.id)]
            case "{tool_id}": return ["description": "changed"]
            case "{secret_name}": return ["value": "a secret"]
            case "ingest", "documents": return documents
            case "tenants": return ["name": .string(new)]
            case "{tenant_id}": return row.path.contains("widgets") ? ["primary_color": "#112233"] : ["settings": [:]]
            case "permissions": return ["agent_permissions": []]
            case "assign": return ["supporter_id": .optional(target["supporter_id"])]
            case "staff": return ["email": .string("\(new)@example.org"), "password": "correct horse"]
            case "{supporter_id}": return ["status": "busy"]
            case "webhooks": return ["url": .string("https://\(new).example/hook")]
            case "{webhook_id}": return ["description": "changed"]
            default: return [:]
            }
        }
    }
}
