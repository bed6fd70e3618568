import TwinKit
import TwinSupport

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
        run: run)

    private static func run(_ call: Invocation) throws -> ExitCode {
        let file = try call.required("FILE")
        let workspace = try call.workspace()
        Interrupt.catchSignals()
        let size = try workspace.backup(to: file, replacing: call.flag("force")) { done, total in
            if Interrupt.isRequested { throw TwinError(.interrupted, "interrupted; no backup was written") }
            call.output.setStatus("copied \(total == 0 ? 100 : done * 100 / total) %")
        }
        call.output.setStatus(nil)
        try call.output.show(["path": .string(file), "bytes": .number(size)] as JSON) {
            try call.output.line("\(file, .bold) holds a copy of \(Format.bytes(Int64(size)))")
        }
        return .done
    }
}
