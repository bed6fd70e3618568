import TwinHTTP
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
    package func resume(
        _ questionID: String, in conversation: Conversation, _ request: Request, of twin: Twin
    ) throws -> Resumption {
        let started = Clock.monotonicNanoseconds
        return try database.read { connection in
            let messages = try ConversationStore.messages(of: conversation, limit: Self.resumableMessages, on: connection)
            guard let index = messages.firstIndex(where: { $0.id == questionID && $0.role == .user }) else {
                throw TwinError(.notFound, "the conversation has no such question; ask again without Last-Event-ID")
            }
            if index + 1 < messages.count, messages[index + 1].role == .assistant {
                let answer = messages[index + 1]
                return .stored(
                    StoredAnswer(
                        text: answer.content,
                        done: ChatDone(messageID: answer.id, status: answer.status ?? .ungrounded, milliseconds: 0)))
            }
            let key = try ConversationStore.key(ofMessage: questionID, on: connection)
            return .unanswered(
                Turn(
                    request: request, twin: twin, conversation: conversation, limits: [], questionID: questionID,
                    question: messages[index].content, questionKey: key, history: Array(messages[..<index].suffix(6)),
                    started: started))
        }
    }

    /// Only the end of a conversation can be resumed.
    private static let resumableMessages = 50
}
