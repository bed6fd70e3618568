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
        case let error as TwinError where error.kind == .storageFull:
            return HTTPError(
                .insufficientStorage, "the server's disk is full; nothing was stored, try again when there is room")
        case let error as TwinError where error.kind == .failed:
            // Its words may name files or statements of this machine; the log has them.
            return InternalError(underlying: error)
        default: return error
        }
    }

    /// What an error says to a client, for a contract to give it its form.
    static func report(_ error: any Error) -> ErrorReport {
        if let error = error as? DetailedError {
            var report = ErrorReport(HTTPError(error.status, error.status.reason))
            report.detail = error.detail
            return report
        }
        var report = ErrorReport(translate(error))
        report.kind = kind(error)
        return report
    }

    /// The kind of a service's error, however HTTP tells it.
    private static func kind(_ error: any Error) -> TwinError.Kind? {
        switch error {
        case is RateLimit.Exceeded: .limitReached
        case let error as DatabaseError: TwinError(error).kind
        case let error as TwinError: error.kind
        default: nil
        }
    }

    /// Renders errors in a form, and logs what clients are not told.
    static func renderer(
        log: @escaping @Sendable (String, Request) -> Void,
        _ form: @escaping @Sendable (ErrorReport, Request) -> Response
    ) -> ErrorRenderer {
        { error, request in
            let report = report(error)
            if report.isInternal || report.status == .insufficientStorage { log("\(error)", request) }
            return form(report, request)
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
