import TwinKit
import TwinSupport

enum DigestCommand {
    static let command = Command(
        "digest", summary: "Show what a twin learned on a day",
        examples: [
            Example("twin digest", "today"),
            Example("twin digest --date 2026-11-24 --tz +01:00 --json", "a day in Berlin"),
        ],
        options: [
            .twin, .string("date", "YYYY-MM-DD", default: "today", help: "Which day"),
            .string("tz", "OFFSET", default: "UTC", help: "The day's time zone, as an offset such as +01:00"),
            .string("as-group", "GROUP", completion: .dynamic(.groups), help: "What the members of this access group would see"),
            .string("as-key", "KEY", completion: .dynamic(.keys), help: "What the holder of this API key (its id) would see"),
        ],
        exits: [.notConfigured, .notFound, .interrupted], alsoCalled: ["learned", "news"], run: run)

    private static func run(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let twin = try call.twin(in: workspace)
        try GraphCommand.learn(twin, in: workspace, call.output)
        let digest = try workspace.digest(
            of: twin, date: call.string("date"), offset: call.string("tz"), for: call.clearance(of: twin, in: workspace))
        try call.output.show(digest) {
            try call.output.line(
                "\(digest.date): \(Format.count(digest.newEntities, "new thing")), \(Format.count(digest.newFacts, "fact")), \(Format.count(digest.newRelationships, "relation"))"
            )
            for highlight in digest.highlights { try call.output.line("- \(highlight)") }
        }
        return .done
    }
}
