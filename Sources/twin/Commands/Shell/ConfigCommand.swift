import TwinKit
import TwinSupport

enum ConfigCommand {
    static let command = Command(
        "config", summary: "Read and change settings",
        discussion: """
            Settings of the whole installation, or with --twin those of one twin. 'twin config list' shows each with its \
            value and where that comes from. Secrets are never stored here: name the file or the environment variable that \
            holds them. 'twin config wrap-secrets' encrypts those that the database holds.
            """,
        examples: [
            Example("twin config list", "every setting, its value and where it comes from"),
            Example("twin config set model.url http://127.0.0.1:8080/v1", "answer with a model"),
        ],
        alsoCalled: ["settings", "configure", "configuration"],
        subcommands: [get, set, list, unset, wrapSecrets])

    private static let key = Argument("KEY", help: "Name of the setting", completion: .dynamic(.settings))

    static let get = Command(
        "get", summary: "Print the value of a setting",
        examples: [Example("twin config get model.url", "the address of the model")],
        arguments: [key], options: [.twin], exits: [.notConfigured, .notFound], alsoCalled: ["show"],
        run: getValue)

    static let set = Command(
        "set", summary: "Change a setting",
        examples: [Example("twin config set answer.sentences 2 --twin ada", "a setting of one twin")],
        arguments: [key, Argument("VALUE", help: "The new value")], options: [.twin],
        exits: [.notConfigured, .notPermitted, .notFound], run: setValue)

    static let list = Command(
        "list", summary: "List the settings with their values",
        examples: [Example("twin config list --json | jq '.[] | select(.source != \"default\")'", "what was changed")],
        options: [.twin], exits: [.notConfigured, .notFound], alsoCalled: ["ls"], run: listValues)

    static let unset = Command(
        "unset", summary: "Reset a setting to its default",
        examples: [Example("twin config unset model.url", "answer without a model again")],
        arguments: [key], options: [.twin], exits: [.notConfigured, .notPermitted, .notFound],
        alsoCalled: ["rm", "delete", "reset"], run: unsetValue)

    /// A setting as it is listed: of the installation or of a twin.
    private struct Entry: JSONRepresentable {
        let name: String
        let value: JSON
        let source: String
        let variable: String?
        let help: String

        var json: JSON {
            [
                "name": .string(name), "value": value, "source": .string(source), "variable": .optional(variable),
                "help": .string(help),
            ]
        }
    }

    private static func entries(_ configuration: Configuration) -> [Entry] {
        Configuration.definitions.map { definition in
            let value = configuration.value(definition.name)
            return Entry(
                name: definition.name, value: .optional(value?.text), source: (value?.origin ?? .default).rawValue,
                variable: definition.variable, help: definition.help)
        }
    }

    private static func entries(_ twin: Twin) -> [Entry] {
        TwinSettings.definitions.map { definition in
            let isSet = twin.settings.value(definition.name) != nil
            return Entry(
                name: definition.name, value: twin.settings.effective(definition.name), source: isSet ? "twin" : "default",
                variable: nil, help: definition.help)
        }
    }

    private static func entries(_ call: Invocation) throws -> [Entry] {
        guard call.has("twin") else { return entries(try call.configuration()) }
        let workspace = try call.workspace()
        return entries(try call.twin(in: workspace))
    }

    private static func entry(_ call: Invocation) throws -> Entry {
        let key = try call.required("KEY")
        guard let entry = try entries(call).first(where: { $0.name == key }) else {
            let error = call.has("twin") ? TwinSettings.unknown(key) : Configuration.unknown(key)
            throw TwinError(.notFound, error.message)
        }
        return entry
    }

    private static func getValue(_ call: Invocation) throws -> ExitCode {
        let entry = try entry(call)
        try call.output.show(entry) {
            if !entry.value.isNull { try call.output.line(entry.value.stringValue ?? entry.value.text) }
        }
        return .done
    }

    private static func listValues(_ call: Invocation) throws -> ExitCode {
        let entries = try entries(call)
        try call.output.list(entries) {
            var table = Table(.text("SETTING"), .text("VALUE", shrinks: true), .text("FROM"), .text("WHAT IT IS", shrinks: true))
            for entry in entries {
                table.add(
                    "\(entry.name, .bold)", StyledText(entry.value.isNull ? "-" : entry.value.stringValue ?? entry.value.text),
                    StyledText(entry.source, entry.source == "default" ? .dim : .plain), StyledText(entry.help))
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func setValue(_ call: Invocation) throws -> ExitCode { try change(call, to: try call.required("VALUE")) }

    private static func unsetValue(_ call: Invocation) throws -> ExitCode { try change(call, to: nil) }

    private static func change(_ call: Invocation, to value: String?) throws -> ExitCode {
        let key = try entry(call).name
        if call.has("twin") {
            let workspace = try call.workspace()
            _ = try workspace.twins.update(try call.twin(in: workspace), by: AuditLog.localActor) { twin in
                var settings = twin.settings
                if let value { try settings.set(key, parsing: value) } else { try settings.set(key, nil) }
                return TwinStore.Change(settings: settings)
            }
        } else {
            _ = try call.configuration().setting(key, value)
        }
        let entry = try entry(call)
        try call.output.show(entry) {
            try call.output.line(
                "\(entry.name, .bold) is \(entry.value.isNull ? "not set" : entry.value.stringValue ?? entry.value.text)")
            if entry.source == Configuration.Origin.environment.rawValue, let variable = entry.variable {
                call.output.warning("\(variable) in the environment overrides what was stored")
            }
        }
        return .done
    }
}
