import Glibc

/// One TCP connection to an HTTP server on 127.0.0.1 that is kept open from request to request. It sends what it is given,
/// however wrong, so that a test can also speak HTTP that no proper client would.
public final class WireClient {
    public struct Reply: Sendable {
        public var status: Int
        /// In the order they came, with names in lower case.
        public var fields: [(name: String, value: String)]
        public var body: String
        /// All the bytes of the head, as text.
        public var head: String

        public func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }
    }

    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    private let port: UInt16
    private var descriptor: Int32 = -1
    private var received: [UInt8] = []

    public init(port: Int) { self.port = UInt16(truncatingIfNeeded: port) }

    deinit { disconnect() }

    public func disconnect() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
        received = []
    }

    private func connectIfNeeded() throws {
        guard descriptor < 0 else { return }
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else {
            disconnect()
            throw Failure(description: "cannot connect: \(String(cString: strerror(errno)))")
        }
        var timeout = timeval(tv_sec: 240, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Sends a request with `Host` and, when it has content, `Content-Length`, and reads the reply.
    public func send(
        _ method: String, _ target: String, headers: [String] = [], body: [UInt8]? = nil
    ) throws -> Reply {
        var head = "\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        for header in headers { head += header + "\r\n" }
        if let body { head += "Content-Length: \(body.count)\r\n" }
        return try exchange(Array((head + "\r\n").utf8) + (body ?? []), isHead: method == "HEAD")
    }

    /// Sends a request and reads no more of its reply than the head. Nothing else may be sent on this connection until
    /// `nextChunk` has come to the end.
    public func begin(_ method: String, _ target: String, headers: [String] = [], body: [UInt8]) throws -> Reply {
        disconnect()
        try connectIfNeeded()
        var head = "\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        for header in headers { head += header + "\r\n" }
        try write(Array((head + "Content-Length: \(body.count)\r\n\r\n").utf8) + body)
        return try read(isHead: true)
    }

    /// The next chunk of a reply that was begun; none at its end.
    public func nextChunk() throws -> String? {
        let line = String(decoding: try take(until: [13, 10]), as: UTF8.self)
        guard let size = Int(line.prefix { $0 != ";" }, radix: 16) else {
            throw Failure(description: "no chunk size: \(line)")
        }
        defer { if size == 0 { disconnect() } }
        if size == 0 { return nil }
        let chunk = String(decoding: try take(size), as: UTF8.self)
        _ = try take(until: [13, 10])
        return chunk
    }

    /// Sends bytes as they are and reads one reply. A server that had closed the kept connection is connected to once more.
    public func exchange(_ bytes: [UInt8], isHead: Bool = false) throws -> Reply {
        let isKept = descriptor >= 0
        do {
            try connectIfNeeded()
            try write(bytes)
            return try read(isHead: isHead)
        } catch let error as Failure {
            disconnect()
            guard isKept else { throw error }
            try connectIfNeeded()
            try write(bytes)
            return try read(isHead: isHead)
        }
    }

    private func write(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(descriptor, buffer.baseAddress?.advanced(by: sent), buffer.count - sent, Int32(MSG_NOSIGNAL))
            }
            // A server may refuse a request before it has read all of it; its reply is there to be read.
            guard count > 0 else { return }
            sent += count
        }
    }

    private func receive() throws {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { throw Failure(description: "the connection ended after \(received.count) bytes") }
        received += buffer[..<count]
    }

    private func take(_ count: Int) throws -> [UInt8] {
        while received.count < count { try receive() }
        defer { received.removeFirst(count) }
        return Array(received[..<count])
    }

    /// What comes up to `end`, which is taken as well.
    private func take(until end: [UInt8]) throws -> [UInt8] {
        var from = 0
        while true {
            if received.count >= end.count {
                for index in from...(received.count - end.count) where received[index...].starts(with: end) {
                    let result = Array(received[..<index])
                    received.removeFirst(index + end.count)
                    return result
                }
                from = received.count - end.count + 1
            }
            try receive()
        }
    }

    private func read(isHead: Bool) throws -> Reply {
        while true {
            let head = String(decoding: try take(until: [13, 10, 13, 10]), as: UTF8.self)
            let lines = head.split(separator: "\r\n")
            guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
                throw Failure(description: "no status line: \(head)")
            }
            if status == 100 { continue }
            let fields = lines.dropFirst().map { line in
                let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                return (name: parts[0].lowercased(), value: parts.count > 1 ? String(parts[1].drop { $0 == " " }) : "")
            }
            var reply = Reply(status: status, fields: fields, body: "", head: head)
            if !isHead, status != 204, status != 304 { reply.body = String(decoding: try body(reply), as: UTF8.self) }
            if reply.field("connection")?.lowercased() == "close" { disconnect() }
            return reply
        }
    }

    private func body(_ reply: Reply) throws -> [UInt8] {
        guard reply.field("transfer-encoding")?.lowercased() == "chunked" else {
            return try take(reply.field("content-length").flatMap { Int($0) } ?? 0)
        }
        var result: [UInt8] = []
        while true {
            let line = String(decoding: try take(until: [13, 10]), as: UTF8.self)
            guard let size = Int(line.prefix { $0 != ";" }, radix: 16) else {
                throw Failure(description: "no chunk size: \(line)")
            }
            if size == 0 {
                while try !take(until: [13, 10]).isEmpty {}
                return result
            }
            result += try take(size)
            _ = try take(until: [13, 10])
        }
    }
}
