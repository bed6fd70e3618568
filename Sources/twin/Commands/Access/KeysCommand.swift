import TwinHTTP
import TwinKit
import TwinSupport

enum KeysCommand {
    static let command = Command(
        "keys", summary: "Make and revoke API keys",
        discussion: """
            A key is shown once, when it is made; the database keeps a keyed hash of it. It may only ask, unless --scope \
            says more. The keys that a user made are revoked when the user is removed.
            """,
        examples: [Example("twin keys create website --scope chat --twin ada", "a key that may ask one twin")],
        alsoCalled: ["key", "api-keys"], subcommands: [create, list, revoke])

    static let create = Command(
        "create", summary: "Create a key and show it, once",
        examples: [
            Example("twin keys create website --domain example.org --expires-days 90", "for a page, for three months"),
            Example("twin keys create partner --twin ada --group partners", "sees what the group sees"),
            Example("twin keys create ci --json | jq -r .key", "for a script"),
        ],
        arguments: [Argument("NAME", help: "What the key is for")],
        options: [
            .string(
                "twin", "TWIN", short: "t", repeats: true, completion: .dynamic(.twins),
                help: "Only this twin; without this option all"),
            .choice(
                "scope", "SCOPE", short: "s", of: KeyStore.Scope.allCases.map(\.rawValue), repeats: true,
                help: "What it may do; without this option only chat"),
            .string(
                "group", "GROUP", short: "g", completion: .dynamic(.groups),
                help: "It opens the twin of this access group and sees what the group sees"),
            .string(
                "domain", "DOMAIN", repeats: true,
                help: "Only from pages of this host, or of *.example.org; without this option any site"
            ),
            .int("expires-days", in: 1...36_500, help: "Expires after this many days"),
        ],
        exits: [.notConfigured, .notFound, .limitReached], alsoCalled: ["new", "add"], run: createKey)

    static let list = Command(
        "list", summary: "List the keys, newest first", examples: [Example("twin keys list", "revoked ones too")],
        exits: [.notConfigured], alsoCalled: ["ls"], run: listKeys)

    static let revoke = Command(
        "revoke", summary: "Revoke keys, with immediate effect",
        examples: [Example("twin keys revoke website", "by its name")],
        arguments: [Argument("KEY", .oneOrMore, help: "Ids or names of keys", completion: .dynamic(.keys))],
        exits: [.notConfigured, .notFound], alsoCalled: ["rm", "delete"], run: revokeKeys)

    private static func createKey(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let twins = try call.strings("twin").map { try workspace.twins.resolve($0) }
        guard !call.has("group") || twins.count <= 1 else { throw call.usage("--group goes with one --twin, that of the group") }
        let group = try call.string("group").map { name in
            try workspace.groups.find(name, of: twins.first ?? call.twin(in: workspace))
        }
        let made = try workspace.keys.create(
            try call.required("NAME"), tenantID: group?.tenantID ?? twins.first?.tenantID, twins: twins, group: group,
            domains: call.strings("domain"),
            scopes: call.strings("scope").compactMap(KeyStore.Scope.init), expiresInDays: call.int("expires-days"),
            by: AuditLog.localActor)
        // The one place where a key leaves the program.
        let text = made.text.reveal()
        let object = (made.key.json.objectValue ?? JSONObject()).merging([
            "key": .string(text), "warning": .optional(made.key.warning),
        ])
        try call.output.show(JSON.object(object)) {
            try call.output.line(StyledText(text))
            call.output.note("This is the only time the key is shown. Its id is \(made.key.id).")
        }
        if let warning = made.key.warning { call.output.note("Note: \(warning).") }
        return .done
    }

    private static func listKeys(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let keys = try workspace.keys.list()
        try call.output.list(keys, empty: "there is no key yet; 'twin keys create NAME' makes one") {
            var table = Table(
                .text("ID"), .text("NAME", shrinks: true), .text("STATE"), .text("SCOPES"), .text("TWINS", shrinks: true),
                .text("GROUP", shrinks: true), .text("SITES", shrinks: true), .text("EXPIRES"), .text("BEGINS"))
            let names = try workspace.keys.names(of: keys)
            for key in keys {
                table.add(
                    StyledText(key.id), StyledText(key.name),
                    StyledText(!key.isActive ? "revoked" : key.isExpired ? "expired" : "active"),
                    StyledText(key.scopes.isEmpty ? "all" : key.scopes.map(\.rawValue).joined(separator: ",")),
                    StyledText(
                        key.allowedTwinIDs.isEmpty ? "all" : key.allowedTwinIDs.map { names[$0] ?? $0 }.joined(separator: ",")),
                    StyledText(key.groupID.map { names[$0] ?? "deleted" } ?? "-"),
                    StyledText(key.allowedDomains.isEmpty ? "all" : key.allowedDomains.joined(separator: ",")),
                    StyledText(key.expiresAt.map { Format.date($0) } ?? "never"), StyledText(key.prefix + "…"))
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
