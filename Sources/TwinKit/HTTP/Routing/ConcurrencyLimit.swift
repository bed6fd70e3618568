import Synchronization

/// Lets at most so many requests of a group be answered at once; one more is 503 with `Retry-After`. It keeps one
/// expensive kind of request from taking all threads.
package final class ConcurrencyLimit: Middleware {
    private let maximum: Int
    private let running = Atomic<Int>(0)

    package init(_ maximum: Int) { self.maximum = maximum }

    package func respond(to request: Request, next: any Responder) throws -> Response {
        defer { running.wrappingSubtract(1, ordering: .relaxed) }
        guard running.wrappingAdd(1, ordering: .relaxed).newValue <= maximum else {
            throw HTTPError.overloaded("Too many requests of this kind at once; try again soon")
        }
        return try next.respond(to: request)
    }
}
