import TwinHTTP
import TwinSupport

/// Share links: an owner makes one, anybody who has it may ask.
struct StudioSharing: RouteCollection {
    let context: APIContext

    private static let link = JSONSchema.reference("ShareLink")

    func add(to group: inout RouteGroup) throws {
        try group.get("/twins/{twin_id}/share-link", .contract("Read the share link", .userRead, answer: Self.link), read)
        try group.post(
            "/twins/{twin_id}/share-link",
            .contract("Make a new share link; the one before stops working", .userWrite, answer: Self.link), rotate)
        try group.patch(
            "/twins/{twin_id}/sharing",
            .contract(
                "Turn the share link on or off", .userWrite,
                body: JSONSchema.input(["is_public": JSONSchema.boolean]), example: ["is_public": true],
                answer: JSONSchema.output(["status": JSONSchema.string, "is_public": JSONSchema.boolean])),
            toggle)
        try group.get(
            "/public/validate-share/{twin_id}/{token}",
            .contract(
                "Say whether a share link works", .publicRead,
                answer: JSONSchema.output([
                    "valid": JSONSchema.boolean, "twin_id": JSONSchema.uuid, "twin_name": JSONSchema.string,
                    "description": JSONSchema.string, "welcome": JSONSchema.nullableString,
                    "suggestions": JSONSchema.array(JSONSchema.string), "color": JSONSchema.nullableString,
                ])),
            validate)
        try group.post(
            "/public/chat/{twin_id}/{token}",
            .contract(
                "Ask through a share link", .publicWrite,
                body: JSONSchema.input(
                    [
                        "message": StudioChat.question.schema, "session_id": JSONSchema.uuid,
                        "conversation_history": [:],
                    ], required: ["message"]),
                example: ["message": "How often is the gear oil changed?"],
                answer: JSONSchema.output(["status": JSONSchema.oneOf(["answer", "queued"])]),
                orElse: [
                    RouteDocumentation.Content(JSONSchema.string, type: "text/event-stream"),
                    RouteDocumentation.Content(StudioEvents.schema, type: "application/x-ndjson"),
                ], execution: .longRunning, bodyLimit: 262_144),
            ask)
    }

    private func read(_ request: Request) throws -> Response {
        .json(
            StudioShareLink(try context.workspace.shareLinks.get(active(request, .manage))).json,
            headers: [HeaderField("cache-control", "no-store")])
    }

    private func rotate(_ request: Request) throws -> Response {
        let twin = try active(request, .manage)
        return .json(
            StudioShareLink(try context.workspace.shareLinks.rotate(twin, by: request.principal.actorID)).json,
            headers: [HeaderField("cache-control", "no-store")])
    }

    private func toggle(_ request: Request) throws -> Response {
        let twin = try context.activeTwin(request, .manage)
        var body = try request.bodyFields()
        let isPublic = body.optional("is_public", .bool) ?? false
        try body.validate()
        _ = try context.workspace.shareLinks.setEnabled(twin, isPublic, by: request.principal.actorID)
        return .json(["status": "success", "is_public": .bool(isPublic)])
    }

    /// The contract has 404 for the share link of an archived twin.
    private func active(_ request: Request, _ action: Authorizer.Action) throws -> Twin {
        do {
            return try context.activeTwin(request, action)
        } catch let error as TwinError where error.kind == .gone {
            throw TwinError(.notFound, error.message)
        }
    }

    private func validate(_ request: Request) throws -> Response {
        try context.count([.checkingShareLinks(from: context.address(of: request))])
        let twin: Twin
        do {
            twin = try opened(request)
        } catch let error as TwinError where error.kind == .gone {
            // Here an archived twin's link is like any that opens nothing.
            throw TwinError(.notFound, "this link is not valid")
        }
        let known: JSONObject = ["valid": true, "twin_id": .string(twin.id)]
        return .json(.object(known.merging(PageWords(of: twin).json.objectValue ?? JSONObject())))
    }

    /// The twin that the link of the path opens.
    private func opened(_ request: Request) throws -> Twin {
        try context.workspace.shareLinks.validate(
            twinID: request.parameters.require("twin_id"), token: Secret(request.parameters.require("token")))
    }

    private func ask(_ request: Request) throws -> Response {
        let token = Secret(try request.parameters.require("token"))
        let name = try request.parameters.require("twin_id")
        let (message, sessionID, history): (String, String?, [PastMessage])
        do {
            (message, sessionID, history) = try Self.question(request)
        } catch {
            // Only who has the link is told what is wrong with the question.
            _ = try Self.toVisitors { try opened(request) }
            throw error
        }
        let session = try Self.toVisitors {
            try context.workspace.visitors.enter(name, through: token, context.visit(request, sessionID: sessionID))
        }
        var question = Ask.Question(message, of: name)
        question.address = context.address(of: request)
        question.history = history
        let visitor = Principal.visitor(session)
        let reader = request.reader(visitor) { [self] in
            // A link that was closed, or made anew, lets nobody through any more.
            _ = try Self.toVisitors { try opened(request) }
            return visitor
        }
        let turn = try context.workspace.ask.take(question, as: reader)
        if ReplyForm(request, fallback: .document) != .document {
            return try ChatStream(
                ask: context.workspace.ask, counters: context.counters, turn: turn,
                events: StudioEvents(sessionID: session.id, questionID: turn.questionID)
            ).response(to: request)
        }
        let answer = try context.workspace.ask.answer(turn)
        context.counters.answered(answer.status)
        return .json(.object(Self.reply(answer, sessionID: session.id)), headers: turn.limits.fields)
    }

    /// Questions are told less than validation, and in the contract with another status.
    private static func toVisitors<Value>(_ open: () throws -> Value) throws -> Value {
        do {
            return try open()
        } catch let error as TwinError where error.kind == .notFound {
            throw TwinError(.notPermitted, error.message)
        }
    }

    private static func question(_ request: Request) throws -> (String, sessionID: String?, [PastMessage]) {
        var body = try request.bodyFields()
        let message = body.required("message", StudioChat.question)
        let sessionID = body.optional("session_id", .uuid)
        let history = body.optional("conversation_history", .any)
        try body.validate()
        return (message, sessionID, (history?.arrayValue ?? []).compactMap(PastMessage.init))
    }

    private static func reply(_ answer: ChatAnswer, sessionID: String) -> JSONObject {
        if let thread = answer.clarification {
            return [
                "status": "queued", "message": .string(thread.question), "clarification_id": .optional(thread.id),
                "question": .string(thread.question), "options": .array(thread.options.map(\.json)),
                "session_id": .string(sessionID),
            ]
        }
        return [
            "status": "answer", "response": .string(answer.text),
            "citations": .strings(
                StudioEvents.sourceIDs(answer.metadata.citations, verifiedAnswer: answer.metadata.verifiedAnswerID)),
            "citation_details": .array(answer.metadata.citations.map(\.json)),
            "confidence_score": .double(answer.metadata.confidence), "answer_status": .string(answer.status.rawValue),
            "owner_memory_refs": .strings(answer.metadata.memories.map(\.id)),
            "owner_memory_topics": .strings(answer.metadata.memories.map(\.topic)),
            "used_owner_memory": .bool(!answer.metadata.memories.isEmpty), "escalated": .bool(answer.status == .escalated),
            "conversation_id": .optional(answer.metadata.conversationID), "message_id": .optional(answer.done.messageID),
            "session_id": .string(sessionID),
        ]
    }
}
