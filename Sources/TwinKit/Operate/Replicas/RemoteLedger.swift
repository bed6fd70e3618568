import Glibc
import TwinHTTP
import TwinSupport

/// Has the primary count and store what a replica answers.
struct RemoteLedger: QuestionLedger {
    let link: ReplicaLink

    /// Milliseconds for one call, with all its attempts, and for one attempt.
    private static let patience = 15_000
    private static let attempt = 7_500
    /// Microseconds between two attempts.
    private static let pause: UInt32 = 200_000
    /// Seconds that an escalation is waited for, whose id an answer names.
    private static let escalationSeconds = 2.0

    var isAlone: Bool { link.isAlone }

    func admit(_ question: Ask.Question, of credentials: CallerCredentials) throws -> AdmittedQuestion? {
        let id = Identifier.make()
        let basis = link.sequence
        let told: JSON = ["id": .string(id), "sequence": .int(basis), "question": QuestionWire.json(question)]
        let reply: ClientResponse
        do {
            let isRepeated: Bool
            (reply, isRepeated) = try ask(QuestionWire.admitPath, told, credentials.fields)
            // It may have said otherwise before.
            if reply.status != 200 && isRepeated { throw Self.unreachable }
        } catch {
            credentials.noteSilence()
            throw error
        }
        // Refused, or not to be answered here: the primary says so to the client itself.
        guard reply.status == 200 else { return nil }
        guard let admitted = QuestionWire.admitted(try JSONParser.parse(reply.body), id: id, basis: basis) else {
            throw Self.misunderstood
        }
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
        let (reply, _) = try ask(path, body, [])
        guard reply.status == 200 else {
            throw TwinError(.busy, "the primary could not store the answer; ask again")
        }
        return try JSONParser.parse(reply.body)
    }

    /// The primary's reply, and whether it had to be asked twice. It does once what it is asked twice, so that it is asked again where a
    /// reply was lost. Throws `TwinError` (`busy`) where there is none.
    private func ask(_ path: String, _ body: JSON, _ fields: [HeaderField]) throws -> (ClientResponse, isRepeated: Bool) {
        let bytes = JSONWriter.bytes(body)
        let deadline = Clock.monotonicNanoseconds + UInt64(Self.patience) * 1_000_000
        var isRepeated = false
        while true {
            let left = Int(deadline &- min(deadline, Clock.monotonicNanoseconds)) / 1_000_000
            guard left > 0, !link.isSilent else { throw Self.unreachable }
            do {
                let reply = try link.forwarder.ask(
                    .post, path, fields: fields + [HeaderField("content-type", "application/json")], body: bytes,
                    milliseconds: min(left, Self.attempt), isSilent: { [link] in link.isSilent })
                return (reply, isRepeated)
            } catch let error as HTTPClientError {
                if error.isBeforeSending && !isRepeated { throw Self.unreachable }
                isRepeated = true
                usleep(Self.pause)
            }
        }
    }

    private static let unreachable = TwinError(.busy, "the primary cannot be reached; try again")
    private static let misunderstood = TwinError(.failed, "the primary's answer is not one of this version")
}
