import CCurl
import Synchronization
import TwinSupport

/// An HTTP/1.1 and HTTP/2 client over libcurl. Calls block their thread; any number may run at once. Connections are
/// kept for a while and used again.
///
/// It speaks http and https only, verifies certificates, keeps no cookies and reads no `.netrc`. Every connection goes
/// through the client's `AddressPolicy`. With `usesProxy` the proxy variables of the environment are honoured; that is
/// refused under a policy that forbids anything, because behind a proxy the address that is connected to is not the one
/// that is asked for.
///
///     let client = HTTPClient(policy: .public, userAgent: "twin")
///     let answer = try client.send(ClientRequest(.get, try WebAddress("https://example.org/")))
package final class HTTPClient: Sendable {
    package let policy: AddressPolicy
    package let userAgent: String
    let usesProxy: Bool
    private let idle = Mutex<[ClientConnection]>([])

    /// Handles that are kept for later, each with its open connections.
    private let maximumIdle: Int

    /// A client that opens connections only to addresses that `policy` allows, those of redirects included. `usesProxy` follows
    /// the environment's proxy, but only with the policy `any`: a proxy would hide which address is connected to.
    /// `keeping` handles are kept for later, each with its open connections.
    package init(policy: AddressPolicy, userAgent: String, usesProxy: Bool = false, keeping maximumIdle: Int = 4) {
        self.maximumIdle = max(0, maximumIdle)
        self.policy = policy
        self.userAgent = userAgent
        self.usesProxy = usesProxy && policy == .any
    }

    /// Opens libcurl, which otherwise happens with the first request, and answers whether it could be opened. A failure is not
    /// kept: the next call or request tries again.
    @discardableResult
    package static func openLibrary() -> Bool { ccurl_open() == 0 }

    /// Sends a request and waits for the whole answer. `isCancelled` is asked about ten times a second. Throws
    /// `HTTPClientError`.
    package func send(
        _ request: ClientRequest, isCancelled: @escaping () -> Bool = { false }
    ) throws(HTTPClientError) -> ClientResponse {
        var body: [UInt8] = []
        do {
            var response = try stream(request, isCancelled: isCancelled) { _, bytes in body.append(contentsOf: bytes) }
            response.body = body
            return response
        } catch let error as HTTPClientError {
            throw error
        } catch {
            throw .other(code: 0, reason: "\(error)")
        }
    }

    /// Sends a request and gives the body to `receive` piece by piece, as it comes, with the status and headers that came
    /// before it. What `receive` throws ends the transfer and is thrown from here; otherwise throws `HTTPClientError`.
    package func stream(
        _ request: ClientRequest, isCancelled: @escaping () -> Bool = { false },
        receive: @escaping (ClientResponse, UnsafeRawBufferPointer) throws -> Void
    ) throws -> ClientResponse {
        guard Self.openLibrary() else { throw HTTPClientError.libraryMissing }
        let deadline = Clock.monotonicNanoseconds &+ UInt64(max(0, request.limits.totalTime)) &* 1_000_000
        var current = request
        var redirects = 0
        while true {
            let transfer = Transfer(
                request: current, policy: policy, deadline: deadline, canRedirect: request.limits.redirects > 0,
                isCancelled: isCancelled, receive: receive)
            let target = try perform(current, transfer)
            guard let target, request.limits.redirects > 0 else { return try transfer.response() }
            redirects += 1
            guard redirects <= request.limits.redirects else {
                throw HTTPClientError.tooManyRedirects(limit: request.limits.redirects)
            }
            current = Self.redirected(current, status: transfer.status, to: try WebAddress(target))
        }
    }

    /// One exchange. Answers where it redirects to, if it does.
    private func perform(_ request: ClientRequest, _ transfer: Transfer) throws -> String? {
        let connection = try idle.withLock { $0.popLast() } ?? ClientConnection()
        let target = try connection.perform(request, transfer, userAgent: userAgent, usesProxy: usesProxy)
        // After an error the handle goes, with its connections, whatever state they are in.
        idle.withLock { if $0.count < maximumIdle { $0.append(connection) } }
        return target
    }

    /// The request that follows a redirect (RFC 9110 section 15.4): after 303, and after 301 and 302 as every browser
    /// does, a POST becomes a GET.
    private static func redirected(_ request: ClientRequest, status: Int, to target: WebAddress) -> ClientRequest {
        var next = request
        next.address = target
        if request.method == .post && [301, 302, 303].contains(status) {
            next.method = .get
            next.body = []
        }
        if !target.hasSameOrigin(as: request.address) { next.secretHeaders = [] }
        return next
    }
}
