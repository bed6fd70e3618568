import TwinHTTP
import TwinSupport

/// Documents: announced, sent to a signed address, processed, read and deleted. They are the sources that others see.
struct BrainDocuments: RouteCollection {
    let context: APIContext

    private static let filename = FieldRule.line(1...255)
    private static let contentType = FieldRule.line(3...120).matching("^[ -~]*$") { text in
        guard text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw FieldRule<String>.Problem("value_error", "a content type has no other characters than those of ASCII")
        }
    }
    // The query of a signed address.
    private static let expires = FieldRule.int(0...99_999_999_999)
    private static let maximum = FieldRule.int(0...1 << 40)
    private static let nonce = FieldRule.string(1...64)
    private static let signature = FieldRule.string(1...128)

    private static func parameter(_ name: String, _ schema: JSON) -> RouteDocumentation.Parameter {
        RouteDocumentation.Parameter(name, in: .query, schema: schema, isRequired: true)
    }

    private static let document = JSONSchema.reference("BrainDocument")

    func add(to group: inout RouteGroup) throws {
        let limit = try context.workspace.configuration.integer("ingest.max_file_mib") << 20
        let path = "/api/twins/{twin_id}/documents"
        try group.post(
            path + "/upload",
            .brain(
                "Announce a document and get an address to send it to", .write,
                description:
                    "`PUT` the document to `upload_url` with this `Content-Type`, once and within an hour; then `process` it.",
                body: JSONSchema.input(
                    ["filename": Self.filename.schema, "content_type": Self.contentType.schema],
                    required: ["filename", "content_type"]),
                example: ["filename": "thesis.pdf", "content_type": "application/pdf"],
                answer: JSONSchema.output([
                    "upload_url": JSONSchema.string, "document_id": JSONSchema.uuid, "expires_at": JSONSchema.dateTime,
                ])), announce)
        try group.put(
            "/api/uploads/{document_id}",
            .brain(
                "Send a document to its signed address", .publicWrite,
                parameters: [
                    Self.parameter("expires", Self.expires.schema), Self.parameter("max", Self.maximum.schema),
                    Self.parameter("nonce", Self.nonce.schema), Self.parameter("signature", Self.signature.schema),
                ], body: JSONSchema.binary, bodyType: "application/octet-stream",
                answer: JSONSchema.output(["document_id": JSONSchema.uuid, "status": JSONSchema.string]), execution: .longRunning,
                bodyLimit: limit, streamsBody: true), receive)
        try group.post(
            path + "/{document_id}/process",
            .brain(
                "Read an uploaded document", .write,
                answer: JSONSchema.output(["status": JSONSchema.string, "document_id": JSONSchema.uuid]), status: .accepted)
        ) { request in
            let twin = try context.activeTwin(request, .write)
            let source = try source(request, of: twin)
            try context.workspace.queueProcessing(of: source, in: twin, createdBy: request.principal.actorID)
            return .json(["status": "processing", "document_id": .string(source.id)], status: .accepted)
        }
        try group.get(
            path,
            .brain(
                "List documents, newest first", .read, parameters: BrainPage.parameters,
                answer: BrainSchemas.list("documents", "BrainDocument")), list)
        try group.get(path + "/{document_id}", .brain("Read a document's state", .read, answer: Self.document)) { request in
            let twin = try context.twin(request, .read)
            let source = try source(request, of: twin)
            return .json(Self.json(source, try context.workspace.documentUploads().states(of: twin)[source.id]))
        }
        try group.delete(
            path + "/{document_id}", .brain("Delete a document and everything that rests on it alone", .write, status: .noContent)
        ) { request in
            let twin = try context.twin(request, .write)
            try context.workspace.sources.remove([try source(request, of: twin)], by: request.principal.actorID)
            return Response(.noContent)
        }
    }

    private func announce(_ request: Request) throws -> Response {
        let twin = try context.activeTwin(request, .write)
        var body = try request.bodyFields()
        let filename = body.required("filename", Self.filename)
        let contentType = body.required("content_type", Self.contentType)
        try body.validate()
        let slot = try context.workspace.documentUploads().announce(
            filename, contentType: Self.mediaType(contentType), header: contentType.trimmed, for: twin,
            clearance: context.authorizer.clearance(of: twin, as: request.principal))
        let address =
            switch slot.target {
            case .server(let query): "\(context.workspace.publicURL)/api/uploads/\(slot.documentID)?\(query)"
            case .address(let address): address
            }
        return .json([
            "upload_url": .string(address),
            "document_id": .string(slot.documentID), "expires_at": .string(slot.expiresAt.description),
        ])
    }

    private func receive(_ request: Request) throws -> Response {
        var query = request.queryFields()
        let expires = query.required("expires", Self.expires)
        let maximum = query.required("max", Self.maximum)
        let nonce = query.required("nonce", Self.nonce)
        let signature = query.required("signature", Self.signature)
        try query.validate()
        let claim = DocumentUploads.Claim(
            documentID: try request.parameters.require("document_id"), expires: expires, maximumBytes: maximum, nonce: nonce,
            signature: signature, contentType: Self.mediaType(request.headers["content-type"] ?? ""))
        try context.workspace.documentUploads().receive(claim, request.body)
        return .json(["document_id": .string(claim.documentID), "status": "uploaded"])
    }

    /// A media type without parameters, in lower case.
    private static func mediaType(_ text: String) -> String {
        String(text.lowercased().prefix { $0 != ";" }).trimmed
    }

    /// The document of the path, if the caller may read it.
    private func source(_ request: Request, of twin: Twin) throws -> Source {
        let clearance = try context.authorizer.clearance(of: twin, as: request.principal)
        return try context.workspace.sources.find(
            id: request.parameters.require("document_id"), twin: twin, grantedTo: clearance.group?.key)
    }

    private func list(_ request: Request) throws -> Response {
        let twin = try context.twin(request, .read)
        let clearance = try context.authorizer.clearance(of: twin, as: request.principal)
        var query = request.queryFields()
        let page = BrainPage(&query)
        try query.validate()
        let sources = try context.workspace.sources.list(twin: twin, grantedTo: clearance.group?.key)
        let states = try context.workspace.documentUploads().states(of: twin)
        return page.response("documents", of: sources) { Self.json($0, states[$0.id]) }
    }

    private static func json(_ source: Source, _ state: DocumentUploads.State?) -> JSON {
        let status: String =
            switch source.status {
            case .live, .needsAttention: state?.rawValue ?? "completed"
            case .error: state.map { $0 == .processing ? "failed" : $0.rawValue } ?? "failed"
            case .processing: "processing"
            case .pending: state?.rawValue ?? "pending"
            }
        return [
            "id": .string(source.id), "title": .string(source.displayTitle), "filename": .string(source.name),
            "source_type": .string(source.kind == .stream ? "upload" : source.kind.rawValue),
            "processing_status": .string(status), "chunk_count": .number(source.chunkCount),
            "error": .optional(source.error.map(source.withoutPath)), "created_at": .string(source.createdAt.description),
            "updated_at": .string(source.updatedAt.description),
        ]
    }
}
