/// How a route is taken in and documented, beside its method, path and handler.
public struct RouteOptions: Sendable {
    public var execution: RequestPlan.Execution
    /// Bytes of content allowed; none means the server's limit.
    public var bodyLimit: Int?
    /// Whether the handler reads the content as it comes, and so may take more than fits in memory.
    public var streamsBody: Bool
    public var documentation: RouteDocumentation

    public init(
        _ summary: String = "", execution: RequestPlan.Execution = .worker, bodyLimit: Int? = nil,
        streamsBody: Bool = false, documentation: RouteDocumentation = RouteDocumentation()
    ) {
        self.execution = execution
        self.bodyLimit = bodyLimit
        self.streamsBody = streamsBody
        self.documentation = documentation
        if !summary.isEmpty { self.documentation.summary = summary }
    }
}

/// What the API's description says about a route.
public struct RouteDocumentation: Sendable {
    public struct Parameter: Sendable {
        public enum Location: String, Sendable { case path, query, header }
        public var name: String
        public var location: Location
        public var schema: JSON
        public var description: String
        public var isRequired: Bool

        public init(
            _ name: String, in location: Location = .query, schema: JSON = ["type": "string"], description: String = "",
            isRequired: Bool = false
        ) {
            self.name = name
            self.location = location
            self.schema = schema
            self.description = description
            self.isRequired = isRequired || location == .path
        }
    }

    public struct Content: Sendable {
        public var type: String
        public var schema: JSON
        public var example: JSON?

        public init(_ schema: JSON, type: String = "application/json", example: JSON? = nil) {
            self.type = type
            self.schema = schema
            self.example = example
        }
    }

    public struct Answer: Sendable {
        public var status: HTTPStatus
        public var description: String
        /// One for each media type that `Accept` may choose; the first is the one without a choice.
        public var contents: [Content]

        public init(_ status: HTTPStatus, _ description: String = "", content: Content? = nil, orElse others: [Content] = []) {
            self.status = status
            self.description = description.isEmpty ? status.reason : description
            contents = (content.map { [$0] } ?? []) + others
        }
    }

    public var summary = ""
    public var description = ""
    public var tags: [String] = []
    public var parameters: [Parameter] = []
    public var request: Content?
    public var answers: [Answer] = []
    /// Names of the security schemes of which one is enough; none inherits the document's.
    public var security: [String]?
    /// Left out of the description: what is served but no part of the API.
    public var isHidden = false

    public init(
        summary: String = "", description: String = "", tags: [String] = [], parameters: [Parameter] = [],
        request: Content? = nil, answers: [Answer] = [], security: [String]? = nil, isHidden: Bool = false
    ) {
        self.summary = summary
        self.description = description
        self.tags = tags
        self.parameters = parameters
        self.request = request
        self.answers = answers
        self.security = security
        self.isHidden = isHidden
    }
}

/// One row of the route table.
public final class Route: Sendable {
    public let method: HTTPMethod
    public let options: RouteOptions
    let pattern: RoutePattern
    let responder: any Responder
    let errors: ErrorRenderer
    let plan: RequestPlan

    /// The path with `{name}` segments.
    public var path: String { pattern.text }

    init(
        _ method: HTTPMethod, _ pattern: RoutePattern, _ options: RouteOptions, responder: any Responder,
        errors: @escaping ErrorRenderer
    ) {
        self.method = method
        self.pattern = pattern
        self.options = options
        self.responder = responder
        self.errors = errors
        plan = RequestPlan(
            execution: options.execution, bodyLimit: options.bodyLimit, streamsBody: options.streamsBody)
    }
}
