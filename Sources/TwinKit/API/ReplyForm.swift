import TwinHTTP

/// The form in which an answer to a question goes to the client.
package enum ReplyForm: Sendable, Equatable {
    /// Server-Sent Events.
    case events
    /// JSON Lines, one event a line.
    case lines
    /// One JSON document, once the answer is whole.
    case document

    /// What `Accept` asks for. A stream goes before a document where it names both, since a client that can read a stream
    /// also names what it takes for errors; `fallback`, the contract's own form, stands where it names neither.
    package init(_ request: Request, fallback: ReplyForm) {
        let accepted = request.headers.members("accept").map { $0.lowercased() }
        func accepts(_ types: String...) -> Bool { accepted.contains { type in types.contains { type.hasPrefix($0) } } }
        if accepts("text/event-stream", "application/x-ndjson", "application/jsonl") {
            let format = EventStream.Format(accept: accepted)
            self = format == .serverSentEvents ? .events : .lines
        } else if accepts("application/json") {
            self = .document
        } else {
            self = fallback
        }
    }
}
