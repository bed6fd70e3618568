import FoundationEssentials
import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// Every route of the studio contract, called by everybody who could call it. What each is answered stands in
/// `Contract/studio.tsv`, which is written by hand: another tenant finds nothing (404), a key manages nothing (403), a viewer
/// changes nothing (403), and without credentials there is nothing but what is public (401).
@Suite struct StudioContractTests {
    private static let marker = "zanzibarite"

    @Test func `everybody is answered what the table of the contract says, and strangers not a word of the tenant`() throws {
        let table = try StudioTable()
        let stage = try Stage()
        var calls = 0
        for row in table.rows {
            for caller in StudioTable.Caller.allCases {
                let expected = try #require(row.statuses[caller])
                let reply = try stage.call(row, caller, isExpectedToWork: expected < 300)
                calls += 1
                #expect(reply.status == expected, "\(row.name) as \(caller.rawValue): \(reply.status) \(reply.body.prefix(300))")
                if reply.status >= 400 || caller.isStranger {
                    #expect(
                        !reply.body.lowercased().contains(Self.marker),
                        "\(row.name) tells \(caller.rawValue): \(reply.body.prefix(300))")
                }
                if reply.status >= 400 {
                    #expect(
                        try JSONParser.parse(reply.body)["detail"] != nil && reply.field("x-correlation-id") != nil,
                        "\(row.name) as \(caller.rawValue)")
                }
                if reply.status == 401 { #expect(reply.field("www-authenticate") == "Bearer", "\(row.name)") }
            }
        }
        #expect(calls == table.rows.count * StudioTable.Caller.allCases.count)
        // The tenant's own owner was answered with it, so that its absence elsewhere says something.
        #expect(stage.toldOwner > 20)
    }

    @Test func `the table has every route that is served, with the credentials that are described`() throws {
        let table = try StudioTable()
        #expect(table.rows.count { $0.isContract } == 64)
        #expect(Set(table.rows.map(\.name)).count == table.rows.count)
        let scene = try Scene()
        let document = try scene.twin("api", "GET", "/openapi.json", environment: ["TWIN_CONTRACTS": "studio"]).json()
        #expect(document["security"] == [["bearer": []], ["apiKey": []]])
        let schemes = try #require(document["components"]?["securitySchemes"]?.objectValue)
        #expect(Set(schemes.keys) == ["bearer", "apiKey"])
        var served = Set<String>()
        for (path, item) in try #require(document["paths"]?.objectValue).members {
            for (method, operation) in try #require(item.objectValue).members where operation["tags"] != ["Server"] {
                let name = "\(method.uppercased()) \(path)"
                served.insert(name)
                let row = try #require(table.rows.first { $0.name == name }, "\(name) is not in the table")
                let security: JSON? =
                    switch row.security {
                    case .public: []
                    case .user: [["bearer": []]]
                    case .any: nil
                    }
                #expect(operation["security"] == security, "\(name)")
                for status in Set(row.statuses.values) {
                    #expect(operation["responses"]?[String(status)] != nil, "\(name) does not describe \(status)")
                }
            }
        }
        #expect(served == Set(table.rows.map(\.name)))
    }
}

extension StudioContractTests {
    /// Two tenants, a server, and everybody with what they hold.
    private final class Stage {
        typealias Caller = StudioTable.Caller
        typealias Row = StudioTable.Row

        private let scene: Scene
        private let site: ScriptedServer
        private let server: RunningServer
        private let client: WireClient
        private let tenant: TenantFixture
        private let other: TenantFixture
        private let things: TenantFixture.Things
        private let others: TenantFixture.Things
        private let password: User
        private let refreshToken: String
        private var headers: [Caller: [String]] = [:]
        private var keys: [Caller: String] = [:]
        private let sessionID: String
        private var made = 0
        private(set) var toldOwner = 0

