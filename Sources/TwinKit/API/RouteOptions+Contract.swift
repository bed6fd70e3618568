import TwinHTTP
import TwinSupport

/// How the routes of a contract are documented: a summary, what goes in, what comes out, and the errors that can happen.
extension RouteOptions {
    /// What a route may answer beside its success.
    enum Errors {
        /// Anybody may call it, without credentials.
        case publicRead, publicWrite
        /// A user or an API key.
        case read, write
        /// Only a user: no API key is ever enough.
        case userRead, userWrite
        /// Asks a question.
        case chat

        var statuses: [HTTPStatus] {
            switch self {
            case .publicRead:
                [.badRequest, .notFound, .conflict, .gone, .unprocessableContent, .tooManyRequests, .serviceUnavailable]
            case .publicWrite:
                [
                    .badRequest, .unauthorized, .forbidden, .notFound, .conflict, .gone, .contentTooLarge,
                    .unsupportedMediaType, .unprocessableContent, .tooManyRequests, .serviceUnavailable, .insufficientStorage,
                ]
            case .read, .userRead:
                [.badRequest, .unauthorized, .forbidden, .notFound, .gone, .unprocessableContent, .serviceUnavailable]
            case .write, .userWrite, .chat:
                [
                    .badRequest, .unauthorized, .forbidden, .notFound, .conflict, .gone, .contentTooLarge,
                    .unsupportedMediaType, .unprocessableContent, .tooManyRequests, .serviceUnavailable, .insufficientStorage,
                ]
            }
        }

        var security: [String]? {
            switch self {
            case .publicRead, .publicWrite: []
            case .userRead, .userWrite: ["bearer"]
            case .read, .write, .chat: nil
            }
        }
    }

    /// A route of a contract.
    /// - Parameters:
    ///   - body: the schema of the JSON that it takes.
    ///   - answer: the schema of the JSON that it gives.
    static func contract(
        _ summary: String, _ errors: Errors, description: String = "", parameters: [RouteDocumentation.Parameter] = [],
        body: JSON? = nil, example: JSON? = nil, form: JSON? = nil, answer: JSON, answerType: String = "application/json",
        orElse others: [RouteDocumentation.Content] = [], answersOnReplica: Bool = false,
        execution: RequestPlan.Execution = .worker, bodyLimit: Int? = nil, streamsBody: Bool = false
    ) -> RouteOptions {
        var request = body.map { RouteDocumentation.Content($0, example: example) }
        if let form { request = RouteDocumentation.Content(form, type: "multipart/form-data") }
        let failure = RouteDocumentation.Content(JSONSchema.reference("Error"))
        let answers =
            [RouteDocumentation.Answer(.ok, content: .init(answer, type: answerType), orElse: others)]
            + errors.statuses.map { status in RouteDocumentation.Answer(status, content: failure) }
        var options = RouteOptions(
            summary, execution: execution, bodyLimit: bodyLimit, streamsBody: streamsBody,
            documentation: RouteDocumentation(
                description: description, parameters: parameters, request: request, answers: answers,
                security: errors.security))
        options.answersOnReplica = answersOnReplica
        return options
    }
}

extension RouteDocumentation.Parameter {
    /// A query parameter documented by the rule that reads it.
    static func query<Value>(_ name: String, _ rule: FieldRule<Value>, _ description: String = "") -> Self {
        .init(name, in: .query, schema: rule.schema, description: description)
    }
}

extension JSONSchema {
    /// An object that is sent: these members, of which the `required` ones must be there, and one at
    /// least of `anyOf`. A member that may be missing may be `null`, which means the same: `FieldDecoder.optional` reads it so.
    static func input(_ members: JSONObject, required: [String] = [], anyOf choice: [String] = []) -> JSON {
        let properties = members.members.map { member in
            (key: member.key, value: required.contains(member.key) ? member.value : nullable(member.value))
        }
        var schema: JSONObject = [
            "type": "object", "properties": .object(JSONObject(properties)), "required": .strings(required),
        ]
        if !choice.isEmpty {
            schema["anyOf"] = .array(
                choice.map { name in
                    [
                        "required": [.string(name)],
                        "properties": .object(JSONObject([(key: name, value: members[name] ?? [:])])),
                    ]
                })
        }
        return .object(schema)
    }

    /// An object that changes something: one member at least.
    static func change(_ members: JSONObject) -> JSON { input(members, anyOf: members.keys) }

    /// An object that is answered: these members are always there, and others may be.
    static func output(_ members: JSONObject) -> JSON { object(members) }

    static let nullableString = nullable(string)
    static let nullableDateTime = nullable(dateTime)
    static let nullableInteger = nullable(integer)
    static let nullableNumber = nullable(number)
}
