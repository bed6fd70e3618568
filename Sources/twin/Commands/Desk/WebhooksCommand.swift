import TwinHTTP
import TwinKit
import TwinSupport

enum WebhooksCommand {
    static let command = Command(
        "webhooks", summary: "Tell other programs what happens at a support desk",
        discussion: """
            Each event is sent until it has arrived: at once, then after 5 s, 5 min, 30 min and so on for three and a half days. \
            Deliveries are signed as Standard Webhooks says; their seq orders them. 'twin serve' sends them.
            """,
        examples: [
            Example("twin webhooks add https://crm.example.org/hooks/twin", "shows its secret, only once"),
            Example("twin webhooks deliveries WEBHOOK --status failed", "what did not arrive"),
        ],
        alsoCalled: ["webhook", "hooks"], subcommands: [list, add, rotate, remove, deliveries, replay])

    private static let webhook = Argument("WEBHOOK", help: "The webhook's id")
    private static let kinds = DeskEvent.Kind.allCases.map(\.rawValue)

    static let list = Command(
        "list", summary: "List the webhooks, newest first",
        examples: [Example("twin webhooks list", "those that are switched off too")],
        options: [DeskCommand.tenant], exits: [.notConfigured], alsoCalled: ["ls"], run: listWebhooks)

    static let add = Command(
        "add", summary: "Make a webhook and show its secret, once",
        examples: [Example("twin webhooks add https://crm.example.org/hooks --event handover.updated", "only handovers")],
        arguments: [Argument("URL", help: "Where events are sent")],
        options: [
            DeskCommand.tenant, .string("description", "TEXT", help: "What it is for"),
            .choice("event", "EVENT", short: "e", of: kinds, repeats: true, help: "Only these events; without this option all"),
        ], exits: [.notConfigured, .limitReached], alsoCalled: ["create", "new"], run: addWebhook)

    static let rotate = Command(
        "rotate", summary: "Give a webhook a new secret; for a day both sign",
        examples: [Example("twin webhooks rotate WEBHOOK", "shows the new one, only once")], arguments: [webhook],
        options: [DeskCommand.tenant], exits: [.notConfigured, .notFound], run: rotateWebhook)

    static let remove = Command(
        "remove", summary: "Remove webhooks with what was to be sent to them",
        examples: [Example("twin webhooks remove WEBHOOK", "one of them")],
        arguments: [Argument("WEBHOOK", .oneOrMore, help: "Ids of webhooks")], options: [DeskCommand.tenant],
        exits: [.notConfigured, .notFound], alsoCalled: ["rm", "delete"], run: removeWebhooks)

    static let deliveries = Command(
        "deliveries", summary: "List what was and will be sent, newest first",
        examples: [Example("twin webhooks deliveries WEBHOOK --jsonl", "for a script")], arguments: [webhook],
        options: [
            DeskCommand.tenant,
            .choice(
                "status", "STATUS", short: "s", of: WebhookDelivery.Status.allCases.map(\.rawValue), help: "Only in this state"),
        ], exits: [.notConfigured, .notFound], alsoCalled: ["log"], run: listDeliveries)

    static let replay = Command(
        "replay", summary: "Send something again",
        examples: [Example("twin webhooks replay WEBHOOK DELIVERY", "whatever became of it")],
        arguments: [webhook, Argument("DELIVERY", .oneOrMore, help: "Ids of deliveries")], options: [DeskCommand.tenant],
        exits: [.notConfigured, .notFound], alsoCalled: ["resend"], run: replayDeliveries)

    private static func listWebhooks(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let webhooks = try workspace.webhooks.list(of: DeskCommand.tenant(call, workspace))
        try call.output.list(webhooks.map { SupportWebhook($0) }, empty: "there is no webhook; 'twin webhooks add URL' makes one")
        {
            var table = Table(.text("ID"), .text("STATE"), .text("EVENTS", shrinks: true), .text("URL", shrinks: true))
            for webhook in webhooks {
                table.add(
                    StyledText(webhook.id), StyledText(webhook.isActive ? "active" : webhook.disabledReason ?? "off"),
                    StyledText(webhook.kinds.isEmpty ? "all" : webhook.kinds.map(\.rawValue).joined(separator: ",")),
                    StyledText(webhook.url))
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func show(_ made: (webhook: Webhook, secret: Secret), _ call: Invocation) throws {
        // The one place where a webhook's secret leaves the command line.
        try call.output.show(SupportWebhook(made.webhook, secret: made.secret)) {
            try call.output.line(StyledText(made.secret.reveal()))
            call.output.note("This is the only time the secret is shown. The webhook's id is \(made.webhook.id).")
        }
    }

    private static func addWebhook(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        var content = Webhooks.Content()
        content.url = try call.required("URL")
        content.description = call.string("description")
        content.kinds = call.strings("event").compactMap(DeskEvent.Kind.init)
        try show(try workspace.webhooks.add(content, to: DeskCommand.tenant(call, workspace), by: .localOperator), call)
        return .done
    }

    private static func rotateWebhook(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let tenant = try DeskCommand.tenant(call, workspace)
        try show(try workspace.webhooks.rotate(try call.required("WEBHOOK"), of: tenant, by: .localOperator), call)
        return .done
    }

    private static func removeWebhooks(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let tenant = try DeskCommand.tenant(call, workspace)
        let removed = try call.operands("WEBHOOK").map { id in
            let webhook = try workspace.webhooks.find(id, of: tenant)
            try workspace.webhooks.remove(id, of: tenant, by: .localOperator)
            return webhook
        }
        try call.output.list(removed.map { SupportWebhook($0) }, empty: "nothing was removed") {
            for webhook in removed { try call.output.line("\(webhook.url, .bold) receives no more events") }
        }
        return .done
    }

    private static func listDeliveries(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let webhook = try workspace.webhooks.find(try call.required("WEBHOOK"), of: DeskCommand.tenant(call, workspace))
        let deliveries = try workspace.webhooks.deliveries(
            of: webhook, status: call.string("status").flatMap(WebhookDelivery.Status.init), limit: 1_000)
        try call.output.list(deliveries.map { SupportDelivery($0) }, empty: "nothing was sent") {
            var table = Table(
                .text("ID"), .text("EVENT"), .number("SEQ"), .text("STATE"), .number("TRIES"), .text("ERROR", shrinks: true))
            for delivery in deliveries {
                table.add(
                    StyledText(delivery.id), StyledText(delivery.kind), "\(Int(delivery.sequence))",
                    StyledText(delivery.status.rawValue), "\(delivery.attempts)", StyledText(delivery.error ?? ""))
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func replayDeliveries(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let webhook = try workspace.webhooks.find(try call.required("WEBHOOK"), of: DeskCommand.tenant(call, workspace))
        for id in call.operands("DELIVERY") { try workspace.webhooks.replay(id, of: webhook) }
        try call.output.show(JSON.object(["replayed": .strings(call.operands("DELIVERY"))])) {
            for id in call.operands("DELIVERY") { try call.output.line("\(id, .bold) is sent again") }
        }
        return .done
    }
}
