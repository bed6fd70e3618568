import TwinKit
import TwinSupport

enum TwinsCommand {
    static let command = Command(
        "twins", summary: "Create, list and change twins",
        discussion: """
            A twin is named by its slug (lower-case letters, digits and dashes, such as 'ada-lovelace') or by its id. While \
            there is only one, other commands need no --twin.
            """,
        examples: [
            Example("twin twins create ada --name \"Ada Lovelace\"", "make a twin"),
            Example("twin twins list --json | jq -r '.[].slug'", "the slugs of all twins"),
        ],
        alsoCalled: ["twin"],
        subcommands: [create, list, show, set, archive, unarchive, delete])

    private static let slugArgument = Argument("TWIN", help: "Slug or id of the twin", completion: .dynamic(.twins))

    static let create = Command(
        "create", summary: "Create a twin",
        discussion: "The slug is made from the name when only the name is given, and the other way round.",
        examples: [
            Example("twin twins create ada --name \"Ada Lovelace\"", "a twin with a slug and a name"),
            Example("twin twins create ada --setting answer.sentences=2 --json", "with a setting; prints the new twin as JSON"),
        ],
        arguments: [Argument("SLUG", .optional, help: "Short name: lower-case letters, digits and dashes")],
        options: [
            .string("name", "NAME", help: "The full name, as answers show it"),
            .string("description", "TEXT", help: "One line about the expert"),
            .keyValue("setting", completion: .dynamic(.settings), help: "A setting of the twin"),
            .flag("if-missing", help: "Succeed when a twin with this slug is already there"),
        ],
        alsoCalled: ["add", "new", "make"], run: createTwin)

    static let list = Command(
        "list", summary: "List the twins",
        examples: [Example("twin twins list", "all twins and how many sources each has")],
        options: [.flag("archived", help: "Include archived twins")],
        exits: [.notConfigured], alsoCalled: ["ls"], run: listTwins)

    static let show = Command(
        "show", summary: "Show one twin: its settings and how much it knows",
        examples: [Example("twin twins show ada", "the twin 'ada'")],
        arguments: [Argument("TWIN", .optional, help: "Slug or id; needed when there are several", completion: .dynamic(.twins))],
        exits: [.notConfigured, .notFound], alsoCalled: ["get", "info", "view"], run: showTwin)

    static let set = Command(
        "set", summary: "Change a twin's name, description or settings",
        examples: [
            Example("twin twins set ada --description \"Analyst and mathematician\"", "change the description"),
            Example("twin twins set ada --setting answer.sentences=2 --unset answer.threshold", "change settings"),
        ],
        arguments: [slugArgument],
        options: [
            .string("name", "NAME", help: "The new full name"),
            .string("slug", "SLUG", help: "The new slug"),
            .string("description", "TEXT", help: "The new description"),
            .keyValue("setting", completion: .dynamic(.settings), help: "Change a setting"),
            .string(
                "unset", "KEY", repeats: true, completion: .dynamic(.settings),
                help: "Reset a setting to its default"),
        ],
        exits: [.notConfigured, .notFound], alsoCalled: ["edit", "update", "rename"], run: setTwin)

    static let archive = Command(
        "archive", summary: "Archive a twin: it stops answering, nothing is deleted",
        discussion: """
            An archived twin answers nobody and takes no change; it can be read, exported, deleted, and brought back with \
            'twin twins unarchive'. Its share link stops working for good.
            """,
        examples: [Example("twin twins archive ada", "archive the twin 'ada'")],
        arguments: [slugArgument], exits: [.notConfigured, .notFound], run: archiveTwin)

    static let unarchive = Command(
        "unarchive", summary: "Bring an archived twin back, with everything it knows",
        examples: [Example("twin twins unarchive ada", "the twin 'ada' answers again")],
        arguments: [slugArgument], exits: [.notConfigured, .notFound], alsoCalled: ["restore", "activate"], run: unarchiveTwin)

    static let delete = Command(
        "delete", summary: "Delete a twin with everything it knows, for ever",
        discussion: """
            Deletes the twin's sources, conversations, verified answers and permissions. On a terminal it asks first; \
            elsewhere it needs --yes. Make a backup first with 'twin backup FILE'.
            """,
        examples: [Example("twin twins delete ada --dry-run", "what would be deleted")],
        arguments: [slugArgument], options: [.yes, .dryRun],
        exits: [.notConfigured, .notFound], alsoCalled: ["rm", "remove"], run: deleteTwin)

    private static func createTwin(_ call: Invocation) throws -> ExitCode {
        guard let name = call.string("name") ?? call.operand("SLUG") else {
            throw call.usage("a twin needs a slug or a --name")
        }
        // Before the database is opened: a wrong setting must not leave an empty one behind.
        let settings = try settings(TwinSettings(), call)
        let workspace = try call.workspace(create: true)
        let slug = call.operand("SLUG")
        if call.flag("if-missing"), let slug,
            let twin = try workspace.twins.list(includeArchived: true).first(where: { $0.slug == slug })
        {
            try show(twin, on: call.output)
            return .done
        }
        let twin = try workspace.twins.create(
            name: name, slug: slug, description: call.string("description"),
            settings: settings, by: AuditLog.localActor)
        try show(twin, on: call.output)
        return .done
    }

