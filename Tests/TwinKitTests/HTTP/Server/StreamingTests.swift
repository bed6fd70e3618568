import Glibc
import Synchronization
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// Responses that are made while they are sent, and requests that are read while they come.
@Suite struct StreamingTests {
    /// What tests and handlers tell each other.
    final class Box<Value: Sendable>: Sendable {
        let monitor: Monitor<[Value]>
        init() { monitor = Monitor([]) }
        func add(_ value: Value) {
            monitor.withLock { $0.append(value) }
            monitor.notifyAll()
        }
        func waitForFirst() -> Value? { monitor.wait(seconds: 240) { $0.first } }
        func wait(count: Int) -> Bool { monitor.wait(seconds: 240) { $0.count >= count ? true : nil } ?? false }
    }

    private static func decodeChunks(_ reply: String) throws -> String {
        guard let end = reply.firstRange(of: "\r\n\r\n") else { return "" }
        var decoder = ChunkedDecoder()
        var result = ""
        let bytes = Array(reply[end.upperBound...].utf8)
        _ = try bytes.withUnsafeBytes { try decoder.decode($0) { result += String(decoding: $0, as: UTF8.self) } }
        #expect(decoder.isDone)
        return result
    }

    @Test func `events come as Server-Sent Events or JSON Lines, as Accept asks`() throws {
        let server = try TestServer(
            FunctionResponder { request in
                EventStream.response(to: request) { stream in
                    try stream.send(StreamEvent("metadata", data: ["n": 1], id: "7"))
                    try stream.send(StreamEvent(data: "two\nlines"))
                }
            })
        func reply(_ accept: String) throws -> String {
            try server.exchange("GET / HTTP/1.1\r\nHost: a\r\nAccept: \(accept)\r\nConnection: close\r\n\r\n", finish: false)
        }
        let events = try reply("text/event-stream")
        #expect(events.contains("content-type: text/event-stream"))
        #expect(events.contains("x-accel-buffering: no"))
        #expect(try Self.decodeChunks(events) == "id: 7\nevent: metadata\ndata: {\"n\":1}\n\ndata: \"two\\nlines\"\n\n")
        let lines = try reply("*/*")
        #expect(lines.contains("content-type: application/x-ndjson"))
        #expect(try Self.decodeChunks(lines) == "{\"n\":1}\n\"two\\nlines\"\n")
    }

    @Test func `a stream to HTTP 1.0 ends with the connection`() throws {
        let server = try TestServer(
            FunctionResponder { _ in
                Response(
                    .ok,
                    body: .stream(
                        .producing { writer in
                            try writer.write("ab")
                            try writer.write("cd")
                        }))
            })
        let reply = try server.exchange("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", finish: false)
        #expect(reply.hasSuffix("\r\n\r\nabcd"))
        #expect(!reply.contains("chunked"))
    }

    @Test func `the connection goes on after a stream`() throws {
        let server = try TestServer(
            FunctionResponder { request in
                request.path == "/s" ? Response(.ok, body: .stream(.producing { try $0.write("x") })) : .text("after")
            })
        let reply = try server.exchange(
            "GET /s HTTP/1.1\r\nHost: a\r\n\r\nGET /t HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", finish: false)
        #expect(reply.contains("1\r\nx\r\n0\r\n\r\nHTTP/1.1 200 OK"))
        #expect(reply.hasSuffix("after"))
    }

    @Test func `a producer that fails leaves the stream visibly incomplete`() throws {
        struct Failure: Error {}
        let server = try TestServer(
            FunctionResponder { _ in
                Response(
                    .ok,
                    body: .stream(
                        .producing { writer in
                            try writer.write("part")
                            throw Failure()
                        }))
            })
        let reply = try server.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n", finish: false)
        #expect(reply.contains("part"))
        #expect(!reply.hasSuffix("0\r\n\r\n"))
    }

    @Test(arguments: [false, true])
    func `a client that leaves stops the producer`(onlyHalf: Bool) throws {
        let stopped = Box<Bool>()
        let server = try TestServer(
            FunctionResponder { request in
                EventStream.subscription(to: request) { stream in
                    stream.cancellation.onCancel { stopped.add(true) }
                    try stream.send(StreamEvent(data: 1))
                }
            })
        do {
            let client = try server.client()
            client.send("GET / HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n")
            _ = client.read(until: "data: 1")
            // A half-closed client may still listen; what tells is that it answers nothing to the probe.
            if onlyHalf { client.finishSending() }
        }
        #expect(stopped.waitForFirst() == true)
    }

