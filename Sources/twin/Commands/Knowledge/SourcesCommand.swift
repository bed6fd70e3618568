import TwinKit
import TwinSupport

enum SourcesCommand {
    static let command = Command(
        "sources", summary: "List, show and remove what a twin has read",
        discussion: "A source is one document of a twin: a file, a web page, an episode. It is named by its id.",
        examples: [
            Example("twin sources list --status error", "the sources that could not be read"),
            Example("twin sources list | cut -f1 | xargs -n1 twin sources logs", "the log of every source"),
        ],
        alsoCalled: ["source", "documents", "docs", "files"],
        subcommands: [list, show, logs, text, set, open, reextract, rm])

    static let statuses = ["pending", "processing", "live", "error", "needs_attention"]

    private static let source = Argument("SOURCE", help: "Id of the source", completion: .dynamic(.sources))
    private static let several = Argument(
        "SOURCE", .oneOrMore, help: "Ids of the sources", completion: .dynamic(.sources))

    static let list = Command(
        "list", summary: "List a twin's sources",
        examples: [
            Example("twin sources list --twin ada", "all sources of a twin, newest first"),
            Example("twin sources list --where tag=bees --kind pdf", "those with a property that documents or you state"),
            Example("twin sources list --status error --jsonl", "those that could not be read, one JSON object a line"),
        ],
        options: [
            .twin,
            .choice("status", "STATUS", short: "s", of: statuses, repeats: true, help: "Only sources with this status"),
            .string("as-group", "GROUP", completion: .dynamic(.groups), help: "Only what this access group may see"),
            .string(
                "as-key", "KEY", completion: .dynamic(.keys),
                help: "Only what the holder of this API key (its id or name) may see"),
            .string("match", "TEXT", short: "m", help: "Only sources whose title or path contains this"),
            .int("limit", short: "n", in: 1...1_000_000, default: "all", help: "Show at most this many"),
        ] + SourceFilterOptions.all,
        exits: [.notConfigured, .notPermitted, .notFound], alsoCalled: ["ls"], run: listSources)

    static let show = Command(
        "show", summary: "Show one source: where it is from, its state and its health",
        examples: [Example("twin sources show SOURCE --json", "everything known about it, as JSON")],
        arguments: [source], exits: [.notConfigured, .notFound], alsoCalled: ["get", "info", "view"],
        run: showSource)

    static let logs = Command(
        "logs", summary: "Show what happened to a source",
        examples: [Example("twin sources logs SOURCE --level warning", "warnings and errors only")],
        arguments: [source],
        options: [
            .choice(
                "level", "LEVEL", of: ["info", "warning", "error"], default: "info", help: "Show entries of this level and above"),
            .int("limit", short: "n", in: 1...10_000, default: "50", help: "Show at most this many entries, newest first"),
        ],
        exits: [.notConfigured, .notFound], alsoCalled: ["log", "history"], run: showLogs)

    static let text = Command(
        "text", summary: "Print the text that was read from a source",
        discussion: "In a pipe the bytes are exactly those that the byte ranges of citations count.",
        examples: [
            Example("twin sources text SOURCE | wc -w", "how many words were read"),
            Example("twin sources text SOURCE --range 1200-1480", "the passage that a citation names"),
        ],
        arguments: [source],
        options: [.string("range", "FROM-TO", help: "Only these bytes: from 0, end excluded")],
        exits: [.notConfigured, .notFound], alsoCalled: ["cat"], run: printText)

    static let set = Command(
        "set", summary: "Keep properties with sources",
        discussion: "They stand beside those that the document states, and --where finds sources by them.",
        examples: [
            Example("twin sources set SOURCE -m tag=bees -m year=2026", "two properties of one source"),
            Example("twin sources set SOURCE --unset year", "take one away"),
        ],
        arguments: [several],
        options: [
            .keyValue("metadata", short: "m", help: "A property and its value"),
            .string("unset", "KEY", repeats: true, help: "Take this property away"),
        ],
        exits: [.notConfigured, .notPermitted, .notFound], alsoCalled: ["tag", "edit", "describe"], run: setProperties)

