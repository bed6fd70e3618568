import Glibc
import Synchronization

/// An HTTP server on 127.0.0.1 that answers what a test tells it to, however wrong. Each connection has a thread of its
/// own, so that a blocked answer blocks nobody else.
///
///     let server = try ScriptedServer { request in .ok("hello") }
///     let answer = try client.send(ClientRequest(.get, server.address("/x")))
public final class ScriptedServer: Sendable {
    public struct Request: Sendable {
        public var method: String
        public var target: String
        public var headers: [(name: String, value: String)]
        public var body: [UInt8]

        public func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }
        public var path: String { String(target.prefix { $0 != "?" }) }
        public var bodyText: String { String(decoding: body, as: UTF8.self) }
    }

    public enum Step: Sendable {
        case send([UInt8])
        case text(String)
        /// Waits this many milliseconds, or until the server is stopped.
        case pause(Int)
        /// Waits until it is true, or the client goes.
        case wait(until: @Sendable () -> Bool)
        /// The bytes over and over, with a pause of some milliseconds between, until the client goes or the server stops.
        case endless([UInt8], pause: Int)
        /// Closes with a reset instead of an orderly end.
        case reset
        /// Waits for the client to go.
        case hang
    }

    public struct Response: Sendable {
        public var steps: [Step]
        public var keepsAlive = false

        public init(_ steps: [Step], keepsAlive: Bool = false) {
            self.steps = steps
            self.keepsAlive = keepsAlive
        }

        /// A whole and proper answer.
        public static func status(_ status: Int, _ headers: [(String, String)] = [], _ body: [UInt8] = []) -> Response {
            var head = "HTTP/1.1 \(status) Scripted\r\nContent-Length: \(body.count)\r\n"
            for (name, value) in headers { head += "\(name): \(value)\r\n" }
            return Response([.text(head + "\r\n"), .send(body)], keepsAlive: true)
        }

        public static func ok(_ body: String, type: String = "text/plain; charset=utf-8", _ headers: [(String, String)] = [])
            -> Response
        {
            status(200, [("Content-Type", type)] + headers, Array(body.utf8))
        }

        public static func json(_ body: String, status: Int = 200) -> Response {
            self.status(status, [("Content-Type", "application/json")], Array(body.utf8))
        }

        public static func redirect(_ status: Int = 302, to location: String) -> Response {
            self.status(status, [("Location", location)], Array("moved".utf8))
        }

        /// An event stream sent in the given pieces, which ends with the connection.
        public static func events(_ pieces: [String]) -> Response {
            Response([.text("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")] + pieces.map { .text($0) })
        }
    }

    public typealias Script = @Sendable (Request) -> Response

    public let port: UInt16
    private let listener: Listener
    private let script: Script
    private let received = Mutex<[Request]>([])
    private let accepted = Atomic<Int>(0)
    private let stopped = Atomic<Bool>(false)

    /// The requests so far, in the order in which they came.
    public var requests: [Request] { received.withLock { $0 } }
    public var connectionCount: Int { accepted.load(ordering: .sequentiallyConsistent) }
    public var url: String { "http://127.0.0.1:\(port)" }

    /// The listening socket, closed when neither the server nor its accepting thread needs it any more: closed earlier,
    /// its number could already be another server's while the thread still accepts on it.
    private final class Listener: Sendable {
        let descriptor: Int32
        init(_ descriptor: Int32) { self.descriptor = descriptor }
        deinit { close(descriptor) }
    }

    public struct SetupError: Error { public var step: String }

    /// `host` is any address of the loopback network.
    public init(host: String = "127.0.0.1", _ script: @escaping Script) throws {
        // A client that goes away while it is written to must not end the test run.
        signal(SIGPIPE, SIG_IGN)
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SetupError(step: "socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        inet_pton(AF_INET, host, &address.sin_addr)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard bound else { throw SetupError(step: "bind") }
        let listener = Listener(descriptor)
        self.listener = listener
        self.script = script
        port = UInt16(bigEndian: address.sin_port)
        // The thread holds the server weakly between connections, so that the end of a test ends it.
        startThread { [weak self] in
            while true {
                let connection = accept(listener.descriptor, nil, nil)
                guard connection >= 0, let server = self, !server.isStopped else {
                    if connection >= 0 { close(connection) }
                    return
                }
                server.accepted.add(1, ordering: .sequentiallyConsistent)
                startThread { server.serve(connection) }
            }
        }
    }

    deinit {
        stopped.store(true, ordering: .sequentiallyConsistent)
        shutdown(listener.descriptor, Int32(SHUT_RDWR))
    }

    private var isStopped: Bool { stopped.load(ordering: .sequentiallyConsistent) }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        var buffer: [UInt8] = []
        while let request = read(connection, &buffer) {
            received.withLock { $0.append(request) }
            let response = script(request)
            for step in response.steps {
                guard run(step, connection) else { return }
            }
            guard response.keepsAlive else { return }
        }
    }

    /// Runs a step. False ends the connection.
    private func run(_ step: Step, _ connection: Int32) -> Bool {
        switch step {
        case .send(let bytes): return write(bytes, connection)
        case .text(let text): return write(Array(text.utf8), connection)
        case .pause(let milliseconds): return !clientHasGone(connection, wait: Int32(milliseconds))
        case .wait(let isDone):
            while !isDone() { if clientHasGone(connection, wait: 10) { return false } }
            return true
        case .endless(let bytes, let pause):
            while write(bytes, connection) && !clientHasGone(connection, wait: Int32(pause)) {}
            return false
        case .reset:
            var option = linger(l_onoff: 1, l_linger: 0)
            setsockopt(connection, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
            return false
        case .hang:
            while !clientHasGone(connection, wait: 50) {}
            return false
        }
    }

    /// 0x2000 is Linux's POLLRDHUP, which Glibc's module leaves out: the other side has closed its half.
    private func clientHasGone(_ connection: Int32, wait: Int32) -> Bool {
        var item = pollfd(fd: connection, events: 0x2000, revents: 0)
        return poll(&item, 1, wait) > 0
    }

    private func write(_ bytes: [UInt8], _ connection: Int32) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                send(connection, $0.baseAddress?.advanced(by: sent), $0.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    private func read(_ connection: Int32, _ buffer: inout [UInt8]) -> Request? {
        func more() -> Bool {
            var piece = [UInt8](repeating: 0, count: 65_536)
            let count = recv(connection, &piece, piece.count, 0)
            guard count > 0 else { return false }
            buffer += piece.prefix(count)
            return true
        }
        let blank = Array("\r\n\r\n".utf8)
        var end = buffer.firstRange(of: blank)
        while end == nil {
            guard more() else { return nil }
            end = buffer.firstRange(of: blank)
        }
        guard let end else { return nil }
        let lines = String(decoding: buffer[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let words = lines[0].split(separator: " ")
        let headers = lines.dropFirst().map { line -> (name: String, value: String) in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (String(parts[0]), parts.count > 1 ? String(parts[1].drop { $0 == " " }) : "")
        }
        buffer.removeFirst(end.upperBound)
        let length = headers.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) } ?? 0
        while buffer.count < length { guard more() else { return nil } }
        let body = Array(buffer.prefix(length))
        buffer.removeFirst(length)
        return Request(method: String(words[0]), target: String(words[1]), headers: headers, body: body)
    }
}

/// Runs `body` on a thread of its own.
private func startThread(_ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let context = Unmanaged.passRetained(Box(body)).toOpaque()
    let result = pthread_create(
        &thread, nil,
        { context in
            if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body() }
            return nil
        }, context)
    if result == 0 { pthread_detach(thread) }
}
