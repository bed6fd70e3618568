import TwinHTTP
import TwinSupport

/// Counts each answered request for `/metrics`.
struct RequestCounting: Middleware {
    let counters: ServerCounters

    func respond(to request: Request, next: any Responder) throws -> Response {
        let started = Clock.monotonicNanoseconds
        let response = try next.respond(to: request)
        counters.answered(
            route: request.route ?? "none", method: request.method.rawValue, status: response.status.code,
            seconds: Double(Clock.monotonicNanoseconds - started) / 1e9)
        return response
    }
}
