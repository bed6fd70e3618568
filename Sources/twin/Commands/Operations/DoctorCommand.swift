import TwinHTTP
import TwinKit
import TwinSupport

enum DoctorCommand {
    static let command = Command(
        "doctor", summary: "Check the database, the index and the tools, and say how to fix each finding",
        discussion: """
            Checks the database file, its references, that the index agrees with the stored text, that nothing is left over \
            from an interrupted run, and which of the optional tools are installed. Each finding comes with the command that \
            mends it. Exit code 1 when there is any; a missing optional tool is only a remark.

            It also finds files with secrets or content that others may read: the database with what stands beside it, backups in \
            the same folder, files with keys, the configuration. --mend removes those permissions before it checks.
            """,
        examples: [
            Example("twin doctor", "check everything"),
            Example("twin doctor --mend", "also fix file permissions"),
            Example("twin doctor --json | jq '.findings[].remedy'", "the commands that fix what was found"),
        ],
        options: [
            .flag("quick", help: "Leave out the comparison of the index with the text"),
            .flag("mend", help: "First remove other users' permission to read or change your files"),
        ],
        exits: [.notConfigured, .busy], alsoCalled: ["check", "verify", "status"], run: run)

    private static func run(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        if call.flag("mend") {
            for file in try workspace.privateFiles.mend() {
                call.output.note(
                    "\(file.path) had the mode \(FileMode.text(file.mode)), and has \(FileMode.text(file.mode & ~file.excess))")
            }
        }
        let report = try workspace.doctor.examine(isQuick: call.flag("quick"))
        switch call.output.mode {
        case .json: try call.output.document(report.json)
        case .jsonl: for check in report.checks { try call.output.record(check.json) }
        case .text:
            for check in report.checks {
                let mark: StyledText =
                    switch check.result {
                    case .fine: "\("ok", .green)      "
                    case .remark: "\("note", .yellow)    "
                    case .finding: "\("finding", .red) "
                    }
                try call.output.line(mark + "\(check.name, .bold)  \(check.message)")
                if let remedy = check.remedy { try call.output.line("          mend with: \(remedy)") }
            }
        }
        return report.findings.isEmpty ? .done : .failed
    }
}
