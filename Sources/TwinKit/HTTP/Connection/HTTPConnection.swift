import CLinux

#if canImport(Glibc)
    import Glibc
    import TwinSupport
#endif

/// One client's connection: bytes in, requests out to the responder, responses in, bytes out. It answers one request at
/// a time, in order; what the client sends ahead (pipelining) waits. Used only on its event loop's thread.
///
/// The three parts are `HTTPConnection.swift` (input), `HTTPConnection+Exchange.swift` (requests and responses) and
/// `HTTPConnection+Output.swift` (output, streams, deadlines, the end).
final class HTTPConnection {
    /// What the next bytes from the client are.
    enum Reading {
        case head
        case body
        /// Of a WebSocket.
        case frames
        /// Nothing yet: the request is whole and its response is not.
        case waiting
        /// Of no interest: the last response is sent, and the client is given time to take it.
        case lingering
    }

    /// Output past this many bytes stops reading and producing until the client has taken some.
    static let outputHighWater = 65_536

    let id: ConnectionID
    let peer: String
    unowned let loop: EventLoop
    let service: ServerService
    var reading = Reading.head
    var parser: RequestParser
    /// Bytes that came and could not be used yet.
    var input = ByteBuffer()
    var output = ByteBuffer()
    var exchange: Exchange?
    /// The content of the current request, where it is collected. Apart from `exchange`, so that it grows in place.
    var collected: [UInt8] = []
    var isOpen = true
    /// Edge-triggered epoll reports a change once; these remember it.
    var isReadable = false
    var isWritable = true
    /// The client will send no more. It may still read: a half-closed client gets its response.
    var peerFinished = false
    var closesWhenSent = false
    /// Set when the client may still be sending what will not be read.
    var mustLinger = false
    var isProbed = false
    var isHeadStarted = false
    /// Whether a request has been answered on it.
    var hasServed = false
    /// Monotonic nanoseconds; `.max` is never.
    var readDeadline = UInt64.max
    var writeDeadline = UInt64.max
    private var isTakingInput = false
    let session: TLSSession?

    init(id: ConnectionID, peer: String, loop: EventLoop, session: TLSSession?) {
        self.id = id
        self.peer = peer
        self.loop = loop
        self.session = session
        service = loop.service
        parser = RequestParser(limits: loop.service.configuration.limits)
    }

    var timeouts: ServerTimeouts { service.configuration.timeouts }

    /// A TLS client owes its handshake, and so has less time than one that merely keeps a connection.
    func start() { setReadDeadline(session == nil ? timeouts.idle : timeouts.head) }

    /// What epoll says about the socket.
    func handle(events: UInt32) {
        if events & UInt32(CLINUX_ERROR | CLINUX_HANGUP) != 0 { return close() }
        if events & UInt32(CLINUX_OUT) != 0 { isWritable = true }
        if events & UInt32(CLINUX_IN | CLINUX_PEER_FINISHED) != 0 {
            isReadable = true
            // TLS may have to read before it can write.
            if session != nil { isWritable = true }
        }
        if events & UInt32(CLINUX_PEER_FINISHED) != 0, !peerFinished {
            peerFinished = true
            probe()
        }
        step()
    }

    /// Does all that can be done now.
    func step() {
        flush()
        while isOpen {
            takeInput()
            let before = reading
            flush()
            // Sending the end of a response makes room for the next request, which may be here already.
            if before == reading || reading != .head { return }
        }
    }

    private var wantsInput: Bool {
        switch reading {
        case .head, .lingering: true
        case .body, .frames: exchange?.isBodyPaused == false
        case .waiting: false
        }
    }

    private func takeInput() {
        // A response made on this thread comes back in here; the loop below goes on by itself then.
        guard !isTakingInput else { return }
        isTakingInput = true
        defer { isTakingInput = false }
        while isOpen {
            if output.count >= Self.outputHighWater {
                flush()
                if !isOpen || output.count >= Self.outputHighWater { return }
            }
            if !input.isEmpty, wantsInput {
                let used = process(input.readable)
                input.consume(used)
                if used > 0 { continue }
            }
            guard isOpen, isReadable, wantsInput else { return }
            let count = receive(loop.scratch)
            if count > 0 {
                ingest(UnsafeRawBufferPointer(rebasing: loop.scratch[..<count]))
            } else if count == 0 {
                isReadable = false
                endOfInput()
            } else {
                return
            }
        }
    }

