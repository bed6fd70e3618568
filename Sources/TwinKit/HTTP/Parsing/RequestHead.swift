/// What comes before a request's content: the request line and the fields, checked (RFC 9112 sections 3 and 5). A class,
/// because it never changes once parsed and travels through every layer: passing it costs one reference.
package final class RequestHead: Sendable {
    /// How the content's end is found (RFC 9112 section 6).
    package enum Framing: Sendable, Equatable {
        case none
        /// `Content-Length`, in bytes.
        case length(Int)
        case chunked
    }

    package let method: HTTPMethod
    package let fields: HeaderFields
    /// How the content ends (RFC 9112 section 6.3); a head that says two things is refused before it gets here.
    package let framing: Framing
    /// Whether the client lets the connection go on after the response.
    package let keepsAlive: Bool
    /// Whether the client waits for `100 Continue` before it sends the content (RFC 9110 section 10.1.1).
    package let expectsContinue: Bool
    /// HTTP/1.0 knows no chunks, so a stream to such a client ends with the connection.
    package let isVersion1_0: Bool
    let pathRange: Range<Int>
    let queryRange: Range<Int>?
    let hostRange: Range<Int>?

    init(
        method: HTTPMethod, fields: HeaderFields, framing: Framing, keepsAlive: Bool, expectsContinue: Bool,
        isVersion1_0: Bool, pathRange: Range<Int>, queryRange: Range<Int>?, hostRange: Range<Int>?
    ) {
        self.method = method
        self.fields = fields
        self.framing = framing
        self.keepsAlive = keepsAlive
        self.expectsContinue = expectsContinue
        self.isVersion1_0 = isVersion1_0
        self.pathRange = pathRange
        self.queryRange = queryRange
        self.hostRange = hostRange
    }

    /// The path as the client wrote it, percent-encoded, beginning with `/`; or `*` (`OPTIONS *`).
    package var rawPath: String { pathRange.isEmpty ? "/" : text(pathRange) }

    /// The query as the client wrote it, without the `?`.
    package var rawQuery: String? { queryRange.map(text) }

    /// The host and port the client asked for: of an absolute target, else of the `Host` field.
    package var host: String? { hostRange.map(text) }

    /// Reads the path's bytes, percent-encoded; an absolute target without a path means `/` (RFC 9110 section 4.2.3).
    func withPathBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        if pathRange.isEmpty {
            return try withUnsafeBytes(of: UInt8(ascii: "/")) { try body($0) }
        }
        return try fields.storage.withUnsafeBytes { try body($0.part(pathRange)) }
    }

    private func text(_ range: Range<Int>) -> String { String(decoding: fields.storage[range], as: UTF8.self) }
}
