import TwinHTTP
import TwinKit
import TwinReaders
import TwinSupport

enum ApplyCommand {
    static let command = Command(
        "apply", summary: "Make a twin match the text files in a folder",
        discussion: """
            DIR is a folder as 'twin export' writes it; twin.json with a slug is enough. The twin is made when there is none. A file \
            that is missing, and a field of the twin or of a group that is left out, says nothing and changes nothing; a list in a group \
            is whole, so a member or a grant that it leaves out is taken away. Applying again changes nothing, and writes nothing.

            All files are checked first, and everything but the reading of documents is one transaction: an error, reported with its file and \
            line, changes nothing. A document that cannot be read is reported at the end with exit code 9; the rest is kept. A changed answer \
            keeps the one before in its history.

            Without --prune, entries that the files do not list stay. With it they are removed: answers go out of use, memories are \
            retracted, sources and groups are deleted, except the default group.

            Paths in the files are relative to DIR and must stay inside it unless --allow-outside is given. A file is known by its absolute \
            path, so a pipeline should apply from the same place each time. An address is fetched once; 'twin ingest URL' reads it again.

            The result and the plan of --dry-run have the same shape: "changes" (each with action, kind, name and fields), "failures", and the \
            counts created, updated, deleted, unchanged and failed. With --jsonl each is a line, the summary last.
            """,
        examples: [
            Example("twin apply seed", "make or change the twin"),
            Example("twin apply seed --dry-run --prune", "what would be done"),
            Example(
                "twin apply seed --dry-run --detailed-exitcode -q || echo 'out of date'", "whether the twin is as the files are"),
            Example("twin apply seed --prune --yes --json | jq .updated", "in a pipeline"),
        ],
        arguments: [Argument("DIR", help: "The folder", completion: .directories)],
        options: [
            .string(
                "twin", "TWIN", short: "t", completion: .dynamic(.twins),
                help: "Apply to this twin instead of the one in twin.json"),
            .flag("prune", help: "Remove what the files do not list"),
            .dryRun, .yes,
            .flag("detailed-exitcode", help: "With --dry-run: end with 11 where there is something to change, with 0 where not"),
            .flag("allow-outside", help: "Also read documents outside DIR that sources.jsonl names"),
            .flag("allow-private", help: "Fetch from private and loopback addresses too"),
        ],
        exits: [.notConfigured, .notFound, .notPermitted, .limitReached, .busy, .partlyDone, .changesPlanned, .interrupted],
        run: run)

    private static func run(_ call: Invocation) throws -> ExitCode {
        let directory = TwinDirectory(try call.required("DIR"), allowsOutside: call.flag("allow-outside"))
        var options = TwinApply.Options()
        options.name = call.string("twin")
        options.prune = call.flag("prune")
        options.isDryRun = call.isDryRun
        let isDetailed = call.flag("detailed-exitcode")
        if isDetailed, !options.isDryRun {
            throw UsageError("--detailed-exitcode tells about a plan; give --dry-run too")
        }
        // Before the database is opened: a wrong folder must not leave an empty one behind.
        let manifest = try directory.read()
        let workspace = try call.workspace(create: true)
        let apply = try workspace.apply(allowPrivate: call.flag("allow-private"))
        if options.prune, !options.isDryRun, !call.flag("yes") {
            var plan = options
            plan.isDryRun = true
            let count = try apply.run(manifest, in: directory, plan, by: AuditLog.localActor).count(.delete)
            if count > 0,
                try !Confirmation.ask("Remove \(Format.count(count, "entry", "entries")) that the files do not list?", call)
            {
                return .failed
            }
        }
        Interrupt.catchSignals()
        let report = try apply.run(
            manifest, in: directory, options, by: AuditLog.localActor, isCancelled: { Interrupt.isRequested })
        if report.hasNewText, let twin = report.twin { try IngestCommand.embed(twin, in: workspace, call.output) }
        if report.changes.contains(where: { $0.kind == .verifiedAnswer && $0.action != .delete }), !options.isDryRun,
            let twin = report.twin
        {
            // A failure is passed over: the answers are found by their letters, and a later run fills the gap.
            _ = try? workspace.verifiedAnswers.embed(twin)
        }
        try show(report, call.output)
        if !report.failures.isEmpty { return .partlyDone }
        return isDetailed && !report.changes.isEmpty ? .changesPlanned : .done
    }

    private static func show(_ report: ApplyReport, _ output: Output) throws {
        switch output.mode {
        case .json: try output.document(report.json)
        case .jsonl:
            for change in report.changes { try output.record(change.json) }
            for failure in report.failures { try output.record(failure.json) }
            try output.record(report.summary)
        case .text:
            for change in report.changes { try output.line(line(change)) }
            for failure in report.failures { output.warning("\(failure.name): \(failure.reason)") }
            let counts = [
                ("created", report.count(.create)), ("updated", report.count(.update)), ("deleted", report.count(.delete)),
                ("unchanged", report.unchanged), ("failed", report.failures.count),
            ].filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
            output.note(
                "\(report.isDryRun ? "would be: " : "")\(counts.isEmpty ? "nothing to do" : counts.joined(separator: ", "))")
        }
    }

    private static func line(_ change: TwinChange) -> StyledText {
        let style: StyledText.Style = change.action == .create ? .green : change.action == .delete ? .red : .yellow
        let fields = change.fields.isEmpty ? "" : " (\(change.fields.joined(separator: ", ")))"
        return "\(change.action.rawValue, style) \(change.kind.rawValue) \(change.name)\(fields, .dim)"
    }
}
