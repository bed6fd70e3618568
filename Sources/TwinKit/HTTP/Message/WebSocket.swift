import Synchronization
import TwinSupport

/// The server's end of a WebSocket (RFC 6455). All methods may be called from any thread.
package final class WebSocket: Sendable {
    /// A whole message, its fragments joined (RFC 6455 section 5.6). Text has been checked to be UTF-8.
    package enum Message: Sendable, Equatable {
        case text(String)
        case binary([UInt8])
    }

    private let writer: ResponseWriter
    /// The subprotocol that was agreed on.
    package let subprotocol: String?

    init(writer: ResponseWriter, subprotocol: String?) {
        self.writer = writer
        self.subprotocol = subprotocol
    }

    /// Fires when the client has left or either side has ended it.
    package var cancellation: Cancellation { writer.cancellation }
    package var isClosed: Bool { writer.isCancelled }

    /// Sends a text, and waits while the client is behind. Throws `StreamClosed` once it has left.
    package func send(_ text: String) throws(StreamClosed) { try writer.write(WebSocketFrame.text(text)) }

    /// Sends a text without waiting; false when the client is too far behind, or gone.
    package func offer(_ text: String) -> Bool { writer.offer(WebSocketFrame.text(text)) }

    /// The same for bytes that `encode` made, once for all who hear it.
    package func offer(encoded bytes: [UInt8]) -> Bool { writer.offer(bytes) }

    /// A text as sockets send it.
    package static func encode(_ text: String) -> [UInt8] { WebSocketFrame.text(text) }

    /// Ends it with a code (section 7.4) and words for people. What was sent before still arrives.
    package func close(_ code: UInt16 = 1000, _ reason: String = "") {
        _ = writer.offer(WebSocketFrame.close(code, reason))
        writer.finish()
    }

    /// Bytes of a message at the most.
    package static let maximumMessage = 65_536

    /// Agrees to a request for a WebSocket (section 4.2). `protocols` are those that the server speaks, the one it likes best
    /// first. `opened` runs once, before any message, and keeps the socket where its events come from; `received` runs for each
    /// message, one after the other, and may block. Throws `HTTPError` for what asks for none, or for another version.
    package static func response(
        to request: Request, protocols: [String] = [], opened: @escaping @Sendable (WebSocket) throws -> Void,
        received: @escaping @Sendable (WebSocket, Message) -> Void
    ) throws -> Response {
        let headers = request.headers
        func has(_ name: String, _ member: String) -> Bool { headers.members(name).contains { $0.equalsIgnoringCase(member) } }
        guard request.method == .get, !request.head.isVersion1_0, has("upgrade", "websocket"), has("connection", "upgrade")
        else {
            throw HTTPError(
                HTTPStatus(426), "this address speaks WebSocket; send Upgrade: websocket and Connection: Upgrade",
                headers: [HeaderField("upgrade", "websocket")])
        }
        guard headers.all("sec-websocket-version") == ["13"] else {
            throw HTTPError(
                HTTPStatus(426), "only version 13 of WebSocket is spoken here",
                headers: [HeaderField("sec-websocket-version", "13"), HeaderField("upgrade", "websocket")])
        }
        let keys = headers.all("sec-websocket-key")
        guard keys.count == 1, let key = keys.first, Base64.standard.decode(key)?.count == 16 else {
            throw HTTPError(.badRequest, "Sec-WebSocket-Key must be 16 bytes in base64, once")
        }
        let offered = headers.members("sec-websocket-protocol")
        let chosen = protocols.first { offered.contains($0) }
        var fields = [
            HeaderField("upgrade", "websocket"), HeaderField("sec-websocket-accept", try accept(key)),
        ]
        if let chosen { fields.append(HeaderField("sec-websocket-protocol", chosen)) }
        return Response(
            HTTPStatus(101), headers: fields,
            body: .webSocket(WebSocketBody(subprotocol: chosen, opened: opened, received: received)))
    }

    /// Section 4.2.2, step 5.4: it shows that the server knows what it agrees to, and nothing else.
    static func accept(_ key: String) throws -> String {
        Base64.standard.encode(try Crypto.sha1(Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)))
    }
}

/// What a response that agrees to a WebSocket goes on with.
package struct WebSocketBody: Sendable {
    let subprotocol: String?
    let opened: @Sendable (WebSocket) throws -> Void
    let received: @Sendable (WebSocket, WebSocket.Message) -> Void
}

/// The messages of one socket on their way to its handler, in their order: one thread at a time works them off.
final class WebSocketInbox: Sendable {
    /// Messages that may wait; with so many the client is not read any more.
    static let capacity = 32

    private struct State {
        var waiting: [WebSocket.Message] = []
        /// Whoever opens the socket works first.
        var isWorking = true
        var isClosed = false
    }

    private let state = Mutex(State())
    private let socket: WebSocket
    private let body: WebSocketBody
    /// Called when there is room again.
    private let hasRoom: @Sendable () -> Void

    init(socket: WebSocket, body: WebSocketBody, hasRoom: @escaping @Sendable () -> Void) {
        self.socket = socket
        self.body = body
        self.hasRoom = hasRoom
    }

    /// Adds a message. `work` says that a thread has to call `run`.
    func add(_ message: WebSocket.Message) -> (isFull: Bool, work: Bool) {
        state.withLock { state in
            guard !state.isClosed else { return (false, false) }
            state.waiting.append(message)
            defer { state.isWorking = true }
            return (state.waiting.count >= Self.capacity, !state.isWorking)
        }
    }

    /// Opens the socket, and goes on with what came meanwhile.
    func open() {
        do { try body.opened(socket) } catch { socket.close(1011, "the server failed") }
        run()
    }

    func run() {
        while true {
            let (message, wasFull) = state.withLock { state -> (WebSocket.Message?, Bool) in
                guard !state.waiting.isEmpty, !state.isClosed else {
                    state.isWorking = false
                    return (nil, false)
                }
                let wasFull = state.waiting.count >= Self.capacity
                return (state.waiting.removeFirst(), wasFull)
            }
            guard let message else { return }
            if wasFull { hasRoom() }
            body.received(socket, message)
        }
    }

    func close() {
        state.withLock { state in
            state.isClosed = true
            state.waiting = []
        }
    }
}
