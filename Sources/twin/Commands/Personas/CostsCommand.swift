import TwinKit
import TwinSupport

enum CostsCommand {
    static let command = Command(
        "costs", summary: "Show what personas cost",
        discussion: """
            Costs are booked in millionths of a dollar with what they paid for, by the price list in the settings \
            (images.cog.price, images.sdapi.price, images.openai.price, training.cog.price).
            """,
        examples: [
            Example("twin costs", "of all personas of the last 30 days"),
            Example("twin costs Mara --json | jq .total_usd", "of one"),
        ],
        arguments: [Argument("PERSONA", .optional, help: "Name or id of the persona; without it all")],
        options: [
            .int("days", in: 1...3_650, default: "30", help: "Only personas made in this many days; for one persona everything")
        ],
        exits: [.notConfigured, .notFound], alsoCalled: ["cost", "spending"], run: run)

    private static func run(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let personas = try workspace.personas()
        let breakdown: Costs.Breakdown
        var told = JSONObject()
        if let name = call.operand("PERSONA") {
            let avatar = try personas.resolve(name)
            breakdown = try personas.costs.of(avatar).breakdown
            told["avatar_id"] = .string(avatar.id)
        } else {
            let days = call.int("days") ?? 30
            let summary = try personas.costs.summary(
                of: workspace.authorizer.personScope(as: .localOperator), days: days)
            breakdown = summary.breakdown
            told["days"] = .number(days)
            told["personas"] = .number(summary.avatars)
        }
        for operation in Costs.Operation.allCases { told[operation.rawValue] = .double(breakdown[operation].dollars) }
        told["total_usd"] = .double(breakdown.total.dollars)
        try call.output.show(JSON.object(told)) {
            var details = Details(["total": "\(breakdown.total.description, .bold)"])
            for operation in Costs.Operation.allCases where breakdown[operation] > .zero {
                details.add(operation.rawValue.replacing("_", with: " "), StyledText(breakdown[operation].description))
            }
            try call.output.details(details)
        }
        return .done
    }
}
