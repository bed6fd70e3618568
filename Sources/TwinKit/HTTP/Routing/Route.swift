import TwinSupport

/// How a route is taken in and documented, beside its method, path and handler.
package struct RouteOptions: Sendable {
    package var execution: RequestPlan.Execution
    /// Bytes of content allowed; none means the server's limit.
    package var bodyLimit: Int?
    /// Whether the handler reads the content as it comes, and so may take more than fits in memory.
    package var streamsBody: Bool
    /// See `RequestPlan.isAtHand`.
    package var isAtHand: (@Sendable () -> Bool)?
    /// Whether a replica answers it itself though its method is not one of a read: it asks the primary for what it may not do.
    package var answersOnReplica = false
    package var documentation: RouteDocumentation

    package init(
        _ summary: String = "", execution: RequestPlan.Execution = .worker, bodyLimit: Int? = nil,
        streamsBody: Bool = false, isAtHand: (@Sendable () -> Bool)? = nil,
        documentation: RouteDocumentation = RouteDocumentation()
    ) {
        self.execution = execution
        self.bodyLimit = bodyLimit
        self.streamsBody = streamsBody
        self.isAtHand = isAtHand
        self.documentation = documentation
        if !summary.isEmpty { self.documentation.summary = summary }
    }
}

/// What the API's description says about a route.
package struct RouteDocumentation: Sendable {
    /// A parameter of the query, a header, or a segment of the path, which is always required.
    package struct Parameter: Sendable {
        /// Where a parameter stands, as OpenAPI calls it.
        package enum Location: String, Sendable { case path, query, header }
        package var name: String
        package var location: Location
        package var schema: JSON
        package var description: String
        package var isRequired: Bool

        package init(
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

    /// What a request or an answer carries in one media type.
    package struct Content: Sendable {
        package var type: String
        package var schema: JSON
        package var example: JSON?

        package init(_ schema: JSON, type: String = "application/json", example: JSON? = nil) {
            self.type = type
            self.schema = schema
            self.example = example
        }
    }

    /// One status that the route answers with. Its description is the status's own phrase where none is given.
    package struct Answer: Sendable {
        package var status: HTTPStatus
        package var description: String
        /// One for each media type that `Accept` may choose; the first is the one without a choice.
        package var contents: [Content]

        package init(_ status: HTTPStatus, _ description: String = "", content: Content? = nil, orElse others: [Content] = []) {
            self.status = status
            self.description = description.isEmpty ? status.reason : description
            contents = (content.map { [$0] } ?? []) + others
        }
    }

    package var summary = ""
    package var description = ""
    package var tags: [String] = []
    package var parameters: [Parameter] = []
    /// Nil for a route that takes no content.
    package var request: Content?
    /// Whether the content has to be sent at all.
    package var isRequestRequired = true
    package var answers: [Answer] = []
    /// Names of the security schemes of which one is enough; none inherits the document's.
    package var security: [String]?
    /// Schemas of the path's segments by their names, for those that `parameters` does not have.
    package var pathParameters = JSONObject()
    /// Left out of the description: what is served but no part of the API.
    package var isHidden = false

    package init(
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

/// What the documentation of a group's routes says where a route says nothing itself.
package struct RouteDefaults: Sendable {
    package var tags: [String]
    /// Names of the security schemes of which one is enough; none leaves it to the document.
    package var security: [String]?
    /// Schemas of path segments by their names.
    package var pathParameters: JSONObject

    package init(tags: [String] = [], security: [String]? = nil, pathParameters: JSONObject = [:]) {
        self.tags = tags
        self.security = security
        self.pathParameters = pathParameters
    }

    func inheriting(_ outer: RouteDefaults) -> RouteDefaults {
        RouteDefaults(
            tags: tags.isEmpty ? outer.tags : tags, security: security ?? outer.security,
            pathParameters: outer.pathParameters.merging(pathParameters))
    }

    func complete(_ documentation: inout RouteDocumentation) {
        if documentation.tags.isEmpty { documentation.tags = tags }
        documentation.security = documentation.security ?? security
        documentation.pathParameters = pathParameters.merging(documentation.pathParameters)
    }
}

/// One row of the route table.
package final class Route: Sendable {
    package let method: HTTPMethod
    package let options: RouteOptions
    let pattern: RoutePattern
    let responder: any Responder
    let errors: ErrorRenderer
    let plan: RequestPlan

    /// The path with `{name}` segments, for documents, logs and metrics.
    package var path: String { pattern.text }

    init(
        _ method: HTTPMethod, _ pattern: RoutePattern, _ options: RouteOptions, responder: any Responder,
        errors: @escaping ErrorRenderer
    ) {
        self.method = method
        self.pattern = pattern
        self.options = options
        self.responder = responder
        self.errors = errors
        var plan = RequestPlan(
            execution: options.execution, bodyLimit: options.bodyLimit, streamsBody: options.streamsBody)
        plan.isAtHand = options.isAtHand
        self.plan = plan
    }
}
