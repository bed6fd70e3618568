import TwinHTTP
import TwinSupport

/// Prompts that are kept to be used again: the server's and each user's own.
struct JournalPrompts: RouteCollection {
    let context: APIContext

    private static let text = JournalSessions.text
    private static let body = JSONSchema.input(["prompt_text": text.schema], required: ["prompt_text"])
    private static let example: JSON = ["prompt_text": "Answer in one paragraph."]
    static let server = JSONSchema.reference("JournalSystemPrompt")
    static let own = JSONSchema.reference("JournalUserPrompt")
    static let newPrompt = JSONSchema.input(
        ["user_id": JSONSchema.uuid, "prompt_text": text.schema], required: ["user_id", "prompt_text"])

    func add(to group: inout RouteGroup) throws {
        try addServers(to: &group)
        try addOwn(to: &group)
    }

    private func addServers(to group: inout RouteGroup) throws {
        let path = "/api/v1/system_prompts"
        try group.post(
            path,
            .journal(
                "Add a prompt of the server", .userWrite, description: "For operators.", body: Self.body, example: Self.example,
                answer: Self.server, status: .created)
        ) { request in
            try requireOperator(request)
            let prompt = try shelf.addToServer(Self.text(of: request), as: request.principal)
            return .json(StoredPromptJSON(prompt).json, status: .created)
        }
        try group.get(
            path,
            .journal(
                "List the server's prompts, oldest first", .userRead, parameters: JournalPage.parameters,
                answer: JSONSchema.array(Self.server))
        ) { try list($0, as: $0.principal) }
        try group.put(
            path + "/{prompt_id}",
            .journal(
                "Change a prompt of the server", .userWrite, description: "For operators.", body: Self.body,
                example: Self.example, answer: Self.server)
        ) { request in
            try requireOperator(request)
            let id = try request.identifier("prompt_id")
            return .json(StoredPromptJSON(try shelf.changeOfServer(id, Self.text(of: request), as: request.principal)).json)
        }
        try group.delete(
            path + "/{prompt_id}",
            .journal(
                "Delete a prompt of the server", .userWrite, description: "For operators.", answer: JournalSchemas.message)
        ) { request in
            try requireOperator(request)
            try shelf.deleteOfServer(request.identifier("prompt_id"), as: request.principal)
            return JournalSchemas.message("Prompt deleted successfully")
        }
    }

    private func addOwn(to group: inout RouteGroup) throws {
        let path = "/api/v1/user_prompts"
        try group.post(
            path,
            .journal("Add a prompt of a user's own", .userWrite, body: Self.newPrompt, answer: Self.own, status: .created)
        ) { try add($0, as: $0.principal, status: .created) }
        try group.get(
            path + "/user/{user_id}",
            .journal(
                "List a user's own prompts, oldest first", .userRead, parameters: JournalPage.parameters,
                answer: JSONSchema.array(Self.own))
        ) { try listOwn($0, as: $0.principal) }
        try group.put(
            path + "/{prompt_id}",
            .journal("Change one of your own prompts", .userWrite, body: Self.body, example: Self.example, answer: Self.own)
        ) { request in
            let id = try request.identifier("prompt_id")
            return .json(StoredPromptJSON(try shelf.change(id, Self.text(of: request), as: request.principal)).json)
        }
        try group.delete(
            path + "/{prompt_id}", .journal("Delete one of your own prompts", .userWrite, answer: JournalSchemas.message)
        ) { request in
            try shelf.delete(request.identifier("prompt_id"), as: request.principal)
            return JournalSchemas.message("Prompt deleted successfully")
        }
    }

    private var shelf: PromptShelf { context.workspace.promptShelf }

    /// Before the body is read: what is wrong with it is told only to who may do this.
    private func requireOperator(_ request: Request) throws { try PromptShelf.requireOperator(request.principal) }

    private static func text(of request: Request) throws -> String {
        var body = try request.bodyFields()
        let text = body.required("prompt_text", Self.text)
        try body.validate()
        return text
    }

    // MARK: Users, and the front end that speaks for them

    func list(_ request: Request, as principal: Principal) throws -> Response {
        let page = try JournalPage(request)
        return .list(
            try shelf.listOfServer(limit: page.limit, offset: page.offset, as: principal).map(StoredPromptJSON.init))
    }

    func add(_ request: Request, as principal: Principal, status: HTTPStatus) throws -> Response {
        var body = try request.bodyFields()
        let userID = body.required("user_id", JournalSessions.userID)
        let text = body.required("prompt_text", Self.text)
        try body.validate()
        let prompt = try context.naming(userID, at: [.name("body"), .name("user_id")]) {
            try shelf.add(text, for: userID, as: principal)
        }
        return .json(StoredPromptJSON(prompt).json, status: status)
    }

    func listOwn(_ request: Request, as principal: Principal) throws -> Response {
        let page = try JournalPage(request)
        let userID = try request.parameters.require("user_id")
        return .list(
            try context.naming(userID, at: [.name("path"), .name("user_id")]) {
                try shelf.list(of: userID, limit: page.limit, offset: page.offset, as: principal)
            }.map(StoredPromptJSON.init))
    }
}
