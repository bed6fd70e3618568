import TwinHTTP
import TwinSupport

/// `POST /v1/chat/completions`: the client brings the conversation with each question.
struct OpenAICompletions: RouteCollection {
    let context: APIContext

    func add(to group: inout RouteGroup) throws {
        try group.post(
            "/v1/chat/completions",
            .openAI(
                "Ask a twin as a chat model",
                body: OpenAISchemas.completionRequest,
                example: ["model": "amara", "messages": [["role": "user", "content": "When must autumn feeding be finished?"]]],
                answer: JSONSchema.reference("OpenAICompletion"), streams: true, answersOnReplica: true,
                execution: .longRunning),
            complete)
    }

    private func complete(_ request: Request) throws -> Response {
        var body = try request.bodyFields()
        let model = body.required("model", .string(1...200))
        let messages = OpenAIMessages("messages", body.optional("messages", .any), &body)
        let streams = body.optional("stream", .bool) ?? false
        let options = body.optional("stream_options", .object) ?? [:]
        let choices = body.optional("n", .int(1...128)) ?? 1
        if choices > 1 { body.fail("n", "a twin gives one answer: n is 1") }
        let keeps = body.optional("store", .bool) ?? false
        let twinOptions = body.optional("twin", .object) ?? [:]
        try body.validate()
        guard let messages else { return Response(.badRequest) }

        let twin = try context.model(model, request)
        var question = Ask.Question(messages.question, of: twin.id)
        question.history = messages.history
        question.keeping = keeps ? .everything : .counts
        question.address = context.address(of: request)
        let turn = try context.workspace.ask.take(question, as: request.reader)
        let completion = Completion(
            model: twin.slug, listsSources: twinOptions["sources"]?.boolValue == true, prompt: messages.question)
        let ask = context.workspace.ask
        let tell: @Sendable (ChatAnswer) throws -> OpenAIAnswer = { [context] answer in
            completion.answer(answer, escalationID: try context.escalationID(of: answer, twin: twin))
        }
        guard streams else {
            let answer = try ask.answer(turn)
            context.counters.answered(answer.status)
            return .json(completion.document(try tell(answer)), headers: turn.limits.openAIFields)
        }
        let includesUsage = options["include_usage"]?.boolValue == true
        return OpenAIStream.response(headers: turn.limits.openAIFields) { [counters = context.counters] stream in
            try stream.send(completion.chunk(["role": "assistant", "content": "", "refusal": nil], usage: includesUsage))
            let answer = try ask.answer(
                turn,
                emit: { event in
                    switch event {
                    case .content(let text):
                        try stream.send(completion.chunk(["content": .string(text)], usage: includesUsage))
                    case .error(let error): try stream.end(with: OpenAIError.event(error))
                    case .metadata, .done, .clarify: break
                    }
                })
            counters.answered(answer.status)
            let told = try tell(answer)
            // A question for the owner comes without content of its own.
            let rest = answer.clarification == nil ? String(told.text.dropFirst(answer.text.count)) : told.text
            if !rest.isEmpty { try stream.send(completion.chunk(["content": .string(rest)], usage: includesUsage)) }
            try stream.send(completion.end(told, usage: includesUsage))
            if includesUsage { try stream.send(completion.usage(told)) }
            try stream.sendDone()
        }
    }
}

/// One chat completion, whole or in chunks that share its id.
private struct Completion: Sendable {
    let id = "chatcmpl-" + Identifier.make().filter { $0 != "-" }
    let created = Clock.now.seconds
    let model: String
    let listsSources: Bool
    let prompt: String

    func answer(_ answer: ChatAnswer, escalationID: String?) -> OpenAIAnswer {
        OpenAIAnswer(answer, listsSources: listsSources, prompt: prompt, escalationID: escalationID)
    }

    func document(_ told: OpenAIAnswer) -> JSON {
        .object(
            head("chat.completion").merging([
                "choices": [
                    [
                        "index": 0, "finish_reason": "stop", "logprobs": nil,
                        "message": [
                            "role": "assistant", "content": .string(told.text), "refusal": nil,
                            "annotations": told.nestedAnnotations,
                        ],
                        "twin": told.twin,
                    ]
                ], "usage": usageJSON(told),
            ]))
    }

    func chunk(_ delta: JSONObject, usage: Bool) -> JSON {
        chunk([["index": 0, "delta": .object(delta), "logprobs": nil, "finish_reason": nil]], usage: usage)
    }

    func end(_ told: OpenAIAnswer, usage: Bool) -> JSON {
        chunk(
            [
                [
                    "index": 0, "delta": ["annotations": told.nestedAnnotations], "logprobs": nil, "finish_reason": "stop",
                    "twin": told.twin,
                ]
            ], usage: usage)
    }

    func usage(_ told: OpenAIAnswer) -> JSON {
        .object(head("chat.completion.chunk").merging(["choices": [], "usage": usageJSON(told)]))
    }

    private func chunk(_ choices: JSON, usage: Bool) -> JSON {
        var object = head("chat.completion.chunk")
        object["choices"] = choices
        // A client that asked for usage gets it in the last chunk, and null before.
        if usage { object["usage"] = .null }
        return .object(object)
    }

    private func head(_ object: String) -> JSONObject {
        ["id": .string(id), "object": .string(object), "created": .number(created), "model": .string(model)]
    }

    private func usageJSON(_ told: OpenAIAnswer) -> JSON {
        [
            "prompt_tokens": .number(told.promptTokens), "completion_tokens": .number(told.completionTokens),
            "total_tokens": .number(told.promptTokens + told.completionTokens),
        ]
    }
}
