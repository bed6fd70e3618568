import TwinKit

enum ConfigCommand {
    static let command = Command(
        "config", summary: "Read and change settings",
        discussion: """
            Settings of the whole installation, or with --twin those of one twin. 'twin config list' shows each with its \
            value and where that comes from. Secrets are never stored here: name the file or the environment variable that \
            holds them.
            """,
        examples: [
            Example("twin config list", "every setting, its value and where it comes from"),
            Example("twin config set model.url http://127.0.0.1:8080/v1", "answer with a model"),
        ],
        alsoCalled: ["settings", "configure", "configuration"],
        subcommands: [get, set, list, unset])

    private static let key = Argument("KEY", help: "Name of the setting", completion: .dynamic(.settings))

    static let get = Command(
        "get", summary: "Print the value of a setting",
        examples: [Example("twin config get model.url", "the address of the model")],
        arguments: [key], options: [.twin], exits: [.notConfigured, .notFound], alsoCalled: ["show"],
        run: { try $0.notWired() })

    static let set = Command(
        "set", summary: "Give a setting a value",
        examples: [Example("twin config set answer.max_quotes 3 --twin ada", "a setting of one twin")],
        arguments: [key, Argument("VALUE", help: "The new value")], options: [.twin],
        exits: [.notConfigured, .notPermitted, .notFound], run: { try $0.notWired() })

    static let list = Command(
        "list", summary: "List the settings with their values",
        examples: [Example("twin config list --json | jq '.[] | select(.source != \"default\")'", "what was changed")],
        options: [.twin], exits: [.notConfigured, .notFound], alsoCalled: ["ls"], run: { try $0.notWired() })

    static let unset = Command(
        "unset", summary: "Put a setting back to its default",
        examples: [Example("twin config unset model.url", "answer without a model again")],
        arguments: [key], options: [.twin], exits: [.notConfigured, .notPermitted, .notFound],
        alsoCalled: ["rm", "delete", "reset"], run: { try $0.notWired() })
}
