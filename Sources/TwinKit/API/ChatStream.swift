import TwinHTTP
import TwinSupport

/// Sends the answer to a question that was taken, in the form that the client asked for.
struct ChatStream {
    let ask: Ask
    let counters: ServerCounters
    let turn: ChatService.Turn
    let events: StudioEvents

    /// A heartbeat that clients of JSON Lines know to ignore.
    private static let ping: JSON = ["type": "metadata", "ping": true]
    private static let lastWords: JSON = [
        "type": "error", "error": "the server is restarting; send the request again with Last-Event-ID", "code": "interrupted",
    ]

    func response(to request: Request) throws -> Response {
        var response =
            try ReplyForm(request, fallback: StudioContract.reply) == .document
            ? document() : turn.isSettled ? whole(request) : stream(request)
        response.headers += turn.limits.fields
        return response
    }

    private func document() throws -> Response {
        let answer = try ask.answer(turn)
        counters.answered(answer.status)
        var object = (answer.json.objectValue ?? JSONObject()).merging([
            "citations": .strings(
                StudioEvents.sourceIDs(answer.metadata.citations, verifiedAnswer: answer.metadata.verifiedAnswerID)),
            "citation_details": .array(answer.metadata.citations.map(\.json)),
            "escalated": .bool(answer.status == .escalated),
        ])
        if let questionID = events.questionID { object["question_id"] = .string(questionID) }
        if let sessionID = events.sessionID { object["session_id"] = .string(sessionID) }
        return .json(.object(object))
    }

    /// An answer that is known needs no thread to wait for it.
    private func whole(_ request: Request) throws -> Response {
        var told = ToldEvents(events)
        var sent: [StreamEvent] = []
        let answer = try ask.answer(turn, emit: { sent.append(told.next($0)) })
        counters.answered(answer.status)
        return EventStream.response(to: request, events: sent)
    }

    private func stream(_ request: Request) -> Response {
        var options = EventStream.Options()
        options.jsonLinesHeartbeat = Self.ping
        options.lastEvent = StreamEvent("error", data: Self.lastWords)
        return EventStream.response(to: request, options) { [self] stream in
            var told = ToldEvents(events)
            do {
                try stream.send(events.beginning(of: turn))
                let answer = try ask.answer(
                    turn,
                    emit: { event in
                        guard case .error(let error) = event else { return try stream.send(told.next(event)) }
                        // The answer goes on to be stored; its reader is told now.
                        try stream.send(Self.failure(error))
                        stream.finish()
                    })
                counters.answered(answer.status)
            } catch is StreamClosed {
                // The client has left; there is nobody to tell.
            } catch {
                try stream.send(Self.failure(error))
            }
        }
    }

    private static func failure(_ error: any Error) -> StreamEvent {
        let report = ErrorReport(ErrorTranslation.translate(error))
        return StreamEvent("error", data: ["type": "error", "error": .string(report.message)], id: nil)
    }

    /// Sends what a returning client has not seen yet of an answer that is stored.
    static func replay(_ stored: ChatService.StoredAnswer, from sent: Int, events: StudioEvents, to request: Request) -> Response
    {
        let bytes = Array(stored.text.utf8)
        let sent = stored.isWithdrawn ? 0 : sent
        // A position inside a character cannot be one that was sent: then all of it is sent again.
        let rest = String(validating: bytes[min(sent, bytes.count)...], as: UTF8.self) ?? stored.text
        return EventStream.response(
            to: request,
            events: (rest.isEmpty ? [] : [events.event(.content(rest), sent: bytes.count)])
                + [events.event(.done(stored.done), sent: bytes.count)])
    }
}

/// Counts what of an answer was told, which is where a client that comes back goes on.
private struct ToldEvents {
    private let events: StudioEvents
    private var bytes = 0

    init(_ events: StudioEvents) { self.events = events }

    mutating func next(_ event: ChatEvent) -> StreamEvent {
        if case .content(let text) = event { bytes += text.utf8.count }
        return events.event(event, sent: bytes)
    }
}
