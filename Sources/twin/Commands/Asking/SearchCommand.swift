import TwinKit
import TwinSupport

enum SearchCommand {
    static let command = Command(
        "search", summary: "Find the passages of a twin's documents that match some words",
        discussion: """
            Passages are ranked by how well they match, best first. Words are matched without regard to case, accents and \
            endings; misspelt ones are read as the documents write them. Only documents that the caller may see are searched.

            With --explain the terms that the index was asked for come first: each with its weight beside the heaviest and \
            the number of passages that have it, and with a plus what the best passages added. With --json that makes one object of the \
            answer, with "understood_as", "terms" and "passages".
            """,
        examples: [
            Example("twin search gear oil pressure", "the ten best passages"),
            Example("twin search varroa --where tag=bees --since 2w", "only in what is new and tagged so"),
            Example("twin search wildcrad pattern --explain", "how the words were understood"),
            Example("twin search \"gear oil\" --limit 3 --json | jq -r '.[].text'", "the text of the three best"),
        ],
        arguments: [Argument("WORDS", .oneOrMore, help: "What to look for; several operands are joined by spaces")],
        options: [
            .twin,
            .flag("explain", help: "Show how the words were understood"),
            .int("limit", short: "n", in: 1...1000, default: "10", help: "Show at most this many passages"),
            .string(
                "as-group", "GROUP", completion: .dynamic(.groups), help: "Search as a member of this access group"),
            .string(
                "as-key", "KEY", completion: .dynamic(.keys),
                help: "Search as the holder of this API key: its id, @FILE or env:NAME"),
        ] + SourceFilterOptions.all,
        exits: [.notConfigured, .notPermitted, .notFound, .limitReached, .busy],
        alsoCalled: ["find", "grep", "query"], run: run)

    private static func run(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let twin = try call.twin(in: workspace)
        let found = try workspace.search.find(
            call.operands("WORDS").joined(separator: " "), twin: twin,
            clearance: try call.clearance(of: twin, in: workspace), limit: call.int("limit") ?? 10,
            filter: try SourceFilterOptions.filter(call), explains: call.flag("explain"))
        let passages = found.passages
        if let reason = found.degraded { call.output.warning("searched by words alone (\(reason))") }
        if let understood = found.understoodAs { call.output.note("Understood as: \(understood)") }
        if let explanation = found.explanation { return try show(explanation, of: passages, call) }
        try call.output.list(passages, empty: "nothing matches") { try list(passages, call) }
        return .done
    }

    private static func show(
        _ explanation: SearchExplanation, of passages: [StoredPassage], _ call: Invocation
    ) throws -> ExitCode {
        var members = explanation.json.objectValue ?? [:]
        members["passages"] = .array(passages.map(\.json))
        try call.output.show(JSON.object(members)) {
            var table = Table(.text("TERM"), .number("WEIGHT"), .number("PASSAGES"))
            let heaviest = explanation.terms.map(\.weight).max() ?? 1
            for term in explanation.terms {
                table.add(
                    "\(term.isAdded ? "+ " : "")\(term.term)", "\(Format.percent(term.weight / heaviest))", "\(term.passages)")
            }
            try call.output.table(table)
            if passages.isEmpty { return call.output.note("nothing matches") }
            try call.output.line()
            try list(passages, call)
        }
        return .done
    }

    private static func list(_ passages: [StoredPassage], _ call: Invocation) throws {
        for (number, passage) in passages.enumerated() {
            if number > 0 { try call.output.line() }
            let place = passage.place
            try call.output.line(
                "\(number + 1). \(passage.passage.title, .bold)\(place.isEmpty ? "" : " · " + place, .dim)")
            let text = passage.passage.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            let width = call.output.isTerminal ? call.output.width - 3 : Int.max
            for line in TextWrap.lines(text, width: width) { try call.output.line("   \(line)") }
            try call.output.line(
                "   \("\(passage.locator), bytes \(passage.passage.range.lowerBound)-\(passage.passage.range.upperBound), score \(Format.oneDecimal(passage.passage.score))", .dim)"
            )
        }
    }
}
