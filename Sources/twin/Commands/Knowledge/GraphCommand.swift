import TwinHTTP
import TwinKit
import TwinSupport

enum GraphCommand {
    static let command = Command(
        "graph", summary: "See who and what a twin's documents mention, with the evidence",
        discussion: """
            People, organizations, places and other things are read out of the documents by rules, with the relations that \
            sentences state. Each rests on bytes of a document: when the document goes, so does what only it said. The graph is \
            brought up to date when it is asked for; the setting graph.extraction does it at each ingest, or never.
            """,
        examples: [
            Example("twin graph list --type person", "the people mentioned"),
            Example("twin graph show \"Jonas Brandt\"", "what is said of somebody, and where"),
        ],
        alsoCalled: ["entities", "knowledge", "nodes"], subcommands: [list, show, merge, split, export])

    private static let exits: [ExitCode] = [.notConfigured, .notFound, .notPermitted, .interrupted]
    private static let node = Argument("NODE", help: "The name of a node, or its id")

    static let list = Command(
        "list", summary: "List what the documents mention, most documents first",
        examples: [Example("twin graph list --type organization --limit 20", "the twenty firms named most")],
        options: [
            .twin,
            .string(
                "type", "TYPE", help: "Only this type: person, organization, place, product, concept, event, fact, preference"),
            .int("limit", short: "n", in: 1...100_000, default: "100", help: "Show at most this many"),
            .string("as-group", "GROUP", completion: .dynamic(.groups), help: "What the members of this access group would see"),
            .string("as-key", "KEY", completion: .dynamic(.keys), help: "What the holder of this API key (its id) would see"),
        ],
        exits: exits, alsoCalled: ["ls"], run: listNodes)

    static let show = Command(
        "show", summary: "Show one thing with its relations, and where each is said",
        examples: [Example("twin graph show \"Jonas Brandt\" --json", "for a script")], arguments: [node],
        options: [
            .twin,
            .string("as-group", "GROUP", completion: .dynamic(.groups), help: "What the members of this access group would see"),
            .string("as-key", "KEY", completion: .dynamic(.keys), help: "What the holder of this API key (its id) would see"),
        ],
        exits: exits, alsoCalled: ["get", "view"], run: showNode)

    static let merge = Command(
        "merge", summary: "Merge two nodes that are the same thing",
        examples: [Example("twin graph merge \"J. Brandt\" \"Jonas Brandt\"", "two names of one person")],
        arguments: [node, Argument("INTO", help: "The node that is kept")], options: [.twin], exits: exits, run: mergeNodes)

    static let split = Command(
        "split", summary: "Undo the merges into a node",
        examples: [Example("twin graph split \"Jonas Brandt\"", "undo it")],
        arguments: [node], options: [.twin], exits: exits, alsoCalled: ["unmerge"], run: splitNode)

    static let export = Command(
        "export", summary: "Write the graph as JSON",
        discussion: """
            With --canonical there are no ids and no times, and everything is sorted: two twins that hold the same documents give \
            the same bytes, however they came to hold them.
            """,
        examples: [Example("twin graph export --canonical > graph.json", "to compare")],
        options: [.twin, .flag("canonical", help: "Keys, names and evidence only, sorted")], exits: exits, alsoCalled: ["dump"],
        run: exportGraph)

    /// Reads what is new of the documents, telling how far it is.
    static func learn(_ twin: Twin, in workspace: Workspace, _ output: Output, retriesModel: Bool = false) throws {
        Interrupt.catchSignals()
        defer { output.setStatus(nil) }
        let read = try workspace.learn(
            twin, awaitsModel: true, retriesModel: retriesModel, isCancelled: { Interrupt.isRequested }
        ) { progress in
            output.setStatus("reading: \(progress.done) of \(progress.total) documents")
        }
        guard read > 0, let degraded = try workspace.graph.degraded(of: twin, for: .everything).first else { return }
        output.setStatus(nil)
        output.warning(
            "the model did not read \(degraded.count) document\(degraded.count == 1 ? "" : "s") (\(degraded.reason)); what rules "
                + "find there is in the graph, and 'twin ingest --graph' tries again")
    }

