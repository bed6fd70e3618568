import TwinHTTP
import TwinSupport

/// The persona contract: avatars, their pictures, LoRA models and what all of it costs, under `/api/v1`.
///
/// A `user_id` names somebody and proves nothing: it has to be the caller's own, or of the caller's tenant for an owner.
package struct PersonaContract: Contract {
    package let name = "persona"
    package let prefixes = ["/api/v1"]
    package let replyForm = ReplyForm.document
    package var schemas: JSONObject { PersonaSchemas.all }
    package var pathParameters: JSONObject { PersonaSchemas.pathParameters }
    package let security = ContractSecurity.bearerOrKey

    package init() {}

    /// `{"detail": …}`. What is wrong with a request is 422 where the contract knows no 400, and a service that is away or not
    /// set up is the 5xx that the route has for it.
    package func response(to error: ErrorReport, _ request: Request) -> Response {
        var error = error
        let isContent = request.path.hasPrefix("/api/v1/content/")
        switch error.kind {
        case .invalid where error.status == .badRequest:
            if !isContent, !request.path.hasSuffix("/upload") { error.status = .unprocessableContent }
        case .notConfigured, .upstream:
            error.status =
                !isContent ? .internalServerError : request.path.hasSuffix("/hooks") ? .serviceUnavailable : .badGateway
        default: break
        }
        return error.detailResponse
    }

    /// Who asks, and behind it whether the caller may name the person that the request names.
    package func layers(_ context: APIContext) -> [any Middleware] {
        [context.authentication, PersonaCallers(context: context)]
    }

    /// Personas, what is made of them, and what that costs.
    package func routes(_ context: APIContext) -> [RouteArea] {
        [
            RouteArea("Persona: avatars", PersonaAvatars(context: context)),
            RouteArea("Persona: costs", PersonaCosts(context: context)),
            RouteArea("Persona: content", PersonaContent(context: context)),
            RouteArea("Persona: LoRA models", PersonaLoRAs(context: context)),
        ]
    }
}

extension RouteOptions {
    /// A route of the persona contract, as `contract` is of studio's.
    static func persona(
        _ summary: String, _ errors: Errors, description: String = "", parameters: [RouteDocumentation.Parameter] = [],
        body: JSON? = nil, example: JSON? = nil, bodyType: String = "application/json", answer: JSON? = nil,
        answerType: String = "application/json", failures: [HTTPStatus] = [], execution: RequestPlan.Execution = .worker,
        bodyLimit: Int? = nil, streamsBody: Bool = false
    ) -> RouteOptions {
        let failure = RouteDocumentation.Content(JSONSchema.reference("PersonaError"))
        let statuses = errors.statuses + failures.filter { !errors.statuses.contains($0) }
        let answers =
            [RouteDocumentation.Answer(.ok, content: answer.map { RouteDocumentation.Content($0, type: answerType) })]
            + statuses.map { RouteDocumentation.Answer($0, content: failure) }
        return RouteOptions(
            summary, execution: execution, bodyLimit: bodyLimit, streamsBody: streamsBody,
            documentation: RouteDocumentation(
                description: description, parameters: parameters,
                request: body.map { RouteDocumentation.Content($0, type: bodyType, example: example) }, answers: answers,
                security: errors.security))
    }
}

/// Who a caller without credentials is, where the operator has switched them off: `persona.user`, for callers on this machine.
/// A page in somebody's browser is on this machine too, and a proxy brings others; neither is taken for the user.
struct PersonaCallers: Middleware {
    let context: APIContext

    func respond(to request: Request, next: any Responder) throws -> Response {
        let configuration = context.workspace.configuration
        guard request.principal == .nobody, configuration.text("persona.auth") == "off", isFromHere(request) else {
            return try next.respond(to: request)
        }
        guard let name = configuration.text("persona.user") else {
            throw TwinError(
                .notConfigured, "persona.auth is off, but no user is named for callers to act as: set persona.user")
        }
        var request = request
        request[Principal.self] = .user(try context.workspace.users.resolve(name))
        return try next.respond(to: request)
    }

    private func isFromHere(_ request: Request) -> Bool {
        guard WebAddress.isLoopback(request.remoteAddress) || request.remoteAddress == "::1",
            request.headers["x-forwarded-for"] == nil, request.headers["forwarded"] == nil, request.headers["via"] == nil,
            let host = request.headers["host"], let address = try? WebAddress("http://" + host),
            WebAddress.isLoopback(address.host)
        else { return false }
        guard let origin = request.headers["origin"] else { return request.headers["sec-fetch-site"] == nil }
        return configurationAllows(origin)
    }

    private func configurationAllows(_ origin: String) -> Bool {
        context.workspace.configuration.list("serve.origins").contains(origin)
    }
}

extension APIContext {
    /// Who asks, as somebody with a workspace; a key is nobody here. Throws before anything else of the request is looked at.
    func member(_ request: Request) throws -> Principal {
        var principal = request.principal
        if case .user(let user) = principal { principal = .user(try withWorkspace(user)) }
        if principal != .localOperator { _ = try authorizer.tenant(.read, as: principal) }
        return principal
    }

    /// The persona of the path or of a field, if the caller may do this to it.
    func avatar(_ id: String, _ action: Authorizer.Action, as principal: Principal) throws -> Avatar {
        _ = try authorizer.person(owning: id, in: .avatars, action, as: principal)
        return try workspace.personas().find(id)
    }
}

extension FieldRule where Value == String {
    /// A user's id: a UUID, or whatever an issuer calls the caller.
    static func userID(_ principal: Principal) -> FieldRule<String> {
        let uuid = FieldRule<String>.uuid
        return FieldRule(schema: uuid.schema, placeholder: "") { value in
            if let text = value.stringValue, text == principal.userID { return text }
            return try uuid.decode(value)
        }
    }
}
