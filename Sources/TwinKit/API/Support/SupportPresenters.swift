import TwinHTTP
import TwinSupport

// How the support contract shows what stands at a desk.

struct SupportTenant: JSONRepresentable {
    let desk: Desk
    init(_ desk: Desk) { self.desk = desk }

    var json: JSON {
        [
            "tenant_id": .string(desk.tenantID), "name": .string(desk.name), "domain": .optional(desk.domain),
            "subdomain": .optional(desk.domain), "status": .string(desk.isActive ? "active" : "inactive"),
            "settings": .object(desk.settings), "created_at": .string(desk.createdAt.description),
            "updated_at": .string(desk.updatedAt.description),
        ]
    }
}

/// An agent as the support contract shows it. The tools are those of the agent, enabled for the tenant or not.
package struct SupportAgent: JSONRepresentable {
    let agent: Agent
    package init(_ agent: Agent) { self.agent = agent }

    package var json: JSON {
        [
            "agent_id": .string(agent.id), "name": .string(agent.name), "description": .string(agent.description),
            "system_prompt": .string(agent.instructions), "prompt_template": .string(agent.instructions),
            "output_format_id": .string(agent.outputFormat.id), "examples": .strings(agent.examples),
            "is_active": .bool(agent.isActive), "is_shared": .bool(agent.tenantID == nil),
            "metadata": .object(agent.metadata), "tool_ids": .strings(agent.tools.map(\.id)),
            "tools": .array(
                agent.tools.map {
                    ["tool_id": .string($0.id), "name": .string($0.name), "description": .string($0.description)]
                }),
            "created_at": .string(agent.createdAt.description), "updated_at": .string(agent.updatedAt.description),
        ]
    }
}

/// A tool as the support contract shows it. What an operator's shared tool is configured with is left out.
package struct SupportTool: JSONRepresentable {
    let tool: DeskTool
    package init(_ tool: DeskTool) { self.tool = tool }

    package var json: JSON {
        // What the operator shares may name places of the operator's own.
        let config = tool.tenantID == nil ? JSONObject() : tool.config
        return [
            "tool_id": .string(tool.id), "base_tool_id": .string(tool.base.id), "name": .string(tool.name),
            "description": .string(tool.description), "config": .object(config), "input_schema": .object(tool.inputSchema),
            "is_active": .bool(tool.isActive), "is_shared": .bool(tool.tenantID == nil),
            "base_tool": Self.base(tool.base), "created_at": .string(tool.createdAt.description),
            "updated_at": .string(tool.updatedAt.description),
        ]
    }

    static func base(_ base: BaseTool) -> JSON {
        ["base_tool_id": .string(base.id), "tool_type": .string(base.rawValue), "description": .string(base.summary)]
    }
}

struct SupportContact: JSONRepresentable {
    let contact: Contact
    var token: Secret?

    init(_ contact: Contact, token: Secret? = nil) {
        self.contact = contact
        self.token = token
    }

    var json: JSON {
        var object: JSONObject = [
            "user_id": .string(contact.id), "tenant_id": .string(contact.tenantID), "email": .optional(contact.email),
            "username": .string(contact.name), "department": .optional(contact.department),
            "is_verified": .bool(contact.isProven), "created_at": .string(contact.createdAt.description),
            "last_active": .string(contact.lastActiveAt.description),
        ]
        // Where a contact's token leaves the program.
        if let token { object["token"] = .string(token.reveal()) }
        return .object(object)
    }
}

/// A session as the support contract shows it; the count and the preview of messages stand in lists alone.
package struct SupportSession: JSONRepresentable {
    let session: DeskSession
    var overview: DeskSessions.Overview?

    package init(_ session: DeskSession) { self.session = session }
    package init(_ overview: DeskSessions.Overview) {
        session = overview.session
        self.overview = overview
    }

    package var json: JSON {
        let handover = session.handover
        let isOpen = handover.map { $0.status != .resolved } ?? false
        var object: JSONObject = [
            "session_id": .string(session.id), "tenant_id": .string(session.tenantID), "user_id": .string(session.contactID),
            "user_email": .optional(session.contactEmail), "user_name": .string(session.contactName),
            "agent_id": .optional(session.agentID), "topic": .optional(session.topic), "metadata": .object(session.metadata),
            "created_at": .string(session.createdAt.description),
            "last_message_at": .optional(session.lastMessageAt?.description),
            "ended_at": .optional(session.endedAt?.description),
            "escalation_status": .string(handover?.status.rawValue ?? "none"),
            "escalation_reason": .optional(handover?.reason),
            "assigned_supporter_id": .optional(isOpen ? handover?.userID : nil),
            "assigned_user_id": .optional(handover?.userID),
            "escalation_requested_at": .optional(handover?.requestedAt.description),
            "escalation_assigned_at": .optional(handover?.assignedAt?.description),
            "escalation_resolved_at": .optional(handover?.resolvedAt?.description),
            "verified_answer_id": .optional(handover?.verifiedAnswerID),
        ]
        if let overview {
            object["message_count"] = .number(overview.messageCount)
            object["last_message_preview"] = .optional(overview.preview)
        }
        return .object(object)
    }
}

