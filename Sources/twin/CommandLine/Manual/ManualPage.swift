import TwinHTTP
import TwinSupport

/// Manual pages in mdoc(7): `twin(1)`, and one page for each command under it, a group's verbs included.
struct ManualPage {
    let fileName: String
    let text: String

    static func all(for root: Command) -> [ManualPage] {
        [overview(root)] + root.visibleSubcommands.map(page)
    }

    private static func overview(_ root: Command) -> ManualPage {
        var mdoc = Mdoc(title: "TWIN")
        mdoc.section("NAME")
        mdoc.macro("Nm", "twin")
        mdoc.macro("Nd", lowercased(root.summary))
        mdoc.section("SYNOPSIS")
        mdoc.macro("Nm", "twin")
        mdoc.raw(".Ar command\n.Op Ar options\n")
        mdoc.section("DESCRIPTION")
        mdoc.prose(root.discussion)
        for group in CommandTable.groups {
            mdoc.subsection(group.title)
            mdoc.tagged(group.commands.filter { !$0.isHidden }.map { (".It Xr twin-\($0.name) 1", $0.summary + ".") })
        }
        mdoc.section("OPTIONS")
        mdoc.raw("These are options of every command.\n")
        mdoc.options(Option.global)
        for topic in HelpTopic.all where topic.name == "formats" || topic.name == "json" {
            mdoc.section(topic.name == "json" ? "JSON" : "OUTPUT")
            mdoc.prose(topic.body())
        }
        mdoc.section("ENVIRONMENT")
        mdoc.tagged(Environment.variables.map { (".It Ev \($0.name)", $0.help) })
        mdoc.section("FILES")
        mdoc.tagged([
            (".It Pa $XDG_DATA_HOME/twin/twin.db", "The database, unless another is named."),
            (".It Pa $XDG_CONFIG_HOME/twin/config.json", "The configuration."),
        ])
        mdoc.exits(ExitCode.allCases)
        mdoc.examples(root.examples)
        mdoc.section("SEE ALSO")
        mdoc.references(root.visibleSubcommands.map { "twin-" + $0.name })
        return ManualPage(fileName: "twin.1", text: mdoc.text)
    }

    private static func page(_ command: Command) -> ManualPage {
        var mdoc = Mdoc(title: "TWIN-" + command.name.uppercased())
        mdoc.section("NAME")
        mdoc.macro("Nm", "twin-" + command.name)
        mdoc.macro("Nd", lowercased(command.summary))
        mdoc.section("SYNOPSIS")
        let nodes = command.walk(path: [command.name]).filter { $0.command.run != nil }
        for node in nodes { mdoc.synopsis(node) }
        mdoc.section("DESCRIPTION")
        mdoc.prose(command.discussion.isEmpty ? command.summary + "." : command.discussion)
        let below = nodes.filter { $0.name != command.name }
        if !below.isEmpty, command.run != nil { mdoc.arguments(command.arguments) }
        if !below.isEmpty {
            for node in below {
                mdoc.subsection("twin " + node.name)
                mdoc.prose(node.command.summary + ".")
                if !node.command.discussion.isEmpty {
                    mdoc.raw(".Pp\n")
                    mdoc.prose(node.command.discussion)
                }
                mdoc.arguments(node.command.arguments)
                mdoc.options(node.command.options)
            }
        }
        if command.run != nil {
            if below.isEmpty { mdoc.arguments(command.arguments) }
            if !command.options.isEmpty {
                mdoc.section("OPTIONS")
                mdoc.options(command.options)
            }
        }
        if command.run == nil || command.options.isEmpty { mdoc.section("OPTIONS") } else { mdoc.raw(".Pp\n") }
        mdoc.raw("The options of every command are described in\n.Xr twin 1 .\n")
        mdoc.exits(ExitCode.allCases.filter { code in nodes.contains { $0.command.allExits.contains(code) } })
        mdoc.examples(command.examples + below.flatMap(\.command.examples))
        mdoc.section("SEE ALSO")
        mdoc.references(["twin"])
        return ManualPage(fileName: "twin-\(command.name).1", text: mdoc.text)
    }

    /// A description in NAME begins in lower case, unless its first word is a name.
    private static func lowercased(_ text: String) -> String { text.prefix(1).lowercased() + text.dropFirst() }
}
