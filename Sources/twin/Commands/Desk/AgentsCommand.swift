import TwinHTTP
import TwinKit
import TwinSupport

enum AgentsCommand {
    static let command = Command(
        "agents", summary: "Manage the agents of a support desk",
        discussion: """
            An agent answers at a desk with instructions, tools and a format of its own. Without a model it is chosen by its example \
            questions; with one (model.url) the model chooses. What no agent answers, the twin's documents do.
            """,
        examples: [
            Example("twin agents add Orders --example \"Where is my order?\" --tool order_status", "chosen by an example")
        ],
        alsoCalled: ["agent"], subcommands: [list, add, set, remove])

    private static let agent = Argument("AGENT", help: "Name or id")
    private static let formats = OutputFormat.allCases.map(\.rawValue)
    private static let content: [Option] = [
        .string("description", "TEXT", help: "What it is for: a model chooses by it"),
        .string("instructions", "TEXT", help: "How a model is to answer"),
        .choice("format", "FORMAT", of: formats, help: "How an answer is laid out"),
        .string("example", "QUESTION", repeats: true, help: "A question for this agent; replaces those it has"),
        .string("tool", "TOOL", repeats: true, help: "A tool that it may call, in this order; replaces those it has"),
    ]

    static let list = Command(
        "list", summary: "List the agents, newest first", examples: [Example("twin agents list", "all that the tenant sees")],
        options: [DeskCommand.tenant], exits: [.notConfigured], alsoCalled: ["ls"], run: listAgents)

    static let add = Command(
        "add", summary: "Make an agent",
        examples: [Example("twin agents add Greeter --instructions \"Be brief.\" --shared", "for every tenant that enables it")],
        arguments: [Argument("NAME", help: "What it is called")],
        options: [DeskCommand.tenant, .flag("shared", help: "For every tenant that enables it")] + content,
        exits: [.notConfigured, .notFound], alsoCalled: ["create", "new"], run: addAgent)

    static let set = Command(
        "set", summary: "Change an agent", discussion: "What is not given stays as it is.",
        examples: [Example("twin agents set Orders --active no", "it answers nobody for now")], arguments: [agent],
        options: [DeskCommand.tenant, .choice("active", "YES|NO", of: ["yes", "no"], help: "Whether it answers")] + content,
        exits: [.notConfigured, .notFound], alsoCalled: ["edit", "update"], run: setAgent)

    static let remove = Command(
        "remove", summary: "Remove agents", examples: [Example("twin agents remove Orders", "by its name")],
        arguments: [Argument("AGENT", .oneOrMore, help: "Names or ids")], options: [DeskCommand.tenant],
        exits: [.notConfigured, .notFound], alsoCalled: ["rm", "delete"], run: removeAgents)

    private static func listAgents(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let agents = try workspace.agents.list(visibleTo: DeskCommand.tenant(call, workspace)).agents
        try call.output.list(agents.map { SupportAgent($0) }, empty: "there is no agent; 'twin agents add NAME' makes one") {
            var table = Table(
                .text("NAME", shrinks: true), .text("STATE"), .text("TOOLS", shrinks: true), .number("EXAMPLES"),
                .text("DESCRIPTION", shrinks: true))
            for agent in agents {
                table.add(
                    "\(agent.name, .bold)", StyledText(agent.isActive ? agent.tenantID == nil ? "shared" : "active" : "off"),
                    StyledText(agent.tools.isEmpty ? "-" : agent.tools.map(\.name).joined(separator: ",")),
                    "\(agent.examples.count)", StyledText(agent.description))
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func content(_ call: Invocation) -> Agents.Content {
        var content = Agents.Content()
        content.description = call.string("description")
        content.instructions = call.string("instructions")
        content.outputFormat = call.string("format").flatMap(OutputFormat.init(rawValue:))
        if call.has("example") { content.examples = call.strings("example") }
        if call.has("tool") { content.tools = call.strings("tool") }
        return content
    }

    private static func addAgent(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        var content = content(call)
        content.name = try call.required("NAME")
        let tenant = try DeskCommand.tenant(call, workspace)
        let agent = try workspace.agents.add(content, to: call.flag("shared") ? nil : tenant, by: .localOperator)
        try call.output.show(SupportAgent(agent)) { try call.output.line("\(agent.name, .bold) is made") }
        return .done
    }

    private static func setAgent(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        var content = content(call)
        content.isActive = call.string("active").map { $0 == "yes" }
        let agent = try workspace.agents.update(
            try call.required("AGENT"), of: DeskCommand.tenant(call, workspace), content, by: .localOperator)
        try call.output.show(SupportAgent(agent)) { try call.output.line("\(agent.name, .bold) is changed") }
        return .done
    }

    private static func removeAgents(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let tenant = try DeskCommand.tenant(call, workspace)
        let removed = try call.operands("AGENT").map { name in
            let agent = try workspace.agents.find(name, visibleTo: tenant)
            try workspace.agents.remove(agent.id, of: tenant, by: .localOperator)
            return SupportAgent(agent)
        }
        try call.output.list(removed, empty: "nothing was removed") {
            for name in call.operands("AGENT") { try call.output.line("\(name, .bold) is removed") }
        }
        return .done
    }
}
