import TwinSupport

/// Passes requests on to another server of the same installation, whole and with the client's own credentials, and its replies back
/// as they come. Any thread may use it; a call waits for the head of the reply.
package final class RequestForwarder: Sendable {
    private let base: String
    private let client: HTTPClient
    private let token: Secret

    /// Milliseconds and bytes of one request that is passed on: as long as a slow model, and a server that heartbeats.
    private static let limits: ClientLimits = {
        var limits = ClientLimits()
        limits.totalTime = 3_600_000
        limits.connectTime = 2_000
        limits.idleTime = 120_000
        limits.responseBytes = 8 << 30
        limits.redirects = 0
        return limits
    }()

    /// `address` is where the server is, such as `https://primary.example.org`. Throws `TwinError` (`invalid`) for what is none.
    package init(to address: String, token: Secret, userAgent: String) throws {
        var base = address
        while base.hasSuffix("/") { base.removeLast() }
        do {
            _ = try WebAddress(base + "/")
        } catch {
            throw TwinError(.invalid, "'\(address)' is not a server's address, such as http://10.0.0.1:8000: \(error)")
        }
        self.base = base
        self.token = token
        client = HTTPClient(policy: .any, userAgent: userAgent, keeping: 32)
    }

    /// Passes a request on. Throws `HTTPError`: 503 with `Retry-After` where the server cannot be reached, so that nothing was done, and
    /// where a read can simply be repeated; 502 where it broke off. A server of which `isSilent` says that it has not been heard for a
    /// while is not asked at all, and one that falls silent is not waited for.
    package func forward(_ request: Request, isSilent: @escaping @Sendable () -> Bool = { false }) throws -> Response {
        guard !isSilent() else { throw ForwardedExchange.unreachable }
        let sent = try self.sent(request)
        let exchange = ForwardedExchange(isRead: sent.method == .get)
        let cancellation = request.cancellation
        let started = SystemThread.start { [client] in
            exchange.run(sent, with: client, isCancelled: { cancellation?.isCancelled ?? false }, isSilent: isSilent)
        }
        guard started else { throw HTTPError.overloaded("the server has no thread left to pass the request on") }
        return try exchange.response()
    }

    /// Asks the server something for this one, and waits for the whole reply, or until `isSilent`. Throws `HTTPClientError`.
    package func ask(
        _ method: ClientRequest.Method, _ path: String, fields: [HeaderField] = [], body: [UInt8] = [], milliseconds: Int,
        isSilent: @escaping @Sendable () -> Bool = { false }
    ) throws -> ClientResponse {
        var limits = Self.limits
        limits.totalTime = milliseconds
        limits.connectTime = min(limits.connectTime, milliseconds)
        limits.idleTime = milliseconds
        limits.responseBytes = 4 << 20
        var sent = ClientRequest(method, try WebAddress(base + path), body: body, limits: limits)
        for field in fields { sent.headers.append(field.name, field.value) }
        sent.secretHeaders = [(ForwardedIdentity.tokenField, token)]
        return try client.send(sent, isCancelled: isSilent)
    }

    private func sent(_ request: Request) throws -> ClientRequest {
        // A segment of dots would be taken away on the way, and lead elsewhere than where it was looked at.
        let path = request.head.rawPath
        guard !path.split(separator: "/").contains(where: { $0 == "." || $0 == ".." }), path.hasPrefix("/") else {
            throw HTTPError(.badRequest, "the path has segments of dots; write it without")
        }
        let method: ClientRequest.Method
        switch request.method {
        case .get, .head: method = .get
        case .post: method = .post
        case .put: method = .put
        case .patch: method = .patch
        case .delete: method = .delete
        default: throw HTTPError(.methodNotAllowed, "Method Not Allowed")
        }
        var sent = ClientRequest(
            method, try WebAddress(base + path + (request.head.rawQuery.map { "?" + $0 } ?? "")), limits: Self.limits)
        for field in ForwardedFields.ofRequest(request) { sent.headers.append(field.name, field.value) }
        // What libcurl would add by itself.
        for name in ["Accept", "Content-Type"] where sent.headers[name] == nil { sent.headers.append(name, "") }
        sent.headers.append(ForwardedIdentity.clientField, request.clientAddress.isEmpty ? "local" : request.clientAddress)
        if !request.correlationID.isEmpty { sent.headers.append("x-correlation-id", request.correlationID) }
        sent.secretHeaders = [(ForwardedIdentity.tokenField, token)]
        switch request.body {
        case .empty: break
        case .bytes(let bytes): sent.body = bytes
        case .stream(let reader):
            var size: Int?
            if case .length(let length) = request.head.framing { size = length }
            sent.content = SentContent(size: size) { try reader.read() }
        }
        return sent
    }
}
