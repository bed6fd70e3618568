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
    package typealias Handler = @Sendable (Request) throws -> Response

    let prefix: String
    private let tags: [String]
    private var middleware: [any Middleware]
    let errors: ErrorRenderer
    /// Layers of the outermost group: they also see what no route answers.
    private(set) var outermost: [any Middleware] = []
    private let isOutermost: Bool
    private(set) var routes: [Route] = []
    /// Prefixes of groups with their renderers, for paths below them that no route answers.
    private(set) var renderers: [(prefix: String, errors: ErrorRenderer)] = []

    package init(errors: @escaping ErrorRenderer = ErrorReport.detail) {
        prefix = ""
        tags = []
        middleware = []
        self.errors = errors
        isOutermost = true
    }

    private init(prefix: String, tags: [String], middleware: [any Middleware], errors: @escaping ErrorRenderer) {
        self.prefix = prefix
        self.tags = tags
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

    /// Adds the routes that `build` adds, below `path` and inside these layers.
    package mutating func group(
        _ path: String = "", tags: [String] = [], use layers: [any Middleware] = [], errors: ErrorRenderer? = nil,
        _ build: (inout RouteGroup) throws -> Void
    ) throws {
        var inner = RouteGroup(
            prefix: prefix + path, tags: tags.isEmpty ? self.tags : tags, middleware: middleware + layers,
            errors: errors ?? self.errors)
        try build(&inner)
        routes += inner.routes
        if errors != nil { renderers.append((inner.prefix, inner.errors)) }
        renderers += inner.renderers
    }

    /// Adds a route. Throws a `TwinError` for a pattern that is not valid.
    package mutating func on(
        _ method: HTTPMethod, _ path: String, _ options: RouteOptions = RouteOptions(), _ handler: @escaping Handler
    ) throws {
        var options = options
        if options.documentation.tags.isEmpty { options.documentation.tags = tags }
        let full = prefix + (path == "/" && !prefix.isEmpty ? "" : path)
        routes.append(
            Route(
                method, try RoutePattern(full.isEmpty ? "/" : full), options,
                responder: middleware.around(FunctionResponder(handler)), errors: errors))
    }

    package mutating func get(
        _ path: String, _ options: RouteOptions = RouteOptions(), _ handler: @escaping Handler
    ) throws { try on(.get, path, options, handler) }

    package mutating func post(
        _ path: String, _ options: RouteOptions = RouteOptions(), _ handler: @escaping Handler
    ) throws { try on(.post, path, options, handler) }

    package mutating func put(
        _ path: String, _ options: RouteOptions = RouteOptions(), _ handler: @escaping Handler
    ) throws { try on(.put, path, options, handler) }

    package mutating func patch(
        _ path: String, _ options: RouteOptions = RouteOptions(), _ handler: @escaping Handler
    ) throws { try on(.patch, path, options, handler) }

    package mutating func delete(
        _ path: String, _ options: RouteOptions = RouteOptions(), _ handler: @escaping Handler
    ) throws { try on(.delete, path, options, handler) }
}
