import TwinHTTP
import TwinSupport

/// A stream in the form of OpenAI's interface: Server-Sent Events with JSON in them.
struct OpenAIStream {
    let writer: ResponseWriter

    /// Sends one event. Throws `StreamClosed` once the client has left.
    func send(_ data: JSON, name: String? = nil) throws(StreamClosed) {
        var bytes: [UInt8] = []
        if let name { bytes += "event: \(name)\n".utf8 }
        bytes += "data: ".utf8
        bytes += JSONWriter.bytes(data)
        bytes += "\n\n".utf8
        try writer.write(bytes)
    }

    /// Sends the last event: what is sent after it throws `StreamClosed`.
    func end(with data: JSON) throws(StreamClosed) {
        try send(data)
        finish()
    }

    func finish() { writer.finish() }

    /// The words that end a stream of chat completions.
    func sendDone() throws(StreamClosed) { try writer.write("data: [DONE]\n\n") }

    /// A response that `produce` writes from a thread of its own. What it throws is told to the client, as an error inside the
    /// stream, and ends it.
    static func response(
        headers: [HeaderField], produce: @escaping @Sendable (OpenAIStream) throws -> Void
    ) -> Response {
        Response(
            .ok,
            headers: [
                HeaderField("content-type", "text/event-stream; charset=utf-8"),
                HeaderField("cache-control", "no-cache, no-store"),
                HeaderField("x-accel-buffering", "no"),
            ] + headers,
            body: .stream(
                .producing(heartbeat: Array(": heartbeat\n\n".utf8)) { writer in
                    let stream = OpenAIStream(writer: writer)
                    do {
                        try produce(stream)
                    } catch is StreamClosed {
                        // The client has left; there is nobody to tell.
                    } catch {
                        try stream.send(OpenAIError.event(error))
                    }
                }))
    }
}

extension [RateLimit.Status] {
    /// What is left of the nearest limit, in the fields that OpenAI's clients read.
    var openAIFields: [HeaderField] {
        guard let nearest = self.min(by: { $0.remaining < $1.remaining }) else { return [] }
        return nearest.fields + [
            HeaderField("x-ratelimit-limit-requests", String(nearest.limit)),
            HeaderField("x-ratelimit-remaining-requests", String(nearest.remaining)),
            HeaderField("x-ratelimit-reset-requests", "\(nearest.secondsLeft())s"),
        ]
    }
}
