import TwinDatabase
import TwinHTTP
import TwinSupport

/// Pictures of a persona, one at a time.
extension Personas {
    /// What a picture is to show: a scene of ours, or a caller's own words.
    package enum Scene: Sendable, Equatable {
        case template(ContentTemplate)
        case words(String)

        var prompt: String {
            switch self {
            case .template(let template): template.prompt
            case .words(let words): words
            }
        }

        var json: JSONObject {
            switch self {
            case .template(let template): ["template_id": .string(template.id)]
            case .words(let words): ["custom_prompt": .string(words)]
            }
        }
    }

    static func prompt(_ avatar: Avatar, _ scene: String) -> String {
        let style = avatar.aestheticStyle.map { ", \($0) style" } ?? ""
        return "Photograph of an adult person, fully dressed, \(scene)\(style)"
    }

    /// The weights that a persona's pictures are made with. Throws `TwinError` (`invalid`) where it has none.
    func weights(of avatar: Avatar) throws -> (address: String, name: String) {
        guard let weights = avatar.weights, let address = try address(of: weights) else {
            throw TwinError(
                .invalid,
                "the avatar has no LoRA weights, without which a picture would show somebody else; train it, or make it "
                    + "with a LoRA model")
        }
        return (address, avatar.name)
    }

    /// Draws one picture and keeps it, with what it cost. Throws `TwinError`: `invalid` without weights and for what no picture
    /// shows, `notConfigured`, `upstream`.
    package func generate(
        _ scene: Scene, of avatar: Avatar, platform: Hook.Platform, tier: ContentPiece.Tier = .open, by actor: String?,
        isCancelled: @escaping () -> Bool
    ) throws -> ContentPiece {
        let weights = try weights(of: avatar)
        try requireDecent(scene.prompt, what: "content", of: avatar.person, by: actor)
        let id = Identifier.make()
        var order = ImageOrder(id: id, prompt: Self.prompt(avatar, scene.prompt), negativePrompt: Self.never, seed: 42)
        order.weights = weights
        let drawing = try draw(order, by: nil, keeps: true, isCancelled)
        return try database.write { connection in
            let piece = try Self.insert(
                id: id, avatar, drawing, tier: tier, hook: nil, rating: .safe, batch: nil,
                metadata: scene.json.merging(["platform": .string(platform.rawValue)]), on: connection)
            guard let piece else { throw TwinError(.failed, "the picture was not stored") }
            try Costs.book(
                drawing.cost, for: .content, by: drawing.model, of: avatar.person, avatar: avatar.key, subject: "content:\(id)",
                on: connection)
            return piece
        }
    }

    /// Stores a piece; none where its place in the batch is taken.
    static func insert(
        id: String, _ avatar: Avatar, _ drawing: Drawing, tier: ContentPiece.Tier, hook: String?, rating: Decency.Rating?,
        batch: (id: String, position: Int)?, metadata: JSONObject, on connection: Connection
    ) throws -> ContentPiece? {
        let facts: JSONObject = [
            "provider": .string(drawing.model), "generation_time_seconds": .double((drawing.seconds * 1000).rounded() / 1000),
            "cost_usd": .double(drawing.cost.dollars), "width": .number(drawing.width), "height": .number(drawing.height),
        ]
        return try connection.first(
            """
            INSERT INTO content_pieces (id, tenant_id, user_id, avatar_key, content_type, tier, picture, picture_url, hook,
                rating, batch_id, position, metadata, created_at)
            VALUES (?, ?, ?, ?, 'image', ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (batch_id, position) DO NOTHING RETURNING \(ContentPiece.columns)
            """,
            [
                id, avatar.person.tenantID, avatar.person.userID, avatar.key, tier.rawValue, drawing.located?.columns.name,
                drawing.located?.columns.address, hook, rating?.rawValue, batch?.id, batch?.position,
                JSON.object(metadata.merging(facts)), Clock.now,
            ] as [any DatabaseConvertible], map: ContentPiece.init)
    }

    // MARK: Looking

    /// A persona's pieces, newest first. `limit` is brought into 1 to 200.
    package func content(of avatar: Avatar, tier: String? = nil, limit: Int = 50, offset: Int = 0) throws -> [ContentPiece] {
        try database.read { connection in
            try connection.rows(
                """
                SELECT \(ContentPiece.columns) FROM content_pieces
                WHERE avatar_key = ?1 AND (?2 IS NULL OR tier = ?2) ORDER BY key DESC LIMIT ?3 OFFSET ?4
                """, avatar.key, tier, min(max(limit, 1), 200), max(offset, 0), map: ContentPiece.init)
        }
    }

