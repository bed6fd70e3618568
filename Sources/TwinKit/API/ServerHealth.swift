import Synchronization
import TwinHTTP
import TwinSupport

/// Whether the server is well, for people, front ends and whatever watches over it. `/health` is what every contract wants of it
/// together, so that no contract has its own.
struct ServerHealth: RouteCollection {
    private let services: ServiceProbe
    private let replica: ReplicaLink?
    private let page = Page()

    /// With `replica`, the server is ready only while its file is as new as a replica's has to be.
    init(services: ServiceProbe, replica: ReplicaLink? = nil) {
        self.services = services
        self.replica = replica
    }

    private static let health = JSONSchema.output([
        "status": JSONSchema.oneOf(["healthy", "degraded", "unhealthy"]), "service": JSONSchema.string,
        "version": JSONSchema.string, "database": JSONSchema.oneOf(["up", "down"]), "services": services,
    ])

    private static let readiness = JSONSchema.output(["status": JSONSchema.oneOf(["ready", "not ready"]), "services": services])

    private static let services: JSON = [
        "type": "object", "additionalProperties": JSONSchema.oneOf(ServiceProbe.State.allCases.map(\.rawValue)),
        "description": "The state of each service by name, at most five seconds old",
    ]

    func add(to group: inout RouteGroup) throws {
        try group.get("/", Self.options("Report that the server is running", Self.alive)) { _ in .json(Self.aliveBody) }
        try group.get(
            "/health",
            Self.options("Report the health of the server and its services", Self.health, isAtHand: { services.isAtHand })
        ) { _ in .bytes(page.bytes(services.report()), type: "application/json") }
        try group.get(
            "/readyz",
            Self.options(
                "Report whether requests can be served", Self.readiness,
                or: .init(.serviceUnavailable, content: .init(Self.readiness)), isAtHand: { services.isAtHand })
        ) { _ in
            let report = services.report()
            var body: JSONObject = ["services": Self.services(report)]
            var isReady = report.isReady
            if let replica {
                let standing = replica.standing
                isReady = isReady && !standing.isRefusal
                body["replica"] = replica.json
            }
            body["status"] = isReady ? "ready" : "not ready"
            return .json(
                .object(body), status: isReady ? .ok : .serviceUnavailable,
                headers: isReady ? [] : [HeaderField("retry-after", "5")])
        }
    }

    private static let alive = JSONSchema.output([
        "status": JSONSchema.string, "service": JSONSchema.string, "version": JSONSchema.string,
    ])

    private static let aliveBody: JSON = ["status": "healthy", "service": "twin", "version": .string(TwinVersion.current)]

    /// Asks for no name, and runs on the event loop: a look at whether the server lives waits for nothing.
    private static func options(
        _ summary: String, _ schema: JSON, or other: RouteDocumentation.Answer? = nil, isAtHand: (@Sendable () -> Bool)? = nil
    ) -> RouteOptions {
        RouteOptions(
            summary, execution: .eventLoop, isAtHand: isAtHand,
            documentation: RouteDocumentation(
                answers: [.init(.ok, content: .init(schema))] + (other.map { [$0] } ?? []), security: []))
    }

    /// The names that the contracts' clients know the services by.
    private static func services(_ report: ServiceProbe.Report) -> JSON {
        .object(
            JSONObject(
                report.entries.map { entry in
                    let name =
                        switch entry.service {
                        case .database: "database"
                        case .index: "pinecone"
                        case .storage: "storage"
                        case .languageModel: "openai"
                        case .embeddingModel: "embeddings"
                        }
                    return (key: name, value: .string(entry.state.rawValue))
                }))
    }

    private static func body(_ report: ServiceProbe.Report) -> JSON {
        [
            "status": report.isReady ? report.isHealthy ? "healthy" : "degraded" : "unhealthy", "service": "twin",
            "version": .string(TwinVersion.current), "database": report[.database] == .down ? "down" : "up",
            "services": services(report),
        ]
    }

    /// The body of `/health` as it was written last: what is asked for most is made least.
    private final class Page: Sendable {
        private let last = Mutex<(report: ServiceProbe.Report, bytes: [UInt8])?>(nil)

        func bytes(_ report: ServiceProbe.Report) -> [UInt8] {
            last.withLock { last in
                if let last, last.report == report { return last.bytes }
                let bytes = JSONWriter.bytes(ServerHealth.body(report))
                last = (report, bytes)
                return bytes
            }
        }
    }
}
