import TwinHTTP
import TwinSupport

/// The documents of a twin as files of its vector store: a file that was uploaded is attached here, and so becomes a source.
struct OpenAIVectorStoreFiles: RouteCollection {
    let context: APIContext

    private static let path = "/v1/vector_stores/{store_id}/files"
    private static let status = FieldRule.oneOf(["in_progress", "completed", "failed", "cancelled"])
    /// As the published description bounds them.
    private static let maximumAttributes = 16

    func add(to group: inout RouteGroup) throws {
        let file = JSONSchema.reference("OpenAIVectorStoreFile")
        let one = Self.path + "/{file_id}"
        try group.post(
            Self.path,
            .openAI(
                "Attach an uploaded file to a twin, which then knows what it says",
                body: JSONSchema.input(
                    ["file_id": FieldRule.string(1...100).schema, "attributes": JSONSchema.object], required: ["file_id"]),
                example: ["file_id": "file-01890000-0000-7000-8000-000000000001"], answer: file, execution: .longRunning),
            attach)
        try group.get(
            Self.path,
            .openAI(
                "List a twin's documents, newest first",
                parameters: [.query("filter", Self.status)] + OpenAIPage.parameters(atMost: 100),
                answer: JSONSchema.reference("OpenAIPage")), list)
        try group.get(one, .openAI("Read about a twin's document", answer: file)) { request in
            let twin = try context.vectorStore(request)
            return .json(try find(request, in: twin).json(in: twin))
        }
        try group.get(
            one + "/content", .openAI("Read the text of a twin's document", answer: JSONSchema.object), content)
        try group.delete(
            one,
            .openAI("Take a document out of a twin", answer: JSONSchema.reference("OpenAIDeleted"), changes: true), remove)
    }

    private func attach(_ request: Request) throws -> Response {
        let twin = try context.vectorStore(request, .write)
        var body = try request.bodyFields()
        let name = body.required("file_id", .string(1...100))
        let attributes = body.optional("attributes", .object) ?? [:]
        if let wrong = Self.issue(with: attributes) { body.fail("attributes", wrong) }
        try body.validate()
        let file = try context.clientFile(name, request).file
        let use = try context.uploads.read(request) {
            try context.workspace.attach(
                file, to: twin, attributes: attributes, as: request.principal, isCancelled: { request.isCancelled })
        }
        return .json(try stored(use, of: twin, request).json(in: twin))
    }

    /// What is wrong with attributes; none where nothing is.
    private static func issue(with attributes: JSONObject) -> String? {
        guard attributes.members.count <= maximumAttributes else { return "at most \(maximumAttributes) attributes" }
        for (key, value) in attributes.members {
            guard (1...64).contains(key.unicodeScalars.count) else { return "the name of an attribute has 1 to 64 characters" }
            switch value {
            case .string(let text) where text.unicodeScalars.count <= 512: continue
            case .int, .double, .bool: continue
            default: return "an attribute is a number, true or false, or a text of at most 512 characters"
            }
        }
        return nil
    }

    private func list(_ request: Request) throws -> Response {
        let twin = try context.vectorStore(request)
        var query = request.queryFields()
        let status = query.optional("filter", Self.status)
        let page = OpenAIPage(&query, standard: 20, atMost: 100)
        try query.validate()
        let uses = try context.workspace.clientFiles().uses(of: twin)
        let files =
            try context.storedSources(of: twin, request).map { OpenAIVectorStore.File(source: $0, use: uses[$0.id]) }
            + failures(of: twin, request).map { OpenAIVectorStore.File(use: $0) }
        let chosen = files.filter { status == nil || $0.status == status }.sorted { $0.createdAt > $1.createdAt }
        return .json(page.json(of: chosen, id: \.id) { $0.json(in: twin) })
    }

    /// The caller's own files that could not be made sources of the twin. Who may keep no files has none.
    private func failures(of twin: Twin, _ request: Request) throws -> [ClientFileUse] {
        let holder: FileHolder
        do {
            holder = try context.authorizer.fileHolder(as: request.principal)
        } catch let error as TwinError where error.kind == .notPermitted {
            return []
        }
        return try context.workspace.clientFiles().failures(of: twin, holder: holder)
    }

    /// The source of a use, as far as the caller may see it.
    private func stored(_ use: ClientFileUse, of twin: Twin, _ request: Request) throws -> OpenAIVectorStore.File {
        guard let id = use.sourceID else { return OpenAIVectorStore.File(use: use) }
        return OpenAIVectorStore.File(source: try source(id, of: twin, request), use: use)
    }

    private func source(_ id: String, of twin: Twin, _ request: Request) throws -> Source {
        let clearance = try context.authorizer.clearance(of: twin, as: request.principal)
        return try context.workspace.sources.find(id: id, twin: twin, grantedTo: clearance.group?.key)
    }

    /// The document of the path. Throws what says that there is none where the caller may not see it.
    private func find(_ request: Request, in twin: Twin) throws -> OpenAIVectorStore.File {
        let name = try request.parameters.require("file_id")
        guard let id = OpenAIFile.id(of: name) else { throw OpenAIFile.notFound(name) }
        let uses = try context.workspace.clientFiles().uses(of: twin)
        do {
            if let use = uses.values.first(where: { $0.fileID == id }) { return try stored(use, of: twin, request) }
            if let use = try failures(of: twin, request).first(where: { $0.fileID == id }) {
                return OpenAIVectorStore.File(use: use)
            }
            guard uses[id] == nil else { throw OpenAIFile.notFound(name) }
            return OpenAIVectorStore.File(source: try source(id, of: twin, request))
        } catch let error as TwinError where error.kind == .notFound {
            throw OpenAIFile.notFound(name)
        }
    }

    private func content(_ request: Request) throws -> Response {
        let file = try find(request, in: try context.vectorStore(request))
        guard let source = file.source, source.textKey != nil else {
            throw OpenAIFile.notFound(try request.parameters.require("file_id"))
        }
        return .json([
            "object": "vector_store.file_content.page", "has_more": false, "next_page": nil,
            "data": [["type": "text", "text": .string(try context.workspace.sources.text(of: source))]],
        ])
    }

    private func remove(_ request: Request) throws -> Response {
        let twin = try context.vectorStore(request, .write)
        let name = try request.parameters.require("file_id")
        do {
            if let source = try find(request, in: twin).source {
                try context.workspace.sources.remove([source], by: request.principal.actorID)
            } else {
                try strike(name, twin, request)
            }
        } catch let error as DetailedError where error.status == .notFound {
            // A file that another of its name has replaced is in no list, and still there to be struck out.
            try strike(name, twin, request)
        }
        return .json(["id": .string(name), "object": "vector_store.file.deleted", "deleted": true])
    }

    private func strike(_ name: String, _ twin: Twin, _ request: Request) throws {
        let (files, file) = try context.clientFile(name, request)
        guard try files.strike(file, from: twin) else { throw OpenAIFile.notFound(name) }
    }
}
