import TwinDatabase
import TwinHTTP
import TwinSupport

/// What a batch of pictures is to be. The plan follows from this alone, so that a batch that is begun again goes on where it was.
package struct BatchRequest: Sendable, Equatable {
    /// Names the batch and its costs.
    package var id: String
    /// 1 to 100.
    package var count: Int
    package var platform: Hook.Platform
    /// How much of it is for whom; 0 to 1 each.
    package var ratios: [ContentPiece.Tier: Double]
    package var includesHooks: Bool
    /// Whether the moderation service is asked; the rules look in any case.
    package var checksSafety: Bool
    package var keepsPictures: Bool
    /// Words of the caller's own, for the first pieces.
    package var prompts: [String]
    package var tiers: [ContentPiece.Tier]

    package static let usualRatios: [ContentPiece.Tier: Double] = [.open: 0.6, .members: 0.3, .patrons: 0.1]

    package init(
        id: String = Identifier.make(), count: Int = 50, platform: Hook.Platform = .instagram,
        ratios: [ContentPiece.Tier: Double] = usualRatios, includesHooks: Bool = true, checksSafety: Bool = true,
        keepsPictures: Bool = true, prompts: [String] = [], tiers: [ContentPiece.Tier] = []
    ) {
        self.id = id
        self.count = count
        self.platform = platform
        self.ratios = ratios
        self.includesHooks = includesHooks
        self.checksSafety = checksSafety
        self.keepsPictures = keepsPictures
        self.prompts = prompts
        self.tiers = tiers
    }

    /// As a job keeps it.
    init?(_ json: JSONObject) {
        guard let id = json["batch_id"]?.stringValue, let count = json["count"]?.intValue, (1...100).contains(count),
            let platform = json["platform"]?.stringValue.flatMap(Hook.Platform.init)
        else { return nil }
        self.init(
            id: id, count: count, platform: platform,
            ratios: Dictionary(
                uniqueKeysWithValues: ContentPiece.Tier.allCases.map { ($0, json["ratios"]?[$0.rawValue]?.doubleValue ?? 0) }),
            includesHooks: json["hooks"] == true, checksSafety: json["safety"] == true, keepsPictures: json["keeps"] == true,
            prompts: json["prompts"]?.arrayValue?.compactMap(\.stringValue) ?? [],
            tiers: json["tiers"]?.arrayValue?.compactMap { $0.stringValue.flatMap(ContentPiece.Tier.init) } ?? [])
    }

    var json: JSONObject {
        [
            "batch_id": .string(id), "count": .number(count), "platform": .string(platform.rawValue),
            "ratios": .object(
                JSONObject(ContentPiece.Tier.allCases.map { (key: $0.rawValue, value: .double(ratios[$0] ?? 0)) })),
            "hooks": .bool(includesHooks), "safety": .bool(checksSafety), "keeps": .bool(keepsPictures),
            "prompts": .strings(prompts), "tiers": .strings(tiers.map(\.rawValue)),
        ]
    }

    struct Planned: Sendable, Equatable {
        var scene: Personas.Scene
        var tier: ContentPiece.Tier
    }

    /// The pieces in order: the caller's own words first, then scenes of the tiers in their shares, those of the persona's niche
    /// before others. Where a tier has no more scenes its share is filled with open ones, and scenes come again.
    func plan(niche: String?) -> [Planned] {
        var planned: [Planned] = []
        for (index, prompt) in prompts.prefix(count).enumerated() {
            planned.append(Planned(scene: .words(prompt), tier: tiers.indices.contains(index) ? tiers[index] : .open))
        }
        let ordered = ContentTemplate.ordered(for: niche)
        let total = ContentPiece.Tier.allCases.reduce(0.0) { $0 + max(0, ratios[$1] ?? 0) }
        let left = count - planned.count
        for tier in [ContentPiece.Tier.members, .patrons] {
            let share = total > 0 ? max(0, ratios[tier] ?? 0) / total : 0
            let wanted = min(Int((Double(left) * share).rounded()), count - planned.count)
            planned += ordered.filter { $0.tier == tier }.prefix(max(0, wanted)).map { Planned(scene: .template($0), tier: tier) }
        }
        let open = ordered.filter { $0.tier == .open }
        var next = 0
        while planned.count < count, !open.isEmpty {
            planned.append(Planned(scene: .template(open[next % open.count]), tier: .open))
            next += 1
        }
        return planned
    }
}

extension Personas {
    /// Queues a batch. Throws `TwinError` as `generate` does, before anything is queued.
    package func queue(_ request: BatchRequest, of avatar: Avatar, by actor: String?) throws -> Job {
        _ = try weights(of: avatar)
        _ = try usable(nil, withWeights: true)
        for prompt in request.prompts { try requireDecent(prompt, what: "content", of: avatar.person, by: actor) }
        return try database.write { connection in
            try JobQueue.enqueue(
                .persona(.batch, avatarID: avatar.id, request.json), tenantID: avatar.person.tenantID, createdBy: actor,
                on: connection)
        }
    }

    /// How a batch stands.
    package struct BatchCounts: Sendable, Equatable {
        package var made = 0
        package var failed = 0
        package var rejected = 0
        package var cost = Money.zero

        package var json: JSONObject {
            [
                "made": .number(made), "failed": .number(failed), "rejected": .number(rejected),
                "cost_usd": .double(cost.dollars),
            ]
        }
    }

