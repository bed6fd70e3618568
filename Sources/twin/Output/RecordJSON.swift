import TwinKit
import TwinSupport

// What `--json` prints of a record. The command line has said of these what the studio contract says since its first release,
// and scripts read it; a record that is to look otherwise here gets its own form here, and no contract notices.

extension Twin: JSONRepresentable { package var json: JSON { StudioTwin(self).json } }
extension Source: JSONRepresentable { package var json: JSON { StudioSource(self).json } }
extension SourceLog: JSONRepresentable { package var json: JSON { StudioSourceLog(self).json } }
extension Job: JSONRepresentable { package var json: JSON { StudioJob(self).json } }
extension JobLog: JSONRepresentable { package var json: JSON { StudioJobLog(self).json } }
extension User: JSONRepresentable { package var json: JSON { StudioUser(self).json } }
extension Users.Removal: JSONRepresentable { package var json: JSON { StudioRemoval(self).json } }
extension Invitation: JSONRepresentable { package var json: JSON { StudioInvitation(self).json } }
extension VerifiedAnswer: JSONRepresentable { package var json: JSON { StudioVerifiedAnswer(self).json } }
extension OwnerMemory: JSONRepresentable { package var json: JSON { StudioOwnerMemory(self).json } }
extension ShareLink: JSONRepresentable { package var json: JSON { StudioShareLink(self).json } }
extension Clarification: JSONRepresentable { package var json: JSON { StudioClarification(self).json } }
extension ConversationStore.Overview: JSONRepresentable { package var json: JSON { StudioConversation(self).json } }
extension AuditLog.Entry: JSONRepresentable { package var json: JSON { StudioAuditEntry(self).json } }

extension Located {
    /// The name in the storage, or the address: what stays the same from day to day.
    var text: String {
        switch self {
        case .stored(let name): name.description
        case .address(let address): address
        }
    }
}

extension Avatar: JSONRepresentable {
    package var json: JSON {
        [
            "id": .string(id), "user_id": .string(person.userID), "name": .string(name), "stage": .string(stage),
            "niche": .optional(niche), "aesthetic_style": .optional(aestheticStyle), "base_image": .optional(baseImage?.text),
            "lora_model_id": .optional(loraModelID), "weights": .optional(weights?.text), "metadata": .object(metadata),
            "created_at": .string(createdAt.description), "updated_at": .string(updatedAt.description),
        ]
    }
}

extension ContentPiece: JSONRepresentable {
    package var json: JSON {
        [
            "id": .string(id), "avatar_id": .string(avatarID), "content_type": .string(contentType), "access_tier": .string(tier),
            "picture": .optional(picture?.text), "hook_text": .optional(hook), "safety_rating": .optional(rating),
            "batch_id": .optional(batchID), "metadata": .object(metadata), "created_at": .string(createdAt.description),
        ]
    }
}

extension LoRAModel: JSONRepresentable {
    package var json: JSON {
        [
            "id": .string(id), "user_id": .string(person.userID), "name": .string(name), "description": .optional(description),
            "base_model": .optional(baseModel), "weights": .optional(weights?.text), "tags": .strings(tags),
            "is_active": .bool(isActive), "created_at": .string(createdAt.description),
        ]
    }
}

/// A message with its citations whole, each with its place and its quotation.
extension Message: JSONRepresentable {
    package var json: JSON {
        .object(
            (StudioMessage(self).json.objectValue ?? JSONObject()).merging(["citations": .array(citations.map(\.json))]))
    }
}

/// A twin with how much it knows.
extension TwinStore.Overview: JSONRepresentable {
    package var json: JSON {
        .object(
            (twin.json.objectValue ?? JSONObject()).merging([
                "source_count": .number(sourceCount), "chunk_count": .number(chunkCount),
                "conversation_count": .number(conversationCount),
            ]))
    }
}
