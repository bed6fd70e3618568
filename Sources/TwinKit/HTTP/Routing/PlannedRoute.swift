/// The route that was found when a request's head had come, on its way to the router that found it.
private final class PlannedRoute: PlannedAnswer {
    let match: RouteMatch

    init(_ match: RouteMatch) { self.match = match }
}

extension RequestPlan {
    var match: RouteMatch? {
        get { (planned as? PlannedRoute)?.match }
        set { planned = newValue.map(PlannedRoute.init) }
    }
}

extension Request {
    var match: RouteMatch? {
        get { (planned as? PlannedRoute)?.match }
        set { planned = newValue.map(PlannedRoute.init) }
    }
    /// Where the handler of the route runs; none where no route answers.
    package var execution: RequestPlan.Execution? { match?.route?.plan.execution }

    /// Whether the route answers on a replica though its method changes things: see `RouteOptions.answersOnReplica`.
    package var answersOnReplica: Bool { match?.route?.options.answersOnReplica ?? false }
}

/// Plans as a router does, for a server that passes on what would change something: that waits for another server, and so on a thread
/// for what takes long.
package struct ForwardingPlanner: RequestPlanner {
    private let planner: any RequestPlanner

    package init(_ planner: any RequestPlanner) { self.planner = planner }

    /// The plan of a read as it is, of anything else on a thread of its own.
    package func plan(for head: RequestHead) -> RequestPlan {
        var plan = planner.plan(for: head)
        switch head.method {
        case .get, .head, .options: break
        default: if plan.match?.route != nil { plan.execution = .longRunning }
        }
        return plan
    }
}
