import TwinSupport

/// What an access log tells of a request. It has no query, no fields and no content, as those may hold secrets and
/// questions; the path is the route's pattern with the values of its segments, since names of resources are no secrets.
package struct AccessLogEntry: Sendable {
    package var method: HTTPMethod
    /// The path, percent-encoded as it came, so that no control character reaches a log.
    package var path: String
    /// The pattern of the route that answered; none when no route did.
    package var route: String?
    package var status: HTTPStatus
    /// Bytes of content, where known when the response began.
    package var bytes: Int?
    /// Seconds from the start of handling to the response's beginning.
    package var seconds: Double
    /// The client's, behind a trusted proxy.
    package var remoteAddress: String
    package var correlationID: String
}

/// Reports each request after it has been answered. Place it inside `CorrelationID` and
/// `ClientIdentity`.
package struct AccessLog: Middleware {
    private let report: @Sendable (AccessLogEntry) -> Void

    /// `report` is called on the thread that answered, before the response is sent: it should be quick.
    package init(_ report: @escaping @Sendable (AccessLogEntry) -> Void) { self.report = report }

    /// Reports what was answered. A route's error has been made into a response by then; one of the layers below is not reported.
    package func respond(to request: Request, next: any Responder) throws -> Response {
        let start = Clock.monotonicNanoseconds
        let response = try next.respond(to: request)
        report(
            AccessLogEntry(
                method: request.method, path: request.head.rawPath, route: request.match?.route?.path,
                status: response.status, bytes: response.body.length,
                seconds: Double(Clock.monotonicNanoseconds - start) / 1e9, remoteAddress: request.clientAddress,
                correlationID: request.correlationID))
        return response
    }
}
