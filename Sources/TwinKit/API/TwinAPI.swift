import TwinHTTP
import TwinSupport

/// Everything that `twin serve` answers, as one router: contracts put together, and what a server tells of itself.
package struct TwinAPI: Sendable {
    /// What a server is told about itself; the defaults serve this machine alone.
    package struct Options: Sendable {
        package var contracts: [any Contract] = Contracts.byDefault
        /// Origins of pages that may call the API, such as `https://app.example.org`.
        package var allowedOrigins: [String] = []
        /// Called with each request once it is answered, on the thread that answered it.
        package var accessLog: (@Sendable (AccessLogEntry) -> Void)?
        /// Called with what went wrong inside, which clients are not told.
        package var errorLog: @Sendable (_ message: String, _ correlationID: String) -> Void = { _, _ in }
        /// Whose word about the client's address is taken.
        package var trustedProxies = TrustedProxies.loopback
        /// Connections that are open now, for the metrics.
        package var openConnections: @Sendable () -> Int = { 0 }
        /// What replicas know this server by; none where it has none.
        package var replicaToken: Secret?
        /// The way to the primary, where this server is a replica.
        package var replica: ReplicaLink?

        package init() {}
    }

    /// Builds the router. Throws `TwinError` when two contracts claim the same route, or one name for two schemas.
    package static func router(_ workspace: Workspace, _ options: Options = Options()) throws -> Router {
        let errorLog = options.errorLog
        let authenticator = try workspace.authenticator
        let counters = ServerCounters(database: workspace.database, openConnections: options.openConnections)
        options.replica?.show(in: counters.registry)
        let context = APIContext(
            workspace: workspace, counters: counters,
            authentication: Authentication(
                cookie: ConsoleCookie(isSecure: { workspace.publicURL.hasPrefix("https://") })
            ) { try authenticator.principal(bearer: $0, apiKey: $1, origin: $2) },
            contracts: options.contracts.map(\.name),
            pages: CrossOrigin(origins: options.allowedOrigins, exposing: exposedFields), log: { errorLog($0, $1.correlationID) })

        var root = RouteGroup(errors: ErrorTranslation.renderer(log: context.log) { error, _ in error.detailResponse })
        root.use(CorrelationID())
        let replicas = try options.replica == nil ? options.replicaToken.map { try ReplicaIdentity($0) } : nil
        if let replicas { root.use(replicas) }
        root.use(ClientIdentity(options.trustedProxies))
        if let report = options.accessLog {
            let secretPaths = try SecretPaths(ServerPages.secretPaths + options.contracts.flatMap(\.secretPaths))
            root.use(
                AccessLog { entry in
                    // A replica asks each second.
                    if entry.route == ReplicaLink.statePath, entry.status == .ok { return }
                    report(secretPaths.withoutSecrets(entry).withoutTokens())
                })
        }
        root.use(RequestCounting(counters: context.counters))
        if let link = options.replica {
            root.use(ReplicaGate(database: workspace.database, link: link))
        } else if replicas != nil {
            root.use(SequenceStamp(database: workspace.database))
        }
        root.use(SecurityHeaders())
        root.use(PrivateReplies())
        if !options.allowedOrigins.isEmpty { root.use(context.pages) }
        root.use(Compression())
        root.use(MovedTenants(workspace: workspace, authentication: context.authentication))

        let description = try OpenAPIDocument(contracts: options.contracts, server: workspace.configuration.publicURL)
        try root.group(tags: ["Server"]) { group in
            try ServerRoutes(context: context, description: description, replica: options.replica).add(to: &group)
            if replicas != nil { try ReplicaRoutes(context: context).add(to: &group) }
        }
        for contract in options.contracts { try add(contract, context, to: &root) }
        let router = try Router(root)
        description.use(router.routes)
        return router
    }

    private static func add(_ contract: any Contract, _ context: APIContext, to root: inout RouteGroup) throws {
        let errors = ErrorTranslation.renderer(log: context.log) { contract.response(to: $0, $1) }
        for prefix in contract.prefixes { try root.claim(prefix, errors: errors) }
        let documented = RouteDefaults(
            // What the document says already is not said again at each route.
            security: contract.security == OpenAPIDocument.security ? nil : contract.security.required,
            pathParameters: contract.pathParameters)
        try root.group(documented: documented, use: contract.layers(context), errors: errors) { group in
            for area in contract.routes(context) {
                try group.group(tags: [area.tag]) { try area.routes.add(to: &$0) }
            }
        }
    }

    /// Fields of answers that pages of other origins may read.
    private static let exposedFields = [
        "x-correlation-id", "retry-after", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset",
        SequenceStamp.field, "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests",
    ]
}
