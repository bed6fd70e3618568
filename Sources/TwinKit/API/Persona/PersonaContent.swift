import TwinHTTP
import TwinSupport

/// Pictures of avatars: one at a time and in batches, with the scenes, hooks and judgements that go with them.
struct PersonaContent: RouteCollection {
    let context: APIContext

    private static let root = "/api/v1/content"
    private static let words = FieldRule.text(1...2_000)
    /// What a picture was asked to show: nothing is said for one without it.
    private static let judged = FieldRule.string(0...2_000)
    private static let templateID = FieldRule.string(1...40)
    private static let platform = FieldRule.oneOf(Hook.Platform.allCases.map(\.rawValue))
    private static let tier = FieldRule.oneOf(ContentPiece.Tier.allCases.map(\.rawValue))
    private static let limit = FieldRule.int(1...200)
    private static let offset = FieldRule.int(0...1_000_000_000)
    private static let count = FieldRule.int(1...100)
    private static let ratio = FieldRule<Double>.double(0...1)
    private static let url = FieldRule.string(1...40_000_000)
    private static let piece = JSONSchema.reference("PersonaPiece")
    private static let drawing: [HTTPStatus] = [.badGateway, .internalServerError]

    func add(to group: inout RouteGroup) throws {
        try group.post(
            Self.root + "/generate",
            .persona(
                "Draw a picture of an avatar", .userWrite,
                description: "The avatar needs LoRA weights. A template takes precedence over a prompt of your own.",
                body: JSONSchema.input(
                    [
                        "avatar_id": JSONSchema.uuid, "template_id": Self.templateID.schema, "custom_prompt": Self.words.schema,
                        "platform": Self.platform.schema, "tier": Self.tier.schema,
                    ], required: ["avatar_id"]), answer: Self.piece, failures: Self.drawing, execution: .longRunning), generate)
        let batch = JSONSchema.reference("PersonaBatchRequest")
        try group.post(
            Self.root + "/batch",
            .persona(
                "Draw many pictures in a job", .userWrite, body: batch,
                answer: JSONSchema.output([
                    "success": JSONSchema.boolean, "message": JSONSchema.string, "task_id": JSONSchema.uuid,
                    "avatar_id": JSONSchema.uuid, "num_pieces": JSONSchema.integer,
                    "estimated_time_minutes": JSONSchema.number, "estimated_cost_usd": JSONSchema.number,
                ]), failures: Self.drawing), queueBatch)
        try group.post(
            Self.root + "/batch/sync",
            .persona(
                "Draw many pictures and wait for them", .userWrite,
                description: "It is a job that goes on if the client leaves.", body: batch,
                answer: JSONSchema.output([
                    "success": JSONSchema.boolean, "avatar_id": JSONSchema.uuid, "total_pieces": JSONSchema.integer,
                    "content_pieces": JSONSchema.array(Self.piece), "statistics": JSONSchema.object, "config": JSONSchema.object,
                ]), failures: Self.drawing, execution: .longRunning), runBatch)
        let template = JSONSchema.reference("PersonaTemplate")
        let categories = ContentTemplate.Category.allCases.map(\.rawValue)
        try group.get(
            Self.root + "/templates",
            .persona(
                "List the scenes that there are", .userRead,
                description:
                    "One filter counts: `avatar_id`, which orders by the avatar's niche, before `category` before `tier`.",
                parameters: [
                    RouteDocumentation.Parameter("category", in: .query, schema: JSONSchema.oneOf(categories)),
                    .query("tier", Self.tier),
                    RouteDocumentation.Parameter("avatar_id", in: .query, schema: JSONSchema.uuid),
                ],
                answer: JSONSchema.output([
                    "templates": JSONSchema.array(template), "total": JSONSchema.integer,
                    "categories": JSONSchema.array(JSONSchema.string),
                ])), templates)
        try group.get(
            Self.root + "/templates/{template_id}", .persona("Read a scene", .userRead, answer: template)
        ) { request in
            _ = try context.member(request)
            guard let found = ContentTemplate.find(try request.parameters.require("template_id")) else {
                throw TwinError(.notFound, "there is no such template")
            }
            return .json(PersonaPresenter.json(found))
        }
        try group.post(
            Self.root + "/hooks",
            .persona(
                "Write hooks for an avatar's content", .userWrite,
                body: JSONSchema.input(
                    [
                        "avatar_id": JSONSchema.uuid, "content_type": FieldRule.line(1...200).schema,
                        "platform": Self.platform.schema, "num_variations": FieldRule.int(1...10).schema,
                    ], required: ["avatar_id", "content_type", "platform"]),
                answer: JSONSchema.output([
                    "hooks": JSONSchema.array(
                        JSONSchema.output([
                            "text": JSONSchema.string, "style": JSONSchema.oneOf(Hook.Style.allCases.map(\.rawValue)),
                            "length": JSONSchema.integer, "emoji_count": JSONSchema.integer,
                        ])), "platform": JSONSchema.string, "content_type": JSONSchema.string,
                ]), execution: .longRunning), hooks)
        try group.post(
            Self.root + "/safety-check",
            .persona(
                "Judge a picture by what it was asked to show", .userWrite,
                description:
                    "The words are judged, by rules and by the moderation service that is configured. What is sent must be a picture, "
                    + "and nobody looks at it. What cannot be judged is rejected.",
                body: JSONSchema.input(
                    ["image_url": Self.url.schema, "prompt": Self.judged.schema], required: ["image_url"]),
                answer: JSONSchema.output([
                    "rating": JSONSchema.oneOf(Decency.Rating.allCases.map(\.rawValue)),
                    "access_tier": JSONSchema.nullable(Self.tier.schema), "scores": JSONSchema.object,
                    "flagged_categories": JSONSchema.array(JSONSchema.string), "safe": JSONSchema.boolean,
                    "reason": JSONSchema.nullableString,
                ]), execution: .longRunning, bodyLimit: 40 << 20), safetyCheck)
        try group.post(
            Self.root + "/upload-batch",
            .persona(
                "Bring pieces of an avatar into the storage", .userWrite,
                parameters: [
                    RouteDocumentation.Parameter("avatar_id", in: .query, schema: JSONSchema.uuid, isRequired: true)
                ], body: Self.ids.schema,
                answer: JSONSchema.output([
                    "avatar_id": JSONSchema.uuid, "total_uploaded": JSONSchema.integer, "total_failed": JSONSchema.integer,
                    "results": JSONSchema.array(JSONSchema.object),
                ]), execution: .longRunning), upload)
        try group.get(
            Self.root + "/avatar/{avatar_id}/content",
            .persona(
                "List an avatar's content, newest first", .userRead,
                parameters: [
                    .query("tier", Self.tier), .query("limit", Self.limit, "50 without it"), .query("offset", Self.offset),
                ], answer: JSONSchema.array(Self.piece)), list)
        try group.get(
            Self.root + "/stats/{avatar_id}",
            .persona(
                "An avatar's content in numbers", .userRead,
                answer: JSONSchema.output([
                    "avatar_id": JSONSchema.uuid, "total_content": JSONSchema.integer, "tier_distribution": JSONSchema.object,
                    "safety_distribution": JSONSchema.object, "has_lora_weights": JSONSchema.boolean,
                ])), stats)
    }

