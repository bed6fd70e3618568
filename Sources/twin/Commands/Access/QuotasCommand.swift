import TwinKit
import TwinSupport

enum QuotasCommand {
    static let command = Command(
        "quotas", summary: "See and set how much may be asked in a day",
        discussion: """
            A quota is counted in tokens: what a language model says that it used, else a quarter of the bytes of question and \
            answer. It holds on every door: the contracts, OpenAI clients, MCP, widgets and share links. A question that finds \
            nothing left is refused until midnight, and nothing of it is stored. The command line itself is free.

            The settings quota.default and quota.tenant_daily hold where nothing else was set.
            """,
        examples: [
            Example("twin quotas set ada@example.org 50000", "tokens a day"),
            Example("twin quotas list", "what is used today"),
        ],
        alsoCalled: ["quota", "limits"], subcommands: [list, set])

    static let list = Command(
        "list", summary: "List the quotas and what is used of them today",
        examples: [Example("twin quotas list --json | jq '.[] | select(.used_today > 0)'", "who asked today")],
        exits: [.notConfigured], alsoCalled: ["ls", "show"], run: listQuotas)

    static let set = Command(
        "set", summary: "Set how many tokens somebody has a day",
        discussion: """
            LIMIT is a number of tokens, or the word default for what the settings say. With --tenant it is the quota that the API \
            keys and visitors of the user's workspace share.
            """,
        examples: [
            Example("twin quotas set ada@example.org 50000 --zone Europe/Berlin", "her day ends at her midnight"),
            Example("twin quotas set ada@example.org 200000 --tenant", "for all keys and widgets of her workspace"),
            Example("twin quotas set ada@example.org default", "as the settings say again"),
        ],
        arguments: [
            Argument("USER", help: "E-mail address, id or name", completion: .dynamic(.users)),
            Argument("LIMIT", .optional, help: "Tokens a day, or default"),
        ],
        options: [
            .flag("tenant", help: "The quota of the user's workspace instead"),
            .int("used", in: Quotas.limits, help: "What counts as used today"),
            .string(
                "zone", "ZONE",
                help: "Where the day begins at midnight: UTC, an offset such as +02:00, or a name such as Europe/Berlin"),
        ],
        exits: [.notConfigured, .notFound], alsoCalled: ["edit", "update"], run: setQuota)

    private static func listQuotas(_ call: Invocation) throws -> ExitCode {
        let quotas = try call.workspace().quotas.list()
        try call.output.list(quotas, empty: "no quota was set or used; 'twin quotas set USER LIMIT' sets one") {
            var table = Table(
                .text("WHOSE", shrinks: true), .number("TOKENS A DAY"), .number("USED TODAY"), .text("UNTIL"), .text("ZONE"))
            for quota in quotas {
                table.add(
                    "\(name(quota), .bold)", StyledText(quota.dailyLimit.map { String($0) } ?? "no limit"),
                    StyledText(String(quota.usedToday)), StyledText(quota.ends.description), StyledText(quota.zone.description))
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func name(_ quota: Quotas.Quota) -> String {
        guard let id = quota.userID else { return "keys and visitors of \(quota.tenantID)" }
        return quota.email.flatMap { $0.isEmpty ? nil : $0 } ?? id
    }

    private static func setQuota(_ call: Invocation) throws -> ExitCode {
        var change = Quotas.Change(usedToday: call.int("used"))
        if let text = call.operand("LIMIT") {
            if text == "default" {
                change.dailyLimit = .some(nil)
            } else {
                guard let limit = Int(text), Quotas.limits.contains(limit) else {
                    throw call.usage("LIMIT is a number of tokens from 0, or the word default")
                }
                change.dailyLimit = .some(limit)
            }
        }
        if let zone = call.string("zone") {
            guard let known = DayZone(zone) else {
                throw call.usage(
                    "--zone takes UTC, an offset such as +02:00, or a zone that this machine knows, such as Europe/Berlin")
            }
            change.zone = known
        }
        guard change != Quotas.Change() else {
            throw call.usage("there is nothing to change; give LIMIT, --used or --zone")
        }
        let workspace = try call.workspace()
        let user = try workspace.users.resolve(try call.required("USER"))
        let quota =
            call.flag("tenant")
            ? try workspace.quotas.set(tenantID: user.tenantID ?? "", change, by: .localOperator)
            : try workspace.quotas.set(user, change, by: .localOperator)
        try call.output.show(quota) {
            let limit = quota.dailyLimit.map { "\($0) tokens a day" } ?? "no limit"
            try call.output.line("\(name(quota), .bold): \(limit), \(quota.usedToday) used today")
        }
        return .done
    }
}

extension Quotas.Quota: JSONRepresentable {
    package var json: JSON {
        [
            "user_id": .optional(userID), "email": .optional(email), "tenant_id": .string(tenantID),
            "daily_limit": .optional(dailyLimit), "used_today": .number(usedToday), "last_reset": .string(began.description),
            "resets_at": .string(ends.description), "zone": .string(zone.description),
        ]
    }
}
