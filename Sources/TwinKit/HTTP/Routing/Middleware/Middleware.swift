import TwinSupport

/// A layer around responders: it may look at the request, answer in the responder's place, or change the response.
package protocol Middleware: Sendable {
    func respond(to request: Request, next: any Responder) throws -> Response
}

/// A responder inside a layer.
struct LayeredResponder: Responder {
    let middleware: any Middleware
    let next: any Responder

    func respond(to request: Request) throws -> Response { try middleware.respond(to: request, next: next) }
}

extension Sequence<any Middleware> {
    /// `responder` inside these layers, the first of them outermost.
    func around(_ responder: any Responder) -> any Responder {
        reversed().reduce(responder) { LayeredResponder(middleware: $1, next: $0) }
    }
}

/// Turns an error into a response in the shape that a group of routes promises.
package typealias ErrorRenderer = @Sendable (any Error, Request) -> Response

/// What an error says to a client, whatever its type: the part that every contract's renderer shares.
package struct ErrorReport: Sendable {
    package var status: HTTPStatus
    package var message: String
    package var headers: [HeaderField] = []
    /// The fields that are wrong, when the request could not be decoded.
    package var issues: [FieldIssue] = []
    /// The kind of a service's error; none for what HTTP itself refuses.
    package var kind: TwinError.Kind?
    /// What is to be told in place of the message, where that is more than a sentence.
    package var detail: JSON?
    /// Whether the error was not meant for clients, so that its text is not in `message`.
    package var isInternal = false

    package init(_ error: any Error) {
        switch error {
        case let error as HTTPError:
            status = error.status
            message = error.message
            headers = error.headers
        case let error as ValidationError:
            status = .unprocessableContent
            message = error.description
            issues = error.issues
        case let error as TwinError:
            status = HTTPStatus(error.kind)
            message = error.message
            kind = error.kind
        default:
            status = .internalServerError
            message = "Internal Server Error"
            isInternal = true
        }
    }

    /// `{"detail": …}`: the message, or the list of wrong fields in the form that FastAPI's clients know.
    package var detailResponse: Response {
        let words: JSON = issues.isEmpty ? .string(message) : .array(issues.map(\.json))
        return .json(["detail": detail ?? words], status: status, headers: headers)
    }

    /// The same as a renderer.
    package static let detail: ErrorRenderer = { error, _ in ErrorReport(error).detailResponse }
}
