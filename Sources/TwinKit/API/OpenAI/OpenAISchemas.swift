import TwinHTTP
import TwinSupport

/// The shapes of OpenAI's interface in the API's description.
enum OpenAISchemas {
    static let all: JSONObject = [
        "OpenAIError": JSONSchema.object([
            "error": JSONSchema.object([
                "message": JSONSchema.string, "type": JSONSchema.string, "param": JSONSchema.nullable(JSONSchema.string),
                "code": JSONSchema.nullable(JSONSchema.string),
            ])
        ]),
        "OpenAIModel": JSONSchema.object([
            "id": JSONSchema.string, "object": JSONSchema.oneOf(["model"]), "created": JSONSchema.integer,
            "owned_by": JSONSchema.string,
        ]),
        "OpenAIModelList": JSONSchema.object([
            "object": JSONSchema.oneOf(["list"]), "data": JSONSchema.array(JSONSchema.reference("OpenAIModel")),
        ]),
        "OpenAICompletion": JSONSchema.object([
            "id": JSONSchema.string, "object": JSONSchema.oneOf(["chat.completion"]), "created": JSONSchema.integer,
            "model": JSONSchema.string, "choices": JSONSchema.array(JSONSchema.object), "usage": JSONSchema.object,
        ]),
        "OpenAIResponse": JSONSchema.object([
            "id": JSONSchema.string, "object": JSONSchema.oneOf(["response"]), "created_at": JSONSchema.integer,
            "status": JSONSchema.string, "model": JSONSchema.string, "output": JSONSchema.array(JSONSchema.object),
        ]),
        "OpenAIEmbeddingList": JSONSchema.object([
            "object": JSONSchema.oneOf(["list"]), "data": JSONSchema.array(JSONSchema.object), "model": JSONSchema.string,
            "usage": JSONSchema.object,
        ]),
        "OpenAIVectorStore": JSONSchema.object([
            "id": JSONSchema.string, "object": JSONSchema.oneOf(["vector_store"]), "name": JSONSchema.string,
            "status": JSONSchema.string,
        ]),
        "OpenAIFile": JSONSchema.object([
            "id": JSONSchema.string, "object": JSONSchema.oneOf(["file"]), "bytes": JSONSchema.integer,
            "created_at": JSONSchema.integer, "filename": JSONSchema.string, "purpose": JSONSchema.string,
            "status": JSONSchema.string,
        ]),
        "OpenAIVectorStoreFile": JSONSchema.object([
            "id": JSONSchema.string, "object": JSONSchema.oneOf(["vector_store.file"]), "created_at": JSONSchema.integer,
            "vector_store_id": JSONSchema.string, "usage_bytes": JSONSchema.integer, "status": JSONSchema.string,
            "last_error": JSONSchema.nullable(JSONSchema.object), "attributes": JSONSchema.object,
        ]),
        "OpenAIPage": JSONSchema.object([
            "object": JSONSchema.oneOf(["list"]), "data": JSONSchema.array(JSONSchema.object), "first_id": JSONSchema.string,
            "last_id": JSONSchema.string, "has_more": JSONSchema.boolean,
        ]),
        "OpenAIDeleted": JSONSchema.object([
            "id": JSONSchema.string, "object": JSONSchema.string, "deleted": JSONSchema.boolean,
        ]),
    ]

    private static let content: JSON = ["anyOf": [JSONSchema.string, JSONSchema.array(JSONSchema.object)]]

    private static let message = JSONSchema.object(
        ["role": JSONSchema.oneOf(["system", "developer", "user", "assistant", "tool"]), "content": content],
        required: ["role", "content"])

    /// Fields of twin's own, which OpenAI's clients send in `extra_body`.
    private static let twin = JSONSchema.object(["sources": JSONSchema.boolean], required: [])

    static let completionRequest = JSONSchema.input(
        [
            "model": JSONSchema.string, "messages": JSONSchema.array(message), "stream": JSONSchema.boolean,
            "stream_options": JSONSchema.object(["include_usage": JSONSchema.boolean], required: []),
            "store": JSONSchema.boolean, "twin": twin,
        ], required: ["model", "messages"])

    static let responseRequest = JSONSchema.input(
        [
            "model": JSONSchema.string, "input": ["anyOf": [JSONSchema.string, JSONSchema.array(message)]],
            "stream": JSONSchema.boolean, "store": JSONSchema.boolean, "previous_response_id": JSONSchema.string,
            "instructions": JSONSchema.string, "twin": twin,
        ], required: ["model", "input"])
}
