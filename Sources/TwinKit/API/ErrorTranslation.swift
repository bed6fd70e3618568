import TwinDatabase
import TwinHTTP
import TwinSupport

/// Gives the errors of services the form that HTTP has for them: what is not an HTTP error yet gets its status and fields.
enum ErrorTranslation {
    static func translate(_ error: any Error) -> any Error {
        switch error {
        case let error as RateLimit.Exceeded:
            return HTTPError(
                .tooManyRequests, error.error.message,
                headers: [HeaderField("retry-after", String(error.status.secondsLeft()))] + error.status.fields)
        case let error as DatabaseError: return translate(TwinError(error))
        case let error as TwinError where error.kind == .unauthenticated:
            // RFC 9110 section 15.5.2 asks for the field with every 401.
            return HTTPError(.unauthorized, error.message, headers: [HeaderField("www-authenticate", "Bearer")])
        case let error as TwinError where error.kind == .busy:
            return HTTPError(.serviceUnavailable, error.message, headers: [HeaderField("retry-after", "1")])
        case let error as TwinError where error.kind == .failed:
            // Its words may name files or statements of this machine; the log has them.
            return InternalError(underlying: error)
        default: return error
        }
    }

    /// The studio contract's errors: `{"detail": …}`, 500 where the server itself is not set up.
    static func studio(log: @escaping @Sendable (String, Request) -> Void) -> ErrorRenderer {
        { error, request in
            switch translate(error) {
            case let error as DetailedError:
                return .json(["detail": error.detail], status: error.status)
            case let error as TwinError where error.kind == .notConfigured:
                return ErrorReport.detail(HTTPError(.internalServerError, error.message), request)
            case let translated:
                if ErrorReport(translated).isInternal { log("\(error)", request) }
                return ErrorReport.detail(translated, request)
            }
        }
    }

    /// What is told as "Internal Server Error".
    private struct InternalError: Error { let underlying: TwinError }
}

/// An error whose detail is more than a sentence.
struct DetailedError: Error {
    var status: HTTPStatus
    var detail: JSON
}

extension RateLimit.Status {
    /// How much is left, in the fields that clients know.
    var fields: [HeaderField] {
        [
            HeaderField("x-ratelimit-limit", String(limit)), HeaderField("x-ratelimit-remaining", String(remaining)),
            HeaderField("x-ratelimit-reset", String(resetsAt.milliseconds / 1000)),
        ]
    }
}

extension [RateLimit.Status] {
    /// The fields of the limit that is nearest.
    var fields: [HeaderField] { self.min { $0.remaining < $1.remaining }?.fields ?? [] }
}
