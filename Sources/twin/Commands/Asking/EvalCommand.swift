import TwinHTTP
import TwinKit
import TwinSupport

enum EvalCommand {
    static let command = Command(
        "eval", summary: "Measure how well a twin finds, answers and refuses",
        discussion: """
            FILE is a file of questions (JSON Lines), which are asked of a twin that exists; or a folder in BEIR's layout \
            (corpus.jsonl, queries.jsonl, qrels/SPLIT.tsv) or a SQuAD file, whose documents are ingested into a twin made for \
            the purpose and removed afterwards. Nothing is stored in the twin that is asked, and answers are the quoted ones or the owner's: each question goes the \
            way of a chat, past courtesies, verified answers, memory and what is held for the owner.

            A line of questions:

              {"question": "What does A weigh?", "expected_sources": ["a.md"], "answers": ["3 kg"]}
              {"question": "Who is the mayor?", "unanswerable": true}
              {"question": "and B?", "after": ["What does A weigh?"], "answers": ["4 kg"]}

            Where an embedding model is configured, a twin that exists is asked by meaning too, as in a chat, and with \
            --no-meaning by words alone. With --meaning, documents that come with the questions are embedded first.

            Sources are named by id, by path or its end, or by file name. With --jsonl each question's result is a line, and \
            the report is the last.

            With --min and --max the exit code is 1 when a measure falls short, for example in continuous integration. \
            Measures: \(Measure.allCases.map(\.name).joined(separator: ", ")).
            """,
        examples: [
            Example("twin eval questions.jsonl --twin ada", "measure a twin with your own questions"),
            Example("twin eval questions.jsonl --min containment=0.8 --min refusal_recall=0.9", "fail below a bound"),
            Example("twin eval questions.jsonl --as-group partners", "what the members of a group get"),
            Example("twin eval squad.json --leave-out --json", "a SQuAD file, each article also left out once"),
            Example("twin eval cranfield --max latency_p95_ms=50", "a BEIR folder"),
            Example(
                "twin eval questions.jsonl --jsonl | jq -r 'select(.truthfulness == -1).question'", "what was answered wrongly"),
            Example("twin eval questions.jsonl --html report.html", "a page that names what failed"),
            Example("twin eval questions.jsonl --no-meaning", "by words alone, though an embedding model is configured"),
        ],
        arguments: [
            Argument("FILE", .one, help: "Questions: a JSON Lines file, a BEIR folder or a SQuAD file", completion: .files)
        ],
        options: [
            .twin,
            .path("qrels", help: "Relevance judgements to use instead of the file's own"),
            .string("split", "NAME", default: "test", help: "Which judgements of a BEIR folder: qrels/NAME.tsv"),
            .string("min", "MEASURE=X", repeats: true, help: "Fail when this measure is below X"),
            .string("max", "MEASURE=X", repeats: true, help: "Fail when this measure is above X"),
            .string("as-group", "GROUP", completion: .dynamic(.groups), help: "Ask as a member of this access group"),
            .string("as-key", "KEY", completion: .dynamic(.keys), help: "Ask as the holder of this API key (its id or name)"),
            .path("html", help: "Also write a page for a browser: the measures, and each failed question with what was found"),
            .double("threshold", in: 0...1, help: "Refuse below this answerability instead of the twin's own threshold"),
            .flag("leave-out", help: "Also ask each article's questions of a twin without that article"),
            .choice(
                "granularity", "UNIT", of: SQuADFile.Granularity.allCases.map(\.rawValue), default: "paragraph",
                help: "What counts as a document in a SQuAD file"),
            .flag(
                "meaning", negatable: true, default: "on for a twin that exists",
                help: "Also search by meaning, with the embedding model that is configured"),
            .flag(
                "ingest", negatable: true, default: "on",
                help: "Ingest the documents that come with the questions; otherwise the existing twin is asked"),
        ],
        exits: [.notConfigured, .notPermitted, .notFound, .limitReached, .busy, .interrupted],
        alsoCalled: ["evaluate", "benchmark", "measure"], subcommands: [EvalGraphCommand.command], run: run)

