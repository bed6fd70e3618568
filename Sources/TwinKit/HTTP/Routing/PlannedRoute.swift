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
}
