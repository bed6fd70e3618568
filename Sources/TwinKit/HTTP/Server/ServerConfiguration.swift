/// How large each part of a request may be. All sizes are bytes.
public struct RequestLimits: Sendable {
    /// The request line and all fields; past it the answer is 431. At most 65,535.
    public var headSize: Int { didSet { headSize = min(max(headSize, 256), 65_535) } }
    /// The request target; past it the answer is 414.
    public var targetSize: Int
    /// The number of fields; past it the answer is 431.
    public var fieldCount: Int
    /// The content of a request whose route sets no limit of its own; past it the answer is 413.
    public var bodySize: Int

    public init(headSize: Int = 32_768, targetSize: Int = 8192, fieldCount: Int = 100, bodySize: Int = 1_048_576) {
        self.headSize = min(max(headSize, 256), 65_535)
        self.targetSize = targetSize
        self.fieldCount = fieldCount
        self.bodySize = bodySize
    }
}

/// How long the server waits for a client, in seconds.
public struct ServerTimeouts: Sendable {
    /// From a request's first byte to the end of its head; past it the answer is 408.
    public var head: Double
    /// Between two requests on one connection, and before the first; past it the connection closes without a word.
    public var idle: Double
    /// For a request's content, prolonged by one second for each `minimumBodyRate` bytes that come; past it, 408.
    public var body: Double
    /// Bytes per second below which a client that sends content is taken for one that only holds the connection.
    public var minimumBodyRate: Int
    /// Without the client taking one byte of what waits for it; past it the connection closes.
    public var write: Double
    /// Between two heartbeats of a stream that has any.
    public var heartbeat: Double

    public init(
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
public struct ServerConfiguration: Sendable {
    public enum Address: Sendable, Hashable, CustomStringConvertible {
        /// A numeric IPv4 or IPv6 address, and a port; port 0 lets the system choose a free one.
        case tcp(host: String, port: Int)
        /// A Unix domain socket. A socket file that nobody listens on is replaced.
        case unix(path: String)

        public var description: String {
            switch self {
            case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
            case .unix(let path): "unix:\(path)"
            }
        }
    }

    public var addresses: [Address]
    public var limits = RequestLimits()
    public var timeouts = ServerTimeouts()
    /// Threads that each run an event loop; 0 means one a core.
    public var eventLoops = 0
    /// Open connections at once; one more is answered 503 and closed.
    public var maximumConnections = 20_000
    /// Threads at most that run handlers; they start as they are needed and end when they are idle.
    public var workerThreads = 64
    /// Threads at most for work that lasts: streams that block, uploads, calls to slow services.
    public var longRunningThreads = 256
    /// Requests at most that wait for a thread; one more is answered 503.
    public var waitingRequests = 4096
    /// Bytes of one stream that may wait for its client before its producer must wait too.
    public var streamBuffer = 65_536
    /// Certificate and key of a server that speaks TLS.
    public var tls: TLSConfiguration?

    public init(addresses: [Address]) { self.addresses = addresses }
}

/// PEM files for TLS: the certificate with its chain, and its private key.
public struct TLSConfiguration: Sendable {
    public var certificatePath: String
    public var keyPath: String

    public init(certificatePath: String, keyPath: String) {
        self.certificatePath = certificatePath
        self.keyPath = keyPath
    }
}
