import TwinDatabase
import TwinSupport

/// Going on where a client lost the connection.
extension ChatService {
    /// An answer as it was stored.
    package struct StoredAnswer: Sendable {
        package let text: String
        package let done: ChatDone
    }

    package enum Resumption: Sendable {
        case stored(StoredAnswer)
        /// The question is there, and nobody has answered it: it is answered now, without being asked again.
        case unanswered(Turn)
    }

    /// Finds a question that was taken, and its answer. Throws `TwinError` when the conversation has no such question.
    func resume(
        _ questionID: String, in conversation: Conversation, of twin: Twin, clearance: Clearance, mode: ChatMode,
        on connection: Connection
    ) throws -> Resumption {
        let messages = try ConversationStore.messages(of: conversation, limit: Self.resumableMessages, on: connection)
        guard let index = messages.firstIndex(where: { $0.id == questionID && $0.role == .user }) else {
            throw Self.noSuchQuestion
        }
        if index + 1 < messages.count, messages[index + 1].role == .assistant {
            let answer = messages[index + 1]
            return .stored(
                StoredAnswer(
                    text: answer.content,
                    done: ChatDone(messageID: answer.id, status: answer.status ?? .ungrounded, milliseconds: 0)))
        }
        let text = messages[index].content
        let inquiry = Inquiry(
            text: text, twin: twin, clearance: clearance, holder: conversation.holder, conversation: conversation,
            history: messages[..<index].suffix(Self.historyMessages).map { PastMessage($0.role, $0.content) }, mode: mode,
            keeping: .everything, limits: try ChatLimits([], group: clearance.group, question: text, on: connection))
        return .unanswered(
            Turn(
                inquiry: inquiry, limits: [], conversation: conversation,
                question: (try ConversationStore.key(ofMessage: questionID, on: connection), questionID),
                progress: .opened(try open(inquiry, on: connection))))
    }

    /// Only the end of a conversation can be resumed.
    private static let resumableMessages = 50

    static let noSuchQuestion = TwinError(
        .notFound, "the conversation has no such question; ask again without Last-Event-ID")
}
