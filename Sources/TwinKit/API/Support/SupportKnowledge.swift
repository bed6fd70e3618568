import TwinHTTP
import TwinSupport

/// What the twin of a desk knows: documents that staff give it.
struct SupportKnowledge: RouteCollection {
    let context: APIContext

    private static let ids = FieldRule<[String]>.list(of: FieldRule.uuid, count: 1...1_000)
    private static let documentIDs = JSONSchema.array(JSONSchema.uuid)

    func add(to group: inout RouteGroup) throws {
        let limit = try context.workspace.configuration.integer("ingest.max_file_mib") << 20
        let path = "/api/admin/knowledge"
        try group.post(
            path + "/upload",
            .support(
                "Upload a document", .userWrite, description: "When the reply comes it can be asked.",
                form: JSONSchema.object(
                    [
                        "file": JSONSchema.binary, "tenant_id": JSONSchema.uuid, "document_name": JSONSchema.string,
                        "metadata": JSONSchema.string,
                    ], required: ["file"]),
                answer: JSONSchema.output([
                    "success": JSONSchema.boolean, "tenant_id": JSONSchema.uuid, "filename": JSONSchema.string,
                    "document_name": JSONSchema.string, "chunk_count": JSONSchema.integer, "document_ids": Self.documentIDs,
                ]), execution: .longRunning, bodyLimit: limit + 1 << 20, streamsBody: true), upload)
        try group.post(
            path + "/ingest",
            .support(
                "Read documents again", .userWrite,
                body: JSONSchema.input(
                    ["tenant_id": JSONSchema.uuid, "document_ids": Self.ids.schema], required: ["document_ids"]),
                answer: JSONSchema.output([
                    "success": JSONSchema.boolean, "tenant_id": JSONSchema.uuid, "document_count": JSONSchema.integer,
                    "document_ids": Self.documentIDs,
                ])), ingest)
        try group.get(
            path + "/stats",
            .support(
                "Count what the twin knows", .userRead, parameters: [SupportPage.tenant],
                answer: JSONSchema.output([
                    "success": JSONSchema.boolean, "tenant_id": JSONSchema.uuid, "document_count": JSONSchema.integer,
                    "chunk_count": JSONSchema.integer,
                ]))
        ) { request in
            var query = request.queryFields()
            let tenant = try context.desk(request, .attend, query: &query)
            try query.validate()
            let twin = try context.desks.twin(of: context.desks.find(tenant))
            let group = try context.deskClearance(of: twin, request).groupKey(in: twin)
            let counts = try context.workspace.sources.counts(twin: twin, grantedTo: group)
            return .json([
                "success": true, "tenant_id": .string(tenant), "twin_id": .string(twin.id), "collection_name": .string(twin.slug),
                "document_count": .number(counts.sources), "chunk_count": .number(counts.chunks),
            ])
        }
        try group.get(
            path + "/documents",
            .support(
                "List the documents, newest first", .userRead, parameters: [SupportPage.tenant] + SupportPage.parameters,
                answer: JSONSchema.output([
                    "documents": JSONSchema.array(JSONSchema.object), "total": JSONSchema.integer,
                ]))
        ) { request in
            var query = request.queryFields()
            let tenant = try context.desk(request, .attend, query: &query)
            let page = SupportPage(&query)
            try query.validate()
            let (_, sources) = try documents(of: tenant, request)
            return .json([
                "documents": .array(
                    sources.dropFirst(page.offset).prefix(page.limit).map { source in
                        [
                            "document_id": .string(source.id), "document_name": .string(source.displayTitle),
                            "filename": .string(source.name), "status": .string(source.status.rawValue),
                            "chunk_count": .number(source.chunkCount), "created_at": .string(source.createdAt.description),
                        ]
                    }), "total": .number(sources.count),
            ])
        }
        try group.delete(
            path + "/documents",
            .support(
                "Delete documents with all that only they said", .userWrite,
                body: JSONSchema.input(
                    ["tenant_id": JSONSchema.uuid, "document_ids": Self.ids.schema], required: ["document_ids"]),
                answer: JSONSchema.output(["message": JSONSchema.string, "details": JSONSchema.object])), remove)
    }

