import TwinKit
import TwinSupport

enum VersionCommand {
    static let command = Command(
        "version", summary: "Show the version",
        examples: [Example("twin version --json | jq -r .version", "the number alone")],
        run: { call in
            try show(on: call.output)
            return .done
        })

    static func show(on output: Output) throws {
        try output.show(["name": "twin", "version": .string(Program.version)] as JSON) {
            try output.line("twin \(Program.version)")
        }
    }
}
