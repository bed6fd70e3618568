import TwinHTTP
import TwinSupport

/// A chat's events in the words of the studio contract: `metadata`, `content`, `done`, or `clarify`, or `error`.
struct StudioEvents: Sendable {
    /// Named in the events of visitors, who send it with the next question.
    var sessionID: String?
    /// The question's message, which the ids of events begin with; none when it is not kept.
    var questionID: String?

    /// An event and what a client that comes back names it by: the question and how many bytes of its answer were sent.
    func event(_ event: ChatEvent, sent: Int) -> StreamEvent {
        let id = id(sent: sent)
        var object = json(event)
        if let questionID, let id {
            // Who reads JSON Lines has no other way to it.
            object["question_id"] = .string(questionID)
            object["event_id"] = .string(id)
        }
        return StreamEvent(Self.name(event), data: .object(object), id: id)
    }

    /// What stands before an answer that takes its time: by what it is gone on with. Contracts call it a sign of life, which
    /// clients ignore that do not need it.
    func beginning(of turn: ChatService.Turn) -> StreamEvent {
        var object: JSONObject = ["type": "metadata", "ping": true, "conversation_id": .optional(turn.conversationID)]
        let id = id(sent: 0)
        if let questionID, let id {
            object["question_id"] = .string(questionID)
            object["event_id"] = .string(id)
        }
        if let sessionID { object["session_id"] = .string(sessionID) }
        return StreamEvent("metadata", data: .object(object), id: id)
    }

    private func id(sent: Int) -> String? { questionID.map { "\($0).\(sent)" } }

    private static func name(_ event: ChatEvent) -> String {
        switch event {
        case .metadata: "metadata"
        case .content: "content"
        case .done: "done"
        case .error: "error"
        case .clarify: "clarify"
        }
    }

    func json(_ event: ChatEvent) -> JSONObject {
        var object = event.json.objectValue ?? JSONObject()
        switch event {
        case .metadata(let metadata):
            object["citations"] = .strings(Self.sourceIDs(metadata.citations, verifiedAnswer: metadata.verifiedAnswerID))
            object["citation_details"] = .array(metadata.citations.map(\.json))
            object["owner_memory_summaries"] = .array(
                metadata.memories.map { ["id": .string($0.id), "topic": .string($0.topic)] })
        case .content(let text): object["token"] = .string(text)
        case .done(let done): object["escalated"] = .bool(done.status == .escalated)
        case .error, .clarify: break
        }
        if let sessionID {
            switch event {
            case .metadata, .clarify: object["session_id"] = .string(sessionID)
            case .content, .done, .error: break
            }
        }
        return object
    }

    /// What an answer stands on, as the contract lists it: each source once, and the verified answer under its own name.
    static func sourceIDs(_ citations: [Citation], verifiedAnswer: String?) -> [String] {
        var seen = Set<String>()
        return ((verifiedAnswer.map { ["verified_qna_\($0)"] } ?? []) + citations.map(\.sourceID)).filter {
            seen.insert($0).inserted
        }
    }

    /// What `Accept` may choose in place of JSON Lines.
    static let otherForms = [
        RouteDocumentation.Content(JSONSchema.string, type: "text/event-stream"),
        RouteDocumentation.Content(
            JSONSchema.output([
                "status": JSONSchema.string, "conversation_id": JSONSchema.uuid, "citations": JSONSchema.array(JSONSchema.string),
                "escalated": JSONSchema.boolean,
            ])),
    ]

    static let schema: JSON = [
        "type": "object",
        "properties": ["type": JSONSchema.oneOf(["metadata", "content", "done", "clarify", "error"])],
        "required": ["type"],
    ]
}
