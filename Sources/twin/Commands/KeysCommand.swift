import TwinHTTP
import TwinKit
import TwinSupport

enum KeysCommand {
    static let command = Command(
        "keys", summary: "Make and revoke API keys",
        discussion: "A key is shown once, when it is made; the database keeps a keyed hash of it.",
        examples: [Example("twin keys create website --scope chat --twin ada", "a key that may ask one twin")],
        alsoCalled: ["key", "api-keys"], subcommands: [create, list, revoke])

    static let create = Command(
        "create", summary: "Make a key and show it, this once",
        examples: [
            Example("twin keys create website --scope chat --expires-days 90", "for three months"),
            Example("twin keys create ci --json | jq -r .key", "for a script"),
        ],
        arguments: [Argument("NAME", help: "What the key is for")],
        options: [
            .string(
                "twin", "TWIN", short: "t", repeats: true, completion: .dynamic(.twins), help: "Only this twin; all without it"),
            .choice(
                "scope", "SCOPE", short: "s", of: KeyStore.Scope.allCases.map(\.rawValue), repeats: true,
                help: "What it may do; everything without it"),
            .string("domain", "DOMAIN", repeats: true, help: "Only from pages of this domain, or *.example.org"),
            .int("expires-days", in: 1...36_500, help: "Ends after so many days"),
        ],
        exits: [.notConfigured, .notFound, .limitReached], alsoCalled: ["new", "add"], run: createKey)

    static let list = Command(
        "list", summary: "List the keys, newest first", examples: [Example("twin keys list", "revoked ones too")],
        exits: [.notConfigured], alsoCalled: ["ls"], run: listKeys)

    static let revoke = Command(
        "revoke", summary: "Make keys useless from now on", examples: [Example("twin keys revoke ID", "one of them")],
        arguments: [Argument("KEY", .oneOrMore, help: "Ids of keys", completion: .dynamic(.keys))],
        exits: [.notConfigured, .notFound], alsoCalled: ["rm", "delete"], run: revokeKeys)

    private static func createKey(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let twins = try call.strings("twin").map { try workspace.twins.resolve($0) }
        let made = try workspace.keys.create(
            try call.required("NAME"), tenantID: twins.first?.tenantID, twins: twins, domains: call.strings("domain"),
            scopes: call.strings("scope").compactMap(KeyStore.Scope.init), expiresInDays: call.int("expires-days"),
            by: AuditLog.localActor)
        // The one place where a key leaves the program.
        let text = made.text.reveal()
        let object = (made.key.json.objectValue ?? JSONObject()).merging(["key": .string(text)])
        try call.output.show(JSON.object(object)) {
            try call.output.line(StyledText(text))
            call.output.note("This is the only time the key is shown. Its id is \(made.key.id).")
        }
        return .done
    }

    private static func listKeys(_ call: Invocation) throws -> ExitCode {
        let keys = try call.workspace().keys.list()
        try call.output.list(keys, empty: "there is no key yet; 'twin keys create NAME' makes one") {
            var table = Table(.text("ID"), .text("NAME", shrinks: true), .text("STATE"), .text("SCOPES"), .text("BEGINS"))
            for key in keys {
                table.add(
                    StyledText(key.id), StyledText(key.name),
                    StyledText(!key.isActive ? "revoked" : key.isExpired ? "expired" : "active"),
                    StyledText(key.scopes.isEmpty ? "all" : key.scopes.map(\.rawValue).joined(separator: ",")),
                    StyledText(key.prefix + "…"))
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func revokeKeys(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let keys = try call.operands("KEY").map { try workspace.keys.revoke($0, by: AuditLog.localActor) }
        try call.output.list(keys, empty: "nothing was revoked") {
            for key in keys { try call.output.line("\(key.name, .bold) is revoked") }
        }
        return .done
    }
}
