import TwinSupport

/// A request on its way through the layers.
package struct Request: Sendable {
    package let head: RequestHead
    package var body: RequestBody
    /// What the route's `{name}` segments stand for, percent-decoded.
    package internal(set) var parameters = PathParameters()
    /// The pattern of the route that answers, for logs and metrics.
    package internal(set) var route: String?
    /// The client's numeric address; empty for a Unix domain socket and for a request made in memory.
    package var remoteAddress: String
    /// Those who are believed about whom they speak for; set by `ClientIdentity`.
    var trustedProxies: TrustedProxies?
    /// Names this request in logs, in errors and in the response; set by `CorrelationID`.
    package var correlationID = ""
    /// Fires when the client has left; nil on an event loop and in `LocalDispatch`, where the answer is made at once.
    package var cancellation: Cancellation?
    /// Set when the server could not take the content: it goes through the middleware like any request, and whoever
    /// would have answered throws this instead.
    package internal(set) var rejection: HTTPError?
    var planned: (any PlannedAnswer)?
    private var context: [ObjectIdentifier: any Sendable] = [:]

    init(head: RequestHead, body: RequestBody = .empty, remoteAddress: String = "") {
        self.head = head
        self.body = body
        self.remoteAddress = remoteAddress
    }

    package var method: HTTPMethod { head.method }
    /// The path, percent-decoded, without the query.
    package var path: String {
        head.withPathBytes { PercentCoding.decodeStrictly($0).map { String(decoding: $0, as: UTF8.self) } } ?? head.rawPath
    }
    /// Parsed anew each time: keep it where it is needed twice.
    package var query: QueryParameters { head.rawQuery.map { QueryParameters($0) } ?? QueryParameters() }
    package var headers: HeaderFields { head.fields }
    /// Who is behind a proxy that is trusted, else `remoteAddress`. Worked out anew each time.
    package var clientAddress: String {
        trustedProxies?.client(peer: remoteAddress, forwarded: headers.members("x-forwarded-for")) ?? remoteAddress
    }
    /// Whether the client has left, so that nobody would read the answer.
    package var isCancelled: Bool { cancellation?.isCancelled ?? false }

    /// What a layer adds for those behind it, by type: a principal, a tenant, a database connection.
    package subscript<Value: Sendable>(_ type: Value.Type) -> Value? {
        get { context[ObjectIdentifier(type)] as? Value }
        set { context[ObjectIdentifier(type)] = newValue }
    }

    /// The media type of the content in lower case, without parameters.
    package var contentType: String? {
        headers["content-type"].map { value in
            String(Substring(value.utf8.prefix { $0 != UInt8(ascii: ";") })).trimmingSpace().lowercased()
        }
    }
}

/// The content of a request.
package enum RequestBody: Sendable {
    case empty
    case bytes([UInt8])
    /// Content that comes while the handler runs, on routes that ask for it.
    case stream(BodyReader)

    /// All of the content. Waits for the client when it is a stream, whose limit then bounds the memory.
    package func collect() throws -> [UInt8] {
        switch self {
        case .empty: return []
        case .bytes(let bytes): return bytes
        case .stream(let reader):
            var result: [UInt8] = []
            while let bytes = try reader.read() { result += bytes }
            return result
        }
    }

    /// Hands over the content piece by piece.
    package func forEachPiece(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        switch self {
        case .empty: return
        case .bytes(let bytes): try bytes.withUnsafeBytes { try body($0) }
        case .stream(let reader):
            while let bytes = try reader.read() { try bytes.withUnsafeBytes { try body($0) } }
        }
    }
}

extension Request {
    /// A request that comes from no socket: for tests, and for a command that calls a route in the same process.
    /// Throws 400 for what would not pass as a request over the wire.
    package init(
        _ method: HTTPMethod, _ target: String, headers: [HeaderField] = [], body: [UInt8] = [],
        limits: RequestLimits = RequestLimits()
    ) throws(HTTPError) {
        for text in headers.flatMap({ [$0.name, $0.value] }) + [target] where text.utf8.contains(0x0A) {
            throw HTTPError(.badRequest, "The target or a field holds a line break")
        }
        var text = "\(method.rawValue) \(target) HTTP/1.1\r\n"
        if headers["host"] == nil { text += "host: localhost\r\n" }
        for field in headers where !field.name.equalsIgnoringCase("content-length") {
            text += "\(field.name): \(field.value)\r\n"
        }
        if !body.isEmpty { text += "content-length: \(body.count)\r\n" }
        text += "\r\n"
        let bytes = Array(text.utf8)
        var parser = RequestParser(limits: limits)
        switch bytes.withUnsafeBytes({ parser.parse($0) }) {
        case .failed(let error): throw error
        case .complete(let head, _): self.init(head: head, body: body.isEmpty ? .empty : .bytes(body))
        case .incomplete: throw HTTPError(.badRequest, "The request is not complete")
        }
    }
}
