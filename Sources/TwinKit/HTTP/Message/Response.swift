#if canImport(Glibc)
    import Glibc
    import TwinSupport
#endif

/// An answer to a request. `Content-Length`, `Transfer-Encoding`, `Connection` and `Date` are the server's to write.
package struct Response: Sendable {
    package var status: HTTPStatus
    package var headers: [HeaderField]
    package var body: ResponseBody

    package init(_ status: HTTPStatus, headers: [HeaderField] = [], body: ResponseBody = .empty) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// `value` as one line of JSON.
    package static func json(_ value: JSON, status: HTTPStatus = .ok, headers: [HeaderField] = []) -> Response {
        bytes(JSONWriter.bytes(value), type: "application/json", status: status, headers: headers)
    }

    /// `text` in UTF-8. A `type` that is given has to state its character set itself.
    package static func text(
        _ text: String, type: String = "text/plain; charset=utf-8", status: HTTPStatus = .ok, headers: [HeaderField] = []
    ) -> Response {
        bytes(Array(text.utf8), type: type, status: status, headers: headers)
    }

    /// `bytes` as they are, with `type` as the content type.
    package static func bytes(
        _ bytes: [UInt8], type: String, status: HTTPStatus = .ok, headers: [HeaderField] = []
    ) -> Response {
        var fields: [HeaderField] = []
        fields.reserveCapacity(headers.count + 8)
        fields.append(HeaderField("content-type", type))
        fields.append(contentsOf: headers)
        return Response(status, headers: fields, body: .bytes(bytes))
    }
}

/// The content of a response.
package enum ResponseBody: Sendable {
    case empty
    case bytes([UInt8])
    case file(FileBody)
    case stream(StreamBody)
    /// From here on both sides speak WebSocket.
    case webSocket(WebSocketBody)

    /// The number of bytes, where it is known beforehand.
    var length: Int? {
        switch self {
        case .empty: 0
        case .bytes(let bytes): bytes.count
        case .file(let file): file.length
        case .stream(let stream): stream.length
        case .webSocket: nil
        }
    }
}

/// An open file as a response's content; closed when the response is done with.
package final class FileBody: Sendable {
    let descriptor: Int32
    /// In bytes, as of when it was opened; no more is sent, should the file grow.
    package let length: Int

    /// Opens the regular file at `path`. Throws a `TwinError` of kind `notFound` when there is none that can be read.
    package init(path: String) throws {
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        var information = stat()
        guard descriptor >= 0, fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
            if descriptor >= 0 { close(descriptor) }
            throw TwinError(.notFound, "The file cannot be read")
        }
        length = Int(information.st_size)
    }

    deinit { close(descriptor) }

    /// Hands over the file piece by piece. Throws a `TwinError` when it cannot be read to the length it had.
    package func read(_ receive: ([UInt8]) throws -> Void) throws {
        var offset = 0
        while offset < length {
            let piece = [UInt8](unsafeUninitializedCapacity: min(65_536, length - offset)) { buffer, count in
                count = max(0, pread(descriptor, buffer.baseAddress, buffer.count, offset))
            }
            guard !piece.isEmpty else { throw TwinError(.failed, "A file could not be read to its end") }
            try receive(piece)
            offset += piece.count
        }
    }
}

/// Content that is made while it is sent.
package struct StreamBody: Sendable {
    /// When the stream ends.
    enum Lifetime: Sendable {
        /// When the producer returns; it runs on a thread of its own and may block.
        case producer
        /// When `ResponseWriter.finish` is called, long after the producer returned: no thread waits meanwhile.
        case subscription
    }

    var lifetime: Lifetime
    /// Bytes the producer promises to write; none sends chunks.
    var length: Int?
    /// Written between two writes of the producer whenever the heartbeat interval has passed.
    var heartbeat: [UInt8]?
    /// Written before the end when the server shuts down under the stream.
    var lastWords: [UInt8]?
    var produce: @Sendable (ResponseWriter) throws -> Void

    /// A stream that ends when `produce` returns; what `produce` throws breaks the connection off, so that the client
    /// does not take a part for the whole. `produce` may block.
    package static func producing(
        length: Int? = nil, heartbeat: [UInt8]? = nil, lastWords: [UInt8]? = nil,
        _ produce: @escaping @Sendable (ResponseWriter) throws -> Void
    ) -> StreamBody {
        StreamBody(lifetime: .producer, length: length, heartbeat: heartbeat, lastWords: lastWords, produce: produce)
    }

    /// A stream that stays open until the writer, which `subscribe` keeps somewhere, is finished or its client leaves.
    package static func subscription(
        heartbeat: [UInt8]? = nil, lastWords: [UInt8]? = nil,
        _ subscribe: @escaping @Sendable (ResponseWriter) throws -> Void
    ) -> StreamBody {
        StreamBody(lifetime: .subscription, length: nil, heartbeat: heartbeat, lastWords: lastWords, produce: subscribe)
    }
}
