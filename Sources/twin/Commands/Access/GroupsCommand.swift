import TwinHTTP
import TwinKit
import TwinSupport

enum GroupsCommand {
    static let command = Command(
        "groups", summary: "Control who may read what of a twin",
        discussion: """
            A caller is in one access group of a twin and reads what the group was granted, nothing else. New sources and verified \
            answers are granted to the default group.
            """,
        examples: [
            Example("twin groups create partners", "a group that sees nothing yet"),
            Example("twin groups grant partners --source ID", "let it read a source"),
            Example("twin search oil --as-group partners", "see what it sees"),
        ],
        alsoCalled: ["group", "access"],
        subcommands: [list, create, set, delete, show, members, add, remove, grant, revoke, permissions])

    private static let group = Argument("GROUP", help: "Name or id of the group", completion: .dynamic(.groups))
    private static let users = Argument(
        "USER", .oneOrMore, help: "E-mail addresses, ids or names", completion: .dynamic(.users))
    private static let contents: [Option] = [
        .twin,
        .string("source", "ID", short: "s", repeats: true, completion: .dynamic(.sources), help: "A source, by id, path or name"),
        .string("answer", "ID", short: "a", repeats: true, help: "A verified answer"),
        .flag("all", help: "Everything that the twin has now"),
    ]
    private static let exits: [ExitCode] = [.notConfigured, .notFound]

    static let list = Command(
        "list", summary: "List a twin's groups", examples: [Example("twin groups list", "all groups, oldest first")],
        options: [.twin], exits: exits, alsoCalled: ["ls"], run: listGroups)

    static let create = Command(
        "create", summary: "Create a group; it sees nothing until something is granted",
        examples: [Example("twin groups create partners --description \"Resellers\"", "a new group")],
        arguments: [Argument("NAME", help: "Name of the group")],
        options: [
            .twin, .string("description", "TEXT", help: "What it is for"),
            .flag("public", help: "Visitors of a share link get this group"),
            .keyValue("setting", help: "A setting for this group, such as tone=formal"),
        ],
        exits: [.notConfigured, .notFound, .limitReached], alsoCalled: ["new"], run: createGroup)

    static let set = Command(
        "set", summary: "Change a group's name, description, settings, limits or overrides",
        examples: [Example("twin groups set partners --limit requests_per_hour=30", "limit how much it asks")],
        arguments: [group],
        options: [
            .twin, .string("name", "NAME", help: "A new name"), .string("description", "TEXT", help: "What it is for"),
            .keyValue("setting", help: "A setting for this group"),
            .string("unset", "KEY", repeats: true, help: "Remove a setting"),
            .keyValue(
                "limit", "TYPE=N",
                help: "requests_per_hour, requests_per_day, tokens_per_request or tokens_per_day; 'none' removes one"),
            .keyValue(
                "override", "TYPE=VALUE",
                help:
                    "system_prompt, temperature, max_tokens or tool_access, which take precedence over all settings; 'none' removes one"
            ),
        ],
        exits: exits, alsoCalled: ["edit", "update"], run: setGroup)

    static let delete = Command(
        "delete", summary: "Delete a group with its memberships and permissions",
        examples: [Example("twin groups delete partners --yes", "without a confirmation")],
        arguments: [group], options: [.twin, .yes], exits: exits, alsoCalled: ["rm"], run: deleteGroup)

    static let show = Command(
        "show", summary: "Show a group with its settings, limits and overrides",
        examples: [Example("twin groups show partners", "how much it may ask")],
        arguments: [group], options: [.twin], exits: exits, alsoCalled: ["get", "view"], run: showGroup)

    static let members = Command(
        "members", summary: "List who is in a group", examples: [Example("twin groups members partners", "its users")],
        arguments: [group], options: [.twin], exits: exits, alsoCalled: ["users"], run: listMembers)

    static let add = Command(
        "add", summary: "Put users into a group; they leave the twin's other groups",
        discussion: "For an address that was invited the place is held until the invitation is accepted.",
        examples: [Example("twin groups add partners anna@example.org", "one user")],
        arguments: [group, users], options: [.twin], exits: exits, alsoCalled: ["join"], run: addMembers)

    static let remove = Command(
        "remove", summary: "Take users out of a group",
        examples: [Example("twin groups remove partners anna@example.org", "one user")],
        arguments: [group, users], options: [.twin], exits: exits, alsoCalled: ["leave"], run: removeMembers)