    private func upload(_ request: Request) throws -> Response {
        // Who may upload is decided before a byte is taken in.
        _ = try context.desk(request, .attend)
        var limits = ReceivedFormLimits()
        limits.fileSize = try context.workspace.configuration.maximumFileBytes
        return try context.uploads.take(request, limits: limits) { form in
            let named = form["tenant_id"]
            if let named, !Identifier.isValid(named) { throw TwinError(.invalid, "tenant_id is not a UUID") }
            let tenant = try context.desk(request, .attend, named: named?.lowercased())
            guard let file = form.file("file") else {
                throw ValidationError([
                    FieldIssue([.name("body"), .name("file")], type: "missing", message: "Field required")
                ])
            }
            var metadata = JSONObject()
            if let text = form["metadata"], !text.trimmed.isEmpty {
                guard let object = (try? JSONParser.parse(text))?.objectValue else {
                    throw TwinError(.invalid, "metadata must be a JSON object")
                }
                metadata = object
            }
            let twin = try activeTwin(tenant)
            let name = form["document_name"].flatMap { $0.trimmed.isEmpty ? nil : $0.trimmed }
            let item = try context.workspace.upload(
                file.path, filename: file.filename, into: twin, title: name, metadata: metadata,
                clearance: context.deskClearance(of: twin, request), actor: request.principal.actorID,
                isCancelled: { request.isCancelled })
            guard item.outcome != .failed, item.outcome != .skipped, let id = item.sourceID else {
                throw TwinError(item.failure == .limitReached ? .limitReached : .invalid, item.reason ?? "it could not be read")
            }
            return .json([
                "success": true, "tenant_id": .string(tenant), "filename": .string(file.filename),
                "document_name": .string(name ?? file.filename), "chunk_count": .number(item.chunkCount ?? 0),
                "collection_name": .string(twin.slug), "document_ids": [.string(id)],
            ])
        }
    }

    private func activeTwin(_ tenant: String) throws -> Twin {
        let twin = try context.desks.twin(of: context.desks.find(tenant))
        guard twin.archivedAt == nil else { throw TwinError(.gone, "the twin of the desk is archived and takes no documents") }
        return twin
    }

    /// The twin of a desk, and those of its documents that the caller may read.
    private func documents(of tenant: String, _ request: Request) throws -> (twin: Twin, sources: [Source]) {
        let twin = try context.desks.twin(of: context.desks.find(tenant))
        let group = try context.deskClearance(of: twin, request).groupKey(in: twin)
        return (twin, try context.workspace.sources.list(twin: twin, grantedTo: group))
    }

    /// The tenant and the documents of it that a body names; one that is not there stops the whole.
    private func documents(
        _ request: Request, _ action: Authorizer.Action
    ) throws -> (tenant: String, twin: Twin, sources: [Source]) {
        _ = try context.desk(request, action)
        var body = try request.bodyFields()
        let named = body.optional("tenant_id", .uuid)
        let ids = body.required("document_ids", Self.ids)
        try body.validate()
        let tenant = try context.desk(request, action, named: named)
        let twin = try activeTwin(tenant)
        let group = try context.deskClearance(of: twin, request).groupKey(in: twin)
        var seen = Set<String>()
        let sources = try ids.filter { seen.insert($0).inserted }.map {
            try context.workspace.sources.find(id: $0, twin: twin, grantedTo: group)
        }
        return (tenant, twin, sources)
    }

    private func ingest(_ request: Request) throws -> Response {
        let (tenant, twin, sources) = try documents(request, .attend)
        for source in sources {
            _ = try context.workspace.queueReextraction(
                of: source, clearance: context.deskClearance(of: twin, request), createdBy: request.principal.actorID)
        }
        return .json([
            "success": true, "tenant_id": .string(tenant), "document_count": .number(sources.count),
            "document_ids": .strings(sources.map(\.id)),
        ])
    }

    private func remove(_ request: Request) throws -> Response {
        let (tenant, _, sources) = try documents(request, .manage)
        try context.workspace.sources.remove(sources, by: request.principal.actorID)
        return .json([
            "message": .string("\(sources.count) deleted"),
            "details": ["tenant_id": .string(tenant), "deleted_count": .number(sources.count)],
        ])
    }
}
