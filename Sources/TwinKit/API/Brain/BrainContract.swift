import TwinHTTP
import TwinSupport

/// The brain contract: a twin that learns, under `/api`. Its twins, documents, conversations and escalations are the ones that
/// every other contract sees.
package struct BrainContract: Contract {
    package let name = "brain"
    package let prefixes = ["/api", "/api/auth/me"]
    package let secretPaths = ["/api/uploads"]
    package let replyForm = ReplyForm.document
    package var schemas: JSONObject { BrainSchemas.all }
    package var pathParameters: JSONObject { BrainSchemas.pathParameters }
    package let security = ContractSecurity.bearerOrKey

    package init() {}

    /// `{"error": {"code", "message", "details"}}`. What a service calls invalid is a request that does not fit: 422.
    package func response(to error: ErrorReport, _ request: Request) -> Response {
        var status = error.status
        if error.kind == .invalid, status == .badRequest { status = .unprocessableContent }
        if error.kind == .notConfigured { status = .internalServerError }
        var details = JSONObject()
        if !error.issues.isEmpty { details["fields"] = .array(error.issues.map(\.json)) }
        if let detail = error.detail { details["reason"] = detail }
        let code = Self.codes[status.code] ?? (status.code >= 500 ? "INTERNAL_ERROR" : "BAD_REQUEST")
        return .json(
            ["error": ["code": .string(code), "message": .string(error.message), "details": .object(details)]],
            status: status, headers: error.headers)
    }

    private static let codes: [Int: String] = [
        401: "UNAUTHORIZED", 403: "FORBIDDEN", 404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED", 409: "CONFLICT", 410: "GONE",
        413: "CONTENT_TOO_LARGE", 415: "UNSUPPORTED_MEDIA_TYPE", 422: "VALIDATION_ERROR", 429: "RATE_LIMITED",
        500: "INTERNAL_ERROR", 503: "UNAVAILABLE",
    ]

    /// Everything under `/api` that neither support nor another contract claims.
    package func routes(_ context: APIContext) -> [RouteArea] {
        [
            RouteArea("Brain: twins", BrainTwins(context: context)), RouteArea("Brain: chat", BrainChat(context: context)),
            RouteArea("Brain: documents", BrainDocuments(context: context)),
            RouteArea("Brain: memory", BrainMemory(context: context)),
            RouteArea("Brain: escalations", BrainEscalations(context: context)),
            RouteArea("Brain: metrics", BrainMetrics(context: context)),
        ]
    }
}

extension RouteOptions {
    /// A route of the brain contract, as `contract` is of studio's.
    static func brain(
        _ summary: String, _ errors: Errors, description: String = "", parameters: [RouteDocumentation.Parameter] = [],
        body: JSON? = nil, example: JSON? = nil, bodyType: String = "application/json", answer: JSON? = nil,
        status: HTTPStatus = .ok, answersOnReplica: Bool = false, execution: RequestPlan.Execution = .worker,
        bodyLimit: Int? = nil,
        streamsBody: Bool = false
    ) -> RouteOptions {
        let failure = RouteDocumentation.Content(JSONSchema.reference("BrainError"))
        // A path that is none, with a control character for one, is refused before it is anybody's.
        let badRequest = RouteDocumentation.Content([
            "anyOf": [JSONSchema.reference("BrainError"), JSONSchema.output(["detail": JSONSchema.string])]
        ])
        let answers =
            [RouteDocumentation.Answer(status, content: answer.map { RouteDocumentation.Content($0) })]
            + errors.statuses.map { RouteDocumentation.Answer($0, content: $0 == .badRequest ? badRequest : failure) }
        var options = RouteOptions(
            summary, execution: execution, bodyLimit: bodyLimit, streamsBody: streamsBody,
            documentation: RouteDocumentation(
                description: description, parameters: parameters,
                request: body.map { RouteDocumentation.Content($0, type: bodyType, example: example) }, answers: answers,
                security: errors.security))
        options.answersOnReplica = answersOnReplica
        return options
    }
}

/// A page of a list.
struct BrainPage {
    var limit: Int
    var offset: Int

    static let limit = FieldRule.int(1...200)
    static let offset = FieldRule.int(0...1_000_000_000)
    static let parameters: [RouteDocumentation.Parameter] = [
        .query("limit", limit, "At most this many"), .query("offset", offset, "Skip this many"),
    ]

    init(_ query: inout FieldDecoder) {
        limit = query.optional("limit", Self.limit) ?? 20
        offset = query.optional("offset", Self.offset) ?? 0
    }

    /// A list of which all items are at hand; this page of it is shown.
    func response<Item>(_ name: String, of all: [Item], _ json: (Item) throws -> JSON) rethrows -> Response {
        try response(name, Array(all.dropFirst(offset).prefix(limit)), total: all.count, json)
    }

    /// The items of this page, out of `total`.
    func response<Item>(_ name: String, _ items: [Item], total: Int, _ json: (Item) throws -> JSON) rethrows -> Response {
        .json(
            .object([
                name: .array(try items.map(json)), "total": .number(total), "limit": .number(limit), "offset": .number(offset),
            ]))
    }
}