    private static let ids = FieldRule<[String]>.list(of: .string(1...100), count: 0...200)

    private func generate(_ request: Request) throws -> Response {
        let caller = try context.member(request)
        var body = try request.bodyFields()
        let avatarID = body.required("avatar_id", .uuid)
        let templateID = body.optional("template_id", Self.templateID)
        let prompt = body.optional("custom_prompt", Self.words)
        let platform = body.optional("platform", Self.platform).flatMap(Hook.Platform.init) ?? .instagram
        let tier = body.optional("tier", Self.tier).flatMap(ContentPiece.Tier.init) ?? .open
        try body.validate()
        let avatar = try context.avatar(avatarID, .manage, as: caller)
        guard avatar.weights != nil else { throw TwinError(.invalid, "the avatar has no LoRA weights; train it first") }
        let scene: Personas.Scene
        if let templateID {
            guard let template = ContentTemplate.find(templateID) else {
                throw TwinError(.notFound, "there is no template '\(templateID)'")
            }
            scene = .template(template)
        } else if let prompt {
            scene = .words(prompt)
        } else {
            throw TwinError(.invalid, "send a template_id or a custom_prompt")
        }
        let personas = try context.workspace.personas()
        let piece = try personas.generate(
            scene, of: avatar, platform: platform, tier: tier, by: caller.actorID, isCancelled: { request.isCancelled })
        return .json(try PersonaPresenter(personas).json(piece))
    }

