import TwinHTTP
import TwinSupport

/// What avatars cost.
struct PersonaCosts: RouteCollection {
    let context: APIContext

    private static let root = "/api/v1/identities/costs"
    private static let days = FieldRule.int(1...3_650)
    private static let breakdown = JSONSchema.output(
        JSONObject(Costs.Operation.allCases.map { (key: $0.rawValue, value: JSONSchema.number) }))

    func add(to group: inout RouteGroup) throws {
        // Words go before what could be an id.
        try group.get(
            Self.root + "/summary",
            .persona(
                "What the avatars of the last days cost", .userRead,
                description: "Without `user_id` those of the whole tenant for an owner, and one's own for others.",
                parameters: [
                    RouteDocumentation.Parameter("user_id", in: .query, schema: JSONSchema.uuid),
                    .query("days", Self.days, "30 without it"),
                ],
                answer: JSONSchema.output([
                    "period_days": JSONSchema.integer, "total_avatars": JSONSchema.integer, "breakdown": Self.breakdown,
                    "total_cost_usd": JSONSchema.number, "average_cost_per_avatar": JSONSchema.number,
                ])), summary)
        try group.get(
            Self.root + "/estimate",
            .persona(
                "What an avatar will cost, by the price list", .userRead,
                answer: JSONSchema.output([
                    "facial_generation": JSONSchema.number, "dataset_generation": JSONSchema.number,
                    "lora_training": JSONSchema.number, "bio_generation": JSONSchema.number, "total_estimated": JSONSchema.number,
                ])), estimate)
        try group.get(
            Self.root + "/batch/{batch_id}",
            .persona(
                "What a batch, a dataset or a training cost", .userRead,
                answer: JSONSchema.output([
                    "batch_id": JSONSchema.string, "total_avatars": JSONSchema.integer, "total_cost_usd": JSONSchema.number,
                    "avatar_costs": JSONSchema.array(JSONSchema.object),
                ])), batch)
        try group.get(
            Self.root + "/{avatar_id}",
            .persona(
                "What an avatar cost", .userRead,
                answer: JSONSchema.output([
                    "avatar_id": JSONSchema.uuid, "avatar_name": JSONSchema.string, "breakdown": Self.breakdown,
                    "total_cost_usd": JSONSchema.number, "entries": JSONSchema.array(JSONSchema.object),
                ])), avatar)
    }

    private func avatar(_ request: Request) throws -> Response {
        let caller = try context.member(request)
        let avatar = try context.avatar(PersonaAvatars.id(request), .read, as: caller)
        let costs = try context.workspace.personas().costs.of(avatar)
        return .json([
            "avatar_id": .string(avatar.id), "avatar_name": .string(avatar.name),
            "breakdown": PersonaPresenter.json(costs.breakdown), "total_cost_usd": .double(costs.breakdown.total.dollars),
            "entries": .array(
                costs.entries.map { entry in
                    [
                        "operation": .string(entry.operation), "provider": .string(PersonaPresenter.wire(entry.provider)),
                        "amount_usd": .double(entry.amount.dollars), "timestamp": .string(entry.createdAt.description),
                        "metadata": .object(entry.metadata),
                    ]
                }),
        ])
    }

    private func batch(_ request: Request) throws -> Response {
        let caller = try context.member(request)
        let id = try request.parameters.require("batch_id")
        let costs = try context.workspace.personas().costs.of(
            batch: id, in: context.authorizer.personScope(as: caller))
        return .json([
            "batch_id": .string(id), "total_avatars": .number(costs.count),
            "total_cost_usd": .double(costs.reduce(Money.zero) { $0 + $1.amount }.dollars),
            "avatar_costs": .array(
                costs.map { cost in
                    [
                        "avatar_id": .optional(cost.avatarID), "avatar_name": .optional(cost.name),
                        "total_cost_usd": .double(cost.amount.dollars),
                    ]
                }),
        ])
    }

    private func summary(_ request: Request) throws -> Response {
        let caller = try context.member(request)
        var query = request.queryFields()
        let userID = query.optional("user_id", .userID(caller))
        let days = query.optional("days", Self.days) ?? 30
        try query.validate()
        let scope =
            try userID.map { PersonScope(try context.authorizer.person($0, .read, as: caller)) }
            ?? context.authorizer.personScope(as: caller)
        let summary = try context.workspace.personas().costs.summary(of: scope, days: days)
        let total = summary.breakdown.total
        let average = summary.avatars == 0 ? Money.zero : Money(micros: total.micros / Int64(summary.avatars))
        return .json([
            "period_days": .number(days), "total_avatars": .number(summary.avatars),
            "breakdown": PersonaPresenter.json(summary.breakdown, rounded: true), "total_cost_usd": .double(total.cents),
            "average_cost_per_avatar": .double(average.cents),
        ])
    }

    private func estimate(_ request: Request) throws -> Response {
        _ = try context.member(request)
        let personas = try context.workspace.personas()
        let face = personas.expectedPrice
        let dataset = face * PriceList.datasetPictures
        let total = face + dataset + personas.prices.training + PriceList.biography
        return .json([
            "facial_generation": .double(face.dollars), "dataset_generation": .double(dataset.dollars),
            "lora_training": .double(personas.prices.training.dollars), "bio_generation": .double(PriceList.biography.dollars),
            "total_estimated": .double(total.dollars),
        ])
    }
}
