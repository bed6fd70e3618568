/// Lets each request tell its client to whatever comes after it: logs, and limits that count by address.
package struct ClientIdentity: Middleware {
    private let proxies: TrustedProxies

    package init(_ proxies: TrustedProxies) { self.proxies = proxies }

    /// Notes the trusted proxies in the request, so that `clientAddress` looks behind them; the answer is untouched.
    package func respond(to request: Request, next: any Responder) throws -> Response {
        var request = request
        request.trustedProxies = proxies
        return try next.respond(to: request)
    }
}
