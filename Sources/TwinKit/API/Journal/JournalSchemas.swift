import TwinHTTP
import TwinSupport

/// The shapes of the journal contract, and what turns records into them.
enum JournalSchemas {
    static let pathParameters: JSONObject = {
        var parameters: JSONObject = ["user_id": ["type": "string", "minLength": 1, "maxLength": 200]]
        for name in ["session_id", "prompt_id", "log_id"] { parameters[name] = JSONSchema.uuid }
        return parameters
    }()

    static let all: JSONObject = [
        "JournalUser": JSONSchema.output([
            "user_id": JSONSchema.string, "name": JSONSchema.string, "email": JSONSchema.string,
            "role": JSONSchema.oneOf(["user", "admin"]), "created_at": JSONSchema.dateTime,
        ]),
        "JournalToken": JSONSchema.output([
            "access_token": JSONSchema.string, "token_type": JSONSchema.oneOf(["bearer"]), "expires_in": JSONSchema.integer,
        ]),
        "JournalQuota": JSONSchema.output([
            "user_id": JSONSchema.string, "daily_limit": JSONSchema.nullableInteger, "used_today": JSONSchema.integer,
            "last_reset": JSONSchema.dateTime,
        ]),
        "JournalSession": JSONSchema.output([
            "session_id": JSONSchema.uuid, "user_id": JSONSchema.string, "title": JSONSchema.string,
            "twin_id": JSONSchema.nullableString, "created_at": JSONSchema.dateTime,
        ]),
        "JournalPrompt": JSONSchema.output([
            "prompt_id": JSONSchema.uuid, "user_id": JSONSchema.string, "session_id": JSONSchema.uuid,
            "prompt_text": JSONSchema.string, "llm_responses": JSONSchema.array(JSONSchema.string),
            "tokens_used": JSONSchema.integer, "timestamp": JSONSchema.dateTime,
        ]),
        "JournalSystemPrompt": JSONSchema.output(["prompt_id": JSONSchema.uuid, "prompt_text": JSONSchema.string]),
        "JournalUserPrompt": JSONSchema.output([
            "prompt_id": JSONSchema.uuid, "user_id": JSONSchema.string, "prompt_text": JSONSchema.string,
        ]),
        "JournalLogEntry": JSONSchema.output([
            "log_id": JSONSchema.uuid, "user_id": JSONSchema.nullableString, "action": JSONSchema.string,
            "details": JSONSchema.object, "actor_id": JSONSchema.nullableString, "external": JSONSchema.boolean,
            "timestamp": JSONSchema.dateTime,
        ]),
        "JournalMessage": JSONSchema.output(["message": JSONSchema.string]),
    ]

    static let message = JSONSchema.reference("JournalMessage")

    static func message(_ text: String) -> Response { .json(["message": .string(text)]) }
}

struct JournalUser: JSONRepresentable {
    let user: User

    init(_ user: User) { self.user = user }

    /// What the contract calls roles: who looks after the server is its admin.
    var json: JSON {
        [
            "user_id": .string(user.id), "name": .string(user.fullName ?? String(user.email.prefix { $0 != "@" })),
            "email": .string(user.email), "role": .string(user.isOperator ? "admin" : "user"),
            "created_at": .string(user.createdAt.description),
        ]
    }
}

struct JournalQuota: JSONRepresentable {
    let quota: Quotas.Quota

    init(_ quota: Quotas.Quota) { self.quota = quota }

    var json: JSON {
        [
            "user_id": .optional(quota.userID), "daily_limit": .optional(quota.dailyLimit),
            "used_today": .number(quota.usedToday), "last_reset": .string(quota.began.description),
        ]
    }
}

struct JournalSessionJSON: JSONRepresentable {
    let session: JournalSession

    init(_ session: JournalSession) { self.session = session }

    var json: JSON {
        [
            "session_id": .string(session.id), "user_id": .string(session.userID), "title": .string(session.title),
            "twin_id": .optional(session.twinID), "created_at": .string(session.createdAt.description),
        ]
    }
}

struct JournalPromptJSON: JSONRepresentable {
    let prompt: JournalPrompt

    init(_ prompt: JournalPrompt) { self.prompt = prompt }

    var json: JSON {
        [
            "prompt_id": .string(prompt.id), "user_id": .string(prompt.userID), "session_id": .string(prompt.sessionID),
            "prompt_text": .string(prompt.text), "llm_responses": .strings(prompt.responses),
            "tokens_used": .number(prompt.tokens), "timestamp": .string(prompt.createdAt.description),
        ]
    }
}

struct StoredPromptJSON: JSONRepresentable {
    let prompt: StoredPrompt

    init(_ prompt: StoredPrompt) { self.prompt = prompt }

    var json: JSON {
        var object: JSONObject = ["prompt_id": .string(prompt.id), "prompt_text": .string(prompt.text)]
        if let userID = prompt.userID { object["user_id"] = .string(userID) }
        return .object(object)
    }
}

struct JournalLogEntry: JSONRepresentable {
    let entry: AuditLog.Entry

    init(_ entry: AuditLog.Entry) { self.entry = entry }

    var json: JSON {
        [
            "log_id": .string(entry.id), "user_id": .optional(entry.userID ?? entry.actorID), "action": .string(entry.action),
            "details": .object(entry.metadata), "actor_id": .optional(entry.actorID), "external": .bool(entry.isExternal),
            "timestamp": .string(entry.createdAt.description),
        ]
    }
}
