#if canImport(Glibc)
    import Glibc
    import TwinSupport
#endif

/// A request that `HTTPClient` sends.
package struct ClientRequest: Sendable {
    /// The methods that are used (RFC 9110 section 9.3), as they stand on the wire.
    package enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    package var method: Method
    package var address: WebAddress
    /// In the order in which they are sent. `Host`, `Content-Length` and `User-Agent` are the client's.
    package var headers: ClientHeaders
    /// Header fields whose values must stay secret. They are sent to the address's own origin only, not to where it
    /// redirects.
    package var secretHeaders: [(name: String, value: Secret)]
    package var body: [UInt8]
    /// A file that a PUT sends in the place of `body`, read while it is sent. It is not sent again after a redirect.
    package var file: SentFile?
    /// What a POST, PUT or PATCH sends in the place of `body`, as it comes.
    package var content: SentContent?
    package var limits: ClientLimits
    /// Whether a compressed answer is asked for. Its limit counts what comes out of it.
    package var acceptsCompression: Bool

    package init(
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

/// Content that is read while it is sent, and so only once: it does not survive a redirect.
package struct SentContent: Sendable {
    /// In bytes; none sends chunks.
    package var size: Int?
    /// The next bytes, none at the end. It may block. What it throws ends the transfer.
    package var next: @Sendable () throws -> [UInt8]?

    package init(size: Int?, next: @escaping @Sendable () throws -> [UInt8]?) {
        self.size = size
        self.next = next
    }
}

/// A file that is sent as a request's content. Memory does not depend on its size.
package final class SentFile: Sendable {
    private let descriptor: Int32
    /// In bytes, as of when it was opened; no more is sent, should the file grow.
    package let size: Int

    /// Opens the regular file at `path`. Throws `TwinError`.
    package init(path: String) throws {
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        var information = stat()
        guard descriptor >= 0, fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
            if descriptor >= 0 { close(descriptor) }
            throw TwinError(.notFound, "the file that is to be sent cannot be read")
        }
        size = Int(information.st_size)
    }

    deinit { close(descriptor) }

    /// Reads at `offset` into `buffer`; 0 at the end, -1 where it cannot be read.
    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        pread(descriptor, buffer.baseAddress, min(buffer.count, max(0, size - offset)), offset)
    }
}

/// What a request may cost. Times are in milliseconds, sizes in bytes.
package struct ClientLimits: Sendable, Equatable {
    /// From the first name look-up to the last byte, redirects included.
    package var totalTime = 60_000
    /// For each connection.
    package var connectTime = 10_000
    /// Without a byte in either direction.
    package var idleTime = 30_000
    /// The body after any decompression.
    package var responseBytes = 32 << 20
    /// All header lines of one answer.
    package var headerBytes = 64 << 10
    /// With 0 a redirect is returned like any other answer.
    package var redirects = 5
    package init() {}
}

/// Header fields in order, looked up without regard to case (RFC 9110 section 5.1).
package struct ClientHeaders: Sendable, ExpressibleByDictionaryLiteral {
    /// As they were sent or are going to be, names in the spelling they have there.
    package private(set) var fields: [(name: String, value: String)]

    package init() { fields = [] }
    package init(dictionaryLiteral elements: (String, String)...) { fields = elements.map { (name: $0.0, value: $0.1) } }

    /// Adds a field behind the others, also behind one of the same name.
    package mutating func append(_ name: String, _ value: String) { fields.append((name, value)) }

    /// The value of the first field of this name.
    package subscript(name: String) -> String? {
        let wanted = name.lowercased()
        return fields.first { $0.name.lowercased() == wanted }?.value
    }
}

/// What came back.
package struct ClientResponse: Sendable {
    /// 200 to 599.
    package var status: Int
    package var headers: ClientHeaders
    /// Empty when the body went to a callback.
    package var body: [UInt8]
    /// Where the answer came from, after redirects.
    package var address: WebAddress
}
