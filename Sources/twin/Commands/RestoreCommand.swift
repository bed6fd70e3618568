import TwinKit

enum RestoreCommand {
    static let command = Command(
        "restore", summary: "Put a backup in the place of the database",
        discussion: """
            The backup is checked first. A database that another process has open is not replaced, nor is one that is newer \
            than this program understands; an existing database is replaced only with --force and is kept beside the new one \
            with the suffix '.before-restore'. Stopped at any moment, either the old database or the new one is in place.
            """,
        examples: [
            Example("twin restore twin-2026-11-21.db", "onto a machine without a database"),
            Example("twin restore twin-2026-11-21.db --force", "in the place of the present one"),
        ],
        arguments: [Argument("FILE", help: "The backup", completion: .files)],
        options: [.flag("force", short: "f", help: "Replace the present database"), .dryRun],
        exits: [.notPermitted, .notFound, .busy], alsoCalled: ["recover"], run: { try $0.notWired() })
}