struct SupportMessage: JSONRepresentable {
    let message: Message
    let session: DeskSession
    var name: String?

    init(_ message: Message, in session: DeskSession, name: String? = nil) {
        self.message = message
        self.session = session
        self.name = name
    }

    var json: JSON {
        [
            "message_id": .string(message.id), "session_id": .string(session.id), "role": .string(message.role.rawValue),
            "content": .string(message.content), "sender_user_id": .optional(message.senderID),
            "supporter_name": .optional(name), "created_at": .string(message.createdAt.description),
            "timestamp": .string(message.createdAt.description),
            "metadata": [
                "status": .optional(message.status?.rawValue), "withdrawn": .bool(message.isWithdrawn),
                "citations": .array(message.citations.map(SupportAnswer.citation)),
            ],
        ]
    }
}

struct SupportNote: JSONRepresentable {
    let note: DeskSessions.Note
    init(_ note: DeskSessions.Note) { self.note = note }

    var json: JSON {
        [
            "note_id": .string(note.id), "author_id": .optional(note.authorID), "content": .string(note.content),
            "created_at": .string(note.createdAt.description),
        ]
    }
}

struct SupportToolCall: JSONRepresentable {
    let call: LoggedToolCall
    init(_ call: LoggedToolCall) { self.call = call }

    var json: JSON {
        [
            "tool_call_id": .string(call.id), "message_id": .optional(call.messageID), "agent_id": .optional(call.agentID),
            "tool_id": .optional(call.toolID), "tool_name": .string(call.toolName), "tool_args": call.arguments,
            "status": .string(call.status), "output": call.output,
            "duration_ms": .double((call.milliseconds * 10).rounded() / 10), "created_at": .string(call.createdAt.description),
        ]
    }
}

/// Somebody who works at a desk, as the support contract shows them.
package struct SupportStaffMember: JSONRepresentable {
    let member: StaffMember
    package init(_ member: StaffMember) { self.member = member }

    package var json: JSON {
        [
            "user_id": .string(member.user.id), "email": .string(member.user.email), "username": .string(member.user.email),
            "display_name": .optional(member.user.fullName), "supporter_status": .string(member.status.rawValue),
            "status_set_by_hand": .bool(member.isSetByHand), "max_concurrent_sessions": .number(member.maximumSessions),
            "current_sessions_count": .number(member.currentSessions), "available": .bool(member.isAvailable),
            "capacity_percentage": .number(member.currentSessions * 100 / max(1, member.maximumSessions)),
            "created_at": .string(member.user.createdAt.description),
        ]
    }
}

/// A chat's reply.
struct SupportAnswer {
    let reply: DeskChat.Reply
    var token: Secret?

    init(_ reply: DeskChat.Reply, token: Secret? = nil) {
        self.reply = reply
        self.token = token
    }

    static func citation(_ citation: Citation) -> JSON {
        [
            "number": .number(citation.number), "title": .string(citation.sourceTitle), "quote": .string(citation.quote),
            "document_id": .string(citation.sourceID),
        ]
    }

    var response: Response {
        var object: JSONObject = [
            "session_id": .string(reply.session.id), "message_id": .optional(reply.messageID),
            "response": ["text": .string(reply.text)], "agent": .optional(reply.agent?.name),
            "intent": .string(reply.agent?.name ?? "documents"), "format": .string((reply.agent?.outputFormat ?? .text).rawValue),
            "renderer_hint": [:],
            "metadata": [
                "agent_id": .optional(reply.agent?.id), "tenant_id": .string(reply.session.tenantID),
                "question_id": .string(reply.questionID), "duration_ms": .double((reply.milliseconds * 10).rounded() / 10),
                "status": .string(reply.status.rawValue),
                "confidence": .double((reply.confidence * 1000).rounded() / 1000),
                "can_escalate": .bool(reply.status != .withSupporter),
                "llm_model": reply.model.map { ["model_name": .string($0)] } ?? nil,
                "tool_calls": .array(
                    reply.calls.map {
                        [
                            "tool_name": .string($0.tool), "tool_id": .optional($0.toolID), "tool_args": $0.arguments,
                            "output": $0.output, "error": .optional($0.error),
                        ]
                    }), "citations": .array(reply.citations.map(Self.citation)), "extracted_entities": [:],
            ],
            "escalation_status": .string(reply.session.handover?.status.rawValue ?? "none"),
        ]
        // Where a widget's token leaves the program.
        if let token {
            object["token"] = .string(token.reveal())
            object["expires_in"] = .number(Tokens.widgetLifetime)
            // A page's visitor is shown the answer, and not what tools sent for it.
            if var metadata = object["metadata"]?.objectValue {
                metadata["tool_calls"] = []
                object["metadata"] = .object(metadata)
            }
        }
        var response = Response.json(.object(object), headers: [HeaderField("cache-control", "no-store")])
        response.headers += reply.limits.fields
        return response
    }
}