    /// Reads from the socket: a number of bytes, 0 at the end, -1 when there is nothing now or the connection broke.
    private func receive(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        if let session {
            switch session.read(into: buffer) {
            case .bytes(let count): return count
            case .end: return 0
            case .needsInput: isReadable = false
            case .needsOutput: isWritable = false
            case .failed: close()
            }
            return -1
        }
        while true {
            let count = recv(id.descriptor, buffer.baseAddress, buffer.count, 0)
            if count > 0 {
                // A short read has emptied the socket; epoll will tell of more.
                if count < buffer.count, !peerFinished { isReadable = false }
                return count
            }
            if count == 0 { return 0 }
            switch errno {
            case EINTR: continue
            case EAGAIN: isReadable = false
            default: close()
            }
            return -1
        }
    }

    /// Uses new bytes straight from the loop's buffer, and keeps only what cannot be used yet.
    private func ingest(_ bytes: UnsafeRawBufferPointer) {
        if input.isEmpty {
            let used = process(bytes)
            if isOpen, used < bytes.count { input.append(bytes.part(used, bytes.count)) }
        } else {
            input.append(bytes)
            let used = process(input.readable)
            input.consume(used)
        }
    }

    /// Uses bytes as far as they make sense now; returns how many were used.
    private func process(_ bytes: UnsafeRawBufferPointer) -> Int {
        var offset = 0
        while isOpen, offset < bytes.count, output.count < Self.outputHighWater {
            switch reading {
            case .head:
                switch parser.parse(bytes.part(offset, bytes.count)) {
                case .incomplete:
                    if !isHeadStarted {
                        isHeadStarted = true
                        setReadDeadline(timeouts.head)
                    }
                    return offset
                case .failed(let error):
                    refuse(error)
                    return bytes.count
                case .complete(let head, let consumed):
                    offset += consumed
                    isHeadStarted = false
                    parser = RequestParser(limits: service.configuration.limits)
                    begin(head)
                }
            case .body:
                if exchange?.isBodyPaused != false { return offset }
                offset += receiveBody(bytes.part(offset, bytes.count))
            case .frames:
                if exchange?.isBodyPaused != false { return offset }
                offset += receiveFrames(bytes.part(offset, bytes.count))
            case .waiting: return offset
            case .lingering: return bytes.count
            }
        }
        return offset
    }

    // MARK: Content

    private func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard let remaining = exchange?.remaining else { return bytes.count }
        switch remaining {
        case .nothing: return 0
        case .length(let left):
            let count = min(left, bytes.count)
            deliver(bytes.part(0, count))
            exchange?.remaining = count == left ? .nothing : .length(left - count)
            bodyAdvanced(by: count)
            return count
        case .chunked(var decoder):
            let (before, limit) = (exchange?.received ?? 0, bodyLimit)
            var content = 0
            do {
                let used = try decoder.decode(bytes) { piece in
                    content += piece.count
                    if before + content <= limit { deliver(piece) }
                }
                exchange?.remaining = decoder.isDone ? .nothing : .chunked(decoder)
                bodyAdvanced(by: content)
                return used
            } catch {
                reject(error)
                return bytes.count
            }
        }
    }

    var bodyLimit: Int { exchange?.plan.bodyLimit ?? service.configuration.limits.bodySize }

    private func deliver(_ content: UnsafeRawBufferPointer) {
        switch exchange?.sink {
        case .collect: collected.append(contentsOf: content)
        case .reader(let reader): if !reader.push(content) { exchange?.isBodyPaused = true }
        case .discard, nil: break
        }
    }

    private func bodyAdvanced(by count: Int) {
        guard var current = exchange else { return }
        current.received += count
        current.rateReceived += count
        exchange = current
        if current.received > bodyLimit, !current.hasResponse {
            return reject(HTTPError(.contentTooLarge, "The content is larger than \(bodyLimit) bytes"))
        }
        if current.isBodyDone { return bodyIsWhole() }
        setBodyDeadline()
    }

    func setBodyDeadline() {
        guard let exchange, !exchange.isBodyPaused else {
            readDeadline = .max
            return
        }
        let earned = Double(exchange.rateReceived) / Double(timeouts.minimumBodyRate)
        readDeadline = exchange.rateStart &+ UInt64((timeouts.body + earned) * 1e9)
        loop.expect(by: readDeadline)
    }

    /// The handler has caught up with the content.
    func resumeBody() {
        guard exchange?.isBodyPaused == true else { return }
        exchange?.isBodyPaused = false
        exchange?.rateStart = loop.now
        exchange?.rateReceived = 0
        if reading == .body { setBodyDeadline() }
        step()
    }
}
