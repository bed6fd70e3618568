import TwinHTTP
import TwinKit
import TwinSupport

enum ToolsCommand {
    static let command = Command(
        "tools", summary: "Manage the tools that the agents of a support desk call",
        discussion: """
            A tool asks a server, a database file, the twin's documents or a picture. Its config and the schema of its arguments are \
            JSON files; docs/desk.md describes them. It reaches public addresses only, and those that support.private_addresses lists.
            """,
        examples: [
            Example("twin tools add order_status --kind HTTP_GET --config tool.json --schema arguments.json", "asks a shop"),
            Example("pass show crm | twin tools secret crm", "a secret that configs name as secret_ref"),
        ],
        alsoCalled: ["tool"], subcommands: [list, add, set, remove, secret])

    private static let kinds = BaseTool.allCases.map(\.rawValue)
    private static let content: [Option] = [
        .string("description", "TEXT", help: "What it is for: a model chooses by it"),
        .path("config", "FILE", help: "A JSON object: url, headers, secret_ref, patterns, answer, …; - reads standard input"),
        .path("schema", "FILE", help: "A JSON Schema of its arguments"),
    ]

    static let list = Command(
        "list", summary: "List the tools, newest first", examples: [Example("twin tools list", "all that the tenant sees")],
        options: [DeskCommand.tenant], exits: [.notConfigured], alsoCalled: ["ls"], run: listTools)

    static let add = Command(
        "add", summary: "Make a tool",
        examples: [Example("twin tools add handbook --kind RAG", "answers from the twin's documents")],
        arguments: [Argument("NAME", help: "Letters, digits, _ and -")],
        options: [
            DeskCommand.tenant, .choice("kind", "KIND", short: "k", of: kinds, help: "What it does"),
            .flag("shared", help: "For every tenant that enables it"),
        ] + content, exits: [.notConfigured], alsoCalled: ["create", "new"], run: addTool)

    static let set = Command(
        "set", summary: "Change a tool", discussion: "What is not given stays as it is.",
        examples: [Example("twin tools set order_status --active no", "nobody calls it for now")],
        arguments: [Argument("TOOL", help: "Name or id")],
        options: [DeskCommand.tenant, .choice("active", "YES|NO", of: ["yes", "no"], help: "Whether it may be called")] + content,
        exits: [.notConfigured, .notFound], alsoCalled: ["edit", "update"], run: setTool)

    static let remove = Command(
        "remove", summary: "Remove tools", examples: [Example("twin tools remove order_status", "by its name")],
        arguments: [Argument("TOOL", .oneOrMore, help: "Names or ids")], options: [DeskCommand.tenant],
        exits: [.notConfigured, .notFound], alsoCalled: ["rm", "delete"], run: removeTools)

    static let secret = Command(
        "secret", summary: "Store a secret that tools send along, or remove it",
        discussion: "It is read from standard input, or from --file, because a command line is public. It is never shown again.",
        examples: [Example("twin tools secret crm --remove", "it is forgotten")],
        arguments: [Argument("NAME", help: "What configs name as secret_ref")],
        options: [
            DeskCommand.tenant, .path("file", "FILE", help: "The secret is the line in this file"),
            .flag("shared", help: "For tools that are shared"), .flag("remove", help: "Remove it"),
        ], exits: [.notConfigured], run: storeSecret)

    private static func listTools(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let tools = try workspace.deskTools.list(visibleTo: DeskCommand.tenant(call, workspace)).tools
        try call.output.list(
            tools.map { SupportTool($0) }, empty: "there is no tool; 'twin tools add NAME --kind KIND' makes one"
        ) {
            var table = Table(.text("NAME"), .text("KIND"), .text("STATE"), .text("DESCRIPTION", shrinks: true))
            for tool in tools {
                table.add(
                    "\(tool.name, .bold)", StyledText(tool.base.rawValue),
                    StyledText(tool.isActive ? tool.tenantID == nil ? "shared" : "active" : "off"), StyledText(tool.description))
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func object(_ call: Invocation, _ option: String) throws -> JSONObject? {
        guard let path = call.string(option) else { return nil }
        let text = try StandardInput.file(path)
        guard let object = (try? JSONParser.parse(text))?.objectValue else {
            throw TwinError(.invalid, "--\(option): \(path) is not a JSON object")
        }
        return object
    }

    private static func content(_ call: Invocation) throws -> DeskTools.Content {
        var content = DeskTools.Content()
        content.description = call.string("description")
        content.config = try object(call, "config")
        content.inputSchema = try object(call, "schema")
        return content
    }

    private static func addTool(_ call: Invocation) throws -> ExitCode {
        guard let kind = call.string("kind").flatMap(BaseTool.init(rawValue:)) else {
            throw call.usage("say what it does with --kind: \(kinds.joined(separator: ", "))")
        }
        let workspace = try call.workspace()
        var content = try content(call)
        content.name = try call.required("NAME")
        content.base = kind
        let tenant = try DeskCommand.tenant(call, workspace)
        let tool = try workspace.deskTools.add(content, to: call.flag("shared") ? nil : tenant, by: .localOperator)
        try call.output.show(SupportTool(tool)) { try call.output.line("\(tool.name, .bold) is made") }
        return .done
    }

    private static func setTool(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        var content = try content(call)
        content.isActive = call.string("active").map { $0 == "yes" }
        let tool = try workspace.deskTools.update(
            try call.required("TOOL"), of: DeskCommand.tenant(call, workspace), content, by: .localOperator)
        try call.output.show(SupportTool(tool)) { try call.output.line("\(tool.name, .bold) is changed") }
        return .done
    }

    private static func removeTools(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let tenant = try DeskCommand.tenant(call, workspace)
        let removed = try call.operands("TOOL").map { name in
            let tool = try workspace.deskTools.find(name, visibleTo: tenant)
            try workspace.deskTools.remove(tool.id, of: tenant, by: .localOperator)
            return SupportTool(tool)
        }
        try call.output.list(removed, empty: "nothing was removed") {
            for name in call.operands("TOOL") { try call.output.line("\(name, .bold) is removed") }
        }
        return .done
    }

    private static func storeSecret(_ call: Invocation) throws -> ExitCode {
        let name = try call.required("NAME")
        let secret = call.flag("remove") ? nil : try SecretInput.line(of: call.string("file") ?? "-")
        let workspace = try call.workspace()
        let tenant = try DeskCommand.tenant(call, workspace)
        try workspace.toolSecrets.set(name, secret, of: call.flag("shared") ? nil : tenant)
        let names = try workspace.toolSecrets.names(of: call.flag("shared") ? nil : tenant)
        try call.output.show(JSON.object(["secrets": .strings(names)])) {
            try call.output.line("\(name, .bold) is \(secret == nil ? "removed" : "stored")")
        }
        return .done
    }
}
