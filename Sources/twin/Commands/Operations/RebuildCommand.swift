import TwinKit
import TwinSupport

enum RebuildCommand {
    static let command = Command(
        "rebuild", summary: "Rebuild the search index or the vectors from the stored texts",
        discussion: """
            Nothing is read again from where it came from: the stored texts are enough. Until it is done the old index \
            answers, and searches give the same results before and after. Without options the index is rebuilt.

            With --embeddings the chunks, and the questions of verified answers, that have no vector of the configured embedding \
            model get one. It may be stopped at \
            any moment and goes on from there when it is run again; until then they are found by their words.
            """,
        examples: [
            Example("twin rebuild --index", "after 'twin doctor' found the index to disagree with the text"),
            Example("twin rebuild --embeddings", "after an embedding model was configured or changed"),
            Example("twin rebuild --leftovers", "remove rows that belong to nothing"),
        ],
        options: [
            .twin,
            .flag("index", help: "Rebuild the search index of one twin or of all"),
            .flag("embeddings", help: "Embed the chunks that have no vector, of one twin or of all"),
            .flag(
                "leftovers",
                help: "Remove rows whose owner is gone, texts that no source has, and files that nothing has named for a day"),
        ],
        exits: [.notConfigured, .notFound, .limitReached, .busy, .upstream, .interrupted],
        alsoCalled: ["reindex", "repair", "mend", "fix"], run: run)

    private static func run(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let all = !call.flag("index") && !call.flag("leftovers") && !call.flag("embeddings")
        if call.flag("embeddings"), !workspace.embeds {
            throw TwinError(
                .notConfigured, "no embedding model is configured; 'twin config set embedding.url URL' names the endpoint of one")
        }
        var report: JSONObject = [:]
        if call.flag("leftovers") {
            report["leftovers"] = .number(try workspace.rebuild.leftovers())
            report["files"] = .number(try workspace.sweepStorage(adoptingStrays: true, isCancelled: { Interrupt.isRequested }))
        }
        if call.flag("index") || all {
            let twins = try twins(call, in: workspace)
            var chunks = 0
            for twin in twins {
                call.output.setStatus("rebuilding the index of \(twin.slug)")
                chunks += try workspace.rebuild.index(of: twin)
            }
            call.output.setStatus(nil)
            report["twins"] = .number(twins.count)
            report["chunks"] = .number(chunks)
        }
        if call.flag("embeddings") {
            Interrupt.catchSignals()
            defer { call.output.setStatus(nil) }
            var embedded = 0
            var questions = 0
            for twin in try twins(call, in: workspace) {
                embedded += try workspace.embed(
                    twin, replacesDimension: true, isCancelled: { Interrupt.isRequested },
                    progress: { call.output.setStatus("embedding \(twin.slug): \($0.done) of \($0.total) chunks") })
                call.output.setStatus("embedding the verified answers of \(twin.slug)")
                questions += try workspace.verifiedAnswers.embed(
                    twin, replacesDimension: true, isCancelled: { Interrupt.isRequested })
            }
            report["embedded"] = .number(embedded)
            report["embedded_answers"] = .number(questions)
        }
        try call.output.show(JSON.object(report)) {
            if let removed = report["leftovers"]?.intValue { try call.output.line("removed \(Format.count(removed, "row"))") }
            if let files = report["files"]?.intValue, files > 0 {
                try call.output.line("removed \(Format.count(files, "file"))")
            }
            if let chunks = report["chunks"]?.intValue { try call.output.line("indexed \(Format.count(chunks, "chunk")) anew") }
            if let count = report["embedded"]?.intValue { try call.output.line("embedded \(Format.count(count, "chunk"))") }
            if let count = report["embedded_answers"]?.intValue, count > 0 {
                try call.output.line("embedded \(Format.count(count, "verified answer"))")
            }
        }
        return .done
    }

    private static func twins(_ call: Invocation, in workspace: Workspace) throws -> [Twin] {
        call.has("twin") ? [try call.twin(in: workspace)] : try workspace.twins.list(includeArchived: true)
    }
}
