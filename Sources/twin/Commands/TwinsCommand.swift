import TwinKit

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
        subcommands: [create, list, show, set, archive, delete])

    private static let slugArgument = Argument("TWIN", help: "Slug or id of the twin", completion: .dynamic(.twins))

    static let create = Command(
        "create", summary: "Create a twin",
        discussion: "The slug is made from the name when only the name is given, and the other way round.",
        examples: [
            Example("twin twins create ada --name \"Ada Lovelace\"", "a twin with a slug and a name"),
            Example("twin twins create ada --setting language=en --json", "with a setting; prints the new twin as JSON"),
        ],
        arguments: [Argument("SLUG", .optional, help: "Short name: lower-case letters, digits and dashes")],
        options: [
            .string("name", "NAME", help: "The full name, as answers show it"),
            .string("description", "TEXT", help: "One line about the expert"),
            .keyValue("setting", completion: .dynamic(.settings), help: "A setting of the twin"),
            .flag("if-missing", help: "Succeed when a twin with this slug is already there"),
        ],
        alsoCalled: ["add", "new", "make"], run: { try $0.notWired() })

    static let list = Command(
        "list", summary: "List the twins",
        examples: [Example("twin twins list", "all twins with their numbers of sources")],
        options: [.flag("archived", help: "Include archived twins")],
        exits: [.notConfigured], alsoCalled: ["ls"], run: { try $0.notWired() })

    static let show = Command(
        "show", summary: "Show one twin: its settings and how much it knows",
        examples: [Example("twin twins show ada", "the twin 'ada'")],
        arguments: [Argument("TWIN", .optional, help: "Slug or id; needed when there are several", completion: .dynamic(.twins))],
        exits: [.notConfigured, .notFound], alsoCalled: ["get", "info", "view"], run: { try $0.notWired() })

    static let set = Command(
        "set", summary: "Change a twin's name, description or settings",
        examples: [
            Example("twin twins set ada --description \"Analyst and mathematician\"", "change the description"),
            Example("twin twins set ada --setting language=en --unset tone", "change one setting and remove another"),
        ],
        arguments: [slugArgument],
        options: [
            .string("name", "NAME", help: "The new full name"),
            .string("slug", "SLUG", help: "The new slug"),
            .string("description", "TEXT", help: "The new description"),
            .keyValue("setting", completion: .dynamic(.settings), help: "Give a setting a value"),
            .string(
                "unset", "KEY", repeats: true, completion: .dynamic(.settings),
                help: "Put a setting back to its default"),
        ],
        exits: [.notConfigured, .notFound], alsoCalled: ["edit", "update", "rename"], run: { try $0.notWired() })

    static let archive = Command(
        "archive", summary: "Archive a twin: it stops answering, nothing is deleted",
        examples: [Example("twin twins archive ada", "archive the twin 'ada'")],
        arguments: [slugArgument], exits: [.notConfigured, .notFound], run: { try $0.notWired() })

    static let delete = Command(
        "delete", summary: "Delete a twin with everything it knows, for ever",
        discussion: """
            Deletes the twin's sources, conversations, verified answers and permissions. On a terminal it asks first; \
            elsewhere it needs --yes. Make a backup first with 'twin backup FILE'.
            """,
        examples: [Example("twin twins delete ada --dry-run", "what would be deleted")],
        arguments: [slugArgument], options: [.yes, .dryRun],
        exits: [.notConfigured, .notFound], alsoCalled: ["rm", "remove"], run: { try $0.notWired() })
}
