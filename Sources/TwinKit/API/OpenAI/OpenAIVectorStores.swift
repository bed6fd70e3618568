import TwinHTTP
import TwinSupport

/// Twins as vector stores, to be searched and looked through. They are made and filled elsewhere.
struct OpenAIVectorStores: RouteCollection {
    let context: APIContext

    private static let prefix = "vs_"

    func add(to group: inout RouteGroup) throws {
        let store = JSONSchema.reference("OpenAIVectorStore")
        try group.get("/v1/vector_stores", .openAI("List twins as vector stores", answer: JSONSchema.object), list)
        try group.get("/v1/vector_stores/{store_id}", .openAI("Read a twin as a vector store", answer: store), read)
        try group.get(
            "/v1/vector_stores/{store_id}/files", .openAI("List a twin's documents", answer: JSONSchema.object), files)
        try group.post(
            "/v1/vector_stores/{store_id}/search",
            .openAI(
                "Find the passages of a twin's documents that match a query",
                body: JSONSchema.input(
                    [
                        "query": ["anyOf": [JSONSchema.string, JSONSchema.array(JSONSchema.string)]],
                        "max_num_results": FieldRule.int(1...50).schema,
                    ], required: ["query"]),
                answer: JSONSchema.object),
            search)
    }

    private func twin(_ request: Request) throws -> Twin {
        let name = try request.parameters.require("store_id")
        do {
            guard name.hasPrefix(Self.prefix) else { throw TwinError(.notFound, "") }
            return try context.authorizer.activeTwin(
                String(name.dropFirst(Self.prefix.count)), .read, as: request.principal)
        } catch let error as TwinError where error.kind == .notFound {
            throw DetailedError(
                status: .notFound,
                detail: ["code": "not_found", "message": .string("there is no vector store '\(name.prefix(100))'")])
        }
    }

    private func list(_ request: Request) throws -> Response {
        let stores = try context.authorizer.twins(visibleTo: request.principal).map { try json($0, request) }
        return .json(Self.page(stores))
    }

    private func read(_ request: Request) throws -> Response { .json(try json(try twin(request), request)) }

    private func readable(_ twin: Twin, _ request: Request) throws -> [Source] {
        let clearance = try context.authorizer.clearance(of: twin, as: request.principal)
        return try context.workspace.sources.list(twin: twin, grantedTo: clearance.group?.key)
    }

    private func json(_ twin: Twin, _ request: Request) throws -> JSON {
        let sources = try readable(twin, request)
        let live = sources.filter { $0.textKey != nil }
        return [
            "id": .string(Self.prefix + twin.id), "object": "vector_store", "created_at": .number(twin.createdAt.seconds),
            "name": .string(twin.slug), "usage_bytes": .number(live.reduce(0) { $0 + $1.textBytes }), "status": "completed",
            "file_counts": [
                "in_progress": 0, "completed": .number(live.count), "failed": .number(sources.count - live.count),
                "cancelled": 0, "total": .number(sources.count),
            ], "last_active_at": .number(twin.updatedAt.seconds), "metadata": [:],
        ]
    }

    private func files(_ request: Request) throws -> Response {
        let twin = try twin(request)
        let files = try readable(twin, request).map { source -> JSON in
            [
                "id": .string("file-" + source.id), "object": "vector_store.file",
                "created_at": .number(source.createdAt.seconds),
                "vector_store_id": .string(Self.prefix + twin.id), "usage_bytes": .number(source.textBytes),
                "status": source.textKey == nil ? "failed" : "completed", "last_error": nil, "attributes": [:],
            ]
        }
        return .json(Self.page(files))
    }

    private func search(_ request: Request) throws -> Response {
        let twin = try twin(request)
        var body = try request.bodyFields()
        let value = body.required("query", .any)
        let words = value.stringValue ?? value.arrayValue?.compactMap(\.stringValue).joined(separator: " ") ?? ""
        if words.trimmed.isEmpty || words.utf8.count > ChatService.maximumQuestionBytes {
            body.fail("query", "words to search for are expected, at most \(ChatService.maximumQuestionBytes) bytes")
        }
        let limit = body.optional("max_num_results", .int(1...50)) ?? 10
        try body.validate()
        let found = try context.workspace.search.find(
            words, twin: twin, clearance: try context.authorizer.clearance(of: twin, as: request.principal), limit: limit)
        let best = found.passages.first?.passage.score ?? 0
        return .json([
            "object": "vector_store.search_results.page", "search_query": [.string(words)], "has_more": false, "next_page": nil,
            "data": .array(
                found.passages.map { passage in
                    [
                        "file_id": .string("file-" + passage.sourceID), "filename": .string(passage.passage.title),
                        // Of the best passage: the scores of words have no scale of their own.
                        "score": .double(best > 0 ? passage.passage.score / best : 0), "attributes": [:],
                        "content": [["type": "text", "text": .string(passage.passage.text)]],
                    ]
                }),
        ])
    }

    private static func page(_ items: [JSON]) -> JSON {
        [
            "object": "list", "data": .array(items), "first_id": items.first?["id"] ?? .null,
            "last_id": items.last?["id"] ?? .null,
            "has_more": false,
        ]
    }
}