        init() throws {
            scene = try Scene()
            site = try ScriptedServer { request in
                request.path == "/show.rss"
                    ? .ok("<rss version=\"2.0\"><channel><title>Show</title></channel></rss>", type: "application/rss+xml")
                    : .ok("The page at \(request.path) says that hives are opened in May.")
            }
            tenant = try TenantFixture(scene, marker: StudioContractTests.marker)
            other = try TenantFixture(scene, marker: "obsidianite")
            things = try tenant.things()
            others = try other.things()
            let viewer = try tenant.user(role: .viewer)
            password = try tenant.user(role: .owner, password: Secret("correct horse"))
            refreshToken = try tenant.workspace.tokens.session(for: password)["refresh_token"]?.stringValue ?? ""
            keys = [
                .read: try tenant.key(.read), .write: try tenant.key(.write), .chat: try tenant.key(.chat),
                .all: try tenant.key(.read, .write, .chat),
                .otherTwin: try tenant.key(.read, .write, .chat, twins: [Self.plainTwin(tenant)]),
                .foreignKey: try other.key(.read, .write, .chat),
            ]
            headers = [
                .owner: [try tenant.token(tenant.owner)], .viewer: [try tenant.token(viewer)],
                .foreign: [try other.token(other.owner)],
                // What the holder of a link could think of.
                .share: ["authorization: Bearer \(things.shareToken)"],
            ]
            for (caller, key) in keys { headers[caller] = ["x-twin-api-key: \(key)"] }
            server = try RunningServer(scene, "--jobs", "0", "--log", "none", environment: ["TWIN_ALLOW_PRIVATE": "1"])
            client = try server.client()
            let asked = try client.send(
                "POST", "/chat-widget/\(things.twin.id)", headers: ["content-type: application/json"],
                body: JSONWriter.bytes(["api_key": .string(keys[.chat] ?? ""), "query": "What is the warranty?"]))
            let session = try asked.body.split(separator: "\n").map { try JSONParser.parse(String($0)) }
                .compactMap { $0["session_id"]?.stringValue }.first
            sessionID = try #require(session)
        }

        /// A twin that nothing tells of the tenant: what the key for another twin sees.
        private static func plainTwin(_ tenant: TenantFixture) throws -> Twin {
            try tenant.workspace.twins.create(name: "Plain", tenantID: tenant.tenantID, by: tenant.owner.id)
        }

        func call(_ row: Row, _ caller: Caller, isExpectedToWork works: Bool) throws -> WireClient.Reply {
            // What is changed or removed is made for it; what is only read, or must be refused, all share.
            let changes = row.method != "GET" && !row.path.contains("chat")
            let target = works && changes && row.path.contains("{") ? try tenant.things() : things
            var path = row.path
            for (name, value) in target.parameters { path = path.replacing("{\(name)}", with: value) }
            path = path.replacing("{token}", with: token(row, caller, target))
            if caller == .visitor { path += "?session_id=\(sessionID)" }
            var fields = row.security == .public && caller == .share ? [] : headers[caller] ?? []
            // Limits count addresses; everybody has their own.
            fields.append("x-forwarded-for: 192.0.2.\(1 + (Caller.allCases.firstIndex(of: caller) ?? 0))")
            let (type, body) = try content(row, caller, target)
            if let type { fields.append("content-type: \(type)") }
            let reply = try client.send(row.method, path, headers: fields, body: body)
            if caller == .owner, reply.body.contains(StudioContractTests.marker) { toldOwner += 1 }
            return reply
        }

        /// A token that is to be had only by whoever was given it: the owner, and for a shared twin the holder of the link.
        /// Everybody else has one of another tenant.
        private func token(_ row: Row, _ caller: Caller, _ target: TenantFixture.Things) -> String {
            if row.path.hasPrefix("/public/") {
                return caller == .owner || caller == .share ? target.shareToken : others.shareToken
            }
            return caller == .owner ? target.invitationToken : "\(target.invitationToken.dropLast(2))xx"
        }

        private func content(_ row: Row, _ caller: Caller, _ target: TenantFixture.Things) throws -> (String?, [UInt8]?) {
            guard row.method == "POST" || row.method == "PATCH" else { return (nil, nil) }
            if row.path == "/ingest/document" || row.path.hasPrefix("/ingest/file/") {
                var form = MultipartForm()
                form.append("twin_id", target.twin.id)
                form.append("file", fileName: "hives.md", mediaType: "text/markdown", Array("Hives are opened in May.".utf8))
                return (form.contentType, form.body())
            }
            var object = try body(row, caller, target)
            if caller == .visitor { object["session_id"] = .string(sessionID) }
            return ("application/json", JSONWriter.bytes(.object(object)))
        }

        /// Asks at a door, and rates what it answers; where it answers nobody, something that is not there.
        private func rating(of path: String, _ question: JSONObject) throws -> JSONObject {
            let asked = try client.send(
                "POST", path, headers: ["content-type: application/json", "accept: application/x-ndjson"],
                body: JSONWriter.bytes(.object(question)))
            let events = asked.status == 200 ? try asked.body.split(separator: "\n").map { try JSONParser.parse(String($0)) } : []
            func last(_ name: String) -> JSON { .string(events.compactMap { $0[name]?.stringValue }.last ?? things.source.id) }
            return ["rating": "up", "session_id": last("session_id"), "message_id": last("message_id")]
        }

