import TwinSupport

/// One event of a stream.
package struct StreamEvent: Sendable, Equatable {
    /// The event's type; Server-Sent Events call it `event`.
    package var name: String?
    package var data: JSON
    /// What a client that comes back sends as `Last-Event-ID`.
    package var id: String?

    package init(_ name: String? = nil, data: JSON, id: String? = nil) {
        self.name = name
        self.data = data
        self.id = id
    }
}

/// A stream of events in the form that the client asked for: Server-Sent Events (WHATWG HTML section 9.2) with
/// `Accept: text/event-stream`, else JSON Lines.
package struct EventStream: Sendable {
    /// How events look on the wire.
    package enum Format: Sendable, Equatable {
        case serverSentEvents
        case jsonLines

        /// What `Accept` prefers; `fallback` when it names neither.
        package init(accept: [String], fallback: Format = .jsonLines) {
            let types = accept.map { $0.utf8.prefix { $0 != UInt8(ascii: ";") } }
                .map { String(Substring($0)).trimmingSpace().lowercased() }
            let first = types.first { ["text/event-stream", "application/x-ndjson", "application/jsonl"].contains($0) }
            self = first.map { $0 == "text/event-stream" ? .serverSentEvents : .jsonLines } ?? fallback
        }
    }

    /// How a stream is written, beside its events.
    package struct Options: Sendable {
        /// The format when `Accept` names none.
        package var fallback = Format.jsonLines
        /// The media type of JSON Lines; some clients expect `text/event-stream` for them too.
        package var jsonLinesType = "application/x-ndjson"
        /// Sent in the silence between events as JSON Lines; Server-Sent Events have a comment for it.
        package var jsonLinesHeartbeat: JSON?
        /// Sent when the server shuts down under the stream.
        package var lastEvent: StreamEvent?

        package init() {}
    }

    package let format: Format
    private let writer: ResponseWriter

    init(format: Format, writer: ResponseWriter) {
        self.format = format
        self.writer = writer
    }

    /// Sends an event, and waits while the client is behind. Throws `StreamClosed` once the client has left.
    package func send(_ event: StreamEvent) throws(StreamClosed) { try writer.write(Self.bytes(event, format)) }

    /// Sends an event without waiting; false when the client is too far behind, or gone.
    package func offer(_ event: StreamEvent) -> Bool { writer.offer(Self.bytes(event, format)) }

    /// The same for bytes that `encode` made, once for all who hear it.
    package func offer(encoded bytes: [UInt8]) -> Bool { writer.offer(bytes) }

    /// An event as a stream of this format sends it.
    package static func encode(_ event: StreamEvent, as format: Format) -> [UInt8] { bytes(event, format) }

    /// Ends a subscription.
    package func finish() { writer.finish() }

    /// Whether the client has left, so that nobody reads any more. From any thread.
    package var isCancelled: Bool { writer.isCancelled }
    /// Fires when the client has left.
    package var cancellation: Cancellation { writer.cancellation }

    /// A response whose events `produce` sends from a thread of its own; it ends when `produce` returns.
    package static func response(
        to request: Request, _ options: Options = Options(), produce: @escaping @Sendable (EventStream) throws -> Void
    ) -> Response {
        response(to: request, options) { format, heartbeat, lastWords in
            .producing(heartbeat: heartbeat, lastWords: lastWords) { try produce(EventStream(format: format, writer: $0)) }
        }
    }

    /// A response whose events are all known: it is written at once, and no thread waits for it.
    package static func response(to request: Request, _ options: Options = Options(), events: [StreamEvent]) -> Response {
        let format = Format(accept: request.headers.members("accept"), fallback: options.fallback)
        return response(format, options, body: .bytes(events.flatMap { bytes($0, format) }))
    }

    /// A response that stays open, without a thread, until the stream is finished or the client leaves. `subscribe` keeps
    /// the stream where its events come from, and `cancellation.onCancel` is the place to let go of it.
    package static func subscription(
        to request: Request, _ options: Options = Options(), subscribe: @escaping @Sendable (EventStream) throws -> Void
    ) -> Response {
        response(to: request, options) { format, heartbeat, lastWords in
            .subscription(heartbeat: heartbeat, lastWords: lastWords) {
                try subscribe(EventStream(format: format, writer: $0))
            }
        }
    }

    private static func response(
        to request: Request, _ options: Options, body: (Format, [UInt8]?, [UInt8]?) -> StreamBody
    ) -> Response {
        let format = Format(accept: request.headers.members("accept"), fallback: options.fallback)
        let heartbeat =
            format == .serverSentEvents
            ? Array(": heartbeat\n\n".utf8) : options.jsonLinesHeartbeat.map { bytes(StreamEvent(data: $0), .jsonLines) }
        return response(format, options, body: .stream(body(format, heartbeat, options.lastEvent.map { bytes($0, format) })))
    }

    private static func response(_ format: Format, _ options: Options, body: ResponseBody) -> Response {
        let type = format == .serverSentEvents ? "text/event-stream; charset=utf-8" : options.jsonLinesType
        return Response(
            .ok,
            headers: [
                HeaderField("content-type", type), HeaderField("cache-control", "no-cache"),
                // nginx would otherwise gather a stream in its buffers.
                HeaderField("x-accel-buffering", "no"), HeaderField("vary", "Accept"),
            ],
            body: body)
    }

    /// One event on the wire. JSON text has no line break, so one `data` line is enough; a name or an id with a line
    /// break, which would begin another field, loses it.
    static func bytes(_ event: StreamEvent, _ format: Format) -> [UInt8] {
        var result: [UInt8] = []
        if format == .serverSentEvents {
            if let id = event.id { result += "id: \(oneLine(id))\n".utf8 }
            if let name = event.name { result += "event: \(oneLine(name))\n".utf8 }
            result += "data: ".utf8
        }
        result += JSONWriter.bytes(event.data)
        result += (format == .serverSentEvents ? "\n\n" : "\n").utf8
        return result
    }

    private static func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 }))
    }
}

extension Request {
    /// The last event that a returning client has seen.
    package var lastEventID: String? { headers["last-event-id"] }
}
