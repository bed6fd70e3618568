import TwinHTTP
import TwinSupport

/// What a twin is given: files, and addresses of pages, videos, podcasts and posts.
struct StudioIngest: RouteCollection {
    let context: APIContext

    private static let url = FieldRule.string(1...2_048).matching("^https?://") { _ in }
    private static let twinID = FieldRule.string(1...200)
    private static let answer = JSONSchema.reference("Ingestion")

    func add(to group: inout RouteGroup) throws {
        let limit = try context.workspace.configuration.maximumFileBytes
        let upload = { (path: String, form: JSON) in
            RouteOptions.contract(
                path, .write, form: form, answer: Self.answer, execution: .longRunning, bodyLimit: limit + 1_048_576,
                streamsBody: true)
        }
        let file = JSONSchema.input(["file": JSONSchema.binary], required: ["file"])
        try group.post("/ingest/file/{twin_id}", upload("Upload a file", file)) { request in
            // Before a byte of the file is taken.
            let twin = try context.activeTwin(request, .write)
            return try context.uploads.take(request, limits: Self.limits(limit)) { try take($0, into: twin, request) }
        }
        try group.post(
            "/ingest/document",
            upload(
                "Upload a file to the twin that a field names",
                JSONSchema.input(["file": JSONSchema.binary, "twin_id": Self.twinID.schema], required: ["file", "twin_id"]))
        ) { request in
            guard request.principal != .nobody else { throw Authorizer.unauthenticated }
            return try context.uploads.take(request, limits: Self.limits(limit)) { form in
                guard let id = form["twin_id"] else { throw Self.missing("twin_id") }
                return try take(form, into: context.authorizer.activeTwin(id, .write, as: request.principal), request)
            }
        }
        let body = JSONSchema.input(["url": Self.url.schema], required: ["url"])
        try group.post(
            "/ingest/url/{twin_id}",
            .contract(
                "Fetch a page", .write, body: body, example: ["url": "https://example.org/handbook"],
                answer: Self.answer, execution: .longRunning)
        ) { request in
            try fetch(request, into: context.activeTwin(request, .write))
        }
        try group.post(
            "/ingest/url",
            .contract(
                "Fetch a page into the twin that a field names", .write,
                body: JSONSchema.input(["url": Self.url.schema, "twin_id": Self.twinID.schema], required: ["url", "twin_id"]),
                answer: Self.answer, execution: .longRunning)
        ) { request in
            guard request.principal != .nobody else { throw Authorizer.unauthenticated }
            var body = try request.bodyFields()
            let id = body.required("twin_id", Self.twinID)
            try body.validate()
            return try fetch(request, into: context.authorizer.activeTwin(id, .write, as: request.principal))
        }
        for (path, kind, summary) in [
            ("youtube", Source.Kind.youtube, "Read a video's captions"), ("podcast", .podcast, "Read a podcast's newest episode"),
            ("x", .x, "Read a post"),
        ] {
            try group.post(
                "/ingest/\(path)/{twin_id}",
                .contract(
                    "\(summary), in a job", .write, body: body,
                    answer: ["allOf": [Self.answer, JSONSchema.output(["job_id": JSONSchema.uuid])]])
            ) { request in
                try queue(request, kind)
            }
        }
    }

    private static func limits(_ fileSize: Int) -> ReceivedFormLimits {
        var limits = ReceivedFormLimits()
        limits.parts = 64
        limits.fieldSize = 4_096
        limits.fileSize = fileSize
        return limits
    }

    private static func missing(_ field: String) -> ValidationError {
        ValidationError([FieldIssue([.name("body"), .name(field)], type: "missing", message: "Field required")])
    }

    private func take(_ form: ReceivedForm, into twin: Twin, _ request: Request) throws -> Response {
        guard let file = form.file("file") else { throw Self.missing("file") }
        return try answer(
            context.workspace.upload(
                file.path, filename: file.filename, into: twin, clearance: clearance(of: twin, request),
                actor: request.principal.actorID), of: twin)
    }

    /// What is hidden from the caller is not in their way.
    private func clearance(of twin: Twin, _ request: Request) throws -> Clearance {
        try context.authorizer.clearance(of: twin, as: request.principal)
    }

    private func fetch(_ request: Request, into twin: Twin) throws -> Response {
        var body = try request.bodyFields()
        let url = body.required("url", Self.url)
        try body.validate()
        let item = try context.workspace.fetch(
            url, into: twin, clearance: clearance(of: twin, request), actor: request.principal.actorID,
            isCancelled: { request.isCancelled })
        return try answer(item, of: twin)
    }

    /// The truth about a source: `live` only when it can be asked. What could not be read is 400 with the reason.
    private func answer(_ item: IngestItem, of twin: Twin) throws -> Response {
        guard item.outcome != .failed, item.outcome != .skipped, let id = item.sourceID else {
            throw TwinError(.invalid, item.reason ?? "it could not be read")
        }
        let source = try context.workspace.sources.find(id: id, twin: twin, grantedTo: nil)
        return .json([
            "source_id": .string(id), "status": .string(source.status.rawValue), "outcome": .string(item.outcome.rawValue),
            "chunk_count": .number(source.chunkCount),
        ])
    }

    private func queue(_ request: Request, _ kind: Source.Kind) throws -> Response {
        let twin = try context.activeTwin(request, .write)
        var body = try request.bodyFields()
        let url = body.required("url", Self.url)
        try body.validate()
        let queued = try context.workspace.queueIngestion(
            of: url, as: kind, into: twin, clearance: clearance(of: twin, request), createdBy: request.principal.actorID)
        return .json([
            "source_id": .string(queued.source.id), "status": .string(queued.source.status.rawValue),
            "job_id": .string(queued.job.id),
        ])
    }
}
