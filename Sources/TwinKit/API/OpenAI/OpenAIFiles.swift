import TwinHTTP
import TwinSupport

/// `/v1/files`: what a client keeps here until it is attached to a vector store. A file is its creator's only.
struct OpenAIFiles: RouteCollection {
    let context: APIContext

    /// What a twin has a use for; the others are for training and batches.
    private static let purposes = ["assistants", "user_data"]
    private static let purpose = FieldRule.oneOf(purposes)

    func add(to group: inout RouteGroup) throws {
        let file = JSONSchema.reference("OpenAIFile")
        let limit = try context.workspace.configuration.maximumFileBytes
        try group.post(
            "/v1/files",
            .openAI(
                "Upload a file, to be attached to a vector store",
                form: JSONSchema.input(
                    [
                        "file": JSONSchema.binary, "purpose": Self.purpose.schema,
                        "expires_after[anchor]": JSONSchema.oneOf(["created_at"]),
                        "expires_after[seconds]": FieldRule.int(ClientFiles.lifetimes).schema,
                    ], required: ["file", "purpose"]),
                answer: file, execution: .longRunning, bodyLimit: limit + 1_048_576)
        ) { try upload($0, limit: limit) }
        try group.get(
            "/v1/files",
            .openAI(
                "List your files, newest first",
                parameters: [.query("purpose", .string(1...50))] + OpenAIPage.parameters(atMost: 10_000),
                answer: JSONSchema.reference("OpenAIPage")), list)
        try group.get("/v1/files/{file_id}", .openAI("Read about a file", answer: file)) { request in
            .json(OpenAIFile.json(try find(request).file))
        }
        try group.get(
            "/v1/files/{file_id}/content",
            .openAI("Fetch a file as it was uploaded", answer: JSONSchema.binary, answerType: "application/octet-stream"),
            content)
        try group.delete(
            "/v1/files/{file_id}",
            .openAI(
                "Delete a file, also from the vector stores it is attached to", answer: JSONSchema.reference("OpenAIDeleted"),
                changes: true)
        ) { request in
            let file = try find(request).file
            try context.workspace.remove(file, as: request.principal)
            return .json(["id": .string(OpenAIFile.id(file.id)), "object": "file", "deleted": true])
        }
    }

    private func upload(_ request: Request, limit: Int) throws -> Response {
        let files = try context.workspace.clientFiles()
        let holder = try context.authorizer.fileHolder(as: request.principal)
        // Before a byte of the file is taken.
        try files.checkRoom(holder)
        var limits = ReceivedFormLimits()
        limits.parts = 16
        limits.fieldSize = 1_024
        limits.fileSize = limit
        return try context.uploads.take(request, limits: limits) { form in
            var fields = FieldDecoder(
                JSONObject(form.fields.map { (key: $0.name, value: JSON.string($0.value)) }))
            let purpose = fields.required("purpose", Self.purpose)
            let anchor = fields.optional("expires_after[anchor]", .oneOf(["created_at"]))
            let seconds = fields.optional("expires_after[seconds]", .string(1...20))
            let lifetime = seconds.flatMap { Int($0) }
            if seconds != nil, !(lifetime.map(ClientFiles.lifetimes.contains) ?? false) {
                fields.fail(
                    "expires_after[seconds]",
                    "a number of seconds from \(ClientFiles.lifetimes.lowerBound) to \(ClientFiles.lifetimes.upperBound) is expected"
                )
            } else if seconds == nil, anchor != nil {
                fields.fail("expires_after[seconds]", "say after how many seconds the file expires")
            }
            let file = form.file("file")
            if file == nil { fields.fail("file", type: "missing", "a file with a filename is expected") }
            try fields.validate()
            guard let file else { return Response(.badRequest) }
            let kept = try files.keep(
                file.path, name: file.filename, purpose: purpose, maximumBytes: limit, seconds: lifetime, for: holder,
                by: request.principal.actorID)
            return .json(OpenAIFile.json(kept))
        }
    }

    private func list(_ request: Request) throws -> Response {
        let holder = try context.authorizer.fileHolder(as: request.principal)
        var query = request.queryFields()
        let purpose = query.optional("purpose", .string(1...50))
        let page = OpenAIPage(&query, standard: 10_000, atMost: 10_000)
        try query.validate()
        let files = try context.workspace.clientFiles().list(of: holder).filter { purpose == nil || $0.purpose == purpose }
        return .json(page.json(of: files, id: { OpenAIFile.id($0.id) }, OpenAIFile.json))
    }

    private func find(_ request: Request) throws -> (files: ClientFiles, file: ClientFile) {
        try context.clientFile(request.parameters.require("file_id"), request)
    }

    private func content(_ request: Request) throws -> Response {
        let (files, file) = try find(request)
        // Somebody's bytes, which no browser may take for a page of this server.
        let headers = [
            HeaderField("content-type", "application/octet-stream"), HeaderField("content-disposition", "attachment"),
            HeaderField("content-security-policy", "default-src 'none'; sandbox"),
        ]
        switch try files.open(file) {
        case .file(let body): return Response(.ok, headers: headers, body: .file(body))
        case .stream(let size, let read):
            return Response(
                .ok, headers: headers,
                body: .stream(.producing(length: size) { writer in try read { try writer.write(Array($0)) } }))
        }
    }
}

/// A file in OpenAI's words.
enum OpenAIFile {
    private static let prefix = "file-"

    /// The name of a file, or of a source that no file stands for.
    static func id(_ id: String) -> String { prefix + id }

    /// The id in a name; none for what is no such name.
    static func id(of name: String) -> String? {
        let id = String(name.dropFirst(prefix.count))
        return name.hasPrefix(prefix) && Identifier.isValid(id) ? id : nil
    }

    static func notFound(_ name: String) -> DetailedError {
        DetailedError(
            status: .notFound, detail: ["code": "not_found", "message": .string("there is no file '\(name.prefix(100))'")])
    }

    static func json(_ file: ClientFile) -> JSON {
        var object: JSONObject = [
            "id": .string(id(file.id)), "object": "file", "bytes": .number(file.size),
            "created_at": .number(file.createdAt.seconds), "filename": .string(file.name), "purpose": .string(file.purpose),
            "status": "processed",
        ]
        // Left out rather than null: the published description knows no null here.
        if let expires = file.expiresAt { object["expires_at"] = .number(expires.seconds) }
        return .object(object)
    }
}

extension APIContext {
    /// The caller's own file that a name stands for, with what keeps it. Everybody else's is not there.
    func clientFile(_ name: String, _ request: Request) throws -> (files: ClientFiles, file: ClientFile) {
        let holder = try authorizer.fileHolder(as: request.principal)
        let files = try workspace.clientFiles()
        do {
            guard let id = OpenAIFile.id(of: name) else { throw OpenAIFile.notFound(name) }
            return (files, try files.find(id, of: holder))
        } catch let error as TwinError where error.kind == .notFound {
            throw OpenAIFile.notFound(name)
        }
    }
}
