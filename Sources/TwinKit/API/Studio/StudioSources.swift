import TwinHTTP
import TwinSupport

/// A twin's sources, once they are there.
struct StudioSources: RouteCollection {
    let context: APIContext

    private static let status = FieldRule.oneOf(Source.Status.allCases.map(\.rawValue))

    func add(to group: inout RouteGroup) throws {
        let source = JSONSchema.reference("Source")
        try group.get(
            "/sources/{twin_id}",
            .contract(
                "List a twin's sources, newest first", .read, parameters: [.query("status", Self.status)],
                answer: JSONSchema.array(source)),
            list)
        try group.get("/sources/{twin_id}/{source_id}", .contract("Read a source", .read, answer: source), read)
        try group.delete(
            "/sources/{twin_id}/{source_id}",
            .contract("Delete a source with its text", .write, answer: JSONSchema.reference("Message")), remove)
        try group.get(
            "/sources/{source_id}/logs",
            .contract(
                "Read what happened to a source, newest first", .read,
                answer: JSONSchema.array(JSONSchema.reference("SourceLog"))),
            logs)
        try group.get(
            "/sources/{source_id}/health",
            .contract("Check a source's health", .read, answer: JSONSchema.reference("SourceHealth")), health)
        try group.post(
            "/sources/{source_id}/re-extract",
            .contract(
                "Read a source again, in a job", .write,
                answer: JSONSchema.output([
                    "status": JSONSchema.string, "message": JSONSchema.string, "source_id": JSONSchema.nullableString,
                    "job_id": JSONSchema.uuid,
                ])),
            reextract)
    }

    private func health(_ request: Request) throws -> Response {
        let twin = try context.twin(owning: "source_id", in: .sources, request, .read)
        let (source, clearance) = try source(request, of: twin)
        let log = try context.workspace.sources.logs(
            of: source, showsPath: clearance == .everything, limit: StudioSourceHealth.entries)
        return .json(StudioSourceHealth(source: source, log: log).json)
    }

    private func reextract(_ request: Request) throws -> Response {
        let twin = try context.twin(owning: "source_id", in: .sources, request, .write)
        let (source, clearance) = try source(request, of: twin)
        let job = try context.workspace.queueReextraction(
            of: source, clearance: clearance, createdBy: request.principal.actorID)
        return .json([
            "status": "queued", "message": "The source is read again.", "source_id": .optional(job.sourceID),
            "job_id": .string(job.id),
        ])
    }

    private func list(_ request: Request) throws -> Response {
        let twin = try context.twin(request, .read)
        var query = request.queryFields()
        let status = query.optional("status", Self.status).flatMap(Source.Status.init)
        try query.validate()
        let clearance = try context.authorizer.clearance(of: twin, as: request.principal)
        let sources = try context.workspace.sources.list(
            twin: twin, statuses: status.map { [$0] } ?? [], grantedTo: clearance.group?.key)
        return .list(sources.map { StudioSource($0, showsPath: clearance == .everything) })
    }

    /// The source of the path, if the caller may see it. Where on this machine a file was, only those learn who see everything.
    private func source(_ request: Request, of twin: Twin) throws -> (Source, Clearance) {
        let clearance = try context.authorizer.clearance(of: twin, as: request.principal)
        let source = try context.workspace.sources.find(
            id: request.parameters.require("source_id"), twin: twin, grantedTo: clearance.group?.key)
        return (source, clearance)
    }

    private func read(_ request: Request) throws -> Response {
        let twin = try context.twin(request, .read)
        let (source, clearance) = try source(request, of: twin)
        let text = source.textKey == nil ? nil : try context.workspace.sources.text(of: source)
        return Response.json(StudioSource(source, showsPath: clearance == .everything, text: text).json).conditional(on: request)
    }

    private func remove(_ request: Request) throws -> Response {
        let twin = try context.twin(request, .write)
        try context.workspace.sources.remove([source(request, of: twin).0], by: request.principal.actorID)
        return .success("The source and its text are deleted.")
    }

    private func logs(_ request: Request) throws -> Response {
        let twin = try context.twin(owning: "source_id", in: .sources, request, .read)
        let (source, clearance) = try source(request, of: twin)
        return .list(
            try context.workspace.sources.logs(of: source, showsPath: clearance == .everything).map(StudioSourceLog.init))
    }
}
