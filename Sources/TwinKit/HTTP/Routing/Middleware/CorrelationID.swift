import Synchronization
import TwinSupport

/// Gives each request a name that logs, errors and the client share: the client's own `x-correlation-id` or
/// `x-request-id`, if it is a plain word, else a new one. The response carries it.
package struct CorrelationID: Middleware {
    /// Characters of a client's name that are taken; more, or others, could forge lines of a log.
    private static let maximumLength = 128

    private let prefix: String
    private let counter: Counter

    private final class Counter: Sendable {
        let value = Atomic<UInt64>(0)
    }

    package init() {
        prefix = String(UInt64.random(in: .min ... .max), radix: 36) + "-"
        counter = Counter()
    }

    /// Takes the client's own id where it is a sane one, else makes one that is unique in this server's life, and answers with
    /// it.
    package func respond(to request: Request, next: any Responder) throws -> Response {
        var request = request
        request.correlationID =
            Self.given(request) ?? prefix
            + String(
                counter.value.wrappingAdd(1, ordering: .relaxed).newValue, radix: 36)
        var response = try next.respond(to: request)
        response.headers.append(HeaderField("x-correlation-id", request.correlationID))
        return response
    }

    private static func given(_ request: Request) -> String? {
        guard let given = request.headers["x-correlation-id"] ?? request.headers["x-request-id"],
            (1...maximumLength).contains(given.utf8.count), given.utf8.allSatisfy(HTTPByte.isToken)
        else { return nil }
        return given
    }
}