    static let open = Command(
        "open", summary: "Open a source where it came from",
        discussion: "The file or the page is opened by the program that the desktop has for it; in a pipe its place is printed.",
        examples: [Example("twin sources open SOURCE", "look at the document itself")],
        arguments: [source], exits: [.notConfigured, .notFound], run: openSource)

    static let reextract = Command(
        "reextract", summary: "Read sources again from their origin",
        discussion:
            "A file is read again from its path and a page fetched again; what has no origin is reindexed from its text.",
        examples: [Example("twin sources reextract SOURCE", "read one source again")],
        arguments: [several],
        options: [.flag("allow-private", help: "Fetch from private and loopback addresses too")],
        exits: [.notConfigured, .notFound, .busy, .partlyDone],
        alsoCalled: ["re-extract", "refresh", "reindex", "update"], run: readAgain)

    static let rm = Command(
        "rm", summary: "Remove sources; they stop answering immediately",
        examples: [
            Example("twin sources rm SOURCE", "remove one source"),
            Example("twin sources list -s error | cut -f1 | xargs twin sources rm", "remove what could not be read"),
        ],
        arguments: [several], options: [.dryRun],
        exits: [.notConfigured, .notFound, .partlyDone], alsoCalled: ["delete", "remove"], run: removeSources)

