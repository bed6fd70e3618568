import Synchronization
import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

private let gzippedLetters =
    "H4sIAAAAAAACA+3BgQAAAACAILb9pRapCgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAGqABpugAAABAA=="

@Suite struct HTTPClientTests {
    private let client = HTTPClient(policy: .any, userAgent: "twin-tests")

    private func get(_ url: String, _ change: (inout ClientRequest) -> Void = { _ in }) throws -> ClientRequest {
        var request = ClientRequest(.get, try WebAddress(url))
        change(&request)
        return request
    }

    /// What the client says of a request to a server that answers with `steps`.
    private func error(
        _ steps: [ScriptedServer.Step], _ change: (inout ClientLimits) -> Void = { _ in }
    ) throws -> HTTPClientError? {
        let server = try ScriptedServer { _ in .init(steps) }
        let request = try get(server.url) { change(&$0.limits) }
        return #expect(throws: HTTPClientError.self) { try client.send(request) }
    }

    @Test func `an answer is given with its status, headers, body and address`() throws {
        let server = try ScriptedServer { _ in .status(404, [("X-One", "1"), ("x-one", "2")], Array("no such thing".utf8)) }
        let answer = try client.send(get(server.url + "/thing?a=b"))
        #expect(answer.status == 404)
        #expect(answer.headers["X-ONE"] == "1")
        #expect(String(decoding: answer.body, as: UTF8.self) == "no such thing")
        #expect(answer.address.description == server.url + "/thing?a=b")
        let request = try #require(server.requests.first)
        #expect(request.target == "/thing?a=b")
        #expect(request.header("User-Agent") == "twin-tests")
        #expect(request.header("Cookie") == nil)
    }

    @Test func `a POST carries its body, headers and secrets`() throws {
        let server = try ScriptedServer { _ in .ok("fine") }
        let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        var request = ClientRequest(
            .post, try WebAddress(server.url), headers: ["Content-Type": "application/x"], body: body)
        request.secretHeaders = [("Authorization", Secret("Bearer 1234"))]
        #expect(try client.send(request).status == 200)
        let seen = try #require(server.requests.first)
        #expect(seen.method == "POST")
        #expect(seen.body == body)
        #expect(seen.header("Content-Type") == "application/x")
        #expect(seen.header("Authorization") == "Bearer 1234")
        #expect(seen.header("Expect") == nil)
    }

    @Test func `an empty POST and a HEAD work`() throws {
        let server = try ScriptedServer { request in
            request.method == "HEAD" ? .init([.text("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")]) : .ok("posted")
        }
        #expect(try client.send(ClientRequest(.post, WebAddress(server.url))).body == Array("posted".utf8))
        #expect(try client.send(ClientRequest(.head, WebAddress(server.url))).body == [])
    }

    @Test func `chunked and unframed bodies are read to their end`() throws {
        let server = try ScriptedServer { request in
            request.path == "/chunked"
                ? .init([
                    .text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"), .pause(20),
                    .text("2\r\nde\r\n0\r\nX: y\r\n\r\n"),
                ])
                : .init([.text("HTTP/1.1 200 OK\r\n\r\n"), .text("until"), .text(" the end")])
        }
        let chunked = try client.send(get(server.url + "/chunked"))
        #expect(chunked.body == Array("abcde".utf8))
        #expect(chunked.headers["X"] == nil)
        #expect(try client.send(get(server.url)).body == Array("until the end".utf8))
    }

    @Test func `an informational answer is not the answer`() throws {
        let server = try ScriptedServer { _ in
            .init([.text("HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")])
        }
        let answer = try client.send(get(server.url))
        #expect(answer.status == 200)
        #expect(answer.headers["Link"] == nil)
    }

    @Test func `connections are used again`() throws {
        let server = try ScriptedServer { _ in .ok("again") }
        for _ in 0..<5 { _ = try client.send(get(server.url)) }
        #expect(server.requests.count == 5)
        #expect(server.connectionCount == 1)
    }

    @Test func `a body over the limit is refused, whether announced or not`() throws {
        for steps: [ScriptedServer.Step] in [
            [.text("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"), .send([UInt8](repeating: 65, count: 5000))],
            [.text("HTTP/1.1 200 OK\r\n\r\n"), .endless([UInt8](repeating: 65, count: 1000), pause: 0)],
        ] {
            #expect(try error(steps) { $0.responseBytes = 4096 } == .responseTooLarge(limit: 4096))
        }
    }

    @Test func `a body of exactly the limit is accepted`() throws {
        let server = try ScriptedServer { _ in .status(200, [], [UInt8](repeating: 65, count: 4096)) }
        #expect(try client.send(get(server.url) { $0.limits.responseBytes = 4096 }).body.count == 4096)
    }

