/// What a planner found out about who answers, kept with the request for the responder that belongs to the planner. The server
/// carries it and does not look at it.
package protocol PlannedAnswer: AnyObject, Sendable {}
