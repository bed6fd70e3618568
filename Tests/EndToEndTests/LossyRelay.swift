import Synchronization
import TestSupport
import TwinHTTP
import TwinSupport

/// Passes requests on to a server, and loses the replies that it is told to lose: the server has done what it was asked for, and
/// whoever asked does not hear of it.
final class LossyRelay: Sendable {
    private let losses: Losses
    let server: ScriptedServer

    private final class Losses: Sendable {
        let left = Mutex<[String: Int]>([:])

        func take(_ path: String) -> Bool {
            left.withLock { left in
                guard let count = left[path], count > 0 else { return false }
                left[path] = count - 1
                return true
            }
        }
    }

    init(to url: String) throws {
        let losses = Losses()
        self.losses = losses
        let client = HTTPClient(policy: .any, userAgent: "relay")
        server = try ScriptedServer { request in
            guard let method = ClientRequest.Method(rawValue: request.method), let address = try? WebAddress(url + request.target)
            else { return .status(400) }
            var sent = ClientRequest(method, address, body: request.body)
            for (name, value) in request.headers where !["host", "content-length", "accept-encoding"].contains(name.lowercased())
            {
                sent.headers.append(name, value)
            }
            guard let reply = try? client.send(sent) else { return .status(502) }
            if losses.take(request.path) { return ScriptedServer.Response([.reset]) }
            let fields = reply.headers.fields.filter {
                !["content-length", "transfer-encoding", "connection"].contains($0.name.lowercased())
            }
            return .status(reply.status, fields.map { ($0.name, $0.value) }, reply.body)
        }
    }

    /// Loses the next `count` replies to requests for `path`.
    func lose(_ path: String, _ count: Int = 1) { losses.left.withLock { $0[path] = count } }

    /// How often this path was asked for.
    func count(_ path: String) -> Int { server.requests.count { $0.path == path } }
}
