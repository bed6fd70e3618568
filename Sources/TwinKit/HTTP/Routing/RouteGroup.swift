import TwinSupport

/// Routes that share a path prefix, layers and a way to render errors; what a router is built from.
///
///     var api = RouteGroup(errors: ErrorReport.detail)
///     api.use(CorrelationID())
///     try api.group("/twins", use: [authentication]) { twins in
///         try twins.get("/{id}", RouteOptions("Read a twin")) { request in
///             .json(try store.twin(request.parameters.require("id")).json)
///         }
///     }
///     let router = try Router(api)
package struct RouteGroup: Sendable {
    /// Answers one request, on the thread that the route's `execution` names. What it throws becomes the contract's own form of
    /// error.
    package typealias Handler = @Sendable (Request) throws -> Response

    let prefix: String
    private let defaults: RouteDefaults
    private var middleware: [any Middleware]
    let errors: ErrorRenderer
    /// Layers of the outermost group: they also see what no route answers.
    private(set) var outermost: [any Middleware] = []
    private let isOutermost: Bool
    private(set) var routes: [Route] = []
    /// How errors look on paths that no route answers, by whose they are.
    private(set) var owners = PathTable<ErrorRenderer>()

    package init(errors: @escaping ErrorRenderer = ErrorReport.detail) {
        prefix = ""
        defaults = RouteDefaults()
        middleware = []
        self.errors = errors
        isOutermost = true
    }

    private init(
        prefix: String, defaults: RouteDefaults, middleware: [any Middleware], errors: @escaping ErrorRenderer
    ) {
        self.prefix = prefix
        self.defaults = defaults
        self.middleware = middleware
        self.errors = errors
        isOutermost = false
    }

    /// Adds a layer around the routes added after it; the first added is outermost. On the outermost group it is around
    /// everything, also what no route answers, and must not block: it runs wherever the route runs, which may be the
    /// event loop.
    package mutating func use(_ layer: any Middleware) {
        if isOutermost { outermost.append(layer) } else { middleware.append(layer) }
    }

    /// Adds the routes that `build` adds, below `path` and inside these layers. `documented` stands where they say nothing
    /// themselves. With a path and a form of errors, the paths below it that no route answers have that form too.
    package mutating func group(
        _ path: String = "", tags: [String] = [], documented: RouteDefaults = RouteDefaults(),
        use layers: [any Middleware] = [], errors: ErrorRenderer? = nil, _ build: (inout RouteGroup) throws -> Void
    ) throws {
        var inherited = documented.inheriting(defaults)
        if !tags.isEmpty { inherited.tags = tags }
        var inner = RouteGroup(
            prefix: prefix + path, defaults: inherited, middleware: middleware + layers, errors: errors ?? self.errors)
        try build(&inner)
        routes += inner.routes
        try owners.merge(inner.owners)
        if let errors, !path.isEmpty { try owners.insert(inner.prefix, errors) }
    }

    /// Gives the errors of paths at or below `prefix` that no route answers this form. The most particular prefix counts, and
    /// of equal ones the first. Throws a `TwinError` for a prefix that is no pattern.
    package mutating func claim(_ prefix: String, errors: @escaping ErrorRenderer) throws {
        try owners.insert(prefix, errors)
    }

    /// Adds a route. Throws a `TwinError` for a pattern that is not valid.
    package mutating func on(
        _ method: HTTPMethod, _ path: String, _ options: RouteOptions = RouteOptions(), _ handler: @escaping Handler
    ) throws {
        var options = options
        defaults.complete(&options.documentation)
        let full = prefix + (path == "/" && !prefix.isEmpty ? "" : path)
        routes.append(
            Route(
                method, try RoutePattern(full.isEmpty ? "/" : full), options,
                responder: middleware.around(FunctionResponder(handler)), errors: errors))
    }

    /// Adds a route of GET, which answers HEAD too. Throws `TwinError` for a path that is no pattern; so do those below.
    package mutating func get(
        _ path: String, _ options: RouteOptions = RouteOptions(), _ handler: @escaping Handler
    ) throws { try on(.get, path, options, handler) }

    /// Adds a route of POST.
    package mutating func post(
        _ path: String, _ options: RouteOptions = RouteOptions(), _ handler: @escaping Handler
    ) throws { try on(.post, path, options, handler) }

    /// Adds a route of PUT.
    package mutating func put(
        _ path: String, _ options: RouteOptions = RouteOptions(), _ handler: @escaping Handler
    ) throws { try on(.put, path, options, handler) }

    /// Adds a route of PATCH.
    package mutating func patch(
        _ path: String, _ options: RouteOptions = RouteOptions(), _ handler: @escaping Handler
    ) throws { try on(.patch, path, options, handler) }

    /// Adds a route of DELETE.
    package mutating func delete(
        _ path: String, _ options: RouteOptions = RouteOptions(), _ handler: @escaping Handler
    ) throws { try on(.delete, path, options, handler) }
}
