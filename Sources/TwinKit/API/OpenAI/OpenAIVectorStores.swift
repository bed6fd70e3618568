import TwinHTTP
import TwinSupport

/// Twins as vector stores, to be searched and looked through. They are made elsewhere.
struct OpenAIVectorStores: RouteCollection {
    let context: APIContext

    func add(to group: inout RouteGroup) throws {
        let store = JSONSchema.reference("OpenAIVectorStore")
        try group.get(
            "/v1/vector_stores",
            .openAI(
                "List twins as vector stores", parameters: OpenAIPage.parameters(atMost: 100),
                answer: JSONSchema.reference("OpenAIPage")), list)
        try group.get("/v1/vector_stores/{store_id}", .openAI("Read a twin as a vector store", answer: store)) { request in
            .json(try json(try context.vectorStore(request), request))
        }
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

    private func list(_ request: Request) throws -> Response {
        let twins = try context.authorizer.twins(visibleTo: request.principal)
        var query = request.queryFields()
        let page = OpenAIPage(&query, standard: 20, atMost: 100)
        try query.validate()
        return .json(try page.json(of: twins, id: { OpenAIVectorStore.id($0) }) { try json($0, request) })
    }

    private func json(_ twin: Twin, _ request: Request) throws -> JSON {
        let sources = try context.storedSources(of: twin, request)
        let states = sources.map { OpenAIVectorStore.File(source: $0, use: nil).status }
        func count(_ status: String) -> JSON { .number(states.count { $0 == status }) }
        return [
            "id": .string(OpenAIVectorStore.id(twin)), "object": "vector_store", "created_at": .number(twin.createdAt.seconds),
            "name": .string(twin.slug), "usage_bytes": .number(sources.reduce(0) { $0 + $1.textBytes }), "status": "completed",
            "file_counts": [
                "in_progress": count("in_progress"), "completed": count("completed"), "failed": count("failed"),
                "cancelled": 0, "total": .number(sources.count),
            ], "last_active_at": .number(twin.updatedAt.seconds), "metadata": [:],
        ]
    }

    private func search(_ request: Request) throws -> Response {
        let twin = try context.vectorStore(request)
        var body = try request.bodyFields()
        let value = body.required("query", .any)
        let words = value.stringValue ?? value.arrayValue?.compactMap(\.stringValue).joined(separator: " ") ?? ""
        if words.trimmed.isEmpty || words.utf8.count > ChatService.maximumQuestionBytes {
            body.fail("query", "words to search for are expected, at most \(ChatService.maximumQuestionBytes) bytes")
        }
        let limit = body.optional("max_num_results", .int(1...50)) ?? 10
        // Whoever parts documents by them must not be given the others.
        if let filters = body.optional("filters", .any), filters != .null {
            body.fail(
                "filters", "nothing is filtered by attributes here; leave it out, or keep the documents in twins of their own")
        }
        try body.validate()
        let found = try context.workspace.search.find(
            words, twin: twin, clearance: try context.authorizer.clearance(of: twin, as: request.principal), limit: limit)
        let uses = try context.workspace.clientFiles().uses(of: twin)
        let best = found.passages.first?.passage.score ?? 0
        return .json([
            "object": "vector_store.search_results.page", "search_query": [.string(words)], "has_more": false, "next_page": nil,
            "data": .array(
                found.passages.map { passage in
                    let use = uses[passage.sourceID]
                    return [
                        "file_id": .string(OpenAIFile.id(use?.fileID ?? passage.sourceID)),
                        "filename": .string(passage.passage.title),
                        // Of the best passage: the scores of words have no scale of their own.
                        "score": .double(best > 0 ? min(1, max(0, passage.passage.score / best)) : 0),
                        "attributes": .object(use?.attributes ?? [:]),
                        "content": [["type": "text", "text": .string(passage.passage.text)]],
                    ]
                }),
        ])
    }
}

/// A twin in the words of OpenAI's vector stores.
enum OpenAIVectorStore {
    private static let prefix = "vs_"

    static func id(_ twin: Twin) -> String { prefix + twin.id }

    /// The id in a name; none for what is no such name.
    static func id(of name: String) -> String? { name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : nil }

    /// A document of a store: a source, a file that was made one, or a file that could not be.
    struct File {
        var source: Source?
        var use: ClientFileUse?

        /// A file keeps its name in the store; a source that came another way has its own.
        var id: String { OpenAIFile.id(use?.fileID ?? source?.id ?? "") }
        var createdAt: Timestamp { use?.createdAt ?? source?.createdAt ?? Timestamp(milliseconds: 0) }

        var status: String {
            guard let source else { return "failed" }
            if source.textKey != nil { return "completed" }
            switch source.status {
            case .pending, .processing: return "in_progress"
            case .live, .error, .needsAttention: return "failed"
            }
        }

        func json(in twin: Twin) -> JSON {
            let reason = use?.error ?? source.flatMap { source in source.error.map(source.withoutPath) }
            return [
                "id": .string(id), "object": "vector_store.file", "created_at": .number(createdAt.seconds),
                "vector_store_id": .string(OpenAIVectorStore.id(twin)), "usage_bytes": .number(source?.textBytes ?? 0),
                "status": .string(status),
                "last_error": status == "failed"
                    ? ["code": "invalid_file", "message": .string(reason ?? "it could not be read")] : nil,
                "attributes": .object(use?.attributes ?? [:]), "chunking_strategy": ["type": "other"],
            ]
        }
    }
}

extension APIContext {
    /// The twin that a request calls its vector store, if the caller may do this to it.
    func vectorStore(_ request: Request, _ action: Authorizer.Action = .read) throws -> Twin {
        let name = try request.parameters.require("store_id")
        do {
            guard let id = OpenAIVectorStore.id(of: name) else { throw TwinError(.notFound, "") }
            return try authorizer.activeTwin(id, action, as: request.principal)
        } catch let error as TwinError where error.kind == .notFound {
            throw DetailedError(
                status: .notFound,
                detail: ["code": "not_found", "message": .string("there is no vector store '\(name.prefix(100))'")])
        }
    }

    /// The sources of a twin that the caller may see.
    func storedSources(of twin: Twin, _ request: Request) throws -> [Source] {
        try workspace.sources.list(
            twin: twin, grantedTo: authorizer.clearance(of: twin, as: request.principal).group?.key)
    }
}
