import FoundationEssentials
import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// Requests of the wrong size, form, type or method.
@Suite struct RequestShapeTests {
    let stage: ServedFixture
    init() throws { stage = try ServedFixture("--jobs", "0", "--log", "json") }

    private func raw(_ method: String, _ path: String, _ headers: [String], _ body: [UInt8]) throws -> WireClient.Reply {
        defer { stage.client.disconnect() }
        return try stage.client.send(method, path, headers: [stage.owner] + headers, body: body)
    }

    @Test func `what is no JSON, or not the JSON that is wanted, is said so and changes nothing`() throws {
        let json = ["content-type: application/json"]
        let before = try stage.send("GET", "/twins").body
        let deep = Array(String(repeating: "[", count: 100_000).utf8) + Array(String(repeating: "]", count: 100_000).utf8)
        let cases: [([String], [UInt8], Int)] = [
            (json, Array("{".utf8), 422), (json, [], 422), (json, Array("nonsense".utf8), 422), (json, Array("[]".utf8), 422),
            (json, Array("{\"name\":\"a\"} x".utf8), 422), (json, Array("{\"name\":\"\u{0}\"}".utf8), 422),
            (json, [0x7B, 0xFF, 0x7D], 422),
            (json, Array("{\"name\":\"a\",}".utf8), 422), (json, Array("{'name':'a'}".utf8), 422), (json, deep, 422),
            (json, Array("{\"name\":".utf8) + deep + Array("}".utf8), 422), (json, Array("{\"name\":7}".utf8), 422),
            (json, Array("{\"name\":null}".utf8), 422), (json, Array("{\"name\":\"  \"}".utf8), 422),
            (json, Array("{\"name\":\"a\\u0000b\"}".utf8), 422),
            (json, Array("{\"name\":\"first\",\"name\":\"second\"}".utf8), 422),
            (json, Array("{\"name\":\"a\",\"settings\":{\"x\":1,\"x\":2}}".utf8), 422),
            (json, Array("{\"name\":\"\(String(repeating: "a", count: 201))\"}".utf8), 422),
            (json, Array("{\"name\":\"a\",\"settings\":[]}".utf8), 422),
            (json, Array("{\"name\":\"a\",\"settings\":1e999}".utf8), 422),
            (["content-type: text/plain"], Array("{\"name\":\"a\"}".utf8), 415),
            (["content-type: application/x-www-form-urlencoded"], Array("name=a".utf8), 415),
            (["content-type: multipart/form-data; boundary=x"], Array("--x\r\n\r\n--x--".utf8), 415),
            (json + ["content-encoding: gzip"], Array("{\"name\":\"a\"}".utf8), 415),
        ]
        for (headers, body, status) in cases {
            let reply = try raw("POST", "/twins", headers, body)
            let shown =
                "\(headers) \(String(decoding: body.prefix(80), as: UTF8.self)): \(reply.status) \(reply.body.prefix(200))"
            #expect(reply.status == status, "\(shown)")
            #expect(try reply.json()["detail"] != nil && reply.body.utf8.count < 4_096, "\(shown)")
            if reply.status == 422 {
                #expect(try reply.json()["detail"]?[0]?["loc"] != nil && reply.json()["detail"]?[0]?["type"] != nil)
            }
        }
        #expect(try stage.send("GET", "/twins").body == before)
    }

