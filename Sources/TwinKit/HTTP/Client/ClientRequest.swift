/// A request that `HTTPClient` sends.
public struct ClientRequest: Sendable {
    public enum Method: String, Sendable { case get = "GET", head = "HEAD", post = "POST" }

    public var method: Method
    public var address: WebAddress
    /// In the order in which they are sent. `Host`, `Content-Length` and `User-Agent` are the client's.
    public var headers: ClientHeaders
    /// Header fields whose values must stay secret. They are sent to the address's own origin only, not to where it
    /// redirects.
    public var secretHeaders: [(name: String, value: Secret)]
    public var body: [UInt8]
    public var limits: ClientLimits
    /// Whether a compressed answer is asked for. Its limit counts what comes out of it.
    public var acceptsCompression: Bool

    public init(
        _ method: Method = .get, _ address: WebAddress, headers: ClientHeaders = ClientHeaders(), body: [UInt8] = [],
        limits: ClientLimits = ClientLimits()
    ) {
        self.method = method
        self.address = address
        self.headers = headers
        self.body = body
        self.limits = limits
        secretHeaders = []
        acceptsCompression = false
    }
}

/// What a request may cost. Times are in milliseconds, sizes in bytes.
public struct ClientLimits: Sendable, Equatable {
    /// From the first name look-up to the last byte, redirects included.
    public var totalTime = 60_000
    /// For each connection.
    public var connectTime = 10_000
    /// Without a byte in either direction.
    public var idleTime = 30_000
    /// The body after any decompression.
    public var responseBytes = 32 << 20
    /// All header lines of one answer.
    public var headerBytes = 64 << 10
    /// With 0 a redirect is returned like any other answer.
    public var redirects = 5
    public init() {}
}

/// Header fields in order, looked up without regard to case (RFC 9110 section 5.1).
public struct ClientHeaders: Sendable, ExpressibleByDictionaryLiteral {
    public private(set) var fields: [(name: String, value: String)]

    public init() { fields = [] }
    public init(dictionaryLiteral elements: (String, String)...) { fields = elements.map { (name: $0.0, value: $0.1) } }

    public mutating func append(_ name: String, _ value: String) { fields.append((name, value)) }

    /// The value of the first field of this name.
    public subscript(name: String) -> String? {
        let wanted = name.lowercased()
        return fields.first { $0.name.lowercased() == wanted }?.value
    }
}

/// What came back.
public struct ClientResponse: Sendable {
    /// 200 to 599.
    public var status: Int
    public var headers: ClientHeaders
    /// Empty when the body went to a callback.
    public var body: [UInt8]
    /// Where the answer came from, after redirects.
    public var address: WebAddress
}