    /// The pieces of a batch, in the order of its plan.
    package func content(ofBatch id: String) throws -> [ContentPiece] {
        try database.read { connection in
            try connection.rows(
                "SELECT \(ContentPiece.columns) FROM content_pieces WHERE batch_id = ? ORDER BY position", id,
                map: ContentPiece.init)
        }
    }

    /// How many pieces a persona has, by tier and by rating. Pieces without a rating count in `total` alone.
    package struct ContentCounts: Sendable, Equatable {
        package var total = 0
        package var tiers: [String: Int] = [:]
        package var ratings: [String: Int] = [:]
    }

    /// Counts a persona's pieces. Opens a read.
    package func counts(of avatar: Avatar) throws -> ContentCounts {
        try database.read { connection in
            var counts = ContentCounts()
            try connection.forEach(
                "SELECT tier, rating, count(*) FROM content_pieces WHERE avatar_key = ? GROUP BY tier, rating", [avatar.key]
            ) { row in
                let count = row.int(2)
                counts.total += count
                counts.tiers[row.text(0), default: 0] += count
                if let rating = row.optionalText(1) { counts.ratings[rating, default: 0] += count }
            }
            return counts
        }
    }

    // MARK: Bringing in

    /// What became of one piece: the stored picture, or why there is none.
    package struct Upload: Sendable {
        package var pieceID: String
        package var picture: StoredName?
        package var error: String?
    }

    /// Sees to it that pieces of a persona lie in the storage: those that are somewhere else are fetched through ingestion's
    /// guard, looked at and kept. Pieces of others are not there. Throws `TwinError` (`notFound`) where none is found.
    package func upload(_ ids: [String], of avatar: Avatar, isCancelled: @escaping () -> Bool) throws -> [Upload] {
        let pieces = try database.read { connection in
            try connection.rows(
                "SELECT \(ContentPiece.columns) FROM content_pieces WHERE avatar_key = ? AND id IN (SELECT value FROM json_each(?))",
                avatar.key, JSON.strings(ids), map: ContentPiece.init)
        }
        guard !pieces.isEmpty else { throw OwnedTable<OwnedByPerson>.contentPieces.notFound }
        return try pieces.map { piece in
            switch piece.picture {
            case .stored(let name): return Upload(pieceID: piece.id, picture: name)
            case .address(let address):
                do {
                    let name = try objects.storePicture(
                        fetchPicture(
                            address, trusting: models.first { $0.name == piece.metadata["provider"]?.stringValue }?.origin,
                            isCancelled))
                    try database.write {
                        try $0.run(
                            "UPDATE content_pieces SET picture = ?2, picture_url = NULL WHERE key = ?1", piece.key,
                            name.description)
                    }
                    return Upload(pieceID: piece.id, picture: name)
                } catch let error as TwinError where error.kind != .storageFull {
                    return Upload(pieceID: piece.id, error: error.message)
                }
            case nil: return Upload(pieceID: piece.id, error: "the piece has no picture")
            }
        }
    }

    // MARK: Safety

    /// Judges a picture by what it was asked to show. The picture itself has to be one, and nobody looks at it; without words
    /// nothing can be said for it. Never throws for what it refuses.
    package func check(
        image address: String, prompt: String?, of person: Person, by actor: String?, isCancelled: @escaping () -> Bool
    ) throws -> Decency.Judgement {
        var judgement: Decency.Judgement
        if let prompt, !prompt.trimmed.isEmpty {
            judgement = decency.judge(prompt, isCancelled: isCancelled)
        } else {
            judgement = .init(
                rating: .rejected, flagged: ["unjudged"],
                reason: "without the prompt nothing can be said for a picture, and what is not judged is refused")
        }
        if judgement.isSafe, let reason = notAPicture(address, isCancelled) {
            judgement = .init(rating: .rejected, scores: judgement.scores, flagged: ["unjudged"], reason: reason)
        }
        if !judgement.isSafe {
            try database.write { try Decency.audit(judgement, what: "safety_check", of: person, by: actor, on: $0) }
        }
        return judgement
    }

    /// Why there is no picture at an address; none where there is one.
    private func notAPicture(_ address: String, _ isCancelled: @escaping () -> Bool) -> String? {
        do {
            let bytes: [UInt8]
            if address.hasPrefix("data:") {
                guard case .bytes(let held) = try DrawnImage.decoded(address) else { return "there is no picture" }
                bytes = held
            } else {
                bytes = try fetchPicture(address, isCancelled)
            }
            return Picture(bytes) == nil ? "the address does not lead to a picture in PNG, JPEG or WebP" : nil
        } catch let error as TwinError {
            return "the picture cannot be fetched: \(error.message)"
        } catch {
            return "the picture cannot be fetched"
        }
    }
}
