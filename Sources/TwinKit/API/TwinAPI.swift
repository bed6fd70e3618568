import TwinHTTP

/// Everything that `twin serve` answers, as one router: the contracts, and what a server tells of itself.
package struct TwinAPI: Sendable {
    /// The sets of routes that existing front ends speak.
    package enum Contract: String, Sendable, CaseIterable { case studio }

    package struct Options: Sendable {
        package var contracts: [Contract] = Contract.allCases
        /// Origins of pages that may call the API, such as `https://app.example.org`.
        package var allowedOrigins: [String] = []
        /// Called with each request once it is answered, on the thread that answered it.
        package var accessLog: (@Sendable (AccessLogEntry) -> Void)?
        /// Called with what went wrong inside, which clients are not told.
        package var errorLog: @Sendable (_ message: String, _ correlationID: String) -> Void = { _, _ in }
        /// Connections that are open now, for the metrics.
        package var openConnections: @Sendable () -> Int = { 0 }

        package init() {}
    }

    /// Builds the router. Throws `TwinError` when two contracts claim the same route.
    package static func router(_ workspace: Workspace, _ options: Options = Options()) throws -> Router {
        let errorLog = options.errorLog
        let authenticator = try workspace.authenticator
        let authentication = Authentication { try authenticator.principal(bearer: $0, apiKey: $1, origin: $2) }
        let counters = ServerCounters(database: workspace.database, openConnections: options.openConnections)
        let context = APIContext(workspace: workspace, counters: counters, log: { errorLog($0, $1.correlationID) })

        let errors = ErrorTranslation.studio(log: context.log)
        var root = RouteGroup(errors: errors)
        root.use(CorrelationID())
        if let report = options.accessLog { root.use(AccessLog { report(withoutSecrets($0)) }) }
        root.use(RequestCounting(counters: counters))
        root.use(SecurityHeaders())
        if !options.allowedOrigins.isEmpty { root.use(CrossOrigin(origins: options.allowedOrigins, exposing: exposedFields)) }
        root.use(Compression())
        let description = OpenAPIDocument(contracts: options.contracts)
        try root.group(tags: ["Server"]) { group in
            try ServerRoutes(context: context, description: description, authentication: authentication).add(to: &group)
        }
        for contract in options.contracts {
            switch contract {
            case .studio:
                try root.group(use: [authentication]) { try StudioAPI(context: context).add(to: &$0) }
            }
        }
        let router = try Router(root)
        description.use(router.routes)
        return router
    }

    /// Tokens of share links and invitations stand in the path, and whoever reads the log could use them.
    private static func withoutSecrets(_ entry: AccessLogEntry) -> AccessLogEntry {
        var entry = entry
        if let route = entry.route {
            if route.contains("{token}") { entry.path = route }
        } else if entry.path.hasPrefix("/public/") || entry.path.hasPrefix("/auth/") {
            // Perhaps a mistyped link.
            let segments = entry.path.split(separator: "/")
            if segments.count > 2 { entry.path = "/" + segments.prefix(2).joined(separator: "/") + "/…" }
        }
        return entry
    }

    /// Fields of answers that pages of other origins may read.
    private static let exposedFields = [
        "x-correlation-id", "retry-after", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset",
    ]
}
