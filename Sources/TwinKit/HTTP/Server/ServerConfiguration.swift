/// How large each part of a request may be. All sizes are bytes.
package struct RequestLimits: Sendable {
    /// The request line and all fields; past it the answer is 431. At most 65,535.
    package var headSize: Int { didSet { headSize = min(max(headSize, 256), 65_535) } }
    /// The request target; past it the answer is 414.
    package var targetSize: Int
    /// The number of fields; past it the answer is 431.
    package var fieldCount: Int
    /// The content of a request whose route sets no limit of its own; past it the answer is 413.
    package var bodySize: Int

    package init(headSize: Int = 32_768, targetSize: Int = 8192, fieldCount: Int = 100, bodySize: Int = 1_048_576) {
        self.headSize = min(max(headSize, 256), 65_535)
        self.targetSize = targetSize
        self.fieldCount = fieldCount
        self.bodySize = bodySize
    }
}

/// How long the server waits for a client, in seconds.
package struct ServerTimeouts: Sendable {
    /// From a request's first byte to the end of its head; past it the answer is 408.
    package var head: Double
    /// Between two requests on one connection, and before the first; past it the connection closes without a word.
    package var idle: Double
    /// For a request's content, prolonged by one second for each `minimumBodyRate` bytes that come; past it, 408.
    package var body: Double
    /// Bytes per second below which a client that sends content is taken for one that only holds the connection.
    package var minimumBodyRate: Int
    /// Without the client taking one byte of what waits for it; past it the connection closes.
    package var write: Double
    /// Between two heartbeats of a stream that has any.
    package var heartbeat: Double

    package init(
        head: Double = 10, idle: Double = 75, body: Double = 30, minimumBodyRate: Int = 1024, write: Double = 30,
        heartbeat: Double = 10
    ) {
        self.head = head
        self.idle = idle
        self.body = body
        self.minimumBodyRate = max(minimumBodyRate, 1)
        self.write = write
        self.heartbeat = heartbeat
    }
}

/// What a server listens on and what it allows.
package struct ServerConfiguration: Sendable {
    /// Where a server listens.
    package enum Address: Sendable, Hashable, CustomStringConvertible {
        /// A numeric IPv4 or IPv6 address, and a port; port 0 lets the system choose a free one.
        case tcp(host: String, port: Int)
        /// A Unix domain socket. A socket file that nobody listens on is replaced.
        case unix(path: String)

        package var description: String {
            switch self {
            case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
            case .unix(let path): "unix:\(path)"
            }
        }
    }

    /// At least one; `Server` throws without any.
    package var addresses: [Address]
    /// The group, by name or number, whose members may connect to Unix domain sockets; without one those whom the umask lets.
    package var socketGroup: String?
    package var limits = RequestLimits()
    package var timeouts = ServerTimeouts()
    /// Threads that each run an event loop; 0 means one a core.
    package var eventLoops = 0
    /// Open connections at once; one more is answered 503 and closed.
    package var maximumConnections = 20_000
    /// Threads at most that run handlers; they start as they are needed and end when they are idle.
    package var workerThreads = 64
    /// Threads at most for work that lasts: streams that block, uploads, calls to slow services.
    package var longRunningThreads = 256
    /// Requests at most that wait for a thread; one more is answered 503.
    package var waitingRequests = 4096
    /// Bytes of one stream that may wait for its client before its producer must wait too.
    package var streamBuffer = 65_536
    /// Certificate and key of a server that speaks TLS.
    package var tls: TLSConfiguration?

    package init(addresses: [Address]) { self.addresses = addresses }
}

/// PEM files for TLS: the certificate with its chain, and its private key.
package struct TLSConfiguration: Sendable {
    package var certificatePath: String
    package var keyPath: String

    package init(certificatePath: String, keyPath: String) {
        self.certificatePath = certificatePath
        self.keyPath = keyPath
    }
}