    private static func listSources(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let twin = try call.twin(in: workspace)
        let sources = try workspace.sources.list(
            twin: twin, statuses: call.strings("status").compactMap(Source.Status.init),
            matching: call.string("match"), filter: try SourceFilterOptions.filter(call),
            grantedTo: try call.clearance(of: twin, in: workspace).group?.key,
            limit: call.int("limit"))
        try call.output.list(sources, empty: "there is no such source") {
            var table = Table(
                .text("ID"), .text("STATUS"), .text("FORMAT"), .number("SIZE"), .number("CHUNKS"), .text("ADDED"),
                .text("NAME", shrinks: true))
            for source in sources {
                let isTerminal = call.output.isTerminal
                table.add(
                    StyledText(source.id), statusText(source.status), StyledText(source.format ?? "-"),
                    StyledText(isTerminal ? Format.bytes(Int64(source.textBytes)) : String(source.textBytes)),
                    "\(source.chunkCount)",
                    StyledText(isTerminal ? Format.ago(source.createdAt) : source.createdAt.description),
                    StyledText(source.displayTitle))
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func statusText(_ status: Source.Status) -> StyledText {
        switch status {
        case .live: StyledText(status.rawValue, .green)
        case .error: StyledText(status.rawValue, .red)
        case .needsAttention: StyledText(status.rawValue, .yellow)
        case .pending, .processing: StyledText(status.rawValue)
        }
    }

    private static func showSource(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let source = try workspace.sources.find(try call.required("SOURCE"))
        try call.output.show(source) {
            var details = Details([
                "id": "\(source.id, .bold)", "name": StyledText(source.name), "kind": StyledText(source.kind.rawValue),
                "from": StyledText(source.locator), "status": statusText(source.status),
                "health": StyledText(source.health.rawValue),
            ])
            details.add("error", source.error.map { StyledText($0, .red) })
            details.add("title", source.title.map { StyledText($0) })
            details.add("format", source.format.map { StyledText($0) })
            details.add("author", source.author.map { StyledText($0) })
            details.add("language", source.language.map { StyledText($0) })
            details.add("published", source.publishedAt.map { StyledText($0) })
            details.add("link", source.citationURL.map { StyledText($0) })
            details.add("text", "\(Format.bytes(Int64(source.textBytes))) in \(Format.count(source.chunkCount, "chunk"))")
            details.add("version", "\(source.version)")
            details.add("added", StyledText(source.createdAt.description))
            details.add("changed", StyledText(source.updatedAt.description))
            for (key, value) in source.metadata.members { details.add(key, StyledText(value.stringValue ?? value.text)) }
            try call.output.details(details)
        }
        return .done
    }

    private static func showLogs(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let levels: [String: [SourceLog.Level]] = ["warning": [.warning, .error], "error": [.error]]
        let logs = try workspace.sources.logs(
            of: try workspace.sources.find(try call.required("SOURCE")),
            levels: levels[call.string("level") ?? "info"] ?? [.info, .warning, .error], limit: call.int("limit") ?? 50)
        try call.output.list(logs, empty: "there is no such entry") {
            try call.output.table(Table(log: logs.map { ($0.createdAt, $0.level, $0.message) }))
        }
        return .done
    }

    private static func printText(_ call: Invocation) throws -> ExitCode {
        let range = try call.string("range").map { try byteRange($0, call) }
        let workspace = try call.workspace()
        let source = try workspace.sources.find(try call.required("SOURCE"))
        let text = try workspace.sources.text(of: source, range: range)
        let json: JSON = [
            "source_id": .string(source.id), "version": .number(source.version),
            "start": .number(range?.lowerBound ?? 0), "end": .number(range?.upperBound ?? source.textBytes),
            "text": .string(text),
        ]
        try call.output.show(json) {
            try call.output.data(call.output.isTerminal && !text.hasSuffix("\n") ? text + "\n" : text)
        }
        return .done
    }

    private static func byteRange(_ text: String, _ call: Invocation) throws -> Range<Int> {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let start = Int(parts[0]), let end = Int(parts[1]), start >= 0, start <= end else {
            throw call.usage("--range takes two byte offsets such as 1200-1480")
        }
        return start..<end
    }

    private static func setProperties(_ call: Invocation) throws -> ExitCode {
        var properties = JSONObject()
        for (key, value) in call.pairs("metadata") { properties[key] = .string(value) }
        for key in call.strings("unset") { properties[key] = .null }
        guard !properties.isEmpty else { throw call.usage("there is nothing to set; give --metadata KEY=VALUE or --unset KEY") }
        let workspace = try call.workspace()
        let sources = try call.operands("SOURCE").map { try workspace.sources.find($0) }
        let changed = try sources.map { try workspace.sources.describe($0, as: properties, by: AuditLog.localActor) }
        try call.output.list(changed) {
            for source in changed { try call.output.line("set \(source.displayTitle, .bold) \(source.id, .dim)") }
        }
        return .done
    }

    private static func openSource(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let source = try workspace.sources.find(try call.required("SOURCE"))
        guard source.kind != .stream else {
            throw TwinError(.notFound, "it came through a pipe; 'twin sources text \(source.id)' prints what was read")
        }
        let place = source.kind == .file ? source.locator : source.citationURL ?? source.locator
        try call.output.show(["source_id": .string(source.id), "place": .string(place)] as JSON) { try call.output.line(place) }
        try call.output.flush()
        guard call.output.isTerminal else { return .done }
        guard let opener = Subprocess.find("xdg-open") else {
            throw TwinError(.notConfigured, "xdg-open is needed and not installed; install it with: apt-get install xdg-utils")
        }
        _ = try? Subprocess(opener, [place], seconds: 10, outputBytes: 65_536).run()
        return .done
    }

    private static func readAgain(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        Interrupt.catchSignals()
        var items: [IngestItem] = []
        var twins: [Int64: Twin] = [:]
        for name in call.operands("SOURCE") {
            let source = try workspace.sources.find(name)
            twins[source.twinKey] = try workspace.twin(of: source)
            items.append(
                try workspace.reextract(
                    source, clearance: .everything, allowPrivate: call.flag("allow-private"), by: AuditLog.localActor,
                    isCancelled: { Interrupt.isRequested }))
        }
        try call.output.list(items) {
            for item in items { try call.output.line(IngestCommand.line(item)) }
        }
        for twin in twins.values.sorted(by: { $0.slug < $1.slug }) { try IngestCommand.embed(twin, in: workspace, call.output) }
        return items.contains { $0.outcome == .failed } ? .partlyDone : .done
    }

    private static func removeSources(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let isDryRun = call.isDryRun
        // All names are looked up first: a typo in the last must not leave the others removed.
        let sources = try call.operands("SOURCE").map { try workspace.sources.find($0) }
        if !isDryRun { try workspace.sources.remove(sources, by: AuditLog.localActor) }
        let items = sources.map { source -> JSON in
            ["source_id": .string(source.id), "path": .string(source.locator), "status": "removed", "dry_run": .bool(isDryRun)]
        }
        try call.output.list(items) {
            for source in sources {
                try call.output.line("\(isDryRun ? "would remove" : "removed") \(source.displayTitle, .bold) \(source.id, .dim)")
            }
        }
        return .done
    }
}
