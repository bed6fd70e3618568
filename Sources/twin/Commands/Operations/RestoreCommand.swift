import TwinDatabase
import TwinKit
import TwinSupport

enum RestoreCommand {
    static let command = Command(
        "restore", summary: "Replace the database with a backup",
        discussion: """
            The backup is checked first. A database that another process has open is not replaced, nor is one that is newer \
            than this program understands; an existing database is replaced only with --force and is kept beside the new one \
            with the suffix '.before-restore', or '.before-restore-2' and so on where there is one already. Stopped at any moment, \
            either the old database or the new one is in place. The new file has the owner of the old one, and only that owner \
            can read it.
            """,
        examples: [
            Example("twin restore twin-2026-11-21.db", "on a machine without a database"),
            Example("twin restore twin-2026-11-21.db --force", "replacing the present one"),
        ],
        arguments: [Argument("FILE", help: "The backup", completion: .files)],
        options: [.flag("force", short: "f", help: "Replace the present database"), .dryRun],
        exits: [.notPermitted, .notFound, .busy], alsoCalled: ["recover"], run: run)

    private static func run(_ call: Invocation) throws -> ExitCode {
        let file = try call.required("FILE")
        let path = call.databasePath(try call.configuration())
        let isDryRun = call.isDryRun
        let kept = try Backup.restore(
            file, to: path, replacing: call.flag("force"), isDryRun: isDryRun, migrator: Schema.migrator)
        let report: JSON = [
            "path": .string(path), "from": .string(file), "previous": .optional(kept), "dry_run": .bool(isDryRun),
        ]
        try call.output.show(report) {
            try call.output.line("\(path, .bold) \(isDryRun ? "would be" : "is") restored from \(file)")
            if let kept { call.output.note("the database that was there \(isDryRun ? "would be" : "is") kept at \(kept)") }
        }
        return .done
    }
}
