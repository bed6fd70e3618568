import Synchronization
import TwinHTTP
import TwinSupport

/// Where a question is counted and stored, when that is not the database that it is answered from: on a replica, the primary.
///
/// A question costs two calls: one lets it in, the other stores its answer. Both are made with what its reader came with, so that the
/// primary decides by itself what they may.
protocol QuestionLedger: Sendable {
    /// Lets a question in: counts it, and stores it as far as it is kept, once, however often it has to be said. None where it has to be
    /// asked at the primary as a whole, which has done nothing then. Throws `TwinError` (`busy`) where that is away; whether it has done
    /// something then, `credentials` say.
    func admit(_ question: Ask.Question, of credentials: CallerCredentials) throws -> AdmittedQuestion?

    /// Stores an answer that needs no more wording, and what follows from it. Throws `TwinError`.
    func settle(_ draft: AnswerDraft, of turn: ChatService.Turn, admitted: String) throws -> ChatService.Settled

    /// Stores an answer that a model has worded. The id of its message, where it is kept. Throws `TwinError`.
    func store(_ answer: WordedAnswer, of turn: ChatService.Turn, admitted: String) throws -> String?

    /// Whether there is nobody to ask: what is not kept may be answered all the same.
    var isAlone: Bool { get }
}

/// The fields of a request by which its sender proves who they are, for a server that has to look at them itself.
package final class CallerCredentials: Sendable {
    package let fields: [HeaderField]
    private let newest = Atomic<Int64>(-1)
    private let isUnheard = Atomic(false)

    package init(_ fields: [HeaderField]) { self.fields = fields }

    /// The change of the primary with which a question of theirs was stored; none where none was let in.
    package var sequence: Int64? {
        let newest = newest.load(ordering: .relaxed)
        return newest < 0 ? nil : newest
    }

    /// Whether the request may be made once more: no question of theirs was let in, and none may have been.
    package var mayAskAnew: Bool { sequence == nil && !isUnheard.load(ordering: .relaxed) }

    /// Notes that the primary did not say whether it let a question in. It may have, and does not answer anyway.
    func noteSilence() { isUnheard.store(true, ordering: .relaxed) }

    /// Notes that a question was let in, or its answer stored, with this change.
    func note(_ sequence: Int64) { newest.store(sequence, ordering: .relaxed) }
}

/// A question that the primary has let in.
struct AdmittedQuestion: Sendable {
    /// What the primary calls it until its answer is stored.
    var id: String
    /// The conversation and the message that it was stored in; none where it is not kept.
    var conversation: Conversation?
    var questionID: String?
    /// What was said before, oldest first: the file here may not have it yet.
    var history: [PastMessage]
    /// What is left of the limits.
    var limits: [RateLimit.Status]
    /// The change of the primary with which it was stored.
    var sequence: Int64
    /// The change that the file here had when it was let in, and has to have where it is answered.
    var basis: Int64
}

/// An answer in a model's words, as it is stored.
struct WordedAnswer: Sendable {
    var text: String
    var status: AnswerStatus
    /// 0 to 1; none for a question to the owner.
    var confidence: Double?
    var citations: [Citation]
    /// Whether a model failed.
    var isDegraded: Bool
    /// Tokens as a model has counted them.
    var tokens: Int?
}

extension Ask {
    /// Takes a question whose account is kept elsewhere. Throws `DatabaseError.ofReplica` where it has to be asked there as a whole.
    func take(_ question: Question, as reader: Reader, in ledger: any QuestionLedger) throws -> ChatService.Turn {
        var question = question
        if ledger.isAlone {
            guard question.keeping == .counts else {
                throw TwinError(
                    .busy, "the primary is away, and only questions that are not stored are answered: send store: false")
            }
            question.keeping = .nothing
        }
        // What leaves nothing behind needs nobody else.
        if question.keeping == .nothing { return try takeHere(question, as: reader) }
        let isKnown =
            switch reader.principal {
            case .user, .apiKey: true
            default: false
            }
        guard isKnown, question.payer == nil, let credentials = reader.credentials,
            let admitted = try ledger.admit(question, of: credentials)
        else {
            try database.requirePrimary()
            throw TwinError(.busy, "the question has to be asked at the primary")
        }
        credentials.note(admitted.sequence)
        let (inquiry, opening) = try database.read { connection -> (ChatService.Inquiry, ChatService.Opening) in
            guard try ChangeSequence.read(on: connection).value >= admitted.basis else {
                throw TwinError(.busy, "the replica's file was restored anew; ask again")
            }
            let inquiry = try self.inquiry(question, as: reader, admitted, on: connection)
            return (inquiry, try chat.open(inquiry, on: connection))
        }
        var turn = ChatService.Turn(
            inquiry: inquiry, limits: admitted.limits, conversation: admitted.conversation,
            question: admitted.questionID.map { (key: 0, id: $0) }, progress: .opened(opening))
        turn.admitted = admitted.id
        if case .draft(let draft) = opening, !chat.isWorded(draft) {
            let settled = try ledger.settle(draft, of: turn, admitted: admitted.id)
            if let sequence = settled.sequence { credentials.note(sequence) }
            turn.progress = .settled(settled)
        }
        return turn
    }

    // MARK: At the primary

    /// Lets a question in that a replica answers: it is counted and stored, and part of a quota set aside. Throws as `take` does,
    /// and then nothing has happened.
    ///
    /// `id` is what the message that holds it is called. One that is stored already is the same question, asked again because nobody
    /// heard that it was let in.
    package func admit(_ question: Question, id: String, as reader: Reader) throws -> ChatService.Turn {
        if question.keeping == .everything,
            let conversation = try database.read({ try ConversationStore.conversation(ofMessage: id, on: $0) })
        {
            var question = question
            question.conversationID = conversation
            guard case .unanswered(let turn) = try resume(id, question, as: reader) else {
                throw TwinError(.conflict, "the question has its answer")
            }
            return turn
        }
        let inquiry = try database.read { try self.inquiry(question, as: reader, on: $0) }
        return try chat.admit(inquiry, id: id)
    }

    /// Stores the answer of a question that was let in; `AnswerDraft.evidence` and all that is only told is not needed.
    func settle(_ draft: AnswerDraft, of turn: ChatService.Turn) throws -> ChatService.Settled {
        try chat.record(turn.inquiry) { try chat.settle(draft, of: turn, on: $0) }
    }

    /// Stores what a model worded to a question that was let in.
    func store(_ answer: WordedAnswer, of turn: ChatService.Turn) throws -> String? {
        try chat.record(turn.inquiry) { try chat.store(answer, of: turn, on: $0) }
    }
}
