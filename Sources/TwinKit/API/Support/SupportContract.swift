import TwinHTTP
import TwinSupport

/// The support contract: a desk with agents, tools and people, under `/api/admin`, `/api/auth`, `/api/public` and
/// `/api/{tenant}`. It opens sign-in and registration, so that it is served only where it is asked for.
package struct SupportContract: Contract {
    package let name = "support"
    package let prefixes = ["/api/admin", "/api/public", "/api/auth", "/api/{tenant_id:uuid}"]
    package let replyForm = ReplyForm.document
    package var schemas: JSONObject { SupportSchemas.all }
    package var pathParameters: JSONObject { SupportSchemas.pathParameters }
    package let security = ContractSecurity(
        schemes: [
            "bearer": [
                "type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "A token of a user, or an API key",
            ]
        ], required: ["bearer"])

    package init() {}

    /// `{"detail", "status_code"}`, with the wrong fields as `errors` where there are any.
    package func response(to error: ErrorReport, _ request: Request) -> Response {
        var object: JSONObject = ["detail": .string(error.message), "status_code": .number(error.status.code)]
        if !error.issues.isEmpty { object["errors"] = .array(error.issues.map(\.json)) }
        if let detail = error.detail { object["reason"] = detail }
        return .json(.object(object), status: error.status, headers: error.headers)
    }

    /// Limits by address come before credentials are looked at, so that guessing them is limited too.
    package func layers(_ context: APIContext) -> [any Middleware] {
        let renderer = ErrorTranslation.renderer(log: context.log) { [self] in response(to: $0, $1) }
        return [
            SupportRates(context: context, errors: renderer), SupportAuthentication(context: context),
        ]
    }

    /// The desk, sign-in and registration included.
    package func routes(_ context: APIContext) -> [RouteArea] {
        [
            RouteArea("Support: sign-in", SupportAccounts(context: context)),
            RouteArea("Support: chat", SupportChat(context: context)),
            RouteArea("Support: sessions", SupportSessions(context: context)),
            RouteArea("Support: contacts", SupportContacts(context: context)),
            RouteArea("Support: widgets", SupportWidgets(context: context)),
            RouteArea("Support: agents", SupportAgents(context: context)),
            RouteArea("Support: tools", SupportTools(context: context)),
            RouteArea("Support: knowledge", SupportKnowledge(context: context)),
            RouteArea("Support: tenants", SupportTenants(context: context)),
            RouteArea("Support: queue", SupportQueue(context: context)),
            RouteArea("Support: webhooks", SupportWebhooks(context: context)),
            RouteArea("Support: streams", SupportStreamRoutes(context: context)),
        ]
    }
}

extension RouteOptions {
    /// A route of the support contract, as `contract` is of studio's.
    static func support(
        _ summary: String, _ errors: Errors, description: String = "", parameters: [RouteDocumentation.Parameter] = [],
        body: JSON? = nil, example: JSON? = nil, form: JSON? = nil, answer: JSON? = nil, status: HTTPStatus = .ok,
        answerType: String = "application/json", isBodyRequired: Bool = true, execution: RequestPlan.Execution = .worker,
        bodyLimit: Int? = nil,
        streamsBody: Bool = false
    ) -> RouteOptions {
        let failure = RouteDocumentation.Content(JSONSchema.reference("SupportError"))
        let answers =
            [RouteDocumentation.Answer(status, content: answer.map { RouteDocumentation.Content($0, type: answerType) })]
            + (errors.statuses + [.conflict, .tooManyRequests]).reduce(into: [HTTPStatus]()) {
                if !$0.contains($1) { $0.append($1) }
            }
            .map { RouteDocumentation.Answer($0, content: failure) }
        var request = body.map { RouteDocumentation.Content($0, example: example) }
        if let form { request = RouteDocumentation.Content(form, type: "multipart/form-data") }
        var options = RouteOptions(
            summary, execution: execution, bodyLimit: bodyLimit, streamsBody: streamsBody,
            documentation: RouteDocumentation(
                description: description, parameters: parameters, request: request, answers: answers,
                security: errors.security.map { $0.isEmpty ? [] : ["bearer"] } ?? ["bearer"]))
        options.documentation.isRequestRequired = isBodyRequired
        return options
    }
}
