import TwinKit
import TwinSupport

enum AuditCommand {
    static let command = Command(
        "audit", summary: "See who changed what",
        discussion: """
            Every change of twins, groups, keys, sharing, sources, verified answers and users is in the log, in the same \
            transaction as the change. Without --twin the log covers the whole database, also of twins that are deleted.
            """,
        examples: [
            Example("twin audit --limit 20", "the newest changes"),
            Example("twin audit --event CONFIGURATION_CHANGE --twin ada", "settings, groups and keys of one twin"),
        ],
        options: [
            .twin,
            .choice("event", "TYPE", short: "e", of: AuditLog.Event.allCases.map(\.rawValue), help: "Only changes of this type"),
            .int("limit", short: "n", in: AuditLog.limits, default: "100", help: "Show at most this many"),
        ],
        exits: [.notConfigured, .notFound], alsoCalled: ["log", "history"], run: run)

    private static func run(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let entries = try workspace.audit.list(
            twinID: call.string("twin").map { try workspace.twins.resolve($0).id },
            event: call.string("event").flatMap(AuditLog.Event.init), limit: call.int("limit") ?? 100)
        try call.output.list(entries, empty: "nothing has been changed yet") {
            var table = Table(.text("WHEN"), .text("WHO"), .text("ACTION"), .text("DETAILS", shrinks: true))
            for entry in entries {
                let time = call.output.isTerminal ? Format.ago(entry.createdAt) : entry.createdAt.description
                table.add(
                    "\(time, .dim)", StyledText(entry.actorID ?? "-"), "\(entry.action, .bold)",
                    StyledText(JSON.object(entry.metadata).text))
            }
            try call.output.table(table)
        }
        return .done
    }
}
