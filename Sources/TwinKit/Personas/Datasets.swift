import TwinDatabase
import TwinHTTP
import TwinSupport

/// Pictures of one face in many ways, from which a model learns it.
package struct DatasetRequest: Sendable, Equatable {
    /// In what the pictures of a dataset differ.
    package enum Variation: String, Sendable, CaseIterable {
        case angles, lighting, expressions, poses

        /// Ways of this kind, in words.
        var words: [String] {
            switch self {
            case .angles:
                ["from the front", "from the left", "from the right", "in profile", "from slightly above", "from slightly below"]
            case .lighting: ["in soft daylight", "in warm evening light", "in studio light", "in the shade", "in winter light"]
            case .expressions: ["smiling", "with a calm look", "laughing", "thoughtful", "surprised", "looking away"]
            case .poses: ["standing", "seated", "walking", "leaning on a wall", "with crossed arms", "holding a cup"]
            }
        }
    }

    /// `dataset_` and 12 hexadecimal digits.
    package var id: String
    /// Pictures wanted: 10 to 200.
    package var count: Int
    package var variations: [Variation]

    package init(count: Int, variations: [Variation] = Variation.allCases) {
        id = "dataset_" + Hex.encode(Crypto.random(count: 6))
        self.count = count
        self.variations = variations
    }

    init?(_ json: JSONObject) {
        guard let id = json["batch_id"]?.stringValue, let count = json["count"]?.intValue, (1...200).contains(count),
            let variations = json["variations"]?.arrayValue?.compactMap({ $0.stringValue.flatMap(Variation.init) }),
            !variations.isEmpty
        else { return nil }
        self.id = id
        self.count = count
        self.variations = variations
    }

    var json: JSONObject {
        ["batch_id": .string(id), "count": .number(count), "variations": .strings(variations.map(\.rawValue))]
    }

    /// The pictures in order: as many of each kind, and none of what does not go round.
    var plan: [(variation: Variation, words: String)] {
        let each = count / max(1, variations.count)
        return variations.flatMap { variation in
            extent(0, each).map { (variation: variation, words: variation.words[$0 % variation.words.count]) }
        }
    }
}

extension Personas {
    /// One picture of a dataset that was made.
    package struct DatasetImage: Sendable {
        package let variation: String
        package let prompt: String
        package let picture: StoredName
    }

    /// Queues a dataset. Throws `TwinError` (`notConfigured`) where nobody draws.
    package func queue(_ request: DatasetRequest, of avatar: Avatar, by actor: String?) throws -> Job {
        _ = try usable(nil, withWeights: avatar.weights != nil)
        return try database.write { connection in
            try JobQueue.enqueue(
                .persona(.dataset, avatarID: avatar.id, request.json), tenantID: avatar.person.tenantID, createdBy: actor,
                on: connection)
        }
    }

    /// The pictures of a dataset that have been made, in their order; empty for one that is unknown.
    package func images(ofDataset id: String) throws -> [DatasetImage] {
        try database.read { connection in
            try connection.rows(
                "SELECT variation, prompt, picture FROM dataset_images WHERE batch_id = ? ORDER BY position", id
            ) { row -> DatasetImage? in
                StoredName(row.text(2)).map { DatasetImage(variation: row.text(0), prompt: row.text(1), picture: $0) }
            }.compactMap { $0 }
        }
    }

    /// The seed of a persona's dataset: the same face as far as a model can keep one.
    private static let seed = 42

    func performDataset(_ request: DatasetRequest, of avatar: Avatar, _ job: Job, _ context: JobContext) throws -> JSONObject {
        let plan = request.plan
        let look = avatar.metadata["generation"]?["prompt"]?.stringValue
        let person = look ?? Self.prompt(avatar, "portrait")
        var result = try perform(batch: request.id, table: "dataset_images", count: plan.count, avatar, job, context) {
            position in
            let planned = plan[position]
            let prompt = "\(person), \(planned.words)"
            var order = ImageOrder(
                id: "\(request.id.replacing("_", with: "-"))-\(position)", prompt: prompt, negativePrompt: Self.never,
                seed: Self.seed)
            if avatar.weights != nil { order.weights = try weights(of: avatar) }
            let drawing = try draw(order, by: nil, keeps: true, { context.isCancelled })
            guard case .stored(let name) = drawing.located else { throw TwinError(.upstream, "the picture was not kept") }
            try database.write { connection in
                try connection.run(
                    """
                    INSERT INTO dataset_images (batch_id, position, avatar_key, variation, prompt, picture, created_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (batch_id, position) DO NOTHING
                    """,
                    [
                        request.id, position, avatar.key, planned.variation.rawValue, prompt, name.description, Clock.now,
                    ] as [any DatabaseConvertible])
                guard connection.changes > 0 else { return }
                try Costs.book(
                    drawing.cost, for: .dataset, by: drawing.model, of: avatar.person, avatar: avatar.key, batch: request.id,
                    subject: "dataset:\(request.id):\(position)", on: connection)
            }
        }
        result["zip"] = .string(try archive(request.id).description)
        return result
    }

    /// The pictures of a dataset with what each shows, as an archive for a trainer.
    private func archive(_ id: String) throws -> StoredName {
        let images = try images(ofDataset: id)
        let file = try StagedFile.write(in: objects.staging, maximumBytes: 4_000 << 20) { append in
            var writer = ZipWriter()
            for (index, image) in images.enumerated() {
                let digits = String(index + 1)
                let name = String(repeating: "0", count: 4 - min(4, digits.count)) + digits
                let bytes = try objects.open(image.picture).bytes(maximumBytes: ObjectStores.maximumPictureBytes)
                try writer.add("\(name).\(image.picture.kind.rawValue)", bytes, append)
                try writer.add("\(name).txt", Array(image.prompt.utf8), append)
            }
            try writer.finish(append)
        }
        return try objects.store(file, kind: .zip)
    }

    /// The archive of a finished dataset of a persona. Throws `TwinError` (`invalid`) where there is none.
    func dataset(_ id: String, of avatar: Avatar) throws -> StoredName {
        let names = try database.read { connection in
            try connection.rows(
                """
                SELECT json_extract(metadata, '$.zip') FROM jobs
                WHERE tenant_id = ? AND status = 'complete' AND json_extract(payload, '$.request.batch_id') = ?
                    AND json_extract(payload, '$.avatar_id') = ? ORDER BY key DESC LIMIT 1
                """, avatar.person.tenantID, id, avatar.id
            ) { $0.optionalText(0) }
        }
        guard let name = names.first.flatMap({ $0 }).flatMap({ StoredName($0) }) else {
            throw TwinError(.invalid, "the avatar has no finished dataset of that id; make one first")
        }
        return name
    }
}