    @Test func `a half-closed client goes on receiving its stream`() throws {
        let streams = Box<EventStream>()
        let server = try TestServer(
            FunctionResponder { request in
                EventStream.subscription(to: request) { streams.add($0) }
            })
        let client = try server.client()
        client.send("GET / HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n")
        let stream = try #require(streams.waitForFirst())
        var reply = client.read(until: "\r\n\r\n")
        client.finishSending()
        reply += client.read(until: "0")
        for number in 0..<3 { try stream.send(StreamEvent(data: .number(number))) }
        stream.finish()
        reply += client.read(until: "0\r\n\r\n")
        #expect(try Self.decodeChunks(reply) == "data: 0\n\ndata: 1\n\ndata: 2\n\n")
    }

    @Test func `a silent stream has heartbeats`() throws {
        let server = try TestServer(FunctionResponder { request in EventStream.subscription(to: request) { _ in } }) {
            $0.timeouts.heartbeat = 0.05
        }
        let client = try server.client()
        client.send("GET / HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n")
        #expect(client.read(until: ": heartbeat\n\n").contains(": heartbeat\n\n"))
        #expect(client.read(until: ": heartbeat\n\n").contains(": heartbeat\n\n"))
    }

    @Test func `a client that does not read holds its producer back and nobody else`() throws {
        let finished = Box<Bool>()
        let counter = Counter()
        let server = try TestServer(
            FunctionResponder { request in
                guard request.path == "/flood" else { return .text("quick") }
                return Response(
                    .ok,
                    body: .stream(
                        .producing { writer in
                            let piece = [UInt8](repeating: 65, count: 10_000)
                            do {
                                for _ in 0..<10_000 {
                                    try writer.write(piece)
                                    counter.value.wrappingAdd(piece.count, ordering: .relaxed)
                                }
                            } catch { finished.add(true) }
                        }))
            }
        ) { $0.timeouts.write = 1 }
        let slow = try server.client()
        var size: Int32 = 4096
        setsockopt(slow.descriptor, SOL_SOCKET, SO_RCVBUF, &size, 4)
        slow.send("GET /flood HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(slow.readSome() != nil)
        for _ in 0..<20 {
            #expect(
                try server.exchange("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", finish: false).hasSuffix("quick"))
        }
        // The write deadline ends it; until then only buffers' worth was produced of 100 MB.
        #expect(finished.waitForFirst() == true)
        #expect(counter.value.load(ordering: .relaxed) < 20_000_000)
    }

    final class Counter: Sendable { let value = Atomic<Int>(0) }

    @Test func `an upload is read while it comes and waits for its reader`() throws {
        let server = try TestServer(
            FunctionResponder { request in
                var total = 0
                var sum: UInt64 = 0
                try request.body.forEachPiece { piece in
                    total += piece.count
                    for byte in piece { sum &+= UInt64(byte) }
                    usleep(500)
                }
                return .text("\(total) \(sum)")
            }, planner: UniformPlanner(RequestPlan(bodyLimit: 50_000_000, streamsBody: true)))
        let client = try server.client()
        let bytes = (0..<5_000_000).map { UInt8(truncatingIfNeeded: $0) }
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(bytes.count)\r\n\r\n")
        client.send(bytes)
        #expect(client.readResponse().body == "5000000 \(bytes.reduce(UInt64(0)) { $0 + UInt64($1) })")
        client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
        #expect(client.readResponse().body == "3 294")
    }

    @Test func `a form comes in chunks and its file goes to disk while it comes`() throws {
        var group = RouteGroup()
        try group.post("/upload", RouteOptions(bodyLimit: 10_000_000, streamsBody: true)) { request in
            let form = try ReceivedForm(request)
            guard let file = form.file("f") else { throw HTTPError(.badRequest, "no file") }
            return Response(.ok, headers: [HeaderField("x-name", file.filename)], body: .file(try FileBody(path: file.path)))
        }
        let server = try TestServer(router: group)
        let content = String(repeating: "0123456789abcde\n", count: 200_000)
        let form = "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.txt\"\r\n\r\n\(content)\r\n--B--\r\n"
        let client = try server.client()
        client.send(
            "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=B\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n")
        let bytes = Array(form.utf8)
        for start in stride(from: 0, to: bytes.count, by: 100_003) {
            let piece = bytes[start..<min(start + 100_003, bytes.count)]
            client.send(Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + [13, 10])
        }
        client.send("0\r\n\r\n")
        let response = client.readResponse()
        #expect(response.status == 200 && response.header("x-name") == "a.txt")
        #expect(response.body == content)
        client.send(
            "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=B\r\nContent-Length: 10000001\r\n\r\n"
        )
        #expect(client.readResponse().status == 413)
    }

    @Test func `a client that leaves in the middle of an upload is told to the reader`() throws {
        let failed = Box<String>()
        let server = try TestServer(
            FunctionResponder { request in
                do {
                    _ = try request.body.collect()
                } catch {
                    failed.add("\(error)")
                    throw error
                }
                return .text("no")
            }, planner: UniformPlanner(RequestPlan(streamsBody: true)))
        do {
            let client = try server.client()
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc")
        }
        #expect(failed.waitForFirst() != nil)
    }

