import Synchronization
import TwinSupport

/// What all event loops of a server share: its settings, who answers, and where blocking work runs.
final class ServerService: Sendable {
    let configuration: ServerConfiguration
    let responder: any Responder
    let planner: any RequestPlanner
    let workers: WorkerPool
    let longRunning: WorkerPool
    let tls: TLSContext?
    /// Open connections at once: what is configured, and fewer where the process may not open so many descriptors.
    let maximumConnections: Int
    private let openConnections = Atomic<Int>(0)
    private let turn = Atomic<Int>(0)
    private let loops = Mutex<[EventLoop]>([])

    init(configuration: ServerConfiguration, responder: any Responder, planner: any RequestPlanner) throws {
        tls = try configuration.tls.map(TLSContext.init)
        self.configuration = configuration
        maximumConnections = min(configuration.maximumConnections, DescriptorLimit.raise().forConnections)
        self.responder = responder
        self.planner = planner
        workers = WorkerPool(
            maximumThreads: configuration.workerThreads, maximumWaiting: configuration.waitingRequests)
        longRunning = WorkerPool(
            maximumThreads: configuration.longRunningThreads, maximumWaiting: configuration.waitingRequests,
            // Work that lasts mostly waits, for the disk or for others.
            baseThreads: 64)
    }

    var connectionCount: Int { openConnections.load(ordering: .relaxed) }

    func use(_ loops: [EventLoop]) { self.loops.withLock { $0 = loops } }

    /// Connections go to the loops in turn, which spreads few long-lived ones better than the kernel's hash.
    func nextLoop() -> EventLoop? {
        let number = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        return loops.withLock { loops in loops.isEmpty ? nil : loops[Int(number.magnitude % UInt(loops.count))] }
    }

    func postToAll(_ message: EventLoop.Message) {
        for loop in loops.withLock({ $0 }) { loop.post(message) }
    }

    /// Counts a connection in, unless there are too many.
    func connectionBegins() -> Bool {
        let count = openConnections.wrappingAdd(1, ordering: .relaxed).newValue
        if count <= maximumConnections { return true }
        connectionEnded()
        return false
    }

    func connectionEnded() { openConnections.wrappingSubtract(1, ordering: .relaxed) }

    /// The response to a request, also when the responder throws.
    func answer(_ request: Request) -> Response {
        do {
            return try responder.respond(to: request)
        } catch {
            return Self.plainResponse(to: error)
        }
    }

    func pool(_ execution: RequestPlan.Execution) -> WorkerPool {
        execution == .longRunning ? longRunning : workers
    }

    /// An error as JSON, for what happens before any layer could render it: clients of an API parse what they get. Errors
    /// of unknown type say nothing, as they could hold anything.
    static func plainResponse(to error: any Error) -> Response {
        switch error {
        case let error as HTTPError: plain(error.message, error.status, error.headers)
        case let error as TwinError: plain(error.message, HTTPStatus(error.kind))
        default: plain("The server failed to answer", .internalServerError)
        }
    }

    private static func plain(_ message: String, _ status: HTTPStatus, _ headers: [HeaderField] = []) -> Response {
        .json(["detail": .string(message)], status: status, headers: headers)
    }
}
