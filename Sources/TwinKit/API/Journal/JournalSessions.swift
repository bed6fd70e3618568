import TwinHTTP
import TwinSupport

/// Sessions and the prompts in them.
struct JournalSessions: RouteCollection {
    let context: APIContext

    static let title = FieldRule.line(Journal.titleLengths)
    static let twin = FieldRule.string(1...60)
    static let text = FieldRule.text(1...ChatService.maximumQuestionBytes)
    static let responses = FieldRule.list(of: FieldRule.string(0...1_000_000), count: 0...Journal.maximumResponses)
    static let session = JSONSchema.reference("JournalSession")
    static let prompt = JSONSchema.reference("JournalPrompt")
    static let newSession = JSONSchema.input(
        ["user_id": JSONSchema.uuid, "title": title.schema, "twin_id": twin.schema], required: ["user_id", "title"])
    static let newPrompt = JSONSchema.input(
        [
            "user_id": JSONSchema.uuid, "session_id": JSONSchema.uuid, "prompt_text": text.schema,
            "llm_responses": responses.schema, "tokens_used": JournalAccount.tokens.schema,
        ], required: ["user_id", "session_id", "prompt_text"])
    static let userID = FieldRule.string(1...200)

    func add(to group: inout RouteGroup) throws {
        try addSessions(to: &group)
        try addPrompts(to: &group)
    }

    private func addSessions(to group: inout RouteGroup) throws {
        let path = "/api/v1/chat_sessions"
        try group.post(
            path,
            .journal(
                "Begin a session", .userWrite,
                description: "With `twin_id`, the id or slug of a twin that the user may ask, that twin answers its prompts.",
                body: Self.newSession, answer: Self.session, status: .created)
        ) { try begin($0, as: $0.principal, context, status: .created) }
        try group.get(
            path + "/user/{user_id}",
            .journal(
                "List a user's sessions, newest first", .userRead, parameters: JournalPage.parameters,
                answer: JSONSchema.array(Self.session))
        ) { try list($0, as: $0.principal, context) }
        try group.get(path + "/{session_id}", .journal("Read a session", .userRead, answer: Self.session)) {
            .json(JournalSessionJSON(try context.workspace.journal.session($0.identifier("session_id"), as: $0.principal)).json)
        }
        try group.put(
            path + "/{session_id}",
            .journal(
                "Rename a session", .userWrite, body: JSONSchema.input(["title": Self.title.schema], required: ["title"]),
                example: ["title": "Engines"], answer: Self.session)
        ) { try rename($0, as: $0.principal, context) }
        try group.delete(
            path + "/{session_id}",
            .journal("Delete a session with its prompts", .userWrite, answer: JournalSchemas.message)
        ) { request in
            try context.workspace.journal.delete(session: request.identifier("session_id"), as: request.principal)
            return JournalSchemas.message("Chat session deleted successfully")
        }
    }

    private func addPrompts(to group: inout RouteGroup) throws {
        let path = "/api/v1/prompts"
        try group.post(
            path,
            .journal(
                "Add a prompt to a session", .userWrite,
                description:
                    "Without `llm_responses` the session's twin is asked, or the one of the setting `journal.twin`, and its answer is the response. What it uses is charged to the user's quota: 429 when that is used up.",
                body: Self.newPrompt, answer: Self.prompt, status: .created, execution: .longRunning)
        ) { try add($0, as: $0.principal, context, status: .created) }
        try group.get(
            path + "/session/{session_id}",
            .journal(
                "List a session's prompts, oldest first", .userRead, parameters: JournalPage.parameters,
                answer: JSONSchema.array(Self.prompt))
        ) { try prompts($0, as: $0.principal, context) }
        try group.get(path + "/{prompt_id}", .journal("Read a prompt", .userRead, answer: Self.prompt)) {
            .json(JournalPromptJSON(try context.workspace.journal.prompt($0.identifier("prompt_id"), as: $0.principal)).json)
        }
        try group.put(
            path + "/{prompt_id}",
            .journal(
                "Change a prompt", .userWrite,
                body: JSONSchema.input(["prompt_text": Self.text.schema, "llm_responses": Self.responses.schema]),
                example: ["prompt_text": "What did you think of the engine?"], answer: Self.prompt)
        ) { request in
            let id = try request.identifier("prompt_id")
            var body = try request.bodyFields()
            let text = body.optional("prompt_text", Self.text)
            let responses = body.optional("llm_responses", Self.responses)
            try body.validate()
            return .json(
                JournalPromptJSON(
                    try context.workspace.journal.change(id, text: text, responses: responses, as: request.principal)
                ).json)
        }
        try group.delete(
            path + "/{prompt_id}", .journal("Delete a prompt", .userWrite, answer: JournalSchemas.message)
        ) { request in
            try context.workspace.journal.delete(prompt: request.identifier("prompt_id"), as: request.principal)
            return JournalSchemas.message("Prompt deleted successfully")
        }
    }
}

// The same for whoever asks, users and the front end that speaks for them.
extension JournalSessions {
    func begin(_ request: Request, as principal: Principal, _ context: APIContext, status: HTTPStatus) throws -> Response {
        var body = try request.bodyFields()
        let userID = body.required("user_id", Self.userID)
        let title = body.required("title", Self.title)
        let twin = body.optional("twin_id", Self.twin)
        try body.validate()
        let session = try context.naming(userID, at: [.name("body"), .name("user_id")]) {
            try context.workspace.journal.begin(title, for: userID, twin: twin, as: principal)
        }
        return .json(JournalSessionJSON(session).json, status: status)
    }

    func list(_ request: Request, as principal: Principal, _ context: APIContext) throws -> Response {
        let page = try JournalPage(request)
        let userID = try request.parameters.require("user_id")
        return .list(
            try context.naming(userID, at: [.name("path"), .name("user_id")]) {
                try context.workspace.journal.sessions(of: userID, limit: page.limit, offset: page.offset, as: principal)
            }.map(JournalSessionJSON.init))
    }

    func rename(_ request: Request, as principal: Principal, _ context: APIContext) throws -> Response {
        let id = try request.identifier("session_id")
        var body = try request.bodyFields()
        let title = body.required("title", Self.title)
        try body.validate()
        return .json(JournalSessionJSON(try context.workspace.journal.rename(id, title, as: principal)).json)
    }

    func add(_ request: Request, as principal: Principal, _ context: APIContext, status: HTTPStatus) throws -> Response {
        var body = try request.bodyFields()
        let userID = body.required("user_id", Self.userID)
        let sessionID = body.required("session_id", .uuid)
        let text = body.required("prompt_text", Self.text)
        let responses = body.optional("llm_responses", Self.responses) ?? []
        let tokens = body.optional("tokens_used", JournalAccount.tokens) ?? 0
        try body.validate()
        let prompt = try context.naming(userID, at: [.name("body"), .name("user_id")]) {
            try context.workspace.journal.add(
                Journal.Draft(sessionID: sessionID, userID: userID, text: text, responses: responses, tokens: tokens),
                as: principal, isCancelled: { request.isCancelled })
        }
        return .json(JournalPromptJSON(prompt).json, status: status)
    }

    func prompts(_ request: Request, as principal: Principal, _ context: APIContext) throws -> Response {
        let page = try JournalPage(request)
        return .list(
            try context.workspace.journal.prompts(
                ofSession: request.identifier("session_id"), limit: page.limit, offset: page.offset, as: principal
            ).map(JournalPromptJSON.init))
    }
}
