/// The request methods this server knows (RFC 9110 section 9.3, RFC 5789 for PATCH). Any other method is answered 501.
package enum HTTPMethod: String, Sendable, Hashable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
    case options = "OPTIONS"
    /// Known so that it is refused as what it is, 405: no route should send a request with its credentials back.
    case trace = "TRACE"
    /// Known and answered 405 too (draft-ietf-httpbis-safe-method-w-body).
    case query = "QUERY"

    /// What a route can answer.
    package static let served: [HTTPMethod] = [.get, .head, .post, .put, .patch, .delete, .options]

    /// Methods are case-sensitive (RFC 9110 section 9.1): `get` is no method.
    init?(bytes: UnsafeRawBufferPointer) {
        switch bytes.count {
        case 3 where bytes.matches("GET"): self = .get
        case 3 where bytes.matches("PUT"): self = .put
        case 4 where bytes.matches("POST"): self = .post
        case 4 where bytes.matches("HEAD"): self = .head
        case 5 where bytes.matches("PATCH"): self = .patch
        case 5 where bytes.matches("TRACE"): self = .trace
        case 5 where bytes.matches("QUERY"): self = .query
        case 6 where bytes.matches("DELETE"): self = .delete
        case 7 where bytes.matches("OPTIONS"): self = .options
        default: return nil
        }
    }
}
