import TwinHTTP
import TwinSupport

/// `/v1/responses`: an answer is kept with its conversation and can be gone on with, by its creator only.
struct OpenAIResponses: RouteCollection {
    let context: APIContext

    func add(to group: inout RouteGroup) throws {
        try group.post(
            "/v1/responses",
            .openAI(
                "Ask a twin, and go on with what it answered", body: OpenAISchemas.responseRequest,
                example: ["model": "amara", "input": "When must autumn feeding be finished?"],
                answer: JSONSchema.reference("OpenAIResponse"), streams: true, answersOnReplica: true,
                execution: .longRunning),
            create)
        try group.get(
            "/v1/responses/{response_id}",
            .openAI("Read a response that was kept", answer: JSONSchema.reference("OpenAIResponse")),
            read)
        try group.delete(
            "/v1/responses/{response_id}",
            .openAI("Delete a response with its question", answer: JSONSchema.reference("OpenAIDeleted"), changes: true), remove)
    }

    private func create(_ request: Request) throws -> Response {
        var body = try request.bodyFields()
        let model = body.required("model", .string(1...200))
        let messages = OpenAIMessages("input", body.optional("input", .any), &body)
        let streams = body.optional("stream", .bool) ?? false
        let keeps = body.optional("store", .bool) ?? true
        let previous = body.optional("previous_response_id", .string(1...200))
        let instructions = body.optional("instructions", .string(0...200_000))
        let twinOptions = body.optional("twin", .object) ?? [:]
        try body.validate()
        guard let messages else { return Response(.badRequest) }

        let twin = try context.model(model, request)
        var question = Ask.Question(messages.question, of: twin.id)
        if let previous {
            guard let id = ResponseID(previous) else { throw Self.notFound(previous) }
            question.conversationID = id.conversationID
        } else {
            question.history = messages.history
        }
        question.keeping = keeps ? .everything : .counts
        question.address = context.address(of: request)
        let ask = context.workspace.ask
        let turn: ChatService.Turn
        do {
            turn = try ask.take(question, as: request.reader)
        } catch let error as TwinError where error.kind == .notFound && previous != nil {
            throw Self.notFound(previous ?? "")
        }
        let shape = ResponseShape(
            id: ResponseID(turn)?.text ?? ResponseID.unkept(), created: Clock.now.seconds, model: twin.slug, previous: previous,
            instructions: instructions, isStored: keeps, prompt: messages.question,
            listsSources: twinOptions["sources"]?.boolValue == true)
        let tell: @Sendable (ChatAnswer) throws -> OpenAIAnswer = { [context] answer in
            shape.told(answer, escalationID: try context.escalationID(of: answer, twin: twin))
        }
        guard streams else {
            let answer = try ask.answer(turn)
            context.counters.answered(answer.status)
            return .json(shape.completed(try tell(answer)), headers: turn.limits.openAIFields)
        }
        return OpenAIStream.response(headers: turn.limits.openAIFields) { [counters = context.counters] stream in
            var events = ResponseEvents(shape: shape, stream: stream)
            do {
                try events.begin()
                let answer = try ask.answer(
                    turn,
                    emit: { event in
                        switch event {
                        case .content(let text): try events.delta(text)
                        case .error(let error): try events.fail(error)
                        case .metadata, .done, .clarify: break
                        }
                    })
                counters.answered(answer.status)
                try events.end(try tell(answer))
            } catch  where !(error is StreamClosed) {
                try events.fail(error)
            }
        }
    }

    /// Only the end of a conversation can be read by its responses.
    private static let readableMessages = 1_000

    private func read(_ request: Request) throws -> Response {
        let name = try request.parameters.require("response_id")
        guard let id = ResponseID(name) else { throw Self.notFound(name) }
        do {
            let (twin, messages) = try context.workspace.ask.transcript(
                of: id.conversationID, heldBy: request.principal, limit: Self.readableMessages)
            guard let index = messages.firstIndex(where: { $0.id == id.questionID && $0.role == .user }),
                messages.indices.contains(index + 1), messages[index + 1].role == .assistant
            else { throw Self.notFound(name) }
            let shape = ResponseShape(
                id: name, created: messages[index + 1].createdAt.seconds, model: twin.slug, previous: nil, instructions: nil,
                isStored: true, prompt: messages[index].content, listsSources: false)
            return .json(shape.stored(messages[index + 1], twinID: twin.id))
        } catch let error as TwinError where error.kind == .notFound || error.kind == .notPermitted {
            throw Self.notFound(name)
        }
    }

    private func remove(_ request: Request) throws -> Response {
        let name = try request.parameters.require("response_id")
        do {
            guard let id = ResponseID(name) else { throw Self.notFound(name) }
            try context.workspace.retention.removeExchange(id.questionID, in: id.conversationID, as: request.principal)
        } catch let error as TwinError where error.kind == .notFound || error.kind == .notPermitted {
            throw Self.notFound(name)
        }
        return .json(["id": .string(name), "object": "response", "deleted": true])
    }

    private static func notFound(_ id: String) -> DetailedError {
        DetailedError(
            status: .notFound,
            detail: ["code": "not_found", "message": .string("there is no response '\(id.prefix(100))'")])
    }
}
