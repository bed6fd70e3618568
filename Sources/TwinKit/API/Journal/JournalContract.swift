import TwinHTTP
import TwinSupport

/// The journal contract: users register, keep sessions of prompts, which a twin may answer, within a quota a day, and read the
/// log of what was done to them. It opens registration to whoever reaches the server, and so is served only where it is named.
package struct JournalContract: Contract {
    package let name = "journal"
    package let prefixes = ["/api/v1"]
    package let replyForm = ReplyForm.document
    package var schemas: JSONObject { JournalSchemas.all }
    package var pathParameters: JSONObject { JournalSchemas.pathParameters }
    package let security = ContractSecurity(
        schemes: [
            "bearer": ContractSecurity.bearerOrKey.schemes["bearer"] ?? .null,
            "internalKey": ["type": "apiKey", "in": "header", "name": "X-Internal-API-Key"],
        ], required: ["bearer"])

    package init() {}

    /// `{"detail": …}` as FastAPI has it, and 500 where the server itself is not set up.
    package func response(to error: ErrorReport, _ request: Request) -> Response {
        var error = error
        if error.kind == .notConfigured { error.status = .internalServerError }
        return error.detailResponse
    }

    /// Accounts, sessions, prompts and the log, and what only the holder of the internal key may call.
    package func routes(_ context: APIContext) -> [RouteArea] {
        [
            RouteArea("Journal: account", JournalAccount(context: context)),
            RouteArea("Journal: sessions", JournalSessions(context: context)),
            RouteArea("Journal: prompts", JournalPrompts(context: context)),
            RouteArea("Journal: log", JournalLog(context: context)),
            RouteArea("Journal: internal", JournalInternal(context: context)),
        ]
    }
}

extension RouteOptions {
    /// A route of the journal contract, as `contract` is of studio's. Only users call them: no API key is ever enough.
    static func journal(
        _ summary: String, _ errors: Errors, description: String = "", parameters: [RouteDocumentation.Parameter] = [],
        body: JSON? = nil, bodyType: String = "application/json", example: JSON? = nil, answer: JSON, status: HTTPStatus = .ok,
        execution: RequestPlan.Execution = .worker, isInternal: Bool = false
    ) -> RouteOptions {
        let failure = RouteDocumentation.Content(JSONSchema.reference("Error"))
        let statuses = errors.statuses.contains(.tooManyRequests) ? errors.statuses : errors.statuses + [.tooManyRequests]
        let answers =
            [RouteDocumentation.Answer(status, content: RouteDocumentation.Content(answer))]
            + statuses.map { RouteDocumentation.Answer($0, content: failure) }
        return RouteOptions(
            summary, execution: execution,
            documentation: RouteDocumentation(
                description: description, parameters: parameters,
                request: body.map { RouteDocumentation.Content($0, type: bodyType, example: example) }, answers: answers,
                security: isInternal ? ["internalKey"] : errors.security))
    }
}

/// What the routes of this contract share.
extension APIContext {
    /// Does something with a user whom the request names. An id that no user has is told as FastAPI tells it: 422 where it is no
    /// UUID, else 404.
    func naming<Value>(_ id: String, at location: [FieldIssue.Step], _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as TwinError where error == Users.notFound && !Identifier.isValid(id) {
            throw ValidationError([FieldIssue(location, type: "uuid_parsing", message: "Input should be a valid UUID")])
        }
    }

    /// The user whom the path names, for who may see and change what is theirs.
    func user(_ request: Request) throws -> User {
        let id = try request.parameters.require("user_id")
        return try naming(id, at: [.name("path"), .name("user_id")]) { try authorizer.user(id, as: request.principal) }
    }
}

extension Request {
    /// An id of the path that has to be a UUID.
    func identifier(_ name: String) throws -> String {
        var path = pathFields()
        let id = path.required(name, .uuid)
        try path.validate()
        return id
    }
}

/// A page of a list.
struct JournalPage {
    let limit: Int
    let offset: Int

    private static let limit = FieldRule.int(1...1_000)
    private static let offset = FieldRule.int(0...1_000_000_000)
    static let parameters: [RouteDocumentation.Parameter] = [
        .query("limit", limit, "Show at most this many; 100 by default"), .query("offset", offset, "How many to skip"),
    ]

    init(_ request: Request) throws {
        var query = request.queryFields()
        limit = query.optional("limit", Self.limit) ?? 100
        offset = query.optional("offset", Self.offset) ?? 0
        try query.validate()
    }
}