    @Test func `endless headers are refused`() throws {
        let failure = try error([
            .text("HTTP/1.1 200 OK\r\n"), .endless(Array("X-Long: aaaaaaaaaaaaaaaaaaaaaaaaaa\r\n".utf8), pause: 0),
        ]) {
            $0.headerBytes = 2000
        }
        #expect(failure == .headersTooLarge(limit: 2000))
    }

    @Test func `a body that drips for ever runs into the time limit`() throws {
        let failure = try error([.text("HTTP/1.1 200 OK\r\n\r\n"), .endless([65], pause: 10)]) { $0.totalTime = 400 }
        #expect(failure == .timedOut(host: "127.0.0.1", milliseconds: 400))
    }

    @Test func `silence is told apart from slowness`() throws {
        let failure = try error([.text("HTTP/1.1 200 OK\r\n\r\nbegun"), .hang]) { $0.idleTime = 300 }
        #expect(failure == .stalled(host: "127.0.0.1", milliseconds: 300))
        let unanswered = try error([.hang]) { $0.idleTime = 300 }
        #expect(unanswered == .stalled(host: "127.0.0.1", milliseconds: 300))
    }

    @Test func `an answer that ends early is broken`() throws {
        for steps: [ScriptedServer.Step] in [
            [], [.reset], [.text("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")],
            [.text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab")],
            [.text("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"), .reset],
        ] {
            #expect(try error(steps) == .connectionBroken(host: "127.0.0.1"))
        }
    }

    @Test(arguments: ["hello\r\n\r\n", "SSH-2.0-x\r\n", "\u{0}\u{1}\u{2}\u{3}\r\n\r\n"])
    func `what is not HTTP is malformed`(text: String) throws {
        let failure = try error([.text(text)])
        #expect(failure != nil)
        #expect(failure?.twinError.kind == .upstream)
    }

    @Test func `a closed port and an unknown host are told apart`() throws {
        // A label of 64 letters is longer than any name may have, so that no name server is asked.
        let host = String(repeating: "a", count: 64) + ".test"
        var port: UInt16 = 0
        do { port = try ScriptedServer { _ in .ok("") }.port }
        #expect(throws: HTTPClientError.connectionFailed(host: "127.0.0.1")) {
            try client.send(get("http://127.0.0.1:\(port)/"))
        }
        #expect(throws: HTTPClientError.unknownHost(host)) { try client.send(get("http://\(host)/")) }
    }

    @Test func `a request is cancelled while it waits`() throws {
        let server = try ScriptedServer { _ in .init([.hang]) }
        let calls = Atomic<Int>(0)
        let request = try get(server.url)
        #expect(throws: HTTPClientError.cancelled) {
            try client.send(request, isCancelled: { calls.add(1, ordering: .relaxed).newValue > 2 })
        }
    }

    @Test func `what the receiver throws ends the transfer`() throws {
        struct Enough: Error {}
        let server = try ScriptedServer { _ in .init([.text("HTTP/1.1 200 OK\r\n\r\n"), .endless([65], pause: 1)]) }
        var count = 0
        #expect(throws: Enough.self) {
            try client.stream(get(server.url)) { head, bytes in
                #expect(head.status == 200)
                count += bytes.count
                if count >= 10 { throw Enough() }
            }
        }
    }

    @Test func `a compressed answer is undone and its limit counts what comes out`() throws {
        // 64 KiB of the letter A, by gzip.
        let packed = try #require(Base64.standard.decode(gzippedLetters))
        let server = try ScriptedServer { _ in .status(200, [("Content-Encoding", "gzip")], packed) }
        let answer = try client.send(get(server.url) { $0.acceptsCompression = true })
        #expect(answer.body == [UInt8](repeating: 65, count: 65_536))
        #expect(server.requests.first?.header("Accept-Encoding")?.contains("gzip") == true)
        #expect(throws: HTTPClientError.responseTooLarge(limit: 10_000)) {
            try client.send(
                get(server.url) {
                    $0.acceptsCompression = true
                    $0.limits.responseBytes = 10_000
                })
        }
    }

    @Test func `a header field cannot smuggle in a line`() throws {
        let server = try ScriptedServer { _ in .ok("") }
        let request = try get(server.url) { $0.headers.append("X-Name", "a\r\nX-Evil: b") }
        #expect(throws: HTTPClientError.self) { try client.send(request) }
        #expect(server.requests.isEmpty)
    }

    @Test func `many requests at once each get their own answer`() throws {
        let server = try ScriptedServer { request in .ok("echo \(request.target)") }
        let client = client
        let wrong = Mutex<[String]>([])
        Parallel.run(24) { index in
            let answer = try? client.send(ClientRequest(.get, WebAddress("\(server.url)/\(index)")))
            if answer?.body != Array("echo /\(index)".utf8) { wrong.withLock { $0.append("\(index)") } }
        }
        #expect(wrong.withLock { $0 } == [])
        #expect(server.requests.count == 24)
    }
}
