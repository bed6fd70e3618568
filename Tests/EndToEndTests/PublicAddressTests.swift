import FoundationEssentials
import TestSupport
import Testing

@testable import TwinKit
@testable import TwinSupport

/// Where links lead, and what a server says of itself to those who watch over it.
@Suite struct PublicAddressTests {
    private func links(_ stage: ServedFixture) throws -> [String] {
        let forged = [stage.owner, "x-forwarded-host: evil.example", "forwarded: host=evil.example"]
        let share = try stage.send("POST", "/twins/\(stage.twin.id)/share-link", nil, headers: forged)
        let invited = try stage.send("POST", "/users/invite", ["email": "a@b.example", "role": "viewer"], headers: forged)
        let host = try stage.client.exchange(
            Array("GET /twins/\(stage.twin.id)/share-link HTTP/1.1\r\nHost: evil.example\r\n\(stage.owner)\r\n\r\n".utf8))
        return try [
            #require(share.json()["share_url"]?.stringValue), #require(invited.json()["invitation_url"]?.stringValue),
            #require(host.json()["share_url"]?.stringValue),
        ]
    }

    @Test func `links lead to pages of twin's own where the server listens`() throws {
        let stage = try ServedFixture()
        let links = try links(stage)
        #expect(links.allSatisfy { $0.hasPrefix(stage.server.url + "/") }, "\(links)")
        #expect(links[0] == links[2])
        for (link, script) in [(links[0], "/share.js"), (links[1], "/invitation.js")] {
            let page = try stage.client.send("GET", String(link.dropFirst(stage.server.url.count)))
            #expect(page.status == 200 && page.body.contains(script), "\(page.body)")
            #expect(
                page.field("content-type") == "text/html; charset=utf-8" && page.field("cache-control") == "private, no-store")
            #expect(page.field("referrer-policy") == "no-referrer" && page.field("content-security-policy") != nil)
        }
        // What is no link of twin's is not written into a page.
        for path in [
            "/share/x/%3Cscript%3E", "/share/%22/x", "/auth/accept-invitation/%27",
            "/share/x/" + String(repeating: "a", count: 300),
        ] {
            let page = try stage.client.send("GET", path)
            #expect(page.status == 404 && !page.body.contains("<"), "\(path)")
        }
    }

    @Test func `a configured address comes before where the server listens`() throws {
        let stage = try ServedFixture(environment: ["TWIN_PUBLIC_URL": "https://twin.example/base/"])
        let links = try links(stage)
        #expect(links[0].hasPrefix("https://twin.example/base/share/\(stage.twin.id)/"))
        #expect(links[1].hasPrefix("https://twin.example/base/auth/accept-invitation/"))
        // The command line knows the same address, without a server.
        let own = try stage.scene.twin("share", "show", "--json", environment: ["TWIN_PUBLIC_URL": "https://twin.example/base"])
        #expect(try own.json()["share_url"]?.stringValue == links[0])
        let plain = try stage.scene.twin("share", "show", "--json").json()
        #expect(plain["share_url"]?.stringValue?.hasPrefix("http://127.0.0.1:8000/share/") == true)
        let wrong = try stage.scene.twin("serve", "--port", "0", environment: ["TWIN_PUBLIC_URL": "twin.example"])
        #expect(wrong.code == 2 && wrong.errors.contains("serve.public_url"))
    }

    @Test func `a front end with pages of its own gets who follows a link`() throws {
        let stage = try ServedFixture(environment: [
            "TWIN_FRONTEND_URL": "https://app.example/", "TWIN_PUBLIC_URL": "https://twin.example",
        ])
        let links = try links(stage)
        #expect(
            links[0].hasPrefix("https://app.example/share/") && links[1].hasPrefix("https://app.example/auth/accept-invitation/"))
        for link in links {
            let path = String(link.dropFirst("https://app.example".count))
            let reply = try stage.client.send("GET", path)
            #expect(reply.status == 303 && reply.field("location") == link && reply.field("cache-control") == "private, no-store")
        }
        // Nowhere else.
        for path in ["/share//evil.example/x", "/share/x/..%2f..%2fevil", "/auth/accept-invitation/%0d%0aset-cookie:x"] {
            #expect(try stage.client.send("GET", path).field("location") == nil, "\(path)")
        }
    }

    @Test func `health tells of each service what every contract's clients read`() throws {
        let model = try ModelServer(says: "x")
        let stage = try ServedFixture(environment: model.environment)
        let health = try stage.client.send("GET", "/health").json()
        #expect(health["status"] == "healthy" && health["service"] == "twin" && health["database"] == "up")
        #expect(health["version"] == .string(TwinVersion.current))
        #expect(
            health["services"]
                == ["database": "ok", "pinecone": "ok", "storage": "ok", "openai": "ok", "embeddings": "not configured"])
        let ready = try stage.client.send("GET", "/readyz")
        #expect(try ready.status == 200 && ready.json()["status"] == "ready")
        // Without its index the server is there, and not ready.
        try stage.workspace.database.write { try $0.execute("DROP TABLE index_segments") }
        let second = try ServedFixture(environment: ["TWIN_MODEL_URL": "http://127.0.0.1:1/v1"])
        let degraded = try second.client.send("GET", "/health").json()
        #expect(degraded["status"] == "degraded" && degraded["services"]?["openai"] == "down")
        #expect(try second.client.send("GET", "/readyz").status == 200)
        let direct = try stage.scene.twin("api", "GET", "/readyz", "--include")
        #expect(direct.output.contains("503") && direct.output.contains("not ready"), "\(direct)")
        let body = try stage.scene.twin("api", "GET", "/health").json()
        #expect(body["status"] == "unhealthy" && body["services"]?["pinecone"] == "down" && body["database"] == "up")
    }

    @Test func `the contracts that are served are chosen by name`() throws {
        let scene = try Scene()
        for words in [["--contracts", "nothing"], ["--contracts", "studio,nothing"], ["--contracts", ","]] {
            let refused = try scene.run(Scene.binary, ["serve", "--port", "0"] + words)
            #expect(refused.code == 2 && refused.errors.contains("studio") && refused.output.isEmpty, "\(refused)")
        }
        let wrong = try scene.twin("serve", "--port", "0", environment: ["TWIN_CONTRACTS": "studio,what"])
        #expect(wrong.code == 2 && wrong.errors.contains("serve.contracts"))
        #expect(try scene.twin("config", "set", "serve.contracts", "what").code == 2)
        #expect(try scene.twin("config", "set", "serve.contracts", "studio").code == 0)
        #expect(try scene.twin("api", "GET", "/twins").code == 0)
        let server = try RunningServer(scene, "--contracts", "studio,studio")
        #expect(server.log.contains("twin serves"))
        #expect(try server.send("GET", "/twins").status == 401)
    }
}