    private static let ratios = FieldRule<[ContentPiece.Tier: Double]>.fields(placeholder: [:]) { body in
        var ratios: [ContentPiece.Tier: Double] = [:]
        for tier in ContentPiece.Tier.allCases {
            ratios[tier] = body.optional("\(tier.rawValue)_ratio", ratio) ?? BatchRequest.usualRatios[tier] ?? 0
        }
        return ratios
    }

    /// The batch that a caller asks for, of an avatar that is theirs.
    private func batch(_ request: Request, _ caller: Principal) throws -> (BatchRequest, Avatar) {
        var body = try request.bodyFields()
        let avatarID = body.required("avatar_id", .uuid)
        var batch = BatchRequest()
        batch.count = body.optional("num_pieces", Self.count) ?? 50
        batch.platform = body.optional("platform", Self.platform).flatMap(Hook.Platform.init) ?? .instagram
        batch.ratios = body.optional("tier_distribution", Self.ratios) ?? BatchRequest.usualRatios
        batch.includesHooks = body.optional("include_hooks", .bool) ?? true
        batch.checksSafety = body.optional("safety_check", .bool) ?? true
        batch.keepsPictures = body.optional("upload_to_storage", .bool) ?? true
        batch.prompts = body.optional("custom_prompts", .list(of: Self.words, count: 0...100)) ?? []
        batch.tiers =
            (body.optional("custom_tiers", .list(of: Self.tier, count: 0...100)) ?? []).compactMap(ContentPiece.Tier.init)
        _ = body.optional("generation_config", .object)
        try body.validate()
        return (batch, try context.avatar(avatarID, .manage, as: caller))
    }

    private func queueBatch(_ request: Request) throws -> Response {
        let caller = try context.member(request)
        let (batch, avatar) = try batch(request, caller)
        let personas = try context.workspace.personas()
        let job = try personas.queue(batch, of: avatar, by: caller.actorID)
        // Eight seconds a picture, five at a time.
        let minutes = Double(batch.count) * 8 / 60 / 5
        return .json([
            "success": true, "message": .string("\(batch.count) pictures are queued"), "task_id": .string(job.id),
            "avatar_id": .string(avatar.id), "num_pieces": .number(batch.count), "estimated_time_minutes": .double(minutes),
            "estimated_cost_usd": .double((try personas.expectedPrice(withWeights: true) * batch.count).dollars),
        ])
    }