    @Test func `a response before the upload's end is delivered`() throws {
        let server = try TestServer(
            FunctionResponder { _ in throw HTTPError(.unauthorized, "No") },
            planner: UniformPlanner(RequestPlan(bodyLimit: 100_000_000, streamsBody: true)))
        let client = try server.client()
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\n" + String(repeating: "x", count: 100_000))
        let reply = client.readToEnd()
        #expect(reply.hasPrefix("HTTP/1.1 401 "))
        #expect(reply.contains("connection: close"))
    }

    @Test func `blocking handlers leave other requests quick`() throws {
        let release = Box<Bool>()
        let server = try TestServer(
            FunctionResponder { request in
                if request.path == "/slow" { _ = release.waitForFirst() }
                return .text(request.path)
            })
        let slow = try (0..<20).map { _ in try server.client() }
        for client in slow { client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n") }
        #expect(
            try server.exchange("GET /quick HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", finish: false).hasSuffix("/quick"))
        release.add(true)
        for client in slow { #expect(client.readResponse().body == "/slow") }
    }

    @Test func `threads that are stuck are joined by others, without a further request to start them`() throws {
        let release = Box<Bool>()
        let entered = Box<Bool>()
        let server = try TestServer(
            FunctionResponder { request in
                entered.add(true)
                _ = release.waitForFirst()
                return .text("done")
            })
        let clients = try (0..<30).map { _ in try server.client() }
        for client in clients { client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n") }
        #expect(entered.wait(count: 30))
        release.add(true)
        for client in clients { #expect(client.readResponse().body == "done") }
    }

    @Test func `what is not at hand is answered on a thread of the pool`() throws {
        let isAtHand = Mutex(true)
        let loops = Mutex<[Bool]>([])
        var root = RouteGroup()
        let options = RouteOptions(execution: .eventLoop, isAtHand: { isAtHand.withLock { $0 } })
        try root.get("/state", options) { request in
            // Only a request for a thread of the pool can be cancelled.
            loops.withLock { $0.append(request.cancellation == nil) }
            return .text("ok")
        }
        let router = try Router(root)
        let server = try TestServer(router, planner: router) { _ in }
        let client = try server.client()
        for atHand in [true, false, true] {
            isAtHand.withLock { $0 = atHand }
            client.send("GET /state HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(client.readResponse().body == "ok")
        }
        #expect(loops.withLock { $0 } == [true, false, true])
    }

    /// What two of three requests are told that come while the only thread works on a first one, of which one may wait.
    private func refusals(_ target: String, _ responder: (FunctionResponder) throws -> (any Responder, any RequestPlanner)) throws
        -> [RawResponse]
    {
        let release = Box<Bool>()
        let started = Box<Bool>()
        let (router, planner) = try responder(
            FunctionResponder { _ in
                started.add(true)
                _ = release.waitForFirst()
                return .text("done")
            })
        let server = try TestServer(router, planner: planner) { configuration in
            configuration.workerThreads = 1
            configuration.waitingRequests = 1
        }
        let request = "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n"
        let first = try server.client()
        first.send(request)
        #expect(started.wait(count: 1))
        let others = try (0..<3).map { _ in try server.client() }
        for client in others { client.send(request) }
        // One of the three waits; the first two answers are refusals. They come before the release.
        var answers: [RawResponse] = []
        for client in others.reversed() where answers.count < 2 {
            var descriptor = pollfd(fd: client.descriptor, events: Int16(POLLIN), revents: 0)
            if poll(&descriptor, 1, 2000) == 1 { answers.append(client.readResponse()) }
        }
        #expect(answers.count == 2)
        release.add(true)
        #expect(first.readResponse().body == "done")
        return answers
    }

    @Test func `more waiting requests than allowed are told to come back`() throws {
        for response in try refusals("/", { ($0, UniformPlanner()) }) {
            #expect(response.status == 503 && response.header("retry-after") == "1")
        }
    }

    @Test func `a route that waits for a thread in vain refuses in its contract's form`() throws {
        let refusals = try refusals("/shop/slow") { slow in
            var root = RouteGroup()
            try root.group(
                "/shop", errors: { error, _ in .json(["shop": .string(ErrorReport(error).message)], status: .serviceUnavailable) }
            ) {
                try $0.get("/slow") { try slow.respond(to: $0) }
            }
            let router = try Router(root)
            return (router, router)
        }
        for response in refusals {
            #expect(response.status == 503 && response.body.hasPrefix(#"{"shop":"The server has too much"#))
        }
    }
}
