import TwinSupport

/// A response that was made without a socket.
package struct CollectedResponse: Sendable {
    package var status: HTTPStatus
    package var headers: [HeaderField]
    package var body: [UInt8]

    /// The body as UTF-8, with U+FFFD for what is none.
    package var text: String { String(decoding: body, as: UTF8.self) }
}

extension Response {
    /// Hands the content over piece by piece, as a socket would get it; a stream is produced meanwhile. Throws what
    /// `receive` throws, after telling the producer that nobody listens any more, and a `TwinError` when the content
    /// breaks off.
    package func forEachPiece(_ receive: ([UInt8]) throws -> Void) throws {
        switch body {
        case .empty: return
        case .bytes(let bytes): try receive(bytes)
        case .file(let file): try file.read(receive)
        case .webSocket: throw TwinError(.invalid, "A WebSocket needs a connection to a server")
        case .stream(let stream):
            let writer = ResponseWriter(capacity: 65_536, cancellation: Cancellation()) {}
            let isStarted = SystemThread.start {
                do {
                    try stream.produce(writer)
                    if stream.lifetime == .producer { writer.finish() }
                } catch {
                    writer.abort()
                }
            }
            guard isStarted else { throw TwinError(.busy, "The system has no room for another thread") }
            defer { writer.cancel() }
            while true {
                let taken = writer.next()
                if !taken.bytes.isEmpty { try receive(taken.bytes) }
                if taken.isBroken { throw TwinError(.failed, "The response broke off before its end") }
                if taken.isFinished { return }
            }
        }
    }

    /// The whole response in memory.
    package func collect() throws -> CollectedResponse {
        var bytes: [UInt8] = []
        try forEachPiece { bytes += $0 }
        return CollectedResponse(status: status, headers: headers, body: bytes)
    }
}