    private func runBatch(_ request: Request) throws -> Response {
        let caller = try context.member(request)
        let (batch, avatar) = try batch(request, caller)
        let personas = try context.workspace.personas()
        let start = Clock.monotonicNanoseconds
        let job = try context.workspace.run(
            personas.queue(batch, of: avatar, by: caller.actorID), isCancelled: { request.isCancelled })
        if job.status != .complete { throw TwinError(.upstream, job.errorMessage ?? "the batch is not done yet: job \(job.id)") }
        let pieces = try personas.content(ofBatch: batch.id)
        let seconds = Double(Clock.monotonicNanoseconds - start) / 1e9
        let presenter = PersonaPresenter(personas)
        return .json([
            "success": true, "avatar_id": .string(avatar.id), "total_pieces": .number(pieces.count),
            "content_pieces": .array(try pieces.map { try presenter.json($0) }),
            "statistics": Self.statistics(pieces, try personas.counts(ofBatch: batch.id), seconds: seconds),
            "config": [
                "num_pieces": .number(batch.count), "platform": .string(batch.platform.rawValue),
                "tier_distribution": .object(
                    JSONObject(
                        ContentPiece.Tier.allCases.map {
                            (key: "\($0.rawValue)_ratio", value: .double(batch.ratios[$0] ?? 0))
                        })),
            ],
        ])
    }

    private static func statistics(
        _ pieces: [ContentPiece], _ counts: Personas.BatchCounts, seconds: Double
    ) -> JSON {
        func tally(_ words: [String?]) -> JSON {
            var counts = JSONObject()
            for word in words.compactMap({ $0 }) { counts[word] = .number((counts[word]?.intValue ?? 0) + 1) }
            return .object(counts)
        }
        let stored = pieces.filter { if case .stored = $0.picture { true } else { false } }
        return [
            "total_pieces": .number(pieces.count), "tier_distribution": tally(pieces.map(\.tier)),
            "safety_distribution": tally(pieces.map(\.rating)), "total_cost_usd": .double(counts.cost.dollars),
            "total_generation_time_seconds": .double(seconds),
            "average_generation_time_seconds": .double(pieces.isEmpty ? 0 : seconds / Double(pieces.count)),
            "with_hooks": .number(pieces.filter { $0.hook != nil }.count), "uploaded_to_storage": .number(stored.count),
            "failed": .number(counts.failed), "rejected": .number(counts.rejected),
        ]
    }

    private func templates(_ request: Request) throws -> Response {
        let caller = try context.member(request)
        let query = request.query
        var found = ContentTemplate.all
        if let text = query["avatar_id"] {
            guard Identifier.isValid(text) else { throw Self.unknown("avatar_id", "a UUID") }
            found = ContentTemplate.ordered(for: try context.avatar(text.lowercased(), .read, as: caller).niche)
        } else if let text = query["category"] {
            guard let category = ContentTemplate.Category(rawValue: text) else {
                throw Self.unknown("category", "one that exists")
            }
            found = found.filter { $0.category == category }
        } else if let text = query["tier"] {
            guard let tier = ContentPiece.Tier(rawValue: text) else { throw Self.unknown("tier", "capa1, capa2 or capa3") }
            found = found.filter { $0.tier == tier }
        }
        return .json([
            "templates": .array(found.map(PersonaPresenter.json)), "total": .number(found.count),
            "categories": .strings(ContentTemplate.Category.allCases.map(\.rawValue)),
        ])
    }

    private static func unknown(_ name: String, _ what: String) -> TwinError {
        TwinError(.invalid, "\(name) has to be \(what)")
    }

