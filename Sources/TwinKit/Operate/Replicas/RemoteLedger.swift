import TwinHTTP
import TwinSupport

/// Has the primary count and store what a replica answers.
struct RemoteLedger: QuestionLedger {
    let link: ReplicaLink

    /// Milliseconds for one call.
    private static let patience = 15_000
    /// Seconds that an escalation is waited for, whose id an answer names.
    private static let escalationSeconds = 2.0

    var isAlone: Bool { link.isAlone }

    func admit(_ question: Ask.Question, of credentials: CallerCredentials) throws -> AdmittedQuestion? {
        let reply = try ask(
            QuestionWire.admitPath, ["sequence": .int(link.sequence), "question": QuestionWire.json(question)], credentials.fields
        )
        // Refused, or not to be answered here: the primary says so to the client itself.
        guard reply.status == 200 else { return nil }
        guard let admitted = QuestionWire.admitted(try JSONParser.parse(reply.body)) else { throw Self.misunderstood }
        return admitted
    }

    func settle(_ draft: AnswerDraft, of turn: ChatService.Turn, admitted: String) throws -> ChatService.Settled {
        let reply = try stored(QuestionWire.settlePath, ["id": .string(admitted), "draft": QuestionWire.json(draft)])
        guard let settled = QuestionWire.settled(reply, of: draft) else { throw Self.misunderstood }
        let isWeak =
            settled.draft.status == .grounded && settled.draft.confidence < turn.twin.settings[TwinSettings.escalatesBelow]
        if settled.draft.status == .escalated || isWeak && turn.twin.settings[TwinSettings.escalates],
            let sequence = settled.sequence
        {
            _ = link.wait(for: sequence, seconds: Self.escalationSeconds)
        }
        return settled
    }

    func store(_ answer: WordedAnswer, of turn: ChatService.Turn, admitted: String) throws -> String? {
        try stored(QuestionWire.storePath, ["id": .string(admitted), "answer": QuestionWire.json(answer)])["message"]?.stringValue
    }

    private func stored(_ path: String, _ body: JSON) throws -> JSON {
        let reply = try ask(path, body, [])
        guard reply.status == 200 else {
            throw TwinError(.busy, "the primary could not store the answer; ask again")
        }
        return try JSONParser.parse(reply.body)
    }

    private func ask(_ path: String, _ body: JSON, _ fields: [HeaderField]) throws -> ClientResponse {
        do {
            return try link.forwarder.ask(
                .post, path, fields: fields + [HeaderField("content-type", "application/json")], body: JSONWriter.bytes(body),
                milliseconds: Self.patience)
        } catch {
            throw TwinError(.busy, "the primary cannot be reached; try again")
        }
    }

    private static let misunderstood = TwinError(.failed, "the primary's answer is not one of this version")
}
