import TwinHTTP
import TwinSupport

/// The shapes that the support contract answers with.
enum SupportSchemas {
    static let pathParameters: JSONObject = {
        var parameters: JSONObject = ["secret_name": ["type": "string", "pattern": "^[A-Za-z0-9_.-]{1,64}$"]]
        for name in ["tenant", "session", "agent", "tool", "user", "webhook", "delivery"] {
            parameters["\(name)_id"] = JSONSchema.uuid
        }
        return parameters
    }()

    static let detail = JSONSchema.output(["detail": JSONSchema.string])

    private static let escalation = JSONSchema.oneOf(["none", "pending", "assigned", "resolved"])

    static let all: JSONObject = [
        "SupportError": JSONSchema.output(["detail": JSONSchema.string, "status_code": JSONSchema.integer]),
        "SupportUser": JSONSchema.output([
            "user_id": JSONSchema.string, "email": JSONSchema.string, "display_name": JSONSchema.nullableString,
            "role": JSONSchema.oneOf(SupportRole.names), "status": JSONSchema.string, "tenant_id": JSONSchema.nullableString,
            "created_at": JSONSchema.dateTime,
        ]),
        "SupportSignIn": JSONSchema.output([
            "user_id": JSONSchema.string, "email": JSONSchema.string, "role": JSONSchema.oneOf(SupportRole.names),
            "tenant_id": JSONSchema.nullableString, "token": JSONSchema.string, "refresh_token": JSONSchema.string,
            "expires_in": JSONSchema.integer,
        ]),
        "SupportTenant": JSONSchema.output([
            "tenant_id": JSONSchema.uuid, "name": JSONSchema.string, "domain": JSONSchema.nullableString,
            "status": JSONSchema.oneOf(["active", "inactive"]), "settings": JSONSchema.object,
            "created_at": JSONSchema.dateTime, "updated_at": JSONSchema.dateTime,
        ]),
        "SupportPermissions": JSONSchema.output([
            "tenant_id": JSONSchema.uuid, "enabled_agents": JSONSchema.array(JSONSchema.object),
            "enabled_tools": JSONSchema.array(JSONSchema.object),
        ]),
        "SupportAgent": JSONSchema.output([
            "agent_id": JSONSchema.uuid, "name": JSONSchema.string, "description": JSONSchema.string,
            "system_prompt": JSONSchema.string, "output_format_id": JSONSchema.uuid, "is_active": JSONSchema.boolean,
            "examples": JSONSchema.array(JSONSchema.string), "tools": JSONSchema.array(JSONSchema.object),
            "metadata": JSONSchema.object, "created_at": JSONSchema.dateTime, "updated_at": JSONSchema.dateTime,
        ]),
        "SupportTool": JSONSchema.output([
            "tool_id": JSONSchema.uuid, "base_tool_id": JSONSchema.uuid, "name": JSONSchema.string,
            "description": JSONSchema.string, "config": JSONSchema.object, "input_schema": JSONSchema.object,
            "is_active": JSONSchema.boolean, "base_tool": JSONSchema.object, "created_at": JSONSchema.dateTime,
        ]),
        "SupportWidget": JSONSchema.output([
            "tenant_id": JSONSchema.uuid, "widget_key": JSONSchema.string, "primary_color": JSONSchema.string,
            "welcome_message": JSONSchema.string, "position": JSONSchema.oneOf(WidgetSettings.positions),
            "enabled": JSONSchema.boolean, "allowed_domains": JSONSchema.array(JSONSchema.string),
        ]),
        "SupportPublicWidget": JSONSchema.output([
            "tenant_id": JSONSchema.uuid, "primary_color": JSONSchema.string, "welcome_message": JSONSchema.string,
            "position": JSONSchema.oneOf(WidgetSettings.positions),
        ]),
        "SupportContact": JSONSchema.output([
            "user_id": JSONSchema.string, "tenant_id": JSONSchema.uuid, "email": JSONSchema.nullableString,
            "username": JSONSchema.string, "created_at": JSONSchema.dateTime, "last_active": JSONSchema.dateTime,
        ]),
        "SupportSession": JSONSchema.output([
            "session_id": JSONSchema.uuid, "tenant_id": JSONSchema.uuid, "user_id": JSONSchema.string,
            "created_at": JSONSchema.dateTime, "last_message_at": JSONSchema.nullableDateTime, "escalation_status": escalation,
            "assigned_supporter_id": JSONSchema.nullableString, "metadata": JSONSchema.object,
        ]),
        "SupportMessage": JSONSchema.output([
            "message_id": JSONSchema.uuid, "session_id": JSONSchema.uuid,
            "role": JSONSchema.oneOf(["user", "assistant", "supporter"]), "content": JSONSchema.string,
            "sender_user_id": JSONSchema.nullableString, "created_at": JSONSchema.dateTime,
        ]),
        "SupportNote": JSONSchema.output([
            "note_id": JSONSchema.uuid, "author_id": JSONSchema.nullableString, "content": JSONSchema.string,
            "created_at": JSONSchema.dateTime,
        ]),
        "SupportToolCall": JSONSchema.output([
            "tool_call_id": JSONSchema.uuid, "tool_name": JSONSchema.string, "status": JSONSchema.string,
            "duration_ms": JSONSchema.number, "created_at": JSONSchema.dateTime,
        ]),
        "SupportStaff": JSONSchema.output([
            "user_id": JSONSchema.string, "email": JSONSchema.string,
            "supporter_status": JSONSchema.oneOf(StaffMember.Status.allCases.map(\.rawValue)),
            "max_concurrent_sessions": JSONSchema.integer, "current_sessions_count": JSONSchema.integer,
            "available": JSONSchema.boolean, "created_at": JSONSchema.dateTime,
        ]),
        "SupportAnswer": JSONSchema.output([
            "session_id": JSONSchema.uuid, "message_id": JSONSchema.nullableString,
            "response": JSONSchema.output(["text": JSONSchema.string]), "agent": JSONSchema.nullableString,
            "format": JSONSchema.oneOf(OutputFormat.allCases.map(\.rawValue)), "metadata": JSONSchema.object,
        ]),
        "SupportWebhook": JSONSchema.output([
            "webhook_id": JSONSchema.uuid, "url": JSONSchema.string, "events": JSONSchema.array(JSONSchema.string),
            "is_active": JSONSchema.boolean, "created_at": JSONSchema.dateTime,
        ]),
        "SupportEscalation": JSONSchema.output([
            "success": JSONSchema.boolean, "session_id": JSONSchema.uuid, "escalation_status": escalation,
            "message": JSONSchema.string, "email_needed": JSONSchema.boolean,
        ]),
    ]
}