    /// How far a batch of pictures or a dataset is, all of one moment; zeros for one that is unknown.
    package func counts(ofBatch id: String) throws -> BatchCounts {
        try database.read { connection in
            var counts = BatchCounts()
            for table in ["content_pieces", "dataset_images"] {
                counts.made += try connection.first("SELECT count(*) FROM \(table) WHERE batch_id = ?", id) { $0.int(0) } ?? 0
            }
            try connection.forEach(
                "SELECT outcome, count(*) FROM failed_pieces WHERE batch_id = ? GROUP BY outcome", [id]
            ) { row in
                if row.text(0) == "rejected" { counts.rejected += row.int(1) } else { counts.failed += row.int(1) }
            }
            counts.cost = Money(
                micros: try connection.first("SELECT coalesce(sum(amount), 0) FROM cost_entries WHERE batch_id = ?", id) {
                    $0.int64(0)
                } ?? 0)
            return counts
        }
    }

    /// Makes the pieces of a batch that are not made yet.
    func performBatch(_ request: BatchRequest, of avatar: Avatar, _ job: Job, _ context: JobContext) throws -> JSONObject {
        let plan = request.plan(niche: avatar.niche)
        let hook =
            request.includesHooks
            ? try hooks(
                for: avatar, contentType: "image", platform: request.platform, count: 5, by: job.createdBy,
                isCancelled: { context.isCancelled })
            : []
        return try perform(batch: request.id, table: "content_pieces", count: plan.count, avatar, job, context) { position in
            let planned = plan[position]
            let judgement =
                request.checksSafety
                ? decency.judge(planned.scene.prompt, isCancelled: { context.isCancelled })
                : Decency(moderation: nil).judge(planned.scene.prompt)
            guard judgement.isSafe else {
                return try note(judgement, at: position, batch: request.id, avatar, by: job.createdBy)
            }
            var order = ImageOrder(
                id: "\(request.id)-\(position)", prompt: Self.prompt(avatar, planned.scene.prompt), negativePrompt: Self.never,
                seed: 42 + position)
            order.weights = try weights(of: avatar)
            let drawing = try draw(
                order, by: nil, keeps: true, keepsAddress: !request.keepsPictures, { context.isCancelled })
            try database.write { connection in
                let piece = try Self.insert(
                    id: Identifier.make(), avatar, drawing, tier: planned.tier,
                    hook: hook.isEmpty ? nil : hook[position % hook.count].text, rating: judgement.rating,
                    batch: (request.id, position),
                    metadata: planned.scene.json.merging(["platform": .string(request.platform.rawValue)]), on: connection)
                // Somebody who took the batch over may have been quicker; then it is booked already.
                guard piece != nil else { return }
                try Costs.book(
                    drawing.cost, for: .content, by: drawing.model, of: avatar.person, avatar: avatar.key, batch: request.id,
                    subject: "batch:\(request.id):\(position)", on: connection)
            }
        }
    }

    /// Makes the pictures of a batch or a dataset that are neither made nor given up yet. A retry by hand tries again what had
    /// failed. Answers the counts; throws where nothing came of it.
    func perform(
        batch id: String, table: String, count: Int, _ avatar: Avatar, _ job: Job, _ context: JobContext,
        make: @escaping @Sendable (Int) throws -> Void
    ) throws -> JSONObject {
        let concluded = try database.write { connection -> Set<Int> in
            if job.attempts == 1 {
                try connection.run("DELETE FROM failed_pieces WHERE batch_id = ? AND outcome = 'failed'", id)
            }
            return Set(
                try connection.rows(
                    "SELECT position FROM \(table) WHERE batch_id = ?1 UNION SELECT position FROM failed_pieces WHERE batch_id = ?1",
                    id
                ) { $0.int(0) })
        }
        let tally = Monitor((done: concluded.count, error: TwinError?.none))
        context.report(progress: Double(concluded.count) / Double(max(1, count)))
        let run = PictureRun(
            positions: extent(0, count).filter { !concluded.contains($0) }, parallel: parallel,
            isCancelled: { context.isCancelled })
        do {
            try run.run { position in
                do {
                    try make(position)
                } catch let error as TwinError where !error.endsRun && !context.isCancelled {
                    tally.withLock { $0.error = error }
                    try noteFailure(error.message, outcome: "failed", at: position, batch: id, avatar)
                }
                let made = tally.withLock { tally in
                    tally.done += 1
                    return tally.done
                }
                context.report(progress: Double(made) / Double(max(1, count)))
            }
        } catch {
            let counts = try counts(ofBatch: id)
            try context.log(.info, "\(counts.made) of \(count) made, \(counts.failed) failed, \(counts.rejected) refused")
            throw error
        }
        let counts = try counts(ofBatch: id)
        if counts.made == 0, let error = tally.withLock({ $0.error }) { throw error }
        return counts.json.merging(["batch_id": .string(id)])
    }

    func note(
        _ judgement: Decency.Judgement, at position: Int, batch id: String, _ avatar: Avatar, by actor: String?
    ) throws {
        try database.write { connection in
            try Self.noteFailure(
                judgement.reason ?? "refused", outcome: "rejected", at: position, batch: id, avatar, on: connection)
            try Decency.audit(judgement, what: "content", of: avatar.person, by: actor, on: connection)
        }
    }

    private func noteFailure(_ reason: String, outcome: String, at position: Int, batch: String, _ avatar: Avatar) throws {
        try database.write {
            try Self.noteFailure(reason, outcome: outcome, at: position, batch: batch, avatar, on: $0)
        }
    }

    private static func noteFailure(
        _ reason: String, outcome: String, at position: Int, batch: String, _ avatar: Avatar, on connection: Connection
    ) throws {
        try connection.run(
            """
            INSERT OR REPLACE INTO failed_pieces (batch_id, position, avatar_key, outcome, reason, created_at)
            VALUES (?, ?, ?, ?, ?, ?)
            """, [batch, position, avatar.key, outcome, reason, Clock.now] as [any DatabaseConvertible])
    }
}