    private static func run(_ call: Invocation) throws -> ExitCode {
        let bounds =
            try call.strings("min").map { try MeasureBound($0, .atLeast) }
            + call.strings("max").map { try MeasureBound($0, .atMost) }
        let set = try QuestionSet.load(
            path: try call.required("FILE"), qrels: call.string("qrels"), split: call.string("split") ?? "test",
            granularity: call.string("granularity").flatMap(SQuADFile.Granularity.init) ?? .paragraph)
        let hasOwnDocuments = !set.documents.isEmpty && call.flag("ingest", default: true)
        if hasOwnDocuments, call.has("twin") {
            throw call.usage("the questions bring their own documents; leave out --twin, or ask that twin with --no-ingest")
        }
        if hasOwnDocuments, call.has("as-group") || call.has("as-key") {
            throw call.usage("--as-group and --as-key are for a twin that exists; these questions bring their own documents")
        }
        if call.flag("leave-out"), !hasOwnDocuments {
            throw call.usage("--leave-out needs questions that bring their own documents")
        }

        var evaluation = EvaluationRun(set)
        evaluation.threshold = call.double("threshold")
        evaluation.leavesOut = call.flag("leave-out")
        evaluation.isCancelled = { Interrupt.isRequested }
        let output = call.output
        evaluation.progress = { activity, done, total in
            if done % 20 == 0 || done == total { output.setStatus("\(done) of \(total) \(activity)") }
        }
        Interrupt.catchSignals()
        let outcome: EvaluationRun.Outcome
        do {
            defer { output.setStatus(nil) }
            if hasOwnDocuments {
                if call.flag("meaning", default: false) {
                    guard let model = try call.workspace().embeddingModel else {
                        throw TwinError(.notConfigured, "no embedding model is configured; choose one with: twin models use")
                    }
                    evaluation.model = model
                }
                outcome = try evaluation.askOwnDocuments(migrator: Schema.migrator)
            } else {
                let workspace = try call.workspace()
                let twin = try call.twin(in: workspace)
                if call.flag("meaning", default: true) { evaluation.model = workspace.embeddingModel }
                outcome = try evaluation.ask(
                    twin, in: workspace.database, clearance: call.clearance(of: twin, in: workspace))
            }
        }
        // Whatever becomes of the page, what was measured is printed; and the page also where a bound is not met.
        let shown = Result { try show(outcome, bounds: bounds, on: output) }
        if let path = call.string("html") {
            try AtomicFile.write(Array(EvaluationPage(outcome).html.utf8), to: FilePath.absolute(path))
        }
        return try shown.get()
    }

    /// Prints what was measured. Throws when a bound is not met.
    private static func show(_ outcome: EvaluationRun.Outcome, bounds: [MeasureBound], on output: Output) throws -> ExitCode {
        if let first = outcome.unknownSources.first {
            output.warning(
                "the twin has no source '\(first)'"
                    + (outcome.unknownSources.count > 1
                        ? " and \(outcome.unknownSources.count - 1) others that the questions expect" : ""))
        }
        switch output.mode {
        case .json: try output.document(outcome.report.json)
        case .jsonl:
            for result in outcome.results { try output.record(typed("question", result.json)) }
            try output.record(typed("report", outcome.report.json))
        case .text:
            for line in outcome.report.table.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
                try output.line(String(line))
            }
        }
        if outcome.report.failureCount == outcome.report.questionCount {
            throw TwinError(.failed, "no question could be asked: \(outcome.report.firstFailure ?? "no reason")")
        }
        let shortfalls = MeasureBound.shortfalls(bounds, in: outcome.report)
        guard shortfalls.isEmpty else { throw TwinError(.failed, shortfalls.joined(separator: "; ")) }
        return .done
    }

    private static func typed(_ type: String, _ json: JSON) -> JSON {
        var object: JSONObject = ["type": .string(type)]
        for (key, value) in json.objectValue?.members ?? [] { object[key] = value }
        return .object(object)
    }
}
