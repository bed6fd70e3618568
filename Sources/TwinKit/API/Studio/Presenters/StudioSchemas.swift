import TwinHTTP
import TwinSupport

/// The shapes that the studio contract answers with, by the names that the API's description gives them.
enum StudioSchemas {
    /// What stands in paths.
    static let pathParameters: JSONObject = {
        var parameters: JSONObject = [
            "twin_id": [
                "type": "string", "pattern": "^[A-Za-z0-9-]{1,60}$", "description": "The twin's id, or its slug",
            ],
            "user_id": ["type": "string", "pattern": "^[A-Za-z0-9|@._-]{1,200}$"],
            "token": ["type": "string", "pattern": "^[A-Za-z0-9._~-]{1,200}$"],
            "content_type": JSONSchema.oneOf(["source", "verified_qna"]),
        ]
        for name in [
            "source", "qna", "group", "membership", "content", "memory", "clarification", "conversation", "job", "key",
            "escalation", "candidate", "message",
        ] {
            parameters["\(name)_id"] = JSONSchema.uuid
        }
        return parameters
    }()

    static let all: JSONObject = [
        "Error": JSONSchema.output([
            "detail": ["anyOf": [JSONSchema.string, JSONSchema.object, JSONSchema.array(JSONSchema.object)]]
        ]),
        "Message": JSONSchema.output(["status": JSONSchema.string, "message": JSONSchema.string]),
        "Twin": JSONSchema.output([
            "id": JSONSchema.uuid, "tenant_id": JSONSchema.uuid, "name": JSONSchema.string, "description": JSONSchema.string,
            "specialization": JSONSchema.string, "settings": JSONSchema.object, "created_at": JSONSchema.dateTime,
            "is_verified": JSONSchema.boolean,
            "verification_status": JSONSchema.oneOf(["unverified", "pending", "verified", "rejected"]),
        ]),
        "TwinDeletion": JSONSchema.output([
            "status": JSONSchema.oneOf(["archived", "already_archived", "deleted"]), "twin_id": JSONSchema.string,
            "deleted_at": JSONSchema.nullableDateTime, "cleanup_status": JSONSchema.string, "message": JSONSchema.string,
        ]),
        "Source": JSONSchema.output([
            "id": JSONSchema.uuid, "twin_id": JSONSchema.uuid, "filename": JSONSchema.string, "status": JSONSchema.string,
            "health_status": JSONSchema.oneOf(["healthy", "needs_attention", "failed"]), "chunk_count": JSONSchema.integer,
            "extracted_text_length": JSONSchema.integer, "file_size": JSONSchema.nullableInteger,
            "created_at": JSONSchema.dateTime,
        ]),
        "SourceLog": JSONSchema.output([
            "id": JSONSchema.string, "source_id": JSONSchema.uuid, "log_level": JSONSchema.oneOf(["info", "warning", "error"]),
            "message": JSONSchema.string, "metadata": JSONSchema.object, "created_at": JSONSchema.dateTime,
        ]),
        "VerifiedAnswer": JSONSchema.output([
            "id": JSONSchema.uuid, "twin_id": JSONSchema.uuid, "question": JSONSchema.string, "answer": JSONSchema.string,
            "visibility": JSONSchema.oneOf(["private", "shared", "public"]), "created_by": JSONSchema.nullableString,
            "created_at": JSONSchema.dateTime, "updated_at": JSONSchema.dateTime, "is_active": JSONSchema.boolean,
            "citations": JSONSchema.array([:]), "patches": JSONSchema.array(JSONSchema.object),
        ]),
        "AccessGroup": JSONSchema.output([
            "id": JSONSchema.uuid, "name": JSONSchema.string, "description": JSONSchema.nullableString,
            "is_default": JSONSchema.boolean, "is_public": JSONSchema.boolean, "settings": JSONSchema.object,
            "created_at": JSONSchema.dateTime, "updated_at": JSONSchema.dateTime,
        ]),
        "Membership": JSONSchema.output([
            "id": JSONSchema.uuid, "group_id": JSONSchema.uuid, "user_id": JSONSchema.nullableString,
            "is_active": JSONSchema.boolean,
            "created_at": JSONSchema.dateTime,
        ]),
        "Permission": JSONSchema.output([
            "id": JSONSchema.string, "group_id": JSONSchema.uuid, "twin_id": JSONSchema.uuid,
            "content_type": JSONSchema.oneOf(["source", "verified_qna"]), "content_id": JSONSchema.uuid,
            "created_at": JSONSchema.dateTime,
        ]),
        "OwnerMemory": JSONSchema.output([
            "id": JSONSchema.uuid, "topic_normalized": JSONSchema.string,
            "memory_type": JSONSchema.oneOf(MemoryType.allCases.map(\.rawValue)), "value": JSONSchema.string,
            "stance": JSONSchema.nullableString, "intensity": JSONSchema.nullableInteger, "confidence": JSONSchema.number,
            "status": JSONSchema.oneOf(["active", "superseded", "retracted"]), "created_at": JSONSchema.dateTime,
            "updated_at": JSONSchema.dateTime,
        ]),
        "Clarification": JSONSchema.output([
            "id": JSONSchema.uuid, "tenant_id": JSONSchema.uuid, "twin_id": JSONSchema.uuid,
            "conversation_id": JSONSchema.nullableString, "source_message_id": JSONSchema.nullableString,
            "created_by": JSONSchema.nullableString, "answered_by": JSONSchema.nullableString,
            "mode": JSONSchema.oneOf(["owner", "public"]),
            "status": JSONSchema.oneOf(["pending_owner", "answered", "expired"]), "original_query": JSONSchema.string,
            "question": JSONSchema.string, "options": JSONSchema.array(JSONSchema.object),
            "memory_write_proposal": JSONSchema.object, "created_at": JSONSchema.dateTime,
        ]),
        "Conversation": JSONSchema.output([
            "id": JSONSchema.uuid, "twin_id": JSONSchema.uuid, "user_id": JSONSchema.nullableString,
            "group_id": JSONSchema.nullableString, "session_id": JSONSchema.nullableString, "created_at": JSONSchema.dateTime,
        ]),
        "ChatMessage": JSONSchema.output([
            "id": JSONSchema.uuid, "conversation_id": JSONSchema.uuid, "role": JSONSchema.oneOf(["user", "assistant"]),
            "content": JSONSchema.string, "citations": JSONSchema.array(JSONSchema.string),
            "citation_details": JSONSchema.array(JSONSchema.object), "confidence_score": JSONSchema.nullableNumber,
            "created_at": JSONSchema.dateTime,
        ]),
        "Escalation": JSONSchema.output([
            "id": JSONSchema.uuid, "question": JSONSchema.string, "status": JSONSchema.oneOf(["open", "answered", "dismissed"]),
            "times_asked": JSONSchema.integer, "answer": JSONSchema.nullableString,
            "verified_answer_id": JSONSchema.nullableString, "created_at": JSONSchema.dateTime,
        ]),
        "MemoryCandidate": JSONSchema.output([
            "id": JSONSchema.uuid, "content": JSONSchema.string, "memory_type": JSONSchema.string,
            "status": JSONSchema.oneOf(MemoryCandidate.Status.allCases.map(\.rawValue)), "created_at": JSONSchema.dateTime,
        ]),
        "Feedback": JSONSchema.output([
            "message_id": JSONSchema.uuid, "conversation_id": JSONSchema.uuid, "question": JSONSchema.string,
            "answer": JSONSchema.string, "rating": JSONSchema.oneOf(Feedback.Rating.allCases.map(\.rawValue)),
            "comment": JSONSchema.nullableString, "created_at": JSONSchema.dateTime,
        ]),
        "UserProfile": JSONSchema.output([
            "id": JSONSchema.string, "email": JSONSchema.string, "full_name": JSONSchema.nullableString,
            "avatar_url": JSONSchema.nullableString, "tenant_id": JSONSchema.nullableString,
            "onboarding_completed": JSONSchema.boolean, "created_at": JSONSchema.nullableDateTime,
        ]),
        "Identity": JSONSchema.output([
            "user_id": JSONSchema.nullableString, "tenant_id": JSONSchema.nullableString, "email": JSONSchema.nullableString,
            "role": JSONSchema.string, "has_tenant": JSONSchema.boolean,
            "auth_method": JSONSchema.oneOf(["jwt", "api_key", "local"]),
        ]),
        "User": JSONSchema.output([
            "id": JSONSchema.string, "tenant_id": JSONSchema.nullableString, "email": JSONSchema.string,
            "role": JSONSchema.oneOf(User.Role.allCases.map(\.rawValue)), "invited_at": JSONSchema.nullableDateTime,
            "created_at": JSONSchema.dateTime, "last_active_at": JSONSchema.nullableDateTime,
        ]),
        "Invitation": JSONSchema.output([
            "id": JSONSchema.uuid, "email": JSONSchema.string, "invitation_token": JSONSchema.string,
            "invitation_url": JSONSchema.string, "role": JSONSchema.oneOf(User.Role.allCases.map(\.rawValue)),
            "expires_at": JSONSchema.dateTime,
        ]),
        "Session": JSONSchema.output([
            "access_token": JSONSchema.string, "refresh_token": JSONSchema.string, "expires_in": JSONSchema.integer,
            "expires_at": JSONSchema.integer, "token_type": JSONSchema.string,
        ]),
        "ShareLink": JSONSchema.output([
            "twin_id": JSONSchema.uuid, "share_token": JSONSchema.nullableString, "share_url": JSONSchema.nullableString,
            "public_share_enabled": JSONSchema.boolean,
        ]),
        "Ingestion": JSONSchema.output(["source_id": JSONSchema.uuid, "status": JSONSchema.string]),
        "SourceHealth": JSONSchema.output([
            "health_status": JSONSchema.string, "logs": JSONSchema.array(JSONSchema.reference("SourceLog")),
            "checks": JSONSchema.array(JSONSchema.object),
        ]),
        "Job": JSONSchema.output([
            "id": JSONSchema.uuid, "twin_id": JSONSchema.nullableString, "source_id": JSONSchema.nullableString,
            "status": JSONSchema.oneOf(["queued", "processing", "needs_attention", "complete", "failed"]),
            "job_type": JSONSchema.string, "priority": JSONSchema.integer, "error_message": JSONSchema.nullableString,
            "metadata": JSONSchema.object, "created_at": JSONSchema.dateTime, "updated_at": JSONSchema.dateTime,
            "started_at": JSONSchema.nullableDateTime, "completed_at": JSONSchema.nullableDateTime,
        ]),
        "JobLog": JSONSchema.output([
            "id": JSONSchema.string, "job_id": JSONSchema.uuid, "log_level": JSONSchema.string, "message": JSONSchema.string,
            "metadata": JSONSchema.object, "created_at": JSONSchema.dateTime,
        ]),
        "KnowledgeProfile": JSONSchema.output([
            "total_chunks": JSONSchema.integer, "total_sources": JSONSchema.integer, "fact_count": JSONSchema.integer,
            "opinion_count": JSONSchema.integer, "tone_distribution": JSONSchema.object, "top_tone": JSONSchema.string,
        ]),
        "Audience": JSONSchema.output([
            "twin_id": JSONSchema.uuid, "total_visitors": JSONSchema.integer, "returning_visitors": JSONSchema.integer,
            "avg_messages_per_visitor": JSONSchema.number, "visitors": JSONSchema.array(JSONSchema.object),
            "total": JSONSchema.integer, "limit": JSONSchema.integer, "offset": JSONSchema.integer,
        ]),
        "AuditEntry": JSONSchema.output([
            "id": JSONSchema.uuid, "twin_id": JSONSchema.nullableString, "tenant_id": JSONSchema.uuid,
            "actor_id": JSONSchema.nullableString, "event_type": JSONSchema.string, "action": JSONSchema.string,
            "metadata": JSONSchema.object, "created_at": JSONSchema.dateTime,
        ]),
        "Health": JSONSchema.output([
            "status": JSONSchema.oneOf(["healthy", "degraded"]), "timestamp": JSONSchema.dateTime, "services": JSONSchema.object,
        ]),
        "PublicHealth": JSONSchema.output([
            "status": JSONSchema.oneOf(["online", "degraded"]), "services": JSONSchema.object,
        ]),
        "APIKey": JSONSchema.output([
            "id": JSONSchema.uuid, "key_prefix": JSONSchema.string, "name": JSONSchema.string,
            "allowed_domains": JSONSchema.array(JSONSchema.string), "is_active": JSONSchema.boolean,
            "created_at": JSONSchema.dateTime, "last_used_at": JSONSchema.nullableDateTime,
            "expires_at": JSONSchema.nullableDateTime, "allowed_twin_ids": JSONSchema.array(JSONSchema.string),
            "scopes": JSONSchema.array(JSONSchema.string), "group_id": JSONSchema.nullableString,
            "created_by": JSONSchema.nullableString,
        ]),
    ]
}
