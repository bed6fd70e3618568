import TwinSupport

/// A connection that has become a WebSocket. What the server says goes the way of a stream without framing; what the client says
/// is read here.
extension HTTPConnection {
    /// Seconds in which a client that is there has answered a ping.
    private static let silence = 60.0

    /// Agrees to a WebSocket: from the empty line on both sides send frames.
    func open(_ body: WebSocketBody, _ response: Response, _ current: Exchange) {
        var current = current
        current.keepsAlive = false
        let cancellation = current.cancellation ?? Cancellation()
        current.cancellation = cancellation
        let id = id
        let writer = ResponseWriter(capacity: service.configuration.streamBuffer, cancellation: cancellation) { [loop] in
            loop.post(.streamReady(id))
        }
        let socket = WebSocket(writer: writer, subprotocol: body.subprotocol)
        let inbox = WebSocketInbox(socket: socket, body: body) { [loop] in loop.post(.resumeBody(id)) }
        let isTaken = service.longRunning.submit(now: loop.now) { inbox.open() }
        guard isTaken else {
            exchange = current
            return refuse(HTTPError.overloaded("The server has too many streams open; try again soon"))
        }
        let stream = StreamBody.subscription(
            heartbeat: WebSocketFrame.bytes(.ping, []), lastWords: WebSocketFrame.close(1001, "the server is restarting")
        ) { _ in }
        let next = loop.now &+ UInt64(timeouts.heartbeat * 1e9)
        loop.expect(by: next)
        current.stream = Exchange.StreamOutput(body: stream, writer: writer, isChunked: false, left: nil, nextHeartbeat: next)
        current.socket = Exchange.SocketInput(
            decoder: WebSocketDecoder(maximumMessage: WebSocket.maximumMessage), inbox: inbox)
        ResponseSerializer.write(
            response, framing: .none, closes: false, announcesKeepAlive: false, date: loop.dateLine(), into: &output)
        exchange = current
        reading = .frames
        setReadDeadline(Self.silence)
    }

    /// Reads one event at the most, so that a client which sends faster than it is answered waits.
    func receiveFrames(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard var decoder = exchange?.socket?.decoder, let inbox = exchange?.socket?.inbox else { return bytes.count }
        // One owner, so that a message which grows is not copied.
        exchange?.socket?.decoder = WebSocketDecoder(maximumMessage: 0)
        setReadDeadline(Self.silence)
        do {
            let (used, event) = try decoder.decode(bytes)
            exchange?.socket?.decoder = decoder
            switch event {
            case .text(let text): deliver(.text(text), inbox)
            case .binary(let data): deliver(.binary(data), inbox)
            case .ping(let payload): output.append(WebSocketFrame.bytes(.pong, payload))
            case .close(let code): endSocket(code, "")
            case .pong, nil: break
            }
            return used
        } catch {
            endSocket(error.code, error.reason)
            return bytes.count
        }
    }

    private func deliver(_ message: WebSocket.Message, _ inbox: WebSocketInbox) {
        let (isFull, work) = inbox.add(message)
        if isFull { exchange?.isBodyPaused = true }
        guard work else { return }
        guard service.longRunning.submit(now: loop.now, { inbox.run() }) else {
            return endSocket(1013, "the server has too much to do; try again soon")
        }
    }

    /// Says what waits, then that it is over: in answer to the client's close, or because of what it sent. Nothing follows.
    private func endSocket(_ code: UInt16?, _ reason: String) {
        guard let current = exchange, let stream = current.stream else { return }
        let taken = stream.writer.take()
        output.append(taken.bytes)
        // One that the server has closed already has said so.
        if !taken.isFinished { output.append(WebSocketFrame.close(code, reason)) }
        stream.writer.cancel()
        current.socket?.inbox.close()
        mustLinger = true
        readDeadline = .max
        finishResponse()
    }
}