    @Test func `content that is too large is refused, announced or not`() throws {
        let json = ["content-type: application/json"]
        let big = [UInt8](repeating: UInt8(ascii: "a"), count: 3 << 20)
        for path in ["/twins", "/chat/\(stage.twin.id)", "/chat-widget/\(stage.twin.id)", "/public/chat/\(stage.twin.id)/x"] {
            #expect(try raw("POST", path, json, big).status == 413, "\(path)")
            let chunked = Array(
                "POST \(path) HTTP/1.1\r\nHost: x\r\n\(stage.owner)\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n300000\r\n"
                    .utf8)
            #expect(try stage.client.exchange(chunked + big + Array("\r\n0\r\n\r\n".utf8)).status == 413, "\(path)")
            stage.client.disconnect()
        }
        let announced = Array(
            "POST /ingest/file/\(stage.twin.id) HTTP/1.1\r\nHost: x\r\n\(stage.owner)\r\ncontent-type: multipart/form-data; boundary=x\r\ncontent-length: 9999999999\r\n\r\n"
                .utf8)
        #expect(try stage.client.exchange(announced).status == 413)
        stage.client.disconnect()
        let long = try stage.client.exchange(
            Array("GET /twins?\(String(repeating: "a", count: 100_000)) HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
        #expect(long.status == 414 || long.status == 431)
        stage.client.disconnect()
        let fields = (0..<2_000).map { "x-field-\($0): \(String(repeating: "b", count: 60))\r\n" }.joined()
        #expect(try stage.client.exchange(Array("GET /twins HTTP/1.1\r\nHost: x\r\n\(fields)\r\n".utf8)).status == 431)
        stage.client.disconnect()
        // It goes on serving.
        #expect(try stage.send("GET", "/twins").status == 200)
        #expect(
            try stage.send("POST", "/chat/\(stage.twin.id)", ["query": .string(String(repeating: "why ", count: 10_000))]).status
                == 422)
    }

    @Test func `the name of an uploaded file leads nowhere`() throws {
        try stage.scene.write("outside/keep.txt", "kept")
        let names: [(String, String?)] = [
            ("../../outside/keep.txt", "keep.txt"), ("..\\..\\outside\\keep.txt", "keep.txt"), ("/etc/passwd", "passwd"),
            ("C:\\x\\a.txt", "a.txt"),
            ("..", "upload"), (".", "upload"), ("", "upload"), (String(repeating: "n", count: 300), nil),
            ("=cmd.txt", "=cmd.txt"), ("<script>.txt", "<script>.txt"), ("%2e%2e%2fx.txt", "%2e%2e%2fx.txt"),
        ]
        for (sent, stored) in names {
            let body =
                "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"\(sent.replacing("\\", with: "\\\\"))\"\r\ncontent-type: text/plain\r\n\r\nBees \(sent.utf8.count).\r\n--x--\r\n"
            let reply = try raw(
                "POST", "/ingest/file/\(stage.twin.id)", ["content-type: multipart/form-data; boundary=x"], Array(body.utf8))
            if let stored {
                #expect(reply.status == 200, "\(sent): \(reply.body)")
                let id = try reply.json()["source_id"]?.stringValue ?? ""
                let source = try stage.send("GET", "/sources/\(stage.twin.id)/\(id)").json()
                #expect(source["filename"]?.stringValue == stored, "\(sent): \(source["filename"] ?? .null)")
            } else {
                #expect(reply.status == 400 || reply.status == 422, "\(sent): \(reply.status) \(reply.body)")
            }
        }
        // Other forms that are none.
        for body in [
            "", "--x", "--x--", "--x\r\n\r\n\r\n--x--",
            "--x\r\ncontent-disposition: form-data; name=\"other\"\r\n\r\nv\r\n--x--\r\n",
        ] {
            let reply = try raw(
                "POST", "/ingest/file/\(stage.twin.id)", ["content-type: multipart/form-data; boundary=x"], Array(body.utf8))
            #expect(reply.status == 400 || reply.status == 422, "\(body): \(reply.status)")
        }
        for type in [
            "application/json", "multipart/form-data", "multipart/form-data; boundary=\(String(repeating: "x", count: 300))",
            "text/plain",
        ] {
            let reply = try raw("POST", "/ingest/file/\(stage.twin.id)", ["content-type: \(type)"], Array("{}".utf8))
            #expect([400, 415, 422].contains(reply.status), "\(type): \(reply.status)")
        }
        let left = try stage.scene.shell("cat outside/keep.txt; find . -name 'a.txt' -o -name passwd")
        #expect(left.output == "kept")
    }

    @Test func `a field that would end its line is refused, and what is echoed is plain`() throws {
        for line in [
            "x-correlation-id: a\rb", "x-correlation-id: a\u{0}b", "x-correlation-id : a", "x correlation: a", " folded: a",
            "x-a: b\n c: d",
        ] {
            let reply = try stage.client.exchange(Array("GET /health HTTP/1.1\r\nHost: x\r\n\(line)\r\n\r\n".utf8))
            #expect(reply.status == 400, "\(line.debugDescription): \(reply.status)")
            #expect(reply.field("set-cookie") == nil)
            stage.client.disconnect()
        }
        for given in ["<script>alert(1)</script>", String(repeating: "a", count: 5_000), "a b", "ü", "a%0d%0aset-cookie:x"] {
            let reply = try stage.client.send("GET", "/health", headers: ["x-correlation-id: \(given)"])
            let echoed = try #require(reply.field("x-correlation-id"))
            #expect(given.contains("%") || echoed != given, "\(given)")
            #expect(echoed.utf8.count <= 128 && echoed.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
        }
        #expect(
            try stage.client.send("GET", "/health", headers: ["x-correlation-id: mine-1"]).field("x-correlation-id") == "mine-1")
        // What is stored comes back as content, never as a field or a line of the log.
        let name = "Twin\\r\\nset-cookie: a=b"
        #expect(try raw("POST", "/twins", ["content-type: application/json"], Array("{\"name\":\"\(name)\"}".utf8)).status == 422)
        _ = try stage.client.send("GET", "/x%0d%0a%7b%22level%22:%22forged%22%7d", headers: [])
        _ = try stage.client.send(
            "GET", "/twins?x=%0aforged", headers: ["user-agent: forged\t{}", "referer: forged", stage.owner])
        _ = try stage.send("POST", "/chat/\(stage.twin.id)", ["query": "When?\n{\"level\":\"forged\"}"])
        stage.server.stop()
        for line in stage.server.log.split(separator: "\n") where line.hasPrefix("{") {
            #expect(try JSONParser.parse(String(line))["level"] != "forged")
        }
        #expect(!stage.server.log.contains("\nforged") && !stage.server.log.contains("Bearer"))
    }

