import Glibc

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// A bare TCP client: tests write the bytes they mean and read what comes back.
final class RawClient {
    let descriptor: Int32

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { throw TwinError(.failed, "cannot connect: \(String(cString: strerror(errno)))") }
        var timeout = timeval(tv_sec: 240, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, 4)
    }

    deinit { close(descriptor) }

    func send(_ text: String) { send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress?.advanced(by: sent), $0.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return }
            sent += count
        }
    }

    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// What comes until the server closes, or for at most ten seconds without a byte.
    func readToEnd() -> String {
        var result: [UInt8] = []
        while let bytes = readSome() { result += bytes }
        return String(decoding: result, as: UTF8.self)
    }

    /// The next bytes; none at the end.
    func readSome() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer[..<count]) : nil
    }

    /// What comes until `text` is among it.
    func read(until text: String) -> String {
        var result = ""
        while !result.contains(text), let bytes = readSome() { result += String(decoding: bytes, as: UTF8.self) }
        return result
    }

    /// One response: its head, and its content by `Content-Length`.
    func readResponse(isHead: Bool = false) -> RawResponse {
        var bytes: [UInt8] = pending
        pending = []
        while true {
            if let response = RawResponse(bytes, isHead: isHead) {
                pending = Array(bytes[response.size...])
                return response
            }
            guard let more = readSome() else { return RawResponse() }
            bytes += more
        }
    }

    private var pending: [UInt8] = []
}

struct RawResponse {
    var status = 0
    var head = ""
    var body = ""
    var size = 0

    init() {}

    init?(_ bytes: [UInt8], isHead: Bool) {
        guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: [13, 10, 13, 10]) }) else { return nil }
        head = String(decoding: bytes[..<end], as: UTF8.self)
        status = Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0
        let line = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
        let length = isHead ? 0 : line.flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0
        guard bytes.count >= end + 4 + length else { return nil }
        body = String(decoding: bytes[(end + 4)..<(end + 4 + length)], as: UTF8.self)
        size = end + 4 + length
    }

    func header(_ name: String) -> String? {
        head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
            .map { $0.dropFirst(name.count + 1).drop { $0 == " " } }.map(String.init)
    }
}

/// A server on a free port of the loopback, stopped with the value.
final class TestServer {
    let server: Server
    let port: Int

    init(
        _ responder: any Responder, planner: any RequestPlanner = UniformPlanner(),
        _ adjust: (inout ServerConfiguration) -> Void = { _ in }
    ) throws {
        var configuration = ServerConfiguration(addresses: [.tcp(host: "127.0.0.1", port: 0)])
        configuration.eventLoops = 2
        adjust(&configuration)
        server = try Server(configuration, responder: responder, planner: planner)
        guard case .tcp(_, let port) = server.addresses[0] else { throw TwinError(.failed, "no port") }
        self.port = port
    }

    convenience init(router group: RouteGroup, _ adjust: (inout ServerConfiguration) -> Void = { _ in }) throws {
        let router = try Router(group)
        try self.init(router, planner: router, adjust)
    }

    deinit { server.drain(within: 0) }

    func client() throws -> RawClient { try RawClient(port: port) }

    /// Sends bytes on a connection of their own and reads to its end.
    func exchange(_ text: String, finish: Bool = true) throws -> String {
        let client = try client()
        client.send(text)
        if finish { client.finishSending() }
        return client.readToEnd()
    }
}

/// Answers with what it got: method, path, query and content.
let echo = FunctionResponder { request in
    let body = try request.body.collect()
    return .text(
        "\(request.method.rawValue) \(request.path) \(request.head.rawQuery ?? "-") \(String(decoding: body, as: UTF8.self))")
}
