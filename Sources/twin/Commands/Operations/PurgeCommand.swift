import TwinKit
import TwinSupport

enum PurgeCommand {
    static let command = Command(
        "purge", summary: "Delete old conversations, or those of one visitor, for good",
        discussion: """
            Conversations, the prompts of the journal, questions that wait for the owner and what was learned from them are gone \
            from every table, and from every backup that is made afterwards; backups that there are keep them. The sums of each \
            day stay, and so does what the owner has made a verified answer or a memory.

            'twin serve' does the same every hour where the setting retention.conversations_days is set, and with pictures where \
            retention.pictures_days is. 'twin users erase' erases a user.
            """,
        examples: [
            Example("twin purge --older-than 365 --dry-run", "how many there are that nobody has added to for a year"),
            Example("twin purge --older-than 365 --yes", "delete them, in a script"),
            Example("twin purge --older-than 90 --pictures --yes", "pictures and datasets of personas instead, with their files"),
            Example("twin purge --visitor ID --yes", "what one visitor of a widget or a share link has left"),
        ],
        options: [
            .int("older-than", "DAYS", in: 1...36_500, help: "What nobody has added to for so many days"),
            .flag("pictures", help: "Delete pictures and datasets of personas that were made longer ago, and no conversation"),
            .string("visitor", "ID", help: "What this visitor has left; the ids stand in 'twin metrics audience'"),
            .dryRun, .yes,
        ],
        exits: [.notConfigured, .notFound], alsoCalled: ["prune", "gc", "retention"], run: run)

    private static func run(_ call: Invocation) throws -> ExitCode {
        guard call.has("older-than") != call.has("visitor") else { throw call.usage("give either --older-than or --visitor") }
        if call.flag("pictures"), call.has("visitor") { throw call.usage("--pictures goes with --older-than") }
        let workspace = try call.workspace()
        if call.flag("pictures") { return try purgePictures(workspace, call) }
        if let visitor = call.string("visitor") {
            if call.flag("dry-run") { throw call.usage("--visitor has no --dry-run") }
            guard try call.flag("yes") || Confirmation.ask("Delete everything of the visitor \(visitor)?", call) else {
                return .done
            }
            return try show(workspace.retention.purge(visitor: visitor, by: AuditLog.localActor), isDryRun: false, call)
        }
        let instant = Clock.now.adding(seconds: -Double(call.int("older-than") ?? 0) * 86_400)
        let planned = try workspace.retention.purge(before: instant, isDryRun: true, by: nil)
        if call.flag("dry-run") { return try show(planned, isDryRun: true, call) }
        guard
            try planned.isEmpty || call.flag("yes")
                || Confirmation.ask("Delete \(planned.conversations) conversations and \(planned.sessions) sessions?", call)
        else { return .done }
        return try show(
            workspace.retention.purge(
                before: instant, by: AuditLog.localActor, isCancelled: { Interrupt.isRequested }), isDryRun: false, call)
    }

    private static func purgePictures(_ workspace: Workspace, _ call: Invocation) throws -> ExitCode {
        let instant = Clock.now.adding(seconds: -Double(call.int("older-than") ?? 0) * 86_400)
        let isDryRun = call.flag("dry-run")
        var count = try workspace.purgePictures(before: instant, isDryRun: true)
        if !isDryRun {
            guard
                try count == 0 || call.flag("yes") || Confirmation.ask("Delete \(Format.count(count, "picture"))?", call)
            else { return .done }
            count = try workspace.purgePictures(
                before: instant, isDryRun: false, isCancelled: { Interrupt.isRequested })
        }
        try call.output.show(["pictures": .number(count), "dry_run": .bool(isDryRun)] as JSON) {
            try call.output.line("\(Format.count(count, "picture")) \(isDryRun ? "would be deleted" : "deleted")")
        }
        return .done
    }

    private static func show(_ removal: Retention.Removal, isDryRun: Bool, _ call: Invocation) throws -> ExitCode {
        try call.output.show(removal) {
            let verb = isDryRun ? "would be deleted" : "deleted"
            try call.output.line(
                "\(removal.conversations) conversations, \(removal.sessions) sessions of the journal and \(removal.visits) visits \(verb)"
            )
        }
        return .done
    }
}