    @Test func `every path says which methods it has, and HEAD is GET without content`() throws {
        let document = try stage.client.send("GET", "/openapi.json").json()
        for (path, item) in try #require(document["paths"]?.objectValue).members {
            let methods = Set(try #require(item.objectValue).keys.map { $0.uppercased() })
            let target = path.replacing("{twin_id}", with: stage.twin.id).replacing("{", with: "").replacing("}", with: "")
            let options = try stage.client.send("OPTIONS", target)
            let allowed = Set((options.field("allow") ?? "").split(separator: ",").map { $0.drop { $0 == " " } }.map(String.init))
            #expect(
                options.status == 204 && allowed.isSuperset(of: methods) && allowed.contains("OPTIONS"),
                "\(path): \(options.status) \(allowed)")
            for method in ["PUT", "TRACE", "PROPFIND"] where !methods.contains(method) {
                let reply = try stage.client.send(method, target, headers: [stage.owner])
                #expect(reply.status == 405 || (method != "PUT" && reply.status == 501), "\(method) \(path): \(reply.status)")
                if reply.status == 405 {
                    #expect(reply.field("allow") != nil && !reply.body.contains("Bearer"), "\(method) \(path)")
                }
            }
            if methods.contains("GET") {
                let get = try stage.client.send("GET", target, headers: [stage.owner])
                let head = try stage.client.send("HEAD", target, headers: [stage.owner])
                #expect(head.status == get.status && head.body.isEmpty, "\(path): \(head.status) \(get.status)")
                #expect(head.field("content-type") == get.field("content-type"), "\(path)")
            } else if !allowed.contains("GET") {
                // Another route may have the path of this example, as `/sources/{twin_id}/{source_id}` has that of a verb.
                #expect(try stage.client.send("HEAD", target, headers: [stage.owner]).status == 405, "\(path)")
            }
        }
    }
}
