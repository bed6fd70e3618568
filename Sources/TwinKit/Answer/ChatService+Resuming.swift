import TwinDatabase
import TwinSupport

/// Going on where a client lost the connection.
extension ChatService {
    /// An answer as it was stored, as far as its reader may read it now.
    package struct StoredAnswer: Sendable {
        package let text: String
        package let done: ChatDone
        /// Whether a part of it was withdrawn, so that what was sent before is no beginning of it.
        package let isWithdrawn: Bool
    }

    /// Where an answer stands whose client has come back.
    package enum Resumption: Sendable {
        case stored(StoredAnswer)
        /// The question is there and its answer is not: it is answered now, without being asked again, or followed where that
        /// is under way.
        case unanswered(Turn)
    }

    /// Finds a question that was taken, and its answer. Throws `TwinError` when the conversation has no such question.
    func resume(
        _ questionID: String, in conversation: Conversation, of twin: Twin, for reader: Ask.Reader, clearance: Clearance,
        group: String?, mode: ChatMode, quota: QuotaAccount?, on connection: Connection
    ) throws -> Resumption {
        let messages = try Transcript.readable(
            ConversationStore.messages(of: conversation, limit: Self.resumableMessages, on: connection), of: twin,
            for: clearance, on: connection)
        guard let index = messages.firstIndex(where: { $0.id == questionID && $0.role == .user }) else {
            throw Self.noSuchQuestion
        }
        if index + 1 < messages.count, messages[index + 1].role == .assistant {
            let answer = messages[index + 1]
            return .stored(
                StoredAnswer(
                    text: answer.content,
                    done: ChatDone(messageID: answer.id, status: answer.status ?? .ungrounded, milliseconds: 0),
                    isWithdrawn: answer.isWithdrawn))
        }
        let text = messages[index].content
        let inquiry = Inquiry(
            text: text, twin: twin, reader: reader, clearance: clearance, holder: conversation.holder, conversation: conversation,
            history: messages[..<index].suffix(Self.historyMessages).map { PastMessage($0.role, $0.content) }, group: group,
            mode: mode,
            keeping: .everything, limits: try ChatLimits([], group: clearance.group, question: text, on: connection),
            quota: quota)
        return .unanswered(
            Turn(
                inquiry: inquiry, limits: [], conversation: conversation,
                question: (try ConversationStore.key(ofMessage: questionID, on: connection), questionID),
                progress: .opened(try open(inquiry, on: connection)),
                hold: try quota?.hold(of: questionID, on: connection), isResumed: true))
    }

    /// The answer that somebody else has stored to a resumed question since it was looked at.
    func answeredMeanwhile(_ turn: Turn) throws -> Settled? {
        guard turn.isResumed, let question = turn.questionID, let conversation = turn.conversation else { return nil }
        return try database.read { connection in
            let messages = try Transcript.readable(
                ConversationStore.messages(of: conversation, limit: Self.resumableMessages, on: connection), of: turn.twin,
                for: turn.inquiry.clearance, on: connection)
            guard let index = messages.firstIndex(where: { $0.id == question }), index + 1 < messages.count,
                messages[index + 1].role == .assistant
            else { return nil }
            let answer = messages[index + 1]
            var draft = AnswerDraft(
                status: answer.status ?? .ungrounded, text: answer.content, confidence: answer.confidence ?? 0,
                citations: answer.citations)
            draft.verifiedAnswerID = answer.verifiedAnswerID
            return Settled(draft: draft, messageID: answer.id)
        }
    }

    /// Only the end of a conversation can be resumed.
    private static let resumableMessages = 50

    static let noSuchQuestion = TwinError(
        .notFound, "the conversation has no such question; ask again without Last-Event-ID")
}