    /// The twin, with its graph up to date.
    private static func learned(_ call: Invocation) throws -> (Workspace, Twin) {
        let workspace = try call.workspace()
        let twin = try call.twin(in: workspace)
        try learn(twin, in: workspace, call.output)
        return (workspace, twin)
    }

    private static func listNodes(_ call: Invocation) throws -> ExitCode {
        let (workspace, twin) = try learned(call)
        let type = call.string("type")
        let nodes = try workspace.graph.nodes(of: twin, for: call.clearance(of: twin, in: workspace))
            .filter { type == nil || $0.type == type }
            .sorted { ($1.sourceCount, $1.mentionCount, $0.name) < ($0.sourceCount, $0.mentionCount, $1.name) }
            .prefix(call.int("limit") ?? 100)
        try call.output.list(Array(nodes), empty: "the graph has no such node") {
            var table = Table(
                .text("TYPE"), .text("NAME", shrinks: true), .number("DOCUMENTS"), .number("MENTIONS"), .number("RELATIONS"))
            for node in nodes {
                table.add(
                    StyledText(node.type), StyledText(node.name), "\(node.sourceCount)", "\(node.mentionCount)", "\(node.degree)")
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func showNode(_ call: Invocation) throws -> ExitCode {
        let (workspace, twin) = try learned(call)
        let detail = try workspace.graph.node(
            try call.required("NODE"), of: twin, for: call.clearance(of: twin, in: workspace))
        var object = detail.node.json.objectValue ?? JSONObject()
        object["relations"] = .array(detail.relations.map(\.json))
        object["evidence"] = .array(detail.evidence.map(\.json))
        try call.output.show(JSON.object(object)) {
            var details = Details([
                "name": "\(detail.node.name, .bold)", "type": StyledText(detail.node.type), "id": StyledText(detail.node.id),
                "documents": "\(detail.node.sourceCount)", "mentions": "\(detail.node.mentionCount)",
            ])
            if !detail.node.aliases.isEmpty { details.add("also", StyledText(detail.node.aliases.joined(separator: ", "))) }
            try call.output.details(details)
            for relation in detail.relations {
                try call.output.line("\(relation.from) \(relation.type.replacing("_", with: " ")) \(relation.to)")
                for evidence in relation.evidence.prefix(1) {
                    try call.output.line(
                        "    \"\(evidence.quote)\" \(evidence.title ?? "the owner"), bytes \(evidence.range.lowerBound)-\(evidence.range.upperBound)"
                    )
                }
            }
        }
        return .done
    }

    private static func mergeNodes(_ call: Invocation) throws -> ExitCode {
        let (workspace, twin) = try learned(call)
        let node = try workspace.graphEditing.merge(
            try call.required("NODE"), into: try call.required("INTO"), of: twin, by: AuditLog.localActor)
        try call.output.show(node) { try call.output.line("merged into one node: \(node.name)") }
        return .done
    }

    private static func splitNode(_ call: Invocation) throws -> ExitCode {
        let (workspace, twin) = try learned(call)
        let nodes = try workspace.graphEditing.split(try call.required("NODE"), of: twin, by: AuditLog.localActor)
        try call.output.list(nodes) {
            for node in nodes { try call.output.line("a node of its own again: \(node.name)") }
        }
        return .done
    }

    private static func exportGraph(_ call: Invocation) throws -> ExitCode {
        let (workspace, twin) = try learned(call)
        if call.flag("canonical") {
            try call.output.document(try workspace.graphExport.canonical(of: twin))
        } else {
            try call.output.document(try workspace.graphExport.full(of: twin))
        }
        return .done
    }
}
