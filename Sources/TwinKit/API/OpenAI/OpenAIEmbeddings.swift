import TwinHTTP
import TwinSupport

/// `POST /v1/embeddings` through the embedding model that is configured.
struct OpenAIEmbeddings: RouteCollection {
    let context: APIContext

    /// Texts in one request, and bytes in one text.
    private static let maximumTexts = 256
    private static let maximumBytes = 32_768

    func add(to group: inout RouteGroup) throws {
        try group.post(
            "/v1/embeddings",
            .openAI(
                "Turn texts into vectors with the configured embedding model",
                body: JSONSchema.input(
                    [
                        "model": JSONSchema.string, "input": ["anyOf": [JSONSchema.string, JSONSchema.array(JSONSchema.string)]],
                        "encoding_format": JSONSchema.oneOf(["float", "base64"]),
                    ], required: ["model", "input"]),
                answer: JSONSchema.reference("OpenAIEmbeddingList"), execution: .longRunning),
            embed)
    }

    private func embed(_ request: Request) throws -> Response {
        // It costs what the model costs, so it takes a caller who may read something here.
        try context.authorizer.requireMonitoring(request.principal)
        var body = try request.bodyFields()
        let name = body.required("model", .string(1...200))
        let format = body.optional("encoding_format", .oneOf(["float", "base64"])) ?? "float"
        let texts = Self.texts(body.required("input", .any), &body)
        try body.validate()
        guard let model = context.workspace.embeddingModel, model.name == name else {
            throw NoSuchModel.error(name)
        }
        let vectors: [[Float]]
        do {
            vectors = try model.embed(texts, as: .document, isCancelled: { request.isCancelled })
        } catch let error as ProviderError {
            throw error.twinError
        }
        let tokens = texts.reduce(0) { $0 + GroupLimits.tokens($1) }
        return .json([
            "object": "list", "model": .string(name),
            "data": .array(
                vectors.enumerated().map { index, vector in
                    ["object": "embedding", "index": .number(index), "embedding": Self.json(vector, format)]
                }),
            "usage": ["prompt_tokens": .number(tokens), "total_tokens": .number(tokens)],
        ])
    }

    private static func texts(_ value: JSON, _ body: inout FieldDecoder) -> [String] {
        let texts = value.stringValue.map { [$0] } ?? value.arrayValue?.compactMap(\.stringValue) ?? []
        let count = value.arrayValue?.count ?? texts.count
        if texts.isEmpty || texts.count != count {
            body.fail("input", "a text or a list of texts is expected; tokens are not read here")
        } else if texts.count > maximumTexts {
            body.fail("input", "at most \(maximumTexts) texts a request")
        } else if texts.contains(where: { $0.isEmpty || $0.utf8.count > maximumBytes }) {
            body.fail("input", "each text has 1 to \(maximumBytes) bytes")
        }
        return texts
    }

    /// Numbers, or base 64 of 32-bit floats with the low byte first.
    private static func json(_ vector: [Float], _ format: String) -> JSON {
        guard format == "base64" else { return .array(vector.map { .double(Double($0)) }) }
        let bytes = vector.flatMap { number in
            let bits = number.bitPattern
            return [
                UInt8(truncatingIfNeeded: bits), UInt8(truncatingIfNeeded: bits >> 8), UInt8(truncatingIfNeeded: bits >> 16),
                UInt8(truncatingIfNeeded: bits >> 24),
            ]
        }
        return .string(Base64.standard.encode(bytes))
    }
}
