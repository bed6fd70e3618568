import TwinHTTP
import TwinSupport

/// Work that runs later.
struct StudioJobs: RouteCollection {
    let context: APIContext
    private let events: JobEvents

    init(context: APIContext) {
        self.context = context
        events = JobEvents(jobs: context.workspace.jobs)
    }

    private static let status = FieldRule.oneOf(Job.Status.allCases.map(\.rawValue))
    private static let kind = FieldRule.oneOf(Job.Kind.allCases.map(\.rawValue))
    private static let level = FieldRule.oneOf(["info", "warning", "error"])

    func add(to group: inout RouteGroup) throws {
        let job = JSONSchema.reference("Job")
        try group.get(
            "/jobs",
            .contract(
                "List jobs, newest first", .userRead,
                parameters: [
                    .query("status", Self.status), .query("job_type", Self.kind), .query("twin_id", .uuid),
                    .query("limit", .int(1...100), "50 without it"), .query("offset", .int(0...1_000_000)),
                ],
                answer: JSONSchema.array(job)),
            list)
        try group.get("/jobs/{job_id}", .contract("Read a job", .read, answer: job), read)
        try group.get(
            "/jobs/{job_id}/logs",
            .contract(
                "Read what happened to a job, newest first", .read,
                parameters: [.query("log_level", Self.level), .query("limit", .int(1...500), "100 without it")],
                answer: JSONSchema.array(JSONSchema.reference("JobLog"))),
            logs)
        try group.get(
            "/jobs/{job_id}/events",
            .contract(
                "Follow a job as a stream of its states, until it ends", .read,
                description: "JSON Lines, or Server-Sent Events with `Accept: text/event-stream`.", answer: job,
                answerType: "application/x-ndjson"),
            follow)
        try group.post("/jobs/{job_id}/retry", .contract("Retry a failed job", .write, answer: job), retry)
        try group.post("/jobs/{job_id}/cancel", .contract("Stop a job", .write, answer: job), cancel)
    }

    private func list(_ request: Request) throws -> Response {
        let tenant = try context.tenant(request, .manage)
        var query = request.queryFields()
        let status = query.optional("status", Self.status).flatMap(Job.Status.init)
        let kind = query.optional("job_type", Self.kind).flatMap(Job.Kind.init)
        let twinID = query.optional("twin_id", .uuid)
        let limit = query.optional("limit", .int(1...100)) ?? 50
        let offset = query.optional("offset", .int(0...1_000_000)) ?? 0
        try query.validate()
        let twin = try twinID.map { try context.authorizer.twin($0, .manage, as: request.principal) }
        return .list(
            try context.workspace.jobs.list(
                tenantID: tenant, twin: twin, status: status, kind: kind, limit: limit, offset: offset
            ).map(StudioJob.init))
    }

    private func job(_ request: Request, _ action: Authorizer.Action) throws -> Job {
        try job(request.parameters.require("job_id"), action, as: request.principal)
    }

    private func job(_ id: String, _ action: Authorizer.Action, as principal: Principal) throws -> Job {
        let twin = try context.authorizer.twin(owning: id, in: .jobs, action, as: principal)
        let job = try context.workspace.jobs.find(id)
        // A job tells of its source: who may not see the one does not see the other.
        if let id = job.sourceID, let group = try context.authorizer.clearance(of: twin, as: principal).group {
            do {
                _ = try context.workspace.sources.find(id: id, twin: twin, grantedTo: group.key)
            } catch let error as TwinError where error.kind == .notFound {
                throw OwnedTable<OwnedByTwin>.jobs.notFound
            }
        }
        return job
    }

    private func read(_ request: Request) throws -> Response { .json(StudioJob(try job(request, .write)).json) }

    private func logs(_ request: Request) throws -> Response {
        let job = try job(request, .write)
        var query = request.queryFields()
        let level = query.optional("log_level", Self.level).flatMap(JobLog.Level.init)
        let limit = query.optional("limit", .int(1...500)) ?? 100
        try query.validate()
        return .list(try context.workspace.jobs.logs(of: job, level: level, limit: limit).map(StudioJobLog.init))
    }

    private func follow(_ request: Request) throws -> Response {
        let job = try job(request, .write)
        return events.response(to: request, job: job) { [self, who = request.reauthenticate] in
            _ = try self.job(job.id, .write, as: who())
        }
    }

    private func retry(_ request: Request) throws -> Response {
        .json(StudioJob(try context.workspace.jobs.retry(job(request, .write).id, by: request.principal.actorID)).json)
    }

    private func cancel(_ request: Request) throws -> Response {
        .json(StudioJob(try context.workspace.jobs.cancel(job(request, .write).id, by: request.principal.actorID)).json)
    }
}
