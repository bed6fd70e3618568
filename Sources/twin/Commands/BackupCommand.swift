import TwinKit

enum BackupCommand {
    static let command = Command(
        "backup", summary: "Copy the database to a file while it is in use",
        discussion: """
            The copy is complete and consistent, even while another process writes. It appears under its name only when it \
            is whole. An existing file is replaced only with --force.
            """,
        examples: [
            Example("twin backup twin-$(date +%F).db", "a copy named after today"),
            Example("twin backup /mnt/backup/twin.db --force --quiet", "for cron"),
        ],
        arguments: [Argument("FILE", help: "Where the copy goes", completion: .files)],
        options: [.flag("force", short: "f", help: "Replace FILE if it is there")],
        exits: [.notConfigured, .notPermitted, .busy, .interrupted], alsoCalled: ["export", "dump", "save"],
        run: { try $0.notWired() })
}
