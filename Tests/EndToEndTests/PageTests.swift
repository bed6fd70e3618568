import TestSupport
import Testing

@testable import TwinKit
@testable import TwinSupport

/// The pages that twin serves itself, and the doors behind them, over HTTP.
@Suite struct PageTests {
    let stage: ServedFixture

    init() throws { stage = try ServedFixture() }

    private func get(_ path: String, _ headers: String...) throws -> WireClient.Reply {
        try stage.client.send("GET", path, headers: headers)
    }

    /// The value of a cookie that a reply sets.
    private func cookie(_ reply: WireClient.Reply, _ name: String) -> String? {
        reply.fields.filter { $0.name == "set-cookie" }.map(\.value).first { $0.hasPrefix(name + "=") }
    }

    @Test func `links open pages that load what they need packed, for ever, under an address of this version`() throws {
        let pages = [
            "/share/\(stage.twin.id)/\(String(repeating: "a", count: 40))",
            "/auth/accept-invitation/\(String(repeating: "b", count: 43))", "/console",
        ]
        var loaded = 0
        for page in pages {
            let reply = try get(page)
            #expect(reply.status == 200 && reply.field("content-type") == "text/html; charset=utf-8", "\(page)")
            let policy = reply.field("content-security-policy") ?? ""
            for part in [
                "default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "require-trusted-types-for 'script'",
            ] {
                #expect(policy.contains(part), "\(page): \(policy)")
            }
            #expect(!policy.contains("unsafe"))
            for link in reply.body.split(separator: "\"").map(String.init) where link.contains("assets/") {
                let address = "/" + link.replacing("../", with: "")
                let plain = try get(address)
                let tag = try #require(plain.field("etag"))
                #expect(plain.status == 200 && plain.field("content-encoding") == nil, "\(address)")
                #expect(plain.field("cache-control") == "public, max-age=31536000, immutable", "\(address)")
                #expect(plain.field("vary") == "Accept-Encoding" && plain.field("x-content-type-options") == "nosniff")
                let same = try get(address, "if-none-match: \(tag)")
                #expect(same.status == 304 && same.body.isEmpty, "\(address)")
                let packed = try stage.client.begin("GET", address, headers: ["accept-encoding: gzip"], body: [])
                #expect(packed.field("content-encoding") == "gzip" && packed.field("etag") != tag, "\(address)")
                stage.client.disconnect()
                loaded += 1
            }
        }
        #expect(loaded > 8)
        #expect(try get("/assets/0-0/base.css").status == 404)
        #expect(try get("/assets/..%2F..%2Fetc/passwd").status == 404)
        // What is no link of twin's is no page.
        #expect(try get("/share/\(stage.twin.id)/a%3Cb").status == 404)
    }

    // MARK: The console's session

    private struct Session {
        let cookie: String
        let code: String
    }

