import TwinKit
import TwinSupport

enum JobsCommand {
    static let command = Command(
        "jobs", summary: "See and control what runs in the background",
        discussion: """
            Fetching a page, reading a source again and embedding may be queued: 'twin ingest URL --queue'. 'twin serve' does queued \
            jobs as they come; 'twin jobs run' does them without a server.

            A job that fails because a server is away or busy is tried again, with growing pauses, at most three times. Whatever \
            else is wrong fails at once. The work of a process that was killed is taken over.
            """,
        examples: [
            Example("twin jobs list --status failed", "what went wrong"),
            Example("twin jobs run --until-idle", "do everything that is queued, then exit"),
        ],
        alsoCalled: ["job", "queue", "tasks"], subcommands: [list, show, logs, retry, cancel, run])

    private static let job = Argument("JOB", help: "Id of the job")
    private static let several = Argument("JOB", .oneOrMore, help: "Ids of jobs")

    static let list = Command(
        "list", summary: "List jobs, newest first",
        examples: [
            Example("twin jobs list --twin ada", "the jobs of one twin"),
            Example("twin jobs list -s processing --jsonl | jq .progress", "how far the running ones are"),
        ],
        options: [
            .twin,
            .choice("status", "STATUS", short: "s", of: Job.Status.allCases.map(\.rawValue), help: "Only jobs with this status"),
            .choice("type", "TYPE", of: Job.Kind.allCases.map(\.rawValue), help: "Only jobs of this kind"),
            .int("limit", short: "n", in: 1...JobQueue.maximumPage, default: "50", help: "Show at most this many"),
            .int("offset", in: 0...1_000_000_000, default: "0", help: "Skip this many of the newest"),
        ],
        exits: [.notConfigured, .notFound], alsoCalled: ["ls"], run: listJobs)

    static let show = Command(
        "show", summary: "Show one job: its state, its attempts and its result",
        examples: [Example("twin jobs show JOB --json | jq .status", "for a script that waits")],
        arguments: [job], exits: [.notConfigured, .notFound], alsoCalled: ["get", "info", "status"], run: showJob)

    static let logs = Command(
        "logs", summary: "Show what happened to a job, newest first",
        examples: [Example("twin jobs logs JOB --level error", "only what went wrong")],
        arguments: [job],
        options: [
            .choice("level", "LEVEL", of: ["info", "warning", "error"], help: "Only entries of this level"),
            .int(
                "limit", short: "n", in: 1...JobQueue.maximumLogPage, default: "100",
                help: "Show at most this many entries, newest first"),
        ],
        exits: [.notConfigured, .notFound], alsoCalled: ["log", "history"], run: showLogs)

    static let retry = Command(
        "retry", summary: "Requeue jobs that failed or need attention",
        examples: [Example("twin jobs list -s failed | cut -f1 | xargs twin jobs retry", "all that failed")],
        arguments: [several], exits: [.notConfigured, .notFound], alsoCalled: ["restart", "again"], run: retryJobs)

    static let cancel = Command(
        "cancel", summary: "Cancel jobs: queued ones at once, running ones as soon as they can stop",
        examples: [Example("twin jobs cancel JOB", "one of them")],
        arguments: [several], exits: [.notConfigured, .notFound], alsoCalled: ["stop", "rm", "kill"], run: cancelJobs)

    static let run = Command(
        "run", summary: "Do queued jobs until interrupted",
        discussion: """
            Ctrl-C stops it: unfinished jobs are returned to the queue and restarted by the next worker. Any number of these may run at once, \
            beside 'twin serve' too; each job is done by one of them. One line is printed for each job that ends.
            """,
        examples: [
            Example("twin jobs run --until-idle", "for a timer or a pipeline: exit when nothing is left"),
            Example("twin jobs run --once --json", "one job"),
        ],
        options: [
            .flag("once", help: "Do the next job that is due, if there is one, then exit"),
            .flag("until-idle", help: "Exit when no job is queued or running, including jobs waiting for another attempt"),
            .int("threads", in: 1...16, default: "2", help: "Run this many jobs at once"),
        ],
        exits: [.notConfigured, .busy, .partlyDone, .interrupted], alsoCalled: ["work", "start"], run: runJobs)

