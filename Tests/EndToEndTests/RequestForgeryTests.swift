import FoundationEssentials
import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// The server fetches what its users name, but nothing that only it can reach: its own machine, its network, its files.
@Suite struct RequestForgeryTests {
    private static func addresses(_ port: Int) -> [String] {
        [
            "http://127.0.0.1:\(port)/", "http://localhost:\(port)/", "http://[::1]:\(port)/",
            "http://[::ffff:127.0.0.1]:\(port)/",
            "http://2130706433:\(port)/", "http://0177.0.0.1:\(port)/", "http://0x7f.0.0.1:\(port)/", "http://127.1:\(port)/",
            "http://0.0.0.0:\(port)/", "http://0:\(port)/", "http://user@127.0.0.1:\(port)/",
            "http://example.org@127.0.0.1:\(port)/", "http://127.0.0.1:\(port)/?youtube.com/watch?v=dQw4w9WgXcQ",
            "http://127.0.0.1:\(port)/x.com/somebody/status/1", "http://127.0.0.1:\(port)/podcast.rss",
            "http://169.254.169.254/latest/meta-data/",
            "http://10.0.0.1/", "http://192.168.0.1/", "http://100.64.0.1/", "http://[fd00::1]/", "http://[fe80::1]/",
            "file:///etc/passwd", "file://localhost/etc/passwd", "FILE:///etc/passwd", "gopher://127.0.0.1:\(port)/_GET%20/",
            "ftp://127.0.0.1/",
            "dict://127.0.0.1:\(port)/x", "data:text/plain,secret", "//127.0.0.1:\(port)/", "/etc/passwd", "http:///etc/passwd",
            "http://127.0.0.1:\(port)\\@example.org/", "http://127.0.0.1:\(port)\r\nHost: x/", " http://127.0.0.1:\(port)/",
        ]
    }

    @Test func `no address that is written in whatever way leads back to the server or its network`() throws {
        let inside = try ScriptedServer { _ in .ok("the innermost secret") }
        let stage = try ServedFixture()
        for url in Self.addresses(Int(inside.port)) {
            for path in ["/ingest/url/\(stage.twin.id)", "/ingest/url"] {
                let reply = try stage.send("POST", path, ["url": .string(url), "twin_id": .string(stage.twin.id)])
                #expect(reply.status == 400 || reply.status == 422, "\(url) \(path): \(reply.status) \(reply.body)")
                #expect(!reply.body.contains("innermost") && !reply.body.contains("root:"), "\(url)")
            }
            for kind in ["youtube", "podcast", "x"] {
                let reply = try stage.send("POST", "/ingest/\(kind)/\(stage.twin.id)", ["url": .string(url)])
                #expect([200, 400, 422].contains(reply.status), "\(kind) \(url): \(reply.status) \(reply.body)")
                if !url.lowercased().contains("http") { #expect(reply.status != 200, "\(kind) \(url)") }
            }
        }
        // What was queued is done as the server would do it.
        let done = try stage.scene.twin(
            "jobs", "run", "--until-idle",
            environment: [
                "TWIN_ALLOW_PRIVATE": "0", "TWIN_JOBS_RETRY_SECONDS": "0", "PATH": "/nonexistent",
                "TWIN_YOUTUBE_URL": inside.url, "TWIN_X_OEMBED_URL": inside.url + "/oembed",
            ])
        #expect(done.lines.count > 10 && done.lines.allSatisfy { $0.hasPrefix("failed ") }, "\(done)")
        #expect(inside.connectionCount == 0)
        for source in try stage.workspace.sources.list(twin: stage.twin) where source.kind != .stream {
            #expect(source.status != .live && source.textKey == nil, "\(source.locator)")
        }
        // The way is there: who may go it arrives.
        let allowed = try stage.scene.twin(
            "ingest", inside.url, "--twin", stage.twin.id, "--json", environment: ["TWIN_ALLOW_PRIVATE": "1"])
        #expect(allowed.code == 0 && inside.connectionCount > 0, "\(allowed)")
    }

    @Test func `links in replies are made from the configuration, and nothing redirects`() throws {
        let stage = try ServedFixture(environment: ["TWIN_FRONTEND_URL": "https://app.example"])
        let forged = [
            "x-forwarded-host: evil.example", "x-forwarded-proto: gopher", "forwarded: host=evil.example",
            "referer: https://evil.example/",
        ]
        let share = try stage.send("POST", "/twins/\(stage.twin.id)/share-link", nil, headers: [stage.owner] + forged)
        #expect(try share.json()["share_url"]?.stringValue?.hasPrefix("https://app.example/share/") == true)
        let invited = try stage.send(
            "POST", "/users/invite", ["email": "a@b.example", "role": "viewer"], headers: [stage.owner] + forged)
        #expect(
            try invited.json()["invitation_url"]?.stringValue?.hasPrefix("https://app.example/auth/accept-invitation/") == true)
        let host = try stage.client.exchange(
            Array("GET /twins/\(stage.twin.id)/share-link HTTP/1.1\r\nHost: evil.example\r\n\(stage.owner)\r\n\r\n".utf8))
        #expect(host.status == 200 && !host.body.contains("evil.example"))
        for path in [
            "//evil.example/", "//evil.example/%2e%2e", "/\\evil.example", "/twins/", "/docs/", "/?next=https://evil.example",
            "/auth/login?redirect=https://evil.example", "/%2f%2fevil.example", "/docs?url=//evil.example",
            "http://evil.example/",
        ] {
            let reply = try stage.client.send("GET", path, headers: [stage.owner])
            #expect(!(300..<400).contains(reply.status) && reply.field("location") == nil, "\(path): \(reply.status)")
        }
    }
}
