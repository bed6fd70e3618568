import TwinSupport

/// A message as the studio contract shows it, with its citations in the form that streams have.
package struct StudioMessage: JSONRepresentable {
    let message: Message

    package init(_ message: Message) { self.message = message }

    package var json: JSON {
        [
            "id": .string(message.id), "conversation_id": .string(message.conversationID), "role": .string(message.role.rawValue),
            "content": .string(message.content), "status": .optional(message.status?.rawValue),
            "confidence_score": .optional(message.confidence),
            "citations": .strings(StudioEvents.sourceIDs(message.citations, verifiedAnswer: message.verifiedAnswerID)),
            "citation_details": .array(message.citations.map(\.json)),
            "withdrawn": .bool(message.isWithdrawn), "created_at": .string(message.createdAt.description),
        ]
    }
}

/// A conversation of a list as the studio contract shows it.
package struct StudioConversation: JSONRepresentable {
    let overview: ConversationStore.Overview

    package init(_ overview: ConversationStore.Overview) { self.overview = overview }

    package var json: JSON {
        [
            "id": .string(overview.conversation.id), "twin_id": .string(overview.twinID),
            "user_id": .optional(overview.conversation.userID),
            "group_id": .optional(overview.groupID), "session_id": .optional(overview.conversation.sessionID),
            "key_id": .optional(overview.conversation.keyID),
            "created_at": .string(overview.conversation.createdAt.description),
            "updated_at": .string(overview.conversation.updatedAt.description),
            "message_count": .number(overview.messageCount), "first_question": .optional(overview.firstQuestion),
        ]
    }
}