    private static func listTwins(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let overviews = try workspace.twins.overviews(includeArchived: call.flag("archived"))
        try call.output.list(overviews, empty: "there is no twin yet; 'twin twins create NAME' makes one") {
            var table = Table(
                .text("SLUG"), .text("NAME", shrinks: true), .number("SOURCES"), .number("CHUNKS"), .text("CREATED"))
            for overview in overviews {
                let twin = overview.twin
                table.add(
                    "\(twin.slug, .bold)", "\(twin.name)\(twin.archivedAt == nil ? "" : " (archived)", .dim)",
                    "\(overview.sourceCount)", "\(overview.chunkCount)",
                    StyledText(call.output.isTerminal ? Format.ago(twin.createdAt) : twin.createdAt.description))
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func showTwin(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let twin = try workspace.twins.resolve(call.operand("TWIN") ?? workspace.configuration.text("twin"))
        let overview = try workspace.twins.overview(of: twin)
        try call.output.show(overview) {
            var details = Details([
                "slug": "\(twin.slug, .bold)", "name": StyledText(twin.name), "id": StyledText(twin.id),
                "description": StyledText(twin.description), "sources": "\(overview.sourceCount)",
                "chunks": "\(overview.chunkCount)", "conversations": "\(overview.conversationCount)",
                "created": StyledText(twin.createdAt.description),
            ])
            details.add("archived", twin.archivedAt.map { StyledText($0.description) })
            for definition in TwinSettings.definitions {
                guard let value = twin.settings.value(definition.name) else { continue }
                details.add(definition.name, StyledText(value.stringValue ?? value.text))
            }
            try call.output.details(details)
        }
        return .done
    }

    private static func setTwin(_ call: Invocation) throws -> ExitCode {
        guard ["name", "slug", "description", "setting", "unset"].contains(where: call.has) else {
            throw call.usage("there is nothing to change; give --name, --slug, --description, --setting or --unset")
        }
        let workspace = try call.workspace()
        let twin = try workspace.twins.update(workspace.twins.resolve(try call.required("TWIN")), by: AuditLog.localActor) {
            current in
            TwinStore.Change(
                name: call.string("name"), slug: call.string("slug"), description: call.string("description"),
                settings: try settings(current.settings, call))
        }
        try show(twin, on: call.output)
        return .done
    }

    /// The settings with what `--setting` and `--unset` change.
    private static func settings(_ current: TwinSettings, _ call: Invocation) throws -> TwinSettings {
        var settings = current
        for (key, value) in call.pairs("setting") { try settings.set(key, parsing: value) }
        if call.command.options.contains(where: { $0.name == "unset" }) {
            for key in call.strings("unset") { try settings.set(key, nil) }
        }
        return settings
    }

    private static func archiveTwin(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let twin = try workspace.twins.archive(workspace.twins.resolve(try call.required("TWIN")), by: AuditLog.localActor)
        try call.output.show(twin) { try call.output.line("\(twin.slug, .bold) is archived and answers nobody") }
        return .done
    }

    private static func unarchiveTwin(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let twin = try workspace.twins.unarchive(
            workspace.twins.resolve(try call.required("TWIN")), by: AuditLog.localActor)
        try call.output.show(twin) { try call.output.line("\(twin.slug, .bold) answers again") }
        return .done
    }

    private static func deleteTwin(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let twin = try workspace.twins.resolve(try call.required("TWIN"))
        let overview = try workspace.twins.overview(of: twin)
        let isDryRun = call.isDryRun
        if !isDryRun, !call.flag("yes") {
            let size =
                "\(Format.count(overview.sourceCount, "source")) and \(Format.count(overview.conversationCount, "conversation"))"
            guard try Confirmation.ask("Delete '\(twin.slug)' with \(size) for ever?", call) else { return .failed }
        }
        if !isDryRun { try workspace.twins.delete(twin, by: AuditLog.localActor) }
        let report: JSON = [
            "status": "deleted", "dry_run": .bool(isDryRun), "twin_id": .string(twin.id), "slug": .string(twin.slug),
            "sources": .number(overview.sourceCount), "conversations": .number(overview.conversationCount),
        ]
        try call.output.show(report) {
            let verb = isDryRun ? "would be deleted" : "is deleted"
            try call.output.line("\(twin.slug, .bold) \(verb) with \(Format.count(overview.sourceCount, "source"))")
        }
        return .done
    }

    private static func show(_ twin: Twin, on output: Output) throws {
        try output.show(twin) {
            try output.details(
                Details([
                    "slug": "\(twin.slug, .bold)", "name": StyledText(twin.name), "id": StyledText(twin.id),
                    "description": StyledText(twin.description),
                ]))
        }
    }
}
