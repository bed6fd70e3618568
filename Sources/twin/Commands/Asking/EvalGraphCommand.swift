import TwinHTTP
import TwinKit
import TwinSupport

enum EvalGraphCommand {
    static let command = Command(
        "graph", summary: "Measure how well names, relations and preferences are found in text",
        discussion: """
            FILE has texts in which they are known: a token, a tab and its BIO label a line (CrossNER, CoNLL-2003), CoNLL04 with \
            its relations, DocRED's JSON with the names of each thing, or JSON Lines of "text" and "stated" for preferences. \
            Names are counted when they are the same to the letter, whatever their type; relations and aliases are looked for \
            among the names that the file gives. Nothing is stored and no twin is needed.

            With --min and --max the exit code is 1 when a measure falls short.
            """,
        examples: [
            Example("twin eval graph conll04-dev.txt", "names and relations"),
            Example(
                "twin eval graph preferences.jsonl --min statement_recall=0.94 --max false_alarms=0.02", "fail below a bound"),
        ],
        arguments: [Argument("FILE", help: "Texts with the names and relations that are in them", completion: .files)],
        options: [
            .string("min", "MEASURE=X", repeats: true, help: "Fail when this measure is below X"),
            .string("max", "MEASURE=X", repeats: true, help: "Fail when this measure is above X"),
        ],
        exits: [.notPermitted, .notFound, .limitReached], run: run)

    private static func run(_ call: Invocation) throws -> ExitCode {
        let lower = try call.strings("min").map { try bound($0, call) }
        let upper = try call.strings("max").map { try bound($0, call) }
        let evaluation = GraphEvaluation(try GraphSet.load(path: try call.required("FILE")))
        try call.output.show(evaluation) {
            var table = Table(.text("MEASURE"), .number("VALUE"))
            for (name, value) in evaluation.measures { table.add(StyledText(name), StyledText(Decimals.text(value))) }
            table.add("MB/s", StyledText(Decimals.text(evaluation.bytesPerSecond / 1e6)))
            try call.output.table(table)
        }
        for (bounds, isLower) in [(lower, true), (upper, false)] {
            for (name, limit) in bounds {
                guard let value = evaluation.measures.first(where: { $0.name == name })?.value else {
                    let names = evaluation.measures.map(\.name).joined(separator: ", ")
                    throw TwinError(.invalid, "this file does not measure \(name); it measures \(names)")
                }
                guard isLower ? value >= limit : value <= limit else {
                    throw TwinError(
                        .failed, "\(name) is \(Decimals.text(value)), \(isLower ? "below" : "above") \(Decimals.text(limit))")
                }
            }
        }
        return .done
    }

    private static func bound(_ text: String, _ call: Invocation) throws -> (String, Double) {
        let parts = text.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let limit = Double(parts[1]), limit.isFinite else {
            throw call.usage("a bound is a measure and a number, such as name_f1=0.7, not \(text)")
        }
        return (String(parts[0]), limit)
    }
}