    private func session() throws -> Session {
        let token = try stage.workspace.loginLinks.make(for: stage.tenant.owner)
        let reply = try stage.send(
            "POST", "/console/session", ["login_token": .string(token.reveal())], headers: ["sec-fetch-site: same-origin"])
        #expect(reply.status == 200)
        let set = try #require(cookie(reply, "twin_session"))
        #expect(set.hasSuffix("; HttpOnly; SameSite=Strict") && set.contains("; Path=/; Max-Age=86400"))
        // Good once.
        #expect(
            try stage.send("POST", "/console/session", ["login_token": .string(token.reveal())], headers: []).status == 401)
        return Session(
            cookie: "cookie: x=1; " + String(set.prefix { $0 != ";" }),
            code: "x-csrf-token: \(try #require(reply.json()["csrf_token"]?.stringValue))")
    }

    @Test func `the session in a cookie counts for twin's own page only, and changes want its code`() throws {
        let session = try session()
        let own = "sec-fetch-site: same-origin"
        let origin = "origin: http://127.0.0.1"
        let read = ("GET", "/auth/me", JSON?.none)
        let change = ("POST", "/twins", JSON?.some(["name": "Fresh"]))
        let cases: [(String, (String, String, JSON?), [String], Int)] = [
            ("a read of the page", read, [own], 200), ("with the page's origin", read, [origin], 200),
            ("with the code alone", read, [session.code], 200),
            ("with nothing that says where from", read, [], 401),
            ("of another site", read, ["sec-fetch-site: cross-site"], 401),
            ("of another site, with the code", read, ["sec-fetch-site: cross-site", session.code], 401),
            ("of another page of the host", read, ["sec-fetch-site: same-site"], 401),
            ("of another port", read, ["origin: http://127.0.0.1:1"], 401),
            ("of a sandbox", read, ["origin: null"], 401),
            ("a change without the code", change, [own, origin], 401),
            ("a change with a wrong code", change, [own, origin, "x-csrf-token: \(String(repeating: "A", count: 43))"], 401),
            ("a change from elsewhere", change, ["origin: https://evil.example", session.code], 401),
            ("a change of the page", change, [own, origin, session.code], 200),
            ("beside a token that is bad", read, [own, "authorization: Bearer nonsense"], 401),
            ("beside a key that is bad", read, [own, "x-twin-api-key: nonsense"], 401),
        ]
        for (name, call, headers, expected) in cases {
            let reply = try stage.send(call.0, call.1, call.2, headers: [session.cookie] + headers)
            #expect(reply.status == expected, "\(name): \(reply.status) \(reply.body.prefix(200))")
        }
        // One that has ended is nobody's, and no hindrance to what anybody may do.
        #expect(try stage.send("DELETE", "/console/session", nil, headers: [session.cookie, own, session.code]).status == 200)
        #expect(try stage.send("GET", "/auth/me", nil, headers: [session.cookie, own]).status == 401)
        #expect(try stage.send("GET", "/observability/health", nil, headers: [session.cookie, own]).status == 200)
        #expect(try stage.send("GET", "/console/session", nil, headers: [session.cookie, own]).status == 401)
    }

    @Test func `links of the console are good on this machine only, and for a minute`() throws {
        let workspace = stage.workspace
        let token = try workspace.loginLinks.make(for: stage.tenant.owner)
        let far = try stage.send(
            "POST", "/console/session", ["login_token": .string(token.reveal())], headers: ["x-forwarded-for: 198.51.100.7"])
        #expect(far.status == 403)
        let old = try workspace.loginLinks.make(for: stage.tenant.owner, now: Clock.now.adding(seconds: -LoginLinks.lifetime - 1))
        #expect(throws: TwinError.self) { try workspace.loginLinks.redeem(old) }
        let foreign = try stage.send(
            "POST", "/console/session", ["login_token": .string(token.reveal())], headers: ["origin: https://evil.example"])
        #expect(foreign.status == 403)
        #expect(try workspace.loginLinks.redeem(token).id == stage.tenant.owner.id)
    }

    @Test func `twin console prints a link that signs in, and makes the first owner`() throws {
        let scene = try Scene()
        let server = try RunningServer(scene, "--jobs 0")
        #expect(server.log.contains("/console") && server.log.contains("/docs"))
        let printed = try scene.twin("console", "--url", server.url, "--json")
        let address = try #require(printed.json()["url"]?.stringValue)
        #expect(try printed.json()["user"]?["email"] == "owner@localhost")
        let token = try #require(address.split(separator: "=").last.map(String.init))
        #expect(address == "\(server.url)/console#login=\(token)")
        let reply = try server.send("POST", "/console/session", json: ["login_token": .string(token)])
        #expect(reply.status == 200)
        #expect(try reply.json()["user"]?["role"] == "owner")
        // The second time it is the same owner.
        #expect(try scene.twin("console", "--json").json()["user"]?["id"] == printed.json()["user"]?["id"])
        #expect(try scene.twin("console", "--user", "nobody@example.org").code == 5)
    }

    // MARK: The widget

    @Test func `a widget's page says which sites may show it, and its token asks that twin until the key is gone`() throws {
        let workspace = stage.workspace
        let (key, text) = try workspace.keys.create(
            "site", tenantID: stage.tenant.tenantID, domains: ["shop.example"], by: stage.tenant.owner.id)
        let page = try get("/widget/\(stage.twin.id)/\(text.reveal())")
        #expect(
            page.status == 200 && page.field("x-frame-options") == nil
                && page.field("cache-control")?.contains("no-store") == true)
        let policy = page.field("content-security-policy") ?? ""
        #expect(policy.contains("frame-ancestors https://shop.example:* http://shop.example:*;"))
        let token = try #require(
            page.body.split(separator: "\n").first { $0.contains("name=\"token\"") }?.split(separator: "\"").dropLast().last
                .map(String.init))
        func ask(_ twin: String, _ token: String, _ session: JSON? = nil) throws -> WireClient.Reply {
            var body: JSONObject = ["query": "When are hives opened?", "page_token": .string(token)]
            body["session_id"] = session
            // The page's calls come from twin's own origin, which the key does not name.
            return try stage.send(
                "POST", "/chat-widget/\(twin)", .object(body), headers: ["origin: http://127.0.0.1", "accept: application/json"])
        }
        let answer = try ask(stage.twin.id, token)
        #expect(answer.status == 200)
        #expect(try answer.json()["answer"]?.stringValue?.contains("May") == true)
        // Rating it, as the session that asked and as no other.
        func rate(_ session: JSON, _ rating: JSON = "up") throws -> Int {
            try stage.send(
                "POST", "/chat-widget/\(stage.twin.id)/feedback",
                [
                    "page_token": .string(token), "session_id": session, "message_id": try answer.json()["message_id"] ?? .null,
                    "rating": rating, "comment": "clear",
                ], headers: []
            ).status
        }
        #expect(try rate(answer.json()["session_id"] ?? .null) == 200)
        #expect(try rate(ask(stage.twin.id, token).json()["session_id"] ?? .null) == 404)
        #expect(try rate(answer.json()["session_id"] ?? .null, "sideways") == 422)
        let rated = try workspace.feedback.list(of: stage.twin)
        #expect(rated.map(\.comment) == ["clear"] && rated.first?.question == "When are hives opened?")
        // The token is this page's: no other twin's, no other door's.
        let other = try workspace.twins.create(name: "Other", tenantID: stage.tenant.tenantID, by: stage.tenant.owner.id)
        #expect(try ask(other.id, token).status == 401)
        #expect(try get("/twins", "authorization: Bearer \(token)").status == 401)
        let access = stage.owner.split(separator: " ").last.map(String.init) ?? ""
        #expect(try ask(stage.twin.id, access).status == 401)
        let late = try workspace.tokens.pageToken(for: key, stage.twin, now: Clock.now.adding(seconds: -3_700))
        #expect(try ask(stage.twin.id, late.reveal()).status == 401)
        _ = try workspace.keys.revoke(key.id, by: nil)
        #expect(try ask(stage.twin.id, token).status == 401)

        // Whoever set it up is told why it does not work.
        let open = try workspace.keys.create("open", tenantID: stage.tenant.tenantID, by: nil).text
        for (address, word) in [
            ("/widget/\(stage.twin.id)/\(text.reveal())", "no longer valid"),
            ("/widget/\(stage.twin.id)/\(open.reveal())", "names no site"),
            ("/widget/\(stage.twin.slug)/\(open.reveal())", "names no site"),
        ] {
            let page = try get(address)
            #expect(
                page.status == 200 && page.body.contains(word) && page.body.contains("name=\"token\" content=\"\""), "\(address)")
        }
        #expect(!stage.server.log.contains(text.reveal()))
    }

    // MARK: The share page's chat

    @Test func `a share link streams for who asks for it, and its answers can be rated`() throws {
        let link = try stage.workspace.shareLinks.rotate(stage.twin, by: nil)
        _ = try stage.workspace.shareLinks.setEnabled(stage.twin, true, by: nil)
        let base = "\(stage.twin.id)/\(try #require(link.token))"
        _ = try stage.workspace.twins.update(stage.twin, by: nil) { _ in
            .init(
                settings: try TwinSettings.checked([
                    "page": ["welcome": "Ask away.", "suggestions": "One?\n\n Two? ", "color": "#123456"]
                ]))
        }
        let words = try get("/public/validate-share/\(base)").json()
        #expect(words["welcome"] == "Ask away." && words["suggestions"] == ["One?", "Two?"] && words["color"] == "#123456")
        let reply = try stage.send(
            "POST", "/public/chat/\(base)", ["message": "When are hives opened?"], headers: ["accept: application/x-ndjson"])
        let events = try reply.body.split(separator: "\n").map { try JSONParser.parse(String($0)) }
        #expect(events.first?["type"] == "metadata" && events.last?["type"] == "done")
        #expect(events.first?["citation_details"]?[0]?["quote"]?.stringValue?.contains("May") == true)
        let session = try #require(events.compactMap { $0["session_id"] }.first)
        let rated = try stage.send(
            "POST", "/public/feedback/\(base)",
            ["session_id": session, "message_id": events.last?["message_id"] ?? .null, "rating": "down", "comment": "why?"],
            headers: [])
        #expect(rated.status == 200)
        let owner = try stage.send("GET", "/twins/\(stage.twin.id)/feedback?rating=down", nil, headers: [stage.owner]).json()
        #expect(owner[0]?["comment"] == "why?" && owner[0]?["rating"] == "down")
        let sum = try stage.send("GET", "/metrics/dashboard/\(stage.twin.id)", nil, headers: [stage.owner]).json()
        #expect(sum["rated_down"] == 1 && sum["rated_up"] == 0)
        // Once the link is another one, the old one's visitors rate no more.
        _ = try stage.workspace.shareLinks.rotate(stage.twin, by: nil)
        #expect(
            try stage.send(
                "POST", "/public/feedback/\(base)",
                ["session_id": session, "message_id": events.last?["message_id"] ?? .null, "rating": "up"], headers: []
            ).status == 404)
    }
}
