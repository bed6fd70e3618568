import TwinKit
import TwinSupport

enum ExplainCommand {
    static let command = Command(
        "explain", summary: "Explain why the program does what it does",
        examples: [Example("twin explain access --as-group partners", "what a group may read, and why")],
        alsoCalled: ["why"], subcommands: [access])

    static let access = Command(
        "access", summary: "Say what a caller may read of a twin, and why",
        discussion: """
            It names the access group that the caller resolves to and the rule that led there, then each source and verified \
            answer with the reason why it is visible or not. With a question it also lists the passages that an answer would be \
            made from, and those that only the operator would find. Without an option the caller is the operator.

            Fields of --json: twin_id, twin, caller {kind, name}, rule (operator, requested, membership, key, public, default \
            or refused), reason, group {id, name, is_default, is_public} or null, sources and verified_answers [{id, title, locator, \
            visible, granted_at, reason}], question, passages and withheld_passages (as 'twin search' gives them).
            """,
        examples: [
            Example("twin explain access --as-group partners", "what the members of a group may read"),
            Example("twin explain access --as-key ID \"What oil does the gearbox take?\"", "why a key gets no answer"),
            Example(
                "twin explain access --as-user anna@example.org --json | jq -r '.sources[] | select(.visible) | .title'",
                "for a script"),
        ],
        arguments: [Argument("QUESTION", .many, help: "Also show the passages that this question leads to")],
        options: [
            .twin,
            .string("as-group", "GROUP", completion: .dynamic(.groups), help: "For a member of this access group"),
            .string("as-key", "KEY", completion: .dynamic(.keys), help: "For the holder of this API key, by id or name"),
            .string("as-user", "USER", completion: .dynamic(.users), help: "For this user, by address, id or name"),
            .int("limit", short: "n", in: 1...1000, default: "10", help: "Show at most this many passages"),
        ],
        exits: [.notConfigured, .notFound, .busy], alsoCalled: ["permissions", "visibility"], run: explainAccess)

    private static func explainAccess(_ call: Invocation) throws -> ExitCode {
        let callers: [AccessExplanation.Caller] =
            [
                call.string("as-group").map { .group($0) }, call.string("as-key").map { .key($0) },
                call.string("as-user").map { .user($0) },
            ].compactMap { $0 }
        guard callers.count <= 1 else { throw call.usage("only one of --as-group, --as-key and --as-user can be used") }
        let question = call.operands("QUESTION").joined(separator: " ")
        let workspace = try call.workspace()
        let explanation = try workspace.accessExplainer.explain(
            callers.first ?? .localOperator, of: call.twin(in: workspace), question: question.isEmpty ? nil : question,
            limit: call.int("limit") ?? 10)
        try call.output.show(explanation) { try show(explanation, on: call.output) }
        return .done
    }

    private static func show(_ explanation: AccessExplanation, on output: Output) throws {
        try output.details(
            Details([
                "twin": "\(explanation.twin.slug, .bold)",
                "group": explanation.group.map { "\($0.name, .bold)" } ?? "none",
                "because": StyledText(explanation.reason),
            ]))
        try show("Sources", explanation.sources, on: output)
        try show("Verified answers", explanation.answers, on: output)
        guard explanation.question != nil else { return }
        try show("Passages", explanation.passages, empty: "no passage is found", on: output)
        if !explanation.withheld.isEmpty {
            try show("Passages that only the operator finds", explanation.withheld, empty: "", on: output)
        }
    }

    private static func show(_ heading: String, _ contents: [AccessExplanation.Content], on output: Output) throws {
        let visible = contents.count(where: \.isVisible)
        try output.line()
        try output.line("\(heading, .bold): \(visible) of \(contents.count) visible")
        guard !contents.isEmpty else { return }
        var table = Table(.text("VISIBLE"), .text("TITLE", shrinks: true), .text("BECAUSE", shrinks: true))
        for content in contents {
            table.add(content.isVisible ? "yes" : "no", StyledText(content.title), StyledText(content.reason))
        }
        try output.table(table)
    }

    private static func show(
        _ heading: String, _ passages: [StoredPassage], empty: String, on output: Output
    ) throws {
        try output.line()
        try output.line("\(heading, .bold)")
        guard !passages.isEmpty else { return try output.line("\(empty, .dim)") }
        var table = Table(.number("SCORE"), .text("SOURCE", shrinks: true), .text("TEXT", shrinks: true))
        for passage in passages {
            table.add(
                StyledText(Format.oneDecimal(passage.passage.score)), StyledText(passage.passage.title),
                StyledText(passage.passage.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")))
        }
        try output.table(table)
    }
}
