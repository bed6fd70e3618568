import TwinKit

enum SourcesCommand {
    static let command = Command(
        "sources", summary: "List, show and remove what a twin has read",
        discussion: "A source is one document of a twin: a file, a web page, an episode. It is named by its id.",
        examples: [
            Example("twin sources list --status error", "the sources that could not be read"),
            Example("twin sources list | cut -f1 | xargs -n1 twin sources logs", "the log of every source"),
        ],
        alsoCalled: ["source", "documents", "docs", "files"],
        subcommands: [list, show, logs, text, reextract, rm])

    static let statuses = ["pending", "processing", "live", "error", "needs_attention"]

    private static let source = Argument("SOURCE", help: "Id of the source", completion: .dynamic(.sources))
    private static let several = Argument(
        "SOURCE", .oneOrMore, help: "Ids of the sources", completion: .dynamic(.sources))

    static let list = Command(
        "list", summary: "List a twin's sources",
        examples: [
            Example("twin sources list --twin ada", "all sources of a twin, newest first"),
            Example("twin sources list --status error --jsonl", "those that could not be read, one JSON object a line"),
        ],
        options: [
            .twin,
            .choice("status", "STATUS", short: "s", of: statuses, repeats: true, help: "Only sources in this state"),
            .string("match", "TEXT", short: "m", help: "Only sources whose title or path contains this"),
            .int("limit", short: "n", in: 1...1_000_000, default: "all", help: "At most so many"),
        ],
        exits: [.notConfigured, .notFound], alsoCalled: ["ls"], run: { try $0.notWired() })

    static let show = Command(
        "show", summary: "Show one source: where it is from, its state and its health",
        examples: [Example("twin sources show SOURCE --json", "all that is known of it, as JSON")],
        arguments: [source], exits: [.notConfigured, .notFound], alsoCalled: ["get", "info", "view"],
        run: { try $0.notWired() })

    static let logs = Command(
        "logs", summary: "Show what happened to a source",
        examples: [Example("twin sources logs SOURCE --level warning", "warnings and errors only")],
        arguments: [source],
        options: [
            .choice("level", "LEVEL", of: ["info", "warning", "error"], default: "info", help: "The least level shown"),
            .int("limit", short: "n", in: 1...10_000, default: "50", help: "At most so many entries, the newest"),
        ],
        exits: [.notConfigured, .notFound], alsoCalled: ["log", "history"], run: { try $0.notWired() })

    static let text = Command(
        "text", summary: "Print the text that was read from a source",
        discussion: "In a pipe the bytes are exactly those that the byte ranges of citations count.",
        examples: [
            Example("twin sources text SOURCE | wc -w", "how many words were read"),
            Example("twin sources text SOURCE --range 1200-1480", "the passage that a citation names"),
        ],
        arguments: [source],
        options: [.string("range", "FROM-TO", help: "Only these bytes, from 0, the end not included")],
        exits: [.notConfigured, .notFound], alsoCalled: ["cat"], run: { try $0.notWired() })

    static let reextract = Command(
        "reextract", summary: "Read sources again from where they came from",
        discussion: "A file is read again from its path and a page fetched again; what has no origin is indexed anew from its text.",
        examples: [Example("twin sources reextract SOURCE", "read one source again")],
        arguments: [several],
        options: [.flag("allow-private", help: "Fetch from private and loopback addresses too")],
        exits: [.notConfigured, .notFound, .busy, .upstream, .partlyDone],
        alsoCalled: ["re-extract", "refresh", "reindex", "update"], run: { try $0.notWired() })

    static let rm = Command(
        "rm", summary: "Remove sources; they can answer no longer from this moment",
        examples: [
            Example("twin sources rm SOURCE", "remove one source"),
            Example("twin sources list -s error | cut -f1 | xargs twin sources rm", "remove what could not be read"),
        ],
        arguments: [several], options: [.dryRun],
        exits: [.notConfigured, .notFound, .partlyDone], alsoCalled: ["delete", "remove"], run: { try $0.notWired() })
}