        private func body(_ row: Row, _ caller: Caller, _ target: TenantFixture.Things) throws -> JSONObject {
            made += 1
            let email = "new-\(made)@new.example"
            switch row.name {
            case "POST /users/invite": return ["email": .string(email), "role": "viewer"]
            case "POST /auth/accept-invitation":
                return ["token": .string(token(row, caller, target)), "password": "correct horse"]
            case "POST /auth/forgot-password": return ["email": .string(email)]
            case "POST /auth/reset-password": return ["token": "A", "password": "correct horse"]
            case "POST /auth/login":
                // An account takes ten attempts a minute.
                let isKnown = caller != .visitor && caller != .nobody
                return [
                    "email": .string(isKnown ? password.email : email),
                    "password": caller == .owner ? "correct horse" : "wrong horse",
                ]
            case "POST /auth/refresh":
                return ["refresh_token": .string(caller == .owner ? refreshToken : String(refreshToken.dropLast(4)) + "AAAA")]
            case "POST /twins": return ["name": .string("Fresh \(email)")]
            case "PATCH /twins/{twin_id}": return ["description": "changed"]
            case "POST /ingest/url", "POST /ingest/url/{twin_id}":
                return ["url": .string(site.url + "/page"), "twin_id": .string(target.twin.id)]
            case "POST /ingest/youtube/{twin_id}": return ["url": "https://www.youtube.com/watch?v=dQw4w9WgXcQ"]
            case "POST /ingest/podcast/{twin_id}": return ["url": .string(site.url + "/show.rss")]
            case "POST /ingest/x/{twin_id}": return ["url": "https://x.com/somebody/status/1234567890"]
            case "POST /twins/{twin_id}/verified-qna": return ["question": "When are hives opened?", "answer": "In May."]
            case "PATCH /verified-qna/{qna_id}": return ["answer": "Three years.", "reason": "changed"]
            case "POST /twins/{twin_id}/access-groups": return ["name": "Fresh group"]
            case "PATCH /access-groups/{group_id}": return ["description": "changed"]
            case "POST /twins/{twin_id}/group-memberships":
                return ["user_id": .string(target.user.id), "group_id": .string(target.parameters["group_id"] ?? "")]
            case "POST /access-groups/{group_id}/permissions":
                return ["content_type": "source", "content_ids": [.string(target.source.id)]]
            case "POST /twins/{twin_id}/clarifications/{clarification_id}/resolve": return ["answer": "Support"]
            case "PATCH /twins/{twin_id}/sharing": return ["is_public": false]
            case "POST /public/chat/{twin_id}/{token}": return ["message": "How often is the gear oil changed?"]
            case "POST /chat/{twin_id}": return ["query": "How often is the gear oil changed?"]
            case "POST /chat-widget/{twin_id}":
                let bearer = headers[caller]?.first?.split(separator: " ").last.map(String.init) ?? "nothing"
                // A widget's key stands in the page, where every visitor reads it.
                let key = caller == .visitor ? keys[.chat] ?? "" : keys[caller] ?? String(bearer.prefix(200))
                return ["api_key": .string(key), "query": "How often is the gear oil changed?"]
            case "POST /twins/{twin_id}/escalations/{escalation_id}/answer": return ["answer": "Jonas does.", "publish": true]
            case "POST /messages/{message_id}/feedback":
                return ["rating": "down", "comment": .string("not for \(tenant.marker)")]
            case "POST /public/feedback/{twin_id}/{token}":
                return try rating(
                    of: "/public/chat/\(target.twin.id)/\(target.shareToken)", ["message": "What is the warranty?"])
            case "POST /chat-widget/{twin_id}/feedback":
                var question: JSONObject = ["query": "What is the warranty?"]
                let bearer = headers[caller]?.first?.split(separator: " ").last.map(String.init) ?? "nothing"
                let key = caller == .visitor ? keys[.chat] ?? "" : keys[caller] ?? String(bearer.prefix(200))
                if caller == .visitor { question["session_id"] = .string(sessionID) }
                question["api_key"] = .string(key)
                return try rating(of: "/chat-widget/\(target.twin.id)", question).merging(["api_key": .string(key)])
            case "POST /api-keys": return ["name": "fresh", "scopes": ["chat"]]
            default: return [:]
            }
        }
    }
}
