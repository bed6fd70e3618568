/// Whatever answers a request: a handler, a router, a layer around another responder. Everything composes through this
/// one method.
///
/// It may block, unless its plan says that it runs on the event loop. What it throws becomes an error response.
package protocol Responder: Sendable {
    func respond(to request: Request) throws -> Response
}

/// A responder made of a function.
package struct FunctionResponder: Responder {
    private let function: @Sendable (Request) throws -> Response

    package init(_ function: @escaping @Sendable (Request) throws -> Response) { self.function = function }

    /// Calls the function, and throws what it throws.
    package func respond(to request: Request) throws -> Response { try function(request) }
}

/// What the server has to know about a request when only its head is there.
package struct RequestPlan: Sendable {
    /// Where the responder runs.
    package enum Execution: Sendable, Hashable {
        /// On the event loop itself: for what takes microseconds and never waits. Saves two changes of thread.
        case eventLoop
        /// On a thread of the pool for ordinary requests.
        case worker
        /// On a thread of the pool for work that lasts, so that it cannot hold up ordinary requests.
        case longRunning
    }

    /// Which thread the responder is called on.
    package var execution: Execution
    /// Bytes of content allowed; none means the server's own limit.
    package var bodyLimit: Int?
    /// Whether the responder starts at once and reads the content as it comes; it then runs as `longRunning`.
    package var streamsBody: Bool
    /// Of a responder for the event loop that has to wait now and then: whether it answers at once now. When it does not, it
    /// runs on a thread of the pool. Asked on the event loop right before the responder runs.
    package var isAtHand: (@Sendable () -> Bool)?
    /// What the planner found out: see `PlannedAnswer`.
    var planned: (any PlannedAnswer)?
    /// Whether the responder looks at `Request.rejection`. A responder that does not must never see such a request: it
    /// would take the missing content for none.
    var rendersRejections = false

    package init(execution: Execution = .worker, bodyLimit: Int? = nil, streamsBody: Bool = false) {
        self.execution = execution
        self.bodyLimit = bodyLimit
        self.streamsBody = streamsBody
    }
}

/// Decides how a request is taken in, from its head alone. Called on the event loop: it must be quick.
package protocol RequestPlanner: Sendable {
    func plan(for head: RequestHead) -> RequestPlan
}

/// Plans every request alike.
package struct UniformPlanner: RequestPlanner {
    private let plan: RequestPlan
    package init(_ plan: RequestPlan = RequestPlan()) { self.plan = plan }
    /// The same plan for every head.
    package func plan(for head: RequestHead) -> RequestPlan { plan }
}
