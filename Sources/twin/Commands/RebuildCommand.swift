import TwinKit

enum RebuildCommand {
    static let command = Command(
        "rebuild", summary: "Make the search index anew from the stored texts",
        discussion: """
            Nothing is read again from where it came from: the stored texts are enough. Until it is done the old index \
            answers, and searches give the same results before and after. Without options the index is rebuilt.
            """,
        examples: [
            Example("twin rebuild --index", "after 'twin doctor' found the index to disagree with the text"),
            Example("twin rebuild --leftovers", "remove rows that belong to nothing"),
        ],
        options: [
            .twin,
            .flag("index", help: "Make the search index anew, of one twin or of all"),
            .flag("leftovers", help: "Remove rows whose owner is gone, and texts that no source has"),
        ],
        exits: [.notConfigured, .notFound, .busy], alsoCalled: ["reindex", "repair", "mend", "fix"], run: run)

    private static func run(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let all = !call.flag("index") && !call.flag("leftovers")
        var report: JSONObject = [:]
        if call.flag("leftovers") { report["leftovers"] = .number(try workspace.rebuild.leftovers()) }
        if call.flag("index") || all {
            let twins = call.has("twin") ? [try call.twin(in: workspace)] : try workspace.twins.list(includeArchived: true)
            var chunks = 0
            for twin in twins {
                call.output.setStatus("rebuilding the index of \(twin.slug)")
                chunks += try workspace.rebuild.index(of: twin)
            }
            call.output.setStatus(nil)
            report["twins"] = .number(twins.count)
            report["chunks"] = .number(chunks)
        }
        try call.output.show(JSON.object(report)) {
            if let removed = report["leftovers"]?.intValue { try call.output.line("removed \(Format.count(removed, "row"))") }
            if let chunks = report["chunks"]?.intValue { try call.output.line("indexed \(Format.count(chunks, "chunk")) anew") }
        }
        return .done
    }
}
