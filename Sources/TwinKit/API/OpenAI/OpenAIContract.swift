import TwinHTTP
import TwinSupport

/// OpenAI's interface over twins: a twin is a model, so that any client of that interface can ask one
/// (https://platform.openai.com/docs/api-reference).
package struct OpenAIContract: Contract {
    package let name = "openai"
    package let prefixes = ["/v1"]
    package let schemas = OpenAISchemas.all
    package let pathParameters: JSONObject = [
        "model": JSONSchema.string, "response_id": JSONSchema.string, "file_id": JSONSchema.string,
    ]
    package let replyForm = ReplyForm.document

    package init() {}

    /// An error in OpenAI's form, whose `type` and `code` its clients tell apart; the status may be another than twin's own.
    package func response(to error: ErrorReport, _ request: Request) -> Response {
        .json(OpenAIError(error).json, status: OpenAIError(error).status, headers: error.headers)
    }

    /// What OpenAI's clients need to ask a twin: models, completions, responses, embeddings, files, vector stores.
    package func routes(_ context: APIContext) -> [RouteArea] {
        [
            RouteArea("OpenAI", OpenAIModels(context: context)), RouteArea("OpenAI", OpenAICompletions(context: context)),
            RouteArea("OpenAI", OpenAIResponses(context: context)), RouteArea("OpenAI", OpenAIEmbeddings(context: context)),
            RouteArea("OpenAI", OpenAIVectorStores(context: context)), RouteArea("OpenAI", OpenAIFiles(context: context)),
            RouteArea("OpenAI", OpenAIVectorStoreFiles(context: context)),
        ]
    }
}

/// An error as OpenAI's clients read it: `{"error": {message, type, param, code}}`.
struct OpenAIError {
    let status: HTTPStatus
    let json: JSON

    init(_ report: ErrorReport) {
        // Fields that are wrong are 400 here: clients have no word for 422.
        status = report.status == .unprocessableContent ? .badRequest : report.status
        let (type, code): (String, String?) =
            switch status {
            case .unauthorized: ("invalid_request_error", "invalid_api_key")
            case .forbidden: ("permission_error", "permission_denied")
            case .notFound: ("invalid_request_error", report.detail?["code"]?.stringValue ?? "not_found")
            case .tooManyRequests: ("rate_limit_error", "rate_limit_exceeded")
            case let status where status.code >= 500: ("server_error", nil)
            default: ("invalid_request_error", report.detail?["code"]?.stringValue)
            }
        let field = report.issues.first
        json = [
            "error": [
                "message": .string(
                    field.map { "\($0.dottedPath): \($0.message)" } ?? report.detail?["message"]?.stringValue ?? report.message),
                "type": .string(type),
                "param": .optional(field?.dottedPath), "code": .optional(code),
            ]
        ]
    }

    /// Of an error, for a stream that has begun.
    static func event(_ error: any Error) -> JSON { OpenAIError(ErrorTranslation.report(error)).json }
}

/// A model that does not exist for the caller. Clients know this code and do not try again.
struct NoSuchModel {
    static func error(_ name: String) -> DetailedError {
        DetailedError(
            status: .notFound,
            detail: [
                "code": "model_not_found",
                "message": .string("there is no model '\(name.prefix(200))'; GET /v1/models lists those you may use"),
            ])
    }
}

extension FieldIssue {
    /// The field's place in the way that OpenAI writes it: `messages[0].content`.
    var dottedPath: String {
        var text = ""
        for step in location.dropFirst() {
            switch step {
            case .name(let name): text += (text.isEmpty ? "" : ".") + name
            case .index(let index): text += "[\(index)]"
            }
        }
        return text.isEmpty ? "body" : text
    }
}
