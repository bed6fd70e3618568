import TwinHTTP
import TwinSupport

/// The shapes that the brain contract answers with.
enum BrainSchemas {
    static let pathParameters: JSONObject = {
        var parameters: JSONObject = [
            "twin_id": ["type": "string", "pattern": "^[A-Za-z0-9-]{1,60}$", "description": "The twin's id, or its slug"]
        ]
        for name in ["conversation", "document", "candidate", "escalation", "node"] { parameters["\(name)_id"] = JSONSchema.uuid }
        return parameters
    }()

    static let all: JSONObject = [
        "BrainError": JSONSchema.output([
            "error": JSONSchema.output([
                "code": JSONSchema.string, "message": JSONSchema.string, "details": JSONSchema.object,
            ])
        ]),
        "BrainTwin": JSONSchema.output([
            "id": JSONSchema.uuid, "name": JSONSchema.string, "description": JSONSchema.string,
            "specialization": JSONSchema.string, "onboarding_status": JSONSchema.oneOf(["pending", "complete"]),
            "personality": JSONSchema.object, "created_at": JSONSchema.dateTime,
        ]),
        "BrainConversation": JSONSchema.output([
            "id": JSONSchema.uuid, "twin_id": JSONSchema.uuid, "mode": JSONSchema.string, "created_at": JSONSchema.dateTime,
        ]),
        "BrainAnswer": JSONSchema.output([
            "conversation_id": JSONSchema.uuid, "message_id": JSONSchema.nullableString, "response": JSONSchema.string,
            "confidence": JSONSchema.number, "sources": JSONSchema.array(JSONSchema.object), "escalated": JSONSchema.boolean,
        ]),
        "BrainDocument": JSONSchema.output([
            "id": JSONSchema.uuid, "title": JSONSchema.string, "source_type": JSONSchema.string,
            "processing_status": JSONSchema.oneOf(["pending", "uploaded", "processing", "completed", "failed"]),
            "chunk_count": JSONSchema.integer, "created_at": JSONSchema.dateTime,
        ]),
        "BrainCandidate": JSONSchema.output([
            "id": JSONSchema.uuid, "content": JSONSchema.string, "memory_type": JSONSchema.string,
            "extracted_data": JSONSchema.object, "status": JSONSchema.oneOf(["pending", "approved", "rejected"]),
            "created_at": JSONSchema.dateTime,
        ]),
        "BrainNode": JSONSchema.output([
            "id": JSONSchema.uuid, "node_type": JSONSchema.string, "name": JSONSchema.string,
            "description": JSONSchema.nullableString, "aliases": JSONSchema.array(JSONSchema.string),
            "properties": JSONSchema.object, "mention_count": JSONSchema.integer, "source_count": JSONSchema.integer,
            "degree": JSONSchema.integer, "created_at": JSONSchema.dateTime, "updated_at": JSONSchema.dateTime,
        ]),
        "BrainGraph": JSONSchema.output([
            "nodes_count": JSONSchema.integer, "edges_count": JSONSchema.integer, "node_types": JSONSchema.object,
            "recent_nodes": JSONSchema.array(JSONSchema.reference("BrainNode")),
            "important_entities": JSONSchema.array(JSONSchema.reference("BrainNode")),
        ]),
        "BrainEscalation": JSONSchema.output([
            "id": JSONSchema.uuid, "question": JSONSchema.string, "context": JSONSchema.nullableString,
            "ai_attempt": JSONSchema.nullableString, "confidence_score": JSONSchema.number,
            "status": JSONSchema.oneOf(["pending", "responded", "dismissed"]), "created_at": JSONSchema.dateTime,
        ]),
    ]

    /// A page of a list, with the whole list's total.
    static func list(_ name: String, _ item: String) -> JSON {
        JSONSchema.output([
            name: JSONSchema.array(JSONSchema.reference(item)), "total": JSONSchema.integer, "limit": JSONSchema.integer,
            "offset": JSONSchema.integer,
        ])
    }
}
