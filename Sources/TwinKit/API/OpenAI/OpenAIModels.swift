import TwinHTTP
import TwinSupport

/// Twins as models.
struct OpenAIModels: RouteCollection {
    let context: APIContext

    func add(to group: inout RouteGroup) throws {
        try group.get(
            "/v1/models",
            .openAI("List the twins that the caller may ask, as models", answer: JSONSchema.reference("OpenAIModelList")),
            list)
        try group.get(
            "/v1/models/{model}", .openAI("Read a twin as a model", answer: JSONSchema.reference("OpenAIModel")), read)
    }

    private func list(_ request: Request) throws -> Response {
        let twins = try context.authorizer.twins(askableBy: request.principal)
        return .json(["object": "list", "data": .array(twins.map(Self.json))])
    }

    private func read(_ request: Request) throws -> Response {
        .json(Self.json(try context.model(request.parameters.require("model"), request)))
    }

    private static func json(_ twin: Twin) -> JSON {
        [
            "id": .string(twin.slug), "object": "model", "created": .number(twin.createdAt.seconds), "owned_by": "twin",
        ]
    }
}

extension APIContext {
    /// The twin that a request calls its model, by slug or id, if the caller may ask it.
    func model(_ name: String, _ request: Request) throws -> Twin {
        do {
            return try authorizer.activeTwin(name, .chat, as: request.principal)
        } catch let error as TwinError where error.kind == .notFound || error.kind == .gone {
            throw NoSuchModel.error(name)
        }
    }
}

extension Timestamp {
    /// Seconds since 1970, as OpenAI's clients take a time.
    var seconds: Int { Int(milliseconds / 1000) }
}

extension RouteOptions {
    /// A route of OpenAI's interface.
    /// - Parameters:
    ///   - form: the fields of the form that it takes in place of a JSON `body`; its files go to disk as they come.
    ///   - changes: whether it changes something though it takes neither.
    static func openAI(
        _ summary: String, parameters: [RouteDocumentation.Parameter] = [], body: JSON? = nil, example: JSON? = nil,
        form: JSON? = nil, answer: JSON, answerType: String = "application/json", streams: Bool = false, changes: Bool = false,
        answersOnReplica: Bool = false, execution: RequestPlan.Execution = .worker,
        bodyLimit: Int = OpenAIMessages.maximumBodyBytes
    ) -> RouteOptions {
        let failure = RouteDocumentation.Content(JSONSchema.reference("OpenAIError"))
        let events = RouteDocumentation.Content(JSONSchema.string, type: "text/event-stream")
        let statuses: [HTTPStatus] = [.badRequest, .unauthorized, .forbidden, .notFound, .tooManyRequests, .serviceUnavailable]
        let takes = body != nil || form != nil
        let extra: [HTTPStatus] =
            (takes ? [.contentTooLarge, .unsupportedMediaType, .insufficientStorage] : [])
            + (takes || changes ? [.conflict, .gone] : [])
        var options = RouteOptions(
            summary, execution: execution, bodyLimit: bodyLimit, streamsBody: form != nil,
            documentation: RouteDocumentation(
                parameters: parameters,
                request: body.map { RouteDocumentation.Content($0, example: example) }
                    ?? form.map { RouteDocumentation.Content($0, type: "multipart/form-data") },
                answers: [.init(.ok, content: .init(answer, type: answerType), orElse: streams ? [events] : [])]
                    + (statuses + extra).map { .init($0, content: failure) }))
        options.answersOnReplica = answersOnReplica
        return options
    }
}