    static let grant = Command(
        "grant", summary: "Let a group read sources and verified answers",
        examples: [Example("twin groups grant partners --source prices.csv", "a source by its name")],
        arguments: [group], options: contents, exits: exits, alsoCalled: ["allow"], run: grantContents)

    static let revoke = Command(
        "revoke", summary: "Revoke a group's access to sources and verified answers, with immediate effect",
        examples: [Example("twin groups revoke partners --all", "it no longer sees anything")],
        arguments: [group], options: contents, exits: exits, alsoCalled: ["deny"], run: revokeContents)

    static let permissions = Command(
        "permissions", summary: "List what a group may read",
        examples: [Example("twin groups permissions partners --json", "as JSON")],
        arguments: [group], options: [.twin], exits: exits, alsoCalled: ["grants"], run: listPermissions)

    private static func find(_ call: Invocation, _ workspace: Workspace) throws -> AccessGroup {
        try workspace.groups.find(try call.required("GROUP"), of: call.twin(in: workspace))
    }

    private static func listGroups(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let groups = try workspace.groups.list(of: call.twin(in: workspace))
        try call.output.list(groups, empty: "there is no group") {
            var table = Table(.text("NAME"), .text("KIND"), .text("ID"), .text("DESCRIPTION", shrinks: true))
            for group in groups {
                table.add(
                    "\(group.name, .bold)", StyledText(group.isDefault ? "default" : group.isPublic ? "public" : "-"),
                    StyledText(group.id), StyledText(group.description ?? ""))
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func showGroup(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        try show(try find(call, workspace), workspace, call.output)
        return .done
    }

    private static func createGroup(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        var settings = TwinSettings()
        for (key, value) in call.pairs("setting") { try settings.set(key, parsing: value) }
        let group = try workspace.groups.create(
            try call.required("NAME"), of: call.twin(in: workspace), description: call.string("description"),
            isPublic: call.flag("public"), settings: settings.object, by: AuditLog.localActor)
        try show(group, workspace, call.output)
        return .done
    }

    private static func setGroup(_ call: Invocation) throws -> ExitCode {
        guard ["name", "description", "setting", "unset", "limit", "override"].contains(where: call.has) else {
            throw call.usage("there is nothing to change; give --name, --description, --setting, --unset, --limit or --override")
        }
        let workspace = try call.workspace()
        let group = try find(call, workspace)
        var settings = TwinSettings(group.settings)
        for (key, value) in call.pairs("setting") { try settings.set(key, parsing: value) }
        for key in call.strings("unset") { try settings.set(key, nil) }
        for (key, value) in call.pairs("limit") {
            guard let type = GroupStore.LimitType(rawValue: key), value == "none" || Int(value) != nil else {
                let names = GroupStore.LimitType.allCases.map(\.rawValue).joined(separator: ", ")
                throw call.usage("--limit takes TYPE=N, where TYPE is one of \(names)")
            }
            try workspace.groups.setLimit(type, Int(value), of: group, by: AuditLog.localActor)
        }
        for (key, value) in call.pairs("override") { try setOverride(key, value, of: group, workspace, call) }
        let changed = try workspace.groups.update(
            group, name: call.string("name"), description: call.string("description"), settings: settings.object,
            by: AuditLog.localActor)
        try show(changed, workspace, call.output)
        return .done
    }

    private static func setOverride(
        _ key: String, _ value: String, of group: AccessGroup, _ workspace: Workspace, _ call: Invocation
    ) throws {
        guard let type = GroupStore.OverrideType(rawValue: key) else {
            let names = GroupStore.OverrideType.allCases.map(\.rawValue).joined(separator: ", ")
            throw call.usage("--override takes TYPE=VALUE, where TYPE is one of \(names)")
        }
        let json: JSON = type == .systemPrompt ? .string(value) : (try? JSONParser.parse(value)) ?? .string(value)
        try workspace.groups.setOverride(type, value == "none" ? JSON.null : json, of: group, by: AuditLog.localActor)
    }

    private static func deleteGroup(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let group = try find(call, workspace)
        if !group.isDefault, !call.flag("yes") {
            guard try Confirmation.ask("Delete the group '\(group.name)' with its permissions?", call) else { return .failed }
        }
        try workspace.groups.delete(group, by: AuditLog.localActor)
        try call.output.show(["status": "deleted", "group_id": .string(group.id)] as JSON) {
            try call.output.line("\(group.name, .bold) is deleted")
        }
        return .done
    }

    private static func listMembers(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let members = try workspace.groups.members(of: find(call, workspace))
        try call.output.list(members, empty: "nobody is in this group") {
            var table = Table(.text("USER"), .text("EMAIL"), .text("SINCE"))
            for member in members {
                table.add(
                    StyledText(member.userID ?? "invited"), StyledText(member.user?.email ?? "-"),
                    StyledText(member.createdAt.description))
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func addMembers(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let group = try find(call, workspace)
        for user in call.operands("USER") { try workspace.groups.add(user, to: group, by: AuditLog.localActor) }
        return try report("added", call.operands("USER").count, "user", group, call.output)
    }

    private static func removeMembers(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let group = try find(call, workspace)
        let count = try call.operands("USER").count { try workspace.groups.remove($0, from: group, by: AuditLog.localActor) }
        return try report("removed", count, "user", group, call.output)
    }

    private static func grantContents(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let group = try find(call, workspace)
        let permissions = workspace.permissions
        let (sources, answers) = try named(call, workspace)
        var count = call.flag("all") ? try permissions.grantAll(to: group, by: AuditLog.localActor) : 0
        count += try permissions.grant(.source, sources, to: group, by: AuditLog.localActor)
        count += try permissions.grant(.verifiedAnswer, answers, to: group, by: AuditLog.localActor)
        return try report("granted", count, "permission", group, call.output)
    }

    private static func revokeContents(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let group = try find(call, workspace)
        let permissions = workspace.permissions
        let (sources, answers) = try named(call, workspace)
        var count = call.flag("all") ? try permissions.revokeAll(from: group, by: AuditLog.localActor) : 0
        count += try permissions.revoke(.source, sources, from: group, by: AuditLog.localActor)
        count += try permissions.revoke(.verifiedAnswer, answers, from: group, by: AuditLog.localActor)
        return try report("revoked", count, "permission", group, call.output)
    }

    private static func named(_ call: Invocation, _ workspace: Workspace) throws -> (sources: [String], answers: [String]) {
        guard call.has("source") || call.has("answer") || call.flag("all") else {
            throw call.usage("nothing was named; give --source, --answer or --all")
        }
        let twin = try call.twin(in: workspace)
        return (try call.strings("source").map { try workspace.sources.find($0, twin: twin).id }, call.strings("answer"))
    }

    private static func listPermissions(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let permissions = try workspace.permissions.list(of: find(call, workspace))
        try call.output.list(permissions, empty: "this group may read nothing") {
            var table = Table(.text("TYPE"), .text("ID"), .text("TITLE", shrinks: true))
            for item in permissions {
                table.add(StyledText(item.type.rawValue), StyledText(item.contentID), StyledText(item.title))
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func report(
        _ status: String, _ count: Int, _ noun: String, _ group: AccessGroup, _ output: Output
    ) throws -> ExitCode {
        let report: JSON = ["status": .string(status), "count": .number(count), "group_id": .string(group.id)]
        try output.show(report) { try output.line("\(group.name, .bold): \(Format.count(count, noun)) \(status)") }
        return .done
    }

    private static func show(_ group: AccessGroup, _ workspace: Workspace, _ output: Output) throws {
        let limits = try workspace.groups.limits(of: group).sorted { $0.key.rawValue < $1.key.rawValue }
        let limitsJSON = JSON.object(JSONObject(limits.map { (key: $0.key.rawValue, value: .number($0.value)) }))
        let overrides = try workspace.groups.overrides(of: group).sorted { $0.key.rawValue < $1.key.rawValue }
        let overridesJSON = JSON.object(JSONObject(overrides.map { (key: $0.key.rawValue, value: $0.value) }))
        let json = JSON.object(
            (group.json.objectValue ?? JSONObject()).merging(["limits": limitsJSON, "overrides": overridesJSON]))
        try output.show(json) {
            var details = Details(["name": "\(group.name, .bold)", "id": StyledText(group.id)])
            details.add("description", group.description.map { StyledText($0) })
            for member in group.settings.members {
                details.add(member.key, StyledText(member.value.stringValue ?? member.value.text))
            }
            for limit in limits { details.add(limit.key.rawValue, "\(limit.value)") }
            for override in overrides {
                details.add("override \(override.key.rawValue)", StyledText(override.value.stringValue ?? override.value.text))
            }
            try output.details(details)
        }
    }
}