    private func hooks(_ request: Request) throws -> Response {
        let caller = try context.member(request)
        var body = try request.bodyFields()
        let avatarID = body.required("avatar_id", .uuid)
        let contentType = body.required("content_type", .line(1...200))
        let word = body.required("platform", .line(1...50))
        let count = body.optional("num_variations", .int(1...10)) ?? 5
        try body.validate()
        let avatar = try context.avatar(avatarID, .manage, as: caller)
        guard let platform = Hook.Platform(rawValue: word) else {
            throw Self.unknown("platform", Hook.Platform.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let hooks = try context.workspace.personas().hooks(
            for: avatar, contentType: contentType, platform: platform, count: count, by: caller.actorID,
            isCancelled: { request.isCancelled })
        return .json([
            "hooks": .array(
                hooks.map {
                    [
                        "text": .string($0.text), "style": .string($0.style.rawValue), "length": .number($0.text.count),
                        "emoji_count": .number($0.emojiCount),
                    ]
                }), "platform": .string(platform.rawValue), "content_type": .string(contentType),
        ])
    }

    private func safetyCheck(_ request: Request) throws -> Response {
        let caller = try context.member(request)
        var body = try request.bodyFields()
        let url = body.required("image_url", Self.url)
        let prompt = body.optional("prompt", Self.judged)
        try body.validate()
        let person = try context.authorizer.person(.manage, as: caller)
        let judgement = try context.workspace.personas().check(
            image: url, prompt: prompt, of: person, by: caller.actorID, isCancelled: { request.isCancelled })
        return .json([
            "rating": .string(judgement.rating.rawValue), "access_tier": .optional(judgement.tier?.rawValue),
            "scores": .object(
                JSONObject(judgement.scores.sorted { $0.key < $1.key }.map { (key: $0.key, value: .double($0.value)) })),
            "flagged_categories": .strings(judgement.flagged), "safe": .bool(judgement.isSafe),
            "reason": .optional(judgement.reason),
        ])
    }

    private func upload(_ request: Request) throws -> Response {
        let caller = try context.member(request)
        var query = request.queryFields()
        let avatarID = query.required("avatar_id", .uuid)
        let ids = try request.bodyValue(Self.ids)
        try query.validate()
        let avatar = try context.avatar(avatarID, .manage, as: caller)
        let personas = try context.workspace.personas()
        let results = try personas.upload(ids, of: avatar, isCancelled: { request.isCancelled })
        return .json([
            "avatar_id": .string(avatar.id), "total_uploaded": .number(results.filter { $0.error == nil }.count),
            "total_failed": .number(results.filter { $0.error != nil }.count),
            "results": .array(
                try results.map { result -> JSON in
                    guard let picture = result.picture else {
                        return [
                            "content_id": .string(result.pieceID), "error": .optional(result.error), "success": false,
                        ]
                    }
                    return [
                        "content_id": .string(result.pieceID), "url": .string(try personas.links.address(of: picture)),
                        "success": true,
                    ]
                }),
        ])
    }

    private func list(_ request: Request) throws -> Response {
        let caller = try context.member(request)
        let id = try PersonaAvatars.id(request)
        var query = request.queryFields()
        let tier = query.optional("tier", Self.tier)
        let limit = query.optional("limit", Self.limit) ?? 50
        let offset = query.optional("offset", Self.offset) ?? 0
        try query.validate()
        let personas = try context.workspace.personas()
        let presenter = PersonaPresenter(personas)
        do {
            let avatar = try context.avatar(id, .read, as: caller)
            return .json(
                .array(
                    try personas.content(of: avatar, tier: tier, limit: limit, offset: offset).map { try presenter.json($0) }))
        } catch let error as TwinError where error.kind == .notFound {
            // The contract has an empty list for an avatar that is not there, and so for one that is somebody else's.
            return .json([])
        }
    }

    private func stats(_ request: Request) throws -> Response {
        let caller = try context.member(request)
        let avatar = try context.avatar(PersonaAvatars.id(request), .read, as: caller)
        let counts = try context.workspace.personas().counts(of: avatar)
        func distribution(_ words: [String], _ counts: [String: Int]) -> JSON {
            .object(JSONObject(words.map { (key: $0, value: .number(counts[$0] ?? 0)) }))
        }
        return .json([
            "avatar_id": .string(avatar.id), "total_content": .number(counts.total),
            "tier_distribution": distribution(ContentPiece.Tier.allCases.map(\.rawValue), counts.tiers),
            "safety_distribution": distribution(["safe", "suggestive", "borderline"], counts.ratings),
            "has_lora_weights": .bool(avatar.weights != nil),
        ])
    }
}
