import TwinSupport

/// A memory of the owner's as the studio contract shows it.
package struct StudioOwnerMemory: JSONRepresentable {
    let memory: OwnerMemory

    package init(_ memory: OwnerMemory) { self.memory = memory }

    package var json: JSON {
        [
            "id": .string(memory.id), "tenant_id": .string(memory.tenantID), "twin_id": .string(memory.twinID),
            "topic_normalized": .string(memory.topic),
            "memory_type": .string(memory.type.rawValue), "value": .string(memory.value),
            "stance": .optional(memory.stance?.rawValue), "intensity": .optional(memory.intensity),
            "confidence": .double(memory.confidence),
            "status": .string(memory.status.rawValue), "provenance": .object(memory.provenance),
            "superseded_by": .optional(memory.supersededBy),
            "created_at": .string(memory.createdAt.description), "updated_at": .string(memory.updatedAt.description),
        ]
    }
}
