import Glibc
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// Deadlines, shutting down, and running out of what the system has.
@Suite struct LifecycleTests {
    @Test func `a client that sends its head too slowly is told so`() throws {
        let server = try TestServer(echo) { $0.timeouts.head = 0.1 }
        let client = try server.client()
        client.send("GET / HTTP/1.1\r\nHo")
        #expect(client.readToEnd().hasPrefix("HTTP/1.1 408 "))
    }

    @Test func `a client that sends its content too slowly is told so`() throws {
        let server = try TestServer(echo) { $0.timeouts.body = 0.1 }
        let client = try server.client()
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
        #expect(client.readToEnd().hasPrefix("HTTP/1.1 408 "))
    }

    @Test func `an idle connection closes without a word`() throws {
        let server = try TestServer(echo) { $0.timeouts.idle = 0.1 }
        let client = try server.client()
        #expect(client.readToEnd() == "")
        // On a busy machine one may be closed before it has asked, too.
        for attempt in 1...100 {
            let used = try server.client()
            used.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            let reply = used.readToEnd()
            if reply.isEmpty, attempt < 100 { continue }
            #expect(reply.hasPrefix("HTTP/1.1 200 ") && reply.hasSuffix("GET / - "))
            break
        }
    }

    @Test func `a drain lets requests finish, refuses new ones and ends streams with their last event`() throws {
        let entered = StreamingTests.Box<Bool>()
        let release = StreamingTests.Box<Bool>()
        let server = try TestServer(
            FunctionResponder { request in
                if request.path == "/events" {
                    var options = EventStream.Options()
                    options.lastEvent = StreamEvent("bye", data: "later")
                    return EventStream.subscription(to: request, options) { try $0.send(StreamEvent(data: 1)) }
                }
                entered.add(true)
                _ = release.waitForFirst()
                return .text("finished")
            })
        let busy = try server.client()
        busy.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(entered.wait(count: 1))
        let events = try server.client()
        events.send("GET /events HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n")
        _ = events.read(until: "data: 1")
        let idle = try server.client()
        idle.send("GET")
        let inner = server.server
        let drained = StreamingTests.Box<Bool>()
        #expect(
            SystemThread.start {
                inner.drain(within: 240)
                drained.add(true)
            })
        #expect(events.readToEnd().hasSuffix("event: bye\ndata: \"later\"\n\n\r\n0\r\n\r\n"))
        // Each loop learns of the drain by itself; soon the one that listens does.
        var refusals = 0
        for _ in 0..<60_000 where refusals == 0 {
            do { _ = try server.client() } catch { refusals += 1 }
            usleep(1000)
        }
        #expect(refusals == 1)
        release.add(true)
        let reply = busy.readToEnd()
        #expect(reply.contains("connection: close") && reply.hasSuffix("finished"))
        idle.finishSending()
        #expect(drained.wait(count: 1))
        #expect(inner.connectionCount == 0)
    }

    @Test func `a drain ends at its deadline whatever is under way`() throws {
        let server = try TestServer(
            FunctionResponder { _ in
                Response(
                    .ok,
                    body: .stream(
                        .producing(lastWords: Array("bye".utf8)) { writer in
                            try writer.write("x")
                            while !writer.isCancelled { usleep(1000) }
                        }))
            })
        let client = try server.client()
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        _ = client.read(until: "x")
        server.server.drain(within: 0.1)
        #expect(client.readToEnd().hasSuffix("3\r\nbye\r\n0\r\n\r\n"))
    }

    @Test func `one connection too many is told to come back`() throws {
        let server = try TestServer(echo) { $0.maximumConnections = 2 }
        let clients = try (0..<2).map { _ in try server.client() }
        for client in clients {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(client.readResponse().status == 200)
        }
        let refused = try server.client().readToEnd()
        #expect(refused.hasPrefix("HTTP/1.1 503 ") && refused.contains("retry-after: 1"))
    }

    @Test func `a connection on which nothing was asked gives way to a new one`() throws {
        let server = try TestServer(echo) { $0.maximumConnections = 2 }
        let idle = try (0..<2).map { _ in try server.client() }
        for _ in 0..<10_000 where server.server.connectionCount < 2 { usleep(1000) }
        for _ in 0..<3 {
            // When the one to close is another loop's, that takes a moment, and the client is told to come back.
            var status = 503
            for attempt in 0..<10_000 where status == 503 {
                if attempt > 0 { usleep(1000) }
                let client = try server.client()
                client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                status = client.readResponse().status
            }
            #expect(status == 200)
        }
        withExtendedLifetime(idle) {}
    }

    @Test func `a socket is its group's alone, never anybody's`() throws {
        let path = "/tmp/twin-test-\(getpid())-\(Int.random(in: 0..<1_000_000)).sock"
        var configuration = ServerConfiguration(addresses: [.unix(path: path)])
        configuration.eventLoops = 1
        configuration.socketGroup = "no such group"
        #expect(throws: TwinError.self) { try Server(configuration, responder: echo) }
        #expect(access(path, F_OK) != 0)
        configuration.socketGroup = String(getgid())
        let server = try Server(configuration, responder: echo)
        #expect(FileMode.permissions(path) == 0o660)
        server.drain(within: 1)
    }

    @Test func `a Unix domain socket serves, and its file goes with the server`() throws {
        let path = "/tmp/twin-test-\(getpid())-\(Int.random(in: 0..<1_000_000)).sock"
        var configuration = ServerConfiguration(addresses: [.unix(path: path)])
        configuration.eventLoops = 1
        let server = try Server(configuration, responder: echo)
        #expect(throws: TwinError.self) { try Server(configuration, responder: echo) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(code == 0)
        let request = Array("GET /u HTTP/1.0\r\n\r\n".utf8)
        #expect(send(descriptor, request, request.count, 0) == request.count)
        var reply: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 { reply += buffer[..<count] }
        #expect(String(decoding: reply, as: UTF8.self).hasSuffix("GET /u - "))
        server.drain(within: 1)
        #expect(access(path, F_OK) != 0)
    }

    @Test func `an address that is taken or malformed is refused with a reason`() throws {
        let server = try TestServer(echo)
        #expect(throws: TwinError.self) {
            try Server(ServerConfiguration(addresses: [.tcp(host: "127.0.0.1", port: server.port)]), responder: echo)
        }
        #expect(throws: TwinError.self) {
            try Server(ServerConfiguration(addresses: [.tcp(host: "localhost", port: 0)]), responder: echo)
        }
    }

    @Test func `a signal that is held back reaches the thread that waits for it`() throws {
        let waiting = StreamingTests.Box<UInt>()
        let received = StreamingTests.Box<Int32>()
        // The server's threads hold every signal back, as `hold` does for a process.
        #expect(
            SystemThread.start {
                waiting.add(UInt(pthread_self()))
                received.add(ShutdownSignal.wait([SIGUSR1, SIGUSR2]))
            })
        let thread = try #require(waiting.waitForFirst())
        #expect(pthread_kill(pthread_t(thread), SIGUSR2) == 0)
        #expect(received.waitForFirst() == SIGUSR2)
    }
}