    private static func listJobs(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        // Without a twin the jobs of all twins are shown: they are one queue.
        let twin = try call.string("twin").map { try workspace.twins.resolve($0) }
        let jobs = try workspace.jobs.list(
            twin: twin, status: call.string("status").flatMap(Job.Status.init), kind: call.string("type").flatMap(Job.Kind.init),
            limit: call.int("limit") ?? 50, offset: call.int("offset") ?? 0)
        try call.output.list(jobs, empty: "there is no such job") {
            var table = Table(
                .text("ID"), .text("STATUS"), .text("TYPE"), .number("DONE"), .number("TRIES"), .text("ADDED"),
                .text("ABOUT", shrinks: true))
            for job in jobs {
                table.add(
                    StyledText(job.id), status(job), StyledText(job.kind.rawValue), StyledText(Format.percent(job.progress)),
                    "\(job.attempts)", StyledText(call.output.isTerminal ? Format.ago(job.createdAt) : job.createdAt.description),
                    StyledText(job.errorMessage ?? about(job)))
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func status(_ job: Job) -> StyledText {
        switch job.status {
        case .complete: StyledText(job.status.rawValue, .green)
        case .failed: StyledText(job.isCancelled ? "cancelled" : job.status.rawValue, .red)
        case .needsAttention: StyledText(job.status.rawValue, .yellow)
        case .queued, .processing: StyledText(job.status.rawValue)
        }
    }

    private static func about(_ job: Job) -> String {
        switch job.task {
        case .ingest(let url, _, _): url
        case .process: "read the upload: \(job.sourceID ?? "-")"
        case .reextract: "read again: \(job.sourceID ?? "-")"
        case .embed: "embed"
        case .learn: "learn"
        case .persona(let work, let avatarID, _): "\(work.rawValue.replacing("_", with: " ")): \(avatarID)"
        case .mail(let letter): "letter: \(letter.kind.rawValue)"
        case nil: "-"
        }
    }

    private static func showJob(_ call: Invocation) throws -> ExitCode {
        let job = try call.workspace().jobs.find(try call.required("JOB"))
        try call.output.show(job) {
            var details = Details([
                "id": "\(job.id, .bold)", "status": status(job), "type": StyledText(job.kind.rawValue),
                "about": StyledText(about(job)), "progress": StyledText(Format.percent(job.progress)),
                "attempts": "\(job.attempts) of \(job.maximumAttempts)",
            ])
            details.add("error", job.errorMessage.map { StyledText($0, .red) })
            details.add("twin", job.twinID.map { StyledText($0) })
            details.add("source", job.sourceID.map { StyledText($0) })
            if job.isCancelRequested { details.add("cancel", "asked for") }
            if job.status == .queued { details.add("not before", StyledText(job.runAfter.description)) }
            details.add("added", StyledText(job.createdAt.description))
            details.add("started", job.startedAt.map { StyledText($0.description) })
            details.add("completed", job.completedAt.map { StyledText($0.description) })
            for (key, value) in job.metadata.members { details.add(key, StyledText(value.stringValue ?? value.text)) }
            try call.output.details(details)
        }
        return .done
    }

    private static func showLogs(_ call: Invocation) throws -> ExitCode {
        let jobs = try call.workspace().jobs
        let logs = try jobs.logs(
            of: try jobs.find(try call.required("JOB")), level: call.string("level").flatMap(JobLog.Level.init),
            limit: call.int("limit") ?? 100)
        try call.output.list(logs, empty: "there is no such entry") {
            try call.output.table(Table(log: logs.map { ($0.createdAt, $0.level, $0.message) }))
        }
        return .done
    }

    private static func retryJobs(_ call: Invocation) throws -> ExitCode {
        let jobs = try call.workspace().jobs
        return try show(try call.operands("JOB").map { try jobs.retry($0, by: AuditLog.localActor) }, call)
    }

    private static func cancelJobs(_ call: Invocation) throws -> ExitCode {
        let jobs = try call.workspace().jobs
        return try show(try call.operands("JOB").map { try jobs.cancel($0, by: AuditLog.localActor) }, call)
    }

    private static func show(_ jobs: [Job], _ call: Invocation) throws -> ExitCode {
        try call.output.list(jobs, empty: "nothing was changed") {
            for job in jobs { try call.output.line(line(job)) }
        }
        return .done
    }

    /// One job in a line for people.
    static func line(_ job: Job) -> StyledText {
        let reason = job.errorMessage.map { ": \($0)" } ?? ""
        let isAsked = job.status == .processing && job.isCancelRequested ? ", will stop" : ""
        return "\(status(job))\(isAsked) \(about(job))\(reason) \(job.id, .dim)"
    }
}
