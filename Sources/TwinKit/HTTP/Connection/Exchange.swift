/// One request and its response on a connection, while it lasts.
struct Exchange {
    /// Where the content of the request goes.
    enum Sink {
        /// Into memory, until it is whole.
        case collect
        /// To the handler that runs already.
        case reader(BodyReader)
        /// Nowhere: the response has been made without it.
        case discard
    }

    /// What is left of the content to come.
    enum Remaining {
        case length(Int)
        case chunked(ChunkedDecoder)
        case nothing
    }

    /// Content that is made while it is sent.
    struct StreamOutput {
        let body: StreamBody
        let writer: ResponseWriter
        let isChunked: Bool
        /// Bytes still promised, where a length was.
        var left: Int?
        var nextHeartbeat: UInt64
    }

    let head: RequestHead
    let plan: RequestPlan
    var keepsAlive: Bool
    var sink = Sink.collect
    var remaining = Remaining.nothing
    /// Bytes of content so far, and since when, for the least rate.
    var received = 0
    var rateStart: UInt64 = 0
    var rateReceived = 0
    var isBodyPaused = false
    var hasResponse = false
    var isResponseDone = false
    var cancellation: Cancellation?
    var stream: StreamOutput?
    var file: (body: FileBody, offset: Int)?
    /// Once the connection speaks WebSocket.
    var socket: SocketInput?

    /// What a socket's client sends.
    struct SocketInput {
        var decoder: WebSocketDecoder
        let inbox: WebSocketInbox
    }

    var isBodyDone: Bool { if case .nothing = remaining { true } else { false } }

    /// Content past this many bytes is not worth reading only to keep the connection.
    private static let discardLimit = 65_536

    /// Whether the rest of the content is short enough to be read and thrown away.
    var canDiscardRest: Bool {
        switch remaining {
        case .nothing: true
        case .length(let left): left <= Self.discardLimit && !head.expectsContinue
        case .chunked: false
        }
    }
}
